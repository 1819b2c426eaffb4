"""What a page reads of a case, read once: many needs and selectors ask the same rows, and a page changes none of them.

Only between the beginning and the end of a page is anything kept, and only on the case in hand. A step locks a case of
its own (`taking`), for which nothing is kept: there every question goes to the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import PersonKey
from complaints.casecodes import EventKind
from complaints.models import (
    Allegation,
    Appeal,
    Assignment,
    Case,
    CaseLink,
    Check,
    Concern,
    ConflictDeclaration,
    Deadline,
    Event,
    Grant,
    Inquirer,
    InterimMeasure,
    LegalHold,
    Referral,
    Remedy,
    SafetyDecision,
    Sanction,
)

T = TypeVar("T")
P = ParamSpec("P")
_PAGE = "_page"
# Of these there are as many as words were written and read: never kept.
MANY = frozenset(
    {
        EventKind.COMPARTMENT_OPENED,
        EventKind.MESSAGE_SENT,
        EventKind.MESSAGE_RECEIVED,
        EventKind.NOTE_ADDED,
        EventKind.PICTURE_ADDED,
    }
)


# --- One page -----------------------------------------------------------------------------------------------------


@contextmanager
def page(case: Case) -> Iterator[None]:
    """Keep what is read of this case until the page is made. A page within a page goes on with what was read."""
    if _PAGE in case.__dict__:
        yield
        return
    case.__dict__[_PAGE] = {}
    try:
        yield
    finally:
        case.__dict__.pop(_PAGE, None)


def begin(case: Case) -> None:
    """Keep what is read of this case for as long as it is in hand: for a request that only looks."""
    case.__dict__.setdefault(_PAGE, {})


def one_page(read: Callable[Concatenate[Case, P], T]) -> Callable[Concatenate[Case, P], T]:
    """A selector that reads one page of a case, its first argument."""

    @wraps(read)
    def reads(case: Case, *args: P.args, **kwargs: P.kwargs) -> T:
        with page(case):
            return read(case, *args, **kwargs)

    return reads


def anew(case: Case) -> None:
    """Something of the case was written while the page is made, as that its reader opened it: read all of it again."""
    if _PAGE in case.__dict__:
        case.__dict__[_PAGE] = {}


def once(case: Case, what: str, read: Callable[[], T]) -> T:
    """Return what `read` reads; within a page the first answer for this `what`."""
    kept: dict[str, Any] | None = case.__dict__.get(_PAGE)
    if kept is None:
        return read()
    if what not in kept:
        kept[what] = read()
    found: T = kept[what]
    return found


# --- The rows -----------------------------------------------------------------------------------------------------


def events(case: Case, *kinds: str) -> list[Event]:
    """The events of these kinds, in their order."""
    rows = case.events.order_by("number").defer("digest", "mac")
    if _PAGE not in case.__dict__ or MANY & set(kinds):
        return list(rows.filter(kind__in=kinds))
    chain = once(case, "events", lambda: list(rows.exclude(kind__in=MANY)))
    return [one for one in chain if one.kind in kinds]


def deadlines(case: Case) -> list[Deadline]:
    """Every promise of the case, also those that were met or let go."""
    return _all(case, "deadlines", case.deadlines.order_by("due_at", "code"))


def open_deadlines(case: Case) -> list[Deadline]:
    """The promises that still run, what is due first first."""
    return [one for one in deadlines(case) if one.met_at is None and one.dropped_at is None]


def current(case: Case) -> list[Assignment]:
    """Who is on the case now, also standing by; `key_vouched` says whether they have a key that may be given to."""
    key = PersonKey.objects.usable().filter(person=OuterRef("person"))
    beside = {"key_vouched": Exists(key)}  # By name: the model names it too, and mypy would read it as set twice.
    rows = case.assignments.current().select_related("person").annotate(**beside)
    return _all(case, "current", rows.order_by("since", "role", "person__name"))


class Held(NamedTuple):
    """Somebody's grant on a compartment, with the state of the key that holds it."""

    person: UUID
    kind: str
    visible_from: datetime
    key_state: str
    active: bool

    @property
    def usable(self) -> bool:
        return self.key_state == "vouched" and self.active


def grants(case: Case) -> list[Held]:
    """What people hold of the case; receipts and recovery are left out."""
    rows = Grant.objects.to_people().filter(key__compartment__case=case)
    values = rows.values_list(
        "person_key__person",
        "key__compartment__kind",
        "visible_from",
        "person_key__state",
        "person_key__person__is_active",
    )
    return once(case, "grants", lambda: [Held(*row) for row in values])


def declarations(case: Case) -> list[ConflictDeclaration]:
    return _all(case, "declarations", case.declarations.all())


def consents(case: Case) -> dict[str, bool]:
    """Her newest answer to each consent."""
    rows = case.consents.order_by("number").values_list("code", "given")
    return once(case, "consents", lambda: dict(rows))


def inquirer_rows(case: Case) -> list[Inquirer]:
    """Who took part in the inquiry, also those who have left the case."""
    return _all(case, "inquirers", case.inquirers.select_related("person").order_by("since", "person__name"))


def inquirers(case: Case) -> frozenset[UUID]:
    """The same people, to look somebody up."""
    return frozenset(one.person_id for one in inquirer_rows(case))


def allegations(case: Case) -> list[Allegation]:
    return _all(case, "allegations", case.allegations.order_by("number"))


def measures(case: Case) -> list[InterimMeasure]:
    """The interim measures in force."""
    rows = case.interim_measures.filter(ends_on=None).select_related("decided_by")
    return _all(case, "measures", rows.order_by("starts_on"))


def remedies(case: Case) -> list[Remedy]:
    return _all(case, "remedies", case.remedies.select_related("owner", "deadline"))


def sanctions(case: Case) -> list[Sanction]:
    return _all(case, "sanctions", case.sanctions.select_related("owner", "checked_by"))


def appeals(case: Case) -> list[Appeal]:
    return _all(case, "appeals", case.appeals.select_related("reviewer"))


def checks(case: Case) -> list[Check]:
    """The checks that are planned or made, by their day."""
    return _all(case, "checks", case.checks.filter(dropped_on=None).order_by("due_on", "code", "number"))


def concerns(case: Case) -> list[Concern]:
    """Her concerns about this case, of either kind."""
    return [one for one in _concerns(case) if one.case_id == case.pk]


def concerns_elsewhere(case: Case) -> list[Concern]:
    """The concerns about other cases because of which this one was opened."""
    return [one for one in _concerns(case) if one.linked_case_id == case.pk]


def _concerns(case: Case) -> list[Concern]:
    return _all(case, "concerns", Concern.objects.filter(Q(case=case) | Q(linked_case=case)).order_by("number"))


def referrals(case: Case) -> list[Referral]:
    return _all(case, "referrals", case.referrals.order_by("number"))


def safety_decisions(case: Case) -> list[SafetyDecision]:
    """What two leads decided or one proposed, the newest first."""
    return _all(case, "safety", case.safety_decisions.select_related("proposed_by").order_by("-number"))


def links(case: Case) -> list[CaseLink]:
    """The links of the case, in both directions."""
    rows = CaseLink.objects.filter(Q(case=case) | Q(other=case)).select_related("case", "other")
    return _all(case, "links", rows.order_by("on", "pk"))


def legal_holds(case: Case) -> list[LegalHold]:
    """The legal holds that nobody has ended."""
    return _all(case, "legal_holds", case.legal_holds.filter(ended_on=None))


def _all(case: Case, what: str, rows: QuerySet[Any, Any]) -> list[Any]:
    return once(case, what, lambda: list(rows))
