"""Line 10 of the walk: the advisor sees the portfolio and late steps as a working list, and no word of any case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import clock
from factories import sweep
from tests.builders import make_case, make_country, make_factory, make_world
from tests.walk.by_hand import at_each_size, fits, let_in

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "ZqWordsOfHers"


def test_the_advisor_finds_what_is_late_who_acts_and_nothing_of_the_cases(stack, make_page, axe, screenshot):
    world = make_world()
    at = clock.now()
    late = make_case(world, at=at - timedelta(days=20), own_words=MARK)
    outside = make_case(world, at=at - timedelta(days=20), own_words=MARK, route="outside_first")
    fresh = make_case(world, at=at, own_words=MARK)
    elsewhere = make_case(make_world(country=make_country("VN")), at=at - timedelta(days=20))
    for _number in range(39):
        factory = make_factory(status="listed")
        factory.advisor = world.advisor
        factory.save()
    sweep.sweep(at)
    page = make_page()
    let_in(page, world.advisor)
    for name, path in {"home": "/staff/", "portfolio": "/portfolio/", "late": "/portfolio/late/"}.items():
        page.goto(path)
        for case in (outside, fresh, elsewhere):
            assert case.reference not in page.content()
        assert MARK not in page.content()
        for _width in at_each_size(page):
            text = page.inner_text("main")
            assert late.reference in text, path
            assert "Received" in text
            fits(page)
            axe(page)
            screenshot(page, f"walk-advisor-{name}")
            if name == "portfolio":
                for person in (world.officer, world.chair):
                    assert person.name in text
    for case in (late, outside, fresh):
        for tab in ("", "words/", "messages/", "steps/acknowledge/"):
            sent = page.request.get(f"/cases/{case.reference}/{tab}")
            assert sent.status in (403, 404)
            assert MARK not in sent.text()
