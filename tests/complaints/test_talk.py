"""She stops an informal talk and chooses another way: at once for what carries it on, told with the daily release."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Notice
from complaints import deadlines, workflow
from complaints.casecodes import EventKind
from complaints.selectors.casepage import case_page, timeline
from factories.clock import Level
from tests.builders import WEDNESDAY, make_case, make_world
from tests.complaints.test_her_pages import her_phone
from tests.walkers import THURSDAY, on_case, to_planning, to_talk

pytestmark = pytest.mark.django_db
FRIDAY = THURSDAY + timedelta(days=1)
NEXT = FRIDAY + timedelta(days=1)  # The release of what she does on Friday is at seven on Saturday.


@pytest.fixture(autouse=True)
def _daily_release(settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False


@pytest.fixture
def world():
    return make_world()


def begun(world, case, *, remedies=("light",)):
    """The talk has begun, and something was promised in it."""
    to_talk(world, case)
    day = THURSDAY.date() + timedelta(days=20)
    promised = [
        workflow.Planned(code, person, day) for code, person in zip(remedies, on_case(case, *ROLES), strict=False)
    ]
    by = on_case(case, *ROLES)[0]
    workflow.begin_action(
        case, by=by, text="They talk with a person she trusts.", remedies=promised, not_face_to_face=True,
        trusted_person=True, at=THURSDAY,
    )  # fmt: skip
    case.refresh_from_db()
    return case


ROLES = ("case_officer", "committee_chair", "technical_expert")


def handlers_see(world, case, at):
    case.refresh_from_db()
    actor = workflow.actor_on(case, by=world.officer)
    page = case_page(case, actor, at=at)
    kinds = {one.kind for one in timeline(case, at_factory=True, at=at)}
    return case.stage, case.path, page.next_step, set(page.steps), kinds


def test_it_stops_at_once_and_the_factory_sees_nothing_of_it_before_the_release(world):
    case = begun(world, make_case(world), remedies=())
    before = handlers_see(world, case, FRIDAY)
    workflow.stop_talk(case, at=FRIDAY)
    assert handlers_see(world, case, FRIDAY) == before
    for carry_on in (
        lambda: workflow.begin_monitoring(case, by=world.officer, at=FRIDAY),
        lambda: workflow.add_remedy(
            case, by=world.officer, planned=workflow.Planned("light", world.chair, FRIDAY.date()), at=FRIDAY
        ),
    ):
        with pytest.raises(workflow.StepRefused) as refused:
            carry_on()
        assert "The talk has stopped" in str(refused.value.message)
    assert workflow.finish_talks(at=FRIDAY) == 0
    notice = Notice.objects.filter(kind="talk_stopped", recipient=world.officer).get()
    assert notice.send_after >= case.calendar.release_after(FRIDAY)


def test_with_the_release_the_case_is_in_planning_and_another_way_is_the_next_step(world):
    case = begun(world, make_case(world))
    workflow.stop_talk(case, at=FRIDAY)
    assert workflow.finish_talks(at=NEXT) == 1 and workflow.finish_talks(at=NEXT) == 0
    stage, path, next_step, _steps, kinds = handlers_see(world, case, NEXT)
    assert (stage, path, next_step) == ("planning", "", "agree_path")
    assert {EventKind.TALK_STOPPED} <= kinds
    assert case_page(case, workflow.actor_on(case, by=world.officer), at=NEXT).talk_stopped_on == FRIDAY.date()
    assert deadlines.is_open(case, "path_agreed") and not deadlines.is_open(case, "remedy_done")
    fields = {"reason": "She wants it looked into.", "severity": "c", "she_agreed": True}
    workflow.agree_path(case, by=world.officer, path="formal_inquiry", fields=fields, at=NEXT)
    event = case.events.get(kind=EventKind.TALK_STOPPED)
    assert (event.actor_kind, event.at, event.on) == ("complainant", None, FRIDAY.date())


def test_a_talk_that_has_not_begun_does_not_begin_and_is_not_agreed_again_in_the_same_night(world):
    case = to_talk(world, make_case(world))
    workflow.stop_talk(case, at=FRIDAY)
    with pytest.raises(workflow.StepRefused):
        workflow.begin_action(
            case, by=world.officer, text="x", not_face_to_face=True, trusted_person=True, at=FRIDAY
        )  # fmt: skip
    again = {"reason": "x", "severity": "c", "she_asked_twice": True, "written_consent": True}
    with pytest.raises(workflow.StepRefused) as refused:
        workflow.agree_path(case, by=world.officer, path="informal_resolution", fields=again, at=FRIDAY)
    assert "The talk has stopped" in str(refused.value.message)
    workflow.agree_path(case, by=world.officer, path="support_only", fields=again, at=FRIDAY)
    case.refresh_from_db()
    assert case.talk_ends_at is None and workflow.finish_talks(at=NEXT) == 0


def test_outside_the_case_is_in_planning_at_once_and_no_minute_of_hers_is_kept(world):
    case = begun(world, make_case(world, route="outside_first"))
    workflow.stop_talk(case, at=FRIDAY)
    case.refresh_from_db()
    assert (case.stage, case.path, case.talk_ends_at) == ("planning", "", None)
    hers = case.events.filter(kind__in=(EventKind.TALK_STOPPED, EventKind.PATH_CHANGED))
    assert list(hers.values_list("at", flat=True)) == [None, None]
    dropped = case.deadlines.get(code="remedy_done").dropped_at
    assert dropped == case.calendar.at_hour(FRIDAY.date(), 0)
    with pytest.raises(workflow.StepRefused):
        workflow.stop_talk(case, at=FRIDAY)


def test_there_is_nothing_to_stop_on_another_path(world):
    case = to_planning(world, make_case(world), path="support_only")
    with pytest.raises(workflow.StepRefused) as refused:
        workflow.stop_talk(case, at=FRIDAY)
    assert "no talk to stop" in str(refused.value.message)


def test_nobody_is_late_with_what_was_promised_in_the_talk(world):
    case = begun(world, make_case(world))
    promise = case.deadlines.get(code="remedy_done")
    workflow.stop_talk(case, at=FRIDAY)
    workflow.finish_talks(at=NEXT)
    assert not promise.rungs.waiting().exclude(level=Level.REMINDER_BEFORE).exists()


def test_her_page_says_what_follows_before_she_presses_and_what_is_now(world):
    with time_machine.travel(WEDNESDAY + timedelta(minutes=15)) as clock:
        phone, case = her_phone(world)
        assert "/my/way/" not in phone.get("/my/case/")
        begun(world, case)
        clock.move_to(FRIDAY)
        phone.get("/my/case/")
        assert "Stop this talk, choose another way" in phone.text
        page = phone.get("/my/way/")
        assert "The talk stops at once." in page and "You need not say why." in page
        assert "You can always ask that somebody finds out what happened." in page
        assert "Your factory is told. They see it after" in page
        phone.press("/my/way/")
        assert (
            "The talk has stopped." in phone.text and "From the next morning at 7 your factory knows it" in phone.text
        )
        assert "/my/way/" not in phone.text
        assert case.events.filter(kind=EventKind.TALK_STOPPED).count() == 1
        assert "The talk stops at once." not in phone.get("/my/way/") and "Messages" in phone.text
        workflow.finish_talks(at=NEXT)
        clock.move_to(NEXT + timedelta(hours=1))
        phone.get("/my/case/")
        assert "From the next morning" not in phone.text and "Messages" in phone.text
