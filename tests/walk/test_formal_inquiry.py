"""A formal inquiry on the pages: officer and chair walk it from the agreed path to the finding, letters printed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import clock
from complaints import workflow
from tests.builders import file, make_answers, make_world
from tests.walk.by_hand import let_in, take, words_of
from tests.walkers import her_consent, inquirers, to_planning

pytestmark = pytest.mark.django_db(transaction=True)
HERS = "ZqHerOwnWords"
LETTER = "It is said that in May you touched a worker's arm at a machine, without being asked to be there."
POINTS = "One person says that it happened twice. You say that you only repaired the machine."
FOR_HER = "This is what both sides say. Please write here until the day below what is missing or wrong."
REASONS = (
    "The complainant told it clearly, with day and place, and the duty list fits. The respondent denies it and gave no "
    "reason for the hour at that machine. One account is enough where it is credible, and this one is; what tips it is "
    "the duty list."
)


def test_a_committee_that_has_never_run_one_runs_an_inquiry(stack, make_page, axe, screenshot):
    world = make_world()
    before = clock.now() - timedelta(days=3)
    case = file(make_answers(world.factory, own_words=HERS), at=before).case
    case = to_planning(world, case, at=before + timedelta(days=2))
    her_consent(case, "tell_respondent", at=before)
    people = inquirers(world, case, at=before + timedelta(days=2))
    chair, officer = make_page((1280, 900)), make_page((360, 740))
    let_in(chair, world.chair)
    let_in(officer, world.officer)

    def look(page, name):
        assert HERS not in page.inner_text("main")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), name
        axe(page)
        screenshot(page, f"walk-inquiry-{name}")

    def follow(page, step):
        """The one next step of the case leads there; the form is looked at before it is filled."""
        page.goto(f"/cases/{case.reference}/")
        button = page.get_by_role("link", name="Do it now")
        assert button.count() == 1
        button.click()
        page.wait_for_url(f"**/steps/{step}/")
        look(page, step)

    follow(chair, "begin-inquiry")
    take(
        chair, case, "begin-inquiry",
        inquirers=[str(one.pk) for one in people], half_women=True,
        to_find_out="What happened at the machine.", whom_to_hear="Her, him, who works beside her.",
        in_which_order="Her first.", to_protect="The duty list.",
        allegation_1="In May he touched her arm at the machine.", named="yes",
    )  # fmt: skip
    assert "The respondent has not been told yet" in chair.inner_text("main")
    look(chair, "begun")

    follow(officer, "tell-respondent")
    take(officer, case, "tell-respondent", text=LETTER, checked=True)
    officer.get_by_role("link", name="Letter to print").click()
    officer.wait_for_url("**/letters/notice/")
    assert LETTER in officer.inner_text("main")
    assert case.reference not in officer.inner_text("main")
    look(officer, "letter-notice")
    officer.emulate_media(media="print")
    assert not officer.get_by_role("link", name="Back to the inquiry").is_visible()
    officer.emulate_media(media="screen")

    follow(chair, "hear")
    take(chair, case, "hear", who="complainant", came="yes", how="inbox", text="She says that it was twice.")
    take(chair, case, "hear", who="respondent", came="yes", how="in_person", accompanied="A colleague",
         text="He says that he only repaired the machine.")  # fmt: skip
    take(officer, case, "note-reply", came="yes", text="In writing he says the same.")
    take(officer, case, "add-paper", paper="duty_lists", text="In the safe of the chair. He was there that day.")

    follow(officer, "ask-comments")
    take(officer, case, "ask-comments", to_her=FOR_HER, to_respondent=POINTS, checked=True)
    officer.goto(f"/cases/{case.reference}/letters/comments/")
    assert POINTS in officer.inner_text("main")
    assert FOR_HER not in officer.inner_text("main")
    look(officer, "letter-comments")
    take(officer, case, "note-comment", side="complainant", came="yes", text="She says the day was a Tuesday.")
    take(officer, case, "note-comment", side="respondent", came="no")
    look(officer, "all-heard")

    follow(chair, "complete-inquiry")
    take(chair, case, "complete-inquiry", sure=True)
    follow(chair, "find")
    take(
        chair, case, "find",
        result_1="substantiated", complainant_said_1="It happened twice, on a Tuesday.",
        respondent_said_1="He only repaired the machine.", reasons_1=REASONS, all_agree=True,
    )  # fmt: skip
    look(chair, "found")
    assert "Substantiated" in chair.inner_text("main")
    case.refresh_from_db()
    assert case.stage == "decision"
    assert FOR_HER in words_of(chair, case, "messages")

    deciding = make_page()
    let_in(deciding, world.decision_maker)
    workflow.declare_conflict(case, by=world.decision_maker, answer="none", at=clock.now())
    for path in ("inquiry/", "letters/notice/", "record/", "words/", "messages/"):
        answer = deciding.request.get(f"/cases/{case.reference}/{path}")
        assert LETTER not in answer.text(), path
        assert "He was there that day" not in answer.text(), path
