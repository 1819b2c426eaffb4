"""The table of steps: from which stages, to which stage, who may, what must hold. Reading it is reading the procedure.

Source: workflow.md, sections 3 to 16. `move` is the only code that writes a case's stage and side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints import deadlines
from complaints.casecodes import FACTORY_ROLES, Role
from complaints.codes import Route, Side, Stage
from complaints.models import Assignment, Case, ConflictDeclaration

Words = str | Promise
_UNREAD = object()


class StepRefused(Exception):
    """The table says no. `message` says why and what to do, for the person who asked."""

    def __init__(self, message: Words) -> None:
        super().__init__("step refused")
        self.message = message


@dataclass
class Actor:
    """Who asks for a step: a person with what they are on this case, or she herself (`her`), or the clock."""

    person: Person | None = None
    assignment: Assignment | None = None
    her: bool = False
    _declaration: object = _UNREAD

    @property
    def role(self) -> str:
        return self.assignment.role if self.assignment else ""

    @property
    def at_factory(self) -> bool:
        return self.role in FACTORY_ROLES

    def declaration_on(self, case: Case) -> ConflictDeclaration | None:
        """Their statement on this case, read once."""
        if self._declaration is _UNREAD:
            self._declaration = case.declarations.filter(person=self.person).first()
        return cast(ConflictDeclaration | None, self._declaration)


Need = Callable[[Case, Actor, datetime], Words | None]  # A sentence when it does not hold.

HER = "complainant"
CLOCK = "clock"
OUTSIDE = (Role.TECHNICAL_EXPERT, Role.SAFEGUARDING_LEAD)
COMMITTEE = (Role.CASE_OFFICER, Role.COMMITTEE_CHAIR, Role.OUTSIDE_MEMBER, Role.COMMITTEE_MEMBER)
HANDLERS = (*COMMITTEE, *OUTSIDE)
OPEN = tuple(stage for stage in Stage if stage != Stage.CLOSED)
EARLY = (Stage.RECEIVED, Stage.ACKNOWLEDGED, Stage.TRIAGE, Stage.PLANNING)
BEFORE_DECISION = (*EARLY, Stage.FACT_FINDING, Stage.FINDING)


@dataclass(frozen=True)
class Step:
    """One permitted move of a case. Without a target the stage stays where it is."""

    name: str
    sources: tuple[str, ...]
    by: tuple[str, ...]
    target: str = ""
    sides: tuple[str, ...] = ("", Side.REOPENED, Side.SAFEGUARDING_HOLD)
    needs: tuple[Need, ...] = ()

    def check(self, case: Case, actor: Actor, *, at: datetime) -> Step:
        """Return the step, or raise `StepRefused` in words for the person, when the table says no."""
        if not self._may(actor):
            raise StepRefused(_("This step is not yours to take on this case."))
        if actor.her and (case.stage not in self.sources or case.side not in self.sides):
            raise StepRefused(_("Your case has changed since you opened this page. You see now how it stands."))
        if case.stage not in self.sources:
            raise StepRefused(_("The case has moved on since you opened this page. Look at it again before you go on."))
        if case.side not in self.sides:
            raise StepRefused(_SIDE_SAYS.get(case.side, _("The case stands still. Look at it again later.")))
        for need in self.needs:
            missing = need(case, actor, at)
            if missing:
                raise StepRefused(missing)
        return self

    def _may(self, actor: Actor) -> bool:
        if actor.her:
            return HER in self.by
        if actor.person is None:
            return CLOCK in self.by
        return actor.role in self.by


_SIDE_SAYS: dict[str, Words] = {
    Side.ON_HOLD_BY_COMPLAINANT: _("The complainant has paused the case. Nothing is done until she lets it go on."),
    Side.SAFEGUARDING_HOLD: _("The case is in a safeguarding hold. Only the safeguarding leads work on it now."),
    Side.KEPT: _("The complainant asked us only to keep it. Nothing is done until she chooses another route."),
    Side.APPEAL: _("An appeal is open. Wait for its result."),
}


# --- What must hold -----------------------------------------------------------------------------------------------


def declared(case: Case, actor: Actor, at: datetime) -> Words | None:
    """Nobody at the factory touches a case before a signed declaration; a possible conflict waits."""
    if not actor.at_factory:
        return None
    declaration = actor.declaration_on(case)
    if declaration is None:
        return _("First say whether you have a conflict of interest in this case.")
    if not declaration.may_handle:
        return _("You said that you may have a conflict of interest. Wait until the outside member has decided.")
    return None


def released(case: Case, actor: Actor, at: datetime) -> Words | None:
    if actor.at_factory and (case.release_at > at or not case.with_factory):
        return _("This case is not open to you.")
    return None


def conflict_cleared(case: Case, actor: Actor, at: datetime) -> Words | None:
    """While the job is not stated, nobody but chair and outside member works on a factory case."""
    if not case.job_not_stated or case.conflict_answered_on or not case.with_factory:
        return None
    if actor.role in (Role.COMMITTEE_CHAIR, Role.OUTSIDE_MEMBER, *OUTSIDE):
        return None
    return _("The complainant has not answered yet who it could be. Until then only chair and outside member open it.")


def not_set_aside(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.set_aside_at:
        return _("This case was set aside with others that came in a surge. Take it out first.")
    return None


def her_side_only_in_hold(case: Case, actor: Actor, at: datetime) -> Words | None:
    """In a hold only safeguarding leads (and she) act."""
    if case.in_hold and actor.person and actor.role != Role.SAFEGUARDING_LEAD:
        return _SIDE_SAYS[Side.SAFEGUARDING_HOLD]
    return None


def urgent_contact_made(case: Case, actor: Actor, at: datetime) -> Words | None:
    """No stage past triage while urgent contact is open. Workflow, section 16."""
    if deadlines.is_open(case, "urgent_contact"):
        return _("Urgent contact comes first: somebody from the outside team must have written to her.")
    return None


def danger_confirmed_outside(case: Case, actor: Actor, at: datetime) -> Words | None:
    if not case.with_factory and case.danger_confirmed_at is None:
        return _("First an expert or lead confirms danger, age and freedom for this case.")
    return None


def not_with_factory(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.with_factory:
        return _("The factory handles this case. Danger, age and freedom are confirmed outside only.")
    return None


def outside_first(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.route == Route.FACTORY_COMMITTEE:
        return _("The factory has this case already.")
    return None


def still_with_factory(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.route != Route.FACTORY_COMMITTEE:
        return _("Your case is outside the factory already.")
    return None


HANDLED = (released, declared, conflict_cleared, not_set_aside, her_side_only_in_hold)
ANY_SIDE = ("", *Side.values)
NOT_HELD = ("", Side.REOPENED, Side.ON_HOLD_BY_COMPLAINANT)
WAITING = ("", Side.REOPENED, Side.SAFEGUARDING_HOLD, Side.ON_HOLD_BY_COMPLAINANT)

STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("declare_conflict", OPEN, COMMITTEE, needs=(released,)),
        Step("decide_conflict", OPEN, (Role.OUTSIDE_MEMBER, *OUTSIDE), needs=(released,)),
        Step("ask_conflict_question", EARLY, (Role.COMMITTEE_CHAIR, Role.OUTSIDE_MEMBER, *OUTSIDE), needs=HANDLED),
        Step("answer_conflict_question", EARLY, (Role.COMMITTEE_CHAIR, Role.OUTSIDE_MEMBER, *OUTSIDE), needs=HANDLED),
        Step("acknowledge", (Stage.RECEIVED,), HANDLERS, target=Stage.ACKNOWLEDGED, needs=HANDLED),
        Step("triage", (Stage.ACKNOWLEDGED,), HANDLERS, target=Stage.TRIAGE, needs=HANDLED),
        Step("confirm_danger", OPEN, OUTSIDE, needs=(*HANDLED, not_with_factory)),
        Step("decide_interim", OPEN, HANDLERS, needs=HANDLED),
        Step("review_interim", OPEN, HANDLERS, needs=HANDLED),
        Step(
            "agree_path",
            (Stage.TRIAGE, Stage.PLANNING),
            HANDLERS,
            target=Stage.PLANNING,
            needs=(*HANDLED, urgent_contact_made, danger_confirmed_outside),
        ),
        Step("add_note", tuple(Stage), HANDLERS, sides=WAITING, needs=HANDLED),
        Step("send_message", tuple(Stage), HANDLERS, sides=ANY_SIDE, needs=HANDLED),
        Step("assign", OPEN, HANDLERS, needs=HANDLED),
        Step("share_again", tuple(Stage), HANDLERS, sides=ANY_SIDE, needs=(released, declared)),
        Step("hand_on", OPEN, HANDLERS, needs=HANDLED),
        Step("first_look", OPEN, OUTSIDE, sides=ANY_SIDE, needs=(her_side_only_in_hold,)),
        Step(
            "open_hold",
            OPEN,
            HANDLERS,
            # Paused, too: somebody may have forced the press.
            sides=("", Side.REOPENED, Side.KEPT, Side.ON_HOLD_BY_COMPLAINANT),
            needs=(released, declared),
        ),
        Step("propose_lift", OPEN, (Role.SAFEGUARDING_LEAD,), sides=(Side.SAFEGUARDING_HOLD,)),
        Step("lift_hold", OPEN, (Role.SAFEGUARDING_LEAD,), sides=(Side.SAFEGUARDING_HOLD,)),
        Step("propose_handover", EARLY, (Role.TECHNICAL_EXPERT,), sides=("", Side.REOPENED), needs=(outside_first,)),
        Step("match_factory", OPEN, OUTSIDE, sides=ANY_SIDE, needs=(outside_first,)),
        Step("match_name", OPEN, OUTSIDE, sides=ANY_SIDE, needs=(outside_first,)),
        # Hers.
        Step("write", tuple(Stage), (HER,), sides=ANY_SIDE),
        Step("add_picture", tuple(Stage), (HER,), sides=ANY_SIDE),
        Step("change_consents", OPEN, (HER,), sides=ANY_SIDE),
        Step("take_new_number", tuple(Stage), (HER,), sides=ANY_SIDE),
        Step("say_not_safe", OPEN, (HER,), sides=ANY_SIDE),
        Step("move_outside", BEFORE_DECISION, (HER,), sides=NOT_HELD, needs=(still_with_factory,)),
        Step("accept_handover", EARLY, (HER,), sides=("", Side.REOPENED), needs=(outside_first,)),
        Step("choose_route", (Stage.RECEIVED,), (HER,), sides=(Side.KEPT,)),
        Step("stop", OPEN, (HER,), sides=("", Side.REOPENED, Side.KEPT, Side.SAFEGUARDING_HOLD)),
        Step("take_stop_back", OPEN, (HER,), sides=(Side.ON_HOLD_BY_COMPLAINANT, Side.SAFEGUARDING_HOLD)),
        Step("finish_stop", OPEN, (CLOCK,), target=Stage.CLOSED, sides=(Side.ON_HOLD_BY_COMPLAINANT,)),
    )
}


# --- Taking a step ------------------------------------------------------------------------------------------------


@contextmanager
def taking(
    name: str, case: Case, *, at: datetime, by: Person | None = None, her: bool = False
) -> Iterator[tuple[Case, Actor]]:
    """Open a transaction, lock the case, check the table, and yield the locked case and who acts.

    Everything a step writes belongs inside. Raises `StepRefused`.
    """
    with transaction.atomic():
        locked = (
            Case.objects.select_for_update(no_key=True, of=("self",))
            .select_related("country", "factory__country")
            .get(pk=case.pk)
        )
        actor = actor_on(locked, by=by, her=her)
        STEPS[name].check(locked, actor, at=at)
        yield locked, actor
        move(locked, STEPS[name].target or locked.stage, locked.side)


def actor_on(case: Case, *, by: Person | None = None, her: bool = False) -> Actor:
    """Return who acts, with their current assignment on this case if they have one."""
    if by is None:
        return Actor(her=her)
    return Actor(by, case.assignments.current().filter(person=by).first())


def allowed(case: Case, actor: Actor, *, at: datetime) -> set[str]:
    """Return the names of the steps this actor could take now, for a page that offers only those."""
    found = set()
    for name, step in STEPS.items():
        try:
            step.check(case, actor, at=at)
        except StepRefused:
            continue
        found.add(name)
    return found


def move(case: Case, stage: str, side: str) -> None:
    """Write stage and side: the only code that does. The caller holds the case lock."""
    case.stage, case.side = stage, side
    Case.objects.filter(pk=case.pk).update(stage=stage, side=side, closed_at=case.closed_at)
