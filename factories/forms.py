"""The shape of input on the administrator's pages."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, Person
from factories import countries, people
from factories.models import (
    CountryPack,
    Factory,
    FactoryDay,
    FactoryRole,
    Organisation,
    OutsideRole,
    RosterSlot,
)
from factories.roles import OUTSIDE_HANDLERS

DAY = {"type": "date"}
# A slip of a finger in the year: no calendar reaches there, and nothing of ours lies there.
IN_REACH = (
    MinValueValidator(date(1990, 1, 1), _("This day lies too far back. Look at the year.")),
    MaxValueValidator(date(2099, 12, 31), _("This day lies too far ahead. Look at the year.")),
)


class DayField(forms.DateField):
    """A day as people pick it, within the years in which there is anything to record."""

    default_validators = [*IN_REACH]
    widget = forms.DateInput(attrs=DAY)


class LaidOut:
    """A form that crispy lays out, with its own button."""

    send_label: Any = _("Save")
    helper: FormHelper

    def lay_out(self, label: Any = None, method: str = "post") -> None:
        self.helper = FormHelper()
        self.helper.form_method = method
        self.helper.add_input(Submit("", label or self.send_label))


class RoleFields(forms.Form):
    """A role and its place: a factory by its short code, or an organisation, with or without a country."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            ("", _("Choose a role")),
            (_("At a factory"), FactoryRole.choices),
            (_("Outside the factories"), OutsideRole.choices),
        ],
    )
    factory_code = forms.CharField(
        label=_("Short code of the factory"),
        required=False,
        max_length=12,
        help_text=_("For a role at a factory. It stands on the factory's page and poster."),
    )
    unit = forms.CharField(label=_("Unit or line"), required=False, max_length=60)
    is_stand_in = forms.BooleanField(label=_("As a stand-in"), required=False)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.all(),
        required=False,
        help_text=_("For a role outside the factories."),
    )
    country = forms.ModelChoiceField(
        label=_("Country"),
        queryset=CountryPack.objects.all(),
        required=False,
        empty_label=_("Every country"),
        help_text=_("For a role outside the factories."),
    )
    is_lead = forms.BooleanField(
        label=_("Leads the experts of this country"), required=False, help_text=_("One person per country.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        role, code = data.get("role"), data.get("factory_code", "")
        if role in FactoryRole.values:
            data["factory"] = Factory.objects.filter(short_code=code.strip().upper()).first()
            if data["factory"] is None:
                self.add_error("factory_code", _("No factory has this short code."))
            data["organisation"], data["country"], data["is_lead"] = None, None, False
        elif role:
            data["factory"], data["unit"], data["is_stand_in"] = None, "", False
            if data.get("organisation") is None:
                self.add_error("organisation", _("Choose the organisation this person works for."))
            if data.get("is_lead") and role not in OUTSIDE_HANDLERS:
                self.add_error("is_lead", _("Only experts and safeguarding leads have a lead."))
        return data

    def place(self) -> dict[str, Any]:
        """Return the role's place as the services take it."""
        if self.cleaned_data["factory"]:
            return {name: self.cleaned_data[name] for name in ("factory", "unit", "is_stand_in")}
        return {name: self.cleaned_data[name] for name in ("organisation", "country", "is_lead")}


class InviteForm(LaidOut, RoleFields):
    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    send_label = _("Send the invitation")
    field_order = ("email", "name", "language", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out()


class GiveRoleForm(LaidOut, RoleFields):
    send_label = _("Give this role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out()


class AcceptForm(LaidOut, forms.Form):
    """Somebody invited opens their account."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 letters. It guards the key to what you may read, so keep it for yourself."),
    )
    password2 = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    send_label = _("Open the account")

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.lay_out()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ."))
        elif first:
            try:
                validate_password(first, Person(email=self.email, name=data.get("name", "")))
            except ValidationError as error:
                self.add_error("password1", error)
        return data


class FactoryForm(LaidOut, forms.ModelForm):
    class Meta:
        model = Factory
        fields = ("name", "country", "address", "time_zone", "headcount", "advisor")
        labels = {
            "name": _("Name"),
            "country": _("Country"),
            "address": _("Address"),
            "time_zone": _("Time zone, where it differs from the country's"),
            "headcount": _("Workers"),
            "advisor": _("Advisor"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self, "advisor", people.with_outside_role(OutsideRole.ADVISOR))
        self.fields["advisor"].required = False
        if self.instance.is_live:  # A live factory does not move to another country.
            self.fields["country"].disabled = True
        self.lay_out()

    def clean_time_zone(self) -> str:
        return _known_zone(self.cleaned_data["time_zone"])


class FactoryDayForm(LaidOut, forms.ModelForm):
    works = forms.TypedChoiceField(
        label=_("On this day"),
        choices=[("", _("Choose")), ("yes", _("the factory works")), ("no", _("the factory rests"))],
        coerce=lambda value: value == "yes",
    )
    send_label = _("Add this day")

    class Meta:
        model = FactoryDay
        fields = ("day", "works")
        labels = {"day": _("Day")}
        widgets = {"day": forms.DateInput(attrs=DAY)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out()


class CountryForm(LaidOut, forms.Form):
    """A country to add, by its name or code."""

    country = forms.CharField(label=_("Country"), max_length=80)
    send_label = _("Add this country")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out()

    def clean_country(self) -> str:
        code = countries.code_of(self.cleaned_data["country"])
        if not code:
            raise ValidationError(_("No country is called like this."))
        return code


class PackForm(LaidOut, forms.ModelForm):
    class Meta:
        model = CountryPack
        fields = ("name", "time_zone", "language")
        labels = {"name": _("Name"), "time_zone": _("Time zone"), "language": _("First language of its workers")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out()

    def clean_time_zone(self) -> str:
        zone = _known_zone(self.cleaned_data["time_zone"])
        if not zone:
            raise ValidationError(_("A country needs a time zone."))
        return zone


class ReviewForm(LaidOut, forms.Form):
    """The lawyer's name and day, without which no country is live."""

    by = forms.CharField(label=_("Reviewed by"), max_length=120)
    on = DayField(label=_("On"))
    note = forms.CharField(label=_("What was reviewed"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    send_label = _("Record the review and go live")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out()


class RosterForm(LaidOut, forms.ModelForm):
    send_label = _("Add these hours")

    class Meta:
        model = RosterSlot
        fields = ("person", "country", "weekday", "start", "end")
        labels = {
            "person": _("Expert"),
            "country": _("Country"),
            "weekday": _("Weekday"),
            "start": _("From"),
            "end": _("Until"),
        }
        widgets = {
            "start": forms.TimeInput(attrs={"type": "time"}),
            "end": forms.TimeInput(attrs={"type": "time"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _among(self, "person", people.with_outside_role(OutsideRole.TECHNICAL_EXPERT))
        self.lay_out()


class OrganisationForm(LaidOut, forms.ModelForm):
    send_label = _("Add this organisation")

    class Meta:
        model = Organisation
        fields = ("name", "kind")
        labels = {"name": _("Name"), "kind": _("Kind")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out()


class ListForm(LaidOut, forms.Form):
    file = forms.FileField(
        label=_("List of factories"),
        help_text=_("CSV or XLSX with the columns country, name and address, in any order. At most 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    send_label = _("Look at it first")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out()


def _among(form: forms.BaseForm, name: str, people_offered: QuerySet[Person]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = people_offered


def _known_zone(zone: str) -> str:
    if zone and zone not in available_timezones():
        raise ValidationError(_("This time zone is unknown. It looks like Asia/Phnom_Penh."))
    return zone
