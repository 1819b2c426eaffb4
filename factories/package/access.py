"""Who may do what in a factory's package. To everybody else the package does not exist.

The advisor of the factory and the technical experts of its country lead; whoever works at the factory reads its own
activities and asks; heads of the organisations read. Administrators have no part in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from accounts.models import Person
from factories import people
from factories.models import CountryPack, Factory, FactoryRole, Membership, OutsideRole
from factories.querysets import FactoryQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

LEADS = frozenset({OutsideRole.ADVISOR.value, OutsideRole.TECHNICAL_EXPERT.value})
READS = LEADS | {OutsideRole.PROGRAMME_LEAD.value} | set(FactoryRole.values)


def reads_any(person: Person | AnonymousUser) -> bool:
    """Say whether this person has anything to do with a package."""
    return bool(people.roles_of(person) & READS)


def leads_any(person: Person | AnonymousUser) -> bool:
    return bool(people.roles_of(person) & LEADS)


def led_by(person: Person) -> FactoryQuerySet:
    """Return the factories whose package this person leads: their portfolio, or the countries they are expert of."""
    roles = people.roles_of(person)
    asked = Q(pk__in=[])
    if OutsideRole.ADVISOR in roles:
        asked |= Q(advisor=person)
    if OutsideRole.TECHNICAL_EXPERT in roles:
        asked |= Q(country__in=people.countries_of(person))
    return Factory.objects.filter(asked)


def worked_at_by(person: Person) -> FactoryQuerySet:
    """Return the factories in which this person has a role now."""
    current = Membership.objects.current().filter(person=person, factory=OuterRef("pk"))
    return Factory.objects.filter(Exists(current))


def read_by(person: Person) -> FactoryQuerySet:
    """Return the factories whose package this person may read."""
    roles = people.roles_of(person)
    if OutsideRole.PROGRAMME_LEAD in roles:
        return Factory.objects.all()
    found = Factory.objects.none()
    if roles & LEADS:
        found = found | led_by(person)
    if roles & set(FactoryRole.values):
        found = found | worked_at_by(person)
    return found


def advises(person: Person, factory: Factory) -> bool:
    return factory.advisor_id == person.pk and people.is_advisor(person)


def is_expert_of(person: Person, country: CountryPack | str) -> bool:
    code = country if isinstance(country, str) else country.pk
    return people.countries_of(person).filter(pk=code).exists()


def leads(person: Person, factory: Factory) -> bool:
    """Say whether this person leads the package of this factory, as its advisor or as an expert of its country."""
    return advises(person, factory) or is_expert_of(person, factory.country_id)


def works_at(person: Person, factory: Factory) -> bool:
    return Membership.objects.current().filter(person=person, factory=factory).exists()


def reads(person: Person, factory: Factory) -> bool:
    return read_by(person).filter(pk=factory.pk).exists()


def organisations_of(person: Person, factory: Factory) -> frozenset[str]:
    """Return for which of the two organisations (`advisory`, `technical`) this person speaks about this factory."""
    found = set()
    if advises(person, factory) or people.programme_leads("advisory").filter(pk=person.pk).exists():
        found.add("advisory")
    if is_expert_of(person, factory.country_id) or people.programme_leads("technical").filter(pk=person.pk).exists():
        found.add("technical")
    return frozenset(found)
