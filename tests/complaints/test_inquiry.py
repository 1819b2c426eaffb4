"""The inquiry, from its beginning to the finding: what each step does, and what it refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from accounts.models import Notice
from complaints import access, compartments, deadlines, events, exclusions, workflow
from complaints.codes import CompartmentKind
from complaints.models import Deadline, Grant
from complaints.workflow import fairness
from factories.models import Membership
from tests.attacks.test_schema import check_contents, columns
from tests.builders import holder_of, make_case, make_person, make_world, reader_of
from tests.walkers import (
    THURSDAY,
    declare,
    found,
    hear_both_sides,
    her_consent,
    inquirers,
    inquiry_plan,
    to_decision,
    to_fact_finding,
    to_finding,
    to_planning,
)

pytestmark = pytest.mark.django_db
LONG_AFTER = THURSDAY + timedelta(days=20)


@pytest.fixture
def world(db):
    return make_world()


def refused(act, *, saying: str = "") -> None:
    with pytest.raises(workflow.StepRefused) as refusal:
        act()
    assert saying in str(refusal.value.message)


def planned(world, **answers):
    """A case whose inquiry may begin, and the two who may run it."""
    case = to_planning(world, make_case(world, **answers))
    her_consent(case, "tell_respondent")
    return case, inquirers(world, case)


def begin(case, people, **plan):
    return workflow.begin_inquiry(case, reader_of(people[0]), inquiry_plan(people, **plan), at=THURSDAY)


def tell(case, person, **other):
    values = {"text": "It is said that you touched a worker's arm in May.", "checked": True, "at": THURSDAY}
    return workflow.tell_respondent(case, reader_of(person), **(values | other))


def written(case, person, kind, compartment=CompartmentKind.RECORD):
    opened = compartments.take_out(case, holder_of(person), [compartment], at=LONG_AFTER, entry_kinds=[kind])
    return [one.content for one in opened]


def due(case, code) -> Deadline:
    return case.deadlines.filter(code=code).latest("ordinal")


# --- The whole way ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ["factory_committee", "outside_only"])
def test_a_case_comes_to_planning_by_the_steps_of_people(world, route):
    case = to_planning(world, make_case(world, route=route))
    assert (case.stage, case.path) == ("planning", "formal_inquiry")
    assert list(events.faults(case)) == []


@pytest.mark.parametrize("route", ["factory_committee", "outside_only"])
def test_an_inquiry_walks_from_planning_to_the_decision(world, route):
    case = to_decision(world, make_case(world, route=route))
    assert case.stage == "decision"
    assert [one.result for one in case.allegations.all()] == ["substantiated"] * 2
    assert list(events.faults(case)) == []


def test_the_promises_of_an_inquiry_follow_each_other(world):
    case = to_planning(world, make_case(world))
    open_codes = set(case.deadlines.open().values_list("code", flat=True))
    assert {"respondent_told", "inquiry_complete"} <= open_codes
    # Five working days from Thursday 11 June, Saturdays too; and thirty days from it, a Saturday.
    assert case.local_day(due(case, "respondent_told").due_at).isoformat() == "2026-06-17"
    assert case.local_day(due(case, "inquiry_complete").due_at).isoformat() == "2026-07-11"
    case = to_decision(world, case)
    met = deadlines.met_codes(case)
    assert {"respondent_told", "respondent_reply", "inquiry_complete", "finding"} <= met
    assert deadlines.is_open(case, "decision")


def test_another_path_lets_the_promises_of_an_inquiry_go(world):
    case = to_planning(world, make_case(world))
    workflow.agree_path(case, by=world.officer, path="support_only", fields={"reason": "she says so"}, at=THURSDAY)
    assert not deadlines.is_open(case, "respondent_told", "inquiry_complete")
    workflow.agree_path(
        case, by=world.officer, path="formal_inquiry", fields={"reason": "now", "she_agreed": True}, at=THURSDAY
    )
    assert case.deadlines.open().filter(code__in=["respondent_told", "inquiry_complete"]).count() == 2


# --- Beginning ----------------------------------------------------------------------------------------------------


def test_the_beginning_writes_plan_people_and_numbered_allegations(world):
    case, people = planned(world)
    begin(case, people)
    case.refresh_from_db()
    assert case.stage == "fact_finding"
    assert [one.number for one in case.allegations.all()] == [1, 2]
    assert {one.person for one in case.inquirers.all()} == set(people)
    assert written(case, people[0], "inquiry_plan")[0]["to_protect"] == "As the plan says."
    assert [one["number"] for one in written(case, people[0], "allegation")] == [1, 2]


@pytest.mark.parametrize("part", ["to_find_out", "whom_to_hear", "in_which_order", "to_protect"])
def test_no_inquiry_without_each_part_of_its_plan(world, part):
    case, people = planned(world)
    parts = dict.fromkeys(("to_find_out", "whom_to_hear", "in_which_order", "to_protect"), "x") | {part: "  "}
    refused(lambda: begin(case, people, written=parts), saying="four parts")


def test_no_inquiry_without_an_allegation(world):
    case, people = planned(world)
    refused(lambda: begin(case, people, allegations=[" "]), saying="at least one thing")


def test_one_person_alone_runs_no_inquiry(world):
    case, people = planned(world)
    refused(lambda: begin(case, people[:1]), saying="two or three")


def test_while_nobody_else_could_run_it_no_inquiry_begins(world):
    case = to_planning(world, make_case(world))
    her_consent(case, "tell_respondent")
    assert fairness.next_step(case, at=THURSDAY) == "assign"
    refused(lambda: begin(case, [world.chair]), saying="second one on the case")
    inquirers(world, case)
    assert fairness.next_step(case, at=THURSDAY) == "begin_inquiry"


def test_four_are_too_many(world):
    case, people = planned(world)
    refused(lambda: begin(case, [*people, world.officer, world.decision_maker]), saying="two or three")


def test_the_case_officer_helps_and_is_no_inquirer(world):
    case, people = planned(world)
    refused(lambda: begin(case, [people[0], world.officer]), saying="not on the case")


def test_who_has_not_signed_about_conflicts_runs_no_inquiry(world):
    case = to_planning(world, make_case(world))
    her_consent(case, "tell_respondent")
    workflow.assign(case, reader_of(world.chair), person=world.outside_member, role="outside_member", at=THURSDAY)
    refused(lambda: begin(case, [world.chair, world.outside_member]), saying="not signed")


def test_half_women_is_confirmed_by_name(world):
    case, people = planned(world)
    refused(lambda: begin(case, people, half_women=False), saying="women")


@pytest.mark.parametrize("answers, written_down", [({"conduct_types": frozenset({"touch"})}, {}), ({}, "b")])
def test_a_serious_case_needs_the_outside_member(world, answers, written_down):
    """In the clear, or as the handlers saw it at triage."""
    triage = {"severity": written_down} if written_down else {}
    case = to_planning(world, make_case(world, **answers), triage=triage)
    her_consent(case, "tell_respondent")
    workflow.assign(case, reader_of(world.chair), person=world.stand_in, role="committee_member", at=THURSDAY)
    declare(case)
    refused(lambda: begin(case, [world.chair, world.stand_in]), saying="outside member")
    begin(case, inquirers(world, case))


def test_a_light_case_needs_no_outside_member(world):
    case = to_planning(world, make_case(world))
    her_consent(case, "tell_respondent")
    workflow.assign(case, reader_of(world.chair), person=world.stand_in, role="committee_member", at=THURSDAY)
    declare(case)
    assert begin(case, [world.chair, world.stand_in]).stage == "fact_finding"


def test_no_inquiry_on_another_path(world):
    case = to_planning(world, make_case(world), path="support_only")
    refused(lambda: begin(case, inquirers(world, case)), saying="not a formal inquiry")


def test_no_inquiry_before_interim_measures_are_decided(world):
    case, people = planned(world)
    case.interim_decided_at = None
    case.save(update_fields=["interim_decided_at"])
    refused(lambda: begin(case, people), saying="interim measure")


def test_no_inquiry_while_urgent_contact_is_open(world):
    case, people = planned(world)
    workflow.say_not_safe(case, text="", at=THURSDAY)
    refused(lambda: begin(case, people), saying="Urgent contact")


def test_no_inquiry_against_a_named_person_without_her_consent(world):
    case = to_planning(world, make_case(world))
    refused(lambda: begin(case, inquirers(world, case)), saying="has not agreed")


def test_a_consent_taken_back_carries_no_inquiry(world):
    case, people = planned(world)
    her_consent(case, "tell_respondent", False, at=THURSDAY)
    refused(lambda: begin(case, people), saying="has not agreed")


def test_a_consent_of_today_is_no_consent_yet_at_the_factory_and_is_one_outside(world, settings):
    """A step that opens before the release would tell that she was here."""
    settings.SAMLENG_RELEASE_AT_ONCE = False
    case = to_planning(world, make_case(world))
    her_consent(case, "tell_respondent", at=THURSDAY)
    people = inquirers(world, case)
    refused(lambda: begin(case, people), saying="has not agreed")
    friday = THURSDAY + timedelta(days=1)
    assert workflow.begin_inquiry(case, reader_of(people[0]), inquiry_plan(people), at=friday).stage == "fact_finding"
    outside = to_planning(world, make_case(world, route="outside_only"))
    her_consent(outside, "tell_respondent", at=THURSDAY)
    begin(outside, inquirers(world, outside))


def test_evidence_that_is_not_hers_carries_an_inquiry_where_nothing_points_to_her(world):
    case = to_planning(world, make_case(world))
    people = inquirers(world, case)
    refused(lambda: begin(case, people, independent_evidence="The camera of the store."), saying="point to her")
    begin(case, people, independent_evidence="The camera of the store.", points_to_nobody=True)
    tell(case, people[0])  # What was noted carries the letter, too.


def test_an_inquiry_about_nobody_by_name_needs_no_consent_and_tells_nobody(world):
    case = to_planning(world, make_case(world))
    people = inquirers(world, case)
    begin(case, people, named=False)
    assert not deadlines.is_open(case, "respondent_told")
    refused(lambda: tell(case, people[0]), saying="has not agreed")


def test_an_expert_who_was_called_does_not_run_the_inquiry_of_the_factory(world):
    case, people = planned(world)
    expert = case.assignments.get(role="technical_expert").person
    case.assignments.filter(person=expert).update(standing_by=False, visible_from=THURSDAY)
    plan = inquiry_plan(people)
    refused(lambda: workflow.begin_inquiry(case, reader_of(expert), plan, at=THURSDAY), saying="The factory")


# --- The respondent -----------------------------------------------------------------------------------------------


def test_telling_the_respondent_sets_the_day_to_answer(world):
    case = to_fact_finding(world, make_case(world))
    answer_by = tell(case, world.officer)
    assert answer_by.isoformat() == "2026-06-13"  # Two working days in Cambodia, and Saturday is one.
    assert case.local_day(due(case, "respondent_reply").due_at) == answer_by
    assert "respondent_told" in deadlines.met_codes(case)
    letter = written(case, world.chair, "respondent_notice")[0]
    assert letter == {"text": "It is said that you touched a worker's arm in May.", "answer_by": "2026-06-13"}
    assert case.inquirers.filter(person=world.officer).exists()


def test_the_respondent_is_not_told_before_interim_measures_are_decided(world):
    case = to_fact_finding(world, make_case(world))
    case.interim_decided_at = None
    case.save(update_fields=["interim_decided_at"])
    refused(lambda: tell(case, world.officer), saying="interim measure")


def test_the_respondent_is_not_told_once_she_has_taken_her_consent_back(world):
    case = to_fact_finding(world, make_case(world))
    her_consent(case, "tell_respondent", False, at=THURSDAY)
    refused(lambda: tell(case, world.officer), saying="has not agreed")


def test_the_letter_is_read_again_before_it_is_kept(world):
    case = to_fact_finding(world, make_case(world))
    refused(lambda: tell(case, world.officer, checked=False), saying="beyond what she agreed")


def test_the_respondent_is_told_once(world):
    case = to_fact_finding(world, make_case(world))
    tell(case, world.officer)
    refused(lambda: tell(case, world.chair), saying="told already")


def test_a_letter_that_nobody_could_answer_is_refused(world):
    case = to_fact_finding(world, make_case(world))
    refused(lambda: tell(case, world.officer, text="You know it."), saying="40 characters")


def test_no_answer_is_noted_before_anybody_was_told(world):
    case = to_fact_finding(world, make_case(world))
    refused(lambda: workflow.note_reply(case, by=world.officer, came=True, text="x", at=THURSDAY), saying="told yet")


def test_that_none_came_is_noted_only_when_the_day_is_over(world):
    case = to_fact_finding(world, make_case(world))
    tell(case, world.officer)
    refused(lambda: workflow.note_reply(case, by=world.officer, came=False, at=THURSDAY), saying="not over")
    workflow.note_reply(case, by=world.officer, came=False, at=LONG_AFTER)
    assert not deadlines.is_open(case, "respondent_reply")
    refused(lambda: workflow.note_reply(case, by=world.chair, came=False, at=LONG_AFTER), saying="already")


def test_an_answer_without_words_is_refused(world):
    case = to_fact_finding(world, make_case(world))
    tell(case, world.officer)
    refused(lambda: workflow.note_reply(case, by=world.officer, came=True, text=" ", at=THURSDAY), saying="answers")


def test_the_reply_goes_on_without_when_its_day_is_over(world):
    case = to_fact_finding(world, make_case(world))
    tell(case, world.officer)
    waiting = fairness.missing(case, fairness.soundings(case, at=THURSDAY))
    assert any("neither answered" in str(one) for one in waiting)
    later = fairness.missing(case, fairness.soundings(case, at=LONG_AFTER))
    assert not any("neither answered" in str(one) for one in later)


# --- Hearing ------------------------------------------------------------------------------------------------------


def hear(case, person, who, **other):
    values = {"came": True, "how": "in_person", "text": "What was said.", "at": THURSDAY}
    return workflow.hear(case, by=person, who=who, **(values | other))


@pytest.mark.parametrize("who", ["complainant", "affected_person"])
def test_she_is_heard_once(world, who):
    case = to_fact_finding(world, make_case(world))
    hear(case, world.chair, who)
    refused(lambda: hear(case, world.chair, who), saying="heard already")


def test_offering_it_to_her_again_is_no_second_hearing(world):
    case = to_fact_finding(world, make_case(world))
    hear(case, world.chair, "complainant", came=False, text="")
    hear(case, world.chair, "complainant")
    assert fairness.soundings(case, at=THURSDAY).heard == {"complainant"}


@pytest.mark.parametrize("who", ["complainant", "affected_person", "witness"])
def test_nobody_is_heard_in_front_of_the_respondent(world, who):
    case = to_fact_finding(world, make_case(world))
    refused(
        lambda: hear(case, world.chair, who, respondent_present=True, told_to_keep_quiet=True),
        saying="in front of the respondent",
    )


def test_a_witness_is_told_not_to_talk_and_that_they_are_protected(world):
    case = to_fact_finding(world, make_case(world))
    refused(lambda: hear(case, world.chair, "witness"), saying="Tell the witness")
    hear(case, world.chair, "witness", told_to_keep_quiet=True)
    hear(case, world.chair, "witness", told_to_keep_quiet=True)


def test_hearing_is_for_those_who_run_the_inquiry(world):
    case = to_fact_finding(world, make_case(world))
    refused(lambda: hear(case, world.officer, "witness", told_to_keep_quiet=True), saying="not yours")


def test_a_hearing_without_words_is_refused(world):
    case = to_fact_finding(world, make_case(world))
    refused(lambda: hear(case, world.chair, "complainant", text=""), saying="what was said")


def test_a_fourth_person_joins_only_in_the_place_of_one_who_has_left(world):
    case, people = planned(world)
    fourth = make_person("another member")
    Membership.objects.create(person=fourth, factory=world.factory, role="committee_member", since=date(2026, 1, 1))
    for person in (world.stand_in, fourth):
        workflow.assign(case, reader_of(world.chair), person=person, role="committee_member", at=THURSDAY)
    declare(case)
    begin(case, [*people, world.stand_in])
    refused(lambda: hear(case, fourth, "complainant"), saying="Three people")
    workflow.remove_leaver(world.stand_in, by=world.admin, at=THURSDAY)
    hear(case, fourth, "complainant")
    assert case.inquirers.count() == 4


# --- Papers and comments ------------------------------------------------------------------------------------------


def test_a_paper_is_sealed_and_who_noted_it_took_part(world):
    case = to_fact_finding(world, make_case(world))
    workflow.add_paper(case, by=world.officer, paper="duty_lists", text="In the safe: he was there.", at=THURSDAY)
    assert written(case, world.chair, "paper")[0]["paper_kind"] == "duty_lists"
    assert case.inquirers.filter(person=world.officer).exists()
    refused(
        lambda: workflow.add_paper(case, by=world.officer, paper="other", text=" ", at=THURSDAY), saying="paper shows"
    )


def ask(case, person, **other):
    points = "These are the main points of what we have heard so far."
    values = {
        "to_her": points,
        "to_respondent": points,
        "answer_by": case.local_day(THURSDAY) + timedelta(days=4),
        "checked": True,
        "at": THURSDAY,
    }
    return workflow.ask_comments(case, by=person, **(values | other))


def test_comments_are_asked_of_both_sides_on_her_page_and_in_a_letter(world):
    case = to_fact_finding(world, make_case(world))
    tell(case, world.officer)
    ask(case, world.officer)
    assert written(case, world.chair, "message", CompartmentKind.INBOX)[-1]["text"].startswith("These are the main")
    assert [one["of_side"] for one in written(case, world.chair, "comment")] == ["respondent", "complainant"]


def test_comments_are_not_asked_before_the_respondent_was_told(world):
    case = to_fact_finding(world, make_case(world))
    refused(lambda: ask(case, world.officer), saying="told yet")


def test_comments_need_time(world):
    case = to_fact_finding(world, make_case(world))
    tell(case, world.officer)
    refused(lambda: ask(case, world.officer, answer_by=case.local_day(THURSDAY)), saying="later day")


def test_the_letter_with_the_main_points_is_read_again(world):
    case = to_fact_finding(world, make_case(world))
    tell(case, world.officer)
    refused(lambda: ask(case, world.officer, checked=False), saying="beyond what she agreed")


def test_no_comment_is_noted_before_it_was_asked_for(world):
    case = to_fact_finding(world, make_case(world))
    note = {"by": world.officer, "side": "complainant", "came": False, "at": THURSDAY}
    refused(lambda: workflow.note_comment(case, **note), saying="Ask both sides")


def test_a_witness_does_not_comment(world):
    case = to_fact_finding(world, make_case(world))
    tell(case, world.officer)
    ask(case, world.officer)
    note = {"by": world.officer, "side": "witness", "came": True, "text": "x", "at": THURSDAY}
    refused(lambda: workflow.note_comment(case, **note), saying="whose comment")


# --- Complete -----------------------------------------------------------------------------------------------------


def test_an_inquiry_says_everything_that_is_missing_before_it_is_complete(world):
    case = to_fact_finding(world, make_case(world))
    with pytest.raises(workflow.StepRefused) as refusal:
        workflow.complete_inquiry(case, by=world.chair, at=THURSDAY)
    said = str(refusal.value.message)
    for sentence in ("has not been told yet", "has not been heard yet", "neither answered", "asked for comments"):
        assert sentence in said


def test_comments_are_waited_for_until_their_day_is_over(world):
    case = to_fact_finding(world, make_case(world))
    tell(case, world.officer)
    hear(case, world.chair, "complainant")
    hear(case, world.chair, "respondent")
    ask(case, world.officer)
    refused(lambda: workflow.complete_inquiry(case, by=world.chair, at=THURSDAY), saying="wait for them")
    assert workflow.complete_inquiry(case, by=world.chair, at=THURSDAY + timedelta(days=5)).stage == "finding"


def test_the_case_officer_does_not_end_the_inquiry(world):
    case = to_fact_finding(world, make_case(world))
    hear_both_sides(world, case)
    refused(lambda: workflow.complete_inquiry(case, by=world.officer, at=THURSDAY), saying="not yours")


# --- The finding --------------------------------------------------------------------------------------------------


def find(case, person, *, all_agree=True, **other):
    numbers = list(case.allegations.values_list("number", flat=True))
    findings = {number: found(**other) for number in numbers}
    return workflow.find(case, reader_of(person), findings, all_agree=all_agree, at=THURSDAY)


@pytest.mark.parametrize(
    "result", ["substantiated", "partly_substantiated", "not_enough_information", "not_substantiated"]
)
def test_each_allegation_gets_one_of_four_values(world, result):
    case = to_finding(world, make_case(world))
    find(case, world.chair, result=result)
    assert {one.result for one in case.allegations.all()} == {result}
    entry = written(case, world.chair, "finding", CompartmentKind.FINDING)[0]
    assert entry["allegation"].startswith("In May the mechanic")
    assert entry["result"] == result


def test_there_is_no_other_value(world):
    case = to_finding(world, make_case(world))
    refused(lambda: find(case, world.chair, result="false"), saying="four findings")


def test_reasons_are_long_enough_to_be_followed(world):
    case = to_finding(world, make_case(world))
    refused(lambda: find(case, world.chair, reasons="x" * 199), saying="200 characters")


@pytest.mark.parametrize("side", ["complainant_said", "respondent_said"])
def test_reasons_mention_both_sides(world, side):
    case = to_finding(world, make_case(world))
    refused(lambda: find(case, world.chair, **{side: " "}), saying="each side")


def test_no_allegation_is_left_without_a_finding(world):
    case = to_finding(world, make_case(world))
    refused(
        lambda: workflow.find(case, reader_of(world.chair), {1: found()}, all_agree=True, at=THURSDAY), saying="missing"
    )


def test_everybody_who_inquired_agrees(world):
    case = to_finding(world, make_case(world))
    refused(lambda: find(case, world.chair, all_agree=False), saying="agrees")


def test_the_decision_maker_gets_finding_and_respondent_and_nothing_before(world):
    case = to_finding(world, make_case(world))
    held = Grant.objects.filter(key__compartment__case=case, person_key__person=world.decision_maker)
    assert not held.exists()
    find(case, world.chair)
    assert set(held.values_list("key__compartment__kind", flat=True)) == {"finding", "respondent"}
    place = case.assignments.get(person=world.decision_maker)
    assert (place.role, place.ended_on) == ("decision_maker", None)
    assert Notice.objects.filter(recipient=world.decision_maker).count() == 1


def test_the_decision_maker_gets_no_name_that_the_factory_does_not_hold(world):
    case = to_finding(world, make_case(world, share_choice="pictures_only"))
    find(case, world.chair)
    held = Grant.objects.filter(key__compartment__case=case, person_key__person=world.decision_maker)
    assert set(held.values_list("key__compartment__kind", flat=True)) == {"finding"}


def test_the_decision_maker_opens_the_finding_and_never_her_words_or_the_record(world):
    case = to_decision(world, make_case(world))
    workflow.declare_conflict(case, by=world.decision_maker, answer="none", at=THURSDAY)
    on = access.case_for(world.decision_maker, case.reference, at=THURSDAY)
    assert access.open_doors(on, at=THURSDAY) == {"finding", "respondent"}
    opened = access.opened(on, reader_of(world.decision_maker), CompartmentKind.values, at=THURSDAY)
    assert {one.kind for one in opened} == {"finding", "respondent"}


def test_nobody_shares_more_with_the_decision_maker_than_the_finding(world):
    case = to_decision(world, make_case(world))
    workflow.declare_conflict(case, by=world.decision_maker, answer="none", at=THURSDAY)
    workflow.share_again(case, reader_of(world.chair), to=world.decision_maker, at=THURSDAY)
    her_consent(case, "share_text", False)
    held = Grant.objects.filter(key__compartment__case=case, person_key__person=world.decision_maker)
    assert set(held.values_list("key__compartment__kind", flat=True)) == {"finding", "respondent"}


def test_an_excluded_decision_maker_gets_nothing_and_no_word(world):
    case = to_finding(world, make_case(world))
    exclusions.exclude_person(case, world.decision_maker)
    find(case, world.chair)
    assert not case.assignments.filter(person=world.decision_maker).exists()
    assert not Grant.objects.filter(key__compartment__case=case, person_key__person=world.decision_maker).exists()
    assert not Notice.objects.filter(recipient=world.decision_maker).exists()


def test_whoever_took_part_is_not_called_to_decide(world):
    case = to_finding(world, make_case(world))
    case.inquirers.create(person=world.decision_maker, since=THURSDAY.date())
    find(case, world.chair)
    assert not case.assignments.filter(person=world.decision_maker).exists()


def test_outside_the_factory_nobody_there_is_called_to_decide(world):
    case = to_decision(world, make_case(world, route="outside_only"))
    assert not case.assignments.filter(role="decision_maker").exists()
    assert not Grant.objects.filter(key__compartment__case=case, person_key__person__in=world.factory_people).exists()


def test_an_inquiry_moved_outside_is_gone_for_the_factory_and_goes_on_there(world):
    """The experts have the papers, confirm danger first, and find."""
    from tests.builders import file, make_answers
    from tests.complaints.test_workflow import her

    filed = file(make_answers(world.factory))
    case = to_finding(world, filed.case)
    stood_by = case.assignments.get(role="technical_expert").person
    workflow.move_outside(case, her(filed), at=THURSDAY)
    refused(lambda: find(case, world.chair), saying="")
    case.refresh_from_db()
    new = next(person for person in inquirers(world, case) if person != stood_by)
    refused(lambda: find(case, stood_by), saying="confirms danger")
    workflow.confirm_danger(
        case, by=stood_by, danger_level="not_now", age_band="18_plus", not_free=False, note="", at=THURSDAY
    )
    refused(lambda: find(case, new), saying="share it with you again")
    find(case, stood_by)
    case.refresh_from_db()
    assert case.stage == "decision"
    assert written(case, new, "finding", CompartmentKind.FINDING)[0]["allegation"].startswith("In May")


def test_no_event_and_no_column_of_an_inquiry_holds_a_typed_word(world):
    case = to_decision(world, make_case(world))
    for event in case.events.all():
        for key, value in event.contents.items():
            check_contents(value, key)
    with connection.cursor() as cursor:
        for name in columns():
            table, column = name.split(".")
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text LIKE %s', ["%touched%"])
            assert cursor.fetchone()[0] == 0, name
