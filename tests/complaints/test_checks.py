"""Checks after the outcome: planned in time, asked, answered, reviewed, and never counted as fine in silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from complaints.models import InterimMeasure
from complaints.workflow import checks
from tests.builders import WEDNESDAY, World, make_case, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_four_checks_are_planned_from_day_0_each_with_its_promise(world: World) -> None:
    case = make_case(world)
    checks.plan(case, at=WEDNESDAY)
    planned = list(case.checks.select_related("deadline"))
    assert [check.code for check in planned] == ["check_30", "check_60", "check_90", "records_review_180"]
    assert [check.deadline.code for check in planned if check.deadline] == [check.code for check in planned]
    assert case.monitoring_on == date(2026, 6, 10)
    for check, days in zip(planned, (30, 60, 90, 180), strict=True):
        assert check.due_on >= date(2026, 6, 10) + timedelta(days=days)
        assert check.due_on <= check.cap_on
        assert check.deadline and case.local_day(check.deadline.due_at) == check.due_on


def test_planning_twice_changes_nothing(world: World) -> None:
    case = make_case(world)
    checks.plan(case, at=WEDNESDAY)
    assert checks.plan(case, at=WEDNESDAY + timedelta(days=3)) == []
    assert checks.plan_codes(case, ["check_30"], at=WEDNESDAY) == []
    assert case.checks.count() == case.deadlines.filter(code__in=[c.code for c in case.checks.all()]).count() == 4


def test_a_light_check_after_14_days_comes_only_while_an_interim_measure_is_in_force(world: World) -> None:
    case = make_case(world)
    InterimMeasure.objects.create(
        case=case, code="second_person_rule", starts_on=date(2026, 6, 10), decided_by=world.chair
    )
    checks.plan(case, at=WEDNESDAY)
    assert case.checks.filter(code="check_14").exists()


def test_a_dropped_check_is_planned_anew_with_its_next_number(world: World) -> None:
    case = make_case(world)
    checks.plan(case, at=WEDNESDAY)
    assert checks.drop(case, at=WEDNESDAY) == 4
    assert not case.deadlines.open().filter(code__startswith="check_").exists()
    [again] = checks.plan_codes(case, ["check_30"], at=WEDNESDAY + timedelta(days=1))
    assert (again.number, again.deadline and again.deadline.ordinal) == (2, 2)
