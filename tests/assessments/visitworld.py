"""A visit in the making: the smallest world in which two people may assess a factory, and short ways through it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Person
from assessments import comparing, concluding, course, scoring_alone, screen, tool, visits
from assessments.models import Assessment, CourseAttempt
from assessments.scoring_alone import ScoreMark, SignalAnswer
from tests.builders import WEDNESDAY, World, make_world

AT = WEDNESDAY
FULL = {
    "headcount": 300,
    "women": 240,
    "interviews": 18,
    "interviews_with_women": 15,
    "interviews_off_site": 6,
    "women_only_groups": 2,
    "supervisor_groups": 1,
    "mechanics_included": True,
    "young_workers_included": True,
}
EVIDENCE = ("D", "M", "W", "O", "C")


@dataclass
class Scene:
    world: World
    visit: Assessment

    @property
    def advisor(self) -> Person:
        return self.world.advisor

    @property
    def second(self) -> Person:
        return self.world.second_expert

    @property
    def expert(self) -> Person:
        return self.world.expert

    def fresh(self) -> Assessment:
        self.visit = Assessment.objects.get(pk=self.visit.pk)
        return self.visit


def pass_course(person: Person, at: datetime = AT) -> None:
    CourseAttempt.objects.create(
        person=person,
        course_version=course.course().version,
        right=1,
        of=1,
        passed=True,
        at=at - timedelta(days=30),
    )


def planned(world: World | None = None, *, at: datetime = AT, kind: str = "joint", **other: Any) -> Scene:
    """A joint visit of the advisor and the second expert, planned for today; both passed the course."""
    world = world or make_world()
    for person in (world.advisor, world.second_expert):
        pass_course(person, at)
    day = at.date()
    goes = [visits.Goes(world.advisor, False), visits.Goes(world.second_expert, True)]
    values = {"visit_from": day, "visit_to": day + timedelta(days=1), "goes": goes, "by": world.advisor} | other
    return Scene(world, visits.plan(world.factory, kind=kind, at=at, **values))


def begun(world: World | None = None, *, at: datetime = AT, **other: Any) -> Scene:
    scene = planned(world, at=at, **other)
    for person in (scene.advisor, scene.second):
        visits.declare_no_conflict(scene.visit, by=person, at=at)
    visits.begin(scene.visit, by=scene.advisor, at=at)
    scene.fresh()
    return scene


def all_scores(score: int = 3, sources: tuple[str, ...] = EVIDENCE, **other: int) -> list[ScoreMark]:
    used = tool.read(tool.bundled())
    return [ScoreMark(one.code, other.get(one.code, score), sources=sources) for one in used.indicators]


def hand_in(scene: Scene, person: Person, *, level: str = "possible", at: datetime = AT, **other: Any) -> None:
    """Score everything alone and hand it in."""
    scores = other.pop("scores", None) or all_scores(**other.pop("differ", {}))
    outcome = scoring_alone.record(scene.visit, by=person, at=at, scores=scores, signals=other.pop("signals", ()))
    assert outcome.is_clean, outcome
    scoring_alone.hand_in(scene.visit, by=person, at=at, level_alone=level)


def compared(world: World | None = None, *, at: datetime = AT, **other: Any) -> Scene:
    """Both have handed in, everything is counted, the screen is sent."""
    scene = begun(world, at=at)
    scoring_alone.record(scene.visit, by=scene.advisor, at=at, counts=FULL | {"version": 0})
    signals = other.pop("signals", [SignalAnswer("S08", "present", ("W",))])
    screen.send(scene.visit, (), by=scene.advisor, at=at)
    hand_in(
        scene,
        scene.advisor,
        at=at,
        signals=signals,
        differ=other.get("first", {}),
        level=other.get("level", "possible"),
    )
    hand_in(scene, scene.second, at=at, signals=other.get("experts", ()), differ=other.get("second", {}))
    scene.fresh()
    return scene


def conclude(scene: Scene, level: str = "possible", *, at: datetime = AT, **other: Any) -> Assessment:
    words = {"reasons": "Workers avoid the store after dark."} | other
    concluding.conclude(scene.visit, level_factory=level, by=scene.advisor, at=at, **words)
    return scene.fresh()


def agree_all(scene: Scene, *, at: datetime = AT) -> None:
    for pair in comparing.open_pairs(scene.visit):
        comparing.agree(scene.visit, pair.indicator.code, pair.choices[0], seen="", by=scene.advisor, at=at)
