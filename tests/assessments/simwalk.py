"""Walks the diary of an invented factory through the services, so that both ways can be laid side by side."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Min

from accounts.models import Person
from assessments import (
    actions,
    comparing,
    concluding,
    givingback,
    notes,
    reviewing,
    scoring_alone,
    screen,
    selfassessing,
    shared_notes,
    visits,
)
from assessments.demo.book import Book
from assessments.demo.programme import TABLES
from assessments.models import AgreedAction, Assessment, AssessmentRung, Assessor, Score
from assessments.scoring_alone import ScoreMark, SignalAnswer
from factories import sweep
from factories.models import Factory, MouPoint, PackageRung
from factories.package import activities, ending, entry, events, learning, numbers, postponing, practices, reviews


class Walk:
    """One factory, act by act; each morning the sweep raises what is due."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.bulk_scores = book.rows[Score]
        self.bulk_seats: dict[Any, list[Any]] = {}
        for seat in book.rows[Assessor]:
            self.bulk_seats.setdefault(seat.assessment_id, []).append(seat)
        self.factory = Factory.objects.select_related("country").get(pk=book.factory.pk)
        self.women = book.outside.women
        self.at = book.acts[0].at

    def all(self) -> None:
        for act in self.book.acts:
            self.until(act.at)
            self.at = act.at
            getattr(self, act.name)(**act.how)
        self.until(self.book.now)

    def until(self, at: datetime) -> None:
        """Sweep at each moment at which something rises, as the queue does."""
        while True:
            rises = [
                rungs.objects.filter(raised_at=None, dropped_at=None, held=False).aggregate(at=Min("rises_at"))["at"]
                for rungs in (PackageRung, AssessmentRung)
            ]
            moments = [one for one in rises if one is not None and one <= at]
            if not moments:
                return
            moment = max(min(moments), self.at)
            sweep.sweep(moment)
            self.at = moment

    # --- The package ----------------------------------------------------------------------------------------------

    @property
    def day(self) -> Any:
        return self.book.calendar.local_day(self.at)

    def activity(self, code: str) -> Any:
        return activities.of(self.factory, code)

    def introduce(self, *, way: str, with_decider: bool, by: Person, event: Any) -> None:
        entry.introduce(self.factory, on=self.day, way=way, with_decider=with_decider, by=by, at=self.at, event=event)

    def answer(self, *, introduction: Any, answer: str, later_on: Any, reason: str, by: Person) -> None:
        said = self.factory.introductions.get(on=introduction.on)
        entry.answer(said, answer, on=self.day, by=by, at=self.at, later_on=later_on, reason=reason)

    def sign(self, *, by: Person) -> None:
        entry.sign_understanding(self.factory, on=self.day, points=MouPoint.values, by=by, at=self.at)

    def name_team(self, *, focal: str, stand_in: str, hours: int, languages: str, by: Person) -> None:
        entry.name_team(
            self.factory,
            on=self.day,
            focal_point_role=focal,
            stand_in_role=stand_in,
            hours_a_week=hours,
            languages=languages,
            by=by,
            at=self.at,
        )

    def agree_plan(self, *, dates: Any, by: Person) -> None:
        entry.agree_plan(self.factory, dates, on=self.day, by=by, at=self.at)

    def done(self, *, code: str, evidence: str, by: Person) -> None:
        activities.done(self.activity(code), on=self.day, evidence=evidence, by=by, at=self.at)

    def occasion(self, *, code: str, evidence: str, by: Person) -> None:
        activities.occasion(self.activity(code), on=self.day, evidence=evidence, by=by, at=self.at)

    def postpone(self, *, code: str, reason: str, to_on: Any, offered: str, by: Person) -> None:
        postponing.postpone(self.activity(code), reason=reason, to_on=to_on, offered=offered, by=by, at=self.at)

    def review_open(self) -> Any:
        return self.factory.joint_reviews.select_related("factory").get(looked_again_on=None)

    def tell_advisor(self, *, by: Person) -> None:
        reviews.tell_advisor(self.review_open(), by=by, at=self.at)

    def talked(self, *, by: Person) -> None:
        reviews.talked(self.review_open(), on=self.day, by=by, at=self.at)

    def hold_review(self, *, causes: Any, step: str, step_on: Any, advisor: Person, expert: Person) -> None:
        found = self.review_open()
        reviews.propose(found, causes=causes, step=step, step_on=step_on, by=advisor, at=self.at)
        reviews.agree(found, by=expert, at=self.at)

    def new_date(self, *, code: str, on: Any, by: Person) -> None:
        reviews.new_date(self.review_open(), self.activity(code), on, by=by, at=self.at)

    def look_again(self, *, solved: bool, by: Person) -> None:
        reviews.look_again(self.review_open(), solved=solved, by=by, at=self.at)

    def end_support(self, *, message: str, advisor: Person, expert: Person) -> None:
        ending.propose(self.factory, message=message, by=advisor, at=self.at)
        ending.agree(self.factory, by=expert, at=self.at)

    def asked_for_numbers(self, *, by: Person) -> None:
        numbers.asked(self.factory, by=by, at=self.at)

    def talked_of_numbers(self, *, by: Person) -> None:
        numbers.talked(self.factory, by=by, at=self.at)

    def training(self, **how: Any) -> None:
        learning.record_training(self.factory, at=self.at, **how)

    def committee(self, *, quarter: str, planned: int, held: int, members: int, trained: int, by: Person) -> None:
        learning.record_committee(
            self.factory,
            quarter=quarter,
            meetings_planned=planned,
            meetings_held=held,
            members=members,
            members_trained=trained,
            by=by,
            at=self.at,
        )

    def knowledge(self, *, people: int, before: Any, after: Any, by: Person) -> None:
        learning.record_knowledge(
            self.factory, on=self.day, people=people, mean_before=before, mean_after=after, by=by, at=self.at
        )

    def survey(self, *, kind: str, answers: int, know: int, trust: int, by: Person) -> None:
        learning.record_survey(
            self.factory, kind=kind, on=self.day, answers=answers, know_a_way=know, trust=trust, by=by, at=self.at
        )

    def survey_told(self, *, on: Any, by: Person) -> None:
        learning.survey_told(self.factory.worker_surveys.get(on=on), on=self.day, by=by, at=self.at)

    def drill(self, *, passed: bool, gaps: str, by: Person) -> None:
        learning.record_drill(self.factory, on=self.day, passed=passed, gaps=gaps, by=by, at=self.at)

    def send_test(self, **how: Any) -> None:
        learning.send_test(self.factory, at=self.at, **how)

    def place_check(self, *, what: str, yes: bool, by: Person) -> None:
        learning.record_place_check(self.factory, what=what, yes=yes, checked_on=self.day, by=by, at=self.at)

    def share(self, **how: Any) -> None:
        practices.share(self.factory, agreed_on=self.day, at=self.at, **how)

    def commit(self, *, event: Any, who: str, what: str, due_on: Any, by: Person) -> None:
        events.commit(
            event, who=who, what=what, due_on=due_on, by=by, at=self.at, factory=self.factory, written_yes_on=self.day
        )

    def commitment_done(self, *, what: str, by: Person) -> None:
        found = self.factory.commitments.filter(what=what, done_on=None).earliest("due_on")
        events.commitment_done(found, on=self.day, by=by, at=self.at)

    # --- Visits ---------------------------------------------------------------------------------------------------

    def visit(self, visit: Any) -> Assessment:
        return Assessment.objects.select_related("factory__country").get(
            factory=self.factory, kind=visit.kind, visit_from=visit.visit_from
        )

    def plan(
        self, *, kind: str, visit_from: Any, visit_to: Any, goes: Any, by: Person, follows: Any, **how: Any
    ) -> None:
        visits.plan(
            self.factory,
            kind=kind,
            visit_from=visit_from,
            visit_to=visit_to,
            goes=[visits.Goes(one, one.pk in self.women) for one in goes],
            by=by,
            at=self.at,
            follows=self.visit(follows) if follows else None,
            **how,
        )

    def declare(self, *, visit: Any, by: Person) -> None:
        visits.declare_no_conflict(self.visit(visit), by=by, at=self.at)

    def begin(self, *, visit: Any, by: Person) -> None:
        visits.begin(self.visit(visit), by=by, at=self.at)

    def count(self, *, visit: Any, counts: Any, by: Person) -> None:
        found = scoring_alone.record(self.visit(visit), by=by, at=self.at, counts=counts | {"version": 0})
        assert found.is_clean, found

    def record(self, *, visit: Any, by: Person, given: Any, marked: Any) -> None:
        found = scoring_alone.record(
            self.visit(visit),
            by=by,
            at=self.at,
            scores=[ScoreMark(code, score, why, sources) for code, (score, why, sources) in given.items()],
            signals=[SignalAnswer(code, *said) for code, said in marked.items()],
        )
        assert found.is_clean, found

    def screen(self, *, visit: Any, met: Any, by: Person) -> None:
        screen.send(self.visit(visit), met, by=by, at=self.at)

    def good(self, *, visit: Any, text: str, by: Person) -> None:
        notes.note_good_practice(self.visit(visit), text, by=by, at=self.at)

    def hand_in(self, *, visit: Any, by: Person, level_alone: str) -> None:
        scoring_alone.hand_in(self.visit(visit), by=by, at=self.at, level_alone=level_alone)

    def agree(self, *, visit: Any, code: str, given: int, by: Person) -> None:
        comparing.agree(self.visit(visit), code, given, seen="", by=by, at=self.at)

    def reasons(self, *, visit: Any, code: str, texts: Any) -> None:
        """Who wrote which is told by the rows that were made in bulk: each keeps the id of its seat."""
        found = self.visit(visit)
        (kept,) = (one for one in self.bulk_scores if one.assessment is visit and one.indicator == code)
        people = {str(seat.pk): seat.person for seat in self.bulk_seats[visit.pk]}
        for seat, text in kept.reasons.items():
            comparing.give_reason(found, code, text, by=people[seat], at=self.at)

    def settle(self, *, visit: Any, code: str, given: int, by: Person) -> None:
        comparing.settle(self.visit(visit), code, given, by=by, at=self.at)

    def conclude(self, *, visit: Any, by: Person, level_factory: str, reasons: str, departs: str) -> None:
        concluding.conclude(
            self.visit(visit),
            level_factory=level_factory,
            reasons=reasons,
            by=by,
            at=self.at,
            departure_reasons=departs,
        )

    def review(self, *, visit: Any, by: Person) -> None:
        reviewing.review(self.visit(visit), agrees=True, by=by, at=self.at)

    def decide_level(self, *, visit: Any, level: str, by: Person, reasons: str) -> None:
        reviewing.decide_level(self.visit(visit), str(level), by=by, at=self.at, reasons=reasons)

    def agree_action(self, *, visit: Any, **how: Any) -> None:
        actions.agree(self.visit(visit), at=self.at, **how)

    def action(self, what: str, on: Any) -> AgreedAction:
        return self.factory.agreed_actions.select_related("factory__country").get(what=what, agreed_on=on)

    def action_done(self, *, what: str, on: Any, evidence: str, by: Person) -> None:
        actions.say_done(self.action(what, on), evidence, by=by, at=self.at)

    def verify(self, *, what: str, on: Any, by: Person) -> None:
        actions.verify(self.action(what, on), by=by, at=self.at)

    def drop_action(self, *, what: str, on: Any, reason: str, by: Person) -> None:
        actions.drop(self.action(what, on), reason, by=by, at=self.at)

    def write_plain(self, *, visit: Any, language: str, found: str, done: str, by: Person) -> None:
        givingback.write_plain(self.visit(visit), language, found=found, will_be_done=done, by=by, at=self.at)

    def give_back(self, *, visit: Any, by: Person) -> None:
        givingback.give_back(self.visit(visit), self.day, by=by, at=self.at)

    def note_shared(self, *, text: str, by: Person) -> None:
        shared_notes.add(self.factory, text, by=by, at=self.at)

    def assess_self(self, *, by: Person) -> None:
        selfassessing.begin(self.factory, by=by, at=self.at)


# --- Side by side ---------------------------------------------------------------------------------------------------

# What tells a row from others of its table, where other rows point to it.
KNOWN_BY = {
    "Activity": ("code",),
    "JointReview": ("opened_at",),
    "EventCommitment": ("what", "due_on"),
    "PackageDeadline": ("code", "ordinal", "activity_id", "review_id", "commitment_id"),
    "Assessment": ("kind", "visit_from"),
    "Assessor": ("assessment_id", "person_id"),
    "AgreedAction": ("what", "agreed_on"),
    "AssessmentDeadline": ("code", "ordinal", "assessment_id", "action_id"),
}


def laid_out(rows: dict[type[Any], list[Any]]) -> dict[str, list[str]]:
    """Write every row without its own id; what it points to by what tells that from others."""
    known: dict[Any, Any] = {}
    found: dict[str, list[str]] = {}
    for table in TABLES:
        name = table.__name__
        for row in rows.get(table, []):
            if name in KNOWN_BY:
                known[row.pk] = (name, *(_plain(getattr(row, one), known) for one in KNOWN_BY[name]))
        fields = [field.attname for field in table._meta.concrete_fields if not field.primary_key]
        found[name] = sorted(
            repr([(one, _plain(getattr(row, one), known)) for one in fields]) for row in rows.get(table, [])
        )
    return found


def _plain(value: Any, known: dict[Any, Any]) -> Any:
    if isinstance(value, UUID):
        return known.get(value, value)
    if isinstance(value, dict):
        return sorted((str(known.get(UUID(one), one)), text) for one, text in value.items())
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, datetime):
        return value.timestamp()
    return value if value is None or isinstance(value, bool) else str(value)


def stored(factory: Factory) -> dict[type[Any], list[Any]]:
    """Read every row of a factory."""
    paths = (
        "factory",
        "activity__factory",
        "assessment__factory",
        "deadline__factory",
        "assessor__assessment__factory",
    )
    found: dict[type[Any], list[Any]] = {}
    for table in TABLES:
        names = {field.name for field in table._meta.concrete_fields}
        path = next(one for one in paths if one.split("__")[0] in names)
        found[table] = list(table.objects.filter(**{path: factory}).order_by("pk"))
    return found
