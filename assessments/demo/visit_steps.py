"""Steps of visits, as the rooms of assessments take them, written into a book instead of the database.

Scores, levels, confidence and reasons for a review come from the same pure rules (`scoring`, `likelihood`); promises
from the same limits and ladders (`cycle`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Person
from assessments import cycle, likelihood, scoring
from assessments.demo.book import Book
from assessments.models import (
    AgreedAction,
    Assessment,
    AssessmentDeadline,
    AssessmentRung,
    AssessmentStage,
    Assessor,
    DomainScore,
    ExpertReview,
    FirstScore,
    GoodPractice,
    Kind,
    Level,
    PlainVersion,
    Score,
    SharedNote,
    SignalMark,
    ToolVersion,
)
from assessments.tool import Tool
from factories import clock

TABLES = (AssessmentDeadline, AssessmentRung)
# What an assessor gives an indicator: a score, or why there is none; and the sources.
Given = tuple[int | None, str, tuple[str, ...]]
# What became of looking for a signal: looked, sources, severe, known only from outside.
Marked = tuple[str, tuple[str, ...], bool, bool]


class VisitSteps:
    """A factory's visits, and what follows from them."""

    def __init__(self, book: Book, version: ToolVersion, tool: Tool) -> None:
        self.book, self.version, self.tool = book, version, tool
        self.seats: dict[Any, list[Any]] = {}
        self.firsts: dict[Any, dict[str, Any]] = {}  # By seat.
        self.marks: dict[Any, list[Any]] = {}  # By seat.
        self.scores: dict[Any, dict[str, Any]] = {}  # By assessment.
        self.visits: list[Any] = []
        self.reviews: dict[Any, Any] = {}
        self.screens: list[tuple[Any, tuple[str, ...], datetime]] = []  # Sealed where rows are stored.

    # --- Planning -------------------------------------------------------------------------------------------------

    def plan(
        self,
        kind: str,
        visit_from: date,
        visit_to: date,
        goes: Sequence[Person],
        *,
        by: Person,
        follows: Any = None,
        unannounced: bool = False,
    ) -> Any:
        self.book.note(
            "plan",
            kind=kind,
            visit_from=visit_from,
            visit_to=visit_to,
            goes=list(goes),
            by=by,
            follows=follows,
            unannounced=unannounced,
        )
        made = self._assessment(
            kind,
            visit_from,
            visit_to,
            goes,
            by,
            follows=follows,
            unannounced=unannounced,
            stage=AssessmentStage.PLANNED,
        )
        made.headcount = self.book.factory.headcount or None
        calendar = self.book.calendar
        self._promise(cycle.GIVE_BACK, start=calendar.at_hour(visit_to, 0), assessment=made)
        self._end(lambda one: one.code in cycle.reminders(), dropped_at=self.book.at)
        return made

    def _assessment(
        self, kind: str, visit_from: date, visit_to: date, goes: Sequence[Person], by: Person, **more: Any
    ) -> Any:
        made = self.book.new(
            Assessment,
            factory=self.book.factory,
            tool=self.version,
            kind=kind,
            visit_from=visit_from,
            visit_to=visit_to,
            made_by=by,
            made_at=self.book.at,
            **more,
        )
        women = self.book.outside.women if kind != Kind.SELF else frozenset()
        self.seats[made.pk] = [
            self.book.new(Assessor, assessment=made, person=one, is_woman=one.pk in women) for one in goes
        ]
        self.visits.append(made)
        return made

    def declare(self, visit: Any, seat: Any) -> None:
        self.book.note("declare", visit=visit, by=seat.person)
        seat.no_conflict_on = self.book.day

    def begin(self, visit: Any) -> None:
        self.book.note("begin", visit=visit, by=visit.made_by)
        visit.stage = AssessmentStage.SCORING

    # --- Each alone -----------------------------------------------------------------------------------------------

    def count(self, visit: Any, counts: Mapping[str, Any], *, by: Person) -> None:
        self.book.note("count", visit=visit, counts=dict(counts), by=by)
        for name, value in counts.items():
            setattr(visit, name, value)
        visit.counts_version += 1

    def record(self, seat: Any, given: Mapping[str, Given], marked: Mapping[str, Marked]) -> None:
        self.book.note("record", visit=seat.assessment, by=seat.person, given=dict(given), marked=dict(marked))
        self.firsts[seat.pk] = {
            code: self.book.new(
                FirstScore,
                assessor=seat,
                indicator=code,
                score=score,
                not_assessed=why,
                sources=sorted(sources),
                changed_at=self.book.at,
            )
            for code, (score, why, sources) in given.items()
        }
        self.marks[seat.pk] = [
            self.book.new(
                SignalMark,
                assessor=seat,
                signal=code,
                looked=looked,
                sources=sorted(sources),
                severe=severe,
                outside_only=outside,
                changed_at=self.book.at,
            )
            for code, (looked, sources, severe, outside) in marked.items()
        ]

    def screen(self, visit: Any, met: tuple[str, ...], *, by: Person) -> None:
        self.book.note("screen", visit=visit, met=met, by=by)
        self.screens.append((visit, met, self.book.at))

    def good(self, visit: Any, text: str, *, by: Person) -> None:
        self.book.note("good", visit=visit, text=text, by=by)
        self.book.new(GoodPractice, assessment=visit, text=text, by=by, at=self.book.at)

    def hand_in(self, seat: Any, level_alone: str = "") -> None:
        visit = seat.assessment
        self.book.note("hand_in", visit=visit, by=seat.person, level_alone=level_alone)
        seat.submitted_at, seat.level_alone = self.book.at, level_alone
        if any(other.submitted_at is None for other in self.seats[visit.pk]):
            return
        visit.stage = AssessmentStage.COMPARING
        kept: dict[str, Any] = {}
        for code in self.codes():
            given = self.given(visit, code)
            if len(set(given)) == 1:
                kept[code] = self._keep(visit, code, given[0])
        self.scores[visit.pk] = kept
        if visit.kind == Kind.SELF:
            visit.submitted_at = self.book.at
            self._finalise(visit)

    # --- Comparing ------------------------------------------------------------------------------------------------

    def codes(self) -> list[str]:
        return [one.code for one in self.tool.indicators]

    def given(self, visit: Any, code: str) -> list[int | None]:
        return [self.firsts[seat.pk][code].score for seat in self.seats[visit.pk]]

    def to_agree(self, visit: Any) -> list[str]:
        kept = self.scores[visit.pk]
        return [code for code in self.codes() if code not in kept and not scoring.differ(*self.given(visit, code))]

    def far_apart(self, visit: Any) -> list[str]:
        return [code for code in self.codes() if scoring.differ(*self.given(visit, code))]

    def agree(self, visit: Any, code: str, given: int | None) -> None:
        self.book.note("agree", visit=visit, code=code, given=given, by=self.seats[visit.pk][0].person)
        self.scores[visit.pk][code] = self._keep(visit, code, given)

    def reasons(self, visit: Any, code: str, texts: Sequence[str]) -> None:
        """Both assessors write why they gave what they gave."""
        self.book.note("reasons", visit=visit, code=code, texts=list(texts))
        said = {str(seat.pk): text for seat, text in zip(self.seats[visit.pk], texts, strict=True)}
        self.scores[visit.pk][code] = self.book.new(Score, assessment=visit, indicator=code, reasons=said)

    def settle(self, visit: Any, code: str, given: int, *, by: Person) -> None:
        self.book.note("settle", visit=visit, code=code, given=given, by=by)
        kept = self.scores[visit.pk][code]
        for name, value in self._counted(visit, code, given).items():
            setattr(kept, name, value)
        kept.settled_by, kept.settled_at = by, self.book.at

    def _keep(self, visit: Any, code: str, given: int | None) -> Any:
        return self.book.new(Score, assessment=visit, indicator=code, **self._counted(visit, code, given))

    def _counted(self, visit: Any, code: str, given: int | None) -> dict[str, Any]:
        """As `comparing`: the evidence of both together, and the cap that follows from it."""
        firsts = [self.firsts[seat.pk][code] for seat in self.seats[visit.pk]]
        if given is None:
            why = next((first.not_assessed for first in firsts if first.not_assessed), "")
            return {"not_assessed": why}
        sources = sorted({source for first in firsts if first.score is not None for source in first.sources})
        score, cap = scoring.cap(code, given, sources)
        return {"given": given, "score": score, "sources": sources, "cap": cap}

    # --- Concluding -----------------------------------------------------------------------------------------------

    def alone(self, visit: Any, seat: Any) -> Level:
        """Return what the rule says on this assessor's own marks."""
        found = likelihood.found(self.tool, self.marks[seat.pk])
        return likelihood.versions(found, not self._missing(visit, self.marks[seat.pk], ()))[1]

    def rule_level(self, visit: Any) -> Level:
        return self._propose(visit)[1]

    def _all_marks(self, visit: Any) -> list[Any]:
        return [mark for seat in self.seats[visit.pk] for mark in self.marks[seat.pk]]

    def _missing(self, visit: Any, marks: Sequence[Any], scored: Collection[Collection[str]]) -> list[Any]:
        types = likelihood.types_used(self.tool, scored or [("D", "M", "W", "C")], marks)
        sample = self.tool.sample_for(visit.headcount or 1)
        return likelihood.missing(visit, sample, types, is_rehearsed=likelihood.rehearsed(marks))

    def _propose(self, visit: Any) -> tuple[Level, Level, bool, str]:
        """As `concluding.propose`. A silence flag is a weak signal: it raises no level and lowers no confidence."""
        marks = self._all_marks(visit)
        types = likelihood.types_used(self.tool, [one.sources for one in self.scores[visit.pk].values()], marks)
        rehearsed = likelihood.rehearsed(marks)
        sample = self.tool.sample_for(visit.headcount or 1)
        is_complete = not likelihood.missing(visit, sample, types, is_rehearsed=rehearsed)
        level, level_factory = likelihood.versions(likelihood.found(self.tool, marks), is_complete)
        confidence = likelihood.confidence(
            is_complete=is_complete,
            alone=[seat.level_alone for seat in self.seats[visit.pk]],
            types=types,
            off_site=visit.interviews_off_site,
            is_rehearsed=rehearsed,
            restricted=bool(visit.restrictions),
        )
        return level, level_factory, is_complete, confidence

    def conclude(self, visit: Any, level_factory: str, *, reasons: str, departs: str = "") -> bool:
        """Decide; return whether the technical expert has to review it."""
        self.book.note(
            "conclude",
            visit=visit,
            by=self.seats[visit.pk][0].person,
            level_factory=level_factory,
            reasons=reasons,
            departs=departs,
        )
        rule, rule_factory, visit.complete, confidence = self._propose(visit)
        visit.rule_level, visit.rule_level_factory, visit.level_factory = rule, rule_factory, level_factory
        visit.confidence = visit.confidence_factory = confidence
        visit.reasons, visit.departure_reasons = reasons, departs if level_factory != rule_factory else ""
        visit.submitted_at = self.book.at
        last = self.last_before(visit)
        why = likelihood.review_reasons(
            level=level_factory,
            by_rule=rule_factory,
            alone=[seat.level_alone for seat in self.seats[visit.pk]],
            confidence=confidence,
            last_level=last.level_factory if last else "",
            last_confidence=last.confidence_factory if last else "",
            scores_differ=any(self.scores[visit.pk][code].given is None for code in self.far_apart(visit)),
        )
        if not why:
            self._finalise(visit)
            return False
        visit.stage = AssessmentStage.REVIEW
        limit = cycle.promises()[cycle.EXPERT_REVIEW].limit
        due_on = self.book.calendar.local_day(clock.due(limit, self.book.at, self.book.calendar))
        self.reviews[visit.pk] = self.book.new(
            ExpertReview,
            assessment=visit,
            reasons=[str(reason) for reason in why],
            requested_at=self.book.at,
            due_on=due_on,
        )
        self._promise(cycle.EXPERT_REVIEW, start=self.book.at, assessment=visit)
        return True

    def review(self, visit: Any, *, by: Person) -> None:
        self.book.note("review", visit=visit, by=by)
        asked = self.reviews[visit.pk]
        asked.done_by, asked.done_at, asked.agrees = by, self.book.at, True
        self._finalise(visit)

    def decide_level(self, visit: Any, level: str, *, by: Person, reasons: str = "") -> None:
        self.book.note("decide_level", visit=visit, level=level, by=by, reasons=reasons)
        visit.level, visit.level_reasons, visit.level_by, visit.level_at = level, reasons, by, self.book.at
        self._follow_expert_level(visit)

    def last_before(self, visit: Any) -> Any:
        """Return the last final visit from outside that began before this one."""
        earlier = [
            one
            for one in self.visits
            if one.stage == AssessmentStage.FINAL and one.kind != Kind.SELF and one.visit_from < visit.visit_from
        ]
        return max(earlier, key=lambda one: one.visit_from, default=None)

    def last_final(self) -> Any:
        final = [one for one in self.visits if one.stage == AssessmentStage.FINAL and one.kind != Kind.SELF]
        return max(final, key=lambda one: one.visit_to, default=None)

    def _finalise(self, visit: Any) -> None:
        totals = scoring.totals(self.tool, {code: one.score for code, one in self.scores[visit.pk].items()})
        for code, score in totals.domains.items():
            self.book.new(DomainScore, assessment=visit, domain=code, score=score)
        visit.overall_score, visit.strength = totals.overall, totals.strength or ""
        visit.stage, visit.final_at = AssessmentStage.FINAL, self.book.at
        if visit.kind != Kind.SELF:
            self._after_final(visit)

    # --- Afterwards -----------------------------------------------------------------------------------------------

    def agree_action(self, visit: Any, *, what: str, owner: str, due_on: date, indicator: str, by: Person) -> Any:
        self.book.note("agree_action", visit=visit, what=what, owner=owner, due_on=due_on, indicator=indicator, by=by)
        made = self.book.new(
            AgreedAction,
            factory=self.book.factory,
            assessment=visit,
            indicator=indicator,
            what=what,
            owner=owner,
            agreed_on=self.book.day,
            due_on=due_on,
        )
        self._promise(cycle.AGREED_ACTION, on=due_on, assessment=visit, action=made)
        self._end(lambda one: one.assessment_id == visit.pk and one.code == cycle.ACTION_PLAN, met_at=self.book.at)
        return made

    def action_done(self, action: Any, evidence: str, *, by: Person) -> None:
        self.book.note("action_done", what=action.what, on=action.agreed_on, evidence=evidence, by=by)
        action.done_on, action.evidence = self.book.day, evidence
        self._end(lambda one: one.action_id == action.pk, met_at=self.book.at)

    def verify(self, action: Any, *, by: Person) -> None:
        self.book.note("verify", what=action.what, on=action.agreed_on, by=by)
        action.verified_on, action.verified_by = self.book.day, by

    def drop_action(self, action: Any, reason: str, *, by: Person) -> None:
        self.book.note("drop_action", what=action.what, on=action.agreed_on, reason=reason, by=by)
        action.dropped_on, action.dropped_reason = self.book.day, reason
        self._end(lambda one: one.action_id == action.pk, dropped_at=self.book.at)

    def write_plain(self, visit: Any, language: str, *, found: str, done: str, by: Person) -> Any:
        self.book.note("write_plain", visit=visit, language=language, found=found, done=done, by=by)
        return self.book.new(
            PlainVersion, assessment=visit, language=language, found=found, will_be_done=done, written_by=by
        )

    def give_back(self, visit: Any, plain: Sequence[Any], *, by: Person) -> None:
        self.book.note("give_back", visit=visit, by=by)
        for one in plain:
            one.published_on = self.book.day
        visit.given_back_on = self.book.day
        self._end(lambda one: one.assessment_id == visit.pk and one.code == cycle.GIVE_BACK, met_at=self.book.at)

    def note_shared(self, text: str, *, by: Person) -> None:
        self.book.note("note_shared", text=text, by=by)
        self.book.new(SharedNote, factory=self.book.factory, text=text, by=by, at=self.book.at)

    def assess_self(self, by: Person) -> Any:
        self.book.note("assess_self", by=by)
        day = self.book.day
        return self._assessment(Kind.SELF, day, day, [by], by, stage=AssessmentStage.SCORING)

    # --- Promises -------------------------------------------------------------------------------------------------

    def _after_final(self, visit: Any) -> None:
        """As `cycle.after_final`."""
        at, high = self.book.at, visit.level_factory in cycle.HIGH
        self._end(lambda one: one.assessment_id == visit.pk and one.code == cycle.EXPERT_REVIEW, met_at=at)
        self._end(lambda one: one.code in (cycle.NEXT_VISIT, *cycle.reminders()), met_at=at)
        self._end(lambda one: self._meets(visit, one), met_at=at)
        last = self.last_final().visit_to
        self._promise(cycle.NEXT_VISIT, start=self.book.calendar.at_hour(last, 0))
        self._remind(cycle.next_due(last))
        if high:
            self._promise(cycle.ACTION_PLAN, start=at, assessment=visit)
        if high or visit.level_factory == Level.NOT_ASSESSABLE:
            self._promise(cycle.VISIT_AGAIN, start=at, assessment=visit)
        self._follow_expert_level(visit)

    @staticmethod
    def _meets(visit: Any, promise: Any) -> bool:
        """Whether this visit is one that was promised after an earlier one: after a high level only a joint one is."""
        if promise.assessment is None or promise.assessment.visit_to >= visit.visit_from:
            return False
        about = promise.assessment
        if visit.kind == Kind.JOINT:
            return promise.code in (cycle.VISIT_AGAIN, cycle.VISIT_AGAIN_EXPERT)
        if promise.code == cycle.VISIT_AGAIN:
            return bool(about.level_factory == Level.NOT_ASSESSABLE)
        return bool(promise.code == cycle.VISIT_AGAIN_EXPERT and about.level == Level.NOT_ASSESSABLE)

    def _remind(self, due_on: date) -> None:
        calendar = self.book.calendar
        due_at = calendar.at_hour(due_on, clock.END_OF_DAY)
        for code, days in cycle.reminders().items():
            on = calendar.roll(due_on - timedelta(days=days), "backward")
            rises_at = calendar.at_hour(on, clock.RISING_HOUR)
            if rises_at > self.book.at:
                rungs = [(clock.Level.REMINDER_BEFORE.value, rises_at)]
                self.book.promise(TABLES, code, self.book.at, max(due_at, self.book.at), rungs)

    def _follow_expert_level(self, visit: Any) -> None:
        if visit.stage != AssessmentStage.FINAL or visit.level not in (*cycle.HIGH, Level.NOT_ASSESSABLE):
            return
        codes = (cycle.VISIT_AGAIN, cycle.VISIT_AGAIN_EXPERT)
        made = self.book.rows[AssessmentDeadline]
        if not any(one.assessment_id == visit.pk and one.code in codes for one in made):
            self._promise(cycle.VISIT_AGAIN_EXPERT, start=self.book.at, assessment=visit)

    def _end(self, match: Any, **when: datetime) -> None:
        self.book.end(lambda one: isinstance(one, AssessmentDeadline) and match(one), **when)

    def _promise(
        self,
        code: str,
        *,
        start: datetime | None = None,
        on: date | None = None,
        assessment: Any = None,
        action: Any = None,
    ) -> Any:
        """As `cycle._promise`, with its days of grace."""
        rule, calendar, at = cycle.promises()[code], self.book.calendar, self.book.at
        if on is not None:
            begins, due_at = min(at, calendar.at_hour(on, clock.MIDNIGHT)), calendar.at_hour(on, clock.END_OF_DAY)
        else:
            begins = start or at
            due_at = clock.due(rule.limit, begins, calendar)
        told_from = max(begins, at)
        rungs = dict(clock.ladder(rule.limit, due_at + rule.grace, calendar, told_from))
        if rule.grace:
            own = clock.ladder(rule.limit, due_at, calendar, told_from)
            rungs |= {level: rises_at for level, rises_at in own if level.startswith("reminder")}
        kept = [(level, rises_at) for level, rises_at in rungs.items() if level in rule.levels]
        return self.book.promise(TABLES, code, begins, max(due_at, begins), kept, assessment=assessment, action=action)
