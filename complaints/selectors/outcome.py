"""What was decided and promised, as a handler or owner sees it: who does what by when, what is late, who verifies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from complaints import reading, workflow
from complaints.casecodes import Role
from complaints.codes import Stage, Words
from complaints.models import Case, Decision, Sanction
from complaints.selectors.discipline import LegalDate, legal_dates
from complaints.workflow import Actor, RemedyState, Standing
from complaints.workflow.remedies import BETWEEN_TRIES, TRIES
from complaints.workflow.standing import sanction_rows
from complaints.workflow.step import OUTSIDE

# In the order in which they should be offered.
STEPS = (
    "ask_decider",
    "decide",
    "pass_on_recommendation",
    "tell_outcome",
    "tell_outcome_to_respondent",
    "begin_action",
    "carry_out_sanction",
    "check_sanction",
    "remedy_done",
    "plan_remedy",
    "verify_remedy",
    "ask_about_remedy",
    "begin_monitoring",
    "give_feedback",
    "add_remedy",
    "send_back",
    "pass_to_outside_member",
    "change_path",
)
NEVER_NEXT = ("add_remedy", "send_back", "pass_to_outside_member", "change_path")
IN_ACTION = (Stage.ACTION, Stage.MONITORING)


@dataclass(frozen=True)
class Rows:
    """The remedies and sanctions of a case, as one reader sees them: three queries, none before the action begins."""

    remedies: Sequence[RemedyState] = ()
    sanctions: Sequence[Sanction] = ()


def rows_of(case: Case, actor: Actor, *, at: datetime) -> Rows:
    if case.stage not in (Stage.DECISION, *IN_ACTION, Stage.CLOSED):
        return Rows()
    remedies = workflow.remedies_of(case, at_factory=actor.at_factory, at=at)
    return Rows(remedies, sanction_rows(case))


# --- For the forms, and for what comes next -------------------------------------------------------------------------


def for_step(name: str, rows: Rows, actor: Actor, *, today: date) -> list[RemedyState] | list[Sanction]:
    """Return the remedies or sanctions with which this person could take this step now."""
    me = actor.person.pk if actor.person else None
    open_ones = [one for one in rows.remedies if not one.verified]
    match name:
        case "remedy_done":
            return [one for one in open_ones if one.remedy.owner_id == me and not one.claimed]
        case "plan_remedy":
            return [one for one in open_ones if not one.claimed]
        case "ask_about_remedy":
            return [one for one in open_ones if one.asked_on is None or today - one.asked_on >= BETWEEN_TRIES]
        case "verify_remedy":
            able = [one for one in open_ones if one.claimed and one.remedy.owner_id != me]
            return able if actor.role in OUTSIDE else [one for one in able if two_tries_over(one, today)]
        case "carry_out_sanction":
            return [one for one in rows.sanctions if one.owner_id == me and one.done_on is None]
        case "check_sanction":
            return [one for one in rows.sanctions if one.owner_id != me and one.done_on and not one.checked_on]
    return []


def two_tries_over(state: RemedyState, today: date) -> bool:
    last = state.asked_on
    return state.remedy.times_asked >= TRIES and last is not None and today - last >= BETWEEN_TRIES


_WITH_ROWS = (
    "remedy_done",
    "plan_remedy",
    "ask_about_remedy",
    "verify_remedy",
    "carry_out_sanction",
    "check_sanction",
)


def unwanted(case: Case, actor: Actor, could: set[str], rows: Rows, *, at: datetime) -> set[str]:
    """The steps that the table allows but nobody needs now."""
    today = case.local_day(at)
    found = {name for name in _WITH_ROWS if name in could and not for_step(name, rows, actor, today=today)}
    if case.stage in (Stage.ACKNOWLEDGED, Stage.TRIAGE):
        found.add("give_feedback")
    return found


def due_steps(case: Case, actor: Actor, offered: set[str], rows: Rows, soon: set[str], *, at: datetime) -> set[str]:
    """Which of these steps are really next for this person."""
    today = case.local_day(at)
    found = {name for name in STEPS if name in offered and name not in NEVER_NEXT}
    if "give_feedback" in found and "overall_feedback" not in soon:
        found.discard("give_feedback")
    if "tell_outcome_to_respondent" in found:
        if case.stage == Stage.DECISION:
            found.discard("begin_action")  # Both sides first; without, the form asks why.
        else:
            found.discard("tell_outcome_to_respondent")
    if "ask_about_remedy" in found:
        waits = [
            one
            for one in rows.remedies
            if one.claimed and not one.verified and today - (one.remedy.done_on or today) >= BETWEEN_TRIES
        ]
        asked = {id(one) for one in for_step("ask_about_remedy", rows, actor, today=today)}
        if not any(id(one) in asked and one.remedy.times_asked < TRIES for one in waits):
            found.discard("ask_about_remedy")
    open_again = (one.is_late or (one.not_yet_on and not one.claimed and not one.verified) for one in rows.remedies)
    if "plan_remedy" in found and not any(open_again):
        found.discard("plan_remedy")
    return found


# --- The page -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OutcomePage:
    """The outcome of a case: what stands, what is open, and which steps its reader may take."""

    standing: Standing
    decision: Decision | None
    rows: Rows
    missing: Sequence[Words]
    legal: Sequence[LegalDate]
    steps: Sequence[str]
    today: date
    me: object

    @property
    def law_is_near(self) -> bool:
        """A legal date for discipline is near or over: said, never a reason to refuse."""
        return any(one.is_near for one in self.legal)


@reading.one_page
def outcome_page(case: Case, actor: Actor, *, at: datetime) -> OutcomePage:
    """Read the page of an outcome in a constant number of queries. Nothing is opened here."""
    rows = rows_of(case, actor, at=at)
    could = workflow.allowed(case, actor, at=at)
    offered = could - unwanted(case, actor, could, rows, at=at)
    return OutcomePage(
        standing=workflow.standing_of(case),
        decision=case.decisions.select_related("by").order_by("-number").first(),
        rows=rows,
        missing=workflow.open_words(case, at_factory=actor.at_factory, at=at) if case.stage in IN_ACTION else (),
        legal=legal_dates(case, at=at),
        steps=[name for name in STEPS if name in offered],
        today=case.local_day(at),
        me=actor.person.pk if actor.person else None,
    )


def has_outcome(case: Case) -> bool:
    """Whether there is anything to show: from the decision on, or since something was agreed to be done."""
    return case.stage in (Stage.DECISION, *IN_ACTION, Stage.CLOSED)


def decides(actor: Actor) -> bool:
    """Whether this person is on the case to decide, and reads nothing but what that needs."""
    return actor.role == Role.DECISION_MAKER
