"""Random small worlds of how factories get on, and the figures recomputed one factory at a time, in plain Python."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from statistics import median
from typing import Any

from assessments import tool
from assessments.models import AgreedAction, Assessment, AssessmentDeadline, ExpertReview, FirstScore, SilenceFlag
from complaints.statistics import Period, Quarter
from factories import clock
from factories.models import (
    Activity,
    ChannelTest,
    CommitteeCount,
    Drill,
    Factory,
    Introduction,
    JointReview,
    KnowledgeTest,
    Package,
    PlaceCheck,
    Postponement,
    TrainingCount,
    WorkerSurvey,
)
from factories.models.package import MouPoint
from tests.builders import make_country, make_factory, make_person

FIRST, DAYS = date(2025, 4, 1), 470
CORE = [
    "BASE",
    "POLICY",
    "COMM",
    "T-COMM",
    "REFER",
    "CHAN",
    "T-MGMT",
    "T-SUP",
    "T-WORK",
    "WALK",
    "DRILL",
    "QREV",
    "END",
]
GROUPS = ["workers", "supervisors", "mechanics", "guards", "drivers", "managers", "new_hires"]
Key = tuple[Any, str, str, int]  # Factory id, or country, or "" of all; code; part; span.


def at(day: date, hour: int = 3) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


class ProgressWorld:
    """Some factories in two countries with rows of every kind, written straight into the tables."""

    def __init__(self, seed: int, factories: int = 6) -> None:
        self.chance = random.Random(seed)
        kh, vn = make_country(), make_country("VN", name="Viet Nam", time_zone="Asia/Ho_Chi_Minh", language="en")
        self.somebody, self.other = make_person("somebody"), make_person("somebody else")
        self.tool = tool.current(FIRST)
        self.factories = []
        for number in range(factories):
            factory = make_factory(country=vn if number % 3 == 2 else kh, status="live" if number % 4 else "listed")
            factory.headcount = self.chance.choice([None, 150, 800, 2500])
            factory.save()
            self.factories.append(factory)
            self._package(factory)
            self._learning(factory)
            self._visits(factory)

    # --- Making -----------------------------------------------------------------------------------------------------

    def day(self, after: date | None = None, up_to: int = DAYS) -> date:
        return (after or FIRST) + timedelta(days=self.chance.randrange(up_to))

    def maybe(self, value: Any, often: float = 0.7) -> Any:
        return value if self.chance.random() < often else None

    def _package(self, factory: Factory) -> None:
        chance = self.chance
        if chance.random() < 0.8:
            began = self.day(up_to=300)
            mou = self.maybe(self.day(began, 60))
            Package.objects.create(
                factory=factory, began_on=began, mou_on=mou, mou_points=MouPoint.values if mou else []
            )
        for _number in range(chance.randrange(3)):
            Introduction.objects.create(factory=factory, on=self.day(), by=self.somebody, way="meeting")
        activities = []
        for code in [*CORE, "AWARE"]:
            if chance.random() < 0.2:
                continue
            agreed = self.maybe(self.day(), 0.9)
            done = self.maybe(self.day(agreed or FIRST, 120) - timedelta(days=40), 0.6)
            activity = Activity.objects.create(
                factory=factory, code=code, state="done" if done else "agreed" if agreed else "planned",
                first_agreed_on=agreed, due_on=agreed, done_on=done, evidence="seen" if done else "",
            )  # fmt: skip
            activities.append(activity)
            if agreed and chance.random() < 0.4:
                reason = chance.choice(["peak_shipment", "programme_delay"])
                Postponement.objects.create(
                    activity=activity, reason=reason, offered="a call", from_on=agreed, to_on=self.day(agreed, 30)
                    + timedelta(days=1), by_programme=reason == "programme_delay", recorded_by=self.somebody,
                    on=agreed, at=at(agreed),
                )  # fmt: skip
        still_open = False
        for _number in range(chance.randrange(3)):
            opened = self.day()
            held = self.maybe(self.day(opened, 30))
            looked = self.maybe(self.day(held, 60)) if held else None
            if looked is None and still_open:
                continue
            still_open = still_open or looked is None
            JointReview.objects.create(
                factory=factory, activity=self.maybe(chance.choice(activities)), rule="twice", opened_at=at(opened),
                opened_on=opened, due_on=opened + timedelta(days=14), held_on=held,
                held_by_advisor=self.somebody if held else None, held_by_expert=self.other if held else None,
                causes=["unclear"] if held else [], step="new_dates" if held else "",
                look_again_on=held + timedelta(days=30) if held else None, looked_again_on=looked,
                looked_again_at=at(looked) if looked else None, solved=chance.random() < 0.5 if looked else None,
            )  # fmt: skip

    def _learning(self, factory: Factory) -> None:
        chance, by = self.chance, self.somebody
        for back in range(6):
            quarter = str(Quarter(2026, 2).before(back))
            for group in GROUPS:
                if chance.random() < 0.7:
                    people = chance.choice([0, 8, 40, 900])
                    TrainingCount.objects.create(
                        factory=factory, quarter=quarter, group=group, people=people,
                        trained=chance.randrange(people + 1), recorded_by=by, recorded_on=self.day(),
                    )  # fmt: skip
            if chance.random() < 0.7:
                members = chance.choice([0, 5, 8])
                CommitteeCount.objects.create(
                    factory=factory, quarter=quarter, meetings_planned=chance.randrange(4),
                    meetings_held=chance.randrange(3), members=members, members_trained=chance.randrange(members + 1),
                    recorded_by=by, recorded_on=self.day(),
                )  # fmt: skip
        for _number in range(chance.randrange(4)):
            KnowledgeTest.objects.create(
                factory=factory, on=self.day(), people=chance.choice([0, 12, 31, 60]),
                mean_before=chance.randrange(60), mean_after=chance.randrange(100), recorded_by=by,
            )  # fmt: skip
        for day in {self.day() for _number in range(chance.randrange(4))}:
            Drill.objects.create(factory=factory, on=day, passed=chance.random() < 0.6, gaps="none", recorded_by=by)
            answers = chance.choice([4, 25, 120])
            WorkerSurvey.objects.create(
                factory=factory, kind="pulse", on=day, answers=answers, know_a_way=chance.randrange(answers + 1),
                trust=chance.randrange(answers + 1), recorded_by=by,
            )  # fmt: skip
        for day in {self.day() for _number in range(chance.randrange(6))}:
            ChannelTest.objects.create(
                factory=factory, way=chance.choice(["platform", "box", "phone"]), anonymous=False, sent_on=day,
                answer_due_on=day + timedelta(days=2), answered_on=self.maybe(self.day(day, 4)), recorded_by=by,
            )  # fmt: skip
            PlaceCheck.objects.create(
                factory=factory, what=chance.choice(["policy", "committee", "channels"]), yes=chance.random() < 0.6,
                checked_on=day, checked_by=by,
            )  # fmt: skip

    def _visits(self, factory: Factory) -> None:
        chance = self.chance
        for day in sorted({self.day() for _number in range(chance.randrange(3))}):
            stage = chance.choice(["final", "final", "comparing", "planned", "dropped"])
            kind = chance.choice(["regular", "joint", "follow_up", "self"])
            interviews = chance.randrange(20)
            final = self.day(day, 40) if stage == "final" else None
            visit = Assessment.objects.create(
                factory=factory, tool=self.tool, kind=kind, stage=stage, visit_from=day,
                visit_to=day + timedelta(days=2), made_by=self.somebody, made_at=at(day), interviews=interviews,
                interviews_off_site=chance.randrange(interviews + 1), complete=chance.random() < 0.5,
                final_at=at(final, 20) if final else None,
                rule_level_factory="" if kind == "self" else "possible",
                level_factory="" if kind == "self" else chance.choice(["possible", "likely"]),
                departure_reasons=chance.choice(["", "because"]),
            )  # fmt: skip
            if kind != "self" and chance.random() < 0.7:
                done = self.maybe(self.day(day, 40))
                ExpertReview.objects.create(
                    assessment=visit, reasons=["departs"], requested_at=at(day, 20), due_on=day + timedelta(days=14),
                    done_by=self.other if done else None, done_at=at(done + timedelta(days=1), 20) if done else None,
                    agrees=chance.random() < 0.7 if done else None,
                )  # fmt: skip
            for person in (self.somebody, self.other):
                assessor = visit.assessors.create(person=person, submitted_at=self.maybe(at(day), 0.8))
                FirstScore.objects.bulk_create(
                    FirstScore(
                        assessor=assessor,
                        indicator=code,
                        score=score,
                        sources=["D"],
                        changed_at=at(day),
                        not_assessed="" if score is not None else "no_time",
                    )
                    for code in ("PC1", "PC2", "RP1")
                    for score in [self.maybe(chance.randrange(5), 0.9)]
                )
            for _number in range(chance.randrange(3)):
                due = self.day(day, 200)
                done = self.maybe(self.day(day, 200), 0.5)
                dropped = self.maybe(self.day(day, 200), 0.2)
                AgreedAction.objects.create(
                    factory=factory, assessment=visit, what="light", owner="hr", agreed_on=day, due_on=due,
                    done_on=done, evidence="seen" if done else "", dropped_on=dropped,
                    dropped_reason="moved" if dropped else "",
                )  # fmt: skip
        for ordinal in range(chance.randrange(1, 3)):
            due = self.day()
            AssessmentDeadline.objects.create(
                factory=factory, code="next_visit", ordinal=ordinal + 1, starts_at=at(due - timedelta(days=200)),
                due_at=at(due, 16), dropped_at=self.maybe(at(due, chance.choice([2, 20])), 0.2),
            )  # fmt: skip
        for version in ("all", "factory"):
            raised = self.day()
            cause = self.maybe(self.day(raised, 120))
            SilenceFlag.objects.create(
                factory=factory, version=version, kind="unexplained", quarter="2025Q1", raised_on=raised,
                cause="unexplained" if cause else "", cause_on=cause, cause_by=self.somebody if cause else None,
            )  # fmt: skip

    # --- Counting, one factory at a time ------------------------------------------------------------------------------

    def count(self, quarter: Quarter) -> dict[Key, tuple[int, int, float | None]]:
        """Recompute every row: numerator, denominator, and the value where there is one."""
        found: dict[Key, tuple[int, int, float | None]] = {}
        sums: dict[Key, list[Any]] = defaultdict(lambda: [0, 0, []])
        for factory in Factory.objects.select_related("country", "package"):
            for span in (1, 4):
                period = Period(quarter, span)
                if self._in(factory, period):
                    for code, part, num, den, value in self._of_factory(factory, period):
                        found[factory.pk, code, part, span] = (num, den, value)
                        of_group = part == "" or code == "F17"
                        if code in ("F16", "F17", "F18", "F20", "F21", "F22", "F23", "F24", "F25") and of_group:
                            self._add(sums, factory, code, part, span, num, den, [])
                for code, part, num, den, values in self._of_programme(factory, period):
                    self._add(sums, factory, code, part, span, num, den, values)
        for key, (num, den, values) in sums.items():
            value = None
            if values:
                value = kappa(values) if key[1] == "A3" else float(median(values))
            found[key] = (num, den, value)
        return found

    @staticmethod
    def _add(sums: Any, factory: Factory, code: str, part: str, span: int, num: int, den: int, values: Any) -> None:
        for place in (factory.country_id, ""):
            one = sums[place, code, part, span]
            one[0], one[1], one[2] = one[0] + num, one[1] + den, one[2] + list(values)

    @staticmethod
    def _in(factory: Factory, period: Period) -> bool:
        return factory.is_live or ProgressWorld._supported(factory, period)

    @staticmethod
    def _supported(factory: Factory, period: Period) -> bool:
        package = getattr(factory, "package", None)
        return package is not None and package.began_on < period.end

    def _of_factory(self, factory: Factory, period: Period) -> Iterator[tuple[str, str, int, int, float | None]]:
        quarter, inside = period.quarter, lambda day: day is not None and period.start <= day < period.end
        if period.span == 4:
            counts = [
                row
                for back in (3, 2, 1, 0)
                for row in factory.committee_counts.all()
                if row.quarter == str(quarter.before(back))
            ]
            if counts and counts[-1].members:
                held, planned = (
                    sum(getattr(one, name) for one in counts) for name in ("meetings_held", "meetings_planned")
                )
                drills = sorted((one.on, one.passed) for one in factory.drills.all() if inside(one.on))
                drill = bool(drills and drills[-1][1])  # No cases in this world: the practice case stands for them.
                trained = counts[-1].members_trained / counts[-1].members
                works = 0.4 * min(1, held / max(4, planned)) + 0.3 * trained + 0.3 * drill
                yield "F15", "", 0, 1, 100 * works
            tests = [one for one in factory.knowledge_tests.all() if inside(one.on)]
            people = sum(one.people for one in tests)
            if people:
                gain = sum(one.people * float(one.mean_after - one.mean_before) for one in tests) / people
                yield "F19", "", 0, people, gain
            surveys = sorted(
                (one for one in factory.worker_surveys.all() if one.on < period.end), key=lambda one: one.on
            )
            if surveys and inside(surveys[-1].on):
                for part, survey in zip(("", "before"), reversed(surveys), strict=False):
                    yield "F21", part, survey.know_a_way, survey.answers, None
                    yield "F22", part, survey.trust, survey.answers, None
        else:
            yield from self._of_quarter(factory, period)
        agreed = [one for one in factory.activities.all() if one.code in CORE and inside(one.first_agreed_on)]
        kept = []
        for one in agreed:
            in_time = one.done_on is not None and one.done_on <= one.first_agreed_on
            if in_time or not one.postponements.filter(by_programme=True).exists():
                kept.append(in_time)
        if kept:
            yield "F24", "", sum(kept), len(kept), None

    def _of_quarter(self, factory: Factory, period: Period) -> Iterator[tuple[str, str, int, int, float | None]]:
        quarter, end = period.quarter, period.end
        trained = {one.group: one for one in factory.training_counts.all() if one.quarter == str(quarter)}
        power = [trained[group] for group in GROUPS[1:6] if group in trained]
        for code, group in (("F16", "workers"), ("F18", "new_hires")):
            if group in trained:
                yield code, "", trained[group].trained, trained[group].people, None
        for one in power:
            yield "F17", one.group, one.trained, one.people, None
        if power:
            yield "F17", "", sum(one.trained for one in power), sum(one.people for one in power), None
        tests = [one for one in factory.channel_tests.all() if quarter.before().start <= one.sent_on < end]
        if tests:
            in_time = [one for one in tests if one.answered_on and one.answered_on <= one.answer_due_on]
            yield "F20", "", len(in_time), len(tests), None
        checks: dict[str, PlaceCheck] = {}
        for check in sorted(factory.place_checks.all(), key=lambda one: one.checked_on):
            if check.checked_on < end:
                checks[check.what] = check
        for what, check in checks.items():
            yield "F27", what, int(check.yes), 1, None
        if checks:
            yield "F27", "", sum(check.yes for check in checks.values()), 3, None
        if self._supported(factory, period):
            done = [one for one in factory.activities.all() if one.code in CORE and one.done_on and one.done_on < end]
            yield "F23", "", len(done), 13, None
            still_open = [
                one
                for one in factory.joint_reviews.all()
                if one.opened_on < end and (one.looked_again_on is None or one.looked_again_on >= end)
            ]
            yield "F25", "", len(still_open), 1, None

    def _of_programme(self, factory: Factory, period: Period) -> Iterator[tuple[str, str, int, int, list[Any]]]:
        inside = lambda day: day is not None and period.start <= day < period.end  # noqa: E731
        calendar = clock.calendar_for(factory)
        visits = [one for one in factory.assessments.all() if one.kind != "self"]
        final = [one for one in visits if one.stage == "final"]
        for promise in factory.assessment_deadlines.filter(code="next_visit"):
            until = calendar.local_day(promise.due_at) + timedelta(days=30)
            if inside(until) and not (promise.dropped_at and promise.dropped_at <= promise.due_at):
                days = [one.final_at for one in final if one.final_at > promise.starts_at]
                yield "A1", "", int(any(calendar.local_day(day) <= until for day in days)), 1, []
        made = [one for one in visits if one.stage not in ("planned", "dropped") and inside(one.visit_to)]
        for one in made:
            if period.span == 4:
                yield "A2", "", int(one.kind == "joint"), 1, []
            yield "A5", "", one.interviews_off_site, one.interviews, []
        for one in visits:
            if one.stage == "dropped" or not inside(one.visit_to):
                continue
            given: dict[str, list[int]] = defaultdict(list)
            for assessor in sorted(one.assessors.all(), key=lambda each: each.person_id):
                for score in assessor.first_scores.all():
                    if assessor.submitted_at and score.score is not None:
                        given[score.indicator].append(score.score)
            for scores in given.values():
                for first, second in combinations(scores, 2):
                    yield "A3", "", 0, 1, [(first, second)]
                    yield "A3", "exact", int(first == second), 1, []
                    yield "A3", "within_one", int(abs(first - second) <= 1), 1, []
        for one in final:
            review = getattr(one, "expert_review", None)
            if inside(calendar.local_day(one.final_at)):
                yield "A4", "", int(one.complete), 1, []
                if one.level_factory != one.rule_level_factory:
                    yield "A6", "", int(bool(one.departure_reasons and review and review.agrees)), 1, []
        for review in ExpertReview.objects.filter(assessment__factory=factory).exclude(done_at=None):
            asked, done = calendar.local_day(review.requested_at), calendar.local_day(review.done_at)
            if inside(done):
                days = 0
                while asked < done:
                    asked += timedelta(days=1)
                    days += calendar.is_working(asked)
                yield "A7", "", 0, 1, [days]
        for intro in factory.introductions.all():
            if inside(intro.on + timedelta(days=90)):
                mou = getattr(getattr(factory, "package", None), "mou_on", None)
                yield "A8", "", int(mou is not None and 0 <= (mou - intro.on).days <= 90), 1, []
        if period.span == 1 and factory.headcount:
            done = {one.code for one in factory.activities.all() if one.done_on and one.done_on < period.end}
            if {"CHAN", "T-COMM"} <= done:
                yield "A9", "", factory.headcount, factory.headcount, []
        for action in factory.agreed_actions.all():
            if inside(action.due_on) and not (action.dropped_on and action.dropped_on <= action.due_on):
                yield "A10", "", int(bool(action.done_on and action.done_on <= action.due_on)), 1, []
        for review in factory.joint_reviews.all():
            if inside(review.due_on):
                yield "A11", "", int(bool(review.held_on and review.held_on <= review.due_on)), 1, []
            if review.held_on and inside(review.held_on + timedelta(days=60)):
                until = review.held_on + timedelta(days=60)
                day = review.activity.done_on if review.activity else review.looked_again_on if review.solved else None
                yield "A12", "", int(day is not None and day <= until), 1, []
        for flag in factory.silence_flags.all():
            if flag.version == "factory" and inside(flag.raised_on + timedelta(days=60)):
                in_time = flag.cause_on is not None and (flag.cause_on - flag.raised_on).days <= 60
                yield "A13", "", int(in_time), 1, []


def kappa(pairs: list[tuple[int, int]]) -> float:
    """The formula of A3 as it is written, over the whole five by five table."""
    every = range(5)
    number = len(pairs)
    seen = {(i, j): sum(pair == (i, j) for pair in pairs) / number for i in every for j in every}
    rows = [sum(seen[i, j] for j in every) for i in every]
    columns = [sum(seen[i, j] for i in every) for j in every]
    weight = {(i, j): (i - j) ** 2 / 16 for i in every for j in every}
    above = sum(weight[key] * seen[key] for key in seen)
    below = sum(weight[i, j] * rows[i] * columns[j] for i in every for j in every)
    return 1 - above / below if below else 1.0
