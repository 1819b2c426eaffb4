"""Exact until it is shown: shares and means are fractions, rounded once, half up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction


def half_up(value: Fraction, places: int = 0) -> Decimal:
    """Return the value with so many decimal places; what lies in the middle goes away from zero."""
    with localcontext() as context:
        context.prec = 60
        # Twice as exact as any middle can be near: denominators here are far below ten to the thirtieth.
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
