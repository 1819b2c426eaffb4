"""Who gets a grant on which compartment: `data/grants.json`, read and answered, nothing added.

It is the only source of the grants at filing, of the preview she sees and of the matrix test.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from complaints.answers import Answers
from complaints.codes import (
    CompartmentKind,
    DangerLevel,
    Exclude,
    FactorySide,
    PlaceKind,
    RespondentJob,
    Route,
)
from complaints.screening import Flags

SOURCE = Path(__file__).parent / "data" / "grants.json"
SHARE_OF = {
    CompartmentKind.STORY: "share_text",
    CompartmentKind.CIRCUMSTANCES: "share_place_time",
    CompartmentKind.RESPONDENT: "share_respondent",
    CompartmentKind.IDENTITY: "share_my_name",
    CompartmentKind.PICTURES: "share_pictures",
}
KIND_OF_SHARE = {consent: kind for kind, consent in SHARE_OF.items()}
NOT_STATED = frozenset({RespondentJob.NOT_SAID, RespondentJob.SEVERAL, ""})
ABOUT_HANDLERS = frozenset({RespondentJob.HR_OFFICE_COMPLIANCE, RespondentJob.COMMITTEE_MEMBER})


@cache
def table() -> dict[str, Any]:
    """The versioned table, as it lies in the project."""
    return json.loads(SOURCE.read_text())


@dataclass(frozen=True)
class World:
    """What the rules ask of the factory and the country, counted after her exclusions."""

    live: bool
    outside_member: bool
    case_officer: bool
    chair: bool
    handlers: int
    experts: int
    name_matched: bool = False


@dataclass(frozen=True)
class RouteDecision:
    """Where the complaint goes. `code` names the rule that decided; `may_insist` whether she can keep the factory."""

    route: str
    hold: bool
    factory_side: str
    code: str
    may_insist: bool
    changed: bool


@dataclass(frozen=True)
class Rule:
    number: int
    granted: bool
    reason: str


def _not_stated(answers: Answers) -> bool:
    return answers.respondent_job in NOT_STATED


def _no_officer(answers: Answers, world: World) -> bool:
    return Exclude.HR in answers.exclude or not world.case_officer


When = Callable[[Answers, Flags, World], bool]
WHEN: dict[str, When] = {
    "under_18": lambda a, f, w: f.minor,
    "freedom_flag": lambda a, f, w: f.not_free,
    "as_chosen_outside": lambda a, f, w: a.route != Route.FACTORY_COMMITTEE,
    "factory_not_live": lambda a, f, w: a.place_kind != PlaceKind.FACTORY or a.factory is None or not w.live,
    "top_management": lambda a, f, w: a.respondent_job == RespondentJob.MANAGER_OWNER,
    "name_to_match": lambda a, f, w: Exclude.NAMED_PERSON in a.exclude and not w.name_matched,
    "job_not_stated_no_outside_member": lambda a, f, w: _not_stated(a) and not w.outside_member,
    "too_few_handlers": lambda a, f, w: w.handlers < 2 or w.experts < 2,
    "hr_or_committee": lambda a, f, w: a.respondent_job in ABOUT_HANDLERS,
    "danger_now": lambda a, f, w: f.danger == DangerLevel.NOW,
    "job_not_stated": lambda a, f, w: _not_stated(a),
    "case_officers_excluded": lambda a, f, w: _no_officer(a, w),
    "as_chosen_factory": lambda a, f, w: True,
}


def decide_route(answers: Answers, flags: Flags, world: World) -> RouteDecision:
    """Walk `route_rules` from top to bottom; the first that fits decides.

    A factory side that cannot be staffed (say, insisted on without an outside member) goes outside as well:
    the rules promise two handlers without conflict.
    """
    chosen = answers.route
    for rule in table()["route_rules"]:
        if not WHEN[rule["code"]](answers, flags, world):
            continue
        code, hold, may_insist = rule["code"], rule["hold"], rule["insist"]
        if code in ("under_18", "freedom_flag", "as_chosen_outside"):
            route = Route.OUTSIDE_FIRST if chosen == Route.FACTORY_COMMITTEE else Route(chosen)
            side = ""
        elif may_insist and answers.insist:
            route, side = Route.FACTORY_COMMITTEE, _side_when_insisted(answers, world)
        else:
            route, side = Route(rule["route"]), rule.get("factory_side", "")
        if may_insist and not _staffed(_side_when_insisted(answers, world), world):
            may_insist = False
        if route == Route.FACTORY_COMMITTEE and not _staffed(side, world):
            route, side, code, may_insist = Route.OUTSIDE_FIRST, "", "too_few_handlers", False
        return RouteDecision(route, hold, side, code, may_insist, changed=route != chosen)
    raise AssertionError("the last route rule always fits")


def _side_when_insisted(answers: Answers, world: World) -> str:
    if answers.respondent_job in ABOUT_HANDLERS or _not_stated(answers) or _no_officer(answers, world):
        return FactorySide.CHAIR_AND_OUTSIDE_MEMBER
    return FactorySide.OFFICER_AND_CHAIR


def _staffed(side: str, world: World) -> bool:
    if side == FactorySide.CHAIR_AND_OUTSIDE_MEMBER:
        return world.chair and world.outside_member
    return world.chair and world.case_officer


def rule_for(
    compartment: str, role: str, *, route: str, hold: bool, factory_side: str, consents: Mapping[str, bool]
) -> Rule:
    """Return the one answer of the table for this compartment and role: first match wins."""
    return _rule_for(compartment, role, route, hold, factory_side, frozenset(consents.items()))


@lru_cache(maxsize=20_000)  # Every filing asks the same few hundred questions of a table that never changes.
def _rule_for(
    compartment: str, role: str, route: str, hold: bool, factory_side: str, consents: frozenset[tuple[str, bool]]
) -> Rule:
    conditions = {**dict(consents), "factory_side": factory_side}
    for rule in table()["rules"]:
        if (
            (rule["roles"] == "all" or role in rule["roles"])
            and (rule["compartments"] == "all" or compartment in rule["compartments"])
            and (rule["routes"] == "all" or route in rule["routes"])
            and rule.get("hold", hold) == hold
            and all(conditions.get(name) == value for name, value in rule.get("if", {}).items())
        ):
            return Rule(rule["rule"], rule["granted"], rule["reason"])
    raise AssertionError(f"no rule answers {compartment} for {role} on {route}")
