"""The work list of a person: their cases by the clock, paged by key, never counted whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q

from accounts.models import Person
from complaints.casecodes import FACTORY_ROLES, Role
from complaints.casewords import STEP_OF, promise
from complaints.codes import Words
from complaints.deadlines import OUTSIDE_ONLY, OWN_STEPS, WINDOWS
from complaints.models import Assignment, Case, ConflictDeclaration, Deadline, InterimMeasure

ON_A_PAGE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Promises that no factory user is shown: the outside team's, and one of their own before the release.
SHUT = OUTSIDE_ONLY
SHUT_BEFORE = (*SHUT, "interim_measures_urgent")


@dataclass(frozen=True)
class Filters:
    """What the URL asks for."""

    stage: str = ""
    late: bool = False
    reference: str = ""
    closed: bool = False

    @property
    def any(self) -> bool:
        return bool(self.stage or self.late or self.reference or self.closed)


@dataclass(frozen=True)
class Work:
    """One case on a person's list and what is promised next."""

    assignment: Assignment
    case: Case
    promise: Words
    step: str
    due_on: date | None
    days_late: int
    days_left: int | None
    must_declare: bool

    @property
    def is_late(self) -> bool:
        return self.days_late > 0


@dataclass(frozen=True)
class Caseload:
    """One page of the list; `more` is the key of the next page."""

    works: Sequence[Work]
    more: str = ""


def caseload(
    person: Person, *, at: datetime, filters: Filters | None = None, after: str = "", limit: int = ON_A_PAGE
) -> Caseload:
    """Return one page of the cases this person works on, what is due first on top: three queries."""
    filters = filters or Filters()
    mine = Assignment.objects.showing(person, at=at).filter(closed=filters.closed)
    if filters.stage:
        mine = mine.filter(case__stage=filters.stage)
    if filters.late:
        mine = mine.filter(next_due_at__lt=at)
    if filters.reference:
        mine = mine.filter(case__reference__startswith=filters.reference)
    key = read_key(after)
    if key:
        mine = mine.filter(next_due_at__gte=key[0]).exclude(next_due_at=key[0], id__lte=key[1])
    found = list(
        mine.select_related("case__country", "case__factory__country").order_by("next_due_at", "id")[: limit + 1]
    )
    more = ""
    if len(found) > limit:
        found = found[:limit]
        more = write_key(found[-1])
    return Caseload(works_of(found, person, at=at), more)


def write_key(last: Assignment) -> str:
    return f"{(last.next_due_at - EPOCH) // MICROSECOND}_{last.pk.hex}"


def read_key(text: str) -> tuple[datetime, UUID] | None:
    """Return where the next page begins; nothing for whatever was typed instead."""
    ticks, _mark, pk = text.partition("_")
    try:
        return EPOCH + int(ticks) * MICROSECOND, UUID(pk)
    except (ValueError, OverflowError):
        return None


def works_of(assignments: Sequence[Assignment], person: Person, *, at: datetime) -> list[Work]:
    """Put beside each case its next promise and whether a declaration is missing: two queries."""
    cases = [assignment.case_id for assignment in assignments]
    shut: dict[UUID, tuple[str, ...]] = {}
    for assignment in assignments:
        if assignment.role in FACTORY_ROLES:
            assignment.case.for_factory(at=at)
            shut[assignment.case_id] = SHUT_BEFORE if assignment.case.urgent_waits else SHUT
            if assignment.case.appeal_waits:
                shut[assignment.case_id] += ("appeal_decision",)
    own = {assignment.case_id: OWN_STEPS.get(assignment.role) for assignment in assignments}
    first: dict[UUID, Deadline] = {}
    running = Deadline.objects.running().filter(case__in=cases).exclude(code__in=WINDOWS)
    for deadline in running.order_by("due_at", "code"):
        # At the factory, what begins at the release does not show before it.
        waits = deadline.case_id in shut and deadline.code == "interim_measures_urgent" and deadline.starts_at > at
        if deadline.case_id in shut and (waits or deadline.code in shut[deadline.case_id]):
            continue
        steps = own[deadline.case_id]
        if steps is None or deadline.code in steps:
            first.setdefault(deadline.case_id, deadline)
    signed = set(ConflictDeclaration.objects.filter(case__in=cases, person=person).values_list("case", flat=True))
    works = []
    for assignment in assignments:
        case = assignment.case
        promised = first.get(case.pk)
        due_on = case.local_day(promised.due_at) if promised else None
        days = (case.local_day(at) - due_on).days if due_on else 0
        late = promised is not None and promised.due_at < at
        works.append(
            Work(
                assignment=assignment,
                case=case,
                promise=promise(promised.code) if promised else "",
                step=STEP_OF.get(promised.code, "") if promised else "",
                due_on=due_on,
                days_late=max(days, 1) if late else 0,
                days_left=None if late or due_on is None else -days,
                must_declare=assignment.role in (*FACTORY_ROLES, Role.APPEAL_REVIEWER) and case.pk not in signed,
            )
        )
    return works


@dataclass(frozen=True)
class HandledOutside:
    """A case that has left the factory: its reference, and what must go on meanwhile."""

    reference: str
    since: date
    measures: Sequence[InterimMeasure]


def handled_outside(person: Person, *, at: datetime, limit: int = 20) -> list[HandledOutside]:
    """Return cases this factory user knew of that are handled outside now, once that was told: two queries."""
    knew = Q(opened_on__isnull=False) | Q(ended_because="moved_outside", case__told_at__gt=F("case__release_at"))
    ended = (
        Assignment.objects.filter(
            knew,
            person=person,
            role__in=FACTORY_ROLES,
            ended_because__in=[Assignment.Ended.MOVED_OUTSIDE, Assignment.Ended.HOLD],
            case__told_at__lte=at,
        )
        .exclude(case__assignments__in=Assignment.objects.current().filter(person=person))
        .select_related("case")
        .order_by("-ended_on", "id")[:limit]
    )
    rows = {row.case_id: row for row in ended}
    running: dict[UUID, list[InterimMeasure]] = {pk: [] for pk in rows}
    # Only what the factory itself decided: what the outside team decides is not told here.
    decided = InterimMeasure.objects.filter(
        case__in=rows, decided_by__assignments__case=F("case"), decided_by__assignments__role__in=FACTORY_ROLES
    ).distinct()
    for measure in decided:
        left_on = rows[measure.case_id].ended_on
        if left_on and measure.starts_on <= left_on and (measure.ends_on is None or measure.ends_on > left_on):
            running[measure.case_id].append(measure)
    return [
        HandledOutside(row.case.reference, row.ended_on, running[row.case_id])
        for row in rows.values()
        if row.ended_on is not None
    ]
