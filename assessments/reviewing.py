"""The technical expert's part: settles, agrees with the conclusion or gives it back, decides the level with everything.

The expert's own level moves nothing that an advisor or the factory can see, nor when they see it. Assessment, 7.3.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from assessments import comparing, concluding, cycle, visits
from assessments.access import is_its_expert
from assessments.holding import VisitRefused, holding
from assessments.models import Assessment, AssessmentStage, ExpertReview, Level
from assessments.notes import refuse_names
from factories import seen

if TYPE_CHECKING:
    from accounts.models import Person


def review(assessment: Assessment, *, agrees: bool, by: Person, at: datetime, note: str = "") -> Assessment:
    """Answer a conclusion: agreed it is final; otherwise the assessors look again, with the expert's note."""
    with holding(assessment, AssessmentStage.REVIEW) as held:
        comparing.check_expert(held, by)
        note = refuse_names(note, held.factory)
        if not agrees and not note:
            raise VisitRefused(_("Write what the assessors should look at again."))
        if agrees and any(pair.for_the_expert for pair in comparing.pairs(held)):
            raise VisitRefused(_("Settle first the indicators on which the assessors are two or more apart."))
        asked = ExpertReview.objects.get(assessment=held)
        asked.done_by, asked.done_at, asked.agrees, asked.note = by, at, agrees, note
        asked.save()
        if agrees:
            concluding.finalise(held, at=at)
        else:
            held.stage, held.submitted_at = AssessmentStage.COMPARING, None
            held.save(update_fields=["stage", "submitted_at"])
            told = [seat.person for seat in held.assessors.select_related("person")]
            visits.tell(told, held, "visit_sent_back", at=at, again=at.isoformat())
        cycle.after_review(held, at=at)
        return held


def shown_level(assessment: Assessment) -> str:
    """Name what a page shows of the level with every signal, for its form to bring back."""
    return seen.mark(assessment.level, assessment.level_reasons)


def decide_level(
    assessment: Assessment, level: str, *, by: Person, at: datetime, reasons: str = "", shown: str = ""
) -> Assessment:
    """Decide, as a technical expert, the level with every signal. Experts alone ever see it.

    `shown` is what the page of whoever decides showed (`shown_level`): what another expert decided since stays.
    """
    with holding(assessment, AssessmentStage.REVIEW, AssessmentStage.FINAL) as held:
        if held.is_self:
            raise VisitRefused(_("A self-assessment concludes nothing on likelihood."))
        if not is_its_expert(by, held.factory):
            raise VisitRefused(_("Only a technical expert of this country can do this."))
        if level not in Level.values:
            raise VisitRefused(_("Choose the level that you conclude."))
        if seen.is_other(shown, held.level, held.level_reasons):
            raise VisitRefused(
                _("Another expert has decided this level since you opened the page. Read it; yours is still below.")
            )
        reasons = refuse_names(reasons, held.factory)
        if level != held.rule_level and not reasons:
            raise VisitRefused(_("You decide on another level than the rule. Write why; other experts read it."))
        held.level, held.level_reasons, held.level_by, held.level_at = level, reasons, by, at
        held.save(update_fields=["level", "level_reasons", "level_by", "level_at"])
        if held.stage == AssessmentStage.FINAL:
            cycle.after_review(held, at=at)
        return held
