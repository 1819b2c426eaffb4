"""One line of time of a factory: activities and their moves, visits, agreed actions, talks, silence, figures.

What lies ahead stands first, then what was, the newest first. Days and names of things only: no case, no count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.models import AgreedAction, AssessmentStage, Kind, SilenceFlag
from assessments.selectors.needs import Visit, visit_url
from complaints.statistics import Publication
from factories.models import ActivityOccasion, Factory, JointReview, PatternRule, ReviewStep
from factories.package import words
from factories.package.patterns import Line

ACTIVITY, VISIT, ACTION, TALK, FIGURES = "activity", "visit", "action", "talk", "figures"


@dataclass(frozen=True)
class Moment:
    """One thing on one day."""

    on: date
    kind: str
    words: str
    url: str = ""
    late: bool = False

    @property
    def kind_words(self) -> str:
        return {
            ACTIVITY: _("Activity"),
            VISIT: _("Visit"),
            ACTION: _("Agreed action"),
            TALK: _("Talk"),
            FIGURES: _("Figures"),
        }[self.kind]


@dataclass(frozen=True)
class Timeline:
    """What lies ahead (the nearest first) and what was (the newest first)."""

    ahead: Sequence[Moment]
    before: Sequence[Moment]


def of(moments: Iterable[Moment], today: date) -> Timeline:
    found = sorted(moments, key=lambda one: (one.on, one.kind, one.words))
    return Timeline([one for one in found if one.on > today], [one for one in reversed(found) if one.on <= today])


def of_package(factory: Factory) -> Iterable[Moment]:
    """How the factory entered: the understanding, the team, the plan."""
    package = getattr(factory, "package", None)
    if package is None:
        return
    for day, said in (
        (package.mou_on, _("The understanding was signed.")),
        (package.team_on, _("Focal point and team were named.")),
        (package.plan_on, _("The plan was agreed.")),
        (package.ended_on, _("Support ended.")),
    ):
        if day:
            yield Moment(day, TALK, said)


def of_activities(lines: Sequence[Line], occasions: Sequence[ActivityOccasion], today: date) -> Iterable[Moment]:
    """What was done, what was moved and by whom, and what is agreed."""
    codes = {line.activity: line.code for line in lines}
    for line in lines:
        name = words.ACTIVITIES[line.code].name
        for move in line.moves:
            yield Moment(move.on, ACTIVITY, _moved(str(name), move.to_on, by_programme=move.by_programme))
        if line.done_on:
            yield Moment(line.done_on, ACTIVITY, _("“%(name)s” was done.") % {"name": name})
        elif line.due_on and not line.dropped:
            late = line.due_on < today
            said = _("“%(name)s” was agreed for this day and is not done.") if late else _("“%(name)s” is agreed.")
            yield Moment(line.due_on, ACTIVITY, said % {"name": name}, late=late)
    for occasion in occasions:
        name = words.ACTIVITIES[codes[occasion.activity_id]].name
        yield Moment(occasion.on, ACTIVITY, _("“%(name)s” took place.") % {"name": name})


def _moved(name: str, to_on: date | None, *, by_programme: bool) -> str:
    if to_on is None:
        said = (
            _("“%(name)s” was put off by the programme, without a new date.")
            if by_programme
            else _("“%(name)s” was put off by the factory, without a new date.")
        )
        return said % {"name": name}
    said = (
        _("“%(name)s” was moved by the programme to %(day)s.")
        if by_programme
        else _("“%(name)s” was moved by the factory to %(day)s.")
    )
    return said % {"name": name, "day": date_format(to_on, "DATE_FORMAT")}


def of_visits(visits: Sequence[Visit], next_due: date | None, *, links: bool) -> Iterable[Moment]:
    """Visits planned, held, concluded and given back; and the day on which the next is due."""
    for visit in visits:
        url = visit_url(visit.pk) if links else ""
        kind = Kind(visit.kind).label
        if visit.stage == AssessmentStage.PLANNED:
            yield Moment(visit.visit_from, VISIT, _("%(kind)s is planned.") % {"kind": kind}, url)
            continue
        yield Moment(visit.visit_from, VISIT, _("%(kind)s was held.") % {"kind": kind}, url)
        if visit.final_at:
            said = _("%(kind)s is final. System strength: %(level)s.")
            said %= {"kind": kind, "level": visit.strength_words or _("not enough evidence")}
            yield Moment(visit.final_at.date(), VISIT, said, url)
        if visit.given_back_on:
            yield Moment(visit.given_back_on, VISIT, _("Management and workers were told the results."), url)
    if next_due:
        yield Moment(next_due, VISIT, _("The next outside assessment is due."))


def of_actions(actions: Sequence[AgreedAction], today: date) -> Iterable[Moment]:
    """What was agreed, done, confirmed and dropped, and what is still to come."""
    for action in actions:
        what = {"what": action.what}
        yield Moment(action.agreed_on, ACTION, _("Agreed: %(what)s") % what)
        if action.done_on:
            yield Moment(action.done_on, ACTION, _("Done: %(what)s") % what)
        if action.verified_on:
            yield Moment(action.verified_on, ACTION, _("Confirmed from outside: %(what)s") % what)
        if action.dropped_on:
            yield Moment(action.dropped_on, ACTION, _("Dropped: %(what)s") % what)
        elif not action.done_on:
            yield Moment(action.due_on, ACTION, _("To be done: %(what)s") % what, late=action.due_on < today)


def of_reviews(reviews: Sequence[JointReview]) -> Iterable[Moment]:
    """Patterns of postponing, what was agreed about them, and whether it helped."""
    for review in reviews:
        rule = PatternRule(review.rule).label
        yield Moment(review.opened_on, TALK, _("A joint review was opened: %(rule)s.") % {"rule": rule})
        if review.held_on:
            said = _("The joint review was held. Agreed: %(step)s.")
            yield Moment(review.held_on, TALK, said % {"step": ReviewStep(review.step).label})
        if review.looked_again_on:
            said = _("Looked again: it helped.") if review.solved else _("Looked again: it did not help yet.")
            yield Moment(review.looked_again_on, TALK, said)


def of_silence(flags: Sequence[SilenceFlag]) -> Iterable[Moment]:
    """When it was silent, and what was found out about it."""
    for flag in flags:
        yield Moment(
            flag.raised_on, TALK, _("Very few complaints have come from this factory: the silence flag went up.")
        )
        if flag.cause_on:
            yield Moment(
                flag.cause_on, TALK, _("Found out about the silence: %(cause)s.") % {"cause": flag.get_cause_display()}
            )
        if flag.ended_on:
            yield Moment(flag.ended_on, TALK, _("The silence flag went down."))


def of_figures(publication: Publication | None, url: str) -> Iterable[Moment]:
    """The newest frozen figures, as this reader may see them, on the day they were computed."""
    if publication is None or publication.shut:
        return
    told = [
        f"{line.figure.name}: {shown.words}"
        for line in publication.lines
        if (shown := line.year or line.quarter) and not shown.hidden
    ]
    said = "; ".join(told) or _("All numbers are too small to show.")
    yield Moment(publication.computed_on, FIGURES, said, url)
