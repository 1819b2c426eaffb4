"""Agreement as a page: what counts, what is too little to show, whose next visit should be joint."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Person
from assessments import calibration, course, tool
from assessments.models import Assessment, Assessor, FirstScore
from complaints.statistics import Quarter
from factories import clock
from tests.builders import WEDNESDAY, World, make_factory, make_world, sign_in

pytestmark = pytest.mark.django_db
TODAY = WEDNESDAY.date()


@pytest.fixture
def world(db) -> World:
    return make_world()


def visit(
    world: World,
    scores: dict[str, tuple[int, ...]],
    *,
    day: date = TODAY,
    kind: str = "joint",
    stage: str = "comparing",
    handed_in: int = 2,
) -> Assessment:
    """A visit on which the advisor and the expert gave these scores alone; the first `handed_in` have handed in."""
    made = Assessment.objects.create(
        factory=make_factory(country=world.country), tool=tool.current(TODAY), kind=kind, stage=stage,
        visit_from=day, visit_to=day, made_by=world.advisor, made_at=WEDNESDAY,
    )  # fmt: skip
    for place, person in enumerate((world.advisor, world.expert)):
        seat = Assessor.objects.create(
            assessment=made, person=person, submitted_at=WEDNESDAY if place < handed_in else None
        )
        FirstScore.objects.bulk_create(
            FirstScore(assessor=seat, indicator=code, score=given[place], sources=["D"], changed_at=WEDNESDAY)
            for code, given in scores.items()
        )
    return made


CODES = [one.code for one in tool.read(tool.bundled()).indicators]
ALL_THREE = dict.fromkeys(CODES, (3, 3))


def test_a_quarter_is_shown_from_eighty_pairs_on(world):
    visit(world, ALL_THREE)
    [few] = calibration.by_quarter(calibration.rows(TODAY))
    assert (few.of, few.pairs, few.kappa) == (str(Quarter.of(TODAY)), 40, None)
    visit(world, ALL_THREE | {"PC1": (0, 1)})
    [enough] = calibration.by_quarter(calibration.rows(TODAY))
    assert (enough.pairs, enough.exact, enough.near) == (80, 99, 100)
    assert enough.kappa is not None and enough.kappa > Decimal("0.8")


@pytest.mark.parametrize(
    "other", [{"handed_in": 1}, {"stage": "dropped"}, {"kind": "self"}, {"day": TODAY - timedelta(days=900)}], ids=str
)
def test_only_what_both_have_handed_in_on_a_visit_from_outside_counts(other, world):
    visit(world, ALL_THREE, **other)
    assert calibration.by_quarter(calibration.rows(TODAY)) == []


def test_an_indicator_is_shown_from_ten_pairs_on_and_marked_where_assessors_are_apart(world):
    for number in range(10):
        scores = {"PC1": (number % 5, number % 5), "PC2": (4, 0) if number % 2 else (0, 4)}
        visit(world, scores | ({"PC3": (1, 1)} if number else {}))
    used = tool.read(tool.bundled())
    lines = {line.of: line for line in calibration.by_indicator(calibration.rows(TODAY), used, TODAY)}
    assert len(lines) == 40
    assert (lines["PC1"].kappa, lines["PC1"].alpha, lines["PC1"].below) == (1, 1, False)
    assert lines["PC2"].kappa == -1 and lines["PC2"].below
    assert (lines["PC3"].pairs, lines["PC3"].alpha, lines["PC3"].below) == (9, None, False)
    assert lines["PC4"].pairs == 0


def test_indicators_look_at_the_last_four_quarters(world):
    visit(world, {"PC1": (1, 1)}, day=TODAY - timedelta(days=460))
    used = tool.read(tool.bundled())
    assert calibration.by_indicator(calibration.rows(TODAY), used, TODAY)[0].pairs == 0


def test_new_assessors_are_named_until_three_visits_were_joint(world):
    def named() -> set[Person]:
        return {one.person for one in calibration.joint_visits_due(TODAY)}

    assert {world.advisor, world.expert, world.second_expert} <= named()
    for days in range(3):
        visit(world, {}, day=TODAY - timedelta(days=days))
    assert not {world.advisor, world.expert} & named()
    assert world.second_expert in named()
    assert calibration.visits_in_a_year(TODAY) == (3, 3)


def test_a_version_may_ask_for_more_joint_visits(world):
    for days in range(3):
        visit(world, {}, day=TODAY - timedelta(days=days))
    content = tool.bundled() | {"version": "2.0", "design_values": tool.bundled()["design_values"]}
    content["design_values"] = content["design_values"] | {"joint_first_visits": 5}
    tool.add(content, change_note="More joint visits.", in_force_on=TODAY, by=world.admin, at=WEDNESDAY)
    assert world.advisor in {one.person for one in calibration.joint_visits_due(TODAY)}


@pytest.mark.parametrize(
    ("who", "status"),
    [("expert", 200), ("programme_lead", 200), ("admin", 200), ("advisor", 404), ("lead", 404), ("officer", 404)],
)
def test_who_calibrates_reads_the_page(who, status, world):
    client = Client()
    sign_in(client, getattr(world, who))
    response = client.get("/assessments/agreement/")
    assert response.status_code == status
    assert (b"Agreement between assessors" in response.content) is (status == 200)


def test_the_page_asks_the_same_however_many_visits_there_were(world, django_assert_max_num_queries):
    for number in range(6):
        visit(world, ALL_THREE, day=clock.now().date() - timedelta(days=number))
    client = Client()
    sign_in(client, world.programme_lead)
    with django_assert_max_num_queries(20):
        shown = client.get("/assessments/agreement/").content.decode()
    assert ">240<" in shown and "too few to say" in shown


def test_whoever_is_named_for_a_visit_is_sent_to_the_course_first(world):
    from assessments.course_signs import course_first

    roles = {"advisor"}
    assert list(course_first(world.advisor, roles, WEDNESDAY)) == []  # No visit, nothing to do.
    visit(world, {}, stage="planned", day=TODAY + timedelta(days=9))
    [todo] = course_first(world.advisor, roles, WEDNESDAY)
    assert (todo.url, todo.due_on, todo.late) == ("/assessments/course/", TODAY + timedelta(days=9), False)
    assert list(course_first(world.advisor, {"case_officer"}, WEDNESDAY)) == []
    course.take(world.advisor, {one.code: one.right for one in course.course().questions}, at=WEDNESDAY)
    assert list(course_first(world.advisor, roles, WEDNESDAY)) == []
