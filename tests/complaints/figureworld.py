"""Random small worlds of cases for the figures, and the same figures recomputed one case at a time, in plain Python."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from complaints.codes import ConductType
from complaints.models import (
    Allegation,
    Assignment,
    Case,
    Check,
    Concern,
    ConflictDeclaration,
    Deadline,
    Event,
    LegalHold,
    Referral,
    Remedy,
    SafetyDecision,
)
from complaints.statistics import Period
from factories.models import CountryPack, Factory, Membership
from tests.builders import make_country, make_factory, make_person

FIRST, DAYS = date(2025, 1, 1), 600
MOVES = ("moved_outside", "handed_to_factory", "route_chosen", "hold_opened", "hold_lifted")
STEP_CODES = {
    "acknowledge": "F2",
    "triage": "F3",
    "interim_measures": "F4",
    "interim_measures_urgent": "F4",
    "inquiry_complete": "F5",
}


@dataclass
class Figures:
    """What was counted: numerator, denominator and values by figure, part, and place."""

    num: dict[Any, int] = field(default_factory=lambda: defaultdict(int))
    den: dict[Any, int] = field(default_factory=lambda: defaultdict(int))
    values: dict[Any, list[int]] = field(default_factory=lambda: defaultdict(list))


class SmallWorld:
    """A handful of factories in two countries, and cases of every kind, filed straight into the tables."""

    def __init__(self, seed: int, cases: int) -> None:
        self.chance = random.Random(seed)
        kh, vn = make_country(), make_country("VN", name="Viet Nam", time_zone="Asia/Ho_Chi_Minh", language="en")
        self.factories = [make_factory(country=country) for country in (kh, kh, vn)]
        self.factories[0].time_zone = "Pacific/Auckland"  # So that a day is not the same day everywhere.
        self.factories[0].headcount = 2000
        self.factories[0].save()
        self.countries = [kh, vn]
        self.person = make_person("somebody")
        for factory, until in ((self.factories[0], None), (self.factories[1], self.day())):
            Membership.objects.create(
                person=self.person, factory=factory, role="case_officer", since=FIRST, until=until
            )
        self.cases = [self._case() for _number in range(cases)]

    # --- Making -----------------------------------------------------------------------------------------------------

    def day(self, after: date | None = None, up_to: int = DAYS) -> date:
        return (after or FIRST) + timedelta(days=self.chance.randrange(up_to))

    def maybe(self, value: Any, often: float = 0.7) -> Any:
        return value if self.chance.random() < often else None

    def moment(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, self.chance.randrange(24), 30, tzinfo=UTC)

    def _case(self) -> Case:
        chance = self.chance
        holder = began = chance.choice(["factory", "factory", "experts", "hold"])
        filed = self.day(up_to=500)
        moves = []
        day = filed
        for _move in range(chance.choice([0, 0, 1, 2, 3])):
            day = self.day(day, 60)
            kind = chance.choice(
                {
                    "factory": ["moved_outside", "hold_opened"],
                    "experts": ["handed_to_factory", "hold_opened"],
                    "hold": ["hold_lifted"],
                }[holder]
            )
            holder = {"handed_to_factory": "factory", "hold_opened": "hold"}.get(kind, "experts")
            moves.append((day, kind))
        factory = chance.choice(self.factories)
        if began != "factory" and holder != "factory" and all(kind != "handed_to_factory" for _day, kind in moves):
            factory = self.maybe(factory)
        told = self.maybe(self.day(filed, 200), 0.5)
        closed = self.maybe(self.day(filed, 400), 0.3) if holder != "hold" else None
        case = Case(
            country=factory.country if factory else chance.choice(self.countries),
            factory=factory,
            channel=chance.choice(["web", "web", "paper_box", "phone", "test"]),
            route="factory_committee" if holder == "factory" else "outside_first",
            factory_side="officer_and_chair" if holder == "factory" else "",
            side="safeguarding_hold" if holder == "hold" else "",
            stage="closed" if closed else "monitoring",
            path=chance.choice(["formal_inquiry", "support_only"]),
            closed_at=self.moment(closed) if closed else None,
            conduct_types=[ConductType.VERBAL],
            severity="c",
            filed_on=filed,
            release_at=self.moment(filed),
            decided_on=self.maybe(self.day(filed, 150), 0.6),
            outcome_told_on=told,
            monitoring_on=told,
            came_back_on=self.maybe(self.day(filed, 120), 0.6),
            purge_after=closed + timedelta(days=chance.randrange(60)) if closed else None,
            set_aside_at=self.maybe(self.moment(filed), 0.05),
        )
        if case.purge_after:
            case.purged_at = self.maybe(self.moment(self.day(case.purge_after, 20)))
        case.save(force_insert=True)
        if began == "factory":
            self._assign(case, filed)
        self._events(case, moves)
        self._promises(case)
        self._afterwards(case)
        return case

    def _assign(self, case: Case, since: date) -> None:
        Assignment.objects.create(
            case=case,
            person=self.person,
            role="case_officer",
            since=since,
            visible_from=self.moment(since),
            next_due_at=self.moment(since),
            ended_on=since + timedelta(days=30),
        )

    def _events(self, case: Case, moves: list[tuple[date, str]]) -> None:
        written = [(case.filed_on, "complaint_filed", "complainant"), *((d, k, self._who(k)) for d, k in moves)]
        if self.chance.random() < 0.8:
            written.append((self.day(case.filed_on, 30), "acknowledged", "handler"))
        written += [(self.day(case.filed_on, 200), "message_sent", "handler") for _n in range(self.chance.randrange(2))]
        opened = [self.day(case.filed_on, 60) for _n in range(self.chance.randrange(1, 3))]
        written += [(day, "compartment_opened", "handler") for day in opened]
        declared = self.maybe(self.moment(min(opened)))
        if declared:
            ConflictDeclaration.objects.create(
                case=case, person=self.person, answer="none", may_handle=True, declared_at=declared
            )
        for number, (day, kind, who) in enumerate(sorted(written, key=lambda one: one[0]), start=1):
            Event.objects.create(
                case=case,
                number=number,
                kind=kind,
                actor_kind=who,
                actor=self.person if who == "handler" else None,
                on=day,
                at=None if who == "complainant" else self.moment(day),
                contents={},
                digest=b"",
                mac=b"",
            )

    @staticmethod
    def _who(kind: str) -> str:
        return "complainant" if kind in ("moved_outside", "handed_to_factory") else "handler"

    def _promises(self, case: Case) -> None:
        codes = [*STEP_CODES, "outcome_told", "urgent_contact"]
        for code in self.chance.sample(codes, self.chance.randrange(1, len(codes))):
            starts = self.moment(self.day(case.filed_on, 60))
            due = starts + timedelta(hours=4 if code == "urgent_contact" else self.chance.randrange(24, 900))
            ended = due + timedelta(hours=self.chance.randrange(-40, 40))
            how = self.chance.choice(["met_at", "met_at", "dropped_at", "paused_at", ""])
            Deadline.objects.create(
                case=case,
                code=code,
                starts_at=starts,
                due_at=due,
                owner="committee_chair",
                **({how: max(ended, starts)} if how else {}),
            )

    def _afterwards(self, case: Case) -> None:
        chance = self.chance
        begin = case.monitoring_on or case.filed_on
        for code, after in (("check_30", 30), ("check_60", 60), ("check_90", 90), ("follow_up_7", 7)):
            due = begin + timedelta(days=after)
            done = self.maybe(due + timedelta(days=chance.randrange(-3, 12)))
            Check.objects.create(
                case=case,
                code=code,
                due_on=due,
                cap_on=due + timedelta(days=7),
                tries=chance.randrange(4),
                last_try_on=self.maybe(due + timedelta(days=chance.randrange(10))),
                answered_on=self.maybe(due + timedelta(days=chance.randrange(10)), 0.4),
                hr_reviewed_on=self.maybe(due + timedelta(days=chance.randrange(10)), 0.6),
                done_on=done,
                result="no_answer" if done else "",
                dropped_on=self.maybe(due + timedelta(days=chance.randrange(12)), 0.1),
            )
        for number in range(1, chance.randrange(1, 3)):
            due = self.day(case.filed_on, 200)
            verified = self.maybe(due + timedelta(days=chance.randrange(-9, 9)))
            Remedy.objects.create(
                case=case,
                number=number,
                scope="workplace",
                code="light",
                owner=self.person,
                due_on=due,
                verified_on=verified,
                verified_by="expert" if verified else "",
            )
        for number in range(1, chance.randrange(1, 3)):
            raised = self.day(begin, 220)
            Concern.objects.create(
                case=case,
                number=number,
                kind=chance.choice(["retaliation", "retaliation", "handling"]),
                raised_on=raised,
                remedy_verified_on=self.maybe(self.day(raised, 90)),
            )
        Concern.objects.filter(case=case, kind="retaliation").update(
            shows_at=self.maybe(self.moment(begin), 0.8), linked_case=None
        )
        for number in range(1, chance.randrange(1, 4)):
            Allegation.objects.create(
                case=case,
                number=number,
                result=chance.choice(["substantiated", "not_substantiated"]),
                found_on=self.day(case.filed_on, 90),
            )
        offered = self.day(case.filed_on, 60)
        sent = self.maybe(offered + timedelta(days=2))
        Referral.objects.create(
            case=case, number=1, offered_on=offered, answered_on=offered, sent_on=sent, reached=self.maybe(True, 0.6)
        )
        if case.purge_after and chance.random() < 0.3:
            placed = case.purge_after - timedelta(days=5)
            LegalHold.objects.create(
                case=case, reason="court", placed_by=self.person, placed_on=placed, ends_on=placed + timedelta(days=60)
            )
        agreed = self.maybe(self.moment(self.day(case.filed_on, 20)), 0.5)
        if agreed:
            SafetyDecision.objects.create(
                case=case,
                number=1,
                proposed_by=self.person,
                proposed_at=agreed,
                agreed_by=self._second(),
                agreed_at=agreed,
            )

    def _second(self) -> Any:
        self.second = getattr(self, "second", None) or make_person("second")
        return self.second

    # --- Counting, one case at a time ---------------------------------------------------------------------------------

    def count(self, period: Period) -> Figures:
        """Recompute every figure by walking through the cases."""
        found = Figures()
        for case in Case.objects.exclude(channel="test").select_related("country", "factory__country"):
            for code, part, day, holder, ok, value in self._facts(case, period):
                if not period.start <= day < period.end:
                    continue
                key = (code, part, holder, case.factory_id, case.country_id)
                found.den[key] += 1
                found.num[key] += bool(ok)
                if value is not None:
                    found.values[key].append(value)
        return found

    def _facts(self, case: Case, period: Period) -> Iterator[tuple[str, str, date, str, bool, int | None]]:
        story = Story(case)
        end = period.end
        for deadline in case.deadlines.all():
            if (deadline.dropped_at and deadline.dropped_at <= deadline.due_at) or (
                deadline.paused_at and deadline.paused_at <= deadline.due_at
            ):
                continue
            due = story.local(deadline.due_at)
            met = deadline.met_at is not None and deadline.met_at <= deadline.due_at
            if deadline.code in STEP_CODES:
                yield STEP_CODES[deadline.code], "", due, story.holder(due), met, None
            if deadline.code == "outcome_told" and case.decided_on and due < end:
                told = case.outcome_told_on is not None and case.decided_on <= case.outcome_told_on < end
                yield "F7", "", case.decided_on, story.holder(due), told, None
        if case.outcome_told_on:
            on = case.outcome_told_on
            yield "F6", "", on, story.holder(on), True, (on - case.filed_on).days
        closed = story.local(case.closed_at) if case.closed_at else None
        if (end - case.filed_on).days > 90 and (closed is None or closed >= end):
            last = end - timedelta(days=1)
            yield "F6_open", "", last, story.holder(last), True, None
        for remedy in case.remedies.all():
            verified = remedy.verified_on is not None and remedy.verified_on <= remedy.due_on
            yield "F8", "", remedy.due_on, story.holder(remedy.due_on), verified, None
        for check in case.checks.filter(code__in=["check_30", "check_60", "check_90"]):
            if check.dropped_on and check.dropped_on <= check.cap_on:
                continue
            in_time = [on is not None and on <= check.cap_on for on in (check.answered_on, check.last_try_on)]
            reviewed = check.hr_reviewed_on is not None and check.hr_reviewed_on <= check.cap_on
            complete = in_time[0] or (check.tries >= 2 and in_time[1] and reviewed)
            yield "F9", "", check.cap_on, story.holder(check.cap_on), complete, None
            if complete:
                yield "F10", "", check.cap_on, story.holder(check.cap_on), in_time[0], None
        concerns = list(case.concerns.filter(kind="retaliation"))
        begun = case.monitoring_on
        if begun and period.quarter.before(5).start <= begun < period.quarter.before(1).start:
            told = [c for c in concerns if c.shows_at and (c.raised_on - begun).days <= 180]
            yield "F11", "", period.start, story.holder(begun), bool(told), None
        for concern in concerns:
            on = concern.raised_on + timedelta(days=60)
            right = concern.remedy_verified_on is not None and concern.remedy_verified_on <= on
            yield "F12", "", on, story.holder(on) if concern.shows_at else "experts", right, None
        written = [e.on for e in story.events if e.kind in ("acknowledged", "message_sent")]
        if written:
            on = min(written) + timedelta(days=60)
            back = case.came_back_on is not None and case.came_back_on <= on
            yield "F13", "", on, story.holder(on), back, None
        if story.began == "factory":
            moved = [e for e in story.events if e.kind == "moved_outside" and e.on < end]
            yield "F14", "", case.filed_on, "factory", bool(moved), None
        if case.set_aside_at is None:
            yield "C1", case.channel, case.filed_on, story.began, True, None
            theirs = [case.filed_on] if story.began == "factory" else []
            theirs += [e.on for e in story.events if e.kind == "handed_to_factory"]
            if theirs:
                yield "F1", "", min(theirs), "factory", True, None
        theirs = [
            e for e in story.events if e.kind == "compartment_opened" and self._at_factory(e, case) and e.on < end
        ]
        if theirs:
            on = min(e.on for e in theirs)
            signed = {one.person_id: one.declared_at for one in case.declarations.all()}
            clear = all(e.actor_id in signed and signed[e.actor_id] <= e.at for e in theirs)
            yield "F15", "", on, story.holder(on), clear, None
        if closed and case.path == "formal_inquiry":
            for allegation in case.allegations.all():
                yield "F29", allegation.result, closed, story.holder(closed), True, None

    @staticmethod
    def _at_factory(event: Event, case: Case) -> bool:
        memberships = Membership.objects.filter(person=event.actor, factory=case.factory)
        return any(one.since <= event.on and (one.until is None or one.until >= event.on) for one in memberships)

    def count_tests(self, period: Period) -> dict[Any, tuple[int, int]]:
        """Recompute F20 of the platform's own tests, by factory."""
        found: dict[Any, list[bool]] = defaultdict(list)
        for case in Case.objects.filter(channel="test").exclude(factory=None):
            if period.start <= case.filed_on < period.end:
                promised = case.deadlines.filter(code="acknowledge")
                found[case.factory_id].append(any(one.met_at and one.met_at <= one.due_at for one in promised))
        return {factory: (sum(said), len(said)) for factory, said in found.items()}

    def count_safeguarding(self, period: Period) -> dict[str, tuple[int, int]]:
        """Recompute E2, S2 to S5, P1 and P2 by walking through the cases."""
        inside = lambda day: period.start <= day < period.end  # noqa: E731
        said: dict[str, list[bool]] = defaultdict(list)
        for case in Case.objects.all():
            story = Story(case)
            for event in story.events:
                if event.kind == "compartment_opened" and inside(event.on):
                    on_case = any(
                        a.since <= event.on and (a.ended_on is None or a.ended_on >= event.on)
                        for a in case.assignments.filter(person=event.actor)
                    )
                    said["P1"].append(not on_case)
            if case.purge_after:
                holds = [hold.ended_on or hold.ends_on for hold in case.legal_holds.all()]
                last = max([case.purge_after, *holds]) + timedelta(days=7)
                if inside(last):
                    said["P2"].append(case.purged_at is not None and case.purged_at.date() <= last)
            if case.channel == "test":
                continue
            urgent = [
                d
                for d in case.deadlines.filter(code="urgent_contact")
                if inside(story.local(d.due_at))
                and not (d.dropped_at and d.dropped_at <= d.due_at)
                and not (d.paused_at and d.paused_at <= d.due_at)
            ]
            if urgent:
                said["E2"].append(all(d.met_at and d.met_at <= d.due_at for d in urgent))
                day = timedelta(hours=24)
                said["E2_24"].append(all(d.met_at and d.met_at <= d.starts_at + day for d in urgent))
            since = [e.at for e in story.events if e.kind == "hold_opened"]
            if story.began == "hold":
                since += [d.starts_at for d in case.deadlines.filter(code="urgent_contact")][:1]
            for start in since:
                until = start + timedelta(hours=24)
                if inside(story.local(until)):
                    decided = [s for s in case.safety_decisions.all() if start <= s.agreed_at <= until]
                    said["S2"].append(bool(decided))
            for check in case.checks.filter(code__startswith="follow_up"):
                if inside(check.due_on) and not (check.dropped_on and check.dropped_on <= check.due_on):
                    late = timedelta(days=7)
                    said["S4"].append(check.done_on is not None and check.done_on <= check.due_on + late)
            for referral in case.referrals.exclude(sent_on=None):
                if inside(referral.sent_on):
                    said["S3"].append(referral.answered_on <= referral.sent_on)
                if inside(referral.sent_on + timedelta(days=30)):
                    said["S5"].append(bool(referral.reached))
        return {code: (sum(map(bool, found)), len(found)) for code, found in said.items()}


class Story:
    """Who held one case on a day, read from its events in order."""

    def __init__(self, case: Case) -> None:
        place: Factory | CountryPack = case.factory or case.country
        self.zone = ZoneInfo(place.time_zone or case.country.time_zone)
        self.events = list(case.events.order_by("number"))
        self.moves = [event for event in self.events if event.kind in MOVES]
        now = "hold" if case.side == "safeguarding_hold" else "experts"
        now = "factory" if case.route == "factory_committee" and now != "hold" else now
        before = {"moved_outside": "factory", "handed_to_factory": "experts", "hold_lifted": "hold"}
        first = self.moves[0].kind if self.moves else ""
        self.began = before.get(first, now)
        if first == "hold_opened":
            self.began = "factory" if case.assignments.exists() else "experts"

    def local(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def holder(self, day: date) -> str:
        found = self.began
        for move in self.moves:
            if move.on <= day:
                found = {"handed_to_factory": "factory", "hold_opened": "hold"}.get(move.kind, "experts")
        return found


def middle(values: list[int]) -> float | None:
    return median(values) if values else None


def add_cases(
    factory: Factory,
    number: int,
    *,
    filed: date = date(2026, 5, 4),
    late: int = 0,
    route: str = "factory_committee",
    channel: str = "web",
    codes: tuple[str, ...] = ("acknowledge", "triage"),
) -> list[Case]:
    """File so many cases of a factory straight into the tables; `late` of them answered late, the others in time."""
    made, promises = [], []
    at = datetime(filed.year, filed.month, filed.day, 3, tzinfo=UTC)
    for place in range(number):
        case = Case(
            country=factory.country,
            factory=factory,
            channel=channel,
            route=route,
            factory_side="officer_and_chair" if route == "factory_committee" else "",
            stage="acknowledged",
            conduct_types=[ConductType.VERBAL],
            severity="c",
            filed_on=filed,
            release_at=at,
        )
        made.append(case)
        due = at + timedelta(days=2)
        for code in codes:
            met = due + timedelta(days=1 if place < late else -1)
            promises.append(Deadline(case=case, code=code, starts_at=at, due_at=due, met_at=met, owner="case_officer"))
    Case.objects.bulk_create(made)
    Deadline.objects.bulk_create(promises)
    return made
