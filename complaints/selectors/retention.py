"""What is kept longer than its time, for the experts who answer for it."""

from __future__ import annotations

from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q

from accounts.models import Person
from complaints.casecodes import Role
from complaints.models import Assignment, LegalHold

ON_A_PAGE = 50
OUTSIDE = (Role.TECHNICAL_EXPERT, Role.SAFEGUARDING_LEAD)


def holds_for(person: Person, *, at: datetime, page: int) -> Page[LegalHold]:
    """The legal holds that stand on cases which show to this person, the first to end on top."""
    mine = Assignment.objects.showing(person, at=at).filter(role__in=OUTSIDE).values("case")
    placed = Q(case__in=mine) | Q(placed_by=person)
    standing = LegalHold.objects.filter(placed, ended_on=None, ends_on__gte=at.date())
    found = standing.select_related("case", "placed_by").order_by("ends_on", "pk")
    return Paginator(found, ON_A_PAGE).get_page(page)
