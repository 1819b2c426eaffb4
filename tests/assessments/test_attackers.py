"""Attackers read everything they may, over every quarter, compare and subtract; no hidden number is found.

A hidden number is proven hidden by a witness: another world, in which it is another number, reads the same to them in
every page and file. Indicators, section 5; examples 1, 2, 9 and 9a of section 6.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from accounts.models import Person
from assessments import tool
from assessments.models import Assessment, SilenceFlag
from assessments.progress import freezing
from complaints.models import Case
from complaints.statistics import Quarter, snapshots
from factories.models import (
    Activity,
    ChannelTest,
    CommitteeCount,
    Drill,
    Factory,
    Membership,
    Organisation,
    Package,
    Position,
    TrainingCount,
    WorkerSurvey,
)
from factories.models.package import MouPoint
from tests.assessments import attackers
from tests.builders import make_country, make_factory, make_person, make_world, sign_in
from tests.complaints.figureworld import add_cases

pytestmark = pytest.mark.django_db
Q1, Q2, Q3, Q4 = (Quarter(2026, number) for number in (1, 2, 3, 4))
NEXT_YEAR = datetime(2027, 1, 10, 5, tzinfo=UTC)
SINCE = date(2026, 1, 1)


class Undone(Exception):
    pass


def freeze(*quarters: Quarter) -> None:
    for quarter in quarters:
        snapshots.freeze(quarter, at=NEXT_YEAR)
        freezing.freeze(quarter, at=NEXT_YEAR)


@dataclass
class Twin:
    factory: Factory
    officer: Person
    advisor: Person

    @property
    def names(self) -> set[str]:
        people = (self.officer, self.advisor)
        own = {self.factory.name, self.factory.short_code, self.factory.short_code.lower()}
        return own | {one.name for one in people} | {one.email for one in people}


def twin_of(country, headcount: int) -> Twin:
    """A factory with its own people, alike in everything that is not a case."""
    factory = make_factory(country=country)
    officer, advisor = make_person(), make_person()
    Membership.objects.create(person=officer, factory=factory, role="case_officer", since=SINCE)
    advisory = Organisation.objects.get_or_create(kind="advisory", name="Advisors (fictional)")[0]
    Position.objects.create(person=advisor, organisation=advisory, role="advisor", country=country, since=SINCE)
    factory.headcount, factory.advisor = headcount, advisor
    factory.save()
    Package.objects.create(factory=factory, began_on=SINCE, mou_on=SINCE, mou_points=MouPoint.values)
    for code, done in (("BASE", date(2026, 2, 3)), ("POLICY", date(2026, 5, 5)), ("CHAN", None)):
        Activity.objects.create(
            factory=factory, code=code, state="done" if done else "agreed", first_agreed_on=date(2026, 4, 1),
            due_on=date(2026, 4, 1), done_on=done, evidence="seen" if done else "",
        )  # fmt: skip
    for quarter in ("2026Q1", "2026Q2", "2026Q3", "2026Q4"):
        CommitteeCount.objects.create(
            factory=factory, quarter=quarter, meetings_planned=1, meetings_held=1, members=5, members_trained=4,
            recorded_by=advisor, recorded_on=SINCE,
        )  # fmt: skip
        TrainingCount.objects.create(
            factory=factory, quarter=quarter, group="workers", people=900, trained=700, recorded_by=advisor,
            recorded_on=SINCE,
        )  # fmt: skip
    Drill.objects.create(factory=factory, on=date(2026, 1, 20), passed=True, gaps="none", recorded_by=advisor)
    WorkerSurvey.objects.create(
        factory=factory, kind="baseline", on=date(2026, 2, 3), answers=90, know_a_way=40, trust=30, recorded_by=advisor
    )
    for day in (3, 4, 5):
        ChannelTest.objects.create(
            factory=factory, way="box", anonymous=True, sent_on=date(2026, 2, day), answer_due_on=date(2026, 2, 20),
            answered_on=date(2026, 2, 10), recorded_by=advisor,
        )  # fmt: skip
    visit = datetime(2026, 3, 4, 5, tzinfo=UTC)
    Assessment.objects.create(
        factory=factory, tool=tool.current(visit.date()), kind="regular", stage="final", visit_from=visit.date(),
        visit_to=visit.date(), made_by=advisor, made_at=visit, final_at=visit, overall_score=55, strength="working",
        rule_level_factory="possible", level_factory="possible", confidence_factory="medium",
        given_back_on=date(2026, 3, 20),
    )  # fmt: skip
    return Twin(factory, officer, advisor)


def read_by(person: Person, twin: Twin) -> dict[str, str]:
    """Everything a person of this twin reads, without what is its own."""
    client = Client()
    with time_machine.travel(NEXT_YEAR, tick=False):
        sign_in(client, person)
        read = attackers.everything(client, [f"/f/{twin.factory.short_code}/plain/"])
    return attackers.without_names(read, twin.names)


def same(ours: dict[str, str], theirs: dict[str, str], *, of: str) -> None:
    assert sorted(ours) == sorted(theirs), of
    for url, words in ours.items():
        assert words == theirs[url], f"{of}: {url}"


def files_too(read: dict[str, str]) -> None:
    """Every page of figures was downloaded as well, in both kinds."""
    for kind in ("csv", "xlsx"):
        pages = {url for url in read if url.startswith("/figures/") and "quarter=" in url and "file=" not in url}
        assert pages and {f"{url}&file={kind}" for url in pages} <= set(read)


# --- Factory users and advisors -------------------------------------------------------------------------------------


def test_a_few_complaints_in_a_quarter_read_like_none_on_every_page_in_every_quarter():
    """Examples 1 and 2, against somebody who compares all quarters, years and pages of alike factories."""
    country = make_country()
    twins = [twin_of(country, 20_000) for _number in range(3)]
    for twin, few in zip(twins, (0, 1, 4), strict=True):
        for month in (2, 5, 11):
            add_cases(twin.factory, 15, filed=date(2026, month, 4))
        add_cases(twin.factory, 15, filed=date(2025, 11, 4))
        add_cases(twin.factory, few, filed=date(2026, 8, 4))
    freeze(Q1, Q2, Q3)  # A calendar year tells advisors its rate; until then nothing does.
    for role in ("officer", "advisor"):
        none, *others = (read_by(getattr(twin, role), twin) for twin in twins)
        assert f"/figures/factories/(id)/?quarter={Q3}" in none and len(none) > 6
        files_too(none)
        own = {"/assessments/?file=csv", "/assessments/?file=xlsx", "/assessments/(id)/report/"}
        assert own | ({"/portfolio/?file=csv", "/portfolio/?file=xlsx"} if role == "advisor" else set()) <= set(none)
        for few, read in zip((1, 4), others, strict=True):
            same(none, read, of=f"{role}, {few} complaints")


def test_example_9a_complaints_outside_are_on_no_page_of_a_factory_user_or_advisor():
    """0 of its own and 4 outside, 2,000 workers: the flag is up, as without any; its other version is not."""
    country = make_country()
    twins = [twin_of(country, 2000) for _number in range(4)]
    add_cases(twins[1].factory, 4, filed=date(2026, 8, 4), route="outside_only")
    add_cases(twins[2].factory, 4, filed=date(2026, 8, 4), route="record_only", codes=())
    held = add_cases(twins[3].factory, 4, filed=date(2026, 8, 4), route="outside_first")
    Case.objects.filter(pk__in=[case.pk for case in held]).update(side="safeguarding_hold")
    freeze(Q1, Q2, Q3, Q4)
    up = SilenceFlag.objects.filter(ended_on=None)
    assert {flag.factory for flag in up.filter(version="factory")} == {twin.factory for twin in twins}
    assert {flag.factory for flag in up.filter(version="all")} == {twins[0].factory}
    for role in ("officer", "advisor"):
        none, *others = (read_by(getattr(twin, role), twin) for twin in twins)
        assert any("cannot or dare not complain" in words for words in none.values())
        for how, read in zip(("outside_only", "record_only", "hold"), others, strict=True):
            same(none, read, of=f"{role}, {how}")


# --- The programme --------------------------------------------------------------------------------------------------

Cases = dict[tuple[int, Quarter, str], int]  # How many, by factory, quarter and channel.
MONTH = {Q2: 5, Q3: 8}
# Six factories in one country, and three in another: too few for a group.
BASE: Cases = {
    **{
        (place, quarter, "web"): number for quarter in (Q2, Q3) for place, number in enumerate((26, 22, 20, 18, 16, 14))
    },
    **{(place, quarter, "web"): 11 for quarter in (Q2, Q3) for place in (6, 7, 8)},
    **{(1, quarter, "paper_box"): 4 for quarter in (Q2, Q3)},
    (0, Q3, "web"): 24,
}


def change(*changes: tuple[int, Quarter, str, int]) -> Callable[[Cases], Cases]:
    def changed(cases: Cases) -> Cases:
        other = dict(cases)
        for place, quarter, channel, by in changes:
            other[place, quarter, channel] = other.get((place, quarter, channel), 0) + by
        return other

    return changed


WITNESSES = {
    "a factory has two more, another two fewer": change((1, Q2, "web", 2), (2, Q2, "web", -2)),
    "the small country has one more, the large one fewer": change((6, Q2, "web", 1), (3, Q2, "web", -1)),
    "no paper at all": change((1, Q3, "paper_box", -4), (1, Q3, "web", 4)),
    "one came a quarter later": change((5, Q2, "web", -1), (5, Q3, "web", 1)),
    "one more at all": change((4, Q3, "web", 1)),
    "a factory of the small country has nearly none": change((8, Q2, "web", -9), (7, Q2, "web", 9)),
}


def test_no_total_country_channel_or_quarter_gives_a_hidden_number_away_to_the_programme():
    """Whatever is hidden from the heads could be another number: in another world they read the same, page by page."""
    world = make_world()
    vn = make_country("VN", name="Viet Nam", time_zone="Asia/Ho_Chi_Minh", language="en")
    places = [world.factory, *(make_factory(country=world.country) for _number in range(5))]
    places += [make_factory(country=vn) for _number in range(3)]
    freeze(Q1)  # The group is known from before.

    def read(cases: Cases) -> dict[str, str]:
        found: dict[str, str] = {}
        try:
            with transaction.atomic():
                for (place, quarter, channel), number in cases.items():
                    filed = date(2026, MONTH[quarter], 4)
                    late = 5 if place < 6 and channel == "web" else 0  # The same in every world.
                    add_cases(places[place], number, filed=filed, channel=channel, late=late)
                freeze(Q2, Q3)
                client = Client()
                with time_machine.travel(NEXT_YEAR, tick=False):
                    sign_in(client, world.programme_lead)
                    found = attackers.everything(client)
                raise Undone
        except Undone:
            return found

    base = read(BASE)
    assert {"/figures/programme/?quarter=2026Q2", "/figures/programme/KH/?quarter=2026Q3"} <= set(base)
    assert "150" in base["/figures/programme/?quarter=2026Q2"]  # A total is there, so there is something to subtract.
    assert "150" in base["/figures/programme/?quarter=2026Q2&file=csv"]
    files_too(base)
    for what, changed in WITNESSES.items():
        same(base, read(changed(BASE)), of=what)


@pytest.mark.parametrize(("large", "small"), [(21, 6), (33, 9)])
def test_a_bound_of_all_less_the_bound_of_a_country_is_not_the_other_country(large, small):
    """ "Over 62%" of all and "over 52%" of one country told both denominators, and so the third, which was hidden."""
    world = make_world()
    vn = make_country("VN", name="Viet Nam", time_zone="Asia/Ho_Chi_Minh", language="en")
    places = [world.factory, *(make_factory(country=world.country) for _number in range(6)), make_factory(country=vn)]
    freeze(Q1)

    def read(of_large: int, of_small: int) -> dict[str, str]:
        found: dict[str, str] = {}
        try:
            with transaction.atomic():
                for number in range(of_large):
                    add_cases(places[number % 7], 1, filed=date(2026, 5, 4))
                add_cases(places[7], of_small, filed=date(2026, 5, 4))
                freeze(Q2)
                client = Client()
                with time_machine.travel(NEXT_YEAR, tick=False):
                    sign_in(client, world.programme_lead)
                    found = attackers.everything(client)
                raise Undone
        except Undone:
            return found

    base = read(large, small)
    assert "over 5" in base["/figures/programme/KH/?quarter=2026Q2"]
    same(base, read(large + 1, small - 1), of="one fewer")
