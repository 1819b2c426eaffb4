"""The score page in both directions: what it shows of one assessor's marks, and marks from what a form or tablet sends.

A tablet keeps codes, scores, sources and counts, never a word that somebody typed: nothing else is read from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from assessments import guidance, proposing, visits
from assessments.models import Assessment, Assessor, Looked, NotAssessed, Restriction, Source
from assessments.scoring import CASE_HANDLING
from assessments.scoring_alone import MAY_BE_OUTSIDE, SEVERE, Outcome, ScoreMark, SignalAnswer, signals_for
from assessments.tool import Indicator, Signal, Tool
from factories import people

EVIDENCE = ("D", "M", "W", "WO", "O", "C")
OF_SIGNALS = ("D", "M", "W", "WO", "O", "C", "X", "P")
CODE = re.compile(r"[A-Za-z0-9_]{0,20}")
LARGEST = 200  # Marks in one batch: forty indicators, twenty-four signals, and room.


class Unreadable(ValueError):
    """A device sent something that is no batch of marks."""


@dataclass
class Cell:
    """One indicator or signal as one assessor fills it in."""

    code: str
    title: str
    value: str  # A score, a reason for none, or what became of looking; empty: nothing yet.
    chosen: list[str]
    version: int
    choices: list[tuple[str, str, str]]  # Value, short word, what it means.
    sources: list[tuple[str, str]]
    usual: tuple[str, ...] = ()
    how: str = ""
    critical: bool = False
    helps: list[guidance.Help] = field(default_factory=list)
    hint: str = ""  # What the figures speak for.
    severe: bool | None = None  # None: not asked.
    outside_only: bool | None = None
    fault: str = ""
    theirs: str = ""  # What another device saved in the meantime.
    has_note: bool = False


@dataclass
class Part:
    """A domain, or the signals, with how much of it is answered."""

    code: str
    title: str
    cells: list[Cell]

    @property
    def answered(self) -> int:
        return sum(1 for cell in self.cells if cell.value)


def parts(
    assessment: Assessment, seat: Assessor, used: Tool, *, typed: Mapping[str, Any] | None = None, said: Outcome | None
) -> list[Part]:
    """Return the forty indicators by domain as this assessor has filled them in; what was refused stays as typed."""
    rows = {row.indicator: row for row in seat.first_scores.all()}
    noted = set(seat.notes.values_list("indicator", flat=True))
    hints = proposing.hints(assessment.factory_id)
    found = []
    for domain in used.domains:
        cells = []
        for one in used.of_domain(domain.code):
            row = rows.get(one.code)
            mark = (
                ScoreMark(one.code, row.score, row.not_assessed, tuple(row.sources), row.version)
                if row
                else ScoreMark(one.code)
            )
            cell = _score_cell(one, used, _refused(one.code, typed, said) or mark, outside=not assessment.is_self)
            cell.version = mark.version
            cell.has_note = one.code in noted
            cell.hint = hints.get(one.code, "")
            cells.append(_say(cell, said))
        found.append(Part(domain.code, used.text(domain.title), cells))
    return found


def signal_part(seat: Assessor, used: Tool, *, typed: Mapping[str, Any] | None = None, said: Outcome | None) -> Part:
    """Return the signals this assessor is asked about."""
    rows = {row.signal: row for row in seat.signals.all()}
    cells = []
    for one in signals_for(seat.person, used):
        row = rows.get(one.code)
        mark = (
            SignalAnswer(one.code, row.looked, tuple(row.sources), row.severe, row.outside_only, row.version)
            if row
            else SignalAnswer(one.code, "")
        )
        cell = _signal_cell(one, used, _refused(one.code, typed, said) or mark, seat)
        cell.version = mark.version
        cells.append(_say(cell, said))
    return Part("signals", _("Signals"), cells)


def scores_from(post: QueryDict, indicators: Iterable[Indicator]) -> list[ScoreMark]:
    """Read the indicators of a form; what was left empty is no mark."""
    found = []
    for one in indicators:
        value, sources = post.get(f"{one.code}-value", ""), tuple(post.getlist(f"{one.code}-sources"))
        if not value and not sources:
            continue
        score = int(value) if value.isascii() and value.isdigit() and len(value) == 1 else None
        why = value if value in NotAssessed.values else ""
        found.append(ScoreMark(one.code, score, why, () if why else sources, _number(post, f"{one.code}-version")))
    return found


def signals_from(post: QueryDict, signals: Iterable[Signal]) -> list[SignalAnswer]:
    """Read the signals of a form; what was left empty is no mark."""
    found = []
    for one in signals:
        looked = post.get(f"{one.code}-value", "")
        if not looked:
            continue
        present = looked == Looked.PRESENT
        found.append(
            SignalAnswer(
                one.code,
                looked,
                tuple(post.getlist(f"{one.code}-sources")) if looked != Looked.NOT_LOOKED else (),
                present and bool(post.get(f"{one.code}-severe")),
                present and bool(post.get(f"{one.code}-outside")),
                _number(post, f"{one.code}-version"),
            )
        )
    return found


def counts_from(post: QueryDict) -> dict[str, Any]:
    """Read the counts of a form. What is no whole number comes out as one that is refused."""
    counts: dict[str, Any] = {}
    for name in visits.COUNTS:
        text = post.get(name, "").strip()
        counts[name] = None if not text else int(text) if text.isdecimal() and len(text) < 8 else -1
    for name in visits.TICKS:
        counts[name] = bool(post.get(name))
    return counts | {"restrictions": post.getlist("restrictions"), "version": _number(post, "version")}


@dataclass(frozen=True)
class Batch:
    """What a device sends, in our own types."""

    id: UUID
    scores: list[ScoreMark]
    signals: list[SignalAnswer]
    counts: dict[str, Any] | None


def batch_from(sent: Any) -> Batch:
    """Read what a device sent; times, words and anything else that it may hold are not looked at."""
    try:
        marks = [*sent.get("scores", []), *sent.get("signals", [])]
        if len(marks) > LARGEST:
            raise Unreadable
        counts = sent.get("counts")
        return Batch(
            UUID(sent["id"]),
            [
                ScoreMark(
                    _code(one["indicator"]),
                    one.get("score"),
                    _code(one.get("not_assessed", "")),
                    tuple(_code(source) for source in one.get("sources", [])),
                    int(one.get("version", 0)),
                )
                for one in sent.get("scores", [])
            ],
            [
                SignalAnswer(
                    _code(one["signal"]),
                    _code(one["looked"]),
                    tuple(_code(source) for source in one.get("sources", [])),
                    one.get("severe") is True,
                    one.get("outside_only") is True,
                    int(one.get("version", 0)),
                )
                for one in sent.get("signals", [])
            ],
            _counts(counts) if counts is not None else None,
        )
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as wrong:
        raise Unreadable from wrong


# ---------------------------------------------------------------------------------------------------------


def _counts(sent: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: sent.get(name) for name in visits.COUNTS if name in sent}
    found |= {name: sent.get(name) is True for name in visits.TICKS if name in sent}
    if "restrictions" in sent:
        found["restrictions"] = [_code(one) for one in sent["restrictions"]]
    return found | {"version": int(sent.get("version", 0))}


def _code(value: Any) -> str:
    """Take a code and nothing longer: a device sends no words."""
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise Unreadable
    return value


def _number(post: QueryDict, name: str) -> int:
    text = post.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 8 else 0


def _refused(code: str, typed: Mapping[str, Any] | None, said: Outcome | None) -> Any:
    """Return what was typed where it was not saved, so that nobody types it again."""
    if typed is None or said is None or (code not in said.faults and code not in said.conflicts):
        return None
    return typed.get(code)


def _say(cell: Cell, said: Outcome | None) -> Cell:
    if said is not None and cell.code in said.conflicts:
        cell.theirs = words_of(said.conflicts[cell.code])
    elif said is not None:
        cell.fault = said.sentences().get(cell.code, "")
    return cell


def words_of(mark: Mapping[str, Any]) -> str:
    """Say in words what another device saved."""
    words = []
    if mark.get("score") is not None:
        words.append(str(mark["score"]))
    elif mark.get("not_assessed"):
        words.append(str(NotAssessed(mark["not_assessed"]).label))
    elif mark.get("looked"):
        words.append(str(Looked(mark["looked"]).label))
    words += [str(Source(one).label) for one in mark.get("sources", [])]
    return ", ".join(words)


def _score_cell(one: Indicator, used: Tool, mark: ScoreMark, *, outside: bool) -> Cell:
    offered = [*EVIDENCE, "T"] if one.code in CASE_HANDLING else EVIDENCE
    scale = [(str(number), str(number), used.text(anchor)) for number, anchor in enumerate(one.anchors)]
    reasons = [(value, "", _("Not assessed. %(why)s") % {"why": label}) for value, label in NotAssessed.choices]
    return Cell(
        code=one.code,
        title=used.text(one.title),
        value=str(mark.score) if mark.score is not None else mark.not_assessed,
        chosen=list(mark.sources),
        version=mark.version,
        choices=scale + reasons,
        sources=[(code, str(Source(code).label)) for code in offered],
        usual=one.sources,
        how=used.text(one.how_to_check),
        critical=one.critical,
        helps=guidance.beside(one.code, outside=outside),
    )


def _signal_cell(one: Signal, used: Tool, mark: SignalAnswer, seat: Assessor) -> Cell:
    offered = [code for code in OF_SIGNALS if code in one.sources or (code == "WO" and "W" in one.sources)]
    knows_outside = one.code in MAY_BE_OUTSIDE and people.is_expert(seat.person)
    return Cell(
        code=one.code,
        title=used.text(one.text),
        value=mark.looked,
        chosen=list(mark.sources),
        version=mark.version,
        choices=[(value, "", str(label)) for value, label in Looked.choices],
        sources=[(code, str(Source(code).label)) for code in offered],
        helps=guidance.beside_signal(one.code),
        severe=mark.severe if one.code == SEVERE else None,
        outside_only=mark.outside_only if knows_outside else None,
    )


def restrictions(chosen: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Return the ways in which access was restricted, each with whether it was met."""
    met = set(chosen)
    return [(value, str(label), value in met) for value, label in Restriction.choices]
