"""The demo's places to turn to. None of them exists, and each stands differently: open, due, blocked, suspended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.demo.people import People
from factories import providers
from factories.models import ServiceKind, ServiceProvider, VettingCode, WordCode

EXPERT, LEAD = "expert@helpers.example", "lead@helpers.example"


@dataclass(frozen=True)
class Place:
    """A service that does not exist: what workers read, how long ago it was checked, what was wrong, what was said."""

    country: str
    name: str
    kinds: tuple[str, ...]
    phone: str
    checked_days_ago: int | None
    checked_by: str = EXPERT
    noes: tuple[str, ...] = ()
    said: tuple[tuple[str, int], ...] = ()
    place: str = "No such street"
    languages: str = "Khmer, English"


PLACES = (
    Place(
        "KH", "Quiet Room (fictional, for the demo)", (ServiceKind.COUNSELLING, ServiceKind.MENTAL_HEALTH),
        "000 000 001", 10, said=((WordCode.HELPED, 4), (WordCode.NOT_REACHED, 2)),
    ),
    Place("KH", "Morning Clinic (fictional, for the demo)", (ServiceKind.HEALTH,), "000 000 002", 165),
    Place("KH", "Paper Boat Legal Desk (fictional, for the demo)", (ServiceKind.LEGAL,), "000 000 003", 40),
    Place(
        "KH", "Mango Tree House (fictional, for the demo)", (ServiceKind.SHELTER, ServiceKind.CHILD_PROTECTION),
        "000 000 004", 30, checked_by=LEAD, said=((WordCode.HELPED, 9), (WordCode.COULD_NOT_LEAVE, 3)), place="",
    ),
    Place(
        "KH", "Second Needle Training (fictional, for the demo)", (ServiceKind.LIVELIHOOD,), "000 000 005", 20,
        noes=(VettingCode.NO_FORCED_TRAINING, VettingCode.INCOME),
    ),
    Place("KH", "Night Line (fictional, for the demo)", (ServiceKind.HOTLINE,), "000 000 006", None, place=""),
    Place(
        "VN", "Bamboo Bridge (fictional, for the demo)", (ServiceKind.COUNSELLING, ServiceKind.LEGAL), "000 000 007",
        15, languages="Vietnamese, English",
    ),
)  # fmt: skip


def make_services(people: People, at: datetime) -> None:
    """Make the places, vet them by the same door as anybody, and let some words be said about them."""
    for one in PLACES:
        provider = ServiceProvider.objects.create(
            country_id=one.country,
            name=one.name,
            kinds=list(one.kinds),
            phone=one.phone,
            reach="Call first, or send a message. Nobody asks for your name.",
            place=one.place,
            languages=one.languages,
            hours="Monday to Friday, 8 to 17",
            cost="Free",
        )
        if one.checked_days_ago is not None:
            then = at - timedelta(days=one.checked_days_ago)
            providers.vet(
                provider,
                {code: code not in one.noes for code in VettingCode.values},
                by=people[one.checked_by],
                checked_on=providers.local_day(provider.country, then),
                at=then,
            )
        for code, days_ago in one.said:
            then = at - timedelta(days=days_ago)
            providers.say(provider, code, on=providers.local_day(provider.country, then), at=then)
