"""The promise to check each provider again: set with its ladder when it was checked, met by the next check.

Being overdue closes a provider by its date alone (`ServiceProvider.objects.referable`); what rises here only tells
people. The length is ours and stands, with its reason, in data/providers.json.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q

from accounts import notices
from accounts.models import Person
from accounts.notices import Word
from factories import clock, people, sweep
from factories.clock import Level, Limit
from factories.models import OutsideRole, Position, ProviderDeadline, ProviderRung, ServiceProvider

CODE = "provider_check"
TOPIC = "provider"


@dataclass(frozen=True)
class CheckRule:
    """How long a vetting is good for, when its owners are reminded, and who hears when it is late."""

    limit: Limit
    remind_before: timedelta
    levels: frozenset[str]


@lru_cache(maxsize=1)
def rule() -> CheckRule:
    """Read our own data, once per process."""
    table: dict[str, Any] = json.loads((clock.DATA / "providers.json").read_text("utf-8"))
    row = next(row for row in table["deadlines"] if row["code"] == CODE)
    limit = Limit(**{name: row[name] for name in Limit.__dataclass_fields__ if name in row})
    return CheckRule(limit, timedelta(days=row["remind_days_before"]), frozenset(row["levels"]))


def next_check_on(provider: ServiceProvider, checked_on: date) -> date:
    """Return the last day on which a check of this day is good."""
    calendar = clock.calendar_for(None, provider.country)
    due_at = clock.due(rule().limit, calendar.at_hour(checked_on, 0), calendar)
    return calendar.local_day(due_at)


def promise_check(provider: ServiceProvider, checked_on: date, *, at: datetime) -> ProviderDeadline:
    """Meet the promise that was open and make the next one, with its whole ladder. The provider is locked."""
    calendar, ours = clock.calendar_for(None, provider.country), rule()
    end(provider, met_at=at)
    start = calendar.at_hour(checked_on, 0)
    due_at = clock.due(ours.limit, start, calendar)
    last = provider.deadlines.filter(code=CODE).aggregate(last=Max("ordinal"))["last"] or 0
    made = ProviderDeadline.objects.create(
        provider=provider, code=CODE, ordinal=last + 1, starts_at=start, due_at=due_at
    )
    planning = calendar.roll(calendar.local_day(due_at) - ours.remind_before, "backward")
    ProviderRung.objects.bulk_create(
        ProviderRung(
            deadline=made,
            level=level,
            rises_at=calendar.at_hour(planning, clock.RISING_HOUR) if level == Level.REMINDER_BEFORE else rises_at,
        )
        for level, rises_at in clock.ladder(ours.limit, due_at, calendar, start)
        if level in ours.levels
    )
    return made


def end(provider: ServiceProvider, **when: datetime) -> None:
    """Say of the open promises that they were met (`met_at`) or that nobody keeps them any more (`dropped_at`)."""
    pks = list(provider.deadlines.open().values_list("pk", flat=True))
    ProviderDeadline.objects.filter(pk__in=pks).update(**when)
    waiting = ProviderRung.objects.filter(deadline__in=pks, raised_at=None, dropped_at=None)
    waiting.update(dropped_at=next(iter(when.values())))


# ---------------------------------------------------------------------------------------------------------
# Who hears


def raise_rungs(rungs: Sequence[ProviderRung], at: datetime) -> None:
    """Tell whoever is to go there; of a check that is late the lead expert, then the head of the organisation."""
    heard = _Heard()
    words = []
    for rung in rungs:
        provider = rung.deadline.provider
        kind = "provider_check_late" if rung.level in (Level.L1, Level.L2) else "provider_check_due"
        due_on = clock.calendar_for(None, provider.country).local_day(rung.deadline.due_at)
        for person in heard.at(rung.level, provider.country_id):
            cause = f"provider_rung:{rung.pk}"
            words.append(Word(person, cause, kind, due_on, TOPIC, provider.pk))
    notices.queue_many(words, at=at)


class _Heard:
    """Who hears at which level in which country, read once for a batch."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[UUID]] = {}

    def at(self, level: str, country: str) -> list[UUID]:
        if (level, country) not in self._found:
            self._found[level, country] = self._read(level, country)
        return self._found[level, country]

    def _read(self, level: str, country: str) -> list[UUID]:
        if level == Level.L2:
            found = [person.pk for person in people.programme_leads("technical")]
        elif level == Level.L1:
            lead = people.lead_expert(country, vouched=False)
            found = [lead.pk] if lead else []
        else:
            found = []
        return found or [person.pk for person in outside_team(country)]


def outside_team(country: str) -> list[Person]:
    """Return the technical experts and safeguarding leads of a country: whoever may check a provider."""
    current = Position.objects.current().filter(
        Q(country=country) | Q(country=None),
        person=OuterRef("pk"),
        role__in=(OutsideRole.TECHNICAL_EXPERT, OutsideRole.SAFEGUARDING_LEAD),
    )
    return list(Person.objects.filter(Exists(current), is_active=True, left_on=None).order_by("name", "pk"))


sweep.register(ProviderRung, raise_rungs, related=("deadline__provider__country",), lock=("deadline__provider",))
