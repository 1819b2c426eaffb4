"""A person's key pair: made with the password, opened with the password, vouched for by somebody outside."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import crypto, secrets
from accounts.models import KeyState, Person, PersonKey
from accounts.querysets import PersonKeyQuerySet

COST = crypto.PASSWORD_COST
FINGERPRINT_GROUPS = 6

_listeners: list[Callable[[PersonKey, datetime], None]] = []


class VouchRefused(Exception):
    """This key cannot be vouched for now; says why, in words for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody with their private key in hand: what everything that opens entries takes."""

    person: Person
    key: PersonKey
    private: bytes = field(repr=False)


def when_made(tell: Callable[[PersonKey, datetime], None]) -> Callable[[PersonKey, datetime], None]:
    """Register who is told of each new pending key (people who must know live in a higher app)."""
    _listeners.append(tell)
    return tell


@transaction.atomic
def make_key(person: Person, password: str, at: datetime) -> PersonKey:
    """Give this person a new key, pending, and retire the one before; its grants stay with it, unopened."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    person.keys.current().update(state=KeyState.RETIRED, retired_at=at)
    pair = crypto.new_key_pair()
    key = PersonKey(person=person, public_key=pair.public, made_at=at)
    _wrap(key, pair.private, password)
    key.save(force_insert=True)
    for tell in _listeners:
        tell(key, at)
    return key


@transaction.atomic
def rewrap(person: Person, old: str, new: str) -> PersonKey:
    """Wrap the same private key under a new password. Raises CryptoError when the old one is wrong."""
    key = person.keys.current().select_for_update().get()
    _wrap(key, _open(key, old), new)
    key.save(update_fields=["wrapped_private", "salt", "cost_ops", "cost_mem_kib"])
    return key


def unwrap(person: Person, password: str) -> bytes:
    """Return the person's private key. Raises CryptoError where there is none or the password is another."""
    return open_current(person, password).private


def open_current(person: Person, password: str) -> Reader:
    """Open the current key with the password. Raises CryptoError where that cannot be done."""
    key = person.keys.current().first()
    if key is None:
        raise crypto.CryptoError("person has no key")
    return Reader(person=person, key=key, private=_open(key, password))


def current_key(person: Person) -> PersonKey | None:
    """Return the key this person has now, pending or vouched."""
    return person.keys.current().first()


def usable_keys() -> PersonKeyQuerySet:
    """Return the keys that may receive a grant: vouched for, and of people who may sign in."""
    return PersonKey.objects.usable()


def fingerprint(key: PersonKey) -> str:
    """Return thirty digits in groups of five, to be compared by voice; digits exist in every language."""
    number = int.from_bytes(hashlib.blake2b(bytes(key.public_key), digest_size=32).digest(), "big")
    digits = f"{number % 10 ** (5 * FINGERPRINT_GROUPS):0{5 * FINGERPRINT_GROUPS}d}"
    return " ".join(digits[start : start + 5] for start in range(0, len(digits), 5))


def can_be_vouched_from(key: PersonKey) -> datetime:
    """Return when the waiting time of a pending key is over."""
    return key.made_at + settings.SAMLENG_VOUCH_WAIT


@transaction.atomic
def vouch(key: PersonKey, by: Person | None, at: datetime) -> PersonKey:
    """Accept a pending key, after its fingerprint was compared by voice and its waiting time has passed.

    Who may vouch is checked above; `by` is empty when the holders of the recovery shares do it.
    """
    key = PersonKey.objects.select_for_update(of=["self"]).select_related("person").get(pk=key.pk)
    if key.state == KeyState.VOUCHED:
        return key
    if key.state != KeyState.PENDING:
        raise VouchRefused(_("This key was replaced in the meantime. Ask for the new one and compare it again."))
    if not key.person.is_active:
        raise VouchRefused(_("This account is closed. Its key cannot be vouched for."))
    if by is not None and by.pk == key.person_id:
        raise VouchRefused(_("Nobody can vouch for their own key. Ask another expert."))
    if at < can_be_vouched_from(key):
        raise VouchRefused(_("The waiting time of this key is not over. It gives the colleagues time to object."))
    key.state, key.vouched_by, key.vouched_at = KeyState.VOUCHED, by, at
    key.save(update_fields=["state", "vouched_by", "vouched_at"])
    return key


def _wrap(key: PersonKey, private: bytes, password: str) -> None:
    key.salt = crypto.new_salt()
    key.cost_ops, key.cost_mem_kib = COST.ops, COST.mem_kib
    key.wrapped_private = crypto.encrypt(_wrapping_key(key, password), private, bound=_bound(key))


def _open(key: PersonKey, password: str) -> bytes:
    opened = crypto.decrypt(_wrapping_key(key, password), bytes(key.wrapped_private), bound=_bound(key))
    if not crypto.same(crypto.public_of(opened), bytes(key.public_key)):
        raise crypto.CryptoError("wrapped key does not belong to its row")
    return opened


def _wrapping_key(key: PersonKey, password: str) -> bytes:
    """Stretch the password and mix in the server secret: who stole the database cannot even try passwords."""
    cost = crypto.Cost(ops=key.cost_ops, mem_kib=key.cost_mem_kib)
    stretched = crypto.stretch(password.encode(), salt=bytes(key.salt), cost=cost)
    return crypto.derive(secrets.subkey("wrap"), "person key", stretched, key.pk.bytes)


def _bound(key: PersonKey) -> bytes:
    return b"person key" + key.person_id.bytes + key.pk.bytes + bytes(key.public_key)
