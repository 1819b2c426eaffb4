"""The safeguarding path after the first look: decided by two, planned with her, followed up. Workflow, section 12.

Nothing leaves by itself: no police, authority, factory, family, shelter, placing body or buyer is told by any of this.
Every word lies in `freedom`; rows and events carry numbers, codes and days, and never which of age, freedom or danger.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Person
from complaints import compartments, deadlines, events, reading
from complaints.casecodes import CheckResult, EntryKind, EventKind, Role
from complaints.casewords import FollowUpAnswer, HerAnswer, SafetyKind, YesNoNotKnown
from complaints.codes import CompartmentKind
from complaints.models import Case, Check, SafetyDecision
from complaints.workflow import checks
from complaints.workflow.needs import is_decided
from complaints.workflow.step import StepRefused, Words
from complaints.workflow.table import taking

PLAN_PARTS = (
    "safety",
    "health",
    "legal",
    "place_to_stay",
    "income",
    "papers",
    "languages",
    "trusted_person",
    "recontact",
)
FOLLOW_UP_QUESTIONS = ("is_safe", "is_free", "income_enough", "care_reached", "pushed_back", "trafficking_signs")
# What brings urgent contact back: a no to the first two, a yes to the last two.
ALARMS = {"is_safe": "no", "is_free": "no", "pushed_back": "yes", "trafficking_signs": "yes"}
SOONEST = timedelta(days=3)  # A follow-up of day 30 made on day 10 says nothing about day 30.
BETWEEN_TRIES = timedelta(days=2)
TRIES = 2


# --- Decided by two -----------------------------------------------------------------------------------------------


def propose_safety_decision(
    case: Case, *, by: Person, kind: str, fields: Mapping[str, Any], at: datetime
) -> SafetyDecision:
    """One lead writes what should be done; it counts when the other lead agrees. A newer proposal replaces it."""
    with taking("propose_safety_decision", case, at=at, by=by) as (case, actor):
        _require_decision(kind, fields, today=case.local_day(at))
        number = case.safety_decisions.count() + 1
        decision = SafetyDecision.objects.create(case=case, number=number, proposed_by=by, proposed_at=at)
        content = {"decision_number": number, "safety_kind": kind, **_told(fields)}
        compartments.put(case, CompartmentKind.FREEDOM, EntryKind.SAFETY_DECISION, content, by=by, at=at)
        events.record(case, EventKind.SAFETY_PROPOSED, by=by, at=at, contents={"number": number})
        _tell_other_leads(case, by, "safety_proposed", at=at)
    return decision


def _require_decision(kind: str, fields: Mapping[str, Any], *, today: date) -> None:
    if kind not in SafetyKind.values:
        raise StepRefused(_("Choose on what the decision rests."))
    _require(
        fields, "options", "risks", "decided", or_else=_("Write the options, the risks of each, and the decision.")
    )
    if kind == SafetyKind.BEST_INTERESTS:
        _require(fields, "child_view", or_else=_("Hear the child first: write what she says and what she wants."))
    if kind == SafetyKind.HER_OWN:
        if fields.get("her_answer") not in HerAnswer.values:
            raise StepRefused(_("It is her own decision: say what she answered."))
        if fields["her_answer"] == HerAnswer.NO:
            _require(
                fields,
                "recontact",
                or_else=_("She said no, and her no is respected. Write how and when you offer to talk again."),
            )
    if kind == SafetyKind.WITHOUT_CONSENT:
        if not fields.get("others_in_danger"):
            raise StepRefused(
                _("Without her consent nothing is done, unless the life of other people is in immediate danger.")
            )
        _require(fields, "least", or_else=_("Write the least that has to be passed on."))
        _require_told(fields.get("told_her_on"), today)
    if not fields.get("duties_checked"):
        raise StepRefused(_("Check first, with the notes on the law of the country, whether anybody has to report."))
    if fields.get("duty_exists"):
        _require_told(fields.get("told_her_on"), today)


def _require_told(told_on: date | None, today: date) -> None:
    if told_on is None or told_on > today:
        raise StepRefused(_("She is told before anything is passed on. Tell her first, then write down the day."))


def _require(fields: Mapping[str, Any], *names: str, or_else: Words) -> None:
    if any(not str(fields.get(name) or "").strip() for name in names):
        raise StepRefused(or_else)


def _told(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, as an entry can hold it."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items() if value != ""
    }


def agree_safety_decision(case: Case, *, by: Person, number: int, at: datetime) -> None:
    """The other lead agrees; from now on the decision counts. The first one begins the follow-ups."""
    with taking("agree_safety_decision", case, at=at, by=by) as (case, actor):
        decision = waiting_decision(case)
        if decision is None or decision.number != number:
            raise StepRefused(_("This proposal does not wait any more. Look at the newest one."))
        if decision.proposed_by_id == by.pk:
            raise StepRefused(_("Two leads decide together: the other lead has to agree."))
        decision.agreed_by, decision.agreed_at = by, at
        decision.save(update_fields=["agreed_by", "agreed_at"])
        events.record(case, EventKind.SAFETY_DECIDED, by=by, at=at, contents={"number": number})
        deadlines.meet(case, "hold_decision", at=at)
        if not case.checks.filter(code__in=deadlines.FOLLOW_UPS).exists():
            checks.plan_codes(case, deadlines.FOLLOW_UPS, at=at)
        _tell_other_leads(case, by, "safety_agreed", at=at)


def waiting_decision(case: Case) -> SafetyDecision | None:
    """The newest decision, if it still waits for the other lead."""
    newest: SafetyDecision | None = next(iter(reading.safety_decisions(case)), None)
    return newest if newest and newest.agreed_at is None else None


# --- Plan, duty, others -------------------------------------------------------------------------------------------


def plan_safety(case: Case, *, by: Person, fields: Mapping[str, Any], at: datetime) -> None:
    """Write the plan made with her, part by part. It may be written anew; the newest counts."""
    with taking("plan_safety", case, at=at, by=by) as (case, actor):
        _require(
            fields,
            *PLAN_PARTS,
            or_else=_("Write something to every part, so that none is forgotten. “She does not need it” is an answer."),
        )
        if not fields.get("with_her"):
            raise StepRefused(
                _("The plan is made with her. Ask her first; if she wants none, write that to each part.")
            )
        compartments.put(case, CompartmentKind.FREEDOM, EntryKind.SAFETY_PLAN, _told(fields), by=by, at=at)
        events.record(case, EventKind.SAFETY_PLANNED, by=by, at=at)
        deadlines.meet(case, "hold_plan", at=at)


def note_legal_duty(case: Case, *, by: Person, fields: Mapping[str, Any], at: datetime) -> None:
    """Write down a duty to report: whose, which, to whom, that she was told first, and the least that is said.

    The software sends nothing: whoever has the duty does it, at the safest moment. Workflow, section 12.
    """
    with taking("note_legal_duty", case, at=at, by=by) as (case, actor):
        today = case.local_day(at)
        _require(
            fields,
            "duty_holder",
            "exact_duty",
            "receiving_body",
            "least",
            or_else=_("Write who has the duty, what it is exactly, who receives it, and the least that is passed on."),
        )
        told_on, passed_on = fields.get("told_her_on"), fields.get("passed_on_on")
        _require_told(told_on, today)
        if passed_on and (passed_on < told_on or passed_on > today):
            raise StepRefused(_("She is told before anything is passed on. Look at the two days again."))
        if passed_on and not is_decided(case):
            raise StepRefused(_("First two leads decide together. Until then nothing is passed on."))
        compartments.put(case, CompartmentKind.FREEDOM, EntryKind.LEGAL_DUTY, _told(fields), by=by, at=at)
        events.record(case, EventKind.DUTY_NOTED, by=by, at=at)


def note_wider_risk(case: Case, *, by: Person, others: str, off_site: bool, note: str, at: datetime) -> None:
    """Write whether others face the same: found out off-site, never by a raid, never through the placing body."""
    with taking("note_wider_risk", case, at=at, by=by) as (case, actor):
        if others not in YesNoNotKnown.values or not note.strip():
            raise StepRefused(_("Say whether others face the same, and how you know."))
        if not off_site:
            raise StepRefused(
                _("Look into it away from the workplace: never by a raid, never through whoever placed the people.")
            )
        content = {"others_face_it": others, "off_site": off_site, "note": note}
        compartments.put(case, CompartmentKind.FREEDOM, EntryKind.WIDER_RISK, content, by=by, at=at)
        events.record(case, EventKind.WIDER_RISK, by=by, at=at)
        deadlines.meet(case, "hold_review", at=at)


# --- Followed up --------------------------------------------------------------------------------------------------


def follow_up(
    case: Case, *, by: Person, code: str, reached: bool, answers: Mapping[str, str], note: str, at: datetime
) -> None:
    """Note one follow-up: what she answered, or that she could not be reached. Silence is never counted as fine.

    An answer that she is not safe or not free, that she is pushed back, or a sign of trafficking brings urgent
    contact back.
    """
    with taking("follow_up", case, at=at, by=by) as (case, actor):
        today = case.local_day(at)
        check = checks.open_checks(case).filter(code=code).first() if code in deadlines.FOLLOW_UPS else None
        if check is None:
            raise StepRefused(_("This follow-up does not wait any more. Look at which one is next."))
        if today < check.due_on - SOONEST:
            raise StepRefused(
                _now("This follow-up is for %(day)s. It can be made from three days before.")
                % {"day": date_format(check.due_on)}
            )
        content: dict[str, Any] = {"follow_up": code, "reached_her": reached}
        if reached:
            given = {name: answers.get(name, "") for name in FOLLOW_UP_QUESTIONS}
            if not all(answer in FollowUpAnswer.values for answer in given.values()):
                raise StepRefused(_("Answer each of the six questions; “not known” is an answer."))
            content |= given
            _made(check, CheckResult.ANSWERED, today)
            if any(given[name] == alarm for name, alarm in ALARMS.items()):
                _look_again(case, by, at=at)
        else:
            _require({"note": note}, "note", or_else=_("Write how you tried to reach her."))
            _try(check, today)
        content["note"] = note
        compartments.put(case, CompartmentKind.FREEDOM, EntryKind.FOLLOW_UP, content, by=by, at=at)
        events.record(case, EventKind.FOLLOWED_UP, by=by, at=at, contents={"check": code})
        if check.done_on:
            deadlines.meet(case, code, at=at)


def _made(check: Check, result: str, today: date) -> None:
    check.result, check.done_on = result, today
    if result == CheckResult.ANSWERED and check.answered_on is None:
        check.answered_on = today
    check.save(update_fields=["result", "done_on", "answered_on"])


def _try(check: Check, today: date) -> None:
    if check.last_try_on and today < check.last_try_on + BETWEEN_TRIES:
        raise StepRefused(_("You tried a short while ago. Leave at least two days between two tries."))
    check.tries += 1
    check.last_try_on = today
    check.save(update_fields=["tries", "last_try_on"])
    if check.tries >= TRIES and check.answered_on is None:
        _made(check, CheckResult.NO_ANSWER, today)


def _look_again(case: Case, by: Person, *, at: datetime) -> None:
    if not deadlines.is_open(case, "urgent_contact"):
        deadlines.set_next(case, "urgent_contact", at=at)
    role = Role.SAFEGUARDING_LEAD if case.in_hold else Role.TECHNICAL_EXPERT
    others = case.assignments.current().filter(role=role).exclude(person=by).select_related("person")
    _tell(case, [one.person for one in others], "not_safe", at=at)


# --- Word to leads ------------------------------------------------------------------------------------------------


def _tell_other_leads(case: Case, by: Person, kind: str, *, at: datetime) -> None:
    leads = case.assignments.current().filter(role=Role.SAFEGUARDING_LEAD, standing_by=False).exclude(person=by)
    _tell(case, [one.person for one in leads.select_related("person")], kind, at=at)


def _tell(case: Case, people: list[Person], kind: str, *, at: datetime) -> None:
    notices.queue(
        to=people,
        cause=f"{kind}:{case.pk}:{case.last_event}",
        kind=kind,
        at=at,
        due_on=case.local_day(case.next_due_at) if case.next_due_at else None,
        topic="case",
        topic_id=case.pk,
    )
