"""Late steps as those above the handlers see them: reference, stage, days overdue, and nothing else.

No factory stands beside a late step and nothing is counted: a factory is never judged by how often it is told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, DateField, Exists, OuterRef, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from complaints.casecodes import ConcernKind
from complaints.codes import Route, Side, Words
from complaints.deadlines import OF_THE_LEADS
from complaints.models import Concern, ConflictDeclaration, Deadline, Rung
from factories import people, watching
from factories.clock import Level
from factories.models import OutsideRole, Position
from factories.watching import LateLine

ON_A_PAGE = 50
FAILURES_SHOWN = timedelta(days=365)
_FALSE, _BROKEN, _LATE = "false", "broken", "late"
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


@watching.late_from
def late_lines(advisor: Person, at: datetime) -> list[LateLine]:
    """Hand the first late steps of an advisor's factories to the pages of those who watch."""
    steps = late_in_portfolio(advisor, at=at).steps
    return [LateLine(step.reference, str(step.stage), step.days_overdue) for step in steps]


@watching.failures_from
def failures(factories: Collection[UUID], at: datetime) -> dict[UUID, list[str]]:
    """Say how the process failed in these factories in the last year, in sentences: one query.

    A false declaration and a breach of confidentiality with their day, and steps very late in more than one case: how
    many cases is nobody's to count.
    """
    ids, since = list(factories), at.date() - FAILURES_SHOWN
    false = ConflictDeclaration.objects.filter(
        false_found_on__gt=since, case__factory__in=ids, case__route=Route.FACTORY_COMMITTEE
    ).exclude(case__side=Side.SAFEGUARDING_HOLD)
    broken = Concern.objects.filter(kind=ConcernKind.BREACH, raised_on__gt=since, case__factory__in=ids)
    # A breach once a day, however many wrote of it; a false statement each for itself.
    days = (
        false.order_by()
        .values_list("case__factory", Value(_FALSE), "false_found_on", "pk")
        .union(
            broken.filter(WITH_FACTORY)
            .order_by()
            .values_list("case__factory", Value(_BROKEN), "raised_on", Cast(Value(None), UUIDField())),
            _very_late_twice(ids, at),
        )
    )
    found: dict[UUID, list[str]] = {}
    for factory, kind, day, _pk in sorted(days, key=lambda row: row[2] or date.min, reverse=True):
        words = {"day": date_format(day, "DATE_FORMAT")} if day else {}
        found.setdefault(factory, []).append(_failure(kind) % words)
    return found


def _failure(kind: str) -> str:
    if kind == _LATE:
        return _(
            "Steps of this factory were very late again within twelve months: review the process at the next"
            " visit. It is about lateness, never about how many complain."
        )
    if kind == _FALSE:
        return _(
            "%(day)s: a signed statement of no conflict of interest was false. Talk with the decision maker about the"
            " process, not about a case."
        )
    return _(
        "%(day)s: confidentiality was broken, or somebody tried to find out who complained. Talk with the decision"
        " maker about the process, not about a case."
    )


def _very_late_twice(factories: list[UUID], at: datetime) -> QuerySet[Rung, tuple[object, ...]]:
    """Factories with L3 in more than one case in twelve months: the next visit looks at the process. Section 13."""
    rungs = Rung.objects.filter(
        level=Level.L3, raised_at__gt=at - FAILURES_SHOWN, raised_at__lte=at, deadline__case__factory__in=factories
    ).exclude(deadline__code__in=OF_THE_LEADS)
    rungs = rungs.filter(deadline__case__route=Route.FACTORY_COMMITTEE)
    rungs = rungs.exclude(deadline__case__side=Side.SAFEGUARDING_HOLD)
    cases = rungs.order_by().values("deadline__case__factory").annotate(cases=Count("deadline__case", distinct=True))
    no_day, no_row = Cast(Value(None), DateField()), Cast(Value(None), UUIDField())
    return cases.filter(cases__gt=1).values_list("deadline__case__factory", Value(_LATE), no_day, no_row)
