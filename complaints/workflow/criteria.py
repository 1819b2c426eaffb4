"""The nine criteria of closing: what the system can see is checked, not just ticked. Workflow, section 11.

Each answers with what is missing, as a sentence, and the step or page that mends it. Of what she did, a factory user
is told nothing before the daily release: where something waits for it, the sentence says only "not today".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from complaints import reading
from complaints.casecodes import Author, CheckCode, CheckResult, ConcernKind, Criterion, EventKind, ReferralState
from complaints.codes import Path, Side
from complaints.models import Case, Event
from complaints.workflow.standing import open_words, remedies_of, sanction_rows
from complaints.workflow.step import Actor, Words
from factories import clock

TRIES = 2  # Of a check without an answer, and of the question whether it may be closed.
DAYS_TO_ANSWER = 7
NOT_TODAY = _("The case cannot be closed today. Look at it again after seven tomorrow morning.")
# What is looked at after closing, too: HR data after 180 days, and how somebody is who was in a hold.
GOES_ON = (CheckCode.RECORDS_REVIEW_180, *(code for code in CheckCode if code.startswith("follow_up")))
REFERRAL_RUNS = (ReferralState.AGREED, ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.DONE)


@dataclass(frozen=True)
class Missing:
    """What is missing for a criterion, and where it is done: the name of a step, or of a page."""

    words: Words
    step: str = ""


@dataclass(frozen=True)
class Told:
    """Her answer to the question of closing, as far as it is told: not yet, yes, or no."""

    asked: int = 0  # How often, since the case was last opened.
    last_asked_on: date | None = None
    answer: bool | None = None
    waits: bool = False  # She has answered, and the daily release has not reached it yet.


Check = Callable[[Case, Actor, datetime], Missing | None]


def missing_of(case: Case, actor: Actor, criterion: str, *, at: datetime) -> Missing | None:
    """What is missing for one criterion, as far as this actor may know it."""
    return CHECKS[criterion](case, actor, at)


def all_missing(case: Case, actor: Actor, *, at: datetime) -> Iterator[tuple[str, Missing]]:
    for criterion, check in CHECKS.items():
        found = check(case, actor, at)
        if found:
            yield criterion, found


def round_of(case: Case) -> int:
    """Closing begins anew with each reopening."""
    return len(reading.events(case, EventKind.REOPENED)) + 1


def _since(case: Case) -> int:
    """The number of the event with which the case was last opened."""
    kinds = (EventKind.COMPLAINT_FILED, EventKind.REOPENED)
    return max((one.number for one in reading.events(case, *kinds)), default=0)


# --- One by one ---------------------------------------------------------------------------------------------------


def _findings(case: Case, actor: Actor, at: datetime) -> Missing | None:
    if case.path != Path.FORMAL_INQUIRY:
        if case.path:
            return None  # The reason why there is no finding was written when the path was agreed.
        return Missing(_("No path is agreed, so nothing says why there is no finding."), "agree_path")
    results = [one.result for one in reading.allegations(case)]
    if not results:
        return Missing(_("The inquiry has no allegation, so no part of the complaint has a finding."), "begin_inquiry")
    if not all(results):
        return Missing(_("One part of the complaint has no finding yet."), "find")
    return None


def _decision_told(case: Case, actor: Actor, at: datetime) -> Missing | None:
    if case.path != Path.FORMAL_INQUIRY:
        return None
    if case.decided_on is None:
        return Missing(_("Nothing is decided yet on the finding."), "decide")
    if case.outcome_told_on is None:
        return Missing(_("The complainant was not told the outcome."), "tell_outcome")
    knows = case.events.filter(kind=EventKind.RESPONDENT_TOLD).exists()
    # Why they are not told is written where the action begins: she let nothing go to the factory, or they have left.
    why_not = case.events.filter(kind=EventKind.ACTION_BEGUN, contents__respondent_told=False).exists()
    if knows and not why_not and case.respondent_outcome_on is None:
        return Missing(_("The respondent was not told the outcome."), "tell_outcome")
    return None


def _remedies(case: Case, actor: Actor, at: datetime) -> Missing | None:
    """Verified, or planned with a day and an owner outside the line; sanctions carried out and checked by another."""
    missing = open_words(case, at_factory=actor.at_factory, at=at)
    if not missing:
        return None
    states = remedies_of(case, at_factory=actor.at_factory, at=at)
    if any(not state.settled for state in states):
        step = "ask_about_remedy" if any(state.claimed and not state.settled for state in states) else "plan_remedy"
    else:
        waits = any(one.done_on is None for one in sanction_rows(case))
        step = "carry_out_sanction" if waits else "check_sanction"
    return Missing(missing[0], step)


def _checks(case: Case, actor: Actor, at: datetime) -> Missing | None:
    if case.monitoring_on is None:
        return Missing(_("The checks after 30, 60 and 90 days have not begun."), "begin_monitoring")
    planned = [one for one in reading.checks(case) if one.code not in GOES_ON]
    due = [one for one in planned if one.done_on is None]
    if due:
        return Missing(_("A check is still open: she is asked, or at least two tries are made."), "complete_check")
    made = {one.code for one in planned if one.result == CheckResult.ANSWERED or one.tries >= TRIES}
    if not {CheckCode.CHECK_30, CheckCode.CHECK_60, CheckCode.CHECK_90} <= made:
        return Missing(_("One of the checks after 30, 60 and 90 days was not made."), "complete_check")
    return None


def _nothing_open(case: Case, actor: Actor, at: datetime) -> Missing | None:
    if case.in_hold:
        return Missing(_("A safeguarding hold is open."))
    if case.side == Side.APPEAL or any(one.decided_on is None for one in reading.appeals(case)):
        waits = actor.at_factory and case.side_for_factory(at) != case.side
        return Missing(NOT_TODAY if waits else _("An appeal is open. Wait for its result."))
    badly = [one for one in reading.concerns(case) if one.kind == ConcernKind.RETALIATION and one.settled_on is None]
    if badly and actor.at_factory and not any(one.shows_at and one.shows_at <= at for one in badly):
        return Missing(NOT_TODAY)
    if badly:
        return Missing(_("Somebody says that she is treated badly because of the case. That comes first."))
    if reading.measures(case):
        return Missing(_("An interim measure is still in force. Look at it with her, and end it."), "review_interim")
    return None


def _referrals(case: Case, actor: Actor, at: datetime) -> Missing | None:
    if any(one.state in REFERRAL_RUNS and one.followed_up_on is None for one in reading.referrals(case)):
        return Missing(_("A referral was not followed up yet: did she get there, and did it help?"), "note_referral")
    return None


def _she_was_asked(case: Case, actor: Actor, at: datetime) -> Missing | None:
    """Her yes; or two questions on different days and a week of silence. Her no keeps the case open."""
    told = told_of(case, actor, at=at)
    if told.asked == 0:
        return Missing(_("She was not asked yet whether it may be closed and whether she is safe."), "ask_closing")
    if told.waits:
        return Missing(NOT_TODAY)
    if told.answer is False:
        return Missing(
            _("She said no. Read her answer, do what it asks for, and ask her again when it is done."), "ask_closing"
        )
    if told.answer is None:
        silent = told.last_asked_on and case.local_day(at) - told.last_asked_on >= timedelta(days=DAYS_TO_ANSWER)
        if told.asked < TRIES or not silent:
            return Missing(
                _("She has not answered. Without her answer it is closed only after two questions and a week."),
                "ask_closing",
            )
    return None


def told_of(case: Case, actor: Actor, *, at: datetime, found: Sequence[Event] | None = None) -> Told:
    """What is known of her answer to the question of closing, as far as this actor may know it.

    `found`: the events of this round of closing, in their order, where they were read already.
    """
    if found is None:
        rows = reading.events(case, EventKind.CLOSING_ASKED, EventKind.CLOSING_ANSWERED)
        since = _since(case)
        found = [one for one in rows if one.number > since]
    asked = [one for one in found if one.kind == EventKind.CLOSING_ASKED]
    days = {one.on for one in asked}
    answers = [one for one in found if one.kind == EventKind.CLOSING_ANSWERED and "may_close" in (one.contents or {})]
    after = [one for one in answers if asked and one.number > asked[0].number]
    last = after[-1] if after else None
    if last is not None and (last.contents or {})["may_close"] is False and asked[-1].number > last.number:
        last = None  # Asked again after a no: her newer answer counts.
        days = {one.on for one in asked if one.number > after[-1].number}
    if last is not None and actor.at_factory and not released(case, last, at):
        return Told(len(days), asked[-1].on, None, waits=True)
    answer = None if last is None else bool((last.contents or {})["may_close"])
    return Told(len(days), asked[-1].on if asked else None, answer)


def released(case: Case, event: Event, at: datetime) -> bool:
    """Whether the daily release has reached what she did on that day."""
    return case.calendar.release_after(case.calendar.at_hour(event.on, clock.END_OF_DAY)) <= at


def _learning(case: Case, actor: Actor, at: datetime) -> Missing | None:
    since = _since(case)
    if not any(one.number > since for one in reading.events(case, EventKind.LEARNING_WRITTEN)):
        return Missing(_("Nobody has written yet what the factory learns from it."), "write_learning")
    return None


def _retention(case: Case, actor: Actor, at: datetime) -> Missing | None:
    return None  # The day is set with the closing itself, the same for every case.


CHECKS: dict[str, Check] = {
    Criterion.FINDINGS: _findings,
    Criterion.DECISION_TOLD: _decision_told,
    Criterion.REMEDIES: _remedies,
    Criterion.CHECKS: _checks,
    Criterion.NOTHING_OPEN: _nothing_open,
    Criterion.REFERRALS: _referrals,
    Criterion.SHE_WAS_ASKED: _she_was_asked,
    Criterion.LEARNING: _learning,
    Criterion.RETENTION: _retention,
}


# --- No contact ---------------------------------------------------------------------------------------------------

WRITTEN_TO_HER = (
    EventKind.ACKNOWLEDGED,
    EventKind.MESSAGE_SENT,
    EventKind.CONFLICT_QUESTION,
    EventKind.CHECK_ASKED,
    EventKind.REMEDY_ASKED,
    EventKind.OUTCOME_TOLD,
    EventKind.CLOSING_ASKED,
)
MESSAGES_UNANSWERED = 3
DAYS_UNANSWERED = timedelta(days=60)


def unanswered(case: Case, actor: Actor, *, at: datetime) -> list[date]:
    """The days on which she was written to since she last did anything, as far as this actor may know."""
    hers = case.events.filter(actor_kind=Author.COMPLAINANT).order_by("-number")
    last = 0
    for event in hers[:20]:
        if not actor.at_factory or released(case, event, at):
            last = event.number
            break
    letters = case.events.filter(kind__in=WRITTEN_TO_HER, number__gt=last)
    return sorted(set(letters.values_list("on", flat=True)))


def wrote_unseen(case: Case, actor: Actor, *, at: datetime) -> bool:
    """Whether she has done something that the daily release has not reached yet."""
    if not actor.at_factory:
        return False
    newest = case.events.filter(actor_kind=Author.COMPLAINANT).order_by("-number").first()
    return newest is not None and not released(case, newest, at)
