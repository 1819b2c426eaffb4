"""A factory on its way through the prevention package, one public step after the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from assessments import tool
from assessments.models import Assessment
from factories import clock
from factories.models import Activity, Factory, JointReview, MouPoint, Postponement
from factories.package import activities, entry, learning, postponing, reviews
from tests.builders import World

ZONE = ZoneInfo("Asia/Phnom_Penh")
BEGAN = date(2026, 1, 5)
ENTRY_DAYS = {"intro": 0, "mou": 7, "team": 14, "plan": 21}


def noon(day: date) -> datetime:
    """The middle of a day at the factory."""
    return datetime.combine(day, time(12), ZONE).astimezone(UTC)


def working(factory: Factory, day: date) -> date:
    return clock.calendar_for(factory).roll(day, "forward")


def introduce(world: World, on: date = BEGAN, **other: Any):
    values: dict[str, Any] = {"way": "meeting", "with_decider": True, "by": world.advisor, "at": noon(on)}
    return entry.introduce(world.factory, on=on, **(values | other))


def enter(world: World, *, began: date = BEGAN, plan: bool = True) -> date:
    """Take the factory through introduction, understanding, team and plan; return the day of the plan."""
    factory, by = world.factory, world.advisor
    said = introduce(world, began)
    entry.answer(said, "yes", on=began, by=by, at=noon(began))
    signed = began + timedelta(days=7)
    entry.sign_understanding(factory, on=signed, points=MouPoint.values, by=by, at=noon(signed))
    named = began + timedelta(days=14)
    entry.name_team(
        factory,
        on=named,
        focal_point_role="head of personnel",
        stand_in_role="head of quality",
        hours_a_week=4,
        languages="Khmer",
        by=world.expert,
        at=noon(named),
    )
    on = began + timedelta(days=21)
    if plan:
        entry.agree_plan(factory, entry.suggested_dates(factory, on), on=on, by=by, at=noon(on))
    return on


def activity(world: World, code: str) -> Activity:
    return world.factory.activities.select_related("factory").get(code=code)


def finish(world: World, code: str, on: date) -> Activity:
    """Do one activity on a day, with the records that show it."""
    factory, by, at = world.factory, world.expert, noon(on)
    groups = {
        "T-MGMT": ["managers"],
        "T-SUP": ["supervisors", "mechanics", "guards", "drivers"],
        "T-WORK": ["workers"],
        "PULSE": ["workers"],
    }
    for group in groups.get(code, ()):
        quarter = learning.quarter_of(on)
        learning.record_training(
            factory, quarter=quarter, group=group, people=100, trained=60 if code == "PULSE" else 100, by=by, at=at
        )
    if code in ("BASE", "END"):
        Assessment.objects.create(
            factory=factory,
            tool=tool.current(on),
            kind="joint" if code == "END" else "regular",
            stage="final",
            visit_from=on,
            visit_to=on,
            made_by=by,
            made_at=at,
            final_at=at,
        )
    if code in ("BASE", "PULSE"):
        kind = {"BASE": "baseline", "PULSE": "pulse"}[code]
        learning.record_survey(factory, kind=kind, on=on, answers=120, know_a_way=60, trust=50, by=by, at=at)
    if code == "T-WORK":
        before, after = Decimal(40), Decimal(70)
        learning.record_knowledge(factory, on=on, people=90, mean_before=before, mean_after=after, by=by, at=at)
    if code == "CHAN":
        for number in range(3):
            learning.send_test(factory, way="platform", anonymous=number == 0, sent_on=on, answered_on=on, by=by, at=at)
    if code == "DRILL":
        learning.record_drill(factory, on=on, passed=True, gaps="The stand-in was not told.", by=by, at=at)
    if code == "COMM" and activity(world, "POLICY").state != "done":
        activities.occasion(activity(world, "POLICY"), on=on, evidence="A first draft.", by=by, at=at)
    return activities.done(activity(world, code), on=on, evidence="Seen and filed.", by=by, at=at)


def move(world: World, code: str, *, on: date, to: date | None, reason: str = "peak_shipment") -> Postponement:
    """Move the date of an activity on a day."""
    return postponing.postpone(
        activity(world, code), reason=reason, to_on=to, offered="A shorter session.", by=world.advisor, at=noon(on)
    )


def hold(world: World, review: JointReview, *, on: date, step: str = "new_dates", step_on: date | None = None):
    """Take a review through telling, talking and agreeing, all on one day."""
    at = noon(on)
    reviews.tell_advisor(review, by=world.expert, at=at)
    reviews.talked(review, on=on, by=world.advisor, at=at)
    reviews.propose(
        review, causes=["cost_of_time"], step=step, step_on=step_on or on + timedelta(days=14), by=world.advisor, at=at
    )
    return reviews.agree(review, by=world.expert, at=at)
