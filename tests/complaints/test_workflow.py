"""The steps of a case: what the table allows, what each step writes, what it refuses."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from complaints import access, compartments, deadlines, events, receipts, slots, workflow
from complaints.casecodes import FACTORY_ROLES
from complaints.compartments import Holder
from complaints.models import Case, Grant, Receipt
from tests.builders import WEDNESDAY, file, holder_of, make_answers, make_case, make_world, reader_of
from tests.walkers import sorts_with

pytestmark = pytest.mark.django_db
MESSAGE = "Thank you for telling us. We have read about the mechanic and will look at it this week."
THURSDAY = WEDNESDAY + timedelta(days=1)


def declared_case(world, **answers) -> Case:
    case = make_case(world, **answers)
    for person in (world.officer, world.chair):
        workflow.declare_conflict(case, by=person, answer="none", at=THURSDAY)
    return case


def her(filed) -> Holder:
    keys = receipts.keys_of(filed.receipt, waiting=slots.RECEIPT)
    return Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))


def kinds_of(case, person) -> set[str]:
    held = Grant.objects.filter(key__compartment__case=case, person_key__person=person)
    return set(held.values_list("key__compartment__kind", flat=True))


def test_a_case_walks_from_received_to_planning():
    world = make_world()
    case = declared_case(world)
    workflow.acknowledge(case, by=world.officer, text=MESSAGE, at=THURSDAY)
    workflow.triage(case, by=world.officer, fields={"in_scope": "yes"}, second=world.chair, at=THURSDAY)
    workflow.decide_interim(
        case, by=world.chair, code="second_person_rule", reason="x", effect_on_pay=False, at_her_request=False,
        at=THURSDAY,
    )  # fmt: skip
    workflow.agree_path(case, by=world.officer, path="workplace_action", fields={"reason": "she agrees"}, at=THURSDAY)
    case.refresh_from_db()
    assert (case.stage, case.path) == ("planning", "workplace_action")
    assert list(events.faults(case)) == []


def test_nobody_at_the_factory_acts_before_a_declaration():
    world = make_world()
    case = make_case(world)
    with pytest.raises(workflow.StepRefused):
        workflow.acknowledge(case, by=world.officer, text=MESSAGE, at=THURSDAY)


def test_a_declared_conflict_ends_access_at_once():
    world = make_world()
    case = make_case(world)
    workflow.declare_conflict(case, by=world.officer, answer="yes", at=THURSDAY)
    assert kinds_of(case, world.officer) == set()
    assert not Case.objects.visible_to(world.officer, at=THURSDAY).exists()


def test_moving_outside_cuts_the_factory_and_gives_two_experts_her_words():
    world = make_world()
    filed = file(make_answers(world.factory))
    workflow.move_outside(filed.case, her(filed), at=THURSDAY)
    for person in world.factory_people:
        assert kinds_of(filed.case, person) == set()
    for person in (world.expert, world.second_expert):
        opened = compartments.take_out(filed.case, holder_of(person), ["story"], at=THURSDAY)
        assert opened[0].content["own_words"]
    filed.case.refresh_from_db()
    assert filed.case.route == "outside_first"


def test_withdrawing_a_consent_cuts_at_once_and_starts_a_new_generation():
    world = make_world()
    filed = file(make_answers(world.factory))
    workflow.change_consents(filed.case, her(filed), wanted={"share_text": False}, at=THURSDAY)
    assert "story" not in kinds_of(filed.case, world.officer)
    assert compartments.newest_key(filed.case, "story").generation == 2


def test_stop_holds_the_case_and_becomes_final_after_a_day():
    world = make_world()
    filed = file(make_answers(world.factory))
    workflow.stop(filed.case, at=THURSDAY)
    assert workflow.finish_stops(at=THURSDAY + timedelta(hours=24)) == 0
    assert workflow.finish_stops(at=THURSDAY + timedelta(hours=26)) == 1
    filed.case.refresh_from_db()
    assert (filed.case.stage, filed.case.closing_reason) == ("closed", "stopped_by_complainant")


def test_while_a_case_stands_still_what_keeps_her_safe_goes_on():
    world = make_world()
    case = make_case(world)
    deadlines.set_many(case, [*deadlines.SAFETY, "path_agreed"], at=THURSDAY)
    deadlines.pause(case, at=THURSDAY, everything=True)
    running = set(case.deadlines.running().values_list("code", flat=True))
    assert set(deadlines.SAFETY) <= running and "path_agreed" not in running


def test_a_limit_in_clock_hours_keeps_its_hour_when_it_goes_on():
    case = make_case(make_world())
    deadline = deadlines.set_next(case, "interim_measures_urgent", at=THURSDAY)
    case.deadlines.filter(pk=deadline.pk).update(paused_at=THURSDAY)  # By an earlier version.
    deadlines.go_on(case, at=THURSDAY + timedelta(days=2))
    assert case.deadlines.get(pk=deadline.pk).due_at == deadline.due_at + timedelta(days=2)


def test_not_safe_again_promises_interim_measures_again_and_moves_no_list_of_the_factory():
    world = make_world()
    case = declared_case(world)
    Case.objects.filter(pk=case.pk).update(urgent_outside=True)  # From the filing on: no release hides that.
    deadlines.set_next(case, "interim_measures_urgent", at=THURSDAY)
    workflow.decide_interim(
        case, by=world.chair, code="second_person_rule", reason="x", effect_on_pay=False, at_her_request=False,
        at=THURSDAY,
    )  # fmt: skip
    deadlines.drop(case, at=THURSDAY)
    workflow.say_not_safe(case, text="", at=THURSDAY)
    case.refresh_from_db()
    again = case.deadlines.open().get(code="interim_measures_urgent")
    assert again.ordinal == 2
    places = case.assignments.current().filter(role__in=FACTORY_ROLES)
    assert places and all(place.next_due_at == deadlines.FAR_AWAY for place in places)


def test_stop_can_be_taken_back_for_a_day():
    world = make_world()
    filed = file(make_answers(world.factory))
    workflow.stop(filed.case, at=THURSDAY)
    workflow.take_stop_back(filed.case, at=THURSDAY + timedelta(hours=23))
    filed.case.refresh_from_db()
    assert (filed.case.side, filed.case.stop_final_at) == ("", None)


def test_a_new_number_replaces_the_old_one_when_it_is_first_used():
    world = make_world()
    filed = file(make_answers(world.factory, own_words="mine"))
    number = workflow.offer_new_number(filed.case, her(filed), at=THURSDAY)
    keys = receipts.keys_of(number, waiting=slots.RECEIPT)
    receipt = Receipt.objects.get(lookup=keys.lookup)
    workflow.first_use(receipt, at=THURSDAY)
    assert Receipt.objects.filter(case=filed.case).count() == 1
    holder = Holder(keys.pair.private, receipt=receipt)
    assert compartments.take_out(filed.case, holder, ["story"], at=THURSDAY)[0].content["own_words"] == "mine"


def test_a_handover_gives_the_factory_what_she_agreed_and_nothing_older_of_the_papers():
    world = make_world()
    filed = file(make_answers(world.factory, route="outside_first"))
    workflow.propose_handover(filed.case, by=world.expert, text="We could tell the committee now.", at=THURSDAY)
    workflow.accept_handover(filed.case, her(filed), consents={"share_text": True}, at=THURSDAY)
    assert kinds_of(filed.case, world.officer) == {"story", "inbox", "record", "finding"}
    friday = THURSDAY + timedelta(days=1)
    on = access.case_for(world.officer, filed.case.reference, at=friday)
    workflow.declare_conflict(on.case, by=world.officer, answer="none", at=friday)
    on = access.case_for(world.officer, filed.case.reference, at=friday)
    assert access.opened(on, reader_of(world.officer), ["inbox"], at=friday) == []


def test_a_hold_is_lifted_by_two_leads_only():
    world = make_world()
    case = make_case(world, age_band="15_17")
    workflow.first_look(case, by=world.lead, note="looked", wrote_to_her=True, at=THURSDAY)
    with pytest.raises(workflow.StepRefused):
        workflow.lift_hold(case, reader_of(world.lead), at=THURSDAY)
    workflow.propose_lift(case, by=world.lead, at=THURSDAY)
    with pytest.raises(workflow.StepRefused):
        workflow.lift_hold(case, reader_of(world.lead), at=THURSDAY)
    workflow.lift_hold(case, reader_of(world.second_lead), at=THURSDAY)
    case.refresh_from_db()
    assert case.side == "" and "story" in kinds_of(case, world.expert)
    assert kinds_of(case, world.lead) == {"freedom"}


def test_kept_case_wakes_up_when_she_chooses_a_route():
    world = make_world()
    filed = file(make_answers(world.factory, route="record_only"))
    assert filed.case.side == "kept" and not filed.case.deadlines.exists()
    workflow.choose_route(filed.case, her(filed), route="factory_committee", consents={"share_text": True}, at=THURSDAY)
    filed.case.refresh_from_db()
    assert (filed.case.route, filed.case.side) == ("factory_committee", "")
    assert filed.case.deadlines.filter(code="acknowledge").exists()
    assert "story" in kinds_of(filed.case, world.officer)


def test_nobody_outside_can_share_with_the_factory_what_was_written_before_a_handover():
    world = make_world()
    filed = file(make_answers(world.factory, route="outside_first"))
    workflow.add_note(filed.case, by=world.expert, text="Outside words.", at=THURSDAY)
    workflow.propose_handover(filed.case, by=world.expert, text="We could tell the committee now.", at=THURSDAY)
    workflow.accept_handover(filed.case, her(filed), consents={"share_text": True}, at=THURSDAY)
    friday = THURSDAY + timedelta(days=1)
    filed.case.refresh_from_db()
    workflow.share_again(filed.case, reader_of(world.expert), to=world.officer, at=friday)
    workflow.assign(filed.case, reader_of(world.expert), person=world.stand_in, role="committee_member", at=friday)
    for person in (world.officer, world.stand_in):
        workflow.declare_conflict(filed.case, by=person, answer="none", at=friday)
        on = access.case_for(person, filed.case.reference, at=friday)
        assert access.opened(on, reader_of(person), ["record", "inbox"], at=friday) == []


def test_the_factory_sorts_a_case_again_that_was_sorted_outside():
    world = make_world()
    filed = file(make_answers(world.factory, route="outside_first", respondent_job=""))
    workflow.acknowledge(filed.case, by=world.expert, text=MESSAGE, at=THURSDAY)
    workflow.triage(filed.case, by=world.expert, fields={}, second=sorts_with(filed.case, world.expert), at=THURSDAY)
    workflow.propose_handover(filed.case, by=world.expert, text="Shall we tell the committee?", at=THURSDAY)
    workflow.accept_handover(filed.case, her(filed), consents={}, at=THURSDAY)
    friday = THURSDAY + timedelta(days=1)
    for person in (world.chair, world.outside_member):
        workflow.declare_conflict(filed.case, by=person, answer="none", at=friday)
    workflow.triage(filed.case, by=world.chair, fields={}, second=world.outside_member, at=friday)
    running = set(filed.case.deadlines.open().values_list("code", flat=True))
    assert {"path_agreed", "interim_measures", "conflict_question"} <= running


def test_a_consent_she_took_back_carries_no_inquiry():
    world = make_world()
    filed = file(make_answers(world.factory))
    for person in (world.officer, world.chair):
        workflow.declare_conflict(filed.case, by=person, answer="none", at=THURSDAY)
    workflow.acknowledge(filed.case, by=world.officer, text=MESSAGE, at=THURSDAY)
    workflow.triage(filed.case, by=world.officer, fields={}, second=world.chair, at=THURSDAY)
    workflow.decide_interim(
        filed.case, by=world.chair, code="none_needed", reason="x", effect_on_pay=False, at_her_request=False,
        at=THURSDAY,
    )  # fmt: skip
    for given in (True, False):
        workflow.change_consents(filed.case, her(filed), wanted={"tell_respondent": given}, at=THURSDAY)
    with pytest.raises(workflow.StepRefused):
        workflow.agree_path(filed.case, by=world.officer, path="formal_inquiry", fields={"reason": "x"}, at=THURSDAY)


def test_one_place_in_the_code_writes_stage_and_side():
    writers = set()
    for path in Path(workflow.__file__).parents[1].rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            names = [leaf for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Attribute)]
            if any(name.attr == "stage" for name in names):
                writers.add(path.name)
            updates = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update"
            if updates and {"stage", "side"} & {keyword.arg for keyword in node.keywords}:
                writers.add(path.name)
    assert writers == {"table.py"}
