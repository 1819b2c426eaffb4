"""Her own pages, through their doors: in with the number, read, write, share, move, pause, and out again."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as RedisAway

from complaints import intake, slots, visits, workflow
from complaints.models import Burst, Case, Entry, Grant, Receipt, Rung
from complaints.receipts import new_number
from tests.builders import WEDNESDAY, file, make_answers, make_world, reader_of
from tests.walkers import to_triage

pytestmark = pytest.mark.django_db
ANSWER = "Thank you for telling us. We have read about the mechanic and will look at it this week."
DIGITS = {
    "latin": "0123456789",
    "khmer": "០១២៣៤៥៦៧៨៩",
    "lao": "໐໑໒໓໔໕໖໗໘໙",
    "burmese": "၀၁၂၃၄၅၆၇၈၉",
    "thai": "๐๑๒๓๔๕๖๗๘๙",
}


@pytest.fixture(autouse=True)
def _on_wednesday():
    """Wednesday, a quarter past ten in Phnom Penh."""
    with time_machine.travel(WEDNESDAY + timedelta(minutes=15)) as traveller:
        yield traveller


@pytest.fixture
def world():
    return make_world()


class Phone:
    """A phone without script: it opens pages, fills in their forms and follows where they lead."""

    def __init__(self, receipt: str = "") -> None:
        self.client = Client()
        self.text = ""
        self.status = 0
        if receipt:
            self.enter(receipt)

    def get(self, path: str, language: str = "en") -> str:
        return self._read(self.client.get(path, {"lang": language}))

    def enter(self, number: str, **more: str) -> str:
        return self._read(self.client.post("/my/", {"number": number, "language": "en", **more}))

    def press(self, path: str, **fields: str) -> str:
        """Send a form of the page that is open."""
        found = re.search(r'name="form" value="(\w+)"', self.text)
        data = {"form": found.group(1) if found else "", "language": "en", **fields}
        return self._read(self.client.post(path, data))

    def press_twice(self, path: str, **fields: str) -> str:
        """Press the button of the page that is open again, before an answer has come."""
        once = re.search(r'name="once" value="(\w+)"', self.text)
        opened = self.text
        self.press(path, once=once.group(1), **fields)
        self.text = opened
        return self.press(path, once=once.group(1), **fields)

    def _read(self, response) -> str:
        while response.status_code == 303:
            response = self.client.get(response.headers["Location"])
        self.response, self.status = response, response.status_code
        self.text = unescape(response.content.decode())
        return self.text


def her_phone(world, **answers) -> tuple[Phone, Case]:
    filed = file(make_answers(world.factory, **answers))
    phone = Phone(filed.receipt)
    assert "Messages" in phone.text
    return phone, filed.case


def declare(case, *people):
    for person in people:
        workflow.declare_conflict(case, by=person, answer="none", at=WEDNESDAY)


# --- In with the number -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", DIGITS)
@pytest.mark.parametrize("spaces", ["", " "])
def test_the_number_is_read_in_five_kinds_of_digits_with_and_without_spaces(world, script, spaces):
    receipt = file(make_answers(world.factory)).receipt
    typed = spaces.join(DIGITS[script][int(digit)] for digit in receipt)
    assert "We have it" in Phone().enter(typed)


def test_a_slip_and_an_unknown_number_give_two_different_sentences_and_keep_the_number(world):
    receipt = file(make_answers(world.factory)).receipt
    slip = receipt[:-1] + str((int(receipt[-1]) + 1) % 10)
    phone = Phone()
    assert "This number has a slip." in phone.enter(slip)
    assert f'value="{slip}"' in phone.text
    unknown = new_number()
    assert "We do not find this number. If you have just sent, it did not arrive: send again." in phone.enter(unknown)
    assert f'value="{unknown}"' in phone.text


def test_enter_in_the_number_field_goes_in_and_does_not_change_the_language():
    """A phone's Enter key presses the first button of the form in the page's order."""
    page = Phone().get("/my/")
    buttons = re.findall(r"<button[^>]*>", page.split("</form>")[0])
    first = next(button for button in buttons if 'form="enter"' in button or "form=" not in button)
    assert 'type="submit"' in first
    assert "name=" not in first


def test_a_failed_try_writes_nothing_and_sets_no_cookie(world):
    file(make_answers(world.factory))
    phone = Phone()
    with CaptureQueriesContext(connection) as queries:
        phone.enter(new_number())
    written = [query["sql"] for query in queries if re.match(r"\s*(INSERT|UPDATE|DELETE)", query["sql"])]
    assert (written, dict(phone.client.cookies)) == ([], {})


def test_when_many_come_at_once_the_number_stays_in_the_form(world, monkeypatch):
    receipt = file(make_answers(world.factory)).receipt

    def full(*_args, **_more):
        raise slots.Full

    monkeypatch.setattr("complaints.receipts.keys_of", full)
    phone = Phone()
    assert "Please press the button again." in phone.enter(receipt)
    assert (phone.status, f'value="{receipt}"' in phone.text) == (503, True)


def test_the_receipt_is_in_no_address_and_the_one_cookie_ends_with_the_browser(world):
    receipt = file(make_answers(world.factory)).receipt
    client = Client()
    response = client.post("/my/", {"number": receipt, "language": "en"})
    assert receipt not in response.headers["Location"]
    page = client.get(response.headers["Location"])
    assert set(client.cookies) == {visits.cookie_name()}
    cookie = client.cookies[visits.cookie_name()]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["expires"]) == (True, "Strict", "", "")
    assert page.headers["Cache-Control"] == "no-store"
    text = page.content.decode()
    assert receipt not in text
    assert re.search(r'http-equiv="refresh" content="600;url=/leave/', text)
    assert "<title>Samleng – workers' information</title>" in unescape(text)


def test_while_redis_is_down_the_entry_says_so_and_keeps_the_number(world, monkeypatch):
    receipt = file(make_answers(world.factory)).receipt

    class Away:
        def __getattr__(self, name):
            raise RedisAway

    phone = Phone(receipt)
    monkeypatch.setattr(visits, "cache", Away())
    assert "cannot open just now" in phone.enter(receipt)
    assert (phone.status, f'value="{receipt}"' in phone.text) == (503, True)
    assert "cannot open just now" in phone.get("/my/case/")
    assert phone.client.get("/leave/").status_code == 303


def test_a_forged_cookie_opens_nothing(world):
    phone, _case = her_phone(world)
    real = phone.client.cookies[visits.cookie_name()].value
    for forged in ("x", "ö", real[:30], real[:-6] + "AAAAAA", "A" * len(real)):
        stranger = Client()
        stranger.cookies[visits.cookie_name()] = forged
        response = stranger.get("/my/case/", {"lang": "en"})
        assert response.status_code == 403
        assert "Type your number" in response.content.decode()


def test_without_a_visit_her_page_is_the_information_site(world):
    response = Client().get("/my/case/")
    assert (response.status_code, response.headers["Location"]) == (303, "/")


def test_after_twenty_minutes_her_words_wait_in_the_entry_form_and_are_sent_with_the_number(world):
    filed = file(make_answers(world.factory))
    phone = Phone(filed.receipt)
    cache.clear()
    phone.press("/my/write/", text="He came\nagain <today>.")
    assert "Your visit has ended" in phone.text
    assert "He came\nagain <today>." in phone.text
    assert not Entry.objects.filter(kind="message").exists()
    phone.enter(filed.receipt, kept_for="write", text="He came\nagain <today>.")
    assert "Your message has arrived." in phone.text
    assert "He came" in phone.text


def test_a_text_too_long_to_send_is_not_cut_while_she_comes_in_again(world):
    filed = file(make_answers(world.factory))
    phone = Phone()
    phone.enter(filed.receipt, kept_for="write", text="a" * 9000)
    assert (phone.status, "a" * 9000 in phone.text) == (422, True)
    assert not Entry.objects.filter(kind="message").exists()


def test_the_database_down_in_mid_request_keeps_her_words(world, monkeypatch):
    phone, _case = her_phone(world)

    def away(*_args, **_more):
        raise OperationalError

    monkeypatch.setattr(workflow, "write", away)
    phone.press("/my/write/", text="Please read this.")
    assert phone.status == 503
    assert "Please read this." in phone.text


def test_leaving_ends_the_visit_on_the_server(world):
    phone, _case = her_phone(world)
    kept = phone.client.cookies[visits.cookie_name()].value
    response = phone.client.get("/leave/")
    assert '"cookies"' in response.headers["Clear-Site-Data"]
    thief = Client()
    thief.cookies[visits.cookie_name()] = kept
    assert "Messages" not in thief.get("/my/case/", {"lang": "en"}).content.decode()


# --- Pressed twice ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind", "says"),
    [
        ("/my/write/", "message", "Your message has arrived."),
        ("/my/help/", "not_safe", "The outside team has been told."),
    ],
)
def test_a_second_press_of_the_same_button_stores_once_and_says_it_has_arrived(world, path, kind, says):
    phone, _case = her_phone(world)
    if kind == "not_safe":
        phone.get(path)
    assert says in phone.press_twice(path, text="He came again.")
    assert Entry.objects.filter(kind=kind).count() == 1


def test_a_second_press_beside_the_number_stores_once(world):
    filed = file(make_answers(world.factory))
    fields = {"kept_for": "write", "text": "He came again.", "once": "a1"}
    for _press in range(2):
        assert "Your message has arrived." in Phone().enter(filed.receipt, **fields)
    assert Entry.objects.filter(kind="message").count() == 1


def test_the_same_form_with_other_words_is_another_message(world):
    phone, _case = her_phone(world)
    for text in ("One.", "Two."):
        phone.press("/my/write/", text=text, once="a1")
    assert Entry.objects.filter(kind="message").count() == 2


def test_a_press_that_failed_is_taken_again(world, monkeypatch):
    phone, _case = her_phone(world)
    real = workflow.write

    def away(*_args, **_more):
        raise OperationalError

    monkeypatch.setattr(workflow, "write", away)
    phone.press("/my/write/", text="He came again.", once="a1")
    monkeypatch.setattr(workflow, "write", real)
    phone.get("/my/case/")
    assert "Your message has arrived." in phone.press("/my/write/", text="He came again.", once="a1")
    assert Entry.objects.filter(kind="message").count() == 1


# --- Her page -----------------------------------------------------------------------------------------------------


def test_she_reads_the_stage_the_promised_day_and_what_follows_by_itself(world):
    phone, _case = her_phone(world)
    assert "We have it" in phone.text
    assert "By Friday 12 June a person answers you here." in phone.text
    assert "Saturday 13 June: the head of the committee is told." in phone.text
    assert "the advisors outside the factory are told" in phone.text


def test_she_reads_who_opened_which_part_on_which_day_and_why_but_no_name(world, client):
    from complaints import access

    phone, case = her_phone(world)
    declare(case, world.chair)
    on = access.case_for(world.chair, case.reference, at=WEDNESDAY + timedelta(days=1))
    access.opened(on, reader_of(world.chair), ["story"], at=WEDNESDAY + timedelta(days=1))
    phone.get("/my/case/")
    assert "The head of the committee opened on 11 June: My own words and what I want." in phone.text
    assert "You chose the committee" in phone.text
    assert world.chair.name not in phone.text


def test_messages_go_both_ways(world):
    phone, case = her_phone(world)
    phone.press("/my/write/", text="Is anybody there?")
    assert "Your message has arrived." in phone.text
    declare(case, world.officer)
    workflow.acknowledge(case, by=world.officer, text=ANSWER, at=WEDNESDAY)
    phone.get("/my/case/")
    assert "A person has read it" in phone.text
    assert ANSWER in phone.text
    assert "The person in HR who works on complaints" in phone.text


def test_she_is_told_when_they_see_what_she_adds(world, settings):
    phone, _case = her_phone(world)
    assert "In this demo they see it at once." in phone.text
    settings.SAMLENG_RELEASE_AT_ONCE = False
    phone.press("/my/write/", text="One thing more.")
    assert phone.text.count("They see it after 7 tomorrow morning.") == 2


def test_when_the_second_level_has_risen_she_may_wait_or_move_outside(world):
    phone, case = her_phone(world)
    assert "We are late." not in phone.text
    Rung.objects.filter(deadline__case=case, deadline__code="acknowledge", level="L2c").update(raised_at=WEDNESDAY)
    assert "We are late. We are sorry. You can wait, or move your case outside." in phone.get("/my/case/")


def test_the_roads_outside_are_always_there_and_stand_beside_what_is_late_for_long(world):
    phone, case = her_phone(world)
    assert phone.get("/my/case/").count("/my/roads/") == 1
    late = Rung.objects.filter(deadline__case=case, deadline__code="acknowledge", level__in=["L2c", "L3"])
    late.update(raised_at=WEDNESDAY)
    assert phone.get("/my/case/").count("/my/roads/") == 2
    assert "Using them is your decision." in phone.text


def test_she_reads_until_when_it_waits_for_her_answer(world):
    phone, case = her_phone(world)
    case = to_triage(world, case)
    workflow.send_message(case, by=world.officer, text="Would another line help you?", asks=True, at=WEDNESDAY)
    assert "This waits for your answer, until" in phone.get("/my/case/")
    phone.press("/my/write/", text="Yes, it would.")
    assert "This waits for your answer" not in phone.get("/my/case/")


def test_an_outside_case_that_is_late_has_no_offer_to_move(world):
    phone, case = her_phone(world, route="outside_only")
    Rung.objects.filter(deadline__case=case, deadline__code="acknowledge", level="L2c").update(raised_at=WEDNESDAY)
    phone.get("/my/case/")
    assert "We are late. We are sorry." in phone.text
    assert "move your case outside" not in phone.text


def test_a_case_set_aside_goes_on_with_one_line(world):
    phone, case = her_phone(world)
    burst = Burst.objects.create(country=world.country, noticed_on=case.filed_on)
    Case.objects.filter(pk=case.pk).update(burst=burst)
    workflow.set_aside(burst, by=world.expert, at=WEDNESDAY)
    assert "This waits to be looked at. Write one line and it goes on." in phone.get("/my/case/")
    phone.press("/my/write/", text="I am real.")
    assert "This waits to be looked at" not in phone.text


def test_switching_the_language_keeps_what_she_was_writing(world):
    phone, _case = her_phone(world)
    phone.press("/my/write/", text="Half a sen", lang="km")
    assert "Half a sen" in phone.text
    assert 'lang="km"' in phone.text[:200]
    assert not Entry.objects.filter(kind="message").exists()


def test_a_very_long_letter_is_refused_and_kept(world):
    phone, _case = her_phone(world)
    phone.press("/my/write/", text="a" * 9000)
    assert phone.status == 422
    assert "a" * 9000 in phone.text


def test_her_page_takes_few_queries_and_few_bytes(world):
    phone, case = her_phone(world)
    declare(case, world.officer, world.chair)
    for number in range(30):
        workflow.send_message(case, by=world.officer, text=f"{ANSWER} {number}", at=WEDNESDAY)
    with CaptureQueriesContext(connection) as queries:
        response = phone.client.get("/my/case/", {"lang": "en"})
    assert len(queries) <= 25
    assert len(gzip.compress(response.content)) <= 15_000
    assert "Show older messages" in unescape(response.content.decode())


# --- Forms --------------------------------------------------------------------------------------------------------


def test_a_form_without_the_visit_s_own_key_does_nothing_and_keeps_her_words(world):
    phone, _case = her_phone(world)
    response = phone.client.post("/my/write/", {"form": "ö", "text": "From elsewhere", "language": "en"})
    assert response.status_code == 409
    assert "From elsewhere" in response.content.decode()
    assert not Entry.objects.filter(kind="message").exists()


def test_two_phones_at_once_both_work_and_a_stale_page_is_told_how_it_stands(world):
    filed = file(make_answers(world.factory))
    first, second = Phone(filed.receipt), Phone(filed.receipt)
    first.get("/my/pause/")
    second.get("/my/pause/")
    first.press("/my/pause/")
    second.press("/my/pause/")
    assert second.status == 409
    assert "Your case has changed since you opened this page." in second.text
    assert "Go on after all" in second.text


def test_a_page_that_lay_open_gives_nothing_back_that_was_taken_away_since(world):
    filed = file(make_answers(world.factory))
    stale, fresh = Phone(filed.receipt), Phone(filed.receipt)
    stale.get("/my/sharing/")
    fresh.get("/my/sharing/")
    fresh.press("/my/sharing/", share_text="no", was_share_text="yes")
    stale.press("/my/sharing/", share_text="yes", was_share_text="yes", share_pictures="yes", was_share_pictures="no")
    consents = workflow.consents_of(filed.case)
    assert (consents["share_text"], consents["share_pictures"]) == (False, True)


# --- Her buttons --------------------------------------------------------------------------------------------------


def test_help_comes_first_and_then_the_outside_team_is_told_at_once(world):
    phone, case = her_phone(world)
    phone.get("/my/help/")
    assert "Your safety comes first." in phone.text
    assert "This page calls nobody" in phone.text
    phone.press("/my/help/", text="He waits at the gate.")
    case.refresh_from_db()
    assert case.urgent_outside
    assert "The outside team has been told." in phone.text
    assert "He waits at the gate." in phone.text


def test_moving_outside_says_what_follows_and_ends_the_factory_s_access_at_once(world):
    phone, case = her_phone(world)
    phone.get("/my/place/")
    assert "At once nobody in the factory can open it any more." in phone.text
    phone.press("/my/place/")
    assert "Your case is outside the factory now." in phone.text
    held = Grant.objects.filter(key__compartment__case=case, person_key__person__in=world.factory_people)
    assert not held.exists()
    assert "Move my case outside" not in phone.text


def test_a_consent_taken_back_cuts_at_once(world):
    phone, case = her_phone(world)
    phone.get("/my/sharing/")
    assert "They may read my own words and what I want." in phone.text
    phone.press("/my/sharing/", share_text="no", was_share_text="yes")
    held = Grant.objects.filter(key__compartment__case=case, key__compartment__kind="story")
    assert not held.filter(person_key__person=world.officer).exists()
    assert "What you took back is closed at once." in phone.text


def test_a_new_number_is_shown_once_and_the_old_one_dies_at_its_first_use(world):
    filed = file(make_answers(world.factory))
    phone = Phone(filed.receipt)
    phone.get("/my/number/")
    phone.press("/my/number/")
    number = "".join(re.findall(r"<span>(\d{4})</span>", phone.text)[:4])
    token = re.search(r'name="token" value="([^"]+)"', phone.text).group(1)
    phone.press("/my/number/typed/", token=token, typed=number)
    assert "Yes. It is the right number." in phone.text
    assert "We have it" in Phone(filed.receipt).text
    assert "We have it" in Phone(number).text
    assert "We do not find this number." in Phone(filed.receipt).text
    assert "Type your number" in phone.get("/my/case/")


def test_a_slip_in_the_new_number_is_only_shown(world):
    phone, _case = her_phone(world)
    phone.get("/my/number/")
    phone.press("/my/number/")
    token = re.search(r'name="token" value="([^"]+)"', phone.text).group(1)
    phone.press("/my/number/typed/", token=token, typed="1234")
    assert "There is a slip." in phone.text


def test_a_number_somebody_else_wrote_down_is_replaced_before_anything_is_shown(world):
    answers = make_answers(world.factory, channel="paper_box")
    filed = intake.file_complaint(answers, token=intake.mint(WEDNESDAY).token, at=WEDNESDAY, by=world.stand_in)
    declare(filed.case, world.officer)
    workflow.acknowledge(filed.case, by=world.officer, text=ANSWER, at=WEDNESDAY)
    phone = Phone(filed.receipt)
    assert "Somebody else wrote your number down." in phone.text
    for path in ("/my/case/", "/my/sharing/", "/my/picture/", "/my/help/"):
        assert ANSWER not in phone.get(path)
        assert "Somebody else wrote your number down." in phone.text
    phone.press("/my/number/")
    number = "".join(re.findall(r"<span>(\d{4})</span>", phone.text)[:4])
    assert ANSWER in Phone(number).text
    assert Receipt.objects.get(case=filed.case).must_be_replaced is False


def test_stop_pauses_at_once_and_can_be_taken_back(world):
    phone, case = her_phone(world)
    assert "Stop everything?" in phone.get("/my/pause/")
    phone.press("/my/pause/")
    assert "We have paused it. It stops tomorrow unless you change your mind." in phone.text
    phone.press("/my/on/")
    case.refresh_from_db()
    assert (case.side, "It goes on." in phone.text) == ("", True)


def test_after_a_day_a_stop_is_final_and_she_reads_that_she_did_nothing_wrong(world, _on_wednesday):
    phone, case = her_phone(world)
    phone.get("/my/pause/")
    phone.press("/my/pause/")
    workflow.finish_stops(at=WEDNESDAY + timedelta(hours=26))
    _on_wednesday.move_to(WEDNESDAY + timedelta(hours=27))
    phone.get("/my/case/")
    assert "We stopped. You did nothing wrong. You can come back any time." in phone.text
    assert "Go on after all" not in phone.text


def test_a_kept_case_starts_when_she_chooses_a_route(world):
    phone, case = her_phone(world, route="record_only")
    assert "We keep it for you. Nothing else happens." in phone.text
    phone.get("/my/start/")
    phone.press("/my/start/")
    assert "Please choose who may read this." in phone.text
    phone.press("/my/start/", route="outside_only")
    case.refresh_from_db()
    assert (case.route, case.side) == ("outside_only", "")
    assert "a person answers you here" in phone.text


def test_a_handover_is_asked_consent_by_consent(world):
    phone, case = her_phone(world, route="outside_first")
    assert phone.get("/my/next/") and "Shall we tell" not in phone.text
    words = "Shall we tell the committee?"
    workflow.propose_handover(case, by=world.expert, text=words, at=WEDNESDAY)
    assert "The outside helper asks you" in phone.get("/my/case/")
    phone.get("/my/next/")
    assert phone.text.count("<fieldset") == 5
    phone.press("/my/next/", share_text="yes")
    case.refresh_from_db()
    assert case.route == "factory_committee"
    held = Grant.objects.filter(key__compartment__case=case, person_key__person=world.officer)
    kinds = set(held.values_list("key__compartment__kind", flat=True))
    assert ("story" in kinds, "circumstances" in kinds) == (True, False)


def test_in_a_hold_she_reads_that_a_special_helper_reads_first(world):
    phone, _case = her_phone(world, age_band="15_17")
    assert "A special helper reads this first." in phone.text
    assert "Move my case outside" not in phone.text


def test_one_woman_s_visit_never_opens_another_case(world):
    mine, _case = her_phone(world, own_words="mine alone")
    other, _case = her_phone(world, own_words="hers alone")
    assert "mine alone" in mine.get("/my/case/")
    assert "mine alone" not in other.get("/my/case/")


def test_another_site_cannot_bring_her_in_with_its_own_number(client):
    filed = file(make_answers(make_world().factory))
    response = client.post("/my/", {"number": filed.receipt}, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 200 and "visit" not in response.cookies
    at_home = client.post("/my/", {"number": filed.receipt}, headers={"sec-fetch-site": "same-origin"})
    assert at_home.status_code == 303
