"""What the pages of the package read: each answer in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import Person
from factories import people
from factories.models import (
    Activity,
    ActivityRequest,
    ActivityState,
    Factory,
    JointReview,
    OutsideRole,
    Package,
    PackageDeadline,
)
from factories.package import access, catalogue, events, lines, progress, promises, words
from factories.package.patterns import Line
from factories.package.progress import Progress

SOON = timedelta(days=14)
SOON_AT_FACTORY = timedelta(days=30)
SHOWN = 15

Todo = tuple[str, UUID | None, date | None, bool]


# ---------------------------------------------------------------------------------------------------------
# What to do


def to_do(person: Person, *, at: datetime) -> Iterator[Todo]:
    """Name what whoever leads packages has to do: requests, reviews, talks, dates that are near. Three queries.

    Dates of activities are the advisor's; a technical expert hears of them when they are late (`promises`).
    """
    roles = people.roles_of(person)
    mine = access.led_by(person)
    asked = ActivityRequest.objects.filter(answered_on=None, activity__factory__in=mine)
    for one in asked.select_related("activity__factory").order_by("asked_on")[:SHOWN]:
        said = _("%(factory)s asks something: %(name)s")
        yield said % _about(one.activity.factory, one.activity.code), one.activity.factory_id, None, False
    wanted = Q(code__in=("joint_review", "look_again"))
    if OutsideRole.TECHNICAL_EXPERT in roles:
        wanted |= Q(code="numbers_talk")
    if OutsideRole.ADVISOR in roles:
        theirs = Q(factory__advisor=person)
        wanted |= theirs & Q(code__in=("activity", "ask_again", "commitment"))
    found = PackageDeadline.objects.running().filter(wanted, factory__in=mine, due_at__lte=at + SOON)
    yield from _promised(found, at)
    for event in events.to_follow_up(person, at)[:SHOWN]:
        said = _("Ask what became of the commitments: %(event)s")
        yield said % {"event": event.title}, None, event.follow_up_on, event.follow_up_on < events.day_of(event, at)


def to_do_at_factory(person: Person, *, at: datetime) -> Iterator[Todo]:
    """Name the next dates of the factory's own activities. One query."""
    mine = PackageDeadline.objects.running().filter(
        code=promises.ACTIVITY, factory__memberships__person=person, factory__memberships__until=None
    )
    return _promised(mine.filter(due_at__lte=at + SOON_AT_FACTORY).distinct(), at)


def _promised(found: Any, at: datetime) -> Iterator[Todo]:
    for one in found.select_related("factory__country", "activity").order_by("due_at")[:SHOWN]:
        due_on, about = promises.local_day(one.factory, one.due_at), _about(one.factory)
        match one.code:
            case "activity":
                said = _("%(factory)s: %(name)s") % _about(one.factory, one.activity.code)
            case "joint_review":
                said = _("%(factory)s: hold the joint review") % about
            case "look_again":
                said = _("%(factory)s: look again at what was agreed") % about
            case "numbers_talk":
                said = _("%(factory)s: talk about how we speak of numbers") % about
            case "commitment":
                said = _("%(factory)s: what it took on at an event") % about
            case _code:
                said = _("%(factory)s: ask again whether it joins") % about
        yield said, one.factory_id, due_on, one.due_at < at


def _about(factory: Factory, code: str = "") -> dict[str, str]:
    return {"factory": factory.name, "name": words.name(code) if code else ""}


# ---------------------------------------------------------------------------------------------------------
# The list


@dataclass(frozen=True)
class FactoryLine:
    """One factory on the list: how far it is, and whether it needs a talk."""

    factory: Factory
    package: Package | None
    progress: Progress
    review: bool
    asks: bool


def mine(person: Person, asked: str = "") -> Any:
    """Return the factories whose package this person reads: those on their way first."""
    on_the_way = Package.objects.filter(factory=OuterRef("pk"))
    found = access.read_by(person).select_related("country", "package").search(asked)
    return found.alias(on_the_way=Exists(on_the_way)).order_by("-on_the_way", "name_key", "pk")


def list_lines(factories: Sequence[Factory], on: date, *, reader: Person) -> list[FactoryLine]:
    """Return a page of the list, in four queries. A joint review is between the two organisations: not of one's own."""
    reckoned = progress.of_many(factories, on)
    between_us = JointReview.objects.filter(factory__in=factories, looked_again_on=None)
    reviewed = set(between_us.exclude(factory__in=access.worked_at_by(reader)).values_list("factory", flat=True))
    asking = set(
        ActivityRequest.objects.filter(activity__factory__in=factories, answered_on=None).values_list(
            "activity__factory", flat=True
        )
    )
    return [
        FactoryLine(
            factory,
            getattr(factory, "package", None),
            reckoned[factory.pk],
            factory.pk in reviewed,
            factory.pk in asking,
        )
        for factory in factories
    ]


# ---------------------------------------------------------------------------------------------------------
# One factory


@dataclass(frozen=True)
class ActivityLine:
    """One activity as the factory's page shows it."""

    activity: Activity
    line: Line
    about: words.About
    number: int
    core: bool
    repeats: bool
    days_late: int
    waits_for: str
    asked: ActivityRequest | None

    @property
    def state_tone(self) -> str:
        """Return how strongly its state stands out: done, late, or neither."""
        if self.activity.state == ActivityState.DONE:
            return "success"
        return "danger" if self.days_late > catalogue.off_track_days() else "secondary"


@dataclass(frozen=True)
class FactoryPage:
    """Everything the page of a factory's package shows."""

    factory: Factory
    package: Package | None
    progress: Progress
    lines: list[ActivityLine]
    introductions: list[Any]
    review: JointReview | None
    asked: list[ActivityRequest]
    next_entry: str  # The step of entry that comes next, or nothing.
    numbers_talk: PackageDeadline | None
    past_reviews: list[JointReview]


def factory_page(factory: Factory, on: date) -> FactoryPage:
    """Read a factory's package, in nine queries."""
    package = Package.objects.filter(factory=factory).first()
    asked = list(
        ActivityRequest.objects.filter(activity__factory=factory, answered_on=None).select_related(
            "activity", "asked_by"
        )
    )
    reviews = list(factory.joint_reviews.select_related("activity"))
    read = lines.of(factory)
    introductions = list(factory.introductions.select_related("by", "event"))
    return FactoryPage(
        factory=factory,
        package=package,
        progress=progress.reckon(read, on),
        lines=list(_activity_lines(factory, read, asked, on)),
        introductions=introductions,
        review=next((one for one in reviews if one.looked_again_on is None), None),
        asked=asked,
        next_entry=_next_entry(package, introductions),
        numbers_talk=factory.package_deadlines.open().filter(code="numbers_talk").first(),
        past_reviews=[one for one in reviews if one.looked_again_on is not None],
    )


def _activity_lines(
    factory: Factory, read: list[Line], asked: list[ActivityRequest], on: date
) -> Iterator[ActivityLine]:
    rows = {activity.pk: activity for activity in factory.activities.all()}
    requests = {one.activity_id: one for one in asked}
    done = {line.code for line in read if line.is_done(on)}
    for line in read:
        step = catalogue.steps()[line.code]
        needs = [need for need in step.needs if need in catalogue.steps() and need not in done]
        yield ActivityLine(
            activity=rows[line.activity],
            line=line,
            about=words.ACTIVITIES[line.code],
            number=step.number,
            core=step.core,
            repeats=step.repeats,
            days_late=0 if line.is_done(on) else line.days_late(on),
            waits_for="" if line.is_done(on) else words.names(needs),
            asked=requests.get(line.activity),
        )


def _next_entry(package: Package | None, introductions: list[Any]) -> str:
    if package is None or package.mou_on is None:
        ready = any(one.answer == "yes" for one in introductions) and any(
            one.answer == "yes" and one.with_decider for one in introductions
        )
        return "MOU" if ready else "INTRO"
    if package.team_on is None:
        return "TEAM"
    return "PLAN" if package.plan_on is None else ""
