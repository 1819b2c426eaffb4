"""Whether a person has a second factor, and whether they must set one up before anything else."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.models import Person


def has_one(person: Person) -> bool:
    """Whether signing in asks this person for more than the password (recovery codes alone are none)."""
    return Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def is_missing(person: Person) -> bool:
    """Whether this person must set one up before anything else."""
    return settings.SAMLENG_REQUIRE_SECOND_FACTOR and not has_one(person)


def clear(person: Person) -> None:
    """Take the second factor away. Only for an account that starts over with a new key to be vouched for."""
    Authenticator.objects.filter(user=person).delete()
