"""The promises of a case: set with their whole ladder, met, paused, let go on. Lengths come from the country's table.

Only promises whose meeting step exists are set. The caller holds the case lock. Workflow, section 5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Case as CaseWhen
from django.db.models import F, Max, Value, When

from complaints import fasttrack, reading
from complaints.casecodes import FACTORY_ROLES, CheckCode, ConcernKind, Role
from complaints.codes import FactorySide
from complaints.models import Assignment, Case, Deadline, Rung
from factories import clock

# A hold's own promises, and the follow-ups after it: their codes say that there is one, as the side of the case does.
OF_A_HOLD = ("hold_decision", "hold_plan", "hold_review")
FOLLOW_UPS = tuple(code.value for code in CheckCode if code.value.startswith("follow_up_"))
OF_THE_LEADS = (*OF_A_HOLD, *FOLLOW_UPS)
# Never a factory user's to see, wherever the case is; and as safety is no comfort that can wait, never paused.
OUTSIDE_ONLY = ("urgent_contact", *OF_THE_LEADS)
# What keeps her safe goes on whatever else stands still: a stop, a burst, a question to her. Workflow, section 5.
SAFETY = ("interim_measures_urgent", "interim_measures", "interim_review")
NEVER_PAUSED = (*OUTSIDE_ONLY, *SAFETY)
# How long somebody else has to say something: when it is over nobody is late, and no list counts it.
WINDOWS = ("appeal_window", "respondent_reply", "no_reply_least_intrusive", "no_contact_close")
# Who is on a case for one step of it: their lists show that step and no other promise. Workflow, section 2.
OWN_STEPS: dict[str, tuple[str, ...]] = {
    Role.DECISION_MAKER: ("decision", "remedy_done"),
    Role.APPEAL_REVIEWER: ("appeal_decision",),
}
FAR_AWAY = datetime.max.replace(tzinfo=clock.UTC, microsecond=0, year=9000)


def set_many(case: Case, codes: Iterable[str], *, at: datetime) -> list[Deadline]:
    """Set these promises, each with its ladder, counted from `at` (the release, for a factory).

    Each takes its next ordinal: 1, unless it repeats, or was let go when the case changed hands and is made again.
    """
    codes = list(codes)
    rows = case.deadlines.filter(code__in=codes).values_list("code").annotate(last=Max("ordinal")).order_by()
    last = dict(rows)
    made, rungs = prepare(case, codes, at=at, after=last)
    Deadline.objects.bulk_create(made)
    Rung.objects.bulk_create(rungs)
    refresh(case)
    return made


def prepare(
    case: Case, codes: Iterable[str], *, at: datetime, after: Mapping[str, int] | None = None
) -> tuple[list[Deadline], list[Rung]]:
    """Make promises and their ladders without touching the database. No minute of hers is in them.

    `after` gives the ordinal that a code had last; a new case has none.
    """
    deadlines, rungs = [], []
    last = after or {}
    limits = clock.limits(case.country_id)
    for code in codes:
        limit = limits[code]
        if limit.in_clock_hours:
            start = clock.start_of_hour(at, case.calendar)
        else:
            start = case.calendar.at_hour(case.local_day(at), 0)
        due_at = clock.due(limit, start, case.calendar)
        due_at = min(due_at, fasttrack.due(case, code, start) or due_at)
        ordinal = last.get(code, 0) + 1
        deadline = Deadline(case=case, code=code, ordinal=ordinal, starts_at=start, due_at=due_at, owner=limit.owner)
        deadlines.append(deadline)
        rungs += [
            Rung(deadline=deadline, level=level, rises_at=rises_at)
            for level, rises_at in clock.ladder(limit, due_at, case.calendar, start)
        ]
    return deadlines, rungs


def set_next(case: Case, code: str, *, at: datetime) -> Deadline:
    """Set one promise, with its next ordinal."""
    return set_many(case, [code], at=at)[0]


def set_by(case: Case, code: str, *, due_on: date, at: datetime) -> Deadline:
    """Set one promise that has a day of its own, with its next ordinal: never beyond its cap."""
    limit = clock.limits(case.country_id)[code]
    start = case.calendar.at_hour(case.local_day(at), 0)
    wanted = case.calendar.at_hour(case.calendar.roll(due_on, limit.roll), clock.END_OF_DAY)
    due_at = min(wanted, clock.cap(limit, start, case.calendar) or wanted)
    last = case.deadlines.filter(code=code).aggregate(last=Max("ordinal"))["last"] or 0
    made = Deadline.objects.create(
        case=case, code=code, ordinal=last + 1, starts_at=start, due_at=due_at, owner=limit.owner
    )
    Rung.objects.bulk_create(
        Rung(deadline=made, level=level, rises_at=rises_at)
        for level, rises_at in clock.ladder(limit, due_at, case.calendar, start)
    )
    refresh(case)
    return made


def last_day(case: Case, code: str, *, at: datetime) -> date | None:
    """The last day to which a promise made now may stretch; None where it has no cap."""
    limit = clock.limits(case.country_id)[code]
    end = clock.cap(limit, case.calendar.at_hour(case.local_day(at), 0), case.calendar)
    return case.local_day(end) if end else None


def last_window_day(case: Case, code: str, *, at: datetime) -> date:
    """The last day of a window that begins now, without setting it: the other side has one of its own."""
    start = case.calendar.at_hour(case.local_day(at), 0)
    return case.local_day(clock.due(clock.limits(case.country_id)[code], start, case.calendar))


def is_open(case: Case, *codes: str) -> bool:
    return any(one.code in codes for one in reading.open_deadlines(case))


def met_codes(case: Case) -> set[str]:
    """Return the promises that were kept already."""
    return set(case.deadlines.exclude(met_at=None).values_list("code", flat=True))


def meet(case: Case, *codes: str, at: datetime) -> int:
    """Mark the open promises of these codes as met; what has not risen of their ladders never will."""
    return _end(case, codes, met_at=at)


def drop(case: Case, *codes: str, at: datetime) -> int:
    """Let go of promises that no longer make sense (another owner took over, the case ended); empty: all."""
    return _end(case, codes, dropped_at=at)


def end_one(case: Case, deadline: Deadline, **when: datetime) -> None:
    """Meet or drop one promise of several with the same code: `met_at` or `dropped_at`. The caller holds the lock."""
    Deadline.objects.open().filter(pk=deadline.pk).update(**when)
    Rung.objects.filter(deadline=deadline, raised_at=None, dropped_at=None).update(dropped_at=next(iter(when.values())))
    refresh(case)


def _end(case: Case, codes: tuple[str, ...], **when: datetime) -> int:
    running = case.deadlines.open()
    if codes:
        running = running.filter(code__in=codes)
    pks = list(running.values_list("pk", flat=True))
    if not pks:
        return 0
    Deadline.objects.filter(pk__in=pks).update(**when)
    Rung.objects.filter(deadline__in=pks, raised_at=None, dropped_at=None).update(dropped_at=next(iter(when.values())))
    refresh(case)
    return len(pks)


def pause(case: Case, *, at: datetime, everything: bool = False) -> None:
    """Stop the promises that may pause and are not late; `everything` for a stop or a burst. Safety never pauses."""
    running = case.deadlines.running().exclude(code__in=NEVER_PAUSED)
    if not everything:
        running = running.filter(code__in=_pausable(case), due_at__gte=at)
    pks = list(running.values_list("pk", flat=True))
    Deadline.objects.filter(pk__in=pks).update(paused_at=at)
    Rung.objects.waiting().filter(deadline__in=pks).update(held=True)
    refresh(case)


def may_wait(case: Case) -> bool:
    """Whether anything runs that could stand still for her answer."""
    return case.deadlines.running().filter(code__in=_pausable(case)).exists()


def _pausable(case: Case) -> list[str]:
    return [code for code, limit in clock.limits(case.country_id).items() if limit.may_pause]


def go_on(case: Case, *, at: datetime) -> None:
    """Let paused promises go on: what was left of each moves by the whole days it stood still."""
    for deadline in case.deadlines.open().exclude(paused_at=None):
        days = case.local_day(at) - case.local_day(deadline.paused_at or at)
        _move(deadline, days, case)
    refresh(case)


def _move(deadline: Deadline, days: timedelta, case: Case) -> None:
    limit = clock.limits(case.country_id).get(deadline.code)
    if limit is not None and limit.in_clock_hours:
        moved = days  # Its hour stays its hour, day and night.
    else:
        due_day = case.calendar.roll(case.local_day(deadline.due_at) + days, "forward")
        moved = case.calendar.at_hour(due_day, clock.END_OF_DAY) - deadline.due_at
    Deadline.objects.filter(pk=deadline.pk).update(due_at=F("due_at") + moved, paused_at=None)
    Rung.objects.filter(deadline=deadline, raised_at=None, dropped_at=None).update(
        held=False, rises_at=F("rises_at") + moved
    )


def refresh(case: Case) -> None:
    """Copy the earliest open promise to the case and to its assignments, so that lists sort by one index."""
    running = list(case.deadlines.running().exclude(code__in=WINDOWS).values_list("code", "ordinal", "due_at"))
    case.next_due_at = min((due_at for _code, _ordinal, due_at in running), default=None)
    Case.objects.filter(pk=case.pk).update(next_due_at=case.next_due_at)

    def first(codes: Collection[str]) -> datetime:
        return min((due_at for code, _ordinal, due_at in running if code in codes), default=FAR_AWAY)

    by_role = {role: first(codes) for role, codes in OWN_STEPS.items()}
    shut = _not_sorted_by(case, {(code, ordinal) for code, ordinal, _due_at in running})
    if shut:
        at_factory = first({code for code, _ordinal, _due_at in running} - shut)
        by_role = dict.fromkeys(FACTORY_ROLES, at_factory) | by_role
    whens = [When(role=role, then=Value(due_at)) for role, due_at in by_role.items()]
    Assignment.objects.filter(case=case, ended_on=None).update(
        next_due_at=CaseWhen(*whens, default=Value(case.next_due_at or FAR_AWAY)), closed=case.closed_at is not None
    )


def _not_sorted_by(case: Case, running: set[tuple[str, int]]) -> set[str]:
    """The promises by which no list of the factory sorts, where any of them runs.

    A list in which a case climbs would tell the factory what she has just said: not safe, or treated badly.
    """
    if not case.with_factory:
        return set()
    shut = {*(shut_to_factory(case) if case.urgent_outside else ())}
    urgent = [ordinal for code, ordinal in running if code == "interim_measures_urgent"]
    # A second one was set by what she said after filing, also where it was urgent from the start.
    if urgent and (max(urgent) > 1 or _told_of_retaliation(case)):
        shut.add("interim_measures_urgent")
    if case.appeal_shows_at is not None:
        shut.add("appeal_decision")
    return shut


def _told_of_retaliation(case: Case) -> bool:
    """Whether word of retaliation is open: it set a promise of the factory that begins at the release."""
    return case.concerns.filter(kind=ConcernKind.RETALIATION, settled_on=None).exists()


def shut_to_factory(case: Case) -> tuple[str, ...]:
    """The promises that no page shows to a factory user: the outside team's, and before the release their own, too."""
    return (*OUTSIDE_ONLY, "interim_measures_urgent") if case.urgent_shows_at else OUTSIDE_ONLY


def at_filing(case: Case) -> list[str]:
    """Which promises a new case has. Kept cases have none but urgent contact."""
    urgent = ["urgent_contact"] if case.urgent_outside else []
    if case.side == "kept":
        return urgent
    codes = ["acknowledge", "triage", "progress_update"]
    if case.job_not_stated and case.factory_side == FactorySide.CHAIR_AND_OUTSIDE_MEMBER:
        codes.append("conflict_question")
    if case.urgent_outside:
        codes += [*urgent, "interim_measures_urgent"]
    if case.in_hold:
        codes += OF_A_HOLD
    return codes
