"""A form of a signed-in page that is sent twice is carried out once; what was refused is tried again."""

from __future__ import annotations

import copy
import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from redis.exceptions import RedisError

from factories.models import IndustryEvent
from factories.package import events
from tests.builders import World, make_world

pytestmark = pytest.mark.django_db
NEW = "package:event_new"


@pytest.fixture
def world() -> World:
    return make_world()


def form(world: World, token: str = "mask-of-a-page", **other: Any) -> dict[str, Any]:
    """What one page sends; each page that is shown has another token."""
    typed = {"level": "national", "country": world.country.pk, "title": "Forum", "on": "2026-06-01", "hosts": "Us",
             "follow_up_on": "2026-09-01", "csrfmiddlewaretoken": token}  # fmt: skip
    return typed | other


def test_one_page_sent_twice_records_one_event_and_leads_both_to_it(client: Client, world: World):
    client.force_login(world.advisor)
    first, second = (client.post(reverse(NEW), form(world)) for _press in range(2))
    event = IndustryEvent.objects.get()
    assert first.url == second.url == reverse("package:event", args=[event.pk])


def test_the_same_words_on_another_page_or_of_another_person_are_another_event(client: Client, world: World):
    client.force_login(world.advisor)
    client.post(reverse(NEW), form(world))
    client.post(reverse(NEW), form(world, token="mask-of-the-next-page"))
    client.force_login(world.expert)
    client.post(reverse(NEW), form(world))
    assert IndustryEvent.objects.count() == 3


def test_what_was_refused_is_tried_again(client: Client, world: World):
    client.force_login(world.advisor)
    wrong = form(world, follow_up_on="2026-05-01")
    for _press in range(2):
        assert "comes after the event" in client.post(reverse(NEW), wrong).content.decode()
    client.post(reverse(NEW), form(world))
    assert IndustryEvent.objects.count() == 1


def test_what_broke_is_tried_again(client: Client, world: World, monkeypatch: pytest.MonkeyPatch):
    client.force_login(world.advisor)
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(events, "record", lambda **_: 1 / 0)
        assert client.post(reverse(NEW), form(world)).status_code == 500
    client.post(reverse(NEW), form(world))
    assert IndustryEvent.objects.count() == 1


def test_it_is_recorded_where_nothing_can_be_remembered(client: Client, world: World, monkeypatch: pytest.MonkeyPatch):
    def down(*_: Any, **__: Any) -> None:
        raise RedisError

    client.force_login(world.advisor)
    monkeypatch.setattr(cache, "add", down)
    monkeypatch.setattr(cache, "set", down)
    monkeypatch.setattr(cache, "delete", down)
    assert client.post(reverse(NEW), form(world)).status_code == 302
    assert IndustryEvent.objects.count() == 1


def test_what_is_remembered_shows_no_word_of_it(client: Client, world: World, monkeypatch: pytest.MonkeyPatch):
    kept: list[str] = []
    keep = cache.set
    monkeypatch.setattr(
        cache, "set", lambda name, value, *how: (kept.append(f"{name} {value}"), keep(name, value, *how))
    )
    client.force_login(world.advisor)
    client.post(reverse(NEW), form(world, title="A forum of bus drivers"))
    assert [one for one in kept if one.startswith("twice:")]
    assert not [one for one in kept if "drivers" in one or "mask-of" in one]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_record_one_event(client: Client, world: World):
    client.force_login(world.advisor)
    presses = [copy.deepcopy(client), copy.deepcopy(client)]
    led: list[str] = []
    together = threading.Barrier(2)

    def press(one: Client) -> None:
        together.wait()
        led.append(one.post(reverse(NEW), form(world)).url)
        connection.close()

    threads = [threading.Thread(target=press, args=(one,)) for one in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    event = IndustryEvent.objects.get()
    assert led == [reverse("package:event", args=[event.pk])] * 2
