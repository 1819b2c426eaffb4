"""What time itself does to a case: an asked stop becomes final. Celery calls this; it holds no key."""

from __future__ import annotations

from datetime import datetime

from complaints.casecodes import AppealResult, CheckCode, Role
from complaints.codes import ClosingReason, Side
from complaints.models import Assignment, Case
from complaints.workflow import checks, closing
from complaints.workflow.step import StepRefused
from complaints.workflow.table import taking


def finish_stop(case: Case, *, at: datetime) -> Case:
    """Close a case whose stop she asked for 24 hours ago and did not take back."""
    with taking("finish_stop", case, at=at) as (case, actor):
        if case.stop_final_at is None or at < case.stop_final_at:
            raise StepRefused("the 24 hours are not over")
        final, kept = case.stop_final_at, case.side_before == Side.KEPT
        case.stop_asked_on = case.stop_final_at = None
        case.save(update_fields=["stop_asked_on", "stop_final_at"])
        _end_appeal(case, at=at)
        closing.end(case, ClosingReason.STOPPED_BY_COMPLAINANT, at=at, on=final)
        if not kept:
            # Offered on her page, and nobody waits for an answer. Workflow, section 11.
            checks.plan_codes(case, (CheckCode.STOPPED_CHECK_30, CheckCode.STOPPED_CHECK_90), at=final)
            Assignment.objects.filter(case=case).update(closed=True)
    return case


def _end_appeal(case: Case, *, at: datetime) -> None:
    """Nobody decides an appeal of a case that was stopped; the reviewer's place ends, and with it every page."""
    day = case.local_day(at)
    case.appeals.filter(decided_on=None).update(decided_on=day, result=AppealResult.WITHDRAWN)
    places = case.assignments.current().filter(role=Role.APPEAL_REVIEWER)
    places.update(ended_on=day, ended_because=Assignment.Ended.APPEAL_CLOSED)


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
