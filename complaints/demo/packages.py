"""How the demo's live factories came to open their channels: introduction, understanding, team, and what CHAN needs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from accounts.models import Person
from factories import clock
from factories.models import Factory, MouPoint
from factories.package import activities, entry, learning

# Days after the introduction. Without a plan nothing is late: an advisor can agree on one in the trial.
DONE_AFTER = (("POLICY", 50), ("COMM", 60), ("REFER", 65), ("T-COMM", 75), ("CHAN", 90))


def open_channels(factory: Factory, *, advisor: Person, expert: Person, began: date) -> None:
    """Take a factory from its introduction to open channels, step by step, in the past."""
    calendar = clock.calendar_for(factory)

    def at(days: int) -> datetime:
        return calendar.at_hour(began + timedelta(days=days), time(10))

    said = entry.introduce(factory, on=began, way="meeting", with_decider=True, by=advisor, at=at(0))
    entry.answer(said, "yes", on=began, by=advisor, at=at(0))
    signed = began + timedelta(days=7)
    entry.sign_understanding(factory, on=signed, points=MouPoint.values, by=advisor, at=at(7))
    entry.name_team(
        factory,
        on=began + timedelta(days=14),
        focal_point_role="Head of personnel",
        stand_in_role="Head of quality",
        hours_a_week=4,
        languages="Khmer" if factory.country_id == "KH" else "Vietnamese",
        by=advisor,
        at=at(14),
    )
    for code, days in DONE_AFTER:
        on = began + timedelta(days=days)
        if code == "CHAN":
            for number, way in enumerate(("platform", "box", "committee")):
                learning.send_test(
                    factory,
                    way=way,
                    anonymous=number == 0,
                    sent_on=on - timedelta(days=4),
                    answered_on=on - timedelta(days=2),
                    by=expert,
                    at=at(days),
                )
        one = activities.of(factory, code)
        activities.done(one, on=on, evidence="Seen at a visit. Fictional.", by=expert, at=at(days))
