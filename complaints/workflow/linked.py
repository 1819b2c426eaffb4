"""A case that opens because of another: word of retaliation, read outside and never by who handled the first.

It is a complaint like any other on the route `outside_first`. Her own number opens it: its compartments are sealed to
the receipt she has, so there is no second number to write down. See docs/compartments.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Person
from complaints import compartments, deadlines, events, exclusions, grants, reading
from complaints.assignees import Candidate, candidates, least_busy
from complaints.casecodes import FACTORY_ROLES, HER_KINDS, EntryKind, EventKind, LinkKind, Role
from complaints.codes import ANSWER_COMPARTMENTS, Channel, CompartmentKind, ConductType, Route, Side
from complaints.models import (
    Assignment,
    Case,
    CaseLink,
    Compartment,
    CompartmentKey,
    Entry,
    Exclusion,
    Grant,
    Receipt,
)
from complaints.workflow.step import Actor, StepRefused, Words

AT_LEAST = "b"  # Workflow, section 10: a linked case has severity at least b, whatever its conduct types give.


def open_linked(
    case: Case,
    told: Mapping[str, Any],
    *,
    receipts: Iterable[Receipt],
    at: datetime,
    by: Person | None = None,
) -> Case:
    """Open a case linked to this one for what was told. Within a step on `case`; who told is she, or `by`.

    Nobody at the factory who ever worked on the first case can be given anything of it, now or later. In a hold the
    leads hold it, otherwise two experts. Raises `StepRefused` where nobody outside could read it.
    """
    placed = list(_placed(case))
    if not any(not standing_by for _one, _role, standing_by in placed):
        raise StepRefused(_("There is no outside helper who can read it just now. Please try again tomorrow."))
    made = _new_case(case, her=by is None, at=at)
    made.save(force_insert=True)
    fresh = {kind: compartments.fresh_key(Compartment(case=made, kind=kind)) for kind in CompartmentKind.values}
    Compartment.objects.bulk_create([one.key.compartment for one in fresh.values()])
    CompartmentKey.objects.bulk_create([one.key for one in fresh.values()])
    Entry.objects.bulk_create(_entries(made, told, fresh, by=by, at=at))
    Case.objects.filter(pk=made.pk).update(last_entry=made.last_entry)
    Grant.objects.bulk_create(_grants(made, fresh, receipts, placed, at=at))
    Exclusion.objects.bulk_create(exclusions.rows_for(made, ()))
    for person in _first_handlers(case):
        exclusions.exclude_person(made, person)
    Assignment.objects.bulk_create(
        Assignment(
            case=made,
            person=one.person,
            role=role,
            standing_by=standing_by,
            since=made.filed_on,
            visible_from=compartments.day_of(made, at),
            next_due_at=deadlines.FAR_AWAY,
        )
        for one, role, standing_by in placed
    )
    contents = {"route": made.route, "channel": made.channel, "rule": ""}
    events.record(made, EventKind.COMPLAINT_FILED, by=by, her=by is None, at=at, contents=contents)
    deadlines.set_many(made, deadlines.at_filing(made), at=at)
    CaseLink.objects.create(case=case, other=made, kind=LinkKind.RETALIATION, by=by, on=made.filed_on)
    tell_readers(made, "retaliation", at=at)
    return made


def tell_readers(made: Case, kind: str, *, at: datetime) -> None:
    """Word to the outside team of a linked case, at once. Of hers the day is kept."""
    current = made.assignments.current().filter(standing_by=False).select_related("person")
    notices.queue(
        to=[one.person for one in current],
        cause=f"{kind}:{made.pk}:{made.last_event}",
        kind=kind,
        at=compartments.day_of(made, at),
        due_on=made.local_day(made.next_due_at) if made.next_due_at else None,
        topic="case",
        topic_id=made.pk,
    )


def hers_beside(receipt: Receipt) -> list[Case]:
    """The other cases that this receipt opens: those linked to the one it was made for, the newest first."""
    held = Grant.objects.filter(receipt=receipt).values("key__compartment__case")
    linked = Case.objects.filter(pk__in=held).exclude(pk=receipt.case_id)
    return list(linked.select_related("country", "factory__country").order_by("-filed_on", "pk"))


def is_linked(case: Case) -> bool:
    return any(one.other_id == case.pk and one.kind == LinkKind.RETALIATION for one in reading.links(case))


def not_itself_linked(case: Case, actor: Actor, at: datetime) -> Words | None:
    """Of a case that is about retaliation already there is nothing to open beside it."""
    if is_linked(case):
        return _("This is about how you are treated already. Write it here as a message.")
    return None


def _new_case(case: Case, *, her: bool, at: datetime) -> Case:
    made = Case(
        country=case.country,
        factory=case.factory,
        channel=Channel.WEB if her else Channel.THIRD_PARTY,
        route=Route.OUTSIDE_FIRST,
        side=Side.SAFEGUARDING_HOLD if case.in_hold else "",
        conduct_types=[ConductType.OTHER_UNSURE],
        severity=AT_LEAST,
        urgent_outside=case.in_hold,
    )
    made.filed_on = made.local_day(at)
    made.release_at = made.calendar.release_after(at)
    return made


def _placed(case: Case) -> Iterable[tuple[Candidate, str, bool]]:
    """Who reads it: two experts, and two leads who stand by; in a hold the leads alone."""
    found = candidates(case.country, None)
    on_case = set(case.assignments.current().filter(standing_by=False).values_list("person", flat=True))
    known = set(case.assignments.current().values_list("person", flat=True))
    if case.in_hold:
        leads = sorted(found.leads, key=lambda one: one.person.pk not in on_case)[:2]
        yield from ((one, Role.SAFEGUARDING_LEAD, False) for one in leads)
        return
    if case.with_factory:
        # Nobody outside handled the first case. The expert who stands by it reads this one as well.
        experts = [one for one in found.experts if one.person.pk in known]
    else:
        experts = least_busy([one for one in found.experts if one.person.pk not in on_case], 2, lead_first=True)
    rest = [one for one in found.experts if one not in experts]
    experts = [*experts, *least_busy(rest, 2, lead_first=True)][:2]
    yield from ((one, Role.TECHNICAL_EXPERT, False) for one in experts)
    yield from ((one, Role.SAFEGUARDING_LEAD, True) for one in least_busy(found.leads, 2))


def _first_handlers(case: Case) -> list[Person]:
    """Everybody who ever worked on the first case for the factory."""
    theirs = case.assignments.filter(role__in=FACTORY_ROLES).select_related("person")
    return list({one.person_id: one.person for one in theirs}.values())


def _grants(
    made: Case,
    fresh: Mapping[str, compartments.Fresh],
    receipts: Iterable[Receipt],
    placed: Iterable[tuple[Candidate, str, bool]],
    *,
    at: datetime,
) -> list[Grant]:
    """As data/grants.json gives them at filing on this route."""
    receipts = list(receipts)
    given = []
    for kind, one in fresh.items():
        given.append(compartments.grant_to_recovery(one, at=at))
        if kind in HER_KINDS:
            given += [compartments.grant_to_receipt(one, receipt, "own_words", at=at) for receipt in receipts]
        for candidate, role, _standing_by in placed:
            rule = grants.rule_for(kind, role, route=made.route, hold=made.in_hold, factory_side="", consents={})
            if rule.granted:
                day = compartments.day_of(made, at)
                given.append(compartments.grant_to_person(one, candidate.key, rule.reason, at=at, visible_from=day))
    return given


def _entries(
    made: Case,
    told: Mapping[str, Any],
    fresh: Mapping[str, compartments.Fresh],
    *,
    by: Person | None,
    at: datetime,
) -> list[Entry]:
    """Her words into `story`, a handler's into `record`; every answer compartment gets its entry, also an empty one."""
    her = by is None
    contents: list[tuple[str, str, Mapping[str, Any]]] = [
        (kind, EntryKind.ANSWERS, told if her and kind == CompartmentKind.STORY else {}) for kind in ANSWER_COMPARTMENTS
    ]
    contents.append((CompartmentKind.FREEDOM, EntryKind.SEVERITY_FULL, {"severity_full": AT_LEAST}))
    contents.append((CompartmentKind.FREEDOM, EntryKind.EXCLUSION_TEXT, {}))
    if not her:
        contents.append((CompartmentKind.RECORD, EntryKind.RETALIATION, told))
    day = compartments.day_of(made, at)
    return [
        compartments.sealed_entry(
            made,
            fresh[kind].key,
            kind,
            entry_kind,
            content,
            her=her,
            by=by if kind == CompartmentKind.RECORD else None,
            at=at,
            visible_from=day,
        )
        for kind, entry_kind, content in contents
    ]
