"""What the people of a factory find on their own pages: a way on, and a sentence where another does it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import Person
from assessments import selfassessing
from assessments.holding import VisitRefused
from assessments.models import Assessment
from factories.models import Membership
from tests.assessments.factoryworld import make_final
from tests.builders import World, make_world, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def read(person: Person, url_name: str, *args: object) -> str:
    client = Client()
    sign_in(client, person)
    response = client.get(reverse(url_name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_whoever_comes_after_somebody_who_left_begins_anew(world):
    begun = selfassessing.begin(world.factory, by=world.officer, at=clock.now())
    with pytest.raises(VisitRefused):
        selfassessing.begin(world.factory, by=world.chair, at=clock.now())
    left = clock.now().date() - timedelta(days=1)
    Membership.objects.filter(person=world.officer).update(until=left)
    made = selfassessing.begin(world.factory, by=world.chair, at=clock.now())
    assert made != begun and made.assessors.get().person == world.chair
    begun.refresh_from_db()
    assert begun.stage == "dropped" and Assessment.objects.open().get() == made
    assert selfassessing.begin(world.factory, by=world.chair, at=clock.now()) == made


def test_its_own_page_leads_on_to_what_is_begun_and_what_was_found(world):
    page = read(world.officer, "assessments:mine_of", world.factory.pk)
    assert "Assess yourselves" in page and "Read it whole" not in page
    begun = selfassessing.begin(world.factory, by=world.officer, at=clock.now())
    day = clock.now().date()
    hidden = make_final(world, ended=day - timedelta(days=9))
    shown = make_final(world, ended=day - timedelta(days=30), given_back_on=day - timedelta(days=20))
    page = read(world.officer, "assessments:mine_of", world.factory.pk)
    assert "Go on with your own assessment" in page and "Assess yourselves" not in page
    assert reverse("assessments:visit", args=[shown.pk]) in page
    assert str(hidden.pk) not in page and reverse("assessments:visit", args=[begun.pk]) not in page
    assert "A colleague is filling in a self-assessment" in read(world.chair, "assessments:visit", begun.pk)


def test_the_factory_reads_who_records_what_comes_from_outside(world):
    sentence = "that comes from outside"
    assert sentence in read(world.officer, "package:learning", world.factory.pk)
    assert sentence not in read(world.advisor, "package:learning", world.factory.pk)
    assert sentence not in read(world.programme_lead, "package:learning", world.factory.pk)


def test_an_administrator_finds_the_tool_on_the_first_page(world):
    assert reverse("assessments:tool") in read(world.admin, "casework:home")
    assert reverse("assessments:tool") not in read(world.officer, "casework:home")
