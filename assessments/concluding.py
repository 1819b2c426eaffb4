"""The assessors conclude: the rule proposes a level from the signals of both, they decide `level_factory`, and say why.

Everything an advisor or the factory may ever see of likelihood follows from the signals that count for
`level_factory`. The level with every signal is decided by the technical expert alone, before or after the assessment
is final, so that nothing from outside moves `level_factory` or its date. Assessment, sections 4 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from assessments import comparing, cycle, likelihood, scoring, tool, visits
from assessments.holding import VisitRefused, holding, seat_of
from assessments.likelihood import Found, Missing
from assessments.models import (
    Assessment,
    AssessmentStage,
    DomainScore,
    ExpertReview,
    Level,
    Looked,
    PlaceReview,
    SignalMark,
    SilenceFlag,
    SilenceVersion,
)
from assessments.notes import refuse_names

if TYPE_CHECKING:
    from accounts.models import Person

SILENCE = "S24"


@dataclass(frozen=True)
class Proposal:
    """What the rule says on the evidence of both assessors."""

    rule_level: Level  # With every signal: for experts.
    rule_level_factory: Level
    complete: bool
    missing: list[Missing]
    confidence: str
    found: list[Found]
    enough_women: bool | None
    alone: list[str]

    @property
    def for_factory(self) -> list[Found]:
        return [one for one in self.found if one.for_factory]


def propose(assessment: Assessment) -> Proposal:
    """Run the rule on what both assessors marked and counted."""
    used = tool.of_assessment(assessment)
    seats = list(assessment.assessors.all())
    marks = list(SignalMark.objects.filter(assessor__in=seats))
    types = likelihood.types_used(used, assessment.scores.values_list("sources", flat=True), marks)
    is_rehearsed = likelihood.rehearsed(marks)
    missing = likelihood.missing(
        assessment, used.sample_for(assessment.headcount or 1), types, is_rehearsed=is_rehearsed
    )
    found = [*likelihood.found(used, marks), *_silence(assessment, used)]
    level, level_factory = likelihood.versions(found, not missing)
    alone = [seat.level_alone for seat in seats]
    return Proposal(
        rule_level=level,
        rule_level_factory=level_factory,
        complete=not missing,
        missing=missing,
        confidence=likelihood.confidence(
            is_complete=not missing,
            alone=alone,
            types=types,
            off_site=assessment.interviews_off_site,
            is_rehearsed=is_rehearsed,
            restricted=bool(assessment.restrictions),
        ),
        found=sorted(found, key=lambda one: one.code),
        enough_women=likelihood.enough_women(assessment),
        alone=alone,
    )


def still_missing(assessment: Assessment) -> list[str]:
    """Return what the assessors have to do before they can conclude, in sentences; empty: nothing."""
    found = []
    codes = [pair.indicator.code for pair in comparing.open_pairs(assessment)]
    if codes:
        words = _("You have not agreed yet on these indicators: %(codes)s.")
        found.append(words % {"codes": ", ".join(codes)})
    if not assessment.headcount:
        found.append(_("Give the number of workers; it is more than 0."))
    if not PlaceReview.objects.filter(assessment=assessment).exists():
        found.append(_("Send the safeguarding screen first, also where nothing was met."))
    return found


def conclude(
    assessment: Assessment,
    *,
    level_factory: str,
    reasons: str,
    by: Person,
    at: datetime,
    departure_reasons: str = "",
) -> Assessment:
    """Decide `level_factory`: final at once, or after the technical expert's review where one is required."""
    with holding(assessment, AssessmentStage.COMPARING) as held:
        seat_of(held, by)
        missing = still_missing(held)
        if missing:
            raise VisitRefused(" ".join(missing))
        if level_factory not in Level.values:
            raise VisitRefused(_("Choose the level that you conclude."))
        reasons, departs = refuse_names(reasons, held.factory), refuse_names(departure_reasons, held.factory)
        if not reasons:
            raise VisitRefused(_("Write the reasons for this level, without names."))
        proposal = propose(held)
        if level_factory != proposal.rule_level_factory and not departs:
            raise VisitRefused(_("You decide on another level than the rule. Write why; the expert reads it."))
        held.complete = proposal.complete
        held.rule_level, held.rule_level_factory = proposal.rule_level, proposal.rule_level_factory
        held.level_factory = level_factory
        held.confidence = held.confidence_factory = proposal.confidence
        held.reasons = reasons
        held.departure_reasons = departs if level_factory != proposal.rule_level_factory else ""
        held.submitted_at = at
        why = _review_reasons(held, proposal)
        if why:
            _ask_expert(held, why, at)
        else:
            finalise(held, at=at)
        return held


def close_self(held: Assessment, *, at: datetime) -> None:
    """Close a self-assessment: what the factory says of itself counts as it stands, with its caps, and no level."""
    held.submitted_at = at
    finalise(held, at=at)


def finalise(held: Assessment, *, at: datetime) -> None:
    """Store what the scores come to and close the assessment, which is locked."""
    counted = dict(held.scores.values_list("indicator", "score"))
    totals = scoring.totals(tool.of_assessment(held), counted)
    DomainScore.objects.filter(assessment=held).delete()
    DomainScore.objects.bulk_create(
        DomainScore(assessment=held, domain=code, score=score) for code, score in totals.domains.items()
    )
    held.overall_score = totals.overall
    held.strength = totals.strength or ""
    held.stage, held.final_at = AssessmentStage.FINAL, at
    held.save()
    told = {seat.person_id: seat.person for seat in held.assessors.select_related("person")}
    if not held.is_self:
        if held.factory.advisor:
            told[held.factory.advisor.pk] = held.factory.advisor
        visits.tell(told.values(), held, "visit_final", at=at)
    cycle.after_final(held, at=at)


def level_for(assessment: Assessment) -> str:
    """Return which level an expert's advice follows: the higher of the two. Never for anybody else. Section 7.5."""
    both = [level for level in (assessment.level, assessment.level_factory) if level]
    return max(both, key=lambda level: likelihood.LEVELS.index(Level(level))) if both else ""


# ---------------------------------------------------------------------------------------------------------


def _silence(assessment: Assessment, used: tool.Tool) -> list[Found]:
    """Return S24 where a silence flag was up on the visit's last day: for the factory only by its own version."""
    if not used.has_signal(SILENCE):
        return []
    up = SilenceFlag.objects.filter(factory=assessment.factory_id, raised_on__lte=assessment.visit_to)
    up = up.exclude(ended_on__lte=assessment.visit_to)
    versions = set(up.values_list("version", flat=True))
    if not versions:
        return []
    signal = used.signal(SILENCE)
    flagged = Found(SILENCE, signal.grade, frozenset({"P"}))
    return [replace(flagged, for_factory=SilenceVersion.FACTORY in versions)]


def _review_reasons(held: Assessment, proposal: Proposal) -> list[str]:
    last = before(held)
    return [
        str(reason)
        for reason in likelihood.review_reasons(
            level=held.level_factory,
            by_rule=proposal.rule_level_factory,
            alone=proposal.alone,
            confidence=proposal.confidence,
            last_level=last.level_factory if last else "",
            last_confidence=last.confidence_factory if last else "",
            scores_differ=any(pair.for_the_expert for pair in comparing.pairs(held)),
        )
    ]


def before(assessment: Assessment) -> Assessment | None:
    """Return the last assessment from outside that was final before this one."""
    earlier = Assessment.objects.final().from_outside().filter(factory=assessment.factory_id)
    found: Assessment | None = (
        earlier.filter(visit_from__lt=assessment.visit_from).exclude(pk=assessment.pk).order_by("-visit_from").first()
    )
    return found


def _ask_expert(held: Assessment, why: list[str], at: datetime) -> None:
    held.stage = AssessmentStage.REVIEW
    held.save()
    due_on = cycle.review_due_on(held.factory, at)
    ExpertReview.objects.update_or_create(
        assessment=held,
        defaults={
            "reasons": why,
            "requested_at": at,
            "due_on": due_on,
            "done_by": None,
            "done_at": None,
            "agrees": None,
        },
    )
    asked = comparing.experts_for(held)
    visits.tell(asked, held, "visit_review", at=at, due_on=due_on, again=at.isoformat())
    cycle.review_asked(held, at=at)


def merged_marks(assessment: Assessment, *, for_expert: bool, mine: Person | None) -> list[tuple[str, str]]:
    """Return what became of each signal as this reader may see it: (signal, looked).

    An advisor reads the signals of the visit, and of what experts know from outside nothing but their own marks; with
    `mine` left empty not even those.
    """
    used = tool.of_assessment(assessment)
    best: dict[str, str] = {}
    order = [Looked.NOT_LOOKED, Looked.NOT_FOUND, Looked.PRESENT]
    for mark in SignalMark.objects.filter(assessor__assessment=assessment).select_related("assessor"):
        own = mine is not None and mark.assessor.person_id == mine.pk
        inside = used.has_signal(mark.signal) and used.signal(mark.signal).in_level_factory and not mark.outside_only
        if not (for_expert or own or inside):
            continue
        now = best.get(mark.signal, Looked.NOT_LOOKED)
        best[mark.signal] = max(now, mark.looked, key=lambda one: order.index(Looked(one)))
    for one in _silence(assessment, used):
        if for_expert or one.for_factory:
            best[one.code] = Looked.PRESENT
    return [(signal.code, best.get(signal.code, Looked.NOT_LOOKED)) for signal in used.signals]
