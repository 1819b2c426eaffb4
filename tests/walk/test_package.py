"""A factory in the prevention package by hand: its officer on a phone, advisor and expert beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import clock
from factories.models import JointReview
from factories.package import promises, reviews
from tests.builders import make_world
from tests.packages import activity, enter, finish
from tests.walk.by_hand import give_password, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def test_a_date_is_asked_for_postponed_and_looked_into_together(stack, make_page, axe, screenshot):
    world = make_world()
    give_password(world.advisor, world.expert, world.officer)
    today = promises.local_day(world.factory, clock.now())
    enter(world, began=today - timedelta(days=49))
    finish(world, "REFER", today)
    url = f"/package/{world.factory.pk}/"

    # The officer reads the factory's own activities on a phone, and asks for another date.
    phone = make_page((360, 740))
    sign_in(phone, world.officer)
    phone.goto("/package/")
    axe(phone)
    screenshot(phone, "walk-package-factory")
    phone.click("main a:has-text('Managers')")
    phone.click("summary:has-text('Ask for another date')")
    phone.select_option("select[name=reason]", "peak_shipment")
    phone.fill("input[name=to_on]", (activity(world, "T-MGMT").due_on + timedelta(days=70)).isoformat())
    press(phone, "Ask for another date")
    assert "the agreed date stands" in phone.inner_text("main")
    axe(phone)
    screenshot(phone, "walk-package-activity")

    # The advisor sees it first thing, and answers; then moves another date without a new one.
    desk = make_page((1280, 900))
    sign_in(desk, world.advisor)
    desk.goto("/staff/")
    desk.click("main a:has-text('asks something')")
    screenshot(desk, "walk-package-asked")
    desk.click("summary:has-text('Not yet, or not like this')")
    desk.fill("textarea[name=answer]", "Seventy days is long. Shall we take two shorter sessions?")
    press(desk, "Tell the factory")
    desk.click("main a:has-text('Policy')")
    desk.click("summary:has-text('Postpone')")
    desk.select_option("select[name=reason]", "key_person_away")
    desk.fill("textarea[name=offered]", "The stand-in could begin.")
    press(desk, "Move the date")
    axe(desk)
    screenshot(desk, "walk-package-moved")
    review = JointReview.objects.get()
    reviews.tell_advisor(review, by=world.expert, at=clock.now())

    # They hold the review: the advisor proposes after the talk, the expert agrees.
    desk.goto(f"{url}reviews/{review.pk}/")
    desk.fill("input[name=on]", today.isoformat())
    press(desk, "We have talked")
    desk.check("input[name=causes][value=turnover_of_people]")
    desk.check("input[name=step][value=new_dates]")
    desk.fill("input[name=step_on]", (today + timedelta(days=7)).isoformat())
    axe(desk)
    screenshot(desk, "walk-package-review")
    press(desk, "Propose this")
    other = make_page((360, 740))
    sign_in(other, world.expert)
    other.goto(f"{url}reviews/{review.pk}/")
    press(other, "I agree: the review is held")
    assert other.locator(".alert-success").count()
    for page in (phone, desk, other):
        for path in ("/package/", url, f"{url}learning/", "/package/practices/"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), path
        axe(page)
    other.goto(f"{url}learning/")
    screenshot(other, "walk-package-learning")
    desk.goto(url)
    axe(desk)
    screenshot(desk, "walk-package-desk")
    review.refresh_from_db()
    assert review.held_by_expert == world.expert and review.look_again_on > today
    assert activity(world, "T-MGMT").state == "agreed"
