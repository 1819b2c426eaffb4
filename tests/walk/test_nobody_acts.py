"""Lines 8 and 9 of the walk: nobody acts, and the clock climbs by itself over the real broker; then it stands still."""

from __future__ import annotations

import email
import io
import re
import time
from collections import Counter
from datetime import timedelta
from email import policy

import pytest
from django.core.management import call_command
from django.test import Client

from accounts import clock
from accounts.models import Heartbeat, Notice
from complaints.models import Rung
from factories import sweep
from tests.builders import file, make_answers, make_world, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
WORD = "ZqWordsOfHers"
PATIENCE = 45


def until(holds, what: str) -> None:
    """Look again until it holds; a machine under load may take its time."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def nothing_is_due() -> bool:
    clock.forget()
    at = clock.now()
    return not Rung.objects.due(at).exists() and not Notice.objects.sendable(at).exists()


def pass_days(stack, days: int) -> None:
    stack.manage("demo_clock", "+1d")
    for _day in range(days - 1):
        call_command("demo_clock", "+1d", stdout=io.StringIO())
        until(nothing_is_due, "a rung or a notice that is due does not leave")


@pytest.fixture
def demo_clock(stack):
    yield
    stack.manage("demo_clock", "--reset")
    clock.forget()


def mails(stack) -> list[email.message.EmailMessage]:
    found = []
    for path in sorted(stack.mail.glob("*")):
        for raw in re.split(rb"\n-{70,}\n", path.read_bytes()):
            if raw.strip():
                found.append(email.message_from_bytes(raw.lstrip(), policy=policy.default))
    return found


def test_a_promise_nobody_keeps_climbs_to_the_top_each_level_once(queue, demo_clock, phone_without_script):
    for path in queue.mail.glob("*"):
        path.unlink()
    world = make_world()
    filed = file(make_answers(world.factory, own_words=WORD), at=clock.now())
    reference = filed.case.reference
    pass_days(queue, 45)

    ladder = Rung.objects.filter(deadline__case=filed.case, deadline__code="acknowledge").order_by("raised_at")
    order = [level for level in ladder.values_list("level", flat=True) if level != "L2c"]
    assert order == ["reminder_before", "reminder_due", "L1", "L2", "L3", "L4"]
    assert not ladder.filter(raised_at=None).exists()

    def kinds(person):
        return set(person.notices.values_list("kind", flat=True))

    assert kinds(world.officer) == {"case_filed", "reminder"}
    assert "late_l1" in kinds(world.chair)
    assert kinds(world.advisor) == {"late_l2"}
    assert kinds(world.expert) | kinds(world.second_expert) == {"late_l3"}
    assert kinds(world.programme_lead) == {"late_l4"}
    assert kinds(world.decision_maker) == kinds(world.lead) == set()
    causes = Counter(Notice.objects.values_list("cause", "recipient"))
    assert set(causes.values()) == {1}

    sent = mails(queue)
    assert sent
    for message in sent:
        text = str(message)
        for secret in (reference, WORD, world.factory.name, "acknowledge", "triage", "complaint", "harass"):
            assert secret.lower() not in text.lower()

    page = phone_without_script
    page.goto("/my/?lang=en&c=kh")
    page.fill("#number", filed.receipt)
    page.locator("#enter button.strong").click()
    page.wait_for_url("**/my/case/**")
    assert "We are late. We are sorry." in page.content()
    page.get_by_role("link", name="Move my case outside the factory").first.click()
    assert world.factory.name not in page.title()


def test_when_the_clock_stands_still_the_pages_say_so_and_the_backlog_comes_in_one_mail(stack, demo_clock):
    world = make_world()
    for _i in range(3):
        file(make_answers(world.factory), at=clock.now())
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": clock.now() - timedelta(minutes=6)})
    stack.manage("demo_clock", "+9d")
    clock.forget()

    assert Client().get("/health/").json()["ok"] is False
    for person in (world.advisor, world.expert):
        client = Client()
        sign_in(client, person)
        assert "Reminders have not run since" in client.get("/staff/", follow=True).content.decode()
    client = Client()
    sign_in(client, world.officer)
    assert client.get("/cases/").status_code == 200

    for path in stack.mail.glob("*"):
        path.unlink()
    stack.clear_queue()
    stack.start("worker")
    stack.start("beat")
    try:
        until(lambda: nothing_is_due() and not sweep.health(clock.now()).is_stale, "the backlog does not leave")
    finally:
        stack.stop("beat")
        stack.stop("worker")
    to = Counter(message["To"] for message in mails(stack))
    assert to[world.officer.email] == to[world.chair.email] == 1
    assert Client().get("/health/").json()["ok"] is True
