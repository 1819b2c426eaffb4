"""The shape of what she says about how she is: one face, a few taps, and words if she likes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from complaints.carecodes import Changed, Feeling, Promised, YesNo
from complaints.codes import Words
from complaints.forms import KindChoiceField, KindChoicesField, KindTextField
from complaints.inbox_forms import LONGEST_LETTER


class WordsForm(forms.Form):
    """What has changed, and a text that is never cut without her knowing."""

    changed = KindChoicesField(choices=Changed.choices, required=False)
    text = KindTextField(longest=LONGEST_LETTER, lines=True)

    def clean(self) -> dict[str, Any]:
        field, typed = self.fields["text"], str(self.data.get("text", ""))
        if isinstance(field, KindTextField) and field.too_long(typed):
            self.add_error("text", _("This is very long. Please send it in two or three parts."))
        return self.cleaned_data

    def problems(self) -> list[Words]:
        """What is wrong with it, in sentences."""
        return [str(problem) for problem in self.errors.get("text", [])]


class HowForm(WordsForm):
    """Her answer to a check. `which` says to which one, so that an old page answers no other."""

    which = forms.UUIDField(required=False)
    feeling = KindChoiceField(choices=Feeling.choices, required=False)
    safe = KindChoiceField(choices=YesNo.choices, required=False)
    contact = KindChoiceField(choices=YesNo.choices, required=False)
    promised = KindChoiceField(choices=Promised.choices, required=False)
    support = KindChoiceField(choices=YesNo.choices, required=False)


class OtherForm(forms.Form):
    """To which of her matters she steps over; empty: back to the first."""

    where = forms.UUIDField(required=False)
