"""A case on paper: it holds what the table of grants gives its reader, names them, and is on the record she reads."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import get_resolver

from accounts import clock
from complaints import compartments, grants, workflow
from complaints.answers import Contact
from complaints.casecodes import EntryKind, EventKind, Role
from complaints.codes import CompartmentKind
from complaints.models import Case, Deadline, Event
from complaints.selectors import hers
from complaints.selectors.paper import ORDER, choice, promises
from tests import walkers
from tests.attacks.test_every_url import patterns
from tests.builders import file, make_answers, make_person, make_world, reader_of, sign_in
from tests.complaints.test_appeals import her, make_reviewer

pytestmark = pytest.mark.django_db
HERS = {kind: f"ZqMark{kind.value}" for kind in (*CompartmentKind,)}
ALL = [*ORDER, "outcome", "steps", "promises"]
SHARED = {"share_choice": "choose_each", "share_text": True, "share_place_time": True, "share_respondent": True}
HERS_TO_TELL = {
    "own_words": HERS[CompartmentKind.STORY],
    "place_text": HERS[CompartmentKind.CIRCUMSTANCES],
    "respondent_name": HERS[CompartmentKind.RESPONDENT],
    "contact": Contact(kind="phone", reach="1", name=HERS[CompartmentKind.IDENTITY]),
}


@pytest.fixture
def at():
    return clock.now() - timedelta(days=1)


@pytest.fixture
def world():
    return make_world()


def told(world, at, **answers) -> Case:
    """A case with a mark in every compartment that can hold a text."""
    case = file(make_answers(world.factory, **(HERS_TO_TELL | answers)), at=at - timedelta(days=2)).case
    case.refresh_from_db()
    for kind, entry in (("inbox", "message"), ("record", "note"), ("finding", "finding"), ("freedom", "first_look")):
        content = {"text" if kind != "finding" else "reasons": HERS[CompartmentKind(kind)]}
        compartments.put(case, kind, entry, content, by=world.expert, at=at)
    return case


def paper(person, case, *parts, client=None):
    client = client or Client()
    sign_in(client, person)
    return client.get(f"/cases/{case.reference}/paper/", {"choose": "1", "part": list(parts)} if parts else {})


def said(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def marks_in(page: str) -> set[str]:
    return {kind for kind, mark in HERS.items() if mark in page}


def openings(case) -> set[tuple[str, str]]:
    events = Event.objects.filter(case=case, kind=EventKind.COMPARTMENT_OPENED)
    return set(events.values_list("compartment", "actor__name"))


# --- Who may read what --------------------------------------------------------------------------------------------

WAYS = [
    {},
    {"share_choice": "conduct_only"},
    {"share_choice": "choose_each", "share_text": True, "share_my_name": True},
    {"share_choice": "choose_each", "share_place_time": True, "share_respondent": True},
    {"respondent_job": "not_said"},
    {"route": "outside_only"},
    {"route": "outside_first"},
    {"route": "record_only"},
    {"age_band": "under_15"},
    {"route": "record_only", "freedom": {"FQ1": "yes"}},
]


@pytest.mark.parametrize("answers", WAYS, ids=str)
def test_a_paper_holds_what_the_table_of_grants_gives_and_nothing_else(world, at, answers):
    """The matrix is made from the table: every person on the case, every compartment, everything asked for."""
    case = told(world, at, **answers)
    walkers.declare(case, at=at)
    consents = {one.code: one.given for one in case.consents.all()}
    hold = case.side == "safeguarding_hold"
    on_it = list(case.assignments.current().filter(standing_by=False).select_related("person"))
    assert on_it
    for one in on_it:
        given = {
            kind
            for kind in ORDER
            if grants.rule_for(
                kind, one.role, route=case.route, hold=hold, factory_side=case.factory_side, consents=consents
            ).granted
        }
        if one.role == Role.TECHNICAL_EXPERT and case.with_factory:
            given -= {"record", "finding"}  # Held since filing, and shut until the case moves outside.
        response = paper(one.person, case, *ALL)
        if response.status_code == 404:  # Called when it is late or urgent, and not before.
            assert one.role == Role.TECHNICAL_EXPERT and case.with_factory
            continue
        page = said(response)
        assert marks_in(page) == {kind for kind in given if kind != "pictures"}, (one.role, given)
        assert {kind for kind, name in openings(case) if name == one.person.name} == given - {"pictures"}
    for person in {*world.everybody, make_person()} - {one.person for one in on_it}:
        assert paper(person, case, *ALL).status_code == 404, person.name


@pytest.mark.parametrize("who", ["advisor", "programme_lead", "admin", "stand_in", "decision_maker", "lead"])
def test_who_does_not_work_on_the_case_gets_no_paper_of_it(world, at, who):
    case = told(world, at)
    walkers.declare(case, at=at)
    for parts in ((), ALL):
        response = paper(getattr(world, who), case, *parts)
        assert response.status_code == 404 and case.reference not in response.content.decode()


def test_a_factory_users_paper_does_not_know_of_danger_age_and_freedom(world, at):
    case = told(world, at)
    walkers.declare(case, at=at)
    for parts in ((), ALL):
        page = said(paper(world.officer, case, *parts))
        assert "freedom" not in page and "Danger" not in page and "Urgent" not in page


def test_before_the_declaration_there_is_no_paper(world, at):
    case = told(world, at)
    assert "declare-conflict" in paper(world.officer, case, *ALL)["Location"]
    workflow.declare_conflict(case, by=world.officer, answer="possible", text="We live in one street.", at=at)
    page = said(paper(world.officer, case, *ALL))
    assert "Nothing of this case is open to you now" in page and not marks_in(page)
    assert not openings(case)


def test_a_decision_maker_prints_the_finding_and_the_respondent_and_nothing_else(world, at):
    case = walkers.to_decision(world, told(world, at), at=at)
    workflow.declare_conflict(case, by=world.decision_maker, answer="none", at=at)
    page = said(paper(world.decision_maker, case))
    assert set(re.findall(r'name="part" value="(\w+)"', page)) == {"respondent", "finding", "outcome", "promises"}
    page = said(paper(world.decision_maker, case, *ALL))
    assert marks_in(page) == {"respondent", "finding"}
    assert "more likely than not" in page
    for word in ("What she told", "Messages", "Record", "What happened, day by day", "Triage", "Verbal"):
        assert word not in page, word
    assert {kind for kind, name in openings(case) if name == world.decision_maker.name} == {"respondent", "finding"}
    walkers.tell_both(world, walkers.decide(world, case, at=at), at=at)
    page = said(paper(world.decision_maker, case, *ALL))
    assert walkers.REASONS in page and HERS[CompartmentKind.RESPONDENT] not in page
    assert "You get a written warning." not in page  # The letter to the respondent is the committee's.


def test_a_reviewer_prints_what_was_shared_while_the_appeal_lasts(world, at):
    reviewer = make_reviewer(world)
    case = walkers.to_decision(world, told(world, at, **SHARED), at=at)
    case = walkers.tell_both(world, walkers.decide(world, case, at=at), at=at)
    workflow.note_appeal(case, by=world.chair, ground="step_not_followed", text="Look again.", at=at)
    workflow.give_to_reviewer(case, reader_of(world.chair), person=reviewer, at=at)
    workflow.declare_conflict(case, by=reviewer, answer="none", at=at)
    page = said(paper(reviewer, case, *ALL))
    assert marks_in(page) == {"story", "circumstances", "respondent", "record", "finding"}
    assert "Decide the appeal" in page and "First human answer" not in page and "freedom" not in page
    message = "We have looked at it again. This is what follows, and what you can do now."
    workflow.decide_appeal(
        case, by=reviewer, result="confirmed", reason="Both sides were heard with care. " * 8, to_her=message,
        to_respondent=message, at=at,
    )  # fmt: skip
    after = paper(reviewer, case, *ALL)
    assert after.status_code == 404 or not marks_in(said(after))


def test_the_leads_of_a_hold_print_all_and_the_factory_nothing(world, at):
    case = told(world, at)
    walkers.declare(case, at=at)
    workflow.open_hold(case, reader_of(world.officer), at=at)
    assert paper(world.officer, case, *ALL).status_code == 404
    lead = walkers.on_case(case, Role.SAFEGUARDING_LEAD)[0]
    page = said(paper(lead, case, *ALL))
    assert {"story", "circumstances", "respondent", "inbox", "record"} <= marks_in(page)


# --- Choosing, and the record -------------------------------------------------------------------------------------


def test_choosing_opens_nothing_and_only_what_is_chosen_is_opened(world, at):
    case = told(world, at)
    walkers.declare(case, at=at)
    page = said(paper(world.officer, case))
    assert not marks_in(page) and not openings(case)
    page = said(paper(world.officer, case, "story"))
    assert marks_in(page) == {"story"}
    assert openings(case) == {("story", world.officer.name)}
    left_out = page.split("Left out when it was printed")[1]
    assert "Record" in left_out and "Promises, kept and missed" in left_out
    paper(world.officer, case, "story")
    assert Event.objects.filter(case=case, kind=EventKind.COMPARTMENT_OPENED).count() == 1


def test_she_reads_on_her_page_that_it_was_opened(world, at):
    filed = file(make_answers(world.factory), at=at - timedelta(days=2))
    walkers.to_triage(world, filed.case, at=at)
    paper(world.officer, filed.case, "story", "record")
    opened = hers.page_of(filed.case, her(filed), at=clock.now()).openings
    parts = {str(part) for one in opened for part in one.parts}
    assert {str(CompartmentKind.STORY.worker_words), str(CompartmentKind.RECORD.worker_words)} == parts


@pytest.mark.parametrize("parts", [["nonsense"], ["freedom"], ["pictures"], [""]])
def test_parts_that_are_not_theirs_lead_back_to_the_choice(world, at, parts):
    case = told(world, at)
    walkers.declare(case, at=at)
    page = said(paper(world.officer, case, *parts))
    assert "Choose at least one part" in page and not openings(case)


def test_what_could_harm_most_is_printed_only_where_somebody_asks_for_it(world, at):
    case = told(world, at, route="outside_only")
    page = said(paper(world.expert, case))
    ticked = set(re.findall(r'value="(\w+)" id="[\w-]+" checked', page))
    assert ticked == {"story", "circumstances", "respondent", "inbox", "record", "finding", "steps", "promises"}


def test_what_is_empty_is_said_to_be_empty_and_not_opened(world, at):
    case = file(make_answers(world.factory), at=at - timedelta(days=2)).case
    walkers.declare(case, at=at)
    page = said(paper(world.officer, case, *ALL))
    assert "Finding; " in page.split("Nothing is written there yet")[1] or "Finding</dd>" in page
    assert "finding" not in {kind for kind, _name in openings(case)}


def test_what_waits_for_the_release_is_on_no_paper(world, at, settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False
    case = file(make_answers(world.factory), at=at - timedelta(days=5)).case
    walkers.declare(case, at=at)
    workflow.write(case, text="ZqToday", at=clock.now())
    page = said(paper(world.officer, case, *ALL))
    assert "ZqToday" not in page and "Messages" in page.split("Nothing is written there yet")[1]


def test_a_locked_key_prints_nothing(world, at):
    case = told(world, at)
    walkers.declare(case, at=at)
    client = Client()
    sign_in(client, world.officer, with_key=False)
    page = said(client.get(f"/cases/{case.reference}/paper/", {"choose": "1", "part": ALL}))
    assert "Your key is locked" in page and not marks_in(page) and not openings(case)


# --- The paper itself ---------------------------------------------------------------------------------------------


def test_a_paper_names_its_reader_and_day_and_what_is_shut(world, at):
    case = told(world, at, share_choice="conduct_only")
    walkers.declare(case, at=at)
    page = said(paper(world.officer, case, *ALL))
    assert f"For {world.officer.name} only" in page
    shut = page.split(f"Not open to {world.officer.name}")[1].split("</dd>")[0]
    for label in ("What she told", "Where, when and how often", "Who it was", "Her name and how to reach her"):
        assert label in shut
    assert "<title>Paper</title>" in page and world.factory.name not in page and world.chair.name in page


@pytest.mark.parametrize("parts", [ALL])
def test_no_address_is_on_a_paper(world, at, parts):
    case = told(world, at)
    walkers.declare(case, at=at)
    page = said(paper(world.officer, case, *parts))
    printed = re.sub(r"<[^>]+>", " ", page.split("<main>")[1])
    assert "http" not in printed and "testserver" not in printed and "/cases/" not in printed


def test_the_paper_follows_the_order_of_a_case(world, at):
    case = walkers.to_action(world, told(world, at), at=at)
    page = said(paper(world.officer, case, *ALL))
    heads = re.findall(r'<h2 id="([\w-]+)"', page)
    assert heads == [
        "s-story", "s-circumstances", "s-respondent", "s-inbox", "s-record", "s-finding",
        "remedies", "sanctions", "promises", "days", "not-here",
    ]  # fmt: skip
    for sentence in ("We found that it happened as you told us.", "You get a written warning.", walkers.REASONS):
        assert sentence in page


def test_promises_are_said_to_be_kept_or_missed(world, at):
    case = told(world, at)
    walkers.declare(case, at=at)
    workflow.acknowledge(case, by=world.officer, text=walkers.ANSWER, at=at)
    Deadline.objects.filter(case=case, code="triage").update(
        starts_at=at - timedelta(days=9), due_at=at - timedelta(days=3)
    )
    page = said(paper(world.officer, case, "promises"))
    assert "Kept: done on" in page and "Missed: 4 days late, and still open" in page
    Deadline.objects.filter(case=case, code="triage").update(met_at=at - timedelta(days=2))
    assert "1 day late" in said(paper(world.officer, case, "promises"))


def test_the_factory_finds_no_promise_of_the_outside_team(world, at):
    case = told(world, at, danger_answer="now", insist=True)
    walkers.declare(case, at=at)
    codes = {one.code for one in case.deadlines.all()}
    assert "urgent_contact" in codes
    kept = promises(case, workflow.actor_on(case, by=world.officer), at=clock.now())
    assert kept and "Urgent contact" not in {str(one.label) for one in kept}


def test_a_paper_asks_the_database_as_often_for_a_long_case(world, at, django_assert_max_num_queries):
    case = walkers.to_action(world, told(world, at), at=at)
    for number in range(40):
        compartments.put(case, "record", EntryKind.NOTE, {"text": f"Note {number}"}, by=world.officer, at=at)
    client = Client()
    paper(world.officer, case, *ALL, client=client)
    with django_assert_max_num_queries(25):
        client.get(f"/cases/{case.reference}/paper/", {"choose": "1", "part": ALL})


def test_her_own_pages_offer_no_paper_and_no_file(settings):
    """What she printed or saved can be found: no address of hers makes a paper, and no page of hers asks for one."""
    hers = [route for route, _pattern in patterns(get_resolver()) if route.startswith("my/")]
    assert hers and not [route for route in hers if "paper/" in route or "print" in route]
    pages = [*(settings.BASE_DIR / "templates/complaints/inbox").glob("*.html")]
    pages.append(settings.BASE_DIR / "static/worker/worker.js")
    for page in pages:
        words = page.read_text().lower()
        assert "print(" not in words and "download" not in words and "casework:paper" not in words, page.name


def test_nothing_is_chosen_without_a_reader(world, at):
    case = told(world, at)
    actor = workflow.actor_on(case, by=world.officer)
    found = choice(case, actor, None, {"story"}, {"story"}, (), None, at=at)
    assert not found.parts and found.shut
