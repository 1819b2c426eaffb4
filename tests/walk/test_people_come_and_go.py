"""Lines 11 and 12 of the walk: somebody is invited and vouched for, a password is forgotten, somebody leaves."""

from __future__ import annotations

import re

import pytest

from accounts import clock
from factories import sweep
from tests.builders import PASSWORD, make_case, make_world
from tests.walk.by_hand import declare, give_password, let_in, sign_in, take, words_of

pytestmark = pytest.mark.django_db(transaction=True)
MARK = "ZqWordsOfHers"
DESK = (1280, 900)
NEW_PASSWORD = "another long sentence 43"


@pytest.fixture
def world(stack):
    for path in stack.mail.glob("*"):
        path.unlink()
    world = make_world()
    sweep.sweep(clock.now(), sources=[])
    return world


def at_desk(make_page, person):
    page = make_page(DESK)
    let_in(page, person)
    return page


def signed_in(make_page, person):
    page = make_page(DESK)
    sign_in(page, person)
    return page


def link_in_mail(stack, page, pattern: str) -> str:
    for _ in range(150):
        for path in stack.mail.glob("*"):
            found = re.search(rf"{re.escape(stack.url)}{pattern}", path.read_text().replace("=\n", ""))
            if found:
                return found[0]
        page.wait_for_timeout(200)
    raise AssertionError("no mail with a link")


def vouch(page, name: str) -> None:
    """Compare the only key that waits, and vouch for it."""
    page.goto("/keys/")
    page.check("input[name=compared]")
    with page.expect_navigation():
        page.click("text=Vouch for this key")
    assert f"You have vouched for the key of {name}." in page.inner_text("body")


def test_a_new_officer_opens_a_case_and_a_leaver_none(world, stack, make_page, axe, screenshot):
    give_password(world.officer)
    case = make_case(world, at=clock.now(), own_words=MARK)
    admin = at_desk(make_page, world.admin)
    admin.goto(f"/administration/people/invite/?factory={world.factory.short_code}")
    admin.fill("input[name=email]", "new.officer@example.org")
    admin.fill("input[name=name]", "New Officer")
    admin.select_option("select[name=role]", "case_officer")
    with admin.expect_navigation():
        admin.click("main [type=submit]")
    new = make_page(DESK)
    new.goto(link_in_mail(stack, new, r"/invitation/\S+/"))
    new.fill("input[name=password1]", PASSWORD)
    new.fill("input[name=password2]", PASSWORD)
    with new.expect_navigation():
        new.click("main [type=submit]")
    sign_in(new, "new.officer@example.org")
    assert "vouched" in new.inner_text("main")
    axe(new)
    screenshot(new, "walk-key-pending")

    # Nobody can put the new officer on a case before a technical expert has vouched.
    chair = at_desk(make_page, world.chair)
    declare(chair, case)
    chair.goto(f"/cases/{case.reference}/steps/assign/")
    assert "New Officer" not in chair.inner_text("main")
    vouch(at_desk(make_page, world.expert), "New Officer")
    take(chair, case, "assign", person={"label": "New Officer (Case officer)"})
    sign_in_again(new)
    declare(new, case)
    assert MARK in words_of(new, case)

    # The old officer leaves: at once nothing opens, and the page that was open is shut.
    officer = signed_in(make_page, world.officer)
    declare(officer, case)
    assert MARK in words_of(officer, case)
    leave(admin, world.officer, screenshot)
    officer.reload()
    assert MARK not in officer.content()
    assert "/staff/sign-in/" in officer.url
    admin.goto("/administration/holders/")
    assert case.reference not in admin.content()
    assert MARK in words_of(new, case)

    # When the chair goes too, one is left, and the administrator sees that this is too few.
    admin.goto(f"/administration/leavers/{world.chair.pk}/")
    assert case.reference in admin.inner_text("main")
    axe(admin)
    screenshot(admin, "walk-leaver-thin")
    leave(admin, world.chair, screenshot)
    admin.goto("/administration/holders/")
    assert case.reference in admin.inner_text("main")
    assert MARK not in admin.content()


def sign_in_again(page) -> None:
    page.goto("/staff/sign-out/")
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Sign out").click()
    sign_in(page, "new.officer@example.org")


def leave(page, person, screenshot) -> None:
    page.goto("/administration/people/")
    page.click(f"a[href*='{person.pk}']")
    page.click("text=This person leaves")
    page.check("input[name=sure]")
    with page.expect_navigation():
        page.click("text=Remove this person now")


def test_a_forgotten_password_comes_back_by_mail_voice_and_a_colleague(world, queue, make_page, axe, screenshot):
    give_password(world.officer)
    case = make_case(world, at=clock.now(), own_words=MARK)
    officer = signed_in(make_page, world.officer)
    declare(officer, case)
    assert MARK in words_of(officer, case)
    officer.goto("/staff/sign-out/")
    with officer.expect_navigation():
        officer.locator("main").get_by_role("button", name="Sign out").click()
    officer.goto("/staff/password/reset/")
    officer.fill("main input[type=email]", world.officer.email)
    with officer.expect_navigation():
        officer.click("main [type=submit]")
    officer.goto(link_in_mail(queue, officer, r"/staff/password/reset/\S+"))
    officer.get_by_label("New password", exact=False).first.fill(NEW_PASSWORD)
    officer.get_by_label("New password, once more").fill(NEW_PASSWORD)
    officer.get_by_role("button", name="Save the new password").click()
    officer.get_by_role("heading", name="Your new password is saved").wait_for()

    # The account is back, the words are not; the pages say what is missing and who can help.
    sign_in(officer, world.officer, NEW_PASSWORD)
    assert "vouch" in officer.inner_text("main")
    screenshot(officer, "walk-after-reset")
    text = words_of(officer, case)
    assert MARK not in text
    assert "technical expert" in text
    axe(officer)
    screenshot(officer, "walk-after-reset-case")

    vouch(at_desk(make_page, world.expert), world.officer.name)
    text = words_of(officer, case)
    assert MARK not in text
    assert f"Who can share it again: {world.chair.name}" in text
    screenshot(officer, "walk-vouched-again")
    chair = at_desk(make_page, world.chair)
    declare(chair, case)
    chair.goto("/staff/")
    assert "Colleagues who lost access" in chair.inner_text("main")
    screenshot(chair, "walk-share-again")
    with chair.expect_navigation():
        chair.click("text=Share again >> nth=-1")
    assert MARK in words_of(officer, case)
