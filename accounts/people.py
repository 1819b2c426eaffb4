"""Accounts are opened for people; nobody opens their own."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Person


class PersonExists(Exception):
    """This e-mail address has an account already."""

    message = _("There is already an account for this e-mail address.")


def create_person(email: str, name: str, language: str, at: datetime) -> Person:
    """Open an account without a password; it can do nothing until its person has set one."""
    person = Person(email=email.strip().lower(), name=name.strip(), language=language, joined_at=at)
    person.set_unusable_password()
    person.full_clean(exclude=["password"])
    person.save()
    return person
