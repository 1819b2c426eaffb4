"""The worker's pages in a real browser: on a phone, with script and without, in both languages."""

import re

import pytest

from complaints.models import Case
from tests.builders import make_world

TELL = "/kh/tell/"
# A page with the number leaves by itself after ten minutes: a phone on a bunk is picked up by others.
LEFT_ALONE = ("meta-refresh",)


VOICE = """
window.SpeechSynthesisUtterance = function (text) { this.text = text };
Object.defineProperty(window, "speechSynthesis", {value: {
  speaking: false, cancel() {}, addEventListener() {}, speak(speech) { window.spoken = speech.text },
  getVoices() { return [{lang: "en-GB", localService: %s}] },
}});
"""
TOO_SMALL = """
[...document.querySelectorAll(".tile, .button, summary, input, textarea, .switch > *, #leave")].filter(
  part => part.offsetParent && !part.matches(".vh, [type=radio], [type=checkbox], [type=hidden]")
    && part.getBoundingClientRect().height < 44
).map(part => part.outerHTML.slice(0, 80))
"""


@pytest.fixture
def world(stack):
    return make_world()


def step(page):
    return page.evaluate("document.querySelector('.step:not([hidden])').id")


def go(page):
    page.click(".step:not([hidden]) .next")


def walk_to(page, wanted):
    """Press on until a step is reached; gives the steps that were shown before it."""
    seen = []
    while step(page) != wanted:
        seen.append(step(page))
        assert len(seen) < 40, seen
        go(page)
    return seen


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("size", [(360, 740), (1280, 900)])
def test_every_page_opens_to_everybody_without_our_script(world, make_page, axe, screenshot, language, size):
    page = make_page(size, block=True)
    for name, address in [
        ("first", "/kh/"),
        ("rights", "/kh/rights/"),
        ("help", "/kh/help/"),
        ("holidays", "/kh/holidays/"),
        ("tell", TELL),
    ]:
        page.goto(f"{address}?lang={language}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        screenshot(page, f"worker-{name}-{language}")


@pytest.mark.parametrize("language", ["en", "km"])
def test_she_tells_without_script(world, make_page, axe, screenshot, language):
    page = make_page(block=True)
    page.goto(f"/kh/?lang={language}")
    page.click(f"a[href*='{TELL}']")
    page.fill("[name=place_text]", world.factory.short_code)
    page.check("[name=conduct_types][value=touch]")
    page.check("[name=respondent_job][value=mechanic]")
    page.check("[name=route][value=factory_committee]")
    page.check("[name=share_choice][value=conduct_only]")
    number = page.text_content("#number")
    page.click("#preview button[name=show]")
    page.wait_for_selector(".reader")
    assert page.locator(".reader").count() == 2
    axe(page)
    screenshot(page, f"worker-preview-{language}")
    page.click("button[name=send]")
    page.wait_for_selector(".good #number")
    assert page.text_content("#number") == number
    axe(page, ignore=LEFT_ALONE)
    screenshot(page, f"worker-arrival-{language}")
    page.fill("#typed", number)
    page.click("form[action*=number] button")
    page.wait_for_selector(".good h1")
    axe(page, ignore=LEFT_ALONE)
    assert Case.objects.get().factory == world.factory
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize("language", ["en", "km"])
def test_she_tells_one_question_at_a_time(world, phone, axe, screenshot, language):
    phone.goto(f"{TELL}?lang={language}")
    assert step(phone) == "start"
    go(phone)
    phone.fill("[name=place_text]", world.factory.short_code)
    phone.keyboard.press("Enter")
    assert step(phone) == "q2"
    phone.click("#q2 .away label >> nth=0")  # Skip goes on by itself.
    assert step(phone) == "q3"
    phone.check("[name=danger_answer][value=no]")
    go(phone)
    assert step(phone) == "q4"
    go(phone)
    axe(phone)
    screenshot(phone, f"worker-question-{language}")
    phone.check("[name=conduct_types][value=verbal]")
    assert walk_to(phone, "q10") == ["q5", "q6", "q7", "q8", "q9"]
    phone.check("[name=respondent_job][value=guard]")
    walk_to(phone, "q12")
    phone.check("[name=route][value=factory_committee]")
    phone.check("[name=share_choice][value=all_written]")
    axe(phone)
    walk_to(phone, "preview")
    phone.wait_for_selector(".reader")
    phone.check("[name=struck_out][value=case_officer]")
    with phone.expect_response(lambda answer: TELL in answer.url):
        phone.click("#preview button[name=show]")
    phone.wait_for_selector("[name=struck_out][value=case_officer]:checked")
    axe(phone)
    go(phone)
    assert step(phone) == "receipt"
    axe(phone)
    phone.click("button[name=send]")
    phone.wait_for_selector(".good #number")
    assert Case.objects.count() == 1
    assert phone.context.cookies() == []


def test_danger_now_shows_help_at_once_and_sending_asks_only_for_the_rest(world, phone):
    phone.goto(f"{TELL}?lang=en")
    go(phone)
    phone.check("[name=place_kind][value=not_sure]")
    walk_to(phone, "q3")
    phone.check("[name=danger_answer][value=now]")
    go(phone)
    assert step(phone) == "help-now"
    assert "Your safety comes first." in phone.inner_text("#help-now")
    phone.click("#help-now [data-short]")
    assert step(phone) == "q5"
    phone.check("[name=conduct_types][value=physical_nonsexual]")
    go(phone)
    assert step(phone) == "q12"
    phone.check("[name=route][value=outside_only]")
    go(phone)
    assert step(phone) == "preview"
    go(phone)
    phone.click("button[name=send]")
    phone.wait_for_selector(".good #number")
    assert Case.objects.get().urgent_outside


def test_force_told_later_leads_back_to_the_danger_questions_once(world, phone):
    phone.goto(f"{TELL}?lang=en")
    walk_to(phone, "q3")
    phone.check("[name=danger_answer][value=no]")
    go(phone)
    assert walk_to(phone, "q5") == ["q4"]
    phone.check("[name=conduct_types][value=rape]")
    go(phone)
    assert step(phone) == "d"
    phone.check("[name=D2][value=yes]")
    go(phone)
    assert step(phone) == "help-now"
    go(phone)
    assert step(phone) == "q6"
    go(phone)
    assert step(phone) == "q7"


def test_being_sent_away_opens_the_freedom_questions(world, phone):
    phone.goto(f"{TELL}?lang=en")
    walk_to(phone, "q6")
    phone.check("[name=pressure][value=send_away]")
    walk_to(phone, "q14")
    assert phone.locator("#freedom[open]").count() == 1


def test_an_answer_is_changed_from_the_preview_and_she_comes_back_to_it(world, phone):
    phone.goto(f"{TELL}?lang=en")
    go(phone)
    phone.fill("[name=place_text]", world.factory.short_code)
    walk_to(phone, "q12")
    phone.check("[name=route][value=outside_first]")
    walk_to(phone, "preview")
    phone.click(".reader a[href='#q10'] >> nth=0")
    assert step(phone) == "q10"
    go(phone)
    assert step(phone) == "preview"


def test_the_language_switch_keeps_what_was_typed_and_goes_to_the_form(world, phone):
    phone.goto(f"{TELL}?lang=en")
    go(phone)
    phone.fill("[name=place_text]", "Sunrise")
    phone.click("button[name=lang][value=km]")
    phone.wait_for_selector("html[lang=km]")
    assert phone.input_value("[name=place_text]") == "Sunrise"
    assert step(phone) == "q1"


def test_a_page_that_lacks_something_opens_where_it_is_missing(world, phone):
    phone.goto(f"{TELL}?lang=en")
    walk_to(phone, "receipt")
    phone.click("button[name=send]")
    phone.wait_for_selector("#problems")
    assert step(phone) == "q1"
    phone.click("#problems a[href='#q12']")
    assert step(phone) == "q12"


@pytest.mark.parametrize("way", ["link", "escape"])
def test_after_leaving_nothing_typed_is_left_and_back_is_neutral(world, phone, way):
    phone.goto("/kh/?lang=en")
    phone.goto(f"{TELL}?lang=en")
    go(phone)
    phone.fill("[name=place_text]", "Sunrise")
    if way == "link":
        phone.click("#leave")
    else:
        phone.keyboard.press("Escape")
        phone.keyboard.press("Escape")
    phone.wait_for_url("**/holidays/**")
    phone.go_back()
    assert phone.url.endswith("/kh/?lang=en")
    assert "Sunrise" not in phone.content()


def test_after_leaving_without_script_back_shows_an_empty_form(world, phone_script_blocked):
    page = phone_script_blocked
    page.goto(f"{TELL}?lang=en")
    page.fill("[name=own_words]", "my words")
    page.click("#leave")
    page.wait_for_url("**/holidays/**")
    page.go_back()
    assert page.locator("[name=own_words]").count() == 0 or page.input_value("[name=own_words]") == ""


def test_after_leaving_the_arrival_page_back_does_not_show_the_number(world, phone):
    phone.goto(f"{TELL}?lang=en")
    go(phone)
    phone.check("[name=place_kind][value=not_sure]")
    walk_to(phone, "q5")
    phone.check("[name=conduct_types][value=verbal]")
    walk_to(phone, "q12")
    phone.check("[name=route][value=outside_only]")
    walk_to(phone, "receipt")
    phone.click("button[name=send]")
    number = phone.text_content(".good #number")
    phone.click("[data-leave]")
    phone.wait_for_url("**/holidays/**")
    phone.go_back()
    assert number[:4] not in phone.inner_text("body")


def test_a_lost_connection_loses_nothing_and_the_second_press_files_once(world, phone):
    phone.goto(f"{TELL}?lang=en")
    go(phone)
    phone.check("[name=place_kind][value=not_sure]")
    walk_to(phone, "q5")
    phone.fill("[name=own_words]", "He waits at the gate.")
    walk_to(phone, "q12")
    phone.check("[name=route][value=outside_only]")
    walk_to(phone, "receipt")
    number = phone.text_content("#number")
    phone.context.set_offline(True)
    phone.click("button[name=send]")
    phone.wait_for_selector("#lost:not([hidden])")
    assert "Your words are still here." in phone.inner_text("#lost")
    assert not Case.objects.exists()
    phone.context.set_offline(False)
    phone.click("button[name=send]")
    phone.wait_for_selector(".good #number")
    assert phone.text_content("#number") == number
    assert Case.objects.count() == 1


def test_the_arrival_page_left_alone_goes_to_the_neutral_page(world, phone_without_script):
    page = phone_without_script

    def hurry(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('content="600;', 'content="1;'))

    page.goto(f"{TELL}?lang=en")
    page.check("[name=place_kind][value=not_sure]")
    page.check("[name=conduct_types][value=verbal]")
    page.check("[name=route][value=outside_only]")
    page.route("**/tell/**", hurry)
    page.click("button[name=send]")
    page.wait_for_url("**/holidays/**")
    page.unroute("**/tell/**")
    assert Case.objects.count() == 1
    page.go_back()
    assert page.locator("#number").count() == 0 or page.locator(".good").count() == 0


def test_a_page_left_alone_warns_and_then_clears_itself(world, phone):
    phone.clock.install()
    phone.goto(f"{TELL}?lang=en")
    go(phone)
    phone.fill("[name=place_text]", "Sunrise")
    phone.clock.fast_forward("12:30")
    phone.wait_for_selector(".warn")
    phone.mouse.click(5, 300)
    phone.keyboard.press("Tab")
    phone.clock.run_for(6000)
    assert phone.locator(".warn").count() == 0
    phone.clock.fast_forward("15:30")
    phone.wait_for_url("**/holidays/**")


def test_the_voice_is_offered_only_where_it_lives_on_the_phone(world, make_page):
    for local, offered in [(True, 1), (False, 0)]:
        page = make_page()
        page.add_init_script(VOICE % str(local).lower())
        page.goto(f"{TELL}?lang=en")
        assert page.locator(".step:not([hidden]) .hear").count() == offered
        if offered:
            page.click(".step:not([hidden]) .hear")
            assert "It is not your fault." in page.evaluate("window.spoken")


def test_targets_are_large_enough_for_a_thumb(world, phone_script_blocked):
    page = phone_script_blocked
    page.goto(f"{TELL}?lang=en")
    assert page.evaluate(TOO_SMALL) == []


def test_the_first_load_is_light(world, phone):
    sizes = {}

    def arrived(response):
        sizes[re.sub(r"\.[0-9a-f]{12}", "", response.url)] = response

    phone.on("response", arrived)
    phone.goto(f"{TELL}?lang=km", wait_until="networkidle")
    assert len(sizes) <= 4
    assert sum(answer.request.sizes()["responseBodySize"] for answer in sizes.values()) <= 40_000
