"""Small numbers hidden, so that no figure points to a person. Pure functions; source: indicators.md, section 5.

A zero is hidden like a two: whoever reads "fewer than 5" learns nothing of either.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext as _


class Audience(StrEnum):
    """For whom a figure is made."""

    FACTORY = "factory"
    ADVISOR = "advisor"
    EXPERT = "expert"
    PROGRAMME = "programme"
    SAFEGUARDING = "safeguarding"


@dataclass(frozen=True)
class Limits:
    """From which numbers on an audience is shown something."""

    k: int  # Counts of complaints or cases.
    denominator: int  # Of a share, and how many values a median needs.
    dimensions: int  # Of a breakdown, at most.
    factories: int = 0  # In a group, at least, of which none has more than half.
    rounded: bool = False  # Counts are rounded down to a multiple of five.


LEAST: Mapping[Audience, Limits] = {
    Audience.FACTORY: Limits(k=5, denominator=10, dimensions=0),
    Audience.ADVISOR: Limits(k=5, denominator=10, dimensions=1),
    Audience.EXPERT: Limits(k=3, denominator=5, dimensions=2),
    Audience.PROGRAMME: Limits(k=10, denominator=20, dimensions=1, factories=5, rounded=True),
    Audience.SAFEGUARDING: Limits(k=10, denominator=20, dimensions=0),
}


def limits_of(audience: Audience) -> Limits:
    """Return an audience's limits: what is configured where that is higher, and never less than the least."""
    least = LEAST[audience]
    k = max(least.k, int(settings.SAMLENG_SMALL_NUMBERS.get(audience.value, 0)))
    # Below twice k a share that is neither near 0% nor near 100% could not exist.
    denominator = max(least.denominator, 2 * k if k > least.k else 0)
    return Limits(k, denominator, least.dimensions, least.factories, least.rounded)


@dataclass(frozen=True)
class Shown:
    """What may be said of one number: words, and for a picture the lowest and highest per cent they allow."""

    words: str
    low: int | None = None
    high: int | None = None
    hidden: bool = False

    def __str__(self) -> str:
        return self.words


def not_applicable() -> Shown:
    """Nothing could have been counted: never 0% or 100%."""
    return Shown(_("n/a"), hidden=True)


def too_few() -> Shown:
    return Shown(_("too few to show"), hidden=True)


def percent(num: int, den: int) -> int:
    """Return a share in whole per cent, rounded half up."""
    return int((Decimal(100 * num) / Decimal(den)).quantize(Decimal(1), ROUND_HALF_UP))


def median(values: Sequence[int]) -> Decimal | None:
    """Return the middle value; the mean of the two middle ones where their number is even."""
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    if len(ordered) % 2:
        return Decimal(ordered[half])
    return Decimal(ordered[half - 1] + ordered[half]) / 2


# --- Counts and shares --------------------------------------------------------------------------------------------


def show_count(count: int, limits: Limits) -> Shown:
    if count < limits.k:
        return Shown(_("fewer than %(k)s") % {"k": limits.k}, hidden=True)
    return Shown(str(count // 5 * 5 if limits.rounded else count))


def show_count_band(count: int, limits: Limits) -> Shown:
    """Say roughly how many: enough to ask why, too little to count."""
    if count < limits.k:
        return Shown(_("fewer than %(k)s") % {"k": limits.k}, hidden=True)
    if count < 2 * limits.k:
        return Shown(_("%(low)s to %(high)s") % {"low": limits.k, "high": 2 * limits.k - 1})
    return Shown(_("%(low)s or more") % {"low": 2 * limits.k})


def show_share(num: int, den: int, limits: Limits) -> Shown:
    """Show a share, unless too little stands behind it; near 0% or 100% only the side on which it lies."""
    if den < limits.denominator:
        return too_few()
    if num < limits.k:
        bound = min(100, math.ceil(100 * limits.k / den))
        return Shown(_("under %(share)s%%") % {"share": bound}, 0, bound)
    if den - num < limits.k:
        bound = max(0, 100 * (den - limits.k) // den)
        return Shown(_("over %(share)s%%") % {"share": bound}, bound, 100)
    return _exact(num, den)


COARSE_BOUNDS = (10, 25, 50, 75)


def widen(shown: Shown) -> Shown:
    """Let "under" and "over" say only 10, 25, 50 or 75 per cent from the end.

    The exact bound is k divided by the denominator, so it tells how many complaints there were, beside the same bound
    a quarter later how many came since, and beside that of a country how many the others have.
    """
    if shown.hidden or shown.low is None or shown.high is None or shown.low == shown.high:
        return shown
    if shown.low == 0:
        bound = next(one for one in COARSE_BOUNDS if one >= shown.high)
        return Shown(_("under %(share)s%%") % {"share": bound}, 0, bound)
    bound = 100 - next(one for one in COARSE_BOUNDS if one >= 100 - shown.low)
    return Shown(_("over %(share)s%%") % {"share": bound}, bound, 100)


def show_step_share(num: int, den: int, limits: Limits) -> Shown:
    """Show a share of steps on time as it is: near 100% it tells only that handlers were on time."""
    return too_few() if den < limits.denominator else _exact(num, den)


STEP_BANDS = ((95, 100), (80, 94), (50, 79), (0, 49))


def show_step_band(num: int, den: int, limits: Limits) -> Shown:
    """Show a share of steps on time as one of four bands, for factory users and advisors."""
    if den < limits.denominator:
        return too_few()
    share = percent(num, den)
    low, high = next(band for band in STEP_BANDS if share >= band[0])
    if high == 100:
        words = _("%(low)s%% or more") % {"low": low}
    elif low == 0:
        words = _("under %(high)s%%") % {"high": high + 1}
    else:
        words = _("%(low)s to %(high)s%%") % {"low": low, "high": high}
    return Shown(words, low, high)


def show_median(value: Decimal | None, count: int, limits: Limits) -> Shown:
    if count < limits.denominator or value is None:
        return too_few()
    days = value.quantize(Decimal(1), ROUND_HALF_UP)
    return Shown(_("%(days)s days") % {"days": days})


def _exact(num: int, den: int) -> Shown:
    share = percent(num, den)
    return Shown(f"{share}%", share, share)


# --- Tables with totals -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownTable:
    """The cells that may be shown, in their fixed order, and the total (empty: not even that)."""

    cells: Mapping[str, int]
    total: int | None


def show_table(cells: Mapping[str, int], k: int, *, barred: Collection[str] = ()) -> ShownTable:
    """Hide small cells of one dimension, and as many others as it takes that none is found by subtraction.

    `cells` come in their fixed order. `barred` ones are hidden whatever they hold (a group of too few factories).
    """
    total = sum(cells.values())
    if total < k:
        return ShownTable({}, None)
    hidden = _hidden(cells, k, barred)
    if not _ambiguous(cells, hidden, k, barred):
        if len(hidden) == len(cells):
            return ShownTable({}, None)  # Even the total would tell: each of them is one below k.
        hidden = set(cells)
    return ShownTable({name: count for name, count in cells.items() if name not in hidden}, total)


def _hidden(cells: Mapping[str, int], k: int, barred: Collection[str]) -> set[str]:
    order = {name: place for place, name in enumerate(cells)}
    hidden = {name for name, count in cells.items() if count < k or name in barred}

    def hide_smallest() -> bool:
        rest = [name for name in cells if name not in hidden]
        if rest:
            hidden.add(min(rest, key=lambda name: (cells[name], -order[name])))
        return bool(rest)

    if len(hidden) == 1:
        hide_smallest()
    while hidden and sum(cells[name] for name in hidden) < k and hide_smallest():
        pass
    return hidden


def _ambiguous(cells: Mapping[str, int], hidden: Collection[str], k: int, barred: Collection[str]) -> bool:
    """Whether each small hidden cell could hold another number, even for somebody who knows these rules.

    The total says what the hidden cells have together. Where they fill it to the brim, or where only one of them can
    be the smallest of the others, that is enough to work them out: then no cell is shown.
    """
    for name in hidden:
        if cells[name] >= k and name not in barred:
            continue
        others = [
            {**cells, name: cells[name] + step, other: cells[other] - step}
            for other in hidden
            if other != name
            for step in (-1, 1)
            if cells[name] + step >= 0 and cells[other] - step >= 0
        ]
        if not any(_hidden(other, k, barred) == set(hidden) for other in others):
            return False
    return True


def group_may_show(factories: int, largest: int, whole: int, limits: Limits) -> bool:
    """Whether a group is large enough, and no factory is more than half of it."""
    return factories >= limits.factories and (not limits.factories or 2 * largest <= whole)


def same_group(before: Collection[object], after: Collection[object]) -> bool:
    """Whether two quarters of a group may stand beside each other: not where one factory came or went."""
    return len(set(before) ^ set(after)) != 1


# --- Bands and labels ---------------------------------------------------------------------------------------------

FEW_BELOW, MANY_FROM = 1, 10  # Complaints per 1,000 workers and year: design values.
HEADCOUNT_FOR_BAND, QUARTERS_FOR_BAND = 200, 4


def show_rate_band(count: int, headcount: int | None, quarters: int) -> Shown:
    """Say of a factory's complaints whether they are few, some or many; neither is praise or blame."""
    if not headcount or headcount < HEADCOUNT_FOR_BAND:
        return Shown(_("not shown for small factories"), hidden=True)
    if quarters < QUARTERS_FOR_BAND:
        return Shown(_("not shown before four full quarters"), hidden=True)
    if 1000 * count < FEW_BELOW * headcount:
        return Shown(_("few: people may not know or trust the ways to complain"))
    if 1000 * count < MANY_FROM * headcount:
        return Shown(_("some"))
    return Shown(_("many: people use the ways to complain; look at whether there is a cause you can remove"))


class Label(StrEnum):
    """How reliably a step works, for the compliance view; from the lowest to the highest."""

    NOT_SHOWN_YET = "not_shown_yet"
    RARELY = "rarely"
    PARTLY = "partly"
    MOSTLY_ON_TIME = "mostly_on_time"
    WORKS_ON_TIME = "works_on_time"


def compliance_label(num: int, den: int, *, drill_passed: bool) -> Label:
    """Label a step without a count: no case and a passed practice case read like a hundred cases on time."""
    if den >= 10:
        share = percent(num, den)
        floors = ((95, Label.WORKS_ON_TIME), (80, Label.MOSTLY_ON_TIME), (50, Label.PARTLY), (0, Label.RARELY))
        return next(label for floor, label in floors if share >= floor)
    return Label.WORKS_ON_TIME if num == den and drill_passed else Label.NOT_SHOWN_YET


def wilson(num: int, den: int, z: float = 1.96) -> tuple[float, float]:
    """Return the Wilson interval of a share."""
    share = num / den
    centre = (share + z * z / (2 * den)) / (1 + z * z / den)
    half = z * math.sqrt(share * (1 - share) / den + z * z / (4 * den * den)) / (1 + z * z / den)
    return centre - half, centre + half


def compare(before: tuple[int, int], after: tuple[int, int]) -> str:
    """Say whether a share of a survey changed: only where the two intervals do not overlap."""
    (low_before, high_before), (low_after, high_after) = wilson(*before), wilson(*after)
    if low_after > high_before:
        return _("higher")
    if high_after < low_before:
        return _("lower")
    return _("no clear change")
