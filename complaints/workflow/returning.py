"""She looked at her page again after a person had answered: the day, once. F13 counts how often people do."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from complaints.casecodes import EventKind
from complaints.models import Case, Event

BY_A_PERSON = (EventKind.ACKNOWLEDGED, EventKind.MESSAGE_SENT)


def note_return(case: Case, *, at: datetime) -> None:
    """Keep the day of her first visit after the first human message, and never its minute. Harmless twice."""
    if case.came_back_on is not None:
        return
    written = Event.objects.filter(case=OuterRef("pk"), kind__in=BY_A_PERSON)
    Case.objects.filter(Exists(written), pk=case.pk, came_back_on=None).update(came_back_on=case.local_day(at))
