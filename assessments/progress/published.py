"""The one door to frozen figures of how factories get on: what comes out is words, with small numbers hidden.

Each reader has own figures and own limits, as in `complaints.statistics`; docs/figures.md says why. Never a count of
complaints: none is kept here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _

from assessments.models import ProgressFigure, ProgressQuarter
from assessments.progress.catalogue import MADE, MEMBER, SEEN_OF_FACTORY, SEEN_OF_GROUP, Made, Way, Words
from assessments.progress.of_factories import BEFORE, WITH_POWER
from assessments.progress.of_programme import EXACT, WITHIN_ONE
from complaints import statistics
from complaints.statistics import (
    Audience,
    Cell,
    Limits,
    Publication,
    Published,
    Quarter,
    Scope,
    Shown,
    Version,
    compare,
    group_may_show,
    limits_of,
    not_applicable,
    same_group,
    show_share,
    show_step_share,
    too_few,
    widen,
    wilson,
)
from factories.models import InPlace

SMALL_SAMPLE = 30
Rows = Mapping[tuple[str, int], Mapping[str, ProgressFigure]]  # By code and span; then by part.
_PARTS: Mapping[str, Sequence[tuple[str, Words]]] = {
    "F17": [(group.value, group.label) for group in WITH_POWER],
    "F27": InPlace.choices,
}


def quarters() -> list[Quarter]:
    """Return the quarters whose figures are frozen, the newest first."""
    return sorted(map(Quarter.read, ProgressQuarter.objects.values_list("quarter", flat=True)), reverse=True)


def published(audience: Audience, factory: UUID, quarter: Quarter | None = None) -> Publication | None:
    """Return what this audience may read of a factory, F15 to F28, of a quarter (without one: of the newest).

    None where that quarter is not frozen. Raises `KeyError` for an audience to whom factories show nothing. Who
    belongs to an audience, and whose factory it is, the caller has asked before. At most six queries.
    """
    found = of_factory(audience, factory, quarter)
    if found is None:
        return None
    cases = statistics.published(audience, Scope.of_factory(factory), found.quarter)
    satisfaction = tuple(line for line in cases.lines if line.code == "F28") if cases else ()
    return Publication(found.quarter, found.computed_on, found.lines + satisfaction)


def of_factory(audience: Audience, factory: UUID, quarter: Quarter | None = None) -> Publication | None:
    """Return the same without F28, which stands on the page of the figures of cases already."""
    codes = SEEN_OF_FACTORY[audience]
    frozen = _frozen(quarter)
    if frozen is None:
        return None
    of = Quarter.read(frozen.quarter)
    rows = _rows(ProgressFigure.objects.filter(quarter=frozen, factory=factory, code__in=codes))
    lines = tuple(_line(MADE[code], rows, audience) for code in codes)
    return Publication(of, frozen.computed_on, lines)


def of_group(audience: Audience, country: str = "", quarter: Quarter | None = None) -> Publication | None:
    """Return what this audience may read of a country, or (without one) of the programme."""
    codes = SEEN_OF_GROUP[audience]
    frozen = _frozen(quarter)
    if frozen is None:
        return None
    of = Quarter.read(frozen.quarter)
    if audience is Audience.PROGRAMME and _moved(of, country):
        shut = _(
            "One factory came or went in this quarter. Beside the quarter before, its figures could be worked out."
        )
        return Publication(of, frozen.computed_on, (), shut)
    rows = _rows(ProgressFigure.objects.filter(quarter=frozen, factory=None, country=country, code__in=codes))
    lines = tuple(_line(MADE[code], rows, audience) for code in codes)
    return Publication(of, frozen.computed_on, lines)


def _frozen(quarter: Quarter | None) -> ProgressQuarter | None:
    frozen = ProgressQuarter.objects.all()
    if quarter is not None:
        return frozen.filter(pk=str(quarter)).first()
    return frozen.order_by("-quarter").first()


def _rows(kept: Any) -> Rows:
    found: dict[tuple[str, int], dict[str, ProgressFigure]] = defaultdict(dict)
    for row in kept:
        found[row.code, row.span][row.part] = row
    return found


def _moved(quarter: Quarter, country: str) -> bool:
    """Whether exactly one factory of the group came or went since the quarter before."""
    both = [str(quarter.before()), str(quarter)]
    members = ProgressFigure.objects.filter(quarter__in=both, code=MEMBER)
    if country:
        members = members.filter(country=country)
    of: dict[str, set[UUID]] = {one: set() for one in both}
    for one, factory in members.order_by().values_list("quarter_id", "factory_id"):
        of[one].add(factory)
    return ProgressQuarter.objects.filter(pk=both[0]).exists() and not same_group(of[both[0]], of[both[1]])


# --- One figure -----------------------------------------------------------------------------------------------------


def _line(made: Made, rows: Rows, audience: Audience) -> Published:
    limits = limits_of(audience)
    shown: dict[int, Shown] = {}
    cells: tuple[Cell, ...] = ()
    numbers = ""
    for span in made.spans:
        of = rows.get((made.code, span), {})
        if made.way is Way.FLAG:
            shown[span] = _flag(of.get(Version.FACTORY.value))
            if audience is Audience.EXPERT:
                numbers = _("All complaints: %(answer)s") % {"answer": _flag(of.get(Version.ALL.value)).words}
            continue
        shown[span] = _shown(made, of.get(""), limits)
        if made.way is Way.SURVEY:
            numbers = _survey_says(of, shown[span], limits)
        cells = cells or _cells(made, of, limits)
    return Published(made.figure, shown.get(1), shown.get(4), numbers, cells)


def _shown(made: Made, row: ProgressFigure | None, limits: Limits) -> Shown:
    if row is None or row.den == 0:
        return not_applicable()
    if limits.factories and not group_may_show(row.behind, row.largest, row.den, limits):
        return too_few()
    if row.factory_id is None and made.way is not Way.COUNT and row.den < limits.denominator:
        return too_few()
    if row.den < made.least:
        return too_few()
    match made.way:
        case Way.SHARE:
            return show_step_share(row.num, row.den, _no_least(limits))
        case Way.PEOPLE:
            return show_step_share(row.num, row.den, limits)
        case Way.SURVEY:
            return widen(show_share(row.num, row.den, limits))
        case Way.COUNT:
            return Shown(formats.number_format(row.num // 5 * 5 if limits.rounded else row.num, force_grouping=True))
        case Way.IN_PLACE:
            return Shown(_("%(yes)s of %(all)s") % {"yes": row.num, "all": row.den})
    return _of_value(made, row)


def _of_value(made: Made, row: ProgressFigure) -> Shown:
    if row.value is None:
        return not_applicable()
    whole = int(row.value.quantize(Decimal(1), ROUND_HALF_UP))
    match made.way:
        case Way.COMPOSITE:
            return Shown(f"{whole}%", whole, whole)
        case Way.POINTS:
            return Shown(_("%(points)s points") % {"points": f"{whole:+d}"})
        case Way.MEDIAN:
            return Shown(_("%(days)s working days") % {"days": whole})
    return Shown(formats.number_format(row.value.quantize(Decimal("0.01"), ROUND_HALF_UP)))


def _no_least(limits: Limits) -> Limits:
    """Let a share of what is not people be shown whatever is behind it."""
    return Limits(limits.k, 1, limits.dimensions, limits.factories, limits.rounded)


def _cells(made: Made, of: Mapping[str, ProgressFigure], limits: Limits) -> tuple[Cell, ...]:
    if made.way is Way.IN_PLACE:
        return tuple(Cell(name, _checked(of.get(what))) for what, name in _PARTS[made.code])
    if made.way is Way.KAPPA:
        parts: Sequence[tuple[str, Words]] = [(EXACT, _("The same score")), (WITHIN_ONE, _("One apart at most"))]
        return tuple(Cell(name, _part(made, of.get(part), limits)) for part, name in parts)
    if made.code in _PARTS:
        return tuple(Cell(name, _shown(made, of.get(part), limits)) for part, name in _PARTS[made.code])
    return ()


def _part(made: Made, row: ProgressFigure | None, limits: Limits) -> Shown:
    if row is None:
        return not_applicable()
    if row.den < made.least or (limits.factories and not group_may_show(row.behind, row.largest, row.den, limits)):
        return too_few()
    return show_step_share(row.num, row.den, limits)


def _checked(row: ProgressFigure | None) -> Shown:
    if row is None or row.on is None:
        return not_applicable()
    day = formats.date_format(row.on, "DATE_FORMAT")
    return Shown((_("yes, checked on %(day)s") if row.num else _("no, checked on %(day)s")) % {"day": day})


def _flag(row: ProgressFigure | None) -> Shown:
    """F26. No praise where it is off, no blame where it is on."""
    if row is None or row.den == 0:
        return not_applicable()
    return Shown(_("very few") if row.num else _("not very few"))


def _survey_says(of: Mapping[str, ProgressFigure], shown: Shown, limits: Limits) -> str:
    """Say the Wilson interval, what changed since the survey before, and whether few people answered."""
    last, before = of.get(""), of.get(BEFORE)
    if last is None or shown.hidden:
        return ""
    said = []
    if shown.low == shown.high:
        low, high = wilson(last.num, last.den)
        said.append(_("%(low)s to %(high)s%%") % {"low": round(100 * low), "high": round(100 * high)})
        if before is not None and _is_exact(before, limits):
            change = compare((before.num, before.den), (last.num, last.den))
            said.append(_("since the survey before: %(change)s") % {"change": change})
    if last.den < SMALL_SAMPLE:
        said.append(_("small sample"))
    return "; ".join(said)


def _is_exact(row: ProgressFigure, limits: Limits) -> bool:
    shown = show_share(row.num, row.den, limits)
    return not shown.hidden and shown.low == shown.high
