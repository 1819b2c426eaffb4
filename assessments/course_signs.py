"""What the course and the tool put up for people who sign in: a link, and the course before a first visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import signposts
from accounts.signposts import Todo
from assessments import course
from assessments.models import Assessment
from factories import clock
from factories.models import OutsideRole

if TYPE_CHECKING:
    from accounts.models import Person

signposts.link([OutsideRole.PROGRAMME_LEAD], "assessments:agreement", _("Agreement"))


@signposts.todos_from
def course_first(person: Person, roles: set[str], at: datetime) -> Iterator[Todo]:
    """Whoever is named for a visit and has not passed the test: the course, before the visit begins."""
    if not roles & {OutsideRole.ADVISOR, OutsideRole.TECHNICAL_EXPERT} or course.may_assess(person, at):
        return
    mine = Assessment.objects.open().from_outside().of_assessor(person)
    first = mine.select_related("factory__country").order_by("visit_from").first()
    if first is not None:
        words = _("Read the short course and pass its test before your first visit")
        late = first.visit_from <= clock.calendar_for(first.factory).local_day(at)
        yield Todo(words, reverse("assessments:course"), first.visit_from, late)
