"""A visit in the browser: two assessors on two tablets, one of them without a connection, to the final conclusion."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts import clock
from assessments import scoring_alone
from assessments.models import Assessment, FirstScore, Synced
from assessments.scoring_alone import ScoreMark
from tests.assessments.visitworld import FULL, all_scores, pass_course
from tests.builders import make_world
from tests.walk.by_hand import let_in

pytestmark = pytest.mark.django_db(transaction=True)
WIDER = """() => [...document.querySelectorAll("main *")]
    .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .slice(0, 5).map((one) => one.outerHTML.slice(0, 200))"""
KEPT = """() => JSON.stringify(Object.fromEntries(
    Object.keys(localStorage).map((key) => [key, localStorage.getItem(key)])))"""


def kept(page: Any) -> str:
    return str(page.evaluate(KEPT))


def fits(page: Any, axe: Any, screenshot: Any, name: str) -> None:
    assert page.evaluate(WIDER) == [], name
    axe(page)
    screenshot(page, f"walk-visit-{name}")


def test_a_visit_is_scored_without_a_connection_and_concluded(stack, make_page, axe, screenshot):
    world, at = make_world(), clock.now()
    first, second = world.advisor, world.second_expert
    for person in (first, second):
        pass_course(person, at)
    tablet, desk = make_page((360, 740)), make_page((1280, 900))
    let_in(tablet, first, to="")
    let_in(desk, second, to="")

    # Planned on the small screen, declared by both, begun.
    tablet.goto("/assessments/plan/")
    tablet.click(f"text={world.factory.name}")
    day = at.astimezone(ZoneInfo(world.country.time_zone)).date().isoformat()
    tablet.select_option("[name=kind]", "joint")
    tablet.fill("[name=visit_from]", day)
    tablet.fill("[name=visit_to]", day)
    tablet.select_option("[name=first]", str(first.pk))
    tablet.check("[name=first_sex][value=no]")
    tablet.select_option("[name=second]", str(second.pk))
    tablet.check("[name=second_sex][value=yes]")
    fits(tablet, axe, screenshot, "plan")
    tablet.click("text=Plan this visit")
    visit = Assessment.objects.get()
    tablet.click("text=I have none")
    desk.goto("/staff/")
    desk.click("text=say whether you have a conflict of interest")
    fits(desk, axe, screenshot, "planned")
    desk.click("text=I have none")
    desk.click("text=Begin the visit")

    # On the tablet the connection goes; what is chosen is kept as codes, and the page says that it was not sent.
    score = f"/assessments/{visit.pk}/score/"
    tablet.goto(score)
    assert "Everything is saved." in tablet.inner_text("#device")
    tablet.context.set_offline(True)
    tablet.check("#PC1-3")
    assert "Not complete, so not sent: PC1." in tablet.inner_text("#device")
    tablet.check("#PC1-s-D")
    tablet.check("#PC1-s-W")
    tablet.check("#S08-present")
    tablet.check("#S08-s-W")
    tablet.fill("#c-headcount", "300")
    tablet.locator("#c-headcount").blur()
    tablet.wait_for_selector("#device:has-text('There is no connection')")
    assert "PC1" in tablet.inner_text("#device") and not FirstScore.objects.exists()
    screenshot(tablet, "walk-visit-offline")
    held = json.loads(json.loads(kept(tablet))[f"samleng-visit:{visit.pk}:{visit.assessors.get(person=first).pk}"])
    assert set(held["marks"]) == {"PC1", "S08", "counts"}
    assert world.factory.name not in kept(tablet) and first.name not in kept(tablet)

    # Meanwhile the same person scores it at a desk; the lid closes, the page is loaded anew: a conflict is shown.
    scoring_alone.record(visit, by=first, at=at, scores=[ScoreMark("PC1", 1, sources=("D",))])
    tablet.close()
    tablet = tablet.context.new_page()
    tablet.context.set_offline(False)
    tablet.goto(score)
    tablet.wait_for_selector("#PC1 [data-conflict]:visible")
    assert "1, documents" in tablet.inner_text("#PC1 [data-conflict]")
    assert tablet.is_checked("#PC1-3") and FirstScore.objects.get().score == 1
    tablet.wait_for_selector("#device:has-text('Not taken, look at: PC1.')")
    fits(tablet, axe, screenshot, "conflict")
    tablet.click("#PC1 [data-keep=mine]")
    tablet.wait_for_selector("#device:has-text('Everything is saved.')")
    assert FirstScore.objects.get().score == 3 and kept(tablet) == "{}"
    assert visit.assessors.get(person=first).signals.get().signal == "S08"
    visit.refresh_from_db()
    assert visit.headcount == 300 and Synced.objects.exists()

    # The rest is scored by the services; the last indicator and handing in by hand.
    rest = [mark for mark in all_scores() if mark.indicator not in ("PC1", "LR5")]
    scoring_alone.record(visit, by=first, at=at, scores=rest, counts=FULL | {"version": visit.counts_version})
    tablet.goto(score)
    tablet.check("#LR5-no_time")
    tablet.wait_for_selector("#device:has-text('Everything is saved.')")
    tablet.goto(f"/assessments/{visit.pk}/screen/")
    fits(tablet, axe, screenshot, "screen")
    tablet.check("[name=sure]")
    tablet.click("text=Seal and send")
    tablet.goto(f"/assessments/{visit.pk}/hand-in/")
    tablet.check("[value=possible]")
    fits(tablet, axe, screenshot, "hand-in")
    tablet.click("input[value='Hand in my scores']")
    assert "You have handed in" in tablet.inner_text("main")

    scoring_alone.record(visit, by=second, at=at, scores=[m for m in all_scores(PC1=4) if m.indicator != "LR5"])
    desk.goto(score)
    desk.check("#LR5-no_time")
    desk.wait_for_selector("#device:has-text('Everything is saved.')")
    fits(desk, axe, screenshot, "score")
    desk.goto(f"/assessments/{visit.pk}/hand-in/")
    desk.check("[value=possible]")
    desk.click("input[value='Hand in my scores']")
    desk.click("main >> text=Compare")
    fits(desk, axe, screenshot, "compare")
    desk.click("#PC1 button[value='4']")
    assert "Agreed: 4." in desk.inner_text("#PC1")
    desk.click("main >> text=Conclude")
    fits(desk, axe, screenshot, "conclude")
    desk.check("[name=level_factory][value=possible]")
    desk.fill("[name=reasons]", "Workers avoid the store after dark.")
    desk.click("input[value=Conclude]")
    visit.refresh_from_db()
    assert visit.stage == "final" and visit.level_factory == "possible"
    fits(desk, axe, screenshot, "final")
    tablet.goto(f"/assessments/{visit.pk}/give-back/")
    tablet.select_option("[name=language]", "km")
    tablet.fill("[name=found]", "Posters hang. The box is under a camera.")
    tablet.fill("[name=will_be_done]", "The box moves before June.")
    tablet.click("text=Save this page")
    tablet.fill("[name=on]", day)
    fits(tablet, axe, screenshot, "give-back")
    tablet.click("text=Record that results were given back")
    visit.refresh_from_db()
    assert visit.given_back_on.isoformat() == day and visit.plain_versions.get().published_on
