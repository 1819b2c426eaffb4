"""How long content is kept, and that what is deleted is gone: her own deletion, renewals, legal holds, the purge."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client

from accounts import clock
from accounts.models import Notice
from complaints import access, compartments, events, receipts, slots, tasks, workflow
from complaints.casecodes import HER_KINDS
from complaints.compartments import Holder
from complaints.models import (
    Case,
    Compartment,
    CompartmentKey,
    Entry,
    Event,
    Exclusion,
    Grant,
    LegalHold,
    Receipt,
)
from complaints.models.retention import months_after
from tests.attacks import thief
from tests.builders import WEDNESDAY, World, file, make_answers, make_world, reader_of, sign_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
THURSDAY = WEDNESDAY + DAY
WORD = "ZqWordOfHersសំឡេង"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture(autouse=True)
def _clock_goes_back() -> Iterator[None]:
    yield
    clock.forget()


def move_clock(at: datetime) -> None:
    """Let the database know what day it is: it refuses what is too early by its own clock."""
    clock.set_offset(at - datetime.now(UTC))


def stopped(world: World, **answers: Any) -> tuple[Case, str]:
    """A case that was handled a little and then stopped by her; its number beside it."""
    filed = file(make_answers(world.factory, own_words=WORD, **answers))
    case = filed.case
    if case.with_factory:
        workflow.declare_conflict(case, by=world.officer, answer="none", at=THURSDAY)
        workflow.add_note(case, by=world.officer, text=WORD, at=THURSDAY)
        access.opened(access.case_for(world.officer, case.reference, at=THURSDAY), reader_of(world.officer),
                      ["story"], at=THURSDAY)  # fmt: skip
    workflow.write(case, text=WORD, at=THURSDAY)
    workflow.add_picture(case, picture=b"jpeg" * 50, at=THURSDAY)
    workflow.stop(case, at=THURSDAY)
    workflow.finish_stops(at=THURSDAY + 3 * DAY)
    case.refresh_from_db()
    return case, filed.receipt


def holder(number: str) -> Holder:
    keys = receipts.keys_of(number, waiting=slots.RECEIPT)
    return Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))


def read(case: Case, who: Holder, *kinds: str, at: datetime = THURSDAY) -> str:
    return str([one.content for one in compartments.take_out(case, who, kinds or HER_KINDS, at=at)])


OVER = datetime(2027, 6, 20, 3, 0, tzinfo=UTC)


# --- The purge ----------------------------------------------------------------------------------------------------


def test_a_year_after_closing_everything_but_codes_and_days_is_gone(world):
    case, number = stopped(world)
    keys = [
        bytes(one) for one in Entry.objects.filter(key__compartment__case=case).values_list("sealed_key", flat=True)
    ]
    envelopes = [bytes(one.envelope)[:64] for one in Entry.objects.filter(key__compartment__case=case)]
    grants = [bytes(one.sealed_private) for one in Grant.objects.filter(key__compartment__case=case)]
    lookup = [bytes(one.lookup) for one in case.receipts.all()]
    sealed = {str(i): blob for i, blob in enumerate([*keys, *envelopes, *grants, *lookup])}
    assert len(sealed) > 20 and thief.finds(list(thief.database()), sealed)

    move_clock(OVER)
    done = workflow.purge_due(at=OVER)

    assert (done.cases, done.entries) == (1, len(keys))
    assert thief.finds(list(thief.database()), sealed) == []
    assert not Compartment.objects.filter(case=case).exists() and not Receipt.objects.filter(case=case).exists()
    assert not Exclusion.objects.filter(case=case).exists() and not case.consents.exists()
    case.refresh_from_db()
    assert (case.purged_at, case.stage, case.closing_reason) == (OVER, "closed", "stopped_by_complainant")
    assert case.conduct_types == []
    assert list(events.faults(case)) == []


def test_the_day_itself_still_belongs_to_her(world):
    case, number = stopped(world)
    last = datetime.combine(case.purge_after, datetime.min.time(), tzinfo=UTC) + timedelta(hours=5)
    assert workflow.purge_due(at=last).cases == 0
    move_clock(last + DAY)
    assert workflow.purge_due(at=last + DAY).cases == 1
    assert workflow.purge_due(at=last + 2 * DAY).cases == 0


def test_what_is_left_of_the_chain_says_codes_of_results_only(world):
    case, _number = stopped(world)
    move_clock(OVER)
    workflow.purge_due(at=OVER)
    full = set(case.events.filter(contents__isnull=False).values_list("kind", flat=True))
    assert full == {"complaint_filed", "closed", "purged", "compartment_opened"}


def test_an_open_case_is_never_deleted_for_its_age(world):
    case = file(make_answers(world.factory)).case
    move_clock(OVER + 900 * DAY)
    assert workflow.purge_due(at=OVER + 900 * DAY).cases == 0
    with pytest.raises(workflow.StepRefused):
        workflow.purge(case, at=OVER + 900 * DAY)


def test_a_kept_case_has_a_year_from_filing_or_from_her_last_renewal(world):
    case = file(make_answers(world.factory, route="record_only")).case
    assert case.purge_after == date(2027, 6, 10)
    workflow.renew(case, at=datetime(2027, 3, 1, 3, 0, tzinfo=UTC))
    case.refresh_from_db()
    assert case.purge_after == date(2028, 3, 1)
    move_clock(OVER)
    assert workflow.purge_due(at=OVER).cases == 0
    later = datetime(2028, 3, 2, 3, 0, tzinfo=UTC)
    move_clock(later)
    assert workflow.purge_due(at=later).cases == 1


def test_a_kept_case_that_goes_to_work_has_no_day_any_more(world):
    filed = file(make_answers(world.factory, route="record_only"))
    workflow.choose_route(filed.case, holder(filed.receipt), route="outside_only", consents={}, at=THURSDAY)
    filed.case.refresh_from_db()
    assert filed.case.purge_after is None
    move_clock(OVER)
    assert workflow.purge_due(at=OVER).cases == 0


def test_content_does_not_open_after_its_day_even_before_the_task_has_run(world, monkeypatch):
    case, number = stopped(world)
    on = access.case_for(world.officer, case.reference, at=OVER)
    assert access.open_doors(on, at=OVER) == frozenset()
    assert access.opened(on, reader_of(world.officer), ["story", "record", "inbox"], at=OVER) == []
    monkeypatch.setattr("factories.clock.now", lambda: OVER)
    page = Client().post("/my/?lang=en&c=kh", {"number": number})
    assert page.status_code == 422 and "your words were deleted" in page.content.decode()
    client = Client()
    sign_in(client, world.officer)
    assert "its content is being deleted" in client.get(f"/cases/{case.reference}/").content.decode()


def test_a_visit_that_is_open_when_the_time_ends_ends_too(world, monkeypatch):
    case, number = stopped(world)
    monkeypatch.setattr("factories.clock.now", lambda: OVER - 30 * DAY)
    client = Client()
    assert client.post("/my/?lang=en&c=kh", {"number": number}).status_code == 303
    assert client.get("/my/case/?lang=en").status_code == 200
    monkeypatch.setattr("factories.clock.now", lambda: OVER)
    page = client.get("/my/case/?lang=en")
    assert page.status_code == 410 and WORD not in page.content.decode()


def test_after_the_purge_nobody_finds_the_case(world):
    case, _number = stopped(world)
    move_clock(OVER)
    workflow.purge_due(at=OVER)
    for person in world.everybody:
        with pytest.raises(Http404):
            access.case_for(person, case.reference, at=OVER)


def test_the_access_record_is_forgotten_after_24_months_and_the_chain_stays_whole(world):
    case, _number = stopped(world)
    opening = case.events.get(kind="compartment_opened")
    early = datetime(2028, 6, 10, 3, 0, tzinfo=UTC)
    move_clock(early)
    assert workflow.purge_due(at=early).openings == 0
    opening.refresh_from_db()
    assert opening.actor == world.officer
    later = datetime(2028, 6, 13, 3, 0, tzinfo=UTC)
    move_clock(later)
    assert workflow.purge_due(at=later).openings == 1
    opening.refresh_from_db()
    assert (opening.actor, opening.at, opening.compartment, opening.contents) == (None, None, "", None)
    case.refresh_from_db()
    assert list(events.faults(case, at=later)) == []
    assert list(events.faults(case, at=THURSDAY)) != []  # Too early, it would be a fault.


def test_results_are_deleted_after_five_years(world):
    case, _number = stopped(world)
    case.allegations.create(number=1, result="substantiated", found_on=date(2026, 6, 12))
    move_clock(OVER)
    workflow.purge_due(at=OVER)
    assert case.allegations.exists()
    later = datetime(2031, 6, 20, 3, 0, tzinfo=UTC)
    move_clock(later)
    assert workflow.would_purge(at=later).records == 1
    assert workflow.purge_due(at=later).records == 1
    case.refresh_from_db()
    assert not case.allegations.exists() and case.closing_reason == ""
    assert not case.events.filter(contents__isnull=False).exists()
    assert list(events.faults(case)) == []
    assert workflow.purge_due(at=later).records == 0


def test_the_command_counts_and_deletes_and_names_no_case(world):
    case, _number = stopped(world)
    move_clock(OVER)
    out = io.StringIO()
    call_command("purge", "--dry-run", stdout=out)
    assert "Nothing was deleted" in out.getvalue() and "1 cases" in out.getvalue()
    assert Entry.objects.exists()
    call_command("purge", stdout=out)
    assert not Entry.objects.filter(key__compartment__case=case).exists()
    assert case.reference not in out.getvalue() and str(case.pk) not in out.getvalue()


def test_the_daily_task_may_run_twice_and_late(world):
    stopped(world)
    move_clock(OVER + 30 * DAY)
    tasks.end_of_time()
    tasks.end_of_time()
    assert Case.objects.exclude(purged_at=None).count() == 1


def test_months_end_on_the_last_day_there_is():
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert months_after(date(2026, 12, 31), -24) == date(2024, 12, 31)


# --- What the database refuses ------------------------------------------------------------------------------------


TOO_EARLY = (
    "UPDATE complaints_event SET contents = NULL, salt = NULL",
    "UPDATE complaints_event SET contents = NULL, salt = NULL, actor_id = NULL, at = NULL, compartment = ''"
    " WHERE kind = 'compartment_opened'",
    "DELETE FROM complaints_entry",
)


@pytest.mark.parametrize("sql", TOO_EARLY)
def test_the_role_of_the_pages_deletes_nothing_before_its_time(world, runtime_role, sql):
    case, _number = stopped(world)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "lie",
    [
        "UPDATE complaints_case SET stage = 'closed', purge_after = '2020-01-01', closed_at = '2019-01-01'",
        "UPDATE complaints_case SET delete_final_at = '2020-01-01', delete_asked_on = '2020-01-01'",
        "UPDATE complaints_case SET route = 'record_only', side = 'kept', stage = 'received', closed_at = NULL",
    ],
)
def test_a_lie_on_the_case_lets_go_of_nothing(world, runtime_role, lie):
    """The age is read from the chain, which nobody can change; not from columns that steps write."""
    file(make_answers(world.factory))
    move_clock(OVER)  # Old enough, but open all the time.
    with connection.cursor() as cursor:
        cursor.execute(lie)
    for sql in (TOO_EARLY[0], TOO_EARLY[2]):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_only_her_contact_goes_when_a_case_is_closed(world, runtime_role):
    case, _number = stopped(world)
    for kind in ("story", "inbox", "record", "freedom"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Entry.objects.filter(key__compartment__case=case, key__compartment__kind=kind).delete()


def test_the_role_of_the_pages_purges_what_is_over(world, runtime_role):
    case, _number = stopped(world)
    move_clock(OVER)
    assert workflow.purge_due(at=OVER).cases == 1


# --- Delete my words ----------------------------------------------------------------------------------------------


def told(world: World, **answers: Any) -> tuple[Case, str]:
    filed = file(make_answers(world.factory, own_words=WORD, **answers))
    workflow.declare_conflict(filed.case, by=world.officer, answer="none", at=THURSDAY)
    workflow.add_note(filed.case, by=world.officer, text="NoteOfHandlers", at=THURSDAY)
    workflow.send_message(filed.case, by=world.officer, text="You wrote " + WORD, at=THURSDAY)
    workflow.write(filed.case, text=WORD, at=THURSDAY)
    return filed.case, filed.receipt


def test_a_day_after_she_asked_her_words_are_gone_and_the_papers_stay(world):
    case, number = told(world)
    workflow.ask_deletion(case, at=THURSDAY)
    workflow.write(case, text=WORD + " again", at=THURSDAY)  # Also what she writes meanwhile.
    assert WORD in read(case, holder(number))
    assert workflow.finish_deletions(at=THURSDAY + timedelta(hours=24)) == 0
    assert workflow.finish_deletions(at=THURSDAY + timedelta(hours=26)) == 1
    assert workflow.finish_deletions(at=THURSDAY + timedelta(hours=27)) == 0
    case.refresh_from_db()
    assert case.words_deleted_on == case.local_day(THURSDAY + DAY) and case.delete_final_at is None
    assert read(case, holder(number)) == "[]"
    officer = Holder.of(reader_of(world.officer))
    assert WORD not in read(case, officer, "story", "inbox", "record")
    assert "NoteOfHandlers" in read(case, officer, "record")
    assert not Entry.objects.filter(key__compartment__case=case, author_kind="complainant").exists()
    assert list(events.faults(case)) == []


def test_no_key_of_what_was_deleted_is_left_with_anybody(world):
    case, _number = told(world)
    old = set(CompartmentKey.objects.filter(compartment__case=case, compartment__kind__in=HER_KINDS))
    workflow.ask_deletion(case, at=THURSDAY)
    workflow.finish_deletions(at=THURSDAY + 2 * DAY)
    assert not CompartmentKey.objects.filter(pk__in=[key.pk for key in old]).exists()
    assert not Grant.objects.filter(key__in=[key.pk for key in old]).exists()


def test_after_it_both_sides_can_go_on_writing(world):
    case, number = told(world)
    workflow.ask_deletion(case, at=THURSDAY)
    workflow.finish_deletions(at=THURSDAY + 2 * DAY)
    workflow.send_message(case, by=world.officer, text="We are still here.", at=THURSDAY + 3 * DAY)
    workflow.write(case, text="So am I.", at=THURSDAY + 3 * DAY)
    assert "still here" in read(case, holder(number)) and "So am I" in read(case, holder(number))
    officer = Holder.of(reader_of(world.officer))
    assert "So am I" in read(case, officer, "inbox")
    assert Notice.objects.filter(kind="words_deleted", recipient=world.officer).exists()


def test_she_can_take_it_back_and_everything_is_there(world):
    case, number = told(world)
    workflow.ask_deletion(case, at=THURSDAY)
    workflow.take_deletion_back(case, at=THURSDAY + timedelta(hours=20))
    assert workflow.finish_deletions(at=THURSDAY + 5 * DAY) == 0
    assert WORD in read(case, holder(number))
    with pytest.raises(workflow.StepRefused):
        workflow.take_deletion_back(case, at=THURSDAY + 5 * DAY)


def test_the_database_keeps_her_words_when_she_took_it_back(world, runtime_role):
    case, _number = told(world)
    workflow.ask_deletion(case, at=THURSDAY)
    workflow.take_deletion_back(case, at=THURSDAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(key__compartment__case=case).delete()


def test_a_legal_hold_makes_it_wait_and_she_is_told_before_she_presses(world, monkeypatch):
    case, number = told(world)
    until = case.local_day(THURSDAY) + timedelta(days=60)
    expert = case.assignments.current().get(role="technical_expert").person
    workflow.place_legal_hold(case, by=expert, reason="court", ends_on=until, at=THURSDAY)
    monkeypatch.setattr("factories.clock.now", lambda: THURSDAY)
    client = Client()
    client.post("/my/?lang=en&c=kh", {"number": number})
    assert "for a court or an office until 10 August 2026" in client.get("/my/clear/?lang=en").content.decode()
    workflow.ask_deletion(case, at=THURSDAY)
    assert workflow.finish_deletions(at=THURSDAY + 30 * DAY) == 0
    assert workflow.finish_deletions(at=THURSDAY + 62 * DAY) == 1


def test_a_sanction_that_is_not_final_makes_it_wait(world):
    case, _number = told(world)
    decision = case.decisions.create(number=1, by=world.decision_maker, decided_on=case.local_day(THURSDAY))
    sanction = case.sanctions.create(
        number=1, code="written_warning", decision=decision, owner=world.chair, due_on=case.local_day(THURSDAY)
    )
    workflow.ask_deletion(case, at=THURSDAY)
    assert workflow.delay_of(case, at=THURSDAY).sanction
    assert workflow.finish_deletions(at=THURSDAY + 3 * DAY) == 0
    sanction.done_on = case.local_day(THURSDAY)
    sanction.save()
    assert workflow.finish_deletions(at=THURSDAY + 3 * DAY) == 1


def test_the_words_tab_says_what_happened_and_the_factory_hears_it_at_the_release(world, monkeypatch, settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False
    case, _number = told(world)
    workflow.ask_deletion(case, at=THURSDAY)
    at = THURSDAY + timedelta(hours=26)
    workflow.finish_deletions(at=at)
    client = Client()
    sign_in(client, world.officer)
    monkeypatch.setattr("factories.clock.now", lambda: at)
    assert "had her own words deleted" not in client.get(f"/cases/{case.reference}/words/").content.decode()
    monkeypatch.setattr("factories.clock.now", lambda: at + DAY)
    page = client.get(f"/cases/{case.reference}/words/").content.decode()
    assert "had her own words deleted" in page and WORD not in page


def test_her_page_offers_to_take_it_back(world, monkeypatch):
    case, number = told(world)
    monkeypatch.setattr("factories.clock.now", lambda: THURSDAY)
    client = Client()
    client.post("/my/?lang=en&c=kh", {"number": number})
    form = client.get("/my/clear/?lang=en").content.decode()
    key = form.split('name="form" value="')[1].split('"')[0]
    assert client.post("/my/clear/", {"form": key, "language": "en", "once": "a"}).status_code == 303
    page = client.get("/my/case/?lang=en").content.decode()
    assert "Your words will be deleted tomorrow" in page and "Keep my words after all" in page
    assert client.post("/my/clear/back/", {"form": key, "language": "en", "once": "b"}).status_code == 303
    case.refresh_from_db()
    assert case.delete_asked_on is None


# --- Legal holds --------------------------------------------------------------------------------------------------


def expert_of(case: Case) -> Any:
    return case.assignments.filter(role="technical_expert").order_by("since").first().person


def test_a_hold_keeps_the_content_past_its_day_and_its_end_lets_it_go(world):
    case, number = stopped(world)
    placed = datetime(2027, 5, 1, 3, 0, tzinfo=UTC)
    expert = expert_of(case)
    hold = workflow.place_legal_hold(case, by=expert, reason="court", ends_on=date(2028, 4, 1), at=placed)
    move_clock(OVER)
    assert workflow.purge_due(at=OVER).cases == 0 and not workflow.is_over(case, at=OVER)
    assert WORD in read(case, holder(number))
    with pytest.raises(workflow.StepRefused):
        workflow.purge(case, at=OVER)
    workflow.end_legal_hold(case, by=expert, hold=hold, at=OVER)
    assert workflow.purge_due(at=OVER).cases == 1


def test_the_database_keeps_what_is_under_a_hold(world, runtime_role):
    case, _number = stopped(world)
    at = datetime(2027, 5, 1, 3, 0, tzinfo=UTC)
    workflow.place_legal_hold(case, by=expert_of(case), reason="court", ends_on=date(2028, 4, 1), at=at)
    move_clock(OVER)
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(key__compartment__case=case).delete()


def test_a_hold_has_a_reason_of_the_list_and_ends_within_a_year(world):
    case, _number = stopped(world)
    expert = expert_of(case)
    today = case.local_day(THURSDAY)
    for reason, ends_on in (("gossip", today + DAY), ("court", today), ("court", today + timedelta(days=400))):
        with pytest.raises(workflow.StepRefused):
            workflow.place_legal_hold(case, by=expert, reason=reason, ends_on=ends_on, at=THURSDAY)
    with pytest.raises(workflow.StepRefused):  # The factory keeps nothing longer.
        workflow.place_legal_hold(case, by=world.officer, reason="court", ends_on=today + DAY, at=THURSDAY)
    assert not LegalHold.objects.exists()


def test_a_hold_ends_by_itself_on_its_day(world):
    case, _number = stopped(world)
    at = datetime(2027, 5, 1, 3, 0, tzinfo=UTC)
    workflow.place_legal_hold(case, by=expert_of(case), reason="court", ends_on=date(2027, 7, 1), at=at)
    move_clock(datetime(2027, 7, 2, 3, 0, tzinfo=UTC))
    assert workflow.purge_due(at=datetime(2027, 7, 1, 3, 0, tzinfo=UTC)).cases == 0
    assert workflow.purge_due(at=datetime(2027, 7, 2, 3, 0, tzinfo=UTC)).cases == 1


def test_nothing_is_done_with_a_case_that_is_over(world):
    case, _number = stopped(world)
    move_clock(OVER)
    workflow.purge_due(at=OVER)
    expert = case.assignments.filter(role="technical_expert").first()
    assert expert.ended_because == "purged"
    for act in (
        lambda: workflow.reopen(case, at=OVER),
        lambda: workflow.place_legal_hold(case, by=expert.person, reason="court", ends_on=date(2028, 1, 1), at=OVER),
    ):
        with pytest.raises(workflow.StepRefused):
            act()


def test_experts_find_the_holds_on_one_page_and_nobody_else(world, monkeypatch):
    case = file(make_answers(world.factory, route="outside_only")).case
    monkeypatch.setattr("factories.clock.now", lambda: THURSDAY)
    workflow.place_legal_hold(case, by=world.expert, reason="inspection", ends_on=date(2026, 12, 1), at=THURSDAY)
    client = Client()
    sign_in(client, world.expert)
    assert case.reference in client.get("/legal-holds/").content.decode()
    assert "Legal hold until" in client.get(f"/cases/{case.reference}/").content.decode()
    for person in (world.officer, world.advisor, world.admin, world.programme_lead):
        other = Client()
        sign_in(other, person)
        assert other.get("/legal-holds/").status_code in (403, 404)


def test_the_chain_of_a_purged_case_still_verifies(world, capsys):
    stopped(world)
    move_clock(OVER)
    workflow.purge_due(at=OVER)
    call_command("verify_events")
    assert "chains are whole" in capsys.readouterr().out
    assert Event.objects.filter(kind="purged").count() == 1
