"""Figures about how complaints are handled, frozen each quarter and published with small numbers hidden.

The one room of this app that others may enter, and this page is its door: everything they get is words that were
suppressed before. Pages, too, read figures only through `published`. Indicators; docs/figures.md.
"""

from complaints.statistics.catalogue import COMPLIANCE, FIGURES, SEEN, Direction, Figure, Kind
from complaints.statistics.published import (
    PROGRAMME,
    SAFEGUARDING,
    Cell,
    Publication,
    Published,
    Scope,
    compliance,
    published,
    quarters,
    received_by_country,
)
from complaints.statistics.quarters import Period, Quarter
from complaints.statistics.suppression import Audience, Label, Shown

__all__ = [
    "COMPLIANCE", "FIGURES", "PROGRAMME", "SAFEGUARDING", "SEEN", "Audience", "Cell", "Direction", "Figure", "Kind",
    "Label", "Period", "Publication", "Published", "Quarter", "Scope", "Shown", "compliance", "published", "quarters",
    "received_by_country",
]  # fmt: skip
