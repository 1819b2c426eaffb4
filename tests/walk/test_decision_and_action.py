"""The decision maker decides, both sides are told, she confirms on her phone what was promised, monitoring begins."""

from __future__ import annotations

import pytest

from accounts import clock
from complaints.models import Case
from tests import walkers
from tests.builders import make_world
from tests.walk.by_hand import come_in, declare, let_in, press, say, take, tell, to, words_of

pytestmark = pytest.mark.django_db(transaction=True)
HER_WORDS = "He says things about my body when I bring him the parts."
REASONS = "It happened again and again, and he decides who gets a machine first. So a warning, and an apology."
FOUND = "We found that it happened as you told us."
DONE = "You get a letter that says sorry. He was warned in writing."


def test_from_the_decision_to_what_she_confirms(make_page, stack, phone_without_script, screenshot, axe):
    world = make_world()
    her = phone_without_script
    number = tell(
        her, world.factory.short_code, conduct_types="verbal", own_words=HER_WORDS, route="factory_committee",
        share_choice="all_written",
    )  # fmt: skip
    case = Case.objects.get()
    walkers.to_decision(world, case, at=clock.now())

    # The decision maker lands on the decision from the first page, and reads the finding and who it is about.
    manager = make_page((1280, 900))
    let_in(manager, world.decision_maker)
    manager.goto("/staff/")
    assert case.reference in manager.inner_text("main")
    declare(manager, case)
    manager.goto("/cases/")
    with manager.expect_navigation():
        manager.click(f"main a:has-text('{case.reference}')")
    assert manager.url.endswith("/decision/")
    page = manager.inner_text("main")
    assert "These never count:" in page and "Who it is about" in page and "more likely than not" in page
    assert HER_WORDS not in manager.content()
    for tab in ("words", "messages", "record", "timeline", "outcome", "inquiry", "checks", "referrals", "closing"):
        sent = manager.request.get(f"/cases/{case.reference}/{tab}/")
        assert sent.url.endswith("/decision/")
        assert HER_WORDS not in sent.text()
    axe(manager)
    screenshot(manager, "decision-to-make")
    manager.click("main a:has-text('Decide what follows')")
    screenshot(manager, "decision-form")
    axe(manager)
    chair = {"label": world.chair.name}
    take(
        manager, case, "decide", remedy_1_code="apology", remedy_1_owner=chair, at_her_request=True,
        sanction_1_code="written_warning", sanction_1_owner={"label": world.officer.name}, reasons=REASONS,
    )  # fmt: skip
    assert "It is decided" in words_of(manager, case, "decision")
    assert "Who it is about" not in manager.inner_text("main")

    # Officer and chair tell both sides; the letter holds what concerns the respondent and nothing else.
    officer = make_page((1280, 900))
    let_in(officer, world.officer)
    officer.goto(f"/cases/{case.reference}/")
    with officer.expect_navigation():
        officer.click("text=Do it now")
    assert "Tell her the outcome" in officer.inner_text("main")
    take(officer, case, "tell-outcome", found=FOUND, done_text=DONE)
    officer_chair = make_page((1280, 900))
    let_in(officer_chair, world.chair)
    take(
        officer_chair, case, "tell-outcome-to-respondent", found="It was found that it happened in May.",
        follows="You get a written warning.", contact="The chair of the committee, room 4",
    )  # fmt: skip
    axe(officer_chair)
    screenshot(officer_chair, "outcome-tab")
    with officer_chair.expect_navigation():
        officer_chair.click("main a:has-text('Outcome, to the respondent')")
    letter = officer_chair.inner_text("main")
    assert "You get a written warning." in letter and "room 4" in letter and "Retaliation is forbidden" in letter
    assert FOUND not in letter and case.reference not in letter and "sorry" not in letter
    axe(officer_chair)
    screenshot(officer_chair, "outcome-letter")
    take(officer, case, "begin-action")

    # She reads the whole result on her phone without script, and that it may be looked at again.
    come_in(her, number)
    page = her.inner_text("main")
    for words in (FOUND, DONE, "somebody new looks at it again", "That is forbidden"):
        assert words in page
    assert world.officer.name not in her.content()
    screenshot(her, "outcome-her-result")

    # The chair sends the letter and says so; she says in two taps whether it has come.
    take(officer_chair, case, "remedy-done", remedy=str(case.remedies.get().pk))
    her.reload()
    assert say("Something was promised to you. Has it happened?", "en") in her.inner_text("main")
    to(her, "Tell us", "en")
    assert "A letter that says sorry to you." in her.inner_text("main")
    screenshot(her, "outcome-her-promise")
    press(her, "Not yet", "en")
    assert "They have to look at it again" in her.inner_text("main")
    assert "not yet" in words_of(officer_chair, case, "outcome")
    assert "Plan a remedy again" in officer_chair.inner_text("main")
    take(
        officer, case, "plan-remedy", remedy=str(case.remedies.get().pk), owner=chair,
        due_on=str(case.remedies.get().due_on), outside_line=True, reason="The letter lay in the office.",
    )  # fmt: skip
    take(officer_chair, case, "remedy-done", remedy=str(case.remedies.get().pk))
    her.reload()
    to(her, "Tell us", "en")
    press(her, "Yes, it has happened", "en")
    assert say("Something was promised to you. Has it happened?", "en") not in her.inner_text("main")

    # The warning is given, and somebody else has seen it; then monitoring begins.
    take(officer, case, "carry-out-sanction", sanction=str(case.sanctions.get().pk))
    take(officer_chair, case, "check-sanction", sanction=str(case.sanctions.get().pk), note="I have seen the letter.")
    screenshot(officer_chair, "outcome-tab-done")
    take(officer, case, "begin-monitoring")
    case.refresh_from_db()
    assert (case.stage, case.monitoring_on) == ("monitoring", case.outcome_told_on)
