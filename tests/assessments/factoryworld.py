"""Factories with what their pages read, written straight into the tables: assessments, activities, plans, flags."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from assessments import tool
from assessments.models import AgreedAction, Assessment, Assessor, DomainScore, SilenceFlag
from factories.models import Activity, Factory, JointReview, Package, Postponement
from factories.models.package import MouPoint
from tests.builders import World, make_factory

TODAY = date(2026, 6, 10)  # The Wednesday of the builders.
DOMAINS = [one["code"] for one in tool.bundled()["domains"]]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def make_final(world: World, factory: Factory | None = None, *, ended: date = TODAY, **other: Any) -> Assessment:
    """A final assessment from outside (or, with `kind`, the factory's own) whose visit ended on this day."""
    values: dict[str, Any] = {
        "factory": factory or world.factory,
        "tool": tool.current(TODAY),
        "kind": "regular",
        "stage": "final",
        "visit_from": ended - timedelta(days=1),
        "visit_to": ended,
        "made_by": world.advisor,
        "made_at": noon(ended),
        "headcount": 800,
        "overall_score": Decimal("61.5"),
        "strength": "working",
        "final_at": noon(ended),
    }
    scores = other.pop("scores", 60)
    if values["kind"] != "self" and other.get("kind") != "self":
        values |= {"rule_level_factory": "possible", "level_factory": "possible", "confidence_factory": "medium"}
    if other.get("level"):
        values |= {"level_by": world.expert, "level_at": noon(ended)}
    made = Assessment.objects.create(**(values | other))
    DomainScore.objects.bulk_create(
        DomainScore(assessment=made, domain=code, score=Decimal(scores)) for code in DOMAINS
    )
    return made


def make_planned(world: World, factory: Factory, day: date) -> Assessment:
    made = make_final(world, factory, ended=day, stage="planned", final_at=None, overall_score=None, strength="",
                      level_factory="", rule_level_factory="", confidence_factory="")  # fmt: skip
    Assessor.objects.create(assessment=made, person=world.advisor)
    return made


def make_activity(
    factory: Factory, code: str, first: date, *, moves: tuple[date | None, ...] = (), **other: Any
) -> Activity:
    """An agreed activity; each of `moves` is a postponement by the factory to that day, or to none."""
    now = moves[-1] if moves else first
    state = "agreed" if now else "postponed"
    made = Activity.objects.create(
        factory=factory, code=code, first_agreed_on=first, **({"due_on": now, "state": state} | other)
    )
    before, advisor = first, factory.advisor
    for place, to_on in enumerate(moves):
        on = before - timedelta(days=5)
        Postponement.objects.create(
            activity=made, reason="peak_shipment", offered="Another week.", from_on=before, to_on=to_on,
            by_programme=False, recorded_by=advisor, on=on, at=noon(on) + timedelta(minutes=place),
        )  # fmt: skip
        before = to_on or before
    return made


def make_review(factory: Factory, opened: date, rule: str = "twice") -> JointReview:
    return JointReview.objects.create(
        factory=factory, rule=rule, opened_on=opened, opened_at=noon(opened), due_on=opened + timedelta(days=14)
    )


def make_flag(factory: Factory, raised: date, version: str = "factory", **other: Any) -> SilenceFlag:
    values = {"kind": "unexplained", "quarter": "2026Q1", "raised_on": raised} | other
    return SilenceFlag.objects.create(factory=factory, version=version, **values)


def make_action(visit: Assessment, due: date, **other: Any) -> AgreedAction:
    values = {"what": "Light on the stairs", "owner": "production", "agreed_on": due - timedelta(days=60)} | other
    return AgreedAction.objects.create(factory=visit.factory, assessment=visit, due_on=due, **values)


def advised(world: World, name: str) -> Factory:
    factory = make_factory(name, country=world.country)
    factory.advisor, factory.headcount = world.advisor, 800
    factory.save()
    return factory


def busy(world: World, name: str) -> Factory:
    """A factory in mid-course with something of everything."""
    factory = advised(world, name)
    old = make_final(world, factory, ended=TODAY - timedelta(days=500), scores=40, overall_score=Decimal("40.0"))
    new = make_final(world, factory, ended=TODAY - timedelta(days=100), given_back_on=TODAY - timedelta(days=80))
    make_action(old, TODAY - timedelta(days=20))
    make_action(new, TODAY + timedelta(days=20), what="Second key for the complaint box", owner="advisor")
    for place, code in enumerate(("POLICY", "COMM", "T-COMM", "WALK")):
        make_activity(factory, code, TODAY - timedelta(days=90 - place * 40))
    Activity.objects.create(factory=factory, code="BASE", state="done", first_agreed_on=TODAY - timedelta(days=200),
                            due_on=TODAY - timedelta(days=200), done_on=TODAY - timedelta(days=201),
                            evidence="Assessment and survey.")  # fmt: skip
    began = TODAY - timedelta(days=300)
    Package.objects.create(factory=factory, began_on=began, mou_on=began, mou_points=MouPoint.values)
    make_review(factory, TODAY - timedelta(days=3))
    make_flag(factory, TODAY - timedelta(days=30))
    return factory
