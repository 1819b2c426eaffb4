"""Her visit: the private key of her receipt in a sealed cookie, which only a random key on the server opens.

The server holds that random key for twenty minutes and nothing else: no case and no day. Deleting it ends access at
once. Design, section 3.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from accounts import crypto, secrets
from complaints.compartments import Holder
from complaints.models import Case, Receipt

LIFE_SECONDS: Final = 20 * 60
_BOUND: Final = b"her visit"


@dataclass(frozen=True)
class Visit:
    """She is here, with her receipt's private key in hand."""

    id: UUID
    receipt: Receipt
    private: bytes = field(repr=False)
    beside: Case | None = None  # The linked case she has stepped over to; her number opens that, too.

    @property
    def case(self) -> Case:
        return self.beside or self.receipt.case

    @property
    def form_key(self) -> str:
        """What the forms of this visit carry, so that no other site can press her buttons.

        A page of one matter counts for nothing after she has stepped over to another. The key stands where Django's
        second cookie stands elsewhere: her pages have one cookie, which ends with the visit.
        """
        where = self.beside.pk.bytes if self.beside else b""
        return crypto.derive(secrets.subkey("her forms"), "form", self.id.bytes, where).hex()

    def made(self, form_key: str) -> bool:
        """Say whether a form was made by a page of this visit."""
        return crypto.same(self.form_key.encode(), form_key.encode())

    @property
    def holder(self) -> Holder:
        return Holder(self.private, receipt=self.receipt)


def cookie_name() -> str:
    return f"{settings.SAMLENG_COOKIE_PREFIX}visit"


def open_visit(response: HttpResponse, receipt: Receipt, pair: crypto.KeyPair, *, beside: Case | None = None) -> None:
    """Begin a visit: the sealed cookie goes with this response and ends with the browser."""
    _hand_out(response, Visit(uuid4(), receipt, pair.private, beside))


def step_over(response: HttpResponse, visit: Visit, beside: Case | None) -> None:
    """Go on in another case that her number opens, or back to the first (none). The same visit, a new cookie."""
    _hand_out(response, replace(visit, beside=beside))


def _hand_out(response: HttpResponse, visit_now: Visit) -> None:
    visit, key = visit_now.id, crypto.new_key()
    inside = json.dumps(
        {
            "receipt": str(visit_now.receipt.pk),
            "private": base64.b64encode(visit_now.private).decode(),
            "beside": str(visit_now.beside.pk) if visit_now.beside else "",
        }
    )
    sealed = crypto.encrypt(key, crypto.pad(inside.encode(), 256), bound=_BOUND + visit.bytes)
    cache.set(_name(visit), base64.b64encode(key).decode(), LIFE_SECONDS)
    response.set_cookie(
        cookie_name(),
        base64.urlsafe_b64encode(visit.bytes + sealed).decode(),
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
        path="/",
    )


def visit_of(request: HttpRequest) -> Visit | None:
    """Return her visit, or nothing where there is none, it is over, or its cookie was forged."""
    try:
        raw = base64.urlsafe_b64decode(request.COOKIES.get(cookie_name(), ""))
        visit = UUID(bytes=raw[:16])
    except (ValueError, binascii.Error):
        return None
    held: Any = cache.get(_name(visit))
    if held is None:
        return None
    cache.touch(_name(visit), LIFE_SECONDS)
    try:
        inside = json.loads(crypto.unpad(crypto.decrypt(base64.b64decode(held), raw[16:], bound=_BOUND + visit.bytes)))
    except crypto.CryptoError:
        return None
    found = Receipt.objects.filter(pk=inside["receipt"]).select_related("case__country", "case__factory__country")
    receipt = found.first()
    if receipt is None:
        return None
    beside = None
    if inside.get("beside"):
        # Asked each time: what her number no longer opens is not hers any more.
        hers = Case.objects.filter(compartments__keys__grants__receipt=receipt).distinct()
        beside = hers.select_related("country", "factory__country").filter(pk=inside["beside"]).first()
    return Visit(visit, receipt, base64.b64decode(inside["private"]), beside)


def came_with_cookie(request: HttpRequest) -> bool:
    """Say whether there was a visit, which may be over by now."""
    return cookie_name() in request.COOKIES


def end_visit(request: HttpRequest, response: HttpResponse) -> None:
    """End it on the server at once, and on the phone with this response; leaving works whatever else does not."""
    try:
        raw = base64.urlsafe_b64decode(request.COOKIES.get(cookie_name(), ""))
        cache.delete(_name(UUID(bytes=raw[:16])))
    except (ValueError, binascii.Error, RedisError):
        pass
    response.delete_cookie(cookie_name(), path="/", samesite="Strict")


def _name(visit: UUID) -> str:
    return f"visit:{visit.hex}"
