"""The chain of events: what was changed behind our back shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from complaints import events, heads, workflow
from complaints.models import DailyHead, Event
from tests.builders import WEDNESDAY, make_case, make_world

pytestmark = pytest.mark.django_db


def tamper(sql: str, *values) -> None:
    """Change a row as somebody would who owns the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE complaints_event DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE complaints_event ENABLE TRIGGER USER")


@pytest.fixture
def case(db):
    world = make_world()
    case = make_case(world)
    workflow.declare_conflict(case, by=world.officer, answer="none", at=WEDNESDAY)
    workflow.write(case, text="more", at=WEDNESDAY)
    return case


def test_an_untouched_chain_is_whole(case, capsys):
    call_command("verify_events")
    assert "1 chains are whole" in capsys.readouterr().out


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE complaints_event SET kind = 'closed' WHERE number = 2",
        'UPDATE complaints_event SET contents = \'{"answer": "yes"}\' WHERE number = 2',
        'UPDATE complaints_event SET "on" = "on" - 1 WHERE number = 1',
        "UPDATE complaints_event SET actor_id = NULL WHERE number = 2",
        "DELETE FROM complaints_event WHERE number = 2",
        "DELETE FROM complaints_event WHERE number = 3",
    ],
)
def test_a_changed_or_removed_event_shows(case, sql):
    tamper(sql)
    with pytest.raises(CommandError):
        call_command("verify_events")


def test_an_emptied_event_keeps_its_place_in_the_chain(case):
    tamper("UPDATE complaints_event SET contents = NULL, salt = NULL WHERE number = 1")
    call_command("verify_events")


def test_of_what_she_does_only_the_day_is_kept(case):
    hers = Event.objects.filter(actor_kind="complainant")
    assert hers.exists() and not hers.exclude(at=None).exists()


def test_the_days_heads_are_sent_once_to_the_technical_organisation(case):
    heads.seal_day(at=WEDNESDAY)
    heads.seal_day(at=WEDNESDAY)
    assert DailyHead.objects.count() == len(mail.outbox) == 1
    assert case.reference not in mail.outbox[0].body


def test_a_last_event_that_is_cut_off_shows_in_the_days_head(case, capsys):
    """The case rolled back with it: the chain itself is whole again, and only the head remembers."""
    heads.seal_day(at=WEDNESDAY)
    line = mail.outbox[0].body.strip().splitlines()[-1]
    call_command("verify_events", "--line", line)
    before = Event.objects.get(case=case, number=2)
    tamper("DELETE FROM complaints_event WHERE number = 3")
    type(case).objects.filter(pk=case.pk).update(last_event=2, head=before.mac)
    assert list(events.faults(type(case).objects.get(pk=case.pk))) == []
    with pytest.raises(CommandError):
        call_command("verify_events")
    assert f"{case.pk}: event 3 was there on 2026-06-10" in capsys.readouterr().err


def test_each_days_head_is_checked_again_on_any_later_day(case):
    for day in range(4):
        at = WEDNESDAY + timedelta(days=day)
        heads.seal_day(at=at)
        workflow.write(case, text="more", at=at)
    lines = [one.body.strip().splitlines()[-1] for one in mail.outbox]
    call_command("verify_events", *(part for line in lines for part in ("--line", line)))
    with pytest.raises(CommandError):
        call_command("verify_events", "--line", lines[1].replace("2026-06-11", "2026-06-12"))


def test_a_head_once_written_is_not_written_again(case):
    heads.seal_day(at=WEDNESDAY)
    for change in ({"mac": b"x" * 32}, {"ends": b""}, {"cases": 7}):
        with pytest.raises(DatabaseError), transaction.atomic():
            DailyHead.objects.update(**change)


STATEMENTS = (
    "UPDATE complaints_event SET kind = 'closed'",
    "DELETE FROM complaints_event",
    "TRUNCATE complaints_event CASCADE",
    "UPDATE complaints_entry SET author_kind = 'system'",
    "TRUNCATE complaints_entry CASCADE",
    "DELETE FROM complaints_dailyhead",
    "UPDATE complaints_dailyhead SET mac = 'x'",
    "TRUNCATE complaints_dailyhead",
    "ALTER TABLE complaints_event DISABLE TRIGGER ALL",
    "ALTER TABLE complaints_event DISABLE TRIGGER complaints_event_no_delete",
    "DROP TRIGGER complaints_event_no_delete ON complaints_event",
    "DROP TABLE complaints_event CASCADE",
    "CREATE OR REPLACE FUNCTION complaints_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    "SET session_replication_role = replica",
    "CREATE RULE quiet AS ON DELETE TO complaints_event DO INSTEAD NOTHING",
    "CREATE TABLE mine (word text)",
    "COPY complaints_event TO PROGRAM 'cat'",
)


@pytest.mark.parametrize("sql", STATEMENTS)
def test_the_role_of_the_pages_changes_no_record(case, runtime_role, sql):
    heads.seal_day(at=WEDNESDAY)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    call_command("verify_events")
