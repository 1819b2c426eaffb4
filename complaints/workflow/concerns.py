"""Concern about handling: "This is not handled well". It goes to the outside team, on every route. And breaches.

What she and they write about it lies in `freedom`, which no factory user ever holds; the factory sees no trace of it.
Source: workflow.md, sections 9, 13 and 14.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Person
from complaints import compartments, events
from complaints.casecodes import ConcernKind, EntryKind, EventKind, Role
from complaints.codes import CompartmentKind
from complaints.compartments import Holder
from complaints.models import Case, Concern
from complaints.workflow import letters
from complaints.workflow.concern_needs import handling_concerns
from complaints.workflow.places import call_experts
from complaints.workflow.step import Actor, StepRefused
from complaints.workflow.table import allowed, taking
from complaints.workflow.wishes import expert_on


def raise_concern(case: Case, holder: Holder, *, text: str, breach: bool = False, at: datetime) -> None:
    """She says that her case is not handled well. The outside team is told at once; nothing else is needed.

    `breach`: somebody talked about it, or tried to find out that it was she. That lies with her words, and the expert
    who finds it so records it with `note_breach`: what follows from her word stays her decision.
    """
    with taking("raise_concern", case, at=at, her=True) as (case, actor):
        said = {"text": text, "breach": True} if breach else {"text": text}
        compartments.put(case, CompartmentKind.FREEDOM, EntryKind.HANDLING_CONCERN, said, her=True, at=at)
        events.record(case, EventKind.HANDLING_CONCERN, her=True, at=at)
        running = handling_concerns(case).first()
        if running is None:
            number = case.concerns.count() + 1
            kind, day = ConcernKind.HANDLING, case.local_day(at)
            Concern.objects.create(case=case, number=number, kind=kind, raised_on=day)
        elif running.answered_on:
            running.answered_on = None
            running.save(update_fields=["answered_on"])
        day = case.calendar.at_hour(case.local_day(at), 0)
        _queue(case, _readers(case, holder, at=at), "breach" if breach else "handling_concern", at=day)


def _readers(case: Case, holder: Holder, *, at: datetime) -> list[Person]:
    """Who hears of it: the experts of the case, in a hold the leads; where an expert is missing, one is called."""
    if case.in_hold:
        leads = case.assignments.current().filter(role=Role.SAFEGUARDING_LEAD).select_related("person")
        return [one.person for one in leads]
    return [one.person for one in expert_on(case, holder, [CompartmentKind.FREEDOM], "assigned", at=at)]


def answer_concern(
    case: Case, *, by: Person, text: str, offers: bool, settled: bool, upheld: bool = True, at: datetime
) -> None:
    """Answer her where no factory user reads; `offers` that somebody else takes it over, `settled` when it is right.

    Until it is settled as not `upheld`, who handled the case at the factory takes no new one. Workflow, section 6.
    """
    letters.require_human(text)
    with taking("answer_concern", case, at=at, by=by) as (case, actor):
        if offers and not may_take_it_over(case, at=at):
            raise StepRefused(_("As the case stands it can no longer move outside. Tell her what she can still do."))
        compartments.put(case, CompartmentKind.FREEDOM, EntryKind.HANDLING_CONCERN, {"text": text}, by=by, at=at)
        running = handling_concerns(case).get()
        running.answered_on = case.local_day(at)
        if offers:
            running.offered_on = case.local_day(at)
        if settled:
            running.settled_on, running.upheld = case.local_day(at), upheld
        running.save(update_fields=["answered_on", "offered_on", "settled_on", "upheld"])
        events.record(case, EventKind.CONCERN_ANSWERED, by=by, at=at, contents={"offers": offers, "settled": settled})


def may_take_it_over(case: Case, *, at: datetime) -> bool:
    """Whether somebody else outside can take it over with her yes: a factory's case only until it is decided."""
    return not case.with_factory or "move_outside" in allowed(case, Actor(her=True), at=at, among=("move_outside",))


def want_other_helper(case: Case, *, at: datetime) -> None:
    """She says yes: another outside helper takes her case over. Who handles it hands it on."""
    with taking("want_other_helper", case, at=at, her=True) as (case, actor):
        offered = case.concerns.filter(kind=ConcernKind.HANDLING, offered_on__isnull=False).last()
        if offered:
            offered.wanted_on = case.local_day(at)
            offered.save(update_fields=["wanted_on"])
        events.record(case, EventKind.CONCERN_ANSWERED, her=True, at=at, contents={"wants": True})
        role = Role.SAFEGUARDING_LEAD if case.in_hold else Role.TECHNICAL_EXPERT
        experts = case.assignments.current().filter(role=role).select_related("person")
        day = case.calendar.at_hour(case.local_day(at), 0)
        _queue(case, [one.person for one in experts], "other_helper", at=day)


def note_breach(case: Case, *, by: Person, text: str, at: datetime) -> None:
    """Record a breach of confidentiality, or that somebody tried to find out who complains. The expert hears at once.

    To the advisor it shows as a failure of the process: factory and day, no case. What the outside team writes lies
    where the factory never reads, as it may come from her.
    """
    if not text.strip():
        raise StepRefused(_("Write in a few words what happened. It is sealed in the record."))
    with taking("note_breach", case, at=at, by=by) as (case, actor):
        kind = CompartmentKind.RECORD if actor.at_factory else CompartmentKind.FREEDOM
        compartments.put(case, kind, EntryKind.NOTE, {"text": text}, by=by, at=at)
        day, number = case.local_day(at), case.concerns.count() + 1
        Concern.objects.create(case=case, number=number, kind=ConcernKind.BREACH, raised_on=day, settled_on=day)
        events.record(case, EventKind.BREACH_NOTED, by=by, at=at)
        if case.in_hold:
            leads = case.assignments.current().filter(role=Role.SAFEGUARDING_LEAD).select_related("person")
            readers = [one.person for one in leads]
        else:
            readers = call_experts(case, at=at)
        _queue(case, [one for one in readers if one != by], "breach", at=at)


def _queue(case: Case, to: list[Person], kind: str, *, at: datetime) -> None:
    notices.queue(
        to=to,
        cause=f"{kind}:{case.pk}:{case.last_event}",
        kind=kind,
        at=at,
        topic="case",
        topic_id=case.pk,
        send_after=at,
    )
