"""She stops an informal resolution and chooses another way. Workflow, section 4: "she can stop".

It stops at once: what would carry it on is refused. The factory is told with the daily release, and then the case is
back in planning, where another path is agreed with her. A formal inquiry stays open to her.
"""

from __future__ import annotations

from datetime import datetime

from complaints import deadlines, events
from complaints.casecodes import EventKind
from complaints.codes import Stage
from complaints.models import Case
from complaints.workflow.hers import tell_handlers
from complaints.workflow.paths import back_to_planning
from complaints.workflow.step import StepRefused
from complaints.workflow.table import TALKING, move, taking


def stop_talk(case: Case, *, at: datetime) -> Case:
    """Hers, without a reason: the talk stops now."""
    with taking("stop_talk", case, at=at, her=True) as (case, actor):
        release = case.calendar.release_after(at)
        events.record(case, EventKind.TALK_STOPPED, her=True, at=at)
        if not case.with_factory or release <= at:
            _end(case, at=case.calendar.at_hour(case.local_day(at), 0), her=True)
        else:
            case.talk_ends_at = release
            case.save(update_fields=["talk_ends_at"])
        tell_handlers(case, "talk_stopped", at=at)
    return case


def finish_talk(case: Case, *, at: datetime) -> Case:
    """Take a case whose talk she stopped back to planning, at the release."""
    with taking("finish_talk", case, at=at) as (case, actor):
        if case.talk_ends_at is None or at < case.talk_ends_at:
            raise StepRefused("the release is not reached")
        _end(case, at=at)
    return case


def finish_talks(*, at: datetime) -> int:
    """Take every such case back; harmless when run twice or in two workers."""
    done = 0
    for case in Case.objects.filter(talk_ends_at__lte=at, stage__in=TALKING)[:500]:
        try:
            finish_talk(case, at=at)
        except StepRefused:
            continue  # Another worker was quicker.
        done += 1
    return done


def _end(case: Case, *, at: datetime, her: bool = False) -> None:
    # What was promised in the talk is not asked of anybody while the path is open; it is planned again with the next.
    deadlines.drop(case, "remedy_done", at=at)
    back_to_planning(case, at=at, her=her)
    move(case, Stage.PLANNING, case.side)
