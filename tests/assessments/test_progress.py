"""How factories get on: counted right, frozen once, and shown with small numbers hidden."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import progress
from assessments.models import ProgressFigure, ProgressQuarter
from assessments.progress import freezing
from assessments.progress.catalogue import ABOUT_US, MEMBER, OF_FACTORY
from assessments.progress.of_factories import committee_works
from complaints.statistics import Audience, Quarter, snapshots
from factories.models import ChannelTest, Package, PlaceCheck, TrainingCount, WorkerSurvey
from tests.assessments.progressworld import ProgressWorld
from tests.builders import make_factory, make_world, sign_in
from tests.complaints.figureworld import add_cases

pytestmark = pytest.mark.django_db
Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)
AFTERWARDS = datetime(2026, 7, 10, 5, tzinfo=UTC)


class Undone(Exception):
    pass


def rows_of(quarter: Quarter) -> dict[tuple, tuple]:
    found = {}
    for row in freezing.compute(quarter):
        if row.code in ("F26", MEMBER):
            continue
        place = row.factory_id or row.country
        value = None if row.value is None else float(row.value)
        assert (place, row.code, row.part, row.span) not in found
        found[place, row.code, row.part, row.span] = (row.num, row.den, value)
    return found


# --- Counted right ------------------------------------------------------------------------------------------------


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), back=st.integers(0, 3))
def test_every_figure_equals_a_walk_through_the_factories(db, seed, back):
    """Brute force: the formulas of indicators.md in plain Python, factory by factory, over random small worlds."""
    try:
        with transaction.atomic():
            quarter = Q2.before(back)
            wanted = ProgressWorld(seed).count(quarter)
            found = rows_of(quarter)
            assert {key: one[:2] for key, one in found.items() if one[1]} == {
                key: one[:2] for key, one in wanted.items() if one[1]
            }
            for key, (_num, den, value) in wanted.items():
                if den:
                    assert found[key][2] == (None if value is None else pytest.approx(value, abs=0.001)), key
            raise Undone
    except Undone:
        pass


def test_the_small_worlds_hold_something_for_every_figure(db):
    """Else the proof above proved nothing of the figure that is missing."""
    seen = set()
    for seed in (1, 2, 3):
        with pytest.raises(Undone), transaction.atomic():
            ProgressWorld(seed)
            seen |= {(code, part) for (_place, code, part, _span), (_n, den, _v) in rows_of(Q2).items() if den}
            raise Undone
    wanted = {(code, "") for code in (*OF_FACTORY, *ABOUT_US) if code != "F26"}
    wanted |= {("F17", "guards"), ("F21", "before"), ("F27", "policy"), ("A3", "exact"), ("A3", "within_one")}
    assert wanted <= seen


@pytest.mark.parametrize(
    ("held", "planned", "trained", "members", "declared", "per_cent"),
    [
        (4, 4, 5, 5, 1, 100),
        (2, 4, 5, 5, 1, 80),
        (9, 4, 5, 5, 1, 100),  # More meetings than planned count as all of them.
        (2, 0, 5, 5, 1, 80),  # Four a year at least.
        (6, 12, 0, 5, 0, 20),
        (0, 4, 0, 5, 0, 0),
        (4, 4, 1, 4, Fraction(80, 100), 71.5),
    ],
)
def test_f15_is_four_three_and_three_tenths(held, planned, trained, members, declared, per_cent):
    assert float(100 * committee_works(held, planned, trained, members, Fraction(declared))) == per_cent


# --- Frozen once --------------------------------------------------------------------------------------------------


def freeze(*quarters: Quarter) -> None:
    for quarter in quarters:
        snapshots.freeze(quarter, at=AFTERWARDS)
        freezing.freeze(quarter, at=AFTERWARDS)


def test_they_are_frozen_after_the_figures_of_cases_and_once():
    ProgressWorld(3, factories=3)
    with pytest.raises(ValueError, match="2026Q2"):
        freezing.freeze(Q2, at=AFTERWARDS)
    freeze(Q2)
    before = list(ProgressFigure.objects.order_by("pk").values())
    assert before
    ProgressWorld(4, factories=2)
    assert freezing.freeze(Q2, at=AFTERWARDS + timedelta(days=1)) is None
    assert list(ProgressFigure.objects.order_by("pk").values()) == before
    assert ProgressQuarter.objects.get().code_version == freezing.CODE_VERSION


@pytest.mark.parametrize("act", ["update", "delete"])
@pytest.mark.parametrize("model", [ProgressFigure, ProgressQuarter])
def test_the_database_refuses_to_change_or_delete_what_is_frozen(act, model):
    ProgressWorld(3, factories=2)
    freeze(Q2)
    column = {"num": 7} if model is ProgressFigure else {"code_version": "9"}
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        rows = model.objects.all()
        rows.update(**column) if act == "update" else rows._raw_delete(rows.db)


def test_a_worker_that_dies_in_the_middle_leaves_nothing(monkeypatch):
    ProgressWorld(3, factories=2)
    snapshots.freeze(Q2, at=AFTERWARDS)

    def dies(quarter, *, at):
        raise Undone

    with monkeypatch.context() as patched:
        patched.setattr(freezing.silence_flags, "recompute", dies)
        with pytest.raises(Undone):
            freezing.freeze(Q2, at=AFTERWARDS)
    assert not ProgressQuarter.objects.exists() and not ProgressFigure.objects.exists()
    assert freezing.freeze_due(AFTERWARDS) == ProgressFigure.objects.count()


def test_the_queue_and_the_command_freeze_them_right_after(capsys):
    from complaints import tasks

    ProgressWorld(3, factories=2)
    with time_machine.travel(AFTERWARDS, tick=False):
        tasks.freeze_figures()
        assert progress.quarters() == [Q2]
        assert tasks.freeze_figures() == 0
        call_command("snapshot", quarter="2026Q1")
    assert "figures of how factories get on are frozen" in capsys.readouterr().out
    assert progress.quarters() == [Q2, Q1]


def test_freezing_costs_the_same_number_of_queries_however_many_factories(django_assert_max_num_queries):
    world = ProgressWorld(5, factories=2)
    snapshots.freeze(Q2, at=AFTERWARDS)
    freezing.compute(Q2)
    with CaptureQueriesContext(connection) as few:
        freezing.compute(Q2)
    for number in range(12):
        world._learning(make_factory(country=world.factories[number % 2].country))
    with django_assert_max_num_queries(len(few) + 2):
        freezing.compute(Q2)


# --- Shown --------------------------------------------------------------------------------------------------------


@pytest.fixture
def world():
    return make_world()


def line(world, code, audience=Audience.ADVISOR, quarter=Q2):
    return progress.published(audience, world.factory.pk, quarter)[code]


def survey(world, on, answers, know, trust):
    WorkerSurvey.objects.create(
        factory=world.factory, kind="pulse", on=on, answers=answers, know_a_way=know, trust=trust,
        recorded_by=world.advisor,
    )  # fmt: skip


def train(world, group, trained, people, quarter="2026Q2"):
    TrainingCount.objects.create(
        factory=world.factory, quarter=quarter, group=group, people=people, trained=trained,
        recorded_by=world.advisor, recorded_on=date(2026, 7, 1),
    )  # fmt: skip


def test_what_could_not_be_counted_is_never_none_or_all_per_cent(world):
    freeze(Q2)
    shown = progress.published(Audience.FACTORY, world.factory.pk, Q2)
    assert [one.code for one in shown.lines] == [*OF_FACTORY, "F28"]
    for one in shown.lines:
        words = [str(said) for said in (one.quarter, one.year, *(cell.shown for cell in one.cells)) if said]
        assert set(words) <= {"n/a", "too few to show"}, one.code


def test_shares_of_people_wait_for_the_readers_denominator(world):
    train(world, "workers", 3, 9)
    train(world, "guards", 6, 6)
    train(world, "managers", 5, 9)
    freeze(Q2)
    assert str(line(world, "F16").quarter) == "too few to show"
    assert str(line(world, "F16", Audience.EXPERT).quarter) == "33%"
    assert str(line(world, "F17").quarter) == "73%"
    cells = {str(cell.name): str(cell.shown) for cell in line(world, "F17").cells}
    assert cells["Guards"] == "too few to show" and cells["Drivers"] == "n/a"


def test_a_survey_has_its_interval_and_a_change_only_where_intervals_do_not_overlap(world):
    survey(world, date(2025, 8, 1), 100, 20, 50)
    survey(world, date(2026, 5, 1), 100, 60, 60)
    freeze(Q2)
    assert str(line(world, "F21").year) == "60%"
    assert line(world, "F21").numbers == "50 to 69%; since the survey before: higher"
    assert line(world, "F22").numbers == "50 to 69%; since the survey before: no clear change"


def test_few_answers_are_called_a_small_sample_and_the_ends_stay_hidden(world):
    survey(world, date(2026, 5, 1), 25, 12, 24)
    freeze(Q2)
    assert line(world, "F21").numbers.endswith("small sample")
    assert str(line(world, "F22").year) == "over 75%" and line(world, "F22").numbers == "small sample"


def test_a_survey_of_five_quarters_ago_is_old(world):
    survey(world, date(2025, 6, 30), 100, 20, 50)
    freeze(Q2)
    assert str(line(world, "F21").year) == "n/a"


def test_channel_tests_count_once_and_not_before_there_are_three(world):
    add_cases(world.factory, 2, channel="test", late=1)
    for way in ("platform", "platform"):  # Written down by hand as well.
        ChannelTest.objects.create(
            factory=world.factory, way=way, anonymous=True, sent_on=date(2026, 5, 4), answer_due_on=date(2026, 5, 6),
            recorded_by=world.advisor,
        )  # fmt: skip
    freeze(Q1, Q2)
    assert str(line(world, "F20").quarter) == "too few to show"
    assert ProgressFigure.objects.get(code="F20", factory=world.factory, quarter="2026Q2").den == 2
    for _number in range(2):
        ChannelTest.objects.create(
            factory=world.factory, way="box", anonymous=True, sent_on=date(2026, 8, 4), answer_due_on=date(2026, 8, 6),
            answered_on=date(2026, 8, 5), recorded_by=world.advisor,
        )  # fmt: skip
    later = datetime(2026, 10, 10, 5, tzinfo=UTC)
    snapshots.freeze(Quarter(2026, 3), at=later)
    freezing.freeze(Quarter(2026, 3), at=later)
    assert str(line(world, "F20", quarter=Quarter(2026, 3)).quarter) == "75%"


def test_what_is_in_place_carries_the_day_on_which_somebody_looked(world):
    for what, yes in (("policy", True), ("committee", False)):
        PlaceCheck.objects.create(
            factory=world.factory, what=what, yes=yes, checked_on=date(2026, 6, 3), checked_by=world.advisor
        )
    freeze(Q2)
    found = line(world, "F27")
    assert str(found.quarter) == "1 of 3"
    assert [str(cell.shown) for cell in found.cells] == [
        "yes, checked on 3 June 2026",
        "no, checked on 3 June 2026",
        "n/a",
    ]


def test_a_group_needs_five_factories_of_which_none_is_more_than_half(world):
    others = [make_factory(country=world.country) for _number in range(4)]
    for factory in (world.factory, *others):
        Package.objects.create(factory=factory, began_on=date(2026, 1, 5))
        TrainingCount.objects.create(
            factory=factory, quarter="2026Q2", group="workers", people=100 if factory != world.factory else 500,
            trained=50, recorded_by=world.advisor, recorded_on=date(2026, 7, 1),
        )  # fmt: skip
    freeze(Q2)
    whole = progress.of_group(Audience.PROGRAMME, "", Q2)
    assert str(whole["F16"].quarter) == "too few to show"  # One of them has more than half of the workers.
    assert str(whole["F23"].quarter) == "0%"
    assert str(progress.of_group(Audience.PROGRAMME, "KH", Q2)["F23"].quarter) == "0%"
    with pytest.raises(KeyError):
        progress.of_group(Audience.ADVISOR, "", Q2)
    with pytest.raises(KeyError):
        progress.published(Audience.PROGRAMME, world.factory.pk, Q2)


def test_a_group_of_which_one_factory_came_is_not_shown_beside_the_quarter_before(world):
    for _number in range(5):
        make_factory(country=world.country)
    freeze(Q1)
    make_factory(country=world.country)
    freeze(Q2)
    assert progress.of_group(Audience.PROGRAMME, "", Q1).lines
    shut = progress.of_group(Audience.PROGRAMME, "", Q2)
    assert not shut.lines and "came or went" in shut.shut


def test_no_quarter_no_figures(world):
    assert progress.published(Audience.FACTORY, world.factory.pk) is None
    freeze(Q1)
    assert progress.published(Audience.FACTORY, world.factory.pk, Q2) is None
    assert progress.published(Audience.FACTORY, world.factory.pk).quarter == Q1


def test_a_factory_costs_the_same_whatever_there_is_to_show(world, django_assert_max_num_queries):
    train(world, "workers", 300, 500)
    add_cases(world.factory, 30)
    freeze(Q1, Q2)
    with django_assert_max_num_queries(6):
        progress.published(Audience.EXPERT, world.factory.pk, Q2)


PAGES = {
    "officer": ("/figures/factories/{factory}/", "Activities done"),
    "advisor": ("/figures/factories/{factory}/", "Patterns of postponing"),
    "expert": ("/figures/factories/{factory}/", "All complaints:"),
    "second_expert": ("/figures/outside/KH/", "Agreement between assessors"),
    "programme_lead": ("/figures/programme/", "Workers reached"),
}


@pytest.mark.parametrize("who", PAGES)
def test_they_stand_on_the_pages_of_figures(client, world, who):
    freeze(Q2)
    url, words = PAGES[who]
    sign_in(client, getattr(world, who))
    page = client.get(url.format(factory=world.factory.pk))
    assert page.status_code == 200
    assert words in page.content.decode()
    if who in ("officer", "advisor"):
        assert "All complaints:" not in page.content.decode()
    assert page.content.decode().count("Satisfaction at closing") <= 1
