"""What each reader of figures is shown, and what nobody can find out from it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from complaints import workflow
from complaints.models import SafetyDecision, SatisfactionTally, StatSnapshot
from complaints.statistics import (
    PROGRAMME,
    SAFEGUARDING,
    SEEN,
    Audience,
    Label,
    Quarter,
    Scope,
    compliance,
    published,
    received_by_country,
    snapshots,
)
from factories.models import Organisation, Position
from tests.builders import (
    WEDNESDAY,
    file,
    make_answers,
    make_country,
    make_factory,
    make_person,
    make_world,
    sign_in,
)
from tests.complaints.figureworld import add_cases

pytestmark = pytest.mark.django_db
Q1, Q2, Q3, Q4 = (Quarter(2026, number) for number in (1, 2, 3, 4))
NEXT_YEAR = datetime(2027, 1, 10, 5, tzinfo=UTC)
IN_Q2 = date(2026, 5, 4)


@pytest.fixture
def world():
    return make_world()


def freeze(*quarters: Quarter) -> None:
    for quarter in quarters or (Q2,):
        snapshots.freeze(quarter, at=NEXT_YEAR)


def of_factory(world, audience=Audience.FACTORY, quarter=Q2):
    return published(audience, Scope.of_factory(world.factory.pk), quarter)


def get(client, person, url):
    with time_machine.travel(NEXT_YEAR, tick=False):
        client.logout()
        sign_in(client, person)
        return client.get(url)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


# --- Who sees what ------------------------------------------------------------------------------------------------


def test_each_audience_reads_only_its_own_figures(world):
    freeze()
    for (audience, kind), codes in SEEN.items():
        country = world.country.pk if kind in ("experts", "country") else None
        scope = Scope(kind, factory=world.factory.pk if kind == "factory" else None, country=country)
        assert [line.code for line in published(audience, scope, Q2).lines] == list(codes)
    for_factory = SEEN[Audience.FACTORY, "factory"]
    assert not {"C1", "F10", "F11", "F14", "F29", "E2", "E3"} & set(for_factory)
    with pytest.raises(KeyError):
        published(Audience.FACTORY, PROGRAMME, Q2)
    with pytest.raises(KeyError):
        published(Audience.ADVISOR, SAFEGUARDING, Q2)


PAGES = {
    "factory": "/figures/factories/{factory}/",
    "outside": "/figures/outside/KH/",
    "programme": "/figures/programme/",
    "country": "/figures/programme/KH/",
    "safeguarding": "/figures/safeguarding/",
}
MAY = {
    "officer": {"factory"},
    "decision_maker": {"factory"},
    "advisor": {"factory"},
    "expert": {"factory", "outside"},
    "lead": {"safeguarding"},
    "programme_lead": {"programme", "country", "safeguarding"},
    "admin": set(),
}


@pytest.mark.parametrize("who", MAY)
def test_a_page_that_is_not_theirs_does_not_exist_for_them(client, world, who):
    freeze()
    for name, url in PAGES.items():
        response = get(client, getattr(world, who), url.format(factory=world.factory.pk))
        assert response.status_code == (200 if name in MAY[who] else 404), name
    assert get(client, getattr(world, who), "/figures/").status_code == (200 if MAY[who] else 404)


def test_a_stranger_to_the_factory_finds_nothing(client, world):
    freeze()
    other = make_world(country=make_country("VN", name="Viet Nam", time_zone="Asia/Ho_Chi_Minh"))
    url = PAGES["factory"].format(factory=world.factory.pk)
    for person in (other.officer, other.advisor, other.expert, other.lead):
        assert get(client, person, url).status_code == 404
    assert get(client, other.expert, "/figures/outside/KH/").status_code == 404
    assert world.factory.name not in text_of(get(client, other.advisor, "/figures/"))
    assert client.get("/figures/").status_code == 200
    client.logout()
    assert client.get(url).status_code == 302


def test_the_head_of_another_organisation_reads_no_safeguarding_figures(client, world):
    person = make_person("head of a union")
    union = Organisation.objects.create(kind="union", name="Union (fictional)")
    Position.objects.create(person=person, organisation=union, role="programme_lead", since=date(2026, 1, 1))
    freeze()
    for url in ("/figures/", "/figures/programme/", "/figures/safeguarding/"):
        assert get(client, person, url).status_code == 404


def test_only_whole_frozen_quarters_can_be_asked_for(client, world):
    url = PAGES["factory"].format(factory=world.factory.pk)
    assert "The first figures come on 10 April 2027" in text_of(get(client, world.officer, url))
    freeze(Q1, Q2)
    assert "April to June 2026" in text_of(get(client, world.officer, url))
    assert "April 2025 to March 2026" in text_of(get(client, world.officer, f"{url}?quarter=2026Q1"))
    for wrong in ("2026Q3", "2026-05-01", "2026", "x"):
        assert get(client, world.officer, f"{url}?quarter={wrong}").status_code == 404


def test_where_nothing_can_be_shown_the_page_says_so_in_a_sentence(client, world):
    add_cases(world.factory, 4)
    freeze()
    page = text_of(get(client, world.advisor, PAGES["factory"].format(factory=world.factory.pk)))
    assert "So none is shown" in page
    assert "too few to show" in page and "<svg" not in page


def test_each_figure_has_its_explanation_period_and_direction(client, world):
    add_cases(world.factory, 20, late=2)
    freeze()
    page = text_of(get(client, world.officer, PAGES["factory"].format(factory=world.factory.pk)))
    assert "80 to 94%" in page and "<svg" in page
    assert "Of all first answers that were due" in page
    assert "July 2025 to June 2026" in page and "more is better" in page
    assert " 20 " not in page and " 18 " not in page
    assert "None of" not in page and "So none is shown" not in page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_the_same_whatever_it_shows(client, world, name, django_assert_max_num_queries):
    who = {"factory": world.expert, "outside": world.expert, "safeguarding": world.lead}.get(name, world.programme_lead)
    url = PAGES[name].format(factory=world.factory.pk)
    for _number in range(6):
        add_cases(make_factory(country=world.country), 20)
    freeze(Q2)
    get(client, who, url)
    with django_assert_max_num_queries(16) as few:
        get(client, who, url)
    for _number in range(6):
        add_cases(make_factory(country=world.country), 30, filed=date(2026, 8, 3))
    freeze(Q3)
    with django_assert_max_num_queries(len(few)):
        get(client, who, url)


def test_the_list_of_factories_costs_the_same_however_long(client, world, django_assert_max_num_queries):
    freeze()
    get(client, world.expert, "/figures/")
    with django_assert_max_num_queries(14) as few:
        get(client, world.expert, "/figures/")
    for _number in range(30):
        make_factory(country=world.country)
    with django_assert_max_num_queries(len(few)):
        assert "Fictional Garment" in text_of(get(client, world.expert, "/figures/"))


# --- How each audience reads it -----------------------------------------------------------------------------------


def test_the_same_steps_are_a_band_a_share_or_too_few(world):
    add_cases(world.factory, 12, late=3)
    freeze(Q2)
    assert str(of_factory(world)["F2"].quarter) == "50 to 79%"
    assert str(of_factory(world, Audience.ADVISOR)["F2"].year) == "50 to 79%"
    assert str(of_factory(world, Audience.EXPERT)["F2"].quarter) == "75%"
    programme = published(Audience.PROGRAMME, PROGRAMME, Q2)
    assert str(programme["F2"].year) == "too few to show"  # One factory is no group.


def test_example_7_two_of_three_in_time_is_shown_to_nobody(world):
    add_cases(world.factory, 3, late=1)
    freeze()
    for audience in (Audience.FACTORY, Audience.ADVISOR, Audience.EXPERT):
        assert str(of_factory(world, audience)["F2"].quarter) == "too few to show"


def test_an_experts_numbers_are_of_calendar_years_only(world):
    add_cases(world.factory, 12, late=3)
    freeze(Q2, Q3, Q4)
    assert of_factory(world, Audience.EXPERT, Q3)["F2"].numbers == ""
    assert of_factory(world, Audience.EXPERT, Q4)["F2"].numbers == "9 of 12"
    assert of_factory(world, Audience.ADVISOR, Q4)["F2"].numbers == ""


def test_complaints_per_worker_are_a_number_only_over_a_calendar_year(world):
    world.factory.headcount = 2000
    world.factory.save()
    add_cases(world.factory, 8)
    freeze(Q1, Q2, Q3, Q4)
    assert str(of_factory(world, Audience.ADVISOR, Q2)["F1"].year) == "not shown before four full quarters"
    assert str(of_factory(world, Audience.ADVISOR, Q4)["F1"].year) == "4.0"
    assert str(of_factory(world, Audience.FACTORY, Q4)["F1"].year) == "some"


def test_example_13_urgent_contact_is_counted_once_a_case_and_shown_to_nobody(world):
    in_three, after_five = add_cases(world.factory, 2, route="outside_only", codes=("urgent_contact",))
    begun = datetime(2026, 5, 4, 3, tzinfo=UTC)
    for case, hours in ((in_three, 3), (after_five, 5)):
        case.deadlines.update(starts_at=begun, due_at=begun + timedelta(hours=4), met_at=begun + timedelta(hours=hours))
    after_five.side = "safeguarding_hold"
    after_five.save()
    freeze()
    rows = StatSnapshot.objects.filter(scope="safeguarding", span=1, code__startswith="E2").order_by("code")
    assert [(row.num, row.den) for row in rows] == [(1, 2), (2, 2)]
    for audience, scope in ((Audience.SAFEGUARDING, SAFEGUARDING), (Audience.EXPERT, Scope.of_experts("KH"))):
        assert str(published(audience, scope, Q2)["E2"].year) == "too few to show"


def test_experts_see_urgent_contact_with_the_limits_of_safeguarding(world):
    add_cases(world.factory, 19, route="outside_only", codes=("urgent_contact",))
    freeze(Q2)
    add_cases(world.factory, 30, route="outside_only", codes=("urgent_contact",), filed=date(2026, 8, 3), late=15)
    freeze(Q3)
    scope = Scope.of_experts("KH")
    assert str(published(Audience.EXPERT, scope, Q2)["E2"].year) == "too few to show"
    assert str(published(Audience.EXPERT, scope, Q3)["E2"].year) == "69%"
    assert published(Audience.EXPERT, scope, Q3)["E2"].numbers == ""


def test_example_8_and_9_the_compliance_view_knows_no_count(world):
    other, third = make_factory(country=world.country), make_factory(country=world.country)
    add_cases(other, 3, codes=("acknowledge",))
    add_cases(third, 100, codes=("acknowledge",))
    freeze()
    labels = [compliance(one.pk, Q2, drill_passed=True)["F2"] for one in (world.factory, other, third)]
    assert labels == [Label.WORKS_ON_TIME] * 3


def test_example_11_two_tries_without_hr_data_complete_no_check(world):
    [case] = add_cases(world.factory, 1)
    day = date(2026, 5, 20)
    case.checks.create(code="check_60", due_on=day, cap_on=day, tries=2, last_try_on=day)
    case.checks.create(code="check_90", due_on=day, cap_on=day, tries=2, last_try_on=day, hr_reviewed_on=day)
    freeze()
    row = StatSnapshot.objects.get(scope="factory", factory=world.factory, code="F9", span=1)
    assert (row.num, row.den) == (1, 2)


def test_example_12_monitoring_that_began_last_quarter_is_not_counted_yet(world):
    last, before = add_cases(world.factory, 2)
    last.monitoring_on, before.monitoring_on = date(2026, 3, 31), date(2025, 12, 31)
    last.save()
    before.save()
    freeze()
    assert StatSnapshot.objects.get(scope="factory", factory=world.factory, code="F11").den == 1


def test_an_opening_by_somebody_excluded_is_found_in_the_hashes(world):
    from complaints import exclusions
    from complaints.models import Event

    [case] = add_cases(world.factory, 1)
    exclusions.exclude_person(case, world.officer)
    for number, person in enumerate((world.officer, world.chair), start=1):
        Event.objects.create(
            case=case, number=number, kind="compartment_opened", actor_kind="handler", actor=person, on=IN_Q2,
            at=datetime(2026, 5, 4, 4, tzinfo=UTC), compartment="story", contents={"role": "case_officer"},
            digest=b"", mac=b"",
        )  # fmt: skip
    freeze()
    row = StatSnapshot.objects.get(scope="experts", country=world.country, code="E3", span=1)
    assert (row.num, row.den) == (1, 2)
    assert str(published(Audience.EXPERT, Scope.of_experts("KH"), Q2)["E3"].year).startswith("at least one")
    assert str(published(Audience.PROGRAMME, PROGRAMME, Q2)["P1"].year).startswith("at least one")


def test_a_decision_of_two_leads_within_a_day_counts_from_the_hold(world):
    quick, slow = add_cases(world.factory, 2, route="outside_first", codes=("urgent_contact",))
    begun = datetime(2026, 5, 4, 3, tzinfo=UTC)
    for case, hours in ((quick, 23), (slow, 25)):
        case.side = "safeguarding_hold"
        case.save()
        case.deadlines.update(starts_at=begun)
        SafetyDecision.objects.create(
            case=case, number=1, proposed_by=world.lead, proposed_at=begun, agreed_by=world.second_lead,
            agreed_at=begun + timedelta(hours=hours),
        )  # fmt: skip
    freeze()
    row = StatSnapshot.objects.get(scope="safeguarding", code="S2", span=1)
    assert (row.num, row.den) == (1, 2)


def test_she_comes_back_on_the_day_of_her_first_visit_after_a_person_wrote(world):
    """Kept once, as a day; a visit before anybody had written does not count."""
    filed = file(make_answers(world.factory))
    thursday, friday = WEDNESDAY + timedelta(days=1), WEDNESDAY + timedelta(days=2)

    def look(at):
        with time_machine.travel(at, tick=False):
            phone = Client()
            phone.post("/my/", {"number": filed.receipt, "language": "en"})
            assert phone.get("/my/case/").status_code == 200
        filed.case.refresh_from_db()
        return filed.case.came_back_on

    assert look(thursday) is None
    with time_machine.travel(thursday, tick=False):
        workflow.declare_conflict(filed.case, by=world.officer, answer="none", at=thursday)
        workflow.acknowledge(
            filed.case, by=world.officer, text="Thank you for telling us. We look into it this week.", at=thursday
        )
    assert look(friday) == friday.date()
    assert look(friday + timedelta(days=3)) == friday.date()


def test_a_satisfied_ten_of_ten_reads_over_half(world):
    SatisfactionTally.objects.create(
        factory=world.factory, country=world.country, quarter="2026Q1", answers=10, good=10
    )
    freeze()
    assert str(of_factory(world, Audience.ADVISOR)["F28"].year) == "over 50%"
    assert str(of_factory(world, Audience.ADVISOR)["F28"].quarter) == "None"


# --- What nobody can find out -------------------------------------------------------------------------------------


def read_by(world, *audiences) -> list[str]:
    """Everything these audiences can read of the factory, over every frozen quarter."""
    said = []
    for quarter in (Q1, Q2, Q3, Q4):
        for audience in audiences:
            for line in of_factory(world, audience, quarter).lines:
                said += [str(one) for one in (line.quarter, line.year, line.numbers)]
    return said


@pytest.mark.parametrize("outside", [{"route": "outside_only"}, {"route": "record_only", "codes": ()}])
def test_example_9a_outside_cases_change_nothing_a_factory_user_or_advisor_reads(world, outside):
    world.factory.headcount = 2000
    world.factory.save()
    twin = make_factory(country=world.country)
    twin.headcount = 2000
    twin.save()
    for factory in (world.factory, twin):
        add_cases(factory, 11)
    add_cases(world.factory, 4, **outside)
    freeze(Q1, Q2, Q3, Q4)
    for audience in (Audience.FACTORY, Audience.ADVISOR):
        for quarter in (Q1, Q2, Q3, Q4):
            ours = published(audience, Scope.of_factory(world.factory.pk), quarter)
            theirs = published(audience, Scope.of_factory(twin.pk), quarter)
            assert ours.lines == theirs.lines


@pytest.mark.parametrize("few", [0, 1, 2, 4])
def test_in_no_quarter_can_a_few_complaints_be_told_from_none(world, few):
    """Two factories alike but for a few complaints in one quarter: whoever compares all quarters reads the same."""
    twin = make_factory(country=world.country)
    for factory in (world.factory, twin):
        factory.headcount = 20_000
        factory.save()
        for month in (2, 5, 11):
            add_cases(factory, 15, filed=date(2026, month, 4))
    add_cases(world.factory, few, filed=date(2026, 8, 4))
    freeze(Q1, Q2, Q3, Q4)
    for audience in (Audience.FACTORY, Audience.ADVISOR):
        for quarter in (Q1, Q2, Q3):  # A calendar year, later, tells advisors the rate of a year, never of a quarter.
            ours = published(audience, Scope.of_factory(world.factory.pk), quarter)
            theirs = published(audience, Scope.of_factory(twin.pk), quarter)
            assert ours.lines == theirs.lines
    assert (
        of_factory(world, Audience.FACTORY, Q4).lines
        == published(Audience.FACTORY, Scope.of_factory(twin.pk), Q4).lines
    )


def test_what_a_programme_reads_gives_no_single_factory_away(world):
    """The whole minus what is shown beside it is never one factory, one country too small, or one channel's few."""
    kh = [world.factory, *(make_factory(country=world.country) for _number in range(5))]
    vn = make_country("VN", name="Viet Nam", time_zone="Asia/Ho_Chi_Minh", language="en")
    small = [make_factory(country=vn) for _number in range(3)]
    freeze(Q1)
    for factory in kh:
        add_cases(factory, 20)
    for factory in small:
        add_cases(factory, 11)
    add_cases(kh[0], 3, channel="paper_box")
    freeze(Q2)
    by_country = received_by_country(Q2)
    assert by_country.total == 155 and not by_country.cells  # 156; Viet Nam is too small, so Cambodia is hidden, too.
    complaints = published(Audience.PROGRAMME, PROGRAMME, Q2)["C1"]
    assert str(complaints.quarter) == "155"
    shown = [cell for cell in complaints.cells if not cell.shown.hidden]
    assert not shown  # With one small channel and two empty ones the large one is hidden as well.
    assert complaints.numbers == ""


def test_a_group_that_one_factory_leads_is_not_shown(world):
    for _number in range(5):
        add_cases(make_factory(country=world.country), 5)
    add_cases(world.factory, 26)
    freeze()
    programme = published(Audience.PROGRAMME, PROGRAMME, Q2)
    assert str(programme["C1"].quarter) == str(programme["F2"].quarter) == "too few to show"


def test_when_one_factory_comes_the_group_is_not_shown_beside_the_quarter_before(world):
    for _number in range(6):
        add_cases(make_factory(country=world.country), 20)
    freeze(Q1, Q2)
    make_factory(country=world.country)
    freeze(Q3)
    assert published(Audience.PROGRAMME, PROGRAMME, Q2).lines
    for scope in (PROGRAMME, Scope.of_country("KH")):
        shut = published(Audience.PROGRAMME, scope, Q3)
        assert not shut.lines and "came or went" in shut.shut
    assert not received_by_country(Q3).cells


def test_test_complaints_are_never_counted(world):
    add_cases(world.factory, 12, channel="test")
    freeze()
    counted = StatSnapshot.objects.exclude(code="F20")  # Which counts nothing else.
    assert not counted.filter(den__gt=0).exclude(code="F1").exists()
    assert not counted.filter(num__gt=0).exists()
    assert StatSnapshot.objects.get(code="F20", factory=world.factory).den == 12


def test_the_runtime_role_freezes_without_owning_a_table(world, runtime_role):
    assert snapshots.freeze(Q2, at=NEXT_YEAR) > 0
