"""Guidance for assessors who are no specialists, beside the indicator or signal it serves. Assessment, section 6.

The texts are data/guidance.json, in English; `gettext` gives them in the reader's language.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext

from assessments.tool import DATA

MISTAKES = "mistakes"


@dataclass(frozen=True)
class Form:
    """One form harassment takes: what it can look like, and the words people use instead."""

    code: str
    title: str
    looks_like: str
    said_as: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A few points on one question. `outside_only`: not for the factory, which would learn what we look out for."""

    code: str
    title: str
    points: tuple[str, ...]
    indicators: frozenset[str]
    signals: frozenset[str]
    outside_only: bool


@dataclass(frozen=True)
class Mistake:
    text: str
    indicators: frozenset[str]


@dataclass(frozen=True)
class Help:
    """What stands beside one indicator or signal, in the reader's language."""

    code: str
    title: str
    points: tuple[str, ...]


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "guidance.json").read_text("utf-8"))
    return found


@lru_cache(maxsize=1)
def _sections() -> tuple[Section, ...]:
    return tuple(
        Section(
            row["code"],
            row["title"],
            tuple(row["points"]),
            frozenset(row["for"]),
            frozenset(row["signals"]),
            row.get("outside_only", False),
        )
        for row in _data()["sections"]
    )


@lru_cache(maxsize=1)
def _mistakes() -> tuple[Mistake, ...]:
    return tuple(Mistake(row["text"], frozenset(row["for"])) for row in _data()["mistakes"])


def forms() -> list[Form]:
    """Return the eight forms, in the reader's language."""
    return [_form(**row) for row in _data()["forms"]]


def _form(code: str, title: str, looks_like: str, said_as: Sequence[str]) -> Form:
    return Form(code, gettext(title), gettext(looks_like), tuple(gettext(one) for one in said_as))


def sections() -> list[Help]:
    """Return everything there is, in the order of the guidance, the mistakes last."""
    return [*(_help(one) for one in _sections()), _mistakes_help(_mistakes())]


def section(code: str) -> Help:
    return next(_help(one) for one in _sections() if one.code == code)


def beside(indicator: str, *, outside: bool = True) -> list[Help]:
    """Return what helps with this indicator. `outside` is False where a factory assesses itself."""
    found = [_help(one) for one in _sections() if indicator in one.indicators and (outside or not one.outside_only)]
    mistakes = tuple(one for one in _mistakes() if indicator in one.indicators)
    return [*found, _mistakes_help(mistakes)] if mistakes else found


def beside_signal(signal: str) -> list[Help]:
    """Return what helps with this signal; only assessors from outside ever see signals."""
    return [_help(one) for one in _sections() if signal in one.signals]


def _help(one: Section) -> Help:
    return Help(one.code, gettext(one.title), tuple(gettext(point) for point in one.points))


def _mistakes_help(those: tuple[Mistake, ...]) -> Help:
    return Help(MISTAKES, gettext("Mistakes to avoid"), tuple(gettext(one.text) for one in those))
