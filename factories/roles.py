"""Giving and ending roles: the rules that keep the factory, the administration and the outside team apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import people as accounts
from accounts.models import KeyState, Person, PersonKey
from factories import people, readiness, vouching
from factories.models import (
    CountryPack,
    Factory,
    FactoryRole,
    Membership,
    Organisation,
    OutsideRole,
    Position,
)

# Outside roles that open cases. Nobody has one beside a role in a factory or in the administration.
OUTSIDE_HANDLERS = frozenset({OutsideRole.TECHNICAL_EXPERT.value, OutsideRole.SAFEGUARDING_LEAD.value})
READS_CASES = OUTSIDE_HANDLERS | {role.value for role in FactoryRole} | {OutsideRole.APPEAL_REVIEWER.value}


_when_ended: list[Callable[[Membership | Position, Person | None, datetime], None]] = []


def when_ended(
    act: Callable[[Membership | Position, Person | None, datetime], None],
) -> Callable[[Membership | Position, Person | None, datetime], None]:
    """Register what follows from the end of a role (cases live in a higher app)."""
    _when_ended.append(act)
    return act


class RoleRefused(Exception):
    """This role cannot be given or ended; says why, in words for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@transaction.atomic
def give_factory_role(
    person: Person, factory: Factory, role: str, *, at: datetime, unit: str = "", is_stand_in: bool = False
) -> Membership:
    """Let a person act for a factory from today on.

    Somebody whose key was vouched for elsewhere is vouched for anew, so that an administrator alone opens
    nothing; within the same factory the key stands.
    """
    _lock(person)
    _check_apart(person, role)
    same_factory = Membership.objects.current().filter(person=person, factory=factory).exists()
    membership = Membership(
        person=person, factory=factory, role=role, unit=unit, is_stand_in=is_stand_in, since=at.date()
    )
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError:
        raise RoleRefused(_("This person already has this role in this factory.")) from None
    if not same_factory:
        _vouch_anew(person, at)
    people.forget_roles(person)
    return membership


@transaction.atomic
def give_outside_role(
    person: Person,
    organisation: Organisation,
    role: str,
    *,
    at: datetime,
    country: CountryPack | None = None,
    is_lead: bool = False,
) -> Position:
    """Let a person act for an organisation outside the factories, in one country or in every one."""
    _lock(person)
    _check_apart(person, role)
    had_it = Position.objects.current().filter(person=person, role=role, organisation=organisation)
    wider = role in READS_CASES and not had_it.filter(country__in=[country] if country else []).exists()
    position = Position(
        person=person, organisation=organisation, role=role, country=country, is_lead=is_lead, since=at.date()
    )
    try:
        with transaction.atomic():
            position.save(force_insert=True)
    except IntegrityError as error:
        if "position_one_lead" in str(error):
            raise RoleRefused(_("Somebody already leads for this role and country.")) from None
        raise RoleRefused(_("This person already has this role in this organisation.")) from None
    if wider:
        _vouch_anew(person, at)
    people.forget_roles(person)
    return position


@transaction.atomic
def end_role(role: Membership | Position, *, at: datetime, by: Person | None = None) -> None:
    """End a role from this moment on, and with it the places on cases that it gave.

    The last administrator stays until there is another one.
    """
    if isinstance(role, Position) and role.role == OutsideRole.PLATFORM_ADMIN:
        # Two administrators who end each other's role take turns: all of them are locked, in one order.
        list(people.administrators().order_by("pk").select_for_update(of=["self"]))
        if not people.administrators().exclude(pk=role.person_id).exists():
            raise RoleRefused(_("This is the last administrator. Invite another one first."))
    else:
        _lock(role.person)
    ended = type(role).objects.current().filter(pk=role.pk).update(until=max(at.date(), role.since))
    people.forget_roles(role.person)
    if not ended:
        return
    for act in _when_ended:
        act(role, by, at)
    if isinstance(role, Membership):
        readiness.review(role.factory)
    elif role.role == OutsideRole.TECHNICAL_EXPERT:
        readiness.review_country(role.country)


@transaction.atomic
def start_over(person: Person, *, by: Person, at: datetime) -> None:
    """Let somebody who lost the second factor with its codes, or everything, begin again with a new key.

    The administrator gains nothing: the link goes to the person, and the new key opens nothing until an expert has
    vouched for it. Nobody does it to their own account, so one administrator always keeps a way in.
    """
    if person.pk == by.pk:
        raise RoleRefused(_("You cannot let your own account start over. Another administrator can."))
    # Two administrators who do it to each other take turns, and the second has no way in any more.
    administrators = list(people.administrators().order_by("pk").select_for_update(of=["self"]))
    if not any(one.pk == by.pk and one.has_usable_password() for one in administrators):
        raise RoleRefused(_("Your own account has just been started over."))
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not person.is_active:
        raise RoleRefused(_("This account is closed."))
    accounts.start_over(person, at)


def _lock(person: Person) -> None:
    """Two administrators who change one person's roles take turns."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _check_apart(person: Person, role: str) -> None:
    people.forget_roles(person)
    if not person.is_active:
        raise RoleRefused(_("This account is closed."))
    roles = people.roles_of(person)
    inside = {r.value for r in FactoryRole}
    outside = {r.value for r in OutsideRole}
    # Not even as advisor or head of an organisation: those read of late steps, outside cases' among them.
    if role in inside and roles & outside:
        raise RoleRefused(
            _("This person works in the outside team or the administration, and so cannot act for a factory.")
        )
    if role in OUTSIDE_HANDLERS and roles & (inside | {OutsideRole.PLATFORM_ADMIN.value}):
        raise RoleRefused(
            _("This person acts for a factory or the administration, and so cannot join the outside team.")
        )
    if role in outside and role != OutsideRole.PLATFORM_ADMIN and roles & inside:
        raise RoleRefused(
            _("This person acts for a factory or the administration, and so cannot join the outside team.")
        )
    if role == OutsideRole.PLATFORM_ADMIN and roles & (inside | OUTSIDE_HANDLERS):
        raise RoleRefused(_("This person works on cases, and so cannot be an administrator."))


def _vouch_anew(person: Person, at: datetime) -> None:
    """Let a vouched key wait again, because it is to open something else; colleagues are told."""
    key = PersonKey.objects.select_for_update().filter(person=person, state=KeyState.VOUCHED).first()
    if key is None:
        return
    key.state, key.vouched_by, key.vouched_at, key.made_at = KeyState.PENDING, None, None, at
    key.save(update_fields=["state", "vouched_by", "vouched_at", "made_at"])
    vouching.tell_colleagues(key, at)
