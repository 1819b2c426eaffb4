"""The page that says who is in the demo and what to try, written once beside the data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from complaints import receipts
from complaints.demo.cases import Story
from complaints.demo.people import AT_FACTORIES, HELPERS, LOTUS, OUTSIDE, PASSWORD
from factories.models import Factory

TO_TRY = (
    ("late", "Nobody at the factory has answered. She may move it outside."),
    ("planning", "Answered, sorted, a path agreed; words both ways."),
    ("handover", "The outside helper suggests to tell the factory. The answer is hers."),
)


def write(path: Path, stories: Mapping[str, Story]) -> None:
    """Write the list of people, codes and numbers. The numbers exist nowhere else."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text("\n".join(_lines(stories)) + "\n", encoding="utf-8")


def _lines(stories: Mapping[str, Story]) -> list[str]:
    lines = [
        "Everything here is invented: factories, people, complaints, and the legal reviews of both countries.",
        "",
        "TELL (no account)   /kh/tell/ in Cambodia, /vn/tell/ in Viet Nam. Codes of the factories:",
    ]
    for factory in Factory.objects.select_related("country").order_by("country__name", "-status", "name_key"):
        here = "acts on complaints" if factory.is_live else "nobody acts for it yet: the outside team reads"
        lines.append(f"  {factory.short_code}   {factory.name}, {factory.country.name}; {here}")
    lines += ["", "COME BACK           /my/ with one of these numbers:"]
    for name, what in TO_TRY:
        lines.append(f"  {receipts.grouped(stories[name].receipt)}   {what}")
    lines += ["", f"STAFF               /staff/ with the password: {PASSWORD}", ""]
    place = ""
    for where, _role, _flag, account in (*AT_FACTORIES, *OUTSIDE):
        if where != place:
            place = where
            lines.append(f"  {where}" + (" (both countries)" if where == HELPERS else ""))
        language = ", reads Khmer" if account.language == "km" else ""
        lines.append(f"    {account.email:26} {account.name}, {account.does}{language}")
    lines += [
        "",
        f"Begin with officer@lotus.example: the cases of {LOTUS}, what is due first on top.",
        "expert@helpers.example has the outside cases, lead@helpers.example the hold for somebody young,",
        "advisor@advisors.example sees which steps are late and no word of any case.",
        "Let time pass: .venv/bin/python manage.py demo_clock +3d",
    ]
    return lines
