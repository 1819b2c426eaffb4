"""The pages of an outcome: each path is walked on them up to monitoring, and each reader finds only what is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import clock
from complaints import workflow
from complaints.models import Case, Entry
from complaints.selectors import casepage
from complaints.workflow import actor_on
from tests import walkers
from tests.builders import make_case, make_person, make_world, sign_in

pytestmark = pytest.mark.django_db
WORD = "ZqMarkerOfTheStory"


@pytest.fixture
def at():
    return clock.now()


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def filed(world, at):
    return make_case(world, at=at, own_words=WORD)


def take(client, case: Case, step: str, **said) -> None:
    address = f"/cases/{case.reference}/steps/{step}/"
    assert client.get(address).status_code == 200
    response = client.post(address, said)
    assert response.status_code == 302, response.content.decode()
    case.refresh_from_db()


def next_of(case: Case, person, at) -> str:
    case.refresh_from_db()
    return casepage.case_page(case, actor_on(case, by=person), at=at).next_step


def row(number: int, code: str, person, at) -> dict[str, str]:
    name = f"remedy_{number}"
    due = (at + timedelta(days=20)).date().isoformat()
    return {f"{name}_code": code, f"{name}_owner": str(person.pk), f"{name}_due": due}


# --- The paths ----------------------------------------------------------------------------------------------------


def test_a_workplace_action_is_walked_on_its_pages_to_monitoring(client, world, filed, at):
    case = walkers.to_planning(world, filed, path="workplace_action", at=at)
    assert next_of(case, world.officer, at) == "begin_action"
    sign_in(client, world.officer)
    page = client.get(f"/cases/{case.reference}/steps/begin-action/").content.decode()
    assert "Second-person rule" in page and "Apology" not in page
    take(client, case, "begin-action", text="Nobody goes alone to the store.", **row(1, "light", world.officer, at))
    assert case.stage == "action"
    assert next_of(case, world.officer, at) == "remedy_done"
    take(client, case, "remedy-done", remedy=str(case.remedies.get().pk))
    workflow.confirm_remedy(case, remedy=case.remedies.get(), happened=True, at=at)
    assert next_of(case, world.officer, at) == "begin_monitoring"
    take(client, case, "begin-monitoring")
    assert case.stage == "monitoring"


def test_with_the_path_stands_what_may_be_told_how_to_reach_her_and_whether_help_was_offered(client, world, filed, at):
    case = walkers.to_triage(world, filed, at=at)
    sign_in(client, world.officer)
    said = {"told_to_whom": "Only that something is wrong at the store.", "safe_contact": "After eight at night."}
    take(client, case, "agree-path", path="support_only", reason="As she wants.", severity="c", she_agreed="on",
         referral_offered="yes", **said)  # fmt: skip
    page = client.get(f"/cases/{case.reference}/record/").content.decode()
    for words in (*said.values(), "What may be told to whom", "A referral was offered to her"):
        assert words in page


def test_an_informal_resolution_is_walked_on_its_pages_to_monitoring(client, world, filed, at):
    case = walkers.to_triage(world, filed, at=at)
    walkers_interim(world, case, at)
    sign_in(client, world.officer)
    said = {"path": "informal_resolution", "reason": "She asked for it.", "severity": "c", "she_agreed": "on"}
    address = f"/cases/{case.reference}/steps/agree-path/"
    refused = client.post(address, said | {"she_asked_twice": "on"})
    assert refused.status_code == 409 and "in writing" in refused.content.decode()
    assert "She asked for it." in refused.content.decode()
    take(client, case, "agree-path", **said, she_asked_twice="on", written_consent="on")
    begun = {"text": "He writes that he leaves her alone.", "not_face_to_face": "on"}
    address = f"/cases/{case.reference}/steps/begin-action/"
    alone = client.post(address, begun | row(1, "no_contact_promise", world.officer, at))
    assert alone.status_code == 422 and "trusted_person" in alone.context["form"].errors
    take(client, case, "begin-action", trusted_person="on", **begun,
         **row(1, "no_contact_promise", world.officer, at))  # fmt: skip
    walkers.carry_out(case, at=at)
    take(client, case, "begin-monitoring")
    assert case.stage == "monitoring"


@pytest.mark.parametrize("path, more", [("support_only", {}), ("referred_out", {"body": "Labour inspection"})])
def test_support_and_referral_are_walked_on_their_pages_to_monitoring(client, world, filed, at, path, more):
    case = walkers.to_triage(world, filed, at=at)
    walkers_interim(world, case, at)
    sign_in(client, world.officer)
    take(client, case, "agree-path", path=path, reason="As she wants.", severity="c", she_agreed="on", **more)
    assert next_of(case, world.officer, at) == "begin_monitoring"
    take(client, case, "begin-monitoring", text="She talks with the union on Friday.")
    assert case.stage == "monitoring" and case.monitoring_on == case.local_day(at)


def walkers_interim(world, case, at) -> None:
    workflow.decide_interim(
        case, by=world.chair, code="none_needed", reason="She wants none.", effect_on_pay=False, at_her_request=False,
        at=at,
    )  # fmt: skip


def test_the_next_step_of_each_reader_is_the_next_right_thing(client, world, filed, at):
    case = walkers.to_decision(world, filed, at=at)
    assert next_of(case, world.officer, at) != "decide"
    walkers.decide(world, case, at=at)
    assert next_of(case, world.officer, at) == "tell_outcome"
    walkers.tell_both(world, case, at=at)
    assert next_of(case, world.officer, at) == "begin_action"
    workflow.begin_action(case, by=world.officer, at=at)
    assert next_of(case, world.officer, at) == "carry_out_sanction"
    sanction = case.sanctions.get()
    workflow.carry_out_sanction(case, by=world.officer, sanction=sanction, at=at)
    assert next_of(case, world.chair, at) == "check_sanction"
    assert next_of(case, world.officer, at) == "remedy_done"


def test_where_nobody_can_decide_the_chair_asks_somebody(world, filed, at):
    case = walkers.to_decision(world, filed, at=at)
    workflow.declare_conflict(case, by=world.decision_maker, answer="yes", at=at)
    assert next_of(case, world.chair, at) == "ask_decider"


def test_a_question_to_her_begins_her_days_to_answer(client, world, filed, at):
    case = walkers.to_triage(world, filed, at=at)
    sign_in(client, world.officer)
    assert "I ask her something" in client.get(f"/cases/{case.reference}/messages/").content.decode()
    take(client, case, "send-message", text="Would another line help?", asks="on")
    assert "The complainant may answer" in client.get(f"/cases/{case.reference}/").content.decode()


# --- Who reads what -----------------------------------------------------------------------------------------------


def test_the_decision_maker_finds_the_decision_and_no_other_page(client, world, filed, at):
    case = walkers.to_decision(world, filed, at=at)
    sign_in(client, world.decision_maker)
    assert "declare-conflict" in client.get(f"/cases/{case.reference}/decision/")["Location"]
    workflow.declare_conflict(case, by=world.decision_maker, answer="none", at=at)
    for page in ("", "words/", "messages/", "record/", "timeline/", "outcome/"):
        response = client.get(f"/cases/{case.reference}/{page}")
        assert response["Location"].endswith("/decision/")
    text = client.get(f"/cases/{case.reference}/decision/").content.decode()
    assert "Mechanic" in text and "more likely than not" in text and WORD not in text
    assert client.get(f"/cases/{case.reference}/steps/tell-outcome/").status_code == 403


def test_a_decision_maker_sees_to_their_own_remedies_and_no_other(client, world, filed, at):
    case = walkers.to_decision(world, filed, at=at)
    walkers.declare(case, at=at)
    day = case.local_day(at) + timedelta(days=9)
    planned = [
        workflow.Planned("policy_change", world.decision_maker, day), workflow.Planned("paid_care", world.officer, day)
    ]  # fmt: skip
    walkers.decide(world, case, at=at, remedies=planned)
    walkers.tell_both(world, case, at=at)
    workflow.begin_action(case, by=world.officer, at=at)
    sign_in(client, world.decision_maker)
    text = client.get(f"/cases/{case.reference}/decision/").content.decode()
    assert "Policy changed" in text and "Paid health care" not in text.split("Decision</h2>")[0].split("Finding")[0]
    take(client, case, "remedy-done", remedy=str(case.remedies.get(code="policy_change").pk))
    assert case.remedies.get(code="policy_change").done_on


def test_strangers_and_other_roles_find_no_outcome(client, world, filed, at):
    case = walkers.to_action(world, filed, at=at)
    letter = Entry.objects.get(key__compartment__case=case, kind="outcome_letter")
    paths = [f"/cases/{case.reference}/{page}/" for page in ("outcome", "decision", f"outcome/{letter.pk}")]
    for person in (make_person(), world.advisor, world.admin, world.second_lead, world.stand_in):
        sign_in(client, person)
        for path in paths:
            assert client.get(path).status_code == 404
        client.logout()
    sign_in(client, world.officer)
    assert client.get(paths[1]).status_code == 403


def test_a_letter_page_shows_letters_only(client, world, filed, at):
    case = walkers.to_action(world, filed, at=at)
    sign_in(client, world.officer)
    finding = Entry.objects.filter(key__compartment__case=case, kind="finding").first()
    story = Entry.objects.filter(key__compartment__case=case, key__compartment__kind="story").first()
    for entry in (finding, story):
        assert client.get(f"/cases/{case.reference}/outcome/{entry.pk}/").status_code == 404


@pytest.mark.parametrize("days, near", [(1, False), (5, True), (30, True)])
def test_legal_dates_are_warned_about_beside_the_sanction(client, world, filed, at, days, near):
    case = walkers.to_decision(world, filed, at=at)
    Case.objects.filter(pk=case.pk).update(employer_knowledge_at=at - timedelta(days=days))
    workflow.declare_conflict(case, by=world.decision_maker, answer="none", at=at)
    sign_in(client, world.decision_maker)
    text = client.get(f"/cases/{case.reference}/steps/decide/").content.decode()
    assert "ask a lawyer" in text and ('class="late"' in text) == near


@pytest.mark.parametrize("page, most", [("", 30), ("outcome/", 22)])
def test_the_pages_of_an_outcome_cost_few_queries_however_much_is_promised(client, world, filed, at, page, most):
    case = walkers.to_action(world, filed, at=at)
    for number in range(12):
        day = case.local_day(at) + timedelta(days=number)
        workflow.add_remedy(case, by=world.officer, planned=workflow.Planned("light", world.chair, day), at=at)
    sign_in(client, world.officer)
    client.get(f"/cases/{case.reference}/{page}")
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/cases/{case.reference}/{page}").status_code == 200
    assert len(queries) <= most, len(queries)
