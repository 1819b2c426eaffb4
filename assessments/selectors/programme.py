"""The programme's page: frozen figures of all factories or of one country, small numbers hidden, quarter by quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from assessments import charts, progress
from assessments.charts import Bars
from complaints.statistics import Audience, Published, Quarter, Shown
from factories.models import CountryPack

QUARTERS_BESIDE = 4
# What a head looks at first: workers reached, activities done, dates kept, assessments in time, actions done.
FIRST = ("A9", "F23", "F24", "A1", "A10")


@dataclass(frozen=True)
class Choice:
    quarter: str
    words: str
    here: bool


@dataclass(frozen=True)
class ProgrammePage:
    """Everything the page shows; already suppressed."""

    choices: Sequence[Choice]
    words: str = ""
    computed_on: date | None = None
    shut: str = ""
    first: Sequence[tuple[Published, Shown | None]] = ()
    lines: Sequence[Published] = ()
    chart: Bars | None = None
    before: Sequence[tuple[str, Sequence[str]]] = ()  # Quarter in words, and the first figures then.
    next_on: date | None = None


def page(country: CountryPack | None, *, asked_quarter: str, at: datetime) -> ProgrammePage | None:
    """Return the page of a quarter (without one: of the newest); None where that quarter is not frozen."""
    frozen = progress.quarters()
    if not frozen:
        day = Quarter.finished_by(at.date()).before(-1).due_on
        return None if asked_quarter else ProgrammePage((), next_on=day)
    quarter = next((one for one in frozen if str(one) == asked_quarter), None if asked_quarter else frozen[0])
    if quarter is None:
        return None
    code = country.pk if country else ""
    beside = [one for one in frozen if one <= quarter][:QUARTERS_BESIDE]
    found = {one: progress.of_group(Audience.PROGRAMME, code, one) for one in beside}
    newest = found[quarter]
    assert newest is not None
    lines = {line.code: line for line in newest.lines}
    first = [(lines[one], _shown(lines[one])) for one in FIRST if one in lines]
    shares = [(str(line.figure.name), shown.low, None) for line, shown in first if shown and _is_exact(shown)]
    return ProgrammePage(
        choices=[Choice(str(one), _months(one), one == quarter) for one in frozen],
        words=_months(quarter),
        computed_on=newest.computed_on,
        shut=newest.shut,
        first=first,
        lines=newest.lines,
        chart=charts.bars(_("Shares in per cent"), shares, value_name=_("Per cent")) if shares else None,
        before=[(_months(one), _then(found[one])) for one in beside],
    )


def _then(publication: object) -> list[str]:
    lines = {line.code: line for line in getattr(publication, "lines", ())}
    return [str(_shown(lines[code]) or "–") if code in lines else _("hidden") for code in FIRST]


def _shown(line: Published) -> Shown | None:
    return line.year or line.quarter


def _is_exact(shown: Shown) -> bool:
    return not shown.hidden and shown.low is not None and shown.low == shown.high


def _months(quarter: Quarter) -> str:
    """Say a quarter in words: "April to June 2026"."""
    first, last = quarter.start, quarter.end - timedelta(days=1)
    words = _("%(first)s to %(last)s")
    return words % {"first": formats.date_format(first, "F"), "last": formats.date_format(last, "F Y")}
