"""After both have handed in: what they agree on counts, with its cap; where they are far apart the expert settles.

First scores stay as they were; agreement between assessors is measured on them. Assessment, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from assessments import scoring, tool, visits
from assessments.access import is_its_expert
from assessments.holding import VisitRefused, holding, seat_of
from assessments.models import Assessment, AssessmentStage, Assessor, FirstScore, Score
from assessments.notes import refuse_names
from assessments.tool import Indicator
from factories import people

if TYPE_CHECKING:
    from accounts.models import Person


@dataclass(frozen=True)
class Pair:
    """One indicator with what each assessor gave it alone, and what was agreed since."""

    indicator: Indicator
    firsts: list[tuple[Assessor, FirstScore | None]]
    agreed: Score | None

    @property
    def given(self) -> list[int | None]:
        return [first.score if first else None for _seat, first in self.firsts]

    @property
    def far_apart(self) -> bool:
        return len(self.given) == 2 and scoring.differ(*self.given)

    @property
    def is_settled(self) -> bool:
        return self.agreed is not None and (self.agreed.given is not None or bool(self.agreed.not_assessed))

    @property
    def same(self) -> bool:
        return len(set(self.given)) == 1

    @property
    def choices(self) -> list[int | None]:
        """What can be agreed on: what one of them gave (None: not assessed)."""
        return sorted(set(self.given), key=lambda one: -1 if one is None else one)

    @property
    def reasons(self) -> list[tuple[Assessor, str]]:
        kept = self.agreed.reasons if self.agreed else {}
        return [(seat, kept.get(str(seat.pk), "")) for seat, _first in self.firsts]

    @property
    def lacks_reason_of(self) -> list[Assessor]:
        return [seat for seat, text in self.reasons if not text] if self.far_apart else []

    @property
    def for_the_expert(self) -> bool:
        return self.far_apart and not self.is_settled and not self.lacks_reason_of


def pairs(assessment: Assessment) -> list[Pair]:
    """Return every indicator with both first scores and what was agreed, in the order of the tool: three queries."""
    seats = list(assessment.assessors.select_related("person").order_by("pk"))
    firsts = {(one.assessor_id, one.indicator): one for one in FirstScore.objects.filter(assessor__in=seats)}
    agreed = {one.indicator: one for one in assessment.scores.select_related("settled_by")}
    return [
        Pair(one, [(seat, firsts.get((seat.pk, one.code))) for seat in seats], agreed.get(one.code))
        for one in tool.of_assessment(assessment).indicators
    ]


def open_pairs(assessment: Assessment) -> list[Pair]:
    """Return the indicators on which something is still to be said before the assessors can conclude."""
    return [pair for pair in pairs(assessment) if not pair.is_settled and not pair.for_the_expert]


def begin(held: Assessment, *, at: datetime) -> None:
    """Let the assessors see each other's scores; what both gave alike is agreed. The assessment is locked."""
    held.stage = AssessmentStage.COMPARING
    held.save(update_fields=["stage"])
    same = [pair for pair in pairs(held) if pair.same]
    Score.objects.bulk_create(_counted(held, pair, pair.given[0]) for pair in same)
    if not held.is_self:
        visits.tell([seat.person for seat in held.assessors.select_related("person")], held, "visit_compare", at=at)


def agree(assessment: Assessment, indicator: str, given: int | None, *, seen: Any, by: Person, at: datetime) -> Score:
    """Record what the two agreed on where they differ by less than two; `given` None is not assessed.

    `seen` is the agreed score on the page it was chosen on, "" where there was none: what the other assessor recorded
    in the meantime is never overwritten unseen.
    """
    with holding(assessment, AssessmentStage.COMPARING) as held:
        seat_of(held, by)
        pair = _pair(held, indicator)
        if pair.far_apart:
            raise VisitRefused(
                _("You differ by two or more on %(code)s. Each of you writes the reason; the expert settles it.")
                % {"code": indicator}
            )
        if given not in pair.given:
            raise VisitRefused(_("Agree on one of the two scores that were given alone."))
        now = _stands(pair.agreed)
        if now != seen and now != _as_seen(given):
            raise VisitRefused(
                _("The other assessor has recorded another score for %(code)s meanwhile. Talk, then choose again.")
                % {"code": indicator}
            )
        return _keep(held, pair, given)


def give_reason(assessment: Assessment, indicator: str, text: str, *, by: Person, at: datetime) -> None:
    """Write down why one gave this score, where the two differ by two or more."""
    with holding(assessment, AssessmentStage.COMPARING) as held:
        seat, pair = seat_of(held, by), _pair(held, indicator)
        if not pair.far_apart or pair.is_settled:
            raise VisitRefused(_("No reason is needed for %(code)s any more.") % {"code": indicator})
        text = refuse_names(text, held.factory)
        if not text:
            raise VisitRefused(_("Write your reason for this score, without names."))
        kept = pair.agreed or Score(assessment=held, indicator=indicator)
        kept.reasons = kept.reasons | {str(seat.pk): text}
        kept.save()
        if all(str(other.pk) in kept.reasons for other, _first in pair.firsts):
            visits.tell(experts_for(held), held, "visit_settle", at=at)


def settle(assessment: Assessment, indicator: str, given: int, *, by: Person, at: datetime) -> Score:
    """Decide, as the technical expert, which score counts where the assessors are two or more apart."""
    with holding(assessment, AssessmentStage.COMPARING, AssessmentStage.REVIEW) as held:
        check_expert(held, by)
        pair = _pair(held, indicator)
        if not pair.far_apart:
            raise VisitRefused(_("The assessors are not two or more apart on %(code)s.") % {"code": indicator})
        if pair.lacks_reason_of:
            raise VisitRefused(_("Both assessors write their reason first."))
        if pair.is_settled:
            raise VisitRefused(_("Somebody has settled %(code)s already. That stays.") % {"code": indicator})
        low, high = sorted(one for one in pair.given if one is not None)
        if not low <= given <= high:
            raise VisitRefused(_("Choose a score between the two that were given."))
        kept = _keep(held, pair, given)
        kept.settled_by, kept.settled_at = by, at
        kept.save(update_fields=["settled_by", "settled_at"])
        return kept


def experts_for(assessment: Assessment) -> list[Person]:
    """Return the technical experts who may settle and review: not those who scored, where there is another."""
    everybody = list(people.experts(assessment.factory.country, vouched=False))
    scored = {seat.person_id for seat in assessment.assessors.all()}
    return [one for one in everybody if one.pk not in scored] or everybody


def check_expert(held: Assessment, by: Person) -> None:
    """Refuse who is no technical expert of the country, or scored on this visit while another expert is there."""
    if not is_its_expert(by, held.factory):
        raise VisitRefused(_("Only a technical expert of this country can do this."))
    if by.pk not in {one.pk for one in experts_for(held)}:
        raise VisitRefused(_("You scored on this visit. Another technical expert of the country looks at it."))


def _pair(held: Assessment, indicator: str) -> Pair:
    found = next((pair for pair in pairs(held) if pair.indicator.code == indicator), None)
    if found is None:
        raise VisitRefused(_("This version of the tool does not know this. Load the page again."))
    return found


def _keep(held: Assessment, pair: Pair, given: int | None) -> Score:
    counted = _counted(held, pair, given)
    kept = pair.agreed or counted
    for name in ("given", "score", "not_assessed", "sources", "cap"):
        setattr(kept, name, getattr(counted, name))
    kept.save()
    return kept


def _counted(held: Assessment, pair: Pair, given: int | None) -> Score:
    """Make the score as it counts: the evidence of both together, and the cap that follows from it."""
    firsts = [first for _seat, first in pair.firsts if first is not None]
    code = pair.indicator.code
    if given is None:
        why = next((first.not_assessed for first in firsts if first.not_assessed), "")
        return Score(assessment=held, indicator=code, not_assessed=why)
    sources = sorted({source for first in firsts if first.score is not None for source in first.sources})
    score, cap = scoring.cap(code, given, sources)
    return Score(assessment=held, indicator=code, given=given, score=score, sources=sources, cap=cap)


def _stands(agreed: Score | None) -> str:
    return "" if agreed is None else _as_seen(agreed.given)


def _as_seen(given: int | None) -> str:
    return "none" if given is None else str(given)
