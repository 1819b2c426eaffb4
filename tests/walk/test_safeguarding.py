"""A minor tells at her factory: two leads look, decide, plan and refer with her yes, and the factory sees nothing.

On a phone without script. A week later she answers in two taps, and the leads end the hold together.
"""

from __future__ import annotations

import pytest

from accounts import clock
from complaints.models import Case
from factories import sweep
from tests.builders import make_provider, make_world
from tests.complaints.test_safeguarding import PLAN, WELL
from tests.walk.by_hand import a_moving_clock, come_in, later, let_in, press, say, take, tell, to, words_of

pytestmark = pytest.mark.django_db(transaction=True)
HER_WORDS = "The line leader waits for me in the store room."
DESK = (1280, 900)
CONTACT = "You are not in trouble. You decide. I help from outside the factory. Are you safe to read this?"


@pytest.fixture
def world(stack):
    world = make_world()
    world.extra["clinic"] = make_provider(
        "Her clinic (fictional)", country=world.country, checked_on=clock.now().date(), by=world.lead
    )
    sweep.sweep(clock.now(), sources=[])
    with a_moving_clock():
        yield world


def signed_in(make_page, person):
    page = make_page(DESK)
    let_in(page, person)
    return page


def sees_nothing(page, case: Case) -> None:
    """No page of somebody at the factory, or above it, knows this case."""
    for address in ("/staff/", "/cases/", f"/cases/?reference={case.reference}", "/notices/"):
        found = page.request.get(address)
        assert found.ok, address
        assert HER_WORDS not in found.text()
        assert case.reference not in found.text().replace(f'value="{case.reference}"', ""), address  # The filter's box.
    for tab in ("", "words/", "messages/", "safety/", "referrals/", "referrals/1/", "steps/plan-safety/"):
        assert page.request.get(f"/cases/{case.reference}/{tab}").status == 404, tab


def test_a_minor_is_helped_by_two_leads_and_nobody_at_the_factory_can_see_it(
    world, make_page, phone_without_script, axe, screenshot
):
    her = phone_without_script
    number = tell(
        her,
        world.factory.short_code,
        own_words=HER_WORDS,
        age_band="15_17",
        route="factory_committee",
        share_choice="all_written",
    )
    case = Case.objects.get()
    assert case.in_hold

    factory = [signed_in(make_page, person) for person in (world.officer, world.chair)]
    others = [signed_in(make_page, person) for person in (world.expert, world.advisor)]
    for page in factory:
        sees_nothing(page, case)
    for page in others:
        assert page.goto(f"/cases/{case.reference}/safety/").status == 404

    # First look and contact.
    one, other = (signed_in(make_page, person) for person in (world.lead, world.second_lead))
    assert case.reference in one.inner_text("main")
    assert HER_WORDS in words_of(one, case)
    assert "Never automatic: police" in words_of(one, case, "safety")
    axe(one)
    screenshot(one, "walk-safety-first")
    one.goto(f"/cases/{case.reference}/messages/")
    assert "You are not in trouble" in one.locator("details").inner_text() or one.locator("blockquote.starter").count()
    take(one, case, "send-message", text=CONTACT)
    take(one, case, "first-look", note="She is at her aunt's tonight.", wrote_to_her=True)

    # Two decide.
    take(
        one,
        case,
        "propose-safety-decision",
        kind="best_interests",
        options="Stay at her aunt's, or a place of the helpers.",
        risks="Her uncle works on the same line.",
        decided="She stays at her aunt's, and sees a doctor.",
        child_view="She wants a doctor who is a woman.",
        duties_checked=True,
    )
    assert "You proposed it" in one.inner_text("main")
    assert "Her uncle works" in words_of(other, case, "safety")
    screenshot(other, "walk-safety-two-decide")
    axe(other)
    other.check("input[name=sure]")
    with other.expect_navigation():
        other.click("text=I agree >> nth=-1")
    assert "Two leads have decided" in other.inner_text("body")

    # Plan with her, and a service.
    take(other, case, "plan-safety", **PLAN)
    take(
        one,
        case,
        "offer-referral",
        provider=str(world.extra["clinic"].pk),
        text="They have a doctor who is a woman. You can go there and leave when you like.",
        passed_on="A young woman needs a doctor on Friday.",
    )
    come_in(her, number)
    assert CONTACT in her.inner_text("main")
    screenshot(her, "walk-safety-her-page")
    to(her, "Look at it")
    assert "A young woman needs a doctor on Friday." in her.inner_text("main")
    screenshot(her, "walk-safety-offer")
    with_script = make_page()
    come_in(with_script, number)
    to(with_script, "Look at it")
    axe(with_script, ignore=("meta-refresh",))  # It leaves by itself after ten minutes, as every page of hers.
    press(her, "Yes, I want this")
    assert say("You said yes. The helper goes on from here, and writes to you.", "en") in her.inner_text("main")

    # Passed on by hand, from a sheet that holds only that.
    assert "She agreed" in words_of(one, case, "referrals")
    screenshot(one, "walk-safety-referrals")
    axe(one)
    sheet = words_of(one, case, "referrals/1")
    assert "A young woman needs a doctor on Friday." in sheet
    assert HER_WORDS not in sheet
    screenshot(one, "walk-safety-sheet")
    one.goto(f"/cases/{case.reference}/referrals/")
    one.check("input[name=sure]")
    with one.expect_navigation():
        one.click("text=I passed on exactly this")
    assert case.referrals.get().state == "sent"
    for page in factory:
        sees_nothing(page, case)

    # A week later: two taps, and the six questions.
    later(days=7)
    come_in(her, number)
    to(her, "Answer with two taps")
    her.check("input[name=feeling] >> nth=3")
    with her.expect_navigation():
        her.locator("main form button.strong").first.click()
    assert case.checks.get(code="follow_up_7").answered_on
    assert "she answered on her page" in words_of(one, case, "safety")
    screenshot(one, "walk-safety-follow-up")
    take(one, case, "follow-up", code="follow_up_7", reached="yes", **WELL)
    assert case.checks.get(code="follow_up_7").result == "answered"

    # She says how the clinic was, and the hold ends by two.
    come_in(her, number)
    to(her, "Tell how it was")
    her.check("input[name=codes][value=helped]")
    screenshot(her, "walk-safety-how-it-was")
    press(her, "Send")
    assert list(world.extra["clinic"].words.values_list("code", flat=True)) == ["helped"]
    take(one, case, "note-wider-risk", others_face_it="no", note="Two friends were asked at home.", off_site=True)
    take(one, case, "propose-lift", sure=True)
    take(other, case, "lift-hold", sure=True)
    case.refresh_from_db()
    assert case.side == ""
    assert other.goto(f"/cases/{case.reference}/safety/").status == 404
    sees_nothing(factory[0], case)
