"""Appeal: either side asks to look again, and somebody new decides. Source: workflow.md, section 9.

The stage stays where it was and the side is `appeal`; interim measures stay. What she writes lies in `record`, for the
reviewer and the handlers, and as a copy in her inbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.keys import Reader
from accounts.models import Person, PersonKey
from complaints import compartments, deadlines, events
from complaints.assignees import Candidate, candidates
from complaints.casecodes import AppealResult, AppealSide, EntryKind, EventKind, RemedyCode, Role, SanctionCode
from complaints.codes import CompartmentKind, Path, Side, Stage
from complaints.compartments import GrantRefused, Holder
from complaints.exclusions import Excluded
from complaints.models import Appeal, Assignment, Case
from complaints.workflow import letters
from complaints.workflow.appeal_needs import open_appeal
from complaints.workflow.deciding import PROVEN, Planned, check_planned, record_decision
from complaints.workflow.places import key_of, kinds_for, take_off, tell
from complaints.workflow.step import COMMITTEE, StepRefused
from complaints.workflow.table import move, taking
from factories import people
from factories.models import Membership, OutsideRole, Position

SHORTEST_REASON = 200  # As a finding: both sides read what follows from it.
HER_GROUNDS = tuple(ground for ground in Appeal.Ground if ground != Appeal.Ground.TOO_STRONG)
HIS_GROUNDS = tuple(ground for ground in Appeal.Ground if ground != Appeal.Ground.TOO_WEAK)


# --- Asking for it ------------------------------------------------------------------------------------------------


def appeal(case: Case, *, ground: str, text: str, at: datetime) -> Case:
    """She does not agree with the result. The factory hears of it at the release; until then it works on."""
    if ground not in HER_GROUNDS:
        raise StepRefused(_("Please choose what is not right."))
    with taking("appeal", case, at=at, her=True) as (case, actor):
        release = case.calendar.release_after(at)
        _open(case, AppealSide.COMPLAINANT, ground, at=at)
        _put_hers(case, {"ground": ground, "text": text}, at=at)
        case.appeal_shows_at = release if case.with_factory else None
        case.save(update_fields=["appeal_shows_at"])
        events.record(case, EventKind.APPEAL_OPENED, her=True, at=at, contents={"ground": ground})
        deadlines.set_next(case, "appeal_decision", at=at)
        _call_for_reviewer(case, at=_day(case, at), send_after=release)
        case.side = Side.APPEAL
    return case


def add_to_appeal(case: Case, *, text: str, at: datetime) -> None:
    """She tells the new person more; it lies beside her appeal."""
    if not text.strip():
        raise StepRefused(_("Write something first."))
    with taking("add_to_appeal", case, at=at, her=True) as (case, actor):
        _put_hers(case, {"text": text}, at=at)
        events.record(case, EventKind.MESSAGE_RECEIVED, her=True, at=at)
        running = open_appeal(case)
        if running and running.reviewer:
            _queue(case, [running.reviewer], "message", at=_day(case, at), send_after=case.calendar.release_after(at))


def note_appeal(case: Case, *, by: Person, ground: str, text: str, at: datetime) -> Case:
    """Write down the respondent's appeal; he has no account. He gets the same days as she does."""
    if ground not in HIS_GROUNDS:
        raise StepRefused(_("Choose what the respondent says is not right."))
    if not text.strip():
        raise StepRefused(_("Write what the respondent says, in his own words as far as you can."))
    with taking("note_appeal", case, at=at, by=by) as (case, actor):
        if open_appeal(case):  # Hers, of which nobody at the factory hears before the release.
            raise StepRefused(_("This cannot be written down today. Please do it tomorrow morning."))
        _open(case, AppealSide.RESPONDENT, ground, at=at)
        said = {"ground": ground, "text": text}
        compartments.put(case, CompartmentKind.RECORD, EntryKind.APPEAL, said, by=by, at=at)
        case.appeal_shows_at = None
        case.save(update_fields=["appeal_shows_at"])
        events.record(case, EventKind.APPEAL_OPENED, by=by, at=at, contents={"ground": ground})
        deadlines.set_next(case, "appeal_decision", at=at)
        _call_for_reviewer(case, at=at, send_after=at)
        case.side = Side.APPEAL
    return case


def _open(case: Case, side: str, ground: str, *, at: datetime) -> Appeal:
    number = case.appeals.count() + 1
    return Appeal.objects.create(case=case, number=number, side=side, ground=ground, received_on=case.local_day(at))


def _put_hers(case: Case, said: dict[str, str], *, at: datetime) -> None:
    release = case.calendar.release_after(at)
    for kind in (CompartmentKind.RECORD, CompartmentKind.INBOX):
        compartments.put(case, kind, EntryKind.APPEAL, said, her=True, at=at, visible_from=release)


# --- Somebody new -------------------------------------------------------------------------------------------------


def may_review(case: Case) -> list[Candidate]:
    """Who could decide an appeal: outside the factory, vouched, not excluded, and nobody from the first round."""
    positions = Position.objects.current().filter(
        Q(country=case.country) | Q(country=None), role=OutsideRole.APPEAL_REVIEWER
    )
    first_round = Q(assignments__case=case) & ~Q(assignments__role=Role.APPEAL_REVIEWER)
    involved = {
        *Person.objects.filter(first_round).values_list("pk", flat=True),
        *case.inquirers.values_list("person", flat=True),
        *case.decisions.values_list("by", flat=True),
        *case.appeals.exclude(decided_on=None).exclude(reviewer=None).values_list("reviewer", flat=True),
        *Membership.objects.current().filter(factory=case.factory_id).values_list("person", flat=True),
    }
    excluded = Excluded(case)
    keys = PersonKey.objects.usable().filter(person__in=positions.values("person")).select_related("person")
    return [
        Candidate(key.person, key, Role.APPEAL_REVIEWER)
        for key in keys.order_by("person__name", "pk")
        if key.person_id not in involved and not excluded.keeps_out(key.person, Role.APPEAL_REVIEWER)
    ]


def give_to_reviewer(case: Case, reader: Reader, *, person: Person, at: datetime) -> None:
    """Put somebody new on the case, with what the giver holds of what she shared, the record and the finding."""
    with taking("give_to_reviewer", case, at=at, by=reader.person) as (case, actor):
        running = open_appeal(case)
        if running is None or running.reviewer_id:
            raise StepRefused(_("Somebody new has this appeal already."))
        key = key_of(person)
        if person not in [one.person for one in may_review(case)]:
            raise StepRefused(_("This person cannot decide this appeal. Choose somebody else."))
        role = str(Role.APPEAL_REVIEWER)
        try:
            given = compartments.give(
                case, Holder.of(reader), kinds_for(case, role), [(key, role)], "under_appeal", at=at
            )
        except GrantRefused:
            raise StepRefused(_("This person cannot decide this appeal. Choose somebody else.")) from None
        if not given:
            raise StepRefused(_("Your key opens nothing that a reviewer needs. Ask a colleague on the case to do it."))
        Assignment.objects.create(
            case=case,
            person=person,
            role=role,
            since=case.local_day(at),
            visible_from=at,
            next_due_at=case.next_due_at or deadlines.FAR_AWAY,
        )
        deadlines.refresh(case)  # Their list shows their own step.
        running.reviewer = person
        running.save(update_fields=["reviewer"])
        events.record(case, EventKind.APPEAL_GIVEN, by=reader.person, at=at, contents={"person": str(person.pk)})
        _queue(case, [person], "appeal_given", at=at, send_after=at)


def _call_for_reviewer(case: Case, *, at: datetime, send_after: datetime) -> None:
    """Tell those who can give it to somebody new; where there is nobody new, those who can find one."""
    roles = COMMITTEE if case.with_factory else (Role.TECHNICAL_EXPERT,)
    current = case.assignments.current().filter(role__in=roles, standing_by=False).select_related("person")
    _queue(case, [one.person for one in current], "appeal_opened", at=at, send_after=send_after)
    if not may_review(case):
        leading = [one.person for one in candidates(case.country, None).experts if one.leading]
        # Of the case nothing is said: they need to know that a reviewer is missing, and no more.
        notices.queue(
            to=[*people.administrators(), *leading],
            cause=f"no_reviewer:{case.pk}:{case.last_event}",
            kind="no_reviewer",
            at=at,
            send_after=send_after,
        )


# --- Deciding -----------------------------------------------------------------------------------------------------


def decide_appeal(
    case: Case,
    *,
    by: Person,
    result: str,
    reason: str,
    to_her: str,
    to_respondent: str = "",
    back_to: str = "",
    sanctions: Sequence[Planned] = (),
    remedies: Sequence[Planned] = (),
    at: datetime,
) -> Case:
    """Confirm, change, or send back with directions. Both sides are told, and the reviewer's access ends.

    Changed: a new decision, by the reviewer, stands in place of the earlier one and is told to both sides in full.
    Sent back: to the finding, or to finding out; what was decided does not stand any more. Interim measures and
    checks go on.
    """
    if result not in (AppealResult.CONFIRMED, AppealResult.CHANGED, AppealResult.SENT_BACK):
        raise StepRefused(_("Choose one of the three results."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise StepRefused(_("Write the reasons in 200 characters or more: what each side says, and what follows."))
    if result == AppealResult.SENT_BACK and back_to not in (Stage.FACT_FINDING, Stage.FINDING):
        raise StepRefused(_("Choose to which step it goes back."))
    letters.require_human(to_her)
    with taking("decide_appeal", case, at=at, by=by) as (case, actor):
        running = open_appeal(case)
        if running is None or running.reviewer_id != by.pk:
            raise StepRefused(_("This appeal is not yours to decide."))
        if result == AppealResult.SENT_BACK and case.path != Path.FORMAL_INQUIRY:
            raise StepRefused(_("There was no inquiry to which it could go back. Confirm the decision, or change it."))
        if case.respondent_outcome_on and not to_respondent.strip():
            raise StepRefused(_("Write to the respondent, too: he was told the outcome. The handlers hand it over."))
        said = {
            "appeal_result": result,
            "reason": reason,
            "back_to": back_to if result == AppealResult.SENT_BACK else "",
        }
        compartments.put(case, CompartmentKind.FINDING, EntryKind.APPEAL_DECISION, said, by=by, at=at)
        letters.to_her(case, by, to_her, at=at)
        if to_respondent.strip():
            letter = _letter(case, to_respondent, at=at)
            compartments.put(case, CompartmentKind.FINDING, EntryKind.OUTCOME_LETTER, letter, by=by, at=at)
        running.decided_on, running.result = case.local_day(at), result
        running.save(update_fields=["decided_on", "result"])
        contents = {"result": result, "side": running.side}
        events.record(case, EventKind.APPEAL_DECIDED, by=by, at=at, contents=contents)
        deadlines.meet(case, "appeal_decision", at=at)
        take_off(case, by, by=by, because=Assignment.Ended.APPEAL_CLOSED, at=at)
        if result == AppealResult.CHANGED:
            _decide_anew(case, by, sanctions, remedies, at=at)
        if result == AppealResult.SENT_BACK:
            _send_back(case, back_to, at=at)
        case.appeal_shows_at, case.side = None, ""
        case.save(update_fields=["appeal_shows_at"])
        handling = case.assignments.current().filter(standing_by=False).select_related("person")
        tell(
            case,
            [one.person for one in handling],
            "appeal_decided",
            cause=f"appeal_decided:{case.pk}:{case.last_event}",
            at=at,
        )
    return case


def _letter(case: Case, text: str, *, at: datetime) -> dict[str, str]:
    """The letter that the handlers print and hand over."""
    return {"to": "respondent", "appeal": "yes", "text": text, "on": case.local_day(at).isoformat()}


def _decide_anew(
    case: Case, by: Person, sanctions: Sequence[Planned], remedies: Sequence[Planned], *, at: datetime
) -> None:
    if sanctions and not case.allegations.filter(result__in=PROVEN).exists():
        raise StepRefused(
            _("There is no sanction without a finding that something happened. Choose remedies, or send it back.")
        )
    check_planned(case, sanctions, SanctionCode, at=at)
    check_planned(case, remedies, RemedyCode, at=at)
    record_decision(case, by, sanctions, remedies, recommendation=not case.with_factory, at=at)
    deadlines.drop(case, "appeal_window", at=at)
    move(case, Stage.DECISION, case.side)


def _send_back(case: Case, back_to: str, *, at: datetime) -> None:
    """What was decided stands no more: no window and no remedy runs, and nobody has been told an outcome."""
    deadlines.drop(case, "appeal_window", "outcome_told", "decision", "remedy_done", at=at)
    case.decided_on = case.outcome_told_on = case.respondent_outcome_on = None
    move(case, back_to, case.side)
    case.save(update_fields=["decided_on", "outcome_told_on", "respondent_outcome_on"])
    code = "finding" if back_to == Stage.FINDING else "inquiry_complete"
    if not deadlines.is_open(case, code):
        deadlines.set_next(case, code, at=at)


# --- Word ---------------------------------------------------------------------------------------------------------


def _day(case: Case, at: datetime) -> datetime:
    """The start of her day: a notice keeps no minute of hers."""
    return case.calendar.at_hour(case.local_day(at), 0)


def _queue(case: Case, to: Iterable[Person], kind: str, *, at: datetime, send_after: datetime) -> None:
    due = case.deadlines.open().filter(code="appeal_decision").values_list("due_at", flat=True).first()
    notices.queue(
        to=to,
        cause=f"{kind}:{case.pk}:{case.last_event}",
        kind=kind,
        at=at,
        due_on=case.local_day(due) if due else None,
        topic="case",
        topic_id=case.pk,
        send_after=send_after,
    )
