"""Freezing: on day 10 of each quarter the figures of the quarter before are computed once and never again.

Set-based, in one transaction: either a whole quarter is frozen or nothing of it. Indicators, section 4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Min

from complaints.models import Case
from complaints.models.statistics import StatQuarter, StatScope, StatSnapshot
from complaints.statistics import outside, quiet
from complaints.statistics.facts import EXPERTS, FACTORY, HOLD, Counted, of_cases, of_satisfaction
from complaints.statistics.quarters import Period, Quarter
from complaints.statistics.sums import Sum
from complaints.statistics.suppression import QUARTERS_FOR_BAND, median
from factories.models import CountryPack, Factory

VERSION = "1.2"  # Of the formulas; raise it with every change of what a figure counts.
LOCK = 8_204_417  # An advisory lock: one worker freezes at a time, the others go home.
LONGEST_SECONDS = 240
QUARTERS_CAUGHT_UP = 12

OF_FACTORIES = (
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F6_open",
    "F7",
    "F8",
    "F9",
    "F10",
    "F11",
    "F12",
    "F13",
    "F14",
    "F15",
    "F20",
    "F1",
    "F28",
)
OF_GROUPS = ("C1", "F2", "F3", "F4", "F5", "F6", "F6_open", "F7", "F8", "F9", "F12", "F13", "F28", "F29")
OF_EXPERTS = ("F2", "F3", "F4", "F5", "F6", "F6_open", "F7", "F8", "F9", "E2", "E2_24", "E3", "E4")
EVALUATED = ("F2", "F3", "F4", "F5")  # Not where the case stood in a safeguarding hold.
ONLY_FOUR_QUARTERS = ("F1", "F11", "F15", "F28", "F29")
ONLY_ONE_QUARTER = ("F20",)
More = Callable[[Period], Iterable[Counted]]


def due(at: datetime) -> list[Quarter]:
    """Return the quarters that should be frozen by now and are not, the oldest first."""
    last = Quarter.finished_by(at.date())
    began = Case.objects.aggregate(first=Min("filed_on"))["first"]
    first = max(Quarter.of(began) if began else last, last.before(QUARTERS_CAUGHT_UP - 1))
    frozen = set(StatQuarter.objects.values_list("quarter", flat=True))
    wanted = [last.before(back) for back in range(QUARTERS_CAUGHT_UP)]
    return sorted(one for one in wanted if one >= first and str(one) not in frozen)


def nothing_more(period: Period) -> Iterable[Counted]:
    """Every fact is of a case."""
    return ()


def freeze(quarter: Quarter, *, at: datetime, more: More = nothing_more) -> int | None:
    """Compute and keep a quarter's figures; return how many, or nothing where another worker has or does.

    Raises `ValueError` before its day: what is due on its last day is not known yet. `more`: facts of the trial's
    invented factories, of which there are no cases.
    """
    if at.date() < quarter.due_on:
        raise ValueError(f"The figures of {quarter} are computed on {quarter.due_on}.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0] or StatQuarter.objects.filter(pk=str(quarter)).exists():
            return None
        # A few long statements over whole tables: room to sort in memory, and no time lost on compiling them.
        cursor.execute(
            f"SET LOCAL statement_timeout = '{LONGEST_SECONDS}s'; SET LOCAL work_mem = '96MB'; SET LOCAL jit = off"
        )
        StatQuarter.objects.create(quarter=str(quarter), computed_on=at.date(), version=VERSION)
        made = StatSnapshot.objects.bulk_create(compute(quarter, more), batch_size=2_000)
    return len(made)


def compute(quarter: Quarter, more: More = nothing_more) -> list[StatSnapshot]:
    """Compute a quarter's rows without keeping them."""
    factories = list(Factory.objects.live().values_list("pk", "country_id", "headcount"))
    countries = list(CountryPack.objects.live().values_list("pk", flat=True))
    found: list[StatSnapshot] = []
    for span in (1, 4):
        period = Period(quarter, span)
        counted = [*of_cases(period), *of_satisfaction(period), *outside.of_the_outside_team(period), *more(period)]
        if span == 1:
            counted = [one for one in counted if one.code not in ONLY_FOUR_QUARTERS]
            counted += quiet.of_tests(period)
        found += _of_factories(quarter, span, counted, factories)
        found += _of_groups(quarter, span, counted, countries)
        found += _of_experts(quarter, span, counted, countries)
        found += _of_all(quarter, span, StatScope.PROGRAMME, outside.of_the_programme(period))
        found += _of_all(quarter, span, StatScope.SAFEGUARDING, outside.of_safeguarding(period))
        found += _urgent(quarter, span, counted)
    return found


def _row(quarter: Quarter, span: int, scope: str, code: str, part: str, one: Sum, **more: object) -> StatSnapshot:
    return StatSnapshot(
        quarter_id=str(quarter),
        span=span,
        scope=scope,
        code=code,
        part=part,
        num=one.num,
        den=one.den,
        value=median(one.amounts),
        **more,
    )


def _of_factories(
    quarter: Quarter, span: int, counted: Iterable[Counted], factories: list[tuple[UUID, str, int | None]]
) -> Iterator[StatSnapshot]:
    """Every live factory has a row for every figure, also where nothing happened: a missing row would tell."""
    sums: dict[tuple[UUID | None, str], Sum] = defaultdict(Sum)
    every: dict[UUID | None, int] = defaultdict(int)  # Complaints of a factory, whoever handles them.
    for one in counted:
        if one.holder == FACTORY and one.code in OF_FACTORIES:
            sums[one.factory, one.code].add(one)
        if one.code == "C1":
            every[one.factory] += one.den
    been = _quarters_behind(quarter) if span == 4 else {}
    for pk, _country, headcount in factories:
        if span == 4:
            of_its_own = {quiet.ALL: every[pk], quiet.FACTORY_ONLY: sums[pk, "F1"].num}
            for code, complaints in of_its_own.items():
                flag = quiet.silence(complaints, headcount, been.get(pk, 0) + 1)
                yield _row(quarter, span, StatScope.FACTORY, code, "", flag, factory_id=pk)
        for code in OF_FACTORIES:
            if code in (ONLY_FOUR_QUARTERS if span == 1 else ONLY_ONE_QUARTER):
                continue
            row = _row(quarter, span, StatScope.FACTORY, code, "", sums[pk, code], factory_id=pk)
            if code == "F1":
                row.den, row.behind = headcount or 0, been.get(pk, 0) + 1
                row.value = Decimal(1000 * row.num) / row.den if row.den else None
            yield row


def _quarters_behind(quarter: Quarter) -> dict[UUID, int]:
    """In how many of the three quarters before each factory was live."""
    before = [str(quarter.before(back)) for back in range(1, QUARTERS_FOR_BAND)]
    earlier = StatSnapshot.objects.filter(quarter__in=before, scope=StatScope.FACTORY, code="F1", span=4)
    return dict(earlier.order_by().values_list("factory").annotate(times=Count("pk")))


def _of_groups(quarter: Quarter, span: int, counted: Iterable[Counted], countries: list[str]) -> Iterator[StatSnapshot]:
    """All cases of a country, and of all countries, whoever handles them."""
    sums: dict[tuple[str, str, str], Sum] = defaultdict(Sum)
    for one in counted:
        if one.code in OF_GROUPS and not (one.code in EVALUATED and one.holder == HOLD):
            for place in (one.country, ""):
                for part in {one.part, ""}:  # Each cell, and the total beside it.
                    sums[place, one.code, part].add(one)
    for place in ["", *countries]:
        parts = {(code, part) for where, code, part in sums if where == place}
        parts |= {(code, "") for code in OF_GROUPS if not (span == 1 and code in ONLY_FOUR_QUARTERS)}
        for code, part in sorted(parts):
            whole = sums[place, code, part]
            scope = StatScope.COUNTRY if place else StatScope.PROGRAMME
            behind, largest = len(whole.by_factory), max(whole.by_factory.values(), default=0)
            yield _row(
                quarter, span, scope, code, part, whole, country_id=place or None, behind=behind, largest=largest
            )


def _of_experts(
    quarter: Quarter, span: int, counted: Iterable[Counted], countries: list[str]
) -> Iterator[StatSnapshot]:
    sums: dict[tuple[str, str], Sum] = defaultdict(Sum)
    for one in counted:
        if one.holder == EXPERTS and one.code in OF_EXPERTS:
            sums[one.country, one.code].add(one)
    for country in countries:
        for code in OF_EXPERTS:
            yield _row(quarter, span, StatScope.EXPERTS, code, "", sums[country, code], country_id=country)


def _of_all(quarter: Quarter, span: int, scope: str, counted: dict[str, tuple[int, int]]) -> Iterator[StatSnapshot]:
    for code, (num, den) in counted.items():
        yield _row(quarter, span, scope, code, "", Sum(num, den))


def _urgent(quarter: Quarter, span: int, counted: Iterable[Counted]) -> Iterator[StatSnapshot]:
    sums = {code: Sum() for code in ("E2", "E2_24")}
    for one in counted:
        if one.code in sums:
            sums[one.code].add(one)
    for code, whole in sums.items():
        yield _row(quarter, span, StatScope.SAFEGUARDING, code, "", whole)
