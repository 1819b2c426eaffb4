"""Silence is a question that rises and ends by the quarter, in two versions, without blame and without any score."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Notice
from accounts.signposts import todos
from assessments import silence_flags, tool
from assessments.models import Assessment, Score, SilenceFlag
from assessments.notes import VisitRefused
from assessments.progress import freezing
from assessments.silence_flags import SilenceRefused, record_cause
from complaints.statistics import Audience, Quarter, snapshots
from factories.models import ChannelTest
from tests.builders import make_country, make_factory, make_world
from tests.complaints.figureworld import add_cases

pytestmark = pytest.mark.django_db
FOURTH = Quarter(2026, 2)  # The first of which it can be said: four whole quarters have been counted.


def close(quarter: Quarter) -> datetime:
    at = datetime(quarter.due_on.year, quarter.due_on.month, quarter.due_on.day, 5, tzinfo=UTC)
    snapshots.freeze(quarter, at=at)
    freezing.freeze(quarter, at=at)
    return at


@pytest.fixture
def world():
    world = make_world()
    world.factory.headcount = 2000
    world.factory.save()
    for back in (3, 2, 1):
        close(FOURTH.before(back))
    return world


def flags(version: str = "factory", **where) -> list[SilenceFlag]:
    return list(SilenceFlag.objects.filter(version=version, **where).order_by("raised_on"))


def assess(factory, scores: dict[str, int], on=date(2026, 4, 7)) -> Assessment:
    at = datetime(on.year, on.month, on.day, 5, tzinfo=UTC)
    visit = Assessment.objects.create(
        factory=factory, tool=tool.current(on), kind="regular", stage="final", visit_from=on, visit_to=on,
        made_by=factory.advisor, made_at=at, final_at=at, overall_score=60, strength="working",
    )  # fmt: skip
    Score.objects.bulk_create(
        Score(assessment=visit, indicator=code, given=score, score=score, sources=["W"])
        for code, score in scores.items()
    )
    return visit


def test_a_flag_rises_once_stays_and_ends(world):
    assert not SilenceFlag.objects.exists()  # Not before a year has been counted.
    at = close(FOURTH)
    [flag] = flags()
    assert (flag.quarter, flag.raised_on, flag.ended_on) == ("2026Q2", at.date(), None)
    close(FOURTH.before(-1))
    assert len(flags()) == 1
    add_cases(world.factory, 2, filed=date(2026, 11, 2))
    ended = close(FOURTH.before(-2))
    assert flags()[0].ended_on == ended.date() and not silence_flags.up(Audience.EXPERT, [world.factory.pk])


def test_it_rises_again_when_it_is_silent_again(world):
    close(FOURTH)
    add_cases(world.factory, 2, filed=date(2026, 8, 3))
    close(FOURTH.before(-1))
    for later in (-2, -3, -4, -5):
        close(FOURTH.before(later))
    assert [flag.quarter for flag in flags()] == ["2026Q2", "2027Q3"]


def test_example_9a_only_the_expert_sees_that_somebody_complained_outside(world):
    add_cases(world.factory, 4, route="outside_only")
    close(FOURTH)
    assert flags("factory") and not flags("all")
    pk = [world.factory.pk]
    assert set(silence_flags.up(Audience.EXPERT, pk)[world.factory.pk]) == {"factory"}
    for audience in (Audience.ADVISOR, Audience.FACTORY):
        assert set(silence_flags.up(audience, pk)[world.factory.pk]) == {"factory"}


def test_advisor_and_factory_are_never_given_the_flag_of_all(world):
    close(FOURTH)
    assert flags("all") and flags("factory")
    for audience in (Audience.ADVISOR, Audience.FACTORY):
        assert {flag.version for flag in silence_flags.shown_to(audience)} == {"factory"}
    for audience in (Audience.PROGRAMME, Audience.SAFEGUARDING):
        with pytest.raises(KeyError):
            silence_flags.shown_to(audience)


@pytest.mark.parametrize(
    ("scores", "failed", "kind"),
    [
        ({"RP1": 1}, False, "channel_not_working"),
        ({"RP2": 1, "PC5": 2}, False, "channel_not_working"),
        ({"RP1": 3, "RP2": 3}, True, "channel_not_working"),
        ({"RP1": 3, "RP2": 3, "PC5": 2, "RP4": 2}, False, "channel_not_known"),
        ({"RP1": 3, "RP2": 3, "PC5": 3, "RP4": 2}, False, "channel_not_trusted"),
        ({"RP1": 3, "RP2": 3, "PC5": 3, "RP4": 3, "RP5": 3}, False, "unexplained"),
        ({}, False, "unexplained"),
    ],
)
def test_its_kind_comes_from_the_last_visit_and_the_tests_of_the_channels(world, scores, failed, kind):
    assess(world.factory, {"RP1": 0}, on=date(2025, 4, 7))  # An older visit says nothing.
    assess(world.factory, scores)
    if failed:
        ChannelTest.objects.create(
            factory=world.factory, way="box", anonymous=True, sent_on=date(2026, 6, 2),
            answer_due_on=date(2026, 6, 4), recorded_by=world.advisor,
        )  # fmt: skip
    close(FOURTH)
    assert [flag.kind for flag in flags()] == [kind]


def test_the_kind_follows_what_a_later_visit_finds(world):
    assess(world.factory, {"RP1": 1})
    close(FOURTH)
    assess(world.factory, {"RP1": 3, "PC5": 1}, on=date(2026, 8, 4))
    close(FOURTH.before(-1))
    assert [flag.kind for flag in flags()] == ["channel_not_known"]


def test_it_changes_no_score_and_no_level(world):
    visit = assess(world.factory, {"RP1": 1})
    before = list(Assessment.objects.values()), list(Score.objects.values())
    close(FOURTH)
    assert flags()
    assert (list(Assessment.objects.values()), list(Score.objects.values())) == before
    assert visit.strength == "working"


def test_the_advisor_is_given_a_task_once_and_nobody_is_blamed(world):
    at = close(FOURTH)
    close(FOURTH.before(-1))
    notice = Notice.objects.get(kind=silence_flags.NOTICE)
    assert (notice.recipient, notice.topic_id) == (world.advisor, world.factory.pk)
    assert notice.due_on == at.date() + timedelta(days=60)
    assert [flag.factory for flag in silence_flags.waiting_for(world.advisor)] == [world.factory]
    assert not silence_flags.waiting_for(world.expert)
    said = f"{silence_flags.SAYS} {silence_flags.TASK}".lower()
    assert "very few complaints have come from this factory" in said
    assert not any(word in said for word in ("fail", "fault", "bad", "hide", "must"))


def test_the_task_stands_among_what_there_is_to_do_until_the_cause_is_recorded(world, monkeypatch):
    from assessments import signs

    monkeypatch.setattr(signs, "factory_page", lambda pk: f"/assessments/factories/{pk}/")
    at = close(FOURTH)
    mine = [one for one in todos(world.advisor, {"advisor"}, at) if world.factory.name in str(one.words)]
    assert len(mine) == 1 and mine[0].due_on == at.date() + timedelta(days=60) and not mine[0].late
    [flag] = flags()
    record_cause(flag, cause="channel_not_known", note="No poster in the dormitory.", by=world.advisor, at=at)
    assert not [one for one in todos(world.advisor, {"advisor"}, at) if world.factory.name in str(one.words)]


def test_who_records_a_cause_what_and_how_often(world):
    at = close(FOURTH)
    [flag], [of_all] = flags(), flags("all")
    stranger = make_world(country=make_country("VN", name="Viet Nam")).advisor
    for who, which in ((stranger, flag), (world.officer, flag), (world.expert, flag), (world.advisor, of_all)):
        with pytest.raises(SilenceRefused, match="advisor"):
            record_cause(which, cause="unexplained", note="", by=who, at=at)
    with pytest.raises(SilenceRefused, match="Choose"):
        record_cause(flag, cause="they_are_good", note="x", by=world.advisor, at=at)
    with pytest.raises(SilenceRefused, match="sentence"):
        record_cause(flag, cause="channel_not_trusted", note=" ", by=world.advisor, at=at)
    with pytest.raises(VisitRefused, match="name"):
        record_cause(flag, cause="channel_not_trusted", note="Mr Sok stands at the box.", by=world.advisor, at=at)
    record_cause(flag, cause="channel_not_trusted", note="A guard stands at the box.", by=world.advisor, at=at)
    with pytest.raises(SilenceRefused, match="already"):
        record_cause(flag, cause="unexplained", note="", by=world.advisor, at=at)
    flag.refresh_from_db()
    assert (flag.cause, flag.cause_on, flag.cause_by) == ("channel_not_trusted", at.date(), world.advisor)


def test_a_closed_question_takes_no_cause(world):
    close(FOURTH)
    add_cases(world.factory, 2, filed=date(2026, 8, 3))
    at = close(FOURTH.before(-1))
    with pytest.raises(SilenceRefused, match="closed"):
        record_cause(flags()[0], cause="unexplained", note="", by=world.advisor, at=at)


def test_a_factory_without_advisor_and_many_at_once_cost_no_query_each(world, django_assert_max_num_queries):
    for _number in range(12):
        factory = make_factory(country=world.country)
        factory.headcount = 900
        factory.save()
    for back in (0, -1, -2):
        close(FOURTH.before(back))
    at = datetime(2027, 4, 10, 5, tzinfo=UTC)
    snapshots.freeze(Quarter(2027, 1), at=at)
    with django_assert_max_num_queries(14):
        silence_flags.recompute(Quarter(2027, 1), at=at)
    assert len(flags()) == 13 and Notice.objects.filter(kind=silence_flags.NOTICE).count() == 1
