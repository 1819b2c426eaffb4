"""Other doors than the web: a handler writes a complaint down with or for a worker."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from complaints import receipts, slots
from complaints.casecodes import EventKind
from complaints.compartments import Holder, take_out
from complaints.models import Case, Event, Grant, Receipt
from tests.builders import WEDNESDAY, make_factory, make_world, sign_in

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
MARKER = "He follows me to the gate, Zq marker."


@pytest.fixture(autouse=True)
def thursday():
    with time_machine.travel(THURSDAY, tick=False):
        yield


@pytest.fixture
def world():
    return make_world()


def page_for(client, person):
    sign_in(client, person)
    return client.get("/cases/new/")


def told(page, world, **other):
    """What the handler sends: the token of the page, and a short complaint."""
    values = {
        "token": page.context["token"],
        "channel": "paper_box",
        "where": str(world.factory.pk),
        "her_language": "km",
        "holds": "handed_over",
        "conduct_types": ["verbal"],
        "own_words": MARKER,
        "respondent_job": "mechanic",
        "route": "outside_first",
    }
    return values | other


def number_on(response) -> str:
    return "".join(response.context["slips"][0][0])


def send(client, person, world, **other):
    page = page_for(client, person)
    return client.post("/cases/new/", told(page, world, **other))


def holder_of_number(number: str) -> Holder:
    keys = receipts.keys_of(number, waiting=slots.RECEIPT)
    return Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))


def test_what_the_officer_writes_down_goes_where_she_chose_and_the_officer_gets_nothing(client, world):
    response = send(client, world.officer, world)
    case = Case.objects.get()
    assert (case.channel, case.route, case.factory) == ("paper_box", "outside_first", world.factory)
    assert not case.assignments.filter(person=world.officer).exists()
    assert not Grant.objects.filter(key__compartment__case=case, person_key__person=world.officer).exists()
    assert "Nobody at the factory can open it" in response.content.decode()


def test_who_wrote_it_down_stands_in_the_chain_with_the_door(client, world):
    send(client, world.officer, world)
    event = Event.objects.get(kind=EventKind.FILED_FOR_HER)
    assert (event.actor, event.contents) == (world.officer, {"channel": "paper_box"})


def test_her_number_opens_her_words_and_must_be_replaced_first(client, world):
    number = number_on(send(client, world.officer, world))
    holder = holder_of_number(number)
    opened = take_out(Case.objects.get(), holder, ["story"], at=THURSDAY)
    assert opened[0].content["own_words"] == MARKER and opened[0].content["language"] == "km"
    client.logout()
    entered = client.post("/my/", {"number": number}, follow=True)
    assert entered.redirect_chain[-1][0].startswith("/my/number/")


def test_a_complaint_for_the_committee_comes_to_its_handlers_with_the_release(client, world):
    send(client, world.stand_in, world, route="factory_committee", share_choice="all_written", channel="walk_in")
    case = Case.objects.get()
    assert case.route == "factory_committee"
    assert {one.role for one in case.assignments.filter(standing_by=False)} == {"case_officer", "committee_chair"}


def test_a_handler_never_asks_or_writes_danger_age_or_freedom(client, world):
    page = page_for(client, world.officer)
    text = page.content.decode()
    for field in ("danger_answer", 'name="D1"', "age_band", 'name="FQ1"'):
        assert field not in text
    client.post("/cases/new/", told(page, world, age_band="15_17", danger_answer="now"))
    assert Case.objects.get().side == ""


def test_who_worries_opens_a_hold_that_nobody_at_the_factory_sees(client, world):
    send(client, world.officer, world, worry="1", route="factory_committee", share_choice="all_written")
    case = Case.objects.get()
    assert case.in_hold and case.urgent_outside
    assert {one.role for one in case.assignments.all()} == {"safeguarding_lead"}


def test_an_expert_asks_every_question_and_names_the_place(client, world):
    page = page_for(client, world.expert)
    assert 'name="age_band"' in page.content.decode()
    place = {"place_text": world.factory.short_code, "age_band": "15_17", "where": ""}
    client.post("/cases/new/", told(page, world, channel="phone", **place))
    case = Case.objects.get()
    assert case.in_hold and case.factory == world.factory and case.channel == "phone"


def test_a_slip_keeps_what_was_typed_and_sends_nothing(client, world):
    page = page_for(client, world.officer)
    response = client.post("/cases/new/", told(page, world, route=""))
    assert response.status_code == 422 and MARKER in response.content.decode()
    assert not Case.objects.exists()


def test_the_same_paper_sent_twice_is_one_case(client, world):
    page = page_for(client, world.officer)
    first = client.post("/cases/new/", told(page, world))
    second = client.post("/cases/new/", told(page, world))
    assert Case.objects.count() == 1 and number_on(first) == number_on(second)


@pytest.mark.parametrize("role", ["decision_maker", "advisor", "programme_lead", "admin", "lead"])
def test_the_door_is_shut_to_everybody_else(client, world, role):
    assert page_for(client, getattr(world, role)).status_code == 404


def test_an_officer_files_only_for_a_factory_of_their_own(client, world):
    other = make_factory()
    page = page_for(client, world.officer)
    response = client.post("/cases/new/", told(page, world, where=str(other.pk)))
    assert response.status_code == 422 and not Case.objects.exists()
