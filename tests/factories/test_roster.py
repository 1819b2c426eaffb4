"""What a worker is told of when somebody reads."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from factories import roster
from factories.models import RosterSlot
from tests.builders import make_country, make_person

pytestmark = pytest.mark.django_db
WEDNESDAY_NOON = datetime(2026, 6, 10, 5, 0, tzinfo=UTC)  # 12:00 in Phnom Penh.


def slot(weekday: int, start: int, end: int, **person):
    return RosterSlot.objects.create(
        person=make_person(**person), country=make_country(), weekday=weekday, start=time(start), end=time(end)
    )


def test_nobody_promises_an_hour_that_nobody_covers():
    assert roster.next_hours(make_country(), WEDNESDAY_NOON) is None
    assert "cannot say" in roster.sentence(make_country(), WEDNESDAY_NOON)


def test_an_expert_who_reads_now_is_said_with_the_end_of_the_hours():
    slot(2, 8, 17)
    assert "17:00" in roster.sentence(make_country(), WEDNESDAY_NOON)


def test_the_next_hours_may_be_next_week():
    slot(2, 8, 11)
    begins, _ends = roster.next_hours(make_country(), WEDNESDAY_NOON)
    assert begins == datetime(2026, 6, 17, 1, 0, tzinfo=UTC)


def test_somebody_whose_key_nobody_vouched_for_does_not_count():
    slot(2, 8, 17, vouched=False)
    assert roster.next_hours(make_country(), WEDNESDAY_NOON) is None
