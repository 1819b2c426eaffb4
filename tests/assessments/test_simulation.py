"""The trial's programme: drawn from a seed, true to the services, and what it shows an advisor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.test import override_settings

from accounts import keys
from accounts.demo import PASSWORD
from accounts.models import Person
from assessments import notes
from assessments.demo import people as outside
from assessments.demo import programme
from assessments.demo.factories import drawn
from assessments.demo.people import Keys, Team
from assessments.demo.tempers import Temper
from assessments.models import Assessment, Level, Score, SilenceFlag, SilenceVersion
from assessments.progress import quarters
from assessments.selectors import needs
from assessments.selectors.needs import Need, Row
from complaints.demo import people as demo
from complaints.statistics import Audience
from factories import clock, people
from factories.models import Activity, CountryPack, Factory, Membership, Package, PatternRule
from tests.assessments import simwalk
from tests.builders import WEDNESDAY

pytestmark = pytest.mark.django_db


@dataclass
class Made:
    at: datetime
    said: str
    list: str
    kinds: dict[str, Temper]  # By name of the factory.

    def rows(self, email: str = outside.ADVISOR) -> list[Row]:
        mine = Factory.objects.filter(advisor__email=email).select_related("country", "package")
        return needs.rows(mine, Audience.ADVISOR, at=self.at)

    def places(self, rows: list[Row], temper: Temper) -> list[int]:
        return [place for place, row in enumerate(rows) if self.kinds.get(row.factory.name) == temper]


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Made]:
    """The demo's own people, and the programme around them; gone after the tests here."""
    folder: Path = tmp_path_factory.mktemp("programme")
    page = folder / "demo_people.txt"
    page.write_text("The people.\n")
    at, out = WEDNESDAY, StringIO()
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        pytest.MonkeyPatch.context() as patch,  # The same day for every run: what is drawn falls on the same days.
    ):
        patch.setattr(clock, "now", lambda: at)
        demo.make_countries(at)
        demo.make_people(at)
        with override_settings(SAMLENG_VAR=folder):
            call_command("demo_programme", stdout=out)
        kinds = {
            place.factory.name: place.temper
            for place in drawn(programme.SEED, {one.pk: one for one in CountryPack.objects.all()})
        }
        yield Made(at, out.getvalue(), page.read_text(encoding="utf-8"), kinds)
        transaction.set_rollback(True)


# --- What is there --------------------------------------------------------------------------------------------------


def test_it_is_a_programme_of_120_factories_in_four_countries_over_three_years(made):
    assert "120 invented factories" in made.said
    by_country = Counter(Factory.objects.values_list("country", flat=True))
    assert sum(by_country.values()) == 120 and set(by_country) == {"KH", "VN", "LA", "BD"}
    workers = Factory.objects.filter(country="KH").aggregate(sum=models.Sum("headcount"))["sum"]
    assert workers >= 30_000
    first = Assessment.objects.aggregate(first=models.Min("visit_from"))["first"]
    assert (made.at.date() - first).days > 900
    assert len(quarters()) >= 5
    portfolios = Counter(Factory.objects.exclude(advisor=None).values_list("advisor__email", flat=True))
    assert len(portfolios) == 3 and all(35 <= number <= 45 for number in portfolios.values())


def test_every_kind_of_row_is_there(made):
    assert [table.__name__ for table in programme.TABLES if not table.objects.exists()] == []
    assert set(Assessment.objects.values_list("kind", flat=True)) == {"regular", "joint", "follow_up", "self"}
    assert {"planned", "final"} <= set(Assessment.objects.values_list("stage", flat=True))
    assert set(Assessment.objects.final().from_outside().values_list("level_factory", flat=True)) == set(Level.values)
    assert set(Score.objects.values_list("cap", flat=True)) == {"", "paper", "table_top"}
    assert Score.objects.filter(settled_by__isnull=False).exists()
    assert Assessment.objects.exclude(level="").exclude(level=models.F("level_factory")).exists()
    assert set(SilenceFlag.objects.values_list("version", flat=True)) == set(SilenceVersion.values)
    assert {"twice", "no_date", "three_in_90"} <= set(
        Factory.objects.exclude(joint_reviews=None).values_list("joint_reviews__rule", flat=True)
    )
    assert Package.objects.filter(ended_on__isnull=False).exists()
    assert Package.objects.filter(paused_until__gt=made.at.date()).exists()


def test_only_factories_that_may_are_live(made):
    """Their country is live, their channels are open, and two handlers stand ready with a key that opens."""
    for factory in Factory.objects.live().select_related("country"):
        assert Activity.objects.filter(factory=factory, code="CHAN", state="done").exists(), factory.name
        assert people.factory_ready(factory), factory.name
    tried = Factory.objects.filter(country__status="draft")
    assert tried and not tried.filter(status="live").exists()
    assert (
        not Activity.objects.filter(factory__in=tried)
        .filter(models.Q(state="done") | models.Q(postponements__isnull=False) | models.Q(occasions__isnull=False))
        .exists()
    )
    assert not Assessment.objects.filter(factory__in=tried).exists()
    officer = Membership.objects.exclude(factory__name__in=("Lotus Thread (fictional)",)).latest("since").person
    assert officer.check_password(PASSWORD) and keys.unwrap(officer, PASSWORD)
    assert not Person.objects.exclude(keys__state="vouched").exists()


def test_no_text_names_a_person_or_tells_of_a_case(made):
    names = [name.casefold() for name in Person.objects.values_list("name", flat=True)]
    said = set()
    for table in programme.TABLES:
        texts = [
            field.name
            for field in table._meta.concrete_fields
            if isinstance(field, models.TextField | models.CharField) and not field.choices
        ]
        for name in texts:
            said |= set(table.objects.order_by().values_list(name, flat=True).distinct())
    said = {one for one in said if len(one) > 12}
    assert len(said) > 50
    for text in said:
        assert not [name for name in names if name in text.casefold()], text
        assert not notes.HONORIFIC.search(text) and not notes.NUMBER.search(text) and not notes.ADDRESS.search(text)


# --- What an advisor sees -------------------------------------------------------------------------------------------


def test_the_postponing_and_the_silent_factory_stand_at_the_top_with_a_reason(made):
    rows = made.rows()
    assert len(rows) == 41
    (late,), (silent,) = made.places(rows, Temper.POSTPONING), made.places(rows, Temper.SILENT)
    assert late <= 4 and silent <= 7
    reason = rows[late].first
    assert reason and reason.need is Need.JOINT_REVIEW
    assert any(str(PatternRule(rule).label) in reason.words for rule in PatternRule.values)
    reason = rows[silent].first
    assert reason and reason.need is Need.SILENCE and "silent" in reason.words
    assert sum(row.first is None for row in rows) >= 15


def test_many_complaints_do_not_lower_a_factory(made):
    """Two factories do everything alike; in the one eight times as many complain."""
    for email in (outside.ADVISOR, outside.THIRD_ADVISOR):
        rows = made.rows(email)
        (many,), (few,) = made.places(rows, Temper.TWIN_MANY), made.places(rows, Temper.TWIN_FEW)
        one, other = rows[many], rows[few]
        assert one.place[:3] == other.place[:3]
        assert [reason.words for reason in one.reasons] == [reason.words for reason in other.reasons]
        assert one.last and other.last and one.last.score == other.last.score and one.last.score
        assert (one.last.strength, one.progress) == (other.last.strength, other.progress)
        assert one.flag is other.flag is None


def test_the_silence_that_only_experts_can_judge_looks_like_any_other(made):
    """Where people complain outside alone, the flag of the factory is up and the experts' is not."""
    quiet = [name for name, temper in made.kinds.items() if temper == Temper.QUIET_HERE]
    found = SilenceFlag.objects.filter(factory__name__in=quiet, ended_on=None)
    assert set(found.values_list("version", flat=True)) == {"factory"}


# --- How it is made -------------------------------------------------------------------------------------------------


def _team() -> Team:
    return Team({one.email: one for one in Person.objects.filter(email__in=outside.ASSESSORS)})


def test_the_same_seed_gives_the_same_rows(made):
    some = (2, 3, 20, 70)
    first, second = (programme.live(made.at, _team(), "x", seed="again", only=some) for _time in range(2))
    for one, other in zip(first.lives, second.lives, strict=True):
        for table, rows in one.book.rows.items():
            mine = [[getattr(row, field.attname) for field in table._meta.concrete_fields] for row in rows]
            theirs = [
                [getattr(row, field.attname) for field in table._meta.concrete_fields] for row in other.book.rows[table]
            ]
            assert mine == theirs
    third = programme.live(made.at, _team(), "x", seed="else", only=some)
    assert [life.book.factory.name for life in third.lives] != [life.book.factory.name for life in first.lives]


@pytest.mark.parametrize("temper", [Temper.POSTPONING, Temper.BAD_FAITH])
def test_rows_made_at_once_are_those_of_the_services(made, temper):
    """One factory walks through every service, act by act, with the sweep each morning: the same rows stand there."""
    now = made.at
    countries = {one.pk: one for one in CountryPack.objects.all()}
    place = next(number for number, one in enumerate(drawn("walk", countries)) if one.temper == temper)
    (life,) = programme.live(now, _team(), "x", seed="walk", only=[place]).lives
    factory = life.book.factory
    factory.status = "live"
    factory.save(force_insert=True)
    by = Person.objects.get(email=outside.EXPERT)
    for person in life.book.members:
        person.email = f"walk.{person.email}"  # The programme may have a factory of this name.
    outside.store_handlers([(factory, life.book.members, life.book.acts[0].at.date())], Keys(PASSWORD, by, now))
    for act in life.book.acts:
        if act.name in ("introduce", "commit") and act.how["event"] is not None and act.how["event"]._state.adding:
            act.how["event"].save(force_insert=True)
    simwalk.Walk(life.book).all()
    bulk, services = simwalk.laid_out(life.book.rows), simwalk.laid_out(simwalk.stored(factory))
    for table, rows in services.items():
        assert bulk[table] == rows, table
    assert len(life.book.acts) >= 60 and bulk["Postponement"] and bulk["JointReview"] and bulk["Score"]


def test_it_is_made_once_and_in_a_demo_only(made, settings):
    assert made.list.startswith("The people.") and "/portfolio/" in made.list and "/plain/" in made.list
    before = Assessment.objects.count()
    call_command("demo_programme", verbosity=0)
    assert Assessment.objects.count() == before
    settings.SAMLENG_DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_programme")
