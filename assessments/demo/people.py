"""Who works with the invented factories: advisors, experts and assessors, and two handlers of each live factory.

They share the demo's printed password, so it is stretched once for all of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from accounts import crypto, keys, secrets
from accounts.models import KeyState, Person, PersonKey
from assessments import course
from assessments.demo.book import Outside
from assessments.models import CourseAttempt
from factories.models import (
    Factory,
    FactoryRole,
    Membership,
    Organisation,
    OrganisationKind,
    OutsideRole,
    Position,
)

ADVISOR, EXPERT = "advisor@advisors.example", "expert@helpers.example"
SECOND_ADVISOR, THIRD_ADVISOR = "advisor2@advisors.example", "advisor3@advisors.example"
SECOND_EXPERT, VN_EXPERT, VN_SECOND = (
    "expert2@helpers.example",
    "expert.vn@helpers.example",
    "expert2.vn@helpers.example",
)
# Address, name, role, country (empty: every one).
NEW: tuple[tuple[str, str, str, str], ...] = (
    (SECOND_ADVISOR, "Sothea Mok", OutsideRole.ADVISOR, ""),
    (THIRD_ADVISOR, "Hanh Ngo", OutsideRole.ADVISOR, ""),
    (VN_EXPERT, "Linh Ta", OutsideRole.TECHNICAL_EXPERT, "VN"),
    (VN_SECOND, "Quan Ly", OutsideRole.TECHNICAL_EXPERT, "VN"),
)
WOMEN = (ADVISOR, THIRD_ADVISOR, EXPERT, SECOND_EXPERT, VN_EXPERT)
ASSESSORS = (ADVISOR, SECOND_ADVISOR, THIRD_ADVISOR, EXPERT, SECOND_EXPERT, VN_EXPERT, VN_SECOND)
GIVEN_NAMES = ("Chan", "Dany", "Hoa", "Kunthea", "Lai", "Makara", "Nga", "Phalla", "Rina", "Sok", "Thida", "Van", "Yen")
FAMILY_NAMES = ("Ang", "Bui", "Chea", "Doan", "Heng", "Kim", "Luu", "Men", "Noun", "Ouk", "Pich", "Ros", "Tep", "Ung")
HANDLERS = ((FactoryRole.CASE_OFFICER, "officer"), (FactoryRole.COMMITTEE_CHAIR, "chair"))


class NoDemo(Exception):
    """The demo's own people are not there."""


@dataclass(frozen=True)
class Team:
    """Everybody from outside, by address."""

    by_email: dict[str, Person]

    def __getitem__(self, email: str) -> Person:
        return self.by_email[email]

    def of(self, country: str, place: int) -> Outside:
        """Return who works with a factory: by its country, and by its place in the order of portfolios."""
        first, second, third = self[ADVISOR], self[SECOND_ADVISOR], self[THIRD_ADVISOR]
        women = frozenset(self[email].pk for email in WOMEN)
        if country == "KH":
            advisor = first if place < _of_first() else second
            other = second if advisor == first else first
            return Outside(advisor, other, self[EXPERT], self[SECOND_EXPERT], women)
        if country == "VN":
            return Outside(third, second, self[VN_EXPERT], self[VN_SECOND], women)
        advisor = second if country == "LA" else third
        return Outside(advisor, first, self[EXPERT], self[SECOND_EXPERT], women)

    def of_existing(self, factory: Factory) -> Outside:
        """Return who works with a factory that the demo had before: its own advisor."""
        women = frozenset(self[email].pk for email in WOMEN)
        if factory.country_id == "VN":
            return Outside(self[ADVISOR], self[THIRD_ADVISOR], self[VN_EXPERT], self[EXPERT], women)
        return Outside(self[ADVISOR], self[SECOND_ADVISOR], self[EXPERT], self[SECOND_EXPERT], women)


def _of_first() -> int:
    from assessments.demo.factories import OF_THE_FIRST_ADVISOR

    return OF_THE_FIRST_ADVISOR


class Keys:
    """Makes keys that open with the demo's password, vouched for by its first expert."""

    def __init__(self, password: str, by: Person, at: datetime) -> None:
        self.by, self.at, self.salt = by, at, crypto.new_salt()
        self.stretched = crypto.stretch(password.encode(), salt=self.salt, cost=keys.COST)

    def of(self, person: Person) -> PersonKey:
        pair = crypto.new_key_pair()
        key = PersonKey(
            person=person,
            public_key=pair.public,
            salt=self.salt,
            cost_ops=keys.COST.ops,
            cost_mem_kib=keys.COST.mem_kib,
            state=KeyState.VOUCHED,
            made_at=self.at,
            vouched_by=self.by,
            vouched_at=self.at,
        )
        wrapping = crypto.derive(secrets.subkey("wrap"), "person key", self.stretched, key.pk.bytes)
        bound = b"person key" + person.pk.bytes + key.pk.bytes + pair.public
        key.wrapped_private = crypto.encrypt(wrapping, pair.private, bound=bound)
        return key


def team(makes: Keys, password: str, since: datetime) -> Team:
    """Add the advisors and experts that a programme of this size needs, and let everybody pass the course."""
    there = {one.email: one for one in Person.objects.filter(email__in=ASSESSORS)}
    added = [
        Person(email=email, name=name, language="en", joined_at=since, password=password)
        for email, name, _role, _country in NEW
    ]
    Person.objects.bulk_create(added)
    PersonKey.objects.bulk_create(makes.of(person) for person in added)
    there |= {one.email: one for one in added}
    organisations = {
        OutsideRole.ADVISOR: Organisation.objects.filter(kind=OrganisationKind.ADVISORY).first(),
        OutsideRole.TECHNICAL_EXPERT: Organisation.objects.filter(kind=OrganisationKind.TECHNICAL).first(),
    }
    Position.objects.bulk_create(
        Position(
            person=there[email],
            organisation=organisations[OutsideRole(role)],
            role=role,
            country_id=country or None,
            since=since.date(),
        )
        for email, _name, role, country in NEW
    )
    pass_course(there.values(), since)
    return Team(there)


def pass_course(people: Iterable[Person], at: datetime) -> None:
    asked = course.course()
    CourseAttempt.objects.bulk_create(
        CourseAttempt(
            person=person,
            course_version=asked.version,
            right=len(asked.questions),
            of=len(asked.questions),
            passed=True,
            at=at,
        )
        for person in people
    )


def handlers(factory: Factory, draw: random.Random, password: str, since: datetime) -> tuple[Person, ...]:
    """Draw the officer and the chair of a factory, unsaved."""
    place = "-".join(factory.name_key.split()[:2])
    return tuple(
        Person(
            id=UUID(int=draw.getrandbits(128), version=4),
            email=f"{who}@{place}.example",
            name=f"{draw.choice(GIVEN_NAMES)} {draw.choice(FAMILY_NAMES)}",
            language="en",
            joined_at=since,
            password=password,
        )
        for _role, who in HANDLERS
    )


def store_handlers(staffed: Iterable[tuple[Factory, tuple[Person, ...], date]], makes: Keys) -> None:
    """Store the handlers of live factories: accounts, keys that are vouched for, roles since a day."""
    staffed = list(staffed)
    everybody = [person for _factory, people, _since in staffed for person in people]
    Person.objects.bulk_create(everybody)
    PersonKey.objects.bulk_create(makes.of(person) for person in everybody)
    Membership.objects.bulk_create(
        Membership(person=person, factory=factory, role=role, since=since - timedelta(days=14))
        for factory, people, since in staffed
        for person, (role, _who) in zip(people, HANDLERS, strict=True)
    )
