"""`data/grants.json` is the only source of grants: every cell has one answer, and filing does what it says."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from complaints import grants
from complaints.models import Grant
from tests.builders import file, make_answers, make_world

TABLE = json.loads((Path(grants.__file__).parent / "data" / "grants.json").read_text())
CONSENTS = TABLE["conditions"]["consents"]


def cells():
    return itertools.product(TABLE["compartments"], TABLE["routes"], TABLE["roles"], (True, False))


@pytest.mark.parametrize("side", ["", *TABLE["conditions"]["factory_side"]])
@pytest.mark.parametrize("consent", [True, False])
def test_every_compartment_route_and_role_has_exactly_one_answer(side, consent):
    consents = dict.fromkeys(CONSENTS, consent)
    for compartment, route, role, hold in cells():
        rule = grants.rule_for(compartment, role, route=route, hold=hold, factory_side=side, consents=consents)
        assert rule.reason in TABLE["reason_codes"]


def test_no_factory_role_ever_holds_freedom():
    consents = dict.fromkeys(CONSENTS, True)
    for route, role, side in itertools.product(
        TABLE["routes"],
        ("case_officer", "committee_chair", "committee_member", "outside_member", "decision_maker"),
        TABLE["conditions"]["factory_side"],
    ):
        rule = grants.rule_for("freedom", role, route=route, hold=False, factory_side=side, consents=consents)
        assert not rule.granted


def test_every_route_rule_has_its_condition_in_code():
    assert {rule["code"] for rule in TABLE["route_rules"]} == set(grants.WHEN)


WORLDS = [
    {},
    {"share_choice": "conduct_only"},
    {"share_choice": "choose_each", "share_my_name": True, "share_pictures": True},
    {"route": "outside_only"},
    {"route": "outside_first"},
    {"route": "record_only"},
    {"age_band": "under_15"},
    {"route": "record_only", "freedom": {"FQ1": "yes"}},
    {"respondent_job": "not_said"},
    {"respondent_job": "hr_office_compliance"},
    {"respondent_job": "hr_office_compliance", "insist": True},
    {"respondent_job": "manager_owner", "insist": True},
    {"exclude": frozenset({"named_person"}), "exclude_name": "somebody"},
    {"exclude": frozenset({"hr"})},
    {"exclude": frozenset({"committee"})},
    {"danger_answer": "now"},
    {"danger_answer": "now", "insist": True},
    {"struck_out": frozenset({"case_officer"})},
]


@pytest.mark.django_db
@pytest.mark.parametrize("answers", WORLDS, ids=[str(sorted(w.items()))[:60] for w in WORLDS])
def test_the_grants_of_a_new_case_are_the_cells_of_the_table(answers):
    world = make_world()
    case = file(make_answers(world.factory, **answers)).case
    consents = {c.code: c.given for c in case.consents.all()}
    held = {
        (grant.key.compartment.kind, grant.person_key.person.assignments.get(case=case).role, grant.reason)
        for grant in Grant.objects.to_people()
        .filter(key__compartment__case=case)
        .select_related("key__compartment", "person_key__person")
    }
    roles = {role for _kind, role, _reason in held}
    hold = case.side == "safeguarding_hold"
    expected = set()
    for kind, role in itertools.product(TABLE["compartments"], roles):
        rule = grants.rule_for(
            kind, role, route=case.route, hold=hold, factory_side=case.factory_side, consents=consents
        )
        if rule.granted:
            expected.add((kind, role, rule.reason))
    assert held == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "route", "side"),
    [
        ({}, "factory_committee", "officer_and_chair"),
        ({"respondent_job": "manager_owner", "insist": True}, "outside_first", ""),
        ({"respondent_job": "hr_office_compliance"}, "outside_first", ""),
        ({"respondent_job": "hr_office_compliance", "insist": True}, "factory_committee", "chair_and_outside_member"),
        ({"respondent_job": "committee_member", "insist": True}, "factory_committee", "chair_and_outside_member"),
        ({"respondent_job": ""}, "factory_committee", "chair_and_outside_member"),
        ({"respondent_job": "several"}, "factory_committee", "chair_and_outside_member"),
        ({"exclude": frozenset({"hr"})}, "factory_committee", "chair_and_outside_member"),
        ({"exclude": frozenset({"whole_factory"})}, "outside_first", ""),
        ({"exclude": frozenset({"named_person"}), "exclude_name": "x", "insist": True}, "outside_first", ""),
        ({"danger_answer": "now"}, "outside_first", ""),
        ({"danger_answer": "now", "insist": True}, "factory_committee", "officer_and_chair"),
        ({"age_band": "15_17", "insist": True}, "outside_first", ""),
        ({"freedom": {"FQ2": "yes"}, "insist": True}, "outside_first", ""),
        ({"freedom": {"FQ5": "yes"}}, "factory_committee", "officer_and_chair"),
        ({"freedom": {"FQ5": "yes", "FQ6": "yes"}}, "outside_first", ""),
        ({"freedom": {"FQ3": "no"}}, "outside_first", ""),
        ({"freedom": {"FQ3": "yes"}}, "factory_committee", "officer_and_chair"),
        ({"place_kind": "not_sure"}, "outside_first", ""),
        ({"route": "record_only", "age_band": "under_15"}, "record_only", ""),
    ],
)
def test_each_route_rule_sends_a_complaint_where_it_says(answers, route, side):
    world = make_world()
    case = file(make_answers(world.factory, **answers)).case
    assert (case.route, case.factory_side) == (route, side)
