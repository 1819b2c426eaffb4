"""One counted thing, and sums of them over a factory, a country and the programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Counted:
    """What one factory adds to one figure."""

    code: str
    factory: UUID
    country: str
    num: int = 0
    den: int = 1
    part: str = ""
    value: Decimal | None = None
    on: date | None = None
    values: tuple[Any, ...] = ()  # What a median or an agreement is taken of.


@dataclass
class Sum:
    """One number of a group in the making."""

    num: int = 0
    den: int = 0
    values: list[Any] = field(default_factory=list)
    by_factory: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, one: Counted) -> None:
        self.num += one.num
        self.den += one.den
        self.values += one.values
        if one.den:
            self.by_factory[one.factory] += one.den

    @property
    def behind(self) -> int:
        return len(self.by_factory)

    @property
    def largest(self) -> int:
        return max(self.by_factory.values(), default=0)


def by_place(counted: Iterable[Counted]) -> dict[tuple[str, str, str], Sum]:
    """Add up by country (and, without a country, over all), code and part."""
    sums: dict[tuple[str, str, str], Sum] = defaultdict(Sum)
    for one in counted:
        for place in (one.country, ""):
            sums[place, one.code, one.part].add(one)
    return sums
