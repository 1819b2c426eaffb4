"""The book of one invented factory: its rows, the moment it has come to, and its promises with their ladders.

Rows are made here and stored at once by `programme`. A rung has risen where its moment came while its promise was
open, as the sweep of that morning would have found it.
"""

from __future__ import annotations

import heapq
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model

from accounts.models import Person
from factories.clock import AbstractDeadline, AbstractRung, Calendar
from factories.models import Factory

Rows = dict[type[Model], list[Any]]


@dataclass(frozen=True)
class Act:
    """One step somebody took in a factory: the name of the step, the moment, and what it was about."""

    at: datetime
    name: str
    how: dict[str, Any]


@dataclass(frozen=True)
class Outside:
    """Who from outside works with a factory."""

    advisor: Person
    second: Person  # Scores with the advisor on visits that are not joint.
    expert: Person
    reviewer: Person  # Another expert, for what the first one scored.
    women: frozenset[UUID]


@dataclass
class Book:
    """One factory from its introduction to today."""

    factory: Factory
    outside: Outside
    now: datetime
    seed: str  # Of its own ids.
    drawn: str = ""  # Of what happens; factories with the same do everything alike.
    members: tuple[Person, ...] = ()  # Officer and chair, where the factory has come so far.
    rows: Rows = field(default_factory=lambda: defaultdict(list))
    acts: list[Act] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.drawn or self.seed)
        self._ids = random.Random(f"{self.seed} ids")
        self.aside = random.Random(f"{self.seed} aside")  # For what not every factory does, twins or not.
        country = self.factory.country
        self.calendar = Calendar(country.pk, ZoneInfo(self.factory.time_zone or country.time_zone))
        self.today = self.calendar.local_day(self.now)
        self.at = self.now - timedelta(days=2000)
        self._queue: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = 0
        self._open: list[Any] = []
        self._rungs: dict[UUID, list[Any]] = {}
        self._made: dict[UUID, datetime] = {}
        self._ordinals: dict[tuple[Any, ...], int] = defaultdict(int)

    # --- Rows -----------------------------------------------------------------------------------------------------

    def new(self, model: type[Any], **values: Any) -> Any:
        """Make a row of this factory and remember it."""
        made = model(id=self.uid(), **values)
        self.rows[model].append(made)
        return made

    def uid(self) -> UUID:
        return UUID(int=self._ids.getrandbits(128), version=4)

    def chance(self, share: float) -> bool:
        return self.draw.random() < share

    # --- Time -----------------------------------------------------------------------------------------------------

    @property
    def day(self) -> date:
        """The day it is at the factory."""
        return self.calendar.local_day(self.at)

    def workday(self, day: date) -> date:
        return self.calendar.roll(day, "forward")

    def when(self, day: date, act: Callable[[], None], hour: int = 12) -> None:
        """Let something happen on a day: never before what happened last, never beyond today, no two at one moment."""
        self._number += 1
        moment = self.calendar.at_hour(day, time(hour)) + timedelta(seconds=self._number % 3000)
        self.at_moment(max(moment, self.at + timedelta(seconds=1)), act)

    def at_moment(self, moment: datetime, act: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._queue, (moment, self._number, act))

    def live(self) -> None:
        """Let everything happen until now, in the order of time."""
        while self._queue and self._queue[0][0] <= self.now:
            moment, _number, act = heapq.heappop(self._queue)
            self.at = max(self.at, moment)
            act()
        self.at = self.now
        for deadline in self._open:
            self._rise(deadline, self.now)

    def note(self, name: str, **how: Any) -> None:
        """Write down that a step was taken now."""
        self.acts.append(Act(self.at, name, how))

    # --- Promises -------------------------------------------------------------------------------------------------

    def promise(
        self,
        tables: tuple[type[AbstractDeadline], type[AbstractRung]],
        code: str,
        begins: datetime,
        due_at: datetime,
        rungs: Iterable[tuple[str, datetime]],
        *,
        held: bool = False,
        **about: Any,
    ) -> Any:
        """Make a promise with the ladder its own room reckoned."""
        key = (tables[0], code, *(one.pk for one in about.values() if one is not None))
        self._ordinals[key] += 1
        made = self.new(
            tables[0],
            factory=self.factory,
            code=code,
            ordinal=self._ordinals[key],
            starts_at=begins,
            due_at=due_at,
            paused_at=self.at if held else None,
            **about,
        )
        self._made[made.pk] = self.at
        self._rungs[made.pk] = [
            self.new(tables[1], deadline=made, level=level, rises_at=rises_at, held=held) for level, rises_at in rungs
        ]
        self._open.append(made)
        return made

    def rungs_of(self, deadline: Any) -> list[Any]:
        return self._rungs[deadline.pk]

    def moment_of(self, rung: Any) -> datetime:
        """When the sweep finds a rung: as it rises, and at once where its moment was over when it was made."""
        return max(rung.rises_at, self._made[rung.deadline.pk])

    def end(self, match: Callable[[Any], bool], **when: datetime) -> None:
        """Say of open promises that they were met or that nobody keeps them any more."""
        (name, moment), still = next(iter(when.items())), []
        for deadline in self._open:
            if not match(deadline):
                still.append(deadline)
                continue
            self._rise(deadline, moment)
            setattr(deadline, name, moment)
            for rung in self._rungs[deadline.pk]:
                if rung.raised_at is None:
                    rung.dropped_at = moment
        self._open = still

    def hold(self, match: Callable[[Any], bool]) -> None:
        """Hold promises, as a pause does."""
        for deadline in self._open:
            if deadline.paused_at is None and match(deadline):
                self._rise(deadline, self.at)
                deadline.paused_at = self.at
                for rung in self._rungs[deadline.pk]:
                    rung.held = rung.raised_at is None

    def is_open(self, match: Callable[[Any], bool]) -> bool:
        return any(match(deadline) for deadline in self._open)

    def _rise(self, deadline: Any, until: datetime) -> None:
        for rung in self._rungs[deadline.pk]:
            if rung.raised_at is None and not rung.held and self.moment_of(rung) <= until:
                rung.raised_at = self.moment_of(rung)
