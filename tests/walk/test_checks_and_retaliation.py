"""She says how she is with two taps, tells of bad treatment, and nobody who handled the first case can find the second.

On a phone without script; in English, because what is asked is read by its place and not by its words.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import clock
from complaints.models import Case, Concern
from complaints.workflow import checks
from factories import sweep
from tests.builders import file, make_answers, make_world
from tests.walk.by_hand import come_in, declare, let_in, press, take, to, words_of

pytestmark = pytest.mark.django_db(transaction=True)
DESK = (1280, 900)
HER_WORDS = "Since I told, the supervisor gives me the broken machine and laughs."
EXPLAINED = (
    "The supervisor put her back on her own machine on Monday, and the duty list of that week confirms it to us."
)


@pytest.fixture
def world(stack):
    world = make_world()
    sweep.sweep(clock.now(), sources=[])
    return world


@pytest.fixture
def filed(world):
    """A case at the factory whose outcome she was told thirty days ago."""
    now = clock.now()
    filed = file(make_answers(world.factory), at=now - timedelta(days=60))
    checks.plan(filed.case, at=now - timedelta(days=31))
    return filed


def signed_in(make_page, person):
    page = make_page(DESK)
    let_in(page, person)
    return page


def test_two_taps_on_a_phone_without_script_are_an_answer(world, filed, make_page, phone_without_script, screenshot):
    phone, case = phone_without_script, filed.case
    come_in(phone, filed.receipt, "en")
    to(phone, "Answer with two taps")
    screenshot(phone, "checks-how")
    phone.locator("label:has(input[name=feeling][value=bad])").click()
    with phone.expect_navigation():
        phone.get_by_role("button", name="Send", exact=True).first.click()
    assert "/my/thanks/" in phone.url
    screenshot(phone, "checks-thanks")
    case.refresh_from_db()
    assert case.checks.get(code="check_30").answered_on == case.local_day(clock.now())
    with phone.expect_navigation():
        phone.get_by_role("link", name="Back to my page").click()
    assert "You told us how you are." in phone.inner_text("main")
    assert phone.get_by_role("link", name="Answer with two taps").count() == 0

    officer = signed_in(make_page, world.officer)
    declare(officer, case)
    assert "Bad" in words_of(officer, case, "messages")
    tab = words_of(officer, case, "checks")
    assert "Check after 30 days" in tab and "HR data" in tab
    screenshot(officer, "checks-tab")
    take(officer, case, "complete-check", text="She feels bad. We look at her shifts this week.")
    assert case.checks.get(code="check_30").result == "answered"


def test_word_of_bad_treatment_is_read_outside_and_the_factory_must_keep_her_safe(
    world, filed, make_page, phone_without_script, axe, screenshot
):
    phone, case = phone_without_script, filed.case
    officer, chair = signed_in(make_page, world.officer), signed_in(make_page, world.chair)
    declare(officer, case)
    declare(chair, case)
    come_in(phone, filed.receipt, "en")
    to(phone, "They treat me badly because of this")
    screenshot(phone, "checks-because")
    phone.locator("label:has(input[name=changed][value=shift])").click()
    phone.fill("[name=text]", HER_WORDS)
    press(phone, "Tell the outside helper", "en")
    linked = Case.objects.exclude(pk=case.pk).get()
    assert "with the same number" in phone.inner_text("main")
    screenshot(phone, "checks-after-telling")

    # Over to the other matter with the same number, and back; a letter goes where she is.
    press(phone, "The other matter", "en")
    assert HER_WORDS in phone.text_content("main")
    screenshot(phone, "checks-other-matter")
    phone.fill("textarea[name=text]", "He did it again this morning.")
    press(phone, "Send", "en")
    press(phone, "Back to the first matter", "en")
    assert "again this morning" not in phone.inner_text("main")

    # The expert reads it at once.
    expert = signed_in(make_page, world.expert)
    assert HER_WORDS in words_of(expert, linked)
    assert "again this morning" in words_of(expert, linked, "messages")
    assert case.reference in words_of(expert, linked, "checks")
    axe(expert)
    screenshot(expert, "checks-linked")

    # Chair and officer cannot open or guess it, and have 24 hours to keep her safe.
    for page in (officer, chair):
        assert page.goto(f"/cases/{linked.reference}/").status == 404
        page.goto("/cases/")
        assert linked.reference not in page.content()
        text = words_of(page, case, "checks")
        assert linked.reference not in page.content() and HER_WORDS not in page.content()
        assert "treated badly because of this case" in text
    screenshot(chair, "checks-told")
    axe(chair)
    chair.goto(f"/cases/{case.reference}/")
    assert "Decide on an interim measure" in chair.inner_text("main section.border-primary")
    screenshot(chair, "checks-chair-case")
    take(
        chair, case, "decide-interim", code="second_person_rule", reason="Nobody is alone with the supervisor.",
        her_view="She could not be asked yet.",
    )  # fmt: skip
    assert not case.deadlines.open().filter(code="interim_measures_urgent").exists()

    take(expert, linked, "settle-retaliation", result="remedied", text=EXPLAINED)
    assert Concern.objects.get().remedy_verified_on
    assert "treated badly because of this case." not in words_of(chair, case, "")
