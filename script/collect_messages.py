"""Collect what is to be translated from Python and templates, and merge it into the catalogues."""

from __future__ import annotations

import ast
import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "factories", "complaints", "assessments", "config")
LANGUAGES = ("km",)  # English is the source.
# Files whose sentences a worker can meet; production counts on a complete translation of these.
FOR_WORKERS = re.compile(
    r"templates/complaints/(public|inbox)/|complaints/(codes|questions|forms|said|typed|receipts|slots|intake|visits"
    r"|inbox_forms|pictures|selectors/hers|selectors/promises|workflow/hers)\.py"
    r"|complaints/views/(public|worker|inbox|hers|pictures)\.py|factories/(holiday_names|roster|packwords|models/kinds)\.py"
    r"|factories/data/packs/"
)
KEYWORDS = {
    "_": None,
    "_lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Parts of the tool, the guidance and the course that people read; the other parts are codes and numbers.
TEXTS = frozenset(
    ("title", "how_to_check", "anchors", "text", "points", "looks_like", "said_as", "question", "choices", "why")
)
CALL = re.compile(r"\b(_|gettext|ngettext|pgettext|npgettext)\(")

Found = tuple[str, str, tuple[str, ...]]  # The file, the function, its strings.


def collect() -> Iterator[Found]:
    """Give every call that marks a sentence, file by file."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _from_python(path)
    for path in sorted((ROOT / "factories" / "data" / "packs").glob("*.json")):
        yield from _from_pack(path)
    for path in sorted((ROOT / "assessments" / "data").glob("*.json")):
        for text in texts(json.loads(path.read_text("utf-8"))):
            yield _name(path), "gettext", (text,)
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.suffix in (".html", ".txt"):
            yield from _from_template(path)


def _from_python(path: Path) -> Iterator[Found]:
    with path.open("rb") as source:
        for _line, function, strings, _comments in extract_python(source, list(KEYWORDS), [], {}):
            yield _name(path), function, _strings(strings)


def _from_pack(path: Path) -> Iterator[Found]:
    """Give what a worker reads of a country pack; what only lawyers read stays as it was written."""
    pack = json.loads(path.read_text("utf-8"))
    for one in (*pack["legal_limits"], *pack["legal_notes"], *pack["outside_roads"]):
        for part in ("plain", "remark"):
            if part in one:
                yield _name(path), "gettext", (one[part],)


def texts(part: Any, read: bool = False) -> Iterator[str]:
    """Give every text that people read in a file of the tool, its guidance or its course."""
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from texts(inner, name in TEXTS)
    elif isinstance(part, list):
        for inner in part:
            yield from texts(inner, read)
    elif read and isinstance(part, str):
        yield part


def _from_template(path: Path) -> Iterator[Found]:
    # Django turns a template into calls between filler; each call is read as the Python it is.
    filled = templatize(path.read_text("utf-8"), origin=_name(path))
    for call in CALL.finditer(filled):
        for end in (found.end() for found in re.finditer(r"\)", filled[call.start() :])):
            try:
                tree = ast.parse(filled[call.start() : call.start() + end].strip(), mode="eval").body
            except SyntaxError:
                continue
            if isinstance(tree, ast.Call):
                strings = tuple(a.value for a in tree.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
                if strings:
                    yield _name(path), call[1], strings
            break


def _strings(found: object) -> tuple[str, ...]:
    many = found if isinstance(found, tuple | list) else (found,)
    return tuple(one for one in many if isinstance(one, str))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def template() -> Catalog:
    """Return the catalogue of everything there is to translate."""
    catalog = Catalog()
    for file, function, strings in collect():
        context = strings[0] if function.startswith(("pgettext", "npgettext")) else None
        strings = strings[1:] if context else strings
        if not strings or not strings[0]:
            continue
        plural = function.startswith(("ngettext", "npgettext")) and len(strings) > 1
        flags = ("python-format",) if re.search(r"%\(\w+\)", strings[0]) else ()
        catalog.add(strings[:2] if plural else strings[0], locations=[(file, None)], context=context, flags=flags)
    return catalog


def merged(wanted: Catalog, old: Catalog, language: str) -> Catalog:
    """Return the wanted messages with the old translations, also those that were out of use for a while."""
    new = Catalog(locale=language, project="Samleng", charset="utf-8", fuzzy=False)
    new.header_comment = f"# Samleng: {language}"
    new.creation_date = old.creation_date  # Nothing changes when nothing changed.
    new.revision_date = old.revision_date
    known = {(m.id if isinstance(m.id, str) else m.id[0], m.context): m.string for m in old if m.id}
    known |= {(m.id if isinstance(m.id, str) else m.id[0], m.context): m.string for m in old.obsolete.values()}
    used = set()
    for message in wanted:
        if not message.id:
            continue
        key = (message.id if isinstance(message.id, str) else message.id[0], message.context)
        used.add(key)
        string = known.get(key, "")
        if isinstance(message.id, tuple | list) and isinstance(string, str):
            string = (string,)
        if isinstance(message.id, str) and not isinstance(string, str):
            string = string[0]
        locations = sorted({(file, None) for file, _line in message.locations})
        new.add(message.id, string, locations=locations, context=message.context, flags=message.flags)
    for message in [*old, *old.obsolete.values()]:
        key = (message.id if isinstance(message.id, str) else (message.id or ("",))[0], message.context)
        if message.id and key not in used and message.string:
            new.obsolete[message.id] = message
    return new


def main(arguments: list[str]) -> int:
    """Update or check every catalogue."""
    settings.configure(USE_I18N=False)
    wanted, missing = template(), 0
    for language in LANGUAGES:
        path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
        old = read_po(path.open("rb"), locale=language) if path.exists() else Catalog(locale=language)
        new = merged(wanted, old, language)
        empty = [m for m in new if m.id and not (m.string if isinstance(m.string, str) else any(m.string))]
        theirs = [m for m in empty if any(FOR_WORKERS.search(file) for file, _line in m.locations)]
        print(f"{language}: {len(new)} sentences, {len(empty)} not translated, {len(theirs)} of these for workers")
        missing += len(theirs)
        if "--check" in arguments:
            for message in theirs:
                print("  ", message.locations[0][0], repr(message.id))
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        page = io.BytesIO()
        write_po(page, new, width=110, sort_by_file=True, include_lineno=False)
        path.write_bytes(page.getvalue())
    return 1 if missing and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
