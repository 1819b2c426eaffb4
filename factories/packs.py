"""Country packs as data: what differs from country to country, with source and confidence. Files in data/packs/.

A pack says how long promises are there, which days are worked, what the law limits, how quick discipline must be, which
languages workers read and which roads lead outside. Whether a country is live is not said here but on its
`CountryPack`, by people. A country without a file has the programme's default.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from factories import pack_faults, packwords

FOLDER = Path(__file__).parent / "data" / "packs"
DEFAULT = "DEFAULT"
TEMPLATE = "template"


class PackBroken(Exception):
    """A pack's file cannot be used; says which file, and everything that is wrong with it. For whoever edits it."""

    def __init__(self, code: str, faults: Sequence[str]) -> None:
        super().__init__(f"factories/data/packs/{code}.json: " + " ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class LegalLimit:
    """What a country's law gives a time for. Shown and told, never a barrier: a late complaint is accepted."""

    code: str
    starts_at: str
    value: int
    unit: str
    roll: str
    text: str
    source: str
    confidence: str
    plain: str = ""  # The sentence a worker reads; without one she reads nothing of it.

    @property
    def in_plain_words(self) -> str:
        return gettext(self.plain) if self.plain else ""


@dataclass(frozen=True)
class LegalNote:
    text: str
    source: str
    confidence: str
    plain: str = ""

    @property
    def in_plain_words(self) -> str:
        return gettext(self.plain) if self.plain else ""


@dataclass(frozen=True)
class Road:
    """A way outside of the factory and of this programme. Using it is her decision."""

    code: str
    label: str | Promise
    what: str | Promise
    remark: str
    confidence: str

    @property
    def remark_in_her_language(self) -> str:
        return gettext(self.remark) if self.remark else ""


@dataclass(frozen=True)
class Length:
    value: int
    unit: str


@dataclass(frozen=True)
class FastTrack:
    """A quicker order of steps where the law leaves an employer only a few days."""

    counted_from: str
    order: str
    when: str
    steps: Mapping[str, Length | str]


@dataclass(frozen=True)
class Discipline:
    """The legal clock of discipline: from when it runs, which limits it has, and when their days turn red."""

    starts_at: str
    limits: tuple[LegalLimit, ...]
    red_days_before: int
    lawyer: str


@dataclass(frozen=True)
class Pack:
    """Everything that is data about one country."""

    code: str
    name: str
    version: str
    status: str
    live_ready: bool
    languages: tuple[str, ...]
    time_zone: str
    week: tuple[str, ...]
    week_remark: str
    overrides: Mapping[str, Mapping[str, Any]]
    legal_limits: tuple[LegalLimit, ...]
    legal_notes: tuple[LegalNote, ...]
    discipline: Discipline | None
    fast_track: FastTrack | None
    outside_roads: tuple[Road, ...]
    notes: str

    @property
    def is_template(self) -> bool:
        return self.status == TEMPLATE


def codes() -> list[str]:
    """Return the codes of every pack that has a file, the default first."""
    found = sorted(path.stem for path in FOLDER.glob("*.json"))
    return [DEFAULT, *(code for code in found if code != DEFAULT)]


def has_file(country_code: str) -> bool:
    return country_code in codes()


@lru_cache(maxsize=300)
def pack(country_code: str) -> Pack:
    """Return a country's pack; the default one where it has none. Raises `PackBroken`."""
    return load(country_code if has_file(country_code) else DEFAULT)


def load(code: str) -> Pack:
    """Read one file and refuse it with everything that is wrong."""
    try:
        raw = json.loads((FOLDER / f"{code}.json").read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise PackBroken(code, [f"It is no JSON: {error}."]) from None
    faults = pack_faults.of(raw, code)
    if faults:
        raise PackBroken(code, faults)
    return _made(raw)


def outside_roads(country_code: str) -> list[Road]:
    """Return the roads that lead outside of the factory, the nearest first."""
    return list(pack(country_code).outside_roads)


def legal_limits(country_code: str) -> tuple[LegalLimit, ...]:
    return pack(country_code).legal_limits


def legal_notes(country_code: str) -> tuple[LegalNote, ...]:
    return pack(country_code).legal_notes


def fast_track(country_code: str) -> FastTrack | None:
    """Return the quicker order of steps, where the country has one."""
    return pack(country_code).fast_track


def discipline(country_code: str) -> Discipline | None:
    """Return the legal clock of discipline, where the country has one."""
    return pack(country_code).discipline


def in_plain_words(country_code: str) -> list[str]:
    """Return what a worker reads of the law, in her language."""
    found = pack(country_code)
    law = [one.in_plain_words for one in found.legal_limits] + [one.in_plain_words for one in found.legal_notes]
    return [sentence for sentence in law if sentence]


def _made(raw: Mapping[str, Any]) -> Pack:
    limits = tuple(LegalLimit(**one) for one in raw["legal_limits"])
    return Pack(
        code=raw["code"],
        name=raw["name"],
        version=raw["version"],
        status=raw["status"],
        live_ready=raw["live_ready"],
        languages=tuple(raw["languages"]),
        time_zone=raw["time_zone"],
        week=tuple(raw["week"]),
        week_remark=raw["week_remark"],
        overrides=MappingProxyType({code: MappingProxyType(change) for code, change in raw["overrides"].items()}),
        legal_limits=limits,
        legal_notes=tuple(LegalNote(**one) for one in raw["legal_notes"]),
        discipline=_discipline(raw["discipline"], limits),
        fast_track=_fast_track(raw["fast_track"]),
        outside_roads=tuple(_road(**one) for one in raw["outside_roads"]),
        notes=raw["notes"],
    )


def _discipline(raw: Mapping[str, Any] | None, limits: Sequence[LegalLimit]) -> Discipline | None:
    if raw is None:
        return None
    by_code = {one.code: one for one in limits}
    return Discipline(
        raw["starts_at"], tuple(by_code[code] for code in raw["limits"]), raw["red_days_before"], raw["lawyer"]
    )


def _fast_track(raw: Mapping[str, Any] | None) -> FastTrack | None:
    if raw is None:
        return None
    steps = {code: Length(**step) if isinstance(step, dict) else str(step) for code, step in raw["steps"].items()}
    return FastTrack(raw["counted_from"], raw["order"], raw["when"], MappingProxyType(steps))


def _road(code: str, confidence: str, remark: str = "") -> Road:
    label, what = packwords.ROADS[code]
    return Road(code, label, what, remark, confidence)
