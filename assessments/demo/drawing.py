"""What assessors find in an invented factory: scores, evidence, signals and counts, drawn from how strong it is."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from assessments.demo.tempers import Traits
from assessments.demo.visit_steps import Given, Marked
from assessments.models import Looked, NotAssessed, Restriction
from assessments.tool import Tool

HIGHEST = 4
# Where workers have to speak for a score to be high.
OF_TRUST = {"RP": 1.0, "SN": 0.6, "CH": 0.4, "PC": 0.3}
OF_CASES = ("CH1", "CH2", "CH3", "CH4", "CH5")
TABLE_TOPS = 0.08  # How often there is no real case to look at.
STRONG, MODERATE, WEAK = 0.25, 0.8, 1.6  # How much likelier than usual a signal of this grade is.
ASKED = ("S01", "S03", "S04", "S06", "S07", "S08", "S09", "S10", "S12", "S17", "S18", "S22")


def truth(tool: Tool, draw: random.Random, traits: Traits, done: float) -> dict[str, int]:
    """Return what a specialist would give each indicator today. `done`: share of the core activities."""
    level = traits.level + traits.gain * done
    found = {}
    for one in tool.indicators:
        mean = level + traits.trust * OF_TRUST.get(one.domain, 0.2)
        found[one.code] = min(HIGHEST, max(0, round(draw.gauss(mean, 0.7))))
    return found


def given(
    tool: Tool, draw: random.Random, traits: Traits, real: Mapping[str, int], *, has_cases: bool, hand: float
) -> dict[str, Given]:
    """Return what one assessor gives alone, with the evidence; `hand`: how far this one is off."""
    found: dict[str, Given] = {}
    for one in tool.indicators:
        score = real[one.code]
        roll = draw.random()
        if roll < hand:
            score += 1 if draw.random() < 0.5 else -1
        elif roll < hand + 0.002:
            score += 2 if score < 2 else -2
        score = min(HIGHEST, max(0, score))
        found[one.code] = (score, "", _sources(one.code, one.sources, draw, traits, has_cases=has_cases))
    return found


def left_out(tool: Tool, draw: random.Random) -> dict[str, Given]:
    """Return the few indicators for which neither had the time, or nobody to ask."""
    codes = [one.code for one in tool.indicators if not one.critical]
    some = draw.sample(codes, draw.choice((0, 0, 0, 1, 2)))
    return {code: (None, draw.choice((NotAssessed.NO_TIME.value, NotAssessed.TOO_FEW.value)), ()) for code in some}


def _sources(
    code: str, usual: tuple[str, ...], draw: random.Random, traits: Traits, *, has_cases: bool
) -> tuple[str, ...]:
    if traits.on_paper and draw.random() < 0.7:
        return ("D", "M") if "D" in usual else ("M",)
    if code == "RP4":
        return ("W", "WO")
    if code in OF_CASES and (not has_cases or draw.random() < TABLE_TOPS):
        return ("D", "T")
    kept = [one for one in usual if draw.random() < 0.85] or [usual[0]]
    if len(kept) < 2 and len(usual) > 1:
        kept = list(usual[:2])
    return tuple(kept)


def marked(tool: Tool, draw: random.Random, traits: Traits, *, expert: bool, knows: float) -> dict[str, Marked]:
    """Return the signals one assessor looked for. Only experts mark what is known from outside alone."""
    found: dict[str, Marked] = {}
    for code in ASKED:
        signal = tool.signal(code)
        share = traits.signals * {"strong": STRONG, "moderate": MODERATE, "weak": WEAK}[signal.grade]
        if draw.random() < share:
            found[code] = (Looked.PRESENT.value, signal.sources, False, False)
        elif draw.random() < 0.9:
            found[code] = (Looked.NOT_FOUND.value, signal.sources[:1], False, False)
        else:
            found[code] = (Looked.NOT_LOOKED.value, (), False, False)
    if traits.on_paper and draw.random() < 0.25:
        found["S23"] = (Looked.PRESENT.value, ("W",), False, False)
    if expert and draw.random() < knows:
        found["S13"] = (Looked.PRESENT.value, ("X",), False, False)
        found["S06"] = (Looked.PRESENT.value, ("C",), False, True)
    return found


def counts(tool: Tool, draw: random.Random, traits: Traits, headcount: int) -> dict[str, Any]:
    """Return what is counted on a visit, mostly enough for the size of the factory."""
    sample = tool.sample_for(headcount)
    kept_out = draw.random() < traits.restricted
    share = draw.choice((0.6, 0.7)) if kept_out else draw.choice((0.8, 0.95, 1.0, 1.0, 1.1))
    interviews = max(4, round(sample.interviews * share))
    women = round(headcount * draw.uniform(0.72, 0.88))
    off_site = min(interviews, sample.off_site if not kept_out and draw.random() < 0.9 else sample.off_site // 2)
    reasons = [Restriction.MANAGER_CHOSE.value, Restriction.PEOPLE_AWAY.value, Restriction.AREAS_CLOSED.value]
    return {
        "headcount": headcount,
        "women": women,
        "interviews": interviews,
        "interviews_with_women": min(interviews, -(-interviews * women // headcount)),
        "interviews_off_site": off_site,
        "women_only_groups": sample.groups,
        "supervisor_groups": 1,
        "mechanics_included": True,
        "young_workers_included": draw.random() < 0.95,
        "restrictions": sorted(draw.sample(reasons, draw.choice((1, 2)))) if kept_out else [],
    }
