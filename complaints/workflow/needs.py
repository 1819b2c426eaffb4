"""What must hold before a step: each need is a sentence when it does not. Source: workflow.md, section 16."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from complaints import deadlines, reading
from complaints.casecodes import Role
from complaints.codes import Path, Route, Side
from complaints.models import Case
from complaints.workflow.step import OUTSIDE, SIDE_SAYS, Actor, Words


def declared(case: Case, actor: Actor, at: datetime) -> Words | None:
    """Nobody at the factory, and no reviewer, touches a case before signing; a possible conflict waits."""
    if not actor.signs:
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


def not_opening(case: Case, actor: Actor, at: datetime) -> Words | None:
    if actor.her and case.reopens_at is not None:
        return _("We open it again tomorrow morning. You need not do anything.")
    return None


def not_set_aside(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.set_aside_at:
        return _("This case was set aside with others that came in a surge. Take it out first.")
    return None


def her_side_only_in_hold(case: Case, actor: Actor, at: datetime) -> Words | None:
    """In a hold only safeguarding leads (and she) act."""
    if case.in_hold and actor.person and actor.role != Role.SAFEGUARDING_LEAD:
        return SIDE_SAYS[Side.SAFEGUARDING_HOLD]
    return None


def urgent_contact_made(case: Case, actor: Actor, at: datetime) -> Words | None:
    """No stage past triage while urgent contact is open. Workflow, section 16."""
    if deadlines.is_open(case, "urgent_contact"):
        return _("Urgent contact comes first: somebody from the outside team must have written to her.")
    return None


def measure_in_force(case: Case, actor: Actor, at: datetime) -> Words | None:
    """Also after a stop, a measure that goes on is looked at until it ends."""
    if not reading.measures(case):
        return _("No interim measure is in force. There is nothing to look at again.")
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


def in_a_talk(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.path != Path.INFORMAL_RESOLUTION:
        return _("There is no talk to stop. You see on your page what is being done.")
    if case.talk_ends_at is not None:
        return _("You have stopped the talk already.")
    return None


# --- A hold, and referrals ----------------------------------------------------------------------------------------


def is_decided(case: Case) -> bool:
    """Two leads have decided at least once what should be done."""
    return any(one.agreed_at for one in reading.safety_decisions(case))


def decided_by_two(case: Case, actor: Actor, at: datetime) -> Words | None:
    """No plan and no passing on before two leads have decided. Workflow, section 12."""
    if not is_decided(case):
        return _("First two leads decide together what should be done.")
    return None


def held_or_review_open(case: Case, actor: Actor, at: datetime) -> Words | None:
    """After a hold the experts finish what the leads could not."""
    if not case.in_hold and not deadlines.is_open(case, "hold_review"):
        return _("This belongs to a safeguarding hold. Open one if you worry.")
    return None


def has_referrals(case: Case, actor: Actor, at: datetime) -> Words | None:
    if not reading.referrals(case):
        return _("Nothing was offered to you here yet. Write a message if you look for help.")
    return None


HANDLED = (released, declared, conflict_cleared, not_set_aside, her_side_only_in_hold)
