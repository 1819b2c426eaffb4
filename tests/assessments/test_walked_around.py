"""What somebody tries who does not keep to the pages: odd batches, days out of reach, two at once, forms sent twice."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from accounts.models import Notice, Person
from assessments import actions, comparing, screen, visits
from assessments.holding import VisitRefused
from assessments.models import AgreedAction, Assessment, Assessor, FirstScore, PlaceReview
from factories.models import Position
from tests.assessments.factoryworld import TODAY, make_final, noon
from tests.assessments.visitworld import AT, begun, compared, conclude, hand_in, planned
from tests.attacks.test_every_url import patterns
from tests.builders import make_country, make_person, make_world, sign_in

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
    assert sent.status_code == 422
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


def test_a_lead_who_came_later_opens_old_screens_once_another_has_seen_the_list():
    scene = begun()
    screen.send(scene.visit, ("X3",), by=scene.advisor, at=AT)
    sent = PlaceReview.objects.get()
    late = scene.world.second_lead
    sent.grants.filter(holder=late).delete()
    here = reverse("assessments:screen_look", args=[sent.pk])
    assert "does not open" in client_of(late).get(here).content.decode()
    assert client_of(scene.world.lead).get(reverse("assessments:screens")).status_code == 200
    assert client_of(late).get(here).content.decode().count(">Met<") == 1


def test_lists_of_assessments_ask_no_more_with_more_in_them():
    scene = begun()
    world = scene.world
    screen.send(scene.visit, (), by=scene.advisor, at=AT)
    asks = [
        (world.advisor, "visits"),
        (world.expert, "visits"),
        (world.officer, "visits"),
        (world.expert, "tool"),
        (world.expert, "agreement"),
        (world.lead, "screens"),
    ]
    clients = {person.pk: client_of(person) for person, _name in asks}

    def counts() -> list[int]:
        found = []
        for person, name in asks:
            with CaptureQueriesContext(connection) as asked:
                assert clients[person.pk].get(reverse(f"assessments:{name}")).status_code == 200
            found.append(len(asked))
        return found

    def add(back: int) -> None:
        visit = make_final(world, ended=TODAY - back * DAY, given_back_on=TODAY - (back - 20) * DAY)
        Assessment.objects.filter(pk=visit.pk).update(stage="scoring", final_at=None)
        screened = Assessment.objects.get(pk=visit.pk)
        Assessor.objects.get_or_create(assessment=screened, person=world.advisor)
        screen.send(screened, (), by=world.advisor, at=AT)
        Assessment.objects.filter(pk=visit.pk).update(stage="final", final_at=noon(TODAY))

    add(400)
    counts()
    few = counts()
    for back in (350, 300, 200):
        add(back)
    assert counts() == few


def test_the_experts_own_page_advises_by_the_higher_level_and_no_other_page_does():
    scene = compared()
    conclude(scene)
    says = "Hold a joint visit within 90 days"
    expert = client_of(scene.world.expert)
    assert says not in expert.get(page("review", scene.visit)).content.decode()
    told = {"level": "likely", "reasons": "More is known from elsewhere."}
    assert says in expert.post(page("review", scene.visit), told, follow=True).content.decode()
    for person in (scene.advisor, scene.world.expert):
        assert says not in client_of(person).get(page("visit", scene.visit)).content.decode()


# What strangers may post and open, though they are nobody here: pages of everybody's, which name no factory.
SHARED = {"visits", "choose_factory", "tool", "tool_version", "tool_file", "agreement", "guidance", "course",
          "course_test", "mine", "programme", "screens", "portfolio", "factories", "old", "tool_new",
          "tool_withdraw", "plain", "poster"}  # fmt: skip


def test_every_address_of_assessments_and_package_is_shut_to_whoever_has_no_part_in_it():
    scene = compared()
    conclude(scene)
    world, visit = scene.world, scene.visit
    action = actions.agree(
        visit, what="Light", owner="production", due_on=AT.date() + 30 * DAY, by=world.advisor, at=AT
    )
    elsewhere = make_world(country=make_country("LA"))
    colleague = make_person("Of another portfolio")
    mine = Position.objects.get(person=world.advisor)
    Position.objects.create(person=colleague, role=mine.role, organisation=mine.organisation, since=mine.since)
    ids = {
        "pk": visit.pk, "code": "POLICY", "step": "done", "act": "done", "kind": "training", "what": "test",
        "asked": uuid.uuid4(), "review": uuid.uuid4(), "introduction": uuid.uuid4(), "one": uuid.uuid4(),
    }  # fmt: skip
    strangers = [elsewhere.officer, elsewhere.advisor, elsewhere.expert, colleague, world.lead, world.admin]
    tried = 0
    for route, pattern in patterns(get_resolver()):
        if not route.startswith(("assessments/", "package/<uuid:pk>")) or pattern.name in SHARED:
            continue
        names = pattern.pattern.converters
        given = {name: ids[name] for name in names}
        if "factories/" in route or "mine/" in route or route.startswith("package/"):
            given["pk"] = world.factory.pk
        elif "actions/" in route:
            given["pk"] = action.pk
        elif "screens/" in route:
            given["pk"] = PlaceReview.objects.get(assessment=visit).pk
        space = "package" if route.startswith("package/") else "assessments"
        url = reverse(f"{space}:{pattern.name}", kwargs=given)
        for person in strangers:
            if person == world.lead and "screens/" in route:
                continue
            client = client_of(person)
            for answer in (client.get(url), client.post(url, {})):
                tried += 1
                at_the_door = pattern.name == "door" and answer.get("Location") == reverse("assessments:programme")
                assert answer.status_code in (404, 405) or at_the_door, (url, person.name, answer.status_code)
                assert world.factory.name not in answer.content.decode()
    assert tried > 300
