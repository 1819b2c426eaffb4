"""Checks after the outcome: planned in time, asked, answered, reviewed, and never counted as fine in silence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from complaints import access, casewords, compartments, deadlines, workflow
from complaints.models import Case, Check, Entry, InterimMeasure
from complaints.selectors import casepage
from complaints.selectors import checks as looks
from complaints.workflow import StepRefused, checks
from tests.builders import WEDNESDAY, World, holder_of, make_case, make_world

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
DUE = WEDNESDAY + timedelta(days=30)
ASKED = "How are you? Has anything changed at work since we told you?"
PAPERS = {"by_line": True, "overtime": "changed", "shift": "normal", "text": "Duty lists of June and July."}


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SAMLENG_RELEASE_AT_ONCE = False
    return make_world()


@pytest.fixture
def case(world: World) -> Case:
    """At the factory, its two handlers have signed, and the checks have begun."""
    case = make_case(world)
    for person in (world.officer, world.chair):
        workflow.declare_conflict(case, by=person, answer="none", at=THURSDAY)
    checks.plan(case, at=WEDNESDAY)
    case.refresh_from_db()
    return case


def first(case: Case, code: str = "check_30") -> Check:
    return case.checks.get(code=code)


def answer(case: Case, *, at: datetime = DUE, **said: Any) -> None:
    workflow.answer_check(case, check=first(case), answers={"feeling": "so_so"} | said, at=at)


def ask(world: World, case: Case, *, at: datetime = DUE, code: str = "check_30") -> None:
    workflow.ask_check(case, by=world.officer, check=first(case, code), text=ASKED, at=at)


def look(case: Case, person: Any, *, at: datetime = DUE, code: str = "check_30", **found: Any) -> None:
    workflow.review_hr(case, by=person, check=first(case, code), found=PAPERS | found, not_involved=True, at=at)


def complete(world: World, case: Case, *, at: datetime) -> None:
    workflow.complete_check(case, by=world.officer, check=first(case), text="Nothing follows.", at=at)


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


# --- Asking -------------------------------------------------------------------------------------------------------


def test_a_try_is_a_message_on_her_page_and_tries_lie_two_days_apart(world: World, case: Case) -> None:
    ask(world, case)
    assert (first(case).tries, first(case).last_try_on) == (1, case.local_day(DUE))
    with pytest.raises(StepRefused):
        ask(world, case, at=DUE + timedelta(days=1))
    ask(world, case, at=DUE + timedelta(days=2))
    assert first(case).tries == 2


def test_asking_weeks_before_its_day_counts_as_no_try(world: World, case: Case) -> None:
    with pytest.raises(StepRefused):
        ask(world, case, at=THURSDAY)
    assert first(case).tries == 0


def test_her_page_asks_by_itself_from_three_days_before(case: Case) -> None:
    due = first(case).due_on
    for days, near in ((-4, False), (-3, True), (10, True)):
        at = case.calendar.at_hour(due + timedelta(days=days), 10)
        assert checks.near(case, at=at).exists() is near


def test_the_papers_after_180_days_ask_nobody(world: World, case: Case) -> None:
    with pytest.raises(StepRefused):
        ask(world, case, at=WEDNESDAY + timedelta(days=180), code="records_review_180")
    late = WEDNESDAY + timedelta(days=185)
    assert "records_review_180" not in [one.code for one in checks.near(case, at=late)]


# --- Answering ----------------------------------------------------------------------------------------------------


def test_one_face_is_an_answer_and_of_it_the_day_is_kept(case: Case) -> None:
    answer(case)
    assert first(case).answered_on == case.local_day(DUE)
    event = case.events.get(kind="check_answered")
    assert (event.at, event.actor_kind) == (None, "complainant")


def test_without_a_face_there_is_no_answer(case: Case) -> None:
    with pytest.raises(StepRefused):
        workflow.answer_check(case, check=first(case), answers={"text": "Words only."}, at=DUE)


def test_a_second_answer_to_the_same_check_is_refused(case: Case) -> None:
    answer(case)
    with pytest.raises(StepRefused):
        answer(case, at=DUE + timedelta(days=1))


def test_the_answer_is_sealed_and_reaches_the_factory_at_the_release(world: World, case: Case) -> None:
    answer(case, safe="no", changed=["shift", "nonsense"], text="He waits at the gate.")
    entry = Entry.objects.get(kind="check_answer")
    assert entry.visible_from == case.calendar.release_after(DUE)

    def read(at: datetime) -> str:
        opened = compartments.take_out(case, holder_of(world.officer), ["inbox"], at=at, released_only=True)
        return str([one.content for one in opened])

    assert "gate" not in read(DUE)
    released = read(entry.visible_from)
    assert "gate" in released and "nonsense" not in released


def test_before_the_release_the_factory_cannot_tell_that_she_answered(world: World, case: Case) -> None:
    on = access.case_for(world.officer, case.reference, at=DUE)

    def seen(at: datetime) -> list[Any]:
        lines = looks.lines_of(case, on.actor, at=at)
        return [(one.label, one.answered, one.near, str(one.result), [str(m) for m in one.missing]) for one in lines]

    before = seen(DUE)
    answer(case)
    assert seen(DUE) == before
    assert seen(DUE + timedelta(days=2))[0][1] is True


# --- HR data ------------------------------------------------------------------------------------------------------


def test_who_decided_a_measure_does_not_look_at_the_papers(world: World, case: Case) -> None:
    workflow.decide_interim(
        case, by=world.officer, code="patrol_light_lock", reason="dark", effect_on_pay=False, at_her_request=False,
        at=DUE,
    )  # fmt: skip
    with pytest.raises(StepRefused):
        look(case, world.officer)
    look(case, world.chair)
    assert first(case).hr_reviewed_on == case.local_day(DUE)


def test_who_does_not_say_that_they_had_no_hand_in_it_is_refused(world: World, case: Case) -> None:
    with pytest.raises(StepRefused):
        workflow.review_hr(case, by=world.officer, check=first(case), found=PAPERS, not_involved=False, at=DUE)


def test_of_an_anonymous_complaint_the_whole_line_is_looked_at(world: World, case: Case) -> None:
    with pytest.raises(StepRefused):
        look(case, world.officer, by_line=False)
    workflow.change_consents(case, holder_of(world.officer), wanted={"share_my_name": True}, at=DUE)
    look(case, world.officer, by_line=False)


def test_the_review_after_180_days_is_the_experts_and_is_made_by_it(world: World, case: Case) -> None:
    late = WEDNESDAY + timedelta(days=180)
    with pytest.raises(StepRefused):
        look(case, world.officer, at=late, code="records_review_180")
    expert = case.assignments.get(role="technical_expert").person
    look(case, expert, at=late, code="records_review_180")
    done = first(case, "records_review_180")
    assert done.done_on == case.local_day(late)
    assert not deadlines.is_open(case, "records_review_180")


def test_for_the_other_checks_the_factory_looks_at_its_own_papers(world: World, case: Case) -> None:
    expert = case.assignments.get(role="technical_expert").person
    with pytest.raises(StepRefused):
        look(case, expert)


def test_a_resignation_calls_the_expert_and_leaves_no_code_in_the_clear(world: World, case: Case) -> None:
    look(case, world.officer, resigned=True)
    expert = case.assignments.get(role="technical_expert")
    assert not expert.standing_by
    assert expert.person.notices.filter(kind="hr_look").exists()
    assert "resign" not in str(list(case.events.values_list("kind", "contents")))


# --- Made ---------------------------------------------------------------------------------------------------------


def test_an_answer_makes_a_check_and_meets_its_promise(world: World, case: Case) -> None:
    answer(case)
    after = DUE + timedelta(days=1)
    complete(world, case, at=after)
    assert (first(case).result, first(case).done_on) == ("answered", case.local_day(after))
    assert case.deadlines.get(code="check_30").met_at


def test_silence_is_no_answer_only_after_two_tries_and_a_look_at_the_papers(world: World, case: Case) -> None:
    ask(world, case)
    ask(world, case, at=DUE + timedelta(days=2))
    with pytest.raises(StepRefused):
        complete(world, case, at=DUE + timedelta(days=3))
    look(case, world.officer, at=DUE + timedelta(days=3))
    complete(world, case, at=DUE + timedelta(days=4))
    assert first(case).result == "no_answer"


def test_one_try_and_the_papers_are_not_enough(world: World, case: Case) -> None:
    ask(world, case)
    look(case, world.officer)
    with pytest.raises(StepRefused):
        complete(world, case, at=DUE + timedelta(days=1))


def test_after_the_check_of_90_days_the_closing_is_looked_at(world: World, case: Case) -> None:
    at = WEDNESDAY + timedelta(days=90)
    workflow.answer_check(case, check=first(case, "check_90"), answers={"feeling": "good"}, at=at)
    workflow.complete_check(
        case, by=world.officer, check=first(case, "check_90"), text="Nothing.", at=at + timedelta(days=2)
    )
    assert deadlines.is_open(case, "closure_review")


def test_a_made_check_takes_nothing_any_more(world: World, case: Case) -> None:
    answer(case)
    complete(world, case, at=DUE + timedelta(days=1))
    for again in (
        lambda: complete(world, case, at=DUE + timedelta(days=2)),
        lambda: look(case, world.officer, at=DUE + timedelta(days=2)),
        lambda: workflow.note_check(
            case, by=world.officer, check=first(case), whom="witness", text="x", at=DUE + timedelta(days=2)
        ),
    ):
        with pytest.raises(StepRefused):
            again()


def test_how_a_witness_is_lies_in_the_record_without_a_name_in_the_clear(world: World, case: Case) -> None:
    workflow.note_check(case, by=world.officer, check=first(case), whom="witness", text="She is moved.", at=DUE)
    assert Entry.objects.get(kind="check_note").key.compartment.kind == "record"
    with pytest.raises(StepRefused):
        workflow.note_check(case, by=world.officer, check=first(case), whom="boss", text="x", at=DUE)


def test_a_stranger_and_a_decision_maker_take_none_of_these_steps(world: World, case: Case) -> None:
    for person in (world.decision_maker, world.advisor):
        with pytest.raises(StepRefused):
            workflow.ask_check(case, by=person, check=first(case), text=ASKED, at=DUE)
        with pytest.raises(StepRefused):
            look(case, person)


def test_follow_ups_of_a_hold_do_not_exist_for_the_factory(world: World, case: Case) -> None:
    checks.plan_codes(case, ["follow_up_30"], at=WEDNESDAY)
    on = access.case_for(world.officer, case.reference, at=DUE)
    assert "follow_up_30" not in [one.check.code for one in looks.lines_of(case, on.actor, at=DUE)]
    with pytest.raises(StepRefused):
        ask(world, case, code="follow_up_30")


# --- Interim measures ---------------------------------------------------------------------------------------------


def decide(case: Case, person: Any, code: str, **more: Any) -> None:
    workflow.decide_interim(
        case, by=person, code=code, reason="To keep her safe.", effect_on_pay=False, at_her_request=False, at=DUE,
        **more,
    )  # fmt: skip


@pytest.mark.parametrize("code", ["no_contact", "respondent_other_place", "respondent_paid_leave"])
def test_a_measure_that_points_to_her_is_refused_while_she_is_anonymous(world: World, case: Case, code: str) -> None:
    with pytest.raises(StepRefused):
        decide(case, world.chair, code)
    workflow.change_consents(case, holder_of(world.officer), wanted={"tell_respondent": True}, at=DUE)
    decide(case, world.chair, code)
    assert case.interim_measures.filter(code=code).exists()


@pytest.mark.parametrize("code", ["hr_freeze", "supervision_change"])
def test_some_measures_hold_for_the_whole_line_while_she_is_anonymous(world: World, case: Case, code: str) -> None:
    with pytest.raises(StepRefused):
        decide(case, world.chair, code)
    decide(case, world.chair, code, by_line=True)


def test_what_she_says_to_a_measure_stands_beside_its_reason(world: World, case: Case) -> None:
    decide(case, world.chair, "patrol_light_lock", her_view="She wants the light in the store, too.")
    opened = compartments.take_out(case, holder_of(world.chair), ["record"], at=DUE)
    assert any(one.content.get("her_view", "").startswith("She wants") for one in opened)


def test_while_an_appeal_is_open_measures_are_still_looked_at(world: World, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(side="appeal")
    decide(case, world.chair, "patrol_light_lock")
    ask(world, case)


def test_each_measure_in_force_is_looked_at_within_seven_days_and_one_look_does_not_do_for_another(
    world: World, case: Case
) -> None:
    for code in ("patrol_light_lock", "second_person_rule"):
        decide(case, world.chair, code)
    light, second = case.interim_measures.order_by("code")
    due = case.deadlines.open().get(code="interim_review").due_at

    def look_at(measure: InterimMeasure, days: int, goes_on: bool = True) -> None:
        workflow.review_interim(
            case, by=world.chair, measure=measure, goes_on=goes_on, note="Asked her.", at=DUE + timedelta(days=days)
        )

    look_at(light, 5)
    assert case.deadlines.open().get(code="interim_review").due_at == due
    look_at(second, 6)
    promise = case.deadlines.open().get(code="interim_review")
    assert case.local_day(promise.starts_at) == case.local_day(DUE + timedelta(days=5))  # From the oldest look.
    look_at(light, 7, goes_on=False)
    look_at(second, 8, goes_on=False)
    assert not deadlines.is_open(case, "interim_review")


# --- A sign that something is wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [{"contact": "yes"}, {"changed": ["overtime"]}])
def test_a_sign_of_retaliation_in_her_answer_calls_the_expert_at_once(
    world: World, case: Case, said: dict[str, Any]
) -> None:
    answer(case, **said)
    expert = case.assignments.get(role="technical_expert")
    assert not expert.standing_by
    call = expert.person.notices.get(kind="treated_worse")
    assert call.send_after <= DUE
    access.case_for(expert.person, case.reference, at=DUE)
    assert not world.officer.notices.filter(kind="treated_worse").exists()


def test_that_she_is_not_safe_brings_urgent_contact_and_measures_and_shows_nothing_before_the_release(
    world: World, case: Case
) -> None:
    answer(case, safe="no")
    case.refresh_from_db()
    release = case.calendar.release_after(DUE)
    assert (case.urgent_outside, case.urgent_shows_at) == (True, release)
    assert deadlines.is_open(case, "urgent_contact")
    assert case.deadlines.open().get(code="interim_measures_urgent").starts_at == release
    on = access.case_for(world.officer, case.reference, at=DUE)
    page = casepage.case_page(on.case, on.actor, at=DUE)
    assert "technical_expert" not in [one.assignment.role for one in page.people]
    words = {str(one.label) for one in page.promises}
    assert not {str(casewords.promise(code)) for code in ("urgent_contact", "interim_measures_urgent")} & words


def test_an_answer_without_such_a_sign_calls_nobody(world: World, case: Case) -> None:
    answer(case, safe="yes", contact="no")
    assert case.assignments.get(role="technical_expert").standing_by
    assert not deadlines.is_open(case, "urgent_contact")


def test_a_check_is_not_made_while_nobody_has_written_to_her_about_such_a_sign(world: World, case: Case) -> None:
    answer(case, changed=["pay"])
    workflow.send_message(case, by=world.officer, text="We think of you.", at=DUE)  # Before the officer could know.
    after = case.calendar.release_after(DUE) + timedelta(hours=1)
    with pytest.raises(StepRefused) as refusal:
        complete(world, case, at=after)
    assert "First write to her" in str(refusal.value.message)
    workflow.send_message(case, by=world.officer, text="You say that your pay has changed. Since when?", at=after)
    complete(world, case, at=after)
    assert first(case).result == "answered"


def test_a_word_from_outside_answers_such_a_sign_at_once(world: World, case: Case) -> None:
    answer(case, contact="yes")
    expert = case.assignments.get(role="technical_expert").person
    workflow.send_message(case, by=expert, text="You say that he came to you. What happened?", at=DUE)
    complete(world, case, at=case.calendar.release_after(DUE))
    assert first(case).done_on


def test_a_change_against_the_normal_of_the_line_calls_the_expert_too(world: World, case: Case) -> None:
    look(case, world.officer)  # The overtime has changed.
    assert case.assignments.get(role="technical_expert").person.notices.filter(kind="hr_look").exists()


def test_papers_as_on_the_rest_of_the_line_call_nobody(world: World, case: Case) -> None:
    look(case, world.officer, overtime="normal")
    assert case.assignments.get(role="technical_expert").standing_by
