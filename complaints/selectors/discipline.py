"""The legal clock that begins when the employer learns of misconduct. Shown on the case, never paused.

Its limits, and from how many days before they are red, stand in the pack of the country.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from complaints.casewords import LIMITS
from complaints.codes import Words
from complaints.models import Case
from factories import packs


@dataclass(frozen=True)
class LegalDate:
    """One legal limit: the last day, and whether it is near."""

    label: Words
    day: date
    is_near: bool
    is_over: bool


def legal_dates(case: Case, *, at: datetime) -> Sequence[LegalDate]:
    """Return the dates of the country's law counted from the day the employer knew; empty before that."""
    rule = packs.discipline(case.country_id)
    if case.employer_knowledge_at is None or rule is None:
        return ()
    known, today = case.local_day(case.employer_knowledge_at), case.local_day(at)
    found = []
    for limit in rule.limits:
        day = case.calendar.roll(known + timedelta(days=limit.value), limit.roll)
        label = LIMITS.get(limit.code, limit.text)
        found.append(LegalDate(label, day, today >= day - timedelta(days=rule.red_days_before), today > day))
    return sorted(found, key=lambda one: one.day)
