"""The page that says who is in the demo and what to try, written once beside the data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from complaints import receipts
from complaints.demo.people import AT_FACTORIES, HELPERS, LOTUS, OUTSIDE, PASSWORD
from complaints.demo.story import Story
from factories.models import Factory

# What a number shows, in the order in which the cases go on.
TO_TRY = (
    ("late", "Nobody at the factory has answered. She may move it outside."),
    ("planning", "Answered, sorted, a path agreed; words both ways."),
    ("handover", "The outside helper suggests to tell the factory. The answer is hers."),
    ("together", "Told by three: this number, and two more for the others."),
    ("stopping", "She stopped it today, and may take that back."),
    ("listening", "A formal inquiry: both sides are being heard."),
    ("one_talk", "Somebody talked with him: has what was promised happened? Two taps."),
    ("sent_back", "Decided, and she can say that she does not agree; one promise is not kept yet."),
    ("outcome_too_weak", "She does not agree with the result; somebody new looks at it."),
    ("recommended", "The outside team has looked into it; the factory puts it right."),
    ("treated_badly", "She is treated badly because she told: this number opens both matters."),
    ("he_appealed", "Three months after the outcome: how was it for her?"),
    ("finished", "Closed: she can write, rate it and open it again for a year."),
    ("silent", "Closed because nobody answered; one message opens it again."),
    ("words_deleted", "She has deleted her words."),
    ("renewed", "Only kept, for another year."),
    ("not_free", "Held for safety: two safeguarding leads and nobody else."),
    ("flood_3", "One of many at once: it waits to be looked at, and a word of hers brings it back."),
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
        lines += [f"  {receipts.grouped(number)}   the same, for another of them" for number in stories[name].others]
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
        "expert@helpers.example has the outside cases, lead@helpers.example the holds,",
        "manager@lotus.example has a finding to decide on, appeals@helpers.example a result to look at again,",
        "advisor@advisors.example sees which steps are late and no word of any case.",
        "Let time pass: .venv/bin/python manage.py demo_clock +3d",
    ]
    return lines
