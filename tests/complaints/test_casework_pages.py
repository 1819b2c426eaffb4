"""The handlers' pages, through the client: what each shows, to whom, and what they refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from accounts import clock as accounts_clock
from complaints import receipts, slots, workflow
from complaints.compartments import Holder
from complaints.models import Assignment, Case, Event, Receipt
from factories.models import Membership
from tests.builders import (
    WEDNESDAY,
    file,
    make_answers,
    make_case,
    make_country,
    make_factory,
    make_person,
    make_world,
    reader_of,
    sign_in,
)

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
MESSAGE = "Thank you for telling us. We have read about the mechanic and will look at it this week."
TABS = ("", "words/", "messages/", "record/", "timeline/", "openings/")


@pytest.fixture(autouse=True)
def thursday():
    with time_machine.travel(THURSDAY, tick=False):
        yield


@pytest.fixture
def world():
    return make_world()


def declared_case(world, **answers) -> Case:
    case = make_case(world, **answers)
    for person in (world.officer, world.chair):
        workflow.declare_conflict(case, by=person, answer="none", at=THURSDAY)
    return case


def her(filed) -> Holder:
    keys = receipts.keys_of(filed.receipt, waiting=slots.RECEIPT)
    return Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))


def officer_elsewhere(world):
    """A case officer of another factory of the same country."""
    person = make_person("Officer elsewhere")
    factory = make_factory(country=world.country)
    Membership.objects.create(person=person, factory=factory, role="case_officer", since=WEDNESDAY.date())
    return person


def text_of(response) -> str:
    return response.content.decode()


def take(client, case, step, **data):
    return client.post(f"/cases/{case.reference}/steps/{step}/", data)


# --- The list -----------------------------------------------------------------------------------------------------


def test_the_list_shows_my_cases_with_what_is_due_next(client, world):
    case = declared_case(world)
    sign_in(client, world.officer)
    page = text_of(client.get("/cases/"))
    assert case.reference in page and "First human answer" in page


def test_the_list_finds_a_reference_among_my_own_cases_only(client, world):
    mine, other = declared_case(world), make_case(make_world(country=make_country("VN")))
    sign_in(client, world.officer)
    assert mine.reference in text_of(client.get(f"/cases/?reference={mine.reference[:6].lower()}"))
    found = text_of(client.get(f"/cases/?reference={other.reference}"))
    assert f"/cases/{other.reference}/" not in found


def test_the_list_asks_the_database_as_often_for_many_cases_as_for_one(
    client, world, django_assert_max_num_queries, settings
):
    for _number in range(3):
        declared_case(world)
    sign_in(client, world.officer)
    accounts_clock.forget()
    with django_assert_max_num_queries(12) as few:
        client.get("/cases/")
    for _number in range(5):
        declared_case(world)
    accounts_clock.forget()
    with django_assert_max_num_queries(len(few)):
        client.get("/cases/")


def test_a_long_list_pages_by_key_and_repeats_nothing(client, world, monkeypatch):
    from complaints.selectors import caseload

    references = {declared_case(world).reference for _number in range(5)}
    monkeypatch.setattr(caseload.caseload, "__kwdefaults__", caseload.caseload.__kwdefaults__ | {"limit": 2})
    sign_in(client, world.officer)
    seen, url = [], "/cases/"
    while url:
        response = client.get(url)
        seen += [work.case.reference for work in response.context["page"].works]
        url = f"/cases/?{response.context['next_page']}" if response.context["next_page"] else ""
    assert sorted(seen) == sorted(references)


@pytest.mark.parametrize("nobody", ["advisor", "programme_lead", "admin"])
def test_who_handles_no_cases_has_no_list(client, world, nobody):
    make_case(world)
    sign_in(client, getattr(world, nobody))
    assert client.get("/cases/").status_code == 404


# --- Strangers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("stranger", ["advisor", "programme_lead", "admin", "decision_maker", "expert", "lead"])
def test_a_stranger_cannot_learn_that_the_case_exists(client, world, stranger, tab):
    case = declared_case(world)
    sign_in(client, getattr(world, stranger))
    assert client.get(f"/cases/{case.reference}/{tab}").status_code == 404


def test_the_officer_of_another_factory_gets_404_on_every_page_and_step(client, world):
    case = declared_case(world)
    sign_in(client, officer_elsewhere(world))
    for tab in TABS:
        assert client.get(f"/cases/{case.reference}/{tab}").status_code == 404
    assert take(client, case, "acknowledge", text=MESSAGE).status_code == 404
    case.refresh_from_db()
    assert case.stage == "received"


def test_factory_people_find_no_trace_of_an_outside_case(client, world):
    case = make_case(world, route="outside_only")
    for person in world.factory_people:
        client.logout()
        sign_in(client, person)
        for url in ("/cases/", f"/cases/?reference={case.reference[:3]}", f"/cases/{case.reference}/"):
            response = client.get(url)
            shown = text_of(response).replace(f'value="{case.reference[:3]}"', "")
            assert case.reference not in shown and case.reference not in str(response.headers)


def test_a_case_that_was_not_released_yet_is_not_there(client, world, settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False
    case = make_case(world, at=THURSDAY)
    sign_in(client, world.officer)
    assert case.reference not in text_of(client.get("/cases/"))
    assert client.get(f"/cases/{case.reference}/").status_code == 404


# --- Declaration first --------------------------------------------------------------------------------------------


def test_nothing_opens_before_the_declaration(client, world):
    case = make_case(world)
    sign_in(client, world.officer)
    for tab in TABS:
        response = client.get(f"/cases/{case.reference}/{tab}")
        assert response.status_code == 302 and response.url.endswith("/steps/declare-conflict/")
    page = text_of(client.get(f"/cases/{case.reference}/steps/declare-conflict/"))
    assert "Bad words" not in page and "He says things" not in page
    assert not Event.objects.filter(case=case, kind="compartment_opened").exists()


def test_a_signed_declaration_opens_the_case(client, world):
    case = make_case(world)
    sign_in(client, world.officer)
    response = take(client, case, "declare-conflict", answer="none")
    assert response.status_code == 302
    assert "Bad words" in text_of(client.get(response.url))


def test_a_conflict_takes_me_off_the_case_and_back_to_my_list(client, world):
    case = make_case(world)
    sign_in(client, world.officer)
    response = take(client, case, "declare-conflict", answer="yes")
    assert response.url == "/cases/"
    assert case.reference not in text_of(client.get("/cases/"))


def test_a_possible_conflict_waits_and_opens_nothing(client, world):
    case = make_case(world)
    sign_in(client, world.officer)
    assert "why" in text_of(take(client, case, "declare-conflict", answer="possible"))
    take(client, case, "declare-conflict", answer="possible", text="He lives in my street.")
    page = text_of(client.get(f"/cases/{case.reference}/words/"))
    assert "Until somebody from outside has decided" in page and "He says things" not in page


# --- Reading ------------------------------------------------------------------------------------------------------


def test_her_words_open_and_she_can_see_that_they_did(client, world):
    case = declared_case(world)
    sign_in(client, world.officer)
    page = text_of(client.get(f"/cases/{case.reference}/words/"))
    assert "He says things every day." in page and "Mechanic" in page
    opened = Event.objects.filter(case=case, kind="compartment_opened", actor=world.officer)
    assert {"story", "circumstances", "respondent"} <= set(opened.values_list("compartment", flat=True))


def test_what_she_kept_closed_is_shown_as_closed_and_freedom_not_at_all(client, world):
    case = declared_case(world, share_choice="conduct_only")
    sign_in(client, world.officer)
    page = text_of(client.get(f"/cases/{case.reference}/words/"))
    assert "Kept closed by the complainant" in page
    assert "He says things" not in page and "freedom" not in page.lower()


def test_without_the_key_the_page_says_what_is_missing(client, world):
    case = declared_case(world)
    sign_in(client, world.officer, with_key=False)
    page = text_of(client.get(f"/cases/{case.reference}/words/"))
    assert "Your key is locked in this session" in page and "He says things" not in page


def test_a_lost_grant_names_who_can_share_again(client, world):
    from complaints.models import Grant

    case = declared_case(world)
    Grant.objects.filter(key__compartment__case=case, person_key__person=world.officer).delete()
    sign_in(client, world.officer)
    page = text_of(client.get(f"/cases/{case.reference}/words/"))
    assert "locked to your key" in page and world.chair.name in page


def test_a_colleague_shares_again(client, world):
    from complaints.models import Grant

    case = declared_case(world)
    Grant.objects.filter(key__compartment__case=case, person_key__person=world.officer).delete()
    sign_in(client, world.chair)
    assert "Share again" in text_of(client.get(f"/cases/{case.reference}/"))
    take(client, case, "share-again", person=str(world.officer.pk))
    client.logout()
    sign_in(client, world.officer)
    assert "He says things" in text_of(client.get(f"/cases/{case.reference}/words/"))


def test_openings_show_a_handler_only_their_own(client, world):
    case = declared_case(world)
    for person in (world.chair, world.officer):
        client.logout()
        sign_in(client, person)
        client.get(f"/cases/{case.reference}/words/")
    assert world.chair.name not in text_of(client.get(f"/cases/{case.reference}/openings/"))


def test_the_factory_reads_nothing_in_the_timeline_of_what_happened_outside(client, world):
    filed = file(make_answers(world.factory, route="outside_first"))
    workflow.confirm_danger(
        filed.case, by=world.expert, danger_level="not_now", age_band="18_plus", not_free=False, note="", at=THURSDAY
    )
    workflow.propose_handover(filed.case, by=world.expert, text="Shall we tell the committee?", at=THURSDAY)
    workflow.accept_handover(filed.case, her(filed), consents={"share_text": True}, at=THURSDAY)
    workflow.declare_conflict(filed.case, by=world.officer, answer="none", at=THURSDAY + timedelta(days=1))
    with time_machine.travel(THURSDAY + timedelta(days=1), tick=False):
        sign_in(client, world.officer)
        page = text_of(client.get(f"/cases/{filed.case.reference}/timeline/"))
    assert "Handed to the factory" in page
    assert "Safety confirmed" not in page and "Handing over proposed" not in page and "Complaint filed" not in page


def test_what_she_writes_shows_at_the_factory_after_the_release(client, world, settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False
    case = declared_case(world)
    workflow.write(case, text="One more thing happened.", at=THURSDAY)
    sign_in(client, world.officer)
    for tab in ("messages/", "timeline/", ""):
        page = text_of(client.get(f"/cases/{case.reference}/{tab}"))
        assert "One more thing" not in page and "from the complainant" not in page and "wrote last" not in page
    with time_machine.travel(THURSDAY + timedelta(days=1), tick=False):
        sign_in(client, world.officer)
        assert "One more thing" in text_of(client.get(f"/cases/{case.reference}/messages/"))


def test_the_case_page_costs_the_same_with_five_hundred_entries(client, world, django_assert_max_num_queries):
    case = declared_case(world)
    sign_in(client, world.officer)
    accounts_clock.forget()
    with django_assert_max_num_queries(25) as few:
        client.get(f"/cases/{case.reference}/")
    for number in range(20):
        workflow.write(case, text=f"Message {number}", at=WEDNESDAY)
    accounts_clock.forget()
    with django_assert_max_num_queries(len(few)):
        client.get(f"/cases/{case.reference}/")
    client.get(f"/cases/{case.reference}/messages/")
    with django_assert_max_num_queries(25):
        client.get(f"/cases/{case.reference}/messages/")


def test_the_legal_days_show_once_the_employer_knows_and_turn_red(client, world):
    case = declared_case(world)
    sign_in(client, world.officer)
    assert "Days the law gives" not in text_of(client.get(f"/cases/{case.reference}/"))
    client.get(f"/cases/{case.reference}/words/")
    page = text_of(client.get(f"/cases/{case.reference}/"))
    assert "Days the law gives" in page and "border-danger" not in page and "A lawyer must confirm" in page
    with time_machine.travel(THURSDAY + timedelta(days=4), tick=False):
        sign_in(client, world.officer)
        assert "border-danger" in text_of(client.get(f"/cases/{case.reference}/"))


# --- Steps --------------------------------------------------------------------------------------------------------


def test_acknowledging_moves_the_case_on(client, world):
    case = declared_case(world)
    sign_in(client, world.officer)
    response = take(client, case, "acknowledge", text=MESSAGE)
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.stage == "acknowledged"
    assert MESSAGE in text_of(client.get(f"/cases/{case.reference}/messages/"))


def test_a_refused_step_keeps_what_was_typed(client, world):
    case = declared_case(world)
    sign_in(client, world.officer)
    response = take(client, case, "acknowledge", text="Too short.")
    assert response.status_code == 409
    assert "Too short." in text_of(response) and "Write a human answer" in text_of(response)


def test_a_stale_page_is_told_so_and_keeps_the_words(client, world):
    case = declared_case(world)
    workflow.acknowledge(case, by=world.chair, text=MESSAGE, at=THURSDAY)
    sign_in(client, world.officer)
    response = take(client, case, "acknowledge", text=MESSAGE + " From the officer.")
    assert response.status_code == 409
    assert "moved on" in text_of(response) and "From the officer." in text_of(response)


def test_pressing_twice_writes_once(client, world):
    case = declared_case(world)
    sign_in(client, world.officer)
    for _press in range(2):
        take(client, case, "add-note", text="Only once, please.", once="the-same-button")
    assert text_of(client.get(f"/cases/{case.reference}/record/")).count("Only once, please.") == 1


def test_a_handler_removed_meanwhile_gets_404(client, world):
    case = declared_case(world)
    sign_in(client, world.officer)
    client.get(f"/cases/{case.reference}/steps/acknowledge/")
    workflow.places.take_off(Case.objects.get(pk=case.pk), world.officer, by=world.admin, because="left", at=THURSDAY)
    assert take(client, case, "acknowledge", text=MESSAGE).status_code == 404


def test_a_reader_who_may_not_take_a_step_gets_403(client, world):
    case = declared_case(world)
    sign_in(client, world.officer)
    assert client.get(f"/cases/{case.reference}/steps/lift-hold/").status_code == 403
    assert take(client, case, "confirm-danger", danger_level="now").status_code == 403
    assert client.get(f"/cases/{case.reference}/steps/no-such-step/").status_code == 404


def test_triage_records_every_field_and_starts_the_legal_days(client, world):
    case = declared_case(world)
    workflow.acknowledge(case, by=world.officer, text=MESSAGE, at=THURSDAY)
    sign_in(client, world.officer)
    fields = {
        "second": str(world.chair.pk),
        "in_scope": "yes",
        "conduct_types": ["verbal", "touch"],
        "place_types": ["store"],
        "repeated": "repeated",
        "power_difference": "yes",
        "severity": "b",
        "respondent_identified": "yes",
        "others_at_risk": "The line beside it",
        "evidence": ["camera"],
        "evidence_text": "The chair keeps it",
        "question_1": "Do you want to change shifts?",
        "proposed_path": "workplace_action",
    }
    answer = take(client, case, "triage", **fields)
    assert answer.status_code == 302
    # What is to be asked is asked at once: the message is there, with the question in it and her days ticked.
    asking = client.get(answer.url)
    assert answer.url.endswith("/send-message/")
    form = asking.context["form"]
    assert (form["text"].value(), form["asks"].value()) == ("Do you want to change shifts?", True)
    assert take(client, case, "send-message", text=form["text"].value(), asks="on").status_code == 302
    assert case.deadlines.filter(code="no_reply_least_intrusive").exists()
    again = client.get(answer.url).context["form"]
    assert not again["text"].value()
    page = text_of(client.get(f"/cases/{case.reference}/record/"))
    for words in ("The line beside it", "Camera recordings", "Store room", "Workplace action", "change shifts"):
        assert words in page
    case.refresh_from_db()
    assert (case.stage, case.employer_knowledge_at) == ("triage", THURSDAY)


def test_triage_has_no_room_for_a_link_that_she_did_not_agree_to(client, world):
    case = declared_case(world)
    workflow.acknowledge(case, by=world.officer, text=MESSAGE, at=THURSDAY)
    sign_in(client, world.officer)
    assert "links" not in client.get(f"/cases/{case.reference}/steps/triage/").context["form"].fields
    assert "link_cases" not in workflow.allowed(case, workflow.actor_on(case, by=world.officer), at=THURSDAY)


def test_a_message_starter_says_again_that_few_could_have_seen_it_and_offers_to_go_outside(client, world):
    case = declared_case(world)
    sign_in(client, world.officer)
    address = f"/cases/{case.reference}/steps/send-message/"
    assert not client.get(address).context["form"].starters
    workflow.acknowledge(case, by=world.officer, text=MESSAGE, at=THURSDAY)
    workflow.triage(case, by=world.officer, fields={}, second=world.chair, at=THURSDAY)
    (starter,) = client.get(address).context["form"].starters
    assert "only a few people could have seen" in str(starter) and "outside the factory" in str(starter)


def test_triage_at_the_factory_asks_nothing_about_danger_age_or_freedom(client, world):
    case = declared_case(world)
    workflow.acknowledge(case, by=world.officer, text=MESSAGE, at=THURSDAY)
    sign_in(client, world.officer)
    page = client.get(f"/cases/{case.reference}/steps/triage/")
    assert not {"danger_level", "age_band", "not_free"} & set(page.context["form"].fields)


def test_a_measure_with_an_effect_on_pay_is_refused(client, world):
    case = declared_case(world)
    sign_in(client, world.chair)
    response = take(
        client,
        case,
        "decide-interim",
        code="patrol_light_lock",
        reason="dark stairs",
        her_view="She agrees.",
        effect_on_pay="on",
    )
    assert response.status_code == 409 and "no effect on pay" in text_of(response)
    take(client, case, "decide-interim", code="patrol_light_lock", reason="dark stairs", her_view="She agrees.")
    assert "Patrol, lighting" in text_of(client.get(f"/cases/{case.reference}/"))


def test_handing_on_gives_the_colleague_grants_and_ends_mine(client, world):
    case = declared_case(world)
    sign_in(client, world.officer)
    page = client.get(f"/cases/{case.reference}/steps/hand-on/")
    choice = next(key for key, name in page.context["form"].fields["person"].choices if world.stand_in.name in name)
    assert take(client, case, "hand-on", person=choice).url == "/cases/"
    assert client.get(f"/cases/{case.reference}/").status_code == 404
    client.logout()
    sign_in(client, world.stand_in)
    take(client, case, "declare-conflict", answer="none")
    assert "He says things" in text_of(client.get(f"/cases/{case.reference}/words/"))


def test_a_hold_opened_at_the_factory_ends_its_access_and_says_handled_outside(client, world):
    case = declared_case(world)
    sign_in(client, world.officer)
    client.get(f"/cases/{case.reference}/words/")
    assert take(client, case, "open-hold", sure="on").url == "/cases/"
    page = text_of(client.get("/cases/"))
    assert f"/cases/{case.reference}/" not in page
    with time_machine.travel(THURSDAY + timedelta(days=1), tick=False):
        sign_in(client, world.officer)
        page = text_of(client.get("/cases/"))
    assert "Handled outside" in page and case.reference in page


def test_what_leaves_before_anybody_saw_it_is_never_told(client, world, settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False
    filed = file(make_answers(world.factory), at=THURSDAY)
    workflow.move_outside(filed.case, her(filed), at=THURSDAY)
    with time_machine.travel(THURSDAY + timedelta(days=2), tick=False):
        sign_in(client, world.officer)
        assert filed.case.reference not in text_of(client.get("/cases/"))


def test_an_expert_matches_the_factory_without_naming_it_in_an_address(client, world):
    case = file(make_answers(None, place_text="Sunshine")).case
    sign_in(client, world.expert)
    response = take(client, case, "match-factory", words=world.factory.name, search="1")
    assert world.factory.name in text_of(response)
    take(client, case, "match-factory", words=world.factory.name, factory=str(world.factory.pk))
    case.refresh_from_db()
    assert case.factory == world.factory


def test_an_expert_confirms_danger_on_an_outside_case_and_reads_it_back(client, world):
    case = make_case(world, route="outside_only")
    sign_in(client, world.expert)
    take(client, case, "confirm-danger", danger_level="soon", age_band="18_plus", note="Calls on Sundays")
    assert "Calls on Sundays" in text_of(client.get(f"/cases/{case.reference}/words/"))


def test_two_leads_end_a_hold(client, world):
    case = make_case(world, age_band="15_17")
    sign_in(client, world.lead)
    take(client, case, "first-look", note="Looked at it", wrote_to_her="on")
    take(client, case, "propose-lift", sure="on")
    client.logout()
    sign_in(client, world.second_lead)
    assert "End the safeguarding hold" in text_of(client.get(f"/cases/{case.reference}/"))
    assert take(client, case, "lift-hold", sure="on").url == "/cases/"
    case.refresh_from_db()
    assert case.side == ""


def test_a_step_without_the_key_in_hand_says_so(client, world):
    case = declared_case(world)
    sign_in(client, world.officer, with_key=False)
    response = take(client, case, "open-hold", sure="on")
    assert response.status_code == 409 and "Sign out and sign in again" in text_of(response)


def test_steps_are_posted_with_a_token_only(world):
    from django.test import Client

    case = declared_case(world)
    client = Client(enforce_csrf_checks=True)
    sign_in(client, world.officer)
    assert take(client, case, "acknowledge", text=MESSAGE).status_code == 403


def test_no_title_flash_or_address_carries_content(client, world):
    case = declared_case(world)
    sign_in(client, world.officer)
    page = text_of(client.post(f"/cases/{case.reference}/steps/add-note/", {"text": "Zebra"}, follow=True))
    title = page.split("<title>")[1].split("</title>")[0]
    assert title.strip() == "Case · Samleng"
    assert reader_of(world.officer)
    assert "Zebra" not in page.split("<article")[0]


# --- Each side keeps to its own -----------------------------------------------------------------------------------


def test_an_outside_place_never_falls_to_somebody_at_the_factory(client, world):
    case = declared_case(world)
    expert = Assignment.objects.get(case=case, role="technical_expert").person
    Assignment.objects.filter(case=case, person=expert).update(standing_by=False)
    sign_in(client, expert)
    offered = str(client.get(f"/cases/{case.reference}/steps/hand-on/").context["form"].fields["person"].choices)
    assert all(person.name not in offered for person in world.factory_people)
    for person in world.factory_people:
        with pytest.raises(workflow.StepRefused):
            workflow.hand_on(case, reader_of(expert), to=person, at=THURSDAY)
        with pytest.raises(workflow.StepRefused):
            workflow.assign(case, reader_of(expert), person=person, role="technical_expert", at=THURSDAY)


def test_a_handler_gives_nobody_a_role_they_do_not_have(world):
    case = declared_case(world)
    with pytest.raises(workflow.StepRefused):
        workflow.assign(case, reader_of(world.officer), person=world.stand_in, role="technical_expert", at=THURSDAY)
    with pytest.raises(workflow.StepRefused):
        workflow.hand_on(case, reader_of(world.officer), to=world.decision_maker, at=THURSDAY)
