"""Which live compartments have fewer than two people who can open them. `usable_holders` of grants.json.

Receipt and recovery do not count; what she kept closed is skipped. Looked at are cases in which somebody has left,
was excluded, handed on, or whose key is no longer usable: nowhere else can the number have fallen. And those that had
too few from the start: filing raises the alarm for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Notice, Person
from complaints.codes import CompartmentKind
from complaints.grants import KIND_OF_SHARE, table
from complaints.intake import THIN
from complaints.models import Assignment, Case, CompartmentKey, Consent, Grant
from complaints.workflow.places import HANDLERS_PAPERS

LOOKED_AT = 500
USABLE = Q(grants__person_key__state="vouched", grants__person_key__person__is_active=True)


@dataclass(frozen=True)
class Thin:
    """A case that too few people can open: its reference and stage, and how few."""

    case: Case
    holders: int


def thin_cases(*, without: Person | None = None) -> Sequence[Thin]:
    """Return open cases with fewer than two usable holders on a live compartment; `without` asks what would be if this
    person left. A constant number of queries, at most so many cases."""
    at_least = table()["usable_holders"]["at_least"]
    usable = USABLE & ~Q(grants__person_key__person=without) if without else USABLE
    thin = (
        CompartmentKey.objects.filter(compartment__case__in=_touched(without))
        .annotate(holders=Count("grants", filter=usable))
        .filter(holders__lt=at_least)
        .values_list("compartment__case", "compartment__kind", "holders")
    )
    fewest: dict[UUID, dict[str, int]] = defaultdict(dict)
    for case_id, kind, holders in thin:
        fewest[case_id][kind] = min(holders, fewest[case_id].get(kind, holders))
    cases = Case.objects.filter(pk__in=list(fewest)[:LOOKED_AT]).order_by("reference")
    shared = _shared(list(fewest))
    found = []
    for case in cases:
        live = _live_kinds(case, shared[case.pk])
        numbers = [number for kind, number in fewest[case.pk].items() if kind in live]
        if numbers:
            found.append(Thin(case, min(numbers)))
    return found


def _touched(without: Person | None) -> Any:
    if without is not None:
        mine = Grant.objects.usable().filter(person_key__person=without)
        cases = Case.objects.open().filter(Exists(mine.filter(key__compartment__case=OuterRef("pk"))))
        return cases.values("pk")
    unusable = Grant.objects.to_people().exclude(person_key__state="vouched", person_key__person__is_active=True)
    gone = Assignment.objects.filter(ended_because__in=["left", "excluded", "handed_over"])
    touched = Q(pk__in=unusable.values("key__compartment__case")) | Q(pk__in=gone.values("case"))
    touched |= Q(pk__in=Notice.objects.filter(kind=THIN).values("topic_id"))
    return Case.objects.open().filter(touched).values("pk")


def _shared(cases: Sequence[UUID]) -> dict[UUID, set[str]]:
    """What she shares with the factory now, by case: the newest answer of each consent counts."""
    answers: dict[UUID, dict[str, bool]] = defaultdict(dict)
    for consent in Consent.objects.filter(case__in=cases, code__in=KIND_OF_SHARE).order_by("number"):
        answers[consent.case_id][consent.code] = consent.given
    return defaultdict(
        set, {pk: {KIND_OF_SHARE[code] for code, given in said.items() if given} for pk, said in answers.items()}
    )


def _live_kinds(case: Case, shared: set[str]) -> set[str]:
    """The compartments that two people must be able to open; at the factory not what she kept closed."""
    if case.with_factory:
        return {*shared, *HANDLERS_PAPERS, CompartmentKind.FREEDOM}
    return set(CompartmentKind.values)
