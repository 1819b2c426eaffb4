"""What the figures of the platform speak for, beside four indicators that rest on case records. It is a hint, no score.

It comes from the labels of the compliance view, which read the same for no case and a practice case as for a hundred
cases: no number of complaints enters, and a case that was handled on time can only lift a label. Assessment, section 1.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from assessments import compliance
from complaints.statistics import Label

WORKS, PARTIAL = 3, 2  # What time limits can show: 4 also needs what only people can say.
# The indicator, the figure it rests on, and the labels that carry what its anchor 3 asks for.
RESTS_ON: dict[str, tuple[str, frozenset[Label]]] = {
    "RP3": ("F2", frozenset({Label.WORKS_ON_TIME, Label.MOSTLY_ON_TIME})),  # At least 80% acknowledged in time.
    "CH1": ("F3", frozenset({Label.WORKS_ON_TIME})),  # Every complaint.
    "CH2": ("F5", frozenset({Label.WORKS_ON_TIME, Label.MOSTLY_ON_TIME})),  # At least 80% within the limit.
    "SN1": ("F9", frozenset({Label.WORKS_ON_TIME})),  # Checks at 30, 60 and 90 days.
}


def propose(indicator: str, label: Label) -> int | None:
    """Return the score this label speaks for; None where the figures say nothing."""
    if indicator not in RESTS_ON or label == Label.NOT_SHOWN_YET:
        return None
    return WORKS if label in RESTS_ON[indicator][1] else PARTIAL


def hints(factory: UUID) -> dict[str, str]:
    """Return a sentence for each indicator about which the newest figures of this factory say something."""
    view = compliance.view(factory)
    if view is None:
        return {}
    lines = {line.code: line for line in view.lines}
    found = {}
    for indicator, (figure, _enough) in RESTS_ON.items():
        line = lines.get(figure)
        score = propose(indicator, line.label) if line and line.label else None
        if line and score is not None:
            said = {"figure": line.name, "label": line.words, "score": score}
            words = _("The figures say: “%(figure)s” %(label)s. By itself this speaks for %(score)d; you decide.")
            found[indicator] = words % said
    return found
