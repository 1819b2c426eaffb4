"""The shape of what she sends from her own pages. Nothing typed is ever stored but by a step of hers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from complaints.codes import Consent, Route, Words
from complaints.forms import KindChoiceField, KindTextField
from complaints.workflow.appeals import HER_GROUNDS

LONGEST_LETTER = 8000
YES_NO = [("yes", "yes"), ("no", "no")]
# What a text waits for while she types her number again.
KEPT_FOR = [(code, code) for code in ("write", "help", "word", "again")]


class LetterForm(forms.Form):
    """A message of hers, or a few words to a press of "I am not safe now"."""

    text = KindTextField(longest=LONGEST_LETTER, lines=True)

    def clean(self) -> dict[str, Any]:
        """Refuse what is longer than a letter; what she typed stays on the page."""
        field, typed = self.fields["text"], str(self.data.get("text", ""))
        if isinstance(field, KindTextField) and field.too_long(typed):
            self.add_error("text", _("This is very long. Please send it in two or three parts."))
        return self.cleaned_data

    def problems(self) -> list[Words]:
        """What is wrong with it, in sentences."""
        return [str(problem) for problem in self.errors.get("text", [])]


class WordForm(LetterForm):
    """What is not handled well; the words may be empty. The ground is kept beside them while she types her number."""

    ground = KindChoiceField(choices=[("breach", "breach")], required=False)


class AppealForm(LetterForm):
    """What is not right about the result; the words may be empty."""

    ground = KindChoiceField(choices=[(ground, ground) for ground in HER_GROUNDS], required=False)


class AnswerForm(forms.Form):
    """Yes or no to one question that has a page of its own."""

    answer = KindChoiceField(choices=YES_NO, required=False)


class EntryForm(forms.Form):
    """What the text beside her number was on its way to when the visit ended; the text itself is a `LetterForm`."""

    kept_for = KindChoiceField(choices=KEPT_FOR, required=False)


class ConsentsForm(forms.Form):
    """Yes or no to each consent, beside what stood there when the page was made.

    Only what she changed counts: a page that lay open on another phone gives nothing back that was taken away since.
    """

    def __init__(self, data: Any, *, offered: Iterable[Consent]) -> None:
        super().__init__(data)
        self.offered = tuple(offered)
        for code in self.offered:
            self.fields[code.value] = KindChoiceField(choices=YES_NO, required=False)
            self.fields[f"was_{code.value}"] = KindChoiceField(choices=YES_NO, required=False)

    def changed(self) -> dict[str, bool]:
        """The consents she answered otherwise than the page showed them."""
        said = {code.value: self.cleaned_data[code.value] for code in self.offered}
        return {
            code: answer == "yes"
            for code, answer in said.items()
            if answer and answer != self.cleaned_data[f"was_{code}"]
        }

    def answers(self) -> dict[str, bool]:
        """Her answer to each; what she left open is a no."""
        return {code.value: self.cleaned_data[code.value] == "yes" for code in self.offered}


class RouteForm(forms.Form):
    """Where a kept case should go."""

    route = KindChoiceField(choices=[(route.value, route.label) for route in Route if route != Route.RECORD_ONLY])
