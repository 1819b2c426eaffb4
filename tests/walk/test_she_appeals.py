"""She reads the result, does not agree, and somebody new decides; and what she says of the handling stays outside."""

from __future__ import annotations

import pytest

from accounts import clock
from complaints.models import Appeal, Case, Concern
from factories import sweep
from tests.builders import make_world
from tests.complaints.test_appeals import REASON, make_reviewer
from tests.walk.by_hand import come_in, declare, let_in, press, take, tell, to, words_of
from tests.walkers import decide, tell_both, to_decision

pytestmark = pytest.mark.django_db(transaction=True)
NOT_ASKED = "Nobody asked the two women beside me."
NOT_WELL = "The officer told my line that somebody complained."
WHOLE_ANSWER = "You are right that two women were not asked. They will be heard now, and then it is decided again."
FROM_OUTSIDE = "Thank you for telling us. I have spoken with the committee: nobody may talk about it with your line."

LEAVES_BY_ITSELF = ("meta-refresh",)  # Her page closes after ten minutes: decisions, 30.


@pytest.fixture
def world(stack):
    world = make_world()
    world.extra["reviewer"] = make_reviewer(world)
    sweep.sweep(clock.now(), sources=[])
    return world


def test_she_appeals_and_somebody_new_sends_it_back(world, make_page, phone_script_blocked, screenshot, axe):
    reviewer = world.extra["reviewer"]
    her = phone_script_blocked
    number = tell(her, world.factory.short_code, route="factory_committee", share_choice="all_written",
                  own_words="He touches my arm every day.")  # fmt: skip
    case = Case.objects.get()
    at = clock.now()
    case = tell_both(world, decide(world, to_decision(world, case, at=at), at=at), at=at)

    # She reads the result and does not agree.
    come_in(her, number)
    page = her.inner_text("main")
    assert "We have a result" in page and "If you do not agree, you can say so until" in page
    axe(her, ignore=LEAVES_BY_ITSELF)
    screenshot(her, "her-page-with-a-result")
    to(her, "I don't agree with the result", "en")
    axe(her, ignore=LEAVES_BY_ITSELF)
    screenshot(her, "her-appeal")
    to(her, "Roads outside", "en")
    assert "Using them is your decision." in her.inner_text("main")
    axe(her, ignore=LEAVES_BY_ITSELF)
    screenshot(her, "her-roads-outside")
    to(her, "Back to my page", "en")
    to(her, "I don't agree with the result", "en")
    her.check("[name=ground][value=step_not_followed]")
    her.fill("#text", NOT_ASKED)
    press(her, "Yes, look at it again", "en")
    page = her.inner_text("main")
    assert "Somebody new is looking at it again." in page and NOT_ASKED in page
    screenshot(her, "her-page-under-appeal")

    # The chair finds it as the next step and gives it to somebody new.
    chair = make_page((1280, 900))
    let_in(chair, world.chair)
    chair.goto(f"/cases/{case.reference}/")
    with chair.expect_navigation():
        chair.click("text=Do it now")
    assert "Give the appeal to somebody new" in chair.inner_text("main")
    screenshot(chair, "chair-gives-the-appeal")
    axe(chair)
    take(chair, case, "give-to-reviewer", person={"label": reviewer.name})

    # The reviewer signs, reads, asks, and sends it back.
    new = make_page((1280, 900))
    let_in(new, reviewer)
    declare(new, case)
    screenshot(new, "reviewer-case")
    axe(new)
    assert "He touches my arm every day." in words_of(new, case)
    assert NOT_ASKED in words_of(new, case, "record")
    take(new, case, "add-note", text="Why were the two women not heard?")
    assert "Why were the two women not heard?" in words_of(chair, case, "record")
    new.goto(f"/cases/{case.reference}/steps/decide-appeal/")
    screenshot(new, "reviewer-decides")
    axe(new)
    take(new, case, "decide-appeal", result="sent_back", back_to="fact_finding", reason=REASON, to_her=WHOLE_ANSWER,
         to_respondent="Two more people are heard. Then it is decided again.")  # fmt: skip
    new.goto(f"/cases/{case.reference}/")
    assert case.reference not in new.inner_text("main")
    case.refresh_from_db()
    assert (case.stage, case.side, Appeal.objects.get().result) == ("fact_finding", "", "sent_back")

    # She reads it, and that it is being found out again.
    to_her_page(her)
    page = her.inner_text("main")
    assert WHOLE_ANSWER in page and "We are finding out what happened" in page

    # And she says that it is not handled well: the expert reads it, the factory nowhere.
    to(her, "This is not handled well", "en")
    axe(her, ignore=LEAVES_BY_ITSELF)
    screenshot(her, "her-concern")
    her.fill("#text", NOT_WELL)
    press(her, "Tell the outside helper", "en")
    assert "Nobody in the factory can read this." in her.inner_text("main")
    assert Concern.objects.get().shows_at is None
    helper = case.assignments.get(role="technical_expert").person
    expert = make_page((1280, 900))
    let_in(expert, helper)
    assert "not handled well" in expert.inner_text("main")
    assert NOT_WELL in words_of(expert, case)
    take(expert, case, "answer-concern", text=FROM_OUTSIDE, offers=True)
    for person, desk in ((world.chair, chair), (world.officer, make_page((360, 740)))):
        if person is world.officer:
            let_in(desk, person)
        for tab in ("", "words/", "messages/", "record/", "timeline/", "openings/", "outcome/", "inquiry/"):
            shown = desk.request.get(f"/cases/{case.reference}/{tab}").text()
            assert NOT_WELL not in shown and FROM_OUTSIDE not in shown and "oncern about handling" not in shown, tab
            assert helper.name not in shown and "</main>" in shown, tab
    to_her_page(her)
    page = her.inner_text("main")
    assert FROM_OUTSIDE in page and "offers to take it over" in page

    # Her other wishes have a page each.
    for what in ("look", "him", "others"):
        her.goto(f"/my/yes/{what}/?lang=en")
        axe(her, ignore=LEAVES_BY_ITSELF)
        screenshot(her, f"her-wish-{what}")
    her.goto("/my/sharing/?lang=en")
    axe(her, ignore=LEAVES_BY_ITSELF)
    screenshot(her, "her-sharing")
    her.goto("/my/pause/?lang=en")
    axe(her, ignore=LEAVES_BY_ITSELF)
    screenshot(her, "her-pause")


def to_her_page(page) -> None:
    page.goto("/my/case/?lang=en")
