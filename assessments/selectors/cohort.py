"""Comparison with a cohort: the middle of at least five other factories, the same ones for a whole year.

Assessment scores only, as they stood on 1 January: whoever reads the page twice in a year compares with the same
factories, so that nothing is learned of one by who came or went. Indicators, section 5.2, steps 5 and "two periods".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from uuid import UUID

from django.utils.translation import gettext as _

from assessments.models import Assessment, DomainScore
from factories.models import Factory

AT_LEAST = 5
# The bands of the interview sample. Assessment, section 2.
BANDS = (0, 200, 500, 1000, 2500)


@dataclass(frozen=True)
class Cohort:
    """Who is compared with, in words, and the middle of their scores by domain. Never who they are."""

    says: str
    middles: Mapping[str, Decimal]
    as_of: date


Scores = Mapping[str, Decimal | None]


def of(factory: Factory, on: date, *, own: UUID) -> tuple[Scores, Cohort | None]:
    """Return a factory's own scores by domain (of assessment `own`), and what they are compared with; None: too few.

    Its country and size, else its country, else all. Two queries. Which factories are in it is fixed on 1 January.
    """
    as_of = date(on.year, 1, 1)
    rows = (
        Assessment.objects.final()
        .from_outside()
        .filter(visit_to__lt=as_of, final_at__date__lt=as_of)
        .exclude(factory=factory.pk)
        .order_by("factory_id", "-visit_to", "-final_at")
        .distinct("factory_id")
    )
    others = [
        (pk, country, band(counted or 0))
        for pk, country, counted in rows.values_list("pk", "factory__country", "headcount")
    ]
    near = [one for one in others if one[1] == factory.country_id]
    alike = [one for one in near if one[2] == band(factory.headcount or 0)]
    for found, says in (
        (alike, _("factories of your size in the country")),
        (near, _("factories in the country")),
        (others, _("factories in the programme")),
    ):
        if len(found) >= AT_LEAST:
            mine, middles = _read([pk for pk, _country, _band in found], own)
            return mine, Cohort(says, middles, as_of)
    return _read([], own)[0], None


def band(headcount: int) -> int:
    """Return the band of size a factory is in."""
    return sum(headcount >= least for least in BANDS)


def _read(others: list[UUID], own: UUID) -> tuple[Scores, dict[str, Decimal]]:
    """Return the own scores and the middle of the others' by domain; what fewer than five have is left out."""
    mine: dict[str, Decimal | None] = {}
    scores: dict[str, list[Decimal]] = defaultdict(list)
    rows = DomainScore.objects.filter(assessment__in=[*others, own]).order_by()
    for assessment, domain, score in rows.values_list("assessment", "domain", "score"):
        if assessment == own:
            mine[domain] = score
        elif score is not None:
            scores[domain].append(score)
    return mine, {
        domain: Decimal(median(found)).quantize(Decimal("0.1"))
        for domain, found in scores.items()
        if len(found) >= AT_LEAST
    }
