"""Steps of whoever handles a case: acknowledge, sort, keep safe, agree the path, write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.keys import Reader
from accounts.models import Person
from complaints import compartments, deadlines, events
from complaints.casecodes import EntryKind, EventKind, Role
from complaints.codes import CompartmentKind, Stage
from complaints.codes import Consent as ConsentCode
from complaints.compartments import Holder
from complaints.models import Assignment, Case, InterimMeasure
from complaints.workflow import closing, letters, paths, waiting
from complaints.workflow.places import consents_of, tell
from complaints.workflow.retaliation import open_word
from complaints.workflow.step import COMMITTEE, Actor, StepRefused
from complaints.workflow.table import taking

# --- Acknowledge and triage ---------------------------------------------------------------------------------------


def acknowledge(case: Case, *, by: Person, text: str, at: datetime) -> Case:
    """Write the first human message and move the case to `acknowledged`. The receipt does not count as one."""
    letters.require_human(text)
    with taking("acknowledge", case, at=at, by=by) as (case, actor):
        letters.to_her(case, by, text, at=at)
        events.record(case, EventKind.ACKNOWLEDGED, by=by, at=at)
        deadlines.meet(case, "acknowledge", at=at)
        if not case.deadlines.filter(code="overall_feedback").exists():
            deadlines.set_many(case, ["overall_feedback"], at=at)
    return case


def may_sort_with(case: Case, actor: Actor) -> list[Assignment]:
    """Who could sort a case together with this person: on it, signed and without conflict.

    At the factory one of the two is of the committee; outside two experts (two leads) sort. Workflow, section 3.3.
    """
    current = case.assignments.current().filter(standing_by=False).exclude(person=actor.person)
    clear = set(case.declarations.filter(may_handle=True).values_list("person", flat=True))
    found = []
    for one in current.select_related("person").order_by("since", "pk"):
        if actor.at_factory:
            if one.role not in COMMITTEE or one.person_id not in clear:
                continue
            if Role.CASE_OFFICER == actor.role == one.role:
                continue
        elif one.role != actor.role:
            continue
        found.append(one)
    return found


def triage(case: Case, *, by: Person, fields: Mapping[str, Any], second: Person | None = None, at: datetime) -> Case:
    """Record the first sorting, every field of workflow section 3.3. What is written is sealed in `record`.

    `second`: who sorted it with them, never nobody; their id stands in the record of the step. `respondent_identified`
    at the factory sets when the employer learned of it, and so the legal clocks.
    """
    with taking("triage", case, at=at, by=by) as (case, actor):
        if second is None:
            raise StepRefused(_("Two people sort a case. Choose who sorts it with you."))
        if second.pk not in {one.person_id for one in may_sort_with(case, actor)}:
            raise StepRefused(
                _("This colleague cannot sort it with you. Choose somebody of the committee who has signed.")
            )
        compartments.put(case, CompartmentKind.RECORD, EntryKind.TRIAGE, dict(fields), by=by, at=at)
        if fields.get("respondent_identified") and actor.at_factory and case.employer_knowledge_at is None:
            case.employer_knowledge_at = at
        case.triaged_at = at
        case.save(update_fields=["triaged_at", "employer_knowledge_at"])
        events.record(case, EventKind.TRIAGED, by=by, at=at, contents={"second": str(second.pk)})
        deadlines.meet(case, "triage", at=at)
        decided = case.interim_decided_at is not None
        deadlines.set_many(case, ["path_agreed"] if decided else ["interim_measures", "path_agreed"], at=at)
    return case


def questions_in(written: Mapping[str, Any]) -> list[str]:
    """The questions to her that were written down at triage: at most three."""
    asked = (str(written.get(f"question_{number}", "")).strip() for number in (1, 2, 3))
    return [one for one in asked if one]


def questions_not_asked(case: Case, reader: Reader | None, *, at: datetime) -> list[str]:
    """What was to be asked of her at triage, as far as this key opens it; nothing once she was asked something."""
    if reader is None or case.stage != Stage.TRIAGE:
        return []
    triaged = case.events.filter(kind=EventKind.TRIAGED).order_by("-number").values_list("number", flat=True).first()
    if not triaged:
        return []
    if case.events.filter(kind=EventKind.MESSAGE_SENT, contents__asks=True, number__gt=triaged).exists():
        return []
    opened = compartments.take_out(
        case, Holder.of(reader), [CompartmentKind.RECORD], at=at, entry_kinds=[EntryKind.TRIAGE]
    )
    return questions_in(opened[-1].content) if opened else []


# --- Keeping her safe ---------------------------------------------------------------------------------------------


def decide_interim(
    case: Case,
    *,
    by: Person,
    code: str,
    reason: str,
    effect_on_pay: bool,
    at_her_request: bool,
    her_view: str = "",
    by_line: bool = False,
    she_wants: bool = False,
    shows_nobody: bool = False,
    at: datetime,
) -> Case:
    """Decide one interim measure, or that none is needed, with the reason (sealed in `record`).

    `her_view`: what the affected person says to it. `by_line`: it holds for the whole line. Refused: any effect on
    pay, a change for her that she did not ask for, and what would point to her. In a hold `she_wants` it, and it
    `shows_nobody` that she spoke. Workflow, sections 7, 10, 12 and 16.
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
        _refuse_what_points_to_her(case, code, by_line=by_line)
        if case.in_hold and code != codes.NONE_NEEDED and not (she_wants and shows_nobody):
            raise StepRefused(
                _(
                    "In a safeguarding hold a measure is taken only if she wants it and if nobody can tell from it "
                    "that she spoke. Confirm both, or decide that none is needed."
                )
            )
        if code == codes.NONE_NEEDED and _pays_for_it(case, actor, at=at):
            raise StepRefused(
                _(
                    "She is treated badly because of this case, and no measure is in force. Choose one: “none needed” "
                    "is no answer to that."
                )
            )
        content = {"code": code, "reason": reason, "her_view": her_view, "at_her_request": at_her_request}
        content |= {"by_line": True} if by_line else {}
        content |= {"she_wants": True, "shows_nobody": True} if case.in_hold and code != codes.NONE_NEEDED else {}
        compartments.put(case, CompartmentKind.RECORD, EntryKind.INTERIM, content, by=by, at=at)
        if code != codes.NONE_NEEDED:
            InterimMeasure.objects.create(case=case, code=code, starts_on=case.local_day(at), decided_by=by)
        case.interim_decided_at = case.interim_decided_at or at
        case.save(update_fields=["interim_decided_at"])
        events.record(case, EventKind.INTERIM_DECIDED, by=by, at=at, contents={"code": code})
        deadlines.meet(case, "interim_measures", "interim_measures_urgent", at=at)
        if code != codes.NONE_NEEDED and not deadlines.is_open(case, "interim_review"):
            deadlines.set_next(case, "interim_review", at=at)
    return case


def _pays_for_it(case: Case, actor: Actor, *, at: datetime) -> bool:
    """Whether word of retaliation is open that this actor may know of, while no measure protects her."""
    if case.interim_measures.filter(ends_on=None).exists():
        return False
    return bool(open_word(case, at_factory=actor.at_factory, at=at))


def _refuse_what_points_to_her(case: Case, code: str, *, by_line: bool) -> None:
    """An anonymous complaint allows no measure from which the respondent could tell whose it was; some by line only."""
    consents = consents_of(case)
    if consents.get(ConsentCode.SHARE_MY_NAME) or consents.get(ConsentCode.TELL_RESPONDENT):
        return
    if code in InterimMeasure.POINTS_TO_HER:
        raise StepRefused(
            _(
                "She has not shared her name and has not agreed that the respondent is told: this measure would point "
                "to her. Choose one that points to nobody, or ask her first."
            )
        )
    if code in InterimMeasure.BY_LINE and not by_line:
        raise StepRefused(_("She has not shared her name: this measure has to hold for the whole line."))


def review_interim(
    case: Case, *, by: Person, measure: InterimMeasure, goes_on: bool, note: str, her_view: str = "", at: datetime
) -> None:
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
            {"code": measure.code, "reason": note, "her_view": her_view, "goes_on": goes_on},
            by=by,
            at=at,
        )
        if not goes_on:
            measure.ends_on = case.local_day(at)
            measure.save(update_fields=["ends_on"])
        contents = {"code": measure.code, "goes_on": goes_on, "measure": str(measure.pk)}
        events.record(case, EventKind.INTERIM_REVIEWED, by=by, at=at, contents=contents)
        _promise_next_look(case, at=at)


def _promise_next_look(case: Case, *, at: datetime) -> None:
    """Keep the promise that each measure in force is looked at every seven days. Workflow, section 7.

    Met when every one was looked at since; the next counts from the one whose last look is the oldest.
    """
    running = list(case.interim_measures.filter(ends_on=None))
    looked = {str(one.pk): one.starts_on for one in running}
    for event in case.events.filter(kind=EventKind.INTERIM_REVIEWED).order_by("number"):
        measure = (event.contents or {}).get("measure")
        if measure in looked:
            looked[measure] = event.on
    promise = case.deadlines.open().filter(code="interim_review").first()
    oldest = min(looked.values(), default=None)
    if promise and oldest and oldest <= case.local_day(promise.starts_at):
        return
    deadlines.meet(case, "interim_review", at=at)
    if oldest:
        deadlines.set_next(case, "interim_review", at=case.calendar.at_hour(oldest, 0))


# --- Words --------------------------------------------------------------------------------------------------------


def add_note(case: Case, *, by: Person, text: str, at: datetime) -> None:
    """Add a note to `record`; the complainant never reads it."""
    if not text.strip():
        raise StepRefused(_("Write the note first."))
    with taking("add_note", case, at=at, by=by) as (case, actor):
        compartments.put(case, CompartmentKind.RECORD, EntryKind.NOTE, {"text": text}, by=by, at=at)
        events.record(case, EventKind.NOTE_ADDED, by=by, at=at)
        if actor.role == Role.APPEAL_REVIEWER:
            handling = case.assignments.current().filter(standing_by=False).exclude(person=by).select_related("person")
            people = [one.person for one in handling]
            tell(case, people, "reviewer_asks", cause=f"reviewer_asks:{case.pk}:{case.last_event}", at=at)


def send_message(case: Case, *, by: Person, text: str, asks: bool = False, at: datetime) -> None:
    """Write to her. Meets the progress update; from the outside team also urgent contact.

    `asks`: the message asks her something that is needed to go on: what waits for it stands still (`waiting`), and
    while the path is not agreed her days to answer begin with the first one.
    Needs no grant: an expert with a right to write puts a message into the letterbox.
    """
    if not text.strip():
        raise StepRefused(_("Write the message first."))
    with taking("send_message", case, at=at, by=by) as (case, actor):
        letters.to_her(case, by, text, at=at)
        events.record(case, EventKind.MESSAGE_SENT, by=by, at=at, contents={"asks": True} if asks else None)
        if actor.role in (Role.TECHNICAL_EXPERT, Role.SAFEGUARDING_LEAD):
            deadlines.meet(case, "urgent_contact", at=at)
        paths.note_question(case, actor, asks=asks, at=at)
        if asks:
            waiting.begin(case, actor, at=at)
        closing.watch_silence(case, at=at)
        if deadlines.meet(case, "progress_update", at=at):
            deadlines.set_next(case, "progress_update", at=at)
