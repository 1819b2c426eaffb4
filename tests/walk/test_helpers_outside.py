"""Line 7 of the walk: urgent contact, the hold, handing over with her consent, and a surge set aside."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from accounts import clock
from complaints.bursts import ORDINARY
from complaints.models import Case
from factories import sweep
from tests.builders import file, make_answers, make_case, make_world
from tests.walk.by_hand import MESSAGE, come_in, declare, let_in, press, say, take, to, words_of

pytestmark = pytest.mark.django_db(transaction=True)
HER_WORDS = "He waits for me at the gate every evening."
DESK = (1280, 900)


@pytest.fixture
def world(stack):
    world = make_world()
    sweep.sweep(clock.now(), sources=[])
    return world


def signed_in(make_page, person):
    page = make_page(DESK)
    let_in(page, person)
    return page


def test_danger_now_is_looked_at_first_and_a_worry_brings_two_leads_who_end_the_hold_together(
    world, make_page, axe, screenshot
):
    case = make_case(world, at=clock.now(), own_words=HER_WORDS, danger_answer="now", route="outside_first")
    expert = signed_in(make_page, world.expert)
    first = expert.locator("main li, main tr").filter(has_text=case.reference).first
    assert "Urgent" in first.inner_text()
    assert HER_WORDS in words_of(expert, case)
    take(expert, case, "send-message", text=MESSAGE)
    take(expert, case, "first-look", note="She is at home now.", wrote_to_her=True)
    assert not case.deadlines.filter(code="urgent_contact", met_at=None).exists()
    take(expert, case, "confirm-danger", danger_level="soon", age_band="15_17")
    take(expert, case, "open-hold", sure=True)
    screenshot(expert, "walk-expert-after-hold")

    leads = []
    for person in (world.lead, world.second_lead):
        page = signed_in(make_page, person)
        assert case.reference in page.inner_text("main")
        assert HER_WORDS in words_of(page, case)
        leads.append(page)
    assert expert.goto(f"/cases/{case.reference}/words/").status == 404
    one, other = leads
    axe(one)
    one.goto(f"/cases/{case.reference}/")
    offered = one.locator(".step-list a").all_inner_texts()
    assert "Write to the complainant" in offered
    assert len(set(offered)) == len(offered), offered
    take(one, case, "first-look", note="She is safe tonight. She did not answer.")
    take(one, case, "propose-lift", sure=True)
    assert "End the safeguarding hold" not in one.goto(f"/cases/{case.reference}/").text()
    take(other, case, "lift-hold", sure=True)
    case.refresh_from_db()
    assert case.side == ""
    assert HER_WORDS in words_of(expert, case)
    assert one.goto(f"/cases/{case.reference}/words/").status == 404


def test_the_factory_is_told_only_with_her_yes_and_only_what_she_says_yes_to(
    world, make_page, phone_without_script, screenshot
):
    answers = make_answers(world.factory, own_words=HER_WORDS, places=frozenset({"gate"}), route="outside_first")
    filed = file(answers, at=clock.now())
    case = filed.case
    officer, expert = signed_in(make_page, world.officer), signed_in(make_page, world.expert)
    take(expert, case, "acknowledge", text=MESSAGE)
    take(expert, case, "propose-handover", text="The committee could move the lamp at the gate. Shall we tell them?")
    assert officer.goto(f"/cases/{case.reference}/").status == 404

    her = phone_without_script
    come_in(her, filed.receipt)
    to(her, "Look at it")
    screenshot(her, "walk-her-handover")
    her.check("input[name=share_text][value=yes]")
    her.check("input[name=share_place_time][value=no]")
    press(her, "Yes, tell the committee")

    declare(officer, case)
    read = words_of(officer, case)
    assert HER_WORDS in read
    assert "Gate" not in read
    assert MESSAGE not in words_of(officer, case, "messages")
    assert HER_WORDS not in officer.content()


def test_a_surge_is_set_aside_as_a_whole_and_one_line_from_her_takes_hers_out(
    world, make_page, phone_without_script, axe, screenshot
):
    cache.set(f"surge:{world.country.pk}", ORDINARY, 600)
    hers, other = (file(make_answers(world.factory, own_words=words), at=clock.now()) for words in ("One.", "Two."))
    expert = signed_in(make_page, world.expert)
    with expert.expect_navigation():
        expert.click("text=Look at the surges")
    assert "2 cases" in expert.inner_text("main")
    axe(expert)
    screenshot(expert, "walk-surge")
    expert.click("text=Set the whole surge aside")
    expert.wait_for_selector("text=The surge is set aside.")
    her = phone_without_script
    come_in(her, hers.receipt)
    assert say("This waits to be looked at. Write one line and it goes on.", "en") in her.inner_text("main")
    her.fill("#text", "I am real.")
    press(her, "Send")
    assert "This waits to be looked at" not in her.inner_text("main")
    assert Case.objects.get(pk=hers.case.pk).set_aside_at is None
    assert Case.objects.get(pk=other.case.pk).set_aside_at
    expert.reload()
    expert.get_by_role("button", name="Take it back").click()
    expert.wait_for_selector("text=The surge was taken back.")
    assert not Case.objects.exclude(set_aside_at=None).exists()
