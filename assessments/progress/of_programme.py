"""A1 to A13: how assessors, advisors and the programme do their own work. Indicators, section 3.

Cohorts, like the figures of cases: what is asked of a time counts in the quarter in which that time was over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F

from assessments import agreement
from assessments.models import (
    AgreedAction,
    Assessment,
    AssessmentDeadline,
    AssessmentStage,
    ExpertReview,
    FirstScore,
    Kind,
    SilenceFlag,
    SilenceVersion,
)
from assessments.progress.counts import Counted
from complaints.statistics import Period
from factories.clock import Calendar, calendar_for
from factories.models import Activity, Factory, Introduction, JointReview

NEXT_VISIT = "next_visit"  # The promise of the annual cycle.
FINAL_WITHIN = timedelta(days=30)  # A1: after next_due.
SIGNED_WITHIN = timedelta(days=90)  # A8: after the introduction.
SOLVED_WITHIN = timedelta(days=60)  # A12: after the review.
CAUSE_WITHIN = timedelta(days=60)  # A13: after the flag.
REACHED_BY = ("CHAN", "T-COMM")  # A9.
EXACT, WITHIN_ONE = "exact", "within_one"  # Parts of A3.


def count(period: Period) -> Iterator[Counted]:
    """Count every A-figure that looks at so many quarters as this period has."""
    yield from _in_time(period)
    if period.span == 4:
        yield from _joint(period)
    else:
        yield from _reached(period.end)
    yield from _agreement(period)
    yield from _evidence(period)
    yield from _off_site(period)
    yield from _departures(period)
    yield from _reviews(period)
    yield from _introductions(period)
    yield from _actions(period)
    yield from _joint_reviews(period)
    yield from _silence(period)


# --- Assessments ----------------------------------------------------------------------------------------------------


def _local(factory: Factory) -> ZoneInfo:
    return ZoneInfo(factory.time_zone or factory.country.time_zone)


def _near(period: Period, back: timedelta = timedelta(0)) -> tuple[date, date]:
    """The days around a period, before the time zone is asked."""
    return period.start - back - timedelta(days=2), period.end - back + timedelta(days=2)


def _in_time(period: Period) -> Iterator[Counted]:
    """A1: by the promise of the next visit, where 30 days after it lie in the period."""
    first, last = _near(period, FINAL_WITHIN)
    promises = (
        AssessmentDeadline.objects.filter(code=NEXT_VISIT, due_at__date__gte=first, due_at__date__lte=last)
        .exclude(dropped_at__lte=F("due_at"))
        .select_related("factory__country")
    )
    final: dict[UUID, list[Assessment]] = defaultdict(list)
    outside = Assessment.objects.final().from_outside().filter(factory__in={one.factory_id for one in promises})
    for assessment in outside:
        final[assessment.factory_id].append(assessment)
    for promise in promises:
        zone = _local(promise.factory)
        until = promise.due_at.astimezone(zone).date() + FINAL_WITHIN
        if not period.start <= until < period.end:
            continue
        in_time = any(
            one.final_at and promise.starts_at < one.final_at and one.final_at.astimezone(zone).date() <= until
            for one in final[promise.factory_id]
        )
        yield Counted("A1", promise.factory_id, promise.factory.country_id, int(in_time))


def _joint(period: Period) -> Iterator[Counted]:
    """A2: of the visits that were made."""
    for visit in _visits(period):
        yield Counted("A2", visit.factory_id, visit.factory.country_id, int(visit.kind == Kind.JOINT))


def _visits(period: Period) -> Iterator[Assessment]:
    """Visits from outside that ended in the period, final or not."""
    made = Assessment.objects.from_outside().filter(visit_to__gte=period.start, visit_to__lt=period.end)
    yield from made.exclude(stage__in=(AssessmentStage.PLANNED, AssessmentStage.DROPPED)).select_related("factory")


def _agreement(period: Period) -> Iterator[Counted]:
    """A3: what two assessors of the same visit gave alone, both having handed in before they saw the other's."""
    scores = FirstScore.objects.filter(
        assessor__assessment__visit_to__gte=period.start,
        assessor__assessment__visit_to__lt=period.end,
        assessor__submitted_at__isnull=False,
        score__isnull=False,
    ).exclude(assessor__assessment__kind=Kind.SELF)
    where: dict[tuple[UUID, str], tuple[UUID, str]] = {}
    units: dict[tuple[UUID, str], list[int | None]] = defaultdict(list)
    # Which of two is the first must not be chance: kappa would differ from run to run.
    rows = scores.exclude(assessor__assessment__stage=AssessmentStage.DROPPED).order_by("assessor__person_id")
    for visit, indicator, score, factory, country in rows.values_list(
        "assessor__assessment_id",
        "indicator",
        "score",
        "assessor__assessment__factory_id",
        "assessor__assessment__factory__country_id",
    ):
        units[visit, indicator].append(score)
        where[visit, indicator] = factory, country
    for unit, given in units.items():
        factory, country = where[unit]
        pairs = agreement.pairs([given])
        if pairs:
            yield Counted("A3", factory, country, 0, len(pairs), values=tuple(pairs))
            for part, measure in ((EXACT, agreement.exact), (WITHIN_ONE, agreement.within_one)):
                yield Counted("A3", factory, country, *measure(pairs), part=part)


def _final(period: Period) -> Iterator[Assessment]:
    """Assessments from outside that became final in the period."""
    first, last = _near(period)
    found = Assessment.objects.final().from_outside().filter(final_at__date__gte=first, final_at__date__lte=last)
    for one in found.select_related("factory__country", "expert_review"):
        if one.final_at and period.start <= one.final_at.astimezone(_local(one.factory)).date() < period.end:
            yield one


def _evidence(period: Period) -> Iterator[Counted]:
    for one in _final(period):
        yield Counted("A4", one.factory_id, one.factory.country_id, int(one.complete))


def _off_site(period: Period) -> Iterator[Counted]:
    for visit in _visits(period):
        if visit.interviews:
            yield Counted("A5", visit.factory_id, visit.factory.country_id, visit.interviews_off_site, visit.interviews)


def _departures(period: Period) -> Iterator[Counted]:
    """A6, of `level_factory`: the assessors' conclusion. The expert's own level agrees with the expert."""
    for one in _final(period):
        if one.level_factory == one.rule_level_factory:
            continue
        review = getattr(one, "expert_review", None)
        explained = bool(one.departure_reasons) and review is not None and review.agrees is True
        yield Counted("A6", one.factory_id, one.factory.country_id, int(explained))


def _reviews(period: Period) -> Iterator[Counted]:
    """A7: working days of the factory, the day of asking not counted."""
    first, last = _near(period)
    done = ExpertReview.objects.filter(done_at__date__gte=first, done_at__date__lte=last)
    for review in done.select_related("assessment__factory__country"):
        factory = review.assessment.factory
        calendar = calendar_for(factory)
        answered = calendar.local_day(review.done_at or review.requested_at)
        if period.start <= answered < period.end:
            days = working_days(calendar, calendar.local_day(review.requested_at), answered)
            yield Counted("A7", factory.pk, factory.country_id, 0, 1, values=(days,))


def working_days(calendar: Calendar, since: date, until: date) -> int:
    """Return the working days from one day to another, the first one not counted."""
    return sum(calendar.is_working(since + timedelta(days=step)) for step in range(1, (until - since).days + 1))


# --- The programme --------------------------------------------------------------------------------------------------


def _introductions(period: Period) -> Iterator[Counted]:
    """A8: of introductions whose 90 days ended in the period."""
    made = Introduction.objects.filter(on__gte=period.start - SIGNED_WITHIN, on__lt=period.end - SIGNED_WITHIN)
    for one in made.select_related("factory__package"):
        package = getattr(one.factory, "package", None)
        signed = package.mou_on if package else None
        in_time = signed is not None and one.on <= signed <= one.on + SIGNED_WITHIN
        yield Counted("A8", one.factory_id, one.factory.country_id, int(in_time))


def _reached(end: date) -> Iterator[Counted]:
    """A9: each factory once, with the headcount it has now."""
    done: dict[UUID, set[str]] = defaultdict(set)
    activities = Activity.objects.filter(code__in=REACHED_BY, done_on__lt=end)
    for pk, code in activities.order_by().values_list("factory_id", "code"):
        done[pk].add(code)
    reached = [pk for pk, codes in done.items() if codes == set(REACHED_BY)]
    for factory in Factory.objects.filter(pk__in=reached, headcount__isnull=False):
        workers = factory.headcount or 0
        yield Counted("A9", factory.pk, factory.country_id, workers, workers)


def _actions(period: Period) -> Iterator[Counted]:
    """A10. What was dropped before it was due was not due."""
    due = AgreedAction.objects.filter(due_on__gte=period.start, due_on__lt=period.end)
    for one in due.exclude(dropped_on__lte=F("due_on")).select_related("factory"):
        in_time = one.done_on is not None and one.done_on <= one.due_on
        yield Counted("A10", one.factory_id, one.factory.country_id, int(in_time))


def _joint_reviews(period: Period) -> Iterator[Counted]:
    """A11, by the day on which the ten working days end; A12, 60 days after the review was held."""
    reviews = JointReview.objects.select_related("factory", "activity")
    for one in reviews.filter(due_on__gte=period.start, due_on__lt=period.end):
        in_time = one.held_on is not None and one.held_on <= one.due_on
        yield Counted("A11", one.factory_id, one.factory.country_id, int(in_time))
    for one in reviews.filter(held_on__gte=period.start - SOLVED_WITHIN, held_on__lt=period.end - SOLVED_WITHIN):
        yield Counted("A12", one.factory_id, one.factory.country_id, int(_solved(one)))


def _solved(review: JointReview) -> bool:
    """Whether the activity was done in time; of a pattern of several activities, as both said who looked again."""
    until = (review.held_on or review.due_on) + SOLVED_WITHIN
    if review.activity is not None:
        return review.activity.done_on is not None and review.activity.done_on <= until
    return review.solved is True and review.looked_again_on is not None and review.looked_again_on <= until


def _silence(period: Period) -> Iterator[Counted]:
    """A13, of the flag that advisors see: the other one would say what happened outside."""
    flags = SilenceFlag.objects.filter(
        version=SilenceVersion.FACTORY,
        raised_on__gte=period.start - CAUSE_WITHIN,
        raised_on__lt=period.end - CAUSE_WITHIN,
    )
    for one in flags.select_related("factory"):
        in_time = one.cause_on is not None and one.cause_on <= one.raised_on + CAUSE_WITHIN
        yield Counted("A13", one.factory_id, one.factory.country_id, int(in_time))
