"""The chain of events: what was changed behind our back shows."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from complaints import heads, workflow
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
    Event.objects.filter(case=case, number=1).update(contents=None, salt=None)
    call_command("verify_events")


def test_of_what_she_does_only_the_day_is_kept(case):
    hers = Event.objects.filter(actor_kind="complainant")
    assert hers.exists() and not hers.exclude(at=None).exists()


def test_the_days_heads_are_sent_once_to_the_technical_organisation(case):
    heads.seal_day(at=WEDNESDAY)
    heads.seal_day(at=WEDNESDAY)
    assert DailyHead.objects.count() == len(mail.outbox) == 1
    assert case.reference not in mail.outbox[0].body
