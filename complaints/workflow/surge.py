"""Setting a burst aside, and taking it back: one reversible act of a technical expert, never case by case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints import deadlines, events
from complaints.casecodes import EventKind
from complaints.models import Burst, Case
from complaints.workflow.step import StepRefused
from factories import people


def set_aside(burst: Burst, *, by: Person, at: datetime) -> int:
    """Set aside what came in one surge: clocks pause, her page says that it waits. Returns how many cases."""
    with transaction.atomic():
        burst = _locked(burst, by)
        if burst.set_aside_at and not burst.taken_back_at:
            raise StepRefused(_("This surge is set aside already."))
        cases = list(burst.cases.open().filter(set_aside_at=None).select_for_update(no_key=True).order_by("pk"))
        for case in cases:
            case.set_aside_at = at
            case.save(update_fields=["set_aside_at"])
            deadlines.pause(case, at=at, everything=True)
            events.record(case, EventKind.SET_ASIDE, by=by, at=at)
        burst.set_aside_by, burst.set_aside_at, burst.taken_back_at = by, at, None
        burst.save()
    return len(cases)


def take_back(burst: Burst, *, by: Person, at: datetime) -> int:
    """Let everything that was set aside with this surge go on."""
    with transaction.atomic():
        burst = _locked(burst, by)
        cases: list[Case] = list(burst.cases.exclude(set_aside_at=None).select_for_update(no_key=True).order_by("pk"))
        for case in cases:
            case.set_aside_at = None
            case.save(update_fields=["set_aside_at"])
            deadlines.go_on(case, at=at)
            events.record(case, EventKind.TAKEN_OUT, by=by, at=at)
        burst.taken_back_at = at
        burst.save()
    return len(cases)


def _locked(burst: Burst, by: Person) -> Burst:
    if not people.is_expert(by):
        raise StepRefused(_("Only a technical expert sets a surge aside."))
    return Burst.objects.select_for_update().get(pk=burst.pk)
