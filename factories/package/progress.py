"""How far a factory is: pure functions of dates. No number of complaints is taken, so none can change the answer.

Prevention package, section 3: `progress` = done core activities ÷ core activities; `on_time` = done by the first agreed
date; `on_track` = no core activity that is still to be done is later than 30 days after its first agreed date. Days
that the programme cost are taken off; activities it delayed are left out of `on_time`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from factories.models import Factory
from factories.package import catalogue, lines
from factories.package.patterns import Line


@dataclass(frozen=True)
class Progress:
    """One factory on one day."""

    done: int
    core: int
    on_time: int  # Of `timed`: done by the first agreed date.
    timed: int  # Core activities done that had a date and that the programme did not delay.
    on_track: bool
    late: tuple[str, ...]  # Core activities that keep it off the track.
    moves_by_factory: int
    moves_by_programme: int

    @property
    def per_cent(self) -> int:
        return self.done * 100 // self.core if self.core else 0


def reckon(found: Iterable[Line], on: date) -> Progress:
    """Return how far a factory with these activities is on a day. What happened later does not count."""
    found = list(found)
    main = [line for line in found if line.code in catalogue.core()]
    done = [line for line in main if line.is_done(on)]
    timed = [line for line in done if line.first_on and not any(move.by_programme for move in line.moves)]
    late = tuple(line.code for line in main if _as_known(line, on).later_than(catalogue.off_track_days(), on))
    moves = [move for line in found for move in line.moves if move.on <= on]
    by_programme = sum(move.by_programme for move in moves)
    return Progress(
        done=len(done),
        core=len(catalogue.core()),
        on_time=sum(line.done_on <= line.first_on for line in timed if line.done_on and line.first_on),
        timed=len(timed),
        on_track=not late,
        late=late,
        moves_by_factory=len(moves) - by_programme,
        moves_by_programme=by_programme,
    )


def _as_known(line: Line, on: date) -> Line:
    """Return the line as it stood on a day: later moves and a later doing are not known yet."""
    later = next((move for move in line.moves if move.on > on), None)
    return Line(
        line.activity,
        line.code,
        line.first_on,
        later.from_on if later else line.due_on,
        line.done_on if line.is_done(on) else None,
        line.dropped,
        tuple(move for move in line.moves if move.on <= on),
    )


def of_many(factories: Iterable[Factory | UUID], on: date) -> dict[UUID, Progress]:
    """Return how far each of these factories is on a day, in two queries; one without a package has done nothing."""
    return {factory: reckon(some, on) for factory, some in lines.of_many(factories).items()}


def of(factory: Factory, on: date) -> Progress:
    return of_many([factory], on)[factory.pk]
