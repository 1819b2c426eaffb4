"""What a fair inquiry must have: the needs of its steps, and the list of what is still missing before the finding.

Source: workflow.md, sections 3.5, 14 and 16. The list follows section 3.5: whoever has never run an inquiry can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from complaints import reading
from complaints.casecodes import FACTORY_ROLES, EventKind, InquirySide, Role
from complaints.codes import Path, Stage
from complaints.models import Case
from complaints.workflow.step import Actor, Words

# Who finds out: committee members, outside the experts. The case officer tells, notes and collects beside them.
INQUIRERS = (Role.COMMITTEE_CHAIR, Role.COMMITTEE_MEMBER, Role.OUTSIDE_MEMBER, Role.TECHNICAL_EXPERT)
HELPING = (Role.CASE_OFFICER, *INQUIRERS)
FEWEST, MOST = 2, 3
HERS = (InquirySide.COMPLAINANT, InquirySide.AFFECTED_PERSON)
_KINDS = (
    EventKind.INQUIRY_BEGUN,
    EventKind.RESPONDENT_TOLD,
    EventKind.RESPONDENT_REPLIED,
    EventKind.HEARD,
    EventKind.PAPER_ADDED,
    EventKind.COMMENTS_ASKED,
    EventKind.COMMENTED,
)


# --- How far it is ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Soundings:
    """What the chain of events says of an inquiry: codes, ids and days, read in three queries."""

    begun: bool
    named: bool
    told_on: date | None
    replied: bool
    reply_due_on: date | None
    reply_over: bool
    heard: frozenset[str]
    papers: int
    comments_asked: bool
    comments_by: date | None
    commented: frozenset[str]
    comments_over: bool
    inquirers: frozenset[UUID]

    @property
    def sides(self) -> tuple[str, ...]:
        """Who may comment: both sides; she alone where nobody is named."""
        both = (InquirySide.COMPLAINANT.value, InquirySide.RESPONDENT.value)
        return both if self.named else both[:1]

    @property
    def comments_closed(self) -> bool:
        return self.comments_asked and (self.comments_over or set(self.sides) <= self.commented)


def soundings(case: Case, *, at: datetime) -> Soundings:
    """Return how far the inquiry is, counted from when it was begun last. Read once while nothing new has happened."""
    key = (case.last_event, at)
    kept: tuple[Any, Soundings] | None = case.__dict__.get("_soundings")
    if kept is None or kept[0] != key:
        kept = case.__dict__["_soundings"] = key, _soundings(case, at=at)
    return kept[1]


def _soundings(case: Case, *, at: datetime) -> Soundings:
    rows = reading.events(case, *_KINDS)
    events: list[tuple[str, dict[str, Any], date]] = [(one.kind, one.contents or {}, one.on) for one in rows]
    starts = [place for place, (kind, *_rest) in enumerate(events) if kind == EventKind.INQUIRY_BEGUN]
    before, events = (events[: starts[-1]], events[starts[-1] :]) if starts else (events, [])
    told = [on for kind, _said, on in events if kind == EventKind.RESPONDENT_TOLD]
    begun = [said for kind, said, _on in events if kind == EventKind.INQUIRY_BEGUN]
    asked = [said for kind, said, _on in events if kind == EventKind.COMMENTS_ASKED]
    by = date.fromisoformat(asked[-1]["by"]) if asked else None
    replies = [one for one in reading.deadlines(case) if one.code == "respondent_reply"] if told else []
    reply = max(replies, key=lambda one: one.ordinal, default=None)
    return Soundings(
        begun=bool(begun),
        named=bool(told or (begun and begun[-1].get("named", True))),
        told_on=told[0] if told else None,
        replied=any(kind == EventKind.RESPONDENT_REPLIED for kind, *_rest in events),
        reply_due_on=case.local_day(reply.due_at) if reply else None,
        reply_over=bool(reply and reply.due_at < at),
        # She is never asked to tell it again, also where the inquiry is begun again.
        heard=_heard(events) | (_heard(before) & set(HERS)),
        papers=sum(kind == EventKind.PAPER_ADDED for kind, *_rest in events),
        comments_asked=bool(asked),
        comments_by=by,
        commented=frozenset(said["side"] for kind, said, _on in events if kind == EventKind.COMMENTED),
        comments_over=by is not None and case.local_day(at) > by,
        inquirers=reading.inquirers(case),
    )


def _heard(events: Sequence[tuple[str, dict[str, Any], date]]) -> frozenset[str]:
    return frozenset(said["who"] for kind, said, _on in events if kind == EventKind.HEARD)


@dataclass(frozen=True)
class Point:
    """One thing that a fair inquiry does, whether it is done, and the step that does it."""

    title: Words
    done: bool
    step: str
    missing: Words = ""  # What is said while it is not done; empty where the inquiry can be complete without.


def points(case: Case, found: Soundings) -> list[Point]:
    """The inquiry from beginning to end, in the order of section 3.5."""
    answered = found.replied or InquirySide.RESPONDENT in found.heard or found.reply_over
    told = found.told_on is not None
    return [
        Point(
            _("Written plan: what must be found out, whom to hear, in which order, what to protect"),
            found.begun,
            "begin_inquiry",
            _("The plan of the inquiry is not written yet."),
        ),
        Point(
            _("Interim measures in place first"),
            case.interim_decided_at is not None,
            "decide_interim",
            _("It is not decided yet whether an interim measure is needed."),
        ),
        Point(
            _("Respondent told in writing"),
            told or (found.begun and not found.named),
            "tell_respondent",
            _("The respondent has not been told yet what is said to have happened."),
        ),
        Point(
            _("Complainant and affected person heard, once, or offered it"),
            bool(found.heard & set(HERS)),
            "hear",
            _("The complainant has not been heard yet. If she does not want to speak, note that it was offered."),
        ),
        Point(
            _("Respondent heard separately, or the day for the answer is over"),
            answered or (found.begun and not found.named),
            "hear" if told else "tell_respondent",
            _("The respondent has neither answered nor been heard, and the day for the answer is not over."),
        ),
        Point(_("Witnesses heard separately"), InquirySide.WITNESS in found.heard, "hear"),
        Point(_("Papers looked at"), found.papers > 0, "add_paper"),
        Point(
            _("Both sides asked for comments on the main points"),
            found.comments_closed,
            "note_comment" if found.comments_asked else "ask_comments",
            _("Both sides have been asked for comments; wait for them, or for the day you gave them to be over.")
            if found.comments_asked
            else _("The two sides have not been asked for comments on the main points."),
        ),
    ]


def missing(case: Case, found: Soundings) -> list[Words]:
    """What must still be done before the inquiry is complete, each in a sentence."""
    return [point.missing for point in points(case, found) if point.missing and not point.done]


def next_step(case: Case, *, at: datetime) -> str:
    """The step that the inquiry needs next; empty where it needs none."""
    if case.path != Path.FORMAL_INQUIRY:
        return ""
    if case.stage == Stage.PLANNING:
        return "assign" if short_of_people(case) else "begin_inquiry"
    if case.stage == Stage.FINDING:
        return "find"
    if case.stage != Stage.FACT_FINDING:
        return ""
    found = soundings(case, at=at)
    waits = (point.step for point in points(case, found) if point.missing and not point.done)
    return next(waits, "complete_inquiry")


def short_of_people(case: Case) -> Words | None:
    """Who is still to be put on the case before an inquiry can begin; whether they have signed is asked later."""
    able = [role for role in INQUIRERS if (role in FACTORY_ROLES) == case.with_factory]
    roles = [one.role for one in reading.current(case) if one.role in able and not one.standing_by]
    if len(roles) < FEWEST:
        if case.with_factory:
            return _("Two or three committee members run an inquiry. Put a second one on the case first.")
        return _("Two experts run an inquiry. Put a second one on the case first.")
    if case.with_factory and case.severity in "ab" and Role.OUTSIDE_MEMBER not in roles:
        return _("It is serious: the outside member is one of those who run the inquiry. Put them on the case first.")
    return None


# --- Needs --------------------------------------------------------------------------------------------------------


def formal_path(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.path != Path.FORMAL_INQUIRY:
        return _("The agreed path is not a formal inquiry. Agree that path with her first.")
    return None


def interim_decided(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.interim_decided_at is None:
        return _("Decide first whether an interim measure is needed: people are kept safe before questions are asked.")
    return None


def enough_people(case: Case, actor: Actor, at: datetime) -> Words | None:
    return short_of_people(case)


def where_the_case_is(case: Case, actor: Actor, at: datetime) -> Words | None:
    """An expert called to a factory's case does not run the factory's inquiry."""
    if case.with_factory and not actor.at_factory:
        return _("The factory handles this case and runs the inquiry.")
    return None


def among_three(case: Case, actor: Actor, at: datetime) -> Words | None:
    """Two or three people find out; somebody new joins only in the place of one who has left the case."""
    took_part = soundings(case, at=at).inquirers
    if actor.person is None or actor.person.pk in took_part:
        return None
    on_case = [one for one in reading.current(case) if one.role in INQUIRERS and not one.standing_by]
    if sum(one.person_id in took_part for one in on_case) >= MOST:
        return _("Three people run this inquiry already. Leave it to them.")
    return None


def nothing_missing(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.stage != Stage.FACT_FINDING:
        return None
    sentences = missing(case, soundings(case, at=at))
    if not sentences:
        return None
    return f"{_now('The inquiry is not complete yet.')} {_joined(sentences)}"


def comments_asked(case: Case, actor: Actor, at: datetime) -> Words | None:
    if not soundings(case, at=at).comments_asked:
        return _("Ask both sides for their comments first.")
    return None


def respondent_told(case: Case, actor: Actor, at: datetime) -> Words | None:
    if soundings(case, at=at).told_on is None:
        return _("The respondent has not been told yet. Write the letter first.")
    return None


def respondent_not_told(case: Case, actor: Actor, at: datetime) -> Words | None:
    if soundings(case, at=at).told_on is not None:
        return _(
            "The respondent has been told already. What has come to light since goes into the letter that asks for "
            "comments."
        )
    return None


def _joined(sentences: Sequence[Words]) -> str:
    return " ".join(str(one) for one in sentences)
