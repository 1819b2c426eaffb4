"""What the pages of a case ask the database: few questions at every stage, for everybody, however much was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.utils import timezone

from complaints import reading, workflow
from tests import walkers
from tests.builders import make_case, make_world
from tests.complaints import budgetworld
from tests.complaints.budgetworld import SCENES, Page, costs, hers, measure, refer, scene, talk

pytestmark = pytest.mark.django_db
MOST = 25
ANY: Mapping[Page, int] = defaultdict(lambda: 1000)


@pytest.mark.parametrize("name", SCENES)
def test_no_page_of_a_case_asks_more_than_twenty_five_questions(name):
    told, at = scene(name)
    seen = list(costs(told, at, most=defaultdict(lambda: MOST)))
    assert {reader for reader, _page, status, _count in seen if status == 200} == set(told.readers())
    assert [one for one in seen if one[3] > MOST] == []
    assert [one for one in seen if one[2] not in (200, 302, 403, 404)] == []
    status, count = hers(told, at)
    assert (status, count <= MOST) == (200, True), count


@pytest.mark.parametrize("name", ["factory planning", "factory monitoring", "outside planning", "outside monitoring"])
def test_a_page_asks_no_more_when_there_is_twice_as_much(name):
    told, at = scene(name)
    grow(told, at)
    opened = {(reader, page): count for reader, page, _status, count in costs(told, at, most=ANY)}
    before = {(reader, page): count for reader, page, _status, count in costs(told, at, most=ANY)}
    assert set(opened) == set(before)
    page_of_hers, written = hers(told, at)[1], told.case.last_entry
    grow(told, at)
    assert told.case.last_entry > written + 30
    after = {(reader, page): count for reader, page, _status, count in costs(told, at, most=before)}
    assert {key: (count, after[key]) for key, count in before.items() if after[key] > count} == {}
    assert hers(told, at)[1] <= page_of_hers


def grow(told, at):
    """More of everything that people write and decide."""
    talk(told, 8, at=at)
    refer(told, 4, at=at)
    measure(told, 3, at=at)
    day = told.case.local_day(at) + timedelta(days=20)
    for _more in range(2 if told.case.remedies.exists() else 0):
        planned = workflow.Planned("layout", told.first, day)
        workflow.add_remedy(told.case, by=told.first, planned=planned, note="A window.", at=at)
    told.case.refresh_from_db()


# --- What is kept for a page ----------------------------------------------------------------------------------------


def test_a_row_is_read_once_within_a_page_and_anew_after_it(django_assert_num_queries):
    case = make_case(make_world())
    with reading.page(case):
        with django_assert_num_queries(1):
            assert reading.deadlines(case) == reading.deadlines(case)
            assert reading.open_deadlines(case)
        case.deadlines.update(met_at=timezone.now())
        assert reading.open_deadlines(case)
        reading.anew(case)
        assert not reading.open_deadlines(case)
    case.deadlines.update(met_at=None)
    assert reading.open_deadlines(case)


def test_a_page_within_a_page_goes_on_with_what_was_read(django_assert_num_queries):
    case = make_case(make_world())
    with reading.page(case):
        reading.referrals(case)
        with reading.page(case), django_assert_num_queries(0):
            reading.referrals(case)
        with django_assert_num_queries(0):
            reading.referrals(case)


def test_a_step_never_asks_what_a_page_has_kept():
    """The page was read before somebody else signed; whoever takes the step then is judged by how it stands."""
    world = make_world()
    case = make_case(world)
    with reading.page(case):
        assert not reading.declarations(case)
        assert not reading.events(case, "acknowledged")
        walkers.declare(case)
        workflow.acknowledge(case, by=world.officer, text=walkers.ANSWER, at=walkers.THURSDAY)
        assert not reading.events(case, "acknowledged")
    assert len(reading.events(case, "acknowledged")) == 1


def test_what_is_written_by_the_hundred_is_not_kept():
    case = make_case(make_world())
    with reading.page(case):
        workflow.write(case, text="Once more.", at=budgetworld.THURSDAY)
        assert len(reading.events(case, "message_received")) == 1
        workflow.write(case, text="And again.", at=budgetworld.THURSDAY)
        assert len(reading.events(case, "message_received", "complaint_filed")) == 3
