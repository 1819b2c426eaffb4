"""What is different between two versions of the tool, line by line, for whoever reads why there is a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.tool import Tool

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# The parts of a line, in the order of the page. Whether a text stands in the tool or is a number: `TEXTS`.
PARTS: dict[str, str | _StrPromise] = {
    "title": _("Title"),
    "text": _("Text"),
    "domain": _("Domain"),
    "critical": _("Critical"),
    "grade": _("Grade"),
    "sources": _("Sources"),
    "how_to_check": _("How to check"),
    "score_0": _("Score 0"),
    "score_1": _("Score 1"),
    "score_2": _("Score 2"),
    "score_3": _("Score 3"),
    "score_4": _("Score 4"),
    "in_level_factory": _("Counts for what the factory sees"),
    "points_to": _("Points to"),
    "alone": _("Opens a review by itself"),
    "sample": _("Interviews, of these off-site, women-only groups"),
    "from_score": _("From this score on"),
    "weight": _("Weight of the domain"),
    "number": _("Number"),
}
TEXTS = frozenset({"title", "text", "how_to_check", "score_0", "score_1", "score_2", "score_3", "score_4"})
NAMES: dict[str, str | _StrPromise] = {
    "joint_first_visits": _("First visits of an assessor that are joint"),
    "joint_one_in": _("After these, one joint visit in so many"),
    "silence_workers_per_complaint": _("Workers for each complaint a year that is the least to expect"),
}


@dataclass(frozen=True)
class Change:
    """One difference: of what (a code or a name), in which part, before and after. Empty: it was not there."""

    of: str | _StrPromise
    part: str | _StrPromise
    before: str
    after: str


def between(old: Tool, new: Tool) -> list[Change]:
    """Return every difference, in the reader's language. What is new or gone altogether is one line, its title."""
    before, after = dict(_lines(old)), dict(_lines(new))
    codes = list(dict.fromkeys(code for code, _part in (*before, *after)))
    there, still = {code for code, _part in before}, {code for code, _part in after}
    changes = []
    for code in codes:
        parts = [part for part in PARTS if (code, part) in before or (code, part) in after]
        if code not in there or code not in still:
            parts = parts[:1]
        for part in parts:
            was, now = before.get((code, part), ""), after.get((code, part), "")
            if was != now:
                changes.append(Change(NAMES.get(code, code), PARTS[part], _said(old, part, was), _said(new, part, now)))
    return changes


def _said(tool: Tool, part: str, value: str) -> str:
    if part in TEXTS:
        return tool.text(value)
    return gettext(value) if value in (YES, NO) else value


YES, NO = "yes", "no"


def _lines(tool: Tool) -> Iterator[tuple[tuple[str, str], str]]:
    def yes(value: bool) -> str:
        return YES if value else NO

    for domain in tool.domains:
        yield (domain.code, "title"), domain.title
        yield (domain.code, "weight"), str(tool.weights[domain.code])
    for one in tool.indicators:
        yield (one.code, "title"), one.title
        yield (one.code, "domain"), one.domain
        yield (one.code, "critical"), yes(one.critical)
        yield (one.code, "sources"), ", ".join(one.sources)
        yield (one.code, "how_to_check"), one.how_to_check
        for score, anchor in enumerate(one.anchors):
            yield (one.code, f"score_{score}"), anchor
    for signal in tool.signals:
        yield (signal.code, "text"), signal.text
        yield (signal.code, "grade"), signal.grade
        yield (signal.code, "sources"), ", ".join(signal.sources)
        yield (signal.code, "in_level_factory"), yes(signal.in_level_factory)
    for item in tool.screen:
        yield (item.code, "text"), item.text
        yield (item.code, "points_to"), item.maps_to
        yield (item.code, "alone"), yes(item.alone)
    for sample in tool.samples:
        yield (
            (f"{_('Workers, from')} {sample.least:,}", "sample"),
            f"{sample.interviews}, {sample.off_site}, {sample.groups}",
        )
    for level, least in tool.cut_offs:
        yield (level, "from_score"), str(least)
    for name in NAMES:
        yield (name, "number"), str(getattr(tool, name))
