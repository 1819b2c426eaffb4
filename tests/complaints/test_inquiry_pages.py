"""The pages of an inquiry: the list in its order, the next step for each reader, the letters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import clock
from complaints import workflow
from complaints.models import Event
from tests.builders import file, make_answers, make_world, reader_of, sign_in
from tests.walkers import (
    her_consent,
    inquirers,
    inquiry_plan,
    to_decision,
    to_fact_finding,
    to_finding,
    to_planning,
)

pytestmark = pytest.mark.django_db
HERS = "ZqHerOwnWords"
LETTER = "ZqLetter: it is said that you touched a worker's arm in May."
NEVER = "Ask about sexual history, clothing or private life."


@pytest.fixture
def world(db):
    return make_world()


def filed(world, **answers):
    """A case told of two days ago, so that pages, which ask the clock, may show it."""
    case = file(make_answers(world.factory, own_words=HERS, **answers), at=clock.now() - timedelta(days=3)).case
    her_consent(case, "tell_respondent", at=clock.now() - timedelta(days=3))
    return case


def yesterday():
    return clock.now() - timedelta(days=1)


def page(person, case, path=""):
    client = Client()
    sign_in(client, person)
    return client.get(f"/cases/{case.reference}/{path}")


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def told(world, **answers):
    case = to_fact_finding(world, filed(world, **answers), at=yesterday())
    workflow.tell_respondent(case, reader_of(world.chair), text=LETTER, checked=True, at=yesterday())
    return case


def test_the_page_shows_in_order_what_is_done_and_what_is_missing(world):
    case = to_fact_finding(world, filed(world), at=yesterday())
    said = text(page(world.chair, case, "inquiry/"))
    places = [said.index(part) for part in ("Written plan", "Interim measures in place", "Respondent told in writing",
              "Complainant and affected person heard", "Respondent heard separately", "Witnesses heard",
              "Papers looked at", "Both sides asked")]  # fmt: skip
    assert places == sorted(places)
    assert "The respondent has not been told yet" in said
    assert "In May the mechanic touched her arm" in said
    assert NEVER in said
    assert HERS not in said


@pytest.mark.parametrize("who, step", [("chair", "tell-respondent"), ("officer", "tell-respondent")])
def test_the_case_offers_one_next_step_to_each_reader(world, who, step):
    case = to_fact_finding(world, filed(world), at=yesterday())
    said = text(page(getattr(world, who), case))
    assert said.count("Do it now") == 1
    assert f"/cases/{case.reference}/steps/{step}/" in said


def test_where_somebody_is_missing_the_next_step_puts_them_on_the_case(world):
    case = to_planning(world, filed(world, conduct_types=frozenset({"touch"})), at=yesterday())
    assert text(page(world.chair, case)).count(f"/cases/{case.reference}/steps/assign/") == 1
    assert "/steps/begin-inquiry/" not in text(page(world.chair, case))
    workflow.assign(case, reader_of(world.chair), person=world.stand_in, role="committee_member", at=yesterday())
    assert "Do it now" in text(page(world.chair, case))
    assert "It is serious" in text(page(world.chair, case, "steps/begin-inquiry/"))


def test_what_only_the_committee_does_is_not_offered_to_the_case_officer(world):
    case = told(world)
    assert "/steps/hear/" in text(page(world.chair, case))
    assert "/steps/hear/" not in text(page(world.officer, case, "inquiry/"))
    assert page(world.officer, case, "steps/hear/").status_code == 403


def test_the_steps_follow_each_other_until_the_finding(world):
    case = to_planning(world, filed(world), at=yesterday())
    inquirers(world, case, at=yesterday())
    assert "/steps/begin-inquiry/" in text(page(world.chair, case))
    case = to_finding(world, case, at=yesterday())
    assert "/steps/find/" in text(page(world.chair, case))


@pytest.mark.parametrize("step", ["hear", "add-paper", "ask-comments", "tell-respondent", "note-reply"])
def test_what_is_never_done_stands_where_people_write(world, step):
    case = to_fact_finding(world, filed(world), at=yesterday())
    if step == "note-reply":
        workflow.tell_respondent(case, reader_of(world.chair), text=LETTER, checked=True, at=yesterday())
    assert NEVER in text(page(world.chair, case, f"steps/{step}/"))


def test_the_finding_says_that_too_little_information_is_no_word_on_honesty(world):
    case = to_finding(world, filed(world), at=yesterday())
    said = text(page(world.chair, case, "steps/find/"))
    assert "says nothing about honesty" in said
    assert "In May the mechanic touched her arm" in said  # What number 1 says stands beside its finding.
    for name in ("result_1", "complainant_said_1", "respondent_said_1", "reasons_1", "reasons_2"):
        assert f'name="{name}"' in said


def test_an_inquiry_begins_from_its_form(world):
    case = to_planning(world, filed(world), at=yesterday())
    people = inquirers(world, case, at=yesterday())
    assert "She agreed on" in text(page(world.chair, case, "steps/begin-inquiry/"))
    client = Client()
    sign_in(client, world.chair)
    plan = inquiry_plan(people)
    answer = client.post(
        f"/cases/{case.reference}/steps/begin-inquiry/",
        {"inquirers": [str(one.pk) for one in people], "half_women": "on", **plan.written,
         "allegation_1": "He touched her arm.", "named": "yes", "once": "abcdef"},
    )  # fmt: skip
    assert answer["Location"] == f"/cases/{case.reference}/inquiry/"
    case.refresh_from_db()
    assert (case.stage, case.allegations.count(), case.inquirers.count()) == ("fact_finding", 1, 2)


def test_a_refusal_keeps_what_was_typed(world):
    case = to_finding(world, filed(world), at=yesterday())
    client = Client()
    sign_in(client, world.chair)
    fields = {f"{name}_{number}": "ZqTyped" for number in (1, 2) for name in ("complainant_said", "respondent_said",
              "reasons")} | {"result_1": "substantiated", "result_2": "substantiated", "all_agree": "on"}  # fmt: skip
    answer = client.post(f"/cases/{case.reference}/steps/find/", fields)
    assert answer.status_code == 409
    assert "200 characters" in answer.content.decode()
    assert answer.content.decode().count("ZqTyped") == 6


# --- Letters ------------------------------------------------------------------------------------------------------


def test_the_letter_holds_only_what_it_holds(world):
    case = told(world)
    said = text(page(world.officer, case, "letters/notice/"))
    assert LETTER.replace("'", "&#x27;") in said
    for right in (
        "bring a colleague or a representative",
        "Do not contact anybody",
        "treated worse",
        "can answer until",
    ):
        assert right in said
    main = said[said.index("<main>") :]
    for other in (HERS, case.reference, "In May the mechanic", world.officer.name, world.factory.name):
        assert other not in main
    assert "<title>Letter</title>" in said
    assert "bootstrap" not in said


def test_opening_the_letter_is_an_opening_of_the_record(world):
    case = told(world)
    Event.objects.filter(case=case, kind="compartment_opened")
    page(world.officer, case, "letters/notice/")
    opened = Event.objects.filter(case=case, kind="compartment_opened", actor=world.officer)
    assert [one.compartment for one in opened] == ["record"]


def test_there_is_no_letter_before_it_is_written(world):
    case = to_fact_finding(world, filed(world), at=yesterday())
    assert page(world.chair, case, "letters/notice/").status_code == 404
    assert page(world.chair, case, "letters/anything/").status_code == 404


def test_the_letter_with_the_main_points_holds_his_and_not_hers(world):
    case = told(world)
    workflow.ask_comments(
        case, by=world.chair, to_her=f"ZqForHer {'x' * 40}", to_respondent=f"ZqForHim {'x' * 40}",
        answer_by=timezone.localdate() + timedelta(days=5), checked=True, at=yesterday(),
    )  # fmt: skip
    said = text(page(world.chair, case, "letters/comments/"))
    assert "ZqForHim" in said
    assert "ZqForHer" not in said


# --- Who finds nothing here ---------------------------------------------------------------------------------------


def test_whoever_decides_has_no_page_of_the_inquiry_and_no_letter(world):
    case = to_decision(world, filed(world), at=yesterday())
    workflow.declare_conflict(case, by=world.decision_maker, answer="none", at=yesterday())
    for path in ("inquiry/", "letters/notice/"):
        answer = page(world.decision_maker, case, path)
        assert answer.status_code in (302, 404)
        assert answer.get("Location", "").endswith(("", "/decision/"))


def test_an_expert_who_was_called_reads_no_paper_of_the_factory(world):
    case = told(world)
    expert = case.assignments.get(role="technical_expert").person
    case.assignments.filter(person=expert).update(standing_by=False, visible_from=yesterday())
    said = text(page(expert, case, "inquiry/"))
    assert LETTER[:20] not in said
    assert "not open to you" in said
    assert page(expert, case, "letters/notice/").status_code == 404


def test_without_an_inquiry_there_is_no_such_page(world):
    case = to_planning(world, filed(world), path="support_only", at=yesterday())
    assert page(world.chair, case, "inquiry/").status_code == 404
    assert f"/cases/{case.reference}/inquiry/" not in text(page(world.chair, case))


def test_the_page_costs_the_same_however_much_was_written(world, django_assert_max_num_queries):
    case = told(world)
    for number in range(40):
        workflow.add_paper(case, by=world.officer, paper="other", text=f"Paper {number}", at=yesterday())
    client = Client()
    sign_in(client, world.chair)
    client.get(f"/cases/{case.reference}/inquiry/")
    for path in ("inquiry/", ""):
        with django_assert_max_num_queries(25):
            assert client.get(f"/cases/{case.reference}/{path}").status_code == 200
