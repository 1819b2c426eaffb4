"""The activities of a factory: their dates, when they are done and what shows it, and in which order.

Prevention package, sections 2 and 3. Channels never open before handlers are trained and help is mapped; workers are
not trained on channels that are not open; no campaign without an open channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Person
from factories import clock, people
from factories.models import Activity, ActivityOccasion, ActivityState, Factory, Package, StaffGroup
from factories.package import access, catalogue, lines, promises, proofs, words
from factories.package.patterns import Line
from factories.package.refusal import PackageRefused
from factories.package.taking import taking

ALL_CORE = "all_core"
CHANNELS = "CHAN"


def agree(activity: Activity, on: date, *, by: Person, at: datetime) -> Activity:
    """Agree on a date where there is none, or on an earlier one. To a later one it is postponed, with a reason."""
    with taking(activity.factory, at=at, by=by) as taken:
        found = taken.activity(activity)
        still_open(found)
        if found.due_on and on > found.due_on:
            raise PackageRefused(_("To move a date to a later day, postpone it: that asks for the reason."))
        check_day(taken.factory, on, today=taken.today)
        known = dict(taken.factory.activities.exclude(due_on=None).values_list("code", "due_on"))
        early = needs_after(found.code, on, known)
        if early:
            raise PackageRefused(_order(found.code), _("Planned later: %(names)s.") % {"names": words.names(early)})
        put_on(found, on, at=at, by=by, paused=taken.is_paused)
        return found


def put_on(activity: Activity, on: date, *, at: datetime, by: Person, paused: bool) -> None:
    """Set an activity's date, and its first one where it had none, with its promise. The factory is locked."""
    is_first = activity.first_agreed_on is None
    activity.first_agreed_on = activity.first_agreed_on or on
    activity.due_on, activity.state, activity.recorded_by = on, ActivityState.AGREED, by
    activity.save()
    # Where nothing was agreed before, nothing was moved either.
    line = Line(activity.pk, activity.code, on, on) if is_first else line_of(activity)
    promises.keep_dates(activity, line, at=at, paused=paused)


def line_of(activity: Activity) -> Line:
    """Return one activity as the arithmetic sees it, with its moves."""
    return next(line for line in lines.of(activity.factory) if line.activity == activity.pk)


def check_day(factory: Factory, on: date, *, today: date) -> None:
    """Refuse a day that is over, or on which the factory rests."""
    if on < today:
        raise PackageRefused(_("That day is over. Agree on a day that is still to come."))
    if not clock.calendar_for(factory).is_working(on):
        raise PackageRefused(_("The factory does not work on that day. Agree on another one."))


def done(activity: Activity, *, on: date, evidence: str, by: Person, at: datetime) -> Activity:
    """Record that an activity is done, with what shows it; in its order, and with the records it asks for."""
    with taking(activity.factory, at=at, by=by) as taken:
        found = taken.activity(activity)
        still_open(found)
        _may_happen(found, taken.running(), taken.not_ahead(on))
        if not evidence.strip():
            raise PackageRefused(_("Say what shows that it is done."))
        lacking = proofs.lacking(found.code, taken.factory, on)
        if lacking:
            raise PackageRefused(*lacking)
        found.state, found.done_on, found.evidence, found.recorded_by = ActivityState.DONE, on, evidence.strip(), by
        found.save()
        promises.keep_dates(found, line_of(found), at=at, paused=taken.is_paused)
        if found.code == CHANNELS and not taken.factory.is_live:
            notices.queue(
                to=people.administrators(),
                cause=f"package_channels:{found.pk}",
                kind="package_can_go_live",
                at=at,
                topic=promises.TOPIC,
                topic_id=taken.factory.pk,
            )
        return found


def occasion(activity: Activity, *, on: date, evidence: str, by: Person, at: datetime) -> ActivityOccasion:
    """Record one time of an activity that comes again, or a first draft of what is written over weeks.

    Also of one that counts as done: the next quarter has its own review.
    """
    with taking(activity.factory, at=at, by=by) as taken:
        found = taken.activity(activity)
        _may_happen(found, taken.running(), taken.not_ahead(on))
        if not evidence.strip():
            raise PackageRefused(_("Say what was done that day, and what shows it."))
        if found.occasions.filter(on=on).exists():
            raise PackageRefused(_("Something is recorded for that day already."))
        return found.occasions.create(on=on, evidence=evidence.strip(), recorded_by=by)


def drop(activity: Activity, *, reason: str, by: Person, at: datetime) -> Activity:
    """Leave an activity out, with the reason. Of a core activity only a technical expert decides it."""
    with taking(activity.factory, at=at, by=by) as taken:
        found = taken.activity(activity)
        still_open(found)
        if not reason.strip():
            raise PackageRefused(_("Write why it is left out."))
        if found.code in catalogue.core() and not access.is_expert_of(by, taken.factory.country_id):
            raise PackageRefused(_("Only a technical expert leaves out a core activity."))
        found.state, found.dropped_reason, found.recorded_by = ActivityState.DROPPED, reason.strip(), by
        found.save()
        promises.keep_dates(found, line_of(found), at=at, paused=taken.is_paused)
        return found


def of(factory: Factory, code: str) -> Activity:
    """Return one activity of a factory."""
    found: Activity = factory.activities.get(code=code)
    found.factory = factory
    return found


def channels_open(factory: Factory) -> bool:
    """Say whether the factory's ways to complain were opened and tested (`CHAN`)."""
    return factory.activities.filter(code=CHANNELS, state=ActivityState.DONE).exists()


# ---------------------------------------------------------------------------------------------------------
# Order


def needs_after(code: str, on: date, dates: Mapping[str, date | None]) -> list[str]:
    """Return what this activity needs and what has a date after the day planned for it."""
    step = catalogue.steps()[code]
    needed = [need.partition(":")[2] or need for need in step.needs if not need.startswith("half:")]
    if ALL_CORE in step.needs:
        needed = [other for other in catalogue.core() if other != code]
    return [need for need in catalogue.steps() if need in needed and (day := dates.get(need)) and day > on]


def waits_for(code: str, package: Package, on: date) -> list[str]:
    """Return what has to be done before this activity and was not done by a day: codes of activities and of entry."""
    factory = package.factory
    step = catalogue.steps()[code]
    done = set(factory.activities.filter(done_on__lte=on).values_list("code", flat=True))

    def is_missing(need: str) -> bool:
        kind, _colon, rest = need.rpartition(":")
        if rest == "MOU":
            return package.mou_on is None or package.mou_on > on
        if rest == "TEAM":
            return package.team_on is None or package.team_on > on
        if rest in done:
            return False
        if kind == "draft":
            return not ActivityOccasion.objects.filter(
                activity__factory=factory, activity__code=rest, on__lte=on
            ).exists()
        if kind == "half":
            return not proofs.is_trained(factory, StaffGroup.WORKERS, 50)
        return True

    if ALL_CORE in step.needs:
        dropped = set(factory.activities.filter(state=ActivityState.DROPPED).values_list("code", flat=True))
        return [
            other for other in catalogue.steps() if other in catalogue.core() - {code} - dropped and is_missing(other)
        ]
    return [need for need in step.needs if is_missing(need)]


def _may_happen(activity: Activity, package: Package, on: date) -> None:
    """Refuse what happens before what it needs."""
    if package.mou_on is None or on < package.mou_on:
        raise PackageRefused(_("That day lies before the understanding was signed."))
    first = waits_for(activity.code, package, on)
    if first:
        raise PackageRefused(_order(activity.code), _("Still to be done: %(names)s.") % {"names": words.names(first)})


def _order(code: str) -> str:
    match code:
        case "CHAN":
            return _("Channels never open before handlers are trained and help is mapped.")
        case "T-WORK":
            return _("Workers are not trained on channels that are not open.")
        case "AWARE":
            return _("There is no campaign without an open channel and a policy.")
    return _("Something else comes before this.")


def still_open(activity: Activity) -> None:
    """Refuse to change what is done or left out."""
    if activity.state == ActivityState.DONE:
        raise PackageRefused(_("This activity is done already."))
    if activity.state == ActivityState.DROPPED:
        raise PackageRefused(_("This activity was left out."))
