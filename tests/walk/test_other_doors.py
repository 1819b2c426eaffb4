"""An officer writes a paper from the box down; she comes with the slip and takes a number nobody else knows."""

from __future__ import annotations

import pytest

from complaints.models import Case
from tests.builders import make_world
from tests.walk.by_hand import let_in

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "ZqPaperFromTheBox"


def test_a_paper_from_the_box_becomes_her_case(stack, make_page, axe, screenshot):
    world = make_world()
    desk = make_page((1280, 900))
    let_in(desk, world.officer)
    desk.click("text=Write a complaint down for a worker")
    desk.check("input[name=channel][value=paper_box]")
    desk.check("input[name=conduct_types][value=verbal]")
    desk.fill("textarea[name=own_words]", MARK)
    desk.check("input[name=route][value=outside_first]")
    axe(desk)
    screenshot(desk, "write-down")
    desk.click("text=Send it and show the number")
    assert "Please say who gets the number." in desk.inner_text("[role=alert]")  # And everything is still there.
    assert desk.input_value("textarea[name=own_words]") == MARK
    desk.check("input[name=holds][value=handed_over]")
    desk.check("input[name=her_language][value=en]")
    desk.click("text=Send it and show the number")
    number = desk.inner_text(".number")
    axe(desk)
    screenshot(desk, "written-down")
    case = Case.objects.get()
    assert desk.goto(f"/cases/{case.reference}/").status == 404
    assert case.reference not in desk.inner_text("body")

    phone = make_page((360, 740), script=False)
    phone.goto("/my/?lang=en")
    phone.fill("input[name=number]", number)
    phone.click("main button[type=submit]")
    phone.wait_for_url("**/my/number/**")
    assert MARK not in phone.content()  # First a number that only she knows.
    screenshot(phone, "written-down-first-visit")


def test_the_page_fits_a_phone(stack, make_page, axe, screenshot):
    world = make_world()
    page = make_page((360, 740))
    let_in(page, world.chair)
    page.goto("/cases/new/")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    axe(page)
    screenshot(page, "write-down")


def come_in(page, number: str) -> None:
    page.goto("/my/?lang=en")
    page.fill("input[name=number]", number)
    page.click("main button[type=submit]")


def take_a_new_number(page) -> str:
    """She must: the number in her hand was seen by somebody else."""
    page.wait_for_url("**/my/number/**")
    page.click("main form button:has-text('Make a new number')")
    number = page.inner_text(".number")
    page.click("text=Come in with the new number")
    come_in(page, number)
    page.wait_for_url("**/my/case/**")
    return number


def test_a_group_of_three_gets_three_slips_and_one_of_them_leaves(stack, make_page, axe, screenshot):
    world = make_world()
    desk = make_page((1280, 900))
    let_in(desk, world.officer)
    desk.goto("/cases/new/")
    desk.check("input[name=channel][value=walk_in]")
    desk.check("input[name=complainant_kind][value=group]")
    desk.check("input[name=conduct_types][value=verbal]")
    desk.fill("textarea[name=own_words]", MARK)
    desk.check("input[name=route][value=outside_first]")
    desk.check("input[name=her_language][value=en]")
    desk.fill("input[name=members]", "3")
    desk.check("input[name=holds][value=handed_over]")
    desk.click("text=Send it and show the number")
    slips = [slip.inner_text() for slip in desk.locator(".number").all()]
    assert len(set(slips)) == 3
    axe(desk)
    screenshot(desk, "written-down-group")

    first, second = make_page((360, 740), script=False), make_page((360, 740))
    come_in(first, slips[0])
    take_a_new_number(first)
    come_in(second, slips[1])
    number = take_a_new_number(second)
    assert MARK in first.content() and MARK in second.content()
    for page in ("with", "apart"):
        second.goto(f"/my/{page}/?lang=en")
        assert second.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
        axe(second, ignore=("meta-refresh",))  # Her page closes by itself: decisions, 30.
    assert first.locator("text=Delete my words").count() == 0  # Nobody deletes for the others.
    first.click("text=Who told with me")
    assert "3 people have a number" in first.inner_text("main")
    screenshot(first, "group")
    first.click("text=I want out")
    assert "The case goes on for the others" in first.inner_text("main")
    screenshot(first, "group-leave")
    first.click("text=Yes, I leave")
    assert "You have left" in first.inner_text("main")
    screenshot(first, "group-left")
    first.goto("/my/case/?lang=en")
    assert MARK not in first.content()

    come_in(second, number)
    second.wait_for_url("**/my/case/**")
    assert MARK in second.content()
    assert Case.objects.get().side == ""
