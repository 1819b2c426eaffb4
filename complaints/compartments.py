"""Compartments: letterboxes with a key each. Entries are put in and taken out, grants given and withdrawn.

Anybody can put in (the public half stands in the clear); only a holder of a grant takes out. Every function that
writes expects the caller to hold the case lock. Design, section 3; who gets what: `grants.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts import crypto, secrets
from accounts.keys import Reader
from accounts.models import Person, PersonKey
from complaints.casecodes import FACTORY_ROLES, Author, EntryKind, EventKind
from complaints.codes import CompartmentKind
from complaints.exclusions import Excluded
from complaints.models import Case, Compartment, CompartmentKey, Entry, Grant, Receipt

# Sizes are steps, so that neither length nor absence is an answer. Design, section 3.
ANSWER_STEP = 1024
TEXT_STEP = 4096
PICTURE_STEP = 64 * 1024
_SMALL_KINDS = frozenset(
    {
        EntryKind.ANSWERS,
        EntryKind.SEVERITY_FULL,
        EntryKind.EXCLUSION_TEXT,
        EntryKind.CONFLICT_TEXT,
        EntryKind.FIRST_LOOK,
        EntryKind.DANGER_CONFIRMED,
        EntryKind.NOT_SAFE,
    }
)


class GrantRefused(Exception):
    """A grant that the rules do not give: to an excluded person, or to a key nobody vouched for."""


@dataclass(frozen=True)
class Holder:
    """Somebody with a private key in hand: a person who signed in, or she with her receipt."""

    private: bytes = field(repr=False)
    key: PersonKey | None = None
    receipt: Receipt | None = None

    @classmethod
    def of(cls, reader: Reader) -> Holder:
        return cls(private=reader.private, key=reader.key)

    def grants(self, case: Case) -> list[Grant]:
        """Return what this holder can open of a case, in one query."""
        mine = Grant.objects.filter(key__compartment__case=case, person_key=self.key, receipt=self.receipt)
        return list(mine.filter(to_recovery=False).select_related("key__compartment"))


@dataclass(frozen=True)
class Fresh:
    """A generation just made; its private half is in memory only until the request ends."""

    key: CompartmentKey
    private: bytes = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """An entry and what lies in it."""

    entry: Entry
    kind: str
    content: dict[str, Any] = field(repr=False)
    picture: bytes = field(default=b"", repr=False)


# --- Making -------------------------------------------------------------------------------------------------------


def fresh_key(compartment: Compartment, generation: int = 1) -> Fresh:
    """Make a key of a compartment, not saved yet."""
    pair = crypto.new_key_pair()
    key = CompartmentKey(compartment=compartment, generation=generation, public_key=pair.public)
    return Fresh(key, pair.private)


def grant_to_person(
    fresh: Fresh,
    to: PersonKey,
    reason: str,
    *,
    at: datetime,
    by: Person | None = None,
    visible_from: datetime,
) -> Grant:
    """Seal a compartment's key to a person; refuses a key nobody vouched for. Not saved."""
    if not to.is_usable:
        raise GrantRefused("the key is not vouched for")
    return _grant(fresh, bytes(to.public_key), reason, at, by, visible_from, person_key=to)


def grant_to_receipt(fresh: Fresh, to: Receipt, reason: str, *, at: datetime) -> Grant:
    return _grant(fresh, bytes(to.public_key), reason, at, None, day_of(fresh.key.compartment.case, at), receipt=to)


def grant_to_recovery(fresh: Fresh, *, at: datetime) -> Grant:
    day = day_of(fresh.key.compartment.case, at)
    return _grant(fresh, secrets.recovery_public_key(), "recovery", at, None, day, to_recovery=True)


def day_of(case: Case, at: datetime) -> datetime:
    """The start of the day: most grants follow from something she does, and of that no minute is stored."""
    return case.calendar.at_hour(case.local_day(at), 0)


def _grant(
    fresh: Fresh,
    public: bytes,
    reason: str,
    at: datetime,
    by: Person | None,
    visible_from: datetime,
    **holder: Any,
) -> Grant:
    return Grant(
        key=fresh.key,
        sealed_private=crypto.seal(public, fresh.private),
        given_by=by,
        given_on=fresh.key.compartment.case.local_day(at),
        reason=reason,
        visible_from=visible_from,
        **holder,
    )


# --- Putting in ---------------------------------------------------------------------------------------------------


def sealed_entry(
    case: Case,
    key: CompartmentKey,
    kind: str,
    entry_kind: str,
    content: Mapping[str, Any],
    *,
    by: Person | None = None,
    her: bool = False,
    at: datetime,
    visible_from: datetime,
) -> Entry:
    """Seal one entry under a key of its own, that key sealed to the compartment. Takes the next number; not saved."""
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    is_text = entry_kind not in _SMALL_KINDS or (kind == CompartmentKind.STORY and entry_kind == EntryKind.ANSWERS)
    entry = _new_entry(case, key, entry_kind, by, her, at, visible_from)
    own = crypto.new_key()
    entry.sealed_key = crypto.seal(bytes(key.public_key), own)
    padded = crypto.pad(plain, TEXT_STEP if is_text else ANSWER_STEP)
    entry.envelope = crypto.encrypt(own, padded, bound=_bound(entry, case, kind, key))
    return entry


def put(
    case: Case,
    kind: str,
    entry_kind: str,
    content: Mapping[str, Any],
    *,
    by: Person | None = None,
    her: bool = False,
    at: datetime,
    visible_from: datetime | None = None,
) -> Entry:
    """Put something into the newest generation of a compartment. Needs no key: compartments are letterboxes."""
    key = newest_key(case, kind)
    seen = visible_from or (day_of(case, at) if her else at)
    entry = sealed_entry(case, key, kind, entry_kind, content, by=by, her=her, at=at, visible_from=seen)
    entry.save(force_insert=True)
    Case.objects.filter(pk=case.pk).update(last_entry=case.last_entry)
    return entry


def put_picture(case: Case, picture: bytes, *, at: datetime, visible_from: datetime) -> Entry:
    """Put one cleaned picture of hers into `pictures`, as a stream padded to 64 KiB."""
    key = newest_key(case, CompartmentKind.PICTURES)
    entry = _new_entry(case, key, EntryKind.PICTURE, None, True, at, visible_from)
    own = crypto.new_key()
    entry.sealed_key = crypto.seal(bytes(key.public_key), own)
    padded = crypto.pad(picture, PICTURE_STEP)
    bound = _bound(entry, case, CompartmentKind.PICTURES, key)
    entry.envelope = b"".join(crypto.encrypt_stream(own, _chunks(padded), bound=bound))
    entry.save(force_insert=True)
    Case.objects.filter(pk=case.pk).update(last_entry=case.last_entry)
    return entry


def _chunks(data: bytes) -> Iterable[bytes]:
    return (data[i : i + PICTURE_STEP] for i in range(0, len(data), PICTURE_STEP))


def _new_entry(
    case: Case,
    key: CompartmentKey,
    entry_kind: str,
    by: Person | None,
    her: bool,
    at: datetime,
    visible_from: datetime,
) -> Entry:
    case.last_entry += 1
    author_kind = Author.COMPLAINANT if her else Author.HANDLER if by else Author.SYSTEM
    return Entry(
        key=key,
        kind=entry_kind,
        number=case.last_entry,
        author_kind=author_kind,
        author=by,
        written_on=case.local_day(at),
        visible_from=visible_from,
    )


def _bound(entry: Entry, case: Case, kind: str, key: CompartmentKey) -> bytes:
    return crypto.binding(
        f"entry {entry.kind} {entry.author_kind}",
        case=case.pk,
        compartment=kind,
        generation=key.generation,
        row=entry.pk,
        author=entry.author_id,
    )


def newest_key(case: Case, kind: str) -> CompartmentKey:
    """Return the key under which anything new is written."""
    keys = CompartmentKey.objects.filter(compartment__case=case, compartment__kind=kind)
    return keys.select_related("compartment").latest("generation")


# --- Taking out ---------------------------------------------------------------------------------------------------


def take_out(
    case: Case,
    holder: Holder,
    kinds: Iterable[str],
    *,
    at: datetime,
    grants: Sequence[Grant] | None = None,
    entry_kinds: Iterable[str] | None = None,
    released_only: bool = False,
    newest: int | None = None,
    only: UUID | None = None,
) -> list[Opened]:
    """Open the entries of these compartments that this holder's grants reach, in the order they were written.

    `released_only` leaves out what the daily release has not reached yet; `newest` takes only so many from the end,
    `only` this one.
    Raises `crypto.CryptoError` if a row was changed or moved behind our back.
    """
    wanted = set(kinds)
    reach = {}
    for grant in holder.grants(case) if grants is None else grants:
        if grant.key.compartment.kind not in wanted or (released_only and grant.visible_from > at):
            continue
        private = crypto.open_private(holder.private, bytes(grant.sealed_private), public=bytes(grant.key.public_key))
        reach[grant.key_id] = (grant.key, private)
    entries = Entry.objects.filter(key__in=reach).select_related("author")
    if entry_kinds is not None:
        entries = entries.filter(kind__in=list(entry_kinds))
    if only is not None:
        entries = entries.filter(pk=only)
    if released_only:
        entries = entries.released(at=at)
    ordered = list(entries.order_by("-number")[:newest]) if newest else list(entries.order_by("-number"))
    return [_open(entry, case, *reach[entry.key_id]) for entry in reversed(ordered)]


def _open(entry: Entry, case: Case, key: CompartmentKey, private: bytes) -> Opened:
    kind = key.compartment.kind
    own = crypto.open_sealed(private, bytes(entry.sealed_key))
    bound = _bound(entry, case, kind, key)
    if entry.kind == EntryKind.PICTURE:
        stream = crypto.decrypt_stream(own, [bytes(entry.envelope)], bound=bound)
        return Opened(entry, kind, {}, crypto.unpad(b"".join(stream)))
    plain = crypto.unpad(crypto.decrypt(own, bytes(entry.envelope), bound=bound))
    return Opened(entry, kind, json.loads(plain))


# --- Giving and withdrawing ---------------------------------------------------------------------------------------


def give(
    case: Case,
    holder: Holder,
    kinds: Iterable[str],
    to: Sequence[tuple[PersonKey, str]],
    reason: str,
    *,
    at: datetime,
    visible_from: datetime | None = None,
) -> int:
    """Share every generation of these compartments that `holder` can open with these people (key and role).

    Checked before every grant at any time: exclusions of the case, and that the key is vouched for; raises
    `GrantRefused`. What they hold already is left alone. At the factory nobody passes on before the release what she
    shared today. Returns how many grants were written.
    """
    seen = visible_from or day_of(case, at)
    excluded = Excluded(case)
    for key, role in to:
        if excluded.keeps_out(key.person, role):
            raise GrantRefused("the person is excluded from this case")
    wanted = set(kinds)
    reach = [grant for grant in holder.grants(case) if grant.key.compartment.kind in wanted]
    at_factory = [key.person for key, role in to if role in FACTORY_ROLES]
    first = first_for_factory(case, at_factory) if at_factory else {}
    held = set(
        Grant.objects.filter(
            key__in=[g.key_id for g in reach], person_key__in=[key.pk for key, _role in to]
        ).values_list("key_id", "person_key_id")
    )
    given = []
    for grant in reach:
        private = None
        for key, role in to:
            if (grant.key_id, key.pk) in held:
                continue
            if role in FACTORY_ROLES and grant.key.generation < first[grant.key.compartment.kind]:
                continue
            private = private or crypto.open_private(
                holder.private, bytes(grant.sealed_private), public=bytes(grant.key.public_key)
            )
            given.append(
                grant_to_person(
                    Fresh(grant.key, private),
                    key,
                    reason,
                    at=at,
                    by=holder.key.person if holder.key else None,
                    visible_from=max(seen, grant.visible_from) if role in FACTORY_ROLES else seen,
                )
            )
    Grant.objects.bulk_create(given)
    return len(given)


def first_for_factory(case: Case, people: Iterable[Person] = ()) -> Mapping[str, int]:
    """Return from which generation on the factory's people may hold each compartment.

    What she shares, they hold whole. Of inbox and papers nothing is theirs that is older than their own part of the
    case: what the outside team wrote before a hand-over stays outside. It begins with the first generation that they,
    or `people` (also under an earlier key), hold; where nobody holds any, with the newest if the case came later.
    """
    papers = (CompartmentKind.INBOX, CompartmentKind.RECORD, CompartmentKind.FINDING)
    first = dict.fromkeys(CompartmentKind.values, 1)
    if not case.events.filter(kind__in=[EventKind.HANDED_TO_FACTORY, EventKind.ROUTE_CHOSEN]).exists():
        return first
    handlers = case.assignments.current().filter(role__in=FACTORY_ROLES).values_list("person", flat=True)
    for kind in papers:
        generations = CompartmentKey.objects.filter(compartment__case=case, compartment__kind=kind)
        held = generations.filter(grants__person_key__person__in=[*handlers, *(person.pk for person in people)])
        theirs = held.order_by("generation").values_list("generation", flat=True).first()
        first[kind] = theirs or generations.latest("generation").generation
    return first


def withdraw(case: Case, kinds: Iterable[str], people: Iterable[Person], *, at: datetime) -> None:
    """Delete these people's grants on these compartments, at once, and start a new generation for who remains.

    Needs no key: a new generation's private half is made here and sealed to the holders left.
    """
    kinds, people = list(kinds), list(people)
    gone = Grant.objects.filter(
        key__compartment__case=case, key__compartment__kind__in=kinds, person_key__person__in=people
    )
    touched = set(gone.values_list("key__compartment__kind", flat=True))
    gone.delete()
    for kind in touched:
        new_generation(case, kind, at=at)


def new_generation(
    case: Case,
    kind: str,
    *,
    at: datetime,
    also: Sequence[tuple[PersonKey, str, str]] = (),
    visible_from: datetime | None = None,
) -> CompartmentKey:
    """Start a new generation for the usable holders of the one before, and for `also` (key, role, reason).

    Nobody's key is needed, and nobody new can read what was written earlier.
    """
    before = newest_key(case, kind)
    fresh = fresh_key(before.compartment, before.generation + 1)
    fresh.key.save(force_insert=True)
    excluded = Excluded(case)
    grants = []
    seen = set()
    held = Grant.objects.filter(key=before).select_related("person_key__person", "receipt")
    for grant in held:
        if grant.to_recovery:
            grants.append(grant_to_recovery(fresh, at=at))
        elif grant.receipt:
            grants.append(grant_to_receipt(fresh, grant.receipt, grant.reason, at=at))
        elif grant.person_key and grant.person_key.is_usable:
            seen.add(grant.person_key_id)
            grants.append(
                grant_to_person(
                    fresh,
                    grant.person_key,
                    grant.reason,
                    at=at,
                    by=grant.given_by,
                    visible_from=grant.visible_from,
                )
            )
    for key, role, reason in also:
        if key.pk in seen:
            continue
        if excluded.keeps_out(key.person, role):
            raise GrantRefused("the person is excluded from this case")
        grants.append(grant_to_person(fresh, key, reason, at=at, visible_from=visible_from or day_of(case, at)))
    Grant.objects.bulk_create(grants)
    return fresh.key


def re_seal_for(case: Case, holder: Holder, to: Receipt, *, at: datetime, reason: str = "new_number") -> None:
    """Give another receipt everything the one in hand holds, every generation."""
    grants = []
    for grant in holder.grants(case):
        private = crypto.open_private(holder.private, bytes(grant.sealed_private), public=bytes(grant.key.public_key))
        grants.append(grant_to_receipt(Fresh(grant.key, private), to, reason, at=at))
    Grant.objects.bulk_create(grants)


def drop_receipts(case: Case, receipts: Iterable[Receipt], *, at: datetime) -> None:
    """Delete these receipts with all they could open, and start a new generation of it for who remains."""
    gone = [receipt.pk for receipt in receipts]
    held = Grant.objects.filter(receipt__in=gone, key__compartment__case=case)
    touched = set(held.values_list("key__compartment__kind", flat=True))
    Receipt.objects.filter(pk__in=gone).delete()
    for kind in sorted(touched):
        new_generation(case, kind, at=at)
