"""How the invented factories differ: what each kind does with dates, papers and complaints. All are design values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Temper(StrEnum):
    """Kinds of factories. How each handles complaints, `complaints.demo.figures` alone knows, by the same words."""

    TWIN_MANY = "twin_many"  # Two factories that do everything alike; many people complain in the one ...
    TWIN_FEW = "twin_few"  # ... and few in the other.
    HONEST = "honest"
    STEADY = "steady"
    SILENT = "silent"
    QUIET_HERE = "quiet_here"  # Nobody complains to the factory; some do outside.
    POSTPONING = "postponing"
    PAPER = "paper"
    BAD_FAITH = "bad_faith"
    DELAYED_BY_US = "delayed_by_us"
    DISTRESSED = "distressed"
    NUMBERS = "numbers"
    SMALL = "small"
    NEW = "new"
    HESITANT = "hesitant"  # Was introduced, and says later or no.


@dataclass(frozen=True)
class Traits:
    """What a kind of factory tends to do. Shares are of one; days are from the agreed date."""

    began: tuple[int, int] = (500, 1060)  # So many days ago.
    headcount: tuple[int, int] = (350, 1600)
    moves: float = 0.07  # That an activity is moved.
    moves_of_ours: float = 0.03
    moved_by: tuple[int, int] = (14, 35)
    without_day: float = 0.0  # That a move has no new date.
    slack: tuple[int, int] = (-12, 3)  # When something is done.
    level: float = 1.5  # How strong the factory is at the beginning, 0 to 4 ...
    gain: float = 1.5  # ... and how much comes with the thirteen core activities.
    trust: float = 0.0  # Added where workers speak (RP, and what rests on them).
    on_paper: bool = False
    signals: float = 0.12
    trained: float = 0.93
    answers_tests: float = 0.97
    acts: float = 0.85  # That an agreed action is done.
    silence_looked_into: bool = True
    restricted: float = 0.02


TRAITS: Mapping[Temper, Traits] = {
    Temper.TWIN_MANY: Traits(began=(980, 980), headcount=(1100, 1100), moves=0.0, level=1.9, gain=1.6, trust=0.3),
    Temper.TWIN_FEW: Traits(began=(980, 980), headcount=(1100, 1100), moves=0.0, level=1.9, gain=1.6, trust=0.3),
    Temper.HONEST: Traits(began=(640, 1060), level=1.8, gain=1.7, trust=0.3, signals=0.16),
    Temper.STEADY: Traits(began=(520, 1060), level=1.1, gain=2.1),
    Temper.SILENT: Traits(began=(860, 1040), headcount=(1800, 2600), level=1.6, gain=1.0, trust=-1.0, signals=0.1,
                          silence_looked_into=False),
    Temper.QUIET_HERE: Traits(began=(860, 1040), headcount=(2000, 2000), level=1.6, gain=1.2, trust=-0.6),
    Temper.POSTPONING: Traits(began=(330, 500), headcount=(500, 1200), moves=0.8, without_day=0.15,
                              moved_by=(21, 50), slack=(0, 15), level=1.2, gain=0.9, trained=0.91),
    Temper.PAPER: Traits(began=(560, 1040), level=1.9, gain=1.3, trust=-0.8, on_paper=True, answers_tests=0.6,
                         acts=0.6, restricted=0.15),
    Temper.BAD_FAITH: Traits(began=(520, 760), moves=0.7, without_day=0.3, moved_by=(30, 70), slack=(20, 60), level=0.9,
                             gain=0.4, trust=-0.7, on_paper=True, answers_tests=0.4, acts=0.15, restricted=0.4),
    Temper.DELAYED_BY_US: Traits(began=(420, 760), moves=0.02, moves_of_ours=0.4, level=1.4, gain=1.5),
    Temper.DISTRESSED: Traits(began=(380, 640), headcount=(260, 700), moves=0.35, moved_by=(20, 45), slack=(0, 12),
                              level=1.2, gain=0.8, acts=0.5),
    Temper.NUMBERS: Traits(began=(520, 1000), moves=0.1, level=1.5, gain=1.2, trust=-0.5, signals=0.14),
    Temper.SMALL: Traits(began=(520, 1040), headcount=(80, 190), level=1.3, gain=1.9),
    Temper.NEW: Traits(began=(70, 300), headcount=(250, 1400), level=1.2, gain=1.6),
    Temper.HESITANT: Traits(began=(20, 500), headcount=(200, 1500)),
}  # fmt: skip
