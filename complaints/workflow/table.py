"""The table of steps: from which stages, to which stage, who may, what must hold. Reading it is reading the procedure.

Source: workflow.md, sections 3 to 16. `move` is the only code that writes a case's stage and side.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from accounts.models import Person
from complaints.casecodes import Role
from complaints.codes import Side, Stage
from complaints.models import Case
from complaints.workflow.needs import (
    HANDLED,
    danger_confirmed_outside,
    declared,
    her_side_only_in_hold,
    not_with_factory,
    outside_first,
    released,
    still_with_factory,
    urgent_contact_made,
)
from complaints.workflow.step import (
    BEFORE_DECISION,
    CLOCK,
    COMMITTEE,
    EARLY,
    HANDLERS,
    HER,
    OPEN,
    OUTSIDE,
    Actor,
    Step,
    StepRefused,
)

ANY_SIDE = ("", *Side.values)
FREE = ("", Side.REOPENED)  # Nothing holds it.
NOT_HELD = ("", Side.REOPENED, Side.ON_HOLD_BY_COMPLAINANT)
WAITING = ("", Side.REOPENED, Side.SAFEGUARDING_HOLD, Side.ON_HOLD_BY_COMPLAINANT)

STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("declare_conflict", OPEN, COMMITTEE, needs=(released,)),
        Step("decide_conflict", OPEN, (Role.OUTSIDE_MEMBER, *OUTSIDE), needs=(released,)),
        Step(
            "find_declaration_false",
            tuple(Stage),
            (Role.OUTSIDE_MEMBER, Role.TECHNICAL_EXPERT),
            sides=ANY_SIDE,
            needs=(released,),
        ),
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
        # The inquiry. Sections 3.5 and 3.6.
        # Decision, action, and what is told. Sections 3.7, 3.8, 4 and 8.
        # Appeal, and concerns about handling. Section 9.
        # Checks, and retaliation. Section 10.
        # Closing and opening again. Section 11.
        # Safeguarding and referrals. Section 12.
        # Links and classes, for the outside team; legal holds. Sections 3.3 and 15.
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
