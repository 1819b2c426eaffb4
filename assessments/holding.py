"""The shape of every change to an assessment: lock its row, check where it stands, write, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Assessment, AssessmentStage, Assessor
from factories import clock

if TYPE_CHECKING:
    from accounts.models import Person


class VisitRefused(Exception):
    """This cannot be done with the assessment now; says why, in a whole sentence for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@contextmanager
def holding(assessment: Assessment, *stages: str) -> Iterator[Assessment]:
    """Lock the assessment and give its row as it is now; refuse unless it stands at one of these stages."""
    with transaction.atomic():
        held = (
            Assessment.objects.select_for_update(no_key=True, of=("self",))
            .select_related("factory__country")
            .get(pk=assessment.pk)
        )
        if stages and held.stage not in stages:
            raise VisitRefused(where_it_stands(held.stage))
        yield held


def where_it_stands(stage: str) -> str:
    """Say why something is not possible at this stage."""
    return {
        AssessmentStage.PLANNED.value: _("This visit has not begun yet. Begin it first."),
        AssessmentStage.SCORING.value: _("The assessors still score, each alone. Wait until both have handed in."),
        AssessmentStage.COMPARING.value: _("Both assessors have handed in. What each scored alone stays as it was."),
        AssessmentStage.REVIEW.value: _("The conclusion is with the technical expert now. Wait for the answer."),
        AssessmentStage.FINAL.value: _("This assessment is final. It is not changed any more."),
        AssessmentStage.DROPPED.value: _("This visit is not held. Plan another one."),
    }[stage]


def seat_of(assessment: Assessment, person: Person) -> Assessor:
    """Return this person's place among the assessors, or refuse."""
    found = Assessor.objects.filter(assessment=assessment, person=person).first()
    if found is None:
        raise VisitRefused(_("Only the assessors of this visit can do this."))
    found.person = person
    return found


def local_day(assessment: Assessment, at: datetime) -> date:
    """Return the day it is at the factory of this assessment. What a device thinks is no matter."""
    return clock.calendar_for(assessment.factory).local_day(at)
