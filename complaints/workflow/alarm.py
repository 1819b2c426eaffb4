"""She is not safe, or treated worse: the outside team is called at once, the factory knows nothing before the release.

Source: workflow.md, sections 7, 10, 11 and 12.
"""

from __future__ import annotations

from datetime import datetime

from accounts import notices
from accounts.models import Person
from complaints import deadlines, events
from complaints.casecodes import FACTORY_ROLES, EventKind, Role
from complaints.codes import Side, Stage
from complaints.models import Case
from complaints.workflow.places import call_experts


def not_safe(case: Case, *, at: datetime) -> None:
    """She says that she is not safe: urgent contact, interim measures, and word to the outside team. Within a step.

    The factory sees `urgent_outside` from the release on and nothing else.
    """
    events.record(case, EventKind.NOT_SAFE, her=True, at=at)
    release = case.calendar.release_after(at)
    if not case.urgent_outside:
        case.urgent_outside, case.urgent_shows_at = True, release if case.with_factory else None
        case.save(update_fields=["urgent_outside", "urgent_shows_at"])
    codes = ["urgent_contact"]
    if case.side != Side.KEPT and case.stage != Stage.CLOSED:  # There nobody could decide one.
        codes.append("interim_measures_urgent")
    for code in codes:
        if not deadlines.is_open(case, code):
            # The factory's hours count from when it can see them; the outside team's from now.
            theirs = case.with_factory and code == "interim_measures_urgent"
            deadlines.set_next(case, code, at=release if theirs else at)
    if case.with_factory:
        current = case.assignments.current().filter(role__in=FACTORY_ROLES).select_related("person")
        _tell(case, [one.person for one in current], "reminder", at=at, send_after=release)
    call_outside(case, "not_safe", at=at)


def call_outside(case: Case, kind: str, *, at: datetime) -> None:
    """Call the outside team because of what she has just said: the expert, in a hold the leads. Within a step.

    Of hers the day is kept: whoever stood by sees the case from the beginning of it.
    """
    day = case.calendar.at_hour(case.local_day(at), 0)
    if case.in_hold:
        leads = case.assignments.current().filter(role=Role.SAFEGUARDING_LEAD).select_related("person")
        people = [one.person for one in leads]
    else:
        people = call_experts(case, at=day)
    _tell(case, people, kind, at=at, send_after=day)


def _tell(case: Case, people: list[Person], kind: str, *, at: datetime, send_after: datetime) -> None:
    notices.queue(
        to=people,
        cause=f"{kind}:{case.pk}:{case.last_event}",
        kind=kind,
        at=case.calendar.at_hour(case.local_day(at), 0),
        due_on=case.local_day(case.next_due_at) if case.next_due_at else None,
        topic="case",
        topic_id=case.pk,
        send_after=send_after,
    )
