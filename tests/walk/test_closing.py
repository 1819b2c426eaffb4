"""The end, on real pages: two people and her answer on a phone without script; and her words deleted, or not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import clock
from complaints import workflow
from complaints.models import Case, Check, Entry
from tests.builders import make_world
from tests.walk.by_hand import a_moving_clock, come_in, later, let_in, press, take, tell, to, words_of
from tests.walkers import on_case, to_planning

pytestmark = pytest.mark.django_db(transaction=True)
LEARNED = "Two people should be at the machines whenever somebody repairs them after the shift."


def in_monitoring(world, case: Case) -> Case:
    """Handled before by the steps of others: from here on somebody asks how she is, and the checks are made."""
    at = clock.now()
    to_planning(world, case, path="support_only", at=at)
    for measure in case.interim_measures.all():
        chair = on_case(case, "committee_chair")[0]
        workflow.review_interim(case, by=chair, measure=measure, goes_on=False, note="No longer needed.", at=at)
    agreed = "She talks with the counsellor each week."
    workflow.begin_monitoring(case, by=on_case(case, "case_officer")[0], text=agreed, at=at)
    made = Check.objects.filter(case=case).exclude(code="records_review_180")
    day = case.local_day(at)
    made.update(done_on=day, answered_on=day, result="answered", tries=1)
    case.refresh_from_db()
    return case


@pytest.fixture
def told(stack, make_page):
    """A case she told on her phone without script, and her number."""
    world = make_world()
    her = make_page(script=False)
    number = tell(
        her, world.factory.short_code, route="factory_committee", share_choice="all_written",
        conduct_types="verbal", own_words="ZqWordOfHers",
    )  # fmt: skip
    return world, Case.objects.get(), her, number


def test_a_case_is_closed_by_two_people_and_her_answer_and_opened_by_her(told, make_page, screenshot, axe):
    world, case, her, number = told
    case = in_monitoring(world, case)
    officer, chair = make_page((1280, 900)), make_page((1280, 900))
    let_in(officer, world.officer)
    let_in(chair, world.chair)

    page = words_of(officer, case, "closing")
    assert "She was not asked yet" in page and "Nobody has written yet" in page
    take(officer, case, "write-learning", text=LEARNED, no_names=True)
    take(officer, case, "ask-closing", text="May we finish, and are you safe? You find the question on your page.")

    come_in(her, number, "en")
    assert "may we finish, and are you safe" in her.inner_text("main")
    to(her, "Answer", "en")
    her.locator("form.card button.strong").first.click()
    assert "Please say yes or no" in her.inner_text("main")
    her.check("[name=may_close][value=yes]")
    her.check("[name=safe][value=yes]")
    her.check("[name=feeling][value=good]")
    her.check("[name=heard][value=yes]")
    screenshot(her, "closing_her_answer")
    with her.expect_navigation():
        her.locator("form.card button.strong").first.click()
    assert "We have your answer" in her.inner_text("main")

    officer.goto(f"/cases/{case.reference}/steps/tick-closure/")
    for box in officer.locator("input[name=criteria]").all():
        box.check()
    with officer.expect_navigation():
        officer.click("main form.step-form button[type=submit]")
    assert "Now a second person confirms it" in officer.inner_text("main")
    officer.goto(f"/cases/{case.reference}/steps/close/")
    with officer.expect_navigation():
        officer.click("main form.step-form button[type=submit]")
    assert "confirmed by another" in officer.inner_text("main")

    chair.goto(f"/cases/{case.reference}/steps/confirm-closure/")
    for box in chair.locator("input[name=criteria]").all():
        box.check()
    with chair.expect_navigation():
        chair.click("main form.step-form button[type=submit]")
    screenshot(chair, "closing_tab_ready")
    axe(chair)
    assert "can be closed" in chair.inner_text("main")
    take(officer, case, "close")
    case.refresh_from_db()
    assert (case.stage, case.closing_reason) == ("closed", "completed")
    assert "Her inbox stays open" in officer.inner_text("body")

    come_in(her, number, "en")
    assert "You can write here until" in her.inner_text("main")
    to(her, "Open it again", "en")
    press(her, "Yes, open it again", "en")
    assert "open again" in her.inner_text("main")
    case.refresh_from_db()
    assert case.side == "reopened" and case.stage == "monitoring"


def test_she_deletes_her_words_takes_it_back_and_asks_again(told, screenshot):
    world, case, her, number = told
    come_in(her, number, "en")
    to(her, "Delete my words", "en")
    screenshot(her, "closing_delete_my_words")
    assert "Nobody can bring it back" in her.inner_text("main")
    press(her, "Yes, delete my words", "en")
    assert "will be deleted tomorrow unless you change your mind" in her.inner_text("main")
    press(her, "Keep my words after all", "en")
    assert "Nothing is deleted" in her.inner_text("main")
    assert workflow.finish_deletions(at=clock.now() + timedelta(days=3)) == 0

    to(her, "Delete my words", "en")
    press(her, "Yes, delete my words", "en")
    with a_moving_clock():
        later(hours=26)
        workflow.finish_deletions(at=clock.now())
        come_in(her, number, "en")
        page = her.inner_text("main")
        assert "Your words were deleted on" in page and "ZqWordOfHers" not in page
        assert not Entry.objects.filter(key__compartment__case=case, author_kind="complainant").exists()
        screenshot(her, "closing_words_deleted")
