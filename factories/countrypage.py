"""What the page of a country shows of its pack: each promise beside the programme's default and cap, law and roads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from factories import clock, packs
from factories.models import CountryPack, Weekday
from factories.pack_faults import WEEKDAYS
from factories.packpromises import PROMISES, units_of
from factories.readiness import language_name


@dataclass(frozen=True)
class LimitLine:
    """One promise: how long by default, at most, and in this country."""

    label: str | Promise
    default: str
    cap: str
    here: str
    is_changed: bool


@dataclass(frozen=True)
class StepLine:
    """One step of the fast track: how long, or what the pack says of it, in English."""

    label: str | Promise
    length: str
    remark: str | Promise = ""


@dataclass(frozen=True)
class CountryPage:
    pack: packs.Pack
    has_file: bool
    limits: Sequence[LimitLine]
    fast_track: Sequence[StepLine]
    days: Sequence[str]
    languages: Sequence[str]
    holidays: Sequence[str]  # The years whose public holidays were compared with a list.


def of(country: CountryPack) -> CountryPage:
    """Return what there is to see of a country's pack; the default's where it has none."""
    pack = packs.pack(country.pk)
    return CountryPage(
        pack=pack,
        has_file=packs.has_file(country.pk),
        limits=_limits(country.pk),
        fast_track=fast_steps(pack.fast_track) if pack.fast_track else [],
        days=[str(Weekday(WEEKDAYS.index(day)).label) for day in pack.week],
        languages=[language_name(code) for code in pack.languages],
        holidays=sorted({day[:4] for day in clock.reviewed_names(country.pk)}),
    )


def fast_steps(track: packs.FastTrack) -> list[StepLine]:
    """Return the steps of a fast track, in its order."""
    return [
        StepLine(_called(code), _length(step.value, step.unit))
        if isinstance(step, packs.Length)
        else StepLine(_called(code), "", step)
        for code, step in track.steps.items()
    ]


def _limits(code: str) -> list[LimitLine]:
    default, here = clock.limits(packs.DEFAULT), clock.limits(code)
    lines = []
    for promise, limit in default.items():
        own = here[promise]
        cap = own.caps[0] if own.caps else None
        lines.append(
            LimitLine(
                label=_called(promise),
                default=_length(limit.value, limit.unit),
                cap=_length(cap.value, cap.unit) if cap else "",
                here=_length(own.value, own.unit),
                is_changed=(own.value, own.unit, own.caps) != (limit.value, limit.unit, limit.caps),
            )
        )
    return lines


def _called(code: str) -> str | Promise:
    return PROMISES.get(code, code.replace("_", " ").capitalize())


def _length(value: int, unit: str) -> str:
    if value == 0:
        return _("at once")
    return units_of(unit, value) % {"count": value}
