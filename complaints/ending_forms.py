"""The shape of what she says at the end: may it be closed, is she safe, how it was for her."""

from __future__ import annotations

from typing import Any

from complaints.care_forms import WordsForm
from complaints.carecodes import Feeling, YesNo
from complaints.forms import KindChoiceField
from complaints.workflow.closing import FIVE_QUESTIONS

YES_OR_NO = [("yes", "yes"), ("no", "no")]


class FacesForm(WordsForm):
    """How it was for her: one of five faces, and words if she likes."""

    feeling = KindChoiceField(choices=Feeling.choices, required=False)

    @property
    def how(self) -> int | None:
        """Her face as a number, 1 the worst and 5 the best."""
        feeling = self.cleaned_data.get("feeling", "")
        return 5 - BEST_FIRST.index(feeling) if feeling in BEST_FIRST else None


class EndForm(FacesForm):
    """May it be closed, and is she safe; the rest she may leave."""

    may_close = KindChoiceField(choices=YES_OR_NO, required=False)
    safe = KindChoiceField(choices=YesNo.choices, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for name in FIVE_QUESTIONS:
            self.fields[name] = KindChoiceField(choices=YES_OR_NO, required=False)

    @property
    def questions(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in FIVE_QUESTIONS}


BEST_FIRST = list(Feeling.values)
