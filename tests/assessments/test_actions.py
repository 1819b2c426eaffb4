"""Agreed actions: who agrees, does and confirms, which day holds, and who hears when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Notice
from assessments import actions
from assessments.holding import VisitRefused
from assessments.models import AgreedAction, AssessmentDeadline
from factories import sweep
from tests.assessments.factoryworld import TODAY, make_final, noon
from tests.builders import make_country, make_world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AT = noon(TODAY)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def visit(world):
    return make_final(world, ended=TODAY - 10 * DAY)


def agree(visit, by, **other) -> AgreedAction:
    values = {"what": "Light on the stairs", "owner": "production", "due_on": TODAY + 30 * DAY, "at": AT} | other
    return actions.agree(visit, by=by, **values)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"what": "  "}, "Write what will be done"),
        ({"what": "x" * 301}, "too long"),
        ({"what": "Mr Dara moves to the night shift"}, "There seems to be a name"),
        ({"owner": "nobody"}, "Choose who does it"),
        ({"due_on": TODAY - DAY}, "This day is over"),
        ({"due_on": TODAY + 800 * DAY}, "next two years"),
        ({"indicator": "ZZ9"}, "no such indicator"),
    ],
)
def test_what_cannot_be_agreed(world, visit, other, says):
    with pytest.raises(VisitRefused, match=says):
        agree(visit, world.advisor, **other)
    assert not AgreedAction.objects.exists()


def test_who_may_agree_and_after_which_visit(world, visit):
    other = make_world(country=make_country("VN", name="Viet Nam"))
    for person in (world.officer, world.programme_lead, world.admin, other.advisor, other.expert):
        with pytest.raises(VisitRefused, match="advisor of this factory"):
            agree(visit, person)
    own = make_final(world, ended=TODAY - 40 * DAY, kind="self", level_factory="")
    begun = make_final(world, ended=TODAY - 50 * DAY, stage="scoring", final_at=None)
    for one in (own, begun):
        with pytest.raises(VisitRefused, match="after a visit from outside"):
            agree(one, world.advisor)
    assert agree(visit, world.expert).agreed_on == TODAY


def test_from_agreed_to_confirmed(world, visit):
    action = agree(visit, world.advisor)
    assert actions.open_of(world.factory) == [action]
    with pytest.raises(VisitRefused, match="Nobody has said yet"):
        actions.verify(action, by=world.advisor, at=AT)
    with pytest.raises(VisitRefused, match="what shows"):
        actions.say_done(action, " ", by=world.officer, at=AT)
    actions.say_done(action, "Lamps on every landing.", by=world.officer, at=AT)
    with pytest.raises(VisitRefused, match="already"):
        actions.say_done(action, "Twice.", by=world.officer, at=AT)
    with pytest.raises(VisitRefused, match="Somebody from outside"):
        actions.verify(action, by=world.officer, at=AT)
    actions.not_done(action, by=world.expert, at=AT)
    assert AssessmentDeadline.objects.open().filter(action=action).count() == 1
    actions.say_done(action, "Now really.", by=world.officer, at=AT + DAY)
    assert actions.open_of(world.factory) == [action]  # The next visit starts from it until somebody looked.
    actions.verify(action, by=world.advisor, at=AT + DAY)
    assert actions.open_of(world.factory) == []
    with pytest.raises(VisitRefused, match="confirmed"):
        actions.drop(action, "No.", by=world.advisor, at=AT)


@pytest.mark.parametrize(
    ("owner", "confirms", "not_"), [("advisor", "expert", "advisor"), ("expert", "advisor", "expert")]
)
def test_who_owns_an_action_does_not_confirm_it(world, visit, owner, confirms, not_):
    action = agree(visit, world.advisor, owner=owner)
    actions.say_done(action, "Sent.", by=getattr(world, owner), at=AT)
    with pytest.raises(VisitRefused):
        actions.verify(action, by=getattr(world, not_), at=AT)
    assert actions.verify(action, by=getattr(world, confirms), at=AT).verified_on == TODAY


def test_dropping_says_why_and_lets_the_clock_go(world, visit):
    action = agree(visit, world.advisor)
    with pytest.raises(VisitRefused, match="Say why"):
        actions.drop(action, "", by=world.advisor, at=AT)
    with pytest.raises(VisitRefused):
        actions.drop(action, "We do not want to.", by=world.officer, at=AT)
    actions.drop(action, "The stairs are gone.", by=world.advisor, at=AT)
    assert not AssessmentDeadline.objects.open().filter(action=action).exists()
    with pytest.raises(VisitRefused, match="dropped"):
        actions.say_done(action, "Done.", by=world.officer, at=AT)


def test_the_owner_is_reminded_then_the_advisor_then_the_expert(world, visit):
    agree(visit, world.advisor, owner="top_manager")
    for number in range(60):
        sweep.sweep(AT + number * DAY)
    due = Notice.objects.filter(kind="cycle_agreed_action_due")
    assert {one.recipient for one in due} == {world.decision_maker} and due.count() == 2
    late = Notice.objects.filter(kind="cycle_agreed_action_late").order_by("made_at")
    assert [one.recipient for one in late][:1] == [world.advisor]
    assert {one.recipient for one in late} == {world.advisor, world.expert, world.second_expert}


def test_agreeing_an_action_keeps_the_promise_of_a_plan(world):
    from assessments import cycle

    visit = make_final(world, ended=TODAY - 10 * DAY, level_factory="likely")
    cycle.after_final(visit, at=AT)
    assert AssessmentDeadline.objects.open().filter(code="action_plan").exists()
    agree(visit, world.advisor)
    assert not AssessmentDeadline.objects.open().filter(code="action_plan").exists()
