"""A case that is not theirs any more, or not yet: no mail, no grant, no page says that it is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts import notices
from complaints import access, compartments, events, receipts, slots, workflow
from complaints.casecodes import Role
from complaints.compartments import Holder
from complaints.models import Case, Grant, Receipt
from complaints.workflow import StepRefused
from factories import roles
from factories.leaving import end_roles
from factories.models import Membership, Organisation
from tests.builders import WEDNESDAY, World, file, make_answers, make_person, make_world, reader_of, sign_in

pytestmark = pytest.mark.django_db
RELEASE = datetime(2026, 6, 11, 0, 0, tzinfo=UTC)  # Thursday, 07:00 in Phnom Penh.
THURSDAY = WEDNESDAY + timedelta(days=1)
FRIDAY = WEDNESDAY + timedelta(days=2)
TEXT = "Thank you for telling us. We have read it and we will look at it this week."


@pytest.fixture(autouse=True)
def _daily_release(settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False


def filed(world: World, *, at: datetime = WEDNESDAY, **answers) -> tuple[Case, Holder]:
    """File a complaint and return its case, and her with her number."""
    done = file(make_answers(world.factory, **answers), at=at)
    keys = receipts.keys_of(done.receipt, waiting=slots.RECEIPT)
    return done.case, Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))


def holds(person, case) -> bool:
    return Grant.objects.filter(key__compartment__case=case, person_key__person=person).exists()


def declare(world: World, case: Case, *who, at: datetime = THURSDAY) -> None:
    for person in who or (world.officer, world.chair):
        workflow.declare_conflict(case, by=person, answer="none", at=at)


def deliver_all(at: datetime) -> list[str]:
    """Send everything that should leave now; return who got mail."""
    mail.outbox.clear()
    for person in notices.people_to_hear(at, 100):
        notices.deliver(person, at)
    return [address for one in mail.outbox for address in one.to]


# --- Word about what is gone --------------------------------------------------------------------------------------


def test_no_mail_leaves_for_a_case_that_she_moved_outside_before_the_release():
    world = make_world()
    case, her = filed(world)
    workflow.move_outside(case, her, at=WEDNESDAY + timedelta(hours=1))
    sent = deliver_all(RELEASE + timedelta(minutes=5))
    assert not {person.email for person in world.factory_people} & set(sent)
    assert world.expert.email in sent


def test_no_mail_leaves_for_a_case_in_a_hold_or_for_whoever_said_they_are_in_conflict():
    world = make_world()
    case, _her = filed(world)
    declare(world, case, world.chair)
    deliver_all(THURSDAY)
    workflow.write(case, text="more", at=THURSDAY)
    workflow.declare_conflict(case, by=world.officer, answer="yes", at=THURSDAY)
    assert not world.officer.notices.filter(sent_at=None).exists()
    workflow.open_hold(case, reader_of(world.chair), at=THURSDAY)
    assert not world.chair.notices.filter(sent_at=None).exists()


# --- A role that has ended ----------------------------------------------------------------------------------------


def test_whoever_has_no_role_at_the_factory_any_more_has_no_case_of_it():
    world = make_world()
    case, _her = filed(world)
    declare(world, case)
    roles.end_role(Membership.objects.get(person=world.officer), by=world.admin, at=THURSDAY)
    assert not holds(world.officer, case)
    assert not Case.objects.visible_to(world.officer, at=FRIDAY).exists()
    assert world.chair in [one.person for one in case.assignments.current()]
    assert list(events.faults(Case.objects.get(pk=case.pk))) == []


def test_a_leaver_leaves_a_new_generation_behind_and_an_event():
    world = make_world()
    case, _her = filed(world)
    before = compartments.newest_key(case, "record").generation
    end_roles(world.officer, THURSDAY)
    workflow.remove_leaver(world.officer, by=world.admin, at=THURSDAY)
    assert not holds(world.officer, case)
    assert compartments.newest_key(case, "record").generation > before
    case.refresh_from_db()
    assert case.events.filter(kind="assignment_ended").count() == 1
    assert list(events.faults(case)) == []


# --- Excluded, later ----------------------------------------------------------------------------------------------


def test_a_person_of_an_excluded_role_is_kept_out_in_their_other_roles_too():
    world = make_world()
    Membership.objects.create(
        person=world.officer, factory=world.factory, role="committee_member", since=WEDNESDAY.date()
    )
    case, _her = filed(world, exclude=frozenset({"hr"}))
    assert case.with_factory
    declare(world, case, world.chair, world.outside_member)
    offered = [p for p, _r in workflow.may_be_assigned(case, workflow.actor_on(case, by=world.chair))]
    assert world.officer not in offered
    with pytest.raises(StepRefused):
        workflow.assign(case, reader_of(world.chair), person=world.officer, role="committee_member", at=THURSDAY)
    with pytest.raises(StepRefused):
        workflow.hand_on(case, reader_of(world.chair), to=world.officer, at=THURSDAY)


def test_her_answer_can_be_noted_where_the_case_officer_is_excluded():
    world = make_world()
    case, _her = filed(world, respondent_job="", exclude=frozenset({"hr"}))
    declare(world, case, world.chair, world.outside_member)
    workflow.answer_conflict_question(case, reader_of(world.chair), names_handlers=False, at=THURSDAY)
    assert not holds(world.officer, case)


@pytest.mark.parametrize("route", ["record_only", "outside_first"])
def test_no_case_goes_to_the_factory_before_the_name_she_wrote_is_matched(route):
    world = make_world()
    case, her = filed(world, route=route, exclude=frozenset({"named_person"}), exclude_name=world.officer.name)

    def go(at):
        if route == "record_only":
            return workflow.choose_route(case, her, route="factory_committee", consents={}, at=at)
        return workflow.accept_handover(case, her, consents={}, at=at)

    if route == "outside_first":
        workflow.propose_handover(case, by=world.expert, text="shall we", at=THURSDAY)
    with pytest.raises(StepRefused):
        go(THURSDAY)
    assert not holds(world.officer, case)
    workflow.match_name(case, by=world.expert, person=world.officer, at=THURSDAY)
    go(THURSDAY)
    assert holds(world.chair, case) and not holds(world.officer, case)


# --- Before the release -------------------------------------------------------------------------------------------


def test_a_consent_of_today_is_passed_on_to_nobody_before_the_release():
    world = make_world()
    case, her = filed(world, share_choice="pictures_only")
    declare(world, case)
    workflow.change_consents(case, her, wanted={"share_text": True}, at=THURSDAY)
    member = make_person("a colleague")
    Membership.objects.create(person=member, factory=world.factory, role="committee_member", since=WEDNESDAY.date())
    workflow.assign(case, reader_of(world.chair), person=member, role="committee_member", at=THURSDAY)
    workflow.declare_conflict(case, by=member, answer="none", at=THURSDAY)
    now = THURSDAY + timedelta(hours=2)
    assert access.opened(access.case_for(member, case.reference, at=now), reader_of(member), ["story"], at=now) == []
    at = THURSDAY + timedelta(days=1)
    on = access.case_for(member, case.reference, at=at)
    assert access.opened(on, reader_of(member), ["story"], at=at)


def test_no_page_tells_before_the_release_what_she_has_shared_today(client, monkeypatch):
    world = make_world()
    case, her = filed(world, share_choice="pictures_only")
    declare(world, case)
    monkeypatch.setattr("factories.clock.now", lambda: THURSDAY + timedelta(hours=2))
    sign_in(client, world.officer)
    pages = ("/staff/", f"/cases/{case.reference}/", f"/cases/{case.reference}/words/")

    def see() -> list[int]:
        return [len(client.get(page).content) for page in pages]

    see()
    before = see()
    workflow.change_consents(case, her, wanted={"share_text": True}, at=THURSDAY + timedelta(hours=1))
    workflow.write(case, text="and one more thing", at=THURSDAY + timedelta(hours=1))
    assert see() == before


def test_the_factory_sees_that_she_is_not_safe_only_at_the_release(monkeypatch):
    world = make_world()
    case, _her = filed(world)
    declare(world, case)
    pages = ("/staff/", "/cases/", f"/cases/{case.reference}/", f"/cases/{case.reference}/timeline/")

    def see(at: datetime) -> list[str]:
        monkeypatch.setattr("factories.clock.now", lambda: at)
        client = Client()
        sign_in(client, world.officer)
        return [client.get(page).content.decode() for page in pages]

    at = THURSDAY + timedelta(hours=1)
    deliver_all(at)
    before = see(at)
    workflow.say_not_safe(case, text="he waits at the gate", at=at)
    assert world.officer.email not in deliver_all(at)
    assert [len(text) for text in see(at)] == [len(text) for text in before]
    assert not any("Urgent" in text or "urgent" in text for text in see(at))
    assert any("Urgent" in text for text in see(FRIDAY))
    # The outside team is told at once, and the hours count for them.
    helper = case.assignments.get(role="technical_expert").person
    assert Case.objects.visible_to(helper, at=at).filter(pk=case.pk).exists()


# --- Holds --------------------------------------------------------------------------------------------------------


def test_in_a_hold_nobody_is_given_anything_but_leads():
    world = make_world()
    case, _her = filed(world, route="outside_only")
    workflow.open_hold(case, reader_of(world.expert), at=THURSDAY)
    lead, expert = case.assignments.current().filter(role="safeguarding_lead").first(), world.expert
    Grant.objects.filter(key__compartment__case=case, person_key__person=expert).delete()
    case.refresh_from_db()
    assert workflow.kinds_for(case, Role.TECHNICAL_EXPERT) == []
    assert workflow.share_again(case, reader_of(lead.person), to=expert, at=THURSDAY) == 0
    assert not holds(expert, case)


def test_in_a_second_hold_the_experts_access_ends_again():
    world = make_world()
    case, _her = filed(world, route="outside_only")

    def look(at):
        case.refresh_from_db()
        for lead in (world.lead, world.second_lead):
            access.opened(access.case_for(lead, case.reference, at=at), reader_of(lead), ["story"], at=at)

    workflow.open_hold(case, reader_of(world.expert), at=THURSDAY)
    look(THURSDAY)
    assert not holds(world.expert, case) and not holds(world.second_expert, case)
    workflow.first_look(case, by=world.lead, note="x", wrote_to_her=False, at=THURSDAY)
    workflow.propose_lift(case, by=world.lead, at=THURSDAY)
    workflow.lift_hold(case, reader_of(world.second_lead), at=THURSDAY)
    assert holds(world.expert, case)
    case.refresh_from_db()
    workflow.open_hold(case, reader_of(world.expert), at=FRIDAY)
    look(FRIDAY)
    assert not holds(world.expert, case) and not holds(world.second_expert, case)


def test_a_hold_opened_at_the_factory_loses_nothing_that_only_the_expert_held():
    world = make_world()
    case, _her = filed(world, danger_answer="now", insist=True)
    assert case.with_factory
    declare(world, case)
    workflow.open_hold(case, reader_of(world.chair), at=THURSDAY)
    for lead in (world.lead, world.second_lead):
        access.opened(access.case_for(lead, case.reference, at=THURSDAY), reader_of(lead), ["record"], at=THURSDAY)
    for kind in ("identity", "freedom"):
        outside = Grant.objects.usable().filter(key__compartment__case=case, key__compartment__kind=kind)
        assert outside.filter(key__generation=1).exists(), kind


def test_a_case_she_paused_can_still_be_put_in_a_hold():
    world = make_world()
    case, _her = filed(world, route="outside_only")
    workflow.stop(case, at=THURSDAY)
    workflow.open_hold(case, reader_of(world.expert), at=THURSDAY + timedelta(hours=1))
    case.refresh_from_db()
    assert case.in_hold
    assert workflow.finish_stops(at=THURSDAY + timedelta(days=3)) == 0


# --- Too few who may ----------------------------------------------------------------------------------------------


def test_when_both_handlers_are_in_conflict_somebody_outside_hears_and_she_is_offered_to_move(client):
    world = make_world()
    done = file(make_answers(world.factory))
    case = done.case
    deliver_all(THURSDAY)
    workflow.declare_conflict(case, by=world.officer, answer="yes", at=THURSDAY)
    assert case.assignments.get(role="technical_expert").standing_by
    workflow.declare_conflict(case, by=world.chair, answer="yes", at=THURSDAY)
    assert not case.assignments.current().filter(role__in=["case_officer", "committee_chair"]).exists()
    called = case.assignments.current().get(role="technical_expert").person
    assert called.email in deliver_all(THURSDAY)
    assert Case.objects.visible_to(called, at=THURSDAY).exists()
    client.post("/my/", {"number": done.receipt})
    page = client.get("/my/case/?lang=en").content.decode()
    assert "Too few people in your factory" in page and "/my/place/" in page


def test_a_hold_that_no_lead_can_read_is_an_alarm_from_the_start(client):
    world = make_world()
    for lead in (world.lead, world.second_lead):
        lead.keys.update(state="pending", vouched_at=None)
    case, _her = filed(world, age_band="15_17")
    sent = deliver_all(THURSDAY)
    assert {world.admin.email, world.programme_lead.email} <= set(sent)
    sign_in(client, world.admin)
    assert case.reference in client.get("/administration/holders/").content.decode()
    from complaints import intake

    assert intake.preview(make_answers(world.factory, age_band="15_17"), at=WEDNESDAY).nobody_reads


def test_a_case_that_falls_under_two_holders_is_an_alarm_once():
    world = make_world()
    case, _her = filed(world, route="outside_only")
    deliver_all(THURSDAY)
    workflow.remove_leaver(world.second_expert, by=world.admin, at=THURSDAY)
    from complaints import tasks

    for _again in range(2):
        tasks.alarms()
    assert world.admin.notices.filter(kind="thin_case").count() == 1
    assert case.events.count()


def test_a_possible_conflict_reaches_somebody_who_can_decide_it_and_opens_nothing_meanwhile(client):
    world = make_world()
    case, _her = filed(world)
    workflow.declare_conflict(case, by=world.officer, answer="possible", text="a neighbour", at=THURSDAY)
    on = access.case_for(world.officer, case.reference, at=THURSDAY)
    assert access.open_doors(on, at=THURSDAY) == frozenset()
    assert access.opened(on, reader_of(world.officer), ["story", "inbox", "record"], at=THURSDAY) == []
    helper = case.assignments.get(role="technical_expert").person
    assert "decide_conflict" in workflow.allowed(
        case, access.case_for(helper, case.reference, at=THURSDAY).actor, at=THURSDAY
    )
    workflow.decide_conflict(case, by=helper, about=world.officer, may_handle=False, at=THURSDAY)
    assert not holds(world.officer, case)
    assert not Case.objects.visible_to(world.officer, at=THURSDAY).exists()


@pytest.mark.parametrize("role", ["advisor", "programme_lead", "appeal_reviewer"])
def test_nobody_of_a_factory_watches_late_steps_from_outside(role):
    world = make_world()
    organisation = Organisation.objects.get(kind="technical")
    with pytest.raises(roles.RoleRefused):
        roles.give_outside_role(world.officer, organisation, role, at=THURSDAY, country=world.country)
    with pytest.raises(roles.RoleRefused):
        roles.give_factory_role(world.programme_lead, world.factory, "case_officer", at=THURSDAY)
