"""Giving and taking away at the same moment: whoever wins, nobody keeps what the other step took."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from accounts import keys, passwords
from complaints import events, workflow
from complaints.casecodes import FACTORY_ROLES
from complaints.models import Case, Grant
from factories import roles
from factories.leaving import end_roles
from factories.models import Membership
from tests.builders import make_person, reader_of
from tests.complaints.test_races import THURSDAY, Scene, together

pytestmark = pytest.mark.django_db(transaction=True)
AGAIN = range(3)


def colleague(scene: Scene):
    person = make_person("a colleague")
    Membership.objects.create(
        person=person, factory=scene.world.factory, role="committee_member", since=date(2026, 1, 1)
    )
    return person


def held(case: Case, *people, kind: str = "") -> bool:
    grants = Grant.objects.filter(key__compartment__case=case, person_key__person__in=people)
    return (grants.filter(key__compartment__kind=kind) if kind else grants).exists()


def whole(case: Case) -> None:
    case.refresh_from_db()
    assert list(events.faults(case)) == []


@pytest.mark.parametrize("_again", AGAIN)
def test_a_consent_withdrawn_while_a_colleague_is_put_on(_again):
    scene = Scene().declare()
    person, her = colleague(scene), scene.her
    together(
        lambda: workflow.change_consents(scene.case, her, wanted={"share_text": False}, at=THURSDAY),
        lambda: workflow.assign(
            scene.case, reader_of(scene.world.chair), person=person, role="committee_member", at=THURSDAY
        ),
    )
    assert not held(scene.case, person, *scene.world.factory_people, kind="story")
    whole(scene.case)


@pytest.mark.parametrize("_again", AGAIN)
def test_a_case_moved_outside_while_a_colleague_is_put_on(_again):
    scene = Scene().declare()
    person, her = colleague(scene), scene.her
    together(
        lambda: workflow.move_outside(scene.case, her, at=THURSDAY),
        lambda: workflow.assign(
            scene.case, reader_of(scene.world.chair), person=person, role="committee_member", at=THURSDAY
        ),
    )
    assert not held(scene.case, person, *scene.world.factory_people)
    assert not scene.case.assignments.current().filter(role__in=FACTORY_ROLES).exists()
    whole(scene.case)


@pytest.mark.parametrize("_again", AGAIN)
def test_a_hold_opened_while_she_hands_the_case_to_the_factory(_again):
    scene = Scene(route="outside_first")
    her = scene.her
    workflow.propose_handover(scene.case, by=scene.world.expert, text="shall we", at=THURSDAY)
    together(
        lambda: workflow.accept_handover(scene.case, her, consents={"share_text": True}, at=THURSDAY),
        lambda: workflow.open_hold(scene.case, reader_of(scene.world.expert), at=THURSDAY),
    )
    whole(scene.case)
    if scene.case.in_hold:
        assert not held(scene.case, *scene.world.factory_people)
        assert not scene.case.assignments.current().filter(role__in=FACTORY_ROLES).exists()


@pytest.mark.parametrize("_again", AGAIN)
@pytest.mark.parametrize("how", ["leaves", "loses the role"])
def test_somebody_goes_while_they_are_put_on_a_case(how, _again):
    scene = Scene().declare()
    person = colleague(scene)

    def go():
        if how == "leaves":
            with transaction.atomic():
                end_roles(person, THURSDAY)
                return workflow.remove_leaver(person, by=scene.world.admin, at=THURSDAY)
        return roles.end_role(Membership.objects.get(person=person), by=scene.world.admin, at=THURSDAY)

    together(
        go,
        lambda: workflow.assign(
            scene.case, reader_of(scene.world.chair), person=person, role="committee_member", at=THURSDAY
        ),
    )
    assert not held(scene.case, person)
    assert not scene.case.assignments.current().filter(person=person).exists()
    whole(scene.case)


@pytest.mark.parametrize("_again", AGAIN)
def test_a_key_vouched_for_while_its_person_sets_a_new_password(_again):
    scene = Scene()
    person = make_person("a newcomer", vouched=False)
    key = person.keys.get()
    key.made_at = THURSDAY.replace(year=2025)
    key.save()
    together(
        lambda: keys.vouch(key, scene.world.expert, THURSDAY),
        lambda: passwords.reset(person, "another long sentence 77", THURSDAY),
    )
    key.refresh_from_db()
    assert key.state == "retired"
    assert person.keys.current().get().state == "pending"
