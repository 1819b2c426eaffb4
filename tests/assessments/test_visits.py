"""A visit from the plan to the final conclusion, through the services, with everything that is refused on the way."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Notice
from assessments import comparing, concluding, notes, reviewing, scoring_alone, tool, visits
from assessments.holding import VisitRefused
from assessments.models import (
    Assessment,
    ExpertReview,
    FirstScore,
    Score,
    SilenceFlag,
    Synced,
)
from assessments.scoring_alone import ScoreMark, SignalAnswer
from tests.assessments.visitworld import (
    AT,
    FULL,
    all_scores,
    begun,
    compared,
    conclude,
    hand_in,
    planned,
)
from tests.builders import make_country, make_world

pytestmark = pytest.mark.django_db


def test_two_assessors_score_alone_compare_and_conclude():
    scene = begun()
    visit = scene.visit
    scoring_alone.record(visit, by=scene.advisor, at=AT, counts=FULL | {"version": 0})
    hand_in(scene, scene.advisor, level="possible", signals=[SignalAnswer("S08", "present", ("W",))])
    assert scene.fresh().stage == "scoring"
    hand_in(scene, scene.second, level="possible", differ={"PC1": 4, "PC2": 2})
    assert scene.fresh().stage == "comparing"
    assert {pair.indicator.code for pair in comparing.open_pairs(visit)} == {"PC1", "PC2"}
    comparing.agree(visit, "PC1", 4, seen="", by=scene.second, at=AT)
    comparing.agree(visit, "PC2", 2, seen="", by=scene.advisor, at=AT)
    with pytest.raises(VisitRefused, match="screen"):
        conclude(scene)
    from assessments import screen

    screen.send(visit, (), by=scene.second, at=AT)
    done = conclude(scene)
    assert done.stage == "final" and done.level_factory == done.rule_level_factory == "possible"
    assert done.level == "" and done.confidence_factory == "high" and done.complete
    assert done.strength == "trusted"
    assert dict(done.domain_scores.values_list("domain", "score"))["CM"] == 75
    assert done.overall_score == 75
    firsts = FirstScore.objects.filter(assessor__assessment=visit, indicator="PC1")
    assert sorted(firsts.values_list("score", flat=True)) == [3, 4]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"goes": "two men"}, "woman"),
        ({"goes": "twice"}, "two different"),
        ({"goes": "officer"}, "advisors or technical experts"),
        ({"goes": "two experts"}, "joint"),
        ({"by": "officer"}, "Only the advisor"),
        ({"visit_to": AT.date() - timedelta(days=9)}, "ends on the day"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_refused(change, words):
    world = make_world()
    advisor, expert, other = world.advisor, world.expert, world.second_expert
    teams = {
        "two men": [visits.Goes(advisor, False), visits.Goes(expert, False)],
        "twice": [visits.Goes(advisor, True), visits.Goes(advisor, True)],
        "officer": [visits.Goes(world.officer, True), visits.Goes(advisor, False)],
        "two experts": [visits.Goes(expert, True), visits.Goes(other, False)],
    }
    change = {
        name: teams[value] if name == "goes" else getattr(world, value) if name == "by" else value
        for name, value in change.items()
    }
    with pytest.raises(VisitRefused, match=words):
        planned(world, **change)
    assert not Assessment.objects.exists()


def test_the_same_visit_is_planned_once():
    scene = planned()
    with pytest.raises(VisitRefused, match="already"):
        planned(scene.world)


def test_a_visit_in_the_future_cannot_be_scored():
    scene = planned(visit_from=AT.date() + timedelta(days=3), visit_to=AT.date() + timedelta(days=4))
    for person in (scene.advisor, scene.second):
        visits.declare_no_conflict(scene.visit, by=person, at=AT)
    with pytest.raises(VisitRefused, match=r"Scores can be entered from that day on\."):
        visits.begin(scene.visit, by=scene.advisor, at=AT)
    with pytest.raises(VisitRefused, match="not begun"):
        scoring_alone.record(scene.visit, by=scene.advisor, at=AT, scores=all_scores())
    visits.begin(scene.visit, by=scene.advisor, at=AT + timedelta(days=3))


def test_nobody_begins_without_declarations_and_course():
    scene = planned()
    with pytest.raises(VisitRefused, match="conflict of interest"):
        visits.begin(scene.visit, by=scene.advisor, at=AT)
    for person in (scene.advisor, scene.second):
        visits.declare_no_conflict(scene.visit, by=person, at=AT)
    scene.second.course_attempts.all().delete()
    with pytest.raises(VisitRefused, match="course"):
        visits.begin(scene.visit, by=scene.advisor, at=AT)


def test_who_has_a_conflict_steps_back_and_is_replaced():
    scene = planned()
    visits.step_back(scene.visit, by=scene.second, at=AT)
    assert Notice.objects.filter(kind="visit_lacks_assessor", recipient=scene.advisor).exists()
    with pytest.raises(VisitRefused, match="woman"):
        visits.add_assessor(scene.visit, visits.Goes(scene.expert, False), by=scene.advisor, at=AT)
    visits.add_assessor(scene.visit, visits.Goes(scene.expert, True), by=scene.advisor, at=AT)
    assert set(scene.visit.assessors.values_list("person", flat=True)) == {scene.advisor.pk, scene.expert.pk}


def test_a_version_withdrawn_in_mid_visit_stays_with_the_visit():
    scene = begun()
    content = tool.bundled() | {"version": "9.9"}
    newer = tool.add(content, change_note="New words.", in_force_on=AT.date(), by=scene.world.admin, at=AT)
    tool.withdraw(scene.visit.tool, on=AT.date())
    hand_in(scene, scene.advisor)
    assert scene.fresh().tool.version == "1.1"
    assert tool.current(AT.date()) == newer


@pytest.mark.parametrize(
    ("mark", "fault"),
    [
        (ScoreMark("PC1", 3), "no_evidence"),
        (ScoreMark("PC1"), "no_score"),
        (ScoreMark("PC1", 5, sources=("D",)), "scale"),
        (ScoreMark("PC1", 2, "no_time", ("D",)), "two_answers"),
        (ScoreMark("PC1", 2, sources=("Q",)), "unknown"),
        (ScoreMark("ZZ9", 2, sources=("D",)), "unknown"),
        (SignalAnswer("S01", "present"), "no_source"),
        (SignalAnswer("S14", "present", ("P",)), "experts"),
        (SignalAnswer("S04", "present", ("C",), outside_only=True), "experts"),
        (SignalAnswer("S24", "present", ("P",)), "unknown"),
    ],
)
def test_a_mark_that_cannot_be_is_named_and_the_others_are_kept(mark, fault):
    scene = begun()
    good = ScoreMark("CM1", 2, sources=("D",))
    scores, signals = ([good, mark], []) if isinstance(mark, ScoreMark) else ([good], [mark])
    outcome = scoring_alone.record(scene.visit, by=scene.advisor, at=AT, scores=scores, signals=signals)
    assert list(outcome.faults.values()) == [fault] and outcome.saved == {"CM1": 1}
    assert all(sentence.endswith(".") for sentence in outcome.sentences().values())


@pytest.mark.parametrize(
    ("counts", "fault"),
    [
        ({"headcount": 0}, "headcount"),
        ({"headcount": 20, "women": 30}, "women"),
        ({"interviews": 2, "interviews_off_site": 3}, "parts"),
        ({"interviews": -1}, "number"),
        ({"restrictions": ["locked_up"]}, "unknown"),
    ],
)
def test_counts_that_cannot_be_are_refused(counts, fault):
    scene = begun()
    outcome = scoring_alone.record(scene.visit, by=scene.advisor, at=AT, counts=counts | {"version": 0})
    assert outcome.faults == {"counts": fault}
    assert scene.fresh().counts_version == 0


def test_another_device_is_never_overwritten_silently():
    scene = begun()

    def give(score, version):
        mark = ScoreMark("PC1", score, sources=("D",), version=version)
        return scoring_alone.record(scene.visit, by=scene.advisor, at=AT, scores=[mark])

    assert give(2, 0).saved == {"PC1": 1}
    late = give(4, 0)
    assert late.conflicts == {"PC1": {"score": 2, "not_assessed": "", "sources": ["D"], "version": 1}}
    assert give(2, 0).saved == {"PC1": 1}  # The same words from the other device are no conflict.
    assert give(4, 1).saved == {"PC1": 2}


def test_a_batch_sent_twice_counts_once():
    scene, batch = begun(), uuid.uuid4()
    marks = [ScoreMark("PC1", 2, sources=("D",)), ScoreMark("PC2", 3)]

    def send():
        return scoring_alone.sync(scene.visit, batch, by=scene.advisor, at=AT, scores=marks)

    first, again = send(), send()
    assert first == again and first.saved == {"PC1": 1} and first.faults == {"PC2": "no_evidence"}
    assert Synced.objects.count() == 1
    hand_in(scene, scene.advisor, scores=[*all_scores()[1:], ScoreMark("PC1", 2, sources=("D",), version=1)])
    assert send() == first  # Also after everything was handed in.
    with pytest.raises(VisitRefused, match="handed in"):
        scoring_alone.sync(scene.visit, uuid.uuid4(), by=scene.advisor, at=AT, scores=marks)
    with pytest.raises(VisitRefused, match="somebody else"):
        scoring_alone.sync(scene.visit, batch, by=scene.second, at=AT, scores=marks)


def test_what_was_scored_alone_is_whole_and_stays():
    scene = begun()
    scoring_alone.record(scene.visit, by=scene.advisor, at=AT, scores=all_scores()[:39])
    with pytest.raises(VisitRefused, match="LR5"):
        scoring_alone.hand_in(scene.visit, by=scene.advisor, at=AT, level_alone="possible")
    scoring_alone.record(scene.visit, by=scene.advisor, at=AT, scores=[ScoreMark("LR5", None, "no_time")])
    with pytest.raises(VisitRefused, match="level that you reach alone"):
        scoring_alone.hand_in(scene.visit, by=scene.advisor, at=AT)
    scoring_alone.hand_in(scene.visit, by=scene.advisor, at=AT, level_alone="likely")
    with pytest.raises(VisitRefused, match="handed in"):
        scoring_alone.record(scene.visit, by=scene.advisor, at=AT, scores=[ScoreMark("LR5", 1, sources=("D",))])


def test_far_apart_both_write_reasons_and_the_expert_settles():
    scene = compared(first={"RP1": 1}, second={"RP1": 4})
    visit = scene.visit
    with pytest.raises(VisitRefused, match="two or more"):
        comparing.agree(visit, "RP1", 1, seen="", by=scene.advisor, at=AT)
    comparing.give_reason(visit, "RP1", "The box hangs under a camera.", by=scene.advisor, at=AT)
    with pytest.raises(VisitRefused, match="Both assessors"):
        comparing.settle(visit, "RP1", 2, by=scene.expert, at=AT)
    comparing.give_reason(visit, "RP1", "Four ways were tested last month.", by=scene.second, at=AT)
    with pytest.raises(VisitRefused, match="You scored"):
        comparing.settle(visit, "RP1", 4, by=scene.second, at=AT)
    with pytest.raises(VisitRefused, match="Only a technical expert"):
        comparing.settle(visit, "RP1", 1, by=scene.advisor, at=AT)
    # Left to the review, it is one of its reasons, and nothing is final before it is settled.
    assert conclude(scene).stage == "review"
    assert ExpertReview.objects.get().reasons == ["scores_differ"]
    with pytest.raises(VisitRefused, match="Settle first"):
        reviewing.review(visit, agrees=True, by=scene.expert, at=AT)
    comparing.settle(visit, "RP1", 2, by=scene.expert, at=AT)
    reviewing.review(visit, agrees=True, by=scene.expert, at=AT)
    score = Score.objects.get(assessment=visit, indicator="RP1")
    assert (scene.fresh().stage, score.score, score.settled_by, len(score.reasons)) == ("final", 2, scene.expert, 2)
    assert scene.visit.strength == "working"  # 39 times 3 and one 2: 74 of 100.


def test_caps_are_applied_to_what_counts_and_what_was_given_is_kept():
    scene = begun()
    scores = [ScoreMark(one.indicator, one.score, sources=("D", "M")) for one in all_scores()[:39]]
    hand_in(scene, scene.advisor, scores=[*scores, ScoreMark("LR5", None, "no_time")])
    hand_in(scene, scene.second, scores=[*scores, ScoreMark("LR5", None, "no_time")])
    score = Score.objects.get(assessment=scene.visit, indicator="PC1")
    assert (score.given, score.score, score.cap) == (3, 2, "paper")
    assert Score.objects.get(assessment=scene.visit, indicator="LR5").not_assessed == "no_time"


def test_what_the_other_recorded_is_not_overwritten_unseen():
    scene = compared(second={"PC1": 4})
    comparing.agree(scene.visit, "PC1", 4, seen="", by=scene.second, at=AT)
    with pytest.raises(VisitRefused, match="meanwhile"):
        comparing.agree(scene.visit, "PC1", 3, seen="", by=scene.advisor, at=AT)
    comparing.agree(scene.visit, "PC1", 3, seen="4", by=scene.advisor, at=AT)
    with pytest.raises(VisitRefused, match="one of the two"):
        comparing.agree(scene.visit, "PC1", 1, seen="3", by=scene.advisor, at=AT)


def test_a_departure_from_the_rule_needs_words_and_the_expert():
    scene = compared()
    with pytest.raises(VisitRefused, match="than the rule"):
        conclude(scene, "likely")
    assert conclude(scene, "likely", departure_reasons="Three lines told the same.").stage == "review"
    assert set(ExpertReview.objects.get().reasons) == {"high_level", "departs"}
    with pytest.raises(VisitRefused, match="look at again"):
        reviewing.review(scene.visit, agrees=False, by=scene.expert, at=AT)
    reviewing.review(scene.visit, agrees=False, note="One source only.", by=scene.expert, at=AT)
    assert scene.fresh().stage == "comparing"
    assert conclude(scene, "possible").stage == "final"


def test_an_outside_case_moves_the_experts_level_and_nothing_else():
    """Twin visits: in one of them the expert knows of a substantiated outside case."""
    known = [SignalAnswer("S04", "present", ("C",), outside_only=True), SignalAnswer("S14", "present", ("P",))]
    twins = [
        compared(make_world(country=make_country(code)), experts=experts)
        for code, experts in (("KH", ()), ("LA", known))
    ]
    for scene in twins:
        conclude(scene)
    plain, moved = [scene.visit for scene in twins]
    for name in ("stage", "level_factory", "rule_level_factory", "confidence_factory", "complete", "final_at"):
        assert getattr(plain, name) == getattr(moved, name), name
    assert (plain.rule_level, moved.rule_level) == ("possible", "established")
    scene = twins[1]
    reviewing.decide_level(moved, "established", by=scene.expert, at=AT)
    with pytest.raises(VisitRefused, match="Only a technical expert"):
        reviewing.decide_level(moved, "possible", by=scene.advisor, at=AT)
    with pytest.raises(VisitRefused, match="than the rule"):
        reviewing.decide_level(moved, "possible", by=scene.expert, at=AT)
    shown = dict(concluding.merged_marks(moved, for_expert=False, mine=scene.advisor))
    assert shown["S04"] == shown["S14"] == "not_looked" and shown["S08"] == "present"
    assert dict(concluding.merged_marks(moved, for_expert=True, mine=scene.expert))["S04"] == "present"


def test_the_silence_flag_is_a_signal_of_its_own_version():
    scene = compared()
    flag = {"factory": scene.world.factory, "kind": "unexplained", "quarter": "2026Q1", "raised_on": AT.date()}
    SilenceFlag.objects.create(version="all", **flag)
    found = {one.code: one.for_factory for one in concluding.propose(scene.visit).found}
    assert found["S24"] is False
    SilenceFlag.objects.create(version="factory", **flag)
    assert next(one for one in concluding.propose(scene.visit).found if one.code == "S24").for_factory


@pytest.mark.parametrize(
    "text",
    [
        "Mr Sok touches people.",
        "Ask bong Dara about it.",
        "Call 012 345 678.",
        "write to a.b@example.org",
        "chair of the factory said so",
        "លោក សុខ ធ្វើបែបនេះ",
    ],
)
def test_a_note_with_a_name_or_a_number_is_refused(text):
    scene = begun()
    type(scene.world.chair).objects.filter(pk=scene.world.chair.pk).update(name="Chair of the factory")
    with pytest.raises(VisitRefused) as refusal:
        notes.write_note(scene.visit, "PC1", text, by=scene.advisor, at=AT)
    assert text not in refusal.value.message


def test_a_note_without_a_name_is_kept_and_can_be_taken_away():
    scene = begun()
    notes.write_note(scene.visit, "PC1", "A mechanic said 25% of 2026 was fine, 300 workers.", by=scene.advisor, at=AT)
    assert scene.visit.assessors.get(person=scene.advisor).notes.count() == 1
    notes.write_note(scene.visit, "PC1", " ", by=scene.advisor, at=AT)
    assert scene.visit.assessors.get(person=scene.advisor).notes.count() == 0


def test_a_dropped_visit_says_why_and_makes_room():
    scene = planned()
    with pytest.raises(VisitRefused, match="Say why"):
        visits.drop(scene.visit, " ", by=scene.advisor, at=AT)
    visits.drop(scene.visit, "The road is flooded.", by=scene.advisor, at=AT)
    assert planned(scene.world).visit.stage == "planned"


def test_an_expert_of_another_country_has_nothing_to_do_here():
    scene, elsewhere = begun(), make_world(country=make_country("LA"))
    with pytest.raises(VisitRefused, match="assessors of this visit"):
        scoring_alone.record(scene.visit, by=elsewhere.advisor, at=AT, scores=all_scores())
    with pytest.raises(VisitRefused, match="Only the advisor"):
        visits.drop(scene.visit, "Not now.", by=elsewhere.expert, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_assessors_race_for_one_agreement():
    scene = compared(second={"PC1": 4})
    said, start = [], threading.Barrier(2)

    def run(person, given):
        try:
            start.wait(5)
            comparing.agree(scene.visit, "PC1", given, seen="", by=person, at=AT)
            said.append(given)
        except VisitRefused as refusal:
            said.append(refusal.message)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(scene.advisor, 3)),
        threading.Thread(target=run, args=(scene.second, 4)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    kept = Score.objects.get(assessment=scene.visit, indicator="PC1").given
    won = [one for one in said if isinstance(one, int)]
    assert won == [kept] and len(said) == 2
    assert "meanwhile" in next(one for one in said if isinstance(one, str))
