"""One complaint of the demo and everything that happens in it, told act by act. Nobody in it exists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache

from accounts.keys import Reader
from accounts.models import Person
from complaints import access, bursts, intake, receipts, slots, workflow
from complaints.answers import Answers
from complaints.casecodes import FACTORY_ROLES, RemedyCode, Role
from complaints.codes import (
    AgeBand,
    ConductType,
    DangerAnswer,
    Frequency,
    LastTime,
    PlaceType,
    RespondentJob,
    Route,
    ShareChoice,
    Wish,
)
from complaints.compartments import Holder
from complaints.demo.people import People
from complaints.demo.timeline import Timeline
from complaints.models import Case, Receipt
from factories.models import Factory

OFFICER, CHAIR, OUTSIDE_MEMBER = "officer@lotus.example", "chair@lotus.example", "outside@lotus.example"
MANAGER = "manager@lotus.example"
EXPERT, SECOND_EXPERT, REVIEWER = "expert@helpers.example", "expert2@helpers.example", "appeals@helpers.example"
LEAD, SECOND_LEAD = "lead@helpers.example", "lead2@helpers.example"
HERS = ("story", "circumstances", "respondent", "inbox")
RECORD = ("record", "finding")
DAY = timedelta(days=1)
LONGEST_REST = 14  # Days: more than any holiday of a calendar with the days of rest around it.
APOLOGY = "apology"  # Only where she wants one, as everybody in these stories does.

Late = Callable[["Story", datetime], Any]
"""What a step is given that is known only when it happens: a row of the case, a day, a person."""


class BeyondTodayError(Exception):
    """A story goes on after now: days of rest have moved its work behind today."""


class World:
    """Everything the stories need: the people and the time before now."""

    def __init__(self, people: People, timeline: Timeline) -> None:
        self.people, self.timeline = people, timeline
        self.told: list[Story] = []
        self.earlier = 0  # So many days earlier than it says the story being told began.

    def tell(self, story: Callable[[World], Story]) -> Story:
        """Let a story begin as late as it says, or so much earlier that days of rest leave it time until today."""
        told, acts = len(self.told), len(self.timeline.acts)
        for self.earlier in range(LONGEST_REST):
            try:
                return story(self)
            except BeyondTodayError:
                del self.told[told:], self.timeline.acts[acts:]
        raise BeyondTodayError(story.__name__)


class Story:
    """One complaint and the people who act on it.

    `filed`: so many days ago it was filed; then `on` counts days from there. Without it `at` counts working days back
    from now. `watched`: those who handle it write to her and look at its measures in time, as people do.
    """

    def __init__(self, world: World, factory: str, *, filed: int = 0, watched: bool = True, **answers: Any) -> None:
        self.world, self.watched = world, watched and filed > 0
        self.factory = Factory.objects.select_related("country").get(name=factory)
        self.answers = self._answers(answers)
        self.began = world.timeline.calendar.local_day(world.timeline.now) - (filed + world.earlier) * DAY
        self.name = ""
        self.case: Case | None = None
        self.receipt = ""
        self.told_on = 0  # The day on which she heard the outcome first; the checks count from it.
        self.others: list[str] = []  # Numbers of those who told with her.
        self._holder: Holder | None = None
        self._last = datetime.min.replace(tzinfo=world.timeline.now.tzinfo)
        world.told.append(self)

    def _answers(self, given: dict[str, Any]) -> Answers:
        values: dict[str, Any] = {
            "country": self.factory.country_id,
            "factory": self.factory,
            "place_text": self.factory.name,
            "complainant_kind": "affected",
            "danger_answer": DangerAnswer.NO,
            "age_band": AgeBand.FROM_18,
            "conduct_types": frozenset({ConductType.VERBAL}),
            "places": frozenset({PlaceType.BETWEEN_LINES}),
            "last_time": LastTime.THIS_WEEK,
            "frequency": Frequency.FEW,
            "respondent_job": RespondentJob.MECHANIC,
            "wishes": frozenset({Wish.STOP_IT}),
            "route": Route.FACTORY_COMMITTEE,
        }
        values |= given
        if values["route"] == Route.FACTORY_COMMITTEE:
            values.setdefault("share_choice", ShareChoice.ALL_WRITTEN)
        return Answers(**values)

    @property
    def of(self) -> Case:
        if self.case is None:
            raise RuntimeError("The demo's story has not begun.")
        return self.case

    def reader(self, who: str) -> Reader:
        return self.world.people.reader(who)

    def person(self, who: str) -> Person:
        return self.world.people[who]

    def handler(self) -> Person | None:
        """Who writes to her and reviews measures where the case is now; nobody where it is shut for all."""
        roles = FACTORY_ROLES if self.of.with_factory else (Role.TECHNICAL_EXPERT, Role.SAFEGUARDING_LEAD)
        refused = self.of.declarations.filter(may_handle=False).values("person")
        current = self.of.assignments.current().filter(standing_by=False, role__in=roles).exclude(person__in=refused)
        able = [
            one
            for one in current.select_related("person").order_by("since", "pk")
            if not self.of.with_factory or self.of.declarations.filter(person=one.person).exists()
        ]
        found = sorted(able, key=lambda one: roles.index(one.role))
        return found[0].person if found else None

    def holder(self) -> Holder:
        """She, with her number in hand."""
        if self._holder is None:
            self._holder = holder_of(self.receipt)
        return self._holder

    # Each of these gives one moment, so that a story reads as what happened.

    def at(self, days: int, hour: int, minute: int = 0) -> At:
        """An hour so many working days ago."""
        return At(self, self.world.timeline.moment(days, hour, minute))

    def ago(self, hours: int) -> At:
        return At(self, self.world.timeline.ago(hours))

    def on(self, day: int, hour: int = 10, minute: int = 0) -> At:
        """An hour of the day so many days after it was filed, and never before what was told last."""
        return self._moment(self.began + day * DAY, hour, minute)

    def work(self, day: int, hour: int = 10, minute: int = 0) -> At:
        """The same for people at work: where that day is a day of rest, the next working day."""
        return self._moment(self.began + self.workday(day) * DAY, hour, minute)

    def after(self, day: int, working_days: int) -> int:
        """The day so many working days after that one, or after the next on which people work."""
        start = self.began + self.workday(day) * DAY
        return (self.world.timeline.calendar.add_working_days(start, working_days) - self.began).days

    def workday(self, day: int) -> int:
        """This day, or where it is a day of rest the next on which people work."""
        return (self.world.timeline.calendar.roll(self.began + day * DAY, "forward") - self.began).days

    def _moment(self, day: date, hour: int, minute: int) -> At:
        moment = self.world.timeline.hour_of(day, hour, minute)
        self._last = max(moment, self._last + timedelta(minutes=5))
        if self._last > self.world.timeline.now:
            raise BeyondTodayError(f"The demo's story goes beyond today, on {day}.")
        return At(self, self._last)


def holder_of(number: str) -> Holder:
    keys = receipts.keys_of(number, waiting=slots.RECEIPT)
    return Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))


class At:
    """One moment of a story, and everything that can happen in it."""

    def __init__(self, story: Story, moment: datetime) -> None:
        self.story, self.moment = story, moment

    @property
    def day(self) -> int:
        """So many days after it was filed."""
        calendar = self.story.world.timeline.calendar
        return (calendar.local_day(self.moment) - self.story.began).days

    def does(self, act: Callable[[datetime], None]) -> At:
        def told(at: datetime) -> None:
            try:
                act(at)
            except Exception as error:
                error.add_note(f"In the story {self.story.name!r} of the demo, day {self.day}.")
                raise

        self.story.world.timeline.add(self.moment, told)
        return self

    def _now(self, how: dict[str, Any], at: datetime) -> dict[str, Any]:
        return {name: value(self.story, at) if callable(value) else value for name, value in how.items()}

    # --- Filing ---------------------------------------------------------------------------------------------------

    def filed(self, *, surge: bool = False) -> At:
        """She sends it. Stories of many weeks are told in seconds, which is no surge; only `surge` counts as one."""

        def act(at: datetime) -> None:
            _count_as(self.story, surge)
            filed = intake.file_complaint(self.story.answers, token=intake.mint(at).token, at=at)
            self.story.case, self.story.receipt = filed.case, filed.receipt

        return self.does(act)

    def written_down(self, who: str, *, members: int = 1) -> At:
        """Somebody writes it down for her, from a paper or a talk; with others, a number for each."""

        def act(at: datetime) -> None:
            _count_as(self.story, False)
            by = self.story.person(who)
            token = intake.mint(at).token
            filed = intake.file_complaint(self.story.answers, token=token, at=at, by=by, members=members)
            self.story.case, self.story.receipt = filed.case, filed.receipt
            self.story.others += filed.others

        return self.does(act)

    # --- Hers -----------------------------------------------------------------------------------------------------

    def she_writes(self, text: str) -> At:
        return self.she("write", text=text)

    def she(self, step: str, /, **how: Any) -> At:
        return self.does(lambda at: getattr(workflow, step)(self.story.of, at=at, **self._now(how, at)))

    def she_with_her_key(self, step: str, /, **how: Any) -> At:
        def act(at: datetime) -> None:
            getattr(workflow, step)(self.story.of, self.story.holder(), at=at, **self._now(how, at))

        return self.does(act)

    def takes_a_new_number(self) -> At:
        """The number that others have seen dies at her first visit."""

        def act(at: datetime) -> None:
            number = workflow.offer_new_number(self.story.of, self.story.holder(), at=at)
            receipt = holder_of(number).receipt
            if receipt is not None:
                workflow.first_use(receipt, at=at)
            self.story.receipt, self.story._holder = number, None

        return self.does(act)

    def gives_a_number(self) -> At:
        """Somebody who told with her gets a number, too."""
        return self.does(
            lambda at: self.story.others.append(workflow.add_receipt(self.story.of, self.story.holder(), at=at))
        )

    # --- Theirs ---------------------------------------------------------------------------------------------------

    def by(self, who: str, step: str, /, **how: Any) -> At:
        person = self.story.person(who)
        return self.does(lambda at: self._takes(step, person, how, at))

    def by_handler(self, step: str, /, **how: Any) -> At:
        """By whoever handles it then: who of the outside team gets a case is decided as it is filed."""

        return self.does(lambda at: self._takes(step, self.story.handler(), how, at))

    def _takes(self, step: str, person: Person | None, how: dict[str, Any], at: datetime) -> None:
        how = self._now(how, at)
        if step == "triage":
            actor = workflow.actor_on(self.story.of, by=person)
            how["second"] = workflow.may_sort_with(self.story.of, actor)[0].person
        getattr(workflow, step)(self.story.of, by=person, at=at, **how)

    def with_key(self, who: str, step: str, /, **how: Any) -> At:
        """A step for which the person's key is in hand."""

        def act(at: datetime) -> None:
            getattr(workflow, step)(self.story.of, self.story.reader(who), at=at, **self._now(how, at))

        return self.does(act)

    def declares_none(self, who: str) -> At:
        return self.by(who, "declare_conflict", answer="none")

    def reads(self, who: str, kinds: Iterable[str] = HERS) -> At:
        def act(at: datetime) -> None:
            on = access.case_for(self.story.person(who), self.story.of.reference, at=at)
            access.opened(on, self.story.reader(who), tuple(kinds), at=at)

        return self.does(act)

    def reviews(self, who: str, note: str, *, goes_on: bool = True) -> At:
        return self.by(who, "review_interim", measure=measure, goes_on=goes_on, note=note)


def _count_as(story: Story, surge: bool) -> None:
    """Put the counter of filings where it would have been: at nothing, or where a flood has brought it."""
    cache.set(f"surge:{story.factory.country_id}", bursts.ORDINARY if surge else 0, bursts.WINDOW_SECONDS)


# --- What is known only when it happens ---------------------------------------------------------------------------


def measure(story: Story, at: datetime) -> Any:
    return story.of.interim_measures.get(ends_on=None)


def remedy(place: int) -> Late:
    """The first, second .. remedy that stands; a later decision takes the place of an earlier one."""
    return lambda story, at: story.of.remedies.order_by("number")[place - 1]


def sanction(place: int) -> Late:
    return lambda story, at: story.of.sanctions.order_by("number")[place - 1]


def check(code: str) -> Late:
    return lambda story, at: story.of.checks.get(code=code, done_on=None, dropped_on=None)


def person(who: str) -> Late:
    return lambda story, at: story.person(who)


def in_days(days: int) -> Late:
    return lambda story, at: story.of.local_day(at) + days * DAY


def planned(*wanted: tuple[str, str, int]) -> Late:
    """Remedies or sanctions: which, who sees to it, in how many days."""

    def late(story: Story, at: datetime) -> list[workflow.Planned]:
        today = story.of.local_day(at)
        asked = [code.value for code in RemedyCode if code.at_her_wish]
        return [
            workflow.Planned(code, story.person(who), today + days * DAY, at_her_request=code in asked)
            for code, who, days in wanted
        ]

    return late
