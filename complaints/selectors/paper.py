"""What a printed paper of a case holds for one reader: its parts, what is shut, and the promises kept and missed.

Nothing is opened here: a view opens what was chosen and hands it in. Days only; no minute comes on a paper.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from accounts.keys import Reader
from complaints import shown
from complaints.casecodes import FACTORY_ROLES, Author, EntryKind, Role
from complaints.casewords import promise
from complaints.codes import ANSWER_COMPARTMENTS, CompartmentKind, Words
from complaints.compartments import Opened
from complaints.deadlines import WINDOWS
from complaints.models import Case, Deadline, Entry, Event
from complaints.selectors import casepage
from complaints.selectors.outcome import Rows, has_outcome, rows_of
from complaints.workflow import Actor

# What was told, the handlers' papers, the finding: in the order in which a case grows.
ORDER = (
    *ANSWER_COMPARTMENTS,
    CompartmentKind.PICTURES,
    CompartmentKind.INBOX,
    CompartmentKind.RECORD,
    CompartmentKind.FINDING,
)
OF_DECIDERS = (CompartmentKind.RESPONDENT, CompartmentKind.FINDING)
DECIDED_ON = (EntryKind.FINDING, EntryKind.QUESTIONS_BACK, EntryKind.DECISION, EntryKind.APPEAL_DECISION)
# In the clear: they stand behind what was opened.
OUTCOME, STEPS, PROMISES = "outcome", "steps", "promises"
IN_THE_CLEAR: dict[str, Words] = {
    OUTCOME: _("Remedies and sanctions"),
    STEPS: _("What happened, day by day"),
    PROMISES: _("Promises, kept and missed"),
}
# What could harm her most if the paper is lost comes on it only where somebody asks for it.
ASKED_FOR = (CompartmentKind.IDENTITY, CompartmentKind.FREEDOM, CompartmentKind.PICTURES)
OF_THE_LETTER = ("to", "appeal")  # Which letter it is; the rest is what it says.


@dataclass(frozen=True)
class Part:
    """One part that may come on the paper."""

    code: str
    label: Words
    chosen: bool


@dataclass(frozen=True)
class Choice:
    """What there is to choose from, and what is not: shut to this reader, or empty."""

    parts: Sequence[Part]
    shut: Sequence[Words]
    empty: Sequence[Words]
    lacks: bool  # Something that should be open to this reader is locked to their key.

    @property
    def kinds(self) -> list[str]:
        """The compartments to open."""
        return [part.code for part in self.parts if part.chosen and part.code not in IN_THE_CLEAR]

    @property
    def chosen(self) -> set[str]:
        return {part.code for part in self.parts if part.chosen}

    @property
    def left_out(self) -> list[Words]:
        return [part.label for part in self.parts if not part.chosen]


@dataclass(frozen=True)
class Written:
    """One entry as it comes on the paper."""

    heading: Words
    by: Words  # Empty for what she told on the day she told it.
    on: date
    lines: Sequence[shown.Line] = field(default=(), repr=False)
    text: str = field(default="", repr=False)


@dataclass(frozen=True)
class Section:
    """One compartment on the paper."""

    kind: str
    label: Words
    entries: Sequence[Written]
    pictures: Sequence[Opened] = ()


@dataclass(frozen=True)
class Kept:
    """One promise and what became of it."""

    label: Words
    due_on: date
    met_on: date | None
    days_late: int
    is_paused: bool


def choice(
    case: Case,
    actor: Actor,
    reader: Reader | None,
    doors: Collection[str],
    held: Collection[str],
    later: Collection[str],
    wanted: Collection[str] | None,
    *,
    at: datetime,
) -> Choice:
    """Say what may come on a paper for this reader; `wanted` is what they chose, nothing yet if None.

    A decision maker's paper knows of the finding and the respondent alone. To a factory user and a reviewer
    danger, age and freedom are no part at all, open or shut.
    """
    written = _written(case, reader, at_factory=actor.at_factory, at=at)
    found = casepage.doors_of(case, actor.role, _kinds(actor), doors, held, later)
    parts, shut, empty = [], [], []
    for door in found:
        if door.state != "open" or reader is None:
            shut.append(door.label)
        elif door.kind not in written:
            empty.append(door.label)
        else:
            chosen = door.kind not in ASKED_FOR if wanted is None else door.kind in wanted
            parts.append(Part(door.kind, door.label, chosen))
    if parts:  # Whoever may open nothing prints nothing.
        parts += [
            Part(code, IN_THE_CLEAR[code], wanted is None or code in wanted) for code in _in_the_clear(case, actor)
        ]
    return Choice(parts, shut, empty, lacks=any(door.state == "missing" for door in found))


def _kinds(actor: Actor) -> list[str]:
    if actor.role == Role.DECISION_MAKER:
        return [kind for kind in ORDER if kind in OF_DECIDERS]
    return [kind for kind in ORDER if kind != CompartmentKind.FREEDOM or actor.role != Role.APPEAL_REVIEWER]


def _in_the_clear(case: Case, actor: Actor) -> list[str]:
    outcome = [OUTCOME] if has_outcome(case) else []
    return [*outcome, PROMISES] if actor.role == Role.DECISION_MAKER else [*outcome, STEPS, PROMISES]


def _written(case: Case, reader: Reader | None, *, at_factory: bool, at: datetime) -> set[str]:
    """The compartments in which there is something for this reader: what is empty is not opened."""
    if reader is None:
        return set()
    entries = Entry.objects.filter(key__compartment__case=case, key__grants__person_key=reader.key)
    if at_factory:
        entries = entries.filter(key__grants__visible_from__lte=at).released(at=at)
    return set(entries.values_list("key__compartment__kind", flat=True).distinct())


# --- What was opened ----------------------------------------------------------------------------------------------


def sections(opened: Iterable[Opened], chosen: Choice, actor: Actor) -> list[Section]:
    """Put what was opened into the order of the paper."""
    deciding = actor.role == Role.DECISION_MAKER
    by_kind: dict[str, list[Opened]] = {}
    for one in opened:
        if one.kind == CompartmentKind.FINDING and deciding and one.entry.kind not in DECIDED_ON:
            continue
        by_kind.setdefault(one.kind, []).append(one)
    return [
        Section(
            part.code,
            part.label,
            [_entry(one) for one in by_kind.get(part.code, ()) if not one.picture],
            [one for one in by_kind.get(part.code, ()) if one.picture],
        )
        for part in chosen.parts
        if part.chosen and part.code not in IN_THE_CLEAR
    ]


def _entry(one: Opened) -> Written:
    entry = one.entry
    hers = entry.author_kind == Author.COMPLAINANT
    by: Words = _("The complainant") if hers else entry.author.name if entry.author else "Samleng"
    heading: Words = "" if entry.kind in (EntryKind.ANSWERS, EntryKind.MESSAGE) else entry.get_kind_display()
    if one.kind == CompartmentKind.INBOX and entry.kind != EntryKind.CHECK_ANSWER:
        return Written(heading, by, entry.written_on, text=str(one.content.get("text", "")))
    content = one.content
    if entry.kind == EntryKind.ANSWERS:
        by = ""  # What the part is says whose words these are.
    if entry.kind == EntryKind.OUTCOME_LETTER:
        content = {key: value for key, value in content.items() if key not in OF_THE_LETTER}
    return Written(heading, by, entry.written_on, lines=shown.lines(content))


# --- In the clear -------------------------------------------------------------------------------------------------


def outcome(case: Case, actor: Actor, *, at: datetime) -> Rows:
    """Remedies and sanctions; a decision maker finds those that are theirs to see to."""
    rows = rows_of(case, actor, at=at)
    if actor.role != Role.DECISION_MAKER or actor.person is None:
        return rows
    me = actor.person.pk
    return Rows(
        [one for one in rows.remedies if one.remedy.owner_id == me],
        [one for one in rows.sanctions if one.owner_id == me],
    )


def days(case: Case, actor: Actor, *, at: datetime) -> list[Event]:
    """What happened, the oldest first; a reviewer reads what the factory reads."""
    as_factory = actor.at_factory or actor.role == Role.APPEAL_REVIEWER
    return casepage.timeline(case, at_factory=as_factory, at=at)[::-1]


def promises(case: Case, actor: Actor, *, at: datetime) -> list[Kept]:
    """Every promise this reader may know of, and whether it was kept.

    A decision maker and a reviewer find their own step; a factory user nothing from before the case was theirs.
    """
    rows = case.deadlines.filter(dropped_at=None).order_by("due_at", "code", "ordinal")
    found = [one for one in rows if _shows(one, case, actor, at=at)]
    if actor.role in FACTORY_ROLES:
        handed = case.events.filter(kind__in=casepage.BEGINS_AT_FACTORY).order_by("-number")
        since = handed.values_list("on", flat=True).first()
        found = [one for one in found if since is None or case.local_day(one.starts_at) >= since]
    return [_kept(one, case, at=at) for one in found]


def _shows(deadline: Deadline, case: Case, actor: Actor, *, at: datetime) -> bool:
    if actor.role == Role.DECISION_MAKER and deadline.code != "decision":
        return False
    if deadline.code in WINDOWS and not (deadline.is_open and deadline.due_at >= at):
        return False  # Somebody else's days to speak, and they are over: nobody kept or missed anything.
    return casepage.shows(deadline, case, actor) and not (actor.at_factory and casepage.begins_later(deadline, at=at))


def _kept(deadline: Deadline, case: Case, *, at: datetime) -> Kept:
    due_on = case.local_day(deadline.due_at)
    met_on = case.local_day(deadline.met_at) if deadline.met_at else None
    paused = deadline.paused_at is not None and met_on is None
    end = deadline.met_at or at
    late = 0 if paused or deadline.due_at >= end else max((case.local_day(end) - due_on).days, 1)
    return Kept(promise(deadline.code), due_on, met_on, late, paused)
