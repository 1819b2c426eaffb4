"""Why a factory needs its advisor or its expert now, in words and in order: what the portfolio is sorted by.

In the order of the brief: a joint review, an expert review, a silence without a cause, an overdue activity, a late
agreed action, the next visit. No complaint, no case and no late step is counted here, so that a factory where many
people complain stands where its own work puts it. Assessment, sections 1 and 10; prevention package, section 4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any
from uuid import UUID

from django.db.models import Value
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments import cycle, silence_flags
from assessments.access import OUTSIDE_KINDS
from assessments.models import (
    AgreedAction,
    Assessment,
    AssessmentDeadline,
    AssessmentStage,
    Confidence,
    Level,
    SilenceFlag,
    SilenceVersion,
    Strength,
)
from complaints.statistics import Audience
from factories import clock
from factories.models import Factory, JointReview, PatternRule
from factories.package import lines as dates
from factories.package import progress, words
from factories.package.patterns import Line
from factories.package.progress import Progress

VISIT_SOON = timedelta(days=90)
EARLIEST, LATEST = date.min, date.max


class Need(IntEnum):
    """What a factory needs, the most pressing first."""

    JOINT_REVIEW = 1
    EXPERT_REVIEW = 2
    SILENCE = 3
    ACTIVITY = 4
    ACTION = 5
    VISIT = 6
    NOTHING = 9


@dataclass(frozen=True)
class Reason:
    """One reason with its day. Words and address are made where it is shown: most of a portfolio is only sorted."""

    need: Need
    said: str
    due_on: date | None = None
    late: bool = False
    door: tuple[Any, ...] = ()  # The name of the page where the next step is taken, and what it is about.
    about: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""  # Of that page.

    @property
    def words(self) -> str:
        day = date_format(self.due_on, "DATE_FORMAT") if self.due_on else ""
        return self.said % {"day": day, **self.about}

    @property
    def url(self) -> str:
        return reverse(self.door[0], args=self.door[1:]) + self.part if self.door else ""


@dataclass(frozen=True)
class Visit:
    """An assessment from outside as lists read it: no level but `level_factory`."""

    pk: UUID
    tool: UUID
    kind: str
    stage: str
    visit_from: date
    visit_to: date
    final_at: datetime | None
    given_back_on: date | None
    score: Any
    strength: str
    level_factory: str
    confidence_factory: str
    review_due_on: date | None
    review_done_at: datetime | None

    @property
    def strength_words(self) -> str:
        return str(Strength(self.strength).label) if self.strength else ""

    @property
    def level_words(self) -> str:
        return str(Level(self.level_factory).label) if self.level_factory else ""

    @property
    def confidence_words(self) -> str:
        return str(Confidence(self.confidence_factory).label) if self.confidence_factory else ""


@dataclass
class Row:
    """One factory as its advisor sees it in a list: what it needs, how far it is, and its next date."""

    factory: Factory
    reasons: list[Reason]
    progress: Progress
    last: Visit | None = None
    planned: Visit | None = None
    next_due: date | None = None
    flag: SilenceFlag | None = None
    people: Sequence[Any] = field(default_factory=list)
    failures: Sequence[str] = field(default_factory=list)

    @property
    def first(self) -> Reason | None:
        return self.reasons[0] if self.reasons else None

    @property
    def place(self) -> tuple[Any, ...]:
        """Return by what it is sorted: its most pressing need, since when, then its next visit and its name."""
        first = self.first
        need, day = (first.need, first.due_on or EARLIEST) if first else (Need.NOTHING, LATEST)
        return (need, day, self.next_due or LATEST, self.factory.name_key, str(self.factory.pk))


def rows(factories: Iterable[Factory], audience: Audience, *, at: datetime) -> list[Row]:
    """Return these factories, those that need somebody first. Seven queries, however many there are."""
    factories = list(factories)
    ids = [factory.pk for factory in factories]
    if not ids:
        return []
    read = _read(ids, audience)
    found = [row_of(factory, read, at=at) for factory in factories]
    return sorted(found, key=lambda row: row.place)


@dataclass
class Read:
    """Everything rows are made of, by factory; a page that has read more of one factory hands in its own."""

    lines: Mapping[UUID, list[Line]]
    visits: Mapping[UUID, list[Visit]]
    flags: Mapping[UUID, SilenceFlag]
    # The rule of a joint review that was not held yet, else nothing; and the day by which somebody is to act.
    reviews: dict[UUID, tuple[str, date]] = field(default_factory=dict)
    actions: dict[UUID, list[date]] = field(default_factory=lambda: defaultdict(list))
    promised: dict[UUID, list[tuple[str, datetime]]] = field(default_factory=lambda: defaultdict(list))


def _read(ids: Collection[UUID], audience: Audience) -> Read:
    up = silence_flags.up(audience, ids)
    flags = {pk: found[SilenceVersion.FACTORY] for pk, found in up.items() if SilenceVersion.FACTORY in found}
    read = Read(dates.of_many(ids), visits_of(ids), flags, promised=promised_of(ids))
    reviews = JointReview.objects.filter(factory__in=ids, looked_again_on=None).order_by()
    actions = AgreedAction.objects.open().filter(factory__in=ids, done_on=None).order_by()
    waiting = (
        reviews.filter(held_on=None)
        .values_list("factory", Value("held"), "rule", "due_on")
        .union(
            reviews.exclude(held_on=None).values_list("factory", Value("look"), "rule", "look_again_on"),
            actions.values_list("factory", Value("action"), "indicator", "due_on"),
            all=True,
        )
    )
    for factory, kind, code, day in waiting:
        if kind == "action":
            read.actions[factory].append(day)
        else:
            read.reviews[factory] = (code if kind == "held" else "", day)
    return read


def promised_of(ids: Collection[UUID]) -> dict[UUID, list[tuple[str, datetime]]]:
    """Return what the cycle promises of these factories beside the yearly visit, the earliest first, in one query."""
    found: dict[UUID, list[tuple[str, datetime]]] = defaultdict(list)
    promised = AssessmentDeadline.objects.running().filter(
        factory__in=ids, code__in=(cycle.VISIT_AGAIN, cycle.ACTION_PLAN, cycle.GIVE_BACK)
    )
    for factory, code, due_at in promised.order_by("due_at").values_list("factory", "code", "due_at"):
        found[factory].append((code, due_at))
    return found


def visits_of(ids: Collection[UUID]) -> dict[UUID, list[Visit]]:
    """Return the outside assessments of these factories that are or will be held, the newest first, in one query."""
    found: dict[UUID, list[Visit]] = defaultdict(list)
    rows = Assessment.objects.filter(factory__in=ids, kind__in=OUTSIDE_KINDS).exclude(stage=AssessmentStage.DROPPED)
    for factory, *values in rows.order_by("-visit_from", "-made_at").values_list(
        "factory", "pk", "tool", "kind", "stage", "visit_from", "visit_to", "final_at", "given_back_on",
        "overall_score", "strength", "level_factory", "confidence_factory", "expert_review__due_on",
        "expert_review__done_at",
    ):  # fmt: skip
        found[factory].append(Visit(*values))  # type: ignore[arg-type]
    return found


def row_of(factory: Factory, read: Read, *, at: datetime) -> Row:
    """Return one factory with its reasons, from what was read."""
    today = clock.calendar_for(factory).local_day(at)
    visits = read.visits.get(factory.pk, [])
    last = next((one for one in visits if one.stage == AssessmentStage.FINAL), None)
    planned = next((one for one in reversed(visits) if one.stage == AssessmentStage.PLANNED), None)
    flag = read.flags.get(factory.pk)
    lines = read.lines[factory.pk]
    row = Row(factory, [], progress.reckon(lines, today), last, planned, flag=flag)
    ended = [one.visit_to for one in visits if one.stage == AssessmentStage.FINAL]
    row.next_due = cycle.next_due(max(ended)) if ended else None
    row.reasons = sorted(
        [
            *_of_review(factory, read.reviews.get(factory.pk), today),
            *_of_expert_review(visits, today),
            *_of_silence(factory, flag, today),
            *_of_activities(factory, lines, today),
            *_of_actions(read.actions.get(factory.pk, []), today),
            *_of_visits(row, read.promised.get(factory.pk, []), visits, today),
        ],
        key=lambda reason: (reason.need, reason.due_on or EARLIEST),
    )
    return row


def _of_review(factory: Factory, review: tuple[str, date] | None, today: date) -> Iterable[Reason]:
    """A pattern of postponing waits for advisor and expert; after it was held, the day to look again."""
    if review is None:
        return
    rule, day = review
    door = ("package:factory", factory.pk)
    if rule:
        said = _("%(rule)s. Talk with the factory, and with the technical expert, by %(day)s: what is behind it?")
        yield Reason(Need.JOINT_REVIEW, said, day, day < today, door, {"rule": PatternRule(rule).label})
    elif day <= today:
        said = _("Dates were moved again and again, and one step was agreed. Look since %(day)s whether it helped.")
        yield Reason(Need.JOINT_REVIEW, said, day, day < today, door)


def _of_expert_review(visits: Sequence[Visit], today: date) -> Iterable[Reason]:
    for visit in visits:
        if visit.review_due_on and visit.review_done_at is None and visit.stage == AssessmentStage.REVIEW:
            said = _("The conclusion of the visit waits for the technical expert, by %(day)s.")
            day = visit.review_due_on
            yield Reason(Need.EXPERT_REVIEW, said, day, day < today, ("assessments:visit", visit.pk))


def _of_silence(factory: Factory, flag: SilenceFlag | None, today: date) -> Iterable[Reason]:
    if flag is not None and not flag.cause:
        day = silence_flags.due_on(flag)
        said = _("It is silent here. That is a question and no good sign. Find out why by %(day)s.")
        door = ("assessments:factory", factory.pk)
        yield Reason(Need.SILENCE, said, day, day < today, door, part="#silence")


def _of_activities(factory: Factory, lines: Sequence[Line], today: date) -> Iterable[Reason]:
    """Activities whose agreed day is over, and those without any day. In a pause, and after the end, none is late."""
    package = getattr(factory, "package", None)
    if package is not None and (package.ended_on or (package.paused_until and package.paused_until >= today)):
        return
    waiting = [line for line in lines if not line.dropped and not line.is_done(today) and line.first_on]
    late = sorted(((line.due_on, line) for line in waiting if line.due_on and line.due_on < today), key=_first)
    if late:
        day, line = late[0]
        said = ngettext(
            "“%(name)s” is late: it was agreed for %(day)s.",
            "%(count)s activities are late. The first, “%(name)s”, was agreed for %(day)s.",
            len(late),
        )
        about = {"name": words.ACTIVITIES[line.code].name, "count": len(late)}
        yield Reason(Need.ACTIVITY, said, day, True, ("package:activity", factory.pk, line.code), about)
    for line in waiting:
        if line.due_on is None:
            said = _("“%(name)s” was moved without a new date. Agree one.")
            about = {"name": words.ACTIVITIES[line.code].name}
            door = ("package:activity", factory.pk, line.code)
            yield Reason(Need.ACTIVITY, said, line.first_on, True, door, about)


def _first(pair: tuple[date, Line]) -> date:
    return pair[0]


def _of_actions(days: Sequence[date], today: date) -> Iterable[Reason]:
    late = [day for day in days if day < today]
    if late:
        said = ngettext(
            "An action agreed for %(day)s is not done.",
            "%(count)s agreed actions are not done, the first since %(day)s.",
            len(late),
        )
        yield Reason(Need.ACTION, said, min(late), True, about={"count": len(late)})


def _of_visits(
    row: Row, promised: Sequence[tuple[str, datetime]], visits: Sequence[Visit], today: date
) -> Iterable[Reason]:
    """The annual visit, a visit promised sooner, an action plan, and results that were not given back."""
    calendar = clock.calendar_for(row.factory)
    plan, agree = ("assessments:plan", row.factory.pk), ("assessments:agree", row.factory.pk)
    for code, due_at in promised:
        day = calendar.local_day(due_at)
        late = day < today
        if code == cycle.VISIT_AGAIN:
            said = _("After the last conclusion another visit is promised by %(day)s.")
            if row.planned is None or late:
                yield Reason(Need.VISIT, said, day, late, plan)
        elif code == cycle.ACTION_PLAN:
            said = _("After the last conclusion agree actions on the weakest points by %(day)s.")
            yield Reason(Need.VISIT, said, day, late, agree)
        elif late:
            said = _("The results of a visit were to be given back to management and workers by %(day)s.")
            yield Reason(Need.VISIT, said, day, True)
    if row.next_due and row.next_due - today <= VISIT_SOON and not any(one.visit_to >= today for one in visits):
        late = row.next_due < today
        said = _("The next visit was due on %(day)s.") if late else _("The next visit is due on %(day)s. Plan it.")
        yield Reason(Need.VISIT, said, row.next_due, late, plan)


def visit_url(pk: UUID) -> str:
    """Return where one assessment is read."""
    return reverse("assessments:visit", args=[pk])
