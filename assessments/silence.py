"""The silence flag: very few complaints for the size of a factory raise a question and change no score. Pure.

Whether there were fewer than expected is counted in `complaints.statistics`, in two versions, and comes here as yes or
no: no number of complaints enters this app. Assessment, section 7.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from assessments.models import SilenceKind

LEAST_HEADCOUNT = 200
LEAST_MONTHS = 12
FAILING, PARTIAL = 1, 2


def expected_low(headcount: int, workers_per_complaint: int = 1000) -> Fraction:
    """Return how many complaints a year are the least to expect from a workforce of this size."""
    return Fraction(headcount, workers_per_complaint)


def silent(*, headcount: int | None, months_covered: int, fewer_than_expected: bool) -> bool:
    """Say whether the flag is on; never for a small factory, nor before a whole year was covered."""
    large_enough = headcount is not None and headcount >= LEAST_HEADCOUNT
    return large_enough and months_covered >= LEAST_MONTHS and fewer_than_expected


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
