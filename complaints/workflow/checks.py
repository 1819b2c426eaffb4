"""Checks: planned looks at how somebody is after the outcome, and whether anybody pays for having told.

Source: workflow.md, sections 10 to 12. No answer is never counted as fine.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max, QuerySet

from complaints import deadlines
from complaints.casecodes import CheckCode
from complaints.models import Case, Check
from factories import clock

AFTER_OUTCOME = (CheckCode.CHECK_30, CheckCode.CHECK_60, CheckCode.CHECK_90, CheckCode.RECORDS_REVIEW_180)


# --- Planning -----------------------------------------------------------------------------------------------------


def plan(case: Case, *, at: datetime) -> list[Check]:
    """Begin the checks: the local day of `at` is day 0. Within a step of whoever begins; twice changes nothing.

    A first light check comes after 14 days while an interim measure is in force. Workflow, section 10.
    """
    if case.monitoring_on is not None:
        return []
    case.monitoring_on = case.local_day(at)
    case.save(update_fields=["monitoring_on"])
    in_force = case.interim_measures.filter(ends_on=None).exists()
    return plan_codes(case, [CheckCode.CHECK_14, *AFTER_OUTCOME] if in_force else AFTER_OUTCOME, at=at)


def plan_codes(case: Case, codes: Iterable[str], *, at: datetime) -> list[Check]:
    """Plan these checks from the day of `at` on, each with its deadline. Within a step.

    A check that is still planned stays as it is; one that was made or dropped before is planned anew, with its next
    number. Each code is a row of the deadline table.
    """
    running = set(open_checks(case).values_list("code", flat=True))
    codes = [str(code) for code in codes if code not in running]
    last = dict(case.checks.values_list("code").annotate(last=Max("number")).order_by())
    limits = clock.limits(case.country_id)
    start = case.calendar.at_hour(case.local_day(at), 0)
    made = []
    for deadline in deadlines.set_many(case, codes, at=at):
        cap_at = clock.cap(limits[deadline.code], start, case.calendar) or deadline.due_at
        made.append(
            Check(
                case=case,
                code=deadline.code,
                number=last.get(deadline.code, 0) + 1,
                due_on=case.local_day(deadline.due_at),
                cap_on=case.local_day(cap_at),
                deadline=deadline,
            )
        )
    return Check.objects.bulk_create(made)


def drop(case: Case, *codes: str, at: datetime) -> int:
    """Let go of checks that are still planned, with their deadlines; without codes, all. Within a step."""
    planned = open_checks(case)
    if codes:
        planned = planned.filter(code__in=codes)
    gone = list(planned.values_list("code", flat=True))
    if not gone:
        return 0
    planned.update(dropped_on=case.local_day(at))
    deadlines.drop(case, *gone, at=at)
    return len(gone)


def open_checks(case: Case) -> QuerySet[Check]:
    """The checks that are planned and not made yet."""
    return case.checks.filter(done_on=None, dropped_on=None)
