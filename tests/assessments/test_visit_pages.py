"""The pages of a visit: walked by post and get, opened by those whose they are, shut to everybody else."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from assessments import comparing, concluding, givingback, notes, reviewing, scoring_alone, screen, selfassessing, tool
from assessments.models import Assessment, FirstScore, PlaceReview
from assessments.scoring_alone import ScoreMark, SignalAnswer
from tests.assessments.visitworld import AT, Scene, all_scores, begun, compared, conclude, hand_in, pass_course, planned
from tests.builders import make_country, make_world, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("factories.clock.now", lambda: AT)


def client_of(person: Person) -> Client:
    client = Client()
    sign_in(client, person)
    return client


def page(name: str, visit: Assessment | None = None, *more: str) -> str:
    return reverse(f"assessments:{name}", args=[*([visit.pk] if visit else []), *more])


def form_of(score: int = 3) -> dict[str, dict[str, object]]:
    """What a browser posts for each domain."""
    used = tool.read(tool.bundled())
    return {
        domain.code: {"part": domain.code}
        | {f"{one.code}-value": str(score) for one in used.of_domain(domain.code)}
        | {f"{one.code}-sources": ["D", "W"] for one in used.of_domain(domain.code)}
        | {f"{one.code}-version": "0" for one in used.of_domain(domain.code)}
        for domain in used.domains
    }


def final(world=None, **other) -> Scene:
    scene = compared(world, **other)
    conclude(scene)
    assert scene.visit.stage == "final"
    return scene


def test_two_assessors_walk_a_visit_through_its_pages():
    world = make_world()
    first, second = world.advisor, world.second_expert
    for person in (first, second):
        pass_course(person)
    clients = {person: client_of(person) for person in (first, second)}
    answer = clients[first].post(
        reverse("assessments:plan", args=[world.factory.pk]),
        {"kind": "joint", "visit_from": AT.date(), "visit_to": AT.date(), "first": first.pk, "first_sex": "no",
         "second": second.pk, "second_sex": "yes"},
    )  # fmt: skip
    visit = Assessment.objects.get()
    assert answer.url == page("visit", visit)
    assert "conflict of interest" in clients[second].get("/staff/").content.decode()
    for person in (first, second):
        clients[person].post(page("step", visit, "declare"))
    clients[first].post(page("step", visit, "begin"))
    for person in (first, second):
        forms = form_of(3)
        if person == second:
            forms["PC"] |= {"PC1-value": "2", "PC2-value": "4"}
        for part in forms.values():
            assert clients[person].post(page("score", visit), part).status_code == 302
        signals = {"part": "signals", "S08-value": "present", "S08-sources": ["W"], "S08-version": "0"}
        assert clients[person].post(page("score", visit), signals).status_code == 302
        text = clients[person].get(page("score", visit)).content.decode()
        assert "40 of 40" in text and 'name="PC1-version" value="1"' in text
        if person == first:
            counts = {"part": "counts", "version": 0, "headcount": 300, "interviews": 18, "interviews_off_site": 6}
            assert clients[person].post(page("score", visit), counts).status_code == 302
            clients[person].post(page("screen", visit), {"met": ["X9"], "sure": "on"})
        clients[person].post(page("hand_in", visit), {"level_alone": "possible"})
    assert clients[second].get(page("score", visit)).url == page("visit", visit)
    notes.write_note(visit, "PC1", "A poster hangs at the gate.", by=first, at=AT)
    text = clients[second].get(page("compare", visit)).content.decode()
    assert "A poster hangs at the gate." in text
    assert text.count("We agree on") == 2
    for code in ("PC1", "PC2"):
        clients[second].post(page("compare", visit), {"indicator": code, "given": "3", "seen": ""})
    assert "What evidence lacks" in clients[first].get(page("conclude", visit)).content.decode()
    clients[first].post(page("conclude", visit), {"practice": "1", "text": "A mechanic stepped in."})
    clients[first].post(page("conclude", visit), {"level_factory": "possible", "reasons": "The store is avoided."})
    visit.refresh_from_db()
    assert visit.stage == "final" and visit.overall_score == 75
    text = clients[first].get(page("visit", visit)).content.decode()
    assert "75.0" in text and "A mechanic stepped in." in text and "S08" in text


def test_what_the_figures_speak_for_stands_beside_its_indicator(monkeypatch):
    scene = begun()
    monkeypatch.setattr("assessments.proposing.hints", lambda factory: {"RP3": f"Speaks for 3 at {factory}."})
    text = client_of(scene.advisor).get(page("score", scene.visit)).content.decode()
    assert f"Speaks for 3 at {scene.world.factory.pk}." in text.split('id="RP3"')[1].split('id="RP4"')[0]


def test_what_was_refused_stays_as_typed_and_says_why():
    scene = begun()
    client = client_of(scene.advisor)
    typed = {"part": "PC", "PC1-value": "3", "PC2-value": "2", "PC2-sources": ["D"]}
    answer = client.post(page("score", scene.visit), typed)
    text = answer.content.decode()
    assert answer.status_code == 422 and "choose at least one source" in text
    assert 'value="3" id="PC1-3" checked' in text
    assert list(FirstScore.objects.values_list("indicator", flat=True)) == ["PC2"]
    zero = client.post(page("score", scene.visit), {"part": "counts", "headcount": "0", "version": "0"})
    assert "it is more than 0" in zero.content.decode()
    note = client.post(page("note", scene.visit, "PC1"), {"text": "Mr Sok said it."})
    assert "Write the job instead" in note.content.decode() and "Mr Sok said it." in note.content.decode()


def test_without_script_too_another_screen_is_not_overwritten_unseen():
    scene = begun()
    client = client_of(scene.advisor)
    scoring_alone.record(scene.visit, by=scene.advisor, at=AT, scores=[ScoreMark("PC1", 1, sources=("D",))])
    typed = {"part": "PC", "PC1-value": "3", "PC1-sources": ["D", "W"], "PC1-version": "0"}
    answer = client.post(page("score", scene.visit), typed)
    text = answer.content.decode()
    assert answer.status_code == 422 and "<strong data-theirs>1, documents</strong>" in text
    assert 'value="3" id="PC1-3" checked' in text and 'name="PC1-version" value="1"' in text
    assert FirstScore.objects.get().score == 1
    client.post(page("score", scene.visit), typed | {"PC1-version": "1"})
    assert FirstScore.objects.get().score == 3


def sent(client: Client, visit: Assessment, body: object) -> object:
    return client.post(page("sync", visit), json.dumps(body), content_type="application/json")


def test_a_tablet_sends_a_batch_twice_and_its_clock_does_not_matter():
    scene = begun()
    client, batch = client_of(scene.advisor), str(uuid.uuid4())
    mark = {"indicator": "PC1", "score": 2, "not_assessed": "", "sources": ["D"], "version": 0}
    body = {"id": batch, "at": "1999-01-01T00:00:00Z", "clock": 12, "scores": [mark], "notes": {"PC1": "Mr Sok"},
            "counts": {"headcount": 0, "version": 0}}  # fmt: skip
    first, again = sent(client, scene.visit, body), sent(client, scene.visit, body)
    assert first.json() == again.json()
    assert first.json()["saved"] == {"PC1": 1}
    assert first.json()["faults"] == {"counts": "Give the number of workers; it is more than 0."}
    kept = FirstScore.objects.get()
    assert (kept.score, kept.changed_at) == (2, AT)
    other = sent(client, scene.visit, {"id": str(uuid.uuid4()), "scores": [mark | {"score": 4}]})
    assert other.json()["conflicts"]["PC1"]["words"] == "2, documents"
    assert other.json()["conflicts"]["PC1"]["mark"]["version"] == 1


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"id": "x", "scores": []},
        {"id": str(uuid.uuid4()), "scores": [{"indicator": "a word that somebody typed here"}]},
        {"id": str(uuid.uuid4()), "scores": [{"indicator": "PC1", "score": "3", "version": "x"}]},
        {"id": str(uuid.uuid4()), "signals": 3},
        {"id": str(uuid.uuid4()), "counts": []},
    ],
)
def test_what_is_no_batch_is_refused_in_words(body):
    scene = begun()
    answer = sent(client_of(scene.advisor), scene.visit, body)
    assert answer.status_code == 400 and answer.json()["words"].endswith(".")
    assert not FirstScore.objects.exists()


def test_after_handing_in_a_late_batch_is_told_so():
    scene = begun()
    hand_in(scene, scene.advisor)
    answer = sent(client_of(scene.advisor), scene.visit, {"id": str(uuid.uuid4()), "scores": []})
    assert answer.status_code == 409 and "handed in" in answer.json()["words"]


def test_nobody_sees_the_others_scores_before_both_have_handed_in():
    scene = begun()
    marks = [ScoreMark(one.indicator, 1, sources=("M",)) for one in all_scores()]
    scoring_alone.record(scene.visit, by=scene.second, at=AT, scores=marks)
    text = client_of(scene.advisor).get(page("score", scene.visit)).content.decode()
    assert "0 of 40" in text and " checked>" not in text
    hand_in(scene, scene.advisor)
    for name in ("compare", "conclude"):
        assert client_of(scene.advisor).get(page(name, scene.visit)).url == page("visit", scene.visit)


def test_each_reader_of_a_final_assessment_sees_what_section_1_gives_them():
    known = [SignalAnswer("S04", "present", ("C",), outside_only=True)]
    scene = final(experts=known)
    reviewing.decide_level(scene.visit, "established", by=scene.expert, at=AT, reasons="Xq outside.")
    established, possible = "It has happened here in the last 12 months.", "It may be happening here"
    advisor = client_of(scene.advisor).get(page("visit", scene.visit)).content.decode()
    assert possible in advisor and established not in advisor and "S08" in advisor and "S04" not in advisor
    assert client_of(scene.advisor).get(page("review", scene.visit)).status_code == 404
    expert = client_of(scene.expert).get(page("review", scene.visit)).content.decode()
    assert "Xq outside." in expert and established in expert and "S04" in expert
    officer = client_of(scene.world.officer)
    assert officer.get(page("visit", scene.visit)).status_code == 404
    givingback.write_plain(scene.visit, "en", found="Posters.", will_be_done="More.", by=scene.advisor, at=AT)
    givingback.write_plain(scene.visit, "km", found="Posters.", will_be_done="More.", by=scene.advisor, at=AT)
    later = AT + timedelta(days=2)
    givingback.give_back(scene.visit, later.date(), by=scene.advisor, at=later)
    assert scene.world.officer.notices.filter(kind="visit_given_back", topic_id=scene.visit.pk).exists()
    shown = officer.get(page("visit", scene.visit)).content.decode()
    assert possible in shown and "Confidence: high." in shown and "75.0" in shown
    for hidden in ("S08", "Workers avoid", established, "Xq outside."):
        assert hidden not in shown
    for name in ("review", "give_back", "score", "compare", "conclude", "hand_in", "screen"):
        assert officer.get(page(name, scene.visit)).status_code == 404, name


def test_strangers_find_nothing():
    scene = final()
    elsewhere = make_world(country=make_country("LA"))
    for person in (
        elsewhere.advisor,
        elsewhere.expert,
        elsewhere.officer,
        scene.world.programme_lead,
        scene.world.lead,
    ):
        client = client_of(person)
        for name in ("visit", "score", "hand_in", "screen", "compare", "conclude", "review", "give_back"):
            assert client.get(page(name, scene.visit)).status_code == 404, (person.name, name)
        assert client.post(page("step", scene.visit, "begin")).status_code == 404
        assert sent(client, scene.visit, {"id": str(uuid.uuid4())}).status_code == 404


def test_the_expert_settles_reviews_and_decides_on_one_page():
    scene = compared(first={"RP1": 1}, second={"RP1": 4})
    for person, words in ((scene.advisor, "A camera hangs there."), (scene.second, "It was tested.")):
        client_of(person).post(page("compare", scene.visit), {"indicator": "RP1", "reason": words})
    conclude(scene)
    client = client_of(scene.expert)
    assert "review the conclusion" in client.get("/staff/").content.decode()
    text = client.get(page("review", scene.visit)).content.decode()
    assert "A camera hangs there." in text and "It was tested." in text
    client.post(page("review", scene.visit), {"settle": "RP1", "given": "2"})
    client.post(page("review", scene.visit), {"agrees": "yes", "note": ""})
    client.post(page("review", scene.visit), {"level": "possible", "reasons": ""})
    assert (scene.fresh().stage, scene.visit.level, scene.visit.level_by) == ("final", "possible", scene.expert)


def test_the_screen_is_read_by_leads_alone_and_every_screen_looks_alike():
    scene, bare = begun(), begun(make_world(country=make_country("LA")))
    client_of(scene.advisor).post(page("screen", scene.visit), {"met": ["X3", "X9"], "sure": "on"})
    screen.send(bare.visit, (), by=bare.advisor, at=AT)
    met, none = PlaceReview.objects.get(assessment=scene.visit), PlaceReview.objects.get(assessment=bare.visit)
    assert len(bytes(met.sealed)) == len(bytes(none.sealed)) and b"opens" not in bytes(met.sealed)
    again = client_of(scene.second).get(page("screen", scene.visit)).content.decode()
    assert "was sent" in again and "checked" not in again
    here = reverse("assessments:screen_look", args=[met.pk])
    for person in (scene.advisor, scene.second, scene.expert, scene.world.officer, bare.world.lead):
        assert client_of(person).get(here).status_code == 404
    lead = client_of(scene.world.lead)
    assert scene.world.factory.name in lead.get("/staff/").content.decode()
    text = lead.get(here).content.decode()
    assert "opens a review of the place" in text and text.count(">Met<") == 2
    assert "Write what you do" in lead.post(here, {"text": ""}).content.decode()
    lead.post(here, {"text": "Called the second organisation."})
    met.refresh_from_db()
    assert met.looked_by == scene.world.lead and b"Called" not in bytes(met.answer_sealed)
    assert "Called the second organisation." in client_of(scene.world.second_lead).get(here).content.decode()
    met.grants.filter(holder=scene.world.second_lead).delete()
    assert "does not open" in client_of(scene.world.second_lead).get(here).content.decode()
    lead.get(here)  # Opening passes it on to whoever came since.
    assert "Called the second" in client_of(scene.world.second_lead).get(here).content.decode()


def test_a_factory_assesses_itself_without_signals_level_or_screen():
    scene = final()
    client = client_of(scene.world.officer)
    address = reverse("assessments:begin_self", args=[scene.world.factory.pk])
    answer = client.post(address)
    own = Assessment.objects.get(kind="self")
    assert answer.url == page("score", own)
    text = client.get(page("score", own)).content.decode()
    assert "Counts of the visit" not in text and "0 of 40" in text
    assert client.get(page("screen", own)).status_code == 404
    assert client_of(scene.world.chair).post(address).url == reverse("assessments:visits")
    assert client_of(scene.advisor).get(page("visit", own)).status_code == 404
    for part in form_of(4).values():
        client.post(page("score", own), part)
    client.post(page("hand_in", own))
    own.refresh_from_db()
    assert own.stage == "final" and own.overall_score == 100 and own.level_factory == ""
    assert "75.0" in client_of(scene.advisor).get(page("visit", own)).content.decode()  # The gap, for the advisor.
    assert "75.0" not in client.get(page("visit", own)).content.decode()  # Not given back yet.
    assert [row[0] for row in selfassessing.gap(own, scene.visit)][:2] == ["PC", "CM"]


def test_giving_back_needs_the_page_for_workers_and_a_day_that_has_come():
    scene = final()
    client = client_of(scene.advisor)
    client.post(page("give_back", scene.visit), {"on": AT.date() + timedelta(days=1)})
    assert scene.fresh().given_back_on is None
    words = {"language": "km", "found": "Posters hang.", "will_be_done": "A box in June."}
    client.post(page("give_back", scene.visit), words)
    text = client.post(page("give_back", scene.visit), {"on": AT.date() + timedelta(days=1)}).content.decode()
    assert "has not come yet" in text
    assert scene.fresh().given_back_on is None
    later = AT + timedelta(days=3)
    givingback.give_back(scene.visit, later.date(), by=scene.advisor, at=later)
    assert scene.fresh().given_back_on == later.date()
    assert scene.visit.plain_versions.get().published_on == later.date()


def test_the_pages_of_a_visit_stay_within_their_queries(django_assert_max_num_queries):
    scene = compared(second={"PC1": 4, "PC2": 1})
    client = client_of(scene.advisor)
    for name in ("visit", "compare", "conclude"):
        with django_assert_max_num_queries(30):
            client.get(page(name, scene.visit))
    for pair in comparing.open_pairs(scene.visit):
        if not pair.far_apart:
            comparing.agree(scene.visit, pair.indicator.code, 4, seen="", by=scene.advisor, at=AT)
    assert concluding.still_missing(scene.visit) == ["You have not agreed yet on these indicators: PC2."]


def shown_by(html: str) -> str:
    """What a page gives its form to bring back."""
    found = re.search(r'name="shown" value="(\w{16})"', html)
    assert found is not None
    return found[1]


def test_an_expert_does_not_overwrite_the_level_another_has_decided_meanwhile():
    scene = final()
    expert, colleague = client_of(scene.expert), scene.world.second_expert
    url = page("review", scene.visit)
    read = shown_by(expert.get(url).content.decode())
    reviewing.decide_level(scene.visit, "established", by=colleague, at=AT, reasons="Known from outside.")
    typed = {"level": "possible", "reasons": "What I wrote."}
    refused = expert.post(url, typed | {"shown": read}).content.decode()
    assert "Another expert has decided" in refused and "Known from outside." in refused and "What I wrote." in refused
    scene.visit.refresh_from_db()
    assert (scene.visit.level, scene.visit.level_by) == ("established", colleague)
    expert.post(url, typed | {"shown": shown_by(refused)})
    scene.visit.refresh_from_db()
    assert (scene.visit.level, scene.visit.level_by) == ("possible", scene.expert)


def test_nobody_overwrites_a_page_for_workers_that_they_have_not_read():
    scene = final()
    advisor, url = client_of(scene.advisor), page("give_back", scene.visit)
    read = shown_by(advisor.get(url).content.decode())
    how = {"by": scene.second, "at": AT}
    givingback.write_plain(scene.visit, "km", found="Posters hang.", will_be_done="More.", **how)
    typed = {"language": "km", "found": "A box hangs.", "will_be_done": "Two."}
    refused = advisor.post(url, typed | {"shown": read}).content.decode()
    assert "Another text stands here" in refused and "Posters hang." in refused and "A box hangs." in refused
    assert advisor.post(url, typed | {"shown": shown_by(refused)}).status_code == 302
    # Another language is another page: it begins empty, and is overwritten by nobody who read the first one.
    english = shown_by(advisor.get(url, {"language": "en"}).content.decode())
    givingback.write_plain(scene.visit, "en", found="Posters.", will_be_done="More.", **how)
    assert advisor.post(url, typed | {"language": "en", "shown": english}).status_code == 200
    assert scene.visit.plain_versions.get(language="en").found == "Posters."
    assert scene.visit.plain_versions.get(language="km").found == "A box hangs."


def test_what_was_typed_beside_a_planned_visit_stays_where_it_is_refused():
    scene = planned()
    advisor = client_of(scene.advisor)

    def refused(step: str, **typed: str) -> str:
        answer = advisor.post(page("step", scene.visit, step), typed)
        assert answer.status_code == 422
        return answer.content.decode()

    assert "Mr Dara was ill, so nobody went.</textarea>" in refused("drop", reason="Mr Dara was ill, so nobody went.")
    assert 'value="9999-12-31"' in refused("move", visit_from="9999-12-31", visit_to="9999-12-31")
    assert "This field is required." in refused("assessor")
    scene.visit.refresh_from_db()
    assert scene.visit.stage == "planned"
