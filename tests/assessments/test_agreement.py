"""Agreement between assessors, against values others have published and against the formulas written out."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments import agreement
from assessments.rounding import half_up

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), example with four observers, twelve units and
# missing values. The paper gives 0.815 for ordinal data (0.743 nominal, 0.849 interval).
PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
score = st.integers(0, 4)
some_pairs = st.lists(st.tuples(score, score), min_size=1, max_size=30)
some_units = st.lists(st.lists(st.none() | score, min_size=2, max_size=3), min_size=1, max_size=10)


def test_alpha_of_the_published_example():
    units = [list(unit) for unit in zip(*PUBLISHED, strict=True)]
    assert half_up(agreement.alpha(units), 3) == Decimal("0.815")


def alpha_by_hand(units: list[list[int | None]]) -> Fraction | None:
    """Observed against expected disagreement over all ordered pairs, with the ordinal difference by counting."""
    usable = [[one for one in unit if one is not None] for unit in units]
    usable = [unit for unit in usable if len(unit) >= 2]
    values = [one for unit in usable for one in unit]
    count = Counter(values)

    def difference(a: int, b: int) -> Fraction:
        between = sum(count[one] for one in range(min(a, b), max(a, b) + 1))
        return (Fraction(between) - Fraction(count[a] + count[b], 2)) ** 2

    seen = sum(Fraction(1, len(unit) - 1) * difference(a, b) for unit in usable for a, b in permutations(unit, 2)) / (
        len(values) or 1
    )
    expected = sum(difference(a, b) for a, b in permutations(values, 2))
    if not expected:
        return None
    return 1 - seen / (Fraction(expected) / (len(values) * (len(values) - 1)))


@given(some_units)
def test_alpha_is_what_counting_every_pair_gives(units):
    assert agreement.alpha(units) == alpha_by_hand(units)


@given(some_units)
def test_alpha_is_one_exactly_where_all_agree(units):
    value = agreement.alpha(units)
    if value is not None:
        agree = all(len({one for one in unit if one is not None}) <= 1 for unit in units)
        assert (value == 1) is agree


@pytest.mark.parametrize("units", [[], [[1, None]], [[3, 3], [3, 3]]], ids=["nothing", "one score", "no variation"])
def test_alpha_says_nothing_where_nothing_can_be_said(units):
    assert agreement.alpha(units) is None


def kappa_by_hand(pairs: list[tuple[int, int]]) -> Fraction:
    """The formula of the figures, A3, cell by cell."""
    n = len(pairs)
    seen = expected = Fraction(0)
    for i in range(5):
        for j in range(5):
            weight = Fraction((i - j) ** 2, 16)
            seen += weight * Fraction(pairs.count((i, j)), n)
            expected += (
                weight * Fraction(sum(a == i for a, _b in pairs), n) * Fraction(sum(b == j for _a, b in pairs), n)
            )
    return 1 - seen / expected if expected else Fraction(1)


@given(some_pairs)
def test_kappa_is_the_formula_cell_by_cell(pairs):
    assert agreement.kappa(pairs) == kappa_by_hand(pairs)


@given(some_pairs)
def test_kappa_is_the_concordance_of_means_and_variances(pairs):
    """Quadratic weights make kappa 2cov / (var + var + (mean - mean)^2): Fleiss and Cohen, 1973; Lin, 1989."""
    n = len(pairs)
    a, b = [Fraction(one) for one, _ in pairs], [Fraction(other) for _, other in pairs]
    mean_a, mean_b = sum(a) / n, sum(b) / n
    var_a, var_b = sum((x - mean_a) ** 2 for x in a) / n, sum((y - mean_b) ** 2 for y in b) / n
    cov = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True)) / n
    below = var_a + var_b + (mean_a - mean_b) ** 2
    assume(below)
    assert agreement.kappa(pairs) == 2 * cov / below


@pytest.mark.parametrize("pairs", [[(score, score) for score in range(5)] * 16, [(2, 2)] * 80], ids=["varied", "same"])
def test_example_10_all_pairs_equal_is_one(pairs):
    assert agreement.kappa(pairs) == 1


def test_kappa_of_scores_turned_round_is_minus_one():
    assert agreement.kappa([(0, 4), (4, 0)]) == -1


def test_kappa_without_a_pair_is_nothing():
    assert agreement.kappa([]) is None


@given(some_pairs)
def test_shares_count_what_is_the_same_and_what_is_next_to_it(pairs):
    exact, near = agreement.exact(pairs), agreement.within_one(pairs)
    assert exact == (sum(1 for a, b in pairs if a == b), len(pairs))
    assert near == (sum(1 for a, b in pairs if a in (b - 1, b, b + 1)), len(pairs))
    assert exact[0] <= near[0]


def test_pairs_leave_out_what_was_not_scored():
    assert agreement.pairs([[1, 2], [3, None], [], [0, None, 4], [1, 2, 3]]) == [(1, 2), (0, 4), (1, 2), (1, 3), (2, 3)]


def test_scores_are_sorted_into_units_by_group():
    rows = [("PC1", "a", 1), ("PC1", "a", 2), ("PC1", "b", 3), ("PC2", "a", None)]
    assert agreement.by_group(rows) == {"PC1": [[1, 2], [3]], "PC2": [[None]]}


J, R = "joint", "regular"


@pytest.mark.parametrize(
    ("kinds", "due"),
    [
        ([], True),
        ([J, R], True),
        ([J, J, J], False),
        ([J, J, J, *[R] * 8], False),
        ([J, J, J, *[R] * 9], True),
        ([J, J, J, *[R] * 9, J], False),
        ([R, R, R], True),
    ],
)
def test_the_first_three_visits_are_joint_and_then_one_in_ten(kinds, due):
    assert agreement.joint_visit_due(kinds, first_visits=3, one_in=10) is due


def test_whoever_makes_a_joint_visit_when_it_is_due_has_one_in_every_ten():
    kinds: list[str] = []
    for _visit in range(60):
        kinds.append(J if agreement.joint_visit_due(kinds, first_visits=3, one_in=10) else R)
    assert all(J in kinds[start : start + 10] for start in range(51))
    assert kinds.count(J) <= 9
