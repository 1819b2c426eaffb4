"""The whole programme of the trial: draw it, store it, and freeze the quarters that are over."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.management import call_command

from accounts.demo import PASSWORD
from accounts.models import Notice, Person
from assessments import screen, tool
from assessments.demo import events as industry
from assessments.demo import people, store
from assessments.demo.book import Book, Rows
from assessments.demo.events import Events
from assessments.demo.factories import Place, add_trial_countries, drawn
from assessments.demo.life import Life
from assessments.demo.people import Keys, Team
from assessments.demo.sentences import CAUSE_NOTE
from assessments.demo.tempers import TRAITS, Temper
from assessments.demo.visit_steps import VisitSteps
from assessments.models import (
    AgreedAction,
    Assessment,
    AssessmentDeadline,
    AssessmentRung,
    Assessor,
    DomainScore,
    ExpertReview,
    FirstScore,
    GoodPractice,
    PlaceGrant,
    PlaceReview,
    PlainVersion,
    Score,
    SharedNote,
    SignalMark,
    SilenceFlag,
    SilenceKind,
    SilenceVersion,
    ToolVersion,
)
from factories.models import (
    Activity,
    ActivityOccasion,
    ChannelTest,
    CommitteeCount,
    CountryPack,
    Drill,
    EventCommitment,
    Factory,
    FactoryStatus,
    IndustryEvent,
    Introduction,
    JointReview,
    KnowledgeTest,
    Package,
    PackageDeadline,
    PackageRung,
    PlaceCheck,
    Postponement,
    SharedPractice,
    TrainingCount,
    WorkerSurvey,
)

SEED = "samleng"
# In the order in which rows point to each other.
TABLES: tuple[type[Any], ...] = (
    Introduction, Package, Activity, ActivityOccasion, Postponement, JointReview, EventCommitment, PackageDeadline,
    PackageRung, TrainingCount, CommitteeCount, KnowledgeTest, WorkerSurvey, Drill, ChannelTest, PlaceCheck,
    SharedPractice, Assessment, Assessor, FirstScore, SignalMark, Score, DomainScore, GoodPractice, ExpertReview,
    AgreedAction, PlainVersion, SharedNote, AssessmentDeadline, AssessmentRung,
)  # fmt: skip
# What factories have that the demo had before: these are kinds, too.
EXISTING = {"Lotus": Temper.HONEST, "River": Temper.STEADY, "Bamboo": Temper.NUMBERS, "Palm": Temper.HESITANT}
JOINED = (700, 760)  # So many days ago: their channels were open before the demo's first complaint.
BATCH = 2_000
LOOKED_AT = timedelta(days=10)  # Screens that came lately are still to be looked at.
LOOKED = "Looked at on the day. The place was called; nothing had to be opened."
CAUSE_AFTER = timedelta(days=38)


@dataclass(frozen=True)
class Made:
    """Everything that was drawn, unsaved."""

    places: Sequence[Place]
    lives: Sequence[Life]
    events: Events


def exists() -> bool:
    """Say whether the programme is there already."""
    return IndustryEvent.objects.exists()


def make(now: datetime, *, seed: str = SEED) -> Made:
    """Draw and store the programme up to now, for a demo whose people are there and whose quarters are still open."""
    first = Person.objects.get(email=people.EXPERT)
    joined = now - timedelta(days=1150)
    makes = Keys(PASSWORD, first, joined)
    password = Person.objects.get(email=people.ADVISOR).password  # The same for all, and printed: one slow hash.
    team = people.team(makes, password, joined)
    Person.objects.filter(email__in=people.ASSESSORS).update(joined_at=joined)
    add_trial_countries(now)
    with store.without_collecting():
        made = live(now, team, password, seed=seed)
        _store(made, makes)
        _freeze(made, seed, now)
    _find_causes(made, now)
    Notice.objects.filter(made_at__lt=now - timedelta(days=1), sent_at=None).update(sent_at=now, seen_at=now)
    return made


def live(now: datetime, team: Team, password: str, *, seed: str = SEED, only: Iterable[int] | None = None) -> Made:
    """Let every factory live until now; nothing is stored. `only`: the places of some, in the order of portfolios."""
    countries = {one.pk: one for one in CountryPack.objects.all()}
    version = tool.current(now.date())
    used = tool.of(version)
    places = drawn(seed, countries)
    events = industry.planned(team, countries, seed, now)
    number: dict[str, int] = defaultdict(int)
    lives = []
    for at, place in enumerate(places):
        country = place.factory.country_id
        outside = team.of(country, number[country])
        number[country] += 1
        place.factory.advisor = outside.advisor
        if only is not None and at not in only:
            continue
        alike = place.temper in (Temper.TWIN_MANY, Temper.TWIN_FEW)
        book = Book(
            place.factory,
            outside,
            now,
            f"{seed} {place.factory.name}",
            drawn=f"{seed} twins {country}" if alike else "",
            members=people.handlers(
                place.factory,
                random.Random(f"{seed} {place.factory.name} people"),
                password,
                now - timedelta(days=900),
            ),
        )
        lives.append(_let_live(book, place.temper, version, used, events, 1 if alike else at))
    if only is None:
        lives += [_let_live(*one, version, used, events, 1, JOINED) for one in _existing(team, now, seed)]
    return Made(places, lives, events)


def _let_live(
    book: Book,
    temper: Temper,
    version: ToolVersion,
    used: tool.Tool,
    events: Events,
    place: int,
    began: tuple[int, int] | None = None,
) -> Life:
    by_event = events.before(book.factory.country_id) if place % 4 == 0 else None
    life = Life(book, temper, VisitSteps(book, version, used), event=by_event, began=began)
    industry.take_part(life, events, place)
    life.run()
    return life


def _existing(team: Team, now: datetime, seed: str) -> Iterable[tuple[Book, Temper]]:
    """Give the factories that the demo had before their years, too; they are live, and stay so."""
    for factory in Factory.objects.select_related("country", "advisor").order_by("name_key"):
        temper = EXISTING.get(factory.name.split()[0])
        if temper is not None:
            members = tuple(
                one.person
                for one in factory.memberships.current().filter(role__in=[role for role, _who in people.HANDLERS])
            )
            outside = team.of_existing(factory)
            yield Book(factory, outside, now, f"{seed} {factory.name}", members=members), temper


# --- Storing --------------------------------------------------------------------------------------------------------


def _store(made: Made, makes: Keys) -> None:
    # The demo's own factories opened their channels in few words (`complaints.demo.packages`); here are more of them.
    told = Factory.objects.filter(pk__in=[life.book.factory.pk for life in made.lives])
    before: tuple[type[Any], ...] = (Introduction, Package, Activity, ChannelTest)
    for table in before:
        table.objects.filter(factory__in=told).delete()
    new = [place.factory for place in made.places]
    staffed = []
    for life in made.lives:
        if life.live_on is not None:
            life.book.factory.status = FactoryStatus.LIVE
            if life.book.factory._state.adding:
                staffed.append((life.book.factory, life.book.members, life.live_on))
    Factory.objects.bulk_create(new, batch_size=BATCH)
    people.store_handlers(staffed, makes)
    IndustryEvent.objects.bulk_create(made.events.events)
    EventCommitment.objects.bulk_create(made.events.others)
    rows: Rows = defaultdict(list)
    for life in made.lives:
        for table, some in life.book.rows.items():
            rows[table] += some
    if set(rows) - set(TABLES):
        raise ValueError("A table of the programme has no place in the order of storing.")
    for table in TABLES:
        store.copy(table, rows[table])
    _store_screens(made)
    for life in made.lives:
        life.book.rows.clear()  # They are stored; what comes now reads the database.


def _store_screens(made: Made) -> None:
    """Seal every screen to the safeguarding leads; those of the past were looked at the same day."""
    keys = {code: screen.keys_of_leads(CountryPack(code)) for code in ("KH", "VN")}
    reviews: list[PlaceReview] = []
    grants: list[PlaceGrant] = []
    for life in made.lives:
        for visit, met, at in life.visits.steps.screens:
            theirs = keys[life.book.factory.country_id]
            review, those, data_key = screen.sealed(visit, set(met), theirs, at=at)
            if at < life.book.now - LOOKED_AT:
                by = theirs[0].person
                screen.put_answer(review, data_key, LOOKED, by=by, at=at + timedelta(hours=2))
            reviews.append(review)
            grants += those
    PlaceReview.objects.bulk_create(reviews, batch_size=100)
    PlaceGrant.objects.bulk_create(grants, batch_size=BATCH)


# --- Figures --------------------------------------------------------------------------------------------------------


def _freeze(made: Made, seed: str, now: datetime) -> None:
    """Freeze figures of cases and of progress; how many complained where is known to the app of complaints alone."""
    told: dict[Any, tuple[str, date]] = {}
    for life in made.lives:
        factory = life.book.factory
        if factory.status == FactoryStatus.LIVE:
            added = life.live_on if factory.name.split()[0] not in EXISTING else None
            since = added or now.date() - timedelta(days=450)
            told[factory.pk] = (life.temper.value if added else "", since)
    call_command("demo_figures", told=told, at=now, seed=seed, verbosity=0)


def _find_causes(made: Made, now: datetime) -> None:
    """Let advisors who look into a silence have found what is behind it, some weeks after the flag."""
    asks = {life.book.factory.pk: life for life in made.lives if TRAITS[life.temper].silence_looked_into}
    flags = SilenceFlag.objects.filter(version=SilenceVersion.FACTORY, factory__in=asks).select_related("factory")
    found = []
    for flag in flags:
        on = flag.raised_on + CAUSE_AFTER
        if on <= now.date() and (flag.ended_on is None or on < flag.ended_on):
            kind = SilenceKind(flag.kind)
            flag.cause = SilenceKind.NOT_TRUSTED.value if kind == SilenceKind.UNEXPLAINED else kind.value
            flag.cause_note = CAUSE_NOTE[flag.cause]
            flag.cause_by, flag.cause_on = asks[flag.factory_id].book.outside.advisor, on
            found.append(flag)
    SilenceFlag.objects.bulk_update(found, ["cause", "cause_note", "cause_by", "cause_on"], batch_size=BATCH)
