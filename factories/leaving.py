"""Somebody leaves: their roles end and their account closes. What they held of cases is seen to above."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from accounts.models import Person
from factories import people, readiness, roles
from factories.models import Factory, Invitation, Membership, OutsideRole, Position, RosterSlot


@transaction.atomic
def end_roles(person: Person, at: datetime) -> Person:
    """End every role of a leaver, take them off roster and portfolio, and close their account at once.

    The last administrator cannot leave. Factories that have too few people left become listed.
    """
    list(people.administrators().order_by("pk").select_for_update(of=["self"]))
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if (
        people.administrators().filter(pk=person.pk).exists()
        and not people.administrators().exclude(pk=person.pk).exists()
    ):
        raise roles.RoleRefused(_("This is the last administrator. Invite another one first."))
    memberships = list(Membership.objects.current().filter(person=person).select_related("factory"))
    positions = list(Position.objects.current().filter(person=person).select_related("country"))
    ended = {"until": Greatest("since", at.date())}
    Membership.objects.current().filter(person=person).update(**ended)
    Position.objects.current().filter(person=person).update(**ended)
    RosterSlot.objects.filter(person=person).delete()
    Factory.objects.filter(advisor=person).update(advisor=None)
    Invitation.objects.open(at).filter(email=person.email).update(withdrawn_at=at)
    person.is_active, person.left_on = False, at.date()
    person.save(update_fields=["is_active", "left_on"])
    people.forget_roles(person)
    for membership in memberships:
        readiness.review(membership.factory)
    for position in positions:
        if position.role == OutsideRole.TECHNICAL_EXPERT:
            readiness.review_country(position.country)
    return person
