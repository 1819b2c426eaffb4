"""Remedies, sanctions and the five paths up to monitoring: promised, confirmed, refused. Workflow, 3.4, 3.8 and 4."""

from __future__ import annotations

import copy
from datetime import date, timedelta

import pytest

from accounts.models import Notice
from complaints import deadlines, workflow
from complaints.models import CaseLink
from complaints.selectors.promises import promises_of
from complaints.workflow import Planned
from factories import sweep
from factories.models import Membership
from tests.builders import file, make_answers, make_case, make_world, reader_of
from tests.walkers import (
    THURSDAY,
    carry_out,
    decide,
    declare,
    on_case,
    to_action,
    to_decision,
    to_fact_finding,
    to_monitoring,
    to_planning,
    to_triage,
)

pytestmark = pytest.mark.django_db
SOON = date(2026, 6, 30)
MESSAGE = "Have you got the letter that was promised to you? Please tell us on your page."


@pytest.fixture(scope="module")
def acted(for_the_file):
    world = make_world()
    return world, to_action(world, make_case(world))


@pytest.fixture
def scene(acted, db):
    return copy.deepcopy(acted)


@pytest.fixture
def world(scene):
    return scene[0]


@pytest.fixture
def case(scene):
    return scene[1]


def later(days: int):
    return THURSDAY + timedelta(days=days)


def refused(act, *, saying: str) -> None:
    with pytest.raises(workflow.StepRefused) as refusal:
        act()
    assert saying in str(refusal.value.message)


def done(case) -> None:
    remedy = case.remedies.get()
    workflow.remedy_done(case, by=remedy.owner, remedy=remedy, at=THURSDAY)


# --- Remedies -----------------------------------------------------------------------------------------------------


def test_a_remedy_is_done_by_its_owner_and_true_when_she_says_so(case):
    remedy = case.remedies.get()
    done(case)
    assert not deadlines.is_open(case, "remedy_done")
    workflow.confirm_remedy(case, remedy=remedy, happened=True, at=later(1))
    remedy.refresh_from_db()
    assert (remedy.verified_by, remedy.verified_on) == ("complainant", later(1).date())
    assert case.events.get(kind="remedy_verified").at is None


def test_nobody_but_its_owner_says_that_a_remedy_is_done(world, case):
    refused(
        lambda: workflow.remedy_done(case, by=world.chair, remedy=case.remedies.get(), at=THURSDAY), saying="not yours"
    )


def test_a_remedy_is_said_to_be_done_once(case):
    done(case)
    refused(lambda: done(case), saying="already that it is done")


def test_her_not_yet_opens_it_again(world, case):
    remedy = case.remedies.get()
    done(case)
    workflow.confirm_remedy(case, remedy=remedy, happened=False, at=later(1))
    state = workflow.remedies_of(case, at_factory=False, at=later(1))[0]
    assert not state.claimed and state.not_yet_on == later(1).date()
    workflow.plan_remedy(
        case, by=world.officer, remedy=remedy, owner=world.chair, due_on=SOON, outside_line=True, reason="Forgotten.",
        at=later(2),
    )  # fmt: skip
    assert deadlines.is_open(case, "remedy_done")
    remedy.refresh_from_db()
    assert remedy.owner == world.chair


def test_what_she_says_of_a_remedy_reaches_the_factory_at_the_release(world, case, settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False
    done(case)
    workflow.confirm_remedy(case, remedy=case.remedies.get(), happened=True, at=later(1))
    assert not workflow.remedies_of(case, at_factory=True, at=later(1))[0].verified
    assert workflow.remedies_of(case, at_factory=False, at=later(1))[0].verified
    assert workflow.remedies_of(case, at_factory=True, at=later(2))[0].verified


def test_her_not_yet_shows_at_the_factory_at_the_release_only(world, case, settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False
    done(case)
    workflow.confirm_remedy(case, remedy=case.remedies.get(), happened=False, at=later(1))
    assert workflow.remedies_of(case, at_factory=True, at=later(1))[0].claimed
    assert workflow.remedies_of(case, at_factory=True, at=later(2))[0].not_yet_on


def test_her_yes_keeps_the_promise_with_the_release(case, settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False
    remedy = case.remedies.get()
    workflow.confirm_remedy(case, remedy=remedy, happened=True, at=later(1))
    assert workflow.end_confirmed(at=later(1)) == 0 and deadlines.is_open(case, "remedy_done")
    assert workflow.end_confirmed(at=later(2)) == 1 and not deadlines.is_open(case, "remedy_done")
    remedy.deadline.refresh_from_db()
    assert remedy.deadline.met_at == case.calendar.at_hour(later(1).date(), 0)
    assert case.events.get(kind="promise_kept").contents == {"remedy": str(remedy.pk)}
    assert workflow.end_confirmed(at=later(2)) == 0


def test_outside_her_yes_keeps_the_promise_at_once(world, case):
    type(case).objects.filter(pk=case.pk).update(route="outside_only")
    workflow.confirm_remedy(case, remedy=case.remedies.get(), happened=True, at=later(1))
    assert not deadlines.is_open(case, "remedy_done")


def test_she_answers_each_remedy_once_with_yes(case):
    done(case)
    remedy = case.remedies.get()
    workflow.confirm_remedy(case, remedy=remedy, happened=True, at=THURSDAY)
    refused(lambda: workflow.confirm_remedy(case, remedy=remedy, happened=False, at=THURSDAY), saying="already")


def test_she_is_asked_at_most_every_two_days(world, case):
    remedy = case.remedies.get()
    done(case)
    workflow.ask_about_remedy(case, by=world.officer, remedy=remedy, text=MESSAGE, at=THURSDAY)
    refused(
        lambda: workflow.ask_about_remedy(case, by=world.officer, remedy=remedy, text=MESSAGE, at=later(1)),
        saying="last two days",
    )
    workflow.ask_about_remedy(case, by=world.officer, remedy=remedy, text=MESSAGE, at=later(2))
    remedy.refresh_from_db()
    assert remedy.times_asked == 2


def test_other_evidence_counts_only_after_two_unanswered_requests(world, case):
    remedy = case.remedies.get()
    done(case)

    def verify(at):
        workflow.verify_remedy(case, by=world.chair, remedy=remedy, evidence="The letter with her mark.", at=at)

    refused(lambda: verify(THURSDAY), saying="First ask her twice")
    for day in (0, 2):
        workflow.ask_about_remedy(case, by=world.officer, remedy=remedy, text=MESSAGE, at=later(day))
    refused(lambda: verify(later(3)), saying="First ask her twice")
    verify(later(4))
    remedy.refresh_from_db()
    assert remedy.verified_by == "evidence"


def test_no_owner_verifies_what_is_theirs(world, case):
    done(case)
    refused(
        lambda: workflow.verify_remedy(case, by=world.officer, remedy=case.remedies.get(), evidence="x", at=later(9)),
        saying="somebody else",
    )


def test_nothing_is_verified_that_its_owner_has_not_done(world, case):
    refused(
        lambda: workflow.verify_remedy(case, by=world.chair, remedy=case.remedies.get(), evidence="x", at=later(9)),
        saying="not said yet",
    )


def test_the_expert_verifies_for_her(world, case):
    case.assignments.filter(role="technical_expert").update(standing_by=False)
    expert = on_case(case, "technical_expert")[0]
    done(case)
    workflow.verify_remedy(case, by=expert, remedy=case.remedies.get(), evidence="She told me by phone.", at=THURSDAY)
    assert case.remedies.get().verified_by == "expert"


def test_each_remedy_reminds_its_own_owner(world, case):
    remedy = case.remedies.get()
    workflow.add_remedy(case, by=world.officer, planned=Planned("light", world.chair, SOON), at=THURSDAY)
    light = case.remedies.get(code="light")
    sweep.sweep(remedy.deadline.due_at - timedelta(days=2))
    Notice.objects.all().delete()
    sweep.sweep(light.deadline.due_at + timedelta(days=1))
    rungs = light.deadline.rungs.filter(level__startswith="reminder").values_list("pk", flat=True)
    told = Notice.objects.filter(cause__in=[f"rung:{pk}" for pk in rungs]).values_list("recipient", flat=True)
    assert set(told) == {world.chair.pk}


# --- Sanctions ----------------------------------------------------------------------------------------------------


def test_a_sanction_is_carried_out_by_its_owner_and_checked_by_another(world, case):
    sanction = case.sanctions.get()
    refused(
        lambda: workflow.check_sanction(case, by=world.chair, sanction=sanction, note="x", at=THURSDAY),
        saying="not said",
    )
    refused(
        lambda: workflow.carry_out_sanction(case, by=world.chair, sanction=sanction, at=THURSDAY), saying="not yours"
    )
    workflow.carry_out_sanction(case, by=world.officer, sanction=sanction, at=THURSDAY)
    refused(
        lambda: workflow.check_sanction(case, by=world.officer, sanction=sanction, note="x", at=THURSDAY),
        saying="somebody else",
    )
    workflow.check_sanction(case, by=world.chair, sanction=sanction, note="I saw the letter.", at=THURSDAY)
    sanction.refresh_from_db()
    assert sanction.checked_by == world.chair


def test_a_sanction_after_the_legal_dates_is_not_refused(world, case):
    case.refresh_from_db()
    case.employer_knowledge_at = THURSDAY - timedelta(days=40)
    case.save()
    workflow.carry_out_sanction(case, by=world.officer, sanction=case.sanctions.get(), at=THURSDAY)


# --- On to monitoring ---------------------------------------------------------------------------------------------


def test_monitoring_waits_for_every_remedy_and_sanction(world, case):
    refused(lambda: workflow.begin_monitoring(case, by=world.officer, at=THURSDAY), saying="neither confirmed nor")
    done(case)
    workflow.confirm_remedy(case, remedy=case.remedies.get(), happened=True, at=THURSDAY)
    refused(lambda: workflow.begin_monitoring(case, by=world.officer, at=later(1)), saying="not carried out")
    sanction = case.sanctions.get()
    workflow.carry_out_sanction(case, by=world.officer, sanction=sanction, at=THURSDAY)
    refused(lambda: workflow.begin_monitoring(case, by=world.officer, at=later(1)), saying="not checked")
    workflow.check_sanction(case, by=world.chair, sanction=sanction, note="seen", at=THURSDAY)
    workflow.begin_monitoring(case, by=world.officer, at=later(1))


@pytest.mark.parametrize("outside_line", [True, False])
def test_a_dated_plan_counts_where_its_owner_is_outside_the_line(world, case, outside_line):
    sanction = case.sanctions.get()
    workflow.carry_out_sanction(case, by=world.officer, sanction=sanction, at=THURSDAY)
    workflow.check_sanction(case, by=world.chair, sanction=sanction, note="seen", at=THURSDAY)
    workflow.plan_remedy(
        case, by=world.officer, remedy=case.remedies.get(), owner=world.chair, due_on=SOON, outside_line=outside_line,
        reason="The manager is away.", at=THURSDAY,
    )  # fmt: skip
    if outside_line:
        workflow.begin_monitoring(case, by=world.officer, at=THURSDAY)
    else:
        refused(lambda: workflow.begin_monitoring(case, by=world.officer, at=THURSDAY), saying="neither confirmed nor")


def test_the_walk_of_a_formal_inquiry_ends_in_monitoring(world):
    case = to_monitoring(world, make_case(world))
    assert case.stage == "monitoring" and case.monitoring_on == THURSDAY.date()


@pytest.mark.parametrize("code", ["place_changed", "apology"])
def test_nobody_adds_another_place_or_an_apology_that_she_did_not_ask_for(world, case, code):
    def add(asked):
        planned = Planned(code, world.chair, SOON, at_her_request=asked)
        return workflow.add_remedy(case, by=world.officer, planned=planned, at=THURSDAY)

    refused(lambda: add(False), saying="only where she asked for it")
    assert case.events.get(kind="remedy_added", contents__remedy=str(add(True).pk)).contents["asked_for"] is True


def test_an_agreement_moves_her_only_where_she_asked_for_it(world):
    wished = {"she_asked_twice": True, "written_consent": True}
    agreed = to_planning(world, make_case(world), path="informal_resolution", **wished)
    refused(lambda: begin(world, agreed, "place_changed"), saying="only where she asked for it")
    agreed.refresh_from_db()
    assert (agreed.stage, agreed.remedies.count()) == ("planning", 0)


@pytest.mark.parametrize("kept", [(False, True), (True, False)])
def test_an_informal_resolution_begins_apart_and_with_a_person_she_trusts(world, kept):
    wished = {"she_asked_twice": True, "written_consent": True}
    agreed = to_planning(world, make_case(world), path="informal_resolution", **wished)
    apart, trusted = kept
    refused(lambda: begin(world, agreed, "light", apart=apart, trusted=trusted), saying="face to face")
    begin(world, agreed, "light")
    assert agreed.stage == "action"


# --- Workplace action ---------------------------------------------------------------------------------------------


@pytest.fixture
def planned(world):
    return to_planning(world, make_case(world), path="workplace_action")


def begin(world, case, *codes, text="Second person at the store, for the whole line.", apart=True, trusted=True):
    workflow.begin_action(
        case, by=world.officer, text=text, remedies=[Planned(code, world.chair, SOON) for code in codes],
        not_face_to_face=apart, trusted_person=trusted, at=THURSDAY,
    )  # fmt: skip
    case.refresh_from_db()


def test_a_workplace_action_points_to_nobody(world, planned):
    refused(lambda: begin(world, planned, "apology"), saying="points to nobody")
    begin(world, planned, "second_person_rule")
    refused(
        lambda: workflow.add_remedy(
            planned, by=world.officer, planned=Planned("apology", world.chair, SOON, at_her_request=True), at=THURSDAY
        ),
        saying="points to nobody",
    )


def test_a_workplace_action_changes_something_and_says_what_was_agreed(world, planned):
    refused(lambda: begin(world, planned), saying="at least one thing")
    refused(lambda: begin(world, planned, "light", text=" "), saying="what was agreed")


def test_a_workplace_action_goes_from_plan_to_monitoring_and_the_checks_begin_with_the_plan(world, planned):
    begin(world, planned, "second_person_rule", "light")
    assert planned.stage == "action" and planned.monitoring_on == THURSDAY.date()
    carry_out(planned)
    workflow.begin_monitoring(planned, by=world.officer, at=later(1))
    planned.refresh_from_db()
    assert planned.stage == "monitoring"


# --- Informal resolution ------------------------------------------------------------------------------------------

INFORMAL = {"she_asked_twice": True, "written_consent": True, "severity": "c"}


def agree(world, case, path, **fields):
    said = {"reason": "She wants it.", "severity": "c", "she_agreed": True} | fields
    workflow.agree_path(case, by=world.officer, path=path, fields=said, reader=reader_of(world.officer), at=THURSDAY)
    case.refresh_from_db()


def test_informal_resolution_goes_from_plan_to_monitoring(world):
    case = to_planning(world, make_case(world), path="informal_resolution", **INFORMAL)
    begin(world, case, "no_contact_promise", text="He writes that he leaves her alone. She wants it like this.")
    carry_out(case)
    workflow.begin_monitoring(case, by=world.officer, at=later(1))
    case.refresh_from_db()
    assert case.stage == "monitoring"


@pytest.mark.parametrize(
    "left_out, saying", [("she_asked_twice", "explained to her twice"), ("written_consent", "in writing")]
)
def test_informal_resolution_is_hers_to_ask_for_in_writing(world, left_out, saying):
    case = to_triage(world, make_case(world))
    refused(lambda: agree(world, case, "informal_resolution", **INFORMAL | {left_out: False}), saying=saying)


@pytest.mark.parametrize(
    "triage, saying", [({"severity": "b"}, "too serious"), ({"power_difference": "yes"}, "power over her")]
)
def test_what_was_recorded_at_triage_closes_informal_resolution(world, triage, saying):
    case = to_triage(world, make_case(world), **triage)
    refused(lambda: agree(world, case, "informal_resolution", **INFORMAL), saying=saying)


@pytest.mark.parametrize("fields, saying", [({"severity": "a"}, "too serious"), ({"power_difference": True}, "power")])
def test_what_the_handlers_see_now_closes_it_too(world, fields, saying):
    case = to_triage(world, make_case(world))
    refused(lambda: agree(world, case, "informal_resolution", **INFORMAL | fields), saying=saying)


@pytest.mark.parametrize("answers", [{"conduct_types": frozenset({"touch"})}, {"conduct_types": frozenset({"rape"})}])
def test_what_happened_closes_informal_resolution(world, answers):
    case = to_triage(world, make_case(world, **answers))
    refused(lambda: agree(world, case, "informal_resolution", **INFORMAL), saying="too serious")


def test_urgency_closes_informal_resolution(world):
    filed = file(make_answers(world.factory))
    case = to_triage(world, filed.case)
    workflow.say_not_safe(case, text="", at=THURSDAY)
    case.assignments.filter(role="technical_expert").update(standing_by=False)
    workflow.first_look(case, by=on_case(case, "technical_expert")[0], note="I wrote.", wrote_to_her=True, at=THURSDAY)
    refused(lambda: agree(world, case, "informal_resolution", **INFORMAL), saying="danger")


@pytest.mark.parametrize("turned", [True, False])
def test_an_earlier_case_about_the_same_person_closes_it(world, turned):
    case, other = to_triage(world, make_case(world)), make_case(world)
    one, two = (other, case) if turned else (case, other)
    CaseLink.objects.create(case=one, other=two, kind="person", on=THURSDAY.date())
    refused(lambda: agree(world, case, "informal_resolution", **INFORMAL), saying="same person")


# --- Support, referral, silence, change ---------------------------------------------------------------------------


def test_support_only_goes_straight_to_monitoring(world):
    case = to_planning(world, make_case(world), path="support_only")
    refused(lambda: begin(world, case, "light"), saying="monitoring follows")
    refused(lambda: workflow.begin_monitoring(case, by=world.officer, at=THURSDAY), saying="what was agreed")
    workflow.begin_monitoring(case, by=world.officer, text="She talks with the union on Friday.", at=THURSDAY)
    case.refresh_from_db()
    assert case.stage == "monitoring" and case.monitoring_on == THURSDAY.date()


def test_a_referral_out_names_the_body_and_is_her_decision(world):
    case = to_triage(world, make_case(world))
    refused(lambda: agree(world, case, "referred_out"), saying="which body")
    refused(
        lambda: agree(world, case, "referred_out", body="Labour inspection", she_agreed=False), saying="own decision"
    )
    agree(world, case, "referred_out", body="Labour inspection")
    workflow.begin_monitoring(case, by=world.officer, text="She goes on Monday, with a friend.", at=THURSDAY)


def test_a_formal_case_does_not_skip_its_inquiry(world):
    case = to_planning(world, make_case(world))
    refused(lambda: begin(world, case, "light"), saying="inquiry comes first")
    refused(
        lambda: workflow.begin_monitoring(case, by=world.officer, text="x", at=THURSDAY), saying="action comes first"
    )


def ask(world, case, at=THURSDAY):
    workflow.send_message(case, by=world.officer, text="Would another line help you?", asks=True, at=at)


def test_without_her_answer_only_the_least_intrusive_paths_are_possible(world):
    case = to_triage(world, make_case(world))
    silent = {"no_answer": True}
    refused(lambda: agree(world, case, "support_only", **silent), saying="Ask her first")
    ask(world, case)
    refused(lambda: agree(world, case, "support_only", **silent), saying="still has time")
    over = case.deadlines.get(code="no_reply_least_intrusive").due_at + timedelta(minutes=1)
    said = {"reason": "She is silent.", "severity": "c", **silent}

    def after(path):
        workflow.agree_path(case, by=world.officer, path=path, fields=said, at=over)

    refused(lambda: after("referred_out"), saying="Without her answer")
    after("workplace_action")


def test_an_answer_of_hers_ends_the_days_of_silence_with_the_handlers_next_word(world, settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False
    case = to_triage(world, make_case(world))
    ask(world, case)
    workflow.write(case, text="Yes, it would.", at=later(1))
    workflow.send_message(case, by=world.officer, text="We go on looking.", at=later(1))
    assert deadlines.is_open(case, "no_reply_least_intrusive")  # The release has not told them yet.
    workflow.send_message(case, by=world.officer, text="Thank you, we try it.", at=later(2))
    assert not deadlines.is_open(case, "no_reply_least_intrusive")


def test_outside_her_answer_ends_the_days_of_silence_at_once(world):
    case = to_triage(world, file(make_answers(world.factory, route="outside_first")).case)
    workflow.send_message(case, by=world.expert, text="Would you like to talk?", asks=True, at=THURSDAY)
    workflow.write(case, text="Yes.", at=later(1))
    assert not deadlines.is_open(case, "no_reply_least_intrusive")


# --- What waits for her answer ------------------------------------------------------------------------------------


def standing_still(case) -> set[str]:
    return set(case.deadlines.open().exclude(paused_at=None).values_list("code", flat=True))


def days_it_stood(case, before) -> int:
    return (case.deadlines.get(code="path_agreed").due_at - before).days


def test_a_question_to_her_stops_what_waits_for_it_and_nothing_of_her_safety(world):
    case = to_triage(world, make_case(world))
    workflow.say_not_safe(case, text="", at=THURSDAY)
    workflow.send_message(case, by=world.officer, text="We have read it.", at=THURSDAY)
    assert standing_still(case) == set()
    ask(world, case)
    assert standing_still(case) == {"path_agreed"}


def test_at_the_factory_it_goes_on_with_the_release_of_her_answer(world, settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False
    case = to_triage(world, make_case(world))
    before = case.deadlines.get(code="path_agreed").due_at
    ask(world, case)
    workflow.write(case, text="Yes, it would.", at=later(5))
    assert workflow.end_waits(at=later(5)) == 0 and standing_still(case)
    assert workflow.end_waits(at=later(6)) == 1 and not standing_still(case)
    assert days_it_stood(case, before) >= 6
    assert case.events.get(kind="wait_ended").contents == {"answered": True}
    assert workflow.end_waits(at=later(6)) == 0


def test_outside_it_goes_on_with_her_answer(world):
    case = to_triage(world, file(make_answers(world.factory, route="outside_first")).case)
    workflow.send_message(case, by=world.expert, text="Would you like to talk?", asks=True, at=THURSDAY)
    assert standing_still(case) == {"path_agreed"}
    workflow.write(case, text="Yes.", at=later(1))
    assert not standing_still(case)


def test_no_question_stops_anything_longer_than_her_days_to_answer_and_no_second_one_again(world):
    case = to_triage(world, make_case(world))
    ask(world, case)
    window = case.deadlines.get(code="no_reply_least_intrusive").due_at
    assert workflow.end_waits(at=window) == 0
    assert workflow.end_waits(at=window + timedelta(days=1)) == 1
    ask(world, case, at=window + timedelta(days=1))
    assert not standing_still(case)


def test_in_an_inquiry_it_stands_still_for_thirty_days_at_most(world):
    case = to_fact_finding(world, make_case(world))
    ask(world, case)
    assert "inquiry_complete" in standing_still(case)
    before = case.deadlines.get(code="inquiry_complete").due_at
    assert workflow.end_waits(at=later(29)) == 0
    assert workflow.end_waits(at=later(30)) == 1
    moved = case.deadlines.get(code="inquiry_complete").due_at - before
    assert timedelta(days=30) <= moved <= timedelta(days=34)  # Forward to a working day.


def test_no_question_hides_a_promise_that_is_late(world):
    case = to_triage(world, make_case(world))
    ask(world, case, at=case.deadlines.get(code="path_agreed").due_at + timedelta(days=1))
    assert not standing_still(case)


def test_her_page_and_the_handlers_read_until_when_it_waits(world):
    case = to_triage(world, make_case(world))
    assert workflow.waits_until(case, list(case.deadlines.all())) is None
    ask(world, case)
    window = case.deadlines.get(code="no_reply_least_intrusive").due_at
    assert workflow.waits_until(case, list(case.deadlines.all())) == case.local_day(window)
    assert not workflow.she_answered(case)
    workflow.write(case, text="Yes.", at=THURSDAY)
    assert workflow.she_answered(case)


def test_her_page_says_no_broken_promise_when_a_window_is_over(world):
    case = to_triage(world, make_case(world))
    ask(world, case)
    at = later(60)
    promised = promises_of(case, list(case.deadlines.prefetch_related("rungs")), at=at)
    assert "no_reply_least_intrusive" not in {one.code for one in promised}


def test_a_window_that_is_over_makes_nobody_late(world, case):
    deadlines.drop(case, "progress_update", "remedy_done", "interim_review", at=THURSDAY)
    case.refresh_from_db()
    window = case.deadlines.open().get(code="appeal_window")
    assert case.next_due_at != window.due_at


def test_the_path_changes_from_a_later_stage_with_its_reason(world):
    case = to_fact_finding(world, make_case(world))
    refused(lambda: workflow.change_path(case, by=world.officer, reason=" ", at=THURSDAY), saying="why the path")
    workflow.change_path(case, by=world.officer, reason="She wants no inquiry any more.", at=THURSDAY)
    case.refresh_from_db()
    assert (case.stage, case.path) == ("planning", "")
    assert not deadlines.is_open(case, "inquiry_complete", "respondent_told")
    assert deadlines.is_open(case, "path_agreed")


def test_changing_the_path_before_the_decision_lets_the_decision_maker_go(world):
    case = to_decision(world, make_case(world))
    workflow.change_path(case, by=world.officer, reason="She wants support only.", at=THURSDAY)
    assert not on_case(case, "decision_maker")


def test_what_was_decided_is_not_dropped_by_another_path(world):
    case = decide(world, to_decision(world, make_case(world)))
    refused(
        lambda: workflow.change_path(case, by=world.officer, reason="Enough.", at=THURSDAY), saying="decided already"
    )


def test_what_was_promised_is_finished_before_the_path_changes(world, case):
    refused(lambda: workflow.change_path(case, by=world.officer, reason="Enough.", at=THURSDAY), saying="still open")


def test_the_decision_maker_may_see_to_a_remedy(world):
    case = to_decision(world, make_case(world))
    declare(case)
    planned = [Planned("policy_change", world.decision_maker, SOON)]
    case = decide(world, case, remedies=planned, sanctions=[])
    assert case.remedies.get().owner == world.decision_maker
    assert Membership.objects.current().filter(person=world.decision_maker, role="decision_maker").exists()
