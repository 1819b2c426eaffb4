"""These figures beside those of cases: on the same pages, and frozen right after them."""

from __future__ import annotations

from datetime import datetime

from assessments.progress import freezing
from assessments.progress.catalogue import SEEN_OF_FACTORY, SEEN_OF_GROUP
from assessments.progress.published import of_factory, of_group
from complaints.statistics import PROGRAMME, Audience, Publication, Quarter, Scope, follows, stands_beside


@follows
def freeze_due(at: datetime) -> int:
    """Freeze what is due."""
    return freezing.freeze_due(at)


@stands_beside
def figures(audience: Audience, scope: Scope, quarter: Quarter) -> Publication | None:
    """Return what this audience reads of a factory, a country or the programme."""
    if scope.factory is not None:
        return of_factory(audience, scope.factory, quarter) if audience in SEEN_OF_FACTORY else None
    if audience not in SEEN_OF_GROUP:
        return None
    if scope == PROGRAMME:
        return of_group(audience, "", quarter)
    is_country = scope.country is not None and scope == Scope.of_country(scope.country)
    return of_group(audience, scope.country or "", quarter) if is_country else None
