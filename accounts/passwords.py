"""New passwords: with the old one the key stays; without it there is a new key, to be vouched for."""

from __future__ import annotations

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import crypto, keys
from accounts.models import Person, PersonKey


@transaction.atomic
def change(person: Person, *, old: str, new: str, at: datetime) -> PersonKey:
    """Set a new password and wrap the same key under it."""
    person.set_password(new)
    person.save(update_fields=["password"])
    try:
        return keys.rewrap(person, old, new)
    except (crypto.CryptoError, PersonKey.DoesNotExist):
        # The password was right, but there is no key or the server secret is another: only a new key helps.
        return keys.make_key(person, new, at)


@transaction.atomic
def reset(person: Person, new: str, at: datetime) -> PersonKey:
    """Set a password without the old one: the key it opened is lost, and a new one waits for a voucher.

    The second factor stays: a mailbox alone is not enough to sign in.
    """
    person.set_password(new)
    person.save(update_fields=["password"])
    return keys.make_key(person, new, at)


def reset_url(person: Person) -> str:
    """Return the page on which this person chooses a new password; good for one use."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)},
    )
    return f"{settings.SAMLENG_SITE_URL}{path}"
