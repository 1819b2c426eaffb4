from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts import clock, crypto, keys, people
from accounts.models import Person

PASSWORD = "correct horse battery"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def cheap_keys(request, monkeypatch, settings):
    """Stretch passwords at almost no price, except for a browser's tests, whose server is another process."""
    if "page" in request.fixturenames:
        return
    monkeypatch.setattr(keys, "COST", crypto.Cost(ops=1, mem_kib=8))
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fresh_clock():
    clock.forget()
    yield
    clock.forget()


@pytest.fixture(autouse=True)
def fresh_rate_limits():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def production(settings):
    """The rules that the demo relaxes."""
    settings.SAMLENG_VOUCH_WAIT = timedelta(days=2)
    settings.SAMLENG_REQUIRE_SECOND_FACTOR = True
    return settings


def make_person(email: str = "sok@example.org", *, password: str | None = PASSWORD, **values) -> Person:
    person = people.create_person(email, values.pop("name", "Sok"), values.pop("language", "en"), NOON)
    for name, value in values.items():
        setattr(person, name, value)
    if password:
        person.set_password(password)
    person.save()
    if password:
        keys.make_key(person, password, NOON)
    return person


@pytest.fixture
def person(db) -> Person:
    return make_person()
