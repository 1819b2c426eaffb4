"""Steps of whoever handles a case: declare, acknowledge, sort, keep safe, agree the path, hand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.keys import Reader
from accounts.models import Person, PersonKey
from complaints import compartments, deadlines, events, exclusions
from complaints.assignees import candidates, least_busy
from complaints.casecodes import FACTORY_ROLES, Declaration, EntryKind, EventKind, Role
from complaints.codes import CompartmentKind, Path
from complaints.codes import Consent as ConsentCode
from complaints.compartments import GrantRefused, Holder
from complaints.grants import KIND_OF_SHARE
from complaints.models import Assignment, Case, ConflictDeclaration, InterimMeasure
from complaints.workflow.table import Actor, StepRefused, taking
from factories import roles
from factories.models import Membership, Position

SHORTEST_MESSAGE = 40  # Characters: a template alone answers nothing she wrote.
HANDLERS_PAPERS = (CompartmentKind.INBOX, CompartmentKind.RECORD, CompartmentKind.FINDING)


# --- Conflict of interest -----------------------------------------------------------------------------------------


def declare_conflict(case: Case, *, by: Person, answer: str, text: str = "", at: datetime) -> ConflictDeclaration:
    """Sign whether there is a conflict of interest. A yes takes the person off the case at once."""
    if answer not in Declaration.values:
        raise StepRefused(_("Choose one of the three answers."))
    if answer == Declaration.POSSIBLE and not text.strip():
        raise StepRefused(_("Write in a few words why it could be a conflict, so that somebody else can decide."))
    with taking("declare_conflict", case, at=at, by=by) as (case, actor):
        if case.declarations.filter(person=by).exists():
            raise StepRefused(_("You have signed already. If something has changed, tell the chair."))
        may_handle = {Declaration.NONE: True, Declaration.YES: False}.get(Declaration(answer))
        declaration = ConflictDeclaration.objects.create(
            case=case, person=by, answer=answer, declared_at=at, may_handle=may_handle
        )
        if text.strip():
            compartments.put(case, CompartmentKind.RECORD, EntryKind.CONFLICT_TEXT, {"text": text}, by=by, at=at)
        events.record(case, EventKind.CONFLICT_DECLARED, by=by, at=at, contents={"answer": answer})
        if answer == Declaration.YES:
            exclusions.exclude_person(case, by)
            take_off(case, by, by=by, because=Assignment.Ended.EXCLUDED, at=at)
        if answer == Declaration.POSSIBLE:
            if not case.assignments.current().filter(role=Role.OUTSIDE_MEMBER).exclude(person=by).exists():
                _call_experts(case, at=at)  # Whoever stands by could not see what is to be decided.
            _tell(case, _deciders(case, by), "conflict_possible", cause=f"conflict:{declaration.pk}", at=at)
    return declaration


def decide_conflict(case: Case, *, by: Person, about: Person, may_handle: bool, at: datetime) -> None:
    """Decide a possible conflict of somebody else: the outside member's task, or the expert's."""
    with taking("decide_conflict", case, at=at, by=by) as (case, actor):
        declaration = case.declarations.filter(person=about, answer=Declaration.POSSIBLE, may_handle=None).first()
        if declaration is None or about == by:
            raise StepRefused(_("There is nothing to decide about this person on this case any more."))
        declaration.may_handle, declaration.decided_by, declaration.decided_at = may_handle, by, at
        declaration.save(update_fields=["may_handle", "decided_by", "decided_at"])
        events.record(
            case, EventKind.CONFLICT_DECIDED, by=by, at=at, contents={"person": str(about.pk), "may": may_handle}
        )
        if not may_handle:
            exclusions.exclude_person(case, about)
            take_off(case, about, by=by, because=Assignment.Ended.EXCLUDED, at=at)


def _deciders(case: Case, but: Person) -> list[Person]:
    roles = (Role.OUTSIDE_MEMBER, Role.TECHNICAL_EXPERT)
    current = case.assignments.current().filter(role__in=roles).exclude(person=but).select_related("person")
    return [assignment.person for assignment in current]


def ask_conflict_question(case: Case, *, by: Person, text: str, at: datetime) -> None:
    """Ask her, through the inbox, whether it could be somebody in HR, the committee or top management."""
    _require_text(text)
    with taking("ask_conflict_question", case, at=at, by=by) as (case, actor):
        if not case.job_not_stated:
            raise StepRefused(_("Her complaint says whose job it was. There is nothing to ask."))
        _write_to_her(case, by, text, at=at)
        events.record(case, EventKind.CONFLICT_QUESTION, by=by, at=at)
        deadlines.meet(case, "conflict_question", at=at)


def answer_conflict_question(case: Case, reader: Reader, *, names_handlers: bool, at: datetime) -> None:
    """Note her answer. If it names nobody in HR, the committee or management, the case officer joins."""
    by = reader.person
    with taking("answer_conflict_question", case, at=at, by=by) as (case, actor):
        if not case.job_not_stated or case.conflict_answered_on:
            raise StepRefused(_("Her answer is noted already."))
        case.conflict_answered_on = case.local_day(at)
        case.save(update_fields=["conflict_answered_on"])
        events.record(case, EventKind.CONFLICT_ANSWERED, by=by, at=at, contents={"names_handlers": names_handlers})
        if not names_handlers:
            excluded = exclusions.Excluded(case)
            officers = [
                one
                for one in candidates(case.country, case.factory).of(Role.CASE_OFFICER)
                if not excluded.keeps_out(one.person, one.role)
            ]
            for officer in least_busy(officers, 1):
                if not case.assignments.current().filter(person=officer.person).exists():
                    add_person(case, reader, officer.key, Role.CASE_OFFICER, at=at)


# --- Acknowledge and triage ---------------------------------------------------------------------------------------


def acknowledge(case: Case, *, by: Person, text: str, at: datetime) -> Case:
    """Write the first human message and move the case to `acknowledged`. The receipt does not count as one."""
    _require_text(text)
    with taking("acknowledge", case, at=at, by=by) as (case, actor):
        _write_to_her(case, by, text, at=at)
        events.record(case, EventKind.ACKNOWLEDGED, by=by, at=at)
        deadlines.meet(case, "acknowledge", at=at)
    return case


def triage(case: Case, *, by: Person, fields: Mapping[str, Any], at: datetime) -> Case:
    """Record the first sorting, every field of workflow section 3.3. What is written is sealed in `record`.

    `respondent_identified` at the factory sets when the employer learned of it, and so the legal clocks.
    """
    with taking("triage", case, at=at, by=by) as (case, actor):
        compartments.put(case, CompartmentKind.RECORD, EntryKind.TRIAGE, dict(fields), by=by, at=at)
        if fields.get("respondent_identified") and actor.at_factory and case.employer_knowledge_at is None:
            case.employer_knowledge_at = at
        case.triaged_at = at
        case.save(update_fields=["triaged_at", "employer_knowledge_at"])
        events.record(case, EventKind.TRIAGED, by=by, at=at)
        deadlines.meet(case, "triage", at=at)
        decided = case.interim_decided_at is not None
        deadlines.set_many(case, ["path_agreed"] if decided else ["interim_measures", "path_agreed"], at=at)
    return case


# --- Keeping her safe ---------------------------------------------------------------------------------------------


def decide_interim(
    case: Case, *, by: Person, code: str, reason: str, effect_on_pay: bool, at_her_request: bool, at: datetime
) -> Case:
    """Decide one interim measure, or that none is needed, with the reason (sealed in `record`).

    Refused: any effect on pay, and a change for her that she did not ask for. Workflow, sections 7 and 16.
    """
    codes = InterimMeasure.Code
    if code not in codes.values:
        raise StepRefused(_("Choose a measure, or that none is needed."))
    if not reason.strip():
        raise StepRefused(_("Write the reason, also where no measure is needed."))
    if effect_on_pay:
        raise StepRefused(_("An interim measure may have no effect on pay. Choose another one."))
    if code in InterimMeasure.AT_HER_WISH and not at_her_request:
        raise StepRefused(_("Her own work or room changes only if she asks for it. Choose another measure."))
    with taking("decide_interim", case, at=at, by=by) as (case, actor):
        compartments.put(
            case,
            CompartmentKind.RECORD,
            EntryKind.INTERIM,
            {"code": code, "reason": reason, "at_her_request": at_her_request},
            by=by,
            at=at,
        )
        if code != codes.NONE_NEEDED:
            InterimMeasure.objects.create(case=case, code=code, starts_on=case.local_day(at), decided_by=by)
        case.interim_decided_at = case.interim_decided_at or at
        case.save(update_fields=["interim_decided_at"])
        events.record(case, EventKind.INTERIM_DECIDED, by=by, at=at, contents={"code": code})
        deadlines.meet(case, "interim_measures", "interim_measures_urgent", at=at)
        if code != codes.NONE_NEEDED and not deadlines.is_open(case, "interim_review"):
            deadlines.set_next(case, "interim_review", at=at)
    return case


def review_interim(case: Case, *, by: Person, measure: InterimMeasure, goes_on: bool, note: str, at: datetime) -> None:
    """Look at a measure again: it goes on for another week, or ends, with a note in `record`."""
    if not note.strip():
        raise StepRefused(_("Write what you looked at and what the affected person says."))
    with taking("review_interim", case, at=at, by=by) as (case, actor):
        if measure.case_id != case.pk or measure.ends_on:
            raise StepRefused(_("This measure has ended already."))
        compartments.put(
            case,
            CompartmentKind.RECORD,
            EntryKind.INTERIM,
            {"code": measure.code, "reason": note, "goes_on": goes_on},
            by=by,
            at=at,
        )
        if not goes_on:
            measure.ends_on = case.local_day(at)
            measure.save(update_fields=["ends_on"])
        contents = {"code": measure.code, "goes_on": goes_on}
        events.record(case, EventKind.INTERIM_REVIEWED, by=by, at=at, contents=contents)
        deadlines.meet(case, "interim_review", at=at)
        if case.interim_measures.filter(ends_on=None).exists():
            deadlines.set_next(case, "interim_review", at=at)


# --- The path -----------------------------------------------------------------------------------------------------


def agree_path(case: Case, *, by: Person, path: str, fields: Mapping[str, Any], at: datetime) -> Case:
    """Agree the path with her, by the limits of workflow sections 4 and 16; the reasons are sealed in `record`.

    `fields`: `reason`, `severity` and `power_difference` as the handlers see them, `she_asked_twice` (informal),
    `independent_evidence` (formal, without her agreement), `body` (referred out).
    """
    if path not in Path.values:
        raise StepRefused(_("Choose one of the paths."))
    if not str(fields.get("reason", "")).strip():
        raise StepRefused(_("Write why this path, and what she said to it."))
    with taking("agree_path", case, at=at, by=by) as (case, actor):
        refusal = _path_refusal(case, path, fields)
        if refusal:
            raise StepRefused(refusal)
        compartments.put(case, CompartmentKind.RECORD, EntryKind.PATH, {"path": path, **fields}, by=by, at=at)
        case.path = path
        case.save(update_fields=["path"])
        events.record(case, EventKind.PATH_AGREED, by=by, at=at, contents={"path": path})
        deadlines.meet(case, "path_agreed", at=at)
    return case


def _path_refusal(case: Case, path: str, fields: Mapping[str, Any]) -> Any:
    if path == Path.INFORMAL_RESOLUTION:
        if case.severity in "ab" or fields.get("severity") in ("a", "b"):
            return _("Informal resolution is closed for what happened here: it is too serious. Choose another path.")
        if case.urgent_outside or fields.get("power_difference"):
            return _("Informal resolution is closed where there is danger or power over her. Choose another path.")
        if not fields.get("she_asked_twice"):
            return _("Informal resolution needs her own wish, after all paths were explained to her twice.")
    if path == Path.FORMAL_INQUIRY:
        agreed = consents_of(case).get(ConsentCode.TELL_RESPONDENT) or fields.get("she_agreed")
        if not agreed and not str(fields.get("independent_evidence", "")).strip():
            return _("A formal inquiry needs her agreement, or a note of the evidence that does not come from her.")
        if case.interim_decided_at is None:
            return _("Before an inquiry, decide whether she needs an interim measure.")
    if path == Path.REFERRED_OUT and not str(fields.get("body", "")).strip():
        return _("Write which body the case is referred to, as she decided.")
    return None


# --- Words --------------------------------------------------------------------------------------------------------


def add_note(case: Case, *, by: Person, text: str, at: datetime) -> None:
    """Add a note to `record`; the complainant never reads it."""
    if not text.strip():
        raise StepRefused(_("Write the note first."))
    with taking("add_note", case, at=at, by=by) as (case, actor):
        compartments.put(case, CompartmentKind.RECORD, EntryKind.NOTE, {"text": text}, by=by, at=at)
        events.record(case, EventKind.NOTE_ADDED, by=by, at=at)


def send_message(case: Case, *, by: Person, text: str, at: datetime) -> None:
    """Write to her. Meets the progress update; from the outside team also urgent contact.

    Needs no grant: an expert with a right to write puts a message into the letterbox.
    """
    if not text.strip():
        raise StepRefused(_("Write the message first."))
    with taking("send_message", case, at=at, by=by) as (case, actor):
        _write_to_her(case, by, text, at=at)
        events.record(case, EventKind.MESSAGE_SENT, by=by, at=at)
        if actor.role in (Role.TECHNICAL_EXPERT, Role.SAFEGUARDING_LEAD):
            deadlines.meet(case, "urgent_contact", at=at)
        if deadlines.meet(case, "progress_update", at=at):
            deadlines.set_next(case, "progress_update", at=at)


def _write_to_her(case: Case, by: Person, text: str, *, at: datetime) -> None:
    compartments.put(case, CompartmentKind.INBOX, EntryKind.MESSAGE, {"text": text}, by=by, at=at)


def _require_text(text: str) -> None:
    if len(text.strip()) < SHORTEST_MESSAGE:
        raise StepRefused(
            _("Write a human answer: thank her, and answer at least one thing she told (40 characters or more).")
        )


# --- People on the case -------------------------------------------------------------------------------------------


def assign(case: Case, reader: Reader, *, person: Person, role: str, at: datetime) -> None:
    """Put another person on the case; whoever does it shares what they hold themselves."""
    with taking("assign", case, at=at, by=reader.person) as (case, actor):
        if case.assignments.current().filter(person=person, standing_by=False).exists():
            raise StepRefused(_("This person works on the case already."))
        key = _key_of(person)
        if (person, role) not in may_be_assigned(case, actor):
            raise StepRefused(_("This person cannot be put on this case. Choose somebody else."))
        add_person(case, reader, key, role, at=at)


def _key_of(person: Person) -> PersonKey:
    """The key to share with. Whoever ends this person's roles or account meanwhile takes turns with us."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    key = PersonKey.objects.usable().filter(person=person).select_related("person").first()
    if key is None:
        raise StepRefused(_("Nobody has vouched for this person's key yet. Ask a technical expert to do it first."))
    return key


def add_person(case: Case, reader: Reader, key: PersonKey, role: str, *, at: datetime) -> None:
    """Assign and share: the compartments she shared, the inbox and the handlers' papers. Within a step."""
    try:
        compartments.give(case, Holder.of(reader), kinds_for(case, role), [(key, role)], "assigned", at=at)
    except GrantRefused:
        raise StepRefused(_("This person cannot be put on this case. Choose somebody else.")) from None
    Assignment.objects.update_or_create(
        case=case,
        person=key.person,
        ended_on=None,
        defaults={
            "role": role,
            "standing_by": False,
            "since": case.local_day(at),
            "visible_from": at,
            "next_due_at": case.next_due_at or deadlines.FAR_AWAY,
        },
    )
    events.record(
        case, EventKind.ASSIGNED, by=reader.person, at=at, contents={"person": str(key.person_id), "role": role}
    )
    _tell(case, [key.person], "assigned", cause=f"assigned:{case.pk}:{case.last_event}", at=at)


def hand_on(case: Case, reader: Reader, *, to: Person, at: datetime) -> None:
    """Hand one's own place on the case to another handler, with grants, and leave it."""
    with taking("hand_on", case, at=at, by=reader.person) as (case, actor):
        key = _key_of(to)
        if to not in [person for person, _role in may_take_over(case, actor)]:
            raise StepRefused(_("This person cannot be put on this case. Choose somebody else."))
        add_person(case, reader, key, actor.role, at=at)
        take_off(case, reader.person, by=reader.person, because=Assignment.Ended.HANDED_OVER, at=at)


def share_again(case: Case, reader: Reader, *, to: Person, at: datetime) -> int:
    """Share what one holds with a colleague on the case who has lost access (a new key). Returns new grants."""
    with taking("share_again", case, at=at, by=reader.person) as (case, actor):
        assignment = case.assignments.current().filter(person=to).first()
        if assignment is None:
            raise StepRefused(_("This person cannot be given access to this case."))
        key = _key_of(to)
        kinds = kinds_for(case, assignment.role)
        try:
            given = compartments.give(
                case, Holder.of(reader), kinds, [(key, assignment.role)], "shared_by_colleague", at=at
            )
        except GrantRefused:
            raise StepRefused(_("This person cannot be given access to this case.")) from None
        contents = {"person": str(to.pk)}
        events.record(case, EventKind.GRANT_SHARED, by=reader.person, at=at, contents=contents)
    return given


def kinds_for(case: Case, role: str) -> Sequence[str]:
    """What a role on a case may be given after filing: at the factory never more than she shared."""
    if case.in_hold and role != Role.SAFEGUARDING_LEAD:
        return []
    if role in FACTORY_ROLES:
        shared = [KIND_OF_SHARE[code] for code, given in consents_of(case).items() if given and code in KIND_OF_SHARE]
        return [*shared, *HANDLERS_PAPERS] if case.with_factory else []
    if role == Role.SAFEGUARDING_LEAD and not case.in_hold:
        return [CompartmentKind.FREEDOM]
    if case.with_factory:
        kinds = [CompartmentKind.FREEDOM, CompartmentKind.IDENTITY, CompartmentKind.PICTURES]
        return [*kinds, CompartmentKind.RECORD, CompartmentKind.FINDING]
    return CompartmentKind.values


def consents_of(case: Case) -> dict[str, bool]:
    """Her newest answer to each consent."""
    return {consent.code: consent.given for consent in case.consents.order_by("number")}


def take_off(case: Case, person: Person, *, by: Person | None, because: str, at: datetime) -> None:
    """End somebody's place on the case: their grants go at once, a new generation begins. Within a step."""
    compartments.withdraw(case, CompartmentKind.values, [person], at=at)
    Assignment.objects.filter(case=case, person=person, ended_on=None).update(
        ended_on=case.local_day(at), ended_because=because
    )
    notices.forget([person], topic="case", topic_id=case.pk)
    contents = {"person": str(person.pk), "because": because}
    events.record(case, EventKind.ASSIGNMENT_ENDED, by=by, at=at, contents=contents)
    if too_few_handlers(case):
        _call_outside(case, at=at)


def too_few_handlers(case: Case) -> bool:
    """Whether the factory has fewer than two people who may work on its case, or nobody who could bring one in.

    Only she can give others what is hers: her page offers her to move it outside. Workflow, section 6.
    """
    if not case.with_factory or case.closed_at:
        return False
    current = case.assignments.current().filter(role__in=FACTORY_ROLES, standing_by=False, person__is_active=True)
    working = set(current.filter(person__keys__state="vouched").values_list("person", flat=True))
    if not working or len(working) > 1:
        return not working
    excluded = exclusions.Excluded(case)
    others = {
        one.person.pk
        for one in candidates(case.country, case.factory).factory
        if one.role != Role.DECISION_MAKER and not excluded.keeps_out(one.person, one.role)
    }
    return len(working | others) < 2


def _call_experts(case: Case, *, at: datetime) -> list[Person]:
    """Let the experts who stand by see the case from now on."""
    experts = case.assignments.current().filter(role=Role.TECHNICAL_EXPERT).select_related("person")
    experts.filter(visible_from__gt=at).update(visible_from=at)
    experts.update(standing_by=False)
    return [one.person for one in experts]


def _call_outside(case: Case, *, at: datetime) -> None:
    """Call the expert who stands by: the factory can no longer carry this case, and she should hear from somebody."""
    notices.queue(
        to=_call_experts(case, at=at),
        cause=f"few:{case.pk}:{case.last_event}",
        kind="too_few_handlers",
        at=at,
        topic="case",
        topic_id=case.pk,
    )


@transaction.atomic
def remove_leaver(person: Person, *, by: Person, at: datetime) -> int:
    """Take somebody who leaves off every case: grants deleted, new generations for who remains. Returns how many.

    By an administrator, who opens nothing by it. A colleague shares again what falls under two holders.
    """
    held = Case.objects.filter(
        Q(assignments__person=person, assignments__ended_on=None)
        | Q(compartments__keys__grants__person_key__person=person)
    )
    pks = sorted(set(held.values_list("pk", flat=True)))
    for pk in pks:
        case = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
        take_off(case, person, by=by, because=Assignment.Ended.LEFT, at=at)
    return len(pks)


@roles.when_ended
def end_places(role: Membership | Position, by: Person | None, at: datetime) -> None:
    """Take somebody whose role has ended off the cases on which only that role has put them."""
    person = role.person
    places = Assignment.objects.current().filter(person=person)
    if isinstance(role, Membership):
        if Membership.objects.current().filter(person=person, factory=role.factory).exists():
            return
        places = places.filter(case__factory=role.factory, role__in=FACTORY_ROLES)
    elif role.role in (Role.TECHNICAL_EXPERT, Role.SAFEGUARDING_LEAD):
        places = places.filter(role=role.role)
        others = Position.objects.current().filter(person=person, role=role.role)
        if others.filter(country=None).exists():
            return
        places = places.exclude(case__country__in=others.values("country"))
    else:
        return
    for pk in sorted(places.values_list("case", flat=True)):
        case = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
        take_off(case, person, by=by, because=Assignment.Ended.LEFT, at=at)


def take_factory_off(case: Case, *, because: str, at: datetime) -> None:
    """End every factory user's grants and place at once; the telling waits for the release. Within a step."""
    at_factory = case.assignments.current().filter(role__in=FACTORY_ROLES)
    people = [assignment.person for assignment in at_factory.select_related("person")]
    compartments.withdraw(case, CompartmentKind.values, people, at=at)
    at_factory.update(ended_on=case.local_day(at), ended_because=because)
    notices.forget(people, topic="case", topic_id=case.pk)
    case.told_at = case.calendar.release_after(at)
    case.save(update_fields=["told_at"])


def _tell(case: Case, people: Sequence[Person], kind: str, *, cause: str, at: datetime) -> None:
    """Word to people on the case; to the factory it leaves with the day's mail, at the release hour."""
    due_on = case.local_day(case.next_due_at) if case.next_due_at else None
    send_after = case.calendar.release_after(at) if case.with_factory else None
    notices.queue(
        to=people,
        cause=cause,
        kind=kind,
        at=at,
        due_on=due_on,
        topic="case",
        topic_id=case.pk,
        send_after=send_after,
    )


def may_be_assigned(case: Case, actor: Actor) -> list[tuple[Person, str]]:
    """Who could be put on the case by this handler: vouched, not on it yet, and not excluded.

    The factory's people put on people of the factory; the outside team its own too.
    """
    found = candidates(case.country, case.factory if case.with_factory else None)
    if case.with_factory:
        pool = found.factory if actor.at_factory else (*found.factory, *found.experts)
    else:
        pool = found.leads if case.in_hold else found.experts
    excluded = exclusions.Excluded(case)
    on_case = set(case.assignments.current().filter(standing_by=False).values_list("person", flat=True))
    return [
        (one.person, one.role)
        for one in pool
        if one.role != Role.DECISION_MAKER
        and one.person.pk not in on_case
        and not excluded.keeps_out(one.person, one.role)
    ]


def may_take_over(case: Case, actor: Actor) -> list[tuple[Person, str]]:
    """To whom one's own place could be handed: an outside place never falls to somebody at the factory."""
    return [
        (person, role) for person, role in may_be_assigned(case, actor) if (role in FACTORY_ROLES) == actor.at_factory
    ]
