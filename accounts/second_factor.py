"""Whether a person has a second factor, whether they must set one up, and how its secret lies sealed.

The secret is sealed for its person and its kind, so that whoever can write to the database cannot lend one person's
second factor to another. allauth's adapter is not told whose secret it is: the row tells it, in `Sealed`.
"""

from __future__ import annotations

import base64
from typing import Any, Final
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models.signals import post_init, pre_save
from django.dispatch import receiver

from accounts import crypto, secrets
from accounts.models import Person

_SECRETS: Final = ("secret", "seed")
_NOBODY: Final = b"second factor, not saved yet"


class Sealed(str):
    """A sealed secret that knows what it is bound to."""

    __slots__ = ("bound",)
    bound: bytes

    @classmethod
    def of(cls, text: str, bound: bytes) -> Sealed:
        sealed = cls(text)
        sealed.bound = bound
        return sealed


def seal(text: str, bound: bytes = _NOBODY) -> Sealed:
    """Seal a secret; without `bound` only until its row is saved."""
    envelope = crypto.encrypt(secrets.subkey("mfa"), text.encode(), bound=bound)
    return Sealed.of(base64.b64encode(envelope).decode(), bound)


def unseal(sealed: str) -> str:
    """Open a secret as its row gave it. Raises CryptoError for one that was sealed for another row."""
    bound = sealed.bound if isinstance(sealed, Sealed) else _NOBODY
    return crypto.decrypt(secrets.subkey("mfa"), base64.b64decode(sealed), bound=bound).decode()


def _bound(row: Authenticator) -> bytes:
    person: UUID = row.user_id
    return b"second factor" + person.bytes + str(row.type).encode()


@receiver(post_init, sender=Authenticator)
def _say_whose(instance: Authenticator, **_more: Any) -> None:
    """Mark what came from the database; what was just sealed for nobody is bound when it is saved."""
    data = instance.__dict__.get("data")
    for name in _SECRETS:
        if isinstance(data, dict) and name in data and not isinstance(data[name], Sealed):
            data[name] = Sealed.of(data[name], _bound(instance))


@receiver(pre_save, sender=Authenticator)
def _bind(instance: Authenticator, **_more: Any) -> None:
    for name in _SECRETS:
        if name in instance.data and getattr(instance.data[name], "bound", b"") != _bound(instance):
            instance.data[name] = seal(unseal(instance.data[name]), _bound(instance))


def has_one(person: Person) -> bool:
    """Whether signing in asks this person for more than the password (recovery codes alone are none)."""
    return Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def is_missing(person: Person) -> bool:
    """Whether this person must set one up before anything else."""
    return settings.SAMLENG_REQUIRE_SECOND_FACTOR and not has_one(person)


def clear(person: Person) -> None:
    """Take the second factor away. Only for an account that starts over with a new key to be vouched for."""
    Authenticator.objects.filter(user=person).delete()
