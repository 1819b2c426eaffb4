"""Closing: nine criteria, one who ticks and another who confirms, her answer asked; and opening it again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Notice
from complaints import compartments, deadlines, events, shown, workflow
from complaints.casecodes import Criterion
from complaints.models import (
    Case,
    CaseLink,
    Check,
    Concern,
    Entry,
    Event,
    InterimMeasure,
    SatisfactionTally,
)
from complaints.selectors import casepage
from complaints.selectors import closing as ends
from complaints.workflow import checks
from complaints.workflow.table import actor_on, move
from tests.builders import World, file, holder_of, make_answers, make_world, sign_in
from tests.walkers import THURSDAY, decide, declare, handlers, tell_both, to_decision, to_planning

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AFTER = THURSDAY + 95 * DAY  # The checks are over.
LETTER = "We think that what was promised is done. May we close your case, and are you safe now?"
LEARNED = "Two people should be at the machines whenever the mechanic comes after the shift."


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture(autouse=True)
def _released_in_the_morning(settings) -> None:
    """What she does reaches the factory at seven the next morning, as in production."""
    settings.SAMLENG_RELEASE_AT_ONCE = False


def monitored(world: World, *, at: datetime = THURSDAY, made: bool = True, **answers: Any) -> Case:
    """A case of the committee in monitoring; `made`: its three checks are done, and no measure is in force."""
    case = to_planning(world, file(make_answers(world.factory, **answers)).case, path="support_only", at=at)
    move(case, "monitoring", "")
    checks.plan(case, at=at)
    if made:
        finish(case)
    case.refresh_from_db()
    return case


def finish(case: Case) -> None:
    """Make the checks and end the measures: what CHECKS does by hand is set here by day."""
    day = case.local_day(AFTER)
    made = Check.objects.filter(case=case).exclude(code="records_review_180")
    made.update(done_on=day, answered_on=day, result="answered", tries=1)
    deadlines.meet(case, "check_30", "check_60", "check_90", "check_14", at=AFTER)
    InterimMeasure.objects.filter(case=case).update(ends_on=day)


def asked(case: Case, world: World, *, at: datetime = AFTER) -> None:
    workflow.ask_closing(case, by=world.officer, text=LETTER, at=at)


def say(case: Case, *, yes: bool = True, at: datetime = AFTER + DAY, **other: Any) -> None:
    workflow.answer_closing(case, may_close=yes, safe="yes", at=at, **other)


def ready(world: World, **answers: Any) -> Case:
    """Everything holds, nothing is ticked yet; two days after the checks."""
    case = monitored(world, **answers)
    workflow.write_learning(case, by=world.officer, text=LEARNED, no_names=True, at=AFTER)
    asked(case, world)
    say(case)
    case.refresh_from_db()
    return case


LATER = AFTER + 3 * DAY
ALL = list(Criterion.values)


def confirmed(world: World, **answers: Any) -> Case:
    case = ready(world, **answers)
    workflow.tick_closure(case, by=world.officer, criteria=ALL, at=LATER)
    workflow.confirm_closure(case, by=world.chair, criteria=ALL, at=LATER)
    return case


def closed(world: World, **answers: Any) -> Case:
    case = confirmed(world, **answers)
    workflow.close(case, by=world.officer, at=LATER)
    case.refresh_from_db()
    return case


def refusal(act: Any) -> str:
    with pytest.raises(workflow.StepRefused) as caught:
        act()
    return str(caught.value.message)


# --- It closes ----------------------------------------------------------------------------------------------------


def test_two_people_and_her_yes_close_a_case(world):
    case = closed(world)
    assert (case.stage, case.side, case.closing_reason) == ("closed", "", "completed")
    assert case.closed_at == LATER
    assert case.purge_after == case.local_day(LATER).replace(year=2027)
    assert case.events.latest("number").kind == "closed"
    assert list(events.faults(case)) == []
    assert set(case.deadlines.open().values_list("code", flat=True)) == {"records_review_180"}


def test_her_contact_is_deleted_with_the_closing_and_nothing_else(world):
    case = confirmed(world)
    before = Entry.objects.filter(key__compartment__case=case)
    identity = before.filter(key__compartment__kind="identity")
    others = before.exclude(key__compartment__kind="identity").count()
    assert identity.exists()
    workflow.close(case, by=world.officer, at=LATER)
    assert not identity.exists()
    assert before.exclude(key__compartment__kind="identity").count() == others


def test_her_inbox_stays_open_after_closing(world):
    case = closed(world)
    workflow.write(case, text="One more thing.", at=LATER + 40 * DAY)
    workflow.send_message(case, by=world.officer, text="Thank you, we have read it.", at=LATER + 42 * DAY)
    case.refresh_from_db()
    assert case.stage == "closed"


# --- What keeps it open -------------------------------------------------------------------------------------------


def test_one_person_alone_closes_nothing(world):
    case = ready(world)
    workflow.tick_closure(case, by=world.officer, criteria=ALL, at=LATER)
    assert "confirmed by another" in refusal(lambda: workflow.close(case, by=world.officer, at=LATER))
    assert "Somebody else" in refusal(lambda: workflow.confirm_closure(case, by=world.officer, criteria=ALL, at=LATER))


def test_the_database_knows_no_one_who_confirms_their_own_tick(world):
    case = ready(world)
    workflow.tick_closure(case, by=world.officer, criteria=ALL, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        case.closure_ticks.update(confirmed_by=world.officer, confirmed_at=LATER)


def test_an_open_check_keeps_it_open(world):
    case = monitored(world, made=False)
    assert "check is still open" in refusal(
        lambda: workflow.tick_closure(case, by=world.officer, criteria=["checks"], at=THURSDAY + DAY)
    )


def test_a_check_without_an_answer_counts_after_two_tries_only(world):
    case = ready(world)
    case.checks.filter(code="check_60").update(result="no_answer", answered_on=None, tries=1)
    assert "was not made" in refusal(
        lambda: workflow.tick_closure(case, by=world.officer, criteria=["checks"], at=LATER)
    )
    case.checks.filter(code="check_60").update(tries=2)
    assert workflow.tick_closure(case, by=world.officer, criteria=["checks"], at=LATER) == 1


def test_an_interim_measure_in_force_keeps_it_open(world):
    case = ready(world)
    InterimMeasure.objects.filter(case=case).update(ends_on=None)
    assert "interim measure" in refusal(
        lambda: workflow.tick_closure(case, by=world.officer, criteria=["nothing_open"], at=LATER)
    )


def test_a_concern_that_comes_after_both_have_ticked_keeps_it_open(world):
    case = confirmed(world)
    Concern.objects.create(case=case, number=1, kind="retaliation", raised_on=case.local_day(LATER), shows_at=LATER)
    assert "treated badly" in refusal(lambda: workflow.close(case, by=world.officer, at=LATER))


def test_a_concern_not_released_yet_keeps_it_open_without_saying_why(world):
    case = confirmed(world)
    soon = LATER + timedelta(hours=5)
    Concern.objects.create(case=case, number=1, kind="retaliation", raised_on=case.local_day(LATER), shows_at=soon)
    said = refusal(lambda: workflow.close(case, by=world.officer, at=LATER))
    assert "cannot be closed today" in said and "badly" not in said


def test_an_open_appeal_keeps_it_open(world):
    case = ready(world)
    case.appeals.create(number=1, side="respondent", ground="unfair", received_on=case.local_day(LATER))
    assert "appeal is open" in refusal(
        lambda: workflow.tick_closure(case, by=world.officer, criteria=["nothing_open"], at=LATER)
    )


def test_nothing_is_closed_in_a_safeguarding_hold(world):
    case = confirmed(world)
    move(case, "monitoring", "safeguarding_hold")
    with pytest.raises(workflow.StepRefused):
        workflow.close(case, by=world.officer, at=LATER)
    case.refresh_from_db()
    assert case.closed_at is None


def looked_at(case: Case) -> None:
    """She had her overall answer, and the time has come to look whether it can be closed."""
    deadlines.meet(case, "overall_feedback", at=AFTER)
    deadlines.set_next(case, "closure_review", at=AFTER)


def next_of(case: Case, person: Any, *, at: datetime = LATER) -> str:
    """What the page of the case offers this person first."""
    case.refresh_from_db()
    return casepage.case_page(case, actor_on(case, by=person), at=at).next_step


def test_the_page_leads_from_the_last_check_to_the_end(world):
    case, officer = monitored(world), world.officer
    assert next_of(case, officer, at=AFTER) not in ends.NEXT  # Its time has not come.
    looked_at(case)
    assert next_of(case, officer, at=AFTER) == "write_learning"
    workflow.write_learning(case, by=officer, text=LEARNED, no_names=True, at=AFTER)
    assert next_of(case, officer, at=AFTER) == "ask_closing"
    asked(case, world)
    assert next_of(case, officer, at=AFTER) not in ends.NEXT  # It is hers to answer.
    say(case)
    assert next_of(case, officer, at=AFTER + DAY) not in ends.NEXT  # Not released yet: nothing tells that she has.
    assert next_of(case, officer) == "tick_closure"
    workflow.tick_closure(case, by=officer, criteria=ALL, at=LATER)
    assert next_of(case, officer) not in ends.NEXT
    assert next_of(case, world.chair) == "confirm_closure"
    workflow.confirm_closure(case, by=world.chair, criteria=ALL, at=LATER)
    assert next_of(case, officer) == "close"


def test_the_page_asks_again_after_a_week_of_silence_and_not_after_a_no(world):
    case = monitored(world)
    looked_at(case)
    workflow.write_learning(case, by=world.officer, text=LEARNED, no_names=True, at=AFTER)
    asked(case, world)
    assert next_of(case, world.officer, at=AFTER + 6 * DAY) not in ends.NEXT
    assert next_of(case, world.officer, at=AFTER + 7 * DAY) == "ask_closing"
    asked(case, world, at=AFTER + 7 * DAY)
    assert next_of(case, world.officer, at=AFTER + 13 * DAY) not in ("ask_closing", "tick_closure")
    assert next_of(case, world.officer, at=AFTER + 14 * DAY) == "tick_closure"
    say(case, yes=False, at=AFTER + 14 * DAY)
    assert next_of(case, world.officer, at=AFTER + 20 * DAY) not in ends.NEXT


def test_the_page_does_not_tell_by_its_next_step_that_she_answered_today(world):
    case = monitored(world)
    looked_at(case)
    workflow.write_learning(case, by=world.officer, text=LEARNED, no_names=True, at=AFTER)
    asked(case, world)
    before = next_of(case, world.officer, at=AFTER + 8 * DAY)
    say(case, at=AFTER + 8 * DAY)
    assert next_of(case, world.officer, at=AFTER + 8 * DAY) == before == "ask_closing"


def test_the_page_leads_to_what_is_missing_before_the_ticks(world):
    case = ready(world)
    looked_at(case)
    assert next_of(case, world.officer) == "tick_closure"
    day = case.local_day(AFTER)
    events.record(case, "referral_offered", by=world.officer, at=AFTER, contents={"number": 1})
    case.referrals.create(number=1, state="accepted", offered_on=day, answered_on=day, sent_on=day)
    assert next_of(case, world.officer) == "note_referral"


def test_a_referral_is_followed_up_first(world):
    case = ready(world)
    case.referrals.create(number=1, state="accepted", offered_on=case.local_day(THURSDAY))
    assert "followed up" in refusal(
        lambda: workflow.tick_closure(case, by=world.officer, criteria=["referrals"], at=LATER)
    )


def test_a_remedy_past_its_day_and_not_verified_keeps_it_open(world):
    case = ready(world)
    case.remedies.create(number=1, scope="workplace", code="light", owner=world.chair, due_on=case.local_day(THURSDAY))
    assert "neither confirmed nor planned" in refusal(lambda: tick_remedies(case, world))
    planned_again(case, world, outside_line=True)
    assert tick_remedies(case, world) == 1


def test_a_remedy_whose_day_is_still_ahead_keeps_it_open_unless_its_owner_is_outside_the_line(world):
    case = ready(world)
    ahead = case.local_day(LATER + 20 * DAY)
    case.remedies.create(number=1, scope="workplace", code="light", owner=world.chair, due_on=ahead)
    assert "neither confirmed nor planned" in refusal(lambda: tick_remedies(case, world))
    planned_again(case, world, outside_line=False)
    assert "owner outside the line" in refusal(lambda: tick_remedies(case, world))
    planned_again(case, world, outside_line=True)
    assert tick_remedies(case, world) == 1


def test_a_sanction_not_carried_out_or_not_checked_keeps_it_open_though_its_day_is_ahead(world):
    case = ready(world)
    day = case.local_day(LATER)
    decision = case.decisions.create(number=1, by=world.decision_maker, decided_on=day)
    ahead = case.local_day(LATER + 20 * DAY)
    case.sanctions.create(number=1, code="transfer", decision=decision, owner=world.chair, due_on=ahead)
    assert "not carried out yet" in refusal(lambda: tick_remedies(case, world))
    case.sanctions.update(done_on=day)
    assert "not checked yet" in refusal(lambda: tick_remedies(case, world))
    case.sanctions.update(checked_on=day, checked_by=world.officer)
    assert tick_remedies(case, world) == 1


def tick_remedies(case: Case, world: World) -> int:
    return workflow.tick_closure(case, by=world.officer, criteria=["remedies"], at=LATER)


def planned_again(case: Case, world: World, *, outside_line: bool) -> None:
    workflow.plan_remedy(
        case, by=world.officer, remedy=case.remedies.get(), owner=world.chair, due_on=case.local_day(LATER + 20 * DAY),
        outside_line=outside_line, reason="The lamps come with the next ship.", at=LATER,
    )  # fmt: skip


def test_a_formal_inquiry_needs_a_finding_a_decision_and_both_sides_told(world):
    case = ready(world)
    Case.objects.filter(pk=case.pk).update(path="formal_inquiry")

    def tick(criterion: str) -> str:
        return refusal(lambda: workflow.tick_closure(case, by=world.officer, criteria=[criterion], at=LATER))

    assert "no allegation" in tick("findings")
    case.allegations.create(number=1)
    assert "no finding yet" in tick("findings")
    assert "Nothing is decided" in tick("decision_told")
    Case.objects.filter(pk=case.pk).update(decided_on=case.local_day(LATER))
    assert "complainant was not told" in tick("decision_told")


def test_the_learning_note_comes_first_and_names_nobody(world):
    case = monitored(world)
    assert "Nobody has written" in refusal(
        lambda: workflow.tick_closure(case, by=world.officer, criteria=["learning"], at=LATER)
    )
    assert "whole sentence" in refusal(
        lambda: workflow.write_learning(case, by=world.officer, text="Light.", no_names=True, at=LATER)
    )
    assert "point to a person" in refusal(
        lambda: workflow.write_learning(case, by=world.officer, text=LEARNED, no_names=False, at=LATER)
    )


# --- She is asked -------------------------------------------------------------------------------------------------


def test_nothing_ends_before_she_was_asked(world):
    case = monitored(world)
    assert "not asked yet" in refusal(
        lambda: workflow.tick_closure(case, by=world.officer, criteria=["she_was_asked"], at=LATER)
    )


def test_her_no_keeps_it_open_until_she_is_asked_again(world):
    case = monitored(world)
    asked(case, world)
    say(case, yes=False)
    assert "She said no" in refusal(
        lambda: workflow.tick_closure(case, by=world.officer, criteria=["she_was_asked"], at=LATER)
    )
    asked(case, world, at=LATER)
    say(case, at=LATER + DAY)
    assert workflow.tick_closure(case, by=world.officer, criteria=["she_was_asked"], at=LATER + 3 * DAY) == 1


def test_a_yes_of_somebody_who_is_not_safe_is_no_yes(world):
    case = monitored(world)
    asked(case, world)
    workflow.answer_closing(case, may_close=True, safe="no", at=AFTER + DAY)
    assert "She said no" in refusal(
        lambda: workflow.tick_closure(case, by=world.officer, criteria=["she_was_asked"], at=LATER)
    )


def test_before_the_release_her_no_is_not_told_and_nothing_closes(world):
    case = confirmed(world)
    workflow.ask_closing(case, by=world.officer, text=LETTER, at=LATER)
    say(case, yes=False, at=LATER)
    said = refusal(lambda: workflow.close(case, by=world.officer, at=LATER + timedelta(hours=1)))
    assert "cannot be closed today" in said and "She said" not in said
    assert "She said no" in refusal(lambda: workflow.close(case, by=world.officer, at=LATER + 2 * DAY))


def test_without_an_answer_two_questions_and_a_week_are_needed(world):
    case = monitored(world)
    tick = {"by": world.officer, "criteria": ["she_was_asked"]}
    asked(case, world)
    assert "has not answered" in refusal(lambda: workflow.tick_closure(case, **tick, at=AFTER + 20 * DAY))
    asked(case, world, at=AFTER + 20 * DAY)
    assert "has not answered" in refusal(lambda: workflow.tick_closure(case, **tick, at=AFTER + 22 * DAY))
    assert workflow.tick_closure(case, **tick, at=AFTER + 28 * DAY) == 1


def test_she_answers_once_and_only_when_asked(world):
    case = monitored(world)
    with pytest.raises(workflow.StepRefused):
        say(case)
    asked(case, world)
    say(case)
    with pytest.raises(workflow.StepRefused):
        say(case)


def test_her_words_and_her_face_are_sealed_and_the_handlers_hear_at_the_release(world):
    case = monitored(world)
    asked(case, world)
    say(case, yes=False, how=2, text="ZqWord he is back", questions={"heard": "no"})
    event = case.events.get(kind="closing_answered")
    assert event.contents == {"may_close": False, "rated": True} and event.at is None
    notice = Notice.objects.filter(kind="closing_answered").first()
    assert notice is not None and notice.send_after == case.calendar.release_after(AFTER + DAY)
    assert "ZqWord" not in str(list(Event.objects.values_list("contents", flat=True)))


# --- How it was, counted without a case ---------------------------------------------------------------------------


def test_a_face_is_counted_once_by_factory_and_quarter_without_the_case(world):
    case = monitored(world)
    asked(case, world)
    say(case, how=4)
    asked(case, world, at=LATER)
    say(case, how=1, at=LATER + DAY)
    [tally] = SatisfactionTally.objects.all()
    assert (tally.factory, tally.answers, tally.good, tally.quarter) == (world.factory, 1, 1, "2026Q3")


def test_an_outside_case_moves_no_number_of_its_factory(world):
    case = monitored(world)
    Case.objects.filter(pk=case.pk).update(route="outside_only", factory_side="")
    case.refresh_from_db()
    workflow.say_how_it_was(case, how=2, at=AFTER)
    [tally] = SatisfactionTally.objects.all()
    assert (tally.factory, tally.answers, tally.good) == (None, 1, 0)


def test_at_ninety_days_she_may_say_how_it_was_once(world):
    case = monitored(world)
    with pytest.raises(workflow.StepRefused):
        workflow.say_how_it_was(case, how=5, at=THURSDAY + 80 * DAY)
    workflow.say_how_it_was(case, how=5, at=THURSDAY + 90 * DAY)
    with pytest.raises(workflow.StepRefused):
        workflow.say_how_it_was(case, how=5, at=THURSDAY + 91 * DAY)


# --- Who confirms -------------------------------------------------------------------------------------------------


def test_a_grave_case_is_confirmed_from_outside_the_factory(world):
    case = ready(world, conduct_types=frozenset({"touch"}))
    workflow.tick_closure(case, by=world.officer, criteria=ALL, at=LATER)
    assert "grave" in refusal(lambda: workflow.confirm_closure(case, by=world.chair, criteria=ALL, at=LATER))
    called = case.assignments.current().get(role="technical_expert")
    assert not called.standing_by  # Without an outside member on the case she is called, and can open its page.
    expert = called.person
    assert Notice.objects.filter(kind="closing_to_confirm", recipient=expert).exists()
    assert workflow.confirm_closure(case, by=expert, criteria=ALL, at=LATER) == 9
    workflow.close(case, by=world.officer, at=LATER)


def test_a_stranger_ticks_nothing(world):
    case = ready(world)
    with pytest.raises(workflow.StepRefused):
        workflow.tick_closure(case, by=world.decision_maker, criteria=ALL, at=LATER)


# --- No contact ---------------------------------------------------------------------------------------------------


def silent(world: World) -> Case:
    case = file(make_answers(world.factory)).case
    declare(case)
    for days in (0, 30, 40):
        workflow.send_message(case, by=world.officer, text="Are you there? Please write.", at=THURSDAY + days * DAY)
    return case


def test_three_messages_over_sixty_days_close_it_and_her_next_word_opens_it(world):
    case = silent(world)
    assert case.deadlines.open().filter(code="no_contact_close").exists()
    workflow.close_no_contact(case, by=world.officer, at=THURSDAY + 61 * DAY)
    case.refresh_from_db()
    assert (case.stage, case.closing_reason) == ("closed", "no_contact") and case.purge_after
    workflow.write(case, text="I was ill.", at=THURSDAY + 90 * DAY)
    workflow.finish_reopenings(at=THURSDAY + 91 * DAY)
    case.refresh_from_db()
    assert (case.side, case.closed_at, case.purge_after, case.closing_reason) == ("reopened", None, None, "")
    assert case.stage == "received" and case.deadlines.open().filter(code="acknowledge").exists()
    assert list(events.faults(case)) == []


def test_two_messages_or_fifty_days_are_not_enough(world):
    case = silent(world)
    assert "sixty days" in refusal(lambda: workflow.close_no_contact(case, by=world.officer, at=THURSDAY + 50 * DAY))
    workflow.write(case, text="I am here.", at=THURSDAY + 55 * DAY)
    workflow.send_message(case, by=world.officer, text="Good to hear from you.", at=THURSDAY + 57 * DAY)
    assert "three messages" in refusal(
        lambda: workflow.close_no_contact(case, by=world.officer, at=THURSDAY + 70 * DAY)
    )
    assert not case.deadlines.open().filter(code="no_contact_close").exists()


def test_a_message_she_wrote_today_stops_it_without_being_told(world):
    case = silent(world)
    at = THURSDAY + 61 * DAY
    workflow.write(case, text="I am here.", at=at)
    assert "cannot be closed today" in refusal(lambda: workflow.close_no_contact(case, by=world.officer, at=at))


# --- Where it goes on ---------------------------------------------------------------------------------------------


def test_what_belongs_elsewhere_is_pointed_there_kindly(world):
    case = to_planning(world, file(make_answers(world.factory)).case, path="support_only")
    InterimMeasure.objects.filter(case=case).update(ends_on=case.local_day(THURSDAY))
    text = "It was right to tell. Wages are looked after by the union office; they open every Sunday morning."
    assert "written" not in refusal(
        lambda: workflow.close_redirected(case, by=world.officer, reason="not_in_scope_redirected", text="No.",
                                          at=THURSDAY)
    )  # fmt: skip
    assert "link it" in refusal(
        lambda: workflow.close_redirected(case, by=world.officer, reason="duplicate_linked", text=text, at=THURSDAY)
    )
    assert "her decision" in refusal(
        lambda: workflow.close_redirected(case, by=world.officer, reason="referred_out", text=text, at=THURSDAY)
    )
    workflow.close_redirected(case, by=world.officer, reason="not_in_scope_redirected", text=text, at=THURSDAY)
    case.refresh_from_db()
    assert (case.stage, case.closing_reason) == ("closed", "not_in_scope_redirected")


def test_a_linked_duplicate_can_be_closed(world):
    case = to_planning(world, file(make_answers(world.factory)).case, path="support_only")
    InterimMeasure.objects.filter(case=case).update(ends_on=case.local_day(THURSDAY))
    other = file(make_answers(world.factory)).case
    CaseLink.objects.create(case=case, other=other, kind="duplicate", on=case.local_day(THURSDAY))
    text = "You told us twice, thank you. We go on with the first one; use that number to come back."
    workflow.close_redirected(case, by=world.officer, reason="duplicate_linked", text=text, at=THURSDAY)
    case.refresh_from_db()
    assert case.closing_reason == "duplicate_linked"


# --- Open again ---------------------------------------------------------------------------------------------------


def test_she_opens_it_again_with_new_checks_and_new_ticks(world):
    case = closed(world)
    workflow.reopen(case, at=LATER + 10 * DAY)
    workflow.finish_reopenings(at=LATER + 11 * DAY)
    case.refresh_from_db()
    assert (case.stage, case.side, case.closed_at, case.purge_after) == ("monitoring", "reopened", None, None)
    open_codes = set(case.deadlines.open().values_list("code", flat=True))
    assert {"progress_update", "check_30", "check_60", "check_90"} <= open_codes
    assert not workflow.ticks_of(case).exists() and case.closure_ticks.count() == 9
    assert not case.assignments.filter(closed=True).exists()
    with pytest.raises(workflow.StepRefused):
        workflow.close(case, by=world.officer, at=LATER + 12 * DAY)


def test_a_handler_opens_it_only_after_a_message_of_hers_that_was_released(world):
    case = closed(world)
    assert "after a message" in refusal(lambda: workflow.reopen(case, by=world.officer, at=LATER + DAY))
    workflow.write(case, text="It begins again.", at=LATER + 2 * DAY)
    assert "after a message" in refusal(lambda: workflow.reopen(case, by=world.officer, at=LATER + 2 * DAY))
    workflow.reopen(case, by=world.officer, at=LATER + 4 * DAY)
    case.refresh_from_db()
    assert case.side == "reopened"


def test_after_a_stop_two_looks_are_offered_and_nothing_is_asked_of_anybody(world):
    case = file(make_answers(world.factory)).case
    workflow.stop(case, at=THURSDAY)
    workflow.finish_stops(at=THURSDAY + 3 * DAY)
    case.refresh_from_db()
    assert case.purge_after is not None
    assert sorted(case.checks.values_list("code", flat=True)) == ["stopped_check_30", "stopped_check_90"]
    assert set(case.deadlines.open().values_list("code", flat=True)) == {"stopped_check_30", "stopped_check_90"}
    assert not case.assignments.filter(closed=False).exists()


# --- Pages --------------------------------------------------------------------------------------------------------


def test_the_tab_says_what_is_missing_and_where_it_is_done(world, monkeypatch):
    case = monitored(world, made=False)
    monkeypatch.setattr("factories.clock.now", lambda: THURSDAY + DAY)
    client = Client()
    sign_in(client, world.officer)
    response = client.get(f"/cases/{case.reference}/closing/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "A check is still open" in page and "She was not asked yet" in page
    assert f"/cases/{case.reference}/steps/ask-closing/" in page
    assert f"/cases/{case.reference}/steps/write-learning/" in page


def test_the_tab_asks_the_database_no_more_with_every_tick(world, monkeypatch, django_assert_max_num_queries):
    case = confirmed(world)
    monkeypatch.setattr("factories.clock.now", lambda: LATER)
    client = Client()
    sign_in(client, world.officer)
    with django_assert_max_num_queries(25):
        assert "can be closed" in client.get(f"/cases/{case.reference}/closing/").content.decode()
    assert "Close the case" in client.get(f"/cases/{case.reference}/").content.decode()
    actor = workflow.actor_on(case, by=world.officer)
    with django_assert_max_num_queries(2):  # What the page of the case pays for it.
        assert not ends.unwanted(case, actor, {"close", "tick_closure"}, (), at=LATER)["close"]


def test_her_entries_reach_the_handlers_page_in_words(world):
    case = monitored(world)
    asked(case, world)
    say(case, yes=False, how=2, text="He is back.", questions={"heard": "no"})
    opened = compartments.take_out(case, holder_of(world.officer), ["inbox"], at=LATER, entry_kinds=["closing_answer"])
    lines = {str(line.label): [str(value) for value in line.values] for line in shown.lines(opened[0].content)}
    assert lines["May it be closed?"] == ["No"] and lines["Was she listened to?"] == ["No"]


def test_a_written_reason_why_the_respondent_is_not_told_is_enough(world):
    """An outside case whose recommendation she keeps outside could never be closed otherwise."""
    case = file(make_answers(world.factory, route="outside_first")).case
    case = tell_both(world, decide(world, to_decision(world, case)))
    actor = workflow.actor_on(case, by=handlers(case)[0])
    case.refresh_from_db()
    missing = workflow.missing_of(case, actor, Criterion.DECISION_TOLD, at=THURSDAY)
    assert missing and "respondent" in str(missing.words)
    workflow.begin_action(case, by=actor.person, text="She does not want the factory to know.", at=THURSDAY)
    assert workflow.missing_of(case, actor, Criterion.DECISION_TOLD, at=THURSDAY) is None


def test_that_she_is_not_safe_calls_the_outside_team_at_once_and_the_factory_learns_it_at_the_release(
    world: World,
) -> None:
    case = monitored(world)
    asked(case, world)
    at = AFTER + DAY
    workflow.answer_closing(case, may_close=True, safe="no", at=at)
    case.refresh_from_db()
    expert = case.assignments.get(role="technical_expert")
    assert not expert.standing_by
    assert expert.person.notices.get(kind="not_safe").send_after <= at
    assert deadlines.is_open(case, "urgent_contact")
    assert case.urgent_shows_at == case.calendar.release_after(at)
    assert not Notice.objects.filter(recipient=world.officer, kind="not_safe").exists()


def test_that_she_is_safe_calls_nobody(world: World) -> None:
    case = monitored(world)
    asked(case, world)
    say(case)
    assert not deadlines.is_open(case, "urgent_contact")
    assert case.assignments.get(role="technical_expert").standing_by


def test_after_a_stop_what_points_to_her_ends_and_the_other_measures_are_looked_at_until_they_end(
    world: World,
) -> None:
    case = monitored(world)
    day = case.local_day(AFTER)
    for code in ("no_contact", "patrol_light_lock"):
        InterimMeasure.objects.create(case=case, code=code, starts_on=day, decided_by=world.chair)
    workflow.stop(case, at=AFTER)
    case.refresh_from_db()
    final = case.stop_final_at
    assert final
    workflow.finish_stop(case, at=final)
    [light] = case.interim_measures.filter(ends_on=None)
    assert light.code == "patrol_light_lock"
    promise = case.deadlines.open().get(code="interim_review")
    assert promise.paused_at is None and promise.due_at > final
    workflow.review_interim(case, by=world.chair, measure=light, goes_on=False, note="Seen.", at=final + DAY)
    assert not deadlines.is_open(case, "interim_review")
    case.refresh_from_db()
    actor = workflow.actor_on(case, by=world.chair)
    assert case.stage == "closed"
    assert "review_interim" not in workflow.allowed(case, actor, at=final + 2 * DAY)


def test_what_she_opens_again_opens_at_the_factory_with_the_release(world, client):
    case = closed(world)
    after = LATER + 30 * DAY
    workflow.reopen(case, at=after)
    case.refresh_from_db()
    assert case.stage == "closed" and case.reopens_at > after
    with time_machine.travel(after, tick=False):
        sign_in(client, world.officer)
        assert "Reopened" not in client.get("/cases/").content.decode()
    assert "tomorrow morning" in refusal(lambda: workflow.reopen(case, at=after))
    assert workflow.finish_reopenings(at=after) == 0
    assert workflow.finish_reopenings(at=case.reopens_at) == 1
    case.refresh_from_db()
    assert (case.side, case.reopens_at) == ("reopened", None) and list(events.faults(case)) == []


def test_outside_what_she_opens_again_opens_at_once(world):
    case = closed(world)
    Case.objects.filter(pk=case.pk).update(route="outside_first", factory_side="")
    case.refresh_from_db()
    workflow.reopen(case, at=LATER + 30 * DAY)
    case.refresh_from_db()
    assert case.side == "reopened"
