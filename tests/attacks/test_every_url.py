"""The stranger, the reader and the handler visit every address, made from the list of addresses itself.

An address that is added later is in here without a line of test, and counts as closed until it is named as open.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Person
from accounts.session import cookie_name
from complaints import workflow
from complaints.models import Case, Entry
from factories.models import Membership
from tests.builders import WEDNESDAY, World, file, make_answers, make_factory, make_person, make_world, sign_in

pytestmark = pytest.mark.django_db
WORD = "ZqMarkerOfTheStory"
# What anybody may open: the workers' pages, signing in, and whether the site is well.
OPEN_TO_ALL = ("", "rights/", "holidays/", "leave/", "health/", "my/", "kh/", "invitation/",
               "staff/sign-in/", "staff/password/reset/", "staff/closed/", "staff/password/reset/done/")  # fmt: skip
FOR_ADMINISTRATORS = "administration/"


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, here)
        else:
            yield here, one


ROUTES = [route for route, _pattern in patterns(get_resolver())]


def address(route: str, world: World, case: Case) -> str:
    """Fill an address with what exists in this world."""
    filling = {
        "reference": case.reference,
        "country": "kh",
        "code": "KH",
        "step": "acknowledge",
        "entry": str(Entry.objects.filter(key__compartment__case=case).first().pk),
        "pk": str(world.factory.pk if "factories" in route or route.startswith("package/") else uuid.uuid4()),
    }
    out = ""
    rest = route.replace("^", "").replace("$", "")
    while "<" in rest:
        start, _, after = rest.partition("<")
        inside, _, rest = after.partition(">")
        kind, _, name = inside.rpartition(":")
        if start.endswith("(?P"):
            start, rest = start[:-3], rest.partition(")")[2]
        value = filling.get(name, "1" if kind == "int" else str(uuid.uuid4()) if kind == "uuid" else "abc")
        out += start + ("1" if kind == "int" else value)
    return "/" + out + rest


def is_open(route: str) -> bool:
    plain = route.replace("<country:country>/", "kh/").replace("^", "")
    return plain in OPEN_TO_ALL or any(
        plain.startswith(prefix)
        for prefix in ("kh/", "my/", "f/", "invitation/", "staff/password/reset/", "staff/sign-in/")
    )


@pytest.fixture
def scene(db):
    world = make_world()
    case = file(make_answers(world.factory, own_words=WORD)).case
    at = WEDNESDAY + timedelta(days=1)
    workflow.declare_conflict(case, by=world.officer, answer="none", at=at)
    return world, case


def officer_elsewhere() -> Person:
    person = make_person("officer elsewhere")
    Membership.objects.create(
        person=person, factory=make_factory(), role="case_officer", since=WEDNESDAY.date() - timedelta(days=9)
    )
    return person


class SignedIn:
    """Somebody with an open key, signed in anew after an address that has signed them out or closed the key."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._client: Client | None = None

    def client(self) -> Client:
        client = self._client
        if client is None or not client.session.get("_auth_user_id") or not client.cookies[cookie_name()].value:
            self._client = client = Client()
            sign_in(client, self.person)
        return client


def visit(client: Client, path: str) -> Iterator[tuple[str, object]]:
    client.raise_request_exception = True
    yield "GET", client.get(path)
    yield "POST", client.post(path, {})


def body(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace") + str(response.headers)


def test_a_stranger_from_the_street_reads_nothing(scene):
    world, case = scene
    for route in ROUTES:
        path = address(route, world, case)
        for method, response in visit(Client(), path):
            assert response.status_code < 500, path
            assert WORD not in body(response), path
            assert case.reference not in body(response) or case.reference in response.headers.get("Location", ""), path
            if not is_open(route):
                to_sign_in = response.status_code == 302 and "/staff/sign-in/" in response["Location"]
                assert to_sign_in or response.status_code in (403, 404, 405), (path, method, response.status_code)


@pytest.mark.parametrize("who", ["another factory's officer", "decision_maker", "advisor", "programme_lead", "admin"])
def test_who_does_not_work_on_the_case_finds_no_trace_at_any_address(who, scene):
    world, case = scene
    reader = SignedIn(officer_elsewhere() if who.startswith("another") else getattr(world, who))
    for route in ROUTES:
        path = address(route, world, case)
        for _method, response in visit(reader.client(), path):
            assert response.status_code < 500, path
            assert WORD not in body(response), path
            if route.startswith("cases/<"):
                assert response.status_code in (404, 405), (path, response.status_code)
            elif case.reference in body(response):
                # The path asked for may come back in a form's own address; a trace of the case may not.
                assert case.reference in path, path


def test_only_administrators_open_administration(scene):
    world, case = scene
    for person in (world.officer, world.advisor, world.expert, world.lead):
        reader = SignedIn(person)
        for route in ROUTES:
            if not route.startswith(FOR_ADMINISTRATORS):
                continue
            for _method, response in visit(reader.client(), address(route, world, case)):
                assert response.status_code in (403, 404, 405), (person.name, route, response.status_code)


@pytest.mark.parametrize("who", ["officer", "chair", "expert", "lead"])
def test_a_handler_finds_no_page_broken(who, scene):
    world, case = scene
    handler = SignedIn(getattr(world, who))
    for route in ROUTES:
        for _method, response in visit(handler.client(), address(route, world, case)):
            assert response.status_code < 500, (route, response.status_code)


OUTSIDE = [
    {"route": "outside_only"},
    {"route": "outside_first"},
    {"route": "record_only"},
    {"respondent_job": "manager_owner"},
    {"age_band": "15_17"},
    {"freedom": {"FQ4": "yes"}},
    {"danger_answer": "now"},
    {"exclude": frozenset({"named_person"}), "exclude_name": "x"},
]


@pytest.mark.parametrize("answers", OUTSIDE, ids=str)
def test_the_factory_finds_no_trace_of_what_is_not_theirs(answers):
    world = make_world()
    before = {}
    for moment in ("before", "after"):
        if moment == "after":
            case = file(make_answers(world.factory, own_words=WORD, **answers)).case
        for person in world.factory_people:
            client = Client()
            sign_in(client, person)
            for path in ("/staff/", "/cases/", "/cases/?late=1", "/portfolio/"):
                response = client.get(path)
                text = body(response)
                if moment == "before":
                    before[person.pk, path] = (response.status_code, len(text) // 200)
                    continue
                assert case.reference not in text and WORD not in text
                assert (response.status_code, len(text) // 200) == before[person.pk, path]
            if moment == "after":
                assert client.get(f"/cases/{case.reference}/").status_code == 404
                assert client.get("/cases/", {"reference": case.reference}).status_code in (200, 404)
                assert not person.notices.exists()
