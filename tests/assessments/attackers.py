"""Readers who open and download everything they may, and compare: what they read of one factory or world, as words."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterable
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.test import Client

# Working lists of cases are not statistics: who sees them works on them (indicators, section 4).
ROOTS = ("/figures/", "/portfolio/", "/assessments/", "/package/", "/f/")
STARTS = (
    "/figures/",
    "/portfolio/",
    "/package/",
    "/assessments/",
    "/assessments/mine/",
    "/assessments/factories/",
    "/assessments/programme/",
)
# No figure stands there: the same for everybody, or a form with a list of people.
NO_FIGURES = re.compile(r"^/assessments/(tool|course|guidance)/|/plan/$")
LONGEST = 120  # Pages: more would be a crawl without an end.
_LINK = re.compile(r'(?:href|data-href)="([^"#]+)"')
_QUARTER = re.compile(r'<option value="(20\d\dQ[1-4])"')
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_UNSTABLE = re.compile(r'\b[A-Za-z0-9]{64}\b|nonce="[^"]+"')  # Tokens of a request.


def everything(client: Client, more: Iterable[str] = ()) -> dict[str, str]:
    """Follow every link from every start and every quarter that can be chosen; return each answer's words."""
    waiting, seen, read = [*STARTS, *more], set(), {}
    while waiting and len(read) < LONGEST:
        url = waiting.pop(0)
        if url in seen or not url.startswith(ROOTS) or NO_FIGURES.search(url):
            continue
        seen.add(url)
        response = client.get(url)
        if response.status_code in (301, 302):
            waiting.append(urlsplit(urljoin(url, response["Location"])).path)
        if response.status_code != 200:
            continue
        body = b"".join(response.streaming_content) if response.streaming else response.content
        read[url] = words_of(body, response.get("Content-Type", ""))
        if "html" in response.get("Content-Type", ""):
            page = body.decode()
            waiting += [_local(url, unescape(link)) for link in _LINK.findall(page)]
            path = urlsplit(url).path
            waiting += [f"{path}?quarter={quarter}" for quarter in _QUARTER.findall(page)]
    assert len(read) < LONGEST, "There is no end to what can be followed."
    return read


def _local(url: str, link: str) -> str:
    parts = urlsplit(urljoin(url, link))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def words_of(body: bytes, kind: str) -> str:
    """Return what a page, a table or a workbook says, without what changes with each request."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            names = sorted(name for name in book.namelist() if not name.startswith("docProps"))
            return "\n".join(f"{name}: {book.read(name).decode(errors='replace')}" for name in names)
    if kind.startswith(("image/", "application/pdf")):
        return kind
    return re.sub(r"\s+", " ", _UNSTABLE.sub("", body.decode(errors="replace")))


_PERSON = re.compile(r"\bPerson \d+\b")  # As tests call everybody who has no other name.


def without_names(read: dict[str, str], names: Collection[str]) -> dict[str, str]:
    """Take out what belongs to one twin alone: its name, its codes, its people, every id."""
    gone = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))

    def without(words: str) -> str:
        return _ID.sub("(id)", gone.sub("(it)", _PERSON.sub("(it)", words)))

    return {without(url): without(words) for url, words in read.items()}
