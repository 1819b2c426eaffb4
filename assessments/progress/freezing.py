"""Freezing how factories get on: once a quarter, right after the figures of cases, and never again.

Set-based and in one transaction; the database refuses to change what is frozen. Indicators, section 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from assessments import agreement, silence_flags
from assessments.models import ProgressFigure, ProgressQuarter
from assessments.progress import of_factories, of_programme
from assessments.progress.catalogue import ABOUT_US, MEMBER, OF_GROUP
from assessments.progress.counts import Counted, Sum, by_place
from assessments.progress.of_factories import decimal_of
from assessments.progress.places import Place, places
from complaints import statistics
from complaints.statistics import Audience, Period, Quarter, Version
from factories.models import CountryPack

CODE_VERSION = "1.1"  # Of the formulas; raise it with every change of what a figure counts.
LOCK = 8_204_418  # An advisory lock: one worker freezes at a time, the others go home.
_VERSIONS = {Version.ALL: Audience.EXPERT, Version.FACTORY: Audience.ADVISOR}


def due() -> list[Quarter]:
    """Return the quarters whose figures of cases are frozen and these are not, the oldest first."""
    frozen = set(ProgressQuarter.objects.values_list("quarter", flat=True))
    return sorted(one for one in statistics.quarters() if str(one) not in frozen)


def freeze_due(at: datetime) -> int:
    """Freeze every quarter that is due; return how many figures were kept. Harmless twice, or in two workers."""
    return sum(freeze(quarter, at=at) or 0 for quarter in due())


def freeze(quarter: Quarter, *, at: datetime) -> int | None:
    """Compute and keep a quarter's figures; return how many, or nothing where another worker has or does.

    Raises `ValueError` where the figures of cases are not frozen yet: they come first.
    """
    if quarter not in statistics.quarters():
        raise ValueError(f"The figures of cases of {quarter} are frozen first.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0] or ProgressQuarter.objects.filter(pk=str(quarter)).exists():
            return None
        ProgressQuarter.objects.create(quarter=str(quarter), computed_on=at.date(), code_version=CODE_VERSION)
        made = ProgressFigure.objects.bulk_create(compute(quarter), batch_size=2_000)
        silence_flags.recompute(quarter, at=at)
    return len(made)


def compute(quarter: Quarter) -> list[ProgressFigure]:
    """Compute a quarter's rows without keeping them."""
    found: list[ProgressFigure] = []
    countries = list(CountryPack.objects.live().values_list("pk", flat=True))
    for span in (1, 4):
        period = Period(quarter, span)
        where = places(period)
        counted = [*of_factories.count(period, where)]
        if span == 4:
            counted += _silence(quarter, where)
            counted += [Counted(MEMBER, place.pk, place.country) for place in where.values()]
        found += [_of_factory(quarter, span, one) for one in counted]
        ours = [*of_programme.count(period)]
        groups = [one for one in counted if one.code in OF_GROUP and (not one.part or one.code == "F17")]
        found += _of_groups(quarter, span, [*groups, *ours], countries)
    return found


def _silence(quarter: Quarter, where: Mapping[UUID, Place]) -> Iterator[Counted]:
    """F26, in a part for each version. A factory of which it cannot be said has no row in either."""
    for version, audience in _VERSIONS.items():
        for pk, silent in statistics.silent(audience, version, quarter).items():
            if pk in where:
                yield Counted("F26", pk, where[pk].country, int(silent), 1, part=version.value)


def _of_factory(quarter: Quarter, span: int, one: Counted) -> ProgressFigure:
    return ProgressFigure(
        quarter_id=str(quarter),
        span=span,
        factory_id=one.factory,
        country=one.country,
        code=one.code,
        part=one.part,
        num=one.num,
        den=one.den,
        value=one.value,
        on=one.on,
    )


def _of_groups(
    quarter: Quarter, span: int, counted: Iterable[Counted], countries: list[str]
) -> Iterator[ProgressFigure]:
    """Every live country and the programme; a figure without a row was not counted: n/a."""
    for (place, code, part), whole in sorted(by_place(counted).items()):
        if place and place not in countries:
            continue
        yield ProgressFigure(
            quarter_id=str(quarter),
            span=span,
            country=place,
            code=code,
            part=part,
            num=whole.num,
            den=whole.den,
            value=_value(code, part, whole),
            behind=whole.behind,
            largest=whole.largest,
        )


def _value(code: str, part: str, whole: Sum) -> Decimal | None:
    values: list[Any] = whole.values
    if not values or code not in ABOUT_US or part:
        return None
    if code == "A3":
        kappa = agreement.kappa(values)
        return None if kappa is None else decimal_of(kappa)
    return decimal_of(Fraction(median(values)))
