"""When somebody of the outside team reads next. Nobody promises an hour that nobody covers. Decisions, 22."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import PersonKey
from factories.clock import calendar_for
from factories.models import CountryPack, RosterSlot

DAYS_AHEAD = 8  # Today and a week: a weekly roster comes round once.


def next_hours(country: CountryPack, at: datetime) -> tuple[datetime, datetime] | None:
    """Return when the hours begin and end in which an expert of this country reads, now or next; None without any.

    Only experts who can open something count: an account that is active, with a vouched key.
    """
    able = PersonKey.objects.usable().filter(person=OuterRef("person"))
    slots = list(RosterSlot.objects.filter(Exists(able), country=country))
    calendar = calendar_for(None, country)
    today = calendar.local_day(at)
    hours = []
    for ahead in range(DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        for slot in slots:
            if slot.weekday == day.weekday():
                begins, ends = (
                    datetime.combine(day, time, calendar.zone).astimezone(at.tzinfo) for time in (slot.start, slot.end)
                )
                if ends > at:
                    hours.append((begins, ends))
    return min(hours, default=None)


def sentence(country: CountryPack, at: datetime) -> str:
    """Say to a worker when somebody outside reads, in her country's time."""
    hours = next_hours(country, at)
    if hours is None:
        return _("We cannot say yet when an outside helper reads it. If you are in danger, look at “Get help” now.")
    zone = calendar_for(None, country).zone
    begins, ends = (moment.astimezone(zone) for moment in hours)
    if begins <= at:
        return _("An outside helper reads today until %(hour)s.") % {"hour": f"{ends:%H:%M}"}
    return _("An outside helper reads next on %(day)s, from %(hour)s.") % {
        "day": date_format(begins.date(), "l j F"),
        "hour": f"{begins:%H:%M}",
    }
