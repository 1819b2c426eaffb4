"""The annual cycle on the clock: the next visit, what a conclusion leads to, giving back, reviews, agreed actions.

Assessment, sections 2, 7.5 and 10. Lengths, reminders and ladders are data (data/cycle.json). Every act here locks the
factory's row, and the sweep locks it with the rungs, so that neither waits for the other.

One promise, `visit_again_expert`, follows from the level that only technical experts know: no page of anybody else may
read it (`ours`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Max, Q

from assessments.models import (
    AgreedAction,
    Assessment,
    AssessmentDeadline,
    AssessmentRung,
    AssessmentStage,
    Kind,
    Level,
)
from factories import clock
from factories.clock import Limit
from factories.models import Factory

DATA = Path(__file__).resolve().parent / "data" / "cycle.json"
NEXT_VISIT, VISIT_AGAIN, VISIT_AGAIN_EXPERT = "next_visit", "visit_again", "visit_again_expert"
ACTION_PLAN, GIVE_BACK, EXPERT_REVIEW = "action_plan", "give_back", "expert_review"
AGREED_ACTION = "agreed_action"
# Of these nobody but technical experts may know that they exist.
EXPERTS_ONLY = (VISIT_AGAIN_EXPERT,)
HIGH = (Level.LIKELY, Level.ESTABLISHED)


@dataclass(frozen=True)
class Promise:
    """A limit, how long after its day nobody above is told yet, and the levels of its ladder that tell anybody."""

    limit: Limit
    grace: timedelta
    levels: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DATA.read_text("utf-8"))
    return loaded


@lru_cache(maxsize=1)
def promises() -> Mapping[str, Promise]:
    """Return every promise of the cycle by its code."""
    names = Limit.__dataclass_fields__
    return {
        row["code"]: Promise(
            Limit(**{name: row[name] for name in names if name in row}),
            timedelta(days=row["grace_days"]),
            frozenset(row["levels"]),
        )
        for row in _table()["deadlines"]
    }


@lru_cache(maxsize=1)
def reminders() -> Mapping[str, int]:
    """Return the codes of the reminders of the next visit, each with its days before."""
    return {f"{NEXT_VISIT}_{days}": days for days in _table()["remind_days_before"]}


def next_due(last_day: date) -> date:
    """Return the day on which the next outside assessment is due after a visit that ended on this one. Section 10."""
    return last_day + relativedelta(months=promises()[NEXT_VISIT].limit.value)


def ours(deadlines: Any, *, expert: bool) -> Any:
    """Keep the promises this reader may know of."""
    return deadlines if expert else deadlines.exclude(code__in=EXPERTS_ONLY)


# ---------------------------------------------------------------------------------------------------------
# What visits tell


def visit_planned(assessment: Assessment, *, at: datetime) -> None:
    """Keep the promise to give back by the visit's days, and remind nobody any more of planning it."""
    if assessment.is_self:
        return
    with _holding(assessment.factory):
        _end(Q(assessment=assessment, code=GIVE_BACK), dropped_at=at)
        calendar = clock.calendar_for(assessment.factory)
        _promise(GIVE_BACK, assessment.factory, at=at, start=calendar.at_hour(assessment.visit_to, 0),
                 assessment=assessment)  # fmt: skip
        _end(Q(factory=assessment.factory, code__in=reminders()), dropped_at=at)


def visit_dropped(assessment: Assessment, *, at: datetime) -> None:
    """Forget what followed from a visit that is not held; the next one is still due, and is reminded of again."""
    if assessment.is_self:
        return
    with _holding(assessment.factory):
        _end(Q(assessment=assessment), dropped_at=at)
        _remind_again(assessment.factory, at)


def review_asked(assessment: Assessment, *, at: datetime) -> None:
    """Give the technical expert ten working days. Indicators, A7."""
    with _holding(assessment.factory):
        if not AssessmentDeadline.objects.open().filter(assessment=assessment, code=EXPERT_REVIEW).exists():
            _promise(EXPERT_REVIEW, assessment.factory, at=at, start=at, assessment=assessment)


def review_due_on(factory: Factory, at: datetime) -> date:
    """Return by which day an expert review asked for now is due."""
    calendar = clock.calendar_for(factory)
    return calendar.local_day(clock.due(promises()[EXPERT_REVIEW].limit, at, calendar))


def after_review(assessment: Assessment, *, at: datetime) -> None:
    """Meet the promise of the review; of the expert's own level follows what only experts know of."""
    with _holding(assessment.factory):
        _end(Q(assessment=assessment, code=EXPERT_REVIEW), met_at=at)
        _follow_expert_level(assessment, at)


def after_final(assessment: Assessment, *, at: datetime) -> None:
    """Put on the clock what follows from a conclusion: the next visit, a visit soon, an action plan. Section 7.5.

    A factory about itself sets no date: only visits from outside do.
    """
    if assessment.is_self:
        return
    factory = assessment.factory
    with _holding(factory):
        _end(Q(assessment=assessment, code=EXPERT_REVIEW), met_at=at)
        _meet_visits(assessment, at)
        _set_next_visit(factory, at)
        if not _is_newest(assessment):
            return  # One that is brought in from before: what follows is the newer one's.
        final_at = assessment.final_at or at
        if assessment.level_factory in HIGH:
            _promise(ACTION_PLAN, factory, at=at, start=final_at, assessment=assessment)
        if assessment.level_factory in (*HIGH, Level.NOT_ASSESSABLE):
            _promise(VISIT_AGAIN, factory, at=at, start=final_at, assessment=assessment)
        _follow_expert_level(assessment, at)


def given_back(assessment: Assessment, *, at: datetime) -> None:
    """Meet the promise to tell management and workers."""
    with _holding(assessment.factory):
        _end(Q(assessment=assessment, code=GIVE_BACK), met_at=at)


# ---------------------------------------------------------------------------------------------------------
# What actions tell


def action_agreed(action: AgreedAction, *, at: datetime) -> None:
    """Keep the day of an agreed action; the plan that was promised is there."""
    with _holding(action.factory):
        _promise(AGREED_ACTION, action.factory, at=at, on=action.due_on, assessment=action.assessment, action=action)
        _end(Q(assessment=action.assessment, code=ACTION_PLAN), met_at=at)


def action_over(action: AgreedAction, *, at: datetime) -> None:
    """Meet the promise of an action that is done, or let it go where it is dropped."""
    with _holding(action.factory):
        _end(Q(action=action), **({"met_at": at} if action.done_on else {"dropped_at": at}))


def action_again(action: AgreedAction, *, at: datetime) -> None:
    """Put an action that was not done after all back on the clock, by its own day."""
    with _holding(action.factory):
        _promise(AGREED_ACTION, action.factory, at=at, on=action.due_on, assessment=action.assessment, action=action)


# ---------------------------------------------------------------------------------------------------------
# Promises


@contextmanager
def _holding(factory: Factory) -> Iterator[None]:
    """Lock the factory for what is written about its cycle."""
    with transaction.atomic():
        Factory.objects.select_for_update(no_key=True).order_by().values_list("pk").get(pk=factory.pk)
        yield


def _promise(
    code: str,
    factory: Factory,
    *,
    at: datetime,
    start: datetime | None = None,
    on: date | None = None,
    assessment: Assessment | None = None,
    action: AgreedAction | None = None,
) -> AssessmentDeadline:
    """Make a promise with its whole ladder: due on the day that was agreed, else by its own length from `start`.

    What would have risen before now is left out: nobody is told of a moment that was over when the promise was made,
    but of the next one.
    """
    rule, calendar = promises()[code], clock.calendar_for(factory)
    if on is not None:
        begins, due_at = min(at, calendar.at_hour(on, clock.MIDNIGHT)), calendar.at_hour(on, clock.END_OF_DAY)
    else:
        begins = start or at
        due_at = clock.due(rule.limit, begins, calendar)
    made = _write(code, factory, begins, due_at, assessment=assessment, action=action)
    told_from = max(begins, at)
    grace_at = due_at + rule.grace
    rungs = dict(clock.ladder(rule.limit, grace_at, calendar, told_from))
    if rule.grace:  # Reminders are of the day itself; those above hear when the grace is over.
        rungs |= {
            level: rises_at
            for level, rises_at in clock.ladder(rule.limit, due_at, calendar, told_from)
            if level.startswith("reminder")
        }
    AssessmentRung.objects.bulk_create(
        AssessmentRung(deadline=made, level=level, rises_at=rises_at)
        for level, rises_at in rungs.items()
        if level in rule.levels
    )
    return made


def _write(code: str, factory: Factory, begins: datetime, due_at: datetime, **about: Any) -> AssessmentDeadline:
    same = AssessmentDeadline.objects.filter(factory=factory, code=code, **about)
    last = same.aggregate(last=Max("ordinal"))["last"] or 0
    return AssessmentDeadline.objects.create(
        factory=factory, code=code, ordinal=last + 1, starts_at=begins, due_at=max(due_at, begins), **about
    )


def _end(found: Q, **when: datetime) -> None:
    """Say of open promises that they were met (`met_at`) or that nobody keeps them any more (`dropped_at`)."""
    pks = list(AssessmentDeadline.objects.open().filter(found).values_list("pk", flat=True))
    if pks:
        AssessmentDeadline.objects.filter(pk__in=pks).update(**when)
        waiting = AssessmentRung.objects.filter(deadline__in=pks, raised_at=None, dropped_at=None)
        waiting.update(dropped_at=next(iter(when.values())))


def _outside(factory: Factory) -> Any:
    return Assessment.objects.from_outside().filter(factory=factory)


def _meet_visits(assessment: Assessment, at: datetime) -> None:
    """Meet what promised this visit: the annual one; a repeated one; after a high level only a joint one."""
    factory = assessment.factory
    _end(Q(factory=factory, code__in=(NEXT_VISIT, *reminders())), met_at=at)
    earlier = Q(factory=factory, assessment__visit_to__lt=assessment.visit_from)
    again = earlier & Q(code=VISIT_AGAIN)
    if assessment.kind == Kind.JOINT:
        _end(again | earlier & Q(code=VISIT_AGAIN_EXPERT), met_at=at)
    else:
        _end(again & Q(assessment__level_factory=Level.NOT_ASSESSABLE), met_at=at)
        _end(earlier & Q(code=VISIT_AGAIN_EXPERT, assessment__level=Level.NOT_ASSESSABLE), met_at=at)


def _set_next_visit(factory: Factory, at: datetime) -> None:
    last = _outside(factory).final().aggregate(last=Max("visit_to"))["last"]
    if last is None:
        return
    calendar = clock.calendar_for(factory)
    _promise(NEXT_VISIT, factory, at=at, start=calendar.at_hour(last, 0))
    _set_reminders(factory, next_due(last), at)


def _set_reminders(factory: Factory, due_on: date, at: datetime) -> None:
    """Remind the advisor 90, 60 and 30 days before. Each is a promise of one rung, with the visit's own day."""
    calendar = clock.calendar_for(factory)
    due_at = calendar.at_hour(due_on, clock.END_OF_DAY)
    for code, days in reminders().items():
        on = calendar.roll(due_on - timedelta(days=days), "backward")
        rises_at = calendar.at_hour(on, clock.RISING_HOUR)
        if rises_at > at:
            made = _write(code, factory, at, due_at)
            AssessmentRung.objects.create(deadline=made, level=clock.Level.REMINDER_BEFORE, rises_at=rises_at)


def _remind_again(factory: Factory, at: datetime) -> None:
    waiting = _outside(factory).open().exists()
    promised = AssessmentDeadline.objects.open().filter(factory=factory, code=NEXT_VISIT).first()
    if promised and not waiting:
        _set_reminders(factory, clock.calendar_for(factory).local_day(promised.due_at), at)


def _is_newest(assessment: Assessment) -> bool:
    newer = _outside(assessment.factory).final().filter(visit_to__gt=assessment.visit_to)
    return not newer.exists()


def _follow_expert_level(assessment: Assessment, at: datetime) -> None:
    """For the expert the higher of the two levels counts: promise a visit that `level_factory` alone does not.

    A level that was decided anew takes back what the one before it promised.
    """
    if assessment.stage != AssessmentStage.FINAL or not _is_newest(assessment):
        return
    promised = AssessmentDeadline.objects.filter(assessment=assessment, code__in=(VISIT_AGAIN, VISIT_AGAIN_EXPERT))
    if assessment.level not in (*HIGH, Level.NOT_ASSESSABLE):
        _end(Q(assessment=assessment, code=VISIT_AGAIN_EXPERT), dropped_at=at)
    elif not promised.filter(dropped_at=None).exists():
        _promise(VISIT_AGAIN_EXPERT, assessment.factory, at=at, start=at, assessment=assessment)
