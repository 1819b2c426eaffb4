"""One measure: what was found, what it must reach, and how it is printed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Measure:
    """One number with its bar. `at_least` turns the bar round; a measure without a bar is only told."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    at_least: bool = False

    @property
    def short(self) -> bool:
        if self.bar is None:
            return False
        return self.value < self.bar if self.at_least else self.value > self.bar

    def line(self) -> str:
        """Give name, value, unit, bar and verdict."""
        bar = "-" if self.bar is None else f"{'>=' if self.at_least else '<='} {_number(self.bar)}"
        verdict = "short" if self.short else "ok"
        return f"{self.name:<44} {_number(self.value):>10} {self.unit:<14} {bar:<12} {verdict}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) or abs(value) >= 100 else f"{value:.2f}"


class Results:
    """Everything measured in one run, printed as it comes."""

    def __init__(self) -> None:
        self.measures: list[Measure] = []

    def at_most(self, name: str, value: float, unit: str, bar: float) -> None:
        self._tell(Measure(name, value, unit, bar))

    def at_least(self, name: str, value: float, unit: str, bar: float) -> None:
        self._tell(Measure(name, value, unit, bar, at_least=True))

    def told(self, name: str, value: float, unit: str) -> None:
        self._tell(Measure(name, value, unit))

    def note(self, words: str) -> None:
        """Say what is going on, apart from the lines of measures."""
        print(f"# {words}", file=sys.stderr, flush=True)

    @property
    def short(self) -> list[Measure]:
        return [measure for measure in self.measures if measure.short]

    def _tell(self, measure: Measure) -> None:
        self.measures.append(measure)
        print(measure.line(), flush=True)


def percentile(values: Sequence[float], part: float) -> float:
    """Give the value below which this part of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def milliseconds(act: Callable[[], object], times: int) -> list[float]:
    """Time an act so many times."""
    found = []
    for _time in range(times):
        begun = perf_counter()
        act()
        found.append((perf_counter() - begun) * 1000)
    return found
