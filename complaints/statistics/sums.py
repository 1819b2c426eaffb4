"""One number in the making."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from complaints.statistics.facts import Counted


@dataclass
class Sum:
    """What was counted so far, and how much of it each factory has."""

    num: int = 0
    den: int = 0
    amounts: list[int] = field(default_factory=list)
    by_factory: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, one: Counted) -> None:
        self.num += one.num
        self.den += one.den
        self.amounts += one.amounts
        if one.factory:
            self.by_factory[one.factory] += one.den
