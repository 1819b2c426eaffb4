"""What her own page reads: where it stands, what was promised, who read what, and what was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from complaints import compartments, reading, said, workflow
from complaints.answers import Answers, Contact
from complaints.casecodes import FACTORY_ROLES, HER_KINDS, AppealSide, Author, EntryKind, EventKind, Role
from complaints.codes import (
    SHARE_CONSENTS,
    WORKER_HAS_RESULT,
    ClosingReason,
    CompartmentKind,
    ComplainantKind,
    Route,
    Side,
    Stage,
    Words,
)
from complaints.codes import Consent as ConsentCode
from complaints.compartments import Holder, Opened
from complaints.intake import ROLE_WORDS
from complaints.models import Assignment, Case, Deadline, Entry, Grant
from complaints.selectors.asks import Ask, asks_of
from complaints.selectors.promises import Promise, promises_of
from complaints.workflow import Actor
from factories import roster

MESSAGES_SHOWN = 20
READERS: Mapping[str, Words] = {
    **{str(role): words for role, words in ROLE_WORDS.items()},
    Role.COMMITTEE_MEMBER: _lazy("A member of the committee"),
    Role.DECISION_MAKER: _lazy("The manager who decides"),
    Role.APPEAL_REVIEWER: _lazy("Somebody new from outside"),
}
# What she said with a button stands before her words.
SAID_WITH_A_BUTTON: Mapping[str, Words] = {
    EntryKind.NOT_SAFE: _lazy("You said that you are not safe."),
    EntryKind.HANDLING_CONCERN: _lazy("You said that this is not handled well."),
    EntryKind.APPEAL: _lazy("You asked somebody new to look at it again."),
    EntryKind.CHECK_ANSWER: _lazy("You told us how you are."),
}
SAID_OF_A_BREACH: Words = _lazy("You said that somebody talked about it, or tried to find out that it was you.")
LETTERS = (EntryKind.MESSAGE, *SAID_WITH_A_BUTTON)
# The row of pictures: icon, words, and the stages it stands for.
_ROW: tuple[tuple[str, Words, tuple[str, ...]], ...] = (
    ("stage_received", Stage.RECEIVED.worker_words, (Stage.RECEIVED,)),
    ("stage_read", Stage.ACKNOWLEDGED.worker_words, (Stage.ACKNOWLEDGED,)),
    ("stage_sorting", Stage.TRIAGE.worker_words, (Stage.TRIAGE, Stage.PLANNING)),
    ("stage_finding", Stage.FINDING.worker_words, (Stage.FACT_FINDING, Stage.FINDING, Stage.DECISION)),
    ("stage_result", WORKER_HAS_RESULT, ()),
    ("stage_action", Stage.ACTION.worker_words, (Stage.ACTION,)),
    ("stage_monitoring", Stage.MONITORING.worker_words, (Stage.MONITORING,)),
    ("stage_closed", Stage.CLOSED.worker_words, (Stage.CLOSED,)),
)
_RESULT = 4


@dataclass(frozen=True)
class StagePicture:
    icon: str
    words: Words
    here: bool
    past: bool


@dataclass(frozen=True)
class Letter:
    """One message: hers, or from somebody by their role."""

    hers: bool
    sender: Words
    text: str
    on: date
    waits: bool  # Hers, and the daily release has not reached it yet.
    outside_only: bool = False  # No factory user can ever open it.


@dataclass(frozen=True)
class Opening:
    """Somebody opened something of hers on a day, and why they may."""

    on: date
    reader: Words
    parts: tuple[Words, ...]
    why: Words


@dataclass(frozen=True)
class Readers:
    """One group of readers: what they can read now, and what only from the next release on."""

    label: Words
    reads: tuple[Words, ...]
    later: tuple[Words, ...]


@dataclass(frozen=True)
class PictureLink:
    id: UUID
    number: int
    on: date


@dataclass(frozen=True)
class HerPage:
    """Everything her page shows; names of people are in none of it."""

    case: Case
    stages: tuple[StagePicture, ...]
    stage_words: Words
    side_words: Words
    promises: tuple[Promise, ...]
    letters: tuple[Letter, ...]
    older_letters: bool
    openings: tuple[Opening, ...]
    readers: tuple[Readers, ...]
    in_case: tuple[Words, ...]
    conduct: tuple[Words, ...]
    told: tuple[tuple[Words, list[said.Said]], ...]
    pictures: tuple[PictureLink, ...]
    may: frozenset[str]
    asks: tuple[Ask, ...]
    seen_when: Words
    reads_next: Words
    too_few: bool  # Of the factory's people; she is offered to move it.
    he_appealed: bool  # It is the respondent who asked to look again.
    together: bool = False  # Told by several, or for another: a number each.
    waits_until: date | None = None  # Her answer is needed to go on; until this day it stands still for it.
    waits_for: workflow.Delay | None = None  # What her deletion waits for, if she asked for it.

    @property
    def promise(self) -> Promise | None:
        return self.promises[0] if self.promises else None

    @property
    def late(self) -> bool:
        """She has been told that a promise is late."""
        return any(promise.told_late for promise in self.promises)

    @property
    def stopping(self) -> bool:
        """She asked to stop and can still take it back."""
        return self.case.stop_asked_on is not None

    @property
    def deletion_waits(self) -> bool:
        """Her words would be deleted by now: something the law allows makes it wait."""
        return self.waits_for is not None and bool(self.waits_for)

    @property
    def stopped(self) -> bool:
        return self.case.closing_reason == ClosingReason.STOPPED_BY_COMPLAINANT

    @property
    def told_outside(self) -> bool:
        """So late that somebody outside was told: the roads outside stand beside it."""
        return any(promise.told_outside for promise in self.promises)

    @property
    def handover_proposed(self) -> bool:
        return self.case.handover_proposed_on is not None and "accept_handover" in self.may


@reading.one_page
def page_of(case: Case, holder: Holder, *, at: datetime, all_letters: bool = False) -> HerPage:
    """Read her page in a constant number of queries."""
    grants = holder.grants(case)
    deadlines = list(case.deadlines.prefetch_related("rungs"))
    assignments = list(case.assignments.order_by("since", "pk"))
    roles = {assignment.person_id: assignment.role for assignment in assignments}
    stages = _stages(case, told=case.outcome_told_on is not None)
    letters, older = _letters(case, holder, grants, roles, at=at, all_letters=all_letters)
    answers = _answers(case, holder, grants, at=at)
    readers, in_case = _readers(case, [one for one in assignments if one.ended_on is None], at=at)
    promises = tuple(promises_of(case, deadlines, at=at))
    told = said.by_compartment(answers)
    may = what_she_may(case, at=at)
    urgent = any(promise.code == "urgent_contact" for promise in promises)
    return HerPage(
        case=case,
        stages=stages,
        stage_words=next(stage.words for stage in stages if stage.here),
        side_words=Side(case.side).worker_words if case.side else "",
        promises=promises,
        letters=letters,
        older_letters=older,
        openings=_openings(case),
        readers=readers,
        in_case=in_case,
        conduct=tuple(said.conduct(answers)),
        told=tuple((CompartmentKind(kind).worker_words, lines) for kind, lines in told.items() if lines),
        pictures=pictures_of(case, grants),
        may=may,
        asks=asks_of(case, may, at=at),
        seen_when=seen_when(case, at=at),
        reads_next=roster.sentence(case.country, at) if urgent else "",
        too_few=workflow.too_few_handlers(case),
        waits_until=_waits_until(case, deadlines),
        waits_for=workflow.delay_of(case, at=at) if case.delete_asked_on else None,
        together="leave_group" in may or answers.complainant_kind in (ComplainantKind.GROUP, ComplainantKind.WITNESS),
        he_appealed=any(one.decided_on is None and one.side == AppealSide.RESPONDENT for one in reading.appeals(case)),
    )


def _waits_until(case: Case, deadlines: list[Deadline]) -> date | None:
    """Until when it stands still for her answer; nothing once she has written, also before the release."""
    until = workflow.waits_until(case, deadlines)
    return None if until is None or workflow.she_answered(case) else until


@reading.one_page
def what_she_may(case: Case, *, at: datetime) -> frozenset[str]:
    """Return the steps her page offers now. A step that would be refused has no button."""
    may = workflow.allowed(case, Actor(her=True), at=at)
    may.discard("take_stop_back" if case.stop_asked_on is None else "stop")
    if case.handover_proposed_on is None:
        may.discard("accept_handover")
    may.discard("take_deletion_back" if case.delete_asked_on is None else "ask_deletion")
    if case.closing_asked_on is None or case.closing_answered_on is not None:
        may.discard("answer_closing")
    if "say_how_it_was" in may and not workflow.may_rate(case, at=at):
        may.discard("say_how_it_was")
    return frozenset(may)


def _stages(case: Case, *, told: bool) -> tuple[StagePicture, ...]:
    here = next(number for number, (_icon, _words, stages) in enumerate(_ROW) if case.stage in stages)
    if case.stage == Stage.DECISION and told:
        here = _RESULT
    return tuple(
        StagePicture(icon, words, here=number == here, past=number < here)
        for number, (icon, words, _stages) in enumerate(_ROW)
    )


# --- Words --------------------------------------------------------------------------------------------------------


def _letters(
    case: Case, holder: Holder, grants: list[Grant], roles: Mapping[UUID, str], *, at: datetime, all_letters: bool
) -> tuple[tuple[Letter, ...], bool]:
    """The newest letters, the newest first, and whether there are older ones."""
    opened = compartments.take_out(
        case,
        holder,
        [CompartmentKind.INBOX, CompartmentKind.FREEDOM],
        at=at,
        grants=grants,
        entry_kinds=LETTERS,
        newest=None if all_letters else MESSAGES_SHOWN + 1,
    )
    letters = [_letter(case, one, roles, at=at) for one in reversed(opened)]
    older = not all_letters and len(letters) > MESSAGES_SHOWN
    return tuple(letters if all_letters else letters[:MESSAGES_SHOWN]), older


def _letter(case: Case, one: Opened, roles: Mapping[UUID, str], *, at: datetime) -> Letter:
    hers = one.entry.author_kind == Author.COMPLAINANT
    role = roles.get(one.entry.author_id, "") if one.entry.author_id else ""
    parts = one.content.get("outcome")
    text = workflow.words_to_her(parts) if parts else str(one.content.get("text", ""))
    if hers and one.entry.kind in SAID_WITH_A_BUTTON:
        breach = str(SAID_OF_A_BREACH) if one.content.get("breach") else ""
        text = "\n".join(filter(None, [str(SAID_WITH_A_BUTTON[one.entry.kind]), breach, text]))
    return Letter(
        hers=hers,
        sender=_("You") if hers else READERS.get(role, _("Somebody who works on it")),
        text=text,
        on=one.entry.written_on,
        waits=hers and case.with_factory and one.kind == CompartmentKind.INBOX and one.entry.visible_from > at,
        outside_only=one.kind == CompartmentKind.FREEDOM,
    )


def _answers(case: Case, holder: Holder, grants: list[Grant], *, at: datetime) -> Answers:
    """What she told, put together again from its compartments."""
    opened = compartments.take_out(
        case,
        holder,
        HER_KINDS,
        at=at,
        grants=grants,
        entry_kinds=[EntryKind.ANSWERS, EntryKind.EXCLUSION_TEXT],
    )
    content: dict[str, Any] = {}
    for one in opened:
        if one.kind == CompartmentKind.IDENTITY:
            content["contact"] = Contact(**one.content)
        else:
            content |= one.content
    kept = {name: value for name, value in content.items() if name in Answers.__dataclass_fields__}
    kept |= {name: frozenset(value) for name, value in kept.items() if isinstance(value, list)}
    conduct = frozenset(case.conduct_types)
    return Answers(**(kept | {"country": case.country_id, "conduct_types": conduct}))


def pictures_of(case: Case, grants: Iterable[Grant]) -> tuple[PictureLink, ...]:
    """Her pictures in the order they came, without opening any."""
    keys = [grant.key_id for grant in grants if grant.key.compartment.kind == CompartmentKind.PICTURES]
    rows = Entry.objects.filter(key__in=keys, kind=EntryKind.PICTURE).order_by("number").values_list("pk", "written_on")
    return tuple(PictureLink(pk, number, on) for number, (pk, on) in enumerate(rows, start=1))


# --- Who reads ----------------------------------------------------------------------------------------------------


def _openings(case: Case) -> tuple[Opening, ...]:
    """The access record as she sees it: the newest day first, one line for each reader and day."""
    rows = case.events.filter(kind=EventKind.COMPARTMENT_OPENED, contents__isnull=False).order_by("-number")
    lines: dict[tuple[date, str, UUID | None], list[Words]] = {}
    for on, contents, actor, kind in rows.values_list("on", "contents", "actor_id", "compartment"):
        role = (contents or {}).get("role", "")
        parts = lines.setdefault((on, role, actor), [])
        words = CompartmentKind(kind).worker_words
        if words not in parts:
            parts.insert(0, words)
    return tuple(
        Opening(on, READERS.get(role, _("Somebody who works on it")), tuple(parts), why(case, role))
        for (on, role, _actor), parts in lines.items()
    )


def why(case: Case, role: str) -> Words:
    """Why a reader of this role may open it, in a sentence."""
    if role == Role.DECISION_MAKER:
        return _("They decide what follows, and read the result for it. They never read your words.")
    if role in FACTORY_ROLES:
        return _("You chose the committee, and this is what you let them read.")
    if role == Role.APPEAL_REVIEWER:
        return _("Somebody new looks at the result again, and reads what is needed for it.")
    if role == Role.SAFEGUARDING_LEAD:
        return _("To protect you: a special helper reads first.")
    if case.with_factory:
        return _("To help quickly from outside, or because the factory was late.")
    return _("You chose the outside helper.") if case.route != Route.RECORD_ONLY else _("They keep it for you.")


def _readers(case: Case, current: list[Assignment], *, at: datetime) -> tuple[tuple[Readers, ...], tuple[Words, ...]]:
    """Who can read what now, from the grants themselves; and who only holds a key in case it is needed."""
    held = Grant.objects.filter(
        key__compartment__case=case,
        key__compartment__kind__in=HER_KINDS,
        person_key__person__in=[one.person_id for one in current],
    ).exclude(person_key__state="retired")
    by_person: dict[UUID, dict[str, datetime]] = {}
    for person, kind, visible_from in held.values_list(
        "person_key__person_id", "key__compartment__kind", "visible_from"
    ):
        kinds = by_person.setdefault(person, {})
        kinds[kind] = min(visible_from, kinds.get(kind, visible_from))
    now: dict[str, set[str]] = {}
    soon: dict[str, set[str]] = {}
    in_case: dict[str, None] = {}
    for one in current:
        kinds = by_person.get(one.person_id, {})
        if not kinds:
            continue
        if one.standing_by:
            in_case[one.role] = None
            continue
        now.setdefault(one.role, set())
        for kind, visible_from in kinds.items():
            waits = one.role in FACTORY_ROLES and max(visible_from, one.visible_from) > at
            (soon if waits else now).setdefault(one.role, set()).add(kind)
    groups = tuple(
        Readers(READERS[role], _parts(kinds), _parts(soon.get(role, set()) - kinds)) for role, kinds in now.items()
    )
    return groups, tuple(READERS[role] for role in in_case if role not in now)


def _parts(kinds: set[str]) -> tuple[Words, ...]:
    return tuple(kind.worker_words for kind in CompartmentKind if kind in kinds)


# --- When ---------------------------------------------------------------------------------------------------------


def seen_when(case: Case, *, at: datetime) -> Words:
    """When what she adds now reaches whoever handles it."""
    if case.side == Side.KEPT:
        return _("We keep it with the rest.")
    if case.in_hold:
        return _("The special helper can read it at once.")
    if not case.with_factory:
        return _("The outside helper can read it at once.")
    if settings.SAMLENG_RELEASE_AT_ONCE:
        return _("In this demo they see it at once.")
    release = case.calendar.release_after(at)
    hour = settings.SAMLENG_RELEASE_HOUR
    if case.local_day(release) == case.local_day(at):
        return _("They see it after %(hour)s this morning.") % {"hour": hour}
    return _("They see it after %(hour)s tomorrow morning.") % {"hour": hour}


def consents_offered(case: Case) -> tuple[ConsentCode, ...]:
    """Which consents about the factory she can give and take back; the others have a page each."""
    return SHARE_CONSENTS if case.with_factory else ()
