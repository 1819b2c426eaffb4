"""Factories from a list: read, looked at row by row, and then all of it or none.

`read` turns a CSV or XLSX file into rows with their mistakes; `plan` adds which of them may be in the
database already; nothing is stored until `carry_out`, which looks again under a lock.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from factories import countries
from factories.models import Factory
from factories.names import name_key, new_short_code

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60
NAME_LENGTH, ADDRESS_LENGTH = 200, 500
SIMILAR = 0.88
_SHOWN_LIKENESSES = 3
_COMMON = 150  # A word that so many names share tells nothing about one.
_LOCK = 7_204_119  # Two imports at once would not see each other's rows.

HEADERS = {
    "country": {"country", "countryname", "countryregion", "countryofproduction", "land", "pays", "pais", "nation"},
    "name": {
        "name", "factory", "factoryname", "nameoffactory", "supplier", "suppliername", "facility",
        "facilityname", "manufacturer", "company", "companyname", "productionunit", "unitname",
    },
    "address": {
        "address", "factoryaddress", "fulladdress", "streetaddress", "street", "facilityaddress",
        "supplieraddress", "location", "adresse", "direccion",
    },
}  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ud800-\udfff]")


class ListRefused(Exception):
    """The whole file cannot be read; says why, in words for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass
class Likeness:
    """A factory, in the database or further up in the file, that a row may be the same as."""

    name: str
    address: str
    is_same: bool  # The same name, as compared, and the same address.
    factory_id: str = ""
    row: int = 0  # Where it is in the file; 0: in the database.


@dataclass
class Row:
    """One line of a list, with what is wrong about it and what it may be the same as."""

    number: int
    country: str
    name: str
    address: str
    code: str = ""
    errors: list[str] = field(default_factory=list)
    likenesses: list[Likeness] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return not self.errors and not self.likenesses

    @property
    def is_same(self) -> bool:
        """Say whether it is beyond doubt in the database or further up already."""
        return any(likeness.is_same for likeness in self.likenesses)


@dataclass
class Plan:
    """What an import would do."""

    rows: list[Row]
    ignored_columns: list[str] = field(default_factory=list)
    empty_rows: int = 0

    @property
    def errors(self) -> list[Row]:
        return [row for row in self.rows if row.errors]

    @property
    def duplicates(self) -> list[Row]:
        return [row for row in self.rows if row.likenesses and not row.errors]

    @property
    def new(self) -> list[Row]:
        return [row for row in self.rows if row.is_new]

    def as_data(self) -> dict[str, Any]:
        """Return what `from_data` reads back, for the minutes between dry run and import."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Plan:
        rows = [
            Row(**{**row, "likenesses": [Likeness(**likeness) for likeness in row["likenesses"]]})
            for row in data["rows"]
        ]
        return cls(rows, data["ignored_columns"], data["empty_rows"])


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: int
    left_out: int


# ---------------------------------------------------------------------------------------------------------
# Reading


def read(content: bytes) -> Plan:
    """Read a list of factories, whatever its order, case, separator or format, and check each row."""
    if not content.strip():
        raise ListRefused(_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise ListRefused(_("The file is larger than 5 MB. Cut it into parts."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ListRefused(_("This is an old Excel file. Save it as .xlsx or as CSV."))
    cells = _xlsx_cells(content) if content.startswith(b"PK\x03\x04") else _csv_cells(content)
    return _rows(cells)


def _csv_cells(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t|", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error:
        raise ListRefused(
            _("Line %(number)d cannot be read. Is a quotation mark not closed?") % {"number": number}
        ) from None


def _decoded(content: bytes) -> str:
    """Return the text; bytes that are no UTF-8 stay recognisable, so that only their rows are refused."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise ListRefused(_("The file is damaged. Save it as CSV in UTF-8.")) from None
    return content.decode("utf-8-sig", errors="surrogateescape")


def _xlsx_cells(content: bytes) -> Iterator[tuple[int, list[str]]]:
    import openpyxl  # Only who brings a spreadsheet pays for it.

    broken = ListRefused(_("This spreadsheet cannot be read. Save it as CSV in UTF-8."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
                raise ListRefused(_("The spreadsheet is too large when unpacked. Cut it into parts."))
            for part in parts.infolist():
                if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in parts.read(part)[:2048]:
                    raise broken
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
            if sheet is None:
                raise broken
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), start=1):
                yield number, ["" if cell is None else str(cell) for cell in cells]
        finally:
            book.close()
    except ListRefused:
        raise
    except Exception:  # A damaged spreadsheet fails in as many ways as there are parts in it.
        raise broken from None


def _rows(lines: Iterator[tuple[int, list[str]]]) -> Plan:
    columns: dict[str, int] | None = None
    plan = Plan([])
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            plan.empty_rows += columns is not None
        elif columns is None:
            columns = _columns(cells)
            plan.ignored_columns = [
                _clean(cell) for place, cell in enumerate(cells) if cell.strip() and place not in columns.values()
            ]
            width = max(len(cells), 1)
        else:
            if len(plan.rows) >= MAX_ROWS:
                raise ListRefused(_("The list has more than 20,000 rows. Cut it into parts."))
            plan.rows.append(_row(number, cells, columns, width))
    if columns is None:
        raise ListRefused(_("The file is empty."))
    if not plan.rows:
        raise ListRefused(_("The list has a heading but no factory."))
    return plan


def _columns(heading: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(heading):
        plain = re.sub(r"[\W_]+", "", cell.casefold())
        for column, spellings in HEADERS.items():
            if plain in spellings:
                if column in found:
                    raise ListRefused(_("Two columns are called the same: %(name)s.") % {"name": _clean(cell)})
                found[column] = place
    if "country" not in found or "name" not in found:
        raise ListRefused(_("The first row must name the columns: country, name and, where it is known, address."))
    return found


def _row(number: int, cells: Sequence[str], columns: dict[str, int], width: int) -> Row:
    def raw(column: str) -> str:
        place = columns.get(column)
        return cells[place] if place is not None and place < len(cells) else ""

    written = {column: raw(column) for column in HEADERS}
    row = Row(number, _clean(written["country"]), _clean(written["name"]), _clean(written["address"]))
    if any(_CONTROL.search(text) for text in written.values()):
        row.errors.append(_("It holds damaged letters. Save the list as CSV in UTF-8."))
    if any(cell.strip() for cell in cells[width:]):
        row.errors.append(_("It has more cells than the heading. Put text with commas in quotation marks."))
    if any(text.strip(" ").startswith(_FORMULA_STARTS) and text.strip() != "-" for text in written.values()):
        row.errors.append(_("A cell begins like a formula (=, +, -, @)."))
    if not row.name or not any(mark.isalnum() for mark in row.name):
        row.errors.append(_("The name is empty."))
    if len(row.name) > NAME_LENGTH:
        row.errors.append(_("The name is longer than 200 letters."))
    if len(row.address) > ADDRESS_LENGTH:
        row.errors.append(_("The address is longer than 500 letters."))
    if "\n" in written["name"].strip():
        row.errors.append(_("The name has more than one line. Is a quotation mark not closed?"))
    row.code = countries.code_of(row.country)
    if not row.country:
        row.errors.append(_("The country is empty."))
    elif not row.code:
        meant = countries.suggestion_for(row.country)
        row.errors.append(
            _("The country “%(written)s” is unknown. Do you mean %(meant)s?")
            % {"written": row.country[:60], "meant": meant}
            if meant
            else _("The country “%(written)s” is unknown.") % {"written": row.country[:60]}
        )
    return row


def _clean(text: str) -> str:
    """Return a cell as one line, without what cannot be shown."""
    return " ".join(_CONTROL.sub("\ufffd", text).split())


# ---------------------------------------------------------------------------------------------------------
# Finding what is there already


def plan(content: bytes) -> Plan:
    """Read a list and say what an import would do: the dry run. Writes nothing."""
    found = read(content)
    find_likenesses(found)
    return found


def find_likenesses(found: Plan) -> None:
    """Compare each good row with the factories of its country and with the rows above it, in one query."""
    good = [row for row in found.rows if not row.errors]
    indexes: dict[str, _Index] = defaultdict(_Index)
    known = Factory.objects.filter(country__in={row.code for row in good}).order_by()
    for pk, code, key, name, address in known.values_list("pk", "country_id", "name_key", "name", "address"):
        indexes[code].add(key, Likeness(name, address, False, factory_id=str(pk)))
    for row in good:
        key = name_key(row.name)
        row.likenesses = indexes[row.code].like(key, row.address)
        if not row.is_same:
            indexes[row.code].add(key, Likeness(row.name, row.address, False, row=row.number))


class _Index:
    """The names of one country, found by the words they share."""

    def __init__(self) -> None:
        self.names: list[tuple[str, Likeness]] = []
        self.by_word: dict[str, list[int]] = defaultdict(list)
        self.by_key: dict[str, list[int]] = defaultdict(list)

    def add(self, key: str, likeness: Likeness) -> None:
        place = len(self.names)
        self.names.append((key, likeness))
        self.by_key[key.replace(" ", "")].append(place)
        for word in set(key.split()):
            self.by_word[word].append(place)

    def like(self, key: str, address: str) -> list[Likeness]:
        """Return the nearest names: the same ones first, then similar ones."""
        address_key = name_key(address)
        places = set(self.by_key.get(key.replace(" ", ""), ()))
        for word in set(key.split()):
            sharing = self.by_word.get(word, ())
            if len(sharing) <= _COMMON:
                places.update(sharing)
        scored = []
        for place in places:
            other, likeness = self.names[place]
            score = _similarity(key, other)
            if score >= SIMILAR:
                same = score == 1 and name_key(likeness.address) == address_key
                scored.append((score + same, place, same))
        nearest = sorted(scored, key=lambda one: (-one[0], one[1]))[:_SHOWN_LIKENESSES]
        return [Likeness(**{**asdict(self.names[place][1]), "is_same": same}) for _score, place, same in nearest]


def _similarity(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1; the order of words and the gaps between them are nothing."""
    if one.replace(" ", "") == other.replace(" ", "") or sorted(one.split()) == sorted(other.split()):
        return 1.0
    # "Mill 2" is not "Mill 3": another number is another factory.
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < SIMILAR or matcher.quick_ratio() < SIMILAR:
        return 0.0
    return matcher.ratio()


# ---------------------------------------------------------------------------------------------------------
# Storing


@transaction.atomic
def carry_out(found: Plan, *, keep: Iterable[int] = ()) -> Imported:
    """Store the new factories, and of the possible duplicates those whose row numbers are in `keep`.

    All or none: one row with a mistake refuses the list, and so does a factory that was added since the dry
    run and that a row may be the same as.
    """
    if found.errors:
        count = len(found.errors)
        raise ListRefused(
            ngettext(
                "%(count)d row has a mistake. Nothing was imported.",
                "%(count)d rows have mistakes. Nothing was imported.",
                count,
            )
            % {"count": count}
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    kept = set(keep)
    before = {row.number for row in found.duplicates}
    find_likenesses(found)
    if {row.number for row in found.duplicates} - before:
        raise ListRefused(_("Factories were added in the meantime. Nothing was imported: look at the list again."))
    wanted = [row for row in found.rows if row.is_new or (row.number in before and row.number in kept)]
    countries.ensure_packs({row.code for row in wanted})
    codes = _free_codes(len(wanted))
    Factory.objects.bulk_create(
        [
            Factory(
                country_id=row.code,
                name=row.name,
                name_key=name_key(row.name),
                address=row.address,
                short_code=code,
            )
            for row, code in zip(wanted, codes, strict=True)
        ],
        batch_size=1000,
    )
    return Imported(added=len(wanted), left_out=len(found.rows) - len(wanted))


def _free_codes(count: int) -> list[str]:
    """Draw short codes that no factory has."""
    codes: set[str] = set()
    while len(codes) < count:
        drawn = {new_short_code() for _count in range(count - len(codes))} - codes
        drawn -= set(Factory.objects.filter(short_code__in=drawn).values_list("short_code", flat=True))
        codes |= drawn
    return list(codes)
