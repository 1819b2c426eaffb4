"""What time itself does to a case: an asked stop becomes final. Celery calls this; it holds no key."""

from __future__ import annotations

from datetime import datetime

from complaints import deadlines, events
from complaints.casecodes import EventKind
from complaints.codes import ClosingReason, Side, Stage
from complaints.models import Assignment, Case
from complaints.workflow.step import StepRefused
from complaints.workflow.table import move, taking


def finish_stop(case: Case, *, at: datetime) -> Case:
    """Close a case whose stop she asked for 24 hours ago and did not take back."""
    with taking("finish_stop", case, at=at) as (case, actor):
        if case.stop_final_at is None or at < case.stop_final_at:
            raise StepRefused("the 24 hours are not over")
        case.closing_reason, case.closed_at = ClosingReason.STOPPED_BY_COMPLAINANT, case.stop_final_at
        case.stop_asked_on = case.stop_final_at = None
        case.save(update_fields=["closing_reason", "stop_asked_on", "stop_final_at"])
        move(case, Stage.CLOSED, "")  # With its closing date: the database knows no closed case without one.
        deadlines.drop(case, at=at)
        Assignment.objects.filter(case=case).update(closed=True)
        events.record(case, EventKind.CLOSED, at=at, contents={"because": case.closing_reason})
    return case


def finish_stops(*, at: datetime) -> int:
    """Close every case whose stop has become final; harmless when run twice or in two workers."""
    done = 0
    for case in Case.objects.filter(side=Side.ON_HOLD_BY_COMPLAINANT, stop_final_at__lte=at)[:500]:
        try:
            finish_stop(case, at=at)
        except StepRefused:
            continue  # Somebody was quicker: she took it back, or another worker closed it.
        done += 1
    return done
