"""Which people could work on a case: vouched, in office, without conflict. Read in a constant number of queries."""

from __future__ import annotations

import secrets as random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection
from django.db.models import Q

from accounts.models import Person, PersonKey
from complaints.casecodes import FACTORY_ROLES, ConcernKind, Role
from complaints.grants import World
from complaints.models import Assignment, Concern
from factories.models import CountryPack, Factory, Membership, OutsideRole, Position

# "The fewest open cases" is compared up to here; beyond it colleagues count as equally busy and chance decides.
COUNTED = 200


@dataclass(frozen=True)
class Candidate:
    """A person with a vouched key who holds a role at the factory or for the country."""

    person: Person
    key: PersonKey
    role: str
    stand_in: bool = False
    leading: bool = False


@dataclass(frozen=True)
class Candidates:
    """Everybody who could be given a grant on one case."""

    factory: tuple[Candidate, ...]
    experts: tuple[Candidate, ...]
    leads: tuple[Candidate, ...]

    def without(self, roles: Iterable[str]) -> Candidates:
        """Leave out the roles she excluded, or struck out, or that a conflict rule excludes.

        Whoever holds an excluded role at the factory is out in each of their roles.
        """
        excluded = set(roles)
        out = {c.person.pk for c in self.factory if c.role in excluded}
        return Candidates(
            factory=tuple(c for c in self.factory if c.person.pk not in out),
            experts=self.experts,
            leads=self.leads,
        )

    def without_people(self, people: Iterable[Person]) -> Candidates:
        out = {person.pk for person in people}
        return replace(self, factory=tuple(c for c in self.factory if c.person.pk not in out))

    def of(self, role: str) -> list[Candidate]:
        """Return who has this role; where the chair is out, a stand-in stands for the chair."""
        if role in (Role.TECHNICAL_EXPERT, Role.SAFEGUARDING_LEAD):
            return list(self.experts if role == Role.TECHNICAL_EXPERT else self.leads)
        found = [c for c in self.factory if c.role == role and not c.stand_in]
        if found or role != Role.COMMITTEE_CHAIR:
            return found
        stand_ins = [c for c in self.factory if c.stand_in and c.role in (role, Role.COMMITTEE_MEMBER)]
        return [replace(c, role=role) for c in stand_ins]

    def world(self, factory: Factory | None, *, name_matched: bool = False) -> World:
        """Count what the route rules ask."""
        handlers = {c.person.pk for c in self.factory if c.role != Role.DECISION_MAKER}
        return World(
            live=bool(factory and factory.is_live),
            outside_member=bool(self.of(Role.OUTSIDE_MEMBER)),
            case_officer=bool(self.of(Role.CASE_OFFICER)),
            chair=bool(self.of(Role.COMMITTEE_CHAIR)),
            handlers=len(handlers),
            experts=len({c.person.pk for c in self.experts}),
            name_matched=name_matched,
        )


def candidates(country: CountryPack, factory: Factory | None) -> Candidates:
    """Read everybody with a vouched key who acts for the factory or the country: four queries.

    Who handled a case about whose handling a concern is open, or was upheld, takes no new one. Workflow, section 6.
    """
    members: list[Membership] = []
    if factory:
        members = list(Membership.objects.current().filter(factory=factory).exclude(person__in=_under_concern(factory)))
        # Whoever decides at this factory handles no case of it, whatever else they are there.
        decide = {one.person_id for one in members if one.role == Role.DECISION_MAKER and not one.is_stand_in}
        members = [one for one in members if one.person_id not in decide or one.role == Role.DECISION_MAKER]
    roles = (OutsideRole.TECHNICAL_EXPERT, OutsideRole.SAFEGUARDING_LEAD)
    positions = list(
        Position.objects.current().filter(Q(country=country) | Q(country=None), role__in=roles).order_by("pk")
    )
    rows_of_all: list[Membership | Position] = [*members, *positions]
    people = {row.person_id for row in rows_of_all}
    keys = {key.person_id: key for key in PersonKey.objects.usable().filter(person__in=people).select_related("person")}

    def held(rows: Sequence[Membership | Position], role: str | None = None) -> tuple[Candidate, ...]:
        found: dict[tuple[UUID, str], Candidate] = {}
        for row in rows:
            key = keys.get(row.person_id)
            if key is None or (role is not None and row.role != role):
                continue
            candidate = Candidate(
                key.person, key, row.role, getattr(row, "is_stand_in", False), getattr(row, "is_lead", False)
            )
            found.setdefault((row.person_id, row.role), candidate)
        return tuple(found.values())

    return Candidates(
        factory=held(members),
        experts=held(positions, Role.TECHNICAL_EXPERT),
        leads=held(positions, Role.SAFEGUARDING_LEAD),
    )


def _under_concern(factory: Factory | None) -> list[UUID]:
    """Who at this factory handled a case of which she says that it is not handled well. Only a no of the expert, who
    looked into it and found that she was not right, lets them handle cases again."""
    if factory is None:
        return []
    standing = Concern.objects.filter(
        Q(settled_on=None) | Q(upheld=True) | Q(upheld=None), kind=ConcernKind.HANDLING, case__factory=factory
    )
    at_factory = Assignment.objects.filter(case__in=standing.values("case"), role__in=FACTORY_ROLES)
    return list(at_factory.values_list("person", flat=True).distinct())


def least_busy(found: Sequence[Candidate], number: int, *, lead_first: bool = False) -> list[Candidate]:
    """Pick this many, the ones with the fewest open cases; with `lead_first` the lead is one of them."""
    if len(found) <= number:
        return list(found)
    busy = _open_cases([c.person for c in found])
    chance = random.SystemRandom()
    ranked = sorted(found, key=lambda c: (busy.get(c.person.pk, 0), chance.random()))
    if not lead_first:
        return ranked[:number]
    leading = [c for c in ranked if c.leading][:1]
    return [*leading, *(c for c in ranked if c not in leading)][:number]


def _open_cases(people: Sequence[Person]) -> dict[object, int]:
    """Count the open cases of each, up to `COUNTED`, so that a million cases cost no more than a few hundred."""
    one = """(SELECT %s::uuid AS person, count(*) FROM (SELECT 1 FROM complaints_assignment
        WHERE person_id = %s AND ended_on IS NULL AND NOT standing_by AND NOT closed LIMIT %s) AS few)"""
    parameters = [value for person in people for value in (str(person.pk), str(person.pk), COUNTED)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(people)), parameters)
        return dict(cursor.fetchall())
