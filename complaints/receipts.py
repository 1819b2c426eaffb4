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
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from stdnum import verhoeff

from accounts import crypto, secrets
from complaints import slots
from complaints.models import Case, Grant

LARGEST_GROUP: Final = 20
TOLD_WITH_HER: Final = "told_with_her"  # Reason of the grants of a number that she gave away.
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


def number_beside(number: str, place: int) -> str:
    """The number of another member of a group that is filed together: the same again when the form is sent twice.

    It follows from the first by a key of the site, so nobody who holds one can work out another.
    """
    made = crypto.derive(secrets.subkey("group numbers"), "beside", number.encode(), bytes([place]))
    body = str(int.from_bytes(made, "big") % 10**RANDOM_DIGITS).zfill(RANDOM_DIGITS)
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


# --- Of a group, a number each ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Numbers:
    """The places in a group that are taken; who holds which is known to nobody.

    A case beside another has no numbers of its own: the first one's open it.
    """

    members: frozenset[int]
    unused: frozenset[int]  # Handed out, and nobody has come with it yet to take a new one.
    given_away: frozenset[int]  # Of these, made by one of the group for another; what a paper brought is her own.

    @property
    def full(self) -> bool:
        return len(self.members) >= LARGEST_GROUP

    @property
    def together(self) -> bool:
        return len(self.members) > 1


def numbers_of(case: Case) -> Numbers:
    """Read the numbers of a case in one query."""
    given = Exists(Grant.objects.filter(receipt=OuterRef("pk"), reason=TOLD_WITH_HER))
    rows = list(case.receipts.annotate(given=given).values_list("member", "must_be_replaced", "is_next", "given"))
    came = {member for member, _waits, is_next, _given in rows if is_next}
    unused = {member for member, waits, _next, _given in rows if waits} - came
    return Numbers(
        frozenset(row[0] for row in rows),
        frozenset(unused),
        frozenset(unused & {member for member, _waits, _next, given_ in rows if given_}),
    )
