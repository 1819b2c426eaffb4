"""The demo's countries, factories and people. Every name is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.auth.hashers import make_password

from accounts import keys
from accounts.demo import PASSWORD
from accounts.keys import Reader
from accounts.models import Person
from accounts.people import create_person
from complaints.demo import packages
from factories import vouching
from factories.models import (
    CountryPack,
    Factory,
    FactoryRole,
    Membership,
    Organisation,
    OrganisationKind,
    OutsideRole,
    PackStatus,
    Position,
    RosterSlot,
    Weekday,
)

REVIEW = "Fictional, for the demo"
JOINED_BEFORE = timedelta(days=450)


@dataclass(frozen=True)
class Account:
    """Somebody who signs in to the demo, and what they do, in words for the list of people."""

    email: str
    name: str
    does: str
    language: str = "en"


LOTUS, RIVER, BAMBOO, PALM = (
    "Lotus Thread (fictional)",
    "River Cotton (fictional)",
    "Bamboo Seam (fictional)",
    "Palm Button (fictional)",
)

AT_FACTORIES: tuple[tuple[str, str, bool, Account], ...] = (
    (LOTUS, FactoryRole.CASE_OFFICER, False, Account("officer@lotus.example", "Mealea Tun", "case officer")),
    (LOTUS, FactoryRole.COMMITTEE_CHAIR, False, Account("chair@lotus.example", "Rithy Kong", "committee chair")),
    (LOTUS, FactoryRole.COMMITTEE_MEMBER, True, Account("member@lotus.example", "Sina Pov", "stand-in of the chair")),
    (LOTUS, FactoryRole.OUTSIDE_MEMBER, False, Account("outside@lotus.example", "Dara Meas", "outside member")),
    (LOTUS, FactoryRole.DECISION_MAKER, False, Account("manager@lotus.example", "Lina Orr", "decision maker")),
    (RIVER, FactoryRole.CASE_OFFICER, False, Account("officer@river.example", "Bopha Lim", "case officer", "km")),
    (RIVER, FactoryRole.COMMITTEE_CHAIR, False, Account("chair@river.example", "Vuthy Nhem", "committee chair", "km")),
    (BAMBOO, FactoryRole.CASE_OFFICER, False, Account("officer@bamboo.example", "Hoa Dinh", "case officer")),
    (BAMBOO, FactoryRole.COMMITTEE_CHAIR, False, Account("chair@bamboo.example", "Minh Quach", "committee chair")),
)
HELPERS, ADVISORS, PLATFORM = (
    "Open Window Helpers (fictional)",
    "Good Floor Advisors (fictional)",
    "Platform (fictional)",
)
ORGANISATIONS = {
    HELPERS: OrganisationKind.TECHNICAL,
    ADVISORS: OrganisationKind.ADVISORY,
    PLATFORM: OrganisationKind.PLATFORM,
}
OUTSIDE: tuple[tuple[str, str, bool, Account], ...] = (
    (
        HELPERS, OutsideRole.TECHNICAL_EXPERT, True,
        Account("expert@helpers.example", "Chanthy Roth", "lead technical expert"),
    ),
    (
        HELPERS, OutsideRole.TECHNICAL_EXPERT, False,
        Account("expert2@helpers.example", "Thu Phan", "technical expert"),
    ),
    (
        HELPERS, OutsideRole.SAFEGUARDING_LEAD, True,
        Account("lead@helpers.example", "Sreypov Em", "safeguarding lead"),
    ),
    (
        HELPERS, OutsideRole.SAFEGUARDING_LEAD, False,
        Account("lead2@helpers.example", "Lan Vo", "second safeguarding lead"),
    ),
    (
        HELPERS, OutsideRole.PROGRAMME_LEAD, False,
        Account("head@helpers.example", "Nary Keo", "head of the technical organisation"),
    ),
    (
        HELPERS, OutsideRole.APPEAL_REVIEWER, False,
        Account("appeals@helpers.example", "Oudom Sek", "appeal reviewer"),
    ),
    (ADVISORS, OutsideRole.ADVISOR, False, Account("advisor@advisors.example", "Kolab Chim", "their advisor")),
    (
        ADVISORS, OutsideRole.PROGRAMME_LEAD, False,
        Account("head@advisors.example", "Peter Quill", "head of the advisory organisation"),
    ),
    (PLATFORM, OutsideRole.PLATFORM_ADMIN, True, Account("admin@platform.example", "Anna Sroy", "administrator")),
)  # fmt: skip


class People:
    """Everybody of the demo by e-mail address, and the keys they would open with their password."""

    def __init__(self) -> None:
        self.by_email: dict[str, Person] = {}
        self._readers: dict[str, Reader] = {}

    def __getitem__(self, email: str) -> Person:
        return self.by_email[email]

    def reader(self, email: str) -> Reader:
        """Sign this person in, as far as their key goes; once, because stretching a password takes its time."""
        if email not in self._readers:
            self._readers[email] = keys.open_current(self[email], PASSWORD)
        return self._readers[email]


def make_countries(at: datetime) -> None:
    """Make two live countries; their reviews are fictional, which production refuses."""
    for code, name, zone, language in (
        ("KH", "Cambodia", "Asia/Phnom_Penh", "km"),
        ("VN", "Viet Nam", "Asia/Ho_Chi_Minh", "vi"),
    ):
        CountryPack.objects.update_or_create(
            code=code,
            defaults={
                "name": name,
                "status": PackStatus.LIVE,
                "time_zone": zone,
                "language": language,
                "legal_review_by": REVIEW,
                "legal_review_on": (at - JOINED_BEFORE).date(),
                "legal_review_note": "Nobody has reviewed anything. This country is live in the demo only.",
                "review_is_fictional": True,
            },
        )


def make_people(at: datetime) -> People:
    """Open every account with its key, give the roles, and let every key be vouched for.

    Keys come before roles, so that back then nobody had a colleague to be told about.
    """
    made = People()
    joined = at - JOINED_BEFORE
    hashed = make_password(PASSWORD)
    for *_role, account in (*AT_FACTORIES, *OUTSIDE):
        person = create_person(account.email, account.name, account.language, joined)
        person.password = hashed  # The same for all, and printed: one slow hash is enough.
        person.save(update_fields=["password"])
        keys.make_key(person, PASSWORD, joined)
        made.by_email[account.email] = person
    _outside_team(made, joined)
    _factories(made, joined)
    _vouch(made, at)
    for factory in Factory.objects.live():
        packages.open_channels(
            factory,
            advisor=made["advisor@advisors.example"],
            expert=made["expert@helpers.example"],
            began=joined.date(),
        )
    return made


def _outside_team(made: People, joined: datetime) -> None:
    """One team for both countries, and who of it reads when."""
    organisations = {name: Organisation.objects.create(kind=kind, name=name) for name, kind in ORGANISATIONS.items()}
    for organisation, role, is_lead, account in OUTSIDE:
        Position.objects.create(
            person=made[account.email],
            organisation=organisations[organisation],
            role=role,
            is_lead=is_lead,
            since=joined.date(),
        )
    weekend = (Weekday.SATURDAY, Weekday.SUNDAY)
    RosterSlot.objects.bulk_create(
        RosterSlot(
            person=made["expert2@helpers.example" if day in weekend else "expert@helpers.example"],
            country_id=country,
            weekday=day,
            start=time(9) if day in weekend else time(7),
            end=time(17) if day in weekend else time(19),
        )
        for country in ("KH", "VN")
        for day in Weekday
    )


def _factories(made: People, joined: datetime) -> None:
    advisor = made["advisor@advisors.example"]
    factories = {
        name: Factory.objects.create(
            country_id=country, name=name, address=address, status=status, headcount=headcount, advisor=adviser
        )
        for name, country, address, status, headcount, adviser in (
            (LOTUS, "KH", "No such street 1, Phnom Penh", "live", 1200, advisor),
            (RIVER, "KH", "No such street 2, Kandal", "live", 640, advisor),
            (PALM, "KH", "No such street 3, Takeo", "listed", 300, None),
            (BAMBOO, "VN", "No such street 4, Binh Duong", "live", 900, advisor),
        )
    }
    for factory, role, stands_in, account in AT_FACTORIES:
        Membership.objects.create(
            person=made[account.email],
            factory=factories[factory],
            role=role,
            is_stand_in=stands_in,
            since=joined.date(),
        )


def _vouch(made: People, at: datetime) -> None:
    """The first expert by the holders of the recovery shares, the second by the first, everybody else by an expert."""
    first = made["expert@helpers.example"]
    keys.vouch(first.keys.get(), None, at - JOINED_BEFORE)
    for email, person in made.by_email.items():
        if email != "expert@helpers.example":
            vouching.vouch(person.keys.get(), by=first, at=at - JOINED_BEFORE)
