"""What happened in the demo before it began: acts in the order of their time, with the sweep between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from factories import sweep
from factories.clock import Calendar

Act = Callable[[datetime], None]
SWEEP_AT = time(9, 5)  # Rungs rise at nine.


@dataclass
class Timeline:
    """Acts in the past, counted in working days before now, so that the demo looks the same on any day."""

    now: datetime
    calendar: Calendar
    acts: list[tuple[datetime, int, Act]] = field(default_factory=list)

    def moment(self, days: int, hour: int, minute: int = 0) -> datetime:
        """Return an hour so many working days ago."""
        day = self.calendar.local_day(self.now)
        while days:
            day -= timedelta(days=1)
            days -= self.calendar.is_working(day)
        return min(self.calendar.at_hour(day, time(hour, minute)), self.now)

    def ago(self, hours: int) -> datetime:
        return self.now - timedelta(hours=hours)

    def add(self, at: datetime, act: Act) -> None:
        self.acts.append((at, len(self.acts), act))

    def play(self) -> None:
        """Let everything happen in its order; each morning what is due rises."""
        acts = sorted(self.acts, key=lambda one: one[:2])
        day = self.calendar.local_day(acts[0][0]) if acts else self.calendar.local_day(self.now)
        for at, _order, act in acts:
            day = self._sweep_until(day, at)
            act(at)
        self._sweep_until(day, self.now)
        sweep.sweep(self.now)

    def _sweep_until(self, day: date, at: datetime) -> date:
        while (morning := self.calendar.at_hour(day, SWEEP_AT)) <= at:
            sweep.sweep(morning)
            day += timedelta(days=1)
        return day
