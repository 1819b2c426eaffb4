"""What the safeguarding leads' page shows: the steps of section 12 in order, their limits, and what is next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.utils.translation import gettext_lazy as _

from complaints import reading, workflow
from complaints.casecodes import EventKind, ReferralState
from complaints.codes import Words
from complaints.deadlines import FOLLOW_UPS, OF_A_HOLD
from complaints.models import Case, Check, Deadline, Referral, SafetyDecision
from complaints.workflow.referrals import Offer, seen_by, services_of, state_seen_by
from complaints.workflow.safeguarding import SOONEST, waiting_decision

DONE, NEXT, LATER, OFFER = "done", "next", "later", "offer"
BY_THE_HOUR = ("urgent_contact", "hold_decision")
_WRITTEN = (EventKind.MESSAGE_SENT, EventKind.ACKNOWLEDGED, EventKind.URGENT_CONTACTED)


@dataclass(frozen=True)
class Line:
    """One step of the path: by when, whether it is done, and where it is taken."""

    title: Words
    what: Words
    state: str = LATER  # done, next, later; `offer` for what is done only if she wants it.
    done_on: date | None = None
    due_on: date | None = None
    hour: time | None = None
    is_late: bool = False
    step: str = ""  # Its form; empty where it has none or waits for somebody else.
    page: str = ""  # The name of its page, where it has no form.


@dataclass(frozen=True)
class SafetyPage:
    lines: Sequence[Line]
    waiting: SafetyDecision | None  # A proposal that the other lead has to agree with.
    is_mine: bool  # The waiting proposal is the reader's own.
    follow_ups: Sequence[Check]


@reading.one_page
def safety_page(case: Case, actor: workflow.Actor, *, at: datetime) -> SafetyPage:
    """Read the path of one case in hold, in a handful of queries. Nothing is opened here."""
    happened = _since_the_hold(case)
    promises = {one.code: one for one in reading.open_deadlines(case) if one.code in (*OF_A_HOLD, "urgent_contact")}
    decisions = reading.safety_decisions(case)
    waiting = decisions[0] if decisions and decisions[0].agreed_at is None else None
    is_mine = waiting is not None and actor.person is not None and waiting.proposed_by_id == actor.person.pk
    follow_ups = [one for one in reading.checks(case) if one.code in FOLLOW_UPS]
    lines = [
        replace(_FIRST_LOOK, done_on=None if "urgent_contact" in promises else happened.get(EventKind.FIRST_LOOK)),
        replace(_CONTACT, done_on=min((happened[kind] for kind in _WRITTEN if kind in happened), default=None)),
        _decision(decisions, waiting, case, is_mine=is_mine),
        replace(_PLAN, done_on=happened.get(EventKind.SAFETY_PLANNED)),
        replace(_WIDER_RISK, done_on=happened.get(EventKind.WIDER_RISK)),
        _follow_up(follow_ups, case, at=at),
    ]
    codes = ("urgent_contact", "", "hold_decision", "hold_plan", "hold_review", "")
    lines = [_promised(line, promises.get(code), case, at=at) for line, code in zip(lines, codes, strict=True)]
    next_line = next((line for line in lines if line.done_on is None and (line.step or line.page)), None)
    lines = [replace(line, state=DONE if line.done_on else NEXT if line is next_line else LATER) for line in lines]
    offered = next((one.offered_on for one in reading.referrals(case)), None)
    lines[4:4] = [replace(_REFERRAL, state=DONE if offered else OFFER, done_on=offered), _AT_WORK]
    return SafetyPage(lines, waiting, is_mine, follow_ups)


def _since_the_hold(case: Case) -> dict[str, date]:
    """The first day of each kind of event since the hold began: by its opening, or with the filing."""
    opened = case.events.filter(kind=EventKind.HOLD_OPENED).order_by("-number").values_list("number", flat=True)
    since = case.events.filter(number__gte=opened.first() or 0).order_by("-number")
    return dict(since.values_list("kind", "on"))  # Walked backwards: the earliest stays.


def _decision(
    decisions: Sequence[SafetyDecision], waiting: SafetyDecision | None, case: Case, *, is_mine: bool
) -> Line:
    if waiting is None:
        agreed = [one.agreed_at for one in decisions if one.agreed_at]
        return replace(_DECISION, done_on=case.local_day(agreed[-1]) if agreed else None)
    return replace(_DECISION, step="" if is_mine else "agree_safety_decision")


def _follow_up(follow_ups: Sequence[Check], case: Case, *, at: datetime) -> Line:
    due = next((one for one in follow_ups if one.done_on is None), None)
    if due is None:
        return replace(_FOLLOW_UP, done_on=max((one.done_on for one in follow_ups if one.done_on), default=None))
    today = case.local_day(at)
    near = today >= due.due_on - SOONEST
    return replace(_FOLLOW_UP, due_on=due.due_on, is_late=today > due.due_on, step="follow_up" if near else "")


def _promised(line: Line, promise: Deadline | None, case: Case, *, at: datetime) -> Line:
    if promise is None:
        return line
    due = promise.due_at.astimezone(case.calendar.zone)
    hour = due.time() if promise.code in BY_THE_HOUR else None
    return replace(line, due_on=due.date(), hour=hour, is_late=promise.due_at < at)


_FIRST_LOOK = Line(_("First look"), _("Is anyone in danger now? Is there a safe way to answer?"), step="first_look")
_CONTACT = Line(
    _("Contact"), _("Through her page, on the same day. Beginnings to copy are there."), page="casework:messages"
)
_DECISION = Line(
    _("Decision of two leads"),
    _("Options, the risks of each, legal duties checked, and told to her before anything is passed on."),
    step="propose_safety_decision",
)
_PLAN = Line(
    _("Plan with her"),
    _("Safety, health, law, a place to stay, income, papers, language, someone she trusts, how to get in touch again."),
    step="plan_safety",
)
_REFERRAL = Line(
    _("Referral"),
    _("With her yes; under 18 with her yes and your decision in her best interests. Vetted services only."),
    page="casework:referrals",
)
_AT_WORK = Line(
    _("At work"),
    _("Only if she wants it and it is safe: measures that cannot show she spoke."),
    state=OFFER,
    step="decide_interim",
)
_WIDER_RISK = Line(
    _("Look whether others face the same"),
    _("Away from the workplace; never a raid, never through whoever placed the people."),
    step="note_wider_risk",
)
_FOLLOW_UP = Line(_("Follow-up"), _("On days 7, 30, 60, 90, 180 and 365 after the first decision."))


# --- Referrals ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReferralLine:
    """One referral as this reader may know it; the offer is there where their key opens it."""

    number: int
    referral: Referral
    state: str
    offer: Offer | None
    is_open: bool  # People may be sent to the service today.
    may_send: bool
    may_note: bool

    @property
    def label(self) -> Words:
        return ReferralState(self.state).label


def referral_lines(
    case: Case, actor: workflow.Actor, offers: Mapping[int, Offer], could: Iterable[str], *, at: datetime
) -> list[ReferralLine]:
    """Return the referrals of a case, the newest first."""
    could = set(could)
    services = services_of(offers.values(), on=case.local_day(at)) if offers else {}
    lines = []
    for number, referral in sorted(seen_by(case, actor).items(), reverse=True):
        state = state_seen_by(referral, actor, at=at)
        offer = offers.get(number)
        is_open = offer is not None and offer.provider in services and services[offer.provider][1]
        lines.append(
            ReferralLine(
                number=number,
                referral=referral,
                state=state,
                offer=offer,
                is_open=is_open,
                may_send=state == ReferralState.AGREED and is_open and "send_referral" in could,
                may_note=referral.sent_on is not None and "note_referral" in could,
            )
        )
    return lines


# --- The next step of a case --------------------------------------------------------------------------------------


def unwanted(case: Case, actor: workflow.Actor, could: set[str], *, at: datetime) -> set[str]:
    """The steps of this path that the table allows but nobody needs now."""
    found = set()
    if could & {"send_referral", "note_referral"}:
        referrals = seen_by(case, actor).values()
        if not any(state_seen_by(one, actor, at=at) == ReferralState.AGREED for one in referrals):
            found.add("send_referral")
        if not any(one.sent_on and not one.followed_up_on for one in referrals):
            found.add("note_referral")
    if "follow_up" in could:
        near = case.local_day(at) + SOONEST
        planned = [one for one in reading.checks(case) if one.code in FOLLOW_UPS and one.done_on is None]
        if not any(one.due_on <= near for one in planned):
            found.add("follow_up")
    if "agree_safety_decision" in could:
        waits = waiting_decision(case)
        if waits is None or actor.person is None or waits.proposed_by_id == actor.person.pk:
            found.add("agree_safety_decision")
    return found


NEXT_STEPS = ("propose_safety_decision", "plan_safety", "note_wider_risk", "note_referral", "propose_lift")


def is_due(name: str, case: Case, promises: Iterable[str]) -> bool:
    """Whether a step of this path is the next thing; the others stay possible beside it."""
    open_codes = set(promises)
    if name == "propose_safety_decision":
        return "hold_decision" in open_codes and waiting_decision(case) is None
    if name == "plan_safety":
        return "hold_plan" in open_codes
    if name == "note_wider_risk":
        return "hold_review" in open_codes
    if name == "propose_lift":  # What was agreed with her begins only after the hold.
        return bool(case.path) and not open_codes & {*OF_A_HOLD, "urgent_contact"}
    return False
