"""Word to people with an account: a row first, sent after.

By mail a notice says that something is to be done by a day, and to sign in, and nothing else: the mailbox
belongs to the company. The page behind the sign-in says the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Notice, Person
from accounts.querysets import NoticeQuerySet

PASSWORD_RESET = "password_reset"  # noqa: S105 (a kind of notice)
START_OVER = "start_over"
LINKS = (PASSWORD_RESET, START_OVER)  # Each is a mail of its own with a link in it, and shows on no page.
FAILING_AFTER = 5  # attempts
LONGEST_PAUSE = timedelta(hours=6)
SUBJECT = "Samleng"

logger = logging.getLogger(__name__)


def queue(
    *,
    to: Iterable[Person],
    cause: str,
    kind: str,
    at: datetime,
    due_on: date | None = None,
    topic: str = "",
    topic_id: UUID | None = None,
    send_after: datetime | None = None,
) -> int:
    """Write one notice a person, once per cause, to be sent after the transaction. Return how many are new.

    Until `send_after` it is neither sent nor shown. Codes and ids only: never words, names or references.
    """
    release = send_after or at
    notices = [
        Notice(
            recipient=person,
            cause=cause,
            kind=kind,
            due_on=due_on,
            topic=topic,
            topic_id=topic_id,
            made_at=at,
            send_after=release,
            try_after=release,
        )
        for person in {person.pk: person for person in to}.values()
        if person.is_active
    ]
    if not notices:
        return 0
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    new = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    recipients = list(new.values_list("recipient_id", flat=True))
    if recipients and release <= at:
        transaction.on_commit(partial(nudge, recipients))
    return len(recipients)


@dataclass(frozen=True, slots=True)
class Word:
    """One notice to one person, for whoever queues thousands at once."""

    to: UUID
    cause: str
    kind: str
    due_on: date | None = None
    topic: str = ""
    topic_id: UUID | None = None


def queue_many(words: Iterable[Word], *, at: datetime) -> None:
    """Write many notices with one statement, once per cause and recipient.

    Nobody is nudged: the sweep, which is who writes so many, delivers when it has raised everything, so that a
    backlog reaches each person as one mail.
    """
    notices = [
        Notice(
            recipient_id=word.to,
            cause=word.cause,
            kind=word.kind,
            due_on=word.due_on,
            topic=word.topic,
            topic_id=word.topic_id,
            made_at=at,
            send_after=at,
            try_after=at,
        )
        for word in words
    ]
    if notices:
        Notice.objects.bulk_create(notices, ignore_conflicts=True)


def queue_password_reset(person: Person, at: datetime) -> int:
    """Have the link for a new password sent, unless one is on its way already."""
    if person.notices.unsent().filter(kind=PASSWORD_RESET).exists():
        return 0
    return queue(to=[person], cause=f"{PASSWORD_RESET}:{uuid4()}", kind=PASSWORD_RESET, at=at)


def queue_start_over(person: Person, at: datetime) -> int:
    """Have the link sent on which somebody who starts over chooses a new password."""
    return queue(to=[person], cause=f"{START_OVER}:{uuid4()}", kind=START_OVER, at=at)


def nudge(people: Iterable[UUID]) -> None:
    """Ask a worker to deliver now. The queue may be down: the sweep finds what was left."""
    from accounts import tasks

    try:
        for person_id in people:
            tasks.deliver.delay(str(person_id))
    except Exception as error:  # Whatever the broker's library raises, the page must not fail for it.
        logger.warning("no nudge to deliver notices (%s); the sweep will", type(error).__name__)


def deliver(person_id: UUID, at: datetime) -> int:
    """Send everything this person should hear now in one mail. Harmless twice, late, or in two workers."""
    claimed = _claim(person_id, at)
    if not claimed:
        return 0
    person = claimed[0].recipient
    resets = [notice for notice in claimed if notice.kind == PASSWORD_RESET]
    anew = [notice for notice in claimed if notice.kind == START_OVER]
    others = [notice for notice in claimed if notice.kind not in LINKS]
    sent = 0
    for notices, write in ((others, _digest), (resets, _reset_link), (anew, _start_over_link)):
        if not notices:
            continue
        try:
            write(person, notices).send()
        except Exception as error:  # Mail servers name the address in what they raise: log only its kind.
            logger.warning("mail to %s failed (%s)", person_id, type(error).__name__)
            _failed(notices, at)
        else:
            # The hour is enough, and "I am not safe now" leaves at once: its minute is hers.
            hour = at.replace(minute=0, second=0, microsecond=0)
            sent += _of(notices).update(sent_at=hour, claimed_at=None, failing_since=None)
    return sent


def people_to_hear(at: datetime, limit: int) -> list[UUID]:
    """Return people for whom something should have left by now, who waited longest first."""
    sendable = Notice.objects.sendable(at).order_by("try_after").values_list("recipient_id", flat=True)
    return list(dict.fromkeys(sendable[: limit * 10]))[:limit]


def unread(person: Person, at: datetime) -> NoticeQuerySet:
    """Return what this person has not seen yet, by its day."""
    return person.notices.unread(at).exclude(kind__in=LINKS).order_by("due_on", "made_at")


def mark_seen(person: Person, at: datetime, ids: Iterable[UUID] | None = None) -> int:
    """Note that this person has seen these notices of theirs, or all that show."""
    notices = person.notices.unread(at)
    if ids is not None:
        notices = notices.filter(pk__in=list(ids))
    return notices.update(seen_at=at)


def forget(people: Iterable[Person], *, topic: str, topic_id: UUID) -> None:
    """Take back what these people have not been sent or have not seen: it is about something not theirs any more.

    A mail about it would tell them that it goes on without them.
    """
    about = Notice.objects.filter(recipient__in=list(people), topic=topic, topic_id=topic_id)
    about.filter(Q(sent_at=None) | Q(seen_at=None)).delete()


def failing() -> NoticeQuerySet:
    """Return what could not be sent again and again, for a page that a person reads."""
    return Notice.objects.failing().select_related("recipient").order_by("failing_since")


@transaction.atomic
def _claim(person_id: UUID, at: datetime) -> list[Notice]:
    """Take what is sendable for this person, unless another worker is taking it at this moment.

    The person is locked, not the notices: two workers that each found some of them free would send two mails.
    """
    if Person.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=person_id).first() is None:
        return []
    claimed = list(Notice.objects.sendable(at).filter(recipient_id=person_id).select_related("recipient"))
    _of(claimed).update(claimed_at=at)
    return claimed


def _failed(notices: list[Notice], at: datetime) -> None:
    for notice in notices:
        notice.attempts += 1
        notice.claimed_at = None
        notice.try_after = at + min(timedelta(minutes=2**notice.attempts), LONGEST_PAUSE)
        if notice.attempts >= FAILING_AFTER and notice.failing_since is None:
            notice.failing_since = at
        notice.save(update_fields=["attempts", "claimed_at", "try_after", "failing_since"])


def _of(notices: list[Notice]) -> NoticeQuerySet:
    return Notice.objects.unsent().filter(pk__in=[notice.pk for notice in notices])


def _digest(person: Person, notices: list[Notice]) -> EmailMessage:
    due = min((notice.due_on for notice in notices if notice.due_on), default=None)
    with translation.override(person.language):
        if due is None:
            what = _("There is something for you to do.")
        else:
            what = _("Something is to be done by %(day)s.") % {"day": date_format(due, "DATE_FORMAT")}
        body = "\n\n".join(
            [
                what,
                _("Sign in to see what it is:") + f"\n{settings.SAMLENG_SITE_URL}{settings.LOGIN_REDIRECT_URL}",
            ]
        )
    return EmailMessage(SUBJECT, body + "\n", settings.DEFAULT_FROM_EMAIL, [person.email])


def _reset_link(person: Person, notices: list[Notice]) -> EmailMessage:
    from accounts.passwords import reset_url  # The link is made when it is sent, and is stored nowhere.

    with translation.override(person.language):
        body = "\n\n".join(
            [
                _("You asked for a new password. Choose it on this page:") + f"\n{reset_url(person)}",
                _("If it was not you, do nothing. Your password stays as it is."),
            ]
        )
    return EmailMessage(SUBJECT, body + "\n", settings.DEFAULT_FROM_EMAIL, [person.email])


def _start_over_link(person: Person, notices: list[Notice]) -> EmailMessage:
    from accounts.passwords import reset_url

    with translation.override(person.language):
        body = "\n\n".join(
            [
                _("Your account starts over. Choose a new password on this page:") + f"\n{reset_url(person)}",
                _("The link works for one day. After that, ask for a new password on the sign-in page."),
                _("If you lost neither your password nor your phone, tell a technical expert at once."),
            ]
        )
    return EmailMessage(SUBJECT, body + "\n", settings.DEFAULT_FROM_EMAIL, [person.email])
