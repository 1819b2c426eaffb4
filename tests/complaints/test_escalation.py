"""Nobody acts: each level rises once, in order, to the right people, and nothing of the case goes with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Notice
from complaints import events, workflow
from complaints.models import Event, Rung
from factories import sweep
from tests.builders import WEDNESDAY, make_case, make_world

pytestmark = pytest.mark.django_db


def told(person) -> list[str]:
    return sorted(person.notices.exclude(kind="case_filed").values_list("kind", flat=True))


def sweep_until(days: int) -> None:
    for day in range(days):
        sweep.sweep(WEDNESDAY + timedelta(days=day, hours=4))


def test_a_stalled_case_climbs_the_whole_ladder_to_the_right_people():
    world = make_world()
    case = make_case(world)
    sweep_until(60)
    assert set(told(world.officer)) == {"reminder"}
    assert "late_l1" in told(world.chair)
    assert set(told(world.advisor)) == {"late_l2"}
    assert set(told(world.expert)) | set(told(world.second_expert)) == {"late_l3"}
    assert "late_l4" in told(world.programme_lead)
    levels = list(
        Rung.objects.filter(deadline__case=case, deadline__code="acknowledge")
        .exclude(raised_at=None)
        .order_by("raised_at", "rises_at")
        .values_list("level", flat=True)
    )
    assert levels == ["reminder_before", "reminder_due", "L1", "L2", "L2c", "L3", "L4"] or levels == [
        "reminder_before", "reminder_due", "L1", "L2c", "L2", "L3", "L4",
    ]  # fmt: skip
    case.refresh_from_db()
    assert list(events.faults(case)) == []


def test_sweeping_again_tells_nobody_twice():
    world = make_world()
    make_case(world)
    sweep_until(60)
    before = Notice.objects.count()
    sweep.sweep(WEDNESDAY + timedelta(days=60))
    assert Notice.objects.count() == before


def test_of_an_outside_case_the_advisor_hears_nothing():
    world = make_world()
    make_case(world, route="outside_only")
    sweep_until(60)
    assert told(world.advisor) == []
    assert not any(told(person) for person in world.factory_people)
    assert "late_l2" in told(world.programme_lead)


def test_a_step_taken_in_time_raises_nothing_of_its_promise():
    world = make_world()
    case = make_case(world)
    workflow.declare_conflict(case, by=world.officer, answer="none", at=WEDNESDAY + timedelta(days=1))
    workflow.acknowledge(
        case, by=world.officer, text="Thank you for telling us about the mechanic, we will look.",
        at=WEDNESDAY + timedelta(days=1),
    )  # fmt: skip
    sweep_until(60)
    raised = Rung.objects.filter(deadline__case=case, deadline__code="acknowledge").exclude(raised_at=None)
    assert not raised.exclude(level__startswith="reminder").exists()


def test_at_l3_the_expert_may_open_the_case_page():
    world = make_world()
    case = make_case(world)
    experts = case.assignments.filter(role="technical_expert")
    assert experts.get().standing_by
    sweep_until(40)
    assert not experts.get().standing_by


def test_the_database_refuses_to_change_or_delete_an_event():
    world = make_world()
    case = make_case(world)
    for change in (
        lambda: Event.objects.filter(case=case).update(kind="closed"),
        lambda: Event.objects.filter(case=case).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
