"""One's own account in a real browser, on a phone and on a desk, with axe."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import expect

from accounts import keys
from tests.walk.by_hand import at_each_size

from .conftest import NOON, PASSWORD, make_person

NEW = "another horse battery"


@pytest.fixture
def somebody(transactional_db):
    return make_person(name="Sok Dara")


@pytest.fixture
def page(phone, somebody):
    return phone


def sign_in(page, password=PASSWORD):
    page.goto("/staff/sign-in/")
    page.get_by_label("E-mail address").fill("sok@example.org")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/staff/")


@pytest.fixture
def look(page, axe, screenshot):
    """Give a function that looks at the page at a desk and on a phone; without a name no picture is kept."""

    def look(name=""):
        for width in at_each_size(page):
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)
            if name:
                screenshot(page, name)

    return look


def test_signing_in_and_my_key_can_be_read_on_each_screen(page, somebody, look, screenshot):
    page.goto("/staff/sign-in/")
    look("accounts-sign-in")
    sign_in(page)
    page.goto("/staff/key/")
    expect(page.get_by_text(keys.fingerprint(somebody.keys.get()).split()[0])).to_be_visible()
    look("accounts-my-key-pending")
    keys.vouch(somebody.keys.get(), make_person("e@example.org", name="Chan Maly"), NOON)
    page.reload()
    expect(page.get_by_text("Chan Maly compared and vouched")).to_be_visible()
    for _width in at_each_size(page):
        screenshot(page, "accounts-my-key-vouched")


def test_a_second_factor_is_set_up_and_asked_for(page, look):
    sign_in(page)
    page.goto("/staff/second-factor/")
    page.get_by_role("link", name="Set it up").click()
    assert page.locator("main img").evaluate("picture => picture.naturalWidth") > 100
    look("accounts-second-factor")
    code = next(iter(yield_hotp_counters_from_time()))
    page.get_by_label("code").fill(format_hotp_value(hotp_value(page.locator("code").inner_text(), code)))
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    look("accounts-recovery-codes")
    spare = page.locator("ul.font-monospace li").first.inner_text()
    page.goto("/staff/sign-out/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail address").fill("sok@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="One more step").wait_for()
    look("accounts-one-more-step")
    page.get_by_label("code").fill(spare)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/staff/")
    page.goto("/staff/key/")
    expect(page.get_by_text("In this session your key is open")).to_be_visible()


def test_a_password_is_changed_and_the_key_stays_open(page, look):
    sign_in(page)
    page.goto("/staff/password/")
    look("accounts-password")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password", exact=False).first.fill(NEW)
    page.get_by_label("New password, once more").fill(NEW)
    page.get_by_role("button", name="Save the new password").click()
    page.get_by_text("Your new password is saved.").wait_for()
    page.goto("/staff/key/")
    expect(page.get_by_text("In this session your key is open")).to_be_visible()


def test_a_forgotten_password_is_reset_by_mail_and_the_page_says_what_is_missing(queue, page, look):
    for path in queue.mail.glob("*"):  # Of other tests.
        path.unlink()
    page.goto("/staff/password/reset/")
    look("accounts-reset")
    page.get_by_label("E-mail address").fill("sok@example.org")
    page.get_by_role("button", name="Send me the link").click()
    page.get_by_role("heading", name="Look at your mail").wait_for()
    for _ in range(50):
        mails = [path.read_text() for path in queue.mail.glob("*")]
        if mails:
            break
        page.wait_for_timeout(200)
    page.goto(re.search(r"http://\S+/staff/password/reset/\S+", mails[0])[0])
    look()
    page.get_by_label("New password", exact=False).first.fill(NEW)
    page.get_by_label("New password, once more").fill(NEW)
    page.get_by_role("button", name="Save the new password").click()
    page.get_by_role("heading", name="Your new password is saved").wait_for()
    look("accounts-after-reset")
    for path in queue.mail.glob("*"):
        path.unlink()
