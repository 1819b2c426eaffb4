"""Events of the industry in the trial, and what factories took on there, named with their written yes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from assessments.demo.life import Life
from assessments.demo.people import ADVISOR, THIRD_ADVISOR, Team
from factories.models import CountryPack, EventCommitment, EventLevel, IndustryEvent

# Days ago, country (none: regional), title, followed up.
PLANNED: tuple[tuple[int, str, str, bool], ...] = (
    (880, "KH", "Safe lines, first national meeting", True),
    (760, "VN", "Safe lines, first national meeting", True),
    (620, "", "Regional meeting of factories and unions", True),
    (400, "KH", "Safe lines, second national meeting", True),
    (260, "VN", "Safe lines, second national meeting", True),
    (75, "KH", "Safe lines, third national meeting", False),
)
WHAT = (
    "Show another factory the room for talks",
    "Send two own trainers to a smaller factory for a day",
    "Bring the overtime list to the next meeting",
    "Write down what the safety walk cost and what it saved",
)
OTHERS = (
    ("Industry body", "Put the compliance view into the members' newsletter"),
    ("Buyers' group", "Ask for no counts of complaints in audits of this year"),
    ("Union federation", "Hold three talks on members chosen by workers"),
)
DUE_AFTER = 90  # Days.


@dataclass(frozen=True)
class Events:
    """Events with what others than factories took on."""

    events: list[Any]
    others: list[Any]

    def before(self, country: str) -> Any:
        """Return the event at which factories of this country may have been introduced."""
        return next((one for one in self.events if one.country_id == country), None)


def planned(team: Team, countries: dict[str, CountryPack], seed: str, now: datetime) -> Events:
    """Make the events, unsaved."""
    draw = random.Random(f"{seed} events")
    found, others = [], []
    for place, (days, code, title, followed_up) in enumerate(PLANNED):
        on = now.date() - timedelta(days=days)
        event = IndustryEvent(
            id=UUID(int=draw.getrandbits(128), version=4),
            level=EventLevel.NATIONAL if code else EventLevel.REGIONAL,
            country=countries.get(code),
            title=title,
            on=on,
            hosts="Open Window Helpers and Good Floor Advisors (both fictional)",
            participants={"factories": 18 + 6 * place, "workers": 9, "buyers": 4, "government": 2},
            topics="What a rise in complaints means; dates that slip and why; mechanics.",
            figures_shown="Activities done and dates kept, of all factories together." if place > 1 else "",
            follow_up_on=on + timedelta(days=120),
            followed_up_on=on + timedelta(days=124) if followed_up else None,
            recorded_by=team[THIRD_ADVISOR if code == "VN" else ADVISOR],
        )
        found.append(event)
        who, what = OTHERS[place % len(OTHERS)]
        due_on = on + timedelta(days=DUE_AFTER)
        others.append(
            EventCommitment(
                id=UUID(int=draw.getrandbits(128), version=4),
                event=event,
                who=who,
                what=what,
                due_on=due_on,
                done_on=due_on - timedelta(days=7) if followed_up else None,
            )
        )
    return Events(found, others)


def take_part(life: Life, events: Events, place: int) -> None:
    """Let some factories take something on at events of their country, while they are in the package."""
    if place % 5:
        return
    for number, event in enumerate(events.events):
        if event.country_id in (None, life.book.factory.country_id) and (number + place // 5) % 3 == 0:
            life.book.when(event.on, partial(_commit, life, event, number), 18)


def _commit(life: Life, event: Any, number: int) -> None:
    if not life.package.runs:
        return
    book = life.book
    due_on = event.on + timedelta(days=DUE_AFTER)
    what = WHAT[number % len(WHAT)]
    made = life.package.commit(event, who="A factory", what=what, due_on=due_on, by=book.outside.advisor)
    if book.chance(life.traits.acts):
        book.when(
            book.workday(due_on - timedelta(days=10)),
            lambda: life.package.commitment_done(made, by=book.outside.advisor),
        )
