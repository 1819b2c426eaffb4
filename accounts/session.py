"""A person's private key while they are signed in.

The browser holds the private key, sealed; the server's session holds only the random key that opens it.
Neither is of use alone, and when the session is deleted access has ended. What is forged is no reader.
"""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import crypto
from accounts.keys import Reader
from accounts.models import KeyState, Person, PersonKey

SEAL = "key_seal"


def cookie_name() -> str:
    """Return the name of the cookie; over https the browser itself guards `__Host-` cookies."""
    return "__Host-key" if settings.SESSION_COOKIE_SECURE else "key"


def open_session(request: HttpRequest, person_key: PersonKey, private: bytes) -> None:
    """Put the private key into the cookie, sealed anew. It is of use once its person is fully signed in."""
    seal = crypto.new_key()
    envelope = crypto.encrypt(seal, person_key.pk.bytes + private, bound=_bound(person_key.person_id))
    request.session[SEAL] = seal.hex()
    request.key_cookie = base64.urlsafe_b64encode(envelope).decode()  # type: ignore[attr-defined]


def close_session(request: HttpRequest) -> None:
    """Forget the seal and the cookie."""
    request.session.pop(SEAL, None)
    request.key_cookie = None  # type: ignore[attr-defined]


def find_reader(request: HttpRequest, person: Person) -> Reader | None:
    """Return the person who is fully signed in, with their private key, or nothing."""
    opened = _open_cookie(request, person.pk)
    if opened is None:
        return None
    key_id, private = opened
    key = PersonKey.objects.filter(pk=key_id, person=person).exclude(state=KeyState.RETIRED).first()
    if key is None or not crypto.same(crypto.public_of(private), bytes(key.public_key)):
        return None
    key.person = person
    return Reader(person=person, key=key, private=private)


def private_key(request: HttpRequest) -> bytes | None:
    """Return the private key of whoever is fully signed in, or nothing."""
    reader = getattr(request, "reader", None)
    return reader.private if reader else None


def write_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Set or delete the cookie where this request changed it."""
    if not hasattr(request, "key_cookie"):
        return
    cookie: str | None = request.key_cookie
    if cookie is None:
        # Browsers accept even a deletion of a `__Host-` cookie only with its attributes.
        response.delete_cookie(cookie_name(), path="/", samesite="Lax")
        response.cookies[cookie_name()]["secure"] = settings.SESSION_COOKIE_SECURE or ""
        return
    response.set_cookie(
        cookie_name(),
        cookie,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _open_cookie(request: HttpRequest, person_id: UUID) -> tuple[UUID, bytes] | None:
    seal = request.session.get(SEAL)
    cookie = request.COOKIES.get(cookie_name(), "")
    if not seal or not cookie:
        return None
    try:
        envelope = base64.urlsafe_b64decode(cookie.encode())
        opened = crypto.decrypt(bytes.fromhex(seal), envelope, bound=_bound(person_id))
    except (crypto.CryptoError, binascii.Error, ValueError):
        return None
    return UUID(bytes=opened[:16]), opened[16:]


def _bound(person_id: UUID) -> bytes:
    return b"session key" + person_id.bytes
