"""While she is asked something, what cannot go on without her answer stands still. Workflow, section 5, "Pause".

Thirty days at most, never longer than her days to answer run, and once: a second question before she has answered
stops nothing. Safety limits never stand still. At a factory her answer ends it at the release, as it is read there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from complaints import deadlines, events
from complaints.casecodes import EventKind
from complaints.models import Case, Deadline, Event
from complaints.workflow.standing import released_until
from complaints.workflow.step import Actor, StepRefused
from complaints.workflow.table import taking

LONGEST = timedelta(days=30)
DAY = timedelta(days=1)


def begin(case: Case, actor: Actor, *, at: datetime) -> None:
    """Let what waits for her answer stand still. Within `send_message`, once the question is in the chain."""
    earlier = _questions(case)[1:2]
    if not earlier or _answered(case, earlier[0], until=_known(case, at, at_factory=actor.at_factory)):
        deadlines.pause(case, at=at)


def she_wrote(case: Case, *, at: datetime) -> None:
    """Outside her message ends the pause at once; at a factory the release does. Within a step of hers."""
    if not case.with_factory and not _held_otherwise(case):
        deadlines.go_on(case, at=at)


def waits_until(case: Case, rows: Sequence[Deadline]) -> date | None:
    """The last day on which promises of this case wait for her answer; None where none does. `rows`: its promises."""
    running = [one for one in rows if one.met_at is None and one.dropped_at is None]
    since = [case.local_day(one.paused_at) for one in running if one.paused_at]
    if not since or _held_otherwise(case):
        return None
    windows = [case.local_day(one.due_at) for one in running if one.code == "no_reply_least_intrusive"]
    return min([min(since) + LONGEST - DAY, *windows])


def she_answered(case: Case) -> bool:
    """Whether she has written since the last question, also what the release has not reached: for her own page."""
    return any(_answered(case, one, until=date.max) for one in _questions(case)[:1])


def end_waits(*, at: datetime) -> int:
    """Let everything go on whose answer has come or whose time is over; harmless twice, late, or in two workers."""
    paused = Deadline.objects.open().exclude(paused_at=None).values("case")
    waiting = Case.objects.filter(pk__in=paused, closed_at=None, set_aside_at=None, stop_asked_on=None)
    done = 0
    for case in waiting:
        try:
            end_wait(case, at=at)
        except StepRefused:
            continue  # It still waits, somebody was quicker, or something else holds it now.
        done += 1
    return done


def end_wait(case: Case, *, at: datetime) -> None:
    """Let the promises of a case go on: her answer has come as far as its handlers may know, or its days are over."""
    with taking("end_wait", case, at=at) as (case, actor):
        last = waits_until(case, list(case.deadlines.open()))
        if last is None:
            raise StepRefused("nothing waits")
        until = _known(case, at, at_factory=case.with_factory)
        answered = any(_answered(case, one, until=until) for one in _questions(case)[:1])
        if not answered and case.local_day(at) <= last:
            raise StepRefused("it waits for her")
        deadlines.go_on(case, at=at)
        events.record(case, EventKind.WAIT_ENDED, at=at, contents={"answered": answered})


def _questions(case: Case) -> list[Event]:
    """The last two questions to her, the newest first."""
    return list(case.events.filter(kind=EventKind.MESSAGE_SENT, contents__asks=True).order_by("-number")[:2])


def _answered(case: Case, question: Event, *, until: date) -> bool:
    wrote = case.events.filter(kind=EventKind.MESSAGE_RECEIVED, number__gt=question.number, on__lte=until)
    return wrote.exists()


def _known(case: Case, at: datetime, *, at_factory: bool) -> date:
    return released_until(case, at) if at_factory else case.local_day(at)


def _held_otherwise(case: Case) -> bool:
    """Set aside with a burst, or stopped by her: then that holds every promise."""
    return case.set_aside_at is not None or case.stop_asked_on is not None
