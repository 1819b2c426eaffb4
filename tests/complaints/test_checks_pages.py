"""The pages of checks and retaliation: hers without script, and the handlers' tab."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts import clock as app_clock
from complaints import compartments, shown, workflow
from complaints.models import Case, Concern, Receipt
from complaints.workflow import checks
from tests.builders import WEDNESDAY, World, file, holder_of, make_answers, make_person, make_world, sign_in
from tests.complaints.test_her_pages import Phone

pytestmark = pytest.mark.django_db
NOW = WEDNESDAY + timedelta(days=29)
WORDS = "The supervisor took my overtime away."


@pytest.fixture(autouse=True)
def _a_month_later(settings: Any) -> Iterator[None]:
    settings.SAMLENG_RELEASE_AT_ONCE = False
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def hers(world: World) -> tuple[Phone, Case]:
    filed = file(make_answers(world.factory))
    for person in (world.officer, world.chair):
        workflow.declare_conflict(filed.case, by=person, answer="none", at=WEDNESDAY + timedelta(days=1))
    checks.plan(filed.case, at=WEDNESDAY)
    return Phone(filed.receipt), filed.case


def which(case: Case) -> str:
    return str(case.checks.get(code="check_30").pk)


def told(phone: Phone) -> Case:
    phone.get("/my/because/")
    phone.press("/my/because/", text=WORDS, changed="overtime")
    concern = Concern.objects.get()
    assert concern.linked_case
    return concern.linked_case


# --- How she is ---------------------------------------------------------------------------------------------------


def test_her_page_asks_her_a_day_before_the_check_and_no_more_after_she_has_answered(hers: tuple[Phone, Case]) -> None:
    phone, case = hers
    assert "Answer with two taps" in phone.get("/my/case/")
    phone.get("/my/how/")
    text = phone.press("/my/how/", which=which(case), feeling="bad")
    assert "Thank you. Your answer has arrived." in text and "They treat me badly because of this" in text
    assert "Answer with two taps" not in phone.get("/my/case/")


def test_the_page_after_an_answer_is_the_same_whatever_she_answered(world: World) -> None:
    pages = []
    for feeling, more in (("very_good", {}), ("very_bad", {"safe": "no", "changed": "pay"})):
        filed = file(make_answers(world.factory))
        checks.plan(filed.case, at=WEDNESDAY)
        phone = Phone(filed.receipt)
        phone.get("/my/how/")
        pages.append(phone.press("/my/how/", which=which(filed.case), feeling=feeling, **more))
        assert "very" not in phone.response.request["QUERY_STRING"]
    # The keys of its form are new on every page.
    assert len({re.sub(r'name="(form|once)" value="[^"]*"', "", page.split("<main")[1]) for page in pages}) == 1


def test_an_answer_without_a_face_keeps_what_she_typed(hers: tuple[Phone, Case]) -> None:
    phone, case = hers
    phone.get("/my/how/")
    text = phone.press("/my/how/", which=which(case), text=WORDS)
    assert phone.status == 409
    assert "Choose one face." in text and WORDS in text


def test_pressing_send_twice_is_one_answer(hers: tuple[Phone, Case]) -> None:
    phone, case = hers
    phone.get("/my/how/")
    phone.press_twice("/my/how/", which=which(case), feeling="good")
    assert "Thank you" in phone.text
    assert case.events.filter(kind="check_answered").count() == 1


def test_where_no_check_is_near_the_page_leads_back(world: World) -> None:
    phone = Phone(file(make_answers(world.factory)).receipt)
    assert "Messages" in phone.get("/my/how/")


@pytest.mark.parametrize("path", ["/my/how/", "/my/thanks/", "/my/because/"])
def test_her_pages_are_light(hers: tuple[Phone, Case], path: str) -> None:
    phone, _case = hers
    phone.get(path)
    assert phone.response.status_code == 200
    assert len(gzip.compress(phone.response.content)) <= 15_000


# --- Treated badly ------------------------------------------------------------------------------------------------


def test_she_tells_and_steps_over_to_the_other_matter_and_back(hers: tuple[Phone, Case]) -> None:
    phone, case = hers
    linked = told(phone)
    assert "There is another matter" in phone.text
    assert 'href="/my/because/' not in phone.text
    assert WORDS in phone.press("/my/other/", where=str(linked.pk))
    phone.press("/my/write/", text="He did it again.")
    assert linked.events.filter(kind="message_received").count() == 1
    assert not case.events.filter(kind="message_received").exists()
    assert WORDS not in phone.press("/my/other/")


def test_a_page_left_open_in_the_first_matter_writes_nothing_into_the_other(hers: tuple[Phone, Case]) -> None:
    phone, case = hers
    linked = told(phone)
    left_open = phone.get("/my/case/")
    phone.press("/my/other/", where=str(linked.pk))
    phone.text = left_open
    text = phone.press("/my/write/", text="For the committee.")
    assert phone.status == 409 and "For the committee." in text
    for one in (case, linked):
        assert not one.events.filter(kind="message_received").exists()


def test_nobody_steps_over_to_a_case_that_is_not_theirs(world: World, hers: tuple[Phone, Case]) -> None:
    phone, _case = hers
    stranger = file(make_answers(world.factory, own_words="Somebody else's words."))
    text = phone.press("/my/other/", where=str(stranger.case.pk))
    assert "Somebody else's words." not in text
    assert "He says things every day." in text


def test_a_new_number_taken_in_the_other_matter_opens_both(hers: tuple[Phone, Case]) -> None:
    phone, case = hers
    linked = told(phone)
    phone.press("/my/other/", where=str(linked.pk))
    phone.get("/my/number/")
    phone.press("/my/number/")
    assert phone.status == 200
    assert case.receipts.count() == 2 and not linked.receipts.exists()


def purge(case: Case, *, at: datetime) -> None:
    """As the clock of the database would allow it: it refuses what is too early by its own day."""
    app_clock.set_offset(at - datetime.now(UTC))
    workflow.purge(Case.objects.get(pk=case.pk), at=at)
    app_clock.set_offset(timedelta(0))
    app_clock.forget()


def close(case: Case, *, at: datetime) -> None:
    workflow.stop(case, at=at)
    workflow.finish_stops(at=at + timedelta(days=2))


def test_when_the_first_matter_is_deleted_her_number_still_opens_the_other(world: World) -> None:
    filed = file(make_answers(world.factory))
    linked = told(Phone(filed.receipt))
    close(filed.case, at=NOW)
    close(linked, at=NOW + timedelta(days=100))
    later = NOW + timedelta(days=380)
    purge(filed.case, at=later)
    with time_machine.travel(later):
        phone = Phone(filed.receipt)
        assert WORDS in phone.text and "Back to the first matter" not in phone.text
    purge(linked, at=later + timedelta(days=110))
    assert not Receipt.objects.filter(case=filed.case).exists()


# --- The handlers' tab --------------------------------------------------------------------------------------------


def tab(person: Any, case: Case) -> Any:
    client = Client()
    sign_in(client, person)
    return client.get(f"/cases/{case.reference}/checks/")


def test_the_tab_says_what_is_missing(world: World, hers: tuple[Phone, Case]) -> None:
    text = tab(world.officer, hers[1]).content.decode()
    assert "Check after 30 days" in text
    assert "nobody has looked at the HR data" in text


def test_a_stranger_and_the_decision_maker_find_no_tab(world: World, hers: tuple[Phone, Case]) -> None:
    for person in (make_person(), world.decision_maker, world.advisor):
        assert tab(person, hers[1]).status_code == 404


def test_only_the_outside_team_reads_that_there_is_a_linked_case(world: World, hers: tuple[Phone, Case]) -> None:
    phone, case = hers
    linked = told(phone)
    release = case.calendar.release_after(NOW)
    for moment in (NOW, release):
        with time_machine.travel(moment):
            text = tab(world.officer, case).content.decode()
            assert linked.reference not in text and WORDS not in text
            assert ("treated badly because of this case" in text.split("Say that")[0]) == (moment == release)
            assert tab(world.officer, linked).status_code == 404
    with time_machine.travel(release):
        expert = case.assignments.get(role="technical_expert").person
        assert linked.reference in tab(expert, case).content.decode()
        assert case.reference in tab(expert, linked).content.decode()


def test_a_handler_says_it_on_a_form_of_the_tab(world: World, hers: tuple[Phone, Case]) -> None:
    _phone, case = hers
    client = Client()
    sign_in(client, world.officer)
    client.post(f"/cases/{case.reference}/steps/note-retaliation/", {"text": WORDS})
    concern = Concern.objects.get()
    assert concern.linked_case and concern.shows_at and concern.shows_at < NOW + timedelta(minutes=1)
    assert client.get(f"/cases/{concern.linked_case.reference}/").status_code == 404


def test_one_tap_after_her_answer_gives_it_to_the_outside_helper(hers: tuple[Phone, Case]) -> None:
    phone, case = hers
    phone.get("/my/how/")
    phone.press("/my/how/", which=which(case), feeling="bad", changed="overtime", text=WORDS)
    phone.press("/my/because/", as_answered="yes")
    linked = Concern.objects.get().linked_case
    assert linked
    assert WORDS in phone.press("/my/other/", where=str(linked.pk))


def test_where_her_answer_tells_of_no_change_that_tap_asks_her_what_it_is(hers: tuple[Phone, Case]) -> None:
    phone, case = hers
    phone.get("/my/how/")
    phone.press("/my/how/", which=which(case), feeling="bad")
    assert "What has become worse?" in phone.press("/my/because/", as_answered="yes")
    assert not Concern.objects.exists()


def test_she_says_with_one_tap_whether_she_gets_the_help_she_needs_and_the_handlers_read_it(
    world: World, hers: tuple[Phone, Case], client: Client
) -> None:
    phone, case = hers
    phone.get("/my/how/")
    phone.press("/my/how/", which=which(case), feeling="so_so", support="no")
    [entry] = compartments.take_out(case, holder_of(world.officer), ["inbox"], at=NOW, entry_kinds=["check_answer"])
    assert entry.content["support"] == "no"
    shows = " ".join(str(one) for one in shown.lines(entry.content))
    assert "Gets the care and help she needs" in shows
