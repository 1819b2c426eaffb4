"""What the code must refuse, where no other file asks: docs/procedure.md lists each refusal with its test."""

from __future__ import annotations

import ast
import inspect
from datetime import timedelta

import pytest

from complaints import access, compartments, tasks, workflow
from complaints.codes import CompartmentKind
from complaints.models import Grant
from complaints.workflow import StepRefused
from tests.builders import file, make_answers, make_case, make_person, make_world, reader_of
from tests.walkers import ANSWER, THURSDAY, declare, sorts_with, to_triage

pytestmark = pytest.mark.django_db
EVERYTHING = CompartmentKind.values


@pytest.mark.parametrize("code", ["transfer_on_request", "room_change_on_request"])
def test_she_is_not_moved_without_her_request_on_record(code):
    world = make_world()
    case = make_case(world)
    declare(case)

    def measure(*, at_her_request: bool) -> object:
        return workflow.decide_interim(
            case, by=world.chair, code=code, reason="So that he does not meet her.", effect_on_pay=False,
            at_her_request=at_her_request, at=THURSDAY,
        )  # fmt: skip

    with pytest.raises(StepRefused):
        measure(at_her_request=False)
    assert not case.interim_measures.exists()
    measure(at_her_request=True)
    assert case.interim_measures.get().code == code


def test_while_the_conflict_question_is_not_answered_the_case_officer_opens_nothing():
    world = make_world()
    case = make_case(world, respondent_job="")
    workflow.declare_conflict(case, by=world.chair, answer="none", at=THURSDAY)
    if not case.assignments.current().filter(person=world.officer).exists():
        workflow.assign(case, reader_of(world.chair), person=world.officer, role="case_officer", at=THURSDAY)
    workflow.declare_conflict(case, by=world.officer, answer="none", at=THURSDAY)
    for person, opens in ((world.officer, False), (world.chair, True)):
        on = access.case_for(person, case.reference, at=THURSDAY)
        assert bool(access.opened(on, reader_of(person), EVERYTHING, at=THURSDAY)) is opens
    with pytest.raises(StepRefused):
        workflow.acknowledge(case, by=world.officer, text=ANSWER, at=THURSDAY)


def test_no_path_is_agreed_while_urgent_contact_is_open():
    world = make_world()
    case = make_case(world, danger_answer="now", insist=True)
    assert case.with_factory
    to_triage(world, case)
    said = {"reason": "She wants it.", "severity": case.severity, "she_agreed": True}
    with pytest.raises(StepRefused, match="step refused") as refused:
        workflow.agree_path(case, by=world.officer, path="support_only", fields=said, at=THURSDAY)
    assert "Urgent contact" in str(refused.value.message)


def test_outside_no_path_is_agreed_before_danger_age_and_freedom_are_confirmed():
    world = make_world()
    case = make_case(world, route="outside_only")
    expert = case.assignments.current().filter(role="technical_expert").first().person
    workflow.acknowledge(case, by=expert, text=ANSWER, at=THURSDAY)
    workflow.triage(case, by=expert, fields={}, second=sorts_with(case, expert), at=THURSDAY)
    with pytest.raises(StepRefused) as refused:
        workflow.agree_path(case, by=expert, path="support_only", fields={"reason": "x"}, at=THURSDAY)
    assert "confirms danger" in str(refused.value.message)


def test_nobody_at_the_factory_confirms_danger_age_or_freedom():
    world = make_world()
    case = make_case(world)
    declare(case)
    for person in (world.officer, world.chair):
        with pytest.raises(StepRefused):
            workflow.confirm_danger(
                case, by=person, danger_level="not_now", age_band="18_plus", not_free=False, note="", at=THURSDAY
            )


def test_a_key_that_nobody_vouched_for_is_given_nothing_though_a_colleague_shares():
    world = make_world()
    case = make_case(world)
    declare(case)
    stranger = make_person("a new account", vouched=False)
    with pytest.raises(compartments.GrantRefused):
        compartments.give(
            case, compartments.Holder.of(reader_of(world.officer)), EVERYTHING,
            [(stranger.keys.get(), "committee_member")], "assigned", at=THURSDAY,
        )  # fmt: skip
    assert not Grant.objects.filter(person_key__person=stranger).exists()


def test_deleting_her_words_is_not_final_before_24_hours():
    world = make_world()
    case = file(make_answers(world.factory)).case
    workflow.ask_deletion(case, at=THURSDAY)
    with pytest.raises(StepRefused):
        workflow.finish_deletion(case, at=THURSDAY + timedelta(hours=23))
    case.refresh_from_db()
    assert case.words_deleted_on is None
    workflow.finish_deletion(case, at=THURSDAY + timedelta(hours=26))
    case.refresh_from_db()
    assert case.words_deleted_on is not None


def test_a_stop_is_not_final_before_24_hours():
    world = make_world()
    case = file(make_answers(world.factory)).case
    workflow.stop(case, at=THURSDAY)
    with pytest.raises(StepRefused):
        workflow.finish_stop(case, at=THURSDAY + timedelta(hours=23))
    case.refresh_from_db()
    assert case.closed_at is None


def test_no_task_gives_or_opens_anything():
    """Celery holds no key: its tasks name nothing that takes one, and nothing that writes a grant."""
    forbidden = {"give", "withdraw", "take_out", "opened", "reader_of", "open_private", "Holder", "Reader", "Grant"}
    tree = ast.parse(inspect.getsource(tasks))
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    named |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert named & forbidden == set()
