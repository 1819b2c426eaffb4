"""Steps of the prevention package, as `factories.package` takes them, written into a book instead of the database.

The arithmetic is that room's own: catalogue, patterns, limits and ladders. Only the reading and writing differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Person
from assessments.demo.book import Book
from factories import clock
from factories.models import (
    PROGRAMME_REASONS,
    Activity,
    ActivityOccasion,
    ActivityState,
    ChannelTest,
    CommitteeCount,
    Drill,
    EventCommitment,
    Introduction,
    JointReview,
    KnowledgeTest,
    MouPoint,
    Package,
    PackageDeadline,
    PackageRung,
    PlaceCheck,
    Postponement,
    SharedPractice,
    TrainingCount,
    WorkerSurvey,
)
from factories.package import catalogue, patterns, promises
from factories.package.activities import ALL_CORE
from factories.package.learning import TEST_LIMIT
from factories.package.patterns import Covered, Line, Move

TABLES = (PackageDeadline, PackageRung)


class PackageSteps:
    """A factory's way through the package, step by step at the moment the book has come to."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.package: Any = None
        self.activities: dict[str, Any] = {}
        self.moves: dict[str, list[Move]] = {}
        self.open_review: Any = None
        self.covered: Covered | None = None
        self.trained: dict[str, tuple[int, int]] = {}  # Of each group, by its latest count.
        self._training: dict[tuple[str, str], Any] = {}
        self._committee: dict[str, Any] = {}
        self._places: dict[tuple[str, date], Any] = {}
        self._drafts: set[str] = set()
        self.when_reviewed: Any = lambda review: None

    # --- How a factory enters -------------------------------------------------------------------------------------

    def introduce(self, *, way: str, with_decider: bool, by: Person, event: Any = None) -> Any:
        self.book.note("introduce", way=way, with_decider=with_decider, by=by, event=event)
        return self.book.new(
            Introduction,
            factory=self.book.factory,
            on=self.book.day,
            by=by,
            way=way,
            event=event,
            with_decider=with_decider,
        )

    def answer(self, said: Any, answer: str, *, later_on: date | None = None, reason: str = "", by: Person) -> None:
        self.book.note("answer", introduction=said, answer=answer, later_on=later_on, reason=reason, by=by)
        said.answer, said.answer_on, said.later_on, said.reason = answer, self.book.day, later_on, reason
        self.book.end(lambda one: one.code == "ask_again", met_at=self.book.at)
        if later_on:
            self._promise("ask_again", on=later_on)

    def sign(self, *, by: Person) -> None:
        self.book.note("sign", by=by)
        self.package = self.book.new(
            Package,
            factory=self.book.factory,
            began_on=self.book.day,
            mou_on=self.book.day,
            mou_points=list(MouPoint.values),
        )
        for code in catalogue.steps():
            self.activities[code] = self.book.new(Activity, factory=self.book.factory, code=code)
            self.moves[code] = []

    def name_team(self, *, focal: str, stand_in: str, hours: int, languages: str, by: Person) -> None:
        self.book.note("name_team", focal=focal, stand_in=stand_in, hours=hours, languages=languages, by=by)
        own = self.package
        own.team_on, own.focal_point_role, own.stand_in_role = self.book.day, focal, stand_in
        own.hours_a_week, own.languages = hours, languages

    def agree_plan(self, dates: Mapping[str, date], *, by: Person) -> None:
        self.book.note("agree_plan", dates=dict(dates), by=by)
        for code, day in dates.items():
            self._put_on(code, day, by)
        self.package.plan_on = self.book.day

    # --- Activities -----------------------------------------------------------------------------------------------

    def done(self, code: str, *, evidence: str, by: Person) -> None:
        self.book.note("done", code=code, evidence=evidence, by=by)
        one = self.activities[code]
        one.state, one.done_on, one.evidence, one.recorded_by = ActivityState.DONE, self.book.day, evidence, by
        self._keep_dates(code)

    def occasion(self, code: str, *, evidence: str, by: Person) -> None:
        self.book.note("occasion", code=code, evidence=evidence, by=by)
        self._drafts.add(code)
        self.book.new(
            ActivityOccasion, activity=self.activities[code], on=self.book.day, evidence=evidence, recorded_by=by
        )

    def drop(self, code: str, *, reason: str, by: Person) -> None:
        self.book.note("drop", code=code, reason=reason, by=by)
        one = self.activities[code]
        one.state, one.dropped_reason, one.recorded_by = ActivityState.DROPPED, reason, by
        self._keep_dates(code)

    def postpone(self, code: str, *, reason: str, to_on: date | None, offered: str, by: Person) -> None:
        self.book.note("postpone", code=code, reason=reason, to_on=to_on, offered=offered, by=by)
        one, ours = self.activities[code], reason in PROGRAMME_REASONS
        self.book.new(
            Postponement,
            activity=one,
            reason=reason,
            offered=offered,
            from_on=one.due_on,
            to_on=to_on,
            by_programme=ours,
            recorded_by=by,
            on=self.book.day,
            at=self.book.at,
        )
        self.moves[code].append(Move(self.book.at, self.book.day, one.due_on, to_on, ours))
        one.state, one.due_on, one.recorded_by = ActivityState.POSTPONED, to_on, by
        self._keep_dates(code)
        self.look()

    def waits_for(self, code: str) -> list[str]:
        """Return what has to be done before this activity and is not."""
        return [need for need in self._needs(code) if self._is_missing(need)]

    def is_done(self, code: str) -> bool:
        return code in self.activities and self.activities[code].state == ActivityState.DONE

    @property
    def runs(self) -> bool:
        """Whether dates of the package run: it has begun, was not ended and is not paused."""
        return self.package is not None and not self.package.ended_on and not self.package.paused_until

    def _needs(self, code: str) -> list[str]:
        step = catalogue.steps()[code]
        if ALL_CORE not in step.needs:
            return list(step.needs)
        dropped = {code for code, one in self.activities.items() if one.state == ActivityState.DROPPED}
        return [other for other in catalogue.steps() if other in catalogue.core() - {code} - dropped]

    def _is_missing(self, need: str) -> bool:
        kind, _colon, rest = need.rpartition(":")
        if rest == "MOU":
            return self.package is None
        if rest == "TEAM":
            return self.package.team_on is None
        if self.is_done(rest):
            return False
        if kind == "draft":
            return rest not in self._drafts
        if kind == "half":
            trained, people = self.trained.get("workers", (0, 1))
            return trained * 100 < people * 50
        return True

    def _put_on(self, code: str, on: date, by: Person) -> None:
        one = self.activities[code]
        one.first_agreed_on = one.first_agreed_on or on
        one.due_on, one.state, one.recorded_by = on, ActivityState.AGREED, by
        self._keep_dates(code)

    def line(self, code: str) -> Line:
        one = self.activities[code]
        return Line(
            one.pk,
            code,
            one.first_agreed_on,
            one.due_on,
            one.done_on,
            one.state == ActivityState.DROPPED,
            tuple(self.moves[code]),
        )

    def _keep_dates(self, code: str) -> None:
        """As `promises.keep_dates`: the agreed day, and sixty days after the first one."""
        one, line = self.activities[code], self.line(code)
        how = "met_at" if one.state == ActivityState.DONE else "dropped_at"
        self.book.end(
            lambda each: (
                each.activity_id == one.pk and each.code in promises.HELD_BY_A_PAUSE
                if isinstance(each, PackageDeadline)
                else False
            ),
            **{how: self.book.at},
        )
        if one.state in (ActivityState.DONE, ActivityState.DROPPED):
            return
        held = bool(self.package.paused_until)
        if one.due_on:
            self._promise(promises.ACTIVITY, on=one.due_on, activity=one, held=held)
        ours_is_open = one.due_on is None and line.moves and line.moves[-1].by_programme
        if one.first_agreed_on and not ours_is_open:
            days = catalogue.pattern_rules().days_late + line.excused_days(self.book.day)
            last_day = one.first_agreed_on + timedelta(days=days)
            made = self._promise(promises.SIXTY_DAYS, on=last_day, activity=one, held=held)
            for rung in self.book.rungs_of(made):
                self.book.at_moment(self.book.moment_of(rung), lambda: self._sixty_days_over(made))

    def _sixty_days_over(self, deadline: Any) -> None:
        if deadline.is_open and deadline.paused_at is None:
            self.look()

    # --- Patterns and joint reviews -------------------------------------------------------------------------------

    def look(self) -> None:
        """As `postponing.look`: open a joint review where a pattern holds that no review has dealt with."""
        if not self.runs or self.open_review is not None:
            return
        lines = [self.line(code) for code in catalogue.steps()]
        found = patterns.found(lines, self.book.day, covered=self.covered)
        if found:
            activity = next((one for one in self.activities.values() if one.pk == found[0].activity), None)
            self._begin(found[0].rule, activity)

    def _begin(self, rule: str, activity: Any) -> None:
        limit = catalogue.promises()["joint_review"].limit
        due_on = self.book.calendar.local_day(clock.due(limit, self.book.at, self.book.calendar))
        self.open_review = self.book.new(
            JointReview,
            factory=self.book.factory,
            activity=activity,
            rule=rule,
            opened_at=self.book.at,
            opened_on=self.book.day,
            due_on=due_on,
        )
        self._promise("joint_review", review=self.open_review)
        self.when_reviewed(self.open_review)

    def tell_advisor(self, review: Any, *, by: Person) -> None:
        self.book.note("tell_advisor", by=by)
        review.advisor_told_on = self.book.day

    def talked(self, review: Any, *, by: Person) -> None:
        self.book.note("talked", by=by)
        review.talked_on = self.book.day

    def hold_review(
        self, review: Any, *, causes: Sequence[str], step: str, step_on: date, advisor: Person, expert: Person
    ) -> None:
        """Both agree: the advisor proposes, the expert agrees."""
        self.book.note("hold_review", causes=list(causes), step=step, step_on=step_on, advisor=advisor, expert=expert)
        review.causes, review.step, review.step_on = list(causes), step, step_on
        review.held_by_advisor, review.held_by_expert, review.held_on = advisor, expert, self.book.day
        self.book.end(lambda one: one.code == "joint_review" and one.review_id == review.pk, met_at=self.book.at)
        again = self._promise("look_again", review=review)
        review.look_again_on = self.book.calendar.local_day(again.due_at)
        if step == "pause_with_end_date":
            self.package.paused_until = step_on
            self.book.hold(lambda one: isinstance(one, PackageDeadline) and one.code in promises.HELD_BY_A_PAUSE)
            self._promise("pause_ends", on=step_on)

    def new_date(self, code: str, on: date, *, by: Person) -> None:
        self.book.note("new_date", code=code, on=on, by=by)
        self._put_on(code, on, by)

    def look_again(self, review: Any, *, solved: bool, by: Person) -> None:
        self.book.note("look_again", solved=solved, by=by)
        review.looked_again_on, review.looked_again_at, review.solved = self.book.day, self.book.at, solved
        self.book.end(lambda one: isinstance(one, PackageDeadline) and one.review_id == review.pk, met_at=self.book.at)
        self.open_review, self.covered = None, Covered(self.book.at, self.book.day)
        if not solved and review.step != "end_support":
            self._begin(review.rule, review.activity)

    def end_support(self, *, message: str, advisor: Person, expert: Person) -> None:
        self.book.note("end_support", message=message, advisor=advisor, expert=expert)
        own = self.package
        own.end_message, own.end_agreed_advisory_by, own.end_agreed_technical_by = message, advisor, expert
        own.ended_on, own.paused_until = self.book.day, None
        self.book.end(
            lambda one: isinstance(one, PackageDeadline) and one.code != "commitment", dropped_at=self.book.at
        )

    def asked_for_numbers(self, *, by: Person) -> None:
        """The factory asked who complained, or to take complaints back: reminded once, then the experts talk."""
        self.book.note("asked_for_numbers", by=by)
        if self.package.numbers_reminded_on is None:
            self.package.numbers_reminded_on = self.book.day
        elif not self.book.is_open(lambda one: one.code == "numbers_talk"):
            self._promise("numbers_talk")

    def talked_of_numbers(self, *, by: Person) -> None:
        self.book.note("talked_of_numbers", by=by)
        self.book.end(lambda one: one.code == "numbers_talk", met_at=self.book.at)

    # --- Counts ---------------------------------------------------------------------------------------------------

    def training(self, *, quarter: str, group: str, people: int, trained: int, by: Person) -> None:
        self.book.note("training", quarter=quarter, group=group, people=people, trained=trained, by=by)
        row = self._training.get((quarter, group))
        if row is None:
            row = self._training[quarter, group] = self.book.new(
                TrainingCount, factory=self.book.factory, quarter=quarter, group=group
            )
        row.people, row.trained, row.recorded_by, row.recorded_on = people, trained, by, self.book.day
        self.trained[group] = (trained, people)

    def committee(self, *, quarter: str, planned: int, held: int, members: int, trained: int, by: Person) -> None:
        self.book.note(
            "committee", quarter=quarter, planned=planned, held=held, members=members, trained=trained, by=by
        )
        row = self._committee.get(quarter)
        if row is None:
            row = self._committee[quarter] = self.book.new(CommitteeCount, factory=self.book.factory, quarter=quarter)
        row.meetings_planned, row.meetings_held, row.members, row.members_trained = planned, held, members, trained
        row.recorded_by, row.recorded_on = by, self.book.day

    def knowledge(self, *, people: int, before: Decimal, after: Decimal, by: Person) -> None:
        self.book.note("knowledge", people=people, before=before, after=after, by=by)
        self.book.new(
            KnowledgeTest,
            factory=self.book.factory,
            on=self.book.day,
            people=people,
            mean_before=before,
            mean_after=after,
            recorded_by=by,
        )

    def survey(self, *, kind: str, answers: int, know: int, trust: int, by: Person) -> Any:
        self.book.note("survey", kind=kind, answers=answers, know=know, trust=trust, by=by)
        return self.book.new(
            WorkerSurvey,
            factory=self.book.factory,
            kind=kind,
            on=self.book.day,
            answers=answers,
            know_a_way=know,
            trust=trust,
            recorded_by=by,
        )

    def survey_told(self, survey: Any, *, by: Person) -> None:
        self.book.note("survey_told", on=survey.on, by=by)
        survey.told_workers_on = self.book.day

    def drill(self, *, passed: bool, gaps: str, by: Person) -> None:
        self.book.note("drill", passed=passed, gaps=gaps, by=by)
        self.book.new(Drill, factory=self.book.factory, on=self.book.day, passed=passed, gaps=gaps, recorded_by=by)

    def send_test(self, *, way: str, anonymous: bool, sent_on: date, answered_on: date | None, by: Person) -> None:
        self.book.note("send_test", way=way, anonymous=anonymous, sent_on=sent_on, answered_on=answered_on, by=by)
        self.book.new(
            ChannelTest,
            factory=self.book.factory,
            way=way,
            anonymous=anonymous,
            sent_on=sent_on,
            answer_due_on=self.answer_due_on(sent_on),
            answered_on=answered_on,
            recorded_by=by,
        )

    def answer_due_on(self, sent_on: date) -> date:
        limit, calendar = clock.limits(self.book.factory.country_id)[TEST_LIMIT], self.book.calendar
        return calendar.local_day(clock.due(limit, calendar.at_hour(sent_on, 12), calendar))

    def place_check(self, *, what: str, yes: bool, by: Person) -> None:
        if (what, self.book.day) in self._places:
            return
        self.book.note("place_check", what=what, yes=yes, by=by)
        self._places[what, self.book.day] = self.book.new(
            PlaceCheck, factory=self.book.factory, what=what, yes=yes, checked_on=self.book.day, checked_by=by
        )

    def share(
        self, *, title: str, what: str, did_not_work: str, indicators: Sequence[str], named: bool, by: Person
    ) -> None:
        self.book.note(
            "share",
            title=title,
            what=what,
            did_not_work=did_not_work,
            indicators=list(indicators),
            named=named,
            by=by,
        )
        self.book.new(
            SharedPractice,
            factory=self.book.factory,
            title=title,
            what=what,
            did_not_work=did_not_work,
            indicators=list(indicators),
            agreed_on=self.book.day,
            named=named,
            recorded_by=by,
        )

    def commit(self, event: Any, *, who: str, what: str, due_on: date, by: Person) -> Any:
        """The factory takes something on at an event, with its written yes to be named."""
        self.book.note("commit", event=event, who=who, what=what, due_on=due_on, by=by)
        made = self.book.new(
            EventCommitment,
            event=event,
            who=who,
            factory=self.book.factory,
            written_yes_on=self.book.day,
            what=what,
            due_on=due_on,
        )
        self._promise("commitment", on=due_on, commitment=made)
        return made

    def commitment_done(self, made: Any, *, by: Person) -> None:
        self.book.note("commitment_done", what=made.what, by=by)
        made.done_on = self.book.day
        self.book.end(
            lambda one: isinstance(one, PackageDeadline) and one.commitment_id == made.pk, met_at=self.book.at
        )

    # --- Promises -------------------------------------------------------------------------------------------------

    def _promise(
        self,
        code: str,
        *,
        on: date | None = None,
        activity: Any = None,
        review: Any = None,
        commitment: Any = None,
        held: bool = False,
    ) -> Any:
        """As `promises.promise`."""
        rule, calendar, at = catalogue.promises()[code], self.book.calendar, self.book.at
        begins: datetime = at if on is None else min(at, calendar.at_hour(on, clock.MIDNIGHT))
        due_at = clock.due(rule.limit, at, calendar) if on is None else calendar.at_hour(on, clock.END_OF_DAY)
        rungs = [one for one in clock.ladder(rule.limit, due_at, calendar, at) if one[0] in rule.levels]
        return self.book.promise(
            TABLES, code, begins, due_at, rungs, held=held, activity=activity, review=review, commitment=commitment
        )
