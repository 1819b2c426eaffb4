"""Closing a case and opening it again: nothing ends before she was asked whether she is safe. Workflow, section 11.

One person ticks, another confirms; what the system can see is looked at again in the moment of closing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Person
from complaints import compartments, deadlines, events, reading
from complaints.casecodes import CheckCode, Criterion, EntryKind, EventKind, LinkKind, Role
from complaints.codes import ClosingReason, CompartmentKind, Path, Stage
from complaints.codes import Side as CaseSide
from complaints.models import Assignment, Case, ClosureTick, Entry, InterimMeasure, SatisfactionTally
from complaints.workflow import alarm, checks, letters
from complaints.workflow.criteria import (
    DAYS_UNANSWERED,
    GOES_ON,
    MESSAGES_UNANSWERED,
    NOT_TODAY,
    missing_of,
    released,
    round_of,
    told_of,
    unanswered,
    wrote_unseen,
)
from complaints.workflow.places import call_experts, tell
from complaints.workflow.retention import is_over, keep_until
from complaints.workflow.step import Actor, StepRefused, Words
from complaints.workflow.table import move, taking

GRAVE = ("a", "b")
OUTSIDERS = (Role.OUTSIDE_MEMBER, Role.TECHNICAL_EXPERT)
SHORTEST_NOTE = 40  # Characters: a sentence.
GOOD = (4, 5)
DAYS_UNTIL_RATED = timedelta(days=90)
# The five optional questions beside "How was this for you?", each with yes, no or nothing.
FIVE_QUESTIONS = ("heard", "in_time", "safe_to_tell", "fair", "would_tell_again")


# --- What is learned ----------------------------------------------------------------------------------------------


def write_learning(case: Case, *, by: Person, text: str, no_names: bool, at: datetime) -> None:
    """Write what the factory learns from it, without names, for the quarterly review. Sealed in `record`."""
    if len(text.strip()) < SHORTEST_NOTE:
        raise StepRefused(_("Write at least one whole sentence: what would have kept this from happening?"))
    if not no_names:
        raise StepRefused(_("Read it once more: nothing in it may point to a person. Then tick that you looked."))
    with taking("write_learning", case, at=at, by=by) as (case, actor):
        compartments.put(case, CompartmentKind.RECORD, EntryKind.LEARNING_NOTE, {"learning": text}, by=by, at=at)
        events.record(case, EventKind.LEARNING_WRITTEN, by=by, at=at)


# --- Asking her ---------------------------------------------------------------------------------------------------


def ask_closing(case: Case, *, by: Person, text: str, at: datetime) -> None:
    """Ask her in a message whether it may be closed, and whether she is safe. Her page has the answer ready."""
    letters.require_human(text)
    with taking("ask_closing", case, at=at, by=by) as (case, actor):
        letters.to_her(case, by, text, at=at)
        case.closing_asked_on, case.closing_answered_on = case.local_day(at), None
        case.save(update_fields=["closing_asked_on", "closing_answered_on"])
        events.record(case, EventKind.CLOSING_ASKED, by=by, at=at)
        watch_silence(case, at=at)


def answer_closing(
    case: Case,
    *,
    may_close: bool,
    safe: str,
    how: int | None = None,
    questions: dict[str, str] | None = None,
    text: str = "",
    at: datetime,
) -> None:
    """Her answer: may it be closed, is she safe, and if she likes how it was for her. Sealed in `inbox`.

    In the clear stands only whether she said yes. A no keeps the case open; so does not being safe, and then the
    outside team is called at once.
    """
    with taking("answer_closing", case, at=at, her=True) as (case, actor):
        if case.closing_asked_on is None or case.closing_answered_on is not None:
            raise StepRefused(_("Your case has changed since you opened this page. You see now how it stands."))
        closes = may_close and safe == "yes"
        answers = {name: said for name, said in (questions or {}).items() if name in FIVE_QUESTIONS and said}
        content = {"may_close": may_close, "safe": safe, "how": how or "", **answers, "text": text}
        _seal_answer(case, content, at=at)
        case.closing_answered_on = case.local_day(at)
        case.save(update_fields=["closing_answered_on"])
        rated = _count(case, how, at=at)
        events.record(case, EventKind.CLOSING_ANSWERED, her=True, at=at, contents={"may_close": closes, "rated": rated})
        _tell_handlers(case, "closing_answered", at=at)
        if safe == "no":
            alarm.not_safe(case, at=at)


def say_how_it_was(case: Case, *, how: int | None, text: str = "", at: datetime) -> None:
    """How it was for her, once: ninety days after the outcome, or when it is finished. Five smileys, sealed."""
    with taking("say_how_it_was", case, at=at, her=True) as (case, actor):
        if how is None:
            raise StepRefused(_("Please press one of the five faces."))
        if not may_rate(case, at=at):
            raise StepRefused(_("You have told us already. Thank you."))
        _seal_answer(case, {"how": how, "text": text}, at=at)
        events.record(case, EventKind.CLOSING_ANSWERED, her=True, at=at, contents={"rated": _count(case, how, at=at)})


def may_rate(case: Case, *, at: datetime) -> bool:
    """Whether she is asked how it was for her: once, at ninety days or when it is finished."""
    ninety = case.monitoring_on is not None and case.local_day(at) >= case.monitoring_on + DAYS_UNTIL_RATED
    finished = case.closing_reason in (ClosingReason.COMPLETED, ClosingReason.REFERRED_OUT)
    return (ninety or finished) and not _has_rated(case)


def _has_rated(case: Case) -> bool:
    return any((one.contents or {}).get("rated") is True for one in reading.events(case, EventKind.CLOSING_ANSWERED))


def _seal_answer(case: Case, content: Mapping[str, object], *, at: datetime) -> None:
    compartments.put(
        case,
        CompartmentKind.INBOX,
        EntryKind.CLOSING_ANSWER,
        content,
        her=True,
        at=at,
        visible_from=case.calendar.release_after(at),
    )


def _count(case: Case, how: int | None, *, at: datetime) -> bool:
    """Count her smiley once, by factory and quarter, without the case: good (4 or 5 of 5) or not. See the table."""
    if how not in range(1, 6) or _has_rated(case):
        return False
    day = case.local_day(at)
    tally, _made = SatisfactionTally.objects.get_or_create(
        factory=case.factory if case.with_factory else None,
        country=case.country,
        quarter=f"{day.year}Q{(day.month + 2) // 3}",
    )
    SatisfactionTally.objects.filter(pk=tally.pk).update(
        answers=F("answers") + 1, good=F("good") + (1 if how in GOOD else 0)
    )
    return True


# --- Ticking and confirming ---------------------------------------------------------------------------------------


def tick_closure(case: Case, *, by: Person, criteria: Iterable[str], at: datetime) -> int:
    """Say of these criteria that they hold. One that the system sees does not hold is refused, with what is missing."""
    wanted = [criterion for criterion in Criterion.values if criterion in set(criteria)]
    if not wanted:
        raise StepRefused(_("Tick what holds."))
    with taking("tick_closure", case, at=at, by=by) as (case, actor):
        _refuse_missing(case, actor, wanted, at=at)
        done = set(ticks_of(case).values_list("criterion", flat=True))
        number = round_of(case)
        made = [
            ClosureTick(case=case, round=number, criterion=criterion, ticked_by=by, ticked_at=at)
            for criterion in wanted
            if criterion not in done
        ]
        if not made:
            raise StepRefused(_("A colleague has ticked this already. Now a second person confirms it."))
        ClosureTick.objects.bulk_create(made)
        contents = {"criteria": [one.criterion for one in made]}
        events.record(case, EventKind.CLOSURE_TICKED, by=by, at=at, contents=contents)
        if len(done) + len(made) == len(Criterion.values):
            people = [one.person for one in _may_confirm(case, at=at) if one.person_id != by.pk]
            tell(case, people, "closing_to_confirm", cause=f"closing_to_confirm:{case.pk}:{case.last_event}", at=at)
    return len(made)


def confirm_closure(case: Case, *, by: Person, criteria: Iterable[str], at: datetime) -> int:
    """Confirm what somebody else has ticked: in grave cases from outside the factory, outside the other expert."""
    wanted = set(criteria)
    if not wanted:
        raise StepRefused(_("Tick what you confirm."))
    with taking("confirm_closure", case, at=at, by=by) as (case, actor):
        refusal = who_confirms(case, actor)
        if refusal:
            raise StepRefused(refusal)
        waiting = ticks_of(case).filter(criterion__in=wanted, confirmed_by=None)
        mine = waiting.filter(ticked_by=by)
        if mine.exists():
            raise StepRefused(_("You ticked this yourself. Somebody else has to confirm it."))
        found = [one.criterion for one in waiting]
        if not found:
            raise StepRefused(_("There is nothing of this to confirm: it is confirmed already, or not ticked yet."))
        _refuse_missing(case, actor, found, at=at)
        waiting.update(confirmed_by=by, confirmed_at=at)
        events.record(case, EventKind.CLOSURE_CONFIRMED, by=by, at=at, contents={"criteria": sorted(found)})
    return len(found)


def who_confirms(case: Case, actor: Actor) -> Words | None:
    """Why this actor is not the one to confirm: grave cases need somebody from outside the factory."""
    if case.with_factory and case.severity in GRAVE and actor.role not in OUTSIDERS:
        return _("What happened here is grave. The outside member or a technical expert has to confirm the closing.")
    return None


def _may_confirm(case: Case, *, at: datetime) -> list[Assignment]:
    """Whom to ask to confirm. In a grave case at a factory without an outside member on it, the expert is called."""
    current = case.assignments.current().select_related("person")
    if case.with_factory and case.severity in GRAVE:
        if not current.filter(role=Role.OUTSIDE_MEMBER).exists():
            call_experts(case, at=at)
        return list(current.filter(role__in=OUTSIDERS, standing_by=False))
    return list(current.filter(standing_by=False))


def ticks_of(case: Case) -> QuerySet[ClosureTick]:
    """The ticks of this round of closing; a reopened case begins anew."""
    return case.closure_ticks.filter(round=round_of(case))


def _refuse_missing(case: Case, actor: Actor, criteria: Iterable[str], *, at: datetime) -> None:
    for criterion in criteria:
        missing = missing_of(case, actor, criterion, at=at)
        if missing:
            raise StepRefused(missing.words)


# --- Closing ------------------------------------------------------------------------------------------------------


def close(case: Case, *, by: Person, at: datetime) -> Case:
    """Close a case of which every criterion holds, was ticked by one person and confirmed by another."""
    with taking("close", case, at=at, by=by) as (case, actor):
        _refuse_missing(case, actor, Criterion.values, at=at)
        if told_of(case, Actor(), at=at).answer is False:
            raise StepRefused(NOT_TODAY)
        confirmed = set(ticks_of(case).exclude(confirmed_by=None).values_list("criterion", flat=True))
        if confirmed != set(Criterion.values):
            raise StepRefused(_("Each criterion has to be ticked by one person and confirmed by another."))
        referred = case.path == Path.REFERRED_OUT
        deadlines.meet(case, "closure_review", at=at)
        end(case, ClosingReason.REFERRED_OUT if referred else ClosingReason.COMPLETED, by=by, at=at)
    return case


def close_no_contact(case: Case, *, by: Person, at: datetime) -> Case:
    """Close a case in which three messages over at least sixty days stayed without an answer."""
    with taking("close_no_contact", case, at=at, by=by) as (case, actor):
        refusal = no_contact_refusal(case, actor, at=at)
        if refusal:
            raise StepRefused(refusal)
        deadlines.meet(case, "no_contact_close", at=at)
        end(case, ClosingReason.NO_CONTACT, by=by, at=at)
    return case


def no_contact_refusal(case: Case, actor: Actor, *, at: datetime) -> Words | None:
    """Why it cannot be closed for silence yet. What she wrote today is no silence, and is told tomorrow."""
    days = unanswered(case, actor, at=at)
    if len(days) < MESSAGES_UNANSWERED:
        return _("It is closed for silence only after three messages on different days that she has not answered.")
    if case.local_day(at) - days[0] < DAYS_UNANSWERED:
        return _("It is closed for silence only sixty days after the first message that she has not answered.")
    if deadlines.is_open(case, "urgent_contact"):
        return _("Urgent contact comes first: somebody from the outside team must have written to her.")
    missing = missing_of(case, actor, Criterion.NOTHING_OPEN, at=at)
    if missing:
        return missing.words
    return NOT_TODAY if wrote_unseen(case, actor, at=at) else None


def watch_silence(case: Case, *, at: datetime) -> None:
    """Set the day from which the case may be closed for silence, with the third message without an answer.

    Within a step that has written to her.
    """
    if deadlines.is_open(case, "no_contact_close") or case.stage == Stage.CLOSED:
        return
    if len(unanswered(case, Actor(), at=at)) >= MESSAGES_UNANSWERED:
        deadlines.set_next(case, "no_contact_close", at=at)


def close_redirected(case: Case, *, by: Person, reason: str, text: str, at: datetime) -> Case:
    """Close with a kind pointer: it is not for this channel, it is handled in another case, or elsewhere as she chose.

    She reads where it goes on. A complaint is never rejected.
    """
    if reason not in REDIRECTED:
        raise StepRefused(_("Choose where it goes on."))
    letters.require_human(text)
    with taking("close_redirected", case, at=at, by=by) as (case, actor):
        if deadlines.is_open(case, "urgent_contact"):
            raise StepRefused(_("Urgent contact comes first: somebody from the outside team must have written to her."))
        if reason == ClosingReason.DUPLICATE_LINKED and not _is_duplicate(case):
            raise StepRefused(_("First link it to the case in which it is handled, as the same complaint."))
        if reason == ClosingReason.REFERRED_OUT and case.path != Path.REFERRED_OUT:
            raise StepRefused(_("It is referred out on her decision only. Agree that path with her first."))
        missing = missing_of(case, actor, Criterion.NOTHING_OPEN, at=at)
        if missing:
            raise StepRefused(missing.words)
        letters.to_her(case, by, text, at=at)
        end(case, reason, by=by, at=at)
    return case


REDIRECTED = (ClosingReason.NOT_IN_SCOPE_REDIRECTED, ClosingReason.DUPLICATE_LINKED, ClosingReason.REFERRED_OUT)


def _is_duplicate(case: Case) -> bool:
    return any(rows.filter(kind=LinkKind.DUPLICATE).exists() for rows in (case.links, case.linked_from))


def end(case: Case, reason: str, *, at: datetime, by: Person | None = None, on: datetime | None = None) -> None:
    """End active handling: promises let go, her contact deleted, the day set on which the content ends. Within a step.

    HR data after 180 days, and how somebody is who was in a hold, are looked at all the same.
    """
    case.closing_reason, case.closed_at = reason, on or at
    case.purge_after = keep_until(case, at=at)
    case.save(update_fields=["closing_reason", "purge_after"])
    move(case, Stage.CLOSED, "")  # With its closing date: the database knows no closed case without one.
    going_on = case.checks.filter(done_on=None, dropped_on=None)
    going_on.exclude(code__in=GOES_ON).update(dropped_on=case.local_day(at))
    ending = case.deadlines.open().exclude(code__in=GOES_ON).values_list("code", flat=True)
    deadlines.drop(case, *ending, at=at) if ending else deadlines.refresh(case)
    _keep_looking(case, reason, at=at)
    Assignment.objects.filter(case=case).update(closed=True)
    events.record(case, EventKind.CLOSED, by=by, at=at, contents={"because": str(reason)})
    identity = CompartmentKind.IDENTITY
    Entry.objects.filter(key__compartment__case=case, key__compartment__kind=identity).delete()


def _keep_looking(case: Case, reason: str, *, at: datetime) -> None:
    """Only a stop leaves measures in force: what points to her ends with it, the others are looked at until they end.

    Safety steps for others may go on if they cannot point to her. Workflow, section 11.
    """
    in_force = case.interim_measures.filter(ends_on=None)
    if reason == ClosingReason.STOPPED_BY_COMPLAINANT:
        in_force.filter(code__in=InterimMeasure.POINTS_TO_HER).update(ends_on=case.local_day(at))
    if in_force.exists():
        deadlines.set_next(case, "interim_review", at=at)


# --- Opening again ------------------------------------------------------------------------------------------------


def reopen(case: Case, *, at: datetime, by: Person | None = None) -> Case:
    """Open a closed case again: she presses the button, or a handler does it after a message of hers."""
    with taking("reopen", case, at=at, by=by, her=by is None) as (case, actor):
        if is_over(case, at=at):
            raise StepRefused(_("The time of this case is over. Its content is deleted, and nothing is done with it."))
        if by is not None and not wrote_since_closing(case, actor, at=at):
            raise StepRefused(_("It is opened again only after a message of hers."))
        if by is None:
            _open_for_her(case, at=at)
        else:
            open_again(case, by=by, at=at)
    return case


def _open_for_her(case: Case, *, at: datetime) -> None:
    """What she does reaches the factory with the daily release: until then no list there shows that it is open."""
    release = case.calendar.release_after(at)
    if not case.with_factory or release <= at:
        open_again(case, at=at)
    elif case.reopens_at is None:
        case.reopens_at = release
        case.save(update_fields=["reopens_at"])


def finish_reopening(case: Case, *, at: datetime) -> Case:
    """Open at the release what she opened the day before."""
    with taking("finish_reopening", case, at=at) as (case, actor):
        if case.reopens_at is None or at < case.reopens_at:
            raise StepRefused("the release is not reached")
        open_again(case, at=at)
    return case


def finish_reopenings(*, at: datetime) -> int:
    """Open every case whose release has come; harmless when run twice or in two workers."""
    done = 0
    for case in Case.objects.filter(reopens_at__lte=at)[:500]:
        try:
            finish_reopening(case, at=at)
        except StepRefused:
            continue  # Another worker was quicker.
        done += 1
    return done


def wrote_since_closing(case: Case, actor: Actor, *, at: datetime) -> bool:
    """Whether she has written since the closing, as far as this actor may know."""
    closed = max((one.number for one in reading.events(case, EventKind.CLOSED)), default=0)
    hers = case.events.filter(kind=EventKind.MESSAGE_RECEIVED, number__gt=closed)
    return any(not actor.at_factory or released(case, one, at) for one in hers)


def open_again(case: Case, *, at: datetime, by: Person | None = None) -> None:
    """Put a closed case back where its work goes on, with new promises. Within a step that holds the lock."""
    stage, promises = _back_to(case)
    case.closing_reason, case.closed_at, case.purge_after = "", None, None
    case.closing_asked_on = case.closing_answered_on = case.reopens_at = None
    case.save(update_fields=["closing_reason", "purge_after", "closing_asked_on", "closing_answered_on", "reopens_at"])
    move(case, stage, CaseSide.REOPENED)
    events.record(case, EventKind.REOPENED, by=by, her=by is None, at=at)
    # At the factory the days count from when it can see that she has come back.
    begins = case.calendar.release_after(at) if case.with_factory and by is None else at
    checks.drop(case, CheckCode.STOPPED_CHECK_30, CheckCode.STOPPED_CHECK_90, at=at)
    deadlines.set_many(case, promises, at=begins)
    if stage == Stage.MONITORING:
        checks.plan_codes(case, [CheckCode.CHECK_30, CheckCode.CHECK_60, CheckCode.CHECK_90], at=begins)
    Assignment.objects.filter(case=case).update(closed=False)
    deadlines.refresh(case)
    _tell_handlers(case, "reopened", at=at, by=by)


def _back_to(case: Case) -> tuple[str, list[str]]:
    """Where the work goes on: where it stood in the first steps, else planning, or monitoring after an outcome."""
    done = set(case.events.values_list("kind", flat=True))
    news = ["progress_update"]
    if EventKind.ACKNOWLEDGED not in done:
        return Stage.RECEIVED, [*news, "acknowledge", "triage"]
    if case.triaged_at is None:
        return Stage.ACKNOWLEDGED, [*news, "triage"]
    if case.monitoring_on is None:
        return Stage.PLANNING, [*news, "path_agreed"]
    return Stage.MONITORING, news


def she_came_back(case: Case, *, at: datetime) -> None:
    """She has written: silence is over, and a case closed for silence opens by itself. Within her step."""
    deadlines.drop(case, "no_contact_close", at=case.calendar.at_hour(case.local_day(at), 0))
    if case.stage == Stage.CLOSED and case.closing_reason == ClosingReason.NO_CONTACT:
        _open_for_her(case, at=at)


def _tell_handlers(case: Case, kind: str, *, at: datetime, by: Person | None = None) -> None:
    """Word to who works on it: of what she did, with the daily release and without its minute."""
    current = case.assignments.current().filter(standing_by=False).select_related("person")
    due_on = case.local_day(case.next_due_at) if case.next_due_at else None
    notices.queue(
        to=[one.person for one in current if by is None or one.person_id != by.pk],
        cause=f"{kind}:{case.pk}:{case.last_event}",
        kind=kind,
        at=at if by else case.calendar.at_hour(case.local_day(at), 0),
        due_on=due_on,
        topic="case",
        topic_id=case.pk,
        send_after=case.calendar.release_after(at),
    )
