"""What `assessments` is told of cases, for the figures it makes of its own: labels, yes or no, and tests.

No count of complaints passes through here. Assessment, sections 1 and 7.4; indicators, F15, F20, F26.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from enum import StrEnum
from uuid import UUID

from complaints.models.statistics import StatScope, StatSnapshot
from complaints.statistics import quiet
from complaints.statistics.quarters import Quarter
from complaints.statistics.suppression import Audience, Label, compliance_label

QUARTERS_OF_TESTS = 2  # Six months.


class Version(StrEnum):
    """Of the silence flag: which complaints it looks at."""

    ALL = "all"
    FACTORY = "factory"


_CODE = {Version.ALL: quiet.ALL, Version.FACTORY: quiet.FACTORY_ONLY}
# A flag of all complaints that stays off while the factory knows of none would tell that somebody complained outside.
_MAY_READ = {
    Audience.EXPERT: (Version.ALL, Version.FACTORY),
    Audience.ADVISOR: (Version.FACTORY,),
    Audience.FACTORY: (Version.FACTORY,),
}


def silent(audience: Audience, version: Version, quarter: Quarter) -> Mapping[UUID, bool]:
    """Return of each factory whether it was silent at the end of a quarter; no entry: it cannot be said.

    Raises `KeyError` for an audience that must not read this version. One query.
    """
    if version not in _MAY_READ.get(audience, ()):
        raise KeyError((audience, version))
    rows = StatSnapshot.objects.filter(quarter=str(quarter), scope=StatScope.FACTORY, code=_CODE[version], span=4)
    return {factory: num == 1 for factory, num in rows.filter(den=1).values_list("factory_id", "num")}


def declarations(quarter: Quarter, *, drills_passed: Collection[UUID]) -> Mapping[UUID, Label]:
    """Return of each factory how reliably conflicts were declared before a case was opened, in four quarters.

    A label like those of the compliance view: no case and a passed practice case read like a hundred cases. One query.
    """
    rows = StatSnapshot.objects.filter(quarter=str(quarter), scope=StatScope.FACTORY, code="F15", span=4)
    return {
        factory: compliance_label(num, den, drill_passed=factory in drills_passed)
        for factory, num, den in rows.values_list("factory_id", "num", "den")
    }


def channel_tests(quarter: Quarter) -> Mapping[UUID, tuple[int, int]]:
    """Return of each factory its test complaints through the platform in six months: answered on time, and sent.

    Nobody is behind a test, so these numbers may be told. One query.
    """
    quarters = [str(quarter.before(back)) for back in range(QUARTERS_OF_TESTS)]
    rows = StatSnapshot.objects.filter(quarter__in=quarters, scope=StatScope.FACTORY, code="F20", den__gt=0)
    found: dict[UUID, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for factory, num, den in rows.values_list("factory_id", "num", "den"):
        if factory:
            before = found[factory]
            found[factory] = (before[0] + num, before[1] + den)
    return dict(found)
