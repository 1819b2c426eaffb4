"""What somebody tries who does not keep to the pages: days out of reach, two at once, forms sent twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import clock
from factories.models import EventCommitment, JointReview
from factories.package import events, numbers, practices, promises, reviews
from factories.package.refusal import PackageRefused
from tests.builders import make_country, make_factory, make_world
from tests.packages import activity, enter, move, noon

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FAR = date(9999, 12, 30)


@pytest.fixture
def planned():
    world = make_world()
    world.extra["plan"] = enter(world, began=today(world) - timedelta(days=49))
    return world


def today(world):
    return promises.local_day(world.factory, clock.now())


def at(world, name, *args):
    return reverse(f"package:{name}", args=[world.factory.pk, *args])


def test_dates_lie_in_reach_of_a_calendar(client, planned):
    one = activity(planned, "AWARE")
    client.force_login(planned.advisor)
    typed = {"seen": one.due_on, "reason": "peak_shipment", "to_on": FAR, "offered": "A talk"}
    sent = client.post(at(planned, "activity_act", "AWARE", "postpone"), typed)
    assert sent.status_code == 200
    event = {"level": "regional", "title": "Forum", "on": "9999-12-01", "hosts": "Us", "follow_up_on": FAR}
    assert client.post(reverse("package:event_new"), event).status_code in (200, 302)
    client.force_login(planned.officer)
    typed = {"reason": "peak_shipment", "to_on": FAR, "words": ""}
    assert client.post(at(planned, "activity_act", "AWARE", "ask-move"), typed).status_code == 200
    one.refresh_from_db()
    assert one.due_on != FAR
    assert not one.requests.exists()


def test_a_reminder_about_numbers_that_is_sent_twice_is_one_reminder(client, planned):
    client.force_login(planned.advisor)
    shown = client.get(at(planned, "factory")).content.decode()
    assert 'name="seen"' in shown
    for _twice in range(2):
        client.post(at(planned, "numbers_asked"), {"seen": ""})
    assert not planned.factory.package_deadlines.filter(code=numbers.TALK).exists()
    seen = today(planned).isoformat()
    assert f'name="seen" value="{seen}"' in client.get(at(planned, "factory")).content.decode()
    client.post(at(planned, "numbers_asked"), {"seen": seen})
    assert planned.factory.package_deadlines.filter(code=numbers.TALK).count() == 1


def test_a_pause_whose_end_is_over_before_both_agreed_never_begins(planned):
    day = today(planned)
    move(planned, "POLICY", on=day, to=None)
    review = JointReview.objects.get()
    reviews.tell_advisor(review, by=planned.expert, at=noon(day))
    reviews.talked(review, on=day, by=planned.advisor, at=noon(day))
    step = {"causes": ["unclear"], "step": "pause_with_end_date", "step_on": day + 2 * DAY}
    reviews.propose(review, **step, by=planned.advisor, at=noon(day))
    late = noon(day + 3 * DAY)
    with pytest.raises(PackageRefused, match="day of the proposed step is over"):
        reviews.agree(review, by=planned.expert, at=late)
    planned.factory.package.refresh_from_db()
    assert planned.factory.package.paused_until is None


def test_a_commitment_of_a_factory_is_kept_by_those_who_read_its_package(client, planned):
    day = today(planned)
    event = events.record(
        level="regional", country=None, title="Forum", on=day, hosts="Us", follow_up_on=day, by=planned.expert,
        at=noon(day),
    )  # fmt: skip
    made = events.commit(
        event, who="A factory", what="Train its guards", due_on=day, factory=planned.factory, written_yes_on=day,
        by=planned.expert, at=noon(day),
    )  # fmt: skip
    other = make_world(country=make_country("VN", name="Viet Nam"))
    url = reverse("package:commitment_done", args=[made.pk])
    client.force_login(other.advisor)
    assert url not in client.get(reverse("package:event", args=[event.pk])).content.decode()
    assert "not one of yours" in client.post(url, follow=True).content.decode()
    assert EventCommitment.objects.get().done_on is None
    client.force_login(planned.advisor)
    assert url in client.get(reverse("package:event", args=[event.pk])).content.decode()


def test_the_list_says_nothing_of_a_joint_review_to_people_of_the_factory(client, planned):
    move(planned, "POLICY", on=today(planned), to=None)
    assert JointReview.objects.filter(looked_again_on=None).exists()
    url = reverse("package:home")
    for person, sees in ((planned.expert, True), (planned.officer, False), (planned.chair, False)):
        client.force_login(person)
        shown = client.get(url, {"q": planned.factory.name}).content.decode()
        assert planned.factory.name in shown
        assert ("joint review" in shown) is sees, person


def test_lists_of_the_package_ask_no_more_with_more_in_them(client, planned):
    day = today(planned)
    client.force_login(planned.expert)

    def record(names):
        for name in names:
            event = events.record(
                level="regional", country=None, title=name, on=day, hosts="Us", follow_up_on=day, by=planned.expert,
                at=noon(day),
            )  # fmt: skip
            events.commit(event, who="All", what="Talk", due_on=day, by=planned.expert, at=noon(day))
            practices.share(
                planned.factory, title=name, what="It worked.", agreed_on=day, named=True, by=planned.expert,
                at=noon(day),
            )  # fmt: skip

    urls = [reverse(f"package:{name}") for name in ("events", "practices", "home")]
    record(["one"])
    for url in urls:
        client.get(url)
    few = {url: count(client, url) for url in urls}
    record(["two", "three", "four"])
    make_factory(country=planned.country)
    make_factory(country=planned.country)
    assert {url: count(client, url) for url in urls} == few


def count(client, url) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    # The clock of the demo is asked once a second: on a slow machine within one page and not within another.
    return sum("accounts_clockoffset" not in query["sql"] for query in asked)


def test_a_follow_up_keeps_its_first_day(planned):
    day = today(planned)
    event = events.record(
        level="regional", country=None, title="Forum", on=day - 9 * DAY, hosts="Us", follow_up_on=day - 5 * DAY,
        by=planned.expert, at=noon(day),
    )  # fmt: skip
    events.follow_up(event, on=day - 3 * DAY, by=planned.expert, at=noon(day))
    with pytest.raises(PackageRefused, match="already"):
        events.follow_up(event, on=day, by=planned.advisor, at=noon(day))
    event.refresh_from_db()
    assert event.followed_up_on == day - 3 * DAY
