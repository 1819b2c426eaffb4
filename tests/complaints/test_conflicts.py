"""Conflict of interest: false statements, and people about whose handling a concern is open."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Notice
from complaints import compartments, shown, workflow
from complaints.models import Assignment, Concern, Grant
from complaints.selectors import casepage
from factories.models import Membership
from tests.builders import WEDNESDAY, holder_of, make_case, make_world, sign_in

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def case(world):
    case = make_case(world)
    workflow.declare_conflict(case, by=world.officer, answer="none", at=THURSDAY)
    case.assignments.filter(role="technical_expert").update(standing_by=False, visible_from=THURSDAY)
    return case


def expert_of(case):
    return case.assignments.get(role="technical_expert").person


def find_false(case, world):
    workflow.find_declaration_false(
        case, by=expert_of(case), about=world.officer, text="They are brothers.", at=THURSDAY
    )


def test_a_false_statement_takes_the_person_off_the_case_at_once(world, case):
    find_false(case, world)
    assert not Assignment.objects.current().filter(case=case, person=world.officer).exists()
    assert not Grant.objects.filter(key__compartment__case=case, person_key__person=world.officer).exists()


def test_the_decision_maker_and_the_advisor_learn_of_it_without_the_case(world, case):
    find_false(case, world)
    told = Notice.objects.filter(kind="declaration_false")
    assert {notice.recipient for notice in told} == {world.decision_maker, world.advisor}
    assert {(notice.topic, notice.topic_id) for notice in told} == {("", None)}


def test_the_advisor_sees_a_failure_of_the_process_and_no_reference(client, world, case):
    find_false(case, world)
    sign_in(client, world.advisor)
    page = client.get("/portfolio/").content.decode()
    assert "a signed statement of no conflict of interest was false" in page
    assert case.reference not in page


def test_a_failure_in_a_case_that_is_outside_now_does_not_show(client, world, case):
    find_false(case, world)
    type(case).objects.filter(pk=case.pk).update(route="outside_first", factory_side="")
    sign_in(client, world.advisor)
    assert "a signed statement" not in client.get("/portfolio/").content.decode()


def test_nobody_finds_their_own_statement_false_and_none_is_found_twice(world, case):
    find_false(case, world)
    with pytest.raises(workflow.StepRefused):
        find_false(case, world)


def test_the_chair_cannot_call_a_colleague_a_liar(world, case):
    with pytest.raises(workflow.StepRefused):
        workflow.find_declaration_false(case, by=world.chair, about=world.officer, text="x", at=THURSDAY)


def test_who_handled_a_case_with_an_open_concern_gets_no_new_one(world, case):
    Concern.objects.create(case=case, number=1, kind="handling", raised_on=THURSDAY.date())
    after = make_case(world, at=THURSDAY)
    on_it = set(after.assignments.values_list("person", flat=True))
    assert after.factory_side == "chair_and_outside_member"
    assert not on_it & {world.officer.pk, world.chair.pk} and {world.stand_in.pk, world.outside_member.pk} <= on_it
    Concern.objects.update(settled_on=THURSDAY.date(), upheld=False)
    again = make_case(world, at=THURSDAY + timedelta(hours=1))
    assert again.assignments.filter(person=world.officer).exists()


@pytest.mark.parametrize("upheld", [True, False])
def test_a_concern_that_was_right_keeps_who_handled_it_from_new_cases(world, case, upheld):
    Concern.objects.create(case=case, number=1, kind="handling", raised_on=THURSDAY.date())
    case.assignments.filter(role="technical_expert").update(standing_by=False)
    said = {"text": "I have looked into it with care and talked with all of them.", "offers": False, "settled": True}
    workflow.answer_concern(case, by=expert_of(case), **said, upheld=upheld, at=THURSDAY)
    after = make_case(world, at=THURSDAY + timedelta(hours=1))
    assert after.assignments.filter(person=world.officer).exists() is not upheld


# --- What makes a conflict, asked one by one ----------------------------------------------------------------------


def test_whoever_ticks_a_relation_cannot_sign_that_there_is_none(world):
    case = make_case(world)
    with pytest.raises(workflow.StepRefused) as refusal:
        workflow.declare_conflict(case, by=world.officer, answer="none", relations=["same_line"], at=THURSDAY)
    assert "What you ticked is a conflict" in str(refusal.value.message)
    assert not case.declarations.exists()
    signed = workflow.declare_conflict(
        case, by=world.officer, answer="possible", text="Two lines, one hall.", relations=["same_line"], at=THURSDAY
    )
    assert signed.may_handle is None


def test_who_decides_about_a_possible_conflict_reads_what_was_ticked(world):
    case = make_case(world)
    workflow.declare_conflict(case, by=world.officer, answer="yes", relations=["debt", "under"], at=THURSDAY)
    read = compartments.take_out(case, holder_of(world.chair), ["record"], at=THURSDAY, entry_kinds=["conflict_text"])
    assert [str(one) for one in shown.lines(read[0].content)[0].values] == [
        "I am in debt to somebody concerned, or they to me.",
        "I work under somebody concerned.",
    ]
    assert "debt" not in str(list(case.events.values_list("contents", flat=True)))


def test_a_relation_nobody_asked_about_is_refused(world):
    with pytest.raises(workflow.StepRefused):
        workflow.declare_conflict(make_case(world), by=world.officer, answer="yes", relations=["x"], at=THURSDAY)


def test_the_form_shows_the_signers_own_unit_and_refuses_none_beside_a_tick(client, world):
    case = make_case(world)
    Membership.objects.filter(person=world.officer).update(unit="Sewing line 4")
    with time_machine.travel(THURSDAY, tick=False):
        sign_in(client, world.officer)
        address = f"/cases/{case.reference}/steps/declare-conflict/"
        assert "You work in: Sewing line 4." in client.get(address).content.decode()
        page = client.post(address, {"answer": "none", "relations": ["friend"]}).content.decode()
        assert "What you ticked is a conflict of interest" in page and not case.declarations.exists()
        client.post(address, {"answer": "possible", "relations": ["friend"], "text": "We ate together."})
    assert case.declarations.get().answer == "possible"


# --- Confidentiality broken ---------------------------------------------------------------------------------------


def test_the_expert_hears_at_once_of_a_breach_that_a_handler_records(world, case):
    workflow.note_breach(case, by=world.officer, text="Two supervisors talked about it.", at=THURSDAY)
    word = Notice.objects.get(kind="breach")
    assert (word.recipient, word.send_after) == (expert_of(case), THURSDAY)


def test_the_advisor_sees_the_day_of_a_breach_once_and_no_case(client, world, case):
    for text in ("Two supervisors talked about it.", "And a third."):
        workflow.note_breach(case, by=world.officer, text=text, at=THURSDAY)
    sign_in(client, world.advisor)
    with time_machine.travel(THURSDAY, tick=False):
        page = client.get("/portfolio/").content.decode()
    assert page.count("confidentiality was broken") == 1
    assert case.reference not in page and "supervisors" not in page


@pytest.mark.parametrize("elsewhere", [{"route": "outside_first", "factory_side": ""}, {"side": "safeguarding_hold"}])
def test_a_breach_in_a_case_that_is_not_the_factorys_does_not_show(client, world, case, elsewhere):
    workflow.note_breach(case, by=world.officer, text="x", at=THURSDAY)
    type(case).objects.filter(pk=case.pk).update(**elsewhere)
    sign_in(client, world.advisor)
    with time_machine.travel(THURSDAY, tick=False):
        assert "confidentiality was broken" not in client.get("/portfolio/").content.decode()


def test_the_factory_never_reads_what_the_expert_records_of_a_breach(world, case):
    workflow.note_breach(case, by=expert_of(case), text="She wrote that the line knows.", at=THURSDAY)
    later = THURSDAY + timedelta(days=5)
    read = compartments.take_out(case, holder_of(world.officer), ["record", "inbox"], at=later)
    assert "the line knows" not in str(read)
    assert "breach_noted" not in {one.kind for one in casepage.timeline(case, at_factory=True, at=later)}
    kept = compartments.take_out(case, holder_of(expert_of(case)), ["freedom"], at=later, entry_kinds=["note"])
    assert kept[0].content["text"] == "She wrote that the line knows."


def test_a_breach_is_recorded_with_words_and_by_who_works_on_the_case(world, case):
    with pytest.raises(workflow.StepRefused):
        workflow.note_breach(case, by=world.officer, text=" ", at=THURSDAY)
    with pytest.raises(workflow.StepRefused):
        workflow.note_breach(case, by=world.advisor, text="x", at=THURSDAY)


def test_a_handler_records_a_breach_on_its_page(client, world, case):
    with time_machine.travel(THURSDAY, tick=False):
        sign_in(client, world.officer)
        assert "Confidentiality was broken" in client.get(f"/cases/{case.reference}/").content.decode()
        client.post(f"/cases/{case.reference}/steps/note-breach/", {"text": "Two supervisors talked."})
    assert Concern.objects.get(kind="breach").raised_on == case.local_day(THURSDAY)
