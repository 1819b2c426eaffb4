"""What is wrong with a version of the tool, in sentences for the administrator who adds it.

What our rules name by its code (S04, RP4, CH1 ...) must be there and mean what the rules take it to mean; numbers that
are design choices may differ from version to version. Assessment, sections 2 to 8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from assessments.models import Confidence, Level, Source, Strength

CODE = re.compile(r"[A-Z]{1,4}[0-9]{0,2}")
VERSION = re.compile(r"[0-9A-Za-z.\-]{1,12}")
BAND = re.compile(r"under (?P<under>[\d,]+)|(?P<low>[\d,]+) to (?P<high>[\d,]+)|(?P<over>[\d,]+) and over")
GRADES = ("strong", "moderate", "weak")
ANCHORS = 5
LEAST_INDICATORS = 3  # A domain is scored from three indicators on.
LEAST_DOMAINS = 6  # The overall score needs six.
NAMED_INDICATORS = ("RP1", "RP2", "RP4", "RP5", "PC5", "CH1", "CH2", "CH3", "CH4", "CH5")
NAMED_SIGNALS = {
    "S01": "strong",
    "S02": "strong",
    "S03": "strong",
    "S04": "strong",
    "S06": "strong",
    "S13": "moderate",
    "S14": "moderate",
    "S15": "moderate",
    "S23": "weak",
    "S24": "weak",
}
EXPERT_ONLY = ("S13", "S14")  # They would tell the factory what somebody said outside. Section 7.3.
OPENS_ALONE = ("X1", "X3", "X4", "X5", "X6", "X11")
LISTS = ("domains", "indicators", "signals", "interview_sample", "safeguarding_screen", "system_strength_levels")
VALUES = ("joint_first_visits", "joint_one_in", "silence_workers_per_complaint")


def faults(content: Any) -> list[str]:
    """Return every fault; a part that cannot be read at all counts as one."""
    if not isinstance(content, dict):
        return [_("The file does not hold a version of the tool: it must be one object with named parts.")]
    found: list[str] = []
    if not isinstance(content.get("version"), str) or not VERSION.fullmatch(content["version"]):
        found.append(_("Give the version a number of at most twelve letters, digits, dots or dashes."))
    for name in LISTS:
        rows = content.get(name)
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            found.append(_("The part “%(name)s” is missing or is not a list.") % {"name": name})
    if found:
        return found
    for part in (_domains, _indicators, _signals, _screen, _samples, _strength, _fixed, _values, _translations):
        found += part(content)
    return found


def band(words: Any) -> tuple[int, int | None]:
    """Return the least and the greatest headcount of a row such as “200 to 499”; ValueError where it is none."""
    match = BAND.fullmatch(words) if isinstance(words, str) else None
    if match is None:
        raise ValueError("not a range of headcounts")
    number = {name: int(value.replace(",", "")) for name, value in match.groupdict().items() if value}
    if "under" in number:
        return 1, number["under"] - 1
    if "over" in number:
        return number["over"], None
    return number["low"], number["high"]


def _texts(row: dict[str, Any], *names: str) -> bool:
    return all(isinstance(row.get(name), str) and row[name].strip() for name in names)


def _codes(rows: list[dict[str, Any]], length: int) -> Iterable[str]:
    """Say which codes are no codes or are there twice."""
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        code = row.get("code")
        if not isinstance(code, str) or not CODE.fullmatch(code) or len(code) > length:
            yield _("Row %(number)d has no code that can be used, such as “PC1”.") % {"number": number}
        elif code in seen:
            yield _("%(code)s is there twice.") % {"code": code}
        else:
            seen.add(code)


def _sources(row: dict[str, Any]) -> Iterable[str]:
    sources = row.get("sources")
    if not isinstance(sources, list) or not sources or not all(one in Source.values for one in sources):
        yield _("%(code)s names no source, or one that does not exist.") % {"code": row.get("code")}


def _domains(content: dict[str, Any]) -> Iterable[str]:
    rows = content["domains"]
    yield from _codes(rows, 4)
    for row in rows:
        if not _texts(row, "title"):
            yield _("%(code)s has no title.") % {"code": row.get("code")}
        if sum(one.get("domain") == row.get("code") for one in content["indicators"]) < LEAST_INDICATORS:
            words = _("%(code)s has fewer than three indicators, so it could never be scored.")
            yield words % {"code": row.get("code")}
    if len(rows) < LEAST_DOMAINS:
        yield _("There are fewer than six domains, so there could never be an overall score.")


def _indicators(content: dict[str, Any]) -> Iterable[str]:
    rows = content["indicators"]
    yield from _codes(rows, 6)
    domains = [row.get("code") for row in content["domains"]]
    for row in rows:
        code = {"code": row.get("code")}
        if row.get("domain") not in domains:
            yield _("%(code)s belongs to no domain of this version.") % code
        if not _texts(row, "title", "how_to_check"):
            yield _("%(code)s has no title, or does not say how to check it.") % code
        if not isinstance(row.get("critical"), bool):
            yield _("%(code)s does not say whether it is critical (true or false).") % code
        anchors = row.get("anchors")
        whole = isinstance(anchors, list) and len(anchors) == ANCHORS
        if not whole or not all(isinstance(one, str) and one.strip() for one in anchors or ()):
            yield _("%(code)s needs five texts, one for each score from 0 to 4.") % code
        yield from _sources(row)
    yield from _missing(NAMED_INDICATORS, rows)
    if not any(row.get("critical") is True for row in rows):
        yield _("No indicator is critical.")


def _missing(named: Iterable[str], rows: list[dict[str, Any]]) -> Iterable[str]:
    there = [row.get("code") for row in rows]
    for code in named:
        if code not in there:
            yield _("%(code)s is missing, and a rule of the programme names it.") % {"code": code}


def _signals(content: dict[str, Any]) -> Iterable[str]:
    rows = content["signals"]
    yield from _codes(rows, 4)
    yield from _missing(NAMED_SIGNALS, rows)
    for row in rows:
        code = row.get("code")
        if not _texts(row, "text"):
            yield _("%(code)s has no text.") % {"code": code}
        wanted = NAMED_SIGNALS.get(code) if isinstance(code, str) else None
        if row.get("grade") not in GRADES:
            yield _("%(code)s must be strong, moderate or weak.") % {"code": code}
        elif wanted and row["grade"] != wanted:
            words = _("%(code)s must stay %(grade)s: a rule of the programme rests on it.")
            yield words % {"code": code, "grade": wanted}
        if not isinstance(row.get("in_level_factory"), bool):
            yield _("%(code)s does not say whether it counts for what the factory sees (true or false).") % {
                "code": code
            }
        elif code in EXPERT_ONLY and row["in_level_factory"]:
            yield _("%(code)s may not count for what the factory sees: it would tell of somebody outside.") % {
                "code": code
            }
        yield from _sources(row)


def _screen(content: dict[str, Any]) -> Iterable[str]:
    rows = content["safeguarding_screen"]
    yield from _codes(rows, 4)
    yield from _missing(OPENS_ALONE, rows)
    for row in rows:
        if not _texts(row, "text", "maps_to"):
            yield _("%(code)s has no text, or does not say what it points to.") % {"code": row.get("code")}
        if not isinstance(row.get("alone", False), bool):
            yield _("%(code)s must say true or false for “alone”.") % {"code": row.get("code")}


def _samples(content: dict[str, Any]) -> Iterable[str]:
    following: int | None = 1
    for row in content["interview_sample"]:
        name = {"row": row.get("headcount")}
        try:
            low, high = band(row.get("headcount"))
        except ValueError:
            yield _("“%(row)s” is no range of headcounts. Write “under 200”, “200 to 499” or “500 and over”.") % name
            return
        if low != following or (high is not None and high < low):
            yield _("The sample sizes leave a gap or overlap at “%(row)s”.") % name
        following = None if high is None else high + 1
        numbers = [row.get(key) for key in ("min_interviews", "min_off_site", "min_women_only_groups")]
        if not all(_whole(one, 1, 1000) for one in numbers):
            yield _("“%(row)s” needs a number of interviews, off-site interviews and women-only groups.") % name
        elif numbers[1] > numbers[0]:
            yield _("“%(row)s” asks for more off-site interviews than interviews.") % name
    if following is not None:
        yield _("The last sample size must be for factories of any size above, such as “2,500 and over”.")


def _strength(content: dict[str, Any]) -> Iterable[str]:
    rows = content["system_strength_levels"]
    if [row.get("code") for row in rows] != list(Strength.values):
        yield _("The levels of system strength must be absent, starting, working and trusted, in this order.")
        return
    following = 0
    for row in rows:
        low, high = row.get("min"), row.get("max")
        if not _whole(low, 0, 100) or not _whole(high, 0, 100) or low != following or high < low:
            yield _("The levels of system strength leave a gap or overlap at “%(code)s”.") % {"code": row["code"]}
            return
        following = high + 1
    if following != 101:
        yield _("The highest level of system strength must end at 100.")


def _fixed(content: dict[str, Any]) -> Iterable[str]:
    """The scale and the closed lists are rules, not choices: a version that brings its own is refused."""
    closed = {
        "scale": {"min": 0, "max": ANCHORS - 1},
        "likelihood_levels": list(Level.values),
        "confidence_levels": list(Confidence.values),
    }
    for name, value in closed.items():
        if name in content and content[name] != value:
            yield _("The part “%(name)s” cannot be changed by a version.") % {"name": name}


def _values(content: dict[str, Any]) -> Iterable[str]:
    if "design_values" not in content:
        return
    values = content["design_values"]
    if not isinstance(values, dict) or set(values) != {*VALUES, "domain_weights"}:
        names = ", ".join((*VALUES, "domain_weights"))
        yield _("The part “design_values” must hold %(names)s, and nothing else.") % {"names": names}
        return
    for name in VALUES:
        if not _whole(values[name], 1, 100_000):
            yield _("“%(name)s” must be a whole number above 0.") % {"name": name}
    weights, domains = values["domain_weights"], [row.get("code") for row in content["domains"]]
    whole = isinstance(weights, dict) and len(weights) == len(domains) and all(one in domains for one in weights)
    if not whole or not all(_whole(one, 1, 100) for one in weights.values()):
        yield _("“domain_weights” must name every domain once, with a whole number from 1 to 100.")


def _translations(content: dict[str, Any]) -> Iterable[str]:
    """A translation is of a sentence that is there, in a language the site speaks."""
    translations = content.get("translations", {})
    if not isinstance(translations, dict):
        yield _("The part “translations” must name a language, and in it each sentence with its translation.")
        return
    languages = {code for code, _name in settings.LANGUAGES}
    known = set(_sentences(content))
    for language, texts in translations.items():
        if language not in languages or not isinstance(texts, dict):
            yield _("“%(language)s” is not a language of this site.") % {"language": language}
            continue
        strange = [text for text in texts if text not in known or not isinstance(texts[text], str)]
        for text in strange[:5]:
            words = _("The translation of “%(text)s” belongs to no sentence of this version.")
            yield words % {"text": text[:60]}


def _sentences(content: dict[str, Any]) -> Iterable[str]:
    for name in ("domains", "indicators", "signals", "safeguarding_screen"):
        for row in content[name]:
            yield from (row[key] for key in ("title", "how_to_check", "text") if isinstance(row.get(key), str))
            anchors = row.get("anchors")
            yield from (one for one in (anchors if isinstance(anchors, list) else ()) if isinstance(one, str))


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
