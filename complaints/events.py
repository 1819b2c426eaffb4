"""What happened, written beside each step: one chain per case, numbered without gaps under the case lock.

Each link is keyed with a subkey of the server secret, so a thief of the database cannot write a chain that verifies.
"""

from __future__ import annotations

import json
import secrets as random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts import crypto, secrets
from accounts.models import Person
from complaints.casecodes import Author, EventKind
from complaints.models import Case, Event

SALT_BYTES = 16
ACCESS_RECORD_KEPT = timedelta(days=730)  # 24 months, and never more than that.


def record(
    case: Case,
    kind: str,
    *,
    at: datetime,
    by: Person | None = None,
    her: bool = False,
    compartment: str = "",
    contents: Mapping[str, Any] | None = None,
) -> Event:
    """Write one event. The caller holds the case lock and saves the case with `last_event` and `head`.

    Whatever the complainant does (`her`) keeps its day and no minute. Contents are codes and ids, never words.
    """
    event = prepare(case, kind, at=at, by=by, her=her, compartment=compartment, contents=contents)
    event.save(force_insert=True)
    Case.objects.filter(pk=case.pk).update(last_event=case.last_event, head=case.head)
    return event


def prepare(
    case: Case,
    kind: str,
    *,
    at: datetime,
    by: Person | None = None,
    her: bool = False,
    compartment: str = "",
    contents: Mapping[str, Any] | None = None,
) -> Event:
    """Make the next event of this chain and move the case's own head, without touching the database."""
    author = Author.COMPLAINANT if her else Author.HANDLER if by else Author.SYSTEM
    salt, said = random.token_bytes(SALT_BYTES), dict(contents or {})
    event = Event(
        case=case,
        number=case.last_event + 1,
        kind=kind,
        actor_kind=author,
        actor=by,
        on=case.local_day(at),
        at=None if her else at,
        compartment=compartment,
        contents=said,
        salt=salt,
        digest=digest_of(salt, said),
    )
    event.mac = mac_of(event, bytes(case.head))
    case.last_event, case.head = event.number, event.mac
    return event


def digest_of(salt: bytes, contents: Any) -> bytes:
    """Digest of contents, salted, so that an emptied event confirms nothing."""
    plain = json.dumps(contents, sort_keys=True, separators=(",", ":")).encode()
    return crypto.derive(salt.ljust(32, b"\0"), "event contents", plain)


def mac_of(event: Event, previous: bytes) -> bytes:
    """Keyed link over the one before and everything this event says in the clear."""
    return crypto.derive(
        secrets.subkey("event chain"),
        "event",
        previous,
        event.case_id.bytes,
        str(event.number).encode(),
        event.kind.encode(),
        event.actor_kind.encode(),
        event.actor_id.bytes if event.actor_id else b"",
        event.on.isoformat().encode(),
        event.at.astimezone(UTC).isoformat().encode() if event.at else b"",
        event.compartment.encode(),
        bytes(event.digest),
    )


def faults(case: Case, *, at: datetime | None = None) -> Iterator[str]:
    """Walk a chain and say, in codes and numbers only, what does not fit.

    An opening that was forgotten after its 24 months says no more who opened what: its link is taken as it stands, and
    the one after it still vouches for it. With `at`, one that was forgotten too early is a fault.
    """
    previous, expected = b"", 1
    for event in case.events.order_by("number").iterator(chunk_size=1000):
        if event.number != expected:
            yield f"{case.pk}: event {expected} is missing"
            expected = event.number
        salt = bytes(event.salt or b"")
        if event.contents is not None and digest_of(salt, event.contents) != bytes(event.digest):
            yield f"{case.pk}: contents of event {event.number} were changed"
        if _is_forgotten(event):
            if at is not None and event.on > (at - ACCESS_RECORD_KEPT).date():
                yield f"{case.pk}: event {event.number} was forgotten before its time"
        elif mac_of(event, previous) != bytes(event.mac):
            yield f"{case.pk}: event {event.number} was changed"
        previous, expected = bytes(event.mac), expected + 1
    if (expected - 1, previous) != (case.last_event, bytes(case.head)):
        yield f"{case.pk}: the chain ends at event {expected - 1}, the case says {case.last_event}"


def _is_forgotten(event: Event) -> bool:
    """An entry of the access record after its time: who, when and what are gone, kind, day and link stay."""
    return event.kind == EventKind.COMPARTMENT_OPENED and event.contents is None and event.actor_id is None
