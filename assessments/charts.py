"""Charts as finished numbers for a picture that the server draws; beside each stands its table with the same numbers.

Pure: numbers in, places in a picture out. Nothing is drawn that the table does not say, and no colour says alone what
a word does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = Decimal | int | float
WIDTH, LEFT, BAR, GAP, TOP = 320, 8, 10, 34, 16
TALL, FOOT = 150, 20


@dataclass(frozen=True)
class Bar:
    """One line of a chart of bars from 0 to 100: its name, its value, and what it is held against."""

    name: str
    value: Number | None
    other: Number | None = None
    y: int = 0

    @property
    def width(self) -> float:
        return _along(self.value)

    @property
    def other_width(self) -> float:
        return _along(self.other)

    @property
    def other_end(self) -> float:
        return LEFT + self.other_width

    @property
    def name_y(self) -> int:
        return self.y - 4

    @property
    def second_y(self) -> int:
        return self.y + BAR

    @property
    def gap(self) -> float | None:
        if self.value is None or self.other is None:
            return None
        return float(self.value) - float(self.other)


@dataclass(frozen=True)
class Bars:
    """Bars one below the other. With `paired` the other value is a bar of its own, else a line across."""

    title: str
    value_name: str
    other_name: str
    bars: tuple[Bar, ...]
    paired: bool = False

    @property
    def height(self) -> int:
        return TOP + len(self.bars) * GAP

    @property
    def has_other(self) -> bool:
        return any(bar.other is not None for bar in self.bars)


def bars(
    title: str,
    rows: Sequence[tuple[str, Number | None, Number | None]],
    *,
    value_name: str,
    other_name: str = "",
    paired: bool = False,
) -> Bars:
    """Place values between 0 and 100 as bars; what has no value has no bar, and the table says why."""
    placed = tuple(Bar(name, value, other, TOP + place * GAP) for place, (name, value, other) in enumerate(rows))
    return Bars(title, value_name, other_name, placed, paired)


@dataclass(frozen=True)
class Point:
    """One value on its day, and where it stands."""

    label: str
    value: Number
    x: float
    y: float

    @property
    def above(self) -> float:
        return self.y - 6


@dataclass(frozen=True)
class Trend:
    """Values over time from 0 to `top`, as one line."""

    title: str
    value_name: str
    points: tuple[Point, ...]
    top: Number

    @property
    def path(self) -> str:
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)

    @property
    def floor(self) -> int:
        return TALL - FOOT


def trend(title: str, rows: Sequence[tuple[str, Number]], *, value_name: str, top: Number = 100) -> Trend:
    """Place values in their order at even distances; one value alone stands at the left."""
    room, floor = WIDTH - 60, TALL - FOOT
    step = room / max(len(rows) - 1, 1)
    points = tuple(
        Point(label, value, round(30 + place * step, 1), round(floor - float(value) / float(top) * (floor - TOP), 1))
        for place, (label, value) in enumerate(rows)
    )
    return Trend(title, value_name, points, top)


def _along(value: Number | None) -> float:
    """Return how far a value between 0 and 100 reaches."""
    if value is None:
        return 0.0
    return round(min(max(float(value), 0.0), 100.0) * (WIDTH - 2 * LEFT) / 100, 1)
