"""What people of the walk do by hand on the pages: tell, come back, sign in, take a step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import translation

from accounts import clock, keys
from accounts.models import Person, PersonKey
from complaints.models import Case
from tests import builders
from tests.builders import PASSWORD

MESSAGE = "Thank you for telling us. I have read about the mechanic and will write to you again by Friday."
TO_KHMER = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")


def give_password(*people: Person) -> None:
    """Let them sign in by the page: a password, and a vouched key that it opens. Before any case is shared."""
    for person in people:
        person.set_password(PASSWORD)
        person.save()
        key = keys.make_key(person, PASSWORD, clock.now())
        PersonKey.objects.filter(pk=key.pk).update(state="vouched", vouched_at=clock.now())


def say(sentence: str, language: str = "km") -> str:
    """Give a sentence as a worker reads it in her language."""
    with translation.override(language):
        said = translation.gettext(sentence)
    assert language == "en" or said != sentence, f"{sentence!r} is not translated, or not said any more"
    return said


def later(**passed: float) -> None:
    """Move the clock of this process and of the servers, which read it at each request."""
    clock.set_offset(clock.offset() + timedelta(**passed))


@contextmanager
def a_moving_clock() -> Iterator[None]:
    """Afterwards it is today again, here and in the servers."""
    try:
        yield
    finally:
        clock.set_offset(timedelta())
        clock.forget()


# --- The worker -----------------------------------------------------------------------------------


def fill(page: Any, place: str, *, language: str = "en", **answers: Any) -> None:
    """Open the form and answer: a text is typed where there is a box for it, codes are ticked."""
    page.goto(f"/kh/tell/?lang={language}")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    answers = {"conduct_types": "touch", "danger_answer": "no", "respondent_job": "mechanic"} | answers
    if place:
        page.fill("[name=place_text]", place)
    else:
        answers["place_kind"] = "not_sure"
    for name, values in answers.items():
        for value in values if isinstance(values, tuple | list) else [values]:
            field = page.locator(f"[name={name}]").first
            if field.get_attribute("type") in ("radio", "checkbox"):
                page.locator(f'[name={name}][value="{value}"]').check()
            else:
                field.fill(value)


def tell(page: Any, place: str, *, language: str = "en", **answers: Any) -> str:
    """Send a complaint and return its number."""
    fill(page, place, language=language, **answers)
    page.click("button[name=send]")
    page.wait_for_selector(".good #number")
    return re.sub(r"\D", "", page.text_content("#number"))


def come_in(page: Any, number: str, language: str = "en") -> None:
    """Come back with the number."""
    page.goto(f"/my/?lang={language}&c=kh")
    page.fill("#number", number)
    page.locator("#enter button.strong").click()
    page.wait_for_url("**/my/case/**")


def to(page: Any, name: str, language: str = "en") -> None:
    """Follow a link of the worker's page by its words."""
    with page.expect_navigation():
        page.get_by_role("link", name=say(name, language), exact=True).first.click()


def press(page: Any, name: str, language: str = "en") -> None:
    """Press a button of the worker's page by its words."""
    with page.expect_navigation():
        page.get_by_role("button", name=say(name, language), exact=True).click()


# --- Whoever looks ------------------------------------------------------------------------------------


def at_each_size(page: Any) -> Iterator[int]:
    """Show the page at a desk and on a phone, where it stays; gives each width."""
    for width, height in ((1280, 900), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        yield width


def fits(page: Any) -> None:
    """Nothing sticks out to the side."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), page.url


# --- Whoever signs in -----------------------------------------------------------------------------


def let_in(page: Any, person: Person, to: str = "/staff/") -> None:
    """Sign somebody in without the form, as it leaves them: session, opened key, first page. The form has its own walk.

    Whoever was signed in on this page before is not any more.
    """
    client = Client()
    builders.sign_in(client, person)
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": name, "value": one.value, "domain": "127.0.0.1", "path": "/"} for name, one in client.cookies.items()]
    )
    if to:
        page.goto(to)


def sign_in(page: Any, person: Person | str, password: str = PASSWORD) -> None:
    """Sign in through the page, with the password."""
    page.goto("/staff/sign-in/")
    page.fill("input[name=login]", person if isinstance(person, str) else person.email)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit], main input[type=submit]")
    page.wait_for_url(re.compile(r"/staff/(?!sign-in)"))


def send(page: Any, form: str = "main form.step-form") -> None:
    """Send the form of a step."""
    with page.expect_navigation():
        page.locator(f"{form} [type=submit]").first.click()


def declare(page: Any, case: Case, answer: str = "none") -> None:
    """Open a case from the list and say whether there is a conflict."""
    page.goto("/cases/")
    page.click(f"main a:has-text('{case.reference}')")
    page.check(f"input[name=answer][value={answer}]")
    send(page)


def take(page: Any, case: Case, step: str, **fields: Any) -> None:
    """Take a step from its page."""
    page.goto(f"/cases/{case.reference}/steps/{step}/")
    answer(page, **fields)


def answer(page: Any, form: str = "main form.step-form", /, **fields: Any) -> None:
    """Fill in the form of a step and send it: codes are ticked or chosen, words typed."""
    for name, value in fields.items():
        field = page.locator(f"{form} [name={name}]").first
        kind = field.get_attribute("type") or field.evaluate("field => field.tagName.toLowerCase()")
        if kind == "radio" or (kind == "checkbox" and value is not True):
            for one in value if isinstance(value, list) else [value]:
                page.check(f'{form} input[name={name}][value="{one}"]')
        elif kind == "checkbox":
            field.check()
        elif kind == "select":
            field.select_option(**value) if isinstance(value, dict) else field.select_option(value)
        else:
            field.fill(value)
    send(page, form)
    assert page.locator(".alert-success").count(), page.inner_text("main")


def words_of(page: Any, case: Case, tab: str = "words") -> str:
    """Read a tab of a case."""
    page.goto(f"/cases/{case.reference}/{tab}/")
    return page.inner_text("main")
