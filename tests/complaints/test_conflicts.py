"""Conflict of interest: false statements, and people about whose handling a concern is open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Notice
from complaints import workflow
from complaints.models import Assignment, Concern, Grant
from tests.builders import WEDNESDAY, make_case, make_world, sign_in

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
