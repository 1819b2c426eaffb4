"""A factory assesses itself: the same forty indicators, without signals, level and screen.

It never overwrites an assessment from outside; the gap between the two is something to learn from. Section 9.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from assessments import tool
from assessments.access import is_its_member
from assessments.holding import VisitRefused
from assessments.models import Assessment, AssessmentStage, Assessor, Kind
from factories import clock
from factories.models import Factory, Membership

if TYPE_CHECKING:
    from accounts.models import Person


def begin(factory: Factory, *, by: Person, at: datetime) -> Assessment:
    """Begin a self-assessment, or give the one that is open at this factory."""
    if not is_its_member(by, factory):
        raise VisitRefused(_("Only people who act for this factory assess it themselves."))
    today = clock.calendar_for(factory).local_day(at)
    with transaction.atomic():
        Factory.objects.select_for_update(no_key=True).get(pk=factory.pk)
        mine = Assessment.objects.filter(factory=factory, kind=Kind.SELF)
        begun = mine.open().first()
        if begun is not None and not _still_here(begun):
            # Whoever began it works here no more and nobody else could go on: it is let go, and another begins.
            begun.stage = AssessmentStage.DROPPED
            begun.save(update_fields=["stage"])
            begun = None
        if begun is not None:
            if not begun.assessors.filter(person=by).exists():
                raise VisitRefused(_("A colleague is filling in a self-assessment. Do it together on one screen."))
            return begun
        if mine.filter(visit_from=today).exclude(stage=AssessmentStage.DROPPED).exists():
            raise VisitRefused(_("Your factory has assessed itself today already. Look at that one first."))
        made = Assessment.objects.create(
            factory=factory,
            tool=tool.current(today),
            kind=Kind.SELF,
            stage=AssessmentStage.SCORING,
            visit_from=today,
            visit_to=today,
            made_by=by,
            made_at=at,
        )
        Assessor.objects.create(assessment=made, person=by)
        return made


def _still_here(begun: Assessment) -> bool:
    current = Membership.objects.current().filter(factory=begun.factory_id, person=OuterRef("person"))
    return begun.assessors.filter(Exists(current)).exists()


def gap(own: Assessment, outside: Assessment) -> list[tuple[str, Decimal | None, Decimal | None]]:
    """Return domain by domain what the factory says of itself and what was found from outside."""
    said = dict(own.domain_scores.values_list("domain", "score"))
    found = dict(outside.domain_scores.values_list("domain", "score"))
    return [(one.code, said.get(one.code), found.get(one.code)) for one in tool.of_assessment(own).domains]
