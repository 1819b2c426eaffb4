"""The day's heads: one keyed digest over the ends of all chains, sent out so that a chain cannot be rewritten later.

Each head seals the head before it and the chains that have moved since, so every one of them can be checked again on
any later day: an event that was there when a day was sealed must still be there, and the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import crypto, secrets
from complaints.models import Case, DailyHead, Event
from factories import people

BATCH = 5000
OVERLAP = timedelta(days=2)  # An event carries the day of its factory, which may be another one than the site's.
END_BYTES = 16 + 4


def seal_day(*, at: datetime) -> DailyHead:
    """Write the digest of yesterday's state once, and send it. Harmless twice; an unsent one is sent again."""
    day = at.date()
    head = DailyHead.objects.filter(on=day).first()
    if head is None:
        before = DailyHead.objects.filter(on__lt=day).order_by("-on").first()
        ends, macs = _moved_since(before)
        mac = _digest(day, bytes(before.mac) if before else b"", ends, macs)
        sealed = {"cases": len(ends), "mac": mac, "ends": _pack(ends)}
        head, _made = DailyHead.objects.get_or_create(on=day, defaults=sealed)
    if head.sent_at is None and _send(head):
        DailyHead.objects.filter(pk=head.pk).update(sent_at=at)
    return head


def faults(lines: Iterable[str] = ()) -> Iterator[str]:
    """Check every day's head against the events of today, and against the lines that were mailed, if given."""
    previous = b""
    for head in DailyHead.objects.order_by("on").iterator(chunk_size=100):
        ends = _unpack(bytes(head.ends))
        kept = _macs_of(ends)
        missing = [end for end in ends if end not in kept]
        for case, number in missing:
            yield f"{case}: event {number} was there on {head.on} and is gone"
        if not missing and _digest(head.on, previous, ends, [kept[end] for end in ends]) != bytes(head.mac):
            yield f"the head of {head.on} does not fit the events of today"
        previous = bytes(head.mac)
    for line in lines:
        day, _space, mac = line.strip().partition(" ")
        if (on := _day(day)) is None or not DailyHead.objects.filter(on=on, mac=_bytes(mac)).exists():
            yield f"the head mailed for {day} is not the one stored"


End = tuple[UUID, int]


def _moved_since(before: DailyHead | None) -> tuple[list[End], list[bytes]]:
    """The ends of the chains that may have moved since a head, in the order of their random ids; all for the first."""
    cases = Case.objects.order_by("pk")
    if before is not None:
        cases = cases.filter(pk__in=Event.objects.filter(on__gte=before.on - OVERLAP).values("case"))
    ends, macs = [], []
    for pk, number, mac in cases.values_list("pk", "last_event", "head").iterator(chunk_size=BATCH):
        ends.append((pk, number))
        macs.append(bytes(mac))
    return ends, macs


def _digest(day: date, previous: bytes, ends: Iterable[End], macs: Iterable[bytes]) -> bytes:
    key = secrets.subkey("daily heads")
    running = crypto.derive(key, "day", previous, day.isoformat().encode())
    for (pk, number), mac in zip(ends, macs, strict=True):
        running = crypto.derive(key, "head", running, pk.bytes, str(number).encode(), mac)
    return running


def _macs_of(ends: list[End]) -> dict[End, bytes]:
    """The links that these events carry today."""
    found: dict[End, bytes] = {}
    for start in range(0, len(ends), BATCH):
        wanted = set(ends[start : start + BATCH])
        rows = Event.objects.filter(case__in={pk for pk, _n in wanted}, number__in={number for _pk, number in wanted})
        for pk, number, mac in rows.values_list("case_id", "number", "mac").iterator(chunk_size=BATCH):
            if (pk, number) in wanted:
                found[pk, number] = bytes(mac)
    return found


def _pack(ends: Iterable[End]) -> bytes:
    return b"".join(pk.bytes + number.to_bytes(4, "big") for pk, number in ends)


def _unpack(packed: bytes) -> list[End]:
    pieces = (packed[start : start + END_BYTES] for start in range(0, len(packed), END_BYTES))
    return [(UUID(bytes=piece[:16]), int.from_bytes(piece[16:], "big")) for piece in pieces]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _send(head: DailyHead) -> bool:
    """Mail it to the heads of the technical organisation: a day, a number that says nothing of one case, a digest."""
    recipients = list(people.programme_leads("technical"))
    for person in recipients:
        with translation.override(person.language):
            body = _("Please keep this line. It shows later that no record was changed.")
        EmailMessage(
            "Samleng", f"{body}\n\n{head.on} {bytes(head.mac).hex()}\n", settings.DEFAULT_FROM_EMAIL, [person.email]
        ).send(fail_silently=False)
    return bool(recipients)
