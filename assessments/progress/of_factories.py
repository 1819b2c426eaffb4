"""F15 to F25 and F27 of every factory, by the formulas of indicators.md, section 2. A fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db.models import Q

from assessments.progress.counts import Counted
from assessments.progress.places import Place
from complaints import statistics
from complaints.statistics import Label, Period, Quarter
from factories.models import (
    Activity,
    ActivityState,
    ChannelTest,
    CommitteeCount,
    Drill,
    InPlace,
    JointReview,
    KnowledgeTest,
    PlaceCheck,
    Postponement,
    StaffGroup,
    TestWay,
    TrainingCount,
    WorkerSurvey,
)
from factories.package import catalogue

MEETINGS_A_YEAR = 4
MEETINGS, MEMBERS, DECLARED = Fraction(4, 10), Fraction(3, 10), Fraction(3, 10)
# What the case part of F15 counts for. Of cases nothing but the label comes here.
WORTH: Mapping[Label, Fraction] = {
    Label.WORKS_ON_TIME: Fraction(1),
    Label.MOSTLY_ON_TIME: Fraction(80, 100),
    Label.PARTLY: Fraction(50, 100),
    Label.RARELY: Fraction(0),
    Label.NOT_SHOWN_YET: Fraction(0),
}
WITH_POWER = (
    StaffGroup.SUPERVISORS,
    StaffGroup.MECHANICS,
    StaffGroup.GUARDS,
    StaffGroup.DRIVERS,
    StaffGroup.MANAGERS,
)
BEFORE = "before"  # Part: the survey before the last one.


def count(period: Period, places: Mapping[UUID, Place]) -> Iterator[Counted]:
    """Count every figure that looks at so many quarters as this period has."""
    quarter = period.quarter
    if period.span == 4:
        yield from _committee(period, places)
        yield from _knowledge(period, places)
        yield from _surveys(period, places)
    else:
        yield from _training(quarter, places)
        yield from _channels(quarter, places)
        yield from _activities_done(quarter.end, places)
        yield from _patterns(quarter.end, places)
        yield from _in_place(quarter.end, places)
    yield from _dates_kept(period, places)


# --- Committee, training, knowledge ---------------------------------------------------------------------------------


def drills_passed(quarter: Quarter) -> set[UUID]:
    """Return the factories whose last practice case of the twelve months before a quarter's end was passed."""
    year = Period(quarter, 4)
    drills = Drill.objects.filter(on__gte=year.start, on__lt=year.end).order_by("on")
    last = dict(drills.values_list("factory_id", "passed"))
    return {factory for factory, passed in last.items() if passed}


def _committee(period: Period, places: Mapping[UUID, Place]) -> Iterator[Counted]:
    """F15. Without a committee there is nothing to divide by: no figure."""
    quarters = [str(period.quarter.before(back)) for back in range(4)]
    held: dict[UUID, int] = defaultdict(int)
    planned: dict[UUID, int] = defaultdict(int)
    latest: dict[UUID, CommitteeCount] = {}
    for row in CommitteeCount.objects.filter(quarter__in=quarters, factory__in=places).order_by("quarter"):
        held[row.factory_id] += row.meetings_held
        planned[row.factory_id] += row.meetings_planned
        latest[row.factory_id] = row
    drilled = drills_passed(period.quarter)
    declared = statistics.declarations(period.quarter, drills_passed=drilled)
    for pk, last in latest.items():
        if last.members == 0:
            continue
        no_case = Label.WORKS_ON_TIME if pk in drilled else Label.NOT_SHOWN_YET  # Not live: it has had no case.
        part = committee_works(
            held[pk], planned[pk], last.members_trained, last.members, WORTH[declared.get(pk, no_case)]
        )
        yield Counted("F15", pk, places[pk].country, 0, 1, value=decimal_of(100 * part))


def committee_works(held: int, planned: int, trained: int, members: int, declared: Fraction) -> Fraction:
    """F15 from 0 to 1. `declared` is what the label of the cases, or the practice case, is worth."""
    meetings = min(Fraction(1), Fraction(held, max(MEETINGS_A_YEAR, planned)))
    return MEETINGS * meetings + MEMBERS * Fraction(trained, members) + DECLARED * declared


def _training(quarter: Quarter, places: Mapping[UUID, Place]) -> Iterator[Counted]:
    """F16, F17 with a part for each group, and F18."""
    rows = TrainingCount.objects.filter(quarter=str(quarter), factory__in=places)
    with_power: dict[UUID, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for pk, group, people, trained in rows.values_list("factory_id", "group", "people", "trained"):
        country = places[pk].country
        if group == StaffGroup.WORKERS:
            yield Counted("F16", pk, country, trained, people)
        elif group == StaffGroup.NEW_HIRES:
            yield Counted("F18", pk, country, trained, people)
        else:
            yield Counted("F17", pk, country, trained, people, part=group)
            before = with_power[pk]
            with_power[pk] = (before[0] + trained, before[1] + people)
    for pk, (trained, people) in with_power.items():
        yield Counted("F17", pk, places[pk].country, trained, people)


def _knowledge(period: Period, places: Mapping[UUID, Place]) -> Iterator[Counted]:
    """F19: the gain of all who took both tests in the period, each person counting the same."""
    gains: dict[UUID, Decimal] = defaultdict(Decimal)
    people: dict[UUID, int] = defaultdict(int)
    for row in KnowledgeTest.objects.filter(on__gte=period.start, on__lt=period.end, factory__in=places):
        gains[row.factory_id] += row.people * (row.mean_after - row.mean_before)
        people[row.factory_id] += row.people
    for pk, number in people.items():
        if number:
            yield Counted("F19", pk, places[pk].country, 0, number, value=decimal_of(Fraction(gains[pk]) / number))


# --- Channels and surveys -------------------------------------------------------------------------------------------


def _channels(quarter: Quarter, places: Mapping[UUID, Place]) -> Iterator[Counted]:
    """F20: tests through the platform, as the platform knows them, and those by every other way."""
    for pk, (in_time, sent) in channel_tests(quarter).items():
        if pk in places:
            yield Counted("F20", pk, places[pk].country, in_time, sent)


def channel_tests(quarter: Quarter) -> Mapping[UUID, tuple[int, int]]:
    """Return of each factory the test complaints of six months: answered on time, and sent.

    A test through the platform that was also written down by hand counts once: as the platform has it.
    """
    known = statistics.channel_tests(quarter)
    found: dict[UUID, tuple[int, int]] = defaultdict(lambda: (0, 0), known)
    since = quarter.before(1).start
    for test in ChannelTest.objects.filter(sent_on__gte=since, sent_on__lt=quarter.end):
        if test.way == TestWay.PLATFORM and test.factory_id in known:
            continue
        in_time, sent = found[test.factory_id]
        found[test.factory_id] = (in_time + test.in_time, sent + 1)
    return dict(found)


def _surveys(period: Period, places: Mapping[UUID, Place]) -> Iterator[Counted]:
    """F21 and F22: the last survey of the year, and beside it the one before, whenever that was."""
    last: dict[UUID, list[WorkerSurvey]] = defaultdict(list)
    for survey in WorkerSurvey.objects.filter(on__lt=period.end, factory__in=places).order_by("-on"):
        last[survey.factory_id].append(survey)
    for pk, surveys in last.items():
        if surveys[0].on < period.start:
            continue
        for part, survey in zip(("", BEFORE), surveys, strict=False):
            for code, yes in (("F21", survey.know_a_way), ("F22", survey.trust)):
                yield Counted(code, pk, places[pk].country, yes, survey.answers, part=part, on=survey.on)


# --- Activities -----------------------------------------------------------------------------------------------------


def _activities_done(end: date, places: Mapping[UUID, Place]) -> Iterator[Counted]:
    """F23, of factories in the package."""
    core = catalogue.core()
    done: dict[UUID, int] = defaultdict(int)
    rows = Activity.objects.filter(code__in=core, state=ActivityState.DONE, done_on__lt=end, factory__in=places)
    for pk in rows.order_by().values_list("factory_id", flat=True):
        done[pk] += 1
    for pk, place in places.items():
        if place.in_package:
            yield Counted("F23", pk, place.country, done[pk], len(core))


def _dates_kept(period: Period, places: Mapping[UUID, Place]) -> Iterator[Counted]:
    """F24. A delay that the programme caused is left out; what was dropped was not done by its date."""
    agreed = Activity.objects.filter(
        code__in=catalogue.core(),
        first_agreed_on__gte=period.start,
        first_agreed_on__lt=period.end,
        factory__in=places,
    )
    ours = moved_by_programme(period)
    kept: dict[UUID, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for activity in agreed:
        done, first = activity.done_on, activity.first_agreed_on
        in_time = done is not None and first is not None and done <= first
        if not in_time and activity.pk in ours:
            continue
        before = kept[activity.factory_id]
        kept[activity.factory_id] = (before[0] + in_time, before[1] + 1)
    for pk, (by_date, dates) in kept.items():
        yield Counted("F24", pk, places[pk].country, by_date, dates)


def moved_by_programme(period: Period) -> set[UUID]:
    """Return the activities first agreed for this period that we moved: a delay that is never against the factory."""
    moves = Postponement.objects.filter(
        by_programme=True, activity__first_agreed_on__gte=period.start, activity__first_agreed_on__lt=period.end
    )
    return set(moves.values_list("activity_id", flat=True))


def _patterns(end: date, places: Mapping[UUID, Place]) -> Iterator[Counted]:
    """F25: each open pattern has a review that nobody has looked at again."""
    still_open = JointReview.objects.filter(opened_on__lt=end, factory__in=places).filter(
        Q(looked_again_on=None) | Q(looked_again_on__gte=end)
    )
    number: dict[UUID, int] = defaultdict(int)
    for pk in still_open.order_by().values_list("factory_id", flat=True):
        number[pk] += 1
    for pk, place in places.items():
        if place.in_package:
            yield Counted("F25", pk, place.country, number[pk], 1)


def _in_place(end: date, places: Mapping[UUID, Place]) -> Iterator[Counted]:
    """F27: what the last look from outside found, with its day."""
    latest: dict[tuple[UUID, str], PlaceCheck] = {}
    for check in PlaceCheck.objects.filter(checked_on__lt=end, factory__in=places).order_by("checked_on"):
        latest[check.factory_id, check.what] = check
    for (pk, what), check in latest.items():
        yield Counted("F27", pk, places[pk].country, int(check.yes), 1, part=what, on=check.checked_on)
    for pk in {pk for pk, _what in latest}:
        yes = sum(latest[pk, what].yes for what in InPlace.values if (pk, what) in latest)
        yield Counted("F27", pk, places[pk].country, yes, len(InPlace.values))


def decimal_of(value: Fraction) -> Decimal:
    """Return a number as it is kept: three places."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.001"))
