"""Turn what lies in an opened entry into labelled lines. Codes are shown with their words, never bare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from complaints import codes
from complaints.casewords import ANSWERS, HIDDEN, question_words
from complaints.codes import Words
from complaints.models import InterimMeasure


@dataclass(frozen=True)
class Line:
    """A label and what stands behind it."""

    label: Words
    values: tuple[Words, ...] = field(repr=False)


def lines(content: Mapping[str, Any]) -> list[Line]:
    """Return the answers of one entry that are not empty, in the order in which they lie there."""
    return list(_lines(content))


def _lines(content: Mapping[str, Any]) -> Iterator[Line]:
    for key, value in content.items():
        if key in HIDDEN or value in ("", None, [], {}):
            continue
        if key in ("danger", "freedom"):
            answered = codes.YesNoUnknown if key == "danger" else codes.FreedomAnswer
            for code, said in value.items():
                yield Line(question_words(code), (_label(answered, said),))
            continue
        label, choices = ANSWERS.get(key, (key.replace("_", " "), None))
        if key == "code":
            label, choices = _("Interim measure"), InterimMeasure.Code
        yield Line(label, _values(value, choices))


def _values(value: Any, choices: Any) -> tuple[Words, ...]:
    if isinstance(value, bool):
        return (_("Yes") if value else _("No"),)
    many = value if isinstance(value, list) else [value]
    if choices is None:
        return tuple(_day(one) or str(one) for one in many)
    return tuple(_label(choices, one) for one in many)


def _day(value: Any) -> str:
    """A day as people read it, where that is all there is."""
    if not (isinstance(value, str) and len(value) == len("2026-01-01")):
        return ""
    try:
        return date_format(date.fromisoformat(value))
    except ValueError:
        return ""


def _label(choices: Any, code: str) -> Words:
    return choices(code).label if code in choices.values else str(code)
