"""What an invented factory counts each quarter: training, committee, surveys, practice cases, test complaints."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from accounts.models import Person
from assessments.demo import sentences
from assessments.demo.book import Book
from assessments.demo.package_steps import PackageSteps
from assessments.demo.tempers import Temper, Traits
from factories.models import StaffGroup, TestWay
from factories.package import catalogue
from factories.package.learning import quarter_of

# Of a hundred workers: how many there are of each group of people with power.
SIZES = {"supervisors": 5, "mechanics": 3, "guards": 1, "drivers": 1, "managers": 2}
HIRED = 6  # Of a hundred, in a quarter.
REPEATS = {"QREV": 90, "COACH": 75, "AWARE": 170}


class Counting:
    """Counts of one factory, quarter by quarter."""

    def __init__(self, book: Book, package: PackageSteps, temper: Temper, traits: Traits) -> None:
        self.book, self.package, self.temper, self.traits = book, package, temper, traits
        self._share: dict[str, float] = {}
        self._surveyed: set[date] = set()
        self._drilled: set[date] = set()

    def begin(self) -> None:
        """Count at the end of each quarter, try the channels twice a year, and do again what comes again."""
        self.book.when(self._last_day(self.book.day), self._quarter, 15)
        self.book.when(self.book.workday(self.book.day + timedelta(days=200)), self._half_year, 14)
        for code in REPEATS:
            self.book.when(self._later(REPEATS[code]), partial(self._again, code), 11)

    def _later(self, days: int) -> date:
        return self.book.workday(self.book.day + timedelta(days=days))

    @property
    def _runs(self) -> bool:
        return self.package.package is not None and not self.package.package.ended_on

    def _last_day(self, day: date) -> date:
        """Return the last working day of a day's quarter."""
        month = 3 * ((day.month - 1) // 3) + 4
        first_after = date(day.year + month // 13, (month - 1) % 12 + 1, 1)
        return self.book.calendar.roll(first_after - timedelta(days=1), "backward")

    def _quarter(self) -> None:
        if not self._runs:
            return
        draw, quarter = self.book.draw, quarter_of(self.book.day)
        for group, share in self._share.items():
            self._share[group] = min(1.0, max(0.5, share + draw.uniform(-0.03, 0.03)))
            self._train(group)
        if "workers" in self._share:
            people = self._people("workers") * HIRED // 100
            trained = round(people * (self.traits.trained if draw.random() < 0.7 else 0.6))
            self.package.training(quarter=quarter, group="new_hires", people=people, trained=trained, by=self._by)
        if self.package.is_done("COMM"):
            members = 7 + len(self.book.factory.name) % 3
            trained = members if self.package.is_done("T-COMM") else members // 3
            held = 1 if draw.random() < self.traits.acts else 0
            self.package.committee(quarter=quarter, planned=1, held=held, members=members, trained=trained, by=self._by)
        self.book.when(self._last_day(self.book.day + timedelta(days=20)), self._quarter, 15)

    @property
    def _by(self) -> Person:
        return self.book.outside.advisor

    def _half_year(self) -> None:
        if not self._runs:
            return
        if self.package.is_done("CHAN"):
            self.tests(3)
        if self.package.is_done("DRILL") and self.book.day.month < 7:
            self.drill()
        if self.package.is_done("PULSE") and self.book.day.month > 6:
            self.survey("pulse")
        self.book.when(self._later(165), self._half_year, 14)

    def _again(self, code: str) -> None:
        if not self._runs:
            return
        if self.package.is_done(code) and self.book.chance(self.traits.acts):
            self.package.occasion(code, evidence=sentences.EVIDENCE[code], by=self.book.outside.expert)
        self.book.when(self._later(REPEATS[code]), lambda: self._again(code), 11)

    # --- What shows that something is done ------------------------------------------------------------------------

    def train(self, group: str, share: float) -> None:
        self._share[group] = share
        self._train(group)

    def _train(self, group: str) -> None:
        people = self._people(group)
        trained = min(people, -(-people * round(self._share[group] * 1000) // 1000))
        self.package.training(
            quarter=quarter_of(self.book.day), group=group, people=people, trained=trained, by=self._by
        )

    def _people(self, group: str) -> int:
        headcount = self.book.factory.headcount or 100
        return headcount if group == StaffGroup.WORKERS else max(2, headcount * SIZES[group] // 100)

    def survey(self, kind: str) -> None:
        """Ask enough workers; told to them two weeks later."""
        if self.book.day in self._surveyed:
            return
        self._surveyed.add(self.book.day)
        draw, traits = self.book.draw, self.traits
        if kind == "pulse" and "workers" not in self._share:
            self.train("workers", draw.uniform(0.55, 0.8))
        answers = catalogue.enough_answers(self.book.factory.headcount) + draw.randint(0, 60)
        far = {"baseline": 0.0, "pulse": 0.5, "end": 1.0}[kind] if not traits.on_paper else 0.1
        know = min(0.97, 0.28 + 0.55 * far + draw.uniform(-0.06, 0.06))
        trust = min(0.95, max(0.04, 0.22 + 0.4 * far + 0.16 * traits.trust + draw.uniform(-0.05, 0.05)))
        made = self.package.survey(
            kind=kind,
            answers=answers,
            know=round(answers * know),
            trust=round(answers * trust),
            by=self.book.outside.expert,
        )
        by = self.book.outside.advisor
        if not traits.on_paper:
            self.book.when(self._later(14), lambda: self.package.survey_told(made, by=by), 12)

    def drill(self) -> None:
        if self.book.day in self._drilled:
            return
        self._drilled.add(self.book.day)
        passed = self.book.draw.random() < self.traits.answers_tests
        gaps = self.book.draw.choice(sentences.GAPS) if passed else sentences.GAPS_FAILED
        self.package.drill(passed=passed, gaps=gaps, by=self.book.outside.expert)

    def tests(self, number: int, *, sure: bool = False) -> None:
        """Send test complaints in the weeks before; `sure`: those that open the channels were answered in time."""
        for place in range(number):
            sent_on = self.book.workday(self.book.day - timedelta(days=12 + place))
            due = self.package.answer_due_on(sent_on)
            in_time = sure or self.book.draw.random() < self.traits.answers_tests
            on = sent_on + timedelta(days=1) if in_time else due + timedelta(days=4)
            answered = min(on, due) if in_time else (on if on <= self.book.day else None)
            self.package.send_test(
                way=list(TestWay.values)[place % len(TestWay.values)],
                anonymous=place == 0,
                sent_on=sent_on,
                answered_on=answered,
                by=self.book.outside.expert,
            )
