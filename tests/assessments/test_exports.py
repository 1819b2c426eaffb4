"""Files to take away and reports on paper: what the page shows to the same reader, safe for spreadsheets."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook

from accounts import clock as accounts_clock
from assessments import exporting, tool
from assessments.models import Assessment, Assessor, DomainScore, Score, SignalMark
from complaints.selectors import figures as figure_pages
from complaints.statistics import Quarter, snapshots
from factories import sheets
from tests.assessments.factoryworld import DOMAINS, TODAY, advised, busy, make_action, make_final, noon
from tests.builders import make_country, make_factory, make_person, make_world, sign_in
from tests.complaints.figureworld import add_cases

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(noon(TODAY), tick=False):
        yield


@pytest.fixture
def world():
    return make_world()


def get(client, person, url: str, *, status: int = 200):
    client.logout()
    sign_in(client, person)
    response = client.get(url)
    assert response.status_code == status, (url, response.status_code)
    return response


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def table(client, person, url: str) -> list[dict[str, str]]:
    """The CSV file of a page as a person reads it, after its form was looked at."""
    response = get(client, person, url + ("&" if "?" in url else "?") + "file=csv")
    assert response.streaming and response["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        response["Content-Disposition"].startswith("attachment; filename=") and "no-store" in response["Cache-Control"]
    )
    words = body(response)
    assert words.startswith(b"\xef\xbb\xbf")  # Else Excel reads Khmer as something else.
    rows = list(csv.reader(io.StringIO(words.decode("utf-8-sig"), newline="")))
    assert len({len(row) for row in rows}) == 1, "Each row has a cell for each heading."
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def book(client, person, url: str) -> list[tuple[object, ...]]:
    response = get(client, person, url + ("&" if "?" in url else "?") + "file=xlsx")
    found = load_workbook(io.BytesIO(body(response)))
    return list(found.active.iter_rows(values_only=True))


def scored(visit: Assessment, score: int = 3) -> Assessment:
    """With every indicator scored, PC1 capped and PC2 not assessed."""
    used = tool.of_assessment(visit)
    own = {"PC1": {"given": 4, "score": 2, "cap": "paper"}, "PC2": {"not_assessed": "no_time"}}
    Score.objects.bulk_create(
        Score(
            assessment=visit, indicator=one.code, sources=["D"], **own.get(one.code, {"given": score, "score": score})
        )
        for one in used.indicators
    )
    return visit


# --- Cells ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\x00=1"])
def test_no_words_become_a_formula(words):
    assert sheets.safe(words).startswith("'")


def test_numbers_days_and_other_words_stay_as_they_are():
    for value in (-5, Decimal("-0.5"), date(2026, 1, 1), "Light on the stairs", "ពន្លឺ", "a=b"):
        assert sheets.safe(value) == value
    assert sheets.safe(None) == "" and sheets.safe("\x0bbell\x07") == "bell"
    assert len(sheets.safe("=" * 40_000)) <= sheets.LONGEST_CELL


def test_what_somebody_typed_comes_out_as_words_in_both_kinds_of_file(client, world):
    evil = '=HYPERLINK("http://x","y")'
    visit = make_final(world)
    make_action(visit, TODAY + DAY, what=evil)
    url = f"/assessments/factories/{world.factory.pk}/"
    assert table(client, world.advisor, url)[0]["Agreed action"] == f"'{evil}"
    sheet = load_workbook(io.BytesIO(body(get(client, world.advisor, url + "?file=xlsx")))).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == (f"'{evil}", "s")
    assert sheet["D2"].value.date() == TODAY + DAY  # A day is a day, not words.


def test_rows_are_made_in_the_language_of_whoever_asked_also_after_the_page_is_done():
    with translation.override("km"):
        rows = sheets.in_language(([translation.get_language()] for _number in range(2)), "km")
    with translation.override("en"):
        assert list(rows) == [["km"], ["km"]] and translation.get_language() == "en"


# --- The portfolio and actions --------------------------------------------------------------------------------------


def test_the_portfolio_comes_whole_in_its_order_and_with_its_filters(client, world):
    for number in range(52):
        advised(world, f"Number {number}")
    busy(world, "Busy one")
    rows = table(client, world.advisor, "/portfolio/")
    assert len(rows) == 54 and rows[0]["Factory"] == "Busy one"  # More than one page of it.
    assert "talk with the factory" in rows[0]["Why it needs you"].lower()
    assert (rows[0]["Workers"], rows[0]["System strength"]) == ("800", "working")
    assert (rows[0]["Core activities done"], rows[0]["Last visit"]) == ("1", "2026-03-02")
    own = next(row for row in rows if row["Factory"] == world.factory.name)
    assert world.officer.name in own["Who acts"]
    assert [row["Factory"] for row in table(client, world.advisor, "/portfolio/?q=busy")] == ["Busy one"]
    assert len(book(client, world.advisor, "/portfolio/?need=review")) == 2
    page = client.get("/portfolio/?q=busy&page=1").content.decode()
    assert 'href="?q=busy&amp;file=csv"' in page and 'href="?q=busy&amp;file=xlsx"' in page


def test_the_portfolio_file_costs_as_many_queries_for_many_as_for_one(client, world):
    busy(world, "One")

    def queries() -> int:
        accounts_clock.forget()
        with CaptureQueriesContext(connection) as found:
            body(client.get("/portfolio/?file=csv"))
        return len(found)

    sign_in(client, world.advisor)
    queries()
    few = queries()
    for number in range(4):
        busy(world, f"Other {number}")
    assert queries() == few <= 15


def test_actions_come_as_their_page_lists_them_to_each_reader(client, world):
    visit = make_final(world, given_back_on=TODAY)
    make_action(visit, TODAY - DAY)
    make_action(visit, TODAY - 9 * DAY, what="Second key", owner="hr", done_on=TODAY - 10 * DAY, evidence="Seen",
                verified_on=TODAY, verified_by=world.expert)  # fmt: skip
    for person, url in ((world.advisor, "factories"), (world.expert, "factories"), (world.officer, "mine")):
        rows = table(client, person, f"/assessments/{url}/{world.factory.pk}/")
        assert [row["Agreed action"] for row in rows] == ["Light on the stairs", "Second key"]
        assert (rows[0]["Late"], rows[1]["Late"], rows[1]["What shows it"]) == ("yes", "", "Seen")
        assert rows[1]["Confirmed from outside on"] == TODAY.isoformat()


# --- Figures --------------------------------------------------------------------------------------------------------


def test_figures_come_in_the_words_of_their_page_hidden_where_they_are_hidden(client, world):
    world.factory.headcount = 2000
    world.factory.save()
    add_cases(world.factory, 4, filed=date(2026, 2, 4))
    snapshots.freeze(Quarter(2026, 1), at=noon(TODAY))
    url = f"/figures/factories/{world.factory.pk}/?quarter=2026Q1"
    for person in (world.advisor, world.officer, world.expert):
        rows = table(client, person, url)
        page = client.get(url).content.decode()
        text = " ".join(page.split())
        assert {row["Figure"] for row in rows} and "file=csv" in page
        for row in rows:
            for words in row.values():
                assert translation.gettext(words).removeprefix("'") in text.replace("&#x27;", "'").replace("&amp;", "&")
    assert any("too few to show" in row.values() for row in table(client, world.officer, url))
    get(client, world.officer, f"/figures/factories/{world.factory.pk}/?quarter=2031Q1&file=csv", status=404)


def test_a_quarter_that_is_shut_gives_a_sentence_and_no_figure():
    page = figure_pages.FiguresPage((), (SimpleNamespace(shut="One came or went.", computed_on=TODAY, lines=()),))
    rows = list(figure_pages.sheet_of(page, [("Cambodia", "40")]))
    assert rows[1:] == [("One came or went.", "", "", "", "", "")]


# --- Final assessments ----------------------------------------------------------------------------------------------


def test_each_reader_gets_the_final_assessments_that_are_theirs_to_open(client, world):
    elsewhere = make_final(world, make_factory("Elsewhere", country=make_country("VN", name="Viet Nam")))
    other = make_final(world, make_factory("Not in the portfolio", country=world.country))
    mine = scored(make_final(world, given_back_on=TODAY, level="established", confidence="high"))
    make_final(world, ended=TODAY - DAY)  # Not given back.
    make_final(world, ended=TODAY - 2 * DAY, stage="review", final_at=None)
    counts = {"advisor": 2, "expert": 3, "officer": 1}
    for role, number in counts.items():
        rows = table(client, getattr(world, role), "/assessments/")
        assert len(rows) == number == len(book(client, getattr(world, role), "/assessments/")) - 1, role
        assert elsewhere.factory.name not in {row["Factory"] for row in rows}
        own = next(row for row in rows if row["Given back on"])
        assert own["Factory"] == mine.factory.name
        assert own["Likelihood"] == "It may be happening here; we could not rule it out."
        assert (
            own["Confidence"] == "medium" and (own["Counts for less than was given"]) == "PC1: paper cap, 4 was given"
        )
        by_code = {name.partition(" ")[0]: value for name, value in own.items()}
        assert (by_code["PC1"], by_code["PC2"], by_code["PC3"]) == ("2", "There was not enough time", "3")
        assert {Decimal(by_code[code]) for code in DOMAINS} == {Decimal(60)}
        assert not any("in the last 12 months." in value for row in rows for value in row.values())
    assert other.factory.name in {row["Factory"] for row in table(client, world.expert, "/assessments/")}


def test_to_strangers_and_those_without_assessments_the_files_do_not_exist(client, world):
    visit = make_final(world)
    stranger = make_person("Stranger")
    for person in (stranger, world.admin, world.programme_lead, world.lead):
        for url in ("/portfolio/", "/assessments/", f"/assessments/factories/{world.factory.pk}/",
                    f"/assessments/mine/{world.factory.pk}/", f"/figures/factories/{world.factory.pk}/"):  # fmt: skip
            get(client, person, f"{url}?file=csv", status=404)
        get(client, person, f"/assessments/{visit.pk}/report/", status=404)


def many(world, number: int) -> None:
    """Final assessments with every score, in few statements."""
    Assessment.objects.all().delete()
    first = make_final(world)
    values = {one.attname: getattr(first, one.attname) for one in Assessment._meta.concrete_fields if one.name != "id"}
    days = [first.visit_from - (place + 1) * DAY for place in range(number - 1)]
    made = Assessment.objects.bulk_create(Assessment(**(values | {"visit_from": day})) for day in days)
    codes = [one.code for one in tool.of_assessment(first).indicators]
    Score.objects.bulk_create(
        (Score(assessment=one, indicator=code, sources=["D"], given=3, score=3) for one in made for code in codes),
        batch_size=2000,
    )
    DomainScore.objects.bulk_create(
        DomainScore(assessment=one, domain=code, score=50) for one in made for code in DOMAINS
    )


def cost(world, kind: str) -> tuple[int, int, int]:
    """Peak of memory, queries and bytes of the file of all final assessments."""
    accounts_clock.forget()
    size = 0
    with CaptureQueriesContext(connection) as found:
        tracemalloc.start()
        response = sheets.answer(kind, "assessments", exporting.final_assessments(world.advisor))
        for part in response.streaming_content:
            size += len(part)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak, len(found), size


def test_five_hundred_assessments_stream_with_the_memory_and_the_queries_of_a_hundred(world, monkeypatch):
    monkeypatch.setattr(sheets, "KEPT_IN_MEMORY", 1)  # Else a small book lies in memory and a large one on disk.
    many(world, 2)
    for kind in sheets.FORMATS:
        cost(world, kind)  # Tools and modules are read once per process.
    many(world, 100)
    few = {kind: cost(world, kind) for kind in sheets.FORMATS}
    many(world, 500)
    for kind in sheets.FORMATS:
        (peak, queries, size), before = cost(world, kind), few[kind]
        assert size > 3 * before[2], kind
        assert peak < 1.3 * before[0], (kind, peak, before)
        assert queries == before[1] <= 8, kind


# --- The report -----------------------------------------------------------------------------------------------------


def test_the_report_holds_each_readers_own_and_of_levels_only_the_factorys(client, world):
    visit = scored(make_final(world, given_back_on=TODAY, level="established", confidence="high",
                              level_reasons="ZqExperts", reasons="ZqReasons"))  # fmt: skip
    make_action(visit, TODAY + DAY)
    seat = Assessor.objects.create(assessment=visit, person=world.second_expert)
    for signal in ("S08", "S13"):
        SignalMark.objects.create(assessor=seat, signal=signal, looked="present", sources=["X"], changed_at=noon(TODAY))
    url = f"/assessments/{visit.pk}/report/"
    assert f'href="{url}"' in get(client, world.advisor, f"/assessments/{visit.pk}/").content.decode()
    for person in (world.advisor, world.expert, world.second_expert, world.officer):
        text = get(client, person, url).content.decode()
        for words in ("It may be happening here", "61.5 of 100", "4 was given; it counts as 2", "Light on the stairs"):
            assert words in text, (person.name, words)
        for words in ("happened here in the last 12 months", "ZqExperts", "S13"):
            assert words not in text, (person.name, words)
        assert ("ZqReasons" in text, "S08" in text) == ((person != world.officer),) * 2
        assert "staff/print." in text and "<title>Report</title>" in text


def test_the_report_comes_in_each_language_whatever_the_reader_has(client, world):
    url = f"/assessments/{make_final(world).pk}/report/"
    for code, domain in (("km", "km"), ("en", "en"), ("xx", "en")):
        text = get(client, world.advisor, f"{url}?lang={code}").content.decode()
        assert f'<html lang="{domain}">' in text and 'href="?lang=km"' in text
        with translation.override(domain):
            assert str(translation.gettext("System strength")) in text
    assert translation.get_language() == "en"


def test_there_is_no_report_before_an_assessment_is_final_or_was_given_back(client, world):
    early, kept = make_final(world, stage="review", final_at=None), make_final(world, ended=TODAY - 2 * DAY)
    get(client, world.advisor, f"/assessments/{early.pk}/report/", status=404)
    get(client, world.officer, f"/assessments/{kept.pk}/report/", status=404)
    get(client, world.advisor, f"/assessments/{kept.pk}/report/")
