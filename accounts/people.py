"""Accounts are opened for people; nobody opens their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import notices, second_factor
from accounts.models import KeyState, Person


def create_person(email: str, name: str, language: str, at: datetime) -> Person:
    """Open an account without a password; it can do nothing until its person has set one."""
    person = Person(email=email.strip().lower(), name=name.strip(), language=language, joined_at=at)
    person.set_unusable_password()
    person.full_clean(exclude=["password"])
    person.save()
    return person


@transaction.atomic
def start_over(person: Person, at: datetime) -> None:
    """Take password, second factor and key away, for somebody who lost more than one of them.

    They choose a new password through a link sent to them, and so get a pending key, which somebody outside must
    vouch for. Roles stay; what the old key opened stays with it, and nobody can open that any more. Sessions end at
    once, because they hang on the password.
    """
    person.set_unusable_password()
    person.save(update_fields=["password"])
    person.keys.current().update(state=KeyState.RETIRED, retired_at=at)
    second_factor.clear(person)
    notices.queue_start_over(person, at)
