"""Remedies and sanctions: added, carried out, confirmed by her or verified, checked by another. Workflow, 3.8 and 8.

What she says about a remedy reaches factory users at the release only. Until then nothing of theirs tells it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints import compartments, deadlines, events
from complaints.casecodes import EntryKind, EventKind, RemedyCode, RemedyScope, VerifiedBy
from complaints.codes import CompartmentKind, Path
from complaints.models import Case, Remedy, Sanction
from complaints.workflow import letters
from complaints.workflow.deciding import Planned, check_planned, put_remedy
from complaints.workflow.standing import RemedyState, released_until, remedies_of
from complaints.workflow.step import OUTSIDE, Actor, StepRefused
from complaints.workflow.table import taking

BETWEEN_TRIES = timedelta(days=2)
TRIES = 2  # Unanswered requests before other evidence counts.


# --- Remedies -----------------------------------------------------------------------------------------------------


def add_remedy(case: Case, *, by: Person, planned: Planned, note: str = "", at: datetime) -> Remedy:
    """Promise one more remedy, with owner and day; the note is sealed in `record`."""
    with taking("add_remedy", case, at=at, by=by) as (case, actor):
        return write_remedy(case, by, planned, note, at=at)


def write_remedy(case: Case, by: Person, planned: Planned, note: str, *, at: datetime) -> Remedy:
    """One remedy with its promise, event and words. Within a step."""
    check_planned(case, [planned], RemedyCode, at=at)
    points_to_nobody(case, [planned])
    remedy = put_remedy(case, planned, at=at)
    _say(case, by, EntryKind.REMEDY, remedy.code, note, at=at)
    contents: dict[str, Any] = {"remedy": str(remedy.pk), "remedy_code": remedy.code}
    if planned.at_her_request:
        contents["asked_for"] = True
    events.record(case, EventKind.REMEDY_ADDED, by=by, at=at, contents=contents)
    return remedy


def points_to_nobody(case: Case, planned: Sequence[Planned]) -> None:
    """A workplace action changes a line, a place or a job: nothing of it points to a person. Workflow, section 4."""
    if case.path == Path.WORKPLACE_ACTION and any(RemedyCode(one.code).scope == RemedyScope.PERSON for one in planned):
        raise StepRefused(_("A workplace action points to nobody. Choose something for the whole line, place or job."))


def plan_remedy(
    case: Case,
    *,
    by: Person,
    remedy: Remedy,
    owner: Person,
    due_on: date,
    outside_line: bool,
    reason: str,
    at: datetime,
) -> None:
    """Plan a remedy again: it was not done, or she says so. A dated plan counts where its owner is outside the line."""
    if not reason.strip():
        raise StepRefused(_("Write why it was not done by its day, and what is different now."))
    with taking("plan_remedy", case, at=at, by=by) as (case, actor):
        remedy = _mine(case, remedy)
        check_planned(case, [Planned(remedy.code, owner, due_on, at_her_request=True)], RemedyCode, at=at)
        if remedy.deadline:
            deadlines.end_one(case, remedy.deadline, dropped_at=at)
        remedy.deadline = deadlines.set_by(case, "remedy_done", due_on=due_on, at=at)
        remedy.owner, remedy.due_on, remedy.done_on = owner, case.local_day(remedy.deadline.due_at), None
        remedy.save(update_fields=["deadline", "owner", "due_on", "done_on"])
        _say(case, by, EntryKind.REMEDY, remedy.code, reason, at=at)
        contents = {"remedy": str(remedy.pk), "remedy_code": remedy.code, "again": True, "outside_line": outside_line}
        events.record(case, EventKind.REMEDY_ADDED, by=by, at=at, contents=contents)


def remedy_done(case: Case, *, by: Person, remedy: Remedy, note: str = "", at: datetime) -> None:
    """Its owner says that it is done; now she is asked."""
    with taking("remedy_done", case, at=at, by=by) as (case, actor):
        remedy = _mine(case, remedy)
        if remedy.owner_id != by.pk:
            raise StepRefused(_("Whoever sees to this remedy says that it is done. It is not yours."))
        state = _state(case, remedy, actor, at=at)
        if state.claimed:
            raise StepRefused(_("You said already that it is done. Now she, or somebody for her, confirms it."))
        remedy.done_on = case.local_day(at)
        remedy.save(update_fields=["done_on"])
        _say(case, by, EntryKind.REMEDY, remedy.code, note, at=at)
        events.record(case, EventKind.REMEDY_DONE, by=by, at=at, contents={"remedy": str(remedy.pk)})
        if remedy.deadline:
            deadlines.end_one(case, remedy.deadline, met_at=at)


def ask_about_remedy(case: Case, *, by: Person, remedy: Remedy, text: str, at: datetime) -> None:
    """Ask her whether a remedy has happened: a message, and one try. Tries lie at least two days apart."""
    letters.require_human(text)
    with taking("ask_about_remedy", case, at=at, by=by) as (case, actor):
        remedy = _mine(case, remedy)
        state = _state(case, remedy, actor, at=at)
        if state.asked_on and case.local_day(at) - state.asked_on < BETWEEN_TRIES:
            raise StepRefused(_("She was asked within the last two days. Give her time to answer."))
        letters.to_her(case, by, text, at=at)
        remedy.times_asked += 1
        remedy.save(update_fields=["times_asked"])
        events.record(case, EventKind.REMEDY_ASKED, by=by, at=at, contents={"remedy": str(remedy.pk)})


def confirm_remedy(case: Case, *, remedy: Remedy, happened: bool, at: datetime) -> None:
    """Hers, in two taps: it has happened, or not yet. The factory reads it at the release.

    Her yes keeps the promise: outside at once, at the factory with the release (`end_confirmed`).
    """
    with taking("confirm_remedy", case, at=at, her=True) as (case, actor):
        remedy = _mine(case, remedy, hers=True)
        contents = {"remedy": str(remedy.pk)}
        if happened:
            remedy.verified_on, remedy.verified_by = case.local_day(at), VerifiedBy.COMPLAINANT
            remedy.save(update_fields=["verified_on", "verified_by"])
            events.record(case, EventKind.REMEDY_VERIFIED, her=True, at=at, contents=contents)
            if not case.with_factory:
                _keep(case, remedy)
        else:
            events.record(case, EventKind.REMEDY_NOT_DONE, her=True, at=at, contents=contents)


def _keep(case: Case, remedy: Remedy) -> None:
    """What she confirmed is a promise kept: of hers the day counts. The caller holds the lock."""
    if remedy.deadline and remedy.verified_on:
        deadlines.end_one(case, remedy.deadline, met_at=case.calendar.at_hour(remedy.verified_on, 0))


def end_confirmed(*, at: datetime) -> int:
    """End the promises of remedies that she confirmed, once the release tells it. Harmless twice, late, or in two
    workers."""
    open_still = Remedy.objects.filter(
        verified_by=VerifiedBy.COMPLAINANT,
        verified_on__isnull=False,
        deadline__met_at=None,
        deadline__dropped_at=None,
        deadline__isnull=False,
    )
    done = 0
    for remedy in open_still.select_related("case"):
        try:
            keep_promise(remedy.case, remedy=remedy, at=at)
        except StepRefused:
            continue  # The release has not told it yet, or another worker was quicker.
        done += 1
    return done


def keep_promise(case: Case, *, remedy: Remedy, at: datetime) -> None:
    """End the promise of one remedy that she confirmed, once the release tells it."""
    with taking("keep_promise", case, at=at) as (case, actor):
        until = released_until(case, at) if case.with_factory else case.local_day(at)
        confirmed = case.remedies.filter(pk=remedy.pk, verified_by=VerifiedBy.COMPLAINANT, verified_on__lte=until)
        found = confirmed.select_related("deadline").first()
        if found is None or found.deadline is None or not found.deadline.is_open:
            raise StepRefused("nothing to end")
        _keep(case, found)
        events.record(case, EventKind.PROMISE_KEPT, at=at, contents={"remedy": str(found.pk)})


def verify_remedy(case: Case, *, by: Person, remedy: Remedy, evidence: str, at: datetime) -> None:
    """Verify a remedy without her: the expert for her; or somebody else than its owner by other evidence, after two
    requests that she did not answer."""
    if not evidence.strip():
        raise StepRefused(_("Write how you know that it has happened."))
    with taking("verify_remedy", case, at=at, by=by) as (case, actor):
        remedy = _mine(case, remedy)
        if remedy.owner_id == by.pk:
            raise StepRefused(_("You see to this remedy yourself, so somebody else says whether it has happened."))
        state = _state(case, remedy, actor, at=at)
        if not state.claimed:
            raise StepRefused(_("Its owner has not said yet that it is done, or she says that it is not."))
        by_expert = actor.role in OUTSIDE
        if not by_expert and not _two_tries_over(case, state, at=at):
            raise StepRefused(
                _("First ask her twice, two days apart. Other evidence counts only where she did not answer.")
            )
        remedy.verified_on = case.local_day(at)
        remedy.verified_by = VerifiedBy.EXPERT if by_expert else VerifiedBy.EVIDENCE
        remedy.save(update_fields=["verified_on", "verified_by"])
        _say(case, by, EntryKind.REMEDY, remedy.code, evidence, at=at)
        contents = {"remedy": str(remedy.pk), "by": remedy.verified_by}
        events.record(case, EventKind.REMEDY_VERIFIED, by=by, at=at, contents=contents)
        if remedy.deadline:
            deadlines.end_one(case, remedy.deadline, met_at=at)


def _two_tries_over(case: Case, state: RemedyState, *, at: datetime) -> bool:
    tries, last = state.remedy.times_asked, state.asked_on
    return tries >= TRIES and last is not None and case.local_day(at) - last >= BETWEEN_TRIES


def _mine(case: Case, remedy: Remedy, *, hers: bool = False) -> Remedy:
    found = case.remedies.filter(pk=remedy.pk).select_related("deadline").first()
    if found is None:
        raise StepRefused(_("This remedy is not part of the case any more. Look at the page again."))
    if found.verified_on and (hers or found.verified_by != VerifiedBy.COMPLAINANT):
        raise StepRefused(_("It was confirmed already that this has happened. Thank you."))
    return found


def _state(case: Case, remedy: Remedy, actor: Actor, *, at: datetime) -> RemedyState:
    states = remedies_of(case, at_factory=actor.at_factory, at=at)
    return next(state for state in states if state.remedy.pk == remedy.pk)


def _say(case: Case, by: Person, kind: str, code: str, note: str, *, at: datetime) -> None:
    """Seal what was written about a remedy or sanction in `record`."""
    if note.strip():
        key = "remedy_code" if kind == EntryKind.REMEDY else "sanction_code"
        compartments.put(case, CompartmentKind.RECORD, kind, {key: code, "note": note}, by=by, at=at)


# --- Sanctions ----------------------------------------------------------------------------------------------------


def carry_out_sanction(case: Case, *, by: Person, sanction: Sanction, note: str = "", at: datetime) -> None:
    """Its owner says that it was carried out; somebody else checks."""
    with taking("carry_out_sanction", case, at=at, by=by) as (case, actor):
        sanction = _sanction(case, sanction)
        if sanction.owner_id != by.pk:
            raise StepRefused(_("Whoever sees to this sanction says that it was carried out. It is not yours."))
        if sanction.done_on:
            raise StepRefused(_("You said already that it was carried out. Now somebody else checks it."))
        sanction.done_on = case.local_day(at)
        sanction.save(update_fields=["done_on"])
        _say(case, by, EntryKind.SANCTION, sanction.code, note, at=at)
        events.record(case, EventKind.SANCTION_DONE, by=by, at=at, contents={"sanction": str(sanction.pk)})


def check_sanction(case: Case, *, by: Person, sanction: Sanction, note: str, at: datetime) -> None:
    """Somebody else than its owner has seen that it was carried out."""
    if not note.strip():
        raise StepRefused(_("Write what you looked at."))
    with taking("check_sanction", case, at=at, by=by) as (case, actor):
        sanction = _sanction(case, sanction)
        if sanction.owner_id == by.pk:
            raise StepRefused(_("You carried it out yourself, so somebody else checks it."))
        if sanction.done_on is None:
            raise StepRefused(_("Its owner has not said yet that it was carried out."))
        if sanction.checked_on:
            raise StepRefused(_("Somebody has checked it already."))
        sanction.checked_on, sanction.checked_by = case.local_day(at), by
        sanction.save(update_fields=["checked_on", "checked_by"])
        _say(case, by, EntryKind.SANCTION, sanction.code, note, at=at)
        events.record(case, EventKind.SANCTION_CHECKED, by=by, at=at, contents={"sanction": str(sanction.pk)})


def _sanction(case: Case, sanction: Sanction) -> Sanction:
    found = case.sanctions.filter(pk=sanction.pk).first()
    if found is None:
        raise StepRefused(_("This sanction is not part of the case any more. Look at the page again."))
    return found
