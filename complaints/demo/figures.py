"""Frozen figures of the trial's invented factories: facts of quarters past, of which there are no cases.

They go through the same sums, tables and limits as facts of cases (`snapshots`), and the quarters are frozen in their
order, each on its own day, with every factory live or not as it was then. What kind of factory one is comes as a word.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db import connection

from complaints.models.statistics import StatQuarter
from complaints.statistics import beside, snapshots
from complaints.statistics.facts import EXPERTS, FACTORY, Counted
from complaints.statistics.quarters import Period, Quarter
from factories.models import Factory, FactoryStatus

QUARTERS = 6
MORNING = time(2, tzinfo=UTC)  # Nine in Phnom Penh.
CHANNELS = ("web", "web", "web", "paper_box", "walk_in", "phone")


@dataclass(frozen=True)
class Handling:
    """How a kind of factory hears of complaints, and what it does with them. Design values."""

    a_year: float = 5.0  # For each 1,000 workers.
    outside: float = 0.15  # Of all: told outside at once.
    in_time: float = 0.9
    answered: float = 0.75  # Of checks, of closings, of complainants who come back.
    declared: float = 0.97


KINDS: Mapping[str, Handling] = {
    "twin_many": Handling(a_year=34, outside=0.1, in_time=0.96),
    "twin_few": Handling(a_year=4, outside=0.1, in_time=0.96),
    "honest": Handling(a_year=16, outside=0.1, in_time=0.95),
    "steady": Handling(a_year=8),
    "silent": Handling(a_year=0),
    "quiet_here": Handling(a_year=4, outside=1.0),
    "postponing": Handling(a_year=5, in_time=0.7),
    "paper": Handling(a_year=4, outside=0.5, in_time=0.55, answered=0.4, declared=0.5),
    "bad_faith": Handling(a_year=4, outside=0.6, in_time=0.3, answered=0.3, declared=0.3),
    "delayed_by_us": Handling(a_year=7),
    "distressed": Handling(a_year=7, in_time=0.7),
    "numbers": Handling(a_year=6, outside=0.3, in_time=0.8),
    "small": Handling(a_year=14, in_time=0.92),
    "new": Handling(a_year=6),
    "": Handling(a_year=0),  # A factory with cases of its own.
}
STEPS = {"F2": 1.0, "F3": 0.97, "F4": 0.7, "F5": 0.35, "F7": 0.5, "F8": 0.4, "F9": 0.9}
ANSWERS = {"F10": 0.9, "F13": 0.85, "F28": 0.4}


@dataclass(frozen=True)
class Told:
    """An invented factory: its word for how it handles complaints, and since when people can complain to it."""

    factory: Factory
    kind: str
    live_on: date


def quarters(at: datetime) -> list[Quarter]:
    """Return the quarters that are frozen for the trial, the oldest first."""
    last = Quarter.finished_by(at.date())
    return sorted({last.before(back) for back in range(QUARTERS)} | set(snapshots.due(at)))


def freeze(told: Sequence[Told], *, seed: str, at: datetime) -> int:
    """Freeze the quarters that are over, one after the other, with what follows each; return how many.

    For a trial in which nothing is frozen yet.
    """
    if StatQuarter.objects.exists():
        raise ValueError("Figures of this trial are frozen already.")
    listed = {one.factory.pk: one.live_on for one in told}
    found = quarters(at)
    facts = {quarter: list(_of_quarter(told, quarter, seed)) for quarter in _with_years_before(found)}

    def more(period: Period) -> Iterator[Counted]:
        for back in range(period.span):
            yield from facts[period.quarter.before(back)]

    for quarter in found:
        then = Factory.objects.filter(pk__in=listed)
        then.update(status=FactoryStatus.LISTED)
        then.filter(pk__in=[pk for pk, on in listed.items() if on < quarter.end]).update(status=FactoryStatus.LIVE)
        day = datetime.combine(quarter.due_on, MORNING)
        snapshots.freeze(quarter, at=day, more=more)
        beside.freeze_followers(day)
    Factory.objects.filter(pk__in=listed).update(status=FactoryStatus.LIVE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE complaints_statsnapshot")
    return len(found)


def _with_years_before(found: Sequence[Quarter]) -> set[Quarter]:
    return {quarter.before(back) for quarter in found for back in range(4)}


def _of_quarter(told: Sequence[Told], quarter: Quarter, seed: str) -> Iterator[Counted]:
    for one in told:
        if one.kind and one.live_on < quarter.end:
            draw = random.Random(f"{seed} {one.factory.name} {quarter}")
            yield from _of_factory(one, KINDS[one.kind], quarter, draw)


def _of_factory(one: Told, how: Handling, quarter: Quarter, draw: random.Random) -> Iterator[Counted]:
    """Draw the complaints of one factory in a quarter, and how far the steps that were due were kept."""
    pk, country, workers = one.factory.pk, one.factory.country_id, one.factory.headcount or 0
    days = (quarter.end - max(quarter.start, one.live_on)).days
    complaints = _whole(how.a_year * workers / 1000 * days / 365, draw)
    outside = sum(draw.random() < how.outside for _one in range(complaints))
    here = complaints - outside

    def counted(code: str, num: int, den: int, part: str = "", holder: str = FACTORY, **more: object) -> Counted:
        amounts = more.get("amounts", ())
        assert isinstance(amounts, tuple)
        return Counted(code, part, holder, pk, country, num, den, amounts)

    for _number in range(here):
        yield counted("C1", 1, 1, draw.choice(CHANNELS))
    for _number in range(outside):
        yield counted("C1", 1, 1, "web", EXPERTS)
    if not here:
        return
    yield counted("F1", here, here)
    moved = sum(draw.random() < 0.05 for _one in range(here))
    yield counted("F14", moved, here)
    for code, share in STEPS.items():
        due = _whole(here * share, draw)
        if due:
            yield counted(code, _of(due, how.in_time, draw), due)
    for code, share in ANSWERS.items():
        asked = _whole(here * share, draw)
        if asked:
            yield counted(code, _of(asked, how.answered, draw), asked)
    told = _whole(here * 0.5, draw)
    if told:
        yield counted("F6", told, told, amounts=tuple(draw.randint(18, 85) for _one in range(told)))
    late = _of(here, 1 - how.in_time, draw) // 3
    if late:
        yield counted("F6_open", late, late)
    if draw.random() < 0.04 * here:
        yield counted("F12", _of(1, how.in_time, draw), 1)
        yield counted("F11", 1, here)
    yield counted("F15", _of(here, how.declared, draw), here)


def _whole(mean: float, draw: random.Random) -> int:
    """Round up or down, so that over many quarters it is right."""
    return int(mean) + (draw.random() < mean - int(mean))


def _of(number: int, share: float, draw: random.Random) -> int:
    return sum(draw.random() < share for _one in range(number))
