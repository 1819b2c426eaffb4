"""Walkers: each takes a case from where filing left it to one stage, by the steps that people would take.

Used by tests of what comes later. Everything goes through the services, so a case that arrives is a whole one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Person
from complaints import deadlines, workflow
from complaints.casecodes import FACTORY_ROLES, Role
from complaints.models import Case
from tests.builders import WEDNESDAY, World

THURSDAY = WEDNESDAY + timedelta(days=1)
ANSWER = "Thank you for telling us. We have read about the mechanic and will look at it this week."


def on_case(case: Case, *roles: str) -> list[Person]:
    """Who works on the case now, of these roles, in the order of the roles."""
    current = case.assignments.current().filter(standing_by=False, role__in=roles).select_related("person")
    found = sorted(current.order_by("since", "pk"), key=lambda one: roles.index(one.role))
    return [one.person for one in found]


def handlers(case: Case) -> list[Person]:
    """The people who handle it where it is: at the factory, or outside."""
    if case.with_factory:
        return on_case(case, Role.CASE_OFFICER, Role.COMMITTEE_CHAIR, Role.OUTSIDE_MEMBER, Role.COMMITTEE_MEMBER)
    return on_case(case, Role.TECHNICAL_EXPERT)


def declare(case: Case, *, at: datetime = THURSDAY) -> None:
    """Everybody of the factory who is on the case and has not signed yet says that they have no conflict."""
    for person in on_case(case, *FACTORY_ROLES):
        if not case.declarations.filter(person=person).exists():
            workflow.declare_conflict(case, by=person, answer="none", at=at)


def to_triage(world: World, case: Case, *, at: datetime = THURSDAY, **fields: Any) -> Case:
    """Answered and sorted; outside, danger is confirmed and urgent contact made too."""
    declare(case, at=at)
    first = handlers(case)[0]
    if not case.with_factory:
        workflow.confirm_danger(
            case, by=first, danger_level="not_now", age_band="18_plus", not_free=False, note="", at=at
        )  # fmt: skip
        if deadlines.is_open(case, "urgent_contact"):
            workflow.first_look(case, by=first, note="I wrote to her.", wrote_to_her=True, at=at)
    workflow.acknowledge(case, by=first, text=ANSWER, at=at)
    workflow.triage(case, by=first, fields={"in_scope": "yes", "severity": case.severity} | fields, at=at)
    case.refresh_from_db()
    return case


def to_planning(
    world: World,
    case: Case,
    *,
    path: str = "formal_inquiry",
    at: datetime = THURSDAY,
    triage: dict[str, Any] | None = None,
    **fields: Any,
) -> Case:
    """Sorted, safe for the moment, and a path agreed; `triage` and `fields` are what is written with the two steps."""
    case = to_triage(world, case, at=at, **(triage or {}))
    people = handlers(case)
    workflow.decide_interim(
        case, by=people[-1], code="patrol_light_lock", reason="It is dark there.", effect_on_pay=False,
        at_her_request=False, at=at,
    )  # fmt: skip
    said = {"reason": "She wants it.", "severity": case.severity, "she_agreed": True} | fields
    workflow.agree_path(case, by=people[0], path=path, fields=said, at=at)
    case.refresh_from_db()
    return case
