"""The rules of the package as data: activities, what each needs first, the pattern, and how long promises are.

Read from data/package.json, once per process. Words are in `words`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from factories import clock
from factories.clock import Limit


@dataclass(frozen=True)
class Step:
    """One of the nineteen activities: its place, what it needs first, and which records show that it is done."""

    code: str
    number: int
    core: bool
    needs: tuple[str, ...]
    weeks: tuple[int, int]  # How long it usually takes.
    plan_week: int  # Weeks after the beginning at which a usual run has it done.
    shows: tuple[str, ...] = ()
    repeats: bool = False


@dataclass(frozen=True)
class PatternRules:
    """From where on postponing is a pattern. Prevention package, section 4."""

    moves_of_one: int
    activities_moved: int
    within_days: int
    days_late: int


@dataclass(frozen=True)
class Promise:
    """A limit, and the levels of its ladder that tell anybody."""

    limit: Limit
    levels: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((clock.DATA / "package.json").read_text("utf-8"))
    return loaded


@lru_cache(maxsize=1)
def steps() -> dict[str, Step]:
    """Return the activities by their code, in the order of their numbers."""
    found = [
        Step(
            code=row["code"],
            number=row["number"],
            core=row["core"],
            needs=tuple(row["needs"]),
            weeks=(row["weeks"][0], row["weeks"][1]),
            plan_week=row["plan_week"],
            shows=tuple(row.get("shows", ())),
            repeats=row.get("repeats", False),
        )
        for row in _table()["activities"]
    ]
    return {step.code: step for step in sorted(found, key=lambda step: step.number)}


@lru_cache(maxsize=1)
def core() -> frozenset[str]:
    """Return the codes of the core activities: 1 to 9, 11, 13, 14, 17."""
    return frozenset(step.code for step in steps().values() if step.core)


@lru_cache(maxsize=1)
def pattern_rules() -> PatternRules:
    row = _table()["pattern"]
    return PatternRules(**{name: row[name] for name in PatternRules.__dataclass_fields__})


def off_track_days() -> int:
    return int(_table()["off_track_days"])


def enough_answers(headcount: int | None) -> int:
    """Return how many answers a survey needs: a tenth of the workers, or a hundred people, whichever is less."""
    rule = _table()["survey"]
    if headcount is None:
        return int(rule["people"])
    return min(-(-headcount * int(rule["share"]) // 100), int(rule["people"]))


def tests_needed() -> tuple[int, int]:
    """Return how many test complaints have to be answered in time, and how many of them without a name."""
    rule = _table()["channel_tests"]
    return int(rule["answered"]), int(rule["anonymous"])


def knowledge_people() -> int:
    """Return how many people a knowledge test needs to say anything (F19)."""
    return int(_table()["knowledge_people"])


@lru_cache(maxsize=1)
def promises() -> dict[str, Promise]:
    """Return every promise of the package by its code."""
    names = Limit.__dataclass_fields__
    return {
        row["code"]: Promise(Limit(**{name: row[name] for name in names if name in row}), frozenset(row["levels"]))
        for row in _table()["deadlines"]
    }
