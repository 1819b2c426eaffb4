"""What an app below tells the pages on which advisors watch over factories: late steps, failures of the process.

Those pages belong to an app that must know nothing of a case. What they may show is made by whoever knows, as finished
lines and sentences, and handed over here; nothing is stored, and no number of cases passes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True)
class LateLine:
    """A late step: all that may be said of a case to those who only watch the clock. No factory stands beside it."""

    reference: str
    stage: str
    days_overdue: int


Late = Callable[["Person", datetime], Sequence[LateLine]]
Failures = Callable[[Collection[UUID], datetime], Mapping[UUID, Sequence[str]]]

_late: dict[str, Late] = {}
_failures: dict[str, Failures] = {}


def late_from(source: Late) -> Late:
    """Register (as a decorator) who names an advisor's late steps; once, however often an app starts."""
    _late[source.__qualname__] = source
    return source


def failures_from(source: Failures) -> Failures:
    """Register (as a decorator) who says, in sentences, how the process failed in factories."""
    _failures[source.__qualname__] = source
    return source


def late_steps(advisor: Person, at: datetime) -> list[LateLine]:
    """Return the late steps of an advisor's factories, the longest late first."""
    return [line for source in _late.values() for line in source(advisor, at)]


def failures(factories: Collection[UUID], at: datetime) -> dict[UUID, list[str]]:
    """Return, of each of these factories with any, how its process failed in the last year, in sentences."""
    found: dict[UUID, list[str]] = {}
    for source in _failures.values():
        for factory, sentences in source(factories, at).items():
            found.setdefault(factory, []).extend(sentences)
    return found
