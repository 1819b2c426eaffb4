"""The one door to frozen figures, for pages and for other apps: what comes out is words, with small numbers hidden.

Nobody picks dates, and nobody is given a row. Each audience has its own figures and its own limits; which of them stand
beside which is decided here, so that no two can be subtracted. docs/figures.md says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from complaints.codes import Channel, FindingResult, Words
from complaints.models.statistics import StatQuarter, StatScope, StatSnapshot
from complaints.statistics import suppression
from complaints.statistics.catalogue import (
    AS_SAFEGUARDING,
    COMPLIANCE,
    DIRECTION_WORDS,
    FIGURES,
    SEEN,
    WITH_NUMBERS,
    Figure,
    Kind,
)
from complaints.statistics.quarters import Period, Quarter
from complaints.statistics.suppression import Audience, Label, Limits, Shown, limits_of

FINDINGS_FOR_MIX = 20
OF_THE_WHOLE = ("P1", "P2")  # Of the site itself, and of no factory.


@dataclass(frozen=True)
class Scope:
    """Whose figures: a factory by its id, a country by its code, or all."""

    kind: str
    factory: UUID | None = None
    country: str | None = None

    @classmethod
    def of_factory(cls, factory: UUID) -> Scope:
        return cls(StatScope.FACTORY, factory=factory)

    @classmethod
    def of_experts(cls, country: str) -> Scope:
        return cls(StatScope.EXPERTS, country=country)

    @classmethod
    def of_country(cls, country: str) -> Scope:
        return cls(StatScope.COUNTRY, country=country)


PROGRAMME, SAFEGUARDING = Scope(StatScope.PROGRAMME), Scope(StatScope.SAFEGUARDING)


@dataclass(frozen=True)
class Cell:
    """One part of a breakdown, as it may be shown."""

    name: Words
    shown: Shown


@dataclass(frozen=True)
class Published:
    """One figure, ready for a page: a value for the quarter (where there is one) and for the four that end with it."""

    figure: Figure
    quarter: Shown | None = None
    year: Shown | None = None
    numbers: str = ""  # Numerator and denominator, where they may be told.
    cells: tuple[Cell, ...] = ()

    @property
    def code(self) -> str:
        return self.figure.code

    @property
    def quarter_cells(self) -> tuple[Cell, ...]:
        return self.cells if self.figure.kind is Kind.TABLE else ()

    @property
    def year_cells(self) -> tuple[Cell, ...]:
        return self.cells if self.figure.kind is Kind.MIX else ()

    @property
    def direction(self) -> Words:
        return DIRECTION_WORDS[self.figure.direction]


@dataclass(frozen=True)
class Publication:
    """Everything one audience may read of one scope and quarter."""

    quarter: Quarter
    computed_on: date
    lines: tuple[Published, ...]
    shut: str = ""  # Why nothing is shown at all, in a sentence.

    def __getitem__(self, code: str) -> Published:
        found = next((line for line in self.lines if line.code == code), None)
        if found is None:
            raise KeyError(code)  # Templates ask so for every name.
        return found

    @property
    def period(self) -> Period:
        return Period(self.quarter, 4)

    @property
    def all_hidden(self) -> bool:
        """Whether there is not one number: the page says so in a sentence."""
        shown = [one for line in self.lines for one in (line.quarter, line.year, *(c.shown for c in line.cells))]
        return all(one is None or one.hidden for one in shown)


def quarters() -> list[Quarter]:
    """Return the quarters whose figures are frozen, the newest first."""
    return sorted(map(Quarter.read, StatQuarter.objects.values_list("quarter", flat=True)), reverse=True)


def published(audience: Audience, scope: Scope, quarter: Quarter) -> Publication | None:
    """Return what this audience may read of this scope; None where the quarter is not frozen.

    Raises `KeyError` for an audience to whom this kind of scope shows nothing. Who belongs to an audience, and whose
    scope it is, the caller has asked before. Three queries, whatever it holds.
    """
    codes = SEEN[audience, scope.kind]
    frozen = StatQuarter.objects.filter(pk=str(quarter)).first()
    if frozen is None:
        return None
    rows = _rows(scope, quarter, codes)
    shut = _shut(audience, scope, quarter)
    lines = () if shut else tuple(_line(FIGURES[code], rows[code], audience, quarter) for code in codes)
    return Publication(quarter, frozen.computed_on, lines, shut)


def compliance(factory: UUID, quarter: Quarter, *, drill_passed: bool) -> Mapping[str, Label]:
    """Return the compliance labels of a factory's steps: process only, from which no count can be derived."""
    rows = _rows(Scope.of_factory(factory), quarter, COMPLIANCE)
    found = {}
    for code in COMPLIANCE:
        year = next((row for row in rows[code] if row.span == 4), None)
        num, den = (year.num, year.den) if year else (0, 0)
        found[code] = suppression.compliance_label(num, den, drill_passed=drill_passed)
    return found


def received_by_country(quarter: Quarter) -> suppression.ShownTable:
    """Return the programme's complaints of a quarter by country, with their total, rounded down.

    A country of too few factories, or of one that is more than half of it, is hidden whatever it has.
    """
    limits = limits_of(Audience.PROGRAMME)
    rows = StatSnapshot.objects.filter(quarter=str(quarter), scope=StatScope.COUNTRY, code="C1", part="", span=1)
    groups = {str(row.country_id): row for row in rows.order_by("country")}
    cells = {country: row.den for country, row in groups.items()}
    unsteady = _unsteady(quarter)
    barred = [
        country
        for country, row in groups.items()
        if not suppression.group_may_show(row.behind, row.largest, row.den, limits) or country in unsteady
    ]
    table = suppression.show_table(cells, limits.k, barred=barred)
    return suppression.ShownTable(
        {name: count // 5 * 5 for name, count in table.cells.items()},
        table.total // 5 * 5 if table.total is not None else None,
    )


# --- One figure ---------------------------------------------------------------------------------------------------


def _rows(scope: Scope, quarter: Quarter, codes: Sequence[str]) -> Mapping[str, list[StatSnapshot]]:
    found: dict[str, list[StatSnapshot]] = defaultdict(list)
    kept = StatSnapshot.objects.filter(
        quarter=str(quarter), scope=scope.kind, factory=scope.factory, country=scope.country, code__in=codes
    )
    for row in kept.order_by("code", "part", "span"):
        found[row.code].append(row)
    return found


def _line(figure: Figure, rows: Sequence[StatSnapshot], audience: Audience, quarter: Quarter) -> Published:
    limits = limits_of(Audience.SAFEGUARDING if figure.code in AS_SAFEGUARDING else audience)
    if figure.kind is Kind.TABLE:
        return _table(figure, [row for row in rows if row.span == 1], limits)
    if figure.kind is Kind.MIX:
        return _mix(figure, [row for row in rows if row.span == 4], limits)
    by_span = {row.span: row for row in rows}
    shown = {span: _shown(figure, by_span.get(span), audience, limits, quarter) for span in figure.spans}
    return Published(figure, shown.get(1), shown.get(4), _numbers(figure, by_span.get(4), shown[4], audience, quarter))


def _shown(figure: Figure, row: StatSnapshot | None, audience: Audience, limits: Limits, quarter: Quarter) -> Shown:
    if row is None:
        return suppression.not_applicable()
    of_group = limits.factories and figure.code not in OF_THE_WHOLE
    if of_group and not suppression.group_may_show(row.behind, row.largest, row.den, limits):
        return suppression.too_few()
    match figure.kind:
        case Kind.STEPS if audience in (Audience.FACTORY, Audience.ADVISOR):
            return suppression.show_step_band(row.num, row.den, limits)
        case Kind.STEPS if audience is Audience.EXPERT:
            return suppression.show_step_share(row.num, row.den, limits)
        case Kind.STEPS | Kind.SHARE:
            # A bound tells the denominator. Of all less one country, or of one year less another, it told a hidden one.
            return suppression.widen(suppression.show_share(row.num, row.den, limits))
        case Kind.MEDIAN:
            return suppression.show_median(row.value, row.den, limits)
        case Kind.COUNT_BAND:
            return suppression.show_count_band(row.num, limits)
        case Kind.RATE:
            return _rate(row, audience, limits, quarter)
        case _:
            return Shown(_("none") if row.num == 0 else _("at least one: ask the administrators now"))


def _rate(row: StatSnapshot, audience: Audience, limits: Limits, quarter: Quarter) -> Shown:
    """F1. With the headcount a rate is a count: it is told only of calendar years, which do not overlap."""
    if audience is Audience.FACTORY or not quarter.ends_year:
        return suppression.show_rate_band(row.num, row.den, row.behind)
    if row.num < limits.k or row.value is None:
        return suppression.show_count(0, limits)
    return Shown(str(row.value.quantize(Decimal("0.1"), ROUND_HALF_UP)))


def _numbers(figure: Figure, row: StatSnapshot | None, shown: Shown, audience: Audience, quarter: Quarter) -> str:
    if row is None or audience not in WITH_NUMBERS or not quarter.ends_year or shown.hidden:
        return ""
    if figure.code in AS_SAFEGUARDING or figure.kind not in (Kind.STEPS, Kind.SHARE):
        return ""
    if shown.low != shown.high:  # Near 0% or 100%: the numerator stays hidden.
        return _("of %(den)s") % {"den": row.den}
    return _("%(num)s of %(den)s") % {"num": row.num, "den": row.den}


def _table(figure: Figure, rows: Sequence[StatSnapshot], limits: Limits) -> Published:
    cells = {channel.value: 0 for channel in Channel if channel != Channel.TEST}
    cells |= {row.part: row.den for row in rows if row.part}
    whole = next((row for row in rows if not row.part), None)
    if whole is None or not suppression.group_may_show(whole.behind, whole.largest, whole.den, limits):
        return Published(figure, suppression.too_few())
    table = suppression.show_table(cells, limits.k)
    total = suppression.show_count(table.total or 0, limits)
    hidden = Shown(_("hidden"), hidden=True)
    shown = {name: suppression.show_count(count, limits) for name, count in table.cells.items()}
    names = {channel.value: channel.label for channel in Channel}
    return Published(figure, total, cells=tuple(Cell(names[name], shown.get(name, hidden)) for name in cells))


def _mix(figure: Figure, rows: Sequence[StatSnapshot], limits: Limits) -> Published:
    cells = {result.value: 0 for result in FindingResult}
    cells |= {row.part: row.den for row in rows if row.part}
    whole = sum(cells.values())
    if whole < FINDINGS_FOR_MIX:
        return Published(figure, year=suppression.too_few())
    table = suppression.show_table(cells, limits.k)
    shown = {}
    for name, count in table.cells.items():
        share = suppression.percent(count, whole)
        shown[name] = Shown(f"{share}%", share, share)
    hidden = Shown(_("hidden"), hidden=True)
    names = {result.value: result.label for result in FindingResult}
    return Published(figure, cells=tuple(Cell(names[name], shown.get(name, hidden)) for name in cells))


# --- Groups -------------------------------------------------------------------------------------------------------


def _shut(audience: Audience, scope: Scope, quarter: Quarter) -> str:
    """Say why a group's figures are not shown this quarter at all, or nothing."""
    if audience is not Audience.PROGRAMME:
        return ""
    if _moved(quarter, scope.country):
        return _(
            "One factory came or went in this quarter. Beside the quarter before, its figures could be worked out."
        )
    return ""


def _moved(quarter: Quarter, country: str | None) -> bool:
    """Whether exactly one factory of the group came or went since the quarter before."""
    return country in _unsteady(quarter)


def _unsteady(quarter: Quarter) -> set[str | None]:
    """Return the countries in which exactly one factory came or went (None: of all of them), in one query."""
    live: dict[str | None, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    both = [str(quarter.before()), str(quarter)]
    members = StatSnapshot.objects.filter(quarter__in=both, scope=StatScope.FACTORY, code="F1", span=4)
    for of_quarter, factory, country in members.values_list("quarter_id", "factory_id", "factory__country_id"):
        for group in (country, None):
            live[group][of_quarter].add(factory)
    began = bool(live[None][both[0]])
    return {group for group, of in live.items() if began and not suppression.same_group(of[both[0]], of[both[1]])}
