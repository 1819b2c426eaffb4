"""Rows of files to take away: what the pages of assessments show to the same reader, and nothing beside it.

Of levels only `level_factory`, for experts too: a file travels further than a page. Never a number of complaints: no
page has one. Suppressed figures are exported where they stand (`complaints.views.figures`). Assessment, section 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from accounts.models import Person
from assessments import access, tool
from assessments.models import AssessmentStage, Cap, Confidence, DomainScore, Kind, Level, NotAssessed, Score, Strength
from assessments.selectors.factory import ActionLine
from assessments.selectors.needs import Row
from assessments.tool import Tool

AT_ONCE = 50  # Assessments in memory.


def portfolio(rows: Sequence[Row]) -> Iterator[Sequence[Any]]:
    """Give the rows of the portfolio, with who acts and the failures that were put beside them."""
    yield (
        _("Factory"), _("Country"), _("Status"), _("Workers"), _("Why it needs you"), _("Failures of the process"),
        _("Who acts"), _("Last visit"), _("System strength"), _("System strength, 0 to 100"), _("Next visit planned"),
        _("Next visit due"), _("Core activities done"), _("Core activities"),
    )  # fmt: skip
    for row in rows:
        factory, last = row.factory, row.last
        yield (
            factory.name,
            _(factory.country.name),
            factory.get_status_display(),
            factory.headcount or None,
            "\n".join(reason.words for reason in row.reasons),
            "\n".join(row.failures),
            "\n".join(_acting(one) for one in row.people),
            last.visit_to if last else None,
            last.strength_words if last else "",
            last.score if last and last.strength else None,
            row.planned.visit_from if row.planned else None,
            row.next_due if not row.planned else None,  # As the page: the plan takes its place.
            row.progress.done,
            row.progress.core,
        )


def _acting(member: Any) -> str:
    role = member.get_role_display()
    return f"{member.person.name} ({role}, {_('stand-in')})" if member.is_stand_in else f"{member.person.name} ({role})"


def actions(lines: Sequence[ActionLine]) -> Iterator[Sequence[Any]]:
    """Give what was agreed with a factory, in the order of its page."""
    yield (
        _("Agreed action"), _("Indicator"), _("Who does it"), _("By"), _("Late"), _("Said to be done on"),
        _("What shows it"), _("Confirmed from outside on"), _("Dropped on"), _("Why it was dropped"),
    )  # fmt: skip
    for line in lines:
        one = line.action
        yield (
            one.what,
            one.indicator,
            one.get_owner_display(),
            one.due_on,
            _("yes") if line.late else "",
            one.done_on,
            one.evidence,
            one.verified_on,
            one.dropped_on,
            one.dropped_reason,
        )


def final_assessments(person: Person) -> Iterator[Sequence[Any]]:
    """Give every final assessment that this person may open, one a row, read as they are sent. One query for them.

    A cell of an indicator holds the score that counts, or why there is none; caps stand in one column, in words.
    """
    shown = access.shown_to(person).filter(stage=AssessmentStage.FINAL)
    used = [tool.by_id(pk) for pk in shown.order_by().values_list("tool", flat=True).distinct()]
    # Versions share most codes: each once, in the order of the tool.
    domains = {one.code: each.text(one.title) for each in used for one in each.domains}
    indicators = {one.code: each.text(one.title) for each in used for one in each.indicators}
    yield (
        _("Factory"), _("Country"), _("Kind"), _("Visit from"), _("Visit to"), _("Given back on"), _("Tool version"),
        _("System strength, 0 to 100"), _("System strength"), _("Likelihood"), _("Confidence"),
        *(f"{code} {title}" for code, title in domains.items()),
        *(f"{code} {title}" for code, title in indicators.items()),
        _("Counts for less than was given"),
    )  # fmt: skip
    for row in _with_scores(shown).iterator(chunk_size=AT_ONCE):
        yield _assessment(row, domains, indicators)


def _with_scores(shown: Any) -> Any:
    """Let the database put the scores beside each assessment, so that rows can be read one after the other."""
    scores = Score.objects.filter(assessment=OuterRef("pk")).order_by("indicator")
    of_domains = DomainScore.objects.filter(assessment=OuterRef("pk")).order_by("domain")
    told = scores.values(of=JSONObject(code="indicator", score="score", given="given", cap="cap", why="not_assessed"))
    return shown.order_by("factory__name_key", "factory", "-visit_from", "pk").values(
        "kind", "visit_from", "visit_to", "given_back_on", "tool", "overall_score", "strength", "level_factory",
        "confidence_factory", "factory__name", "factory__country__name",
        of_indicators=ArraySubquery(told),
        of_domains=ArraySubquery(of_domains.values(of=JSONObject(code="domain", score="score"))),
    )  # fmt: skip


def _assessment(row: Mapping[str, Any], domains: Mapping[str, str], indicators: Mapping[str, str]) -> Sequence[Any]:
    scores = {one["code"]: one for one in row["of_indicators"]}
    totals = {one["code"]: one["score"] for one in row["of_domains"]}
    used: Tool = tool.by_id(row["tool"])
    country: str = row["factory__country__name"]
    return (
        row["factory__name"],
        _(country),
        Kind(row["kind"]).label,
        row["visit_from"],
        row["visit_to"],
        row["given_back_on"],
        used.version,
        row["overall_score"],
        Strength(row["strength"]).label if row["strength"] else _("insufficient evidence"),
        Level(row["level_factory"]).label if row["level_factory"] else "",
        Confidence(row["confidence_factory"]).label if row["confidence_factory"] else "",
        *(_number(totals.get(code)) for code in domains),
        *(_score(scores.get(code)) for code in indicators),
        "; ".join(_capped(one) for one in row["of_indicators"] if one["cap"]),
    )


def _number(value: Any) -> Any:
    """JSON knows no decimals; a score is told as exactly as it was kept."""
    return None if value is None else Decimal(str(value))


def _score(one: Mapping[str, Any] | None) -> Any:
    if one is None:
        return ""
    if one["score"] is not None:
        return one["score"]
    return NotAssessed(one["why"]).label if one["why"] else ""


def _capped(one: Mapping[str, Any]) -> str:
    said = _("%(indicator)s: %(cap)s, %(given)s was given")
    return said % {"indicator": one["code"], "cap": Cap(one["cap"]).label, "given": one["given"]}
