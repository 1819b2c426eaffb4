"""Steps of whoever handles a case: declare, acknowledge, sort, keep safe, agree the path, write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.keys import Reader
from accounts.models import Person
from complaints import compartments, deadlines, events, exclusions
from complaints.assignees import candidates, least_busy
from complaints.casecodes import Declaration, EntryKind, EventKind, Role
from complaints.codes import CompartmentKind, Path
from complaints.codes import Consent as ConsentCode
from complaints.models import Assignment, Case, ConflictDeclaration, InterimMeasure
from complaints.workflow.places import add_person, call_experts, consents_of, take_off, tell
from complaints.workflow.step import StepRefused
from complaints.workflow.table import taking

SHORTEST_MESSAGE = 40  # Characters: a template alone answers nothing she wrote.


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
                call_experts(case, at=at)  # Whoever stands by could not see what is to be decided.
            tell(case, _deciders(case, by), "conflict_possible", cause=f"conflict:{declaration.pk}", at=at)
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
    deciding = (Role.OUTSIDE_MEMBER, Role.TECHNICAL_EXPERT)
    current = case.assignments.current().filter(role__in=deciding).exclude(person=but).select_related("person")
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
