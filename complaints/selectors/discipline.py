"""The legal clock that begins when the employer learns of misconduct. Shown on the case, never paused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from complaints.casewords import LIMITS
from complaints.codes import Words
from complaints.models import Case
from factories import clock

RED_DAYS_BEFORE = 3


@dataclass(frozen=True)
class LegalDate:
    """One legal limit: the last day, and whether it is near."""

    label: Words
    day: date
    is_near: bool
    is_over: bool


def legal_dates(case: Case, *, at: datetime) -> Sequence[LegalDate]:
    """Return the dates of the country's law counted from the day the employer knew; empty before that."""
    if case.employer_knowledge_at is None:
        return ()
    known, today = case.local_day(case.employer_knowledge_at), case.local_day(at)
    found = []
    for limit in clock.profile(case.country_id).get("legal_limits", ()):
        if limit["starts_at"] != "employer_knowledge" or limit["unit"] != "calendar_days":
            continue
        day = case.calendar.roll(known + timedelta(days=limit["value"]), limit["roll"])
        label = LIMITS.get(limit["code"], limit["text"])
        found.append(LegalDate(label, day, today >= day - timedelta(days=RED_DAYS_BEFORE), today > day))
    return sorted(found, key=lambda one: one.day)
