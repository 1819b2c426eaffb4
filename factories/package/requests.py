"""What people at the factory ask about their own activities: to move a date, or to note that something is done.

The advisor or the expert answers; until then the agreed date stands.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Person
from factories.models import PROGRAMME_REASONS, Activity, ActivityRequest, RequestKind, StatedReason
from factories.package import access, activities, postponing, promises
from factories.package.refusal import PackageRefused
from factories.package.taking import Taken, taking


def ask_to_move(
    activity: Activity, *, reason: str, to_on: date | None, words: str = "", by: Person, at: datetime
) -> ActivityRequest:
    """Ask for another date, for a reason of the factory's."""
    with taking(activity.factory, at=at) as taken:
        found = _may_ask(taken, activity, by)
        if StatedReason(reason) in PROGRAMME_REASONS:
            raise PackageRefused(_("That reason is one of the programme's. Tell your advisor."))
        if found.due_on is None:
            raise PackageRefused(_("It has no agreed date to move. Ask your advisor for a date."))
        if to_on is not None and to_on <= found.due_on:
            raise PackageRefused(_("The new date lies after the old one."))
        return _ask(taken, found, RequestKind.MOVE, by=by, at=at, reason=reason, day=to_on, words=words)


def say_done(activity: Activity, *, on: date, evidence: str, by: Person, at: datetime) -> ActivityRequest:
    """Say that an activity is done and what shows it."""
    with taking(activity.factory, at=at) as taken:
        found = _may_ask(taken, activity, by)
        if not evidence.strip():
            raise PackageRefused(_("Say what shows that it is done."))
        return _ask(taken, found, RequestKind.DONE, by=by, at=at, day=taken.not_ahead(on), words=evidence)


def take_up(request: ActivityRequest, *, offered: str = "", by: Person, at: datetime) -> ActivityRequest:
    """Do what the factory asked: the date moves, or the activity is done, in its order and with its records."""
    activity = request.activity
    with taking(activity.factory, at=at, by=by) as taken:
        found = _still_asked(taken, request)
        if found.kind == RequestKind.MOVE:
            postponing.postpone(
                taken.activity(activity),
                reason=found.reason,
                to_on=found.day,
                offered=offered,
                words=found.words,
                by=by,
                at=at,
                request=found,
            )
        else:
            assert found.day is not None
            activities.done(taken.activity(activity), on=found.day, evidence=found.words, by=by, at=at)
        return _answer(taken, found, taken_up=True, words="", by=by, at=at)


def turn_down(request: ActivityRequest, *, answer: str, by: Person, at: datetime) -> ActivityRequest:
    """Say why not, or what is missing first."""
    with taking(request.activity.factory, at=at, by=by) as taken:
        found = _still_asked(taken, request)
        if not answer.strip():
            raise PackageRefused(_("Write to the factory why not, or what is missing."))
        return _answer(taken, found, taken_up=False, words=answer.strip(), by=by, at=at)


def _may_ask(taken: Taken, activity: Activity, by: Person) -> Activity:
    if not access.works_at(by, taken.factory):
        raise PackageRefused(_("Only people of the factory ask here."))
    found = taken.activity(activity)
    activities.still_open(found)
    if found.requests.filter(answered_on=None).exists():
        raise PackageRefused(_("Something was asked about this activity already, and is not answered yet."))
    return found


def _ask(
    taken: Taken,
    activity: Activity,
    kind: RequestKind,
    *,
    by: Person,
    at: datetime,
    day: date | None,
    words: str,
    reason: str = "",
) -> ActivityRequest:
    made: ActivityRequest = activity.requests.create(
        kind=kind, reason=reason, day=day, words=words.strip(), asked_by=by, asked_on=taken.today
    )
    notices.queue(
        to=Person.objects.filter(pk__in=promises.leaders(taken.factory)),
        cause=f"package_request:{made.pk}",
        kind="package_request",
        at=at,
        topic=promises.TOPIC,
        topic_id=taken.factory.pk,
    )
    return made


def _still_asked(taken: Taken, request: ActivityRequest) -> ActivityRequest:
    found = ActivityRequest.objects.select_related("asked_by").get(pk=request.pk, activity__factory=taken.factory)
    if found.answered_on:
        raise PackageRefused(_("Somebody has answered this already."))
    return found


def _answer(
    taken: Taken, found: ActivityRequest, *, taken_up: bool, words: str, by: Person, at: datetime
) -> ActivityRequest:
    found.answered_by, found.answered_on, found.taken, found.answer = by, taken.today, taken_up, words
    found.save()
    notices.queue(
        to=[found.asked_by],
        cause=f"package_answer:{found.pk}",
        kind="package_request_answered",
        at=at,
        topic=promises.TOPIC,
        topic_id=taken.factory.pk,
    )
    return found
