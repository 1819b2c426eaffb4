"""Late steps as those above the handlers see them: reference, stage, days overdue, and nothing else.

No factory stands beside a late step and nothing is counted: a factory is never judged by how often it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Person
from complaints.casecodes import ConcernKind
from complaints.codes import Route, Side, Words
from complaints.deadlines import OF_THE_LEADS
from complaints.models import Concern, ConflictDeclaration, Deadline, Rung
from factories import people
from factories.clock import Level
from factories.models import Factory, Membership, OutsideRole, Position

ON_A_PAGE = 50
FAILURES_SHOWN = timedelta(days=365)
FROM_L2 = (Level.L2, Level.L3, Level.L4)
WITH_FACTORY = Q(case__route=Route.FACTORY_COMMITTEE) & ~Q(case__side=Side.SAFEGUARDING_HOLD)


@dataclass(frozen=True)
class LateStep:
    """All that may be said of a case to those who only watch the clock."""

    reference: str
    stage: Words
    days_overdue: int


@dataclass(frozen=True)
class LatePage:
    steps: Sequence[LateStep]
    has_more: bool


def late_in_portfolio(advisor: Person, *, at: datetime, page: int = 1) -> LatePage:
    """Return late steps of factory-routed cases in an advisor's factories, from L2 on: one query."""
    # A case that was in a hold before the factory had it: its follow-ups are the outside team's alone.
    mine = _raised(at, FROM_L2).filter(WITH_FACTORY, case__factory__advisor=advisor).exclude(code__in=OF_THE_LEADS)
    return _page(mine, at, page)


def late_for_programme(lead: Person, *, at: datetime, page: int = 1) -> LatePage:
    """Return what the head of an organisation hears of: outside cases from L2 on (technical organisation), factory
    cases that no advisor watches, and everything that has reached L4."""
    countries = people.countries_of(lead, OutsideRole.PROGRAMME_LEAD)
    kinds = set(
        Position.objects.current()
        .filter(person=lead, role=OutsideRole.PROGRAMME_LEAD)
        .values_list("organisation__kind", flat=True)
    )
    told = _raised_rungs((Level.L4,))
    heard = Q(Exists(told))
    if "technical" in kinds:
        heard |= ~WITH_FACTORY | Q(case__factory__advisor=None) | Q(code__in=OF_THE_LEADS)
    return _page(_raised(at, FROM_L2).filter(heard, case__country__in=countries), at, page)


def _raised_rungs(levels: Sequence[str]) -> QuerySet[Rung]:
    return Rung.objects.filter(deadline=OuterRef("pk"), level__in=levels, raised_at__isnull=False)


def _raised(at: datetime, levels: Sequence[str]) -> QuerySet[Deadline]:
    late = Deadline.objects.late(at).filter(case__closed_at=None, case__set_aside_at=None)
    return late.filter(Exists(_raised_rungs(levels)))


def _page(late: QuerySet[Deadline], at: datetime, page: int) -> LatePage:
    start = (max(page, 1) - 1) * ON_A_PAGE
    rows = late.select_related("case__country", "case__factory__country").order_by("due_at", "pk")
    found = list(rows[start : start + ON_A_PAGE + 1])
    seen: dict[str, LateStep] = {}
    for deadline in found[:ON_A_PAGE]:
        case = deadline.case
        days = (case.local_day(at) - case.local_day(deadline.due_at)).days
        seen.setdefault(case.reference, LateStep(case.reference, case.get_stage_display(), max(days, 1)))
    return LatePage(list(seen.values()), len(found) > ON_A_PAGE)


@dataclass(frozen=True)
class PortfolioLine:
    """One factory of an advisor: its state and who acts for it."""

    factory: Factory
    people: Sequence[Membership]
    false_declarations: Sequence[date]  # Days of the last year; failures of the process, without any case.
    breaches: Sequence[date]  # Likewise: confidentiality was broken.
    review: bool  # Very late in more than one case of the last year: how many is nobody's to count.


def portfolio_lines(factories: Sequence[Factory], *, at: datetime) -> list[PortfolioLine]:
    """Put who acts for each factory, and what failed in the process, beside the factories of one page: four queries."""
    acting: dict[object, list[Membership]] = {factory.pk: [] for factory in factories}
    current = (
        Membership.objects.current()
        .filter(factory__in=list(acting), person__is_active=True)
        .select_related("person")
        .order_by("role", "is_stand_in", "person__name")
    )
    for membership in current:
        acting[membership.factory_id].append(membership)
    failed: dict[object, list[date]] = {factory.pk: [] for factory in factories}
    false = ConflictDeclaration.objects.filter(
        false_found_on__gt=at.date() - FAILURES_SHOWN,
        case__factory__in=list(failed),
        case__route=Route.FACTORY_COMMITTEE,
    ).exclude(case__side=Side.SAFEGUARDING_HOLD)
    for one in false.select_related("case").order_by("-false_found_on"):
        if one.false_found_on:
            failed[one.case.factory_id].append(one.false_found_on)
    broken: dict[object, list[date]] = {factory.pk: [] for factory in factories}
    breaches = Concern.objects.filter(
        kind=ConcernKind.BREACH, raised_on__gt=at.date() - FAILURES_SHOWN, case__factory__in=list(broken)
    )
    with_factory = breaches.filter(WITH_FACTORY).order_by("-raised_on").values_list("case__factory", "raised_on")
    for factory_id, day in with_factory.distinct():  # A day once, however many wrote of it.
        broken[factory_id].append(day)
    late = _very_late_twice([factory.pk for factory in factories], at)
    return [PortfolioLine(one, acting[one.pk], failed[one.pk], broken[one.pk], one.pk in late) for one in factories]


def _very_late_twice(factories: list[UUID], at: datetime) -> set[UUID | None]:
    """Factories with L3 in more than one case in twelve months: the next visit looks at the process. Section 13."""
    rungs = Rung.objects.filter(
        level=Level.L3, raised_at__gt=at - FAILURES_SHOWN, raised_at__lte=at, deadline__case__factory__in=factories
    ).exclude(deadline__code__in=OF_THE_LEADS)
    rungs = rungs.filter(deadline__case__route=Route.FACTORY_COMMITTEE)
    rungs = rungs.exclude(deadline__case__side=Side.SAFEGUARDING_HOLD)
    cases = rungs.values("deadline__case__factory").annotate(cases=Count("deadline__case", distinct=True))
    return set(cases.filter(cases__gt=1).values_list("deadline__case__factory", flat=True))
