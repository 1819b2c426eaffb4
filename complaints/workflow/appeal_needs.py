"""What must hold before an appeal, and until which day it may be made. Workflow, section 9."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from complaints import reading
from complaints.casecodes import AppealSide, Role
from complaints.codes import Stage
from complaints.models import Appeal, Case
from complaints.workflow.step import Actor, Words
from factories import clock

APPEALABLE = (Stage.DECISION, Stage.ACTION, Stage.MONITORING)


def last_day(case: Case, told_on: date) -> date:
    """The last day on which a side that was told on this day may appeal."""
    limit = clock.limits(case.country_id)["appeal_window"]
    return case.local_day(clock.due(limit, case.calendar.at_hour(told_on, 0), case.calendar))


def open_appeal(case: Case) -> Appeal | None:
    return case.appeals.filter(decided_on=None).select_related("reviewer").first()


def _asked_already(case: Case, side: str, told_on: date) -> bool:
    return any(one.side == side and one.received_on >= told_on for one in reading.appeals(case))


def she_may_appeal(case: Case, actor: Actor, at: datetime) -> Words | None:
    told_on = case.outcome_told_on
    if told_on is None:
        return _("There is no result yet. When you have read it, you can say here that you do not agree.")
    if case.local_day(at) > last_day(case, told_on):
        return _("The days for this are over. The roads outside stay open to you.")
    if _asked_already(case, AppealSide.COMPLAINANT, told_on):
        return _("Somebody new has looked at this result already. The roads outside stay open to you.")
    return None


def respondent_may_appeal(case: Case, actor: Actor, at: datetime) -> Words | None:
    told_on = case.respondent_outcome_on
    if told_on is None:
        return _("The respondent has not been told the outcome yet. There is nothing to appeal against.")
    if case.local_day(at) > last_day(case, told_on):
        return _("The days in which the respondent could appeal are over. The roads outside stay open.")
    if _asked_already(case, AppealSide.RESPONDENT, told_on):
        return _("The respondent has appealed against this outcome already, and it was decided.")
    return None


def handled_here(case: Case, actor: Actor, at: datetime) -> Words | None:
    """An expert who stands beside a factory's case does not do the factory's work on it."""
    if actor.role == Role.TECHNICAL_EXPERT and case.with_factory:
        return _("The factory handles this case. Ask the committee chair to do it.")
    return None


def not_decided_yet(case: Case, actor: Actor, at: datetime) -> Words | None:
    """Moving outside is her right until the decision is made. Workflow, section 13."""
    if case.stage == Stage.DECISION and case.decided_on is not None:
        return _("The decision is made, so it stays where it is. You can say that you do not agree, or write to us.")
    return None
