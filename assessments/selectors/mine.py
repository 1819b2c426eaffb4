"""The page of a factory for those who work there: what they did, how they are seen, and what is agreed.

Of an outside assessment only what was given back, only `level_factory`, and never a signal. Assessment, sections 1, 7.3
and 9; indicators, section 2 (compliance view).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from assessments import access, advice, charts, compliance, silence_flags, tool
from assessments.advice import Advice
from assessments.charts import Bars
from assessments.models import ActionOwner, AgreedAction, Assessment, AssessmentStage, Kind, SilenceVersion
from assessments.selectors import factory as outside
from assessments.selectors.factory import ActionLine
from complaints.statistics import Audience
from factories import clock
from factories.models import Factory
from factories.package import lines as dates
from factories.package import progress, words
from factories.package.patterns import Line
from factories.package.progress import Progress

GAP = 15  # Points of 100 from which on a difference is worth a talk.


@dataclass(frozen=True)
class ActivityLine:
    """One activity with its days, in words of the factory."""

    name: str
    line: Line
    done: bool
    late: bool


@dataclass(frozen=True)
class OwnPage:
    """Everything the page shows."""

    progress: Progress
    activities: Sequence[ActivityLine]
    actions: Sequence[ActionLine]
    last: Assessment | None
    own: Assessment | None
    begun: bool  # A self-assessment is open.
    beside: Bars | None
    learning: Sequence[str]
    advice: Advice | None
    compliance: compliance.View | None
    quiet: str


def page(factory: Factory, *, at: datetime) -> OwnPage:
    """Return a factory's own page, in a constant number of queries."""
    today = clock.calendar_for(factory).local_day(at)
    lines = dates.of(factory)
    shown = list(
        Assessment.objects.filter(access.given_back(), factory=factory)
        .exclude(stage=AssessmentStage.DROPPED)
        .only("kind", "visit_to", "final_at", "overall_score", "strength", "level_factory", "confidence_factory",
              "stage", "tool", "given_back_on", "visit_from", "factory")
        .order_by("-visit_to", "-final_at")
    )  # fmt: skip
    last = next((one for one in shown if one.kind != Kind.SELF), None)
    own = next((one for one in shown if one.kind == Kind.SELF and one.stage == AssessmentStage.FINAL), None)
    beside, learning = _side_by_side(last, own)
    quiet = silence_flags.up(Audience.FACTORY, [factory.pk]).get(factory.pk, {}).get(SilenceVersion.FACTORY)
    return OwnPage(
        progress=progress.reckon(lines, today),
        activities=[_activity(line, today) for line in lines if not line.dropped],
        actions=actions_of(factory, today),
        last=last,
        own=own,
        begun=any(one.stage != AssessmentStage.FINAL for one in shown),
        beside=beside,
        learning=learning,
        advice=advice.for_level(last.level_factory) if last else None,
        compliance=compliance.view(factory.pk),
        quiet=str(silence_flags.SAYS) if quiet else "",
    )


def _activity(line: Line, today: date) -> ActivityLine:
    done = line.is_done(today)
    late = not done and line.due_on is not None and line.due_on < today
    return ActivityLine(str(words.ACTIVITIES[line.code].name), line, done, late)


def actions_of(factory: Factory, today: date) -> list[ActionLine]:
    """What was agreed; what the factory itself does, it may say done."""
    found = []
    for one in AgreedAction.objects.filter(factory=factory):
        over = one.dropped_on or one.verified_on
        waits = not over and one.done_on is None
        theirs = one.owner not in (ActionOwner.ADVISOR, ActionOwner.EXPERT)
        found.append(ActionLine(one, waits and one.due_on < today, waits and theirs, False, False))
    return sorted(found, key=lambda line: bool(line.action.dropped_on or line.action.verified_on))


def _side_by_side(last: Assessment | None, own: Assessment | None) -> tuple[Bars | None, list[str]]:
    """Put what the factory says about itself beside what was found from outside, as something to learn from."""
    newest = own or last
    if newest is None:
        return None, []
    scores = outside.domain_scores([one.pk for one in (last, own) if one])
    from_outside = scores.get(last.pk, {}) if last else {}
    from_inside = scores.get(own.pk, {}) if own else {}
    names = outside.domain_names(tool.by_id(newest.tool_id))
    rows = [(name, from_outside.get(code), from_inside.get(code)) for code, name in names]
    chart = charts.bars(
        _("Scores by domain, 0 to 100"), rows, value_name=_("From outside"), other_name=_("You"), paired=True
    )
    higher = [bar.name for bar in chart.bars if bar.gap is not None and bar.gap <= -GAP]
    lower = [bar.name for bar in chart.bars if bar.gap is not None and bar.gap >= GAP]
    learning = []
    if higher:
        said = _(
            "You see yourselves higher than the visit did: %(names)s. Ask workers what they would need to see it so."
        )
        learning.append(said % {"names": ", ".join(higher)})
    if lower:
        said = _("The visit found more than you see yourselves: %(names)s. What works there may help elsewhere.")
        learning.append(said % {"names": ", ".join(lower)})
    return chart, learning
