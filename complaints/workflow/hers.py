"""Her own steps, with her receipt in hand: write, share, move, stop. Of each the day is kept, never the minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Person, PersonKey
from complaints import compartments, deadlines, events, receipts, slots
from complaints.assignees import Candidate, candidates, least_busy
from complaints.casecodes import FACTORY_ROLES, HER_KINDS, EntryKind, EventKind, Role
from complaints.codes import SHARE_CONSENTS, WORDING, CompartmentKind, Exclude, FactorySide, Route, Side, Stage
from complaints.codes import Consent as ConsentCode
from complaints.compartments import Holder
from complaints.exclusions import Excluded
from complaints.grants import KIND_OF_SHARE
from complaints.models import Assignment, Case, Consent, Entry, Receipt
from complaints.workflow import alarm, closing, linked, waiting, wishes
from complaints.workflow.appeal_needs import open_appeal
from complaints.workflow.places import HANDLERS_PAPERS, consents_of, put_on, take_factory_off
from complaints.workflow.step import StepRefused, hour_after
from complaints.workflow.table import move, taking

STOP_AFTER = timedelta(hours=24)
PICTURES_AT_MOST = 20


# --- Words and pictures -------------------------------------------------------------------------------------------


def write(case: Case, *, text: str, at: datetime) -> None:
    """Add a message of hers. It takes a case that was set aside out of its burst."""
    if not text.strip():
        raise StepRefused(_("Write something first."))
    with taking("write", case, at=at, her=True) as (case, actor):
        compartments.put(
            case,
            CompartmentKind.INBOX,
            EntryKind.MESSAGE,
            {"text": text},
            her=True,
            at=at,
            visible_from=case.calendar.release_after(at),
        )
        events.record(case, EventKind.MESSAGE_RECEIVED, her=True, at=at)
        if not case.with_factory:
            # At a factory the handlers' next word ends it: nothing of theirs tells before the release that she wrote.
            deadlines.meet(case, "no_reply_least_intrusive", at=_day(case, at))
        if case.set_aside_at:
            _take_out_of_burst(case, at=at)
        waiting.she_wrote(case, at=at)
        closing.she_came_back(case, at=at)
        tell_handlers(case, "message", at=at)


def _take_out_of_burst(case: Case, *, at: datetime) -> None:
    case.set_aside_at = None
    case.burst = None
    case.save(update_fields=["set_aside_at", "burst"])
    deadlines.go_on(case, at=at)
    events.record(case, EventKind.TAKEN_OUT, her=True, at=at)


def add_picture(case: Case, *, picture: bytes, at: datetime) -> Entry:
    """Seal one picture that was cleaned already; once this returns it is safe with us."""
    with taking("add_picture", case, at=at, her=True) as (case, actor):
        held = case.events.filter(kind=EventKind.PICTURE_ADDED).count()
        if held >= PICTURES_AT_MOST:
            raise StepRefused(_("There are twenty pictures already. Write a message if there is more to show."))
        entry = compartments.put_picture(case, picture, at=at, visible_from=case.calendar.release_after(at))
        events.record(case, EventKind.PICTURE_ADDED, her=True, at=at)
    return entry


# --- Consents -----------------------------------------------------------------------------------------------------


def change_consents(case: Case, holder: Holder, *, wanted: Mapping[str, bool], at: datetime) -> None:
    """Give and withdraw consents. A withdrawal cuts at once; what is given reaches the factory at the release."""
    with taking("change_consents", case, at=at, her=True) as (case, actor):
        before = consents_of(case)
        for code, given in wanted.items():
            if code not in ConsentCode.values or (
                before.get(code, False) == given and (code in before or code in KIND_OF_SHARE)
            ):
                continue  # A first no to what has a page of its own is an answer, and is not asked again.
            _note_consent(case, code, given, at=at)
            if not case.with_factory:
                continue
            if code == ConsentCode.EXPERT_REVIEW:
                if given:
                    wishes.share_for_review(case, holder, wishes.kinds_to_review(case), at=at)
                else:
                    wishes.end_review(case, at=at)
            kind = KIND_OF_SHARE.get(code)
            if kind is None:
                continue
            if given:
                share_with_handlers(case, holder, [kind], "consent", at=at)
                if wishes.is_reviewed(case):
                    wishes.share_for_review(case, holder, [kind], at=at)
            else:
                compartments.withdraw(case, [kind], _factory_people(case, Role.APPEAL_REVIEWER), at=at)


def _note_consent(case: Case, code: str, given: bool, *, at: datetime) -> None:
    number = case.consents.filter(code=code).count() + 1
    Consent.objects.create(case=case, code=code, number=number, given=given, on=case.local_day(at), wording=WORDING)
    events.record(case, EventKind.CONSENT_CHANGED, her=True, at=at, contents={"consent": code, "given": given})


def _factory_people(case: Case, *also: Role) -> list[Person]:
    current = case.assignments.current().filter(role__in=(*FACTORY_ROLES, *also)).select_related("person")
    return [assignment.person for assignment in current]


def share_with_handlers(case: Case, holder: Holder, kinds: Sequence[str], reason: str, *, at: datetime) -> None:
    """Give the factory's handlers of this case these compartments, seen from the next release. Within a step."""
    # Whoever decides handles nothing: what she shares is for the handlers.
    current = list(case.assignments.current().filter(role__in=FACTORY_ROLES).exclude(role=Role.DECISION_MAKER))
    keys = PersonKey.objects.usable().filter(person__in=[a.person_id for a in current]).select_related("person")
    roles = {assignment.person_id: assignment.role for assignment in current}
    to = [(key, roles[key.person_id]) for key in keys]
    compartments.give(case, holder, kinds, to, reason, at=at, visible_from=case.calendar.release_after(at))


# --- Danger -------------------------------------------------------------------------------------------------------


def say_not_safe(case: Case, *, text: str, at: datetime) -> None:
    """She is not safe now: the outside team is told at once, the factory sees `urgent_outside` and nothing else."""
    with taking("say_not_safe", case, at=at, her=True) as (case, actor):
        compartments.put(case, CompartmentKind.FREEDOM, EntryKind.NOT_SAFE, {"text": text}, her=True, at=at)
        alarm.not_safe(case, at=at)


# --- Where the case goes ------------------------------------------------------------------------------------------


def move_outside(case: Case, holder: Holder, *, at: datetime) -> Case:
    """Take the case out of the factory: its people's access ends at once, two experts get what is hers.

    At the next release the factory reads "handled outside". Her right until the decision. Workflow, section 13.
    """
    with taking("move_outside", case, at=at, her=True) as (case, actor):
        take_factory_off(case, because=Assignment.Ended.MOVED_OUTSIDE, at=at)
        experts = pick_experts(case)
        to_outside(case, holder, experts, "moved_outside", at=at)
        case.route, case.factory_side = Route.OUTSIDE_FIRST, ""
        case.save(update_fields=["route", "factory_side"])
        events.record(case, EventKind.MOVED_OUTSIDE, her=True, at=at)
        deadlines.refresh(case)
        _tell(case, [one.person for one in experts], "moved_outside", at=at)
    return case


def pick_experts(case: Case) -> list[Candidate]:
    """Two experts for an outside case: those on it already, then the lead, then the least busy."""
    found = candidates(case.country, None).experts
    if len(found) < 2:
        raise StepRefused(
            _("There are not enough outside helpers just now. Your case stays where it is. Please try again tomorrow.")
        )
    on_case = set(case.assignments.current().values_list("person", flat=True))
    already = [one for one in found if one.person.pk in on_case]
    rest = [one for one in found if one.person.pk not in on_case]
    return [*already, *least_busy(rest, 2, lead_first=True)][:2]


def to_outside(case: Case, holder: Holder, experts: list[Candidate], reason: str, *, at: datetime) -> None:
    """Give these experts everything of hers and put them on the case. Within a step."""
    to = [(one.key, Role.TECHNICAL_EXPERT) for one in experts]
    compartments.give(case, holder, HER_KINDS, to, reason, at=at)
    for kind in (CompartmentKind.RECORD, CompartmentKind.FINDING):
        also = [(one.key, str(Role.TECHNICAL_EXPERT), reason) for one in experts]
        compartments.new_generation(case, kind, at=at, also=also)
    put_on(case, experts, Role.TECHNICAL_EXPERT, at=at, visible_from=_day(case, at))


def accept_handover(case: Case, holder: Holder, *, consents: Mapping[str, bool], at: datetime) -> Case:
    """Hand an outside case to the factory, as she and the expert decided, with each consent asked one by one."""
    with taking("accept_handover", case, at=at, her=True) as (case, actor):
        if case.handover_proposed_on is None:
            raise StepRefused(_("Talk about it with the outside helper first. Write a message."))
        _to_factory(case, holder, consents, "handed_to_factory", at=at)
        case.handover_proposed_on = None
        case.save(update_fields=["handover_proposed_on"])
        events.record(case, EventKind.HANDED_TO_FACTORY, her=True, at=at)
    return case


def _to_factory(case: Case, holder: Holder, consents: Mapping[str, bool], reason: str, *, at: datetime) -> None:
    """Open the factory side as at filing: her consents, and the handlers' papers from a new generation on."""
    if _name_waits(case, holder, at=at):
        raise StepRefused(
            _("You wrote a name that must not see it. First the outside helper finds out who that is. Write to them.")
        )
    side, people = _factory_side(case)
    release = case.calendar.release_after(at)
    case.route, case.factory_side, case.release_at, case.told_at = Route.FACTORY_COMMITTEE, side, release, None
    case.save(update_fields=["route", "factory_side", "release_at", "told_at"])
    for code in SHARE_CONSENTS:
        _note_consent(case, code.value, bool(consents.get(code.value)), at=at)
    for one in people:
        put_on(case, [one], one.role, at=at, visible_from=release)
    kinds = [kind for code, kind in KIND_OF_SHARE.items() if consents.get(code)]
    share_with_handlers(case, holder, kinds, reason, at=at)
    for kind in HANDLERS_PAPERS:
        also = [(one.key, one.role, reason) for one in people]
        compartments.new_generation(case, kind, at=at, also=also, visible_from=release)
    # The factory sorts the case itself; an answer she has from the outside helper stays an answer.
    answered = "acknowledge" in deadlines.met_codes(case)
    early = ("acknowledge", "triage", "path_agreed", "interim_measures", "respondent_told", "inquiry_complete")
    deadlines.drop(case, *early, at=_day(case, at))
    move(case, Stage.ACKNOWLEDGED if answered else Stage.RECEIVED, "")
    promises = ["triage"] if answered else ["acknowledge", "triage"]
    if case.job_not_stated and not case.conflict_answered_on:
        promises.append("conflict_question")
    deadlines.set_many(case, promises, at=release)
    _tell(case, [one.person for one in people], "case_filed", at=at, send_after=release)


def _name_waits(case: Case, holder: Holder, *, at: datetime) -> bool:
    """Whether she wrote a name in Q11 that nobody has matched at this factory yet. Only her own key can tell."""
    matched = (EventKind.NAME_MATCHED, EventKind.FACTORY_MATCHED)
    last = case.events.filter(kind__in=matched).order_by("-number").values_list("kind", flat=True).first()
    if last == EventKind.NAME_MATCHED:
        return False
    asked = compartments.take_out(
        case, holder, [CompartmentKind.FREEDOM], at=at, entry_kinds=[EntryKind.EXCLUSION_TEXT]
    )
    return any(Exclude.NAMED_PERSON in one.content.get("exclude", []) for one in asked)


def _factory_side(case: Case) -> tuple[str, list[Candidate]]:
    """Who takes it over at the factory: as at filing, without anybody excluded. Raises `StepRefused`."""
    refusal = StepRefused(
        _("Your factory has not enough people who may read this. The outside helper goes on. Write to them.")
    )
    if case.factory is None or not case.factory.is_live:
        raise refusal
    excluded = Excluded(case)
    found = candidates(case.country, case.factory)
    found = found.without_people(one.person for one in found.factory if excluded.keeps_out(one.person, one.role))
    for side, roles in (
        (FactorySide.OFFICER_AND_CHAIR, (Role.CASE_OFFICER, Role.COMMITTEE_CHAIR)),
        (FactorySide.CHAIR_AND_OUTSIDE_MEMBER, (Role.COMMITTEE_CHAIR, Role.OUTSIDE_MEMBER)),
    ):
        if case.job_not_stated and not case.conflict_answered_on and side == FactorySide.OFFICER_AND_CHAIR:
            continue
        people = [one for role in roles for one in least_busy(found.of(role), 1)]
        if len({one.person.pk for one in people}) == 2:
            return side, people
    raise refusal


def choose_route(case: Case, holder: Holder, *, route: str, consents: Mapping[str, bool], at: datetime) -> Case:
    """Do something with a kept case: another route, and the clock starts now."""
    if route not in (Route.FACTORY_COMMITTEE, Route.OUTSIDE_ONLY, Route.OUTSIDE_FIRST):
        raise StepRefused(_("Please choose who may read this."))
    with taking("choose_route", case, at=at, her=True) as (case, actor):
        case.purge_after = None  # Its clock starts now, and with it the time of what is handled.
        case.save(update_fields=["purge_after"])
        if route == Route.FACTORY_COMMITTEE:
            if case.urgent_outside or Excluded(case).whole_factory:
                raise StepRefused(_("Because of your answers, the outside helper reads it first. Choose that."))
            move(case, case.stage, "")
            _to_factory(case, holder, consents, "consent", at=at)
        else:
            move(case, case.stage, "")
            case.route, case.release_at = route, case.calendar.release_after(at)
            case.save(update_fields=["route", "release_at"])
            deadlines.set_many(case, [code for code in deadlines.at_filing(case) if code != "urgent_contact"], at=at)
            tell_handlers(case, "case_filed", at=at)
        events.record(case, EventKind.ROUTE_CHOSEN, her=True, at=at, contents={"route": route})
    return case


# --- Stopping -----------------------------------------------------------------------------------------------------


def stop(case: Case, *, at: datetime) -> Case:
    """Put everything on hold at once; final after 24 hours, until then she can take it back. Workflow, section 11."""
    with taking("stop", case, at=at, her=True) as (case, actor):
        # A safeguarding hold wins: there the pause stands behind it, and the leads see that she asked.
        held = case.in_hold
        case.side_before = Side.ON_HOLD_BY_COMPLAINANT if held else case.side
        case.stop_asked_on = case.local_day(at)
        # Rounded up to the hour: no minute of hers is stored, and 24 hours never become fewer.
        case.stop_final_at = hour_after(at) + STOP_AFTER
        case.save(update_fields=["side_before", "stop_asked_on", "stop_final_at"])
        deadlines.pause(case, at=_day(case, at), everything=True)
        events.record(case, EventKind.STOP_ASKED, her=True, at=at)
        case.side = Side.SAFEGUARDING_HOLD if held else Side.ON_HOLD_BY_COMPLAINANT
    return case


def take_stop_back(case: Case, *, at: datetime) -> Case:
    """Go on after all."""
    with taking("take_stop_back", case, at=at, her=True) as (case, actor):
        if case.stop_asked_on is None:
            raise StepRefused(_("It is not stopped. Everything goes on."))
        if case.stop_final_at and at >= case.stop_final_at:
            raise StepRefused(_("It has stopped. Write a message if you want us to open it again."))
        before = Side.SAFEGUARDING_HOLD if case.in_hold else case.side_before
        if before == "" and open_appeal(case):
            before = Side.APPEAL  # A hold came between.
        case.side_before, case.stop_asked_on, case.stop_final_at = "", None, None
        case.save(update_fields=["side_before", "stop_asked_on", "stop_final_at"])
        deadlines.go_on(case, at=at)
        events.record(case, EventKind.STOP_TAKEN_BACK, her=True, at=at)
        case.side = before
    return case


# --- A new number -------------------------------------------------------------------------------------------------


def offer_new_number(case: Case, holder: Holder, *, at: datetime) -> str:
    """Make the next number and seal everything she holds to it. The old one lives until the new one is used."""
    number = receipts.new_number()
    keys = receipts.keys_of(number, waiting=slots.RECEIPT)
    with taking("take_new_number", case, at=at, her=True) as (case, actor):
        # Of a group each has a number of her own.
        own = case.receipts.filter(pk=holder.receipt.pk, is_next=False).first() if holder.receipt else None
        if own is None:
            raise StepRefused(_("Your case has changed since you opened this page. You see now how it stands."))
        case.receipts.filter(is_next=True, member=own.member).delete()
        receipt = Receipt.objects.create(
            case=case, lookup=keys.lookup, public_key=keys.pair.public, is_next=True, member=own.member
        )
        compartments.re_seal_for(case, holder, receipt, at=at)
        for beside in _beside(holder):
            compartments.re_seal_for(beside, holder, receipt, at=at)
        events.record(case, EventKind.NEW_NUMBER, her=True, at=at)
    return number


def _beside(holder: Holder) -> list[Case]:
    """The linked cases that her number opens, locked after the first as everywhere, so that no new key is missed."""
    held = [case.pk for case in linked.hers_beside(holder.receipt)] if holder.receipt else []
    return list(Case.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=held).order_by("pk"))


def first_use(receipt: Receipt, *, at: datetime) -> Receipt:
    """The new number has come into use: the old one, and all its grants, are gone."""
    with taking("take_new_number", receipt.case, at=at, her=True) as (case, actor):
        locked = case.receipts.filter(pk=receipt.pk, is_next=True).first()
        if locked is None:
            return receipt
        case.receipts.filter(is_next=False, member=locked.member).delete()
        locked.is_next = False
        locked.save(update_fields=["is_next"])
        return locked


# --- Word to handlers ---------------------------------------------------------------------------------------------


def _day(case: Case, at: datetime) -> datetime:
    """The start of her day: a notice keeps no minute of hers."""
    return case.calendar.at_hour(case.local_day(at), 0)


def tell_handlers(case: Case, kind: str, *, at: datetime) -> None:
    current = case.assignments.current().filter(standing_by=False).exclude(role=Role.DECISION_MAKER)
    current = current.select_related("person")
    _tell(case, [a.person for a in current], kind, at=at, send_after=case.calendar.release_after(at))


def _tell(case: Case, people: list[Person], kind: str, *, at: datetime, send_after: datetime | None = None) -> None:
    due_on: Any = case.local_day(case.next_due_at) if case.next_due_at else None
    notices.queue(
        to=people,
        cause=f"{kind}:{case.pk}:{case.last_event}",
        kind=kind,
        at=_day(case, at),
        due_on=due_on,
        topic="case",
        topic_id=case.pk,
        send_after=send_after or case.calendar.release_after(at),
    )
