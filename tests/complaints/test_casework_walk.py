"""Handlers, advisor and administrator at work in a real browser, at a desk and on a phone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from accounts import clock
from complaints import workflow
from factories import sweep
from tests.builders import file, make_answers, make_case, make_world
from tests.walk.by_hand import at_each_size, fits, let_in

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGE = "Thank you for telling us. I have read about the mechanic and will write to you again by Friday."


@pytest.fixture
def world(transactional_db):
    world = make_world()
    sweep.sweep(clock.now(), sources=[])
    return world


def look(page, screenshot, axe, name, url):
    response = page.goto(url)
    assert response.status == 200, url
    for _width in at_each_size(page):
        fits(page)
        axe(page)
        screenshot(page, f"casework-{name}")


def test_the_officer_declares_answers_sorts_and_agrees_a_path(make_page, world, screenshot, axe):
    case = make_case(world, at=clock.now(), own_words="He stands behind me.\nEvery day.", wishes=frozenset({"stop_it"}))
    make_case(world, at=clock.now() - timedelta(days=9), share_choice="conduct_only")
    page = make_page()
    let_in(page, world.officer)
    look(page, screenshot, axe, "officer-home", "/staff/")
    look(page, screenshot, axe, "officer-cases", "/cases/")
    look(page, screenshot, axe, "officer-declare", f"/cases/{case.reference}/")
    page.check("input[name=answer][value=none]")
    page.click("main form.step-form button[type=submit]")
    page.wait_for_url(re.compile(rf"/cases/{case.reference}/$"))
    look(page, screenshot, axe, "officer-case", page.url)
    page.click("text=Do it now")
    look(page, screenshot, axe, "officer-acknowledge", page.url)
    page.fill("textarea[name=text]", MESSAGE)
    page.click("main form.step-form button[type=submit]")
    page.wait_for_selector("text=The case is acknowledged")
    page.click("text=Do it now")
    # Two sort it: the chair has to have signed, too.
    workflow.declare_conflict(case, by=world.chair, answer="none", at=clock.now())
    page.reload()
    look(page, screenshot, axe, "officer-triage", page.url)
    for name, value in {
        "in_scope": "yes", "repeated": "repeated", "power_difference": "no", "severity": "c",
        "respondent_identified": "no", "proposed_path": "workplace_action",
    }.items():  # fmt: skip
        page.check(f"input[name={name}][value={value}]")
    page.check("input[name=evidence][value=camera]")
    page.click("main form.step-form button[type=submit]")
    page.wait_for_selector("text=The triage is recorded")
    look(page, screenshot, axe, "officer-words", f"/cases/{case.reference}/words/")
    assert "He stands behind me." in page.inner_text("main")
    page.goto(f"/cases/{case.reference}/steps/decide-interim/")
    page.check("input[name=code][value=patrol_light_lock]")
    page.fill("textarea[name=reason]", "The stairs are dark.")
    page.click("main form.step-form button[type=submit]")
    page.goto(f"/cases/{case.reference}/steps/agree-path/")
    page.check("input[name=path][value=workplace_action]")
    page.check("input[name=severity][value=c]")
    page.fill("textarea[name=reason]", "She agrees.")
    page.click("main form.step-form button[type=submit]")
    page.wait_for_selector("text=The path is agreed")
    workflow.write(case, text="Thank you. I am glad that somebody answers.", at=clock.now())
    for tab in ("messages", "record", "timeline", "openings"):
        look(page, screenshot, axe, f"officer-{tab}", f"/cases/{case.reference}/{tab}/")
    look(page, screenshot, axe, "officer-case-later", f"/cases/{case.reference}/")
    case.refresh_from_db()
    assert case.stage == "planning"


def test_expert_lead_advisor_and_administrator_find_their_work(make_page, world, screenshot, axe):
    at = clock.now()
    outside = make_case(world, at=at, route="outside_first")
    hold = make_case(world, at=at, age_band="15_17", freedom={"FQ1": "yes"})
    file(make_answers(None, place_text="Sunshine Garment", share_choice=""), at=at)
    make_case(world, at=at - timedelta(days=20))
    sweep.sweep(at)
    page = make_page()
    let_in(page, world.expert)
    look(page, screenshot, axe, "expert-home", "/staff/")
    look(page, screenshot, axe, "expert-case", f"/cases/{outside.reference}/")
    look(page, screenshot, axe, "expert-danger", f"/cases/{outside.reference}/steps/confirm-danger/")
    look(page, screenshot, axe, "expert-bursts", "/bursts/")
    for person, name, urls in (
        (
            world.lead,
            "lead",
            {"home": "/staff/", "case": f"/cases/{hold.reference}/", "words": f"/cases/{hold.reference}/words/"},
        ),
        (world.advisor, "advisor", {"home": "/staff/", "portfolio": "/portfolio/", "late": "/portfolio/late/"}),
        (world.programme_lead, "head", {"home": "/staff/", "overdue": "/overdue/"}),
        (
            world.admin,
            "admin",
            {
                "home": "/staff/",
                "holders": "/administration/holders/",
                "leaver": f"/administration/leavers/{world.officer.pk}/",
            },
        ),
    ):
        let_in(page, person, to="")
        for what, url in urls.items():
            look(page, screenshot, axe, f"{name}-{what}", url)


def test_a_step_is_taken_without_script(make_page, world):
    case = make_case(world, at=clock.now())
    page = make_page((360, 740), script=False)
    let_in(page, world.officer)
    page.goto(f"/cases/{case.reference}/")
    page.check("input[name=answer][value=none]")
    page.click("main form.step-form button[type=submit]")
    page.goto(f"/cases/{case.reference}/steps/acknowledge/")
    page.fill("textarea[name=text]", "Too short")
    page.click("main form.step-form button[type=submit]")
    assert page.input_value("textarea[name=text]") == "Too short"
    page.fill("textarea[name=text]", MESSAGE)
    page.click("main form.step-form button[type=submit]")
    case.refresh_from_db()
    assert case.stage == "acknowledged"
