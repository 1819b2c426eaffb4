"""What happened in the demo before it began: acts in the order of their time, with the sweep between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol

from django.db.models import Min

from complaints import workflow
from complaints.models import Case
from factories import sweep
from factories.clock import Calendar

Act = Callable[[datetime], None]


class Mornings(Protocol):
    """What people do each working day before the sweep."""

    def look(self, at: datetime) -> None: ...

    def wakes_at(self) -> datetime | None: ...


AT_WORK = time(8, 30)
SWEEP_AT = time(9, 5)  # Rungs rise at nine.


@dataclass
class Timeline:
    """Acts in the past, counted from now, so that the demo looks the same on any day."""

    now: datetime
    calendar: Calendar
    mornings: list[Mornings] = field(default_factory=list)
    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)

    def moment(self, days: int, hour: int, minute: int = 0) -> datetime:
        """Return an hour so many working days ago."""
        day = self.calendar.local_day(self.now)
        while days:
            day -= timedelta(days=1)
            days -= self.calendar.is_working(day)
        return min(self.calendar.at_hour(day, time(hour, minute)), self.now)

    def hour_of(self, day: date, hour: int, minute: int = 0) -> datetime:
        return self.calendar.at_hour(day, time(hour, minute))

    def ago(self, hours: int) -> datetime:
        return self.now - timedelta(hours=hours)

    def add(self, at: datetime, act: Act) -> None:
        self.acts.append((at, len(self.acts), act))

    def play(self) -> None:
        """Let everything happen in its order; each morning people look at what is due, then what is late rises."""
        acts = sorted(self.acts, key=lambda one: one[:2])
        day = self.calendar.local_day(acts[0][0]) if acts else self.calendar.local_day(self.now)
        for at, _order, act in acts:
            day = self._days_until(day, at)
            act(at)
        self._days_until(day, self.now)
        workflow.purge_due(at=self.now)
        sweep.sweep(self.now)

    def _days_until(self, day: date, at: datetime) -> date:
        """Play each morning up to a moment. What the queue makes final each hour is final on the morning after."""
        if self.calendar.at_hour(day, SWEEP_AT) > at:
            return day
        wakes_at = self._wakes_at()
        while (morning := self.calendar.at_hour(day, SWEEP_AT)) <= at:
            if wakes_at is not None and wakes_at <= morning:
                self._morning(day, morning)
                wakes_at = self._wakes_at()
            if day.day == 1:
                workflow.purge_due(at=morning)
            day += timedelta(days=1)
        return day

    def _morning(self, day: date, morning: datetime) -> None:
        if self.calendar.is_working(day):
            for people in self.mornings:
                people.look(self.calendar.at_hour(day, AT_WORK))
        workflow.finish_stops(at=morning)
        workflow.finish_deletions(at=morning)
        sweep.sweep(morning)

    def _wakes_at(self) -> datetime | None:
        """When anything happens next by itself: most days of a year are quiet, and need no look."""
        final = Case.objects.aggregate(Min("stop_final_at"), Min("delete_final_at"))
        rungs = [
            source.model.objects.filter(raised_at=None, dropped_at=None, held=False).aggregate(at=Min("rises_at"))["at"]
            for source in sweep.sources()
        ]
        found = [*final.values(), *rungs, *(people.wakes_at() for people in self.mornings)]
        return min((moment for moment in found if moment is not None), default=None)
