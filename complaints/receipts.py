"""The receipt: sixteen digits, her only key. Made here, read here, stored nowhere.

Design, section 3: Argon2id over a fixed site salt, then BLAKE2b keyed with the pepper, gives under three labels a
lookup id, a private key and a resend check.
"""

from __future__ import annotations

import secrets as random
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.core import signing
from django.utils.translation import gettext_lazy as _
from stdnum import verhoeff

from accounts import crypto, secrets
from complaints import slots

RANDOM_DIGITS: Final = 15
TOKEN_LIFE: Final = timedelta(hours=12)
_SALT: Final = b"samleng receipts"  # Fixed for the site: the lookup must be repeatable. 16 bytes.


class Slip(ValueError):
    """The number cannot be one of ours: its check digit, or its length, is wrong."""

    message = _("This number has a slip. Please look at it again, four digits at a time.")


class TokenRefused(ValueError):
    """The form's token is expired, or was never ours."""

    message = _("This page was open for too long. What you typed is still here. Please note the new number.")


@dataclass(frozen=True)
class Keys:
    """What a receipt opens; only this and never the digits travels further down."""

    lookup: bytes
    pair: crypto.KeyPair = field(repr=False)
    _resend: bytes = field(repr=False)

    def resend_check(self, words: bytes) -> bytes:
        """A keyed mark of these words: tells a second press of Send from other words, and nobody else anything."""
        return crypto.derive(self._resend, "words", words)


def new_number() -> str:
    """Return fifteen random digits and their Verhoeff check digit."""
    body = "".join(random.choice("0123456789") for _i in range(RANDOM_DIGITS))
    return body + verhoeff.calc_check_digit(body)


def read_number(typed: str) -> str:
    """Return the sixteen digits she typed, in any script and spacing. Raises `Slip`."""
    digits = "".join(str(unicodedata.digit(c)) for c in typed if unicodedata.digit(c, None) is not None)
    others = [c for c in typed if unicodedata.digit(c, None) is None and c.isalpha()]
    if others or len(digits) != RANDOM_DIGITS + 1 or not verhoeff.is_valid(digits):
        raise Slip
    return digits


def grouped(number: str) -> str:
    """Four groups of four, as she reads and writes it."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def keys_of(number: str, *, waiting: str) -> Keys:
    """Stretch a number into its keys, in one of the site's slots. Raises `slots.Full`."""
    with slots.taken(waiting):
        stretched = crypto.stretch(number.encode(), salt=_SALT, cost=crypto.RECEIPT_COST)
    pepper = secrets.pepper()
    private = crypto.derive(pepper, "receipt private", stretched)
    return Keys(
        lookup=crypto.derive(pepper, "receipt lookup", stretched),
        pair=crypto.KeyPair(private=private, public=crypto.public_of(private)),
        _resend=crypto.derive(pepper, "receipt resend", stretched),
    )


def sign(number: str, *, at: datetime) -> str:
    """Return the token that carries a number through the form."""
    return _signer().sign_object([number, int(at.timestamp())])


def read_token(token: str, *, at: datetime) -> str:
    """Return the number of a token of ours that is not older than twelve hours. Raises `TokenRefused`."""
    try:
        number, minted = _signer().unsign_object(token)
        if not 0 <= at.timestamp() - minted + 60 <= TOKEN_LIFE.total_seconds() + 60:
            raise TokenRefused
        return read_number(number)
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        raise TokenRefused from None


def _signer() -> signing.Signer:
    return signing.Signer(key=secrets.subkey("receipt token").hex(), salt="receipt")
