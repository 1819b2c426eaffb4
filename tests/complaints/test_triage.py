"""Two people sort a case; what is not for this channel is pointed on; who may take part, and who stands in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from complaints import workflow
from complaints.casecodes import EventKind, Role
from complaints.models import Case
from complaints.workflow import StepRefused
from factories.models import Membership
from tests.builders import WEDNESDAY, make_case, make_person, make_world, reader_of, sign_in
from tests.complaints.test_other_doors import send
from tests.walkers import ANSWER, on_case, to_fact_finding, to_finding

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
SORTED = {
    "in_scope": "yes",
    "repeated": "once",
    "power_difference": "no",
    "severity": "c",
    "respondent_identified": "no",
    "proposed_path": "support_only",
}


@pytest.fixture
def world():
    return make_world()


def answered(world, *, signed=("officer", "chair"), **answers) -> Case:
    case = make_case(world, **answers)
    for name in signed:
        workflow.declare_conflict(case, by=getattr(world, name), answer="none", at=THURSDAY)
    first = world.officer if case.with_factory else world.expert
    workflow.acknowledge(case, by=first, text=ANSWER, at=THURSDAY)
    case.refresh_from_db()
    return case


def sort(client, person, case: Case, **fields):
    sign_in(client, person)
    with time_machine.travel(THURSDAY, tick=False):
        return client.post(f"/cases/{case.reference}/steps/triage/", SORTED | fields)


def test_two_people_sort_it_and_both_stand_in_the_chain(client, world):
    case = answered(world)
    assert sort(client, world.officer, case, second=str(world.chair.pk)).status_code == 302
    event = case.events.get(kind=EventKind.TRIAGED)
    assert (event.actor, event.contents) == (world.officer, {"second": str(world.chair.pk)})


def test_nobody_sorts_it_alone(client, world):
    case = answered(world)
    response = sort(client, world.officer, case)
    assert response.status_code == 422
    case.refresh_from_db()
    assert case.stage == "acknowledged"


def test_who_has_not_signed_takes_no_part(client, world):
    case = answered(world, signed=("officer",))
    response = sort(client, world.officer, case, second=str(world.chair.pk))
    assert response.status_code == 422 and "signs first" in response.content.decode()
    with pytest.raises(StepRefused):
        workflow.triage(case, by=world.officer, fields=SORTED, second=world.chair, at=THURSDAY)


def test_the_service_itself_refuses_that_one_sorts_it_alone(world):
    case = answered(world)
    with pytest.raises(StepRefused) as refused:
        workflow.triage(case, by=world.officer, fields=SORTED, at=THURSDAY)
    assert "Two people sort a case." in str(refused.value.message)


def test_a_stranger_to_the_case_takes_no_part(world):
    case = answered(world)
    with pytest.raises(StepRefused):
        workflow.triage(case, by=world.officer, fields=SORTED, second=world.decision_maker, at=THURSDAY)


def test_outside_two_experts_sort_it(client, world):
    case = answered(world, signed=(), route="outside_only")
    sign_in(client, world.expert)
    with time_machine.travel(THURSDAY, tick=False):
        form = client.get(f"/cases/{case.reference}/steps/triage/").context["form"]
    assert list(form.colleagues) == [str(world.second_expert.pk)]
    assert sort(client, world.expert, case, second=str(world.second_expert.pk)).status_code == 302


def test_the_page_shows_who_has_signed(client, world):
    case = answered(world)
    sign_in(client, world.officer)
    with time_machine.travel(THURSDAY, tick=False):
        page = client.get(f"/cases/{case.reference}/steps/triage/").content.decode()
    assert page.count("No conflict of interest") == 2


def test_what_is_not_for_this_channel_leads_to_a_kind_pointer(client, world):
    case = answered(world)
    response = sort(client, world.officer, case, second=str(world.chair.pk), in_scope="no")
    assert response.headers["Location"] == f"/cases/{case.reference}/steps/close-redirected/"
    with time_machine.travel(THURSDAY, tick=False):
        assert "Nothing is rejected" in client.get(response.headers["Location"]).content.decode()


# --- A test of a channel ------------------------------------------------------------------------------------------


def test_an_expert_tests_a_channel_and_the_factory_cannot_tell(client, world):
    with time_machine.travel(THURSDAY, tick=False):
        place = {"place_text": world.factory.short_code, "where": "", "share_choice": "all_written"}
        response = send(client, world.expert, world, channel="test", route="factory_committee", **place)
        assert response.status_code == 200
        case = Case.objects.get()
        assert case.channel == "test" and case.with_factory
    with time_machine.travel(THURSDAY + timedelta(days=1), tick=False):
        workflow.declare_conflict(case, by=world.officer, answer="none", at=THURSDAY + timedelta(days=1))
        sign_in(client, world.officer)
        for page in ("", "words/", "timeline/", "record/", "messages/"):
            text = client.get(f"/cases/{case.reference}/{page}").content.decode().lower()
            assert "test of" not in text and "written down by" not in text


def test_nobody_at_a_factory_files_a_test(client, world):
    with time_machine.travel(THURSDAY, tick=False):
        response = send(client, world.officer, world, channel="test")
    assert response.status_code == 422 and not Case.objects.exists()
    assert 'value="test"' not in response.content.decode()


# --- Who stands in, and who decides -------------------------------------------------------------------------------


def test_a_stand_in_takes_the_place_of_a_chair_she_excluded(world):
    case = make_case(world, exclude=frozenset({"account_holder"}), exclude_roles=frozenset({"committee_chair"}))
    people = on_case(case, Role.CASE_OFFICER, Role.COMMITTEE_CHAIR, Role.TECHNICAL_EXPERT)
    assert world.chair not in people
    assert world.stand_in in people or not case.with_factory


def test_whoever_decides_handles_no_case_of_the_factory(world):
    """Two handlers of whom one is the decision maker are one handler: the case goes outside."""
    Membership.objects.filter(person__in=[world.outside_member, world.stand_in, world.chair]).delete()
    Membership.objects.create(
        person=world.decision_maker, factory=world.factory, role="committee_chair", since=date(2026, 1, 1)
    )
    case = make_case(world)
    assert not case.with_factory


def test_a_decision_maker_with_a_second_role_is_never_put_on_a_case_as_a_handler(world):
    Membership.objects.create(
        person=world.decision_maker, factory=world.factory, role="committee_member", since=date(2026, 1, 1)
    )
    case = answered(world)
    with pytest.raises(StepRefused):
        workflow.assign(case, reader_of(world.chair), person=world.decision_maker, role="committee_member", at=THURSDAY)


def test_exclusions_are_checked_for_a_committee_member_who_comes_later(world):
    from complaints import exclusions

    case = answered(world)
    newcomer = make_person()
    Membership.objects.create(person=newcomer, factory=world.factory, role="committee_member", since=date(2026, 6, 11))
    exclusions.exclude_person(case, newcomer)
    with pytest.raises(StepRefused):
        workflow.assign(case, reader_of(world.chair), person=newcomer, role="committee_member", at=THURSDAY)
    assert not case.assignments.filter(person=newcomer).exists()


@pytest.mark.parametrize("walk", [to_fact_finding, to_finding])
def test_when_people_leave_an_inquiry_and_fewer_than_two_remain_the_outside_is_called(world, walk):
    case = walk(world, make_case(world))
    for person in (world.stand_in, world.officer, world.outside_member):
        Membership.objects.filter(person=person).update(until=date(2026, 6, 11))
        workflow.remove_leaver(person, by=world.admin, at=THURSDAY)
    case.refresh_from_db()
    assert workflow.too_few_handlers(case)
    assert not case.assignments.current().filter(role=Role.TECHNICAL_EXPERT, standing_by=True).exists()
