"""Word to people: a row first, one mail afterwards, nothing of the content in it."""

import smtplib
import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from accounts import clock, notices, tasks
from accounts.models import Notice

from .conftest import NOON, make_person

DAY = date(2026, 3, 9)


@pytest.fixture(autouse=True)
def nudges(monkeypatch):
    """Stand in for the queue: collect whom it was asked to deliver to."""
    asked = []
    monkeypatch.setattr(tasks.deliver, "delay", asked.append)
    return asked


@pytest.fixture
def mail_is_down(monkeypatch):
    def refuse(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected("sok@example.org")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)


def queue(*people, cause="deadline:1:L1", **values):
    return notices.queue(to=people, cause=cause, kind="deadline", at=values.pop("at", NOON), **values)


def test_a_notice_is_a_row_first_and_a_nudge_after_the_transaction(person, nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert queue(person) == 1
        assert person.notices.count() == 1
        assert nudges == []
    assert nudges == [str(person.pk)]


def test_the_same_cause_reaches_the_same_person_once(person):
    assert queue(person, person) == 1
    assert queue(person, make_person("other@example.org")) == 1
    assert Notice.objects.count() == 2


def test_somebody_who_left_hears_nothing(person):
    person.is_active = False
    person.save()
    assert queue(person) == 0


def test_a_queue_that_is_down_breaks_nothing(person, monkeypatch, django_capture_on_commit_callbacks):
    def refuse(*args):
        raise ConnectionError

    monkeypatch.setattr(tasks.deliver, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        queue(person)
    assert notices.people_to_hear(NOON, 10) == [person.pk]


def test_everything_for_one_person_leaves_in_one_mail(person):
    queue(person, cause="one", due_on=DAY)
    queue(person, cause="two", due_on=DAY + timedelta(days=3))
    assert notices.deliver(person.pk, NOON) == 2
    assert [message.to for message in mail.outbox] == [["sok@example.org"]]
    assert not Notice.objects.unsent().exists()


def test_the_mail_says_a_day_and_to_sign_in_and_nothing_else(person, settings):
    reference, topic = "K7M2Q", uuid4()
    queue(person, cause=f"case:{reference}", topic="case", topic_id=topic, due_on=DAY)
    notices.deliver(person.pk, NOON)
    message = mail.outbox[0]
    assert message.subject == "Samleng"
    assert message.body == (
        f"Something is to be done by 9 March 2026.\n\nSign in to see what it is:\n{settings.SAMLENG_SITE_URL}/staff/\n"
    )
    assert set(message.message().keys()) == {
        "Content-Type",
        "MIME-Version",
        "Content-Transfer-Encoding",
        "Subject",
        "From",
        "To",
        "Date",
        "Message-ID",
    }
    whole = message.message().as_string()
    assert reference not in whole and str(topic) not in whole and "deadline" not in whole


def test_a_mail_without_a_day_only_asks_to_sign_in(person):
    queue(person)
    notices.deliver(person.pk, NOON)
    assert mail.outbox[0].body.startswith("There is something for you to do.\n")


def test_a_digest_names_the_earliest_day(person):
    queue(person, cause="later", due_on=DAY + timedelta(days=3))
    queue(person, cause="sooner", due_on=DAY)
    queue(person, cause="without")
    notices.deliver(person.pk, NOON)
    assert "9 March 2026" in mail.outbox[0].body


def test_what_waits_for_an_hour_is_neither_sent_nor_shown_before(person, nudges, django_capture_on_commit_callbacks):
    seven = NOON + timedelta(hours=19)
    with django_capture_on_commit_callbacks(execute=True):
        queue(person, send_after=seven)
    assert nudges == []
    assert notices.deliver(person.pk, seven - timedelta(seconds=1)) == 0
    assert not notices.unread(person, seven - timedelta(seconds=1)).exists()
    assert notices.unread(person, seven).exists()
    assert notices.deliver(person.pk, seven) == 1


def test_delivering_twice_sends_once(person):
    queue(person)
    assert [notices.deliver(person.pk, NOON) for _ in range(2)] == [1, 0]
    assert len(mail.outbox) == 1


def test_a_claim_holds_off_other_workers_and_lapses_after_ten_minutes(person):
    queue(person)
    person.notices.update(claimed_at=NOON)
    assert notices.deliver(person.pk, NOON + timedelta(minutes=9)) == 0
    assert notices.deliver(person.pk, NOON + timedelta(minutes=10)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail():
    person = make_person()
    for number in range(20):
        queue(person, cause=f"cause {number}")
    barrier, sent = threading.Barrier(4), []

    def work():
        barrier.wait()
        sent.append(notices.deliver(person.pk, NOON))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(sent) == 20
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_causes_written_at_once_make_one_notice():
    person = make_person()
    barrier, written = threading.Barrier(4), []

    def work():
        barrier.wait()
        written.append(queue(person))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(written) == 1
    assert person.notices.count() == 1


def test_a_mail_that_fails_is_tried_again_later_and_later(person, mail_is_down):
    queue(person)
    waits = []
    at = NOON
    for _ in range(12):
        assert notices.deliver(person.pk, at) == 0
        notice = person.notices.get()
        waits.append(notice.try_after - at)
        at = notice.try_after
    assert waits[:3] == [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)]
    assert max(waits) == waits[-1] == timedelta(hours=6)


def test_what_keeps_failing_is_shown_to_a_person_and_still_on_the_page(person, mail_is_down):
    queue(person)
    at = NOON
    for attempt in range(notices.FAILING_AFTER):
        assert notices.failing().exists() is False, attempt
        notices.deliver(person.pk, at)
        at = person.notices.get().try_after
    assert [notice.recipient for notice in notices.failing()] == [person]
    assert notices.unread(person, NOON).exists()


def test_what_goes_through_in_the_end_is_not_failing_any_more(person, mail_is_down, monkeypatch):
    queue(person)
    person.notices.update(attempts=7)
    notices.deliver(person.pk, NOON)
    assert notices.failing().exists()
    monkeypatch.undo()
    notices.deliver(person.pk, NOON + timedelta(days=1))
    assert not notices.failing().exists()


def test_a_failing_mail_leaves_no_address_in_the_log(person, mail_is_down, caplog):
    queue(person)
    notices.deliver(person.pk, NOON)
    assert str(person.pk) in caplog.text
    assert "sok@example.org" not in caplog.text


def test_the_sweep_sends_what_a_lost_nudge_left_behind(person):
    other = make_person("other@example.org")
    queue(person, other, at=clock.now())
    assert tasks.deliver_due() == 2
    assert len(mail.outbox) == 2
    assert tasks.deliver_due() == 0


def test_the_sweep_does_not_turn_in_circles_over_a_mail_that_fails(person, mail_is_down):
    queue(person, at=clock.now())
    assert tasks.deliver_due() == 0
    assert person.notices.get().attempts == 1


def test_a_khmer_reader_gets_the_day_in_khmer(person):
    person.language = "km"
    person.save()
    queue(person, due_on=DAY)
    notices.deliver(person.pk, NOON)
    assert "ឆ្នាំ" in mail.outbox[0].body


def test_seen_notices_leave_the_page_but_not_somebody_elses(person):
    other = make_person("other@example.org")
    queue(person, other)
    assert notices.mark_seen(person, NOON) == 1
    assert not notices.unread(person, NOON).exists()
    assert notices.unread(other, NOON).exists()
    assert notices.mark_seen(person, NOON, notices.unread(other, NOON).values_list("pk", flat=True)) == 0


def test_finding_whom_to_tell_takes_one_query_however_many_rest(person, django_assert_num_queries):
    for number in range(30):
        queue(person, cause=f"sent {number}")
    notices.deliver(person.pk, NOON)
    with django_assert_num_queries(1):
        assert notices.people_to_hear(NOON, 100) == []


def test_the_database_refuses_a_topic_without_an_id(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        queue(person, topic="case")
