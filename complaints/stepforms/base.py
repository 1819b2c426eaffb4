"""What the forms of a case's steps share: who asks (`Desk`), the shape of a step's form, and its fields.

A form is told what the page knows; `take` calls one service. What it says no to is shown on the form, which keeps
what was typed.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.keys import Reader
from accounts.models import Person
from complaints import workflow
from complaints.codes import Words
from complaints.models import Case

LONGEST = 12_000
LONGEST_LINE = 400
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


@dataclass(frozen=True)
class Desk:
    """Who takes the step, on which case, and with which key in hand."""

    case: Case
    actor: workflow.Actor
    person: Person
    reader: Reader | None

    def key(self) -> Reader:
        """The key in hand. Raises `StepRefused` where there is none."""
        if self.reader is None:
            raise workflow.StepRefused(
                _("Your key is locked in this session. Sign out and sign in again, then take this step.")
            )
        return self.reader


def text_field(
    label: Any, *, required: bool = True, rows: int = 5, hint: Any = "", initial: Any = None
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        help_text=hint,
        initial=initial,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
    )


def line_field(label: Any, *, hint: Any = "") -> forms.CharField:
    attrs = {"autocomplete": "off"}
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_LINE, help_text=hint, widget=forms.TextInput(attrs=attrs)
    )


def one_of(label: Any, choices: Any, *, required: bool = True, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, required=required, help_text=hint, widget=forms.RadioSelect()
    )


def many_of(label: Any, choices: Any, *, hint: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, help_text=hint, widget=forms.CheckboxSelectMultiple()
    )


def tick(label: Any, *, hint: Any = "", required: bool = False) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=required, help_text=hint)


class StepForm(forms.Form):
    """One step. `once` lets a second press of the same button be told from a second message."""

    step: ClassVar[str]
    title: ClassVar[Words]
    lead: ClassVar[Words] = ""
    button: ClassVar[Words] = _("Save")
    done: ClassVar[Words] = _("Saved.")
    searches: ClassVar[bool] = False  # Something is looked for first.
    grave: ClassVar[bool] = False  # The button is red: this cannot be taken back by pressing again.
    to_tab: ClassVar[str] = "casework:case"

    @property
    def then(self) -> str:
        """A step that follows at once from what was said here; its page comes next."""
        return ""

    once = forms.SlugField(widget=forms.HiddenInput(), required=False, max_length=40)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.fields["once"].initial = secrets.token_urlsafe(16)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the case."""

    def offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        """Let a field choose among these."""
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def take(self, at: datetime) -> None:
        """Take the step. Raises `StepRefused`."""
        raise NotImplementedError

    @property
    def case(self) -> Case:
        return self.desk.case
