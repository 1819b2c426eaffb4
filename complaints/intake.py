"""How a complaint is filed and its case opened: decided, previewed and sealed from one plan.

The preview and the filing share `plan`, so what she is shown is what the keys will do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from redis.exceptions import RedisError

from accounts import crypto, notices, secrets
from accounts.models import Person
from complaints import bursts, compartments, deadlines, events, exclusions, grants, receipts, slots
from complaints.answers import Answers
from complaints.assignees import Candidate, Candidates, candidates, least_busy
from complaints.casecodes import FACTORY_ROLES, EntryKind, EventKind, Role
from complaints.codes import (
    ANSWER_COMPARTMENTS,
    SHARE_CONSENTS,
    WORDING,
    Channel,
    CompartmentKind,
    ConductType,
    Exclude,
    FactorySide,
    Route,
    Side,
)
from complaints.models import (
    Assignment,
    Case,
    Compartment,
    CompartmentKey,
    Consent,
    Deadline,
    Entry,
    Event,
    Exclusion,
    Grant,
    Receipt,
    Rung,
)
from complaints.models.retention import KEPT_MONTHS, months_after
from complaints.screening import Flags, flags, severity_full, severity_in_the_clear
from factories import people, roster
from factories.models import CountryPack

SHOWN_AGAIN_SECONDS = 15 * 60
THIN, HOLDERS = "thin_case", "holders"  # The alarm that too few can open a case: a kind of notice, and its topic.
OUTSIDE_ROLES = (Role.TECHNICAL_EXPERT, Role.SAFEGUARDING_LEAD)


class Refused(ValueError):
    """The complaint cannot be filed as it stands; says why and what to do, and nothing is lost."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class AlreadyArrived(Refused):
    """The same words arrived more than fifteen minutes ago: the number is not shown again."""


@dataclass(frozen=True)
class Minted:
    """A number for one form, and the token that carries it."""

    receipt: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True)
class Placed:
    """One person on the new case, and the compartments they get a grant on, with the reason of each."""

    candidate: Candidate
    role: str
    reasons: Mapping[str, str]
    standing_by: bool


@dataclass(frozen=True)
class Plan:
    """Everything that follows from her answers before a single row is written."""

    decision: grants.RouteDecision
    flags: Flags
    consents: Mapping[str, bool]
    placed: tuple[Placed, ...]
    job_not_stated: bool

    @property
    def route(self) -> str:
        return self.decision.route


@dataclass(frozen=True)
class Filed:
    """What she is told after sending. `receipt` is the number to keep; `again`: the same words had arrived already."""

    receipt: str = field(repr=False)
    case: Case
    again: bool = False
    changed_words: bool = False
    answer_by: date | None = None
    roster_says: str = ""  # When somebody outside reads next, in a sentence; empty where nothing is urgent.
    reason: str = ""  # Why others read it than she chose, in a sentence; empty where nothing was changed.
    chair_and_outside_only: bool = False
    others: tuple[str, ...] = field(default=(), repr=False)  # Of a group written down together: a number each.


TokenRefused = receipts.TokenRefused
read_token = receipts.read_token


def mint(at: datetime) -> Minted:
    """Make a number and its token for one form. Nothing is stored."""
    number = receipts.new_number()
    return Minted(number, receipts.sign(number, at=at))


# --- The plan -----------------------------------------------------------------------------------------------------


def plan(answers: Answers, country: CountryPack) -> Plan:
    """Decide route, hold, people and grants from her answers, by `data/grants.json` alone. Writes nothing."""
    found = flags(answers)
    people = candidates(country, answers.factory).without(exclusions.excluded_roles(answers))
    decision = grants.decide_route(answers, found, people.world(answers.factory))
    consents = {code.value: False for code in SHARE_CONSENTS}
    if decision.route == Route.FACTORY_COMMITTEE:
        consents = dict(answers.consents)
    placed = tuple(_place(people, decision, consents, urgent=found.urgent))
    return Plan(decision, found, consents, placed, answers.respondent_job in grants.NOT_STATED)


def _country(answers: Answers) -> CountryPack:
    """The country of the page she used; her factory, where it is known, lies in it and brings it along."""
    factory = answers.factory
    if factory is not None and factory.country_id == answers.country:
        return factory.country
    return CountryPack.objects.get(pk=answers.country)


def _place(
    people: Candidates, decision: grants.RouteDecision, consents: Mapping[str, bool], *, urgent: bool
) -> list[Placed]:
    """Pick the people of each role that the table grants anything, and what each of them holds."""
    placed: list[Placed] = []
    taken: set[Any] = set()
    with_factory = decision.route == Route.FACTORY_COMMITTEE and not decision.hold
    for role in (*FACTORY_ROLES, *OUTSIDE_ROLES):
        reasons = {}
        for kind in CompartmentKind.values:
            rule = grants.rule_for(
                kind,
                role,
                route=decision.route,
                hold=decision.hold,
                factory_side=decision.factory_side,
                consents=consents,
            )
            if rule.granted:
                reasons[kind] = rule.reason
        if not reasons:
            continue
        for candidate in _pick(people, role, with_factory=with_factory):
            if candidate.person.pk in taken:
                continue
            taken.add(candidate.person.pk)
            standing_by = (with_factory and role == Role.TECHNICAL_EXPERT and not urgent) or (
                role == Role.SAFEGUARDING_LEAD and not decision.hold
            )
            placed.append(Placed(candidate, role, reasons, standing_by))
    return placed


def _pick(people: Candidates, role: str, *, with_factory: bool) -> list[Candidate]:
    """Which people of a role (`who` in grants.json)."""
    found = people.of(role)
    if role == Role.TECHNICAL_EXPERT:
        return least_busy(found, 1 if with_factory else 2, lead_first=not with_factory)
    if role == Role.SAFEGUARDING_LEAD:
        return least_busy(found, 2)
    return least_busy(found, 1)


# --- The preview --------------------------------------------------------------------------------------------------


Words = tuple[str, Any]  # A code, and what a worker reads for it.


@dataclass(frozen=True)
class ReaderView:
    """One group of readers: what they can read, and what stays closed to them."""

    role: str
    label: Any
    reads: tuple[Words, ...]
    hidden: tuple[Words, ...]
    may_strike: bool


@dataclass(frozen=True)
class Preview:
    """What each reader will see, made from the plan; stores nothing and names nobody."""

    route: str
    chosen_route: str
    changed: bool
    reason_code: str  # The route rule that decided.
    reason: str  # Why it was changed, in a sentence; empty where nothing was.
    may_insist: bool
    hold: bool
    readers: tuple[ReaderView, ...]
    outside_keeps: tuple[Words, ...]
    just_in_case: tuple[Words, ...]  # Roles that hold a key in case it is needed later.
    nobody_reads: bool
    chair_and_outside_only: bool


ROLE_WORDS = {
    Role.CASE_OFFICER: _lazy("The person in HR who works on complaints"),
    Role.COMMITTEE_CHAIR: _lazy("The head of the committee"),
    Role.OUTSIDE_MEMBER: _lazy("The committee member from outside the factory"),
    Role.TECHNICAL_EXPERT: _lazy("The outside helper"),
    Role.SAFEGUARDING_LEAD: _lazy("The special outside helper"),
}


def _why(made: Plan) -> str:
    if made.decision.code == "under_18":
        return _("Only a helper for young people will read this. They will talk with you first.")
    if made.decision.code == "freedom_flag":
        return _("Because of your answers, a special helper will read it first. This is to protect you.")
    if made.decision.changed:
        return _("Because of your answers, the outside helper will read it first. This is to protect you.")
    return ""


def _words(kinds: Any) -> tuple[Words, ...]:
    return tuple((kind, CompartmentKind(kind).worker_words) for kind in kinds)


def preview(answers: Answers, *, at: datetime) -> Preview:
    """Show her, before she sends, exactly what the grants of this plan would open, reader by reader.

    `at` is when she asks; nothing of it is kept.
    """
    made = plan(answers, _country(answers))
    hers = [kind for kind in CompartmentKind.values if kind not in ("record", "finding")]
    by_role: dict[str, set[str]] = {}
    in_case = []
    for one in made.placed:
        if one.standing_by or (one.role == Role.SAFEGUARDING_LEAD and not made.decision.hold):
            in_case.append(one.role)
            continue
        by_role.setdefault(one.role, set()).update(one.reasons)
    readers = tuple(
        ReaderView(
            role,
            ROLE_WORDS[Role(role)],
            reads=_words(kind for kind in hers if kind in held),
            hidden=_words(kind for kind in hers if kind not in held),
            may_strike=role in FACTORY_ROLES,
        )
        for role, held in by_role.items()
    )
    factory_reads = {kind for view in readers if view.role in FACTORY_ROLES for kind, _label in view.reads}
    outside_holds = {kind for one in made.placed if one.role in OUTSIDE_ROLES for kind in one.reasons}
    with_factory = made.route == Route.FACTORY_COMMITTEE
    return Preview(
        route=made.route,
        chosen_route=answers.route,
        changed=made.decision.changed,
        reason_code=made.decision.code,
        reason=_why(made),
        may_insist=made.decision.may_insist,
        hold=made.decision.hold,
        readers=readers,
        outside_keeps=_words(
            kind for kind in hers if with_factory and kind in outside_holds and kind not in factory_reads
        ),
        just_in_case=tuple((role, ROLE_WORDS[Role(role)]) for role in dict.fromkeys(in_case)),
        nobody_reads=CompartmentKind.STORY not in (factory_reads if with_factory else set().union(*by_role.values())),
        chair_and_outside_only=made.decision.factory_side == FactorySide.CHAIR_AND_OUTSIDE_MEMBER,
    )


# --- Filing -------------------------------------------------------------------------------------------------------


def file_complaint(answers: Answers, *, token: str, at: datetime, by: Person | None = None, members: int = 1) -> Filed:
    """File one complaint under the number its form carries, and open its case in one transaction.

    `by`: who wrote it down for her, through another door than the web. It gives them nothing: the case goes where the
    rules send it, and she replaces the number they know at her first visit. Workflow, section 3.1. `members`: how many
    of a group tell together and get a number each; from the web they give each other numbers later.

    The same number with the same words is the same case (`again`); with other words it is a new number and case
    (`changed_words`). Raises `receipts.TokenRefused`, `slots.Full`, `AlreadyArrived` or `Refused`.
    """
    _require(answers)
    if (by is None) != (answers.channel == Channel.WEB):
        raise ValueError("a complaint from another door, and only that, names who wrote it down")
    if not 1 <= members <= (receipts.LARGEST_GROUP if by else 1):
        raise ValueError("a group has up to twenty numbers, and only somebody who hands them out files for it")
    number = receipts.read_token(token, at=at)
    words = answers.canonical()
    keys = receipts.keys_of(number, waiting=slots.FILING)
    before = _under(keys)
    if before is not None and _same_words(before, keys, words):
        return _again(before, number, keys, answers)
    changed = before is not None
    if changed:
        number = receipts.new_number()
        keys = receipts.keys_of(number, waiting=slots.FILING)
    others = _beside(number, members)
    more = [receipts.keys_of(other, waiting=slots.FILING) for other in others]
    country = _country(answers)
    made = plan(answers, country)
    try:
        case, promises = _open_case(answers, made, keys, words, at=at, country=country, by=by, more=more)
    except IntegrityError:
        # Two presses of Send raced, and the other one has the lookup id: this time it is there to be seen.
        if _under(keys) is None:
            raise
        return file_complaint(answers, token=token, at=at, by=by, members=members)
    _remember(keys)
    says = roster.sentence(country, at) if case.urgent_outside else ""
    due = _answer_by(case, promises)
    told = _told_of(made)
    return Filed(number, case, changed_words=changed, answer_by=due, roster_says=says, others=others, **told)


def _beside(number: str, members: int) -> tuple[str, ...]:
    return tuple(receipts.number_beside(number, place) for place in range(2, members + 1))


def _told_of(made: Plan) -> dict[str, Any]:
    """What she has to hear after sending, too, because the preview can be left out."""
    only_two = made.decision.factory_side == FactorySide.CHAIR_AND_OUTSIDE_MEMBER
    return {"reason": _why(made), "chair_and_outside_only": only_two}


def _require(answers: Answers) -> None:
    if not answers.conduct_types and not answers.own_words.strip():
        raise Refused(_("Please say what happened: choose a picture or write a few words."))
    if answers.route not in Route.values:
        raise Refused(_("Please choose who may read this."))


def _under(keys: receipts.Keys) -> Receipt | None:
    """What was filed under this number before. Almost always nothing, so nothing is read along with it."""
    return Receipt.objects.filter(lookup=keys.lookup).first()


def _same_words(before: Receipt, keys: receipts.Keys, words: bytes) -> bool:
    return crypto.same(bytes(before.resend_check), keys.resend_check(words))


def _again(before: Receipt, number: str, keys: receipts.Keys, answers: Answers) -> Filed:
    if not _shown_recently(keys):
        raise AlreadyArrived(_("It has arrived. Use the number you wrote down."))
    told = _told_of(plan(answers, before.case.country))
    others = _beside(number, len(receipts.numbers_of(before.case).members))
    return Filed(number, before.case, again=True, answer_by=answer_by(before.case), others=others, **told)


def _memory(keys: receipts.Keys) -> str:
    """A name in the cache that says nothing: it lives fifteen minutes and leads to no row."""
    return "sent:" + crypto.derive(secrets.subkey("sent again"), "sent", keys.lookup).hex()


def _remember(keys: receipts.Keys) -> None:
    try:
        cache.set(_memory(keys), 1, SHOWN_AGAIN_SECONDS)
    except RedisError:
        return


def _shown_recently(keys: receipts.Keys) -> bool:
    try:
        return cache.get(_memory(keys)) is not None
    except RedisError:
        return False


def answer_by(case: Case) -> date | None:
    """The day by which she finds an answer; none for a case that is only kept."""
    return _answer_by(case, case.deadlines.all())


def _answer_by(case: Case, promises: Iterable[Deadline]) -> date | None:
    due = min((one.due_at for one in promises if one.code in ("acknowledge", "urgent_contact")), default=None)
    return case.local_day(due) if due else None


def _open_case(
    answers: Answers,
    made: Plan,
    keys: receipts.Keys,
    words: bytes,
    *,
    at: datetime,
    country: CountryPack,
    by: Person | None = None,
    more: Sequence[receipts.Keys] = (),
) -> tuple[Case, list[Deadline]]:
    """Write the case and everything under it, its promises among them: a dozen bulk writes in one transaction."""
    case = _new_case(answers, made, at=at, country=country)
    receipt = Receipt(
        case=case,
        lookup=keys.lookup,
        public_key=keys.pair.public,
        resend_check=keys.resend_check(words),
        must_be_replaced=by is not None,
    )
    hers = [receipt]
    for place, one in enumerate(more, start=2):
        beside = Receipt(case=case, lookup=one.lookup, public_key=one.pair.public, must_be_replaced=True, member=place)
        hers.append(beside)
    fresh = {}
    for kind in CompartmentKind.values:
        fresh[kind] = compartments.fresh_key(Compartment(case=case, kind=kind))
    entries = list(_entries(case, answers, fresh, at=at))
    given = list(_grants(case, hers, made, fresh, at=at))
    assignments = _assignments(case, made, at=at)
    start = case.release_at if case.with_factory else at
    promises, rungs = deadlines.prepare(case, deadlines.at_filing(case), at=start)
    case.next_due_at = min((p.due_at for p in promises), default=None)
    for assignment in assignments:
        assignment.next_due_at = case.next_due_at or deadlines.FAR_AWAY
    event = events.prepare(
        case,
        EventKind.COMPLAINT_FILED,
        at=at,
        her=True,
        contents={
            "route": case.route,
            "channel": case.channel,
            "rule": made.decision.code if case.with_factory else "",
        },
    )
    chain = [event]
    if by is not None:
        told = {"channel": case.channel}
        chain.append(events.prepare(case, EventKind.FILED_FOR_HER, at=at, by=by, contents=told))
    with transaction.atomic():
        case.save(force_insert=True)
        Receipt.objects.bulk_create(hers)
        Compartment.objects.bulk_create([f.key.compartment for f in fresh.values()])
        CompartmentKey.objects.bulk_create([f.key for f in fresh.values()])
        Entry.objects.bulk_create(entries)
        Grant.objects.bulk_create(given)
        Exclusion.objects.bulk_create(exclusions.rows_for(case, exclusions.excluded_roles(answers)))
        Consent.objects.bulk_create(
            [
                Consent(case=case, code=code, given=yes, on=case.filed_on, wording=WORDING)
                for code, yes in made.consents.items()
            ]
        )
        Assignment.objects.bulk_create(assignments)
        Deadline.objects.bulk_create(promises)
        Rung.objects.bulk_create(rungs)
        Event.objects.bulk_create(chain)
        _tell(case, made, at=at)
    return case, promises


def _new_case(answers: Answers, made: Plan, *, at: datetime, country: CountryPack) -> Case:
    case = Case(
        country=country,
        factory=answers.factory,
        channel=answers.channel,
        route=made.route,
        insist=answers.insist and made.route == Route.FACTORY_COMMITTEE,
        factory_side=made.decision.factory_side,
        side=_side(made),
        side_before=Side.KEPT if made.route == Route.RECORD_ONLY and made.decision.hold else "",
        conduct_types=sorted(answers.conduct_types) or [ConductType.OTHER_UNSURE],
        severity=severity_in_the_clear(answers.conduct_types),
        urgent_outside=made.flags.urgent,
        job_not_stated=made.job_not_stated,
    )
    case.filed_on = case.local_day(at)
    case.release_at = case.calendar.release_after(at)
    if made.route == Route.RECORD_ONLY:
        case.purge_after = months_after(case.filed_on, KEPT_MONTHS)
    case.burst = bursts.notice_filing(case)
    return case


def _side(made: Plan) -> str:
    if made.decision.hold:
        return Side.SAFEGUARDING_HOLD
    return Side.KEPT if made.route == Route.RECORD_ONLY else ""


def _assignments(case: Case, made: Plan, *, at: datetime) -> list[Assignment]:
    # The outside team reads at once where danger, age or freedom asks for it; otherwise at the same release.
    start_of_day = case.calendar.at_hour(case.filed_on, 0)
    return [
        Assignment(
            case=case,
            person=one.candidate.person,
            role=one.role,
            standing_by=one.standing_by,
            since=case.filed_on,
            visible_from=start_of_day if one.role in OUTSIDE_ROLES and case.urgent_outside else case.release_at,
        )
        for one in made.placed
    ]


def _grants(
    case: Case, hers: Sequence[Receipt], made: Plan, fresh: Mapping[str, compartments.Fresh], *, at: datetime
) -> Any:
    for kind, one in fresh.items():
        yield compartments.grant_to_recovery(one, at=at)
        if kind not in (CompartmentKind.RECORD, CompartmentKind.FINDING):
            for receipt in hers:
                yield compartments.grant_to_receipt(one, receipt, "own_words", at=at)
    for placed in made.placed:
        for kind, reason in placed.reasons.items():
            yield compartments.grant_to_person(
                fresh[kind], placed.candidate.key, reason, at=at, visible_from=case.release_at
            )


def _entries(case: Case, answers: Answers, fresh: Mapping[str, compartments.Fresh], *, at: datetime) -> Any:
    """Seal each answer compartment, also where she left it empty: absence is no answer either."""
    contents = contents_of(answers)
    for kind in ANSWER_COMPARTMENTS:
        for entry_kind in _ENTRY_KINDS_OF.get(kind, (EntryKind.ANSWERS,)):
            yield compartments.sealed_entry(
                case,
                fresh[kind].key,
                kind,
                entry_kind,
                contents[kind, entry_kind],
                her=True,
                at=at,
                visible_from=case.release_at,
            )


_ENTRY_KINDS_OF = {
    CompartmentKind.FREEDOM: (EntryKind.ANSWERS, EntryKind.SEVERITY_FULL, EntryKind.EXCLUSION_TEXT),
}


def contents_of(answers: Answers) -> dict[tuple[str, str], dict[str, Any]]:
    """Sort the answers into their compartments. Source: intake.md, section 2, the second table."""
    contact = answers.contact
    freedom_answers: dict[str, Any] = {
        "danger_answer": answers.danger_answer,
        "danger": dict(answers.danger),
        "danger_level": flags(answers).danger,
        "age_band": answers.age_band,
        "freedom": dict(answers.freedom),
    }
    if answers.worry:
        freedom_answers["worry"] = True
    return {
        (CompartmentKind.STORY, EntryKind.ANSWERS): {
            "complainant_kind": answers.complainant_kind,
            "person_knows": answers.person_knows,
            "write_through_me": answers.write_through_me,
            "own_words": answers.own_words,
            "pressure": sorted(answers.pressure),
            "wishes": sorted(answers.wishes),
            "more_words": answers.more_words,
            "language": answers.language,
        },
        (CompartmentKind.CIRCUMSTANCES, EntryKind.ANSWERS): {
            "place_kind": answers.place_kind,
            "place_text": answers.place_text,
            "places": sorted(answers.places),
            "last_time": answers.last_time,
            "frequency": answers.frequency,
        },
        (CompartmentKind.RESPONDENT, EntryKind.ANSWERS): {
            "respondent_job": answers.respondent_job,
            "respondent_name": answers.respondent_name,
        },
        (CompartmentKind.IDENTITY, EntryKind.ANSWERS): {
            "kind": contact.kind,
            "reach": contact.reach,
            "whose": contact.whose,
            "others_look": contact.others_look,
            "safe_when": contact.safe_when,
            "say_instead": contact.say_instead,
            "leave_message": contact.leave_message,
            "language": contact.language,
            "proof_word": contact.proof_word,
            "name": contact.name,
        },
        (CompartmentKind.FREEDOM, EntryKind.ANSWERS): freedom_answers,
        (CompartmentKind.FREEDOM, EntryKind.SEVERITY_FULL): {"severity_full": severity_full(answers)},
        (CompartmentKind.FREEDOM, EntryKind.EXCLUSION_TEXT): {
            "exclude": sorted(answers.exclude),
            "exclude_roles": sorted(answers.exclude_roles),
            "exclude_name": answers.exclude_name if Exclude.NAMED_PERSON in answers.exclude else "",
        },
    }


def _tell(case: Case, made: Plan, *, at: datetime) -> None:
    """Queue word for who handles it: at the release, and for the outside team at once where danger asks for it."""
    # The start of her day: a notice keeps no minute of hers.
    noticed = case.calendar.at_hour(case.filed_on, 0)
    if _is_thin(made):
        notices.queue(
            to=[*people.administrators(), *people.programme_leads("technical")],
            cause=f"thin:{case.pk}",
            kind=THIN,
            at=noticed,
            topic=HOLDERS,
            topic_id=case.pk,
            send_after=noticed if case.urgent_outside else case.release_at,
        )
    if case.side == Side.KEPT and not case.urgent_outside:
        return
    for at_once in (True, False):
        told = [
            one.candidate.person
            for one in made.placed
            if not one.standing_by and (case.urgent_outside and one.role in OUTSIDE_ROLES) == at_once
        ]
        if told:
            notices.queue(
                to=told,
                cause=f"filed:{case.pk}",
                kind="case_filed",
                at=noticed,
                due_on=case.local_day(case.next_due_at) if case.next_due_at else None,
                topic="case",
                topic_id=case.pk,
                send_after=noticed if at_once else case.release_at,
            )


def _is_thin(made: Plan) -> bool:
    """Whether a live compartment begins with fewer than two people who can open it. What she kept closed is skipped."""
    holders = Counter(kind for one in made.placed for kind in one.reasons)
    live = set(CompartmentKind.values)
    if made.route == Route.FACTORY_COMMITTEE and not made.decision.hold:
        live = {kind for kind, share in grants.SHARE_OF.items() if made.consents.get(share)}
        live |= {CompartmentKind.INBOX, CompartmentKind.RECORD, CompartmentKind.FINDING, CompartmentKind.FREEDOM}
    return any(holders[kind] < grants.table()["usable_holders"]["at_least"] for kind in live)
