"""The likelihood conclusion: whether evidence is complete, the level by rule in two versions, confidence, review. Pure.

Structured professional judgement: the rule proposes, the assessors decide `level_factory`, the technical expert
decides `level`, and whoever departs from the rule says why. Nothing here takes a number of complaints.
Assessment, section 7.3.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models import Confidence, Level, Looked, ReviewReason
from assessments.scoring import EVIDENCE, source_types
from assessments.tool import Sample, Tool

OWN, PATTERN, SEEN, SUBSTANTIATED = "S01", "S02", "S03", "S04"
REHEARSED = "S23"
# What may be known only from a case that the factory never handled; such a mark counts for the expert alone.
MAY_BE_OUTSIDE = frozenset({"S04", "S06", "S15"})
COMPLETE_PERCENT = 75
COMPLETE_TYPES = 4
MEDIUM_TYPES = 3
LEVELS = list(Level)  # From the least said to the most.


class Counts(Protocol):
    """What was counted on a visit; an assessment is one."""

    headcount: int | None
    women: int | None
    interviews: int
    interviews_with_women: int
    interviews_off_site: int
    women_only_groups: int
    mechanics_included: bool
    young_workers_included: bool


class Mark(Protocol):
    """One assessor's mark of a signal."""

    signal: str
    looked: str
    sources: list[str]
    severe: bool
    outside_only: bool


class Missing(models.TextChoices):
    """What evidence still lacks to be complete (closed list)."""

    INTERVIEWS = "interviews", _("Fewer than three quarters of the interviews were held.")
    OFF_SITE = "off_site", _("Too few interviews were held away from the factory.")
    GROUPS = "groups", _("Too few women-only groups were held.")
    SOURCES = "sources", _("Fewer than four types of sources were used.")
    MECHANICS = "mechanics", _("No mechanic was heard.")
    YOUNG = "young", _("No young worker was heard.")
    REHEARSED = "rehearsed", _("Answers were identical or sounded rehearsed.")


@dataclass(frozen=True)
class Found:
    """A signal that is present, whoever of the assessors marked it."""

    code: str
    grade: str
    types: frozenset[str]
    severe: bool = False
    for_factory: bool = True  # Counts for `level_factory` too ...
    types_for_factory: frozenset[str] | None = None  # ... with these sources only, where they are not all.


# ---------------------------------------------------------------------------------------------------------
# What was found


def found(tool: Tool, marks: Iterable[Mark]) -> list[Found]:
    """Return the signals that are present, one each, from the marks of all assessors.

    What one assessor knows from the factory itself counts for the factory, though the other knows it from outside.
    A signal that this version of the tool does not have is passed over.
    """
    present: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.looked == Looked.PRESENT and tool.has_signal(mark.signal):
            present.setdefault(mark.signal, []).append(mark)
    return [_joined(tool, code, those) for code, those in sorted(present.items())]


def _joined(tool: Tool, code: str, marks: list[Mark]) -> Found:
    signal = tool.signal(code)
    inside = [mark for mark in marks if not _from_outside(mark)]
    for_factory = signal.in_level_factory and bool(inside)
    return Found(
        code=code,
        grade=signal.grade,
        types=source_types(source for mark in marks for source in mark.sources),
        severe=any(mark.severe for mark in marks),
        for_factory=for_factory,
        types_for_factory=source_types(source for mark in inside for source in mark.sources) if for_factory else None,
    )


def _from_outside(mark: Mark) -> bool:
    return mark.outside_only and mark.signal in MAY_BE_OUTSIDE


def types_used(tool: Tool, scored: Iterable[Collection[str]], marks: Iterable[Mark]) -> frozenset[str]:
    """Return the source types a visit used, of the five it can use by itself, for scores and for signals.

    Outside informants and platform totals are not among them, nor what came from outside cases: they come from
    elsewhere, and `level_factory` must not change with them.
    """
    codes = {code for sources in scored for code in sources}
    for mark in marks:
        looked = mark.looked != Looked.NOT_LOOKED and not _from_outside(mark)
        if looked and tool.has_signal(mark.signal) and tool.signal(mark.signal).in_level_factory:
            codes.update(mark.sources)
    return source_types(codes) & EVIDENCE


def rehearsed(marks: Iterable[Mark]) -> bool:
    """Say whether answers were identical or sounded rehearsed (S23), for either assessor."""
    return any(mark.signal == REHEARSED and mark.looked == Looked.PRESENT for mark in marks)


# ---------------------------------------------------------------------------------------------------------
# Complete


def missing(counts: Counts, sample: Sample, types: Collection[str], *, is_rehearsed: bool) -> list[Missing]:
    """Return what evidence lacks to be complete; nothing, where it is."""
    enough = {
        Missing.INTERVIEWS: counts.interviews * 100 >= sample.interviews * COMPLETE_PERCENT,
        Missing.OFF_SITE: counts.interviews_off_site >= sample.off_site,
        Missing.GROUPS: counts.women_only_groups >= sample.groups,
        Missing.SOURCES: len(set(types)) >= COMPLETE_TYPES,
        Missing.MECHANICS: counts.mechanics_included,
        Missing.YOUNG: counts.young_workers_included,
        Missing.REHEARSED: not is_rehearsed,
    }
    return [what for what, held in enough.items() if not held]


def complete(counts: Counts, sample: Sample, types: Collection[str], *, is_rehearsed: bool) -> bool:
    """Say whether evidence is complete, so that finding nothing means something."""
    return not missing(counts, sample, types, is_rehearsed=is_rehearsed)


def enough_women(counts: Counts) -> bool | None:
    """Say whether women are among those interviewed as among the workforce; None where it was not counted."""
    if not counts.headcount or counts.women is None or not counts.interviews:
        return None
    return counts.interviews_with_women * counts.headcount >= counts.women * counts.interviews


# ---------------------------------------------------------------------------------------------------------
# The level


def rule(signals: Iterable[Found], is_complete: bool) -> Level:
    """Return the level these signals propose. Weak signals raise nothing; good practice cancels nothing."""
    signals = list(signals)
    codes = {one.code for one in signals}
    strong = [one for one in signals if one.grade == "strong"]
    moderate = [one for one in signals if one.grade == "moderate"]
    severe = any(one.code == SEEN and one.severe for one in signals)
    if SUBSTANTIATED in codes or severe or {OWN, PATTERN} <= codes:
        return Level.ESTABLISHED
    if len(strong) >= 2 and len(_types(strong)) >= 2:
        return Level.LIKELY
    if strong and len(moderate) >= 2 and len(_types(strong + moderate)) >= 3:
        return Level.LIKELY
    if strong or moderate:
        return Level.POSSIBLE
    return Level.NO_INDICATION_FOUND if is_complete else Level.NOT_ASSESSABLE


def versions(signals: Iterable[Found], is_complete: bool) -> tuple[Level, Level]:
    """Return `level` (every signal, the technical expert's) and `level_factory` (what may be known at the factory)."""
    signals = list(signals)
    return rule(signals, is_complete), rule((_at_factory(one) for one in signals if one.for_factory), is_complete)


def _at_factory(one: Found) -> Found:
    return one if one.types_for_factory is None else replace(one, types=one.types_for_factory)


def _types(signals: Iterable[Found]) -> frozenset[str]:
    return frozenset(one for signal in signals for one in signal.types)


def apart(one: str, other: str) -> int:
    """Return how many levels lie between two."""
    return abs(LEVELS.index(Level(one)) - LEVELS.index(Level(other)))


# ---------------------------------------------------------------------------------------------------------
# Confidence and review


def confidence(
    *,
    is_complete: bool,
    alone: Sequence[str],
    types: Collection[str],
    off_site: int,
    is_rehearsed: bool,
    restricted: bool,
) -> Confidence:
    """Return how sure the conclusion is. `alone`: the level each assessor reached alone, as far as they did."""
    reached = [one for one in alone if one]
    compared = len(reached) >= 2 and len(reached) == len(alone)
    if is_rehearsed or restricted or not compared:
        return Confidence.LOW
    spread = _spread(reached)
    if is_complete and spread == 0:
        return Confidence.HIGH
    if len(set(types)) >= MEDIUM_TYPES and off_site > 0 and spread <= 1:
        return Confidence.MEDIUM
    return Confidence.LOW


def review_reasons(
    *,
    level: str,
    by_rule: str,
    alone: Sequence[str],
    confidence: str,
    last_level: str = "",
    last_confidence: str = "",
    scores_differ: bool = False,
) -> list[ReviewReason]:
    """Return why the technical expert must look before a conclusion is final; empty: nobody needs to.

    Assessors read these reasons: ask with `level_factory` and what belongs to it, never with the expert's level.
    """
    asked = {
        ReviewReason.HIGH_LEVEL: level in (Level.LIKELY, Level.ESTABLISHED),
        ReviewReason.ASSESSORS_DIFFER: _spread([one for one in alone if one]) > 1,
        ReviewReason.DEPARTS: level != by_rule,
        ReviewReason.FALLS: bool(last_level) and LEVELS.index(Level(last_level)) - LEVELS.index(Level(level)) >= 2,
        ReviewReason.LOW_AGAIN: confidence == last_confidence == Confidence.LOW,
        ReviewReason.SCORES_DIFFER: scores_differ,
    }
    return [reason for reason, holds in asked.items() if holds]


def _spread(levels: Sequence[str]) -> int:
    places = [LEVELS.index(Level(one)) for one in levels]
    return max(places) - min(places) if places else 0
