"""The annual cycle on the clock: what is promised after a conclusion, who hears when, and what meets it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import Notice
from assessments import cycle, givingback
from assessments.models import AssessmentDeadline, AssessmentRung
from factories import clock, sweep
from tests.assessments.factoryworld import TODAY, make_final, make_planned, noon
from tests.assessments.visitworld import compared, conclude
from tests.builders import make_world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DUE = date(2027, 6, 10)


@pytest.fixture
def world():
    return make_world()


def open_codes(factory) -> list[str]:
    return sorted(AssessmentDeadline.objects.open().filter(factory=factory).values_list("code", flat=True))


def heard(person, kind: str) -> list[date]:
    """The days on which somebody was told this, first to last."""
    return sorted(notice.made_at.date() for notice in Notice.objects.filter(recipient=person, kind=kind))


def let_time_pass(until: date, *, since: date = TODAY) -> None:
    """Sweep each day, as the site does each minute."""
    for number in range((until - since).days + 1):
        sweep.sweep(noon(since + number * DAY))


def test_a_year_after_the_visit_the_next_is_due_with_three_reminders_then_those_above(world):
    visit = make_final(world)
    cycle.after_final(visit, at=noon(TODAY + DAY))
    promise = AssessmentDeadline.objects.get(factory=world.factory, code="next_visit")
    assert clock.calendar_for(world.factory).local_day(promise.due_at) == DUE == cycle.next_due(visit.visit_to)
    let_time_pass(DUE + 60 * DAY, since=DUE - 100 * DAY)
    # 60 days before is a Sunday: the reminder rises on the Saturday.
    assert heard(world.advisor, "cycle_next_visit_due") == [DUE - 90 * DAY, date(2027, 4, 10), DUE - 30 * DAY, DUE]
    assert heard(world.advisor, "cycle_next_visit_late") == []
    told = heard(world.expert, "cycle_next_visit_late")
    assert len(told) == 1 and told[0] > DUE + 30 * DAY  # Thirty days of grace: indicators, A1.
    assert len(heard(world.programme_lead, "cycle_next_visit_late")) == 1
    before = Notice.objects.count()
    sweep.sweep(noon(DUE + 61 * DAY))
    assert Notice.objects.count() == before


def test_whoever_has_planned_the_visit_is_not_reminded_until_it_is_not_held(world):
    cycle.after_final(make_final(world), at=noon(TODAY))
    planned = make_planned(world, world.factory, DUE - 10 * DAY)
    cycle.visit_planned(planned, at=noon(DUE - 80 * DAY))
    assert open_codes(world.factory) == ["give_back", "next_visit"]
    planned.stage, planned.dropped_reason = "dropped", "Flood."
    planned.save()
    cycle.visit_dropped(planned, at=noon(DUE - 70 * DAY))
    assert open_codes(world.factory) == ["next_visit", "next_visit_30", "next_visit_60"]
    rungs = AssessmentRung.objects.waiting().filter(deadline__code__startswith="next_visit_")
    assert sorted(rung.rises_at.date() for rung in rungs) == [date(2027, 4, 10), DUE - 30 * DAY]


def test_the_next_final_visit_meets_the_promise_and_makes_the_next(world):
    cycle.after_final(make_final(world), at=noon(TODAY))
    second = make_final(world, ended=DUE - 20 * DAY)
    cycle.after_final(second, at=noon(DUE - 10 * DAY))
    first, then = AssessmentDeadline.objects.filter(code="next_visit").order_by("ordinal")
    assert first.met_at and not then.met_at
    assert clock.calendar_for(world.factory).local_day(then.due_at) == cycle.next_due(second.visit_to)


def test_a_self_assessment_sets_no_date(world):
    cycle.after_final(make_final(world, kind="self", level_factory=""), at=noon(TODAY))
    assert not AssessmentDeadline.objects.exists()


@pytest.mark.parametrize(
    ("level", "promised"),
    [
        ("established", ["action_plan", "visit_again"]),
        ("likely", ["action_plan", "visit_again"]),
        ("possible", []),
        ("no_indication_found", []),
        ("not_assessable", ["visit_again"]),
    ],
)
def test_what_a_conclusion_leads_to(world, level, promised):
    cycle.after_final(make_final(world, level_factory=level), at=noon(TODAY))
    found = AssessmentDeadline.objects.exclude(code__startswith="next_visit").order_by("code")
    assert [one.code for one in found] == promised
    days = {"action_plan": 30, "visit_again": 90}
    for one in found:
        assert clock.calendar_for(world.factory).local_day(one.due_at) == TODAY + days[one.code] * DAY


def test_after_a_high_level_only_a_joint_visit_meets_the_promise(world):
    cycle.after_final(make_final(world, level_factory="likely"), at=noon(TODAY))
    cycle.after_final(make_final(world, ended=TODAY + 30 * DAY), at=noon(TODAY + 31 * DAY))
    assert "visit_again" in open_codes(world.factory)
    cycle.after_final(make_final(world, ended=TODAY + 60 * DAY, kind="joint"), at=noon(TODAY + 61 * DAY))
    assert "visit_again" not in open_codes(world.factory)


def test_of_what_only_experts_know_only_experts_hear(world):
    visit = make_final(world, level="established", rule_level="established", confidence="high")
    cycle.after_final(visit, at=noon(TODAY))
    cycle.after_review(visit, at=noon(TODAY))
    assert open_codes(world.factory).count("visit_again_expert") == 1
    assert "visit_again" not in open_codes(world.factory)
    let_time_pass(TODAY + 120 * DAY)
    assert {person for person in world.everybody if heard(person, "cycle_visit_again_due")} == {
        world.expert,
        world.second_expert,
    }
    rows = AssessmentDeadline.objects.filter(factory=world.factory)
    assert not cycle.ours(rows, expert=False).filter(code="visit_again_expert").exists()


def test_a_level_decided_anew_takes_back_what_the_one_before_promised(world):
    visit = make_final(world, level="likely", rule_level="likely", confidence="high")
    cycle.after_final(visit, at=noon(TODAY))
    for level, promised in (("possible", False), ("established", True), ("likely", True)):
        visit.level = level
        visit.save()
        cycle.after_review(visit, at=noon(TODAY))
        assert open_codes(world.factory).count("visit_again_expert") == promised


def test_an_assessment_brought_in_from_before_promises_nothing_of_its_own(world):
    make_final(world)
    cycle.after_final(make_final(world, ended=TODAY - 400 * DAY, level_factory="likely"), at=noon(TODAY))
    assert open_codes(world.factory) == ["next_visit", "next_visit_30", "next_visit_60", "next_visit_90"]
    due_at = AssessmentDeadline.objects.get(code="next_visit").due_at
    assert clock.calendar_for(world.factory).local_day(due_at) == DUE


def test_an_expert_has_ten_working_days_and_then_the_heads_hear(world):
    visit = make_final(world, stage="review", final_at=None)
    cycle.review_asked(visit, at=noon(TODAY))
    cycle.review_asked(visit, at=noon(TODAY))
    promise = AssessmentDeadline.objects.get(code="expert_review")
    due_on = clock.calendar_for(world.factory).local_day(promise.due_at)
    assert due_on == clock.calendar_for(world.factory).add_working_days(TODAY, 10)
    assert due_on == cycle.review_due_on(world.factory, noon(TODAY))
    let_time_pass(due_on + 20 * DAY)
    assert heard(world.expert, "cycle_expert_review_due") and not heard(world.advisor, "cycle_expert_review_due")
    assert heard(world.programme_lead, "cycle_expert_review_late")
    cycle.after_review(visit, at=noon(due_on))
    assert not AssessmentDeadline.objects.open().filter(code="expert_review").exists()


def test_results_are_promised_back_within_thirty_days_of_the_visit(world):
    planned = make_planned(world, world.factory, TODAY + 5 * DAY)
    cycle.visit_planned(planned, at=noon(TODAY))
    planned.visit_to = TODAY + 9 * DAY
    planned.save()
    cycle.visit_planned(planned, at=noon(TODAY))  # Its days were moved.
    promise = AssessmentDeadline.objects.open().get(code="give_back")
    assert clock.calendar_for(world.factory).local_day(promise.due_at) == TODAY + 39 * DAY
    cycle.given_back(planned, at=noon(TODAY + 20 * DAY))
    let_time_pass(TODAY + 60 * DAY)
    assert not Notice.objects.filter(kind__startswith="cycle_give_back").exists()


def test_a_visit_from_its_plan_to_giving_back_keeps_the_clock(world):
    """The whole of it by the steps that people take, not by rows."""
    scene = compared(world)
    assert open_codes(world.factory) == ["give_back"]
    conclude(scene)
    assert scene.visit.stage == "final"
    assert open_codes(world.factory) == ["give_back", "next_visit", "next_visit_30", "next_visit_60", "next_visit_90"]
    later = noon(scene.visit.visit_to + 5 * DAY)
    givingback.write_plain(scene.visit, "km", found="a", will_be_done="b", by=world.advisor, at=later)
    givingback.give_back(scene.visit, scene.visit.visit_to + 5 * DAY, by=world.advisor, at=later)
    assert "give_back" not in open_codes(world.factory)


def test_a_promise_made_late_tells_what_is_still_to_come_and_nothing_twice(world):
    cycle.after_final(make_final(world, ended=TODAY - 400 * DAY), at=noon(TODAY))
    promise = AssessmentDeadline.objects.get(code="next_visit")
    assert promise.due_at < noon(TODAY)
    let_time_pass(TODAY + 40 * DAY)
    assert len(heard(world.expert, "cycle_next_visit_late")) <= 1
