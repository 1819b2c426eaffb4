"""What somebody tries who does not keep to the pages: odd batches, days out of reach, two at once, forms sent twice."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, Person
from assessments import actions, comparing, visits
from assessments.holding import VisitRefused
from assessments.models import AgreedAction, Assessment, FirstScore
from tests.assessments.factoryworld import TODAY, make_final, noon
from tests.assessments.visitworld import AT, begun, compared, conclude, hand_in, planned
from tests.builders import make_world, sign_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("factories.clock.now", lambda: AT)


def client_of(person: Person) -> Client:
    client = Client()
    sign_in(client, person)
    return client


def page(name: str, visit: Assessment, *more: str) -> str:
    return reverse(f"assessments:{name}", args=[visit.pk, *more])


def batch(**more) -> str:
    return json.dumps({"id": str(uuid.uuid4())} | more)


@pytest.mark.parametrize(
    "body",
    [
        "[" * 90_000,
        batch(scores=[{"indicator": "PC1", "score": 1, "version": float("inf")}]),
        batch(scores=[{"indicator": "a\u0000b", "score": 1}]),
        batch(signals=[{"signal": "\ud800", "looked": "present"}]),
        batch(counts={"interviews": 3, "version": float("inf")}),
    ],
    ids=["deep", "endless", "nul", "half a letter", "endless count"],
)
def test_a_batch_that_no_device_of_ours_sends_is_refused_in_words(body):
    scene = begun()
    sent = client_of(scene.advisor).post(page("sync", scene.visit), body, content_type="application/json")
    assert sent.status_code == 400
    assert "cannot be read" in sent.json()["words"]
    assert not FirstScore.objects.exists()


@pytest.mark.parametrize(
    "days", [("9999-12-01", "9999-12-31"), ("1000-01-01", "1000-01-02"), ("2026-01-01", "9999-12-31")]
)
def test_a_visit_lies_in_reach_of_a_calendar(days):
    scene = planned()
    typed = {"visit_from": days[0], "visit_to": days[1]}
    client = client_of(scene.advisor)
    sent = client.post(page("step", scene.visit, "move"), typed, follow=True)
    assert sent.status_code == 200
    form = typed | {
        "kind": "regular",
        "first": scene.advisor.pk,
        "first_sex": "no",
        "second": scene.second.pk,
        "second_sex": "yes",
    }
    url = reverse("assessments:plan", args=[scene.world.factory.pk])
    sent = client.post(url, form)
    assert sent.status_code == 200
    assert Assessment.objects.count() == 1
    assert Assessment.objects.get().visit_from == scene.visit.visit_from


def test_a_visit_that_goes_back_to_its_first_day_is_told_again():
    scene = planned()
    day = scene.visit.visit_from
    for step, to in enumerate((day + 7 * DAY, day, day + 7 * DAY)):
        visits.move(scene.visit, to, to, by=scene.advisor, at=AT + timedelta(hours=step))
    assert Notice.objects.filter(recipient=scene.second, kind="visit_moved").count() == 3


def test_people_of_the_factory_say_done_only_what_is_theirs():
    world = make_world()
    visit = make_final(world, ended=TODAY - 10 * DAY)
    given = {"what": "Bring the posters", "due_on": TODAY + 30 * DAY, "by": world.advisor, "at": noon(TODAY)}
    for owner in ("advisor", "expert"):
        action = actions.agree(visit, owner=owner, **given)
        with pytest.raises(VisitRefused):
            actions.say_done(action, "They hang.", by=world.officer, at=noon(TODAY))
        assert client_of(world.officer).get(reverse("assessments:action", args=[action.pk, "done"])).status_code == 404
    actions.say_done(action, "They hang.", by=world.expert, at=noon(TODAY))


def test_an_action_that_is_sent_twice_is_agreed_once():
    world = make_world()
    visit = make_final(world, ended=TODAY - 10 * DAY)
    given = {"what": "Light on the stairs", "owner": "production", "due_on": TODAY + 30 * DAY}
    actions.agree(visit, by=world.advisor, at=noon(TODAY), **given)
    with pytest.raises(VisitRefused, match="already"):
        actions.agree(visit, by=world.expert, at=noon(TODAY), **given)
    assert AgreedAction.objects.count() == 1


def test_the_reason_of_an_assessor_stays_where_it_was_refused():
    scene = compared(second={"PC1": 1})
    client = client_of(scene.advisor)
    typed = {"indicator": "PC1", "reason": "Mr Sok says the policy hangs at the gate"}
    refused = client.post(page("compare", scene.visit), typed, follow=True).content.decode()
    assert "There seems to be a name" in refused
    assert "hangs at the gate" in refused


def test_the_answer_of_the_expert_stays_where_it_was_refused():
    scene = compared()
    conclude(scene, "likely", departure_reasons="More than one told it.")
    client = client_of(scene.world.expert)
    typed = {"agrees": "no", "note": "Mr Sok told me otherwise in the yard"}
    refused = client.post(page("review", scene.visit), typed, follow=True).content.decode()
    assert "There seems to be a name" in refused
    assert "otherwise in the yard" in refused
    typed = {"level": "likely", "reasons": "Mr Sok told me otherwise in the yard"}
    refused = client.post(page("review", scene.visit), typed, follow=True).content.decode()
    assert "There seems to be a name" in refused
    assert "otherwise in the yard" in refused


def test_whoever_hands_in_twice_is_told_where_the_visit_stands():
    """Two screens, or a button pressed twice: no page that does not exist, but the one that does and why."""
    scene = begun()
    hand_in(scene, scene.advisor)
    client = client_of(scene.advisor)
    for name in ("hand_in", "score"):
        late = client.post(page(name, scene.visit), {"level_alone": "possible", "part": "counts"}, follow=True)
        assert late.status_code == 200, name
        assert "You have handed in your scores" in late.content.decode()


def test_whoever_concludes_a_moment_after_the_other_is_told_so():
    scene = compared()
    conclude(scene)
    client = client_of(scene.advisor)
    for name in ("compare", "conclude"):
        late = client.post(page(name, scene.visit), {"level_factory": "possible", "reasons": "x"}, follow=True)
        assert late.status_code == 200, name
        assert "This assessment is final" in late.content.decode()


def test_what_an_expert_settled_no_other_settles_anew():
    scene = compared(second={"PC1": 1})
    for who in (scene.advisor, scene.second):
        comparing.give_reason(scene.visit, "PC1", "The paper hangs there, nobody knows it.", by=who, at=AT)
    comparing.settle(scene.visit, "PC1", 2, by=scene.world.expert, at=AT)
    with pytest.raises(VisitRefused, match="settled PC1 already"):
        comparing.settle(scene.visit, "PC1", 3, by=scene.world.expert, at=AT)
    assert scene.visit.scores.get(indicator="PC1").given == 2
