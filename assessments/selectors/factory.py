"""The page of one factory for its advisor and the experts of its country, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments import advice, charts, cycle, progress, silence_flags, tool
from assessments.advice import Advice
from assessments.charts import Bars, Trend
from assessments.models import (
    AgreedAction,
    Assessment,
    AssessmentDeadline,
    DomainScore,
    SharedNote,
    SilenceFlag,
    SilenceVersion,
)
from assessments.selectors import cohort, needs, timeline
from assessments.selectors.cohort import Cohort
from assessments.selectors.needs import Read, Row, Visit
from assessments.selectors.timeline import Timeline
from assessments.tool import Tool
from complaints.statistics import Audience, Publication
from factories import clock
from factories.models import ActivityOccasion, Factory, JointReview
from factories.package import lines as dates

NOTES_SHOWN = 20
Scores = dict[str, Decimal | None]


@dataclass(frozen=True)
class ActionLine:
    """One agreed action, and which buttons this reader has."""

    action: AgreedAction
    late: bool
    may_say_done: bool
    may_confirm: bool
    may_drop: bool


@dataclass(frozen=True)
class FactoryPage:
    """Everything the page shows. Of levels only `level_factory`."""

    row: Row
    timeline: Timeline
    actions: Sequence[ActionLine]
    notes: Sequence[SharedNote]
    flag: SilenceFlag | None
    flag_of_all: SilenceFlag | None  # Experts alone.
    advice: Advice | None
    domains: Bars | None
    trend: Trend | None
    cohort: Cohort | None
    figures: Publication | None
    expert_visit_by: date | None  # Experts alone: promised because of the level that only they know.
    results: Visit | None = None


def page(factory: Factory, audience: Audience, *, at: datetime) -> FactoryPage:
    """Return a factory's page for one of the two audiences that may open it."""
    today = clock.calendar_for(factory).local_day(at)
    expert = audience is Audience.EXPERT
    lines = dates.of(factory)
    visits = needs.visits_of([factory.pk])[factory.pk]
    flags = list(silence_flags.shown_to(audience).filter(factory=factory).order_by("-raised_on"))
    reviews = list(JointReview.objects.filter(factory=factory))
    plan = list(AgreedAction.objects.filter(factory=factory).select_related("assessment"))
    own_flags = [flag for flag in flags if flag.version == SilenceVersion.FACTORY]
    up = {flag.version: flag for flag in flags if flag.ended_on is None}
    read = Read({factory.pk: lines}, {factory.pk: visits}, {})
    if SilenceVersion.FACTORY in up:
        read.flags = {factory.pk: up[SilenceVersion.FACTORY]}
    for review in reviews:
        if review.looked_again_on is None:
            held = review.held_on is not None and review.look_again_on is not None
            read.reviews[factory.pk] = ("", review.look_again_on) if held else (review.rule, review.due_on)  # type: ignore[assignment]
    read.actions[factory.pk] = [one.due_on for one in plan if not (one.done_on or one.dropped_on or one.verified_on)]
    expert_by = _promised(factory, read, expert=expert)
    row = needs.row_of(factory, read, at=at)
    figures = progress.of_factory(audience, factory.pk)
    scores, compared = cohort.of(factory, today, own=row.last.pk) if row.last else ({}, None)
    occasions = list(ActivityOccasion.objects.filter(activity__factory=factory).defer("evidence"))
    moments = [
        *timeline.of_package(factory),
        *timeline.of_activities(lines, occasions, today),
        *timeline.of_visits(visits, None if row.planned else row.next_due, links=True),
        *timeline.of_actions(plan, today),
        *timeline.of_reviews(reviews),
        *timeline.of_silence(own_flags),
        *timeline.of_figures(figures, figures_url(factory)),
    ]
    return FactoryPage(
        row=row,
        timeline=timeline.of(moments, today),
        actions=lines_of(plan, today, expert=expert),
        notes=list(SharedNote.objects.filter(factory=factory).select_related("by")[:NOTES_SHOWN]),
        flag=up.get(SilenceVersion.FACTORY),
        flag_of_all=up.get(SilenceVersion.ALL),
        advice=advice.for_level(row.last.level_factory) if row.last else None,
        domains=domain_chart(row.last, scores, compared),
        trend=score_trend(visits),
        cohort=compared,
        figures=figures,
        expert_visit_by=expert_by,
        results=row.last,
    )


def _promised(factory: Factory, read: Read, *, expert: bool) -> date | None:
    """Read the open promises of one factory; return the day of the one that is the experts' alone."""
    running = cycle.ours(AssessmentDeadline.objects.running().filter(factory=factory), expert=expert)
    days = clock.calendar_for(factory)
    found = None
    for code, due_at in running.order_by("due_at").values_list("code", "due_at"):
        if code == cycle.VISIT_AGAIN_EXPERT:
            found = days.local_day(due_at)
        elif code in (cycle.VISIT_AGAIN, cycle.ACTION_PLAN, cycle.GIVE_BACK):
            read.promised[factory.pk].append((code, due_at))
    return found


def domain_scores(assessments: Sequence[UUID]) -> dict[UUID, Scores]:
    """Return the scores of these assessments by domain, in one query."""
    found: dict[UUID, Scores] = defaultdict(dict)
    rows = DomainScore.objects.filter(assessment__in=assessments).order_by()
    for assessment, domain, score in rows.values_list("assessment", "domain", "score"):
        found[assessment][domain] = score
    return found


def domain_names(used: Tool) -> list[tuple[str, str]]:
    """Return code and name of each domain, in the order of the tool."""
    return [(one.code, used.text(one.title)) for one in used.domains]


def domain_chart(last: Visit | None, scores: Mapping[str, Decimal | None], compared: Cohort | None) -> Bars | None:
    """Draw the scores of the newest visit, with the middle of the cohort across each."""
    if last is None or not scores:
        return None
    middles = compared.middles if compared else {}
    names = domain_names(tool.by_id(last.tool))
    rows = [(name, scores.get(code), middles.get(code)) for code, name in names]
    return charts.bars(
        _("Scores by domain, 0 to 100"), rows, value_name=_("This factory"), other_name=_("Middle of the others")
    )


def score_trend(visits: Sequence[Visit]) -> Trend | None:
    """Return the overall score from visit to visit, once there are two."""
    rows = [(date_format(one.visit_to, "M Y"), one.score) for one in reversed(visits) if one.final_at and one.score]
    if len(rows) < 2:
        return None
    return charts.trend(_("System strength from visit to visit, 0 to 100"), rows, value_name=_("Score"))


def actions_of(factory: Factory, audience: Audience, *, at: datetime) -> list[ActionLine]:
    """Return what was agreed with a factory as its page lists it, in one query."""
    today = clock.calendar_for(factory).local_day(at)
    return lines_of(list(AgreedAction.objects.filter(factory=factory)), today, expert=audience is Audience.EXPERT)


def lines_of(plan: Sequence[AgreedAction], today: date, *, expert: bool, leads: bool = True) -> list[ActionLine]:
    """Put buttons beside the actions that are not over, for whoever leads: who owns one does not confirm it."""
    own = "expert" if expert else "advisor"
    found = []
    for one in plan:
        if one.dropped_on or one.verified_on:
            found.append(ActionLine(one, False, False, False, False))
        else:
            done = one.done_on is not None
            late = not done and one.due_on < today
            may_confirm = leads and done and one.owner != own
            found.append(ActionLine(one, late, leads and not done, may_confirm, leads and not done))
    over = [line for line in found if line.action.dropped_on or line.action.verified_on]
    return [*(line for line in found if line not in over), *over]


def figures_url(factory: Factory) -> str:
    return reverse("casework:figures_factory", args=[factory.pk]) if factory.is_live else ""


def weakest_critical(assessment: Assessment) -> list[tuple[str, str]]:
    """Return the critical indicators with the lowest scores, for the action plan. Assessment, section 7.5."""
    of = tool.of_assessment(assessment)
    rows = assessment.scores.filter(indicator__in=of.critical, score__isnull=False).order_by("score", "indicator")
    return [(one.indicator, of.text(of.indicator(one.indicator).title)) for one in rows[:3]]
