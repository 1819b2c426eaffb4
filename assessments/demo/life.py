"""The life of an invented factory: how it enters, what becomes of its dates, and what is done about it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from assessments.demo import sentences
from assessments.demo.book import Book
from assessments.demo.counting import Counting
from assessments.demo.package_steps import PackageSteps
from assessments.demo.tempers import TRAITS, Temper
from assessments.demo.visit_life import VisitLife
from assessments.demo.visit_steps import VisitSteps
from assessments.models import Kind
from factories.models import PROGRAMME_REASONS, IntroductionWay, StatedReason
from factories.package import catalogue

REASONS = [
    StatedReason.PEAK_SHIPMENT,
    StatedReason.PEAK_SHIPMENT,
    StatedReason.ORDER_CHANGE,
    StatedReason.KEY_PERSON_AWAY,
    StatedReason.NO_ROOM_OR_TIME,
    StatedReason.OTHER_AUDIT,
    StatedReason.HOLIDAY_SEASON,
    StatedReason.LEGAL_APPROVAL,
]
OURS = sorted(PROGRAMME_REASONS)
CAUSES = {
    Temper.POSTPONING: ["production_planning", "no_authority"],
    Temper.DISTRESSED: ["financial_distress"],
    Temper.BAD_FAITH: ["bad_faith"],
    Temper.NUMBERS: ["fear_of_numbers"],
    Temper.DELAYED_BY_US: ["programme_cause"],
    Temper.SILENT: ["taboo_or_denial"],
}
REVIEWED_AFTER = (1, 4, 7)  # Days after a pattern: told, talked, held.
LAST_MOVES = 6  # Nobody moves one activity for ever.
NEWEST_PLANS = timedelta(days=25)
NOT_HELD_YET = timedelta(days=45)  # A factory that postpones everything has not found time for its newest review.


class Life:
    """One factory, from its introduction on."""

    def __init__(
        self, book: Book, temper: Temper, visits: VisitSteps, *, event: Any = None, began: tuple[int, int] | None = None
    ) -> None:
        self.book, self.temper, self.traits = book, temper, TRAITS[temper]
        self.began = began or ((30, 170) if self.is_trial else self.traits.began)
        self.event = event
        self.package = PackageSteps(book)
        self.visits = VisitLife(book, visits, self.package, temper, self.traits)
        self.counting = Counting(book, self.package, temper, self.traits)
        self.package.when_reviewed = self._review
        self.live_on: date | None = None
        self._moved: dict[str, int] = {}
        self._reviews = 0
        self._ends_on: date | None = None

    @property
    def is_trial(self) -> bool:
        """Whether the country is not live: nothing but entering happens there."""
        return not self.book.factory.country.is_live

    def run(self) -> None:
        """Let it live until today."""
        book = self.book
        days = book.draw.randint(*self.began)
        begins = book.workday(book.today - timedelta(days=days))
        book.at = book.calendar.at_hour(begins, 8)
        book.when(begins, self._introduce)
        book.live()

    # --- How it enters --------------------------------------------------------------------------------------------

    def _introduce(self) -> None:
        book, by = self.book, self.book.outside.advisor
        if self.event is not None and self.event.on <= book.day:
            way, event = IntroductionWay.EVENT, self.event
        else:
            way, event = book.draw.choice((IntroductionWay.MEETING, IntroductionWay.PEER, IntroductionWay.VISIT)), None
        said = self.package.introduce(way=way.value, with_decider=self.temper != Temper.HESITANT, by=by, event=event)
        book.when(book.workday(book.day + timedelta(days=book.draw.randint(2, 12))), lambda: self._answer(said))

    def _answer(self, said: Any) -> None:
        book, by = self.book, self.book.outside.advisor
        if self.temper != Temper.HESITANT:
            self.package.answer(said, "yes", by=by)
            book.when(self._in(7, 16), self._sign)
        elif book.chance(0.6):
            self.package.answer(said, "later", later_on=book.workday(book.day + timedelta(days=300)), by=by)
        else:
            self.package.answer(said, "no", reason=sentences.NO, by=by)

    def _sign(self) -> None:
        self.package.sign(by=self.book.outside.advisor)
        self.book.when(self._in(5, 9), self._team)

    def _team(self) -> None:
        self.package.name_team(
            focal="head of personnel",
            stand_in="head of quality",
            hours=self.book.draw.choice((3, 4, 6)),
            languages=sentences.LANGUAGES[self.book.factory.country.language],
            by=self.book.outside.expert,
        )
        plan_on = self._in(5, 9)
        # In a country that is only tried out a plan is as far as it goes, so only the newest ones have come to it.
        if not self.is_trial or plan_on > self.book.today - NEWEST_PLANS:
            self.book.when(plan_on, self._plan)

    def _plan(self) -> None:
        book = self.book
        dates = {
            code: book.workday(book.day + timedelta(weeks=step.plan_week)) for code, step in catalogue.steps().items()
        }
        self.package.agree_plan(dates, by=book.outside.advisor)
        if self.is_trial:
            return
        for code in dates:
            self._think_of(code)
        self.visits.visit(book.day + timedelta(days=9), Kind.JOINT if book.chance(0.3) else Kind.REGULAR)
        self.counting.begin()
        if self.temper == Temper.NUMBERS:
            for days in (160, 290):
                book.when(self._in(days, days + 20), self._ask_for_numbers)
        book.when(self._in(200, 320), self._shared_note)

    def _in(self, first: int, last: int) -> date:
        return self.book.workday(self.book.day + timedelta(days=self.book.draw.randint(first, last)))

    # --- Dates ----------------------------------------------------------------------------------------------------

    def _think_of(self, code: str) -> None:
        """A few days before its date somebody asks to move an activity, or it is done around that date."""
        due = self.package.activities[code].due_on
        day = max(self.book.day, due - timedelta(days=4))
        self.book.when(day, lambda: self._decide(code, due))

    def _decide(self, code: str, due: date) -> None:
        one = self.package.activities[code]
        if not self.package.runs or one.due_on != due or one.state not in ("agreed", "postponed"):
            return
        if self._moved.get(code, 0) < LAST_MOVES:
            roll = self.book.draw.random()
            if roll < self.traits.moves:
                self._move(code, due, ours=False)
                return
            if roll < self.traits.moves + self.traits.moves_of_ours:
                self._move(code, due, ours=True)
                return
        day = due + timedelta(days=self.book.draw.randint(*self.traits.slack))
        self.book.when(self.book.workday(max(self.book.day, day)), lambda: self._finish(code))

    def _move(self, code: str, due: date, *, ours: bool) -> None:
        draw = self.book.draw
        self._moved[code] = self._moved.get(code, 0) + 1
        nowhere = not ours and self.book.chance(self.traits.without_day)
        to_on = None if nowhere else self.book.workday(due + timedelta(days=draw.randint(*self.traits.moved_by)))
        reason = draw.choice(OURS) if ours else self._reason()
        self.package.postpone(
            code, reason=reason, to_on=to_on, offered=draw.choice(sentences.OFFERED), by=self.book.outside.advisor
        )
        if to_on:
            self._think_of(code)

    def _reason(self) -> str:
        if self.temper == Temper.DISTRESSED:
            return StatedReason.LOW_ORDERS_CLOSURE.value
        if self.temper == Temper.BAD_FAITH and self.book.chance(0.5):
            return StatedReason.NO_REASON.value
        return str(self.book.draw.choice(REASONS).value)

    def _finish(self, code: str) -> None:
        """Do it, with the records that show it; where something has to come first, try again soon."""
        one = self.package.activities[code]
        if not self.package.runs or one.state not in ("agreed", "postponed"):
            return
        if code == "COMM" and not self.package.is_done("POLICY"):
            self.package.occasion("POLICY", evidence="A first draft, read with workers.", by=self.book.outside.expert)
        if self.package.waits_for(code) or not self._visited(code):
            if code == "END":
                self.visits.end_visit()
            self.book.when(self._in(4, 8), lambda: self._finish(code))
            return
        self._show(code)
        evidence = sentences.ON_PAPER if self.traits.on_paper and self.book.chance(0.4) else sentences.EVIDENCE[code]
        self.package.done(code, evidence=evidence, by=self.book.outside.expert)
        if code == "CHAN":
            self._open_channels()

    def _visited(self, code: str) -> bool:
        """Whether the assessment is final on which the beginning and the end rest."""
        if code == "BASE":
            return self.visits.steps.last_final() is not None
        if code == "END":
            return self.visits.end_is_final
        return True

    def _open_channels(self) -> None:
        """Two handlers stand ready: the factory is live two weeks later."""
        self.book.when(self._in(10, 18), self._go_live)
        self.book.when(self._in(150, 260), self.visits.assess_self, 9)

    def _go_live(self) -> None:
        self.live_on = self.book.day

    def _show(self, code: str) -> None:
        """Record what shows that an activity is done."""
        count, draw, by = self.counting, self.book.draw, self.book.outside.expert
        match code:
            case "BASE":
                count.survey("baseline")
            case "PULSE":
                count.survey("pulse")
            case "END":
                count.survey("end")
            case "T-MGMT":
                count.train("managers", 1.0)
            case "T-SUP":
                for group in ("supervisors", "mechanics", "guards", "drivers"):
                    count.train(group, max(0.9, self.traits.trained))
            case "T-WORK":
                count.train("workers", max(0.9, self.traits.trained))
                before, after = Decimal(draw.randint(340, 520)) / 10, Decimal(draw.randint(620, 860)) / 10
                if self.traits.on_paper:
                    after = before + Decimal(draw.randint(0, 60)) / 10
                people = max(35, (self.book.factory.headcount or 100) * 7 // 10)
                self.package.knowledge(people=people, before=before, after=after, by=by)
            case "CHAN":
                count.tests(3, sure=True)
            case "DRILL":
                count.drill()
            case "SHARE":
                self._share()

    def _share(self) -> None:
        title, what, did_not, code = self.book.draw.choice(sentences.PRACTICES)
        self.package.share(
            title=title,
            what=what,
            did_not_work=did_not,
            indicators=[code],
            named=self.book.chance(0.3),
            by=self.book.outside.advisor,
        )

    # --- What is done about postponing ----------------------------------------------------------------------------

    def _review(self, review: Any) -> None:
        """A pattern was seen: the expert tells the advisor, the advisor talks, both agree on one step."""
        book, outside = self.book, self.book.outside
        self._reviews += 1
        told, talked, held = (book.calendar.add_working_days(book.day, days) for days in REVIEWED_AFTER)
        if self.temper == Temper.POSTPONING and held > book.today - NOT_HELD_YET:
            held += NOT_HELD_YET
        book.when(told, lambda: self._if_open(review, lambda: self.package.tell_advisor(review, by=outside.expert)), 9)
        book.when(talked, lambda: self._if_open(review, lambda: self.package.talked(review, by=outside.advisor)), 11)
        book.when(book.workday(held), lambda: self._if_open(review, lambda: self._hold(review)), 16)

    def _if_open(self, review: Any, act: Any) -> None:
        if not self.package.package.ended_on and review.looked_again_on is None:
            act()

    def _hold(self, review: Any) -> None:
        book, outside, number = self.book, self.book.outside, self._reviews
        causes = CAUSES.get(self.temper, ["cost_of_time"])
        step, step_on = "new_dates", book.workday(book.day + timedelta(days=14))
        if self.temper == Temper.DISTRESSED and number >= 2:
            step, step_on = "pause_with_end_date", book.workday(book.today + timedelta(days=60))
        elif self.temper == Temper.BAD_FAITH and number >= 3:
            step = "end_support"
        elif self.temper == Temper.POSTPONING:
            step = ("meeting_with_decider", "smaller_step", "peer_contact")[number % 3]
        self.package.hold_review(
            review, causes=causes, step=step, step_on=step_on, advisor=outside.advisor, expert=outside.expert
        )
        again = book.workday(review.look_again_on + timedelta(days=book.draw.randint(0, 4)))
        if step == "end_support":
            book.when(self._in(10, 20), self._end, 15)
            book.when(again, lambda: self.package.look_again(review, solved=False, by=outside.advisor), 10)
            return
        if step != "pause_with_end_date":
            for code, one in list(self.package.activities.items()):
                if one.state == "postponed" and one.due_on is None:
                    on = book.workday(book.day + timedelta(days=book.draw.randint(20, 40)))
                    self.package.new_date(code, on, by=outside.advisor)
                    self._think_of(code)
        book.when(again, lambda: self._if_open(review, lambda: self._look_again(review)), 10)

    def _look_again(self, review: Any) -> None:
        steady = self.temper not in (Temper.POSTPONING, Temper.BAD_FAITH, Temper.DISTRESSED)
        no_date = any(
            one.state == "postponed" and one.due_on is None for one in self.package.activities.values()
        )  # fmt: skip
        solved = not no_date and (steady or review.step == "pause_with_end_date" or self.book.chance(0.2))
        self.package.look_again(review, solved=solved, by=self.book.outside.advisor)

    def _end(self) -> None:
        outside = self.book.outside
        self.package.end_support(message=sentences.END_MESSAGE, advisor=outside.advisor, expert=outside.expert)

    # --- Else -----------------------------------------------------------------------------------------------------

    def _ask_for_numbers(self) -> None:
        if self.package.package.ended_on:
            return
        again = self.package.package.numbers_reminded_on is not None
        self.package.asked_for_numbers(by=self.book.outside.advisor)
        if again:
            self.book.when(
                self._in(2, 5), lambda: self.package.talked_of_numbers(by=self.book.outside.expert)
            )  # fmt: skip

    def _shared_note(self) -> None:
        if self.visits.is_supported:
            self.visits.steps.note_shared(self.book.draw.choice(sentences.NOTE), by=self.book.outside.advisor)
