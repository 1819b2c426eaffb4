"""What is to be done turns late at midnight where the factory is, not in London."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest

from accounts import signposts
from accounts.models import Person
from factories import clock, people
from factories.models import EventLevel, IndustryEvent
from factories.package import events
from tests.assessments.factoryworld import TODAY, make_action, make_final, make_flag
from tests.builders import World, make_world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DUE = TODAY + 5 * DAY


@pytest.fixture
def world() -> World:
    return make_world()


def is_late(world: World, person: Person, at: datetime) -> bool:
    todo = next(one for one in signposts.todos(person, people.roles_of(person), at) if one.due_on == DUE)
    return todo.late


def an_action(world: World) -> Person:
    make_action(make_final(world), DUE, owner="hr")
    return world.officer


def a_silence(world: World) -> Person:
    make_flag(world.factory, DUE - 60 * DAY)
    return world.advisor


def an_event(world: World) -> Person:
    events.record(
        level=EventLevel.NATIONAL, country=world.country, title="Forum", on=TODAY, hosts="Us", follow_up_on=DUE,
        by=world.advisor, at=clock.calendar_for(world.factory).at_hour(TODAY, 12),
    )  # fmt: skip
    return world.advisor


@pytest.mark.parametrize("waits", [an_action, a_silence, an_event])
def test_late_begins_at_midnight_of_the_factory(world: World, waits: Callable[[World], Person]):
    person, here = waits(world), clock.calendar_for(world.factory)
    assert not is_late(world, person, here.at_hour(DUE, time(23, 55)))
    # It is still the day before in London.
    midnight = here.at_hour(DUE + DAY, time(0, 5))
    assert midnight.date() == DUE
    assert is_late(world, person, midnight)


def test_the_follow_up_of_an_event_is_recorded_on_the_day_it_is_there(world: World):
    an_event(world)
    event, here = IndustryEvent.objects.get(), clock.calendar_for(world.factory)
    early = here.at_hour(DUE + DAY, time(0, 5))
    assert events.day_of(event, early) == DUE + DAY
    assert events.follow_up(event, on=DUE + DAY, by=world.advisor, at=early).followed_up_on == DUE + DAY
