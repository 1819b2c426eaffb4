"""Who may open what, and the event that they did. One function per question; a stranger gets 404.

A grant opens nothing here by itself: the case must show to the person, the declaration be signed, the release reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from accounts.keys import Reader
from accounts.models import Person
from complaints import compartments, events, reading, workflow
from complaints.casecodes import FACTORY_ROLES, EntryKind, EventKind, Role
from complaints.codes import CompartmentKind, Side
from complaints.compartments import Holder, Opened
from complaints.models import Assignment, Case, ConflictDeclaration, Event
from complaints.workflow import Actor
from complaints.workflow.needs import conflict_cleared, declared

PAPERS = (CompartmentKind.RECORD, CompartmentKind.FINDING)


@dataclass
class OnCase:
    """A person on a case they may see: what they are there, and which doors are open to them."""

    case: Case
    person: Person
    assignment: Assignment
    declaration: ConflictDeclaration | None
    kinds: frozenset[str] = field(default_factory=frozenset)  # Compartments they hold a grant on.
    later: frozenset[str] = field(default_factory=frozenset)  # Theirs from the next release on: nothing says so yet.

    @property
    def actor(self) -> Actor:
        return Actor(self.person, self.assignment, _declaration=self.declaration)

    @property
    def at_factory(self) -> bool:
        return self.assignment.role in FACTORY_ROLES

    @property
    def decides_only(self) -> bool:
        """On the case to decide: reads the finding and who it is about, and no other page of it."""
        return self.assignment.role == Role.DECISION_MAKER

    @property
    def must_declare(self) -> bool:
        """A factory user, or a reviewer, signs a declaration before any content opens."""
        return self.actor.signs and self.declaration is None


def case_for(person: Person, reference: str, *, at: datetime, only_looks: bool = False) -> OnCase:
    """Return a case this person works on now. Raises `Http404` for everybody else, whatever the reason.

    `only_looks`: no step is taken in this request, so each row of the case is read once.
    """
    assignment = (
        Assignment.objects.showing(person, at=at)
        .filter(case__reference=reference)
        .select_related("case__country", "case__factory__country")
        .first()
    )
    if assignment is None:
        raise Http404
    case = assignment.case
    if only_looks:
        reading.begin(case)
    if assignment.role in FACTORY_ROLES:
        case.for_factory(at=at)
    declaration = next((one for one in reading.declarations(case) if one.person_id == person.pk), None)
    kinds: set[str] = set()
    later: set[str] = set()
    for held in reading.grants(case):
        if held.person == person.pk and held.key_state != "retired":
            (later if assignment.role in FACTORY_ROLES and held.visible_from > at else kinds).add(held.kind)
    return OnCase(case, person, assignment, declaration, frozenset(kinds), frozenset(later - kinds))


def open_doors(on: OnCase, *, at: datetime) -> frozenset[str]:
    """Return the compartments whose page is open to this person now: held, its moment come, its time not over."""
    if workflow.is_over(on.case, at=at):
        return frozenset()
    if on.at_factory:
        if declared(on.case, on.actor, at) or conflict_cleared(on.case, on.actor, at):
            return frozenset()
        return on.kinds
    if on.assignment.role == Role.APPEAL_REVIEWER:
        # For as long as the appeal lasts: not while she has paused it, and not after it.
        shut_now = on.case.side != Side.APPEAL or declared(on.case, on.actor, at)
        return frozenset() if shut_now else on.kinds
    if on.assignment.role == Role.TECHNICAL_EXPERT and on.case.with_factory:
        # `ready_if_moved`: the handlers' papers open when the case moves outside, and not before.
        shut = frozenset(PAPERS)
        return on.kinds - shut
    if on.assignment.role == Role.SAFEGUARDING_LEAD and not on.case.in_hold:
        return frozenset()
    return on.kinds


def opened(
    on: OnCase,
    reader: Reader,
    kinds: Iterable[str],
    *,
    at: datetime,
    entry_kinds: Iterable[str] | None = None,
    newest: int | None = None,
    only: UUID | None = None,
) -> list[Opened]:
    """Open these compartments as far as their doors are open, and record that this person did.

    The first factory handler to open `respondent` sets when the employer learned of it.
    """
    wanted = [kind for kind in kinds if kind in open_doors(on, at=at)]
    if not wanted:
        return []
    note_opening(on, wanted, at=at)
    found = compartments.take_out(
        on.case,
        Holder.of(reader),
        wanted,
        at=at,
        entry_kinds=entry_kinds,
        released_only=on.at_factory,
        newest=newest,
        only=only,
    )
    if on.assignment.role in workflow.SEES_LINKS:
        return found
    return [one for one in found if one.entry.kind != EntryKind.LINK]  # Chair and expert only.


def note_opening(on: OnCase, kinds: Iterable[str], *, at: datetime) -> None:
    """Write one `compartment_opened` event per person, compartment and day: she reads days."""
    today = on.case.local_day(at)
    noted = set(
        Event.objects.filter(case=on.case, kind=EventKind.COMPARTMENT_OPENED, actor=on.person, on=today).values_list(
            "compartment", flat=True
        )
    )
    new = [kind for kind in kinds if kind not in noted]
    if not new:
        return
    with transaction.atomic():
        case = (
            Case.objects.select_for_update(no_key=True, of=("self",))
            .select_related("country", "factory__country")
            .get(pk=on.case.pk)
        )
        for kind in new:
            events.record(
                case,
                EventKind.COMPARTMENT_OPENED,
                by=on.person,
                at=at,
                compartment=kind,
                contents={"role": on.assignment.role},
            )
        if on.at_factory and CompartmentKind.RESPONDENT in new and case.employer_knowledge_at is None:
            case.employer_knowledge_at = at
            case.save(update_fields=["employer_knowledge_at"])
            on.case.employer_knowledge_at = at
        if on.assignment.opened_on is None:
            on.assignment.opened_on = today
            on.assignment.save(update_fields=["opened_on"])
            workflow.both_leads_looked(case, at=at)
    reading.anew(on.case)


def openings_seen_by(on: OnCase) -> QuerySet[Event]:
    """The access record: whole for the outside team on the case, their own openings for everybody else."""
    still_kept = on.case.events.filter(kind=EventKind.COMPARTMENT_OPENED, contents__isnull=False)
    record = still_kept.select_related("actor").order_by("-number")
    outside_reads = (on.assignment.role == Role.TECHNICAL_EXPERT and not on.case.in_hold) or (
        on.assignment.role == Role.SAFEGUARDING_LEAD and on.case.in_hold
    )
    return record if outside_reads else record.filter(actor=on.person)
