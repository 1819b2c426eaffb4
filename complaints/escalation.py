"""Which rungs of a case are due, and who hears of it. Workflow, section 13; outside cases: decisions, 7.

The sweep hands over whole batches of locked rungs with their cases; everything here is bulk reads and bulk writes in
the transaction that marks them raised. Nothing here holds a key or touches a grant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from psycopg2.extras import execute_values

from accounts import notices
from accounts.notices import Word
from complaints import events
from complaints.casecodes import CheckCode, EventKind, Role
from complaints.codes import FactorySide
from complaints.models import Assignment, Case, Deadline, Event, Remedy, Rung
from factories import sweep
from factories.clock import Level
from factories.models import OutsideRole, Position

REMINDERS = (Level.REMINDER_BEFORE, Level.REMINDER_DUE)
OFFICER_OWNED = ("case_officer_or_technical_expert", "case_officer")
CHAIR_OWNED = (
    "committee_chair",
    "committee_chair_or_technical_expert",
    "committee_chair_or_technical_expert_or_safeguarding_lead",
    "respondent",  # Has no account: the chair reads that the day to answer has come.
)
EITHER_SIDE = "complainant_or_respondent"  # Of a window: nobody is reminded, and nobody is late.
OF_THE_LEADS = "safeguarding_lead_or_technical_expert"  # After a hold: no advisor of a factory hears of it.
OUTSIDE_OWNED = ("technical_expert", "technical_expert_or_safeguarding_lead", OF_THE_LEADS)


class People:
    """Who is on the cases of one batch and above them, read in a handful of queries."""

    def __init__(self, cases: Iterable[Case]) -> None:
        cases = list(cases)
        self.on_case: dict[UUID, dict[str, list[UUID]]] = defaultdict(lambda: defaultdict(list))
        current = Assignment.objects.current().filter(case__in=cases, person__is_active=True)
        for case_id, role, person_id in current.values_list("case_id", "role", "person_id"):
            self.on_case[case_id][role].append(person_id)
        self._owner: dict[UUID, UUID] = {}
        self._programme: dict[str, list[UUID]] | None = None
        self._lead_experts: dict[str | None, list[UUID]] | None = None

    def note_owners(self, promises: Iterable[UUID]) -> None:
        """Read who sees to the remedies of these promises: each has an owner of its own."""
        promises = list(promises)
        if promises:
            rows = Remedy.objects.filter(deadline__in=promises)
            self._owner = dict(rows.values_list("deadline_id", "owner_id"))

    def owner_of(self, promise: Deadline) -> list[UUID]:
        """The one person who sees to it, while they are on the case; empty where a role does."""
        person = self._owner.get(promise.pk)
        on_case = {one for people in self.on_case[promise.case_id].values() for one in people}
        return [person] if person and person in on_case else []

    def of(self, case: Case, *roles: str) -> list[UUID]:
        """Return the people of the first of these roles that somebody has on the case."""
        on_case = self.on_case[case.pk]
        return next((on_case[role] for role in roles if on_case[role]), [])

    def owners(self, case: Case, owner: str) -> list[UUID]:
        """Whose step it is: at the factory, outside, or in a hold."""
        if owner == EITHER_SIDE:
            return []
        if case.in_hold:
            return self.of(case, Role.SAFEGUARDING_LEAD)
        if owner == Role.APPEAL_REVIEWER and self.on_case[case.pk][owner]:
            return self.of(case, owner)
        if not case.with_factory:
            return self._outside_owner(case, leading=owner in (*CHAIR_OWNED, Role.APPEAL_REVIEWER, Role.DECISION_MAKER))
        if owner == Role.DECISION_MAKER:
            return self.of(case, Role.DECISION_MAKER, Role.OUTSIDE_MEMBER, Role.COMMITTEE_CHAIR)
        if owner == Role.APPEAL_REVIEWER:  # Before somebody new has it: whoever gives it to them.
            return self.of(case, Role.COMMITTEE_CHAIR, Role.OUTSIDE_MEMBER)
        if owner in OFFICER_OWNED:
            return self.of(case, Role.CASE_OFFICER, Role.COMMITTEE_CHAIR)
        if owner in CHAIR_OWNED:
            return self.of(case, Role.COMMITTEE_CHAIR, Role.OUTSIDE_MEMBER)
        if owner == "outside_member_or_technical_expert":
            return self.of(case, Role.OUTSIDE_MEMBER, Role.TECHNICAL_EXPERT)
        return self.of(case, Role.TECHNICAL_EXPERT)

    def second(self, case: Case, owner: str) -> list[UUID]:
        """L1: the committee chair, or a second expert or lead."""
        if case.in_hold:
            return self.of(case, Role.SAFEGUARDING_LEAD)
        if not case.with_factory:
            first = set(self.owners(case, owner))
            others = [person for person in self.of(case, Role.TECHNICAL_EXPERT) if person not in first]
            return others or self.lead_experts(case) or sorted(first)
        if owner in OUTSIDE_OWNED:
            return self.lead_experts(case) or self.of(case, Role.TECHNICAL_EXPERT)
        if owner == "outside_member_or_technical_expert":
            return self.of(case, Role.TECHNICAL_EXPERT)
        if case.factory_side == FactorySide.CHAIR_AND_OUTSIDE_MEMBER:
            return self.of(case, Role.OUTSIDE_MEMBER, Role.COMMITTEE_CHAIR)
        return self.of(case, Role.COMMITTEE_CHAIR)

    def above(self, case: Case, owner: str) -> list[UUID]:
        """L2: the advisor of the factory; of outside cases the heads of the technical organisation."""
        if owner != OF_THE_LEADS and case.with_factory and case.factory and case.factory.advisor_id:
            return [case.factory.advisor_id]
        return self.programme("technical")

    def experts(self, case: Case) -> list[UUID]:
        """L3: the technical expert; in a hold the leads."""
        role = Role.SAFEGUARDING_LEAD if case.in_hold else Role.TECHNICAL_EXPERT
        return self.of(case, role) or self.lead_experts(case)

    def heads(self) -> list[UUID]:
        """L4: the heads of both organisations; of an outside case they talk to each other."""
        return [*self.programme("advisory"), *self.programme("technical")]

    def programme(self, kind: str) -> list[UUID]:
        if self._programme is None:
            self._programme = defaultdict(list)
            rows = Position.objects.current().filter(role=OutsideRole.PROGRAMME_LEAD, person__is_active=True)
            for found, person in rows.order_by("pk").values_list("organisation__kind", "person_id"):
                self._programme[found].append(person)
        return self._programme[kind]

    def lead_experts(self, case: Case) -> list[UUID]:
        if self._lead_experts is None:
            self._lead_experts = defaultdict(list)
            rows = Position.objects.current().filter(
                role=OutsideRole.TECHNICAL_EXPERT, is_lead=True, person__is_active=True
            )
            for country, person in rows.values_list("country_id", "person_id"):
                self._lead_experts[country].append(person)
        return self._lead_experts[case.country_id] or self._lead_experts[None]

    def _outside_owner(self, case: Case, *, leading: bool) -> list[UUID]:
        """The expert who works the case, or the lead expert where a committee chair would stand."""
        on_case = self.of(case, Role.TECHNICAL_EXPERT)
        lead_experts = set(self.lead_experts(case))
        found = [person for person in on_case if (person in lead_experts) == leading]
        return found or on_case


def raise_rungs(rungs: Sequence[Rung], at: datetime) -> None:
    """Write what follows from these rungs: notices, events from L1 on, and at L3 the expert's page opens.

    `rungs` come locked with their cases. Each level goes to its people once; L2c shows on her page by itself.
    """
    cases = {rung.deadline.case_id: rung.deadline.case for rung in rungs}
    people = People(cases.values())
    people.note_owners(rung.deadline_id for rung in rungs if rung.deadline.code == "remedy_done")
    words: list[Word] = []
    chain: list[Event] = []
    called: set[UUID] = set()
    for rung in rungs:
        case = cases[rung.deadline.case_id]
        words += _words(rung, case, people)
        if rung.level not in REMINDERS:
            contents = {"level": rung.level, "deadline": rung.deadline.code, "ordinal": rung.deadline.ordinal}
            chain.append(events.prepare(case, EventKind.RUNG_RAISED, at=at, contents=contents))
        # The expert who owns the review after 180 days sees the case from its first reminder on.
        if rung.level == Level.L3 or rung.deadline.code == CheckCode.RECORDS_REVIEW_180:
            called.add(case.pk)
    notices.queue_many(words, at=at)
    if chain:
        _append(chain)
        _save_heads([cases[pk] for pk in {event.case_id for event in chain}])
    if called:
        experts = Assignment.objects.current().filter(case__in=called, role=Role.TECHNICAL_EXPERT, standing_by=True)
        experts.filter(visible_from__gt=at).update(visible_from=at)
        experts.update(standing_by=False)


def _words(rung: Rung, case: Case, people: People) -> list[Word]:
    owner = rung.deadline.owner
    match rung.level:
        case Level.REMINDER_BEFORE | Level.REMINDER_DUE:
            recipients, kind = people.owner_of(rung.deadline) or people.owners(case, owner), "reminder"
        case Level.L1:
            recipients, kind = people.second(case, owner), "late_l1"
        case Level.L2:
            recipients, kind = people.above(case, owner), "late_l2"
        case Level.L3:
            recipients, kind = people.experts(case), "late_l3"
        case Level.L4:
            recipients, kind = people.heads(), "late_l4"
        case _:
            return []  # L2c: her page reads it from the rung itself.
    handles = rung.level not in (Level.L2, Level.L4)
    due_on = case.local_day(rung.deadline.due_at)
    return [
        Word(
            to=person,
            cause=f"rung:{rung.pk}",
            kind=kind,
            due_on=due_on,
            topic="case" if handles else "late_step",
            topic_id=case.pk if handles else rung.deadline_id,
        )
        for person in dict.fromkeys(recipients)
    ]


def _append(chain: Sequence[Event]) -> None:
    """Write many events with one statement, which Django's `bulk_create` takes longer to make than Postgres to run."""
    fields = Event._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    rows = [[field.get_db_prep_save(getattr(event, field.attname), connection) for field in fields] for event in chain]
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(Event._meta.db_table)
        statement = f"INSERT INTO {table} ({columns}) VALUES %s"  # noqa: S608 (names of our own table)
        execute_values(cursor.cursor, statement, rows, page_size=len(rows))


def _save_heads(cases: Sequence[Case]) -> None:
    """Move the heads of many chains with one statement."""
    rows = [(str(case.pk), case.last_event, bytes(case.head)) for case in cases]
    with connection.cursor() as cursor:
        execute_values(
            cursor.cursor,
            "UPDATE complaints_case SET last_event = v.number, head = v.head "
            "FROM (VALUES %s) AS v (pk, number, head) WHERE id = v.pk::uuid",
            rows,
            page_size=len(rows),
        )


sweep.register(
    Rung,
    raise_rungs,
    related=("deadline__case__country", "deadline__case__factory__country"),
    lock=("deadline__case",),
)
