"""What the pages of this app read, each in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Person, PersonKey
from factories import people
from factories.models import (
    OPEN_STATES,
    CountryPack,
    Factory,
    FactoryStatus,
    Invitation,
    Membership,
    PackStatus,
    Position,
    ServiceProvider,
)


@dataclass(frozen=True)
class Dashboard:
    """The state of the platform in a few figures, none of them about cases."""

    factories_live: int
    factories_listed: int
    countries_live: int
    countries: int
    people: int
    keys_pending: int
    invitations_open: int
    providers_closed: int


def dashboard(at: datetime) -> Dashboard:
    """Count what an administrator looks after."""
    factories = Factory.objects.aggregate(
        live=Count("pk", filter=Q(status=FactoryStatus.LIVE)),
        listed=Count("pk", filter=Q(status=FactoryStatus.LISTED)),
    )
    packs = CountryPack.objects.aggregate(live=Count("pk", filter=Q(status=PackStatus.LIVE)), every=Count("pk"))
    on_the_list = ServiceProvider.objects.filter(retired_on=None).with_state(at.date())
    return Dashboard(
        factories_live=factories["live"],
        factories_listed=factories["listed"],
        countries_live=packs["live"],
        countries=packs["every"],
        people=Person.objects.active().count(),
        keys_pending=PersonKey.objects.pending().count(),
        invitations_open=Invitation.objects.open(at).count(),
        providers_closed=on_the_list.exclude(Q(("state__in", OPEN_STATES))).count(),
    )


def people_with_key_state() -> QuerySet[Person]:
    """Return everybody with an account, with the state of their current key (empty: none)."""
    current = PersonKey.objects.current().filter(person=OuterRef("pk")).values("state")[:1]
    return Person.objects.annotate(key_state=Coalesce(Subquery(current), Value("")))


def with_role(persons: QuerySet[Person], role: str) -> QuerySet[Person]:
    """Keep the people who have this role now."""
    memberships = Membership.objects.current().filter(person=OuterRef("pk"), role=role)
    positions = Position.objects.current().filter(person=OuterRef("pk"), role=role)
    return persons.filter(Exists(memberships) | Exists(positions))


@dataclass(frozen=True)
class PersonLine:
    person: Person
    roles: Sequence[str]


def person_lines(persons: Sequence[Person]) -> list[PersonLine]:
    """Put their roles beside the people of one page."""
    roles = people.current_roles_text([person.pk for person in persons])
    return [PersonLine(person, roles.get(person.pk, ())) for person in persons]


def factories_with_people() -> QuerySet[Factory]:
    """Return every factory with its country, its advisor and how many people act for it."""
    acting = (
        Membership.objects.current()
        .filter(factory=OuterRef("pk"), person__is_active=True)
        .order_by()
        .values("factory")
        .annotate(count=Count("person", distinct=True))
        .values("count")
    )
    return Factory.objects.select_related("country", "advisor").annotate(people_count=Coalesce(Subquery(acting), 0))


def country_lines() -> QuerySet[CountryPack]:
    """Return every country with how many factories it has, listed and live."""
    return CountryPack.objects.annotate(
        factory_count=Count("factories"),
        live_count=Count("factories", filter=Q(factories__status=FactoryStatus.LIVE)),
    ).order_by("name")


def members_of(factory: Factory) -> list[dict[str, Any]]:
    """Return who acts for a factory now, with the state of each key."""
    current = PersonKey.objects.current().filter(person=OuterRef("person")).values("state")[:1]
    found = (
        Membership.objects.current()
        .filter(factory=factory)
        .select_related("person")
        .annotate(key_state=Coalesce(Subquery(current), Value("")))
        .order_by("role", "is_stand_in", "person__name")
    )
    return [{"membership": membership, "key_state": membership.key_state} for membership in found]
