"""Whole quarters: the only periods there are, so that nobody can subtract two of them to find one case."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_WRITTEN = re.compile(r"(20\d\d)Q([1-4])")
DAY_OF_SNAPSHOT = 10  # Of the next quarter: what was due on the last day is known by then.


@dataclass(frozen=True, order=True)
class Quarter:
    """One calendar quarter, `2026Q3`."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @classmethod
    def read(cls, written: str) -> Quarter:
        """Read `2026Q3`. Raises `ValueError` for anything else."""
        found = _WRITTEN.fullmatch(written)
        if found is None:
            raise ValueError("A quarter is written like 2026Q3.")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month - 1) // 3 + 1)

    @classmethod
    def finished_by(cls, day: date) -> Quarter:
        """Return the last quarter whose snapshot is due on this day or was before."""
        return cls.of(day - timedelta(days=DAY_OF_SNAPSHOT - 1)).before()

    @property
    def start(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.before(-1).start

    @property
    def due_on(self) -> date:
        """The day on which its figures are frozen."""
        return self.end + timedelta(days=DAY_OF_SNAPSHOT - 1)

    @property
    def ends_year(self) -> bool:
        return self.number == 4

    def before(self, quarters: int = 1) -> Quarter:
        """Return the quarter so many before this one."""
        count = self.year * 4 + self.number - 1 - quarters
        return Quarter(count // 4, count % 4 + 1)


@dataclass(frozen=True)
class Period:
    """What a figure looks at: one quarter, or the four that end with it. Days, in the factory's time zone."""

    quarter: Quarter
    span: int

    @property
    def start(self) -> date:
        return self.quarter.before(self.span - 1).start

    @property
    def end(self) -> date:
        return self.quarter.end
