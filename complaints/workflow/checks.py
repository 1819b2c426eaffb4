"""Checks: planned looks at how somebody is after the outcome, and whether anybody pays for having told.

Source: workflow.md, sections 10 to 12. No answer is never counted as fine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Person
from complaints import compartments, deadlines, events, reading
from complaints.carecodes import AgainstNormal, Changed, Feeling, Promised, Whom, YesNo
from complaints.casecodes import FACTORY_ROLES, CheckCode, CheckResult, ConcernKind, EntryKind, EventKind
from complaints.codes import CompartmentKind
from complaints.codes import Consent as ConsentCode
from complaints.models import Case, Check
from complaints.workflow import alarm, letters
from complaints.workflow.places import call_experts, consents_of
from complaints.workflow.step import Actor, StepRefused
from complaints.workflow.table import taking
from factories import clock

AFTER_OUTCOME = (CheckCode.CHECK_30, CheckCode.CHECK_60, CheckCode.CHECK_90, CheckCode.RECORDS_REVIEW_180)
# In a hold, and the leads' alone: not even the code is shown at a factory.
FOLLOW_UPS = tuple(code for code in CheckCode if code.startswith("follow_up"))
# Only papers are looked at; nobody is asked.
PAPERS_ONLY = (CheckCode.RECORDS_REVIEW_180,)
NEAR = timedelta(days=3)  # From so many days before its due day a check asks her.
BETWEEN_TRIES = timedelta(days=2)
ENOUGH_TRIES = 2


HR_AREAS = ("shift", "transfer", "pay", "overtime", "warning", "appraisal", "renewal", "resignation")


# --- Planning -----------------------------------------------------------------------------------------------------


def plan(case: Case, *, at: datetime) -> list[Check]:
    """Begin the checks: the local day of `at` is day 0. Within a step of whoever begins; twice changes nothing.

    A first light check comes after 14 days while an interim measure is in force. Workflow, section 10.
    """
    if case.monitoring_on is not None:
        return []
    case.monitoring_on = case.local_day(at)
    case.save(update_fields=["monitoring_on"])
    in_force = case.interim_measures.filter(ends_on=None).exists()
    return plan_codes(case, [CheckCode.CHECK_14, *AFTER_OUTCOME] if in_force else AFTER_OUTCOME, at=at)


def plan_codes(case: Case, codes: Iterable[str], *, at: datetime) -> list[Check]:
    """Plan these checks from the day of `at` on, each with its deadline. Within a step.

    A check that is still planned stays as it is; one that was made or dropped before is planned anew, with its next
    number. Each code is a row of the deadline table.
    """
    running = set(open_checks(case).values_list("code", flat=True))
    codes = [str(code) for code in codes if code not in running]
    last = dict(case.checks.values_list("code").annotate(last=Max("number")).order_by())
    limits = clock.limits(case.country_id)
    start = case.calendar.at_hour(case.local_day(at), 0)
    made = []
    for deadline in deadlines.set_many(case, codes, at=at):
        cap_at = clock.cap(limits[deadline.code], start, case.calendar) or deadline.due_at
        made.append(
            Check(
                case=case,
                code=deadline.code,
                number=last.get(deadline.code, 0) + 1,
                due_on=case.local_day(deadline.due_at),
                cap_on=case.local_day(cap_at),
                deadline=deadline,
            )
        )
    return Check.objects.bulk_create(made)


def drop(case: Case, *codes: str, at: datetime) -> int:
    """Let go of checks that are still planned, with their deadlines; without codes, all. Within a step."""
    planned = open_checks(case)
    if codes:
        planned = planned.filter(code__in=codes)
    gone = list(planned.values_list("code", flat=True))
    if not gone:
        return 0
    planned.update(dropped_on=case.local_day(at))
    deadlines.drop(case, *gone, at=at)
    return len(gone)


def open_checks(case: Case) -> QuerySet[Check]:
    """The checks that are planned and not made yet."""
    return case.checks.filter(done_on=None, dropped_on=None)


def near(case: Case, *, at: datetime) -> QuerySet[Check]:
    """The checks whose day has come near, the earliest first; each asks her by itself, without any handler."""
    return open_checks(case).exclude(code__in=PAPERS_ONLY).filter(due_on__lte=case.local_day(at) + NEAR)


def near_now(case: Case, *, at: datetime) -> list[Check]:
    """The same for a page, read once."""
    last = case.local_day(at) + NEAR
    planned = [one for one in reading.checks(case) if one.done_on is None and one.code not in PAPERS_ONLY]
    return [one for one in planned if one.due_on <= last]


# --- Asking and answering -----------------------------------------------------------------------------------------


def ask_check(case: Case, *, by: Person, check: Check, text: str, at: datetime) -> None:
    """Ask her how she is, on her page: one try. Tries lie at least two days apart."""
    if not text.strip():
        raise StepRefused(_("Write the question to her first."))
    with taking("ask_check", case, at=at, by=by) as (case, actor):
        check = _planned(case, actor, check)
        today = case.local_day(at)
        if check.code in PAPERS_ONLY:
            raise StepRefused(_("Here only the papers are looked at. Nobody is asked."))
        if answered_for(check, case, actor, at=at):
            raise StepRefused(_("She has answered already. Read her answer in the messages."))
        if today < check.due_on - NEAR:
            raise StepRefused(_("It is too early for this check. Ask from three days before its day on."))
        if check.last_try_on and today < check.last_try_on + BETWEEN_TRIES:
            raise StepRefused(_("She was asked a short time ago. Give her two days before you ask again."))
        letters.to_her(case, by, text, at=at)
        check.tries, check.last_try_on = check.tries + 1, today
        check.save(update_fields=["tries", "last_try_on"])
        events.record(case, EventKind.CHECK_ASKED, by=by, at=at, contents={"check": check.code, "try": check.tries})


def answer_check(case: Case, *, check: Check, answers: Mapping[str, Any], at: datetime) -> None:
    """She says how she is. Sealed among her messages; the factory reads it from the release on.

    `answers`: `feeling` (one face, the only one needed), `safe`, `contact`, `changed`, `promised`, `support`,
    `text`.
    """
    if answers.get("feeling") not in Feeling.values:
        raise StepRefused(_("Choose one face."))
    with taking("answer_check", case, at=at, her=True) as (case, actor):
        check = open_checks(case).filter(pk=check.pk).first() or Check()
        if not check.code or check.code in PAPERS_ONLY or check.answered_on:
            raise StepRefused(_("You have answered this already. Write a message if there is more."))
        content = {
            "feeling": answers["feeling"],
            "safe": answers.get("safe", "") if answers.get("safe") in YesNo.values else "",
            "contact": answers.get("contact", "") if answers.get("contact") in YesNo.values else "",
            "changed": sorted(set(answers.get("changed", ())) & set(Changed.values)),
            "promised": answers.get("promised", "") if answers.get("promised") in Promised.values else "",
            "support": answers.get("support", "") if answers.get("support") in YesNo.values else "",
            "text": answers.get("text", ""),
        }
        # What she answers to a lead is nothing for whoever handles the case after the hold.
        kind = CompartmentKind.FREEDOM if check.code in FOLLOW_UPS else CompartmentKind.INBOX
        release = case.calendar.release_after(at)
        compartments.put(
            case,
            kind,
            EntryKind.CHECK_ANSWER,
            {"check": check.code} | content,
            her=True,
            at=at,
            visible_from=release if case.with_factory else None,
        )
        check.answered_on = case.local_day(at)
        check.save(update_fields=["answered_on"])
        alarming = sounds_alarm(content)
        contents = {"check": check.code} | ({"alarm": True} if alarming else {})
        events.record(case, EventKind.CHECK_ANSWERED, her=True, at=at, contents=contents)
        if content["safe"] == YesNo.NO:
            alarm.not_safe(case, at=at)
        elif alarming:
            alarm.call_outside(case, "treated_worse", at=at)
        people = case.assignments.current().filter(standing_by=False).select_related("person")
        notices.queue(
            to=[one.person for one in people],
            cause=f"answer:{case.pk}:{case.last_event}",
            kind="message",
            at=compartments.day_of(case, at),
            topic="case",
            topic_id=case.pk,
            send_after=release if case.with_factory else compartments.day_of(case, at),
        )


def sounds_alarm(answer: Mapping[str, Any]) -> bool:
    """Whether an answer is a sign of retaliation, or of danger: not safe, contact by the respondent, or a change."""
    return bool(answer.get("safe") == YesNo.NO or answer.get("contact") == YesNo.YES or answer.get("changed"))


def alarm_unanswered(case: Case, check: Check, *, at: datetime) -> bool:
    """Whether nobody has acted on such an answer: no word to her from whoever could have read it, and no linked case.

    From outside a word counts at once, from the factory after the release of the answer.
    """
    alarms = [
        one
        for one in reading.events(case, EventKind.CHECK_ANSWERED)
        if (one.contents or {}).get("alarm") and (one.contents or {}).get("check") == check.code
    ]
    if not alarms or check.answered_on is None:
        return False
    last = alarms[-1].number
    concerns = (one for one in reading.concerns(case) if one.kind == ConcernKind.RETALIATION)
    if any(one.raised_on >= check.answered_on for one in concerns):
        return False
    read = case.calendar.release_after(case.calendar.at_hour(check.answered_on, clock.END_OF_DAY))
    theirs = set(case.assignments.filter(role__in=FACTORY_ROLES).values_list("person", flat=True))
    words = (one for one in reading.events(case, EventKind.MESSAGE_SENT) if one.number > last)
    return not any(one.actor_id not in theirs or (one.at is not None and one.at >= read) for one in words)


def answered_for(check: Check, case: Case, actor: Actor, *, at: datetime) -> bool:
    """Whether she has answered, as this reader may know: a factory user from the release of that day on."""
    if check.answered_on is None:
        return False
    return not actor.at_factory or check.answered_on <= reached(case, at=at)


def reached(case: Case, *, at: datetime) -> date:
    """The last whole day of hers that the daily release has reached."""
    day = case.local_day(at)
    while case.calendar.release_after(case.calendar.at_hour(day, clock.END_OF_DAY)) > at:
        day -= timedelta(days=1)
    return day


# --- HR data, and the others --------------------------------------------------------------------------------------


def by_line_only(case: Case) -> bool:
    """An anonymous complaint is looked at by line: looking for one person would be looking for her."""
    return not consents_of(case).get(ConsentCode.SHARE_MY_NAME, False)


def review_hr(
    case: Case, *, by: Person, check: Check, found: Mapping[str, Any], not_involved: bool, at: datetime
) -> None:
    """Look at what changed at work since the complaint, against the line's normal. Sealed in `record`.

    By the factory's people, none of whom had a hand in a change; outside, and after 180 days, by an expert. `found`:
    one of `AgainstNormal` for each of `HR_AREAS`, `by_line`, `resigned`, `text`. A resignation is always looked at.
    """
    if not str(found.get("text", "")).strip():
        raise StepRefused(_("Write which papers you looked at, and what you saw."))
    if not not_involved:
        raise StepRefused(_("Whoever had a hand in a change cannot look at it. Ask a colleague on the case."))
    with taking("review_hr", case, at=at, by=by) as (case, actor):
        check = _planned(case, actor, check)
        if check.code in PAPERS_ONLY and actor.at_factory:
            raise StepRefused(_("The technical expert looks at the papers after 180 days."))
        if check.code not in PAPERS_ONLY and case.with_factory and not actor.at_factory:
            raise StepRefused(_("The factory's people look at their papers for this check."))
        if actor.at_factory and had_a_hand(case, by):
            raise StepRefused(
                _(
                    "You decided a measure or own a change in this case. Somebody who had no hand in it looks at this: "
                    "put a colleague on the case."
                )
            )
        if by_line_only(case) and not found.get("by_line"):
            raise StepRefused(
                _("The complainant has not shared her name. Look at the whole line, never for one person, and say so.")
            )
        content = {area: found.get(area, "") for area in HR_AREAS if found.get(area) in AgainstNormal.values}
        content |= {name: bool(found.get(name)) for name in ("by_line", "resigned")}
        content |= {"check": check.code, "text": found["text"]}
        compartments.put(case, CompartmentKind.RECORD, EntryKind.HR_REVIEW, content, by=by, at=at)
        check.hr_reviewed_on = case.local_day(at)
        check.save(update_fields=["hr_reviewed_on"])
        events.record(case, EventKind.HR_REVIEWED, by=by, at=at, contents={"check": check.code})
        if found.get("resigned") or AgainstNormal.CHANGED in content.values():
            # What changed, or that somebody left, would tell who she is: no code of it stands in the clear, the expert
            # is only called.
            notices.queue(
                to=call_experts(case, at=at),
                cause=f"papers:{case.pk}:{case.last_event}",
                kind="hr_look",
                at=at,
                topic="case",
                topic_id=case.pk,
            )
        if check.code in PAPERS_ONLY:
            _finish(case, check, by=by, at=at)


def had_a_hand(case: Case, person: Person) -> bool:
    """Whether this person decided an interim measure or owns what was decided: their change is theirs to explain.

    Asked of the factory's people only: whoever helps from outside changes nobody's shift or pay.
    """
    return (
        case.interim_measures.filter(decided_by=person).exists()
        or case.remedies.filter(owner=person).exists()
        or case.sanctions.filter(owner=person).exists()
    )


def note_check(case: Case, *, by: Person, check: Check, whom: str, text: str, at: datetime) -> None:
    """Note how somebody else is: the affected person, a witness, the respondent. Sealed in `record`."""
    if whom not in Whom.values:
        raise StepRefused(_("Choose whom you talked with."))
    if not text.strip():
        raise StepRefused(_("Write what you asked and what they said."))
    with taking("note_check", case, at=at, by=by) as (case, actor):
        check = _planned(case, actor, check)
        content = {"check": check.code, "whom": whom, "text": text}
        compartments.put(case, CompartmentKind.RECORD, EntryKind.CHECK_NOTE, content, by=by, at=at)
        events.record(case, EventKind.NOTE_ADDED, by=by, at=at)


# --- Made ---------------------------------------------------------------------------------------------------------


def complete_check(case: Case, *, by: Person, check: Check, text: str, at: datetime) -> None:
    """Say that a check is made: she answered, or did not after two tries and a look at HR data. Never "fine"."""
    if not text.strip():
        raise StepRefused(_("Write what follows from it, also where nothing does."))
    with taking("complete_check", case, at=at, by=by) as (case, actor):
        check = _planned(case, actor, check)
        missing = missing_of(check, case, actor, at=at)
        if missing:
            raise StepRefused(missing[0])
        content = {"check": check.code, "text": text}
        compartments.put(case, CompartmentKind.RECORD, EntryKind.CHECK_NOTE, content, by=by, at=at)
        _finish(case, check, by=by, at=at)


def missing_of(check: Check, case: Case, actor: Actor, *, at: datetime) -> list[Any]:
    """What is missing before a check is made, in sentences for this reader."""
    if check.code in PAPERS_ONLY:
        return [] if check.hr_reviewed_on else [_("The technical expert has not looked at the HR data yet.")]
    if answered_for(check, case, actor, at=at):
        if alarm_unanswered(case, check, at=at):
            return [_("Her answer is a sign that she is not safe or treated worse. First write to her about it.")]
        return []
    missing: list[Any] = []
    if check.tries < ENOUGH_TRIES:
        missing.append(_("She has not answered, and was not asked twice on different days."))
    if check.hr_reviewed_on is None:
        missing.append(_("She has not answered, and nobody has looked at the HR data."))
    return missing


def _finish(case: Case, check: Check, *, by: Person, at: datetime) -> None:
    check.done_on = case.local_day(at)
    check.result = CheckResult.ANSWERED if check.answered_on else CheckResult.NO_ANSWER
    check.save(update_fields=["done_on", "result"])
    events.record(case, EventKind.CHECK_DONE, by=by, at=at, contents={"check": check.code})
    deadlines.meet(case, check.code, at=at)
    if check.code == CheckCode.CHECK_90 and case.closed_at is None and not deadlines.is_open(case, "closure_review"):
        deadlines.set_next(case, "closure_review", at=at)


def _planned(case: Case, actor: Actor, check: Check) -> Check:
    """The check as it stands now. Raises `StepRefused` where it is not this reader's, or made already."""
    found = open_checks(case).filter(pk=check.pk).first()
    if found is None or (found.code in FOLLOW_UPS and actor.at_factory):
        raise StepRefused(_("This check is made already, or no longer planned."))
    return found
