"""What the page of one case shows without opening anything: promises, people, measures, the next step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints import fasttrack, reading, workflow
from complaints.casecodes import FACTORY_ROLES, Author, EntryKind, EventKind, Role
from complaints.casewords import promise, rises
from complaints.codes import CompartmentKind, Consent, Route, Stage, Words
from complaints.deadlines import OF_THE_LEADS, OUTSIDE_ONLY, WINDOWS
from complaints.models import (
    Assignment,
    Case,
    ConflictDeclaration,
    Deadline,
    Entry,
    Event,
    Grant,
    InterimMeasure,
    Rung,
)
from complaints.selectors import checks, closing, outcome, safety
from complaints.selectors.discipline import FastTrackCard, LegalDate, fast_track_card, legal_dates
from complaints.workflow.concern_needs import open_handling
from complaints.workflow.fairness import next_step
from complaints.workflow.step import COMMITTEE
from factories import clock

OUTSIDE = (Role.TECHNICAL_EXPERT, Role.SAFEGUARDING_LEAD)
REMINDERS = (clock.Level.REMINDER_BEFORE, clock.Level.REMINDER_DUE)
SOON = timedelta(days=2)  # Before that, what is promised is no next step yet.
# Beside the next one, they stand in their own order on the page of the inquiry.
OF_AN_INQUIRY = (
    "assign",  # Where somebody is missing who could run it.
    "begin_inquiry",
    "tell_respondent",
    "note_reply",
    "hear",
    "add_paper",
    "ask_comments",
    "note_comment",
    "complete_inquiry",
    "find",
)
# In the order in which they should be offered: the first one that is open to the reader comes first on the page.
ORDER = (
    "declare_conflict",
    "first_look",
    "answer_concern",
    "decide_conflict",
    "decide_appeal",
    "give_to_reviewer",
    "hand_on",
    "ask_conflict_question",
    "answer_conflict_question",
    "acknowledge",
    "confirm_danger",
    "agree_safety_decision",
    "propose_safety_decision",
    "plan_safety",
    "follow_up",
    "send_referral",
    "lift_hold",
    "triage",
    "agree_path",
    "decide_interim",
    "review_interim",
    *checks.NEXT,
    *OF_AN_INQUIRY,
    *outcome.STEPS,
    "note_wider_risk",
    "note_referral",
    "propose_lift",
    *closing.NEXT,
    "send_message",
)
# An expert who was called to a factory's case: the work is the factory's, the word to her is theirs.
CALLED = (
    "first_look",
    "follow_up",
    "answer_concern",
    "confirm_closure",
    "decide_conflict",
    "ask_conflict_question",
    "review_hr",
    "send_message",
)
BESIDE = (
    "send_message",
    "add_note",
    *(name for name in ORDER if name not in ("send_message", "hand_on", *OF_AN_INQUIRY)),
    "note_appeal",
    "assign",
    "hand_on",
    "share_again",
    "find_declaration_false",
    "note_breach",
    "note_check",
    "note_retaliation",
    "offer_referral",
    "open_hold",
    "note_legal_duty",
    "propose_handover",
    "match_factory",
    "match_name",
    "link_cases",
    "classify",
    "close_redirected",
    "place_legal_hold",
    "end_legal_hold",
)


@dataclass(frozen=True)
class Promise:
    """One promise of a case in the reader's words."""

    label: Words
    due_on: date
    hour: time | None  # Only limits in clock hours have one, and factory users see their day.
    is_late: bool
    days_late: int
    is_paused: bool
    paused_until: date | None  # It waits for her answer; without a day something else holds it.
    is_short: bool = False  # On the fast track.
    next_words: Words = ""
    next_on: date | None = None


@dataclass(frozen=True)
class OnCaseLine:
    """Somebody on the case, what their key should open and does not, and whether they said they are in conflict."""

    assignment: Assignment
    key_state: str
    lacks: frozenset[str]
    declaration: ConflictDeclaration | None

    @property
    def lost_access(self) -> bool:
        """Works on the case, but their key does not open all that their place on it should."""
        return bool(self.lacks)

    def may_get_again_from(self, actor: workflow.Actor) -> bool:
        """Whether this actor could share again: with a colleague whose new key is vouched for."""
        return self.lost_access and self.key_state == "vouched" and self.assignment.person_id != _pk(actor)


@dataclass(frozen=True)
class CasePage:
    """The page of one case, before anything is opened."""

    promises: Sequence[Promise]
    people: Sequence[OnCaseLine]
    measures: Sequence[InterimMeasure]
    legal: Sequence[LegalDate]
    next_step: str
    steps: Sequence[str]
    waiting_for_answer: bool
    review_on: date | None = None  # When the interim measures are looked at again.
    fast_track: FastTrackCard | None = None
    talk_stopped_on: date | None = None  # She stopped the talk, and no other path is agreed yet.
    told_badly_treated: bool = False  # Word of retaliation is open, as far as this reader may know.
    missing_need: Words = field(default="")
    links: Sequence[workflow.Link] = ()  # For chair and expert.


@reading.one_page
def case_page(case: Case, actor: workflow.Actor, *, at: datetime) -> CasePage:
    """Read everything the page of a case shows, in a constant number of queries."""
    open_promises = [
        one
        for one in reading.open_deadlines(case)
        if shows(one, case, actor) and not (actor.at_factory and begins_later(one, at=at))
        if one.due_at >= at or one.code not in ("appeal_window", "no_reply_least_intrusive")  # Over, and nobody's step.
    ]
    people = people_on(case)
    if actor.at_factory and not _called_openly(case):
        people = [one for one in people if one.assignment.role not in OUTSIDE]
    if actor.at_factory:
        # Called from outside by what she told today: seen here from the release on.
        people = [one for one in people if not (one.assignment.role in OUTSIDE and one.assignment.visible_from > at)]
    measures = reading.measures(case)
    could = workflow.allowed(case, actor, at=at)
    offered = _offered(case, actor, could, open_promises, people, measures, at=at)
    offered -= safety.unwanted(case, actor, could, at=at)
    looks = checks.now(case, actor, could, at=at)
    offered -= looks.unwanted
    rows = outcome.rows_of(case, actor, at=at)
    offered -= outcome.unwanted(case, actor, could, rows, at=at)
    she_wrote_last = _she_wrote_last(case, actor, at=at)
    soon = {deadline.code for deadline in open_promises if deadline.due_at <= at + SOON}
    order: tuple[str, ...] = CALLED if actor.role == Role.TECHNICAL_EXPERT and case.with_factory else ORDER
    told_badly_treated = checks.told_open(case, at_factory=actor.at_factory, at=at)
    if told_badly_treated and order is ORDER and any(one.code == "interim_measures_urgent" for one in open_promises):
        order = ("declare_conflict", "decide_interim", *ORDER)  # She is paying for having told: nothing comes before.
    inquiry = next_step(case, at=at)
    follows = outcome.due_steps(case, actor, offered, rows, soon, at=at)
    ends = closing.due(case, actor, offered, {deadline.code for deadline in open_promises}, at=at)

    def is_next(name: str) -> bool:
        if name in closing.NEXT or name in ends:
            return name in ends
        if name in checks.NEXT:
            return name in looks.due
        if name in outcome.STEPS:
            return name in follows
        return name == inquiry if name in OF_AN_INQUIRY else _is_due(name, case, open_promises, soon, she_wrote_last)

    first = next((name for name in order if name in offered and is_next(name)), "")
    return CasePage(
        promises=_promises(case, open_promises, actor, at=at),
        people=people,
        measures=measures,
        legal=legal_dates(case, at=at),
        fast_track=fast_track_card(case),
        talk_stopped_on=_talk_stopped_on(case),
        next_step=first,
        steps=[name for name in BESIDE if name in offered and name != first],
        waiting_for_answer=she_wrote_last,
        review_on=next((case.local_day(one.due_at) for one in open_promises if one.code == "interim_review"), None),
        told_badly_treated=told_badly_treated,
        links=workflow.links_of(case, actor, at=at),
    )


def _talk_stopped_on(case: Case) -> date | None:
    if case.stage != Stage.PLANNING or case.path:
        return None
    return max((one.on for one in reading.events(case, EventKind.TALK_STOPPED)), default=None)


def _called_openly(case: Case) -> bool:
    """Whether the factory may know that the outside team looks on: it is urgent, or the factory was very late.

    Whoever came because she is not content with the handling is no news for the people who handle it.
    """
    if case.urgent_outside:
        return not case.urgent_waits
    raised = reading.events(case, EventKind.RUNG_RAISED)
    return any((one.contents or {}).get("level") == clock.Level.L3 for one in raised)


def shows(deadline: Deadline, case: Case, actor: workflow.Actor) -> bool:
    """A factory user sees no promise of the outside team, and none of their own before the release."""
    if actor.role == Role.APPEAL_REVIEWER:
        return deadline.code == "appeal_decision"  # Their own step, and nothing of anybody else's.
    if not actor.at_factory:
        return True
    if case.appeal_waits and deadline.code == "appeal_decision":
        return False
    return deadline.code not in OUTSIDE_ONLY and not (case.urgent_waits and deadline.code == "interim_measures_urgent")


def begins_later(deadline: Deadline, *, at: datetime) -> bool:
    """A promise that begins at the release: before it, no page at the factory shows that there is one."""
    return deadline.code == "interim_measures_urgent" and deadline.starts_at > at


def _is_due(name: str, case: Case, promises: Sequence[Deadline], soon: set[str], she_wrote_last: bool) -> bool:
    """A step comes first only while it is really next; it may stay possible beside."""
    if name in safety.NEXT_STEPS:
        return safety.is_due(name, case, (deadline.code for deadline in promises))
    if name == "first_look":
        return any(deadline.code == "urgent_contact" for deadline in promises)
    if name == "confirm_danger":
        return case.danger_confirmed_at is None
    if name == "decide_interim":
        return case.interim_decided_at is None or any(one.code == "interim_measures_urgent" for one in promises)
    if name == "review_interim":
        return "interim_review" in soon
    if name == "agree_path":
        return not case.path
    if name == "answer_concern":
        return any(one.answered_on is None for one in open_handling(case))
    if name == "hand_on":  # She wants another outside helper.
        return not case.with_factory and any(one.wanted_on for one in reading.concerns(case))
    if name == "send_message":
        return she_wrote_last or "progress_update" in soon
    return True


def _offered(
    case: Case,
    actor: workflow.Actor,
    could: set[str],
    promises: Sequence[Deadline],
    people: Sequence[OnCaseLine],
    measures: Sequence[InterimMeasure],
    *,
    at: datetime,
) -> set[str]:
    """Leave out what the table allows but nobody needs now."""
    codes = {deadline.code for deadline in promises}
    asks = case.job_not_stated and case.conflict_answered_on is None and case.with_factory
    waiting = [one for one in people if _waits(one.declaration) and one.assignment.person_id != _pk(actor)]
    signed = any(one.declaration for one in people if one.assignment.person_id == _pk(actor))
    lost = any(one.may_get_again_from(actor) for one in people)
    unwanted = {
        "declare_conflict": signed or not actor.signs,
        "give_to_reviewer": any(one.assignment.role == Role.APPEAL_REVIEWER for one in people),
        "decide_conflict": not waiting,
        "find_declaration_false": not any(one.declaration and one.assignment.person_id != _pk(actor) for one in people),
        "ask_conflict_question": not asks or "conflict_question" not in codes,
        "answer_conflict_question": not asks or "conflict_question" in codes,
        "first_look": "urgent_contact" not in codes,
        "review_interim": not measures,
        "share_again": not lost,
        "propose_lift": case.lift_proposed_by_id is not None,
        "lift_hold": case.lift_proposed_by_id is None or case.lift_proposed_by_id == _pk(actor),
        "propose_handover": case.route == Route.OUTSIDE_ONLY or case.factory_id is None,
        "match_name": case.factory_id is None,
        "link_cases": actor.at_factory and "link_cases" in could and not workflow.may_be_compared(case, actor, at=at),
        **closing.unwanted(case, actor, could, codes, at=at),
    }
    return {name for name in could if not unwanted.get(name, False)}


def _pk(actor: workflow.Actor) -> object:
    return actor.person.pk if actor.person else None


def _waits(declaration: ConflictDeclaration | None) -> bool:
    return declaration is not None and declaration.may_handle is None


def _promises(case: Case, promises: Sequence[Deadline], actor: workflow.Actor, *, at: datetime) -> list[Promise]:
    rungs: dict[object, Rung] = {}
    rising = Rung.objects.waiting().filter(deadline__in=promises, rises_at__gt=at)
    for rung in rising.exclude(level__in=REMINDERS).order_by("rises_at", "level"):
        rungs.setdefault(rung.deadline_id, rung)
    limits = clock.limits(case.country_id)
    waits_until = workflow.waits_until(case, promises)
    found = []
    for deadline in promises:
        day = case.local_day(deadline.due_at)
        late = deadline.due_at < at and deadline.paused_at is None and deadline.code not in WINDOWS
        theirs = case.with_factory and deadline.code not in OF_THE_LEADS
        rises_next = rungs.get(deadline.pk)
        by_the_hour = deadline.code in limits and limits[deadline.code].in_clock_hours and not actor.at_factory
        found.append(
            Promise(
                label=promise(deadline.code),
                due_on=day,
                hour=deadline.due_at.astimezone(case.calendar.zone).time() if by_the_hour else None,
                is_late=late,
                days_late=max((case.local_day(at) - day).days, 1) if late else 0,
                is_paused=deadline.paused_at is not None,
                paused_until=waits_until if deadline.paused_at else None,
                is_short=fasttrack.is_short(case, deadline.code),
                next_words=rises(rises_next.level, with_factory=theirs) if rises_next else "",
                next_on=case.local_day(rises_next.rises_at) if rises_next else None,
            )
        )
    return found


def people_on(case: Case) -> list[OnCaseLine]:
    """Return who works on the case now; whoever only stands by is not named. A constant number of queries."""
    current = [one for one in reading.current(case) if not one.standing_by]
    held: dict[object, set[str]] = defaultdict(set)
    for grant in reading.grants(case):
        if grant.usable:
            held[grant.person].add(grant.kind)
    declared = {one.person_id: one for one in reading.declarations(case)}
    should: dict[str, set[str]] = {}
    found = []
    for assignment in current:
        # What one handler at the factory may hold, each of them may: asked once.
        role = COMMITTEE[0] if assignment.role in COMMITTEE else assignment.role
        if role not in should:
            should[role] = set(workflow.kinds_for(case, role))
        found.append(
            OnCaseLine(
                assignment,
                "vouched" if assignment.key_vouched else "pending",
                frozenset(should[role] - held[assignment.person_id]),
                declared.get(assignment.person_id),
            )
        )
    return found


def _she_wrote_last(case: Case, actor: workflow.Actor, *, at: datetime) -> bool:
    messages = Entry.objects.filter(
        key__compartment__case=case, key__compartment__kind=CompartmentKind.INBOX, kind=EntryKind.MESSAGE
    )
    if actor.at_factory:
        messages = messages.released(at=at)
    last = messages.order_by("-number").values_list("author_kind", flat=True).first()
    return last == Author.COMPLAINANT


# --- What is open, what is shut, and why --------------------------------------------------------------------------


@dataclass(frozen=True)
class Door:
    """One compartment as the reader finds it."""

    kind: str
    label: Words
    state: str  # open, kept_closed, not_yet, missing


LABELS: dict[str, Words] = {
    CompartmentKind.STORY: _("What she told"),
    CompartmentKind.CIRCUMSTANCES: _("Where, when and how often"),
    CompartmentKind.RESPONDENT: _("Who it was"),
    CompartmentKind.IDENTITY: _("Her name and how to reach her"),
    CompartmentKind.FREEDOM: _("Danger, age and freedom"),
    CompartmentKind.PICTURES: _("Pictures she added"),
    CompartmentKind.INBOX: _("Messages"),
    CompartmentKind.RECORD: _("Record"),
    CompartmentKind.FINDING: _("Finding"),
}


def doors_of(
    case: Case,
    role: str,
    kinds: Iterable[str],
    doors: Iterable[str],
    held: Iterable[str],
    later: Iterable[str] = (),
) -> list[Door]:
    """Say of each compartment whether it is open to this reader, and if not, why. One query.

    To a factory user danger, age and freedom are no door at all, open or shut.
    """
    doors, held = set(doors), set(held)
    may = set(workflow.kinds_for(case, role)) - set(later)
    found = []
    for kind in kinds:
        if kind == CompartmentKind.FREEDOM and role in FACTORY_ROLES:
            continue
        if kind in doors:
            state = "open"
        elif kind in held:
            state = "not_yet"
        elif kind in may:
            state = "missing"
        else:
            state = "kept_closed"
        found.append(Door(kind, LABELS[kind], state))
    return found


# --- Events -------------------------------------------------------------------------------------------------------

# What a factory user reads of a case's chain; the rest could tell what set `urgent_outside`, or that she was here.
FACTORY_READS = (
    EventKind.COMPLAINT_FILED,
    EventKind.ACKNOWLEDGED,
    EventKind.CONFLICT_DECLARED,
    EventKind.CONFLICT_DECIDED,
    EventKind.CONFLICT_QUESTION,
    EventKind.CONFLICT_ANSWERED,
    EventKind.TRIAGED,
    EventKind.INTERIM_DECIDED,
    EventKind.INTERIM_REVIEWED,
    EventKind.PATH_AGREED,
    EventKind.FAST_TRACK,
    EventKind.TALK_STOPPED,
    EventKind.WAIT_ENDED,
    EventKind.INQUIRY_BEGUN,
    EventKind.RESPONDENT_TOLD,
    EventKind.RESPONDENT_REPLIED,
    EventKind.HEARD,
    EventKind.PAPER_ADDED,
    EventKind.COMMENTS_ASKED,
    EventKind.COMMENTED,
    EventKind.INQUIRY_COMPLETED,
    EventKind.FINDING_MADE,
    EventKind.NOTE_ADDED,
    EventKind.MESSAGE_SENT,
    EventKind.MESSAGE_RECEIVED,
    EventKind.PICTURE_ADDED,
    EventKind.CONSENT_CHANGED,
    EventKind.STOP_ASKED,
    EventKind.STOP_TAKEN_BACK,
    EventKind.CLOSED,
    EventKind.HANDED_TO_FACTORY,
    EventKind.ASSIGNED,
    EventKind.ASSIGNMENT_ENDED,
    EventKind.GRANT_SHARED,
    EventKind.REFERRAL_OFFERED,
    EventKind.REFERRAL_ANSWERED,
    EventKind.REFERRAL_NOTED,
    EventKind.RUNG_RAISED,
    EventKind.APPEAL_OPENED,
    EventKind.APPEAL_GIVEN,
    EventKind.APPEAL_DECIDED,
)
# Consents that concern nobody at the factory: what she asks of the outside team is not told there.
NOT_THEIRS = (Consent.EXPERT_REVIEW, Consent.REFER_SERVICE, Consent.MATCH_PATTERN)
BEGINS_AT_FACTORY = (EventKind.HANDED_TO_FACTORY, EventKind.ROUTE_CHOSEN)


def timeline(case: Case, *, at_factory: bool, at: datetime, limit: int = 200) -> list[Event]:
    """Return what happened, newest first. A factory user reads from the day the factory had the case, and of what
    she did only what the daily release has reached."""
    events = case.events.exclude(kind=EventKind.COMPARTMENT_OPENED).select_related("actor").order_by("-number")
    if at_factory:
        begun = max((one.number for one in reading.events(case, *BEGINS_AT_FACTORY)), default=0)
        events = events.filter(kind__in=FACTORY_READS, number__gte=begun).filter(
            ~Q(actor_kind=Author.COMPLAINANT) | Q(on__lte=_released_until(case, at)) | Q(kind=EventKind.COMPLAINT_FILED)
        )
        events = events.exclude(kind=EventKind.CONSENT_CHANGED, contents__consent__in=NOT_THEIRS)
        # A late step of the outside team would tell of danger, or of a hold that is over.
        events = events.exclude(kind=EventKind.RUNG_RAISED, contents__deadline__in=OUTSIDE_ONLY)
    return list(events[:limit])


def words_deleted_on(case: Case, *, at_factory: bool, at: datetime) -> date | None:
    """The day her words were deleted, once this reader may know it."""
    day = case.words_deleted_on
    return day if day and (not at_factory or day <= _released_until(case, at)) else None


def _released_until(case: Case, at: datetime) -> date:
    """The last whole day of hers that the daily release has reached."""
    day = case.local_day(at)
    while case.calendar.release_after(case.calendar.at_hour(day, clock.END_OF_DAY)) > at:
        day -= timedelta(days=1)
    return day


# --- Who can help -------------------------------------------------------------------------------------------------


def who_can_share(case: Case, but: Person) -> list[Person]:
    """Return colleagues on the case whose key opens it, for somebody whose key does not."""
    held = Grant.objects.usable().filter(key__compartment__case=case, person_key__person=OuterRef("person"))
    current = case.assignments.current().filter(Exists(held), standing_by=False).exclude(person=but)
    return [assignment.person for assignment in current.select_related("person")]
