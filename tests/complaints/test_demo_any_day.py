"""The demo begins on any day and at any hour: rest days fall elsewhere in its stories, and each goes its way."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.core.management import call_command

from accounts import clock
from complaints.codes import Stage
from complaints.demo import people, stories
from complaints.demo.story import World
from complaints.demo.timeline import Timeline
from complaints.models import Case, Deadline
from factories.clock import calendar_for
from factories.models import Factory

pytestmark = pytest.mark.django_db
EXPECTED = {"acknowledge", "triage", "progress_update", "appeal_window", "respondent_reply", "no_contact_close"}


def test_the_demo_can_begin_on_any_day_and_in_the_other_half_of_it(settings, tmp_path):
    """The demo of the other tests begins now; this one twelve hours apart, so no hour of a day is left untried."""
    settings.SAMLENG_VAR = tmp_path
    clock.set_offset(timedelta(days=60, hours=12))
    try:
        call_command("demo_data", verbosity=0)
        at = clock.now()
    finally:
        clock.forget()
    assert {case.stage for case in Case.objects.all()} == set(Stage)
    waiting = Case.objects.filter(set_aside_at=None).exclude(side="on_hold_by_complainant")
    late = Deadline.objects.open().filter(case__in=waiting, due_at__lt=at)
    assert set(late.values_list("code", flat=True)) <= EXPECTED


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
