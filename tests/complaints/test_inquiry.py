"""The inquiry, from its beginning to the finding: what each step does, and what it refuses."""

from __future__ import annotations

import pytest

from complaints import events
from tests.builders import make_case, make_world
from tests.walkers import to_planning

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("route", ["factory_committee", "outside_only"])
def test_a_case_comes_to_planning_by_the_steps_of_people(route):
    world = make_world()
    case = to_planning(world, make_case(world, route=route))
    assert (case.stage, case.path) == ("planning", "formal_inquiry")
    assert list(events.faults(case)) == []
