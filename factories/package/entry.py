"""How a factory enters: introduction, understanding, team, plan. Prevention package, section 1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Person
from factories import clock
from factories.models import (
    Activity,
    ActivityState,
    Factory,
    IndustryEvent,
    Introduction,
    IntroductionAnswer,
    IntroductionWay,
    MouPoint,
    Package,
)
from factories.package import activities, catalogue, promises, words
from factories.package.refusal import PackageRefused
from factories.package.taking import taking


def introduce(
    factory: Factory,
    *,
    on: date,
    way: str,
    with_decider: bool,
    by: Person,
    at: datetime,
    event: IndustryEvent | None = None,
) -> Introduction:
    """Record that the programme was presented to a factory: by whom, through what, and whether a decider was there."""
    with taking(factory, at=at, by=by) as taken:
        return Introduction.objects.create(
            factory=taken.factory,
            on=taken.not_ahead(on),
            by=by,
            way=IntroductionWay(way).value,
            event=event,
            with_decider=with_decider,
        )


def answer(
    introduction: Introduction,
    answer: str,
    *,
    on: date,
    by: Person,
    at: datetime,
    later_on: date | None = None,
    reason: str = "",
) -> Introduction:
    """Record what the factory said: yes; later, with the day on which to ask again; or no, with the reason."""
    with taking(introduction.factory, at=at, by=by) as taken:
        found: Introduction = taken.factory.introductions.get(pk=introduction.pk)
        if found.answer:
            raise PackageRefused(
                _("Its answer is recorded already. Record a new introduction for what was said since.")
            )
        if taken.not_ahead(on) < found.on:
            raise PackageRefused(_("The factory answered on the day of the introduction, or later."))
        found.answer, found.answer_on = IntroductionAnswer(answer).value, on
        promises.end(Q(factory=taken.factory, code="ask_again"), met_at=at)
        if answer == IntroductionAnswer.LATER:
            if later_on is None or later_on <= on:
                raise PackageRefused(_("Give the day on which to ask again. It lies after the answer."))
            found.later_on = later_on
            promises.promise("ask_again", taken.factory, at=at, on=later_on)
        if answer == IntroductionAnswer.NO:
            if not reason.strip():
                raise PackageRefused(_("Write why the factory said no."))
            found.reason = reason.strip()
        found.save()
        return found


def sign_understanding(factory: Factory, *, on: date, points: Iterable[str], by: Person, at: datetime) -> Package:
    """Begin a factory's package with the one-page understanding: every point of it, or it is not signed."""
    with taking(factory, at=at, by=by) as taken:
        if taken.package and taken.package.mou_on:
            raise PackageRefused(_("The understanding is signed already."))
        taken.not_ahead(on)
        said_yes = taken.factory.introductions.filter(answer=IntroductionAnswer.YES, answer_on__lte=on)
        if not said_yes.exists():
            raise PackageRefused(_("First comes an introduction to which the factory answered yes."))
        if not said_yes.filter(with_decider=True).exists():
            raise PackageRefused(
                _("Nobody who can decide was at an introduction yet. Meet somebody who can, then sign.")
            )
        if set(points) != set(MouPoint.values):
            raise PackageRefused(_("The understanding holds every point, or it is not signed."))
        package = taken.package or Package(factory=taken.factory, began_on=on)
        package.mou_on, package.mou_points = on, list(MouPoint.values)
        package.save()
        Activity.objects.bulk_create(
            [Activity(factory=taken.factory, code=code) for code in catalogue.steps()], ignore_conflicts=True
        )
        return package


def name_team(
    factory: Factory,
    *,
    on: date,
    focal_point_role: str,
    stand_in_role: str,
    hours_a_week: int,
    languages: str,
    by: Person,
    at: datetime,
) -> Package:
    """Record the focal point and the stand-in by their jobs, the time set aside for them, and the languages needed."""
    with taking(factory, at=at, by=by) as taken:
        package = taken.running()
        assert package.mou_on is not None
        if taken.not_ahead(on) < package.mou_on:
            raise PackageRefused(_("The team is named after the understanding is signed."))
        if not (focal_point_role.strip() and stand_in_role.strip() and languages.strip()):
            raise PackageRefused(_("Give the job of the focal point and of the stand-in, and the languages needed."))
        if hours_a_week < 1:
            raise PackageRefused(_("A focal point without time cannot do this. Agree on at least one hour a week."))
        package.team_on = package.team_on or on
        package.focal_point_role, package.stand_in_role = focal_point_role.strip(), stand_in_role.strip()
        package.hours_a_week, package.languages = hours_a_week, languages.strip()
        package.save()
        return package


def suggested_dates(factory: Factory, begins_on: date) -> dict[str, date]:
    """Return a usual run of every activity from a day on, on working days of the factory, each after what it needs."""
    calendar = clock.calendar_for(factory)
    return {
        code: calendar.roll(begins_on + timedelta(weeks=step.plan_week), "forward")
        for code, step in catalogue.steps().items()
    }


def agree_plan(factory: Factory, dates: Mapping[str, date], *, on: date, by: Person, at: datetime) -> Package:
    """Agree on a date for every activity that is still to be done, all at once.

    Each on a working day of the factory, none before what it needs. Prevention package, section 1 (`PLAN`).
    """
    with taking(factory, at=at, by=by) as taken:
        package = taken.running()
        if package.team_on is None:
            raise PackageRefused(_("First the factory names its focal point and the stand-in."))
        if package.plan_on is not None:
            raise PackageRefused(_("The plan is agreed already. A date is moved on its activity, with its reason."))
        if taken.not_ahead(on) < package.team_on:
            raise PackageRefused(_("The plan is agreed after the team is named."))
        open_ones = {
            activity.code: activity
            for activity in taken.factory.activities.filter(due_on=None)
            if activity.state == ActivityState.PLANNED
        }
        missing = [code for code in catalogue.steps() if code in open_ones and code not in dates]
        if missing:
            raise PackageRefused(
                _("A plan has a date for every activity. Without a date: %(names)s.") % {"names": words.names(missing)}
            )
        known = dict(taken.factory.activities.exclude(due_on=None).values_list("code", "due_on"))
        wanted = known | {code: dates[code] for code in open_ones}
        _check_days(factory, {code: dates[code] for code in open_ones}, taken.today)
        for code, day in wanted.items():
            assert day is not None
            early = activities.needs_after(code, day, wanted)
            if early:
                raise PackageRefused(
                    _("%(name)s is planned before what it needs: %(first)s.")
                    % {"name": words.name(code), "first": words.names(early)}
                )
        for code, activity in open_ones.items():
            activity.factory = taken.factory
            activities.put_on(activity, dates[code], at=at, by=by, paused=taken.is_paused)
        package.plan_on = on
        package.save(update_fields=["plan_on"])
        return package


def _check_days(factory: Factory, dates: Mapping[str, date], today: date) -> None:
    calendar = clock.calendar_for(factory)
    over = [code for code, day in dates.items() if day < today]
    if over:
        raise PackageRefused(_("These dates are over already: %(names)s.") % {"names": words.names(over)})
    resting = [
        f"{words.name(code)} ({date_format(day)})" for code, day in dates.items() if not calendar.is_working(day)
    ]
    if resting:
        raise PackageRefused(
            _("The factory does not work on these days. Choose others: %(names)s.") % {"names": "; ".join(resting)}
        )
