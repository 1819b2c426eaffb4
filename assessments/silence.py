"""The silence flag: very few complaints for the size of a factory raise a question and change no score. Pure.

Whether it is silent is said in `complaints.statistics.quiet`, in two versions, and comes as yes or no
(`silence_flags`): no number of complaints enters this app. Here is what it most likely means. Assessment, section 7.4.
"""

from __future__ import annotations

from collections.abc import Mapping

from assessments.models import SilenceKind

FAILING, PARTIAL = 1, 2


def kind_of(scores: Mapping[str, int | None], *, test_complaint_failed: bool = False) -> SilenceKind:
    """Return what the silence most likely means, from the latest scores as they count; what has none says nothing."""

    def at_most(code: str, most: int) -> bool:
        score = scores.get(code)
        return score is not None and score <= most

    if at_most("RP1", FAILING) or at_most("RP2", FAILING) or test_complaint_failed:
        return SilenceKind.NOT_WORKING
    if at_most("PC5", PARTIAL):
        return SilenceKind.NOT_KNOWN
    if at_most("RP4", PARTIAL) or at_most("RP5", FAILING):
        return SilenceKind.NOT_TRUSTED
    return SilenceKind.UNEXPLAINED
