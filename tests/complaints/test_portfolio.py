"""First pages by role, the advisor's portfolio, late steps, surges, holders and leaving."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from accounts import clock as accounts_clock
from accounts.models import Notice, Person
from complaints import receipts, slots, workflow
from complaints.compartments import Holder
from complaints.models import Burst, Case, Grant, Receipt
from complaints.selectors import casepage, holders
from factories import sweep
from tests.builders import WEDNESDAY, file, make_answers, make_case, make_factory, make_world, sign_in

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
LATER = WEDNESDAY + timedelta(days=12)
MUCH_LATER = WEDNESDAY + timedelta(days=40)


@pytest.fixture(autouse=True)
def thursday():
    with time_machine.travel(THURSDAY, tick=False):
        yield


@pytest.fixture
def world():
    return make_world()


def text_of(response) -> str:
    return response.content.decode()


def visit(client, person, url: str, *, at=THURSDAY):
    """Sign in as this person at this time and open a page."""
    with time_machine.travel(at, tick=False):
        client.logout()
        sign_in(client, person)
        return client.get(url)


# --- The first page -----------------------------------------------------------------------------------------------


def test_each_role_lands_on_what_is_next(client, world):
    case = make_case(world)
    hold = make_case(world, age_band="15_17")
    assert case.reference in text_of(visit(client, world.officer, "/staff/"))
    assert hold.reference in text_of(visit(client, world.lead, "/staff/"))
    assert "Late steps in your factories" in text_of(visit(client, world.advisor, "/staff/"))
    assert "Cases that too few people can open" in text_of(visit(client, world.admin, "/staff/"))
    assert "Overdue" in text_of(visit(client, world.programme_lead, "/staff/"))
    assert "Nothing waits for you" in text_of(visit(client, world.expert, "/staff/"))


def test_a_notice_leads_to_its_case_until_it_was_seen(client, world):
    case = make_case(world)
    page = visit(client, world.officer, "/staff/")
    assert "A new case waits" in text_of(page)
    shown = [str(notice.pk) for word in page.context["words"] for notice in word.notices]
    client.post("/notices/seen/", {"notice": shown})
    assert "A new case waits" not in text_of(client.get("/notices/"))
    assert case.reference in text_of(client.get("/cases/"))


def test_nobody_marks_the_notices_of_somebody_else(client, world):
    make_case(world)
    notice = Notice.objects.filter(recipient=world.officer).first()
    visit(client, world.chair, "/staff/")
    client.post("/notices/seen/", {"notice": [str(notice.pk), "nonsense"]})
    notice.refresh_from_db()
    assert notice.seen_at is None


def test_a_notice_of_a_case_that_went_outside_says_nothing(client, world):
    filed = file(make_answers(world.factory))
    keys = receipts.keys_of(filed.receipt, waiting=slots.RECEIPT)
    holder = Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))
    workflow.move_outside(filed.case, holder, at=WEDNESDAY)
    page = text_of(visit(client, world.officer, "/staff/"))
    assert filed.case.reference not in page and "A new case waits" not in page


def test_a_pending_key_is_said_with_who_can_help(client, world):
    world.officer.keys.update(state="pending", vouched_at=None)
    page = text_of(visit(client, world.officer, "/staff/"))
    assert "not vouched for yet" in page and world.expert.name in page


def test_a_locked_key_is_said(client, world):
    sign_in(client, world.officer, with_key=False)
    assert "locked in this session" in text_of(client.get("/staff/"))


def test_stopped_reminders_are_said_to_experts_and_advisors_and_not_to_the_factory(client, world):
    for person in (world.expert, world.advisor):
        assert "Reminders have not run" in text_of(visit(client, person, "/staff/"))
    assert "Reminders have not run" not in text_of(visit(client, world.officer, "/staff/"))


def test_the_administrator_sees_whose_mail_does_not_arrive(client, world):
    make_case(world)
    Notice.objects.filter(recipient=world.officer).update(failing_since=THURSDAY)
    assert world.officer.name in text_of(visit(client, world.admin, "/staff/"))


# --- The advisor --------------------------------------------------------------------------------------------------


def late_case(world, *, until=LATER, **answers) -> Case:
    case = make_case(world, **answers)
    sweep.sweep(until)
    return case


def test_a_factory_very_late_in_more_than_one_case_gets_a_review_of_its_process(client, world):
    words = "review the process at the next visit"
    late_case(world, until=MUCH_LATER)
    assert words not in text_of(visit(client, world.advisor, "/portfolio/", at=MUCH_LATER))
    second = make_case(world)
    sweep.sweep(MUCH_LATER)
    assert words in text_of(visit(client, world.advisor, "/portfolio/", at=MUCH_LATER))
    assert words not in text_of(visit(client, world.advisor, "/portfolio/", at=MUCH_LATER + timedelta(days=366)))
    Case.objects.filter(pk=second.pk).update(route="outside_first", factory_side="")
    assert words not in text_of(visit(client, world.advisor, "/portfolio/", at=MUCH_LATER))


def test_the_advisor_sees_a_late_step_as_reference_stage_and_days(client, world):
    case = late_case(world)
    response = visit(client, world.advisor, "/portfolio/late/", at=LATER)
    page = text_of(response)
    assert case.reference in page and "Received" in page
    for secret in ("He says things", "Bad words", "Mechanic", world.factory.name, f"/cases/{case.reference}"):
        assert secret not in page
    assert response.context["page"].steps[0].days_overdue >= 5


def test_a_step_reaches_the_advisor_only_from_the_second_level_on(client, world):
    case = late_case(world, until=WEDNESDAY + timedelta(days=3))
    page = text_of(visit(client, world.advisor, "/portfolio/late/", at=WEDNESDAY + timedelta(days=3)))
    assert case.reference not in page


@pytest.mark.parametrize("answers", [{"route": "outside_only"}, {"age_band": "15_17"}, {"route": "outside_first"}])
def test_outside_and_held_cases_never_reach_the_advisor(client, world, answers):
    case = late_case(world, until=MUCH_LATER, **answers)
    for url in ("/staff/", "/portfolio/", "/portfolio/late/"):
        response = visit(client, world.advisor, url, at=MUCH_LATER)
        assert case.reference not in text_of(response) and case.reference not in str(response.headers)


def test_the_head_of_the_technical_organisation_sees_late_outside_cases_only(client, world):
    outside, inside = make_case(world, route="outside_only"), make_case(world)
    sweep.sweep(LATER)
    page = text_of(visit(client, world.programme_lead, "/overdue/", at=LATER))
    assert outside.reference in page and inside.reference not in page
    assert "He says things" not in page


def test_the_portfolio_names_who_acts_and_counts_no_complaints(client, world):
    make_case(world)
    page = text_of(visit(client, world.advisor, "/portfolio/"))
    assert world.factory.name in page and world.chair.name in page
    assert "1 case" not in page and "complaints" not in page


def test_the_portfolio_costs_the_same_for_many_factories(client, world, django_assert_max_num_queries):
    sign_in(client, world.advisor)
    accounts_clock.forget()
    with django_assert_max_num_queries(15) as few:
        client.get("/portfolio/")
    for _number in range(5):
        factory = make_factory(country=world.country)
        factory.advisor = world.advisor
        factory.save()
    accounts_clock.forget()
    with django_assert_max_num_queries(len(few)):
        client.get("/portfolio/")


@pytest.mark.parametrize(
    ("url", "who"),
    [
        ("/portfolio/", {"advisor"}),
        ("/portfolio/late/", {"advisor"}),
        ("/overdue/", {"programme_lead"}),
        ("/bursts/", {"expert", "second_expert"}),
        ("/administration/holders/", {"admin"}),
    ],
)
def test_to_everybody_else_the_page_does_not_exist(client, world, url, who):
    for name in (
        "officer",
        "chair",
        "decision_maker",
        "expert",
        "second_expert",
        "lead",
        "advisor",
        "programme_lead",
        "admin",
    ):
        status = visit(client, getattr(world, name), url).status_code
        assert status == (200 if name in who else 404), name


# --- Surges -------------------------------------------------------------------------------------------------------


def test_an_expert_sets_a_surge_aside_and_takes_it_back(client, world):
    case = make_case(world)
    burst = Burst.objects.create(country=world.country, noticed_on=WEDNESDAY.date())
    Case.objects.filter(pk=case.pk).update(burst=burst)
    assert "Cambodia" in text_of(visit(client, world.expert, "/bursts/"))
    client.post(f"/bursts/{burst.pk}/set-aside/")
    case.refresh_from_db()
    assert case.set_aside_at is not None
    assert "Take it back" in text_of(client.get("/bursts/"))
    client.post(f"/bursts/{burst.pk}/take-back/")
    case.refresh_from_db()
    assert case.set_aside_at is None


# --- Holders and leaving ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers",
    [{}, {"share_choice": "conduct_only"}, {"route": "outside_only"}, {"age_band": "15_17"}, {"route": "record_only"}],
)
def test_a_fresh_case_lacks_nobody(world, answers):
    case = make_case(world, **answers)
    for line in casepage.people_on(case):
        assert not line.lacks, (line.assignment.role, line.lacks)
    for person in (world.advisor, world.second_lead):
        assert not holders.thin_cases(without=person) or person == world.second_lead


def test_the_administrator_sees_a_case_under_two_holders_by_reference_and_stage(client, world):
    case = make_case(world)
    workflow.declare_conflict(case, by=world.officer, answer="yes", at=THURSDAY)
    page = text_of(visit(client, world.admin, "/administration/holders/"))
    assert case.reference in page and "He says things" not in page and world.factory.name not in page


def test_what_she_keeps_closed_is_no_alarm(client, world):
    case = make_case(world, share_choice="conduct_only")
    case_page = visit(client, world.admin, "/administration/holders/")
    assert case.reference not in text_of(case_page)


def test_removing_a_leaver_shows_what_follows_and_ends_everything(client, world):
    case = make_case(world)
    page = text_of(visit(client, world.admin, f"/administration/leavers/{world.officer.pk}/"))
    assert case.reference in page
    client.post(f"/administration/leavers/{world.officer.pk}/", {})
    assert Person.objects.get(pk=world.officer.pk).is_active
    client.post(f"/administration/leavers/{world.officer.pk}/", {"sure": "yes"})
    assert not Person.objects.get(pk=world.officer.pk).is_active
    assert not Grant.objects.filter(person_key__person=world.officer).exists()
    assert case.reference in text_of(client.get("/administration/holders/"))


def test_the_last_administrator_cannot_be_removed_and_keeps_all(client, world):
    sign_in(client, world.admin)
    client.post(f"/administration/leavers/{world.admin.pk}/", {"sure": "yes"})
    assert Person.objects.get(pk=world.admin.pk).is_active


def test_a_colleague_with_a_new_key_is_offered_on_the_first_page(client, world):
    from accounts import crypto
    from accounts.models import PersonKey

    case = make_case(world)
    workflow.declare_conflict(case, by=world.chair, answer="none", at=THURSDAY)
    world.officer.keys.update(state="retired", retired_at=THURSDAY)
    pair = crypto.new_key_pair()
    PersonKey.objects.create(
        person=world.officer, public_key=pair.public, wrapped_private=pair.private, salt=bytes(16), cost_ops=0,
        cost_mem_kib=0, state="vouched", vouched_at=THURSDAY, made_at=THURSDAY,
    )  # fmt: skip
    page = text_of(visit(client, world.chair, "/staff/"))
    assert "Colleagues who lost access" in page and case.reference in page
    client.post(f"/cases/{case.reference}/steps/share-again/", {"person": str(world.officer.pk)})
    assert "Colleagues who lost access" not in text_of(client.get("/staff/"))
