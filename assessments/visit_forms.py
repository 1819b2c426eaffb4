"""The shape of what is typed around a visit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from assessments.access import OUTSIDE_KINDS
from assessments.models import Assessment, Level
from assessments.visits import Goes
from factories.forms import DayField, LaidOut

SEX = (("yes", _("A woman")), ("no", _("A man")))
AREA = forms.Textarea(attrs={"rows": 4})
WITHOUT_NAMES = _("Without names of people, telephone numbers or anything else that points to one person.")


class _Days(forms.Form):
    visit_from = DayField(label=_("First day of the visit"))
    visit_to = DayField(label=_("Last day"))


class _Assessor(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PlanForm(LaidOut, _Days):
    kind = forms.ChoiceField(
        label=_("Kind of visit"),
        choices=[(kind.value, kind.label) for kind in OUTSIDE_KINDS],
        help_text=_("A joint visit is scored by an advisor and a technical expert: the first three of each assessor."),
    )
    unannounced = forms.BooleanField(
        label=_("Unannounced"),
        required=False,
        help_text=_("The factory learns the day when the assessors are at the gate."),
    )
    follows = forms.ModelChoiceField(
        label=_("Follows this visit"), queryset=Assessment.objects.none(), required=False, empty_label=_("None")
    )
    first = _Assessor(label=_("First assessor"), queryset=Person.objects.none())
    first_sex = forms.ChoiceField(label=_("The first assessor is"), choices=SEX, widget=forms.RadioSelect)
    second = _Assessor(label=_("Second assessor"), queryset=Person.objects.none())
    second_sex = forms.ChoiceField(label=_("The second assessor is"), choices=SEX, widget=forms.RadioSelect)
    field_order = ("kind", "visit_from", "visit_to", "unannounced", "follows", "first", "first_sex", "second")
    send_label = _("Plan this visit")

    def __init__(self, *args: Any, people: QuerySet[Person], earlier: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = people
        follows = self.fields["follows"]
        assert isinstance(follows, forms.ModelChoiceField)
        follows.queryset = earlier
        self.lay_out()

    def goes(self) -> list[Goes]:
        data = self.cleaned_data
        return [Goes(data[who], data[f"{who}_sex"] == "yes") for who in ("first", "second")]


class MoveForm(_Days):
    pass


class AssessorForm(forms.Form):
    person = _Assessor(label=_("Assessor"), queryset=Person.objects.none())
    sex = forms.ChoiceField(label=_("This person is"), choices=SEX, widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people

    def goes(self) -> Goes:
        return Goes(self.cleaned_data["person"], self.cleaned_data["sex"] == "yes")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), widget=AREA, max_length=2000, help_text=WITHOUT_NAMES)


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), widget=AREA, max_length=2000, required=False, help_text=WITHOUT_NAMES)


class HandInForm(LaidOut, forms.Form):
    level_alone = forms.ChoiceField(
        label=_("The level that you reach alone"),
        choices=Level.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "From what may be known at the factory: without outside informants, platform totals and cases that the "
            "factory never handled."
        ),
    )
    send_label = _("Hand in my scores")

    def __init__(self, *args: Any, with_level: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_level:
            del self.fields["level_alone"]
        self.lay_out()


class ConcludeForm(LaidOut, forms.Form):
    level_factory = forms.ChoiceField(label=_("Level"), choices=Level.choices, widget=forms.RadioSelect)
    reasons = forms.CharField(label=_("Reasons for this level"), widget=AREA, max_length=2000, help_text=WITHOUT_NAMES)
    departure_reasons = forms.CharField(
        label=_("Why another level than the rule proposes"),
        widget=AREA,
        max_length=2000,
        required=False,
        help_text=_("Only where you depart from the rule. The technical expert reads it."),
    )
    send_label = _("Conclude")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out()


class GoodPracticeForm(forms.Form):
    text = forms.CharField(
        label=_("Something good that you found"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=WITHOUT_NAMES,
    )


class ReviewForm(forms.Form):
    agrees = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("I agree: the conclusion is final")), ("no", _("The assessors look at it again"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note to the assessors"),
        widget=AREA,
        max_length=2000,
        required=False,
        help_text=_("They and the advisor read it: write nothing here that you know from outside cases."),
    )


class LevelForm(forms.Form):
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    level = forms.ChoiceField(label=_("Level with every signal"), choices=Level.choices, widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=_("Reasons"),
        widget=AREA,
        max_length=2000,
        required=False,
        help_text=_("Needed where you depart from the rule. Technical experts alone read this."),
    )


class ScreenForm(forms.Form):
    met = forms.MultipleChoiceField(label=_("What was met"), required=False, widget=forms.CheckboxSelectMultiple)
    sure = forms.BooleanField(
        label=_("I have looked for each of these, and have called the safeguarding lead if anybody is in danger.")
    )

    def __init__(self, *args: Any, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["met"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = items


class LookedForm(forms.Form):
    text = forms.CharField(
        label=_("What you do about it"),
        widget=AREA,
        max_length=1200,
        required=False,
        help_text=_("Safeguarding leads alone read this."),
    )


class PlainForm(forms.Form):
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    found = forms.CharField(
        label=_("What was found"),
        widget=AREA,
        max_length=2000,
        help_text=_("In plain words, three to six short sentences. Name no section, line or shift, and no level."),
    )
    will_be_done = forms.CharField(label=_("What will be done, and by when"), widget=AREA, max_length=2000)


class GiveBackForm(forms.Form):
    on = DayField(label=_("Day on which management and workers were told"))
