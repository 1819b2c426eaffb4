"""Vouching for keys: who may, whose, and who hears that a key is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import keys, notices
from accounts.models import Person, PersonKey
from factories import people
from factories.models import CountryPack, Membership, OutsideRole, Position

NEW_KEY = "new_key"


class VouchRefused(Exception):
    """Somebody may not vouch for this key; says why, in words for them."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class PendingKey:
    """One line of the vouching page."""

    key: PersonKey
    roles: tuple[str, ...]
    fingerprint: str
    ready_at: datetime
    waits: bool
    is_own: bool


def keys_to_vouch(expert: Person) -> QuerySet[PersonKey]:
    """Return the pending keys an expert may look at: people of their countries, and people outside factories.

    An expert for every country sees all of them.
    """
    countries = people.countries_of(expert, OutsideRole.TECHNICAL_EXPERT)
    at_factory = Membership.objects.current().filter(person=OuterRef("person"), factory__country__in=countries)
    outside = Position.objects.current().filter(Q(country__in=countries) | Q(country=None), person=OuterRef("person"))
    return (
        PersonKey.objects.pending()
        .filter(Exists(at_factory) | Exists(outside))
        .select_related("person")
        .order_by("made_at", "pk")
    )


def board(expert: Person, at: datetime, pending: list[PersonKey] | None = None) -> list[PendingKey]:
    """Return the lines of the vouching page, in two queries however many keys wait."""
    waiting = list(keys_to_vouch(expert)) if pending is None else pending
    roles = people.current_roles_text([key.person_id for key in waiting])
    return [
        PendingKey(
            key=key,
            roles=tuple(roles.get(key.person_id, ())),
            fingerprint=keys.fingerprint(key),
            ready_at=keys.can_be_vouched_from(key),
            waits=at < keys.can_be_vouched_from(key),
            is_own=key.person_id == expert.pk,
        )
        for key in waiting
    ]


def may_vouch(person: Person) -> bool:
    """Say whether this person may vouch for others: an expert with a vouched key, and neither of a factory
    nor of the administration."""
    roles = people.roles_of(person)
    if OutsideRole.TECHNICAL_EXPERT not in roles or OutsideRole.PLATFORM_ADMIN in roles:
        return False
    return not people.is_factory_user(person) and keys.usable_keys().filter(person=person).exists()


def somebody_can_vouch(key: PersonKey) -> bool:
    """Say whether any expert could vouch for this key; if not, the holders of the recovery shares must."""
    experts = people.with_outside_role(OutsideRole.TECHNICAL_EXPERT).exclude(pk=key.person_id)
    return any(may_vouch(expert) and keys_to_vouch(expert).filter(pk=key.pk).exists() for expert in experts)


@transaction.atomic
def vouch(key: PersonKey, *, by: Person, at: datetime) -> PersonKey:
    """Accept a key whose fingerprint this expert has compared by voice with the one its person reads out."""
    if not may_vouch(by):
        raise VouchRefused(
            _("Only a technical expert with a vouched key can vouch, outside factory and administration.")
        )
    if not keys_to_vouch(by).filter(pk=key.pk).exists():
        raise VouchRefused(_("This key does not wait for you. It may have been replaced or accepted already."))
    try:
        return keys.vouch(key, by, at)
    except keys.VouchRefused as refusal:
        raise VouchRefused(refusal.message) from None


@keys.when_made
def tell_colleagues(key: PersonKey, at: datetime) -> None:
    """Tell the experts of the countries and the colleagues that a key is new, so that they can object."""
    person = key.person
    factories = Membership.objects.current().filter(person=person).values("factory")
    countries = CountryPack.objects.filter(
        Exists(Membership.objects.current().filter(person=person, factory__country=OuterRef("pk")))
        | Exists(Position.objects.current().filter(Q(country=OuterRef("pk")) | Q(country=None), person=person))
    )
    colleague = Membership.objects.current().filter(
        person=OuterRef("pk"), factory__in=factories, role__in=people.FACTORY_HANDLERS
    )
    expert = Position.objects.current().filter(
        Q(country__in=countries) | Q(country=None),
        person=OuterRef("pk"),
        role__in=[OutsideRole.TECHNICAL_EXPERT, OutsideRole.SAFEGUARDING_LEAD],
    )
    if not (factories.exists() or countries.exists()):
        return  # An account without a role: nobody's colleague yet.
    told = Person.objects.active().filter(Exists(colleague) | Exists(expert)).exclude(pk=person.pk)
    cause = f"{NEW_KEY}:{key.pk}:{int(key.made_at.timestamp())}"
    notices.queue(to=told, cause=cause, kind=NEW_KEY, at=at, topic="person_key", topic_id=key.pk)
