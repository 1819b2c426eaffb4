"""The course, its test, and the guidance beside indicators."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from assessments import course, guidance, tool
from assessments.models import CourseAttempt
from tests.builders import WEDNESDAY, make_person

OURS = course.course()
USED = tool.read(tool.bundled())
RIGHT = {one.code: one.right for one in OURS.questions}
MUST = [one.code for one in OURS.questions if one.must]
OTHERS = [one.code for one in OURS.questions if not one.must]


def wrong(*codes: str) -> dict[str, int]:
    return RIGHT | {code: (RIGHT[code] + 1) % 3 for code in codes}


# --- The test -------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestTheTest:
    def test_nobody_assesses_before_having_passed(self):
        person, at = make_person(), WEDNESDAY
        assert not course.may_assess(person, at)
        course.take(person, wrong(MUST[0]), at=at)
        assert not course.may_assess(person, at)
        assert course.take(person, RIGHT, at=at + timedelta(hours=1)).attempt.passed
        assert course.may_assess(person, at + timedelta(hours=1))
        assert not course.may_assess(person, at)  # Not before the hour at which it was passed.
        assert not course.may_assess(make_person(), at + timedelta(days=1))

    @pytest.mark.parametrize(
        ("answers", "passes"),
        [
            (RIGHT, True),
            (wrong(*OTHERS[:2]), True),  # 11 of 13.
            (wrong(*OTHERS[:3]), False),  # 10 of 13 are fewer than 80%.
            *[(wrong(code), False) for code in MUST],  # Each of these alone.
        ],
    )
    def test_most_answers_and_each_on_which_safety_hangs_must_be_right(self, answers, passes):
        result = course.take(make_person(), answers, at=WEDNESDAY)
        assert result.attempt.passed is passes
        assert [one.code for one in result.wrong] == [code for code in RIGHT if answers[code] != RIGHT[code]]
        assert (result.attempt.right, result.attempt.of) == (13 - len(result.wrong), 13)

    def test_a_question_left_out_counts_as_no_try(self):
        person = make_person()
        with pytest.raises(course.CourseRefused):
            course.take(person, dict.fromkeys(list(RIGHT)[1:], 0), at=WEDNESDAY)
        assert not CourseAttempt.objects.exists()

    def test_after_three_tries_one_reads_again_until_tomorrow(self):
        person = make_person()
        for hour in range(3):
            course.take(person, wrong(MUST[0]), at=WEDNESDAY + timedelta(hours=hour))
        with pytest.raises(course.CourseRefused):
            course.take(person, RIGHT, at=WEDNESDAY + timedelta(hours=3))
        course.take(person, RIGHT, at=WEDNESDAY + timedelta(hours=24, minutes=1))

    def test_whoever_has_passed_needs_no_other_try(self):
        person = make_person()
        course.take(person, RIGHT, at=WEDNESDAY)
        with pytest.raises(course.CourseRefused):
            course.take(person, RIGHT, at=WEDNESDAY + timedelta(days=1))

    def test_a_pass_of_a_version_that_counts_no_more_does_not_count(self):
        person = make_person()
        CourseAttempt.objects.create(person=person, course_version="0", right=1, of=1, passed=True, at=WEDNESDAY)
        assert not course.may_assess(person, WEDNESDAY)


def test_every_question_can_be_answered_and_belongs_to_a_lesson():
    lessons = {one.code for one in OURS.lessons}
    for one in OURS.questions:
        assert one.lesson in lessons
        assert 0 <= one.right < len(one.choices) == len(set(one.choices))
        assert one.why
    assert len({one.code for one in OURS.questions}) == len(OURS.questions)
    assert {one.lesson for one in OURS.questions if one.must} == {"told", "safeguarding"}


def test_no_place_among_the_answers_is_right_often_enough_to_pass_by_it():
    for place in range(3):
        at_this_place = [one for one in OURS.questions if one.right != place]
        assert not OURS.passes(at_this_place)


def test_every_lesson_has_something_to_read():
    for one in OURS.lessons:
        assert one.read().title and one.read().points


# --- Guidance -------------------------------------------------------------------------------------


def test_guidance_names_only_what_the_tool_has():
    indicators = {one.code for one in USED.indicators}
    signals = {one.code for one in USED.signals}
    for one in guidance._sections():
        assert one.indicators <= indicators
        assert one.signals <= signals
    assert all(one.indicators and one.indicators <= indicators for one in guidance._mistakes())


def test_where_workers_are_asked_about_trust_it_says_how_to_ask_and_what_to_do_if_someone_tells():
    assert [one.code for one in guidance.beside("RP4")] == ["ask", "not_free", "told", "mistakes"]
    assert [one.code for one in guidance.beside_signal("S23")] == ["not_free"]
    assert guidance.beside("SN4") == []


def test_a_factory_is_not_told_what_assessors_look_out_for():
    for one in USED.indicators:
        assert not {"ask", "not_free"} & {help.code for help in guidance.beside(one.code, outside=False)}
    assert [one.code for one in guidance.beside("RP4", outside=False)] == ["told", "mistakes"]


def test_beside_an_indicator_stand_its_own_mistakes_alone():
    with translation.override("en"):
        [mistakes] = [one for one in guidance.beside("TA1") if one.code == "mistakes"]
    assert "Accepting a list of trained names as training" in mistakes.points
    assert "Asking for proof" not in mistakes.points


def test_the_forms_are_eight_with_the_words_people_use():
    assert len(guidance.forms()) == 8
    assert all(one.said_as and one.looks_like for one in guidance.forms())
    assert [one.code for one in guidance.sections()] == ["forms", "ask", "not_free", "told", "mistakes"]
