"""The path of a case: agreed with her, changed with a reason, and from plan to action to monitoring. Workflow, 3.4, 4.

Limits of section 16 stand here, each with its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.keys import Reader
from accounts.models import Person
from complaints import compartments, deadlines, events, fasttrack
from complaints.casecodes import EntryKind, EventKind, Role
from complaints.codes import CompartmentKind, Path, Stage
from complaints.compartments import Holder
from complaints.models import Assignment, Case
from complaints.workflow import checks, inquiry
from complaints.workflow.deciding import Planned
from complaints.workflow.links import earlier_about_the_same
from complaints.workflow.places import take_off
from complaints.workflow.remedies import points_to_nobody, write_remedy
from complaints.workflow.standing import released_until
from complaints.workflow.step import Actor, StepRefused, Words
from complaints.workflow.table import TALK_STOPPED, taking

LEAST_INTRUSIVE = (Path.WORKPLACE_ACTION, Path.SUPPORT_ONLY)
INQUIRY_PROMISES = ("respondent_told", "respondent_reply", "inquiry_complete", "finding", "decision", "outcome_told")


# --- Agreeing -----------------------------------------------------------------------------------------------------


def agree_path(
    case: Case, *, by: Person, path: str, fields: Mapping[str, Any], reader: Reader | None = None, at: datetime
) -> Case:
    """Agree the path with her, by the limits of workflow sections 4 and 16; the reasons are sealed in `record`.

    `fields`: `reason`, `severity` and `power_difference` as the handlers see them, `she_agreed`, `no_answer` (the days
    for her answer are over), `she_asked_twice` and `written_consent` (informal), `independent_evidence` (formal,
    without her agreement), `body` (referred out), `fast_track` (formal, where the country's pack has one: the shorter
    limits). With the key in hand (`reader`) what was recorded at triage counts as well.
    """
    if path not in Path.values:
        raise StepRefused(_("Choose one of the paths."))
    if not str(fields.get("reason", "")).strip():
        raise StepRefused(_("Write why this path, and what she said to it."))
    with taking("agree_path", case, at=at, by=by) as (case, actor):
        refusal = _silence_refusal(case, path, fields, at=at) or _path_refusal(case, actor, path, fields, reader, at=at)
        refusal = refusal or _fast_refusal(case, path, fields)
        if refusal:
            raise StepRefused(refusal)
        compartments.put(case, CompartmentKind.RECORD, EntryKind.PATH, {"path": path, **fields}, by=by, at=at)
        begins_fast = bool(fields.get("fast_track")) and not case.fast_track
        case.path, case.talk_ends_at = path, None
        case.fast_track = path == Path.FORMAL_INQUIRY and (case.fast_track or begins_fast)
        case.save(update_fields=["path", "talk_ends_at", "fast_track"])
        events.record(case, EventKind.PATH_AGREED, by=by, at=at, contents={"path": path})
        if begins_fast:
            events.record(case, EventKind.FAST_TRACK, by=by, at=at)
        deadlines.meet(case, "path_agreed", "no_reply_least_intrusive", at=at)
        inquiry.promise(case, at=at)
    return case


def note_question(case: Case, actor: Actor, *, asks: bool, at: datetime) -> None:
    """Begin her days to answer with the first question, and end them once she wrote. Within a step of a handler.

    At a factory an answer ends them with the next word of its handlers, never as she writes: a promise that vanishes
    from their page would tell that she was here.
    """
    running = case.deadlines.open().filter(code="no_reply_least_intrusive").first()
    if running is not None:
        until = released_until(case, at) if actor.at_factory else case.local_day(at)
        since = case.local_day(running.starts_at)
        asked = case.events.filter(kind=EventKind.MESSAGE_SENT, contents__asks=True, on__gte=since)
        first = asked.order_by("number").values_list("number", flat=True).first() or 0
        if case.events.filter(kind=EventKind.MESSAGE_RECEIVED, number__gt=first, on__lte=until).exists():
            deadlines.meet(case, "no_reply_least_intrusive", at=at)
    elif asks and case.stage in (Stage.TRIAGE, Stage.PLANNING):
        deadlines.set_many(case, ["no_reply_least_intrusive"], at=at)


def _silence_refusal(case: Case, path: str, fields: Mapping[str, Any], *, at: datetime) -> Words | None:
    """Without her answer, after the days for it: the least intrusive step that keeps people safe, and no other."""
    if not fields.get("no_answer"):
        return None
    if path not in LEAST_INTRUSIVE:
        return _("Without her answer only support or a workplace action is possible. Choose one of the two.")
    asked = case.deadlines.filter(code="no_reply_least_intrusive", dropped_at=None).order_by("-ordinal").first()
    if asked is None:
        return _("Ask her first, in a message that says so. She has ten working days to answer.")
    if asked.met_at:
        return _("She has answered. Read it, and agree the path with her.")
    if asked.due_at > at:
        return _("She still has time to answer. Her days are on the page of the case.")
    return None


def _path_refusal(
    case: Case, actor: Actor, path: str, fields: Mapping[str, Any], reader: Reader | None, *, at: datetime
) -> Words | None:
    if path == Path.INFORMAL_RESOLUTION:
        if case.talk_ends_at is not None:
            return TALK_STOPPED
        return _informal_refusal(case, actor, {**_as_recorded(case, reader, at=at), **_said(fields)}, fields)
    if path == Path.FORMAL_INQUIRY:
        agreed = inquiry.she_agreed(case, at=at) or fields.get("she_agreed")
        if not agreed and not str(fields.get("independent_evidence", "")).strip():
            return _("A formal inquiry needs her agreement, or a note of the evidence that does not come from her.")
        if case.interim_decided_at is None:
            return _("Before an inquiry, decide whether she needs an interim measure.")
    if path == Path.REFERRED_OUT:
        if not str(fields.get("body", "")).strip():
            return _("Write which body the case is referred to, as she decided.")
        if not fields.get("she_agreed"):
            return _("A case is referred only on her own decision. Ask her, with the name of that body.")
    return None


def _fast_refusal(case: Case, path: str, fields: Mapping[str, Any]) -> Words | None:
    if not fields.get("fast_track"):
        return None
    if path != Path.FORMAL_INQUIRY:
        return _("The fast track belongs to a formal inquiry. Choose that path, or take the tick away.")
    if fasttrack.offered(case) is None:
        return _("There is no fast track for this case: the country has none, or its legal days do not run yet.")
    return None


def _informal_refusal(case: Case, actor: Actor, seen: Mapping[str, bool], fields: Mapping[str, Any]) -> Words | None:
    if case.severity in "ab" or seen.get("grave"):
        return _("Informal resolution is closed for what happened here: it is too serious. Choose another path.")
    if case.urgent_outside or seen.get("power"):
        return _("Informal resolution is closed where there is danger or power over her. Choose another path.")
    if earlier_about_the_same(case, actor):
        return _("Informal resolution is closed: there is an earlier case about the same person. Choose another path.")
    if not fields.get("she_asked_twice"):
        return _("Informal resolution needs her own wish, after all paths were explained to her twice.")
    if not fields.get("written_consent"):
        return _("Informal resolution needs her consent in writing, here in a message or on paper.")
    return None


def _said(fields: Mapping[str, Any]) -> dict[str, bool]:
    found = {}
    if fields.get("severity") in ("a", "b"):
        found["grave"] = True
    if fields.get("power_difference"):
        found["power"] = True
    return found


def _as_recorded(case: Case, reader: Reader | None, *, at: datetime) -> dict[str, bool]:
    """What the handlers wrote at triage about severity and power, as far as this key opens the record."""
    if reader is None:
        return {}
    opened = compartments.take_out(
        case, Holder.of(reader), [CompartmentKind.RECORD], at=at, entry_kinds=[EntryKind.TRIAGE]
    )
    if not opened:
        return {}
    written = opened[-1].content
    return {"grave": written.get("severity") in ("a", "b"), "power": written.get("power_difference") == "yes"}


# --- Changing -----------------------------------------------------------------------------------------------------


def change_path(case: Case, *, by: Person, reason: str, at: datetime) -> Case:
    """Go back to planning from any later stage, with the reason sealed in `record`; a path is agreed with her anew."""
    if not reason.strip():
        raise StepRefused(_("Write why the path changes, and what she says to it."))
    with taking("change_path", case, at=at, by=by) as (case, actor):
        before = case.path
        compartments.put(
            case, CompartmentKind.RECORD, EntryKind.PATH, {"path": before, "changed_because": reason}, by=by, at=at
        )
        back_to_planning(case, by=by, at=at)
        if case.decided_on is None:
            for place in case.assignments.current().filter(role=Role.DECISION_MAKER).select_related("person"):
                take_off(case, place.person, by=by, because=Assignment.Ended.HANDED_OVER, at=at)
    return case


def back_to_planning(case: Case, *, at: datetime, by: Person | None = None, her: bool = False) -> None:
    """Take the path away, with what it promised; another one is agreed with her. Within a step that moves there."""
    events.record(case, EventKind.PATH_CHANGED, by=by, her=her, at=at, contents={"path": case.path})
    case.path, case.fast_track, case.talk_ends_at = "", False, None
    case.save(update_fields=["path", "fast_track", "talk_ends_at"])
    deadlines.drop(case, *INQUIRY_PROMISES, at=at)
    if not deadlines.is_open(case, "path_agreed"):
        deadlines.set_many(case, ["path_agreed"], at=at)


# --- Action -------------------------------------------------------------------------------------------------------


def begin_action(
    case: Case,
    *,
    by: Person,
    text: str = "",
    remedies: Sequence[Planned] = (),
    not_face_to_face: bool = False,
    trusted_person: bool = False,
    at: datetime,
) -> Case:
    """Begin what was decided or agreed.

    An informal resolution is `not_face_to_face` unless she asks for that, and a `trusted_person` is with her.
    From planning `text` is what was agreed, and a workplace action has at least one remedy for a whole line, place or
    job. From the decision `text` is the reason why the respondent was not told, needed only where they were not.
    """
    with taking("begin_action", case, at=at, by=by) as (case, actor):
        if case.stage == Stage.PLANNING:
            if case.path == Path.INFORMAL_RESOLUTION and not (not_face_to_face and trusted_person):
                raise StepRefused(
                    _(
                        "Nobody has to sit face to face, and she may bring a person she trusts. Confirm both before an "
                        "informal resolution begins."
                    )
                )
            _begin_by_plan(case, by, text, remedies, at=at)
        elif case.respondent_outcome_on is None:
            if not text.strip():
                raise StepRefused(_("Tell the respondent the outcome first, or write why they are not told."))
            content = {"respondent_not_told": text}
            compartments.put(case, CompartmentKind.RECORD, EntryKind.OUTCOME_LETTER, content, by=by, at=at)
        contents = {"respondent_told": case.respondent_outcome_on is not None, "path": case.path}
        events.record(case, EventKind.ACTION_BEGUN, by=by, at=at, contents=contents)
    return case


def _begin_by_plan(case: Case, by: Person, text: str, remedies: Sequence[Planned], *, at: datetime) -> None:
    if not text.strip():
        raise StepRefused(_("Write what was agreed: what changes, for which line, place or job, and how she sees it."))
    if case.path == Path.WORKPLACE_ACTION and not remedies:
        raise StepRefused(_("Choose at least one thing that changes for the whole line, place or job."))
    points_to_nobody(case, remedies)
    compartments.put(case, CompartmentKind.RECORD, EntryKind.AGREEMENT, {"agreed": text}, by=by, at=at)
    for planned in remedies:
        write_remedy(case, by, planned, "", at=at)
    checks.plan(case, at=at)


# --- Monitoring ---------------------------------------------------------------------------------------------------


def begin_monitoring(case: Case, *, by: Person, text: str = "", at: datetime) -> Case:
    """Go over to looking after her: every remedy verified or planned, every sanction carried out and checked; or, for
    support and referral, the plan made. `text` is what was agreed, for those two."""
    with taking("begin_monitoring", case, at=at, by=by) as (case, actor):
        if case.stage == Stage.PLANNING:
            if not text.strip():
                raise StepRefused(_("Write what was agreed with her: which help, from whom, and what she wants next."))
            compartments.put(case, CompartmentKind.RECORD, EntryKind.AGREEMENT, {"agreed": text}, by=by, at=at)
        events.record(case, EventKind.MONITORING_BEGUN, by=by, at=at, contents={"path": case.path})
        checks.plan(case, at=at)
    return case
