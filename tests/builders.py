"""Builders: each makes the smallest valid thing and returns it. A factory, here, is a building."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.test import Client

from accounts import crypto, keys, session
from accounts.keys import Reader
from accounts.models import Person, PersonKey
from accounts.people import create_person
from complaints import intake
from complaints.answers import Answers
from complaints.casecodes import Role
from complaints.codes import ConductType, RespondentJob, Route, ShareChoice
from complaints.compartments import Holder
from complaints.models import Case
from factories.models import (
    Activity,
    CountryPack,
    Factory,
    Membership,
    Organisation,
    Position,
    ProviderVetting,
    ServiceProvider,
    VettingAnswer,
    VettingCode,
)

PASSWORD = "a long enough sentence 42"
NO_PASSWORD = "no password fits this"
# A Wednesday, ten in the morning in Phnom Penh, far from any holiday.
WEDNESDAY = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)
_counter = itertools.count(1)


def make_country(code: str = "KH", **other: Any) -> CountryPack:
    values = {
        "name": "Cambodia",
        "status": "live",
        "time_zone": "Asia/Phnom_Penh",
        "language": "km",
        "legal_review_by": "Fictional, for tests",
        "legal_review_on": date(2026, 1, 1),
        "review_is_fictional": True,
    }
    return CountryPack.objects.update_or_create(code=code, defaults=values | other)[0]


def make_factory(name: str = "", *, country: CountryPack | None = None, status: str = "live") -> Factory:
    name = name or f"Fictional Garment {next(_counter)}"
    return Factory.objects.create(country=country or make_country(), name=name, status=status)


def open_channels(factory: Factory, *, on: date = date(2026, 1, 20)) -> None:
    """Note that the factory's channels were opened and tested, as the prevention package asks before it goes live."""
    values = {"state": "done", "first_agreed_on": on, "due_on": on, "done_on": on, "evidence": "Three tests answered."}
    Activity.objects.update_or_create(factory=factory, code="CHAN", defaults=values)


def make_provider(
    name: str = "",
    *,
    country: CountryPack | None = None,
    kinds: tuple[str, ...] = ("health",),
    checked_on: date | None = None,
    by: Person | None = None,
    noes: tuple[str, ...] = (),
    next_check_on: date | None = None,
    **other: Any,
) -> ServiceProvider:
    """Make a provider; with `checked_on` and `by` also a vetting, with yes to all but `noes`."""
    provider = ServiceProvider.objects.create(
        country=country or make_country(),
        name=name or f"Fictional service {next(_counter)}",
        kinds=list(kinds),
        **other,
    )
    if checked_on is not None:
        vetting = ProviderVetting.objects.create(
            provider=provider,
            number=1,
            checked_on=checked_on,
            checked_by=by or make_person(),
            next_check_on=next_check_on or checked_on + timedelta(days=180),
        )
        VettingAnswer.objects.bulk_create(
            VettingAnswer(vetting=vetting, code=code, yes=code not in noes) for code in VettingCode.values
        )
    return provider


def make_person(
    name: str = "",
    *,
    password: str = "",
    vouched: bool = True,
    at: datetime = WEDNESDAY,
    language: str = "en",
) -> Person:
    """Make a person with a key; without a password the key is wrapped cheaply by nobody and readers are made below."""
    number = next(_counter)
    person = create_person(f"person{number}@example.org", name or f"Person {number}", language, at)
    if password:
        person.set_password(password)
        person.save()
        key = keys.make_key(person, password, at)
        if vouched:
            PersonKey.objects.filter(pk=key.pk).update(state="vouched", vouched_at=at)
        return person
    person.password = NO_PASSWORD
    person.save(update_fields=["password"])
    _open_key(person, vouched=vouched, at=at).save()
    return person


def make_people(names: Iterable[str], *, at: datetime = WEDNESDAY) -> list[Person]:
    """Make people without a password, with vouched keys, in two statements."""
    people = [
        Person(email=f"person{next(_counter)}@example.org", name=name, joined_at=at, password=NO_PASSWORD)
        for name in names
    ]
    Person.objects.bulk_create(people)
    PersonKey.objects.bulk_create(_open_key(person, vouched=True, at=at) for person in people)
    return people


def _open_key(person: Person, *, vouched: bool, at: datetime) -> PersonKey:
    pair = crypto.new_key_pair()
    return PersonKey(
        person=person,
        public_key=pair.public,
        wrapped_private=pair.private,  # Tests only: read back by `reader_of`.
        salt=bytes(16),
        cost_ops=0,
        cost_mem_kib=0,
        state="vouched" if vouched else "pending",
        vouched_at=at if vouched else None,
        made_at=at,
    )


def reader_of(person: Person) -> Reader:
    """The person with their private key in hand."""
    key = person.keys.current().get()
    private = bytes(key.wrapped_private) if key.cost_ops == 0 else keys.unwrap(person, PASSWORD)
    return Reader(person, key, private)


def holder_of(person: Person) -> Holder:
    return Holder.of(reader_of(person))


@dataclass
class World:
    """One live factory in one live country, with everybody who acts for it."""

    country: CountryPack
    factory: Factory
    officer: Person
    chair: Person
    outside_member: Person
    stand_in: Person
    decision_maker: Person
    expert: Person
    second_expert: Person
    lead: Person
    second_lead: Person
    advisor: Person
    programme_lead: Person
    admin: Person
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def factory_people(self) -> list[Person]:
        return [self.officer, self.chair, self.outside_member, self.stand_in, self.decision_maker]

    @property
    def everybody(self) -> list[Person]:
        outside = [self.expert, self.second_expert, self.lead, self.second_lead]
        return [*self.factory_people, *outside, self.advisor, self.programme_lead, self.admin]


INSIDE = {
    "officer": Role.CASE_OFFICER,
    "chair": Role.COMMITTEE_CHAIR,
    "outside_member": Role.OUTSIDE_MEMBER,
    "stand_in": Role.COMMITTEE_MEMBER,
    "decision_maker": Role.DECISION_MAKER,
}
OUTSIDE = {
    "expert": ("technical_expert", "technical"),
    "second_expert": ("technical_expert", "technical"),
    "lead": ("safeguarding_lead", "technical"),
    "second_lead": ("safeguarding_lead", "technical"),
    "advisor": ("advisor", "advisory"),
    "programme_lead": ("programme_lead", "technical"),
    "admin": ("platform_admin", "platform"),
}
ORGANISATIONS = {
    "technical": "Helpers (fictional)",
    "advisory": "Advisors (fictional)",
    "platform": "Platform (fictional)",
}


def make_world(*, password: str = "", country: CountryPack | None = None) -> World:
    """A factory with its committee, and the people outside. Each kind of row is written at once: it is made often."""
    country = country or make_country()
    names = {
        **{who: f"{role} of the factory" for who, role in INSIDE.items()},
        **{who: f"{role} outside" for who, (role, _kind) in OUTSIDE.items()},
    }
    made = (
        [make_person(name, password=password) for name in names.values()] if password else make_people(names.values())
    )
    people = dict(zip(names, made, strict=True))
    factory = Factory(
        country=country, name=f"Fictional Garment {next(_counter)}", status="live", advisor=people["advisor"]
    )
    factory.save()
    since = date(2026, 1, 1)
    Membership.objects.bulk_create(
        Membership(person=people[who], factory=factory, role=role, since=since, is_stand_in=who == "stand_in")
        for who, role in INSIDE.items()
    )
    known = {one.kind: one for one in Organisation.objects.filter(name__in=ORGANISATIONS.values())}
    for kind, name in ORGANISATIONS.items():
        known[kind] = known.get(kind) or Organisation.objects.create(kind=kind, name=name)
    Position.objects.bulk_create(
        Position(
            person=people[who],
            organisation=known[kind],
            role=role,
            country=country,
            is_lead=who == "expert",
            since=since,
        )
        for who, (role, kind) in OUTSIDE.items()
    )
    return World(country=country, factory=factory, **people)


def make_answers(factory: Factory | None = None, **other: Any) -> Answers:
    values: dict[str, Any] = {
        "country": factory.country_id if factory else "KH",
        "factory": factory,
        "place_kind": "factory" if factory else "not_sure",
        "conduct_types": frozenset({ConductType.VERBAL}),
        "own_words": "He says things every day.",
        "respondent_job": RespondentJob.MECHANIC,
        "danger_answer": "no",
        "route": Route.FACTORY_COMMITTEE if factory else Route.OUTSIDE_ONLY,
        "share_choice": ShareChoice.ALL_WRITTEN,
    }
    return Answers(**(values | other))


def file(answers: Answers, *, at: datetime = WEDNESDAY) -> intake.Filed:
    return intake.file_complaint(answers, token=intake.mint(at).token, at=at)


def make_case(world: World, *, at: datetime = WEDNESDAY, **answers: Any) -> Case:
    """File a complaint about the world's factory and return its case."""
    return file(make_answers(world.factory, **answers), at=at).case


def sign_in(client: Client, person: Person, *, with_key: bool = True) -> None:
    """Sign a person in, fully, with their key open in the session (or without it, as after a new password)."""
    client.force_login(person)
    if not with_key:
        return
    reader = reader_of(person)
    request = HttpRequest()
    request.session = client.session
    session.open_session(request, reader.key, reader.private)
    request.session.save()
    client.cookies[session.cookie_name()] = request.key_cookie  # type: ignore[attr-defined]
