"""Lines 2, 4 and 5 of the walk in one story: a worker tells in Khmer, officer and chair answer, she comes back."""

from __future__ import annotations

import pytest

from accounts import clock
from complaints.models import Case
from factories import sweep
from tests.builders import make_world
from tests.walk.by_hand import (
    MESSAGE,
    TO_KHMER,
    come_in,
    declare,
    fill,
    give_password,
    let_in,
    press,
    say,
    send,
    sign_in,
    take,
    tell,
    to,
    words_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
HER_WORDS = "គាត់ប៉ះដៃខ្ញុំរាល់ថ្ងៃ។"
HER_ANSWER = "អរគុណ។ សូមកុំប្រាប់គាត់។"
TRIAGE = {
    "in_scope": "yes",
    "repeated": "repeated",
    "power_difference": "no",
    "severity": "b",
    "respondent_identified": "no",
    "proposed_path": "workplace_action",
}


@pytest.fixture
def world(stack):
    world = make_world()
    sweep.sweep(clock.now(), sources=[])
    return world


def test_from_her_first_word_to_the_answer_she_reads(world, make_page, phone_without_script, screenshot, axe):
    give_password(world.officer)
    her = phone_without_script

    # She tells in Khmer without script, looks at the preview, and types the number back.
    her.goto("/kh/?lang=km")
    with her.expect_navigation():
        her.click("a[href*='/kh/tell/']")
    fill(her, world.factory.short_code, language="km", own_words=HER_WORDS, route="factory_committee",
         share_choice="all_written", wishes="stop_it")  # fmt: skip
    number = her.text_content("#number")
    with her.expect_navigation():
        her.click("#preview button[name=show]")
    assert HER_WORDS in her.inner_text("#preview")
    assert her.input_value("[name=own_words]") == HER_WORDS
    with her.expect_navigation():
        her.click("button[name=send]")
    assert her.text_content(".good #number") == number
    her.fill("#typed", number.translate(TO_KHMER))
    with her.expect_navigation():
        her.click("form[action*=number] button")
    assert say("Yes. It is the right number.") in her.inner_text("main")
    case = Case.objects.get()

    # The officer signs in, finds it on top, and reads nothing before signing about conflicts.
    officer = make_page((1280, 900))
    sign_in(officer, world.officer)
    with officer.expect_navigation():
        officer.click(f"main a:has-text('{case.reference}')")
    for tab in ("", "words/", "messages/", "record/"):
        officer.goto(f"/cases/{case.reference}/{tab}")
        assert HER_WORDS not in officer.content()
        assert officer.locator("input[name=answer]").count() == 3
    declare(officer, case)
    with officer.expect_navigation():
        officer.click("text=Do it now")
    assert "Write the first answer" in officer.inner_text("main")
    assert HER_WORDS in words_of(officer, case)
    screenshot(officer, "walk-officer-words")
    take(officer, case, "acknowledge", text=MESSAGE)

    # The chair does too, and sorts it.
    chair = make_page((1280, 900))
    let_in(chair, world.chair)
    declare(chair, case)
    assert HER_WORDS in words_of(chair, case)
    assert MESSAGE in words_of(chair, case, "messages")
    take(chair, case, "triage", evidence="camera", question_1="Would another line help?", **TRIAGE)
    take(officer, case, "add-note", text="Talked with the chair.")
    take(
        officer,
        case,
        "decide-interim",
        code="none_needed",
        reason="None is needed.",
        her_view="She wants no change yet.",
    )
    take(chair, case, "agree-path", path="workplace_action", severity="b", reason="She may stay unnamed.")
    assert "Talked with the chair." in words_of(chair, case, "record")
    openings = words_of(officer, case, "openings")
    assert "Your own openings" in openings
    assert world.chair.name not in openings

    # She comes back with Khmer digits, reads, writes.
    come_in(her, number.translate(TO_KHMER), "km")
    page = her.inner_text("main")
    assert say("We are sorting it with you") in page
    assert MESSAGE in page
    assert say("Who has opened it") in page
    assert world.officer.name not in her.content()
    assert case.reference not in her.content()
    screenshot(her, "walk-her-answer-km")
    her.fill("#text", HER_ANSWER)
    press(her, "Send", "km")
    assert HER_ANSWER in words_of(officer, case, "messages")
    officer.goto("/staff/")
    assert "The complainant has written" in officer.inner_text("main")
    axe(officer)
    screenshot(officer, "walk-officer-home")

    # The officer hands it on: a colleague gets what the officer had, and the officer is out.
    officer.goto(f"/cases/{case.reference}/steps/hand-on/")
    officer.select_option("select[name=person]", index=0)
    send(officer)
    assert officer.goto(f"/cases/{case.reference}/words/").status == 404
    colleague = make_page((1280, 900))
    let_in(colleague, world.stand_in)
    declare(colleague, case)
    assert HER_WORDS in words_of(colleague, case)

    # She takes back the consent to her words: they are shut at once for a page that was open.
    to(her, "Change who may know", "km")
    her.check("input[name=share_text][value=no]")
    press(her, "Save", "km")
    for page in (chair, colleague):
        assert HER_WORDS not in words_of(page, case)
        assert HER_WORDS not in page.content()


def test_she_is_not_safe_stops_goes_on_and_moves_it_outside_with_a_new_number(
    world, make_page, phone_without_script, screenshot
):
    her = phone_without_script
    number = tell(her, world.factory.short_code, language="km", own_words=HER_WORDS, route="factory_committee",
                  share_choice="all_written")  # fmt: skip
    case = Case.objects.get()
    chair = make_page((1280, 900))
    let_in(chair, world.chair)
    declare(chair, case)
    expert = make_page((1280, 900))
    let_in(expert, case.assignments.get(role="technical_expert").person)  # One of the two stands by.
    assert expert.goto(f"/cases/{case.reference}/").status == 404

    come_in(her, number, "km")
    to(her, "New number", "km")
    press(her, "Make a new number", "km")
    new = her.text_content("#number")
    to(her, "Come in with the new number", "km")
    come_in(her, new, "km")
    to(her, "I am not safe now", "km")
    her.fill("#text", "គាត់នៅខាងក្រៅ")
    press(her, "I am not safe now. Tell them.", "km")
    assert say("The outside team has been told. Please go to a safe place if you can.") in her.inner_text("main")
    expert.goto("/staff/")
    assert case.reference in expert.inner_text("main")
    chair.goto(f"/cases/{case.reference}/")
    assert "Urgent, outside" in chair.inner_text("main")

    to(her, "Stop", "km")
    press(her, "Yes, stop", "km")
    press(her, "Go on after all", "km")
    to(her, "Move my case outside the factory", "km")
    press(her, "Yes, move it outside", "km")
    screenshot(her, "walk-her-moved-km")
    assert HER_WORDS in words_of(expert, case)
    for tab in ("", "words/", "messages/", "record/", "steps/send-message/"):
        chair.goto(f"/cases/{case.reference}/{tab}")
        assert HER_WORDS not in chair.content()
        assert "គាត់នៅខាងក្រៅ" not in chair.content()

    # The old number is dead.
    her.goto("/my/?lang=km&c=kh")
    her.fill("#number", number)
    her.locator("#enter button.strong").click()
    assert her.locator("#number").count() == 1
    assert HER_WORDS not in her.content()


def test_the_choice_had_to_change_and_she_is_told_why_and_may_insist_or_strike_out(world, phone_without_script):
    her = phone_without_script
    place = world.factory.short_code
    changed = "Because of your answers, the outside helper will read it first. This is to protect you."

    # Sent at once, without a look at the preview, she is told on the page that says it has arrived.
    tell(her, place, route="factory_committee", share_choice="all_written", respondent_job="hr_office_compliance")
    assert changed in her.inner_text("main")
    assert "move your case outside the factory" not in her.inner_text("main")
    before = Case.objects.get()
    assert before.route == "outside_first"

    fill(her, place, route="factory_committee", share_choice="all_written", respondent_job="hr_office_compliance")
    with her.expect_navigation():
        her.click("#preview button[name=show]")
    assert changed in her.inner_text("#preview")
    assert her.locator(".reader h3").all_inner_texts() == ["The outside helper"]
    with her.expect_navigation():
        her.click("button[name=insist]")
    readers = her.locator(".reader h3").all_inner_texts()
    assert len(readers) == 2, readers
    assert not any("HR" in reader for reader in readers), readers
    fill(her, place, route="factory_committee", share_choice="all_written", respondent_job="mechanic")
    with her.expect_navigation():
        her.click("#preview button[name=show]")
    her.check("[name=struck_out][value=case_officer]")
    with her.expect_navigation():
        her.click("#preview button[name=show]")
    assert her.locator(".strike input:checked").count() == 1
    with her.expect_navigation():
        her.click("button[name=send]")
    her.wait_for_selector(".good #number")
    case = Case.objects.exclude(pk=before.pk).get()
    assert not case.assignments.filter(person=world.officer).exists()
