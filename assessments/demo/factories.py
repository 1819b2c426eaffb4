"""Which factories there are: names, countries, sizes and kinds, drawn from the seed. Every name is invented."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from assessments.demo.tempers import TRAITS, Temper
from factories.models import CountryPack, Factory, PackStatus
from factories.names import CODE_ALPHABET, CODE_LENGTH, name_key

FIRST = (
    "Acacia", "Almond", "Amber", "Birch", "Cedar", "Clover", "Copper", "Coral", "Crane", "Dew", "Ebony", "Fern",
    "Fig", "Ginger", "Heron", "Indigo", "Ivory", "Jade", "Jasmine", "Kapok", "Lark", "Laurel", "Lemon", "Mallow",
    "Mango", "Maple", "Mint", "Myrtle", "Nutmeg", "Olive", "Orchid", "Pearl", "Pepper", "Plum", "Quince", "Reed",
    "Rosewood", "Saffron", "Sesame", "Sparrow", "Sugar", "Swallow", "Tamarind", "Teak", "Topaz", "Turmeric", "Violet",
    "Walnut", "Willow", "Yarrow",
)  # fmt: skip
SECOND = ("Apron", "Bobbin", "Button", "Collar", "Cuff", "Hem", "Needle", "Pleat", "Pocket", "Seam", "Shirt", "Sleeve",
          "Spool", "Stitch", "Tailor", "Weave")  # fmt: skip
# Country, number of factories to add, places that do not exist.
COUNTRIES: tuple[tuple[str, int, str], ...] = (("KH", 66, "Phnom Penh"), ("VN", 33, "Binh Duong"),
                                               ("LA", 9, "Vientiane"), ("BD", 8, "Gazipur"))  # fmt: skip
# The two that are only tried out: nobody has described them enough for anybody to be asked there.
TRIALS = (("LA", "Lao PDR", "Asia/Vientiane", "lo"), ("BD", "Bangladesh", "Asia/Dhaka", "bn"))
# Of each live country in the order in which portfolios are filled; what is left is honest or gets better.
KINDS = (
    Temper.TWIN_MANY, Temper.TWIN_FEW, Temper.SILENT, Temper.POSTPONING, Temper.PAPER, Temper.NUMBERS, Temper.SMALL,
    Temper.DELAYED_BY_US, Temper.DISTRESSED, Temper.NEW, Temper.HESITANT, Temper.BAD_FAITH, Temper.QUIET_HERE,
)  # fmt: skip
REST = (Temper.HONEST, Temper.STEADY, Temper.STEADY, Temper.HONEST, Temper.SMALL, Temper.STEADY, Temper.PAPER,
        Temper.NEW, Temper.HONEST, Temper.STEADY)  # fmt: skip
OF_THE_FIRST_ADVISOR = 38


@dataclass(frozen=True)
class Place:
    """One factory to be, and its kind."""

    factory: Factory
    temper: Temper


def add_trial_countries(at: datetime) -> None:
    """Add the two countries whose packs are drafts."""
    for code, name, zone, language in TRIALS:
        CountryPack.objects.get_or_create(
            code=code,
            defaults={"name": name, "status": PackStatus.DRAFT, "time_zone": zone, "language": language},
        )


def drawn(seed: str, countries: dict[str, CountryPack]) -> list[Place]:
    """Draw every factory, unsaved: the same ones for the same seed."""
    draw = random.Random(f"{seed} factories")
    names = [f"{one} {two} (fictional)" for one in FIRST for two in SECOND]
    draw.shuffle(names)
    codes: set[str] = set()
    found = []
    for code, number, town in COUNTRIES:
        for place, temper in zip(range(number), _tempers(code, number), strict=True):
            name = names.pop()
            low, high = TRAITS[temper].headcount
            factory = Factory(
                id=UUID(int=draw.getrandbits(128), version=4),
                country=countries[code],
                name=name,
                name_key=name_key(name),
                short_code=_short_code(draw, codes),
                address=f"No such road {place + 10}, {town}",
                headcount=draw.randint(low, high),
            )
            found.append(Place(factory, temper))
    return found


def _short_code(draw: random.Random, taken: set[str]) -> str:
    while True:
        code = "".join(draw.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        if code not in taken:
            taken.add(code)
            return code


def _tempers(country: str, number: int) -> Iterator[Temper]:
    """Give each portfolio some of every kind; of the twins and of bad faith there are few."""
    if country not in ("KH", "VN"):
        for _place in range(number):
            yield Temper.NEW
        return
    again = OF_THE_FIRST_ADVISOR if country == "KH" else number
    for place in range(number):
        within = place % again
        if place >= again and within < 2:
            yield Temper.HONEST  # The twins stand in one portfolio.
        elif within < len(KINDS):
            yield KINDS[within]
        else:
            yield REST[within % len(REST)]
