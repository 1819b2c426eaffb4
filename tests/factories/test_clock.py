"""The clock: what a working day is, when a promise is due, and how its ladder rises."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from factories import clock, packs
from factories.clock import Calendar, Length, Limit

# Half and quarter hours, far ahead and behind, and with summer time.
ZONES = [
    "Asia/Phnom_Penh", "Asia/Yangon", "Asia/Kathmandu", "Asia/Kolkata", "Pacific/Kiritimati",
    "Pacific/Marquesas", "America/Sao_Paulo", "America/St_Johns", "Europe/Istanbul", "Africa/Cairo",
    "Australia/Lord_Howe",
    "UTC",
]  # fmt: skip
COUNTRIES = ["KH", "VN", "LA", "MM", "BD", "TR", "US", "ZZ"]

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 30), timezones=st.just(UTC))
own_days = st.dictionaries(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.booleans(), max_size=40)


@st.composite
def calendars(draw):
    return Calendar(draw(st.sampled_from(COUNTRIES)), draw(zones), overrides=draw(own_days))


def limit(value=2, unit="working_days", cap=None, cap_unit=None, on_breach="L1", roll="forward") -> Limit:
    return Limit(
        code="acknowledge", value=value, unit=unit, cap_value=cap, cap_unit=cap_unit, owner="case_officer",
        on_breach=on_breach, may_pause=False, roll=roll, repeats=False, starts_at="complaint_filed",
    )  # fmt: skip


def khmer() -> Calendar:
    return clock.calendar_for(country="KH")


def at(text: str, zone: str = "Asia/Phnom_Penh") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@given(calendars(), moments, st.integers(1, 30))
def test_working_days_end_on_a_working_day_at_its_last_minute_and_never_before_the_start(calendar, start, n):
    due = clock.due(limit(n), start, calendar)
    local = due.astimezone(calendar.zone)
    assert due >= start
    assert calendar.is_working(local.date())
    assert local.time() == time(23, 59)


@given(calendars(), moments, st.integers(1, 30))
def test_so_many_working_days_lie_between_start_and_due_day(calendar, start, n):
    first, last = calendar.local_day(start), calendar.local_day(clock.due(limit(n), start, calendar))
    days = [first + timedelta(days=i + 1) for i in range((last - first).days)]
    assert sum(map(calendar.is_working, days)) == n


@given(
    calendars(), moments, st.integers(0, 60),
    st.sampled_from(["working_days", "calendar_days", "calendar_months", "clock_hours"]),
)  # fmt: skip
def test_a_longer_limit_is_never_due_earlier(calendar, start, n, unit):
    assert clock.due(limit(n, unit), start, calendar) <= clock.due(limit(n + 1, unit), start, calendar)


@given(calendars(), moments, st.integers(1, 20), st.integers(1, 40))
def test_a_promise_is_due_at_the_earlier_of_value_and_cap(calendar, start, value, cap):
    both = clock.due(limit(value, cap=cap, cap_unit="calendar_days"), start, calendar)
    alone = clock.due(limit(value), start, calendar)
    capped = clock.due(limit(cap, "calendar_days"), start, calendar)
    assert both == min(alone, capped)


@given(calendars(), moments, st.integers(1, 48))
def test_clock_hours_count_from_the_start_of_the_local_hour_day_and_night(calendar, start, hours):
    due = clock.due(limit(hours, "clock_hours", roll="none"), start, calendar)
    local = due.astimezone(calendar.zone)
    assert (local.minute, local.second, local.microsecond) == (0, 0, 0) or "Lord_Howe" in str(calendar.zone)
    assert start + timedelta(hours=hours - 1) < due <= start + timedelta(hours=hours)


@given(calendars(), moments)
def test_the_release_is_the_next_seven_in_the_morning(calendar, moment):
    with override_settings(SAMLENG_RELEASE_AT_ONCE=False):
        release = calendar.release_after(moment)
    assert release.astimezone(calendar.zone).time() == time(7)
    assert timedelta(0) < release - moment <= timedelta(hours=25)


@given(
    calendars(), moments,
    st.sampled_from(["working_days", "calendar_days", "calendar_months"]), st.integers(1, 30),
    st.sampled_from(["L1", "L2", "L3", "none", "window_closes", "proceed_without"]),
)  # fmt: skip
def test_a_ladder_rises_in_order_at_nine_on_working_days(calendar, start, unit, n, on_breach):
    promise = limit(n if unit != "calendar_months" else 1 + n % 4, unit, on_breach=on_breach)
    due = clock.due(promise, start, calendar)
    rungs = clock.ladder(promise, due, calendar, start)
    rises = [moment for _level, moment in rungs]
    assert rises == sorted(rises)
    assert all(moment.astimezone(calendar.zone).time() == time(9) for moment in rises)
    assert all(calendar.is_working(calendar.local_day(moment)) for moment in rises)
    assert all(moment > due for level, moment in rungs if level.startswith("L"))


@given(calendars(), moments, st.integers(2, 30), st.sampled_from(["L1", "L2", "L3"]))
def test_the_levels_of_a_ladder_keep_their_distances_in_working_days(calendar, start, n, on_breach):
    promise = limit(n, on_breach=on_breach)
    due_day = calendar.local_day(due := clock.due(promise, start, calendar))
    day = {level: calendar.local_day(moment) for level, moment in clock.ladder(promise, due, calendar, start)}
    assert day["reminder_due"] == due_day
    assert day["reminder_before"] == calendar.add_working_days(due_day, -1)
    assert day[on_breach] == calendar.add_working_days(due_day, 1)
    if on_breach == "L1":
        assert day["L2"] == calendar.add_working_days(day["L1"], 2)
    if on_breach != "L3":
        assert day["L3"] == calendar.add_working_days(day["L2"], 5)
        assert day["L2c"] == day["L2"]
    else:
        assert day["L2c"] == day["L3"]
    assert day["L4"] == calendar.add_working_days(day["L3"], 10)


@given(calendars(), moments, st.integers(1, 24), st.integers(0, 24))
def test_a_ladder_in_clock_hours_tells_the_owner_at_once_and_knows_no_night(calendar, start, value, more):
    promise = limit(value, "clock_hours", cap=value + more, cap_unit="clock_hours", roll="none")
    due, cap = clock.due(promise, start, calendar), clock.cap(promise, start, calendar)
    rungs = dict(clock.ladder(promise, due, calendar, start, cap_at=cap))
    assert rungs["reminder_due"] <= start
    assert (rungs["L1"], rungs["L3"]) == (due, cap)
    assert list(rungs) == ["reminder_due", "L1", "L3", "L4"]
    assert (rungs["L1"] == rungs["L3"]) == (more == 0)


@pytest.mark.parametrize(
    ("on_breach", "levels"),
    [
        ("L1", ["reminder_before", "reminder_due", "L1", "L2", "L2c", "L3", "L4"]),
        ("L2", ["reminder_before", "reminder_due", "L2", "L2c", "L3", "L4"]),
        ("L3", ["reminder_before", "reminder_due", "L3", "L2c", "L4"]),
        ("none", ["reminder_before", "reminder_due"]),
        ("window_closes", ["reminder_before", "reminder_due"]),
        ("proceed_without", ["reminder_before", "reminder_due"]),
    ],
)
def test_a_ladder_begins_at_the_level_that_the_table_names(on_breach, levels):
    promise, start = limit(5, on_breach=on_breach), at("2026-06-01T10:00")
    rungs = clock.ladder(promise, clock.due(promise, start, khmer()), khmer(), start)
    assert [level for level, _moment in rungs] == levels


def test_an_acknowledgement_over_the_khmer_new_year_waits_for_working_days_but_not_beyond_the_cap():
    # Monday 13 April 2026; Tuesday to Thursday are Khmer New Year, Sunday is free.
    start = at("2026-04-13T10:30")
    promise = clock.limits("KH")["acknowledge"]
    due = clock.due(promise, start, khmer())
    assert due == at("2026-04-18T23:59")
    rungs = dict(clock.ladder(promise, due, khmer(), start))
    assert rungs["reminder_before"] == at("2026-04-17T09:00")
    assert rungs["reminder_due"] == at("2026-04-18T09:00")
    assert rungs["L1"] == at("2026-04-20T09:00")
    assert rungs["L2"] == rungs["L2c"] == at("2026-04-22T09:00")
    assert rungs["L3"] == at("2026-04-28T09:00")
    assert rungs["L4"] == at("2026-05-12T09:00")  # 1 May and 5 May are holidays.


def test_urgent_contact_is_due_four_hours_after_the_start_of_its_hour_at_night_too():
    start = at("2026-06-06T23:50")
    promise = clock.limits("KH")["urgent_contact"]
    assert clock.due(promise, start, khmer()) == at("2026-06-07T03:00")
    assert clock.cap(promise, start, khmer()) == at("2026-06-07T23:00")


def test_a_country_profile_shortens_a_limit_and_lengthens_it_only_up_to_the_cap():
    assert (clock.limits("KH")["respondent_reply"].value, clock.limits("LA")["respondent_reply"].value) == (
        2,
        5,
    )
    start, dhaka = at("2026-06-01T10:00", "Asia/Dhaka"), clock.calendar_for(country="BD")
    inquiry = clock.limits("BD")["inquiry_complete"]
    assert inquiry.caps == (Length(60, "working_days"), Length(90, "calendar_days"))
    assert clock.due(inquiry, start, dhaka) <= clock.due(limit(90, "calendar_days"), start, dhaka)


def test_every_limit_of_every_profile_has_a_due_time_and_a_ladder():
    start = at("2026-06-01T10:00")
    for code in packs.codes():
        for promise in clock.limits(code).values():
            due = clock.due(promise, start, khmer())
            assert due >= start
            clock.ladder(promise, due, khmer(), start)


def test_a_legal_limit_on_a_rest_day_moves_to_the_working_day_before():
    legal = limit(7, "calendar_days", roll="backward")  # From Sunday 31 May to Sunday 7 June 2026.
    assert clock.due(legal, at("2026-05-31T10:00"), khmer()) == at("2026-06-06T23:59")


def test_a_factory_works_on_a_holiday_and_rests_on_a_workday_where_it_says_so():
    calendar = Calendar(
        "KH", ZoneInfo("Asia/Phnom_Penh"), overrides={date(2026, 4, 14): True, date(2026, 4, 13): False}
    )
    assert calendar.is_working(date(2026, 4, 14))
    assert not calendar.is_working(date(2026, 4, 13))


def test_the_rest_day_of_bangladesh_is_friday():
    dhaka = clock.calendar_for(country="BD")
    assert not dhaka.is_working(date(2026, 6, 5))
    assert dhaka.is_working(date(2026, 6, 7))


def test_a_country_that_nobody_described_works_from_monday_to_saturday():
    assert clock.calendar_for(country="ZZ").is_working(date(2026, 6, 6))
    assert not clock.calendar_for(country="ZZ").is_working(date(2026, 6, 7))


def test_released_at_once_means_the_midnight_that_began_the_day(settings):
    settings.SAMLENG_RELEASE_AT_ONCE = True
    assert khmer().release_after(at("2026-06-01T10:17")) == at("2026-06-01T00:00")


def test_holidays_are_read_once_per_country_and_year():
    clock.public_holidays.cache_clear()
    calendar = clock.calendar_for(country="TR")
    for day in range(300):
        calendar.is_working(date(2026, 1, 1) + timedelta(days=day))
    assert clock.public_holidays.cache_info().misses == 1


def test_what_the_system_does_at_once_has_no_ladder():
    promise, start = clock.limits("KH")["receipt"], at("2026-06-01T10:00")
    assert clock.ladder(promise, clock.due(promise, start, khmer()), khmer(), start) == []
