"""The short course and its test; nobody assesses before having passed it.

Lessons and questions are data/course.json; what they share with the guidance stands there alone. Passing needs most
answers right, and each of those on which somebody's safety hangs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from accounts.models import Person
from assessments import guidance
from assessments.models import CourseAttempt
from assessments.tool import DATA

DAY = timedelta(hours=24)
TRIES_A_DAY = 3


class CourseRefused(Exception):
    """A try does not count; `message` says why, for the person."""

    def __init__(self, message: str) -> None:
        super().__init__("course refused")
        self.message = message


@dataclass(frozen=True)
class Lesson:
    """What is to be read, in English; `section` names the section of the guidance that it is."""

    code: str
    title: str
    points: tuple[str, ...]
    section: str

    def read(self) -> guidance.Help:
        """Return the lesson in the reader's language."""
        if self.section:
            return guidance.section(self.section)
        return guidance.Help(self.code, gettext(self.title), tuple(gettext(one) for one in self.points))


@dataclass(frozen=True)
class Question:
    """One question of the test. `must`: somebody's safety hangs on it, so it must be right."""

    code: str
    lesson: str
    question: str
    choices: tuple[str, ...]
    right: int
    why: str
    must: bool


@dataclass(frozen=True)
class Course:
    version: str
    accepts: tuple[str, ...]  # Versions of which a pass still counts.
    pass_percent: int
    lessons: tuple[Lesson, ...]
    questions: tuple[Question, ...]

    def lesson(self, code: str) -> Lesson:
        return next(one for one in self.lessons if one.code == code)

    def passes(self, wrong: list[Question]) -> bool:
        """Say whether somebody with these answers wrong has passed."""
        right = len(self.questions) - len(wrong)
        return right * 100 >= len(self.questions) * self.pass_percent and not any(one.must for one in wrong)


@lru_cache(maxsize=1)
def course() -> Course:
    """Return the course, read once per process."""
    data = json.loads((DATA / "course.json").read_text("utf-8"))
    return Course(
        version=data["version"],
        accepts=tuple(data["accepts"]),
        pass_percent=data["pass_percent"],
        lessons=tuple(
            Lesson(row["code"], row["title"], tuple(row["points"]), row.get("guidance", "")) for row in data["lessons"]
        ),
        questions=tuple(
            Question(
                row["code"],
                row["lesson"],
                row["question"],
                tuple(row["choices"]),
                row["right"],
                row["why"],
                row.get("must", False),
            )
            for row in data["questions"]
        ),
    )


def may_assess(person: Person, at: datetime) -> bool:
    """Say whether this person had passed the test by then."""
    return passed(person, at) is not None


def passed(person: Person, at: datetime) -> CourseAttempt | None:
    """Return the try with which this person passed, if it was before then."""
    tries = CourseAttempt.objects.filter(person=person, passed=True, at__lte=at)
    return tries.filter(course_version__in=course().accepts).order_by("at").first()


@dataclass(frozen=True)
class Result:
    """How a try went, and which answers were wrong."""

    attempt: CourseAttempt
    wrong: tuple[Question, ...]


@transaction.atomic
def take(person: Person, answers: Mapping[str, int], *, at: datetime) -> Result:
    """Count one try at the test. `answers`: the number of the choice for the code of every question."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)  # Two tries at once are two tries.
    ours = course()
    if may_assess(person, at):
        raise CourseRefused(_("You have passed already. You may assess."))
    lately = CourseAttempt.objects.filter(person=person, at__gt=at - DAY).count()
    if lately >= TRIES_A_DAY:
        raise CourseRefused(_("You have tried three times today. Read the course again and come back tomorrow."))
    if any(one.code not in answers for one in ours.questions):
        raise CourseRefused(_("Answer every question. Nothing was counted yet."))
    wrong = [one for one in ours.questions if answers[one.code] != one.right]
    attempt = CourseAttempt.objects.create(
        person=person,
        course_version=ours.version,
        right=len(ours.questions) - len(wrong),
        of=len(ours.questions),
        passed=ours.passes(wrong),
        at=at,
    )
    return Result(attempt, tuple(wrong))
