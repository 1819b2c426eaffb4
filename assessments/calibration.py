"""How far assessors agree: by quarter, by indicator, and whose next visit should be a joint one.

Only what two assessors gave alone counts, once both have handed in. It stands here for learning; the frozen figure of
the quarter is A3. Assessment, sections 2 and 4; indicators, A3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from accounts.models import Person
from assessments import agreement, tool
from assessments.models import Assessment, AssessmentStage, Assessor, FirstScore, Kind
from assessments.rounding import half_up
from complaints.statistics import Quarter
from factories import people
from factories.models import OutsideRole

QUARTERS = 8  # Shown over time; indicators look at the last four.
YEAR = 4
# Fewer say little about an indicator, and one alone would be the scores of one visit.
LEAST_OF_INDICATOR = 10

Row = tuple[UUID, date, str, int | None]  # The visit, its last day, the indicator, one assessor's own score.


@dataclass(frozen=True)
class Line:
    """How far assessors agreed in one quarter or on one indicator. What rests on too few pairs is None."""

    of: str
    title: str
    pairs: int
    exact: int | None  # Percent.
    near: int | None  # Percent that differ by one at most.
    kappa: Decimal | None
    alpha: Decimal | None
    below: bool  # Below what we aim at: a reason to talk about it.


@dataclass(frozen=True)
class JointDue:
    """An assessor whose next visit should be joint, and after how many visits."""

    person: Person
    visits: int


def rows(today: date) -> list[Row]:
    """Return every score given alone in the quarters that are shown, one query.

    In one order of people, so that the same two stand on the same sides of every pair.
    """
    since = Quarter.of(today).before(QUARTERS - 1).start
    handed_in = FirstScore.objects.filter(
        assessor__submitted_at__isnull=False, assessor__assessment__visit_to__gte=since, score__isnull=False
    )
    outside = handed_in.exclude(assessor__assessment__kind=Kind.SELF)
    found = outside.exclude(assessor__assessment__stage=AssessmentStage.DROPPED).order_by("assessor__person_id")
    return list(found.values_list("assessor__assessment_id", "assessor__assessment__visit_to", "indicator", "score"))


def by_quarter(found: Iterable[Row]) -> list[Line]:
    """Return one line for each quarter in which two assessors scored, the newest first."""
    units = agreement.by_group((Quarter.of(day), (visit, code), score) for visit, day, code, score in found)
    lines = [
        _line(str(quarter), "", those, agreement.LEAST_PAIRS)
        for quarter, those in sorted(units.items(), reverse=True)  # type: ignore[type-var]
    ]
    return [line for line in lines if line.pairs]


def by_indicator(found: Iterable[Row], used: tool.Tool, today: date) -> list[Line]:
    """Return one line for each indicator of this version, over the last four quarters."""
    since = Quarter.of(today).before(YEAR - 1).start
    units = agreement.by_group((code, visit, score) for visit, day, code, score in found if day >= since)
    return [
        _line(one.code, used.text(one.title), units.get(one.code, []), LEAST_OF_INDICATOR) for one in used.indicators
    ]


def _line(of: str, title: str, units: list[list[int | None]], least: int) -> Line:
    pairs = agreement.pairs(units)
    if len(pairs) < least:
        return Line(of, title, len(pairs), None, None, None, None, below=False)
    kappa, alpha = agreement.kappa(pairs), agreement.alpha(units)
    return Line(
        of,
        title,
        len(pairs),
        exact=_percent(agreement.exact(pairs)),
        near=_percent(agreement.within_one(pairs)),
        kappa=_shown(kappa),
        alpha=_shown(alpha),
        below=(kappa is not None and kappa < agreement.AIM) or (alpha is not None and alpha < agreement.AIM),
    )


def _percent(share: tuple[int, int]) -> int:
    return int(half_up(Fraction(100 * share[0], share[1])))


def _shown(value: Fraction | None) -> Decimal | None:
    return None if value is None else half_up(value, 2)


def joint_visits_due(today: date) -> list[JointDue]:
    """Return the advisors and technical experts whose next visit should be joint, in two queries and one per role."""
    used = tool.of(tool.current(today))
    assessors = {
        person.pk: person
        for role in (OutsideRole.ADVISOR, OutsideRole.TECHNICAL_EXPERT)
        for person in people.with_outside_role(role)
    }
    kinds: dict[UUID, list[str]] = {pk: [] for pk in assessors}
    seats = Assessor.objects.filter(person__in=list(assessors)).exclude(assessment__kind=Kind.SELF)
    held = seats.exclude(assessment__stage=AssessmentStage.DROPPED)
    order = held.order_by("assessment__visit_from", "assessment__made_at")
    for person, kind in order.values_list("person_id", "assessment__kind"):
        kinds[person].append(kind)
    due = [
        JointDue(person, len(kinds[pk]))
        for pk, person in assessors.items()
        if agreement.joint_visit_due(kinds[pk], first_visits=used.joint_first_visits, one_in=used.joint_one_in)
    ]
    return sorted(due, key=lambda one: (one.person.name, str(one.person.pk)))


def visits_in_a_year(today: date) -> tuple[int, int]:
    """Return how many visits of the last four quarters were joint, of how many: one in ten is the least (A2)."""
    since = Quarter.of(today).before(YEAR - 1).start
    kinds = list(
        Assessment.objects.from_outside()
        .filter(visit_to__gte=since, visit_to__lte=today)
        .exclude(stage__in=(AssessmentStage.DROPPED, AssessmentStage.PLANNED))
        .values_list("kind", flat=True)
    )
    return sum(kind == Kind.JOINT for kind in kinds), len(kinds)
