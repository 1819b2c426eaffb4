"""Steps of the outside team: first look, danger confirmed, holds, handing over, names and factories matched."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.keys import Reader
from accounts.models import Person
from complaints import compartments, deadlines, events, exclusions
from complaints.assignees import Candidate, candidates, least_busy
from complaints.casecodes import EntryKind, EventKind, Role
from complaints.codes import CompartmentKind, DangerLevel, Route, Side
from complaints.compartments import Holder
from complaints.models import Assignment, Case, Grant
from complaints.workflow.hers import pick_experts, put_on
from complaints.workflow.places import take_factory_off, take_reviewer_off
from complaints.workflow.step import StepRefused
from complaints.workflow.table import taking
from factories.models import Factory


def first_look(case: Case, *, by: Person, note: str, wrote_to_her: bool, at: datetime) -> None:
    """Look first: is anyone in danger now, is there a safe way to answer? Meets urgent contact.

    `wrote_to_her`: a message went with it; otherwise the note says why none could.
    """
    if not note.strip():
        raise StepRefused(_("Write what you saw and what you did, in a few words."))
    with taking("first_look", case, at=at, by=by) as (case, actor):
        compartments.put(
            case, CompartmentKind.FREEDOM, EntryKind.FIRST_LOOK, {"note": note, "wrote": wrote_to_her}, by=by, at=at
        )
        events.record(case, EventKind.FIRST_LOOK, by=by, at=at)
        deadlines.meet(case, "urgent_contact", at=at)


def confirm_danger(
    case: Case, *, by: Person, danger_level: str, age_band: str, not_free: bool, note: str, at: datetime
) -> None:
    """Confirm danger, age and freedom of an outside case; sealed in `freedom`. Nothing of it stands in the clear."""
    if danger_level not in DangerLevel.values:
        raise StepRefused(_("Choose how you see the danger."))
    with taking("confirm_danger", case, at=at, by=by) as (case, actor):
        compartments.put(
            case,
            CompartmentKind.FREEDOM,
            EntryKind.DANGER_CONFIRMED,
            {"danger_level": danger_level, "age_band": age_band, "not_free": not_free, "note": note},
            by=by,
            at=at,
        )
        case.danger_confirmed_at = at
        case.save(update_fields=["danger_confirmed_at"])
        events.record(case, EventKind.DANGER_CONFIRMED, by=by, at=at)


# --- Safeguarding holds -------------------------------------------------------------------------------------------


def open_hold(case: Case, reader: Reader, *, at: datetime) -> Case:
    """A handler's own worry: two leads get what the handler holds, and the factory's access ends at once."""
    with taking("open_hold", case, at=at, by=reader.person) as (case, actor):
        leads = _pick_leads(case)
        if len(leads) < 2:
            raise StepRefused(_("There are not two safeguarding leads with a vouched key. Call the technical expert."))
        to = [(one.key, Role.SAFEGUARDING_LEAD) for one in leads]
        compartments.give(case, Holder.of(reader), CompartmentKind.values, to, "hold_opened", at=at)
        take_factory_off(case, because=Assignment.Ended.HOLD, at=at)
        take_reviewer_off(case, by=reader.person, because=Assignment.Ended.HOLD, at=at)
        for kind in CompartmentKind.values:
            also = [(one.key, str(Role.SAFEGUARDING_LEAD), "hold_opened") for one in leads]
            compartments.new_generation(case, kind, at=at, also=also)
        put_on(case, leads, Role.SAFEGUARDING_LEAD, at=at, visible_from=at)
        # An earlier hold does not count: each lead looks anew.
        case.assignments.current().filter(role=Role.SAFEGUARDING_LEAD).update(opened_on=None)
        case.side_before, case.urgent_outside = case.side, True
        case.save(update_fields=["side_before", "urgent_outside"])
        events.record(case, EventKind.HOLD_OPENED, by=reader.person, at=at)
        case.side = Side.SAFEGUARDING_HOLD
        missing = [code for code in ("urgent_contact", *deadlines.OF_A_HOLD) if not deadlines.is_open(case, code)]
        deadlines.set_many(case, missing, at=at)
        notices.queue(
            to=[one.person for one in leads],
            cause=f"hold:{case.pk}:{case.last_event}",
            kind="hold_opened",
            at=at,
            due_on=case.local_day(case.next_due_at) if case.next_due_at else None,
            topic="case",
            topic_id=case.pk,
        )
    return case


def _pick_leads(case: Case) -> list[Candidate]:
    """Two leads: first those who hold `freedom` of this case already."""
    found = candidates(case.country, None).leads
    on_case = set(case.assignments.current().filter(role=Role.SAFEGUARDING_LEAD).values_list("person", flat=True))
    already = [one for one in found if one.person.pk in on_case]
    rest = [one for one in found if one.person.pk not in on_case]
    return [*already, *least_busy(rest, 2)][:2]


def both_leads_looked(case: Case, *, at: datetime) -> None:
    """When both leads have opened a case in hold, the experts' grants on it end. Within the opening's transaction.

    What only an expert can open (a handler at the factory could not share it) stays with that expert, behind a shut
    page: nothing of hers is lost to the helpers by the hold.
    """
    leads = case.assignments.current().filter(role=Role.SAFEGUARDING_LEAD, standing_by=False)
    if not case.in_hold or leads.exclude(opened_on=None).count() < 2:
        return
    experts = case.assignments.current().filter(role=Role.TECHNICAL_EXPERT).select_related("person")
    people = [assignment.person for assignment in experts]
    if not people:
        return
    only_theirs = _held_by_no_lead(case, people)
    compartments.withdraw(case, set(CompartmentKind.values) - only_theirs, people, at=at)
    notices.forget(people, topic="case", topic_id=case.pk)
    keepers = Grant.objects.filter(key__compartment__case=case, person_key__person__in=people)
    keep = set(keepers.values_list("person_key__person", flat=True))
    experts.filter(person__in=keep).update(standing_by=True)
    experts.exclude(person__in=keep).update(ended_on=case.local_day(at), ended_because=Assignment.Ended.HOLD)


def _held_by_no_lead(case: Case, experts: list[Person]) -> set[str]:
    """The compartments with something in them of which these people can open a generation that no lead can."""
    leads = case.assignments.current().filter(role=Role.SAFEGUARDING_LEAD).values("person")
    usable = Grant.objects.usable().filter(key__compartment__case=case)
    by_leads = usable.filter(person_key__person__in=leads).values("key")
    only = usable.filter(person_key__person__in=experts, key__entries__isnull=False).exclude(key__in=by_leads)
    return set(only.values_list("key__compartment__kind", flat=True))


def propose_lift(case: Case, *, by: Person, at: datetime) -> None:
    """One lead proposes to end the hold; another must agree. Nobody lifts a hold alone."""
    with taking("propose_lift", case, at=at, by=by) as (case, actor):
        case.lift_proposed_by = by
        case.save(update_fields=["lift_proposed_by"])
        events.record(case, EventKind.HOLD_LIFT_PROPOSED, by=by, at=at)
        others = case.assignments.current().filter(role=Role.SAFEGUARDING_LEAD).exclude(person=by)
        notices.queue(
            to=[a.person for a in others.select_related("person")],
            cause=f"lift:{case.pk}:{case.last_event}",
            kind="lift_proposed",
            at=at,
            topic="case",
            topic_id=case.pk,
        )


def lift_hold(case: Case, reader: Reader, *, at: datetime) -> Case:
    """The second lead ends the hold and shares with two experts, as on `outside_first`; the factory gets nothing."""
    with taking("lift_hold", case, at=at, by=reader.person) as (case, actor):
        if case.lift_proposed_by_id is None or case.lift_proposed_by_id == reader.person.pk:
            raise StepRefused(_("Two leads end a hold together: the other lead has to propose it first."))
        if deadlines.is_open(case, "urgent_contact"):
            raise StepRefused(_("Urgent contact comes first: write down the first look."))
        experts = pick_experts(case)
        to = [(one.key, Role.TECHNICAL_EXPERT) for one in experts]
        compartments.give(case, Holder.of(reader), CompartmentKind.values, to, "hold_lifted", at=at)
        put_on(case, experts, Role.TECHNICAL_EXPERT, at=at, visible_from=at)
        _leads_keep_freedom_only(case, at=at)
        if case.route == Route.FACTORY_COMMITTEE:
            case.route, case.factory_side = Route.OUTSIDE_FIRST, ""
        before, case.side_before, case.lift_proposed_by = case.side_before, "", None
        case.save(update_fields=["route", "factory_side", "side_before", "lift_proposed_by"])
        events.record(case, EventKind.HOLD_LIFTED, by=reader.person, at=at)
        _tell_experts(case, [one.person for one in experts], "hold_lifted", at=at)
        deadlines.drop(case, "hold_decision", "hold_plan", at=at)
        if before == Side.KEPT:  # Kept again, as she asked: nothing is promised but urgent contact, which is made.
            deadlines.drop(case, *deadlines.at_filing(case), at=at)
        case.side = before
        if before == "" and not case.deadlines.filter(code="acknowledge").exists():
            missing = [c for c in deadlines.at_filing(case) if not case.deadlines.filter(code=c).exists()]
            case.side = before
            deadlines.set_many(case, missing, at=at)
    return case


def _leads_keep_freedom_only(case: Case, *, at: datetime) -> None:
    """After a hold a lead holds `freedom`, as on every other route, and stands by."""
    leads = case.assignments.current().filter(role=Role.SAFEGUARDING_LEAD).select_related("person")
    others = [kind for kind in CompartmentKind.values if kind != CompartmentKind.FREEDOM]
    compartments.withdraw(case, others, [assignment.person for assignment in leads], at=at)
    leads.update(standing_by=True)


# --- Towards the factory ------------------------------------------------------------------------------------------


def propose_handover(case: Case, *, by: Person, text: str, at: datetime) -> None:
    """Suggest to her to hand the case to the factory; she answers on her page, consent by consent."""
    if not text.strip():
        raise StepRefused(_("Write to her why you suggest it, and what it means for her."))
    with taking("propose_handover", case, at=at, by=by) as (case, actor):
        if case.factory is None or not case.factory.is_live:
            raise StepRefused(_("Nobody acts for this factory yet. Match the factory first, or go on outside."))
        compartments.put(case, CompartmentKind.INBOX, EntryKind.MESSAGE, {"text": text}, by=by, at=at)
        case.handover_proposed_on = case.local_day(at)
        case.save(update_fields=["handover_proposed_on"])
        events.record(case, EventKind.HANDOVER_PROPOSED, by=by, at=at)


def match_factory(case: Case, *, by: Person, factory: Factory, at: datetime) -> None:
    """Set the factory an expert recognised in what she typed. It stays an outside case."""
    with taking("match_factory", case, at=at, by=by) as (case, actor):
        if factory.country_id != case.country_id:
            raise StepRefused(_("This factory is in another country."))
        case.factory = factory
        case.save(update_fields=["factory"])
        events.record(case, EventKind.FACTORY_MATCHED, by=by, at=at)


def match_name(case: Case, *, by: Person, person: Person | None, at: datetime) -> None:
    """Match the name she wrote in Q11 to an account (excluded from now on), or note that it fits none."""
    with taking("match_name", case, at=at, by=by) as (case, actor):
        if person is not None:
            exclusions.exclude_person(case, person)
        # Which account, or whether any: the hash knows, the event does not.
        events.record(case, EventKind.NAME_MATCHED, by=by, at=at)


def _tell_experts(case: Case, people: list[Person], kind: str, *, at: datetime) -> None:
    notices.queue(
        to=people, cause=f"{kind}:{case.pk}:{case.last_event}", kind=kind, at=at, topic="case", topic_id=case.pk
    )
