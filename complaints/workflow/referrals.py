"""Referrals: a service for her, offered, agreed to, passed on by hand, and asked about once. Workflow, section 12.

Which service it is lies sealed in `inbox`: its kind would tell who she is. Rows and events carry a number, a state and
days. The software sends nothing: a handler passes on what she agreed to, and no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.keys import Reader
from accounts.models import Person
from complaints import compartments, events, reading
from complaints.casecodes import EntryKind, EventKind, ReferralState
from complaints.casewords import SafetyKind
from complaints.codes import WORDING, AgeBand, CompartmentKind, Words
from complaints.codes import Consent as ConsentCode
from complaints.compartments import Holder
from complaints.models import Case, Consent, Referral
from complaints.workflow.needs import is_decided
from complaints.workflow.step import Actor, StepRefused
from complaints.workflow.table import taking
from factories import clock, providers
from factories.models import ServiceProvider, WordCode

PASSED_ON = (ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.REJECTED, ReferralState.DONE)
OUTCOMES = (ReferralState.ACCEPTED, ReferralState.REJECTED, ReferralState.DONE)
MAY_BE_TAKEN_BACK = (ReferralState.AGREED, ReferralState.SENT, ReferralState.ACCEPTED)
NOT_THERE = (WordCode.NOT_REACHED, WordCode.TURNED_AWAY)
MINORS = (AgeBand.UNDER_15, AgeBand.FROM_15_TO_17)
# What she says about a service, in her words; each is one code of the directory, without her.
HER_WORDS: Mapping[str, Words] = {
    WordCode.HELPED: _("It helped me."),
    WordCode.NOT_REACHED: _("I could not reach them."),
    WordCode.TURNED_AWAY: _("They sent me away."),
    WordCode.NO_LANGUAGE: _("Nobody spoke my language."),
    WordCode.NOT_BELIEVED: _("They did not believe me."),
    WordCode.HAD_TO_PAY: _("I had to pay."),
    WordCode.COULD_NOT_LEAVE: _("I could not leave, or could not call."),
    WordCode.PAPERS_KEPT: _("They kept my phone or my papers."),
    WordCode.HAD_TO_WORK: _("I had to work or train there."),
    WordCode.TOLD_OTHERS: _("They told others about me."),
    WordCode.HANDED_OVER: _("They handed me over, or said they would."),
    WordCode.HARM: _("Somebody hurt me there, or said they would."),
}
NO_SUCH: Words = _("This referral is not open any more. Look at how it stands now.")


# --- What lies sealed ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """What a handler offered, as it lies in `inbox`: which service, why, and what exactly would be told to it."""

    number: int
    provider: str
    name: str = field(repr=False)
    text: str = field(repr=False)
    passed_on: str = field(repr=False)


def offers_in(contents: Iterable[Mapping[str, Any]]) -> dict[int, Offer]:
    """Read the offers among opened referral entries, by their number."""
    return {
        one["referral"]: Offer(
            one["referral"], one["provider"], one["provider_name"], one.get("text", ""), one["passed_on"]
        )
        for one in contents
        if "provider" in one
    }


def offers_of(case: Case, holder: Holder, *, at: datetime) -> dict[int, Offer]:
    """Open the offers that this holder's grants reach."""
    opened = compartments.take_out(case, holder, [CompartmentKind.INBOX], at=at, entry_kinds=[EntryKind.REFERRAL])
    return offers_in(one.content for one in opened)


def provider_of(offer: Offer) -> ServiceProvider | None:
    found: ServiceProvider | None = ServiceProvider.objects.filter(pk=offer.provider).first()
    return found


def services_of(offers: Iterable[Offer], *, on: date) -> dict[str, tuple[ServiceProvider, bool]]:
    """The services of these offers, by the key that an offer names, and whether people may be sent there on this day:
    two queries, however many."""
    found = {str(one.pk): one for one in ServiceProvider.objects.filter(pk__in={offer.provider for offer in offers})}
    open_ones = {
        str(pk) for pk in ServiceProvider.objects.referable(on).filter(pk__in=found).values_list("pk", flat=True)
    }
    return {key: (one, key in open_ones) for key, one in found.items()}


def _offered(case: Case, holder: Holder, number: int, *, at: datetime) -> tuple[Offer, ServiceProvider]:
    offer = offers_of(case, holder, at=at).get(number)
    if offer is None:
        raise StepRefused(_("Your key does not open this referral. Ask whoever handles the messages."))
    provider = provider_of(offer)
    if provider is None:
        raise StepRefused(NO_SUCH)
    return offer, provider


# --- Offered, answered, taken back --------------------------------------------------------------------------------


def offer_referral(
    case: Case, *, by: Person, provider: ServiceProvider, text: str, passed_on: str, at: datetime
) -> Referral:
    """Offer her a vetted service, with what would be told to it in plain words. She answers on her page."""
    if not text.strip() or not passed_on.strip():
        raise StepRefused(_("Write to her why you offer it, and exactly what the service would be told."))
    with taking("offer_referral", case, at=at, by=by) as (case, actor):
        today = case.local_day(at)
        if provider.country_id != case.country_id or not provider.may_refer(today):
            raise StepRefused(_("Nobody may be sent to this service now. Choose one that is open for referrals."))
        number = case.referrals.count() + 1
        referral = Referral.objects.create(case=case, number=number, offered_on=today)
        content = {
            "referral": number,
            "provider": str(provider.pk),
            "provider_name": provider.name,
            "text": text,
            "passed_on": passed_on,
        }
        compartments.put(case, CompartmentKind.INBOX, EntryKind.REFERRAL, content, by=by, at=at)
        events.record(case, EventKind.REFERRAL_OFFERED, by=by, at=at, contents={"number": number})
    return referral


def answer_referral(case: Case, holder: Holder, *, number: int, yes: bool, at: datetime) -> None:
    """Her yes or no. A yes is her consent (a child's assent) to tell this service this, and nothing else."""
    with taking("answer_referral", case, at=at, her=True) as (case, actor):
        referral = _in_state(case, number, ReferralState.OFFERED)
        _offer, provider = _offered(case, holder, number, at=at)
        today = case.local_day(at)
        if yes and not provider.may_refer(today):
            raise StepRefused(_("We cannot send you there now. The helper looks for another place. You lose nothing."))
        referral.state = ReferralState.AGREED if yes else ReferralState.DECLINED
        referral.answered_on = today
        referral.save(update_fields=["state", "answered_on"])
        if yes:
            _note_consent(case, given=True, today=today)
        content = {"referral": number, "she_agreed": yes}
        _put_hers(case, EntryKind.REFERRAL, content, at=at)
        events.record(case, EventKind.REFERRAL_ANSWERED, her=True, at=at, contents={"number": number})
        _tell_handlers(case, at=at)


def revoke_referral(case: Case, *, number: int, at: datetime) -> None:
    """She takes her yes back. What was not passed on stays with us; the handler asks the service to forget the rest."""
    with taking("revoke_referral", case, at=at, her=True) as (case, actor):
        referral = _in_state(case, number, *MAY_BE_TAKEN_BACK)
        today = case.local_day(at)
        referral.state, referral.ended_on = ReferralState.REVOKED, today
        referral.save(update_fields=["state", "ended_on"])
        if not case.referrals.filter(state__in=MAY_BE_TAKEN_BACK).exists():
            _note_consent(case, given=False, today=today)
        _put_hers(case, EntryKind.REFERRAL, {"referral": number, "she_agreed": False}, at=at)
        events.record(case, EventKind.REFERRAL_ANSWERED, her=True, at=at, contents={"number": number})
        _tell_handlers(case, at=at)


def say_of_referral(case: Case, holder: Holder, *, number: int, codes: Collection[str], at: datetime) -> None:
    """How the service was for her, in a few presses. The directory keeps each as a code and a day, without the case.

    In her case it is a message of hers like any other, so that nothing in the clear ties her to the service.
    """
    if not codes or not set(codes) <= set(HER_WORDS):
        raise StepRefused(_("Press what is true for you."))
    with taking("say_of_referral", case, at=at, her=True) as (case, actor):
        referral = case.referrals.filter(number=number).exclude(sent_on=None).first()
        if referral is None:
            raise StepRefused(NO_SUCH)
        if referral.reached is not None:
            raise StepRefused(_("You told us already. If there is more, write a message."))
        offer, provider = _offered(case, holder, number, at=at)
        referral.reached = not set(codes) <= set(NOT_THERE)
        referral.save(update_fields=["reached"])
        said = " ".join(str(words) for code, words in HER_WORDS.items() if code in codes)
        text = _now("About %(service)s: %(said)s") % {"service": offer.name, "said": said}
        _put_hers(case, EntryKind.MESSAGE, {"text": text}, at=at)
        events.record(case, EventKind.MESSAGE_RECEIVED, her=True, at=at)
        day = compartments.day_of(case, at)
        for code in sorted(codes):
            providers.say(provider, code, on=case.local_day(at), at=day)
        _tell_handlers(case, at=at)


# --- Passed on, by hand -------------------------------------------------------------------------------------------


def send_referral(case: Case, reader: Reader, *, number: int, at: datetime) -> None:
    """Note that a handler passed on by hand what she agreed to. Refused where her yes, or the service, is gone."""
    with taking("send_referral", case, at=at, by=reader.person) as (case, actor):
        today = case.local_day(at)
        referral = seen_by(case, actor).get(number)
        if referral is None:
            raise StepRefused(NO_SUCH)
        if state_seen_by(referral, actor, at=at) != ReferralState.AGREED or referral.state != ReferralState.AGREED:
            raise StepRefused(_("Nothing is passed on without her yes, and there is none now."))
        holder = Holder.of(reader)
        _offer, provider = _offered(case, holder, number, at=at)
        if not provider.may_refer(today):
            raise StepRefused(_("Nobody may be sent to this service any more. Tell her, and offer another one."))
        if not actor.at_factory:
            _require_two_leads(case, holder, at=at)
        referral.state, referral.sent_on = ReferralState.SENT, today
        referral.save(update_fields=["state", "sent_on"])
        events.record(case, EventKind.REFERRAL_NOTED, by=reader.person, at=at, contents={"number": number})


def _require_two_leads(case: Case, holder: Holder, *, at: datetime) -> None:
    """In or after a hold two leads have decided; for a minor in her best interests, beside her own assent."""
    held = case.in_hold or case.events.filter(kind=EventKind.HOLD_LIFTED).exists()
    if not held:
        return
    if not is_decided(case):
        raise StepRefused(_("First two leads decide together. Until then nothing is passed on."))
    wanted = [EntryKind.ANSWERS, EntryKind.DANGER_CONFIRMED, EntryKind.SAFETY_DECISION]
    opened = compartments.take_out(case, holder, [CompartmentKind.FREEDOM], at=at, entry_kinds=wanted)
    age = ""
    kinds: dict[int, str] = {}
    for one in opened:
        age = one.content.get("age_band") or age
        if one.entry.kind == EntryKind.SAFETY_DECISION:
            kinds[one.content["decision_number"]] = one.content["safety_kind"]
    agreed = case.safety_decisions.exclude(agreed_at=None).values_list("number", flat=True)
    if age in MINORS and SafetyKind.BEST_INTERESTS not in {kinds.get(number) for number in agreed}:
        raise StepRefused(
            _("She is under 18: beside her yes, two leads write down that it is in her best interests first.")
        )


def note_referral(
    case: Case, *, by: Person, number: int, outcome: str, reached: str, followed_up: bool, note: str, at: datetime
) -> None:
    """Note how a referral went on: what the service answered, whether she reached it, and that she was asked once."""
    with taking("note_referral", case, at=at, by=by) as (case, actor):
        referral = seen_by(case, actor).get(number)
        if referral is None or referral.sent_on is None:
            raise StepRefused(_("This referral was not passed on. There is nothing to note yet."))
        if outcome:
            _goes_on(referral, outcome, today=case.local_day(at))
        if reached in ("yes", "no"):
            referral.reached = reached == "yes"
        if followed_up:
            referral.followed_up_on = case.local_day(at)
        if not (outcome or followed_up or reached or note.strip()):
            raise StepRefused(_("Say what is new about it."))
        referral.save(update_fields=["state", "ended_on", "reached", "followed_up_on"])
        if note.strip():
            # At the factory in the record; outside where no factory can ever read it.
            kind = CompartmentKind.RECORD if actor.at_factory else CompartmentKind.FREEDOM
            compartments.put(case, kind, EntryKind.REFERRAL, {"referral": number, "note": note}, by=by, at=at)
        events.record(case, EventKind.REFERRAL_NOTED, by=by, at=at, contents={"number": number})


def _goes_on(referral: Referral, outcome: str, *, today: date) -> None:
    if outcome not in OUTCOMES:
        raise StepRefused(_("Choose what the service answered."))
    if referral.state not in (ReferralState.SENT, ReferralState.ACCEPTED):
        raise StepRefused(_("This referral has ended already."))
    referral.state = outcome
    if outcome != ReferralState.ACCEPTED:
        referral.ended_on = today


# --- Who sees what of it ------------------------------------------------------------------------------------------


def seen_by(case: Case, actor: Actor) -> dict[int, Referral]:
    """The referrals of a case by number; for a factory user none from before the factory had the case."""
    found = {referral.number: referral for referral in reading.referrals(case)}
    if not actor.at_factory or not found:
        return found
    begins = (EventKind.HANDED_TO_FACTORY, EventKind.ROUTE_CHOSEN)
    begun = max((one.number for one in reading.events(case, *begins)), default=0)
    offered = [one for one in reading.events(case, EventKind.REFERRAL_OFFERED) if one.number >= begun]
    theirs = {one.contents["number"] for one in offered if one.contents}
    return {number: referral for number, referral in found.items() if number in theirs}


def state_seen_by(referral: Referral, actor: Actor, *, at: datetime) -> str:
    """The state as this reader may know it: at the factory her answer shows from the daily release on."""
    if not actor.at_factory:
        return referral.state
    if referral.answered_on and not _is_released(referral.case, referral.answered_on, at=at):
        return ReferralState.OFFERED
    taken_back_on = referral.ended_on if referral.state == ReferralState.REVOKED else None
    if taken_back_on and not _is_released(referral.case, taken_back_on, at=at):
        return ReferralState.SENT if referral.sent_on else ReferralState.AGREED
    return referral.state


def _is_released(case: Case, day: date, *, at: datetime) -> bool:
    return case.calendar.release_after(case.calendar.at_hour(day, clock.END_OF_DAY)) <= at


# --- Small things -------------------------------------------------------------------------------------------------


def _in_state(case: Case, number: int, *states: str) -> Referral:
    referral: Referral | None = case.referrals.filter(number=number, state__in=states).first()
    if referral is None:
        raise StepRefused(_("This has changed since you opened the page. You see now how it stands."))
    return referral


def _note_consent(case: Case, *, given: bool, today: date) -> None:
    code = ConsentCode.REFER_SERVICE
    number = case.consents.filter(code=code).count() + 1
    Consent.objects.create(case=case, code=code, number=number, given=given, on=today, wording=WORDING)


def _put_hers(case: Case, kind: str, content: Mapping[str, Any], *, at: datetime) -> None:
    release = case.calendar.release_after(at)
    compartments.put(case, CompartmentKind.INBOX, kind, content, her=True, at=at, visible_from=release)


def _tell_handlers(case: Case, *, at: datetime) -> None:
    """As with a message of hers: in the same release, and with no minute."""
    current = case.assignments.current().filter(standing_by=False).select_related("person")
    notices.queue(
        to=[assignment.person for assignment in current],
        cause=f"message:{case.pk}:{case.last_event}",
        kind="message",
        at=compartments.day_of(case, at),
        due_on=case.local_day(case.next_due_at) if case.next_due_at else None,
        topic="case",
        topic_id=case.pk,
        send_after=case.calendar.release_after(at),
    )
