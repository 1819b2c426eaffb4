"""What visits put up for people who sign in: words of their notices, links, things to do. Read once, at the start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import signposts
from accounts.signposts import Todo
from assessments import access
from assessments.models import Assessment, AssessmentStage, ExpertReview, PlaceGrant, PlaceReview
from factories import clock, people
from factories.models import FactoryRole, OutsideRole

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import Person


def visit_page(pk: UUID) -> str:
    return reverse("assessments:visit", args=[pk])


def screen_page(pk: UUID) -> str:
    return reverse("assessments:screen_look", args=[pk])


NOTICES = {
    "visit_planned": _("A visit is planned with you: say whether you have a conflict of interest"),
    "visit_moved": _("A visit of yours has other days"),
    "visit_lacks_assessor": _("An assessor stepped back from a visit: find somebody else"),
    "visit_dropped": _("A visit of yours is not held"),
    "visit_compare": _("Both assessors have handed in: compare"),
    "visit_settle": _("Two assessors are far apart on an indicator: settle it"),
    "visit_review": _("A conclusion waits for your review"),
    "visit_sent_back": _("The expert asks you to look at your conclusion again"),
    "visit_given_back": _("The results of a visit to your factory are there"),
    "visit_final": _("An assessment is final: give the results back"),
}
for kind, words in NOTICES.items():
    signposts.notice(kind, words, visit_page)
signposts.notice("place_screen", _("A safeguarding screen came from a visit: look at it today"), screen_page)
signposts.link(
    [OutsideRole.ADVISOR, OutsideRole.TECHNICAL_EXPERT, *FactoryRole.values], "assessments:visits", _("Assessments")
)
signposts.link([OutsideRole.SAFEGUARDING_LEAD], "assessments:screens", _("Safeguarding screens"))


@signposts.todos_from
def visits_in_work(person: Person, roles: set[str], at: datetime) -> Iterator[Todo]:
    """Assessors: what the visit waits for from them; experts: reviews and settling; leads: screens nobody looked at."""
    if roles & {OutsideRole.ADVISOR, OutsideRole.TECHNICAL_EXPERT}:
        yield from _of_assessor(person, at)
    if OutsideRole.TECHNICAL_EXPERT in roles:
        yield from _of_expert(person, at)
    if OutsideRole.SAFEGUARDING_LEAD in roles:
        yield from _of_lead(person, at)


def _of_assessor(person: Person, at: datetime) -> Iterator[Todo]:
    mine = Assessment.objects.open().from_outside().filter(assessors__person=person)
    mine = mine.select_related("factory__country").prefetch_related("assessors")
    for visit in mine.order_by("visit_from")[:20]:
        seat = next(one for one in visit.assessors.all() if one.person_id == person.pk)
        today = clock.calendar_for(visit.factory).local_day(at)
        names = {"factory": visit.factory.name}
        url = visit_page(visit.pk)
        if visit.stage == AssessmentStage.PLANNED and seat.no_conflict_on is None:
            yield Todo(_("%(factory)s: say whether you have a conflict of interest") % names, url, visit.visit_from)
        elif visit.stage == AssessmentStage.PLANNED and visit.visit_from <= today:
            yield Todo(_("%(factory)s: begin the visit") % names, url, visit.visit_from, visit.visit_to < today)
        elif visit.stage == AssessmentStage.SCORING and seat.submitted_at is None:
            late = visit.visit_to < today
            yield Todo(_("%(factory)s: score alone and hand in") % names, url, visit.visit_to, late)
        elif visit.stage == AssessmentStage.COMPARING:
            yield Todo(_("%(factory)s: compare and conclude") % names, url, None)


def _of_expert(person: Person, at: datetime) -> Iterator[Todo]:
    asked = ExpertReview.objects.filter(
        assessment__stage=AssessmentStage.REVIEW, assessment__factory__country__in=people.countries_of(person)
    ).exclude(assessment__assessors__person=person)
    for review in asked.select_related("assessment__factory__country").order_by("due_on")[:20]:
        words = _("%(factory)s: review the conclusion") % {"factory": review.assessment.factory.name}
        url = reverse("assessments:review", args=[review.assessment_id])
        late = review.due_on < clock.calendar_for(review.assessment.factory).local_day(at)
        yield Todo(words, url, review.due_on, late)


def _of_lead(person: Person, at: datetime) -> Iterator[Todo]:
    held = PlaceGrant.objects.filter(review=OuterRef("pk"), holder=person)
    waiting = PlaceReview.objects.filter(Exists(held), country__in=access.screens_of(person), looked_at=None)
    for review in waiting.select_related("assessment__factory__country").order_by("received_at")[:20]:
        words = _("%(factory)s: look at the safeguarding screen") % {"factory": review.assessment.factory.name}
        here = clock.calendar_for(review.assessment.factory)
        day = here.local_day(review.received_at)
        yield Todo(words, screen_page(review.pk), day, day < here.local_day(at))
