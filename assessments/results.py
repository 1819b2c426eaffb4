"""What a final assessment shows to one reader: scores to all who may open it, the rest by section 1 of the tool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assessments import concluding, selfassessing, tool
from assessments.access import Seat
from assessments.models import Assessment, Cap, IndicatorNote, Looked, NotAssessed, Score, Source
from assessments.tool import Indicator, Signal, Tool


@dataclass(frozen=True)
class Line:
    """One indicator with the score that counts, and why it counts for less than was given."""

    code: str
    title: str
    critical: bool
    score: int | None
    given: int | None
    means: str
    cap: str
    sources: str
    settled: bool
    notes: Sequence[str]


@dataclass(frozen=True)
class DomainLines:
    code: str
    title: str
    score: Any
    lines: list[Line]


def results(seat: Seat) -> dict[str, Any]:
    """Return what this reader may see of a final assessment, for the page and for print."""
    visit, used = seat.assessment, tool.of_assessment(seat.assessment)
    shown: dict[str, Any] = {"domains": domains(seat)}
    if visit.is_self:
        last = _last_from_outside(seat)
        if last is not None:
            shown["gap"] = [
                (used.text(next(d.title for d in used.domains if d.code == code)), said, found)
                for code, said, found in selfassessing.gap(visit, last)
            ]
            shown["outside"] = last
        return shown
    if seat.sees_signals:
        marks = concluding.merged_marks(visit, for_expert=seat.expert, mine=seat.person)
        shown["signals"] = _present(marks, used)
        shown["good"] = list(visit.good_practices.all())
    shown["review"] = getattr(visit, "expert_review", None) if seat.sees_signals else None
    shown["plain"] = list(visit.plain_versions.all())
    return shown


def on_paper(seat: Seat) -> dict[str, Any]:
    """Return the same for print, without any signal that does not count for `level_factory`: paper travels."""
    shown, used = results(seat), tool.of_assessment(seat.assessment)
    if "signals" in shown:
        marks = concluding.merged_marks(seat.assessment, for_expert=False, mine=None)
        shown["signals"] = _present(marks, used)
    return shown


def _present(marks: Sequence[tuple[str, str]], used: Tool) -> list[tuple[Signal, str, Any]]:
    return [
        (used.signal(code), used.text(used.signal(code).text), Looked(looked).label)
        for code, looked in marks
        if looked == Looked.PRESENT
    ]


def _last_from_outside(seat: Seat) -> Assessment | None:
    """Return the outside assessment beside which the factory's own stands, as far as this reader may see one."""
    visit = seat.assessment
    rows = Assessment.objects.final().from_outside().filter(factory=visit.factory_id, visit_from__lte=visit.visit_from)
    if not seat.sees_signals:
        rows = rows.exclude(given_back_on=None)
    found: Assessment | None = rows.order_by("-visit_from").first()
    return found


def domains(seat: Seat) -> list[DomainLines]:
    """Return every domain with its score and its indicators."""
    visit, used = seat.assessment, tool.of_assessment(seat.assessment)
    kept = {score.indicator: score for score in visit.scores.all()}
    totals = dict(visit.domain_scores.values_list("domain", "score"))
    notes = notes_beside(seat)
    return [
        DomainLines(
            domain.code,
            used.text(domain.title),
            totals.get(domain.code),
            [_line(one, used, kept.get(one.code), notes.get(one.code, [])) for one in used.of_domain(domain.code)],
        )
        for domain in used.domains
    ]


def notes_beside(seat: Seat) -> dict[str, list[str]]:
    """Return what the assessors wrote beside each indicator; never to the factory."""
    found: dict[str, list[str]] = {}
    if seat.sees_notes:
        for note in IndicatorNote.objects.filter(assessor__assessment=seat.assessment).order_by(
            "assessor", "indicator"
        ):
            found.setdefault(note.indicator, []).append(note.text)
    return found


def _line(one: Indicator, used: Tool, kept: Score | None, notes: list[str]) -> Line:
    score = kept.score if kept else None
    if score is not None:
        means = used.text(one.anchors[score])
    else:
        means = str(NotAssessed(kept.not_assessed).label) if kept and kept.not_assessed else ""
    return Line(
        one.code,
        used.text(one.title),
        one.critical,
        score,
        kept.given if kept else None,
        means,
        str(Cap(kept.cap).label) if kept and kept.cap else "",
        ", ".join(str(Source(code).label) for code in kept.sources) if kept else "",
        bool(kept and kept.settled_by_id),
        notes,
    )
