"""System strength: caps, domain scores, overall score and level, by example, by brute force and by property."""

from __future__ import annotations

import inspect
import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import scoring, tool
from assessments.models import Source, Strength
from assessments.rounding import half_up

USED = tool.read(tool.bundled())
CODES = [one.code for one in USED.indicators]
score = st.none() | st.integers(0, 4)
scores = st.fixed_dictionaries(dict.fromkeys(CODES, score))
EVERY_SOURCE = [one.value for one in Source]


# --- Caps -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "given", "sources", "counts", "cap"),
    [
        ("PC1", 4, "D", 2, "paper"),  # One source type.
        ("PC1", 3, "D M", 2, "paper"),  # Two, but neither workers nor records.
        ("PC1", 3, "D M O", 2, "paper"),
        ("PC1", 4, "W", 2, "paper"),  # Workers, but alone.
        ("PC1", 4, "W WO", 2, "paper"),  # On site and off-site are one source ...
        ("RP4", 4, "W WO", 4, ""),  # ... but for RP4.
        ("RP4", 4, "W", 2, "paper"),
        ("RP4", 4, "WO", 2, "paper"),
        ("RP4", 3, "WO D", 3, ""),
        ("PC1", 4, "D W", 4, ""),
        ("PC1", 4, "D WO", 4, ""),
        ("PC1", 4, "M C", 4, ""),
        ("PC1", 4, "D T", 4, ""),  # A table-top case counts as C; its cap is for CH alone.
        ("PC1", 4, "X P", 2, "paper"),  # What comes from elsewhere is no evidence here.
        ("PC1", 4, "W X", 2, "paper"),
        ("PC1", 4, "W P", 2, "paper"),
        ("CH1", 4, "T M", 3, "table_top"),
        ("CH5", 4, "T W D", 3, "table_top"),
        ("CH1", 3, "T M", 3, ""),  # Nothing was lowered.
        ("CH1", 4, "T", 2, "paper"),  # Both hold: the lower one.
        ("CH1", 4, "T C", 2, "paper"),  # They are one source type.
        ("CH1", 4, "T C M", 4, ""),  # There was a real case too.
        ("CH1", 4, "C M", 4, ""),
        ("PC1", 2, "D", 2, ""),  # Paper is worth 2.
        ("PC1", 0, "D", 0, ""),
        ("PC1", None, "", None, ""),
    ],
)
def test_a_score_counts_for_what_its_evidence_carries(indicator, given, sources, counts, cap):
    assert scoring.cap(indicator, given, sources.split()) == (counts, cap)


def by_the_book(indicator: str, given: int, sources: set[str]) -> int:
    """The rule of section 4 again, written the long way."""
    types = []
    for code, same in (("D", "D"), ("M", "M"), ("W", "W"), ("WO", "W"), ("O", "O"), ("C", "C"), ("T", "C")):
        if code in sources and (same not in types or (indicator == "RP4" and code == "WO")):
            types.append(same)
    if given >= 3 and (len(types) < 2 or ("W" not in types and "C" not in types)):
        given = 2
    if indicator[:2] == "CH" and "T" in sources and "C" not in sources:
        given = min(given, 3)
    return given


def test_every_set_of_sources_carries_what_the_rule_says():
    for size in range(len(EVERY_SOURCE) + 1):
        for sources in itertools.combinations(EVERY_SOURCE, size):
            for indicator, given_score in itertools.product(("PC1", "RP4", "CH3"), range(5)):
                counts, why = scoring.cap(indicator, given_score, sources)
                assert counts == by_the_book(indicator, given_score, set(sources)), (indicator, given_score, sources)
                assert bool(why) == (counts < given_score)


@given(st.sampled_from(CODES), st.integers(0, 4), st.sets(st.sampled_from(EVERY_SOURCE)), st.sampled_from("DMWOC"))
def test_one_more_source_never_lowers_what_a_score_counts_for(indicator, given_score, sources, more):
    less, _why = scoring.cap(indicator, given_score, sources)
    assert scoring.cap(indicator, given_score, sources | {more})[0] >= less


@pytest.mark.parametrize(
    ("one", "other", "apart"), [(0, 2, True), (4, 1, True), (2, 3, False), (2, 2, False), (None, 4, False)]
)
def test_from_two_apart_on_the_expert_settles_it(one, other, apart):
    assert scoring.differ(one, other) is scoring.differ(other, one) is apart


# --- Domains and the whole ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([4, 4, 4, 4, 4], 100),
        ([0, 0, 0, 0, 0], 0),
        ([2, 3, 1, None, None], 50),
        ([1, 1, 2, None, None], Fraction(100, 3)),
        ([4, 4, None, None, None], None),
        ([None] * 5, None),
    ],
)
def test_a_domain_is_scored_from_three_indicators_on(given, expected):
    assert scoring.domain_score(given) == expected


def test_the_whole_is_scored_from_six_domains_on():
    six = dict.fromkeys(["PC", "CM", "RP", "CH", "SN", "TA"], Fraction(60)) | {"WR": None, "LR": None}
    assert scoring.overall(six) == 60
    assert scoring.overall(six | {"TA": None}) is None


def test_weights_are_equal_unless_the_version_says_otherwise():
    domains = dict(zip(["PC", "CM", "RP", "CH", "SN", "TA"], map(Fraction, [100, 0, 0, 0, 0, 0]), strict=True))
    assert scoring.overall(domains) == Fraction(100, 6)
    assert scoring.overall(domains, {"PC": 5}) == 50


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (Fraction(0), "absent"),
        (Fraction(2449, 100), "absent"),
        (Fraction(49, 2), "starting"),  # 24.5 is rounded up.
        (Fraction(4949, 100), "starting"),
        (Fraction(99, 2), "working"),
        (Fraction(7449, 100), "working"),
        (Fraction(149, 2), "trusted"),
        (Fraction(100), "trusted"),
        (None, None),
    ],
)
def test_a_level_is_read_from_the_score_rounded_half_up(score, level):
    assert scoring.strength_level(score, [], USED.cut_offs) == level


@pytest.mark.parametrize(
    ("critical", "level"),
    [
        ([4, 4], "trusted"),
        ([2, 4], "trusted"),
        ([1, 4], "working"),
        ([0, 4], "starting"),
        ([0, 1], "starting"),
        ([None, 4], "trusted"),
        ([None, None], "trusted"),
    ],
)
def test_a_critical_indicator_holds_the_level_down(critical, level):
    assert scoring.strength_level(Fraction(90), critical, USED.cut_offs) == level


def test_a_critical_indicator_never_lifts_a_level():
    assert scoring.strength_level(Fraction(10), [0], USED.cut_offs) == "absent"
    assert scoring.strength_level(Fraction(30), [1], USED.cut_offs) == "starting"


def test_a_level_does_not_hang_on_a_rounding_in_between():
    # 49.4583... is shown as 49.5, which would be 50 if it were rounded once more.
    exact = [Fraction(49), Fraction(49), Fraction(50), Fraction(49), Fraction(50), Fraction(4975, 100)]
    whole = scoring.overall(dict(zip("ABCDEF", exact, strict=True)))
    assert half_up(whole, 1) == Decimal("49.5")
    assert scoring.strength_level(whole, [], USED.cut_offs) == "starting"


def by_hand(values: dict[str, int | None]) -> tuple[Decimal | None, str | None]:
    """Sections 4 again, without our functions."""
    means = []
    for domain in ("PC", "CM", "RP", "CH", "SN", "TA", "WR", "LR"):
        known = [values[f"{domain}{number}"] for number in range(1, 6) if values[f"{domain}{number}"] is not None]
        if len(known) >= 3:
            means.append(Fraction(sum(known), len(known)) * 25)
    if len(means) < 6:
        return None, None
    mean = sum(means) / len(means)
    rounded = int(mean + Fraction(1, 2))
    level = 0 if rounded <= 24 else 1 if rounded <= 49 else 2 if rounded <= 74 else 3
    for code in ("PC1", "CM1", "CM5", "RP1", "RP5", "CH2", "CH3", "SN1", "SN5"):
        if values[code] == 0:
            level = min(level, 1)
        if values[code] == 1:
            level = min(level, 2)
    tenths = int(mean * 10 + Fraction(1, 2))
    return Decimal(tenths) / 10, ["absent", "starting", "working", "trusted"][level]


@given(scores)
def test_totals_are_what_counting_by_hand_gives(values):
    totals = scoring.totals(USED, values)
    assert (totals.overall, totals.strength) == by_hand(values)


@given(scores, st.sampled_from(CODES))
def test_a_higher_score_never_lowers_a_total(values, code):
    if values[code] in (None, 4):
        return
    before, after = scoring.totals(USED, values), scoring.totals(USED, values | {code: values[code] + 1})
    assert (before.overall is None) == (after.overall is None)
    if before.overall is not None:
        assert after.overall >= before.overall
        assert scoring.STRENGTHS.index(after.strength) >= scoring.STRENGTHS.index(before.strength)


@given(scores)
def test_totals_fit_their_columns(values):
    totals = scoring.totals(USED, values)
    for value in (totals.overall, *totals.domains.values()):
        assert value is None or (0 <= value <= 100 and value.as_tuple().exponent == -1)
    assert totals.strength is None or totals.strength in Strength


def test_nothing_that_scores_is_told_how_many_complaints_there_were():
    taken = {
        name: set(inspect.signature(getattr(scoring, name)).parameters)
        for name in ("cap", "domain_score", "overall", "strength_level", "totals", "differ")
    }
    assert taken == {
        "cap": {"indicator", "score", "sources"},
        "domain_score": {"scores"},
        "overall": {"domains", "weights"},
        "strength_level": {"score", "critical", "cut_offs"},
        "totals": {"tool", "scores"},
        "differ": {"first", "second"},
    }
    assert not any("complaints" in line for line in inspect.getsource(scoring).splitlines() if "import" in line)


@given(st.fractions(0, 100, max_denominator=3000), st.integers(0, 3))
def test_rounding_goes_to_the_nearest_and_up_from_the_middle(value, places):
    shown = Fraction(half_up(value, places))
    assert abs(shown - value) <= Fraction(1, 2 * 10**places)
    if abs(shown - value) == Fraction(1, 2 * 10**places):
        assert shown > value
