"""Closing as handlers read it: nine criteria, who ticked and confirmed each, what is missing and where it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from complaints import reading, workflow
from complaints.casecodes import Criterion, EventKind
from complaints.codes import Path, Stage, Words
from complaints.models import Case, ClosureTick, Event
from complaints.workflow.criteria import DAYS_TO_ANSWER, TRIES, Missing, Told, all_missing
from complaints.workflow.retention import standing_holds

# In the order in which they come first on the page of a case.
NEXT = ("reopen", "confirm_closure", "close", "write_learning", "ask_closing", "tick_closure", "close_no_contact")
STEPS = ("ask_closing", "write_learning", "tick_closure", "confirm_closure", "close", "close_no_contact", "reopen")
_COUNTED = (
    EventKind.REOPENED,
    EventKind.LEARNING_WRITTEN,
    EventKind.CLOSING_ASKED,
    EventKind.CLOSING_ANSWERED,
)


@dataclass(frozen=True)
class Line:
    """One criterion: whether it holds as far as the system sees, and who answers for it."""

    criterion: str
    label: Words
    missing: Missing | None
    tick: ClosureTick | None


@dataclass(frozen=True)
class ClosingPage:
    lines: Sequence[Line]
    told: Told
    confirms: Words | None  # Why this reader is not the one who confirms.
    keep_until: date
    steps: Sequence[str]

    @property
    def ready(self) -> bool:
        return all(line.tick and line.tick.confirmed_by_id and not line.missing for line in self.lines)


@reading.one_page
def closing_page(case: Case, actor: workflow.Actor, *, at: datetime) -> ClosingPage:
    """Read the criteria one by one; nothing is opened."""
    ticks = {tick.criterion: tick for tick in workflow.ticks_of(case).select_related("ticked_by", "confirmed_by")}
    could = workflow.allowed(case, actor, at=at)
    codes = {one.code for one in reading.open_deadlines(case)}
    hidden = unwanted(case, actor, could, codes, at=at)
    is_open = case.stage != Stage.CLOSED
    return ClosingPage(
        lines=[
            Line(
                criterion,
                label,
                workflow.missing_of(case, actor, criterion, at=at) if is_open else None,
                ticks.get(criterion),
            )
            for criterion, label in Criterion.choices
        ],
        told=workflow.told_of(case, actor, at=at),
        confirms=workflow.who_confirms(case, actor),
        keep_until=case.purge_after or workflow.keep_until(case, at=at),
        steps=[name for name in STEPS if name in could and not hidden.get(name, False)],
    )


def due(case: Case, actor: workflow.Actor, offered: Iterable[str], codes: Iterable[str], *, at: datetime) -> set[str]:
    """Which steps are really next, once the time to close has come: what is missing still, her answer, the ticks.

    She is asked again where she was silent for a week; after a no somebody first does what it asks for. `codes`: the
    open promises.
    """
    found = set(NEXT) & set(offered)
    if "closure_review" not in codes or case.stage != Stage.MONITORING:
        return found & {"reopen", "confirm_closure", "close"}
    missing = [one.step for _criterion, one in all_missing(case, actor, at=at)]
    if missing:
        found.discard("tick_closure")  # Some could be ticked, but something else has to be done first.
    if "ask_closing" in found:
        told = workflow.told_of(case, actor, at=at)
        silent = told.last_asked_on and case.local_day(at) - told.last_asked_on >= timedelta(days=DAYS_TO_ANSWER)
        again = told.answer is None and told.asked < TRIES and silent  # Also where her answer is not released yet.
        if told.asked and not again:
            found.discard("ask_closing")
    return found | set(missing) & set(offered) - set(NEXT)


def unwanted(
    case: Case, actor: workflow.Actor, could: Iterable[str], codes: Iterable[str], *, at: datetime
) -> Mapping[str, bool]:
    """Which of these steps nobody needs now, though the table allows them. Two queries, or three."""
    could, codes = set(could), set(codes)
    found = {
        "close_redirected": case.stage == Stage.MONITORING and case.path != Path.REFERRED_OUT,
        "close_no_contact": "no_contact_close" not in codes,
        "end_legal_hold": "end_legal_hold" in could and not standing_holds(case, at=at),
    }
    if case.stage == Stage.CLOSED:
        return {**found, "reopen": "reopen" in could and not workflow.wrote_since_closing(case, actor, at=at)}
    if case.stage != Stage.MONITORING:
        return {**found, "write_learning": True}
    if "no_contact_close" in codes and "close_no_contact" in could:
        found["close_no_contact"] = workflow.no_contact_refusal(case, actor, at=at) is not None
    since: list[Event] = []
    number = 1
    for event in reading.events(case, *_COUNTED):
        reopened = event.kind == EventKind.REOPENED
        number, since = (number + 1, []) if reopened else (number, [*since, event])
    ticks = [one for one in case.closure_ticks.all() if one.round == number]
    told = workflow.told_of(case, actor, at=at, found=since)
    mine = actor.person.pk if actor.person else None
    waiting = [one for one in ticks if one.confirmed_by_id is None and one.ticked_by_id != mine]
    confirmed = [one for one in ticks if one.confirmed_by_id]
    return {
        **found,
        "ask_closing": told.answer is True,
        "write_learning": any(event.kind == EventKind.LEARNING_WRITTEN for event in since),
        "tick_closure": len(ticks) == len(Criterion.values),
        "confirm_closure": not waiting or workflow.who_confirms(case, actor) is not None,
        "close": len(confirmed) < len(Criterion.values),
    }
