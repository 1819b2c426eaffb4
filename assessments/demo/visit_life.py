"""Visits in the life of an invented factory: when each is planned, made, concluded, reviewed and given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from assessments import cycle
from assessments.demo import drawing, sentences
from assessments.demo.book import Book
from assessments.demo.package_steps import PackageSteps
from assessments.demo.tempers import Temper, Traits
from assessments.demo.visit_steps import VisitSteps
from assessments.models import ActionOwner, Kind, Level
from factories.models import InPlace
from factories.package import catalogue

AHEAD = 35  # Days before a visit on which it is planned.
GIVEN_BACK = (14, 27)
HAND = 0.17  # How often an assessor is one off.
KNOWS = 0.12  # How often an expert knows something from outside.
OUTSIDE_OWNERS = (ActionOwner.ADVISOR.value, ActionOwner.EXPERT.value)
SCREENS: tuple[tuple[str, ...], ...] = ((), (), (), (), (), (), ("X12",), (), (), ("X2",), ("X3",))


def _nothing() -> None:
    return None


class VisitLife:
    """Makes the visits of one factory happen."""

    def __init__(self, book: Book, steps: VisitSteps, package: PackageSteps, temper: Temper, traits: Traits) -> None:
        self.book, self.steps, self.package = book, steps, package
        self.temper, self.traits = temper, traits

    # --- A visit --------------------------------------------------------------------------------------------------

    def visit(self, on: date, kind: str, *, then: Callable[[], None] = _nothing, follows: Any = None) -> None:
        """Let a visit be planned now for about this day, and all that comes of it; `then` happens once it is final."""
        book, outside = self.book, self.book.outside
        first = book.workday(on)
        last = book.workday(first + timedelta(days=1))
        other = outside.expert if kind == Kind.JOINT else outside.second
        goes = (outside.advisor, other)
        made = self.steps.plan(kind, first, last, goes, by=outside.advisor, follows=follows,
                               unannounced=book.chance(0.1))  # fmt: skip
        one, two = self.steps.seats[made.pk]
        book.when(max(book.day, first - timedelta(days=20)), lambda: self.steps.declare(made, one))
        book.when(max(book.day, first - timedelta(days=18)), lambda: self.steps.declare(made, two))
        book.when(first, lambda: self.steps.begin(made), 8)
        book.when(last, lambda: self._score(made), 15)
        book.when(book.workday(last + timedelta(days=1)), lambda: self._hand_in(made, then), 10)

    def _score(self, visit: Any) -> None:
        book, steps, traits, draw = self.book, self.steps, self.traits, self.book.draw
        counted = drawing.counts(steps.tool, draw, traits, book.factory.headcount or 1)
        steps.count(visit, counted, by=visit.made_by)
        real = drawing.truth(steps.tool, draw, traits, self.done)
        missing = drawing.left_out(steps.tool, draw)
        for seat in steps.seats[visit.pk]:
            expert = seat.person in (book.outside.expert, book.outside.reviewer)
            given = drawing.given(
                steps.tool, draw, traits, real, has_cases=self.temper != Temper.SILENT, hand=HAND
            )  # fmt: skip
            marked = drawing.marked(steps.tool, draw, traits, expert=expert, knows=KNOWS)
            steps.record(seat, given | missing, marked)
        steps.screen(visit, draw.choice(SCREENS), by=visit.made_by)
        if traits.trust >= 0 and book.chance(0.4):
            steps.good(visit, draw.choice(sentences.GOOD), by=visit.made_by)
        for what in InPlace.values:
            self.package.place_check(what=what, yes=self._in_place(what), by=book.outside.advisor)

    def _in_place(self, what: str) -> bool:
        if self.traits.on_paper and what == InPlace.CHANNELS:
            return self.book.chance(0.5)
        code = {"policy": "POLICY", "committee": "COMM", "channels": "CHAN"}[what]
        return self.package.is_done(code) or (what != "channels" and self.traits.level > 1.7)

    @property
    def done(self) -> float:
        core = catalogue.core()
        return sum(self.package.is_done(code) for code in core) / len(core)

    def _hand_in(self, visit: Any, then: Callable[[], None]) -> None:
        for seat in self.steps.seats[visit.pk]:
            self.steps.hand_in(seat, str(self.steps.alone(visit, seat)))
        self.book.when(self.book.workday(self.book.day + timedelta(days=3)), lambda: self._compare(visit, then), 10)

    def _compare(self, visit: Any, then: Callable[[], None]) -> None:
        steps, draw = self.steps, self.book.draw
        for code in steps.to_agree(visit):
            steps.agree(visit, code, draw.choice([one for one in steps.given(visit, code) if one is not None]))
        for code in steps.far_apart(visit):
            steps.reasons(visit, code, sentences.DIFFER)
        level, departs = steps.rule_level(visit), ""
        if level == Level.LIKELY and self.book.chance(0.15):
            level, departs = Level.POSSIBLE, sentences.DEPARTS
        waits = steps.conclude(visit, str(level), reasons=sentences.REASONS[level], departs=departs)
        if not waits:
            self._final(visit, then)
            return
        days = draw.randint(3, 9)
        self.book.when(self.book.workday(self.book.day + timedelta(days=days)), lambda: self._review(visit, then), 14)

    def _review(self, visit: Any, then: Callable[[], None]) -> None:
        outside, steps = self.book.outside, self.steps
        scored = {seat.person for seat in steps.seats[visit.pk]}
        by = outside.reviewer if outside.expert in scored else outside.expert
        for code in steps.far_apart(visit):
            low, high = sorted(one for one in steps.given(visit, code) if one is not None)
            steps.settle(visit, code, (low + high) // 2, by=by)
        steps.review(visit, by=by)
        self._final(visit, then)

    # --- After it is final ----------------------------------------------------------------------------------------

    def _final(self, visit: Any, then: Callable[[], None]) -> None:
        book, draw, day = self.book, self.book.draw, self.book.day
        expert = book.outside.expert
        if visit.rule_level != visit.level_factory or book.chance(0.6):
            why = sentences.EXPERT_REASONS if visit.rule_level != visit.level_factory else ""
            book.when(
                book.workday(day + timedelta(days=2)),
                lambda: self.steps.decide_level(visit, visit.rule_level, by=expert, reasons=why),
            )
        book.when(book.workday(day + timedelta(days=draw.randint(5, 9))), lambda: self._agree_actions(visit), 11)
        back = visit.visit_to + timedelta(days=draw.randint(*GIVEN_BACK))
        book.when(book.workday(max(day, back)), lambda: self._give_back(visit), 16)
        if visit.level_factory in (*cycle.HIGH, Level.NOT_ASSESSABLE):
            again = Kind.JOINT if visit.level_factory in cycle.HIGH else Kind.FOLLOW_UP
            on = day + timedelta(days=draw.randint(60, 80))
            book.when(book.workday(on - timedelta(days=AHEAD)), lambda: self._again(visit, on, again))
        else:
            due = cycle.next_due(visit.visit_to)
            on = due + timedelta(days=draw.randint(-16, 12 if self.traits.acts > 0.7 else 60))
            book.when(book.workday(on - timedelta(days=AHEAD)), lambda: self._yearly(visit, on))
        then()

    def _again(self, visit: Any, on: date, kind: str) -> None:
        if self._newest(visit) and self.is_supported:
            self.visit(on, kind, follows=visit)

    def _yearly(self, visit: Any, on: date) -> None:
        if self._newest(visit) and self.is_supported:
            at_the_end = self.package.runs and not self.package.is_done("END")
            self.visit(on, Kind.JOINT if at_the_end or self.book.chance(0.1) else Kind.REGULAR)

    def end_visit(self) -> None:
        """Plan the joint visit at the end of the package, where no visit is open and none was made lately."""
        made = self._outside
        if made and made[-1].stage == "final" and (self.book.day - made[-1].visit_to).days > 90:
            self.visit(self.book.day + timedelta(days=AHEAD), Kind.JOINT)

    @property
    def end_is_final(self) -> bool:
        """Whether a joint visit after the first one is final."""
        return any(one.kind == Kind.JOINT and one.stage == "final" for one in self._outside[1:])

    @property
    def _outside(self) -> list[Any]:
        return [one for one in self.steps.visits if one.kind != Kind.SELF]

    def _newest(self, visit: Any) -> bool:
        """Whether no other visit from outside was planned since."""
        return all(one is visit or one.kind == Kind.SELF or one.made_at < visit.made_at for one in self.steps.visits)

    @property
    def is_supported(self) -> bool:
        return self.package.package is not None and not self.package.package.ended_on

    def _give_back(self, visit: Any) -> None:
        by = self.book.outside.advisor
        plain = [self.steps.write_plain(visit, "en", found=sentences.FOUND_PLAIN, done=sentences.DONE_PLAIN, by=by)]
        if self.book.factory.country.language == "km":
            plain.append(
                self.steps.write_plain(visit, "km", found=sentences.FOUND_PLAIN_KM, done=sentences.DONE_PLAIN_KM, by=by)
            )
        self.steps.give_back(visit, plain, by=by)

    def _agree_actions(self, visit: Any) -> None:
        draw, by = self.book.draw, self.book.outside.advisor
        kept = self.steps.scores[visit.pk]
        weak = sorted(
            (code for code in sentences.ACTIONS if code in kept and kept[code].score is not None),
            key=lambda code: kept[code].score,
        )
        lines = [(*sentences.ACTIONS[code], code) for code in weak[: draw.randint(1, 2)]]
        lines += [(*line, "") for line in draw.sample(sentences.ACTIONS_ELSE, draw.randint(0, 2))]
        for what, owner, evidence, code in lines:
            due_on = self.book.day + timedelta(days=draw.randint(45, 150))
            action = self.steps.agree_action(visit, what=what, owner=owner, due_on=due_on, indicator=code, by=by)
            self._carry_out(action, evidence)

    def _carry_out(self, action: Any, evidence: str) -> None:
        book, draw, outside = self.book, self.book.draw, self.book.outside
        roll = draw.random()
        if roll < self.traits.acts:
            on = book.workday(action.due_on + timedelta(days=draw.randint(-25, -1)))
            book.when(on, lambda: self.steps.action_done(action, evidence, by=outside.advisor), 13)
            looker = outside.expert if action.owner == ActionOwner.ADVISOR else outside.advisor
            seen = book.workday(on + timedelta(days=draw.randint(8, 30)))
            book.when(seen, lambda: self.steps.verify(action, by=looker), 14)
        elif roll < self.traits.acts + 0.04 or self.traits.acts > 0.7:
            on = book.workday(action.due_on - timedelta(days=5))
            book.when(on, lambda: self.steps.drop_action(action, sentences.DROPPED, by=outside.advisor), 13)

    # --- What the factory says of itself --------------------------------------------------------------------------

    def assess_self(self) -> None:
        """The factory looks at itself, once a year; not every factory does."""
        if not self.book.members or not self.is_supported or len(self.book.factory.name) % 2:
            return
        book, steps, by = self.book, self.steps, self.book.members[0]
        made = steps.assess_self(by)
        (seat,) = steps.seats[made.pk]
        kind = drawing.truth(steps.tool, book.aside, self.traits, min(1.0, self.done + 0.3))
        steps.record(
            seat, drawing.given(steps.tool, book.aside, self.traits, kind, has_cases=True, hand=0.2), {}
        )  # fmt: skip
        book.when(book.day, lambda: steps.hand_in(seat), 17)
        book.when(book.workday(book.day + timedelta(days=365)), self.assess_self, 9)
