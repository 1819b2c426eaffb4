"""Her promises in her words: by which day what happens, and what happens by itself if it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from complaints.codes import FactorySide, Words
from complaints.deadlines import FOLLOW_UPS, WINDOWS
from complaints.models import Case, Deadline, Rung
from factories.clock import Level

CHECKS = ("check_14", "check_30", "check_60", "check_90")
PROMISED: dict[str, Words] = {
    "acknowledge": _lazy("By %(day)s a person answers you here."),
    "triage": _lazy("By %(day)s somebody looks at what is needed first."),
    "urgent_contact": _lazy("By %(day)s somebody from outside the factory writes to you here."),
    "interim_measures_urgent": _lazy("By %(day)s it is decided what keeps you safe at work."),
    "interim_measures": _lazy("By %(day)s it is decided what keeps you safe at work."),
    "interim_review": _lazy("By %(day)s somebody looks again at whether you are safe at work."),
    "path_agreed": _lazy("By %(day)s we agree with you how to go on."),
    "respondent_told": _lazy("By %(day)s the person is told what you agreed to. Not more."),
    "inquiry_complete": _lazy("By %(day)s we have asked everybody who may know something."),
    "finding": _lazy("By %(day)s we say what we think happened."),
    "conflict_question": _lazy("By %(day)s somebody asks you one question here."),
    "progress_update": _lazy("By %(day)s you find news here."),
    "hold_decision": _lazy("By %(day)s two special helpers think together with you about what keeps you safe."),
    "hold_plan": _lazy("By %(day)s a special helper makes a plan with you."),
    **dict.fromkeys(FOLLOW_UPS, _lazy("By %(day)s a helper asks you how you are.")),
    **dict.fromkeys(CHECKS, _lazy("By %(day)s we ask you how you are, and whether anything at work became worse.")),
    "records_review_180": _lazy("By %(day)s the outside helper looks whether anything at work became worse for you."),
    "decision": _lazy("By %(day)s it is decided what follows."),
    "outcome_told": _lazy("By %(day)s you read the result here."),
    "overall_feedback": _lazy("By %(day)s you read here what was done for you."),
    "remedy_done": _lazy("By %(day)s something that was promised to you is done."),
    "no_reply_least_intrusive": _lazy("We asked you something. You can answer until %(day)s. Then we go on with care."),
    "appeal_decision": _lazy("By %(day)s somebody new has looked at it again and tells you here."),
}
_LATE: Words = _lazy("This was promised for %(day)s: %(promise)s")
_SHORT: dict[str, Words] = {
    "acknowledge": _lazy("A person answers you."),
    "triage": _lazy("Somebody looks at what is needed first."),
    "urgent_contact": _lazy("Somebody from outside the factory writes to you."),
    "interim_measures_urgent": _lazy("It is decided what keeps you safe at work."),
    "interim_measures": _lazy("It is decided what keeps you safe at work."),
    "interim_review": _lazy("Somebody looks again at whether you are safe at work."),
    "path_agreed": _lazy("We agree with you how to go on."),
    "respondent_told": _lazy("The person is told what you agreed to. Not more."),
    "inquiry_complete": _lazy("We have asked everybody who may know something."),
    "finding": _lazy("We say what we think happened."),
    "conflict_question": _lazy("Somebody asks you one question."),
    "progress_update": _lazy("You find news here."),
    "hold_decision": _lazy("Two special helpers think together with you about what keeps you safe."),
    "hold_plan": _lazy("A special helper makes a plan with you."),
    **dict.fromkeys(FOLLOW_UPS, _lazy("A helper asks you how you are.")),
    **dict.fromkeys(CHECKS, _lazy("We ask you how you are, and whether anything at work became worse.")),
    "records_review_180": _lazy("The outside helper looks whether anything at work became worse for you."),
    "decision": _lazy("It is decided what follows."),
    "outcome_told": _lazy("You read the result here."),
    "overall_feedback": _lazy("You read here what was done for you."),
    "remedy_done": _lazy("Something that was promised to you is done."),
    "appeal_decision": _lazy("Somebody new looks at it again and tells you here."),
}
_OF_THE_LEADS = "safeguarding_lead_or_technical_expert"
_OUTSIDE_OWNERS = (
    "technical_expert",
    "technical_expert_or_safeguarding_lead",
    "outside_member_or_technical_expert",
    _OF_THE_LEADS,
)


@dataclass(frozen=True)
class Promise:
    """One promise: what by when, whether it is late, and what follows by itself, day by day."""

    code: str
    words: str
    due_on: date
    late: bool
    told_late: bool  # L2c has risen: she is told, and offered to move her case.
    told_outside: bool  # L3 or L4 has risen: the roads outside stand beside it.
    follows: tuple[str, ...]


def promises_of(case: Case, deadlines: Sequence[Deadline], *, at: datetime) -> list[Promise]:
    """Return the open promises that still run, the earliest first. `deadlines` come with their rungs."""
    running = [
        deadline
        for deadline in deadlines
        if deadline.code in PROMISED and not (deadline.met_at or deadline.dropped_at or deadline.paused_at)
        if deadline.code not in WINDOWS or deadline.due_at >= at  # A window that is over is no promise broken.
    ]
    running.sort(key=lambda one: one.due_at)
    # Of six follow-ups the next one is a promise; the others are far away.
    later = [deadline for deadline in running if deadline.code in FOLLOW_UPS][1:]
    return [_promise(case, deadline, at=at) for deadline in running if deadline not in later]


def _promise(case: Case, deadline: Deadline, *, at: datetime) -> Promise:
    due_on = case.local_day(deadline.due_at)
    late = deadline.due_at < at
    rungs: list[Rung] = list(deadline.rungs.all())
    if late:
        words = str(_LATE) % {"day": day_words(due_on), "promise": _SHORT[deadline.code]}
    else:
        words = str(PROMISED[deadline.code]) % {"day": day_words(due_on)}
    follows = []
    for rung in sorted(rungs, key=lambda one: one.rises_at):
        sentence = _what_follows(case, deadline, rung)
        if sentence and not rung.dropped_at:
            follows.append(sentence % {"day": day_words(case.local_day(rung.raised_at or rung.rises_at))})
    told_late = any(rung.level == Level.L2C and rung.raised_at for rung in rungs)
    told_outside = any(rung.level in (Level.L3, Level.L4) and rung.raised_at for rung in rungs)
    return Promise(deadline.code, words, due_on, late, told_late, told_outside, tuple(follows))


def day_words(day: date) -> str:
    """A day as she reads it."""
    return date_format(day, "l j F")


def _what_follows(case: Case, deadline: Deadline, rung: Rung) -> str:
    """One level of the ladder in her words; empty for reminders and for what stands in the level beside it."""
    done = bool(rung.raised_at)
    match rung.level:
        case Level.L1:
            return _second(case, deadline, done=done)
        case Level.L2 if case.with_factory and deadline.owner != _OF_THE_LEADS:
            if done:
                return _("%(day)s: the advisors outside the factory were told. They see no words of yours.")
            return _("%(day)s: the advisors outside the factory are told. They see no words of yours.")
        case Level.L2:
            if done:
                return _("%(day)s: the heads of the outside organisation were told.")
            return _("%(day)s: the heads of the outside organisation are told.")
        case Level.L3:
            if done:
                return _("%(day)s: the outside helper was told.")
            return _("%(day)s: the outside helper is told.")
        case Level.L4 if case.with_factory:
            return _("%(day)s: people from outside talk with the top managers about being late. Never about you.")
        case Level.L4:
            return _("%(day)s: the heads of the outside organisations talk with each other about it.")
    return ""


def _second(case: Case, deadline: Deadline, *, done: bool) -> str:
    if case.in_hold:
        return (
            _("%(day)s: a second special helper was told.") if done else _("%(day)s: a second special helper is told.")
        )
    if not case.with_factory or deadline.owner in _OUTSIDE_OWNERS:
        return (
            _("%(day)s: a second outside helper was told.") if done else _("%(day)s: a second outside helper is told.")
        )
    if case.factory_side == FactorySide.CHAIR_AND_OUTSIDE_MEMBER:
        if done:
            return _("%(day)s: the committee member from outside the factory was told.")
        return _("%(day)s: the committee member from outside the factory is told.")
    if done:
        return _("%(day)s: the head of the committee was told.")
    return _("%(day)s: the head of the committee is told.")
