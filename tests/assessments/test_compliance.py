"""The compliance view: labels and shares from which no number of complaints can be found, and which none lowers."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import compliance
from assessments.progress import freezing
from complaints.models import ConflictDeclaration, Event
from complaints.statistics import Label, Quarter, snapshots
from factories.models import CommitteeCount, Drill, Factory, Membership
from tests.builders import make_factory, make_person, make_world
from tests.complaints.figureworld import add_cases

pytestmark = pytest.mark.django_db
Q2 = Quarter(2026, 2)
AFTERWARDS = datetime(2026, 7, 10, 5, tzinfo=UTC)
STEPS = ("acknowledge", "triage", "interim_measures", "inquiry_complete")
ORDER = list(Label)


class Undone(Exception):
    pass


def freeze() -> None:
    snapshots.freeze(Q2, at=AFTERWARDS)
    freezing.freeze(Q2, at=AFTERWARDS)


def with_committee(factory: Factory, by, *, drill: bool | None) -> Factory:
    CommitteeCount.objects.create(
        factory=factory, quarter="2026Q2", meetings_planned=4, meetings_held=3, members=5, members_trained=4,
        recorded_by=by, recorded_on=date(2026, 7, 1),
    )  # fmt: skip
    if drill is not None:
        Drill.objects.create(factory=factory, on=date(2026, 3, 3), passed=drill, gaps="none", recorded_by=by)
    return factory


def handle(factory: Factory, person, number: int, *, late: int = 0, undeclared: int = 0) -> None:
    """File cases, so many of them late in each step, and so many opened before the declaration was signed."""
    opened = datetime(2026, 5, 5, 4, tzinfo=UTC)
    for place, case in enumerate(add_cases(factory, number, late=late, codes=STEPS)):
        Event.objects.create(
            case=case, number=1, kind="compartment_opened", actor_kind="handler", actor=person, on=opened.date(),
            at=opened, contents={}, digest=b"", mac=b"",
        )  # fmt: skip
        if place >= undeclared:
            ConflictDeclaration.objects.create(
                case=case, person=person, answer="none", may_handle=True, declared_at=opened - timedelta(hours=1)
            )


def lines_of(factory: Factory) -> dict[str, compliance.Line]:
    found = compliance.view(factory.pk, Q2)
    assert found is not None
    return {line.code: line for line in found.lines}


def test_it_holds_the_lines_of_the_indicators_and_no_other():
    world = make_world()
    freeze()
    wanted = ["F2", "F3", "F4", "F5", "F7", "F8", "F9", "F12", "F15", "F16", "F17", "F18", "F20", "F23", "F24", "F27"]
    assert list(lines_of(world.factory)) == wanted == list(compliance.CODES)
    assert not {"C1", "F1", "F6", "F10", "F11", "F13", "F14", "F26", "F28", "F29"} & set(wanted)
    names = {field.name for field in dataclasses.fields(compliance.Line)}
    assert names == {"code", "name", "says", "words", "label", "shown", "cells"}  # Nowhere a place for a number.


def test_example_8_and_9_nobody_three_and_a_hundred_read_the_same_word_for_word():
    by = make_person()
    factories = [with_committee(make_factory(), by, drill=True) for _number in range(3)]
    for factory, number in zip(factories, (0, 3, 100), strict=True):
        Membership.objects.create(person=by, factory=factory, role="case_officer", since=date(2026, 1, 1))
        handle(factory, by, number)
    freeze()
    nobody, three, many = (lines_of(factory) for factory in factories)
    assert nobody == three == many
    assert nobody["F2"].label == Label.WORKS_ON_TIME and nobody["F15"].words == "84%"  # .4 × 3/4 + .3 × 4/5 + .3


def test_without_a_practice_case_few_are_not_shown_yet_and_nothing_else_differs():
    by = make_person()
    factories = [with_committee(make_factory(), by, drill=drill) for drill in (None, None, False)]
    for factory, number in zip(factories, (0, 9, 4), strict=True):
        Membership.objects.create(person=by, factory=factory, role="case_officer", since=date(2026, 1, 1))
        handle(factory, by, number)
    freeze()
    nobody, nine, failed = (lines_of(factory) for factory in factories)
    assert nobody == nine == failed
    assert nobody["F2"].label == Label.NOT_SHOWN_YET and nobody["F15"].words == "54%"


def test_a_practice_case_is_good_for_twelve_months_and_the_last_one_counts():
    by = make_person()
    old, again, other = (make_factory() for _number in range(3))
    for factory, on, passed in (
        (old, date(2025, 6, 30), True),
        (again, date(2025, 9, 1), True),
        (again, date(2026, 4, 1), False),
        (other, date(2026, 7, 1), True),  # After the quarter.
    ):
        Drill.objects.create(factory=factory, on=on, passed=passed, gaps="none", recorded_by=by)
    freeze()
    assert {lines_of(one)["F2"].label for one in (old, again, other)} == {Label.NOT_SHOWN_YET}


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(
        st.tuples(st.integers(0, 14), st.integers(0, 14), st.integers(0, 8), st.booleans(), st.integers(1, 25)),
        min_size=8,
        max_size=8,
    )
)
def test_complaints_handled_on_time_never_lower_a_line(db, pairs):
    """Twins, alike but for complaints handled on time: no line is lower with more, and no count is to be read."""
    try:
        with transaction.atomic():
            by = make_person()
            twins = []
            for in_time, late, undeclared, drill, more in pairs:
                both = tuple(with_committee(make_factory(), by, drill=drill) for _number in range(2))
                for factory, added in zip(both, (0, more), strict=True):
                    Membership.objects.create(person=by, factory=factory, role="case_officer", since=date(2026, 1, 1))
                    handle(factory, by, in_time + late, late=late, undeclared=min(undeclared, in_time + late))
                    handle(factory, by, added)
                twins.append(both)
            freeze()
            for before, after in ((lines_of(one), lines_of(other)) for one, other in twins):
                for code, line in before.items():
                    if line.label is not None:
                        assert ORDER.index(after[code].label) >= ORDER.index(line.label), code
                    elif code == "F15":
                        assert after[code].shown.low >= line.shown.low
                    else:
                        assert after[code] == line
                    assert line.label is None or not re.search(r"\d", line.words)
            raise Undone
    except Undone:
        pass


def test_example_9a_complaints_outside_change_nothing():
    by = make_person()
    ours, twin = (with_committee(make_factory(), by, drill=True) for _number in range(2))
    Factory.objects.update(headcount=2000)
    for route in ("outside_only", "record_only"):
        add_cases(ours, 4, route=route)
    freeze()
    assert lines_of(ours) == lines_of(twin)
