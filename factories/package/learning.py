"""What a factory counts about its own work: people trained, meetings, surveys, practice cases, test complaints.

Never a count of complaints, and nobody by name. Training, knowledge and the committee may be counted by the factory's
own people; what has to come from outside is recorded by whoever leads the package. Indicators F15 to F22 and F27.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Person
from factories import clock
from factories.models import (
    ChannelTest,
    CommitteeCount,
    Drill,
    Factory,
    InPlace,
    KnowledgeTest,
    PlaceCheck,
    StaffGroup,
    SurveyKind,
    TestWay,
    TrainingCount,
    WorkerSurvey,
)
from factories.package import access
from factories.package.refusal import PackageRefused
from factories.package.taking import Taken, taking

_QUARTER = re.compile(r"20\d\dQ[1-4]")
QUARTERS_BACK = 4  # Figures look at four quarters: nothing older is corrected.
# A test complaint is answered by the same day as anybody's complaint.
TEST_LIMIT = "acknowledge"


def quarter_of(day: date) -> str:
    """Return a day's calendar quarter, written as in the figures (`2026Q3`)."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def quarters(day: date) -> list[str]:
    """Return the quarters that may be recorded on a day: its own, and the four before, the latest first."""
    found = [quarter_of(day)]
    for _back in range(QUARTERS_BACK):
        year, number = int(found[-1][:4]), int(found[-1][-1])
        first = date(year, 3 * number - 2, 1)
        found.append(quarter_of(first - timedelta(days=1)))
    return found


def record_training(
    factory: Factory, *, quarter: str, group: str, people: int, trained: int, by: Person, at: datetime
) -> TrainingCount:
    """Record how many of a group are employed at the end of a quarter, and how many are trained; again corrects it."""
    with _counting(factory, by=by, at=at) as taken:
        _check_quarter(quarter, taken)
        if trained > people:
            raise PackageRefused(_("More people were trained than there are."))
        return TrainingCount.objects.update_or_create(
            factory=taken.factory,
            quarter=quarter,
            group=StaffGroup(group).value,
            defaults={"people": people, "trained": trained, "recorded_by": by, "recorded_on": taken.today},
        )[0]


def record_committee(
    factory: Factory,
    *,
    quarter: str,
    meetings_planned: int,
    meetings_held: int,
    members: int,
    members_trained: int,
    by: Person,
    at: datetime,
) -> CommitteeCount:
    """Record the committee's meetings and members in a quarter; again corrects it."""
    with _counting(factory, by=by, at=at) as taken:
        _check_quarter(quarter, taken)
        if members_trained > members:
            raise PackageRefused(_("More members were trained than there are."))
        return CommitteeCount.objects.update_or_create(
            factory=taken.factory,
            quarter=quarter,
            defaults={
                "meetings_planned": meetings_planned,
                "meetings_held": meetings_held,
                "members": members,
                "members_trained": members_trained,
                "recorded_by": by,
                "recorded_on": taken.today,
            },
        )[0]


def record_knowledge(
    factory: Factory, *, on: date, people: int, mean_before: Decimal, mean_after: Decimal, by: Person, at: datetime
) -> KnowledgeTest:
    """Record the ten questions before and after a training: how many took both, and their two means."""
    with _counting(factory, by=by, at=at) as taken:
        if people < 1:
            raise PackageRefused(_("Nobody took both tests, so there is nothing to record."))
        if not (0 <= mean_before <= 100 and 0 <= mean_after <= 100):
            raise PackageRefused(_("Both means are points of 100."))
        return KnowledgeTest.objects.create(
            factory=taken.factory,
            on=taken.not_ahead(on),
            people=people,
            mean_before=mean_before,
            mean_after=mean_after,
            recorded_by=by,
        )


def record_survey(
    factory: Factory,
    *,
    kind: str,
    on: date,
    answers: int,
    know_a_way: int,
    trust: int,
    by: Person,
    at: datetime,
    told_workers_on: date | None = None,
) -> WorkerSurvey:
    """Record the totals of one anonymous survey; the answers themselves stay outside the platform."""
    with taking(factory, at=at, by=by) as taken:
        if answers < 1:
            raise PackageRefused(_("A survey without answers says nothing."))
        if max(know_a_way, trust) > answers:
            raise PackageRefused(_("A part of the answers is not more than all answers."))
        if taken.factory.worker_surveys.filter(on=taken.not_ahead(on)).exists():
            raise PackageRefused(_("A survey of that day is recorded already."))
        _check_told(on, told_workers_on, taken)
        return WorkerSurvey.objects.create(
            factory=taken.factory,
            kind=SurveyKind(kind).value,
            on=on,
            answers=answers,
            know_a_way=know_a_way,
            trust=trust,
            told_workers_on=told_workers_on,
            recorded_by=by,
        )


def survey_told(survey: WorkerSurvey, *, on: date, by: Person, at: datetime) -> WorkerSurvey:
    """Note the day on which workers were told what came out of a survey."""
    with taking(survey.factory, at=at, by=by) as taken:
        _check_told(survey.on, on, taken)
        survey.told_workers_on = on
        survey.save(update_fields=["told_workers_on"])
        return survey


def record_drill(factory: Factory, *, on: date, passed: bool, gaps: str, by: Person, at: datetime) -> Drill:
    """Record a practice case that was made up outside: whether the process held, and the gaps."""
    with taking(factory, at=at, by=by) as taken:
        if not gaps.strip():
            raise PackageRefused(_("Write the times and the gaps, or that there were none."))
        if taken.factory.drills.filter(on=taken.not_ahead(on)).exists():
            raise PackageRefused(_("A practice case of that day is recorded already."))
        return Drill.objects.create(factory=taken.factory, on=on, passed=passed, gaps=gaps.strip(), recorded_by=by)


def answer_due_on(factory: Factory, sent_on: date) -> date:
    """Return the day by which a test complaint of that day is answered: as any complaint is acknowledged."""
    calendar = clock.calendar_for(factory)
    limit = clock.limits(factory.country_id)[TEST_LIMIT]
    return calendar.local_day(clock.due(limit, calendar.at_hour(sent_on, 12), calendar))


def send_test(
    factory: Factory,
    *,
    way: str,
    anonymous: bool,
    sent_on: date,
    by: Person,
    at: datetime,
    answered_on: date | None = None,
) -> ChannelTest:
    """Record a test complaint sent from outside, and the answer where it came already."""
    with taking(factory, at=at, by=by) as taken:
        test = ChannelTest(
            factory=taken.factory,
            way=TestWay(way).value,
            anonymous=anonymous,
            sent_on=taken.not_ahead(sent_on),
            answer_due_on=answer_due_on(taken.factory, sent_on),
            recorded_by=by,
        )
        if answered_on is not None:
            _answered(test, answered_on, taken)
        test.save()
        return test


def record_answer(test: ChannelTest, *, on: date, by: Person, at: datetime) -> ChannelTest:
    """Note the day on which a test complaint was answered."""
    with taking(test.factory, at=at, by=by) as taken:
        found: ChannelTest = taken.factory.channel_tests.get(pk=test.pk)
        if found.answered_on:
            raise PackageRefused(_("Its answer is recorded already."))
        _answered(found, on, taken)
        found.save(update_fields=["answered_on"])
        return found


def record_place_check(
    factory: Factory, *, what: str, yes: bool, checked_on: date, by: Person, at: datetime
) -> PlaceCheck:
    """Record that policy, committee or channels are in place, or not, as seen on a day; again corrects that day."""
    with taking(factory, at=at, by=by) as taken:
        return PlaceCheck.objects.update_or_create(
            factory=taken.factory,
            what=InPlace(what).value,
            checked_on=taken.not_ahead(checked_on),
            defaults={"yes": yes, "checked_by": by},
        )[0]


@contextmanager
def _counting(factory: Factory, *, by: Person, at: datetime) -> Iterator[Taken]:
    """Take a step that the factory's own people may take too."""
    with taking(factory, at=at) as taken:
        if not (access.leads(by, taken.factory) or access.works_at(by, taken.factory)):
            raise PackageRefused(_("Only people of this factory, its advisor and its experts record this."))
        yield taken


def _check_quarter(quarter: str, taken: Taken) -> None:
    if not _QUARTER.fullmatch(quarter):
        raise PackageRefused(_("A quarter is written like 2026Q3."))
    if quarter > quarter_of(taken.today):
        raise PackageRefused(_("That quarter has not begun yet."))
    if quarter not in quarters(taken.today):
        raise PackageRefused(_("Figures of that quarter are closed. Record a later one."))


def _check_told(on: date, told_on: date | None, taken: Taken) -> None:
    if told_on is not None and taken.not_ahead(told_on) < on:
        raise PackageRefused(_("Workers are told after the survey."))


def _answered(test: ChannelTest, on: date, taken: Taken) -> None:
    if taken.not_ahead(on) < test.sent_on:
        raise PackageRefused(_("It was answered on the day it was sent, or later."))
    test.answered_on = on
