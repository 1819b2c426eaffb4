"""What must hold before a step about decision, action and remedies. Source: workflow.md, sections 3.7 to 4, 16."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints import reading
from complaints.assignees import candidates
from complaints.casecodes import Role
from complaints.codes import Path, Stage
from complaints.models import Assignment, Case
from complaints.querysets import AssignmentQuerySet
from complaints.workflow.standing import open_words, remedy_rows, sanction_rows, standing_of
from complaints.workflow.step import Actor, Words
from factories.models import OutsideRole, Position

BY_PLAN = (Path.WORKPLACE_ACTION, Path.INFORMAL_RESOLUTION)  # Action follows from what was agreed, not from a finding.
AT_ONCE = (Path.SUPPORT_ONLY, Path.REFERRED_OUT)  # No action towards others: monitoring follows the plan.


# --- Deciding ---------------------------------------------------------------------------------------------------------


def not_an_inquirer(case: Case, actor: Actor, at: datetime) -> Words | None:
    """Workflow, section 16. An expert who inquired may recommend only where there is no other: it binds nobody."""
    if actor.person is None or actor.person.pk not in reading.inquirers(case):
        return None
    if actor.role == Role.TECHNICAL_EXPERT and not case.with_factory and not _other_experts(case, actor.person):
        return None
    if actor.role == Role.TECHNICAL_EXPERT:
        return _("You took part in the inquiry. Put another expert on the case, who recommends what should follow.")
    return _("You took part in the inquiry, so somebody else decides. Ask the chair to name who does.")


def _other_experts(case: Case, but: Person) -> bool:
    took_part = reading.inquirers(case) | {but.pk}
    experts = reading.once(case, "experts", lambda: candidates(case.country, None).experts)
    return any(one.person.pk not in took_part for one in experts)


def decides_here(case: Case, actor: Actor, at: datetime) -> Words | None:
    """The decision maker at a factory; the outside member in their place; outside, the lead expert."""
    if case.with_factory:
        if actor.role == Role.TECHNICAL_EXPERT:
            return _("The factory decides this case. In outside cases the lead expert recommends.")
        if actor.role == Role.OUTSIDE_MEMBER and _anybody(case, Role.DECISION_MAKER):
            return _("The decision maker decides. You do so where the decision maker gives it to you, or cannot.")
        return None
    if actor.role != Role.TECHNICAL_EXPERT:
        return _("This case is handled outside. The lead expert recommends what should follow.")
    leads = _leads_on(case)
    if leads and actor.person not in leads:
        return _("The lead expert on this case recommends what should follow.")
    return None


def _leads_on(case: Case) -> list[Person]:
    """The lead experts on the case who did not take part in the inquiry."""
    took_part = reading.inquirers(case)
    able = [one.person for one in _on_case(case, Role.TECHNICAL_EXPERT) if one.person_id not in took_part]
    leading = Position.objects.current().filter(role=OutsideRole.TECHNICAL_EXPERT, is_lead=True, person__in=able)
    leads = reading.once(case, "leads", lambda: set(leading.values_list("person", flat=True))) if able else set()
    return [person for person in able if person.pk in leads]


def undecided(case: Case, actor: Actor, at: datetime) -> Words | None:
    if standing_of(case).decided:
        return _("It is decided already. Look at the outcome.")
    return None


def all_found(case: Case, actor: Actor, at: datetime) -> Words | None:
    allegations = reading.allegations(case)
    if not allegations or not all(one.result for one in allegations):
        return _("There is no finding on every part of the complaint yet.")
    return None


def not_sent_back_yet(case: Case, actor: Actor, at: datetime) -> Words | None:
    if standing_of(case).sent_back:
        return _("It went back once already. Decide on the finding as it is, or give it to the outside member.")
    return None


def went_back(case: Case, actor: Actor, at: datetime) -> Words | None:
    if not standing_of(case).sent_back:
        return _("If you disagree with the finding, send it back with your questions first. It can go back once.")
    return None


def nobody_decides(case: Case, actor: Actor, at: datetime) -> Words | None:
    if not case.with_factory:
        return _("This case is handled outside. The lead expert recommends what should follow.")
    if any(one.role in (Role.DECISION_MAKER, Role.OUTSIDE_MEMBER) for one in _deciding(case)):
        return _("Somebody on the case can decide already.")
    return None


def recommendation_waits(case: Case, actor: Actor, at: datetime) -> Words | None:
    """There is a recommendation that she may let go to the factory, or not."""
    if case.with_factory or case.outcome_told_on is None or case.factory_id is None:
        return _("There is nothing to answer just now.")
    now = standing_of(case)
    if not now.recommendation or now.passed_on:
        return _("There is nothing to answer just now.")
    return None


def she_lets_it_go(case: Case, actor: Actor, at: datetime) -> Words | None:
    now = standing_of(case)
    if not now.recommendation or now.passed_on:
        return _("There is no recommendation that waits to be passed on.")
    if now.may_pass_on is None:
        return _("She has not answered yet whether the factory may read it. She is asked on her page.")
    if not now.may_pass_on:
        return _("She does not want the factory to read it. You can write to her; a no changes nothing for her.")
    return None


def on_case(case: Case, *roles: str) -> AssignmentQuerySet:
    return case.assignments.current().filter(standing_by=False, role__in=roles)


def _on_case(case: Case, *roles: str) -> list[Assignment]:
    """The same for a page, read once."""
    return [one for one in reading.current(case) if one.role in roles and not one.standing_by]


def _anybody(case: Case, *roles: str) -> bool:
    return bool(_on_case(case, *roles))


def _deciding(case: Case) -> list[Assignment]:
    """Who on the case could decide: did not take part in the inquiry."""
    took_part = reading.inquirers(case)
    able = _on_case(case, Role.DECISION_MAKER, Role.OUTSIDE_MEMBER)
    return [one for one in able if one.person_id not in took_part]


# --- Telling ----------------------------------------------------------------------------------------------------------


def is_decided(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.decided_on is None or not standing_of(case).decided:
        return _("There is no decision to tell of yet.")
    return None


def not_told_her(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.outcome_told_on:
        return _("She was told already. Write her a message if there is more to say.")
    return None


def not_told_respondent(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.respondent_outcome_on:
        return _("The respondent was told already. The letter can be printed again on the outcome page.")
    if not case.with_factory and not standing_of(case).passed_on:
        return _(
            "An outside case tells the respondent nothing before she has let the recommendation go to the factory."
        )
    return None


def no_outcome_yet(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.outcome_told_on:
        return _("She was told the outcome already. Write her a message if there is more to say.")
    return None


# --- Remedies and sanctions -------------------------------------------------------------------------------------------


def she_knows(case: Case, actor: Actor, at: datetime) -> Words | None:
    """She is asked about what she was told of: the outcome of an inquiry, or the plan that was agreed with her."""
    if case.path == Path.FORMAL_INQUIRY and case.outcome_told_on is None:
        return _("There is nothing to answer just now.")
    return None


def has_remedies(case: Case, actor: Actor, at: datetime) -> Words | None:
    if not remedy_rows(case):
        return _("No remedy is promised in this case yet.")
    return None


def has_sanctions(case: Case, actor: Actor, at: datetime) -> Words | None:
    if not sanction_rows(case):
        return _("No sanction was decided in this case.")
    return None


# --- Paths ------------------------------------------------------------------------------------------------------------


def nothing_half_done(case: Case, actor: Actor, at: datetime) -> Words | None:
    """What was decided is not dropped by way of another path."""
    if case.decided_on is not None and case.stage == Stage.DECISION:
        return _("It is decided already. Tell both sides and begin the action; a new finding comes by an appeal.")
    if case.stage in (Stage.ACTION, Stage.MONITORING) and open_words(case, at_factory=actor.at_factory, at=at):
        return _("Something that was promised or decided is still open. Finish it first, then change the path.")
    return None


def may_begin_action(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.stage == Stage.PLANNING:
        if case.path in BY_PLAN:
            return None
        if case.path == Path.FORMAL_INQUIRY:
            return _("On this path the inquiry comes first. Begin it.")
        return _("First agree the path with her.") if not case.path else _("On this path monitoring follows the plan.")
    if case.decided_on is None or not standing_of(case).decided:
        return _("There is no decision yet.")
    if case.outcome_told_on is None:
        return _("First tell her the outcome.")
    return None


def may_begin_monitoring(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.stage == Stage.PLANNING:
        if case.path in AT_ONCE:
            return None
        return _("First agree the path with her.") if not case.path else _("On this path the action comes first.")
    missing = open_words(case, at_factory=actor.at_factory, at=at)
    return missing[0] if missing else None
