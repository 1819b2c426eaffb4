"""Dates of the package on the clock: promises with their ladders, in tables of their own, raised by the one sweep.

Lengths and levels are data (data/package.json). Every step locks the factory's row, and the sweep locks it with the
rungs, so that neither waits for the other. A pause holds the dates of activities, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q

from accounts import notices
from accounts.models import Person
from accounts.notices import Word
from factories import clock, people, sweep
from factories.clock import Level
from factories.models import (
    Activity,
    ActivityState,
    EventCommitment,
    Factory,
    FactoryRole,
    JointReview,
    PackageDeadline,
    PackageRung,
)
from factories.package import catalogue
from factories.package.patterns import Line

TOPIC = "package"
ACTIVITY, SIXTY_DAYS = "activity", "sixty_days"
HELD_BY_A_PAUSE = (ACTIVITY, SIXTY_DAYS)
# Who at the factory is reminded of a date.
FOCAL = (FactoryRole.CASE_OFFICER, FactoryRole.COMMITTEE_CHAIR)


def local_day(factory: Factory, at: datetime) -> date:
    """Return the day it is at the factory."""
    return clock.calendar_for(factory).local_day(at)


def promise(
    code: str,
    factory: Factory,
    *,
    at: datetime,
    on: date | None = None,
    activity: Activity | None = None,
    review: JointReview | None = None,
    commitment: EventCommitment | None = None,
    held: bool = False,
) -> PackageDeadline:
    """Make a promise with its whole ladder: due on the day that was agreed, else by its own length from `at`."""
    rule, calendar = catalogue.promises()[code], clock.calendar_for(factory)
    # A day agreed at the last minute, or already over, still has a start before its end.
    begins = at if on is None else min(at, calendar.at_hour(on, clock.MIDNIGHT))
    due_at = clock.due(rule.limit, at, calendar) if on is None else calendar.at_hour(on, clock.END_OF_DAY)
    about = {"factory": factory, "activity": activity, "review": review, "commitment": commitment, "code": code}
    last = PackageDeadline.objects.filter(**about).aggregate(last=Max("ordinal"))["last"] or 0
    made = PackageDeadline.objects.create(
        **about, ordinal=last + 1, starts_at=begins, due_at=due_at, paused_at=at if held else None
    )
    PackageRung.objects.bulk_create(
        PackageRung(deadline=made, level=level, rises_at=rises_at, held=held)
        for level, rises_at in clock.ladder(rule.limit, due_at, calendar, at)
        if level in rule.levels
    )
    return made


def end(found: Q, **when: datetime) -> None:
    """Say of open promises that they were met (`met_at`) or that nobody keeps them any more (`dropped_at`)."""
    pks = list(PackageDeadline.objects.open().filter(found).values_list("pk", flat=True))
    if pks:
        PackageDeadline.objects.filter(pk__in=pks).update(**when)
        waiting = PackageRung.objects.filter(deadline__in=pks, raised_at=None, dropped_at=None)
        waiting.update(dropped_at=next(iter(when.values())))


def keep_dates(activity: Activity, line: Line, *, at: datetime, paused: bool) -> None:
    """Put an activity's dates on the clock anew: its agreed day, and the sixty days after the first one."""
    over = activity.state in (ActivityState.DONE, ActivityState.DROPPED)
    mine = Q(activity=activity, code__in=HELD_BY_A_PAUSE)
    end(mine, **({"met_at": at} if activity.state == ActivityState.DONE else {"dropped_at": at}))
    if over:
        return
    if activity.due_on:
        promise(ACTIVITY, activity.factory, at=at, on=activity.due_on, activity=activity, held=paused)
    ours_is_open = activity.due_on is None and line.moves and line.moves[-1].by_programme
    if activity.first_agreed_on and not ours_is_open:
        today = local_day(activity.factory, at)
        last_day = activity.first_agreed_on + timedelta(
            days=catalogue.pattern_rules().days_late + line.excused_days(today)
        )
        promise(SIXTY_DAYS, activity.factory, at=at, on=last_day, activity=activity, held=paused)


def hold(factory: Factory, *, at: datetime) -> None:
    """Hold the dates of activities while a pause lasts."""
    held = PackageDeadline.objects.running().filter(factory=factory, code__in=HELD_BY_A_PAUSE)
    pks = list(held.values_list("pk", flat=True))
    PackageDeadline.objects.filter(pk__in=pks).update(paused_at=at)
    PackageRung.objects.waiting().filter(deadline__in=pks).update(held=True)


def let_go(factory: Factory) -> None:
    """Let the dates of activities run again."""
    held = PackageDeadline.objects.open().filter(factory=factory, code__in=HELD_BY_A_PAUSE).exclude(paused_at=None)
    pks = list(held.values_list("pk", flat=True))
    PackageDeadline.objects.filter(pk__in=pks).update(paused_at=None)
    PackageRung.objects.filter(deadline__in=pks, raised_at=None, dropped_at=None).update(held=False)


# ---------------------------------------------------------------------------------------------------------
# Who hears


def leaders(factory: Factory) -> list[UUID]:
    """Return the advisor of a factory and the technical experts of its country."""
    found = [*people.advisors_of(factory), *people.experts(factory.country_id, vouched=False)]
    return list({person.pk: None for person in found})


class _Heard:
    """Who hears of which promise at which level, read once for a batch."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, UUID | str], list[UUID]] = {}

    def of(self, rung: PackageRung) -> list[UUID]:
        factory, code = rung.deadline.factory, rung.deadline.code
        if rung.level == Level.L4:
            return self._who("heads", factory)
        if rung.level == Level.L3 or code == "numbers_talk":
            return self._who("experts", factory)
        if rung.level == Level.L2 or code in ("ask_again", "pause_ends"):
            return self._who("advisor", factory) or self._who("experts", factory)
        if code in ("joint_review", "look_again"):
            return [*self._who("advisor", factory), *self._who("experts", factory)]
        return [*self._who("advisor", factory), *self._who("factory", factory)]

    def _who(self, group: str, factory: Factory) -> list[UUID]:
        key = (group, "" if group == "heads" else factory.country_id if group == "experts" else factory.pk)
        if key not in self._found:
            self._found[key] = [person.pk for person in self._read(group, factory)]
        return self._found[key]

    @staticmethod
    def _read(group: str, factory: Factory) -> Iterable[Person]:
        match group:
            case "heads":
                return [*people.programme_leads("advisory"), *people.programme_leads("technical")]
            case "experts":
                return people.experts(factory.country_id, vouched=False)
            case "advisor":
                return people.advisors_of(factory)
        return people.members(factory, FOCAL, vouched=False)


LATE = frozenset({Level.L1.value, Level.L2.value, Level.L3.value, Level.L4.value})


def raise_rungs(rungs: Sequence[PackageRung], at: datetime) -> None:
    """Tell whoever is to act; open a joint review where an activity is now sixty days late; end a pause on its day."""
    from factories.package import postponing, reviews

    heard, words = _Heard(), []
    for rung in rungs:
        promised = rung.deadline
        factory = promised.factory
        if promised.code == SIXTY_DAYS:
            postponing.look(factory, at=at)
            continue
        if promised.code == "pause_ends":
            reviews.end_pause(factory, at=at)
        kind = f"package_{promised.code}_{'late' if rung.level in LATE else 'due'}"
        due_on = local_day(factory, promised.due_at)
        words += [
            Word(person, f"package_rung:{rung.pk}", kind, due_on, TOPIC, factory.pk)
            for person in dict.fromkeys(heard.of(rung))
        ]
    notices.queue_many(words, at=at)


sweep.register(PackageRung, raise_rungs, related=("deadline__factory__country",), lock=("deadline__factory",))
