"""A year of a factory's manager and a year of an administrator, on the pages.

The manager assesses the factory beside the visit, keeps its part of what was agreed and asks for what it cannot keep;
advisor and expert answer. The administrator keeps the tool, brings in what was found before, and opens factories.
"""

from __future__ import annotations

import csv
import html
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from accounts import clock
from assessments import actions, givingback, reviewing, scoring_alone, screen, tool
from assessments.models import AgreedAction, Assessment, Level
from factories.package import promises
from tests.assessments.test_importing import as_file, lines_of
from tests.assessments.visitworld import FULL, agree_all, all_scores, begun, conclude, hand_in
from tests.builders import World, make_world
from tests.packages import activity, enter, finish
from tests.walk.by_hand import answer, at_each_size, fits, let_in

pytestmark = pytest.mark.django_db(transaction=True)
DESK, PHONE = (1280, 900), (360, 740)
REASONS = "Two women spoke of the store after dark."
FOUND = "The box is under a camera."
SCORE_ALL = """(score) => { for (const one of document.querySelectorAll("fieldset[data-kind=score]"))
    for (const id of [`${one.id}-${score}`, `${one.id}-s-D`, `${one.id}-s-W`]) document.getElementById(id).click() }"""


def press(page: Any, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def follow(page: Any, name: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name=name).first.click()


def heed(page: Any, notice: str) -> None:
    """Open what a notice on the first page is about."""
    with page.expect_navigation():
        page.locator("main li", has_text=notice).get_by_role("link", name="Open").first.click()


def look(page: Any, axe: Any, screenshot: Any, name: str) -> None:
    """Show a page that no other walk shows: nothing sticks out, everybody can use it."""
    axe(page)
    for _width in at_each_size(page):
        fits(page)
        screenshot(page, f"walk-factory-{name}")


def given_back(world: World) -> Assessment:
    """A visit that two held and concluded, which the expert judged higher, and whose results the factory has."""
    now = clock.now()
    at = now - timedelta(days=3)
    scene = begun(world, at=at)
    scoring_alone.record(scene.visit, by=scene.advisor, at=at, counts=FULL | {"version": 0})
    screen.send(scene.visit, (), by=scene.advisor, at=at)
    signals = [scoring_alone.SignalAnswer("S08", "present", ("W",))]
    hand_in(scene, scene.advisor, at=at, scores=all_scores(1), signals=signals)
    hand_in(scene, scene.second, at=at, scores=all_scores(1))
    scene.fresh()
    agree_all(scene, at=at)
    visit = conclude(scene, at=at, reasons=REASONS)
    reviewing.decide_level(visit, Level.ESTABLISHED, by=world.expert, at=at, reasons="Known from outside.")
    for language in ("km", "en"):
        givingback.write_plain(visit, language, found=FOUND, will_be_done="It moves.", by=world.advisor, at=at)
    givingback.give_back(visit, promises.local_day(world.factory, now), by=world.advisor, at=now)
    return visit


def test_the_year_of_a_factory_manager(stack, make_page, axe, screenshot):
    world, at = make_world(), clock.now()
    today = promises.local_day(world.factory, at)
    enter(world, began=today - timedelta(days=49))
    visit = given_back(world)
    signals = [one.text for one in tool.of_assessment(visit).signals]
    secret = [REASONS, "Known from outside.", str(Level.ESTABLISHED.label), *signals]
    actions.agree(visit, what="Light on the stairs", owner="hr", due_on=today + timedelta(days=20),
                  by=world.advisor, at=at)  # fmt: skip

    def keeps_back(page: Any) -> None:
        shown = html.unescape(page.content())
        assert not [words for words in secret if words in shown], page.url

    # What the factory reads of the visit: level, confidence, advice; never
    # the signals, their reasons, or the experts' level.
    desk = make_page(DESK)
    let_in(desk, world.decision_maker)
    follow(desk, "Light on the stairs")
    assert desk.url.endswith(f"/assessments/mine/{world.factory.pk}/")
    said = desk.inner_text("main")
    assert str(Level.POSSIBLE.label) in said and "confidence:" in said
    keeps_back(desk)
    follow(desk, "Read it whole")
    said = desk.inner_text("main")
    assert str(Level.POSSIBLE.label) in said and "Confidence:" in said and FOUND in said
    keeps_back(desk)
    look(desk, axe, screenshot, "given-back")
    follow(desk, "Report to print")
    keeps_back(desk)

    # The factory assesses itself, leaves, goes on from its own page, and sees both side by side.
    desk.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    own = f"/assessments/mine/{world.factory.pk}/"
    desk.goto(own)
    press(desk, "Assess yourselves")
    assert not desk.locator("#signals, #counts, [id^='S0']").count()
    desk.evaluate(SCORE_ALL, 3)
    desk.wait_for_selector("#device:has-text('Everything is saved.')")
    desk.goto(own)
    press(desk, "Go on with your own assessment")
    follow(desk, "Hand in")
    press(desk, "Hand in my scores")
    assert "The factory's own view beside the view from outside" in desk.inner_text("main")
    look(desk, axe, screenshot, "gap")
    desk.goto(own)
    assert "You see yourselves higher than the visit did" in desk.inner_text("main")
    assert Assessment.objects.get(kind="self").stage == "final" and Assessment.objects.count() == 2

    # What was agreed is done, says the factory; the advisor looks and confirms.
    follow(desk, "It is done")
    answer(desk, "main form", evidence="Lamps on every landing.")
    assert "to be confirmed from outside" in desk.inner_text("main")
    advisor = make_page(DESK)
    let_in(advisor, world.advisor, f"/assessments/factories/{world.factory.pk}/")
    follow(advisor, "Confirm")
    press(advisor, "I have looked: it is done")
    assert AgreedAction.objects.get().verified_by == world.advisor

    # The officer, on a phone: what comes first, another date, something done, and what the factory counts itself.
    phone = make_page(PHONE)
    let_in(phone, world.officer)
    phone.locator("main a[href^='/package/']").first.click()
    assert phone.url.endswith(f"/package/{world.factory.pk}/")
    phone.click("main a:has-text('Help map')")
    phone.click("summary:has-text('Ask for another date')")
    asked = activity(world, "REFER").due_on + timedelta(days=7)
    ask = "main form[action$='/ask-move/']"
    answer(phone, ask, reason="key_person_away", to_on=asked.isoformat(), words="The focal point has a child.")
    assert "the agreed date stands" in phone.inner_text("main")
    phone.goto(f"/package/{world.factory.pk}/activities/T-MGMT/")
    follow(phone, "Record it here")
    titles = phone.locator("main details summary").all_inner_texts()
    assert titles == ["People trained", "The committee", "Knowledge before and after"]
    assert "records surveys, test complaints, practice cases" in phone.inner_text("main")
    count, committee = (f"main form[action$='/learning/{kind}/']" for kind in ("training", "committee"))
    phone.click("summary:has-text('People trained')")
    phone.fill(f"{count} [name=people]", "12")
    phone.fill(f"{count} [name=trained]", "13")
    phone.locator(f"{count} [type=submit]").click()
    phone.wait_for_selector("text=More people were trained than there are.")
    answer(phone, count, group="managers", trained="12")
    phone.click("summary:has-text('The committee')")
    answer(phone, committee, meetings_planned="3", meetings_held="2", members="7", members_trained="6")
    look(phone, axe, screenshot, "learning")
    phone.goto(f"/package/{world.factory.pk}/activities/T-MGMT/")
    assert "Before it counts as done" not in phone.inner_text("main")
    answer(phone, "main form[action$='/say-done/']", evidence="The list of who took part is in the office.")

    # The advisor answers both, and records what has to come from outside; the factory reads it.
    advisor.goto(f"/package/{world.factory.pk}/")
    assert "Help map" in advisor.inner_text("section[aria-labelledby=asked]")
    advisor.fill("textarea[name=offered]", "The stand-in could come with us.")
    press(advisor, "Move the date as asked")
    press(advisor, "Record it as done")
    advisor.goto(f"/package/{world.factory.pk}/learning/")
    advisor.click("summary:has-text('A survey of workers')")
    survey = {"kind": "baseline", "answers": "120", "know_a_way": "60", "trust": "50"}
    answer(advisor, "main form[action$='/learning/survey/']", **survey)
    advisor.click("summary:has-text('A practice case')")
    answer(advisor, "main form[action$='/learning/drill/']", passed="yes", gaps="The stand-in was not told.")
    let_in(phone, world.officer)
    heed(phone, "What you asked about an activity is answered.")
    assert activity(world, "REFER").due_on == asked and activity(world, "T-MGMT").state == "done"
    follow(phone, "Training, surveys, tests and practice cases")
    assert "120 answers" in phone.inner_text("main") and "The stand-in was not told." in phone.inner_text("main")

    # What workers read, and the poster for the wall.
    desk.goto(own)
    follow(desk, "What workers are told")
    assert FOUND in desk.inner_text("body")
    keeps_back(desk)
    desk.goto(own)
    follow(desk, "Poster for workers")
    assert desk.url.endswith("/poster/") and world.factory.short_code in desk.content()


def file(name: str, body: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": body}


def test_the_year_of_an_administrator(stack, make_page, axe, screenshot):
    world, at = make_world(), clock.now()
    factory, today = world.factory, promises.local_day(world.factory, at)
    factory.status = "listed"
    factory.save()
    desk = make_page(DESK)
    let_in(desk, world.admin)

    # A version of the tool: a broken file is refused in sentences; a good one is in force, and withdrawn again.
    follow(desk, "The tool of assessments")
    follow(desk, "Add a version")
    with desk.expect_download() as got:
        desk.get_by_role("link", name="The file of version 1.1, to begin with").click()
    content = json.loads(got.value.path().read_bytes())
    broken = json.loads(json.dumps(content)) | {"version": "2.0", "scale": {}}
    broken["signals"][0]["grade"] = "weak"
    desk.set_input_files("[name=file]", file("tool.json", json.dumps(broken).encode()))
    desk.fill("[name=change_note]", "Larger samples after the first year.")
    press(desk, "Add this version")
    said = desk.inner_text("main")
    assert "2 things are wrong in the file" in said and "S01 must stay strong" in said
    assert desk.input_value("[name=change_note]") == "Larger samples after the first year."
    look(desk, axe, screenshot, "tool-refused")
    content["version"] = "2.0"
    content["interview_sample"][0]["min_interviews"] += 2
    desk.set_input_files("[name=file]", file("tool.json", json.dumps(content).encode()))
    press(desk, "Add this version")
    said = desk.inner_text("main")
    assert "Version 2.0 was added." in said and "Different from version 1.1" in said and "Workers, from 1" in said
    look(desk, axe, screenshot, "tool-changes")
    assert tool.current(today).version == "2.0"
    desk.click("summary:has-text('Withdraw this version')")
    press(desk, "Withdraw")
    assert "No visit begins with this version any more." in desk.inner_text("main")
    assert tool.current(today).version == "1.1"

    # Old assessments: what is whole comes in, the rest is handed back, mended and brought in.
    follow(desk, "All versions")
    follow(desk, "Bring in old assessments")
    wrong = lines_of(factory.short_code, "2024-06-10")
    wrong[3][8] = "ZZ9"
    rows = [*lines_of(factory.short_code, "2023-06-10"), *wrong]
    desk.set_input_files("[name=list]", file("old.csv", as_file(rows)))
    press(desk, "Bring them in")
    said = desk.inner_text("main")
    assert "1 assessment was brought in." in said and "40 lines stayed out" in said
    assert "Version 1.1 of the tool has no indicator “ZZ9”." in said
    look(desk, axe, screenshot, "old")
    rest = desk.input_value("#rest")
    assert len(list(csv.reader(io.StringIO(rest)))) == 41
    desk.set_input_files("[name=list]", file("rest.csv", rest.replace("ZZ9", "PC4").encode()))
    press(desk, "Bring them in")
    assert "Every line is in." in desk.inner_text("main") and Assessment.objects.count() == 2

    # Figures of the programme are for the heads of the organisations. A factory goes live once
    # its channels are open, and not before.
    assert desk.request.get("/assessments/programme/").status == 404
    desk.get_by_role("link", name="Factories", exact=True).first.click()
    follow(desk, factory.name)
    page = desk.url
    assert "Its channels are not open yet" in desk.inner_text("main")
    assert not desk.get_by_role("button", name="Go live").count()
    enter(world, began=today - timedelta(days=49))
    for code in ("COMM", "T-COMM", "REFER", "CHAN"):
        finish(world, code, today - timedelta(days=1))
    let_in(desk, world.admin)
    heed(desk, "A factory opened its channels: look whether it can go live.")
    assert desk.url == page
    press(desk, "Go live")
    assert "The factory is live" in desk.inner_text("main")
    look(desk, axe, screenshot, "live")
    factory.refresh_from_db()
    assert factory.is_live
