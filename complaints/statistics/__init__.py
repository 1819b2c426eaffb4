"""Figures about how complaints are handled, frozen each quarter and published with small numbers hidden.

The one room of this app that others may enter, and this page is its door: everything they get is words that were
suppressed before, labels, yes or no. Pages, too, read figures only through `published`. Indicators; docs/figures.md.
"""

from complaints.statistics.beside import follows, stands_beside
from complaints.statistics.catalogue import COMPLIANCE, FIGURES, SEEN, Direction, Figure, Kind
from complaints.statistics.handed_on import Version, channel_tests, declarations, silent
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
from complaints.statistics.suppression import (
    Audience,
    Label,
    Limits,
    Shown,
    compare,
    group_may_show,
    limits_of,
    median,
    not_applicable,
    percent,
    same_group,
    show_count,
    show_share,
    show_step_share,
    too_few,
    widen,
    wilson,
)

__all__ = [
    "COMPLIANCE", "FIGURES", "PROGRAMME", "SAFEGUARDING", "SEEN", "Audience", "Cell", "Direction", "Figure", "Kind",
    "Label", "Limits", "Period", "Publication", "Published", "Quarter", "Scope", "Shown", "Version", "channel_tests",
    "compare", "compliance", "declarations", "follows", "group_may_show", "limits_of", "median", "not_applicable",
    "percent", "published", "quarters", "received_by_country", "same_group", "show_count", "show_share",
    "show_step_share", "silent", "stands_beside", "too_few", "widen", "wilson",
]  # fmt: skip
