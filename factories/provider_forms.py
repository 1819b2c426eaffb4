"""The shape of input about service providers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from factories.forms import DayField, LaidOut
from factories.models import (
    CountryPack,
    ServiceKind,
    ServiceProvider,
    SuspensionDecision,
    SuspensionReason,
    VettingCode,
)

YES_NO = (("yes", _("Yes")), ("no", _("No")))


class ProviderForm(LaidOut, forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        label=_("What it does"), choices=ServiceKind.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ServiceProvider
        fields = ("country", "name", "kinds", "phone", "reach", "place", "languages", "hours", "cost")
        labels = {
            "country": _("Country"),
            "name": _("Name"),
            "phone": _("Telephone"),
            "reach": _("How to reach it"),
            "place": _("Place"),
            "languages": _("Languages"),
            "hours": _("Opening hours"),
            "cost": _("Cost"),
        }
        help_texts = {
            "reach": _("Whom to ask for, how to get there, whether a message is enough. Workers read this."),
            "place": _("Leave this empty where the address must stay secret, as for a safe place to stay."),
            "cost": _("“Free”, or what it costs and for whom."),
        }

    def __init__(self, *args: Any, countries: QuerySet[CountryPack], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        assert isinstance(country, forms.ModelChoiceField)
        country.queryset = countries
        if self.instance.pk and not self.instance._state.adding:
            country.disabled = True  # A provider does not move: another country keeps its own list.
        self.lay_out()


class VettingForm(forms.Form):
    """The twelve questions in the words of the procedure, answered by somebody who was there."""

    checked_on = DayField(label=_("Day of the visit"))
    in_person = forms.BooleanField(
        label=_("I was there in person, saw the place, and spoke with people who use it without staff beside us."),
        error_messages={"required": _("Only what somebody has seen in person counts.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, question in VettingCode.choices:
            self.fields[code] = forms.ChoiceField(label=question, choices=YES_NO, widget=forms.RadioSelect)

    def questions(self) -> list[forms.BoundField]:
        return [self[code] for code in VettingCode.values]

    def answers(self) -> dict[str, bool]:
        return {code: self.cleaned_data[code] == "yes" for code in VettingCode.values}


class SuspendForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[choice for choice in SuspensionReason.choices if choice[0] != SuspensionReason.WORD],
        widget=forms.RadioSelect,
    )


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(label=_("What follows"), choices=SuspensionDecision.choices, widget=forms.RadioSelect)
