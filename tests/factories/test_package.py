"""A factory's way through the prevention package: entry, order, dates, and what shows that something is done."""

from datetime import timedelta

import pytest

from factories import clock
from factories.models import MouPoint
from factories.package import entry, progress
from factories.package.refusal import PackageRefused
from tests.builders import make_world
from tests.packages import BEGAN, enter, introduce, noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def planned(world):
    world.extra["plan"] = enter(world)
    return world


# --- Entry ---------------------------------------------------------------------------------------------------


def test_a_plan_gives_every_activity_a_date_on_a_working_day_in_its_order(planned):
    calendar = clock.calendar_for(planned.factory)
    dates = dict(planned.factory.activities.values_list("code", "due_on"))
    assert len(dates) == 19 and all(calendar.is_working(day) for day in dates.values())
    assert dates["CHAN"] > max(dates["COMM"], dates["T-COMM"], dates["REFER"]) and dates["T-WORK"] > dates["CHAN"]
    assert progress.of(planned.factory, planned.extra["plan"]).core == 13


def test_each_step_of_entry_waits_for_the_one_before(world):
    factory, by, at = world.factory, world.advisor, noon(BEGAN)
    with pytest.raises(PackageRefused, match="introduction to which the factory answered yes"):
        entry.sign_understanding(factory, on=BEGAN, points=MouPoint.values, by=by, at=at)
    said = introduce(world, with_decider=False)
    entry.answer(said, "yes", on=BEGAN, by=by, at=at)
    with pytest.raises(PackageRefused, match="Nobody who can decide"):
        entry.sign_understanding(factory, on=BEGAN, points=MouPoint.values, by=by, at=at)
    entry.answer(introduce(world), "yes", on=BEGAN, by=by, at=at)
    with pytest.raises(PackageRefused, match="every point"):
        entry.sign_understanding(factory, on=BEGAN, points=MouPoint.values[1:], by=by, at=at)
    with pytest.raises(PackageRefused, match="has not come yet"):
        entry.sign_understanding(factory, on=BEGAN + timedelta(days=1), points=MouPoint.values, by=by, at=at)
    entry.sign_understanding(factory, on=BEGAN, points=MouPoint.values, by=by, at=at)
    with pytest.raises(PackageRefused, match="First the factory names"):
        entry.agree_plan(factory, entry.suggested_dates(factory, BEGAN), on=BEGAN, by=by, at=at)
