"""Her pages of what she wishes: every consent with its consequences, a concern, an appeal, the roads outside."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice
from complaints import events, visits, workflow
from complaints.models import Appeal, Case, Concern, Entry
from factories import packs
from tests.builders import WEDNESDAY, make_world, reader_of, sign_in
from tests.complaints.test_appeals import MONDAY, REASON, make_reviewer, told
from tests.complaints.test_her_pages import ANSWER, Phone, her_phone
from tests.walkers import REASONS, to_triage

pytestmark = pytest.mark.django_db
WORD = "ZqTheyToldTheWholeLine"


@pytest.fixture(autouse=True)
def _daily_release(settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False


@pytest.fixture(autouse=True)
def clock():
    """Wednesday, a quarter past ten in Phnom Penh."""
    with time_machine.travel(WEDNESDAY + timedelta(minutes=15)) as traveller:
        yield traveller


@pytest.fixture
def world():
    world = make_world()
    world.extra["reviewer"] = make_reviewer(world)
    return world


def with_result(world, clock) -> tuple[Phone, Case]:
    phone, case = her_phone(world)
    case = told(world, case)
    clock.move_to(WEDNESDAY + timedelta(days=2))
    phone.get("/my/case/")
    return phone, case


# --- A concern ----------------------------------------------------------------------------------------------------


def test_this_is_not_handled_well_is_one_page_and_one_button_and_the_factory_finds_it_nowhere(world, clock):
    phone, case = her_phone(world)
    workflow.declare_conflict(case, by=world.chair, answer="none", at=WEDNESDAY + timedelta(days=1))
    assert "/my/word/" in phone.text
    page = phone.get("/my/word/")
    assert "Nobody in the factory sees it, not now and not later." in page
    phone.press("/my/word/", text=WORD)
    assert "The outside helper has been told." in phone.text
    assert WORD in phone.text and "Nobody in the factory can read this." in phone.text
    assert Concern.objects.get().case == case
    clock.move_to(WEDNESDAY + timedelta(days=3))
    for tab in ("", "words/", "messages/", "record/", "timeline/", "openings/"):
        chair = Client()
        sign_in(chair, world.chair)
        response = chair.get(f"/cases/{case.reference}/{tab}")
        assert response.status_code == 200
        text = response.content.decode()
        assert WORD not in text and "oncern" not in text and "Technical expert" not in text, tab


def test_she_ticks_that_somebody_tried_to_find_out_who_she_is(world):
    phone, case = her_phone(world)
    assert "tried to find out that it was me" in phone.get("/my/word/")
    phone.press("/my/word/", text="", ground="breach")
    assert "You said that somebody talked about it" in phone.text
    assert Notice.objects.filter(kind="breach", topic_id=case.pk).exists()


def test_the_expert_reads_the_concern_and_answers_from_the_next_step(world):
    phone, case = her_phone(world)
    phone.get("/my/word/")
    phone.press("/my/word/", text=WORD)
    expert = case.assignments.get(role="technical_expert").person
    desk = Client()
    sign_in(desk, expert)
    assert "not handled well" in desk.get("/staff/").content.decode()
    assert "/steps/answer-concern/" in desk.get(f"/cases/{case.reference}/").content.decode()
    assert WORD in desk.get(f"/cases/{case.reference}/words/").content.decode()
    answered = desk.post(
        f"/cases/{case.reference}/steps/answer-concern/", {"text": ANSWER, "offers": "on", "once": "a"}
    )
    assert answered.status_code == 302
    page = phone.get("/my/case/")
    assert ANSWER in page
    assert "offers to take it over" in page


def test_words_of_a_concern_wait_in_the_entry_form_when_the_visit_is_over(world):
    phone, case = her_phone(world)
    phone.get("/my/word/")
    cache.clear()
    phone.press("/my/word/", text=WORD)
    assert (phone.status, WORD in phone.text) == (403, True)
    assert 'name="kept_for" value="word"' in phone.text
    assert not Concern.objects.exists()


def test_an_empty_concern_is_heard_too_and_pressed_twice_is_one(world):
    phone, case = her_phone(world)
    phone.get("/my/word/")
    phone.press_twice("/my/word/", text="")
    assert Entry.objects.filter(key__compartment__case=case, kind="handling_concern").count() == 1


# --- The result ---------------------------------------------------------------------------------------------------


def test_with_a_result_she_is_told_until_when_she_may_disagree_and_of_the_roads_outside(world, clock):
    phone, case = with_result(world, clock)
    assert "We have a result" in phone.text
    assert "If you do not agree, you can say so until" in phone.text
    assert "/my/again/" in phone.text and "/my/roads/" in phone.text
    page = phone.get("/my/roads/")
    assert "Using them is your decision." in page
    for road in packs.outside_roads("KH"):
        assert str(road.label) in page


def test_she_appeals_with_a_ground_and_her_words_and_reads_that_somebody_new_looks(world, clock):
    phone, case = with_result(world, clock)
    page = phone.get("/my/again/")
    assert "What keeps you safe at work stays." in page and "Using them is your decision." in page
    phone.press("/my/again/", text=WORD)
    assert "Please choose what is not right." in phone.text and WORD in phone.text
    assert phone.status == 422
    phone.press("/my/again/", ground="unfair", text=WORD)
    assert "Somebody new is looking at it again." in phone.text
    assert "You asked somebody new to look at it again." in phone.text and WORD in phone.text
    assert Appeal.objects.get().ground == "unfair"
    page = phone.get("/my/again/")
    assert "Tell the new person more" in page
    phone.press("/my/again/", text="And the driver saw it.")
    assert "And the driver saw it." in phone.text


def test_after_the_appeal_she_reads_the_answer_and_the_roads_outside(world, clock):
    phone, case = with_result(world, clock)
    phone.get("/my/again/")
    phone.press("/my/again/", ground="unfair", text="")
    clock.move_to(MONDAY)
    reviewer = world.extra["reviewer"]
    workflow.give_to_reviewer(case, reader_of(world.chair), person=reviewer, at=MONDAY)
    workflow.declare_conflict(case, by=reviewer, answer="none", at=MONDAY)
    workflow.decide_appeal(
        case, by=reviewer, result="confirmed", reason=REASON, to_her=ANSWER, to_respondent=ANSWER, at=MONDAY
    )
    page = phone.get("/my/case/")
    assert ANSWER in page and "Somebody new from outside" in page
    assert "/my/roads/" in page and "/my/again/" not in page


def test_she_reads_that_it_was_the_other_side_who_appealed(world, clock):
    phone, case = with_result(world, clock)
    workflow.note_appeal(case, by=world.officer, ground="too_strong", text="x", at=WEDNESDAY + timedelta(days=2))
    assert "The other side has asked for it." in phone.get("/my/case/")


def test_before_a_result_the_page_of_an_appeal_leads_home(world):
    phone, _case = her_phone(world)
    phone.get("/my/again/")
    assert phone.response.request["PATH_INFO"] == "/my/case/"


# --- The reviewer -------------------------------------------------------------------------------------------------


def test_the_reviewer_signs_reads_and_decides_on_pages_and_sees_nothing_after(world, clock):
    phone, case = with_result(world, clock)
    phone.get("/my/again/")
    phone.press("/my/again/", ground="unfair", text=WORD)
    phone.get("/my/help/")
    phone.press("/my/help/", text="ZqDanger")
    clock.move_to(MONDAY)
    chair = Client()
    sign_in(chair, world.chair)
    page = chair.get(f"/cases/{case.reference}/").content.decode()
    assert "/steps/give-to-reviewer/" in page
    reviewer = world.extra["reviewer"]
    given = chair.post(f"/cases/{case.reference}/steps/give-to-reviewer/", {"person": str(reviewer.pk), "once": "a"})
    assert given.status_code == 302
    desk = Client()
    sign_in(desk, reviewer)
    assert case.reference in desk.get("/staff/").content.decode()
    first = desk.get(f"/cases/{case.reference}/words/")
    assert (first.status_code, "declare-conflict" in first["Location"]) == (302, True)
    desk.post(f"/cases/{case.reference}/steps/declare-conflict/", {"answer": "none", "once": "b"})
    page = desk.get(f"/cases/{case.reference}/").content.decode()
    assert "/steps/decide-appeal/" in page
    assert "He says things every day." in desk.get(f"/cases/{case.reference}/words/").content.decode()
    record = desk.get(f"/cases/{case.reference}/record/").content.decode()
    assert WORD in record and "It was unfair" in record
    assert desk.get(f"/cases/{case.reference}/referrals/").status_code == 404
    assert "referrals/" not in page
    outcome = desk.get(f"/cases/{case.reference}/outcome/").content.decode()
    assert REASONS in outcome  # Why it was decided so, to look at it again.
    for tab in ("", "words/", "messages/", "record/", "timeline/", "openings/", "inquiry/", "outcome/"):
        text = desk.get(f"/cases/{case.reference}/{tab}").content.decode()
        assert "ZqDanger" not in text and "not safe" not in text
    said = {"result": "changed", "reason": REASON, "to_her": ANSWER, "to_respondent": ANSWER, "once": "c"}
    assert desk.post(f"/cases/{case.reference}/steps/decide-appeal/", said).status_code == 302
    assert desk.get(f"/cases/{case.reference}/").status_code == 404
    assert ANSWER in phone.get("/my/case/")
    opened = "Somebody new looks at the result again, and reads what is needed for it."
    assert opened in phone.text


def test_the_chair_learns_of_the_appeal_at_the_release_and_not_from_the_page_before(world, clock):
    phone, case = with_result(world, clock)
    tabs = ("", "record/", "messages/", "timeline/", "outcome/")
    paths = ["/staff/", "/cases/", *(f"/cases/{case.reference}/{tab}" for tab in tabs)]
    before = [said_of_appeals(world.chair, path) for path in paths]
    phone.get("/my/again/")
    phone.press("/my/again/", ground="unfair", text=WORD)
    assert [said_of_appeals(world.chair, path) for path in paths] == before
    clock.move_to(MONDAY)
    after = [said_of_appeals(world.chair, path) for path in paths]
    assert after[0] > before[0] and after[2] > before[2] and after[3] > before[3]


def said_of_appeals(person, path) -> int:
    desk = Client()
    sign_in(desk, person)
    response = desk.get(path)
    assert response.status_code == 200, path
    return response.content.decode().lower().count("appeal")


# --- One consent, one page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "consent", "says"),
    [
        ("look", "expert_review", "Nobody in the factory is told that you asked."),
        ("him", "tell_respondent", "Nobody tells him that it was you. But he may guess."),
        ("others", "match_pattern", "The others do not learn who you are."),
    ],
)
def test_a_consent_has_a_page_that_says_what_follows_and_takes_a_yes_and_takes_it_back(world, what, consent, says):
    phone, case = her_phone(world)
    assert says in phone.get(f"/my/yes/{what}/")
    phone.press(f"/my/yes/{what}/", answer="yes")
    assert "Your answer is kept." in phone.text
    assert workflow.consents_of(case)[consent] is True
    assert "You said yes." in phone.get(f"/my/yes/{what}/")
    phone.press(f"/my/yes/{what}/", answer="no")
    assert workflow.consents_of(case)[consent] is False


def test_what_he_knows_already_is_said_not_to_be_undone(world):
    phone, case = her_phone(world)
    workflow.change_consents(case, visits_holder(phone), wanted={"tell_respondent": True}, at=WEDNESDAY)
    assert "cannot be undone" not in phone.get("/my/yes/him/")
    case.refresh_from_db()
    events.record(case, "respondent_told", by=world.chair, at=WEDNESDAY)
    assert "He was told already. That cannot be undone." in phone.get("/my/yes/him/")


def visits_holder(phone):
    """Her key, as her visit holds it."""
    request = type("Request", (), {"COOKIES": {name: one.value for name, one in phone.client.cookies.items()}})
    return visits.visit_of(request).holder


def test_she_is_asked_whether_he_may_be_told_before_anybody_tells_him_and_once(world):
    phone, case = her_phone(world)
    asks = "may he be told what you said he did?"
    assert asks not in phone.text
    to_triage(world, case)
    assert asks in phone.get("/my/case/")
    phone.get("/my/yes/him/")
    phone.press("/my/yes/him/", answer="no")
    assert asks not in phone.text


def test_a_kept_case_asks_whether_it_may_be_compared(world):
    phone, _case = her_phone(world, route="record_only")
    assert "May we compare it with what others told?" in phone.text


def test_the_page_of_who_may_know_leads_to_each_consent(world):
    phone, _case = her_phone(world)
    page = phone.get("/my/sharing/")
    assert all(f"/my/yes/{what}/" in page for what in ("look", "him", "others"))
    phone, _case = her_phone(world, route="outside_only")
    page = phone.get("/my/sharing/")
    assert "/my/yes/look/" not in page and "/my/yes/him/" in page
    phone.get("/my/yes/look/")
    assert phone.response.request["PATH_INFO"] == "/my/case/"


def test_a_word_that_is_no_consent_is_no_page(world):
    phone, _case = her_phone(world)
    assert phone.client.get("/my/yes/everything/").status_code == 404


# --- Her page as a whole ------------------------------------------------------------------------------------------


def test_her_page_at_its_fullest_stays_small_and_takes_the_same_queries(world, clock):
    phone, case = with_result(world, clock)
    for number in range(3):
        phone.get("/my/word/")
        phone.press("/my/word/", text=f"{WORD} {number}")
    workflow.send_message(case, by=world.chair, text=ANSWER, at=WEDNESDAY + timedelta(days=2))
    queries_of(phone)  # The first visit after an answer notes its day.
    few, response = queries_of(phone)
    for number in range(12):
        workflow.send_message(case, by=world.chair, text=f"{ANSWER} {number}", at=WEDNESDAY + timedelta(days=2))
    many, response = queries_of(phone)
    assert many == few <= 45
    assert len(gzip.compress(response.content)) <= 15_000


def queries_of(phone):
    with CaptureQueriesContext(connection) as queries:
        response = phone.client.get("/my/case/", {"lang": "en"})
    assert response.status_code == 200
    # How far the demo's clock is ahead is read now and then, whatever the page.
    return len([query for query in queries if "accounts_clockoffset" not in query["sql"]]), response


def test_the_buttons_stand_in_the_order_of_the_concept(world, clock):
    phone, _case = with_result(world, clock)
    acts = phone.text.split('class="acts"')[1].split("</nav>")[0]
    order = ["/my/picture/", "/my/sharing/", "/my/yes/look/", "/my/number/", "/my/word/", "/my/again/", "/my/pause/"]
    places = [acts.index(path) for path in order]
    assert places == sorted(places)


def test_before_she_stops_she_reads_what_is_still_done_for_safety(world):
    phone, _case = her_phone(world)
    page = phone.get("/my/pause/")
    assert "What is still done, for safety" in page and "After 30 and 90 days" in page
