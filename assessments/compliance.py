"""The compliance view: what may be shown of a factory to whoever asks whether it keeps its duties.

How complaints are handled and what was done against harassment: never how many complaints there were, how they ended,
or how likely harassment is. Steps of cases come as labels that read the same for no case and for a hundred. Nothing
here takes a number of complaints, so more complaints handled on time can lower no line. Indicators, section 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments import progress
from assessments.progress.catalogue import MADE
from assessments.progress.of_factories import drills_passed
from complaints import statistics
from complaints.statistics import Audience, Cell, Label, Published, Quarter, Shown

OWN = ("F15", "F16", "F17", "F18", "F20", "F23", "F24", "F27")
# In the order of indicators.md.
CODES = (*statistics.COMPLIANCE, *OWN)
LABELS: Mapping[Label, str | Promise] = {
    Label.WORKS_ON_TIME: _("works on time"),
    Label.MOSTLY_ON_TIME: _("mostly on time"),
    Label.PARTLY: _("partly on time"),
    Label.RARELY: _("rarely on time"),
    Label.NOT_SHOWN_YET: _("not shown yet"),
}
NOT_SHOWN_YET_SAYS = _(
    "“Not shown yet” becomes a label once a practice case was passed. It says nothing about whether there were"
    " complaints."
)


@dataclass(frozen=True)
class Line:
    """One line: a label for a step of cases, or a share of the factory's own work."""

    code: str
    name: str | Promise
    says: str | Promise
    words: str
    label: Label | None = None  # Of a step.
    shown: Shown | None = None  # Of a share; with its parts in `cells`.
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class View:
    """Everything the compliance view holds."""

    quarter: Quarter
    computed_on: date
    lines: tuple[Line, ...]

    def __getitem__(self, code: str) -> Line:
        found = next((line for line in self.lines if line.code == code), None)
        if found is None:
            raise KeyError(code)  # Templates ask so for every name.
        return found


def view(factory: UUID, quarter: Quarter | None = None) -> View | None:
    """Return a factory's compliance view of a frozen quarter (without one: of the newest), or None.

    It is the same for everybody who may open it. Who that is, the caller has asked before.
    """
    own = progress.of_factory(Audience.FACTORY, factory, quarter)
    if own is None:
        return None
    drilled = factory in drills_passed(own.quarter)
    labels = statistics.compliance(factory, own.quarter, drill_passed=drilled)
    steps = (_step(code, label) for code, label in labels.items())
    return View(own.quarter, own.computed_on, (*steps, *(_share(own[code]) for code in OWN)))


def _step(code: str, label: Label) -> Line:
    figure = statistics.FIGURES[code]
    return Line(code, figure.name, figure.says, str(LABELS[label]), label=label)


def _share(line: Published) -> Line:
    figure = MADE[line.code].figure
    shown = line.year if line.quarter is None else line.quarter
    return Line(line.code, figure.name, figure.says, shown.words if shown else "", shown=shown, cells=line.cells)
