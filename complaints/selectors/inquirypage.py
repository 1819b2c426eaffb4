"""What the page of an inquiry shows: how far it is, in the order of workflow section 3.5, and its papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from complaints import reading, workflow
from complaints.casecodes import EntryKind, InquirySide
from complaints.codes import Words
from complaints.compartments import Opened
from complaints.models import Case, Inquirer
from complaints.shown import Line, lines
from complaints.workflow.fairness import Point, Soundings, missing, next_step, points, soundings

OF_THE_INQUIRY = (
    EntryKind.INQUIRY_PLAN,
    EntryKind.ALLEGATION,
    EntryKind.RESPONDENT_NOTICE,
    EntryKind.RESPONDENT_REPLY,
    EntryKind.INTERVIEW,
    EntryKind.PAPER,
    EntryKind.COMMENT,
)
ENTRIES = (*OF_THE_INQUIRY, EntryKind.FINDING, EntryKind.QUESTIONS_BACK)
# Which entry a letter is printed from.
LETTERS: dict[str, str] = {"notice": EntryKind.RESPONDENT_NOTICE, "comments": EntryKind.COMMENT}


@dataclass(frozen=True)
class Step:
    """One point of the list, and the step by which this reader can do it now; empty where they cannot."""

    point: Point
    step: str


@dataclass(frozen=True)
class Paper:
    """One entry of the inquiry, and the letter it is printed as."""

    opened: Opened
    lines: list[Line] = field(repr=False)
    letter: str


@dataclass(frozen=True)
class AllegationLine:
    number: int
    text: str = field(repr=False)
    result: Words
    found_on: date | None


@dataclass(frozen=True)
class InquiryPage:
    """The page, before and after its papers are opened."""

    found: Soundings
    steps: Sequence[Step]
    missing: Sequence[Words]
    next_step: str
    beside: Sequence[str]
    inquirers: Sequence[Inquirer]
    heard: Sequence[Words]
    allegations: Sequence[AllegationLine]
    papers: Sequence[Paper]
    nobody_decides: bool


@reading.one_page
def inquiry_page(case: Case, actor: workflow.Actor, opened: Iterable[Opened], *, at: datetime) -> InquiryPage:
    """Put together what the page of an inquiry shows."""
    found = soundings(case, at=at)
    could = workflow.allowed(case, actor, at=at)
    steps = [Step(point, point.step if point.step in could and not point.done else "") for point in points(case, found)]
    following = next_step(case, at=at)
    offered = ("note_reply", "hear", "add_paper", "note_comment")
    entries = list(opened)
    texts = {one.content["number"]: one.content["text"] for one in entries if one.entry.kind == EntryKind.ALLEGATION}
    shown = [one for one in entries if one.entry.kind != EntryKind.ALLEGATION]
    running = case.stage in ("planning", "fact_finding")
    return InquiryPage(
        found=found,
        steps=steps,
        missing=missing(case, found) if running and found.begun else [],
        next_step=following if following in could else "",
        beside=[name for name in offered if name in could and name != following],
        inquirers=reading.inquirer_rows(case),
        heard=[side.label for side in InquirySide if side in found.heard],
        allegations=[
            AllegationLine(one.number, texts.get(one.number, ""), one.get_result_display(), one.found_on)
            for one in reading.allegations(case)
        ],
        papers=[Paper(one, lines(one.content), letter_of(one)) for one in reversed(shown)],
        nobody_decides=case.with_factory and case.stage == "finding" and not workflow.who_could_decide(case),
    )


def letter_of(opened: Opened) -> str:
    """The letter to the respondent that this entry is; empty for everything else."""
    if opened.entry.kind == EntryKind.RESPONDENT_NOTICE:
        return "notice"
    content: dict[str, Any] = opened.content
    to_respondent = content.get("of_side") == InquirySide.RESPONDENT and "points" in content
    return "comments" if opened.entry.kind == EntryKind.COMMENT and to_respondent else ""
