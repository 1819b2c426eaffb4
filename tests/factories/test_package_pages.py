"""The pages of the package by plain forms: who leads walks them, the factory reads and asks, others find nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from factories import clock
from factories.models import IndustryEvent, JointReview, MouPoint, Package, SharedPractice
from factories.package import ending, entry, learning, promises, reviews
from tests.builders import make_country, make_world
from tests.packages import activity, enter, finish, hold, move, noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def planned(world):
    """A factory whose plan was agreed four weeks ago."""
    world.extra["plan"] = enter(world, began=today(world) - timedelta(days=49))
    return world


def today(world):
    return promises.local_day(world.factory, clock.now())


def text(response) -> str:
    return " ".join(response.content.decode().split())


def at(world, name, *args):
    return reverse(f"package:{name}", args=[world.factory.pk, *args])


def send(client, person, url, typed, *, said=""):
    """Post as somebody and follow to the next page, which says so."""
    client.force_login(person)
    response = client.post(url, typed, follow=True)
    assert response.status_code == 200
    assert said in text(response), text(response)
    return response


def test_advisor_and_expert_walk_a_factory_from_introduction_to_looking_again(client, world, monkeypatch):
    began = today(world)
    day = began.isoformat()
    url = at(world, "factory")
    client.force_login(world.advisor)
    assert "Record an introduction" in text(client.get(url))
    typed = {"on": day, "way": "meeting", "with_decider": "on"}
    send(client, world.advisor, at(world, "introduction_new"), typed, said="Record the answer")
    said = world.factory.introductions.get()
    typed = {"answer": "yes", "answer_on": day}
    send(client, world.advisor, at(world, "introduction_answer", said.pk), typed, said="Record the understanding")
    missing = {"on": day, "points": MouPoint.values[:3]}
    send(client, world.advisor, at(world, "understanding"), missing, said="every point")
    send(
        client, world.advisor, at(world, "understanding"), {"on": day, "points": MouPoint.values}, said="Name the team"
    )
    typed = {"on": day, "focal_point_role": "a", "stand_in_role": "b", "hours_a_week": 3, "languages": "Khmer"}
    send(client, world.expert, at(world, "team"), typed, said="Agree on the plan")
    dates = entry.suggested_dates(world.factory, began)
    plan = {"on": day} | {code: one.isoformat() for code, one in dates.items()}
    send(client, world.advisor, at(world, "plan"), plan, said="Ask the factory for its peaks first")
    send(client, world.advisor, at(world, "plan"), plan | {"peaks": "on"}, said="0 of 13 core activities done")

    # Done, with the record it asks for.
    managers = {"quarter": learning.quarter_of(began), "group": "managers", "people": 8, "trained": 8}
    done = {"on": day, "evidence": "The list of those who came."}
    send(client, world.expert, at(world, "activity_act", "T-MGMT", "done"), done, said="at least 100 of 100 trained")
    send(client, world.officer, at(world, "learning_record", "training"), managers, said="8 of 8")
    send(client, world.expert, at(world, "activity_act", "T-MGMT", "done"), done, said="recorded as done")
    send(client, world.advisor, at(world, "activity_act", "CHAN", "done"), done, said="Channels never open before")

    # Postponed without a date: a review, step by step.
    seen = dates["POLICY"].isoformat()
    typed = {"seen": seen, "reason": "peak_shipment", "offered": "A shorter talk."}
    send(client, world.advisor, at(world, "activity_act", "POLICY", "postpone"), typed, said="without a new date")
    review = JointReview.objects.get()
    page = at(world, "review", review.pk)
    assert "Joint review" in text(client.get(url))
    send(client, world.expert, page, {"act": "tell"}, said="The advisor is told")
    send(client, world.advisor, page, {"act": "talked", "on": day}, said="Propose this")
    proposed = {"act": "propose", "causes": ["cost_of_time"], "step": "new_dates", "step_on": day}
    send(client, world.advisor, page, proposed, said="a technical expert has to agree too")
    send(client, world.expert, page, {"act": "agree"}, said="The review is held")
    new = clock.calendar_for(world.factory).roll(began + timedelta(days=90), "forward").isoformat()
    send(client, world.advisor, page, {"act": "new-date", "activity": "POLICY", "on": new}, said="Recorded")
    review.refresh_from_db()
    monkeypatch.setattr(clock, "now", lambda: noon(review.look_again_on))
    send(client, world.expert, page, {"act": "look-again", "solved": "yes"}, said="solved")
    review.refresh_from_db()
    assert review.solved and activity(world, "POLICY").due_on.isoformat() == new


def test_the_factory_reads_its_activities_asks_and_sees_no_review(client, planned):
    client.force_login(planned.officer)
    response = client.get(reverse("package:home"), follow=True)
    assert response.redirect_chain and "Activities" in text(response)
    one = activity(planned, "T-MGMT")
    later = clock.calendar_for(planned.factory).roll(one.due_on + timedelta(days=9), "forward")
    typed = {"reason": "peak_shipment", "to_on": later.isoformat(), "words": "Two orders at once."}
    send(
        client, planned.officer, at(planned, "activity_act", "T-MGMT", "ask-move"), typed, said="the agreed date stands"
    )
    assert activity(planned, "T-MGMT").due_on == one.due_on
    asked = one.requests.get()
    answer = at(planned, "request_answer", asked.pk)
    assert client.post(answer, {"offered": "x"}).status_code == 403
    client.force_login(planned.advisor)
    assert "asks something" in text(client.get(reverse("package:home")))
    assert "The factory asks" in text(client.get(at(planned, "factory")))
    send(client, planned.advisor, answer, {"offered": "Half a day later."}, said="It is done as the factory asked")
    assert activity(planned, "T-MGMT").due_on == later
    move(planned, "REFER", on=today(planned), to=None)
    review = JointReview.objects.get()
    client.force_login(planned.officer)
    assert "Joint review" not in text(client.get(at(planned, "factory")))
    assert client.get(at(planned, "review", review.pk)).status_code == 404
    assert client.post(at(planned, "numbers_asked")).status_code == 403
    for act in ("done", "postpone", "drop", "agree"):
        assert client.post(at(planned, "activity_act", "REFER", act), {}).status_code == 403


def test_strangers_find_no_package(client, planned):
    elsewhere = make_world(country=make_country("VN", name="Viet Nam", language="vi"))
    urls = [
        at(planned, "factory"), at(planned, "activity", "POLICY"), at(planned, "learning"), at(planned, "plan"),
        at(planned, "ending"),
    ]  # fmt: skip
    for person in (elsewhere.advisor, elsewhere.expert, elsewhere.officer, planned.admin, planned.lead):
        client.force_login(person)
        for url in urls:
            assert client.get(url).status_code == 404, (person.name, url)
        assert planned.factory.name not in text(client.get(reverse("package:home")))
    client.force_login(planned.programme_lead)
    assert client.get(urls[0]).status_code == 200
    assert client.post(at(planned, "introduction_new"), {}).status_code == 403


def test_numbers_are_talked_about_once_and_then_by_the_expert(client, planned):
    url = at(planned, "numbers_asked")
    send(client, planned.advisor, url, {}, said="the factory was reminded")
    again = {"seen": today(planned).isoformat()}
    send(client, planned.advisor, url, again, said="the technical experts are told")
    client.force_login(planned.expert)
    assert "Talk with this factory about numbers" in text(client.get(at(planned, "factory")))
    assert "talk about how we speak of numbers" in text(client.get("/staff/"))
    send(client, planned.expert, at(planned, "numbers_talked"), {}, said="The talk is recorded")


def test_support_ends_by_both_and_the_message_hangs_on_the_wall(client, planned):
    move(planned, "POLICY", on=today(planned), to=None)
    hold(planned, JointReview.objects.get(), on=today(planned), step="end_support")
    url = at(planned, "ending")
    client.force_login(planned.advisor)
    assert planned.factory.short_code in text(client.get(url))
    send(client, planned.advisor, url, {"message": "You can still tell us."}, said="asked to agree")
    client.force_login(planned.advisor)
    assert "We agree" not in text(client.get(url))
    send(client, planned.expert, url, {"act": "agree"}, said="Support has ended")
    client.force_login(planned.officer)
    assert "You can still tell us." in text(client.get(at(planned, "end_message")))
    assert Package.objects.get().ended_on == today(planned)


def test_what_is_counted_is_recorded_on_one_page(client, planned):
    day = today(planned).isoformat()
    quarter = learning.quarter_of(today(planned))
    typed = {
        "committee": {
            "quarter": quarter,
            "meetings_planned": 3,
            "meetings_held": 2,
            "members": 8,
            "members_trained": 6,
        },
        "knowledge": {"on": day, "people": 40, "mean_before": "41.5", "mean_after": "72"},
        "survey": {"kind": "pulse", "on": day, "answers": 120, "know_a_way": 70, "trust": 60},
        "test": {"way": "box", "sent_on": day, "anonymous": "on"},
        "drill": {"on": day, "passed": "no", "gaps": "Nobody answered on Sunday."},
        "place": {"what": "policy", "yes": "yes", "checked_on": day},
    }
    for kind, fields in typed.items():
        send(client, planned.expert, at(planned, "learning_record", kind), fields, said="Recorded")
    test, survey = planned.factory.channel_tests.get(), planned.factory.worker_surveys.get()
    send(client, planned.expert, at(planned, "learning_later", "test", test.pk), {"on": day}, said="in time")
    send(
        client,
        planned.expert,
        at(planned, "learning_later", "survey", survey.pk),
        {"on": day},
        said="Workers were told",
    )
    assert not planned.factory.drills.get().passed
    client.force_login(planned.officer)
    for kind in ("survey", "test", "drill", "place"):
        assert client.post(at(planned, "learning_record", kind), typed[kind]).status_code == 403


def test_events_and_what_factories_share(client, planned):
    day = today(planned)
    typed = {
        "level": "national", "country": "KH", "title": "Forum", "on": day.isoformat(), "hosts": "An association",
        "follow_up_on": day.isoformat(), "n_factories": 12,
    }  # fmt: skip
    send(client, planned.expert, reverse("package:event_new"), typed, said="Factories: 12")
    event = IndustryEvent.objects.get()
    page = reverse("package:event", args=[event.pk])
    wanted = {"who": "A factory", "what": "Train its guards", "due_on": day.isoformat(), "factory": planned.factory.pk}
    send(client, planned.expert, page, wanted, said="only with its written yes")
    send(client, planned.expert, page, wanted | {"written_yes_on": day.isoformat()}, said=planned.factory.name)
    commitment = event.commitments.get()
    send(client, planned.expert, reverse("package:commitment_done", args=[commitment.pk]), {}, said="recorded as done")
    assert "Ask what became of the commitments" in text(client.get("/staff/"))
    send(client, planned.expert, reverse("package:event_followed", args=[event.pk]), {}, said="follow-up is recorded")
    shared = {"title": "Guards first", "what": "It worked.", "agreed_on": day.isoformat(), "indicators": "D3, D4"}
    send(client, planned.advisor, at(planned, "practice_new"), shared, said="A factory that is not named")
    client.force_login(planned.officer)
    library = text(client.get(reverse("package:practices"), {"indicator": "D4"}))
    assert "Guards first" in library and planned.factory.name not in library
    assert client.get(reverse("package:events")).status_code == 404
    url = reverse("package:practice_withdraw", args=[SharedPractice.objects.get().pk])
    assert client.post(url).status_code == 403
    send(client, planned.advisor, url, {}, said="Nothing is shared yet")


def test_the_pages_cost_the_same_with_more_behind_them(client, planned, django_assert_max_num_queries):
    for code in ("POLICY", "REFER"):
        finish(planned, code, today(planned))
    move(planned, "BASE", on=today(planned), to=None)
    client.force_login(planned.advisor)
    with django_assert_max_num_queries(20):
        client.get(at(planned, "factory"))
    with django_assert_max_num_queries(15):
        client.get(reverse("package:home"))


def mark_on(client, person, url) -> dict[str, str]:
    """What the page gives its button to bring back."""
    client.force_login(person)
    found = re.search(r'name="shown" value="(\w{16})"', client.get(url).content.decode())
    return {"act": "agree", "shown": found[1]}


def test_nobody_agrees_to_a_proposal_or_a_message_that_they_have_not_read(client, planned):
    on = today(planned)
    move(planned, "POLICY", on=on, to=None)
    review = JointReview.objects.get()
    reviews.tell_advisor(review, by=planned.expert, at=noon(on))
    reviews.talked(review, on=on, by=planned.advisor, at=noon(on))
    how = {"causes": ["cost_of_time"], "step_on": on + timedelta(days=7), "by": planned.advisor, "at": noon(on)}
    reviews.propose(review, step="new_dates", **how)
    url = at(planned, "review", review.pk)
    read = mark_on(client, planned.expert, url)
    reviews.propose(review, step="end_support", **how)
    send(client, planned.expert, url, read, said="Something else is proposed")
    review.refresh_from_db()
    assert review.held_on is None
    send(client, planned.expert, url, mark_on(client, planned.expert, url), said="The review is held")
    ending.propose(planned.factory, message="Tell us by the poster.", by=planned.advisor, at=noon(on))
    url = at(planned, "ending")
    read = mark_on(client, planned.expert, url)
    ending.propose(planned.factory, message="You cannot tell anybody now.", by=planned.advisor, at=noon(on))
    send(client, planned.expert, url, read, said="Workers are told something else")
    assert Package.objects.get().ended_on is None
    send(client, planned.expert, url, mark_on(client, planned.expert, url), said="Support has ended")
