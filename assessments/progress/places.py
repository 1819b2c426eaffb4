"""Which factories have figures of how they get on: every live one, and every one that is in the prevention package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from complaints.statistics import Period
from factories.models import Factory, FactoryStatus


@dataclass(frozen=True)
class Place:
    """A factory as figures know it."""

    pk: UUID
    country: str
    headcount: int | None
    in_package: bool


def places(period: Period) -> Mapping[UUID, Place]:
    """Return the factories of a quarter: those live now, and those whose support had begun and not ended before it."""
    in_package = Q(package__began_on__lt=period.end) & (
        Q(package__ended_on=None) | Q(package__ended_on__gte=period.quarter.start)
    )
    found = Factory.objects.filter(Q(status=FactoryStatus.LIVE) | in_package).select_related("package")
    return {
        one.pk: Place(one.pk, one.country_id, one.headcount, _supported(one, period))
        for one in found.order_by("pk").distinct()
    }


def _supported(factory: Factory, period: Period) -> bool:
    package = getattr(factory, "package", None)
    if package is None or package.began_on >= period.end:
        return False
    return package.ended_on is None or package.ended_on >= period.quarter.start
