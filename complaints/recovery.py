"""The recovery ceremony on the server: what goes out sealed to the recovery key, what comes back sealed to a person.

The recovery key is never here. A file goes out, is re-sealed offline by two holders of shares (`script/recovery`), and
comes back; what comes back cannot be opened here, so every line of it is checked against what this person may hold on
these cases today. docs/recovery.md walks through it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import crypto, keys, notices, secrets
from accounts.models import Person, PersonKey
from complaints import compartments, events, workflow
from complaints.assignees import candidates
from complaints.casecodes import FACTORY_ROLES, EventKind, Role
from complaints.deadlines import FAR_AWAY
from complaints.exclusions import Excluded
from complaints.models import Assignment, Case, CompartmentKey, Grant

REQUEST, ANSWER = "samleng recovery request 1", "samleng recovery answer 1"
LARGEST = 50_000_000  # Bytes of a file: a hundred thousand keys.
SEALED_BYTES = len(crypto.VERSION) + 48 + 32  # A sealed box around a private key.
REASON = "recovered"


class RecoveryRefused(Exception):
    """The ceremony cannot go on; `message` says why and what to do. Nothing was written."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Due:
    """What one person may be given back on one case: the generations, and whether they need a place on it first."""

    case: Case
    role: str
    keys: tuple[CompartmentKey, ...]
    place_missing: bool


@dataclass(frozen=True)
class BroughtBack:
    """What one import did."""

    grants: int
    cases: int


# --- Out ----------------------------------------------------------------------------------------------------------


def export(references: Iterable[str], *, to: Person, at_cases: bool = False) -> dict[str, Any]:
    """Return the sealed keys of these cases that this person may hold, for the holders of the shares.

    `at_cases`: they are put on cases on which they have no place yet, in the role they have for the factory or the
    country. Raises `RecoveryRefused`, naming the case.
    """
    key = _key_of(to)
    wanted = list(dict.fromkeys(reference.strip().upper() for reference in references))
    dues = [_due(_case(reference), to, at_cases=at_cases) for reference in wanted]
    held = Grant.objects.filter(to_recovery=True, key__in=[key.pk for due in dues for key in due.keys])
    return {
        "format": REQUEST,
        "recovery_public_key": secrets.recovery_public_key().hex(),
        "for": {"key": str(key.pk), "public_key": bytes(key.public_key).hex()},
        "cases": wanted,
        "grants": [
            {
                "id": str(grant.key_id),
                "public_key": bytes(grant.key.public_key).hex(),
                "sealed": base64.b64encode(bytes(grant.sealed_private)).decode(),
            }
            for grant in held.select_related("key").order_by("key_id")
        ],
    }


def fingerprint(to: Person) -> str:
    """The number the holders of the shares compare by voice with the person."""
    return keys.fingerprint(_key_of(to))


def _key_of(person: Person) -> PersonKey:
    key = PersonKey.objects.usable().filter(person=person).select_related("person").first()
    if key is None:
        raise RecoveryRefused(
            _("Nobody has vouched for this person's key yet. A technical expert compares its fingerprint first.")
        )
    return key


def _case(reference: str) -> Case:
    found = Case.objects.filter(reference=reference).select_related("country", "factory__country").first()
    if found is None:
        raise RecoveryRefused(_("There is no case %(reference)s.") % {"reference": reference})
    return found


# --- What a person may be given back ------------------------------------------------------------------------------


def _due(case: Case, person: Person, *, at_cases: bool) -> Due:
    """Decide by the same rules as any grant; recovery opens nothing that a colleague could not share."""
    role, place_missing = _role_on(case, person, at_cases=at_cases)
    names = {"reference": case.reference}
    if Excluded(case).keeps_out(person, role) or case.declarations.filter(person=person, may_handle=False).exists():
        raise RecoveryRefused(_("This person may not be given access to case %(reference)s.") % names)
    if case.in_hold and role != Role.SAFEGUARDING_LEAD:
        raise RecoveryRefused(
            _("Case %(reference)s is in a safeguarding hold: only safeguarding leads are given access.") % names
        )
    found = tuple(_generations(case, person, role))
    if not found:
        raise RecoveryRefused(_("Nothing of case %(reference)s may be given to this person now.") % names)
    return Due(case, role, found, place_missing)


def _role_on(case: Case, person: Person, *, at_cases: bool) -> tuple[str, bool]:
    here = case.assignments.current().filter(person=person).first()
    if here is not None:
        return here.role, False
    if not at_cases:
        raise RecoveryRefused(
            _("This person is not on case %(reference)s. Use --at-cases to put them on it.")
            % {"reference": case.reference}
        )
    found = candidates(case.country, case.factory if case.with_factory else None)
    pool = found.factory if case.with_factory else found.leads if case.in_hold else found.experts
    for one in pool:
        if one.person == person and one.role != Role.DECISION_MAKER:
            return one.role, True
    raise RecoveryRefused(
        _("This person has no role in which they could work on case %(reference)s.") % {"reference": case.reference}
    )


def _generations(case: Case, person: Person, role: str) -> list[CompartmentKey]:
    """The generations of each compartment that this role may hold, from the first that was ever for them.

    At the factory nothing of the papers that is older than its own part of the case: what the outside team wrote
    before a hand-over stays with the outside team.
    """
    allowed = set(workflow.kinds_for(case, role))
    generations = CompartmentKey.objects.filter(compartment__case=case, compartment__kind__in=allowed)
    everything = list(generations.select_related("compartment").order_by("compartment__kind", "generation"))
    if role not in FACTORY_ROLES:
        return everything
    first = compartments.first_for_factory(case, [person])
    return [key for key in everything if key.generation >= first[key.compartment.kind]]


# --- Back ---------------------------------------------------------------------------------------------------------


def read(raw: bytes) -> dict[str, Any]:
    """Read a file that came back. Raises `RecoveryRefused` for anything that is not one."""
    try:
        found = json.loads(raw) if len(raw) <= LARGEST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("format") != ANSWER:
        raise RecoveryRefused(_("This is not a file that script/recovery wrote after opening. Give that one."))
    return found


@transaction.atomic
def bring_back(answer: Mapping[str, Any], *, at: datetime, at_cases: bool = False) -> BroughtBack:
    """Write the grants that came back, with an event on each case: all of them or none. Harmless twice."""
    key, sealed = _checked(answer)
    person = key.person
    rows = CompartmentKey.objects.filter(pk__in=sealed).select_related("compartment__case")
    known = {row.pk: row for row in rows}
    for pk, (public, _box) in sealed.items():
        if pk not in known or not crypto.same(bytes(known[pk].public_key), public):
            raise RecoveryRefused(_("The file names a key that is not of this site. Nothing was brought back."))
    cases_of = {row.compartment.case_id for row in known.values()}
    locked = Case.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=cases_of)
    given = 0
    touched = 0
    for case in locked.select_related("country", "factory__country").order_by("pk"):
        due = _due(case, person, at_cases=at_cases)
        here = [pk for pk, row in known.items() if row.compartment.case_id == case.pk]
        allowed = {row.pk for row in due.keys}
        if not set(here) <= allowed:
            raise RecoveryRefused(
                _("What may be shared of case %(reference)s has changed since the export. Export it again.")
                % {"reference": case.reference}
            )
        grants = _new_grants(case, key, due, here, sealed, at=at)
        if not grants and not due.place_missing:
            continue
        Grant.objects.bulk_create(grants)
        if due.place_missing:
            _put_on(case, person, due.role, at=at)
        contents = {"person": str(person.pk), "role": due.role, "grants": len(grants)}
        events.record(case, EventKind.RECOVERED, at=at, contents=contents)
        _tell_colleagues(case, person, at=at)
        given, touched = given + len(grants), touched + 1
    return BroughtBack(given, touched)


def _checked(answer: Mapping[str, Any]) -> tuple[PersonKey, dict[UUID, tuple[bytes, bytes]]]:
    """Return whose key the file is for and what lies in it, each piece of the right shape."""
    try:
        recovery = bytes.fromhex(answer["recovery_public_key"])
        key_id, public = UUID(answer["for"]["key"]), bytes.fromhex(answer["for"]["public_key"])
        sealed = {
            UUID(one["id"]): (bytes.fromhex(one["public_key"]), base64.b64decode(one["sealed"], validate=True))
            for one in answer["grants"]
        }
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        raise RecoveryRefused(_("The file is damaged. Write it again with script/recovery.")) from None
    if not crypto.same(recovery, secrets.recovery_public_key()):
        raise RecoveryRefused(_("The file belongs to another site: it was opened with another recovery key."))
    if not sealed or any(len(box) != SEALED_BYTES or box[:1] != crypto.VERSION for _public, box in sealed.values()):
        raise RecoveryRefused(_("The file is damaged. Write it again with script/recovery."))
    key = PersonKey.objects.usable().select_for_update(of=("self",)).filter(pk=key_id).select_related("person").first()
    if key is None or not crypto.same(bytes(key.public_key), public):
        raise RecoveryRefused(_("The key the file is for is not vouched for, or was replaced. Export again."))
    return key, sealed


def _new_grants(
    case: Case,
    key: PersonKey,
    due: Due,
    here: Sequence[UUID],
    sealed: Mapping[UUID, tuple[bytes, bytes]],
    *,
    at: datetime,
) -> list[Grant]:
    held = set(Grant.objects.filter(key__in=here, person_key=key).values_list("key_id", flat=True))
    return [
        Grant(
            key_id=pk,
            person_key=key,
            sealed_private=sealed[pk][1],
            given_on=case.local_day(at),
            reason=REASON,
            visible_from=_visible_from(case, due.role, pk, at=at),
        )
        for pk in here
        if pk not in held
    ]


def _visible_from(case: Case, role: str, key_id: UUID, *, at: datetime) -> datetime:
    """At the factory never before a colleague sees it: what she consented to today waits for the release."""
    if role not in FACTORY_ROLES:
        return at
    colleagues = (
        Grant.objects.filter(key=key_id)
        .to_people()
        .filter(person_key__person__assignments__case=case, person_key__person__assignments__role__in=FACTORY_ROLES)
    )
    latest = colleagues.order_by("-visible_from").values_list("visible_from", flat=True).first()
    return max(latest or case.calendar.release_after(at), case.release_at)


def _put_on(case: Case, person: Person, role: str, *, at: datetime) -> None:
    Assignment.objects.create(
        case=case,
        person=person,
        role=role,
        since=case.local_day(at),
        visible_from=at,
        next_due_at=case.next_due_at or FAR_AWAY,
        closed=case.closed_at is not None,
    )


def _tell_colleagues(case: Case, person: Person, *, at: datetime) -> None:
    """Everybody on the case hears of it, so that a ceremony nobody asked for does not pass in silence."""
    current = case.assignments.current().filter(standing_by=False).exclude(person=person).select_related("person")
    notices.queue(
        to=[assignment.person for assignment in current],
        cause=f"recovered:{case.pk}:{case.last_event}",
        kind="recovered",
        at=at,
        topic="case",
        topic_id=case.pk,
    )
