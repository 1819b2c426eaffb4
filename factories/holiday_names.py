"""Public holidays with their names, for a page anybody may read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import holidays
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from factories.clock import calendar_for, public_holidays, reviewed_names

# The names the calendars use, marked for translation. Another country adds its own.
NAMES = (
    _("International New Year Day"),
    _("Day of Victory over the Genocidal Regime"),
    _("International Women's Rights Day"),
    _("Khmer New Year's Day"),
    _("International Labor Day"),
    _("Visaka Bochea Day"),
    _("Royal Ploughing Ceremony"),
    _("HM King Norodom Sihamoni's Birthday"),
    _("HM Queen Norodom Monineath Sihanouk the Queen-Mother's Birthday"),
    _("Constitution Day"),
    _("Pchum Ben Day"),
    _("HM King Norodom Sihanouk Mourning Day"),
    _("HM King Norodom Sihamoni's Coronation Day"),
    _("National Independence Day"),
    _("Water Festival"),
    _("Peace Day in Cambodia"),
)


def after(country_code: str, at: datetime) -> Iterator[tuple[date, str]]:
    """Give the coming public holidays of a country, of this year and the next, each with its name."""
    today = calendar_for(country=country_code).local_day(at)
    for year in (today.year, today.year + 1):
        for day in sorted(public_holidays(country_code, year)):
            if day >= today:
                yield day, "; ".join(gettext(part) for part in _name(country_code, day).split("; ") if part)


def _name(country_code: str, day: date) -> str:
    reviewed = reviewed_names(country_code).get(day.isoformat())
    if reviewed:
        return reviewed
    try:
        return str(holidays.country_holidays(country_code, years=day.year, language="en_US").get(day, ""))
    except NotImplementedError:
        return ""
