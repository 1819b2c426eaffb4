"""What the list of people says about the programme: where to look, and as whom."""

from __future__ import annotations

from pathlib import Path

from assessments.demo.factories import COUNTRIES
from assessments.demo.people import NEW, SECOND_ADVISOR, THIRD_ADVISOR, VN_EXPERT
from assessments.demo.programme import Made
from assessments.demo.tempers import Temper


def add(path: Path, made: Made) -> None:
    """Add the programme to the list of people, once."""
    if not path.exists():
        return
    with path.open("a", encoding="utf-8") as page:
        page.write("\n".join(_lines(made)) + "\n")


def _lines(made: Made) -> list[str]:
    first = {life.temper: life.book.factory for life in reversed(made.lives) if life.book.factory.country_id == "KH"}
    many, silent, late = first[Temper.TWIN_MANY], first[Temper.SILENT], first[Temper.POSTPONING]
    shown = next(
        life.book.factory
        for life in made.lives
        if life.book.factory.country_id == "KH" and any(one.given_back_on for one in life.visits.steps.visits)
    )
    number = sum(count for _code, count, _town in COUNTRIES)
    names = {email: name for email, name, _role, _country in NEW}
    return [
        "",
        f"THE PROGRAMME       {number} more fictional factories in four countries, three years up to today.",
        "  advisor@advisors.example      /portfolio/: forty factories, those that need a call first. Look for",
        f"                                {silent.name}: nobody complains; {late.name}: every date moves;",
        f"                                {many.name}: many complain, and it stands no lower for it.",
        "  manager@lotus.example         the factory's own page: its progress, its assessments, what is agreed",
        f"  (no account)                  /f/{shown.short_code}/plain/: what workers are told, and the poster",
        "  admin@platform.example        /assessments/tool/: the tool, its versions and change notes",
        f"  {SECOND_ADVISOR}, {THIRD_ADVISOR}, {VN_EXPERT}:",
        f"                                {names[SECOND_ADVISOR]} and {names[THIRD_ADVISOR]} with portfolios of their"
        f" own, {names[VN_EXPERT]} for Viet Nam",
        "  officer@… and chair@…         of every live factory, by its name: officer@"
        + many.name_key.split()[0]
        + "-"
        + many.name_key.split()[1]
        + ".example",
    ]
