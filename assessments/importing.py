"""Old assessments from a list: each comes in whole or not at all, and what stays out is handed back with the reason.

One line is one indicator of one assessment; lines with the same factory, kind and first day belong together. Caps,
domain scores and levels are worked out here, never taken from the list. Nothing that cannot be read is guessed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import cycle, scoring, tool
from assessments.access import OUTSIDE_KINDS
from assessments.models import (
    Assessment,
    AssessmentStage,
    Confidence,
    DomainScore,
    Level,
    NotAssessed,
    Score,
    Source,
    ToolVersion,
)
from factories import clock
from factories.models import Factory

if TYPE_CHECKING:
    from accounts.models import Person

COLUMNS = (
    "factory", "kind", "visit_from", "visit_to", "tool", "headcount", "level_factory", "confidence",
    "indicator", "score", "not_assessed", "sources",
)  # fmt: skip
OF_THE_VISIT = ("visit_to", "tool", "headcount", "level_factory", "confidence")
MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 50_000


class ListRefused(Exception):
    """The whole file cannot be read; says why, in words for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass
class Line:
    """One line of the list, with what is wrong about it."""

    number: int
    values: dict[str, str]
    faults: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.values["factory"].upper(), self.values["kind"], self.values["visit_from"]


@dataclass
class Imported:
    """What came of a list: assessments that are in, and the lines that stayed out."""

    made: list[Assessment] = field(default_factory=list)
    left: list[Line] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        words = _("Line %(number)d: %(fault)s")
        return [words % {"number": line.number, "fault": fault} for line in self.left for fault in line.faults]

    def leftover(self) -> str:
        """Return the lines that stayed out as a list that can be mended and chosen again; `why` is not read."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*COLUMNS, "why"])
        for line in self.left:
            row = [line.values[name] for name in COLUMNS]
            writer.writerow([_safe(cell) for cell in [*row, " ".join(line.faults)]])
        return out.getvalue()


def read(content: bytes) -> list[Line]:
    """Read a list in CSV. Raises `ListRefused` where it is no such list."""
    if len(content) > MAX_BYTES:
        raise ListRefused(_("This file is too large. Cut the list into parts."))
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as wrong:
        raise ListRefused(_("This file cannot be read. Save the list as CSV in UTF-8.")) from wrong
    if not rows or len(rows) > MAX_LINES:
        raise ListRefused(_("The list is empty, or has too many lines."))
    head = [cell.strip().lower() for cell in rows[0]]
    missing = [name for name in COLUMNS if name not in head]
    if missing:
        raise ListRefused(_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    places = {name: head.index(name) for name in COLUMNS}
    return [
        Line(number, {name: row[place].strip() if place < len(row) else "" for name, place in places.items()})
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def carry_out(lines: Iterable[Line], *, by: Person, at: datetime) -> Imported:
    """Bring in every assessment whose lines are all sound; leave the lines of the others, with their faults."""
    groups: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        groups.setdefault(line.key, []).append(line)
    codes = {key[0] for key in groups}
    factories = {one.short_code: one for one in Factory.objects.filter(short_code__in=codes).select_related("country")}
    versions = {one.version: one for one in ToolVersion.objects.all()}
    known = {tool.bundled()["version"]} - set(versions)
    if known:
        first = tool.current(at.date())
        versions[first.version] = first
    done = Imported()
    for key, group in groups.items():
        made = _one(group, factories.get(key[0]), versions, by, at)
        if made is None:
            done.left += group
        else:
            done.made.append(made)
    done.left.sort(key=lambda line: line.number)
    newest = {made.factory_id: made for made in sorted(done.made, key=lambda one: one.visit_to)}
    for made in newest.values():
        if _is_newest(made):
            cycle.after_final(made, at=at)
    return done


# ---------------------------------------------------------------------------------------------------------


def _one(
    lines: list[Line], factory: Factory | None, versions: dict[str, ToolVersion], by: Person, at: datetime
) -> Assessment | None:
    first, head = lines[0], lines[0].values
    visit_from, visit_to = _day(head["visit_from"]), _day(head["visit_to"])
    version = versions.get(head["tool"])
    first.faults += list(_faults_of_visit(head, factory, version, visit_from, visit_to, at))
    used = tool.of(version) if version else None
    seen: set[str] = set()
    for line in lines:
        if any(line.values[name] != head[name] for name in OF_THE_VISIT):
            line.faults.append(_("It says something else about this visit than the lines before."))
        if used is not None:
            line.faults += list(_faults_of_score(line.values, used, seen))
    if any(line.faults for line in lines) or not factory or not version or not used or not visit_from or not visit_to:
        return None
    with transaction.atomic():
        Factory.objects.select_for_update(no_key=True).get(pk=factory.pk)
        same = Assessment.objects.filter(factory=factory, kind=head["kind"], visit_from=visit_from)
        if same.exclude(stage=AssessmentStage.DROPPED).exists():
            first.faults.append(_("This assessment is here already. It was not brought in a second time."))
            return None
        return _write(lines, factory, version, used, visit_from, visit_to, by, at)


def _write(
    lines: list[Line],
    factory: Factory,
    version: ToolVersion,
    used: tool.Tool,
    visit_from: date,
    visit_to: date,
    by: Person,
    at: datetime,
) -> Assessment:
    head = lines[0].values
    scores = [_score(line.values) for line in lines]
    totals = scoring.totals(used, {score.indicator: score.score for score in scores})
    ended = clock.calendar_for(factory).at_hour(visit_to, clock.END_OF_DAY)
    made = Assessment.objects.create(
        factory=factory,
        tool=version,
        kind=head["kind"],
        stage=AssessmentStage.FINAL,
        visit_from=visit_from,
        visit_to=visit_to,
        made_by=by,
        made_at=at,
        headcount=int(head["headcount"]) if head["headcount"] else None,
        level_factory=head["level_factory"],
        confidence_factory=head["confidence"],
        overall_score=totals.overall,
        strength=totals.strength or "",
        submitted_at=min(ended, at),
        final_at=min(ended, at),
    )
    for score in scores:
        score.assessment = made
    Score.objects.bulk_create(scores)
    DomainScore.objects.bulk_create(
        DomainScore(assessment=made, domain=code, score=score) for code, score in totals.domains.items()
    )
    return made


def _score(values: dict[str, str]) -> Score:
    if not values["score"]:
        return Score(indicator=values["indicator"], not_assessed=values["not_assessed"])
    sources = sorted(set(values["sources"].split()))
    given = int(values["score"])
    counts, cap = scoring.cap(values["indicator"], given, sources)
    return Score(indicator=values["indicator"], given=given, score=counts, cap=cap, sources=sources)


def _faults_of_visit(
    head: dict[str, str],
    factory: Factory | None,
    version: ToolVersion | None,
    visit_from: date | None,
    visit_to: date | None,
    at: datetime,
) -> Iterator[str]:
    if factory is None:
        yield _("There is no factory with the short code “%(code)s”.") % {"code": head["factory"]}
    if version is None:
        yield _("There is no version “%(code)s” of the tool. An administrator can add it.") % {"code": head["tool"]}
    if head["kind"] not in OUTSIDE_KINDS:
        yield _("“%(code)s” is no kind of visit.") % {"code": head["kind"]}
    if visit_from is None or visit_to is None:
        yield _("Write both days of the visit as 2025-06-30.")
    elif visit_to < visit_from:
        yield _("The visit ends on the day it begins, or later.")
    elif factory is not None and visit_to > clock.calendar_for(factory).local_day(at):
        yield _("This visit lies in the future.")
    if head["headcount"] and not (head["headcount"].isdecimal() and 0 < int(head["headcount"]) < 1_000_000):
        yield _("Give the number of workers; it is more than 0.")
    if head["level_factory"] and head["level_factory"] not in Level.values:
        yield _("“%(code)s” is no level.") % {"code": head["level_factory"]}
    if head["confidence"] and head["confidence"] not in Confidence.values:
        yield _("“%(code)s” is no confidence: write low, medium or high.") % {"code": head["confidence"]}


def _faults_of_score(values: dict[str, str], used: tool.Tool, seen: set[str]) -> Iterator[str]:
    code = values["indicator"]
    if not used.has_indicator(code):
        yield _("Version %(version)s of the tool has no indicator “%(code)s”.") % {
            "version": used.version,
            "code": code,
        }
    if code in seen:
        yield _("The indicator “%(code)s” stands twice in this assessment.") % {"code": code}
    seen.add(code)
    unknown = sorted(set(values["sources"].split()) - set(Source.values))
    if unknown:
        yield _("There is no source “%(code)s”.") % {"code": ", ".join(unknown)}
    if values["score"]:
        if values["score"] not in ("0", "1", "2", "3", "4"):
            yield _("A score is a whole number from 0 to 4.")
        if values["not_assessed"]:
            yield _("Give either a score or the reason why there is none, not both.")
        if not values["sources"]:
            yield _("Say what this score rests on: choose at least one source.")
    elif values["not_assessed"] not in NotAssessed.values:
        yield _("Choose a score, or say why there is none.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_newest(made: Assessment) -> bool:
    others = Assessment.objects.final().from_outside().filter(factory=made.factory_id, visit_to__gt=made.visit_to)
    return not others.exists()


def _safe(cell: str) -> str:
    """Let no cell begin as a formula, in a list that somebody opens in a spreadsheet."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
