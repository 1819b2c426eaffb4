"""Whether postponing has become a pattern: pure, from the dates of activities and their moves alone.

Prevention package, section 4. Moves for a reason of ours are counted apart: they are in no pattern, and the days they
cost are taken off an activity's delay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from factories.models import PatternRule
from factories.package import catalogue


@dataclass(frozen=True)
class Move:
    """One change of an agreed date, to a new date or to none."""

    at: datetime
    on: date
    from_on: date
    to_on: date | None
    by_programme: bool


@dataclass(frozen=True)
class Line:
    """One activity of a factory as the arithmetic sees it; its moves in the order of their time."""

    activity: UUID
    code: str
    first_on: date | None = None
    due_on: date | None = None
    done_on: date | None = None
    dropped: bool = False
    moves: tuple[Move, ...] = ()

    def is_done(self, on: date) -> bool:
        return self.done_on is not None and self.done_on <= on

    def due_as_of(self, at: datetime) -> date | None:
        """Return the date that was agreed at a moment."""
        later = next((move for move in self.moves if move.at > at), None)
        return later.from_on if later else self.due_on

    def excused_days(self, on: date, *, at: datetime | None = None) -> int:
        """Return the days that moves for a reason of ours took, up to a day.

        A move of ours without a new date takes every day until the next date is agreed.
        """
        known = [move for move in self.moves if at is None or move.at <= at]
        days = 0
        for place, move in enumerate(known):
            if not move.by_programme:
                continue
            after = known[place + 1].from_on if place + 1 < len(known) else self.due_as_of(at) if at else self.due_on
            until = move.to_on or after or max(on, move.from_on)
            days += max(0, (until - move.from_on).days)
        return days

    def days_late(self, on: date, *, at: datetime | None = None) -> int:
        """Return by how many days it is later than first agreed, because of the factory; 0 where it is not.

        What is done was late by the day it was done; what is not, by today or by the date agreed now, whichever is
        later. With `at`, only what was known at that moment counts.
        """
        if self.first_on is None or self.dropped:
            return 0
        if self.is_done(on):
            assert self.done_on is not None
            end = self.done_on
        else:
            end = max(on, (self.due_as_of(at) if at else self.due_on) or on)
        return max(0, (end - self.first_on).days - self.excused_days(on, at=at))

    def later_than(self, days: int, on: date, *, at: datetime | None = None) -> bool:
        """Say whether it still has to be done and is later than first agreed by more than so many days."""
        return not self.is_done(on) and self.days_late(on, at=at) > days


@dataclass(frozen=True)
class Pattern:
    """A rule of patterns that holds, and the activity it is about where it is about one."""

    rule: PatternRule
    activity: UUID | None = None


@dataclass(frozen=True)
class Covered:
    """Up to when a joint review has dealt with everything: only what came later makes a new pattern."""

    at: datetime
    on: date


def found(lines: Iterable[Line], on: date, *, covered: Covered | None = None) -> list[Pattern]:
    """Return every rule that holds for one factory on a day, with something in it that no review has dealt with."""
    lines = list(lines)
    rules = catalogue.pattern_rules()
    ours = {line.activity: [move for move in line.moves if not move.by_programme] for line in lines}

    def is_new(move: Move) -> bool:
        return covered is None or move.at > covered.at

    patterns = []
    for activity, moves in ours.items():
        new = [move for move in moves if is_new(move)]
        if any(move.to_on is None for move in new):
            patterns.append(Pattern(PatternRule.NO_DATE, activity))
        if new and len(moves) >= rules.moves_of_one:
            patterns.append(Pattern(PatternRule.TWICE, activity))
    every = sorted(((move, activity) for activity, moves in ours.items() for move in moves), key=lambda one: one[0].at)
    if _several_within(every, rules, is_new=is_new):
        patterns.append(Pattern(PatternRule.THREE_IN_90))
    for line in lines:
        was = covered is not None and line.later_than(rules.days_late, covered.on, at=covered.at)
        if line.later_than(rules.days_late, on) and not was:
            patterns.append(Pattern(PatternRule.SIXTY_LATE, line.activity))
    return patterns


def _several_within(moves: Sequence[tuple[Move, UUID]], rules: catalogue.PatternRules, *, is_new: object) -> bool:
    """Say whether so many activities were moved within so many days, the last of them new."""
    assert callable(is_new)
    for place, (last, _activity) in enumerate(moves):
        if not is_new(last):
            continue
        since = last.on - timedelta(days=rules.within_days)
        moved = {activity for move, activity in moves[: place + 1] if move.on >= since}
        if len(moved) >= rules.activities_moved:
            return True
    return False
