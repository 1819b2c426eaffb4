"""The demo begins on any day: rest days fall elsewhere in its stories, and each has time until today."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from accounts import clock
from complaints.demo import people, stories
from complaints.demo.story import World
from complaints.demo.timeline import Timeline
from factories.clock import calendar_for
from factories.models import Factory

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_every_story_has_time_until_today_where_the_demo_begins_after_a_holiday():
    now = clock.now()
    people.make_countries(now)
    everybody = people.make_people(now)
    calendar = calendar_for(Factory.objects.select_related("country").get(name=people.LOTUS))
    after_rest = [
        day
        for day in (calendar.local_day(now) + timedelta(days=n) for n in range(400))
        if calendar.is_working(day) and not calendar.is_working(day - timedelta(days=2))
    ]
    assert after_rest
    for day in after_rest:
        world = World(everybody, Timeline(calendar.at_hour(day, time(8)), calendar))
        for story in stories.STORIES.values():
            world.tell(story)
        assert max(at for at, _order, _act in world.timeline.acts) <= world.timeline.now
