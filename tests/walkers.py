"""Walkers: each takes a case from where filing left it to one stage, by the steps that people would take.

Used by tests of what comes later. Everything goes through the services, so a case that arrives is a whole one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Person
from complaints import deadlines, workflow
from complaints.casecodes import FACTORY_ROLES, Role
from complaints.compartments import Holder
from complaints.models import Case
from tests.builders import WEDNESDAY, World, reader_of

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


def sorts_with(case: Case, person: Person) -> Person:
    """A colleague who sorts the case with them."""
    return workflow.may_sort_with(case, workflow.actor_on(case, by=person))[0].person


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
    sorted_as = {"in_scope": "yes", "severity": case.severity} | fields
    workflow.triage(case, by=first, fields=sorted_as, second=sorts_with(case, first), at=at)
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


def her_consent(case: Case, code: str, given: bool = True, *, at: datetime = WEDNESDAY) -> None:
    """She answers one consent on her page; at the factory it counts from the next release on."""
    workflow.change_consents(case, Holder(b""), wanted={code: given}, at=at)


def to_talk(world: World, case: Case, *, at: datetime = THURSDAY) -> Case:
    """An informal resolution, agreed as she asked for it; not begun yet."""
    agreed = {"she_asked_twice": True, "written_consent": True}
    return to_planning(world, case, path="informal_resolution", at=at, **agreed)


def inquirers(world: World, case: Case, *, at: datetime = THURSDAY) -> list[Person]:
    """Two people who may run the inquiry, the one who leads it first; at the factory the outside member joins."""
    if not case.with_factory:
        return on_case(case, Role.TECHNICAL_EXPERT)[:2]
    chair = on_case(case, Role.COMMITTEE_CHAIR)[0]
    if not on_case(case, Role.OUTSIDE_MEMBER):
        workflow.assign(case, reader_of(chair), person=world.outside_member, role=Role.OUTSIDE_MEMBER, at=at)
        declare(case, at=at)
    return [chair, *on_case(case, Role.OUTSIDE_MEMBER)[:1]]


def inquiry_plan(people: list[Person], **other: Any) -> workflow.Plan:
    written = dict.fromkeys(("to_find_out", "whom_to_hear", "in_which_order", "to_protect"), "As the plan says.")
    values = {
        "inquirers": people,
        "half_women": True,
        "written": written,
        "allegations": ["In May the mechanic touched her arm at the machine.", "He said things about her body."],
    }
    return workflow.Plan(**(values | other))


def to_fact_finding(world: World, case: Case, *, at: datetime = THURSDAY, **plan: Any) -> Case:
    """An inquiry has begun: she agreed that the respondent is told, and two people run it."""
    if case.stage != "planning":
        case = to_planning(world, case, at=at)
    her_consent(case, "tell_respondent", at=at - timedelta(days=1))
    people = inquirers(world, case, at=at)
    workflow.begin_inquiry(case, reader_of(people[0]), inquiry_plan(people, **plan), at=at)
    case.refresh_from_db()
    return case


def hear_both_sides(world: World, case: Case, *, at: datetime = THURSDAY) -> None:
    """Everything an inquiry needs before it is complete."""
    people = inquirers(world, case, at=at)
    reader = reader_of(people[0])
    workflow.tell_respondent(
        case, reader, text="It is said that you touched a worker's arm at a machine in May.", checked=True, at=at
    )
    workflow.hear(case, by=people[0], who="complainant", came=True, how="inbox", text="She says it was twice.", at=at)
    workflow.note_reply(case, by=people[0], came=True, text="He says he only repaired the machine.", at=at)
    points = "These are the main points. Please say until Monday what is missing or wrong."
    by = case.local_day(at) + timedelta(days=3)
    workflow.ask_comments(
        case, by=people[0], to_her=points, to_respondent=points, answer_by=by, checked=True, at=at
    )  # fmt: skip
    for side in ("complainant", "respondent"):
        workflow.note_comment(case, by=people[0], side=side, came=False, at=at)


def to_finding(world: World, case: Case, *, at: datetime = THURSDAY, **plan: Any) -> Case:
    """Both sides were heard and the inquiry is complete."""
    case = to_fact_finding(world, case, at=at, **plan)
    hear_both_sides(world, case, at=at)
    workflow.complete_inquiry(case, by=inquirers(world, case)[0], at=at)
    case.refresh_from_db()
    return case


def found(result: str = "substantiated", **other: str) -> workflow.Found:
    values = {
        "result": result,
        "complainant_said": "She told the same twice, with day and place.",
        "respondent_said": "He says that he only repaired the machine.",
        "reasons": "The complainant was clear about day and place, and the duty list fits. The respondent denies it "
        "and could not say why he was at that machine for an hour. A witness saw him stand close. Both were heard "
        "with care, and what she says is more likely than not.",
    }
    return workflow.Found(**(values | other))


def to_decision(world: World, case: Case, *, at: datetime = THURSDAY, result: str = "substantiated") -> Case:
    """The finding is made; at the factory the decision maker was called."""
    case = to_finding(world, case, at=at)
    findings = {number: found(result) for number in case.allegations.values_list("number", flat=True)}
    workflow.find(case, reader_of(inquirers(world, case)[0]), findings, all_agree=True, at=at)
    case.refresh_from_db()
    return case


REASONS = "What was found is serious and happened again and again; he had power over her work."


def decide(world: World, case: Case, *, at: datetime = THURSDAY, **other: Any) -> Case:
    """It is decided what follows: a letter that says sorry, and a written warning where something was found."""
    declare(case, at=at)
    by_day = case.local_day(at) + timedelta(days=20)
    people = handlers(case)
    proven = case.allegations.filter(result__in=workflow.PROVEN).exists()
    deciding = world.decision_maker if case.with_factory else people[-1]
    values = {
        "reasons": REASONS,
        "remedies": [workflow.Planned("apology", people[0], by_day, at_her_request=True)],
        "sanctions": [workflow.Planned("written_warning", people[0], by_day)] if proven else [],
    }
    workflow.decide(case, by=deciding, at=at, **(values | other))
    case.refresh_from_db()
    return case


def tell_both(world: World, case: Case, *, at: datetime = THURSDAY) -> Case:
    """Both sides were told."""
    by = handlers(case)[0]
    said = "We found that it happened as you told us."
    workflow.tell_outcome(case, by=by, found=said, done="You get a letter that says sorry by the end of June.", at=at)
    if case.with_factory:
        workflow.tell_outcome_to_respondent(
            case, by=by, found="It was found that it happened.", follows="You get a written warning.",
            contact="The chair of the committee, room 4.", at=at,
        )  # fmt: skip
    case.refresh_from_db()
    return case


def to_action(world: World, case: Case, *, at: datetime = THURSDAY, **decision: Any) -> Case:
    """Decided, both sides told, and the action begun."""
    case = tell_both(world, decide(world, to_decision(world, case, at=at), at=at, **decision), at=at)
    workflow.begin_action(case, by=handlers(case)[0], at=at)
    case.refresh_from_db()
    return case


def carry_out(case: Case, *, at: datetime = THURSDAY) -> None:
    """Every remedy is done and confirmed by her, every sanction carried out and checked."""
    for remedy in case.remedies.filter(verified_on=None):
        workflow.remedy_done(case, by=remedy.owner, remedy=remedy, at=at)
        workflow.confirm_remedy(case, remedy=remedy, happened=True, at=at)
    for sanction in case.sanctions.filter(done_on=None):
        workflow.carry_out_sanction(case, by=sanction.owner, sanction=sanction, at=at)
        checks = next(person for person in handlers(case) if person != sanction.owner)
        workflow.check_sanction(case, by=checks, sanction=sanction, note="I have seen the letter.", at=at)


def to_monitoring(world: World, case: Case, *, at: datetime = THURSDAY, **decision: Any) -> Case:
    """Everything that was decided is done: from here on somebody asks how she is."""
    case = to_action(world, case, at=at, **decision)
    carry_out(case, at=at)
    workflow.begin_monitoring(case, by=handlers(case)[0], at=at)
    case.refresh_from_db()
    return case
