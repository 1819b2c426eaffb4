"""Patterns of postponing against a slow reading of the rule, and two people at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from django.db import close_old_connections, connection
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.models import JointReview, Postponement
from factories.package import patterns, postponing
from factories.package.patterns import Line, Move
from factories.package.refusal import PackageRefused
from tests.builders import make_world
from tests.packages import activity, enter, move, noon, working

FIRST = date(2026, 1, 5)


@st.composite
def a_line(draw: Any, number: int) -> Line:
    """One activity: a first date, moves one after the other, perhaps done."""
    first = FIRST + timedelta(days=draw(st.integers(0, 60)))
    on, due, moves = first - timedelta(days=30), first, []
    for _number in range(draw(st.integers(0, 4))):
        on += timedelta(days=draw(st.integers(0, 50)))
        to = draw(st.one_of(st.none(), st.integers(1, 70).map(lambda days, due=due: due + timedelta(days=days))))
        moves.append(Move(datetime.combine(on, time(12), UTC), on, due, to, draw(st.booleans())))
        if to is None:
            if not draw(st.booleans()):
                due = None
                break
            due += timedelta(days=draw(st.integers(0, 40)))  # A new date was agreed on later.
        else:
            due = to
    done = draw(st.one_of(st.none(), st.integers(0, 200)))
    return Line(
        UUID(int=number),
        "POLICY",
        first,
        due,
        None if done is None else first + timedelta(days=done),
        False,
        tuple(moves),
    )


@st.composite
def a_factory(draw: Any) -> list[Line]:
    return [draw(a_line(number)) for number in range(draw(st.integers(1, 4)))]


def slow_days_late(line: Line, on: date) -> int:
    """Count, day by day, how long after its first date it is or is planned, without the days that we took."""
    assert line.first_on
    end = line.done_on if line.done_on and line.done_on <= on else max(on, line.due_on or on)
    days = (end - line.first_on).days
    for place, one in enumerate(line.moves):
        if one.by_programme:
            following = line.moves[place + 1].from_on if place + 1 < len(line.moves) else line.due_on
            until, day = one.to_on or following or max(on, one.from_on), one.from_on
            while day < until:
                days, day = days - 1, day + timedelta(days=1)
    return days


def slow(lines: list[Line], on: date) -> set[tuple[str, UUID | None]]:
    """Read the rule of patterns sentence by sentence."""
    theirs = [(line.activity, one) for line in lines for one in line.moves if not one.by_programme]
    said: set[tuple[str, UUID | None]] = set()
    for (moved, one), (other, two) in combinations(theirs, 2):
        if moved == other and one is not two:
            said.add(("twice", moved))
    for some in combinations(theirs, 3):
        days = [one.on for _moved, one in some]
        if len({moved for moved, _one in some}) == 3 and (max(days) - min(days)).days <= 90:
            said.add(("three_in_90", None))
    for line in lines:
        is_done = line.done_on is not None and line.done_on <= on
        if not is_done and slow_days_late(line, on) > 60:
            said.add(("sixty_late", line.activity))
    said |= {("no_date", moved) for moved, one in theirs if one.to_on is None}
    return said


@settings(max_examples=400, deadline=None)
@given(a_factory(), st.integers(0, 300))
def test_patterns_are_what_the_rule_says(lines, days):
    on = FIRST + timedelta(days=days)
    found = {(one.rule.value, one.activity) for one in patterns.found(lines, on)}
    assert found == slow(lines, on)


@settings(max_examples=200, deadline=None)
@given(a_factory(), st.integers(0, 200), st.integers(0, 100))
def test_what_a_review_has_dealt_with_makes_no_pattern_again(lines, days, more):
    closed = FIRST + timedelta(days=days)
    covered = patterns.Covered(datetime.combine(closed, time(23, 59), UTC), closed)
    known = [line for line in lines if all(one.on <= closed for one in line.moves)]
    assert patterns.found(known, closed, covered=covered) == []
    on = closed + timedelta(days=more)
    after = {(one.rule.value, one.activity) for one in patterns.found(lines, on, covered=covered)}
    assert after <= {(one.rule.value, one.activity) for one in patterns.found(lines, on)}


@settings(max_examples=100, deadline=None)
@given(a_factory(), st.integers(0, 300))
def test_a_factory_whose_every_move_is_ours_is_never_in_a_pattern_of_moves(lines, days):
    ours = [
        Line(line.activity, line.code, line.first_on, line.due_on, line.done_on, False, tuple(
            Move(one.at, one.on, one.from_on, one.to_on, True) for one in line.moves
        )) for line in lines
    ]  # fmt: skip
    found = patterns.found(ours, FIRST + timedelta(days=days))
    assert {one.rule.value for one in found} <= {"sixty_late"}
    for line in ours:
        assert line.days_late(FIRST + timedelta(days=days)) <= max(0, (FIRST - line.first_on).days + days)


# --- Two people ----------------------------------------------------------------------------------------------


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run these at the same moment, each in a thread of its own; return what each gave or raised."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        close_old_connections()
        try:
            start.wait(10)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True)
def test_two_people_who_move_the_same_date_at_once_move_it_once():
    world = make_world()
    enter(world)
    one = activity(world, "POLICY")
    to = working(world.factory, one.due_on + timedelta(days=7))

    def act(by: Any) -> Callable[[], Any]:
        mine = activity(world, "POLICY")
        return lambda: postponing.postpone(mine, reason="other", to_on=to, offered="x", by=by, at=noon(one.due_on))

    results = together(act(world.advisor), act(world.expert))
    assert sorted(type(result).__name__ for result in results) == ["PackageRefused", "Postponement"], results
    assert Postponement.objects.count() == 1 and not JointReview.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_patterns_at_the_same_moment_open_one_review():
    world = make_world()
    enter(world)
    on = activity(world, "BASE").due_on
    results = together(
        lambda: move(world, "POLICY", on=on, to=None),
        lambda: move(world, "REFER", on=on, to=None),
        lambda: postponing.look(world.factory, at=noon(on)),
    )
    assert not any(isinstance(result, Exception) and not isinstance(result, PackageRefused) for result in results), (
        results
    )
    assert Postponement.objects.count() == 2 and JointReview.objects.count() == 1
