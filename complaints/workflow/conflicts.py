"""Conflict of interest: declared, decided, asked about, and found to be false. Workflow, section 6."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.keys import Reader
from accounts.models import Person
from complaints import compartments, deadlines, events, exclusions
from complaints.assignees import candidates, least_busy
from complaints.casecodes import Declaration, EntryKind, EventKind, Relation, Role
from complaints.codes import CompartmentKind
from complaints.models import Assignment, Case, ConflictDeclaration
from complaints.workflow import letters
from complaints.workflow.places import add_person, call_experts, take_off, tell
from complaints.workflow.step import StepRefused
from complaints.workflow.table import taking
from factories.models import Membership


def declare_conflict(
    case: Case, *, by: Person, answer: str, text: str = "", relations: Sequence[str] = (), at: datetime
) -> ConflictDeclaration:
    """Sign whether there is a conflict of interest. A yes takes the person off the case at once.

    `relations` are what the person ticked of what makes one: whoever ticked anything cannot sign that there is none.
    They lie sealed with the words.
    """
    if answer not in Declaration.values:
        raise StepRefused(_("Choose one of the three answers."))
    if not set(relations) <= set(Relation.values):
        raise StepRefused(_("Choose from what stands there, or write it in your own words."))
    if answer == Declaration.NONE and relations:
        raise StepRefused(
            _("What you ticked is a conflict of interest. Sign “possibly”, or that you must not handle this case.")
        )
    if answer == Declaration.POSSIBLE and not text.strip():
        raise StepRefused(_("Write in a few words why it could be a conflict, so that somebody else can decide."))
    with taking("declare_conflict", case, at=at, by=by) as (case, actor):
        if case.declarations.filter(person=by).exists():
            raise StepRefused(_("You have signed already. If something has changed, tell the chair."))
        may_handle = {Declaration.NONE: True, Declaration.YES: False}.get(Declaration(answer))
        declaration = ConflictDeclaration.objects.create(
            case=case, person=by, answer=answer, declared_at=at, may_handle=may_handle
        )
        said = {"relations": sorted(relations), "text": text} if relations else {"text": text}
        if text.strip() or relations:
            compartments.put(case, CompartmentKind.RECORD, EntryKind.CONFLICT_TEXT, said, by=by, at=at)
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


def find_declaration_false(case: Case, *, by: Person, about: Person, text: str, at: datetime) -> None:
    """Record that somebody signed what was not true: out of the case at once, and word to those above.

    It is a matter for the decision maker and shows to the advisor as a failure of the process: factory and day, no
    case and no content. The expert hears at once. Workflow, sections 6 and 13.
    """
    if not text.strip():
        raise StepRefused(_("Write in a few words what was not true. It is sealed in the record."))
    with taking("find_declaration_false", case, at=at, by=by) as (case, actor):
        signed = case.declarations.filter(person=about, false_found_on=None).exclude(answer=Declaration.YES).first()
        if signed is None or about == by:
            raise StepRefused(_("There is no statement of this person on this case that could be false."))
        signed.false_found_on, signed.false_found_by = case.local_day(at), by
        signed.save(update_fields=["false_found_on", "false_found_by"])
        compartments.put(case, CompartmentKind.RECORD, EntryKind.CONFLICT_TEXT, {"text": text}, by=by, at=at)
        events.record(case, EventKind.DECLARATION_FALSE, by=by, at=at, contents={"person": str(about.pk)})
        exclusions.exclude_person(case, about)
        if case.assignments.current().filter(person=about).exists():
            take_off(case, about, by=by, because=Assignment.Ended.EXCLUDED, at=at)
        experts = [one for one in call_experts(case, at=at) if one != by]
        cause = f"false:{signed.pk}"  # At once: it is no ordinary lateness. Section 13.
        notices.queue(to=experts, cause=cause, kind="late_l3", at=at, topic="case", topic_id=case.pk)
        _tell_those_above(case, about, cause=f"false:{signed.pk}:above", at=at)


def _tell_those_above(case: Case, about: Person, *, cause: str, at: datetime) -> None:
    if case.factory is None:
        return
    deciding = Membership.objects.current().filter(factory=case.factory, role=Role.DECISION_MAKER).exclude(person=about)
    excluded = exclusions.Excluded(case)
    to = [one.person for one in deciding.select_related("person") if not excluded.keeps_out(one.person, one.role)]
    if case.factory.advisor is not None:
        to.append(case.factory.advisor)
    notices.queue(to=to, cause=cause, kind="declaration_false", at=at)


def ask_conflict_question(case: Case, *, by: Person, text: str, at: datetime) -> None:
    """Ask her, through the inbox, whether it could be somebody in HR, the committee or top management."""
    letters.require_human(text)
    with taking("ask_conflict_question", case, at=at, by=by) as (case, actor):
        if not case.job_not_stated:
            raise StepRefused(_("Her complaint says whose job it was. There is nothing to ask."))
        letters.to_her(case, by, text, at=at)
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
