"""Deciding on a finding: who may, send it back once, give it to the outside member, decide. Workflow, 3.7 and 8.

Whoever decides reads the finding and who it is about, never her words. Whoever took part in the inquiry never decides.
In an outside case the decision is a recommendation: it reaches the factory only with her consent, on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.keys import Reader
from accounts.models import Person, PersonKey
from complaints import compartments, deadlines, events, exclusions
from complaints.assignees import Candidate, candidates
from complaints.casecodes import FACTORY_ROLES, EntryKind, EventKind, RemedyCode, Role, SanctionCode
from complaints.codes import CompartmentKind, FindingResult
from complaints.compartments import GrantRefused, Holder
from complaints.models import Assignment, Case, Decision, Remedy, Sanction
from complaints.workflow.outcome_needs import on_case
from complaints.workflow.places import kinds_for, take_off, tell
from complaints.workflow.step import COMMITTEE, StepRefused
from complaints.workflow.table import taking

SHORTEST_REASONS = 40  # Characters.
_DECIDING = (Role.DECISION_MAKER, Role.OUTSIDE_MEMBER)

PROVEN = (FindingResult.SUBSTANTIATED, FindingResult.PARTLY_SUBSTANTIATED)


@dataclass(frozen=True)
class Planned:
    """A sanction or remedy that somebody sees to, by a day."""

    code: str
    owner: Person
    due_on: date
    at_her_request: bool = False


# --- Who decides --------------------------------------------------------------------------------------------------


def could_decide(case: Case, *, roles: Sequence[str] = (Role.DECISION_MAKER, Role.OUTSIDE_MEMBER)) -> list[Candidate]:
    """People of the factory who could decide: the decision maker, a stand-in, then the outside member.

    Nobody who is excluded from the case or took part in its inquiry.
    """
    excluded = exclusions.Excluded(case)
    took_part = set(case.inquirers.values_list("person", flat=True))
    pool = candidates(case.country, case.factory).factory if case.factory else ()
    # A decision maker comes from outside the handling; the outside member may have helped, but not in the inquiry.
    handled = set(case.assignments.exclude(role__in=_DECIDING).values_list("person", flat=True))
    ranked = sorted(pool, key=lambda one: (roles.index(one.role) if one.role in roles else len(roles), one.stand_in))
    return [
        one
        for one in ranked
        if one.role in roles
        and one.person.pk not in took_part | handled
        and not excluded.keeps_out(one.person, one.role)
    ]


def ask_decider(case: Case, reader: Reader, *, at: datetime) -> Person:
    """Bring somebody who decides: where the decision maker is excluded or there is none, a stand-in or outside member.

    They get the finding and, where the factory holds it, the respondent.
    """
    with taking("ask_decider", case, at=at, by=reader.person) as (case, actor):
        return bring_decider(case, reader, could_decide(case), at=at)


def pass_to_outside_member(case: Case, reader: Reader, *, at: datetime) -> Person:
    """Give the decision to the outside member, after the finding went back once and is disagreed with again."""
    with taking("pass_to_outside_member", case, at=at, by=reader.person) as (case, actor):
        person = bring_decider(case, reader, could_decide(case, roles=(Role.OUTSIDE_MEMBER,)), at=at)
        for one in list(on_case(case, Role.DECISION_MAKER).select_related("person")):
            take_off(case, one.person, by=reader.person, because=Assignment.Ended.HANDED_OVER, at=at)
        events.record(case, EventKind.DECISION_PASSED, by=reader.person, at=at, contents={"person": str(person.pk)})
    return person


def bring_decider(case: Case, reader: Reader, pool: Sequence[Candidate], *, at: datetime) -> Person:
    """Put the first of these on the case, with the finding and the respondent as far as `reader` holds them.

    Within a step. Raises `StepRefused` where nobody is left.
    """
    if not pool:
        raise StepRefused(
            _(
                "Nobody at the factory may decide this: each is excluded, took part in the inquiry, or has no vouched "
                "key. Ask the administrator to name an outside member."
            )
        )
    chosen = pool[0]
    if case.assignments.current().filter(person=chosen.person).exists():
        return chosen.person
    key = PersonKey.objects.usable().filter(pk=chosen.key.pk).select_related("person").first()
    try:
        if key is None:
            raise GrantRefused("the key is not vouched for any more")
        kinds = kinds_for(case, Role.DECISION_MAKER)
        compartments.give(case, Holder.of(reader), kinds, [(key, chosen.role)], "finding_made", at=at)
    except GrantRefused:
        raise StepRefused(_("This person cannot be put on this case. Choose somebody else.")) from None
    Assignment.objects.create(
        case=case,
        person=chosen.person,
        role=chosen.role,
        since=case.local_day(at),
        visible_from=at,
        next_due_at=case.next_due_at or deadlines.FAR_AWAY,
    )
    deadlines.refresh(case)  # Their list shows their own step.
    contents = {"person": str(chosen.person.pk), "role": chosen.role}
    events.record(case, EventKind.ASSIGNED, by=reader.person, at=at, contents=contents)
    tell(case, [chosen.person], "assigned", cause=f"assigned:{case.pk}:{case.last_event}", at=at)
    return chosen.person


# --- Deciding -----------------------------------------------------------------------------------------------------


def send_back(case: Case, *, by: Person, questions: str, at: datetime) -> Case:
    """Send the finding back, once, with written questions: it may not be changed by whoever decides."""
    if len(questions.strip()) < SHORTEST_REASONS:
        raise StepRefused(_("Write your questions so that the committee can answer them (40 characters or more)."))
    with taking("send_back", case, at=at, by=by) as (case, actor):
        compartments.put(
            case, CompartmentKind.FINDING, EntryKind.QUESTIONS_BACK, {"questions": questions}, by=by, at=at
        )
        events.record(case, EventKind.SENT_BACK, by=by, at=at)
        deadlines.drop(case, "decision", at=at)
        deadlines.set_many(case, ["finding"], at=at)
        _tell_committee(case, "sent_back", at=at)
    return case


def decide(
    case: Case,
    *,
    by: Person,
    reasons: str,
    sanctions: Sequence[Planned] = (),
    remedies: Sequence[Planned] = (),
    at: datetime,
) -> Decision:
    """Decide what follows from the finding, with reasons sealed in `finding`; outside, recommend it.

    No sanction without a finding that something happened; the finding itself stays as it is. Each remedy and sanction
    has an owner on the case and a day within its limit. The decision maker's grant on `respondent` ends here.
    """
    if len(reasons.strip()) < SHORTEST_REASONS:
        raise StepRefused(_("Write the reasons for what you decide (40 characters or more)."))
    with taking("decide", case, at=at, by=by) as (case, actor):
        outside = not case.with_factory
        if sanctions and not case.allegations.filter(result__in=PROVEN).exists():
            raise StepRefused(
                _("There is no sanction without a finding that something happened. Choose remedies, or none.")
            )
        check_planned(case, sanctions, SanctionCode, at=at)
        check_planned(case, remedies, RemedyCode, at=at)
        compartments.put(
            case,
            CompartmentKind.FINDING,
            EntryKind.DECISION,
            {
                "reasons": reasons,
                "sanction_codes": [one.code for one in sanctions],
                "remedy_codes": [one.code for one in remedies],
                "asked_for": [one.code for one in remedies if one.at_her_request],
            },
            by=by,
            at=at,
        )
        decision = record_decision(case, by, sanctions, remedies, recommendation=outside, at=at)
        deciding = [one.person for one in on_case(case, Role.DECISION_MAKER).select_related("person")]
        compartments.withdraw(case, [CompartmentKind.RESPONDENT], deciding, at=at)
        _tell_committee(case, "decided", at=at)
    return decision


def record_decision(
    case: Case,
    by: Person,
    sanctions: Sequence[Planned],
    remedies: Sequence[Planned],
    *,
    recommendation: bool = False,
    at: datetime,
) -> Decision:
    """Write a decision with its sanctions and remedies, its event and its promises. Within a step.

    A later decision stands in place of the earlier one: what was still open of that is let go, and both sides are told
    anew. What was done already stays on record.
    """
    today = case.local_day(at)
    case.sanctions.filter(done_on=None).delete()
    for old in case.remedies.filter(done_on=None, verified_on=None).select_related("deadline"):
        if old.deadline:
            deadlines.end_one(case, old.deadline, dropped_at=at)
        old.delete()
    decision = Decision.objects.create(
        case=case, number=case.decisions.count() + 1, by=by, decided_on=today, is_recommendation=recommendation
    )
    first = last_number(case.sanctions) + 1
    Sanction.objects.bulk_create(
        Sanction(
            case=case, number=number, code=one.code, decision=decision, owner=one.owner, due_on=one.due_on
        )
        for number, one in enumerate(sanctions, start=first)
    )  # fmt: skip
    for one in remedies:
        put_remedy(case, one, promised=not recommendation, at=at)
    case.decided_on, case.outcome_told_on, case.respondent_outcome_on = today, None, None
    case.save(update_fields=["decided_on", "outcome_told_on", "respondent_outcome_on"])
    contents = {
        "number": decision.number,
        "sanctions": [one.code for one in sanctions],
        "remedies": [one.code for one in remedies],
        "asked_for": [one.code for one in remedies if one.at_her_request],
    }
    events.record(case, EventKind.RECOMMENDED if recommendation else EventKind.DECIDED, by=by, at=at, contents=contents)
    deadlines.meet(case, "decision", at=at)
    deadlines.drop(case, "outcome_told", at=at)
    deadlines.set_many(case, ["outcome_told"], at=at)
    return decision


def put_remedy(case: Case, planned: Planned, *, promised: bool = True, at: datetime) -> Remedy:
    """Write one remedy and, where it is promised, its own deadline. Within a step."""
    made = deadlines.set_by(case, "remedy_done", due_on=planned.due_on, at=at) if promised else None
    return Remedy.objects.create(
        case=case,
        number=last_number(case.remedies) + 1,
        scope=RemedyCode(planned.code).scope,
        code=planned.code,
        owner=planned.owner,
        due_on=case.local_day(made.due_at) if made else planned.due_on,
        deadline=made,
    )


def last_number(rows: Any) -> int:
    """The highest number in use."""
    return rows.order_by("-number").values_list("number", flat=True).first() or 0


def check_planned(
    case: Case, planned: Sequence[Planned], codes: type[RemedyCode] | type[SanctionCode], *, at: datetime
) -> None:
    """Refuse an unknown code, an owner not on the case, a day past or too far, and what she did not ask for."""
    owners = {person.pk for person in who_may_own(case)}
    today, last = case.local_day(at), deadlines.last_day(case, "remedy_done", at=at)
    for one in planned:
        if one.code not in codes.values:
            raise StepRefused(_("Choose from the list what should follow."))
        if one.owner.pk not in owners:
            raise StepRefused(_("Choose somebody on the case who sees to it."))
        if one.due_on < today or (last and one.due_on > last):
            raise StepRefused(_("Choose a day from today on, at most 90 days ahead."))
    if not_asked_for(planned):
        raise StepRefused(
            _("An apology or another place for her is chosen only where she asked for it. Ask her first.")
        )


def not_asked_for(planned: Sequence[Planned]) -> bool:
    """Whether something is planned that only she may ask for, and she did not. Workflow, sections 8 and 16."""
    return any(
        one.code in RemedyCode.values and RemedyCode(one.code).at_her_wish and not one.at_her_request for one in planned
    )


def who_may_own(case: Case) -> list[Person]:
    """Who may be given a remedy or sanction to see to: people on the case where it is, without conflict."""
    roles = FACTORY_ROLES if case.with_factory else (Role.TECHNICAL_EXPERT,)
    refused = case.declarations.filter(may_handle=False).values("person")
    current = on_case(case, *roles).exclude(person__in=refused).select_related("person").order_by("since", "pk")
    return [one.person for one in current]


def _tell_committee(case: Case, kind: str, *, at: datetime) -> None:
    roles = COMMITTEE if case.with_factory else (Role.TECHNICAL_EXPERT,)
    people = [one.person for one in on_case(case, *roles).select_related("person")]
    tell(case, people, kind, cause=f"{kind}:{case.pk}:{case.last_event}", at=at)


# --- Outside: a recommendation ------------------------------------------------------------------------------------


def answer_recommendation(case: Case, *, given: bool, at: datetime) -> None:
    """Hers: whether the factory may read what the outside helper recommends. She may change it until it is passed."""
    with taking("answer_recommendation", case, at=at, her=True) as (case, actor):
        events.record(case, EventKind.RECOMMENDATION_ANSWERED, her=True, at=at, contents={"given": given})


def pass_on_recommendation(case: Case, *, by: Person, text: str, at: datetime) -> None:
    """Note what of the recommendation was given to the factory, on paper or by a talk. Only with her consent.

    No account of the factory gets anything; the words stay in `finding`, and their printed page is all that leaves.
    From here on the remedies are promised.
    """
    if len(text.strip()) < SHORTEST_REASONS:
        raise StepRefused(_("Write exactly what the factory is told (40 characters or more). It is printed as it is."))
    with taking("pass_on_recommendation", case, at=at, by=by) as (case, actor):
        compartments.put(
            case, CompartmentKind.FINDING, EntryKind.OUTCOME_LETTER, {"to": "factory", "text": text}, by=by, at=at
        )
        events.record(case, EventKind.RECOMMENDATION_PASSED, by=by, at=at)
        today = case.local_day(at)
        for remedy in case.remedies.filter(deadline=None, verified_on=None, done_on=None):
            if remedy.due_on > today:
                remedy.deadline = deadlines.set_by(case, "remedy_done", due_on=remedy.due_on, at=at)
            else:
                remedy.deadline = deadlines.set_next(case, "remedy_done", at=at)
            remedy.due_on = case.local_day(remedy.deadline.due_at)
            remedy.save(update_fields=["deadline", "due_on"])
