"""Importing lists: every fault of real lists, in fictional ones; nothing stored before all of it is."""

import io

import openpyxl
import pytest

from factories import importing
from factories.importing import ListRefused
from factories.models import CountryPack, Factory
from tests.builders import make_country, make_factory

HEAD = "country,name,address\n"


def plan(text: str, encoding: str = "utf-8") -> importing.Plan:
    return importing.plan(text.encode(encoding))


def errors_of(line: str) -> list[str]:
    [row] = importing.read((HEAD + line).encode()).rows
    return row.errors


def spreadsheet(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Viet Nam", "VN"), ("VIETNAM", "VN"), ("VN", "VN"), ("vietnam ", "VN"), ("VNM", "VN"),
        ("BANGLADESH", "BD"), ("PK", "PK"), ("Turkiye", "TR"), ("TÜRKİYE", "TR"), ("Turkey", "TR"),
        ("Hong Kong SAR", "HK"), ("Lao P.D.R.", "LA"), ("U.S.A.", "US"), ("UAE", "AE"), ("UK", "GB"),
        ("P.R. China", "CN"), ("The Philippines", "PH"), ("Korea, Republic of", "KR"), ("កម្ពុជា", "KH"),
    ],
)  # fmt: skip
def test_a_country_is_known_however_it_is_spelt(written, code):
    [row] = importing.read(f'{HEAD}"{written}",Lotus Garment,Road 1\n'.encode()).rows
    assert (row.errors, row.code) == ([], code)


@pytest.mark.parametrize(
    "text",
    [
        "country,name,address\nCambodia,Lotus Garment,Road 1\n",
        "\ufeffCountry;Name;Address\nCambodia;Lotus Garment;Road 1\n",
        "ADDRESS\tFACTORY NAME\tCOUNTRY\nRoad 1\tLotus Garment\tCambodia\n",
        "\n\nSupplier Name, Country , Full Address\nLotus Garment, Cambodia, Road 1\r\n",
        'name,country,address\n"Lotus Garment",Cambodia,"Road 1"',
        "no,country,factory_name,address,workers\n1,KH,Lotus Garment,Road 1,900\n",
    ],
)
def test_columns_are_found_in_any_order_case_and_separator(text):
    [row] = importing.read(text.encode()).rows
    assert (row.code, row.name, row.address, row.errors) == ("KH", "Lotus Garment", "Road 1", [])


def test_a_list_in_utf_16_as_a_spreadsheet_saves_it_is_read():
    [row] = importing.read((HEAD + "Cambodia,រោងចក្រ ឈូក,Road 1\n").encode("utf-16")).rows
    assert row.name == "រោងចក្រ ឈូក"


def test_a_spreadsheet_is_read_like_a_list():
    [row] = importing.read(spreadsheet(["Name", "Country", "Address"], ["Lotus 7", "KH", 12345])).rows
    assert (row.code, row.name, row.address, row.errors) == ("KH", "Lotus 7", "12345", [])


def test_a_formula_in_a_spreadsheet_is_a_mistake():
    [row] = importing.read(spreadsheet(["Country", "Name"], ["KH", "=1+1"])).rows
    assert row.errors == ["A cell begins like a formula (=, +, -, @)."]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("Cambodia,,Road 1", "The name is empty."),
        ("Cambodia, -- ,Road 1", "The name is empty."),
        (",Lotus Garment,Road 1", "The country is empty."),
        ("Atlantis,Lotus Garment,Road 1", "The country “Atlantis” is unknown."),
        ("Combodia,Lotus Garment,Road 1", "The country “Combodia” is unknown. Do you mean Cambodia?"),
        (f"Cambodia,{'x' * 201},Road 1", "The name is longer than 200 letters."),
        (f"Cambodia,Lotus,{'x' * 501}", "The address is longer than 500 letters."),
        ("Cambodia,=HYPERLINK(),Road 1", "A cell begins like a formula (=, +, -, @)."),
        ("Cambodia,Lotus,@SUM(A1)", "A cell begins like a formula (=, +, -, @)."),
        ("Cambodia,Lotus,Road 1,Phnom Penh",
         "It has more cells than the heading. Put text with commas in quotation marks."),
        ("Cambodia,Lo\x00tus,Road 1", "It holds damaged letters. Save the list as CSV in UTF-8."),
    ],
)  # fmt: skip
def test_a_row_says_what_is_wrong_with_it(line, error):
    assert error in errors_of(line)


def test_only_the_rows_with_damaged_letters_are_refused():
    content = (HEAD + "Cambodia,Lotus,Road 1\n").encode() + "Spain,Química,Calle\n".encode("latin-1")
    first, second = importing.read(content).rows
    assert first.errors == []
    assert second.errors == ["It holds damaged letters. Save the list as CSV in UTF-8."]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (HEAD.encode(), "no factory"),
        (b"place,thing\nKH,Lotus\n", "first row must name"),
        (b"country,name,Factory\nKH,Lotus,Lotus\n", "called the same"),
        (b"\xd0\xcf\x11\xe0old excel", "old Excel file"),
        (b"PK\x03\x04 no spreadsheet at all", "cannot be read"),
        (b"x" * (importing.MAX_BYTES + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, words):
    with pytest.raises(ListRefused, match=words):
        importing.read(content)


def test_a_quotation_mark_that_is_not_closed_is_a_mistake_in_its_row():
    rows = importing.read((HEAD + 'Cambodia,"Lotus,Road 1\nCambodia,Jasmine,Road 2\n').encode()).rows
    assert "Is a quotation mark not closed?" in " ".join(rows[0].errors)


def test_a_dry_run_stores_nothing(db):
    assert len(plan(HEAD + "Cambodia,Lotus,Road 1\n").new) == 1
    assert not Factory.objects.exists()
    assert not CountryPack.objects.exists()


def test_an_import_makes_listed_factories_and_templates_of_their_countries(db):
    done = importing.carry_out(plan(HEAD + "Viet Nam,Công ty May Sen JSC,Road 1\nKH,Lotus,Road 2\n"))
    assert (done.added, done.left_out) == (2, 0)
    factory = Factory.objects.get(country="VN")
    assert (factory.status, factory.name_key) == ("listed", "cong ty may sen")
    assert (factory.country.status, factory.country.time_zone) == ("template", "Asia/Ho_Chi_Minh")


def test_one_mistake_refuses_the_whole_list(db):
    with pytest.raises(ListRefused, match="1 row has a mistake"):
        importing.carry_out(plan(HEAD + "KH,Lotus,Road 1\nAtlantis,Jasmine,Road 2\n"))
    assert not Factory.objects.exists()


@pytest.mark.parametrize(
    "written", ["LOTUS GARMENT CO., LTD.", "Lotus Garment (Pvt) Limited", "Garment Lotus", "Lotus Garmment"]
)
def test_a_similar_name_in_the_same_country_may_be_the_same(db, written):
    make_factory("Lotus Garment Ltd", status="listed")
    [row] = plan(f'{HEAD}KH,"{written}",Road 1\n').duplicates
    assert row.likenesses[0].name == "Lotus Garment Ltd"


@pytest.mark.parametrize("line", ["VN,Lotus Garment,Road 1", "KH,Lotus Garment 2,Road 1", "KH,Jasmine,Road 1"])
def test_another_country_number_or_name_is_another_factory(db, line):
    make_factory("Lotus Garment", status="listed")
    assert len(plan(f"{HEAD}{line}\n").new) == 1


def test_a_name_that_comes_twice_in_one_list_is_shown_with_its_row(db):
    [row] = plan(HEAD + "KH,Lotus,Road 1\nKH,LOTUS LTD,Road 1\n").duplicates
    assert (row.number, row.likenesses[0].row, row.is_same) == (3, 2, True)


def test_duplicates_are_left_out_but_for_those_that_were_ticked(db):
    make_factory("Lotus", status="listed")
    found = plan(HEAD + "KH,Lotus,Road 1\nKH,Lotus Ltd,Road 2\nKH,Jasmine,Road 3\n")
    done = importing.carry_out(found, keep=[3])
    assert (done.added, done.left_out) == (2, 1)
    assert set(Factory.objects.values_list("address", flat=True)) == {"", "Road 2", "Road 3"}


def test_a_factory_added_since_the_dry_run_stops_the_import(db):
    found = plan(HEAD + "KH,Lotus,Road 1\nKH,Jasmine,Road 2\n")
    make_factory("Lotus", country=make_country(), status="listed")
    with pytest.raises(ListRefused, match="in the meantime"):
        importing.carry_out(found)
    assert Factory.objects.count() == 1


def test_a_look_survives_the_way_through_the_cache(db):
    make_factory("Lotus", status="listed")
    found = plan(HEAD + "KH,Lotus,Road 1\nAtlantis,Jasmine,Road 2\n")
    assert importing.Plan.from_data(found.as_data()) == found


def test_finding_duplicates_asks_the_database_once_however_long_the_list(db, django_assert_num_queries):
    make_factory("Lotus", status="listed")
    lines = "".join(f"KH,Garment number {n},Road {n}\n" for n in range(300))
    with django_assert_num_queries(1):
        plan(HEAD + lines)
