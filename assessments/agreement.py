"""Agreement between assessors who scored alone: weighted kappa, Krippendorff's alpha, plain shares. Pure.

Values are exact fractions. Indicators, A3: kappa is quadratic-weighted over 0 to 4 and shown from 80 pairs on, 0.6 or
more is the aim. Alpha is for ordinal data, and also takes indicators that one assessor left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations

from assessments.models import Kind

Pair = tuple[int, int]
LOWEST, HIGHEST = 0, 4
LEAST_PAIRS = 80
AIM = Fraction(6, 10)


def pairs(units: Iterable[Sequence[int | None]]) -> list[Pair]:
    """Return each two scores that were given alone to the same thing; a unit with one score gives none."""
    return [pair for unit in units for pair in combinations([one for one in unit if one is not None], 2)]


def kappa(pairs: Sequence[Pair]) -> Fraction | None:
    """Return the quadratic-weighted kappa, `1 - sum(w o) / sum(w e)` with `w = (i - j)^2 / 16`; None without a pair.

    Where everybody gave the same score to everything, nothing was to be expected by chance but agreement: that is 1.
    """
    if not pairs:
        return None
    first, second = Counter(one for one, _other in pairs), Counter(other for _one, other in pairs)
    seen = Fraction(sum((one - other) ** 2 for one, other in pairs), len(pairs))
    expected = Fraction(
        sum((one - other) ** 2 * first[one] * second[other] for one in first for other in second), len(pairs) ** 2
    )
    # The sixteenth of the weights stands above and below the line.
    return 1 - seen / expected if expected else Fraction(1)


def alpha(units: Iterable[Sequence[int | None]]) -> Fraction | None:
    """Return Krippendorff's alpha for ordinal data; None where nothing can be said.

    A unit is what was scored, with the score of each assessor or None. Two values that differ by rank count as far
    apart as there are scores between them. Without any variation there is nothing to agree about, so no value.
    Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).
    """
    coincidences: dict[Pair, Fraction] = defaultdict(Fraction)
    for unit in units:
        values = [one for one in unit if one is not None]
        for place, one in enumerate(values):
            for other_place, other in enumerate(values):
                if place != other_place:
                    coincidences[one, other] += Fraction(1, len(values) - 1)
    margins: dict[int, Fraction] = defaultdict(Fraction)
    for (one, _other), weight in coincidences.items():
        margins[one] += weight
    total = sum(margins.values(), Fraction(0))
    apart = {(one, other): _ordinal(one, other, margins) for one in margins for other in margins}
    seen = sum((weight * apart[pair] for pair, weight in coincidences.items()), Fraction(0))
    expected = sum((margins[one] * margins[other] * apart[one, other] for one, other in apart), Fraction(0))
    return 1 - (total - 1) * seen / expected if expected else None


def _ordinal(one: int, other: int, margins: Mapping[int, Fraction]) -> Fraction:
    low, high = min(one, other), max(one, other)
    between = sum((count for value, count in margins.items() if low <= value <= high), Fraction(0))
    return (between - (margins[one] + margins[other]) / 2) ** 2


def exact(pairs: Sequence[Pair]) -> tuple[int, int]:
    """Return how many pairs are the same, of how many."""
    return sum(one == other for one, other in pairs), len(pairs)


def within_one(pairs: Sequence[Pair]) -> tuple[int, int]:
    """Return how many pairs differ by one at most, of how many."""
    return sum(abs(one - other) <= 1 for one, other in pairs), len(pairs)


def by_group(rows: Iterable[tuple[Hashable, Hashable, int | None]]) -> dict[Hashable, list[list[int | None]]]:
    """Sort scores into units. A row names its group (an indicator, a quarter), its unit and its score.

    Rows of a unit keep their order, so give them in the order of the assessors.
    """
    units: dict[Hashable, dict[Hashable, list[int | None]]] = defaultdict(lambda: defaultdict(list))
    for group, unit, score in rows:
        units[group][unit].append(score)
    return {group: list(those.values()) for group, those in units.items()}


def joint_visit_due(kinds: Sequence[str], *, first_visits: int, one_in: int) -> bool:
    """Say whether an assessor's next visit should be joint: each of the first ones, then one in so many.

    `kinds`: of this assessor's visits so far, oldest first. Assessment, section 2.
    """
    if len(kinds) < first_visits:
        return True
    return one_in < 2 or Kind.JOINT not in kinds[1 - one_in :]
