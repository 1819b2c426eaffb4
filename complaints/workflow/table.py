"""The table of steps: from which stages, to which stage, who may, what must hold. Reading it is reading the procedure.

Source: workflow.md, sections 3 to 16. `move` is the only code that writes a case's stage and side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints.casecodes import Role
from complaints.codes import Side, Stage
from complaints.models import Case
from complaints.workflow.appeal_needs import (
    APPEALABLE,
    handled_here,
    not_decided_yet,
    respondent_may_appeal,
    she_may_appeal,
)
from complaints.workflow.concern_needs import concern_open, other_helper_offered
from complaints.workflow.fairness import (
    HELPING,
    INQUIRERS,
    among_three,
    comments_asked,
    enough_people,
    formal_path,
    interim_decided,
    nothing_missing,
    respondent_not_told,
    respondent_told,
    where_the_case_is,
)
from complaints.workflow.group_needs import gave_numbers_away, has_numbers, room_in_group, told_alone, told_together
from complaints.workflow.linked import not_itself_linked
from complaints.workflow.needs import (
    HANDLED,
    danger_confirmed_outside,
    decided_by_two,
    declared,
    has_referrals,
    held_or_review_open,
    her_side_only_in_hold,
    in_a_talk,
    measure_in_force,
    not_opening,
    not_with_factory,
    outside_first,
    released,
    still_with_factory,
    urgent_contact_made,
)
from complaints.workflow.outcome_needs import (
    all_found,
    decides_here,
    has_remedies,
    has_sanctions,
    is_decided,
    may_begin_action,
    may_begin_monitoring,
    no_outcome_yet,
    nobody_decides,
    not_an_inquirer,
    not_sent_back_yet,
    not_told_her,
    not_told_respondent,
    nothing_half_done,
    recommendation_waits,
    she_knows,
    she_lets_it_go,
    undecided,
    went_back,
)
from complaints.workflow.step import (
    AFTER_PLANNING,
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
STANDING = (*FREE, Side.SAFEGUARDING_HOLD, Side.APPEAL)  # Whoever is on it may change, whatever holds it.
REVIEWER = Role.APPEAL_REVIEWER
NOT_HELD = ("", Side.REOPENED, Side.ON_HOLD_BY_COMPLAINANT)
NOT_KEPT = tuple(side for side in ("", *Side.values) if side != Side.KEPT)
MOVING = ("", Side.REOPENED, Side.SAFEGUARDING_HOLD, Side.APPEAL)  # Safety goes on while an appeal is open.
HELD = (Side.SAFEGUARDING_HOLD,)
STILL_ASKED = ("", Side.REOPENED, Side.SAFEGUARDING_HOLD, Side.APPEAL)
LEADS = (Role.SAFEGUARDING_LEAD,)
INQUIRED = (*HANDLED, where_the_case_is, danger_confirmed_outside)
DECIDERS = (Role.DECISION_MAKER, Role.OUTSIDE_MEMBER, Role.TECHNICAL_EXPERT)
SEEING_TO_IT = (*HANDLERS, Role.DECISION_MAKER)  # Whoever may own a remedy or sanction.
ANSWERED = tuple(stage for stage in OPEN if stage != Stage.RECEIVED)
DECIDED = (Stage.DECISION, Stage.ACTION, Stage.MONITORING)
IN_ACTION = (Stage.ACTION, Stage.MONITORING)
DECIDING = (*HANDLED, undecided, not_an_inquirer, decides_here)
TALKING = (Stage.PLANNING, *IN_ACTION)
REDIRECTING = (Stage.ACKNOWLEDGED, Stage.TRIAGE, Stage.PLANNING, Stage.MONITORING)
WAITING = ("", Side.REOPENED, Side.SAFEGUARDING_HOLD, Side.ON_HOLD_BY_COMPLAINANT)

STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("declare_conflict", OPEN, (*COMMITTEE, REVIEWER, Role.DECISION_MAKER), sides=STANDING, needs=(released,)),
        Step("decide_conflict", OPEN, (Role.OUTSIDE_MEMBER, *OUTSIDE), sides=STANDING, needs=(released,)),
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
        Step("decide_interim", OPEN, HANDLERS, sides=MOVING, needs=HANDLED),
        Step("review_interim", tuple(Stage), HANDLERS, sides=MOVING, needs=(*HANDLED, measure_in_force)),
        Step(
            "agree_path",
            (Stage.TRIAGE, Stage.PLANNING),
            HANDLERS,
            target=Stage.PLANNING,
            needs=(*HANDLED, urgent_contact_made, danger_confirmed_outside),
        ),
        # A reviewer may ask both sides: her by a message, the handlers (and through them the respondent) by a note.
        Step("add_note", tuple(Stage), (*HANDLERS, REVIEWER), sides=(*WAITING, Side.APPEAL), needs=HANDLED),
        Step("send_message", tuple(Stage), (*HANDLERS, REVIEWER), sides=ANY_SIDE, needs=HANDLED),
        Step("assign", OPEN, HANDLERS, sides=STANDING, needs=HANDLED),
        Step("share_again", tuple(Stage), HANDLERS, sides=ANY_SIDE, needs=(released, declared)),
        Step("hand_on", OPEN, HANDLERS, sides=STANDING, needs=HANDLED),
        Step("first_look", OPEN, OUTSIDE, sides=ANY_SIDE, needs=(her_side_only_in_hold,)),
        Step(
            "open_hold",
            OPEN,
            HANDLERS,
            # Paused, too: somebody may have forced the press.
            sides=("", Side.REOPENED, Side.KEPT, Side.ON_HOLD_BY_COMPLAINANT, Side.APPEAL),
            needs=(released, declared),
        ),
        Step("propose_lift", OPEN, (Role.SAFEGUARDING_LEAD,), sides=(Side.SAFEGUARDING_HOLD,)),
        Step("lift_hold", OPEN, (Role.SAFEGUARDING_LEAD,), sides=(Side.SAFEGUARDING_HOLD,)),
        Step("propose_handover", EARLY, (Role.TECHNICAL_EXPERT,), sides=("", Side.REOPENED), needs=(outside_first,)),
        Step("match_factory", OPEN, OUTSIDE, sides=ANY_SIDE, needs=(outside_first,)),
        Step("match_name", OPEN, OUTSIDE, sides=ANY_SIDE, needs=(outside_first,)),
        # The inquiry. Sections 3.5 and 3.6.
        Step(
            "begin_inquiry",
            (Stage.PLANNING,),
            HELPING,
            target=Stage.FACT_FINDING,
            sides=FREE,
            needs=(*INQUIRED, formal_path, interim_decided, urgent_contact_made, enough_people),
        ),
        Step(
            "tell_respondent",
            (Stage.FACT_FINDING,),
            HELPING,
            sides=FREE,
            needs=(*INQUIRED, interim_decided, respondent_not_told),
        ),
        Step("note_reply", (Stage.FACT_FINDING,), HELPING, sides=FREE, needs=(*INQUIRED, respondent_told)),
        Step("hear", (Stage.FACT_FINDING,), INQUIRERS, sides=FREE, needs=(*INQUIRED, among_three)),
        Step("add_paper", (Stage.FACT_FINDING,), HELPING, sides=FREE, needs=INQUIRED),
        Step("ask_comments", (Stage.FACT_FINDING,), HELPING, sides=FREE, needs=INQUIRED),
        Step("note_comment", (Stage.FACT_FINDING,), HELPING, sides=FREE, needs=(*INQUIRED, comments_asked)),
        Step(
            "complete_inquiry",
            (Stage.FACT_FINDING,),
            INQUIRERS,
            target=Stage.FINDING,
            sides=FREE,
            needs=(*INQUIRED, among_three, urgent_contact_made, nothing_missing),
        ),
        Step(
            "find",
            (Stage.FINDING,),
            INQUIRERS,
            target=Stage.DECISION,
            sides=FREE,
            needs=(*INQUIRED, among_three, urgent_contact_made),
        ),
        # Decision, action, and what is told. Sections 3.7, 3.8, 4 and 8.
        Step("ask_decider", (Stage.DECISION,), COMMITTEE, sides=FREE, needs=(*HANDLED, undecided, nobody_decides)),
        Step("decide", (Stage.DECISION,), DECIDERS, sides=FREE, needs=(*DECIDING, all_found)),
        Step(
            "send_back",
            (Stage.DECISION,),
            DECIDERS,
            target=Stage.FINDING,
            sides=FREE,
            needs=(*DECIDING, not_sent_back_yet),
        ),
        Step(
            "pass_to_outside_member",
            (Stage.DECISION,),
            (Role.DECISION_MAKER,),
            sides=FREE,
            needs=(*HANDLED, undecided, went_back),
        ),
        Step("pass_on_recommendation", DECIDED, OUTSIDE, sides=FREE, needs=(*HANDLED, she_lets_it_go)),
        Step("tell_outcome", (Stage.DECISION,), HANDLERS, sides=FREE, needs=(*HANDLED, is_decided, not_told_her)),
        Step(
            "tell_outcome_to_respondent",
            DECIDED,
            HANDLERS,
            sides=FREE,
            needs=(*HANDLED, is_decided, not_told_respondent),
        ),
        Step("give_feedback", ANSWERED, HANDLERS, sides=MOVING, needs=(*HANDLED, no_outcome_yet)),
        Step(
            "change_path",
            AFTER_PLANNING,
            HANDLERS,
            target=Stage.PLANNING,
            sides=FREE,
            needs=(*HANDLED, nothing_half_done),
        ),
        Step(
            "begin_action",
            (Stage.PLANNING, Stage.DECISION),
            HANDLERS,
            target=Stage.ACTION,
            sides=FREE,
            needs=(*HANDLED, urgent_contact_made, may_begin_action),
        ),
        Step("add_remedy", IN_ACTION, HANDLERS, sides=FREE, needs=HANDLED),
        Step("plan_remedy", IN_ACTION, HANDLERS, sides=MOVING, needs=(*HANDLED, has_remedies)),
        Step("remedy_done", IN_ACTION, SEEING_TO_IT, sides=MOVING, needs=(*HANDLED, has_remedies)),
        Step("ask_about_remedy", IN_ACTION, HANDLERS, sides=MOVING, needs=(*HANDLED, has_remedies)),
        Step("verify_remedy", IN_ACTION, HANDLERS, sides=MOVING, needs=(*HANDLED, has_remedies)),
        Step("carry_out_sanction", IN_ACTION, SEEING_TO_IT, sides=FREE, needs=(*HANDLED, has_sanctions)),
        Step("check_sanction", IN_ACTION, HANDLERS, sides=FREE, needs=(*HANDLED, has_sanctions)),
        Step(
            "begin_monitoring",
            (Stage.PLANNING, Stage.ACTION),
            HANDLERS,
            target=Stage.MONITORING,
            sides=FREE,
            needs=(*HANDLED, urgent_contact_made, may_begin_monitoring),
        ),
        Step("confirm_remedy", IN_ACTION, (HER,), sides=ANY_SIDE, needs=(she_knows, has_remedies)),
        Step("answer_recommendation", DECIDED, (HER,), sides=ANY_SIDE, needs=(recommendation_waits,)),
        # Appeal, and concerns about handling. Section 9.
        Step("note_appeal", APPEALABLE, HANDLERS, sides=FREE, needs=(*HANDLED, handled_here, respondent_may_appeal)),
        Step("give_to_reviewer", OPEN, HANDLERS, sides=(Side.APPEAL,), needs=(*HANDLED, handled_here)),
        Step("decide_appeal", OPEN, (REVIEWER,), sides=(Side.APPEAL,), needs=HANDLED),
        Step("appeal", APPEALABLE, (HER,), sides=FREE, needs=(she_may_appeal,)),
        Step("add_to_appeal", OPEN, (HER,), sides=(Side.APPEAL,)),
        Step("raise_concern", tuple(Stage), (HER,), sides=ANY_SIDE),
        Step("want_other_helper", tuple(Stage), (HER,), sides=ANY_SIDE, needs=(other_helper_offered,)),
        Step("note_breach", tuple(Stage), HANDLERS, sides=ANY_SIDE, needs=(released, declared, her_side_only_in_hold)),
        Step("answer_concern", tuple(Stage), OUTSIDE, sides=ANY_SIDE, needs=(her_side_only_in_hold, concern_open)),
        # Checks, and retaliation. Section 10.
        Step("ask_check", tuple(Stage), HANDLERS, sides=MOVING, needs=HANDLED),
        Step("review_hr", tuple(Stage), HANDLERS, sides=MOVING, needs=HANDLED),
        Step("note_check", tuple(Stage), HANDLERS, sides=MOVING, needs=HANDLED),
        Step("complete_check", tuple(Stage), HANDLERS, sides=MOVING, needs=HANDLED),
        Step("note_retaliation", tuple(Stage), HANDLERS, sides=NOT_KEPT, needs=(*HANDLED, not_itself_linked)),
        Step("settle_retaliation", tuple(Stage), OUTSIDE, sides=ANY_SIDE, needs=HANDLED),
        Step("answer_check", tuple(Stage), (HER,), sides=ANY_SIDE),
        Step("raise_retaliation", tuple(Stage), (HER,), sides=NOT_KEPT, needs=(not_itself_linked,)),
        # Closing and opening again. Section 11.
        Step("write_learning", AFTER_PLANNING, HANDLERS, sides=FREE, needs=HANDLED),
        Step("ask_closing", (Stage.MONITORING,), HANDLERS, sides=FREE, needs=HANDLED),
        Step("tick_closure", (Stage.MONITORING,), HANDLERS, sides=FREE, needs=HANDLED),
        Step("confirm_closure", (Stage.MONITORING,), HANDLERS, sides=FREE, needs=HANDLED),
        Step("close", (Stage.MONITORING,), HANDLERS, target=Stage.CLOSED, sides=FREE, needs=HANDLED),
        Step("close_no_contact", OPEN, HANDLERS, target=Stage.CLOSED, sides=FREE, needs=HANDLED),
        Step("close_redirected", REDIRECTING, HANDLERS, target=Stage.CLOSED, sides=FREE, needs=HANDLED),
        Step("reopen", (Stage.CLOSED,), (HER, *HANDLERS), sides=("",), needs=(released, declared, not_opening)),
        # Safeguarding and referrals. Section 12.
        Step("propose_safety_decision", OPEN, LEADS, sides=HELD, needs=(urgent_contact_made,)),
        Step("agree_safety_decision", OPEN, LEADS, sides=HELD, needs=(urgent_contact_made,)),
        Step("plan_safety", OPEN, LEADS, sides=HELD, needs=(decided_by_two,)),
        Step("note_legal_duty", OPEN, LEADS, sides=HELD),
        Step("note_wider_risk", OPEN, OUTSIDE, needs=(her_side_only_in_hold, held_or_review_open)),
        Step("follow_up", tuple(Stage), OUTSIDE, sides=(*STILL_ASKED, Side.KEPT), needs=(her_side_only_in_hold,)),
        Step("offer_referral", OPEN, HANDLERS, sides=STILL_ASKED, needs=HANDLED),
        Step("send_referral", OPEN, HANDLERS, sides=STILL_ASKED, needs=HANDLED),
        Step("note_referral", tuple(Stage), HANDLERS, sides=STILL_ASKED, needs=HANDLED),
        Step("answer_referral", tuple(Stage), (HER,), sides=ANY_SIDE, needs=(has_referrals,)),
        Step("revoke_referral", tuple(Stage), (HER,), sides=ANY_SIDE),
        Step("say_of_referral", tuple(Stage), (HER,), sides=ANY_SIDE),
        # Links and classes, for the outside team; legal holds. Sections 3.3 and 15.
        Step("link_cases", tuple(Stage), (Role.COMMITTEE_CHAIR, Role.TECHNICAL_EXPERT), sides=ANY_SIDE, needs=HANDLED),
        Step("classify", tuple(Stage), (Role.TECHNICAL_EXPERT,), sides=ANY_SIDE, needs=(her_side_only_in_hold,)),
        Step("place_legal_hold", tuple(Stage), OUTSIDE, sides=ANY_SIDE, needs=(her_side_only_in_hold,)),
        Step("end_legal_hold", tuple(Stage), OUTSIDE, sides=ANY_SIDE, needs=(her_side_only_in_hold,)),
        # Hers.
        Step("write", tuple(Stage), (HER,), sides=ANY_SIDE),
        Step("add_picture", tuple(Stage), (HER,), sides=ANY_SIDE),
        Step("change_consents", OPEN, (HER,), sides=ANY_SIDE),
        Step("take_new_number", tuple(Stage), (HER,), sides=ANY_SIDE),
        # A group: a number each, and each may leave alone. Intake, section 9.
        Step("add_receipt", OPEN, (HER,), sides=ANY_SIDE, needs=(has_numbers, room_in_group)),
        Step("take_receipts_back", tuple(Stage), (HER,), sides=ANY_SIDE, needs=(has_numbers, gave_numbers_away)),
        Step("leave_group", tuple(Stage), (HER,), sides=ANY_SIDE, needs=(has_numbers, told_together)),
        Step("say_not_safe", OPEN, (HER,), sides=ANY_SIDE),
        Step(
            "move_outside",
            (*BEFORE_DECISION, Stage.DECISION),
            (HER,),
            sides=NOT_HELD,
            needs=(still_with_factory, not_decided_yet),
        ),
        Step("accept_handover", EARLY, (HER,), sides=("", Side.REOPENED), needs=(outside_first,)),
        Step("choose_route", (Stage.RECEIVED,), (HER,), sides=(Side.KEPT,)),
        Step(
            "stop",
            OPEN,
            (HER,),
            sides=(*FREE, Side.KEPT, Side.SAFEGUARDING_HOLD, Side.APPEAL),
            needs=(told_alone,),
        ),
        Step("take_stop_back", OPEN, (HER,), sides=(Side.ON_HOLD_BY_COMPLAINANT, Side.SAFEGUARDING_HOLD)),
        # Informal resolution: she can stop, at every stage of it. Section 4.
        Step("stop_talk", TALKING, (HER,), needs=(in_a_talk,)),
        Step("answer_closing", (Stage.MONITORING,), (HER,), sides=STILL_ASKED),
        Step("say_how_it_was", (Stage.MONITORING, Stage.CLOSED), (HER,), sides=STILL_ASKED),
        Step("renew", (Stage.RECEIVED,), (HER,), sides=(Side.KEPT,)),
        Step("ask_deletion", tuple(Stage), (HER,), sides=ANY_SIDE, needs=(told_alone,)),
        Step("take_deletion_back", tuple(Stage), (HER,), sides=ANY_SIDE),
        # What time does.
        Step("finish_deletion", tuple(Stage), (CLOCK,), sides=ANY_SIDE),
        Step("purge", tuple(Stage), (CLOCK,), sides=ANY_SIDE),
        Step("finish_reopening", (Stage.CLOSED,), (CLOCK,), sides=("",)),
        Step("end_wait", OPEN, (CLOCK,), sides=ANY_SIDE),
        Step("keep_promise", tuple(Stage), (CLOCK,), sides=ANY_SIDE),
        Step("finish_talk", TALKING, (CLOCK,), target=Stage.PLANNING, sides=ANY_SIDE),
        Step("finish_stop", OPEN, (CLOCK,), target=Stage.CLOSED, sides=(Side.ON_HOLD_BY_COMPLAINANT,)),
    )
}


TALK_STOPPED = _("The talk has stopped, and other ways are open. Wait for tomorrow morning, then agree one with her.")
# What carries an informal resolution on or ends it well: refused from the moment she stops it.
CARRIES_ON = ("begin_action", "add_remedy", "plan_remedy", "begin_monitoring", "ask_closing", "tick_closure",
              "confirm_closure", "close", "close_redirected")  # fmt: skip


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
        if name in CARRIES_ON and locked.talk_ends_at is not None:
            # Not a need: before the release no page may show by a missing button that she was here.
            raise StepRefused(TALK_STOPPED)
        yield locked, actor
        move(locked, STEPS[name].target or locked.stage, locked.side)


def actor_on(case: Case, *, by: Person | None = None, her: bool = False) -> Actor:
    """Return who acts, with their current assignment on this case if they have one."""
    if by is None:
        return Actor(her=her)
    return Actor(by, case.assignments.current().filter(person=by).first())


def allowed(case: Case, actor: Actor, *, at: datetime, among: Iterable[str] = STEPS) -> set[str]:
    """Return the names of the steps this actor could take now, for a page that offers only those."""
    found = set()
    for name in among:
        try:
            STEPS[name].check(case, actor, at=at)
        except StepRefused:
            continue
        found.add(name)
    return found


def move(case: Case, stage: str, side: str) -> None:
    """Write stage and side: the only code that does. The caller holds the case lock."""
    case.stage, case.side = stage, side
    Case.objects.filter(pk=case.pk).update(stage=stage, side=side, closed_at=case.closed_at)
