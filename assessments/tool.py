"""The standardised tool as data: indicators, signals, samples and cut-offs of one version, read and kept.

A version is whole and never changed; an assessment keeps the one it began with. What `tool_faults` finds wrong is
not saved. Assessment, sections 2 to 8.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext as _

from accounts.models import Person
from assessments import tool_faults
from assessments.models import Assessment, ToolVersion

DATA = Path(__file__).resolve().parent / "data"
BUNDLED = "tool_1.1.json"
# Older than any visit: what is imported from before falls under the version that came with the site.
BUNDLED_SINCE = date(2020, 1, 1)
BUNDLED_NOTE = gettext_noop("The version that comes with the site.")


class ToolRefused(Exception):
    """A version cannot be added, withdrawn or found; `message` says why, for the person."""

    def __init__(self, message: str, faults: tuple[str, ...] = ()) -> None:
        super().__init__("tool refused")
        self.message = message
        self.faults = faults


@dataclass(frozen=True)
class Domain:
    code: str
    title: str


@dataclass(frozen=True)
class Indicator:
    """One of the forty, with what each score from 0 to 4 means (`anchors`)."""

    code: str
    domain: str
    title: str
    critical: bool
    sources: tuple[str, ...]
    how_to_check: str
    anchors: tuple[str, ...]


@dataclass(frozen=True)
class Signal:
    """An observation that bears on likelihood."""

    code: str
    grade: str
    sources: tuple[str, ...]
    text: str
    in_level_factory: bool


@dataclass(frozen=True)
class ScreenItem:
    """One line of the safeguarding screen; `alone`: this one by itself opens a review of the place."""

    code: str
    text: str
    maps_to: str
    alone: bool


@dataclass(frozen=True)
class Sample:
    """How many interviews and groups a visit needs, for factories of `least` workers and more."""

    least: int
    interviews: int
    off_site: int
    groups: int


@dataclass(frozen=True)
class Tool:
    """One version of the tool. Its texts are English; `text` gives them in the reader's language."""

    version: str
    domains: tuple[Domain, ...]
    indicators: tuple[Indicator, ...]
    signals: tuple[Signal, ...]
    screen: tuple[ScreenItem, ...]
    samples: tuple[Sample, ...]
    cut_offs: tuple[tuple[str, int], ...]  # Strength levels, lowest first, each with its least score.
    joint_first_visits: int
    joint_one_in: int
    silence_workers_per_complaint: int
    weights: dict[str, int]  # Domain to weight.
    translations: dict[str, dict[str, str]]  # Language to English to text.

    def text(self, english: str) -> str:
        """Return a text of this tool in the reader's language: the version's own translation before the site's."""
        if not english:
            return ""
        return self.translations.get(get_language() or "", {}).get(english) or gettext(english)

    def indicator(self, code: str) -> Indicator:
        return next(one for one in self.indicators if one.code == code)

    def has_indicator(self, code: str) -> bool:
        return any(one.code == code for one in self.indicators)

    def signal(self, code: str) -> Signal:
        return next(one for one in self.signals if one.code == code)

    def has_signal(self, code: str) -> bool:
        return any(one.code == code for one in self.signals)

    def of_domain(self, domain: str) -> tuple[Indicator, ...]:
        return tuple(one for one in self.indicators if one.domain == domain)

    @property
    def critical(self) -> frozenset[str]:
        return frozenset(one.code for one in self.indicators if one.critical)

    def sample_for(self, headcount: int) -> Sample:
        """Return what a visit to a factory of this size needs. Assessment, section 2."""
        if headcount < 1:
            raise ValueError("A factory has at least one worker.")
        return max((one for one in self.samples if one.least <= headcount), key=lambda one: one.least)

    def opens_review(self, met: set[str]) -> bool:
        """Say whether what the screen met opens a safeguarding review: one that does alone, or any two others."""
        found = [one for one in self.screen if one.code in met]
        return len(found) >= 2 or any(one.alone for one in found)

    def texts(self) -> Iterator[str]:
        """Give every text of this version that people read, in English."""
        for domain in self.domains:
            yield domain.title
        for one in self.indicators:
            yield from (one.title, one.how_to_check, *one.anchors)
        for signal in self.signals:
            yield signal.text
        for item in self.screen:
            yield item.text


def check(content: Any) -> list[str]:
    """Return what is wrong with this content, in sentences; empty: it can be used."""
    return tool_faults.faults(content)


def read(content: dict[str, Any]) -> Tool:
    """Make a tool of content that `check` found nothing wrong with."""
    values = content.get("design_values") or bundled()["design_values"]
    return Tool(
        version=content["version"],
        domains=tuple(Domain(row["code"], row["title"]) for row in content["domains"]),
        indicators=tuple(
            Indicator(
                row["code"],
                row["domain"],
                row["title"],
                row["critical"],
                tuple(row["sources"]),
                row["how_to_check"],
                tuple(row["anchors"]),
            )
            for row in content["indicators"]
        ),
        signals=tuple(
            Signal(row["code"], row["grade"], tuple(row["sources"]), row["text"], row["in_level_factory"])
            for row in content["signals"]
        ),
        screen=tuple(
            ScreenItem(
                row["code"],
                row["text"],
                row["maps_to"],
                row.get("alone", False) or row["code"] in tool_faults.OPENS_ALONE,
            )
            for row in content["safeguarding_screen"]
        ),
        samples=tuple(
            Sample(
                tool_faults.band(row["headcount"])[0],
                row["min_interviews"],
                row["min_off_site"],
                row["min_women_only_groups"],
            )
            for row in content["interview_sample"]
        ),
        cut_offs=tuple((row["code"], row["min"]) for row in content["system_strength_levels"]),
        joint_first_visits=values["joint_first_visits"],
        joint_one_in=values["joint_one_in"],
        silence_workers_per_complaint=values["silence_workers_per_complaint"],
        weights={row["code"]: values["domain_weights"].get(row["code"], 1) for row in content["domains"]},
        translations=content.get("translations", {}),
    )


@lru_cache(maxsize=1)
def bundled() -> dict[str, Any]:
    """Return the version that comes with the site, once per process."""
    content: dict[str, Any] = json.loads((DATA / BUNDLED).read_text("utf-8"))
    return content


_read: dict[UUID, Tool] = {}


def of(version: ToolVersion) -> Tool:
    """Return this version as a tool, read once per process; content never changes."""
    if version.pk not in _read:
        _read[version.pk] = read(version.content)
    return _read[version.pk]


def of_assessment(assessment: Assessment) -> Tool:
    """Return the tool an assessment began with, without fetching the version where it was read before."""
    return _read.get(assessment.tool_id) or of(assessment.tool)


def by_id(version: UUID) -> Tool:
    """Return a version as a tool by its id, without fetching it where it was read before."""
    return _read.get(version) or of(ToolVersion.objects.get(pk=version))


def current(on: date) -> ToolVersion:
    """Return the version with which a visit begins on this day; the bundled one is added where it is missing."""
    found = _in_force(on)
    if found is None:
        _add_bundled(on)
        found = _in_force(on)
    if found is None:
        raise ToolRefused(_("No version of the tool is in force on that day. Ask an administrator to add one."))
    return found


def _in_force(on: date) -> ToolVersion | None:
    begun = ToolVersion.objects.filter(in_force_on__lte=on)
    # Withdrawn on a day: from that day on no visit begins with it.
    return begun.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on)).first()


def _add_bundled(on: date) -> None:
    content = bundled()
    ToolVersion.objects.get_or_create(
        version=content["version"],
        defaults={
            "content": content,
            "change_note": BUNDLED_NOTE,
            "in_force_on": BUNDLED_SINCE,
            "added_at": datetime.combine(on, time.min, UTC),
        },
    )


@transaction.atomic
def add(content: Any, *, change_note: str, in_force_on: date, by: Person, at: datetime) -> ToolVersion:
    """Add a version, checked whole. Assessments that have begun keep theirs."""
    found = check(content)
    if found:
        raise ToolRefused(_("This version was not added. Mend the file and choose it again."), tuple(found))
    if not change_note.strip():
        raise ToolRefused(_("Say what is different in this version, and why."))
    if in_force_on < at.date():
        raise ToolRefused(_("A version cannot begin in the past: visits were made with the one before."))
    _add_bundled(at.date())  # What it is compared with.
    made, is_new = ToolVersion.objects.get_or_create(
        version=content["version"],
        defaults={
            "content": content,
            "change_note": change_note.strip(),
            "in_force_on": in_force_on,
            "added_by": by,
            "added_at": at,
        },
    )
    if not is_new:
        words = _("There is a version %(version)s already. A version is never changed; give this one a new number.")
        raise ToolRefused(words % {"version": made.version})
    return made


@transaction.atomic
def withdraw(version: ToolVersion, *, on: date) -> None:
    """Let no visit begin with this version from a day on. Visits that have begun go on with it."""
    rows = {row.pk: row for row in ToolVersion.objects.select_for_update().defer("content")}
    found = rows[version.pk]
    if found.withdrawn_on is not None:
        raise ToolRefused(_("This version was withdrawn before."))
    others = (row for row in rows.values() if row.pk != found.pk and row.withdrawn_on is None)
    if not any(row.in_force_on <= on for row in others):
        raise ToolRefused(_("Without this version no visit could begin. Add another one first."))
    # A version that is not in force yet never comes into force.
    found.withdrawn_on = max(on, found.in_force_on)
    found.save(update_fields=["withdrawn_on"])
