"""The clock: working days, due times and ladders, and the tables a promise is kept in.

Arithmetic only. It knows no case, no activity and no assessment; each app builds its own tables on
`AbstractDeadline` and `AbstractRung` and registers them with `factories.sweep`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

import holidays
from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import clock as accounts_clock
from factories import pack_faults, packs

if TYPE_CHECKING:
    from factories.models import CountryPack, Factory

DATA = Path(__file__).parent / "data"
RISING_HOUR = time(9)
END_OF_DAY = time(23, 59)
MIDNIGHT = time(0)
FURTHEST_REST = 400  # days; a calendar without any working day in a year is a mistake, not a holiday.


def now() -> datetime:
    """Return the time it is for everybody: the real one, moved in demo and tests by one offset."""
    return accounts_clock.now()


class Level(models.TextChoices):
    """One step of the escalation ladder, from the owner's reminder to talks with top management."""

    REMINDER_BEFORE = "reminder_before", _("Reminder, one working day before")
    REMINDER_DUE = "reminder_due", _("Reminder, on the day")
    L1 = "L1", _("Level 1: second person")
    L2 = "L2", _("Level 2: advisor or programme lead")
    L2C = "L2c", _("Level 2: word to the complainant")
    L3 = "L3", _("Level 3: technical expert")
    L4 = "L4", _("Level 4: programme leads")


# ---------------------------------------------------------------------------------------------------------
# Calendars


@dataclass(frozen=True)
class Week:
    """The part of a country's calendar that does not change from year to year."""

    works: frozenset[int]
    zone: str


@lru_cache(maxsize=1)
def _calendars() -> dict[str, Any]:
    """Read the reviewed calendars, once per process."""
    loaded: dict[str, Any] = json.loads((DATA / "calendars_2026_2027.json").read_text("utf-8"))["calendars"]
    return loaded


@lru_cache(maxsize=300)
def week_of(country_code: str) -> Week:
    """Return a country's working weekdays and time zone; Monday to Saturday, UTC where nobody has said."""
    pack = packs.pack(country_code)
    return Week(frozenset(pack_faults.WEEKDAYS.index(day) for day in pack.week), pack.time_zone)


@lru_cache(maxsize=4096)
def public_holidays(country_code: str, year: int) -> frozenset[date]:
    """Return a country's public holidays in a year, as reviewed, else as the library computes them."""
    reviewed = _calendars().get(country_code, {}).get("holidays", {})
    days = frozenset(date.fromisoformat(day) for day in reviewed if day.startswith(f"{year}-"))
    if days:
        return days
    try:
        return frozenset(holidays.country_holidays(country_code, years=year))
    except NotImplementedError:  # The library does not know this country.
        return frozenset()


def reviewed_names(country_code: str) -> Mapping[str, str]:
    """Return the names of a country's reviewed public holidays by their day (`2026-01-01`)."""
    names: Mapping[str, str] = _calendars().get(country_code, {}).get("holidays", {})
    return names


class Calendar:
    """The working days of one factory or country, and the hours of its time zone."""

    def __init__(
        self,
        country_code: str,
        zone: ZoneInfo,
        *,
        overrides: Mapping[date, bool] | Callable[[], Mapping[date, bool]] | None = None,
        works: frozenset[int] | None = None,
    ) -> None:
        """Make a calendar; `overrides` may be a function, called when a day is first asked for."""
        self.country_code = country_code
        self.zone = zone
        self._works = week_of(country_code).works if works is None else works
        self._overrides = overrides or {}

    @property
    def overrides(self) -> Mapping[date, bool]:
        if callable(self._overrides):
            self._overrides = self._overrides()
        return self._overrides

    def is_working(self, day: date) -> bool:
        """Say whether the factory works on this day."""
        own = self.overrides.get(day)
        if own is not None:
            return own
        return day.weekday() in self._works and day not in public_holidays(self.country_code, day.year)

    def add_working_days(self, day: date, n: int) -> date:
        """Return the n-th working day after `day` (before it, for a negative n); `day` is not counted.

        Zero returns `day` itself, working or not.
        """
        step = timedelta(days=1 if n > 0 else -1)
        for _count in range(abs(n)):
            day = self._nearest(day + step, step)
        return day

    def roll(self, day: date, direction: str) -> date:
        """Move a non-working day `forward` or `backward` to a working one; `none` leaves it."""
        if direction == "none":
            return day
        return self._nearest(day, timedelta(days=1 if direction == "forward" else -1))

    def _nearest(self, day: date, step: timedelta) -> date:
        for _count in range(FURTHEST_REST):
            if self.is_working(day):
                return day
            day += step
        raise ValueError(f"No working day within {FURTHEST_REST} days in the calendar of {self.country_code}.")

    def local_day(self, at: datetime) -> date:
        """Return the day it is at the factory."""
        return at.astimezone(self.zone).date()

    def at_hour(self, day: date, hour: int | time) -> datetime:
        """Return a local hour of a day, in UTC."""
        clock_time = time(hour) if isinstance(hour, int) else hour
        return datetime.combine(day, clock_time, self.zone).astimezone(UTC)

    def release_after(self, at: datetime) -> datetime:
        """Return when what she adds at `at` reaches factory users: the next 07:00 there, on any day.

        Where release is at once (the demo), the local midnight that began her day: a day, not a minute.
        """
        day = self.local_day(at)
        if settings.SAMLENG_RELEASE_AT_ONCE:
            return self.at_hour(day, MIDNIGHT)
        release = self.at_hour(day, settings.SAMLENG_RELEASE_HOUR)
        return release if release > at else self.at_hour(day + timedelta(days=1), settings.SAMLENG_RELEASE_HOUR)


def calendar_for(factory: Factory | None = None, country: CountryPack | str | None = None) -> Calendar:
    """Return a factory's calendar, or that of a country where no factory is known.

    A factory's own days are read at the first question about a working day, in one query.
    """
    if factory is not None:
        pack = factory.country
        code, zone = pack.pk, factory.time_zone or pack.time_zone
        return Calendar(code, ZoneInfo(zone), overrides=lambda: dict(factory.days.values_list("day", "works")))
    if country is None:
        raise ValueError("A calendar needs a factory or a country.")
    if isinstance(country, str):
        return Calendar(country, ZoneInfo(week_of(country).zone))
    return Calendar(country.pk, ZoneInfo(country.time_zone))


# ---------------------------------------------------------------------------------------------------------
# Limits


@dataclass(frozen=True)
class Length:
    """So many units from a start."""

    value: int
    unit: str


@dataclass(frozen=True)
class Limit:
    """How long a step may take, who owns it, and what happens when it is missed."""

    code: str
    value: int
    unit: str
    cap_value: int | None
    cap_unit: str | None
    owner: str
    on_breach: str
    may_pause: bool
    roll: str
    repeats: bool
    starts_at: str
    outer_cap: Length | None = None  # The programme's cap, where a country's profile has one of its own.

    @property
    def in_clock_hours(self) -> bool:
        return self.unit == "clock_hours"

    @property
    def caps(self) -> tuple[Length, ...]:
        own = Length(self.cap_value, self.cap_unit) if self.cap_value is not None and self.cap_unit else None
        return tuple(cap for cap in (own, self.outer_cap) if cap is not None)


@lru_cache(maxsize=1)
def deadline_table() -> dict[str, Any]:
    """Read the deadline table, once per process."""
    table: dict[str, Any] = json.loads((DATA / "deadlines.json").read_text("utf-8"))
    return table


@lru_cache(maxsize=1)
def _rows() -> list[dict[str, Any]]:
    """Every row of the deadline table, and of our own for the safeguarding path."""
    own: dict[str, Any] = json.loads((DATA / "safeguarding.json").read_text("utf-8"))
    shared = own["follow_up"]
    follow_ups = [
        shared | {"code": f"follow_up_{days}", "value": days, "cap_value": days + shared["cap_after_days"]}
        for days in deadline_table()["safeguarding_follow_up_days"]
    ]
    return [*deadline_table()["deadlines"], *own["deadlines"], *follow_ups]


def check_pack(pack: packs.Pack) -> None:
    """Hold a country pack against the deadline table. Raises `PackBroken`: an unknown promise, one beyond its cap."""
    steps = pack.fast_track.steps if pack.fast_track else {}
    timed = {code: step for code, step in steps.items() if isinstance(step, packs.Length)}
    faults = pack_faults.of_lengths(pack.overrides, timed, _rows())
    if faults:
        raise packs.PackBroken(pack.code, faults)


@lru_cache(maxsize=300)
def limits(country_code: str) -> Mapping[str, Limit]:
    """Return every limit of a country by its code, with the changes its pack makes. Raises `PackBroken`."""
    pack = packs.pack(country_code)
    check_pack(pack)
    names = Limit.__dataclass_fields__
    table = {}
    for row in _rows():
        limit = Limit(**{name: row[name] for name in names if name in row})
        change = pack.overrides.get(limit.code)
        if change:
            outer = limit.caps[0] if limit.caps and "cap_value" in change else None
            limit = replace(limit, **change, outer_cap=outer)
        table[limit.code] = limit
    return table


def reach(length: Length, roll: str, start: datetime, calendar: Calendar) -> datetime:
    """Return the moment that lies one length after a start."""
    if length.unit == "minutes":
        return start + timedelta(minutes=length.value)
    if length.unit == "clock_hours":
        return start_of_hour(start, calendar) + timedelta(hours=length.value)
    day = calendar.local_day(start)
    match length.unit:
        case "working_days":
            end = calendar.add_working_days(day, length.value)
        case "calendar_days":
            end = day + timedelta(days=length.value)
        case "calendar_months":
            end = day + relativedelta(months=length.value)
        case unit:
            raise ValueError(f"Unknown unit of time: {unit}.")
    rolled = calendar.roll(end, roll)
    # A backward roll over a long holiday must not end before it began.
    return calendar.at_hour(max(rolled, day), END_OF_DAY)


def start_of_hour(at: datetime, calendar: Calendar) -> datetime:
    """Return the beginning of the factory's hour in which `at` lies, in UTC: no minute is ever stored."""
    offset = at.astimezone(calendar.zone).utcoffset() or timedelta(0)
    local = at.astimezone(UTC) + offset
    return local.replace(minute=0, second=0, microsecond=0) - offset


def due(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """Return when a promise is due: the earlier of its value and its caps, counted from the same start.

    Day 0 is not counted. Days end at 23:59 at the factory; clock hours count from the start of the hour.
    """
    lengths = (Length(limit.value, limit.unit), *limit.caps)
    return min(reach(length, limit.roll, start, calendar) for length in lengths)


def cap(limit: Limit, start: datetime, calendar: Calendar) -> datetime | None:
    """Return the moment beyond which a promise is never stretched, or None where it has no cap."""
    ends = [reach(length, limit.roll, start, calendar) for length in limit.caps]
    return min(ends) if ends else None


# ---------------------------------------------------------------------------------------------------------
# The ladder

# Working days from the level below. The first level that exists rises on the first one after the due day.
LADDER: tuple[tuple[Level, int], ...] = ((Level.L1, 1), (Level.L2, 2), (Level.L3, 5), (Level.L4, 10))


def ladder(
    limit: Limit, due_at: datetime, calendar: Calendar, start: datetime, *, cap_at: datetime | None = None
) -> list[tuple[str, datetime]]:
    """Return every level of a promise with the moment it rises, in order: its whole future.

    Rungs rise at 09:00 factory time on a working day. Limits in clock hours know no night: their owner is
    told at the start, level 1 at the limit, level 3 at the cap, and level 4 as for any other. A reminder
    whose moment lies before the start is left out. What the system itself does at once has no ladder.
    """
    if limit.unit == "minutes":
        return []
    if limit.in_clock_hours:
        return _clock_hour_ladder(limit, due_at, calendar, start, cap_at)
    due_day = calendar.roll(calendar.local_day(due_at), "backward")

    def rising(day: date) -> datetime:
        return calendar.at_hour(day, RISING_HOUR)

    rungs = [
        (level, rises_at)
        for level, rises_at in (
            (Level.REMINDER_BEFORE, rising(calendar.add_working_days(due_day, -1))),
            (Level.REMINDER_DUE, rising(due_day)),
        )
        if rises_at >= start
    ]
    levels = [level for level, _distance in LADDER]
    if limit.on_breach in levels:
        day, distance = due_day, 1
        begins = levels.index(Level(limit.on_breach))
        for place, (level, own_distance) in enumerate(LADDER[begins:]):
            day = calendar.add_working_days(day, distance if place == 0 else own_distance)
            rungs.append((level, rising(day)))
            if level == Level.L2 or (level == Level.L3 and place == 0):
                rungs.append((Level.L2C, rising(day)))
    return [(level.value, rises_at) for level, rises_at in rungs]


def _clock_hour_ladder(
    limit: Limit, due_at: datetime, calendar: Calendar, start: datetime, cap_at: datetime | None
) -> list[tuple[str, datetime]]:
    last = cap_at or cap(limit, start, calendar) or due_at
    rungs = [(Level.REMINDER_DUE, start_of_hour(start, calendar))]
    if limit.on_breach == Level.L1:
        rungs.append((Level.L1, due_at))
    if limit.on_breach in (Level.L1, Level.L2, Level.L3):
        talk = calendar.add_working_days(calendar.local_day(last), 10)
        rungs += [(Level.L3, last), (Level.L4, calendar.at_hour(talk, RISING_HOUR))]
    return [(level.value, rises_at) for level, rises_at in rungs]


# ---------------------------------------------------------------------------------------------------------
# Tables


class DeadlineQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        """Keep the promises that still have to be kept, paused ones too."""
        return self.filter(met_at=None, dropped_at=None)

    def running(self) -> Self:
        return self.open().filter(paused_at=None)

    def late(self, at: datetime) -> Self:
        return self.running().filter(due_at__lt=at)


class AbstractDeadline(models.Model):
    """One promise: what, from when, by when. An app adds what it is about, and makes that unique with
    `code` and `ordinal`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=40)
    ordinal = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["due_at"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_due_after_start", condition=Q(due_at__gte=F("starts_at"))
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_met_or_dropped", condition=Q(met_at=None) | Q(dropped_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.dropped_at is None


class RungQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        """Keep the rungs that may still rise."""
        return self.filter(raised_at=None, dropped_at=None, held=False)

    def due(self, at: datetime) -> Self:
        """Keep the rungs whose moment has come, in the order in which it came."""
        return self.waiting().filter(rises_at__lte=at).order_by("rises_at")


class AbstractRung(models.Model):
    """One level of one promise's ladder. An app adds the foreign key `deadline`, unique with `level`.

    A rung that is held (its promise is paused) stays where it is until it is let go.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    level = models.CharField(max_length=16, choices=Level)
    rises_at = models.DateTimeField()
    raised_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    held = models.BooleanField(default=False)

    objects = RungQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["rises_at"]
        constraints = [
            models.CheckConstraint(name="%(app_label)s_%(class)s_level_known", condition=Q(level__in=Level.values)),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_raised_or_dropped",
                condition=Q(raised_at=None) | Q(dropped_at=None),
            ),
            models.UniqueConstraint(fields=["deadline", "level"], name="%(app_label)s_%(class)s_level_once"),
        ]
        indexes = [
            # Its size follows what may still rise, so a sweep's cost follows what is due.
            models.Index(
                fields=["rises_at"],
                condition=Q(raised_at=None, dropped_at=None, held=False),
                name="%(app_label)s_%(class)s_due",
            ),
        ]

    def __str__(self) -> str:
        return self.level
