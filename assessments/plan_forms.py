"""The shape of what is typed on the pages of a factory: actions, notes, the cause of a silence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import ActionOwner, SilenceKind
from factories.forms import DayField

NO_NAMES = _("No names, no telephone numbers, nothing about a case: write the job, for example “a mechanic”.")


class PlainForm(forms.Form):
    """A form that crispy lays out with one button."""

    send_label: Any = _("Save")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("", self.send_label))


class AgreeForm(PlainForm):
    send_label = _("Agree this action")
    what = forms.CharField(label=_("What will be done"), max_length=300, help_text=NO_NAMES)
    owner = forms.ChoiceField(label=_("Who does it"), choices=[("", _("Choose who does it")), *ActionOwner.choices])
    due_on = DayField(label=_("By which day"))
    indicator = forms.ChoiceField(label=_("Which indicator it betters"), required=False)

    def __init__(self, *args: Any, indicators: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["indicator"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("None in particular")), *((code, f"{code} {title}") for code, title in indicators)]


class DoneForm(PlainForm):
    send_label = _("It is done")
    evidence = forms.CharField(
        label=_("What shows it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=NO_NAMES
    )


class DropForm(PlainForm):
    send_label = _("Drop this action")
    reason = forms.CharField(
        label=_("Why it is not done any more"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NO_NAMES,
    )


class ConfirmForm(PlainForm):
    send_label = _("I have looked: it is done")


class NotDoneForm(PlainForm):
    send_label = _("It is not done: open it again")


class NoteForm(PlainForm):
    send_label = _("Add the note")
    text = forms.CharField(
        label=_("New note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=NO_NAMES
    )


class CauseForm(PlainForm):
    send_label = _("Record what you found")
    cause = forms.ChoiceField(label=_("Why it is silent"), choices=SilenceKind.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What shows it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=NO_NAMES,
    )
