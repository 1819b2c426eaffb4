"""An officer writes a paper from the box down; she comes with the slip and takes a number nobody else knows."""

from __future__ import annotations

import pytest

from complaints.models import Case
from tests.builders import make_world
from tests.walk.by_hand import give_password, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "ZqPaperFromTheBox"


def test_a_paper_from_the_box_becomes_her_case(stack, make_page, axe, screenshot):
    world = make_world()
    give_password(world.officer, world.expert)
    desk = make_page((1280, 900))
    sign_in(desk, world.officer)
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
    give_password(world.chair)
    page = make_page((360, 740))
    sign_in(page, world.chair)
    page.goto("/cases/new/")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
    axe(page)
    screenshot(page, "write-down")
