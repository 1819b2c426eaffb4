"""From the finding to the action: who decides, what is refused, what each side is told. Workflow, 3.7 and 8."""

from __future__ import annotations

import copy
from datetime import date, timedelta

import pytest
from django.db import transaction

from complaints import access, compartments, deadlines, events, receipts, slots, workflow
from complaints.compartments import Holder
from complaints.models import Grant, Receipt
from complaints.selectors import caseload
from complaints.workflow import Planned
from factories.models import Membership
from tests.builders import file, make_answers, make_case, make_person, make_world, reader_of
from tests.walkers import (
    REASONS,
    THURSDAY,
    decide,
    declare,
    found,
    inquirers,
    tell_both,
    to_decision,
    to_finding,
    to_planning,
)

pytestmark = pytest.mark.django_db
SOON = date(2026, 6, 30)


@pytest.fixture(scope="module")
def found_out(for_the_file):
    world = make_world()
    return world, to_decision(world, make_case(world))


@pytest.fixture
def scene(found_out, db):
    return copy.deepcopy(found_out)


@pytest.fixture
def world(scene):
    return scene[0]


@pytest.fixture
def case(scene):
    return scene[1]


def refused(act, *, saying: str) -> None:
    with pytest.raises(workflow.StepRefused) as refusal:
        act()
    assert saying in str(refusal.value.message)


def kinds_of(case, person) -> set[str]:
    held = Grant.objects.filter(key__compartment__case=case, person_key__person=person)
    return set(held.values_list("key__compartment__kind", flat=True))


def another_outside_member(world):
    person = make_person("second outside member")
    Membership.objects.create(person=person, factory=world.factory, role="outside_member", since=date(2026, 1, 1))
    return person


def letters_to_her(filed) -> list[dict]:
    keys = receipts.keys_of(filed.receipt, waiting=slots.RECEIPT)
    holder = Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))
    return [one.content for one in compartments.take_out(filed.case, holder, ["inbox"], at=THURSDAY)]


# --- Deciding -----------------------------------------------------------------------------------------------------


def test_a_decision_has_reasons_owners_days_and_its_own_promises(world, case):
    decide(world, case)
    assert case.stage == "decision" and case.decided_on == THURSDAY.date()
    remedy, sanction = case.remedies.get(), case.sanctions.get()
    assert (remedy.code, remedy.scope, sanction.code) == ("apology", "person", "written_warning")
    assert "decision" in deadlines.met_codes(case) and deadlines.is_open(case, "outcome_told")
    assert case.local_day(remedy.deadline.due_at) == remedy.due_on
    on = access.case_for(world.chair, case.reference, at=THURSDAY)
    opened = access.opened(on, reader_of(world.chair), ["finding"], at=THURSDAY, entry_kinds=["decision"])
    assert opened[0].content["reasons"] == REASONS
    case.refresh_from_db()
    assert list(events.faults(case)) == []


def test_the_decision_maker_reads_finding_and_respondent_and_only_the_finding_after_it(world, case):
    assert kinds_of(case, world.decision_maker) == {"finding", "respondent"}
    decide(world, case)
    assert kinds_of(case, world.decision_maker) == {"finding"}


def test_the_decision_maker_reads_nothing_before_signing_about_conflicts(world, case):
    on = access.case_for(world.decision_maker, case.reference, at=THURSDAY)
    assert access.opened(on, reader_of(world.decision_maker), ["finding"], at=THURSDAY) == []
    refused(
        lambda: workflow.decide(case, by=world.decision_maker, reasons=REASONS, at=THURSDAY),
        saying="conflict of interest",
    )


def test_whoever_decides_finds_that_step_on_the_list_and_no_other_promise_of_the_case(world, case):
    def listed():
        return caseload.caseload(world.decision_maker, at=THURSDAY).works[0]

    due_at = case.deadlines.get(code="decision").due_at
    assert (listed().step, listed().due_on) == ("decide", case.local_day(due_at))
    assert listed().assignment.next_due_at == due_at
    declare(case)
    workflow.decide(case, by=world.decision_maker, reasons=REASONS, at=THURSDAY)
    assert (listed().promise, listed().due_on) == ("", None)
    assert listed().assignment.next_due_at == deadlines.FAR_AWAY


def test_what_she_shares_later_never_reaches_the_decision_maker(world):
    filed = file(make_answers(world.factory, share_choice="conduct_only"))
    to_decision(world, filed.case)
    keys = receipts.keys_of(filed.receipt, waiting=slots.RECEIPT)
    holder = Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))
    workflow.change_consents(filed.case, holder, wanted={"share_text": True}, at=THURSDAY)
    assert "story" not in kinds_of(filed.case, world.decision_maker)
    assert "story" in kinds_of(filed.case, world.officer)


def test_nobody_who_took_part_in_the_inquiry_decides(world, case):
    case.inquirers.create(person=world.decision_maker, since=THURSDAY.date())
    declare(case)
    refused(lambda: workflow.decide(case, by=world.decision_maker, reasons=REASONS, at=THURSDAY), saying="took part")


def test_no_sanction_without_a_finding_that_something_happened(world):
    case = to_decision(world, make_case(world), result="not_enough_information")
    planned = [Planned("verbal_warning", world.officer, SOON)]
    refused(lambda: decide(world, case, sanctions=planned), saying="no sanction")
    decide(world, case, sanctions=[])
    assert case.remedies.count() == 1


def test_a_partly_substantiated_finding_may_have_a_sanction(world):
    case = to_decision(world, make_case(world), result="partly_substantiated")
    assert decide(world, case).sanctions.count() == 1


def test_a_decision_without_reasons_is_none(world, case):
    refused(lambda: decide(world, case, reasons="He did it."), saying="reasons")


@pytest.mark.parametrize("due_on", [date(2026, 6, 1), date(2026, 12, 1)])
def test_a_remedy_lies_between_today_and_its_cap(world, case, due_on):
    refused(lambda: decide(world, case, remedies=[Planned("apology", world.officer, due_on)]), saying="90 days")


@pytest.mark.parametrize("code", ["place_changed", "apology"])
def test_nobody_decides_another_place_or_an_apology_that_she_did_not_ask_for(world, case, code):
    refused(lambda: decide(world, case, remedies=[Planned(code, world.officer, SOON)]), saying="only where she asked")
    decide(world, case, remedies=[Planned(code, world.officer, SOON, at_her_request=True)])
    assert case.events.get(kind="decided").contents["asked_for"] == [code]


def test_nobody_outside_the_case_sees_to_a_remedy(world, case):
    planned = [Planned("apology", world.stand_in, SOON)]
    refused(lambda: decide(world, case, remedies=planned), saying="on the case")


def test_a_code_that_is_not_on_the_list_is_no_remedy(world, case):
    refused(lambda: decide(world, case, remedies=[Planned("marriage", world.officer, SOON)]), saying="from the list")


def test_it_is_decided_once(world, case):
    decide(world, case)
    refused(lambda: decide(world, case), saying="decided already")


def test_a_handler_of_the_case_cannot_decide_it(world, case):
    refused(lambda: workflow.decide(case, by=world.chair, reasons=REASONS, at=THURSDAY), saying="not yours")


def test_the_outside_member_waits_while_there_is_a_decision_maker(world, case):
    other = another_outside_member(world)
    workflow.assign(case, reader_of(world.chair), person=other, role="outside_member", at=THURSDAY)
    declare(case)
    refused(lambda: workflow.decide(case, by=other, reasons=REASONS, at=THURSDAY), saying="decision maker decides")


# --- Sent back, passed on, stood in for ---------------------------------------------------------------------------

QUESTIONS = "How does the second part follow from the duty list alone? Who saw it?"


def send_back(world, case):
    declare(case)
    workflow.send_back(case, by=world.decision_maker, questions=QUESTIONS, at=THURSDAY)
    case.refresh_from_db()


def find_again(world, case):
    findings = {number: found() for number in case.allegations.values_list("number", flat=True)}
    workflow.find(case, reader_of(inquirers(world, case)[0]), findings, all_agree=True, at=THURSDAY)
    case.refresh_from_db()


def test_a_finding_goes_back_once_with_written_questions(world, case):
    send_back(world, case)
    assert case.stage == "finding" and deadlines.is_open(case, "finding") and not deadlines.is_open(case, "decision")
    find_again(world, case)
    assert case.stage == "decision" and deadlines.is_open(case, "decision")
    refused(
        lambda: workflow.send_back(case, by=world.decision_maker, questions=QUESTIONS, at=THURSDAY),
        saying="once already",
    )
    decide(world, case)


def test_questions_are_written_so_that_they_can_be_answered(world, case):
    declare(case)
    refused(
        lambda: workflow.send_back(case, by=world.decision_maker, questions="Why?", at=THURSDAY), saying="questions"
    )


def test_before_it_went_back_nobody_gives_the_decision_away(world, case):
    declare(case)
    refused(
        lambda: workflow.pass_to_outside_member(case, reader_of(world.decision_maker), at=THURSDAY),
        saying="send it back",
    )


def test_after_a_second_disagreement_the_outside_member_decides(world, case):
    other = another_outside_member(world)
    send_back(world, case)
    find_again(world, case)
    workflow.pass_to_outside_member(case, reader_of(world.decision_maker), at=THURSDAY)
    assert kinds_of(case, world.decision_maker) == set()
    assert kinds_of(case, other) == {"finding", "respondent"}
    declare(case)
    workflow.decide(case, by=other, reasons=REASONS, at=THURSDAY)
    case.refresh_from_db()
    assert case.decided_on


def test_an_outside_member_who_inquired_cannot_be_given_the_decision(world, case):
    send_back(world, case)
    find_again(world, case)
    refused(
        lambda: workflow.pass_to_outside_member(case, reader_of(world.decision_maker), at=THURSDAY),
        saying="name an outside member",
    )


def test_where_the_decision_maker_has_a_conflict_somebody_stands_in(world, case):
    other = another_outside_member(world)
    workflow.declare_conflict(case, by=world.decision_maker, answer="yes", at=THURSDAY)
    assert kinds_of(case, world.decision_maker) == set()
    assert workflow.ask_decider(case, reader_of(world.chair), at=THURSDAY) == other
    declare(case)
    workflow.decide(case, by=other, reasons=REASONS, at=THURSDAY)


def test_a_stand_in_of_the_decision_maker_comes_before_the_outside_member(world, case):
    another_outside_member(world)
    person = make_person("stand-in manager")
    Membership.objects.create(
        person=person, factory=world.factory, role="decision_maker", is_stand_in=True, since=date(2026, 1, 1)
    )
    workflow.declare_conflict(case, by=world.decision_maker, answer="yes", at=THURSDAY)
    assert workflow.ask_decider(case, reader_of(world.chair), at=THURSDAY) == person


def test_nobody_is_asked_while_somebody_can_decide(world, case):
    refused(lambda: workflow.ask_decider(case, reader_of(world.chair), at=THURSDAY), saying="can decide already")


# --- Outside: a recommendation ------------------------------------------------------------------------------------


@pytest.fixture
def outside(world):
    filed = file(make_answers(world.factory, route="outside_first"))
    case = to_decision(world, to_planning(world, filed.case))
    world.extra["filed"] = filed
    return case


def recommend(world, case):
    by = next(person for person in (world.expert, world.second_expert))
    planned = [Planned("light", by, SOON)]
    workflow.decide(case, by=by, reasons=REASONS, remedies=planned, at=THURSDAY)
    case.refresh_from_db()


def test_an_outside_case_ends_in_a_recommendation_of_which_the_factory_learns_nothing(world, outside):
    recommend(world, outside)
    assert outside.decisions.get().is_recommendation
    assert not deadlines.is_open(outside, "remedy_done")
    assert not outside.assignments.filter(role="decision_maker").exists()
    for person in world.factory_people:
        assert kinds_of(outside, person) == set()


def test_an_expert_who_inquired_leaves_it_to_one_who_did_not(world, outside):
    third = make_person("third expert")
    position = world.expert.positions.get()
    position.pk, position.person, position.is_lead = None, third, False
    position._state.adding = True
    position.save()
    refused(lambda: recommend(world, outside), saying="Put another expert on the case")


def test_a_recommendation_is_passed_on_only_with_her_yes(world, outside):
    recommend(world, outside)
    text = "We recommend light in the store and a second person at the counter."

    def pass_on():
        workflow.pass_on_recommendation(outside, by=world.expert, text=text, at=THURSDAY)

    refused(pass_on, saying="not answered yet")
    refused(lambda: workflow.answer_recommendation(outside, given=True, at=THURSDAY), saying="nothing to answer")
    tell_both(world, outside)
    workflow.answer_recommendation(outside, given=False, at=THURSDAY)
    refused(pass_on, saying="does not want")
    workflow.answer_recommendation(outside, given=True, at=THURSDAY)
    pass_on()
    assert deadlines.is_open(outside, "remedy_done")
    refused(lambda: workflow.answer_recommendation(outside, given=False, at=THURSDAY), saying="nothing to answer")
    for person in world.factory_people:
        assert kinds_of(outside, person) == set()


def test_outside_the_respondent_is_told_nothing_before_that(world, outside):
    recommend(world, outside)
    refused(
        lambda: workflow.tell_outcome_to_respondent(
            outside, by=world.expert, found="It was found that it happened.", follows="A warning is recommended.",
            contact="x", at=THURSDAY,
        ),
        saying="before she has let",
    )  # fmt: skip


def test_a_recommendation_she_keeps_holds_nothing_up(world, outside):
    recommend(world, outside)
    tell_both(world, outside)
    workflow.begin_action(outside, by=world.expert, text="She does not want it told.", at=THURSDAY)
    workflow.begin_monitoring(outside, by=world.expert, at=THURSDAY)
    outside.refresh_from_db()
    assert outside.stage == "monitoring" and outside.monitoring_on


# --- Telling ------------------------------------------------------------------------------------------------------


def test_she_is_told_all_four_parts_and_the_clocks_begin(world):
    filed = file(make_answers(world.factory))
    case = decide(world, to_decision(world, filed.case))
    workflow.tell_outcome(
        case,
        by=world.officer,
        found="We found that it happened.",
        done="You get a letter that says sorry.",
        at=THURSDAY,
    )
    case.refresh_from_db()
    letter = letters_to_her(filed)[-1]
    words = workflow.words_to_her(letter["outcome"])
    for part in (
        "We found that it happened.",
        "a letter that says sorry",
        "somebody new looks at it",
        "That is forbidden",
    ):
        assert part in words
    window = case.deadlines.open().get(code="appeal_window")
    assert letter["outcome"]["until"] == case.local_day(window.due_at).isoformat()
    assert {"outcome_told", "overall_feedback"} <= deadlines.met_codes(case)
    assert case.outcome_told_on == case.monitoring_on == THURSDAY.date()
    assert case.checks.filter(code="check_30").exists()


def test_she_is_told_once(world, case):
    tell_both(world, decide(world, case))
    refused(
        lambda: workflow.tell_outcome(
            case, by=world.officer, found="It happened as you said.", done="You get a letter soon.", at=THURSDAY
        ),
        saying="told already",
    )


def test_nothing_is_told_before_it_is_decided(world, case):
    refused(
        lambda: workflow.tell_outcome(
            case, by=world.officer, found="It happened as you said.", done="You get a letter soon.", at=THURSDAY
        ),
        saying="no decision",
    )


def test_an_outcome_without_both_parts_is_not_sent(world, case):
    decide(world, case)
    refused(
        lambda: workflow.tell_outcome(case, by=world.officer, found="Yes.", done="Sorry.", at=THURSDAY),
        saying="both parts",
    )


def test_the_respondents_letter_names_where_to_go(world, case):
    decide(world, case)
    refused(
        lambda: workflow.tell_outcome_to_respondent(
            case, by=world.officer, found="It was found that it happened.", follows="You get a written warning.",
            contact=" ", at=THURSDAY,
        ),
        saying="to whom",
    )  # fmt: skip


def test_the_overall_answer_is_promised_with_the_first_one_and_kept_without_an_outcome(world):
    case = to_planning(world, make_case(world), path="workplace_action")
    assert deadlines.is_open(case, "overall_feedback")
    workflow.give_feedback(
        case, by=world.officer, text="Until now we have changed the lights; the training is in July.", at=THURSDAY
    )
    assert not deadlines.is_open(case, "overall_feedback")


def test_an_overall_answer_says_something(world):
    case = to_planning(world, make_case(world), path="workplace_action")
    refused(lambda: workflow.give_feedback(case, by=world.officer, text="Soon.", at=THURSDAY), saying="human answer")


def test_after_the_outcome_no_overall_answer_is_due(world, case):
    tell_both(world, decide(world, case))
    refused(
        lambda: workflow.give_feedback(case, by=world.officer, text="x" * 50, at=THURSDAY), saying="told the outcome"
    )


def test_the_action_waits_until_she_was_told(world, case):
    decide(world, case)
    refused(lambda: workflow.begin_action(case, by=world.officer, at=THURSDAY), saying="First tell her")


def test_the_action_needs_the_respondent_told_or_the_reason_why_not(world, case):
    decide(world, case)
    workflow.tell_outcome(
        case, by=world.officer, found="It happened as you said.", done="You get a letter by June.", at=THURSDAY
    )
    refused(lambda: workflow.begin_action(case, by=world.officer, at=THURSDAY), saying="Tell the respondent")
    workflow.begin_action(case, by=world.officer, text="Nobody could be named.", at=THURSDAY)
    case.refresh_from_db()
    assert case.stage == "action"


# --- Who hears of it ------------------------------------------------------------------------------------------------


def test_a_later_decision_stands_in_place_of_the_one_before(world, case):
    decide(world, case)
    with transaction.atomic():
        workflow.record_decision(
            case, world.outside_member, [], [Planned("light", world.officer, SOON)], at=THURSDAY + timedelta(days=1)
        )
    case.refresh_from_db()
    assert [one.code for one in case.remedies.all()] == ["light"]
    assert case.sanctions.count() == 0 and case.decisions.count() == 2
    assert case.deadlines.open().filter(code="remedy_done").count() == 1


def test_without_a_finding_on_each_part_nothing_is_decided(world):
    case = to_finding(world, make_case(world))
    refused(lambda: workflow.decide(case, by=world.decision_maker, reasons=REASONS, at=THURSDAY), saying="not yours")
