"""What she is asked on top of her page: one sentence and one button each. A subject adds its own function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints import reading, workflow
from complaints.casecodes import ReferralState
from complaints.codes import Consent, Path, Side, Stage, Words
from complaints.models import Appeal, Case
from complaints.selectors.promised import promised_to_her
from complaints.selectors.promises import day_words
from complaints.workflow import checks
from complaints.workflow.concern_needs import open_handling


@dataclass(frozen=True)
class Ask:
    """One question to her. It waits for as long as she likes; nothing is lost if she never answers."""

    words: Words
    button: Words
    page: str  # Name of the address that answers it.
    args: tuple[object, ...] = ()

    @property
    def address(self) -> str:
        return reverse(f"complaints:{self.page}", args=list(self.args))


# What the case asks of her now, given the steps she may take.
Asker = Callable[[Case, frozenset[str], datetime], Iterable[Ask]]


def about_offers(case: Case, may: frozenset[str], at: datetime) -> Iterable[Ask]:
    """A service that waits for her answer, and how it was where she may have been."""
    if "answer_referral" not in may:
        return
    rows = [(one.state, one.sent_on, one.reached) for one in reading.referrals(case)]
    if any(state == ReferralState.OFFERED for state, _sent, _reached in rows):
        yield Ask(_WANTED, _LOOK, "my_offers")
    latest = case.local_day(at) - HOW_AFTER
    if any(sent and sent <= latest and reached is None for _state, sent, reached in rows):
        yield Ask(_HOW, _SAY, "my_offers")


HOW_AFTER = timedelta(days=7)  # By then she may have been there.
_WANTED: Words = _("The helper found somebody who could help you. Do you want it? You decide.")
_LOOK: Words = _("Look at it")
_HOW: Words = _("Did you reach them? How was it for you?")
_SAY: Words = _("Tell how it was")


# --- The result, who handles it, and who may be told ---------------------------------------------------------------

GROUNDS: dict[str, Words] = {
    Appeal.Ground.NEW_INFORMATION: _("There is something new that they did not know."),
    Appeal.Ground.STEP_NOT_FOLLOWED: _("Something was left out: they did not do what they said."),
    Appeal.Ground.UNFAIR: _("It was not fair."),
    Appeal.Ground.TOO_WEAK: _("What they want to do is not enough."),
    Appeal.Ground.CONFLICT: _("Somebody who decided is close to the person."),
}


def appeal_until(case: Case) -> str:
    """The last day on which she may say that she does not agree, as she reads it; empty before a result."""
    return day_words(workflow.last_day(case, case.outcome_told_on)) if case.outcome_told_on else ""


def about_result(case: Case, may: frozenset[str], at: datetime) -> Iterable[Ask]:
    """The result is there, and she may not agree with it."""
    if "appeal" in may:
        words = _DISAGREE % {"day": appeal_until(case)}
        yield Ask(words, _LOOK_AGAIN, "my_again")


def about_other_hands(case: Case, may: frozenset[str], at: datetime) -> Iterable[Ask]:
    """The outside helper offered that somebody else takes it over, because she is not content with the handling."""
    if "want_other_helper" in may:
        yield Ask(_OTHER_HELPER, _LOOK, "my_helper")
    elif "move_outside" in may and any(one.offered_on for one in open_handling(case)):
        yield Ask(_TAKE_OVER, _LOOK, "my_place")


def about_telling(case: Case, may: frozenset[str], at: datetime) -> Iterable[Ask]:
    """Asked when it is needed: before the person is asked about it, and of a kept case, whether others fit."""
    if "change_consents" not in may:
        return
    kept = case.side == Side.KEPT
    ahead = case.stage in (Stage.TRIAGE, Stage.PLANNING, Stage.FACT_FINDING) and case.path in ("", Path.FORMAL_INQUIRY)
    if not kept and (not ahead or case.side):
        return
    answered = workflow.consents_of(case)
    if kept and Consent.MATCH_PATTERN not in answered:
        yield Ask(_COMPARE, _DECIDE, "my_wish", ("others",))
    if not kept and Consent.TELL_RESPONDENT not in answered:
        yield Ask(_TELL_HIM, _DECIDE, "my_wish", ("him",))


_DISAGREE: Words = _("There is a result: read the message below. If you do not agree, you can say so until %(day)s.")
_LOOK_AGAIN: Words = _("I don't agree with the result")
_OTHER_HELPER: Words = _("The outside helper offers that another helper takes it over. You decide.")
_TAKE_OVER: Words = _("The outside helper offers to take it over. Then nobody in the factory can open it. You decide.")
_COMPARE: Words = _("May we compare it with what others told? You decide.")
_TELL_HIM: Words = _("If somebody asks the person about it: may he be told what you said he did? You decide.")
_DECIDE: Words = _("Read and decide")


def about_checks(case: Case, may: frozenset[str], at: datetime) -> Iterable[Ask]:
    """How she is, from three days before the day of a check on, by itself and without any handler."""
    if "answer_check" in may and any(one.answered_on is None for one in checks.near_now(case, at=at)):
        yield Ask(_HOW_ARE_YOU, _TWO_TAPS, "my_how")


_HOW_ARE_YOU: Words = _("We want to know how you are now.")
_TWO_TAPS: Words = _("Answer with two taps")


def about_the_end(case: Case, may: frozenset[str], at: datetime) -> Iterable[Ask]:
    """May it be closed, and is she safe? And once, how it was for her."""
    if "answer_closing" in may:
        yield Ask(_MAY_WE_FINISH, _ANSWER, "my_end")
    elif "say_how_it_was" in may:
        yield Ask(_HOW_WAS_IT, _FACES, "my_faces")


_MAY_WE_FINISH: Words = _("We ask you: may we finish, and are you safe?")
_ANSWER: Words = _("Answer")
_HOW_WAS_IT: Words = _("How was this for you? You need not say it.")
_FACES: Words = _("Tap one of five faces")

# --- What was promised, and what the factory may read ---------------------------------------------------------------


def about_promises(case: Case, may: frozenset[str], at: datetime) -> Iterable[Ask]:
    """Whether something that should have happened has; and in an outside case, whether the factory may read it."""
    if "confirm_remedy" in may and any(one.asks for one in promised_to_her(case, at=at)):
        yield Ask(_HAPPENED, _TELL_US, "my_done")
    if "answer_recommendation" in may and workflow.standing_of(case).may_pass_on is None:
        yield Ask(_READ_IT, _DECIDE, "my_papers")


_HAPPENED: Words = _("Something was promised to you. Has it happened?")
_TELL_US: Words = _("Tell us")
_READ_IT: Words = _("The outside helper recommends what should happen. May the factory read it? You decide.")

ASKERS: tuple[Asker, ...] = (
    about_result,
    about_other_hands,
    about_telling,
    about_offers,
    about_checks,
    about_the_end,
    about_promises,
)


def asks_of(case: Case, may: frozenset[str], *, at: datetime) -> tuple[Ask, ...]:
    return tuple(ask for asker in ASKERS for ask in asker(case, may, at))
