"""System strength: what a score counts for, domain scores, the overall score and its level. Pure.

Nothing here takes a number of complaints, so more complaints can never lower a score. Values are exact fractions
until `totals` shows them, so that a level never hangs on a rounding in between. Assessment, section 4.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assessments.models import Cap, Source, Strength
from assessments.rounding import half_up
from assessments.tool import Tool

HIGHEST = 4
PAPER = 2  # What paper alone is worth at most.
TABLE_TOP = 3
RESTS_ON_WORKERS = "RP4"  # There, interviews on site and off-site count as two sources.
CASE_HANDLING = ("CH1", "CH2", "CH3", "CH4", "CH5")
LEAST_INDICATORS = 3
LEAST_DOMAINS = 6
DIFFERENCE = 2  # From here on the technical expert settles what two assessors gave.
EVIDENCE = frozenset({Source.DOCUMENTS, Source.MANAGEMENT, Source.WORKERS, Source.OBSERVATION, Source.CASES})
STRENGTHS = list(Strength)


def source_types(sources: Iterable[str]) -> frozenset[str]:
    """Return the source types among these codes: off-site interviews are W, a table-top case is C."""
    same = {Source.WORKERS_OFF_SITE.value: Source.WORKERS.value, Source.TABLE_TOP.value: Source.CASES.value}
    return frozenset(same.get(str(one), str(one)) for one in sources)


def cap(indicator: str, score: int | None, sources: Collection[str]) -> tuple[int | None, str]:
    """Return what a score counts for with this evidence, and which cap lowered it (a `Cap`, or nothing).

    3 and 4 need two source types with workers or case records among them; a table-top case alone carries the handling
    of cases to 3. Outside informants and platform totals are no evidence for an indicator.
    """
    if score is None:
        return None, ""
    types = source_types(sources) & EVIDENCE
    both = {Source.WORKERS, Source.WORKERS_OFF_SITE} <= set(sources)
    count = len(types) + (indicator == RESTS_ON_WORKERS and both)
    if score > PAPER and (count < 2 or not types & {Source.WORKERS, Source.CASES}):
        return PAPER, Cap.PAPER.value
    only_table_top = Source.TABLE_TOP in sources and Source.CASES not in sources
    if score > TABLE_TOP and indicator in CASE_HANDLING and only_table_top:
        return TABLE_TOP, Cap.TABLE_TOP.value
    return score, ""


def differ(first: int | None, second: int | None) -> bool:
    """Say whether two assessors are so far apart on an indicator that the technical expert settles it."""
    return first is not None and second is not None and abs(first - second) >= DIFFERENCE


def domain_score(scores: Iterable[int | None]) -> Fraction | None:
    """Return the score of a domain, 0 to 100, from scores as they count; None with fewer than three scored."""
    scored = [score for score in scores if score is not None]
    return Fraction(100 * sum(scored), HIGHEST * len(scored)) if len(scored) >= LEAST_INDICATORS else None


def overall(domains: Mapping[str, Fraction | None], weights: Mapping[str, int] | None = None) -> Fraction | None:
    """Return the mean of the domain scores; None with fewer than six scored. Weights are equal unless given."""
    scored = {code: score for code, score in domains.items() if score is not None}
    if len(scored) < LEAST_DOMAINS:
        return None
    weight = {code: (weights or {}).get(code, 1) for code in scored}
    return sum((score * weight[code] for code, score in scored.items()), Fraction(0)) / sum(weight.values())


def strength_level(
    score: Fraction | None, critical: Iterable[int | None], cut_offs: Iterable[tuple[str, int]]
) -> Strength | None:
    """Return the level of an overall score, rounded half up, held down by the lowest critical indicator.

    A critical indicator at 0 keeps it at `starting` or below, one at 1 at `working` or below.
    """
    if score is None:
        return None
    rounded = half_up(score)
    reached = [STRENGTHS.index(Strength(code)) for code, least in cut_offs if rounded >= least]
    lowest = min((one for one in critical if one is not None), default=HIGHEST)
    ceiling = {0: Strength.STARTING, 1: Strength.WORKING}.get(lowest, Strength.TRUSTED)
    return STRENGTHS[min(max(reached), STRENGTHS.index(ceiling))]


@dataclass(frozen=True)
class Totals:
    """What the scores of an assessment come to, as it is stored and shown: one decimal place."""

    domains: dict[str, Decimal | None]  # None: insufficient evidence.
    overall: Decimal | None
    strength: Strength | None


def totals(tool: Tool, scores: Mapping[str, int | None]) -> Totals:
    """Return the domain scores, the overall score and the level of these scores, as they count after caps."""
    exact = {
        domain.code: domain_score(scores.get(one.code) for one in tool.of_domain(domain.code))
        for domain in tool.domains
    }
    whole = overall(exact, tool.weights)
    return Totals(
        domains={code: None if value is None else half_up(value, 1) for code, value in exact.items()},
        overall=None if whole is None else half_up(whole, 1),
        strength=strength_level(whole, (scores.get(code) for code in tool.critical), tool.cut_offs),
    )
