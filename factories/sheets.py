"""Tables to take away: the rows of a page as CSV or XLSX, streamed, so that memory does not grow with their number.

Whoever calls has decided what this reader may see: a file holds what the page shows and nothing beside it. Where a
page has a table, `?file=csv` or `?file=xlsx` on its own address gives it, by the same view and the same rule of access.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import translation

CSV, XLSX = "csv", "xlsx"
FORMATS = (CSV, XLSX)
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BOM = "\ufeff"  # Without it Excel reads Khmer as something else.
KEPT_IN_MEMORY = 1024 * 1024
LONGEST_CELL = 32_767  # Excel calls a file with more in one cell broken.
# What a spreadsheet may take for a formula, also behind blanks; full-width signs too.
_FORMULA = re.compile(r"^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 has no place for these.

Row = Sequence[Any]


def wanted(request: HttpRequest) -> str:
    """Return which kind of file is asked for; nothing: the page itself."""
    asked = request.GET.get("file", "")
    return asked if asked in FORMATS else ""


def answer(kind: str, name: str, rows: Iterable[Row]) -> HttpResponseBase:
    """Return these rows, the headings first, as a file. Its name says what it is and never of whom."""
    language = translation.get_language()
    cells = in_language(([safe(one) for one in row] for row in rows), language)
    filename = f"{name}.{kind}"
    if kind == CSV:
        headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
        return StreamingHttpResponse(lines(cells), content_type=TYPES[CSV], headers=headers)
    return FileResponse(workbook(cells), as_attachment=True, filename=filename, content_type=TYPES[XLSX])


def safe(value: Any) -> Any:
    """Return a value as it goes into a cell: numbers and days as they are, words never as a formula."""
    if value is None:
        return ""
    if isinstance(value, (int, Decimal, date)):
        return value
    words = _FORBIDDEN.sub("", str(value))[: LONGEST_CELL - 1]
    return f"'{words}" if _FORMULA.match(words) else words


def in_language(rows: Iterable[Row], language: str | None) -> Iterator[Row]:
    """Give each row in the reader's language: rows are made when the page's own turn is over."""
    made = iter(rows)
    while True:
        with translation.override(language):
            row = next(made, None)
        if row is None:
            return
        yield row


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """Give a CSV file line by line."""
    written = csv.writer(_Line())
    yield BOM
    for row in rows:
        yield written.writerow(row)  # type: ignore[misc]  # What `_Line.write` returned.


class _Line:
    """A file that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def workbook(rows: Iterable[Row]) -> Any:
    """Write an XLSX file row by row; what is too large for memory lies on disk until it is sent."""
    from openpyxl import Workbook  # Half a second that only whoever asks for a workbook waits.

    book = Workbook(write_only=True)
    sheet = book.create_sheet("1")
    sheet.freeze_panes = "B2"
    for row in rows:
        sheet.append(row)
    kept = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115 - closed with the response.
    book.save(kept)
    kept.seek(0)
    return kept
