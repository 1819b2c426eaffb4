"""The fast track of a country's pack: offered beside the legal dates, taken with a tick, shorter and never longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from complaints import deadlines, workflow
from complaints.casecodes import EventKind
from complaints.selectors.casepage import case_page
from complaints.selectors.discipline import legal_dates
from complaints.stepforms import FORMS
from complaints.stepforms.base import Desk
from factories import clock
from tests.builders import make_case, make_world, reader_of, sign_in
from tests.walkers import THURSDAY, decide, to_decision, to_fact_finding, to_planning, to_triage

pytestmark = pytest.mark.django_db
KNOWN = {"respondent_identified": True}


@pytest.fixture
def world():
    return make_world()


def agree(world, case, path="formal_inquiry", **fields):
    said = {"reason": "She wants it.", "severity": "c", "she_agreed": True} | fields
    workflow.agree_path(case, by=world.officer, path=path, fields=said, at=THURSDAY)
    case.refresh_from_db()


def ready(world, **triage):
    """Sorted, and safe for the moment."""
    case = to_triage(world, make_case(world), **triage)
    workflow.decide_interim(
        case, by=world.chair, code="none_needed", reason="x", effect_on_pay=False, at_her_request=False, at=THURSDAY
    )
    return case


def due(case, code):
    return case.local_day(case.deadlines.open().get(code=code).due_at)


def normal(case, code, at=THURSDAY):
    start = case.calendar.at_hour(case.local_day(at), 0)
    return case.local_day(clock.due(clock.limits(case.country_id)[code], start, case.calendar))


def test_the_tick_shortens_what_an_inquiry_promises_with_its_ladder_and_one_event(world):
    case = ready(world, **KNOWN)
    agree(world, case, fast_track=True)
    assert case.fast_track
    assert due(case, "respondent_told") == case.calendar.add_working_days(THURSDAY.date(), 1)
    assert due(case, "inquiry_complete") == case.calendar.roll(THURSDAY.date() + timedelta(days=5), "forward")
    for code in ("respondent_told", "inquiry_complete"):
        assert due(case, code) < normal(case, code)
        promise = case.deadlines.open().get(code=code)
        levels = dict(promise.rungs.filter(dropped_at=None).values_list("level", "rises_at"))
        assert min(at for level, at in levels.items() if level.startswith("L")) > promise.due_at
        assert case.local_day(levels["reminder_due"]) == case.calendar.roll(due(case, code), "backward")
    assert case.events.filter(kind=EventKind.FAST_TRACK).count() == 1


def test_ticked_only_when_it_is_agreed_again_it_shortens_what_runs_already(world):
    case = ready(world, **KNOWN)
    agree(world, case)
    assert not case.fast_track and due(case, "inquiry_complete") == normal(case, "inquiry_complete")
    agree(world, case, fast_track=True)
    assert due(case, "inquiry_complete") < normal(case, "inquiry_complete")
    agree(world, case)  # Without the tick it does not become longer again, and is not taken twice.
    assert due(case, "inquiry_complete") < normal(case, "inquiry_complete")
    assert case.events.filter(kind=EventKind.FAST_TRACK).count() == 1


def test_the_answer_has_its_whole_time_and_a_day_that_is_over_becomes_the_next_working_day(world):
    case = ready(world, **KNOWN)
    agree(world, case, fast_track=True)
    later = THURSDAY + timedelta(days=18)
    case = to_fact_finding(world, case, at=THURSDAY)
    text = "It is said that you touched a worker's arm at a machine in May."
    workflow.tell_respondent(case, reader_of(world.chair), text=text, checked=True, at=later)
    assert due(case, "respondent_reply") == case.calendar.add_working_days(later.date(), 2)
    made = deadlines.set_next(case, "decision", at=later)
    assert case.local_day(made.due_at) == case.calendar.add_working_days(later.date(), 1)


def test_the_decision_is_due_no_later_than_the_laws_last_day_also_where_that_is_a_day_of_rest(world):
    sunday = next(day for day in range(7) if (THURSDAY + timedelta(days=day)).date().weekday() == 6)
    known = THURSDAY + timedelta(days=sunday)  # Seven days later nobody works either.
    case = ready(world, **KNOWN)
    agree(world, case, fast_track=True)
    case.employer_knowledge_at = known
    made, _rungs = deadlines.prepare(case, ["decision"], at=known)
    assert case.local_day(made[0].due_at) == legal_dates(case, at=known)[0].day < known.date() + timedelta(days=7)


def test_no_limit_becomes_longer_and_without_the_tick_none_changes(world):
    quick, slow = ready(world, **KNOWN), ready(world, **KNOWN)
    agree(world, quick, fast_track=True)
    agree(world, slow)
    for case in (quick, slow):
        for days in (0, 1, 3, 9, 40):
            at = THURSDAY + timedelta(days=days)
            for code in clock.limits("KH"):
                made, _rungs = deadlines.prepare(case, [code], at=at)
                start = made[0].starts_at
                longest = clock.due(clock.limits("KH")[code], start, case.calendar)
                assert start <= made[0].due_at <= longest
                if case == slow:
                    assert made[0].due_at == longest


def test_it_is_refused_where_it_does_not_belong(world):
    case = ready(world, **KNOWN)
    with pytest.raises(workflow.StepRefused) as refused:
        agree(world, case, "support_only", fast_track=True)
    assert "belongs to a formal inquiry" in str(refused.value.message)
    unknown = ready(world)
    with pytest.raises(workflow.StepRefused) as refused:
        agree(world, unknown, fast_track=True)
    assert "no fast track for this case" in str(refused.value.message)
    assert unknown.deadlines.filter(code="inquiry_complete").count() == 0


def test_another_path_ends_it(world):
    case = ready(world, **KNOWN)
    agree(world, case, fast_track=True)
    agree(world, case, "support_only")
    assert not case.fast_track
    agree(world, case, fast_track=True)
    case = to_fact_finding(world, case)
    workflow.change_path(case, by=world.officer, reason="She wants no inquiry any more.", at=THURSDAY)
    case.refresh_from_db()
    assert not case.fast_track


def test_the_card_stands_beside_the_legal_dates_with_the_tick_behind_it(world, client):
    case = ready(world, **KNOWN)
    sign_in(client, world.officer)
    with time_machine.travel(THURSDAY, tick=False):
        page = client.get(f"/cases/{case.reference}/").content.decode()
        assert "Fast track" in page and "the day the factory learned who it was" in page
        assert "the respondent told, the answer, finding, decision" in page and "2 working days" in page
        address = f"/cases/{case.reference}/steps/agree-path/"
        assert 'name="fast_track"' in client.get(address).content.decode()
        agreed = {"path": "formal_inquiry", "reason": "She wants it.", "severity": "c", "she_agreed": "on"}
        assert client.post(address, agreed | {"fast_track": "on"}).status_code == 302
        page = client.get(f"/cases/{case.reference}/").content.decode()
    assert page.count("fast track</span>") == 2 and "The shorter limits count." in page


def test_without_one_in_the_pack_or_before_the_factory_knows_there_is_neither_card_nor_tick(world, monkeypatch):
    known, unknown = ready(world, **KNOWN), ready(world)

    def shown(case):
        actor = workflow.actor_on(case, by=world.officer)
        desk = FORMS["agree_path"](desk=_desk(case, actor, world.officer))
        return case_page(case, actor, at=THURSDAY).fast_track is not None, "fast_track" in desk.fields

    known.refresh_from_db()
    assert shown(known) == (True, True) and shown(unknown) == (False, False)
    monkeypatch.setattr("factories.packs.fast_track", lambda country: None)
    assert shown(known) == (False, False)


def _desk(case, actor, person):
    return Desk(case, actor, person, None)


def test_what_is_decided_shows_no_card_any_more(world):
    case = decide(world, to_decision(world, to_planning(world, make_case(world), triage=KNOWN)))
    assert case_page(case, workflow.actor_on(case, by=world.officer), at=THURSDAY).fast_track is None
