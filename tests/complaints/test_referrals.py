"""Referrals: a vetted service, offered in plain words, and only what she agreed to passed on. Workflow, section 12."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from complaints import compartments, events, receipts, slots, workflow
from complaints.casecodes import EntryKind
from complaints.compartments import Holder
from complaints.models import Case, Entry, Receipt, Referral
from factories import providers
from factories.models import ServiceProvider
from tests.builders import (
    WEDNESDAY,
    World,
    file,
    holder_of,
    make_answers,
    make_country,
    make_provider,
    make_world,
    reader_of,
    sign_in,
)
from tests.complaints.test_safeguarding import CHILD, HER_OWN, refused

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
WHY = "They have a doctor who is a woman."
TOLD = "A woman needs a doctor on Friday."


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def clinic(world: World) -> ServiceProvider:
    """Open for as long as pages, which ask what time it really is, may be looked at."""
    return make_provider(
        "Her clinic (fictional)",
        country=world.country,
        checked_on=date(2026, 5, 1),
        by=world.lead,
        next_check_on=date(2099, 1, 1),
    )


class Told:
    """One case with her number in hand."""

    def __init__(self, world: World, **answers: Any) -> None:
        filed = file(make_answers(world.factory, **answers))
        self.case: Case = filed.case
        self.number = filed.receipt
        keys = receipts.keys_of(filed.receipt, waiting=slots.RECEIPT)
        self.receipt = Receipt.objects.get(lookup=keys.lookup)
        self.pair = keys.pair
        self.her = Holder(keys.pair.private, receipt=self.receipt)

    @property
    def referral(self) -> Referral:
        return self.case.referrals.get()

    def come_in(self, client: Any) -> None:
        """Open her visit as the entry page does."""
        response = client.post("/my/", {"number": self.number, "language": "en"})
        assert response.status_code == 303


def offer(told: Told, by: Any, clinic: ServiceProvider) -> int:
    referral = workflow.offer_referral(told.case, by=by, provider=clinic, text=WHY, passed_on=TOLD, at=THURSDAY)
    return referral.number


def say(told: Told, number: int, *, yes: bool = True, at: Any = THURSDAY) -> None:
    workflow.answer_referral(told.case, told.her, number=number, yes=yes, at=at)


@pytest.fixture
def outside(world: World) -> Told:
    return Told(world, route="outside_only")


# --- Offered ------------------------------------------------------------------------------------------------------


def test_she_says_yes_and_only_then_it_may_be_passed_on(world, clinic, outside):
    number = offer(outside, world.expert, clinic)
    assert "without her yes" in refused(
        workflow.send_referral, outside.case, reader_of(world.expert), number=number, at=THURSDAY
    )
    say(outside, number)
    assert workflow.consents_of(outside.case)["refer_service"] is True
    workflow.send_referral(outside.case, reader_of(world.expert), number=number, at=THURSDAY)
    assert (outside.referral.state, outside.referral.sent_on) == ("sent", date(2026, 6, 11))
    outside.case.refresh_from_db()
    assert list(events.faults(outside.case)) == []


def test_which_service_it_is_stands_nowhere_in_the_clear(world, clinic, outside):
    say(outside, offer(outside, world.expert, clinic))
    for event in outside.case.events.all():
        assert str(clinic.pk) not in str(event.contents)
    kinds = Entry.objects.filter(key__compartment__case=outside.case, kind=EntryKind.REFERRAL)
    assert set(kinds.values_list("key__compartment__kind", flat=True)) == {"inbox"}


def test_only_a_service_that_may_be_referred_to_is_offered(world, outside):
    never = make_provider("Never checked", country=world.country)
    one_no = make_provider(
        "Locked doors", country=world.country, checked_on=date(2026, 5, 1), by=world.lead, noes=("v_free_exit",)
    )
    elsewhere = make_provider(
        "Other country", country=make_country("LA", name="Laos"), checked_on=date(2026, 5, 1), by=world.lead
    )
    for provider in (never, one_no, elsewhere):
        assert "open for referrals" in refused(offer, outside, world.expert, provider)
    assert not outside.case.referrals.exists()


def test_an_offer_says_why_and_what_would_be_told(world, clinic, outside):
    for text, passed_on in (("", TOLD), (WHY, " ")):
        assert "exactly what" in refused(
            workflow.offer_referral, outside.case, by=world.expert, provider=clinic, text=text, passed_on=passed_on,
            at=THURSDAY,
        )  # fmt: skip


def test_nobody_who_does_not_work_on_the_case_offers_anything(world, clinic, outside):
    for person in (world.officer, world.decision_maker, world.advisor, world.admin):
        assert refused(offer, outside, person, clinic)


# --- Her answer ---------------------------------------------------------------------------------------------------


def test_her_no_is_a_no_and_stays_one(world, clinic, outside):
    number = offer(outside, world.expert, clinic)
    say(outside, number, yes=False)
    assert outside.referral.state == "declined"
    assert "refer_service" not in workflow.consents_of(outside.case)
    assert "changed" in refused(say, outside, number)
    assert "without her yes" in refused(
        workflow.send_referral, outside.case, reader_of(world.expert), number=number, at=THURSDAY
    )


def test_her_day_is_kept_and_no_minute(world, clinic, outside):
    say(outside, offer(outside, world.expert, clinic))
    answered = outside.case.events.get(kind="referral_answered")
    assert (answered.on, answered.at, answered.actor_kind) == (date(2026, 6, 11), None, "complainant")


def test_she_takes_her_yes_back_and_nothing_more_is_passed_on(world, clinic, outside):
    number = offer(outside, world.expert, clinic)
    say(outside, number)
    workflow.revoke_referral(outside.case, number=number, at=THURSDAY)
    assert outside.referral.state == "revoked"
    assert workflow.consents_of(outside.case)["refer_service"] is False
    assert refused(workflow.send_referral, outside.case, reader_of(world.expert), number=number, at=THURSDAY)
    assert "changed" in refused(workflow.revoke_referral, outside.case, number=number, at=THURSDAY)


def test_a_service_suspended_after_her_yes_stops_what_was_not_passed_on(world, clinic, outside):
    number = offer(outside, world.expert, clinic)
    say(outside, number)
    providers.suspend(clinic, "news", by=world.lead, at=THURSDAY)
    assert "any more" in refused(
        workflow.send_referral, outside.case, reader_of(world.expert), number=number, at=THURSDAY
    )
    other = offer_while_open(outside, world)
    providers.suspend(other[1], "news", by=world.lead, at=THURSDAY)
    assert "another place" in refused(say, outside, other[0])


def offer_while_open(told: Told, world: World) -> tuple[int, ServiceProvider]:
    other = make_provider("Legal aid (fictional)", country=world.country, checked_on=date(2026, 5, 1), by=world.lead)
    return offer(told, world.expert, other), other


# --- Under 18, and after a hold -----------------------------------------------------------------------------------


@pytest.fixture
def minor(world: World) -> Told:
    told = Told(world, age_band="15_17")
    workflow.first_look(told.case, by=world.lead, note="x", wrote_to_her=False, at=THURSDAY)
    return told


def decide(told: Told, world: World, kind: str) -> None:
    fields = CHILD if kind == "best_interests" else HER_OWN
    number = workflow.propose_safety_decision(told.case, by=world.lead, kind=kind, fields=fields, at=THURSDAY).number
    workflow.agree_safety_decision(told.case, by=world.second_lead, number=number, at=THURSDAY)


def test_a_childs_yes_needs_the_decision_of_two_leads_in_her_best_interests_beside_it(world, clinic, minor):
    number = offer(minor, world.lead, clinic)
    say(minor, number)
    send = (workflow.send_referral, minor.case, reader_of(world.lead))
    assert "two leads decide" in refused(*send, number=number, at=THURSDAY)
    decide(minor, world, "her_own")
    assert "under 18" in refused(*send, number=number, at=THURSDAY)
    decide(minor, world, "best_interests")
    workflow.send_referral(minor.case, reader_of(world.lead), number=number, at=THURSDAY)
    assert minor.referral.state == "sent"


def test_the_leads_decision_alone_sends_no_child_anywhere(world, clinic, minor):
    number = offer(minor, world.lead, clinic)
    decide(minor, world, "best_interests")
    assert "without her yes" in refused(
        workflow.send_referral, minor.case, reader_of(world.lead), number=number, at=THURSDAY
    )


def test_an_adult_in_a_hold_is_sent_with_her_yes_and_the_decision_of_two(world, clinic):
    told = Told(world, freedom={"FQ4": "yes"}, age_band="18_plus")
    workflow.first_look(told.case, by=world.lead, note="x", wrote_to_her=False, at=THURSDAY)
    number = offer(told, world.lead, clinic)
    say(told, number)
    decide(told, world, "her_own")
    workflow.send_referral(told.case, reader_of(world.lead), number=number, at=THURSDAY)
    assert told.referral.state == "sent"


# --- At the factory -----------------------------------------------------------------------------------------------


def test_the_factory_learns_of_her_answer_at_the_release_and_passes_nothing_on_before(world, clinic, settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False
    told = Told(world)
    later = THURSDAY
    for person in (world.officer, world.chair):
        workflow.declare_conflict(told.case, by=person, answer="none", at=later)
    number = offer(told, world.officer, clinic)
    say(told, number, at=later)
    assert "without her yes" in refused(
        workflow.send_referral, told.case, reader_of(world.officer), number=number, at=later
    )
    opened = compartments.take_out(
        told.case, holder_of(world.officer), ["inbox"], at=later, entry_kinds=["referral"], released_only=True
    )
    assert all("she_agreed" not in one.content for one in opened)
    workflow.send_referral(told.case, reader_of(world.officer), number=number, at=later + timedelta(days=1))
    assert told.referral.state == "sent"


def test_a_note_of_the_factory_lies_in_the_record_and_one_of_the_outside_team_in_freedom(world, clinic, outside):
    sent(outside, world, clinic)
    note(outside, world, note="They called back.")
    places = Entry.objects.filter(key__compartment__case=outside.case, kind="referral", author=world.expert)
    assert set(places.values_list("key__compartment__kind", flat=True)) == {"inbox", "freedom"}


# --- How it went --------------------------------------------------------------------------------------------------


def sent(told: Told, world: World, clinic: ServiceProvider) -> int:
    number = offer(told, world.expert, clinic)
    say(told, number)
    workflow.send_referral(told.case, reader_of(world.expert), number=number, at=THURSDAY)
    return number


def note(told: Told, world: World, **changes: Any) -> None:
    fields: dict[str, Any] = {"number": 1, "outcome": "", "reached": "", "followed_up": False, "note": ""} | changes
    workflow.note_referral(told.case, by=world.expert, at=THURSDAY + timedelta(days=9), **fields)


def test_what_the_service_answered_and_that_she_was_asked_once_is_noted(world, clinic, outside):
    sent(outside, world, clinic)
    assert "what is new" in refused(note, outside, world)
    note(outside, world, outcome="accepted")
    note(outside, world, outcome="done", reached="yes", followed_up=True)
    kept = outside.referral
    assert (kept.state, kept.reached, kept.followed_up_on, kept.ended_on) == (
        "done", True, date(2026, 6, 20), date(2026, 6, 20),
    )  # fmt: skip
    assert "ended already" in refused(note, outside, world, outcome="accepted")


def test_nothing_is_noted_of_what_was_not_passed_on(world, clinic, outside):
    say(outside, offer(outside, world.expert, clinic))
    assert "not passed on" in refused(note, outside, world, outcome="accepted")


def test_what_she_says_reaches_the_directory_without_her_and_a_grave_word_closes_the_service(world, clinic, outside):
    number = sent(outside, world, clinic)
    at = THURSDAY + timedelta(days=10, hours=3, minutes=17)
    workflow.say_of_referral(outside.case, outside.her, number=number, codes=["helped", "could_not_leave"], at=at)
    assert sorted(clinic.words.values_list("code", flat=True)) == ["could_not_leave", "helped"]
    assert not clinic.may_refer(date(2026, 6, 22))
    assert outside.referral.reached is True
    for notice in world.expert.notices.all():
        assert (notice.made_at.minute, notice.send_after.minute) != (17, 17)
    said = outside.case.events.order_by("-number").first()
    assert (said.kind, said.at) == ("message_received", None)
    assert "told us already" in refused(
        workflow.say_of_referral, outside.case, outside.her, number=number, codes=["helped"], at=at
    )


def test_not_reached_is_no_help_and_unknown_words_are_refused(world, clinic, outside):
    number = sent(outside, world, clinic)
    for codes in ([], ["wonderful"]):
        assert "true for you" in refused(
            workflow.say_of_referral, outside.case, outside.her, number=number, codes=codes, at=THURSDAY
        )
    workflow.say_of_referral(outside.case, outside.her, number=number, codes=["not_reached"], at=THURSDAY)
    assert outside.referral.reached is False


# --- Pages --------------------------------------------------------------------------------------------------------


def test_she_reads_the_offer_and_answers_with_one_press(world, clinic, outside, client):
    offer(outside, world.expert, clinic)
    outside.come_in(client)
    assert "found somebody who could help you" in client.get("/my/case/?lang=en").content.decode()
    page = client.get("/my/more/?lang=en").content.decode()
    assert TOLD in page
    assert WHY in page
    form = page.split('name="form" value="')[1].split('"')[0]
    answer = {"form": form, "language": "en", "number": "1", "act": "yes"}
    done = client.post("/my/more/", answer, follow=True).content.decode()
    assert "You said yes." in done
    assert outside.referral.state == "agreed"
    again = client.post("/my/more/", answer)
    assert again.status_code == 409


def test_without_an_offer_her_page_has_no_such_button_and_the_address_leads_back(world, outside, client):
    outside.come_in(client)
    assert "Help that was offered" not in client.get("/my/case/?lang=en").content.decode()
    assert client.get("/my/more/?lang=en").status_code == 303


def test_the_sheet_holds_what_she_agreed_to_and_nothing_else_of_the_case(world, clinic, outside, client):
    number = offer(outside, world.expert, clinic)
    sign_in(client, world.expert)
    address = f"/cases/{outside.case.reference}/referrals/{number}/"
    assert client.get(address).status_code == 404
    say(outside, number)
    sheet = client.get(address).content.decode().split("<main")[1].split("</main")[0]
    assert TOLD in sheet
    assert WHY not in sheet
    assert outside.case.reference not in sheet.replace(f"/cases/{outside.case.reference}/", "")
    assert "He says things" not in sheet
    providers.suspend(clinic, "news", by=world.lead, at=THURSDAY)
    assert client.get(address).status_code == 404


def test_the_handlers_page_shows_the_next_thing_to_do_by_hand(world, clinic, outside, client):
    number = offer(outside, world.expert, clinic)
    sign_in(client, world.expert)
    page = f"/cases/{outside.case.reference}/referrals/"
    assert "has not answered yet" in client.get(page).content.decode()
    say(outside, number)
    messages = client.get(f"/cases/{outside.case.reference}/messages/").content.decode()
    assert "She answered about a referral" in messages
    assert "I passed on exactly this" in client.get(page).content.decode()
    client.post(f"/cases/{outside.case.reference}/steps/send-referral/", {"number": "1", "sure": "on"})
    assert "Note how it went on" in client.get(page).content.decode()
    assert "ask her once" in client.get(page).content.decode()


def test_a_colleague_without_the_key_sees_that_there_is_one_and_not_which(world, clinic, outside, client):
    offer(outside, world.expert, clinic)
    sign_in(client, world.second_expert, with_key=False)
    page = client.get(f"/cases/{outside.case.reference}/referrals/").content.decode()
    assert "opens only with your key" in page
    assert clinic.name not in page
