"""How long content is kept: legal holds. The dates themselves stand on the case. Workflow, section 15."""

from __future__ import annotations

import calendar
import uuid
from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q

from complaints.casecodes import HoldReason

LONGEST_HOLD = timedelta(days=366)
KEPT_MONTHS = 12  # One period for all content: a longer one for grave cases would tell which are grave.


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class LegalHold(models.Model):
    """A documented reason to keep content longer: reason code, person, and an end at most twelve months ahead."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="legal_holds")
    reason = models.CharField(max_length=16, choices=HoldReason)
    placed_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    placed_on = models.DateField()
    ends_on = models.DateField()
    ended_on = models.DateField(null=True)  # Before its time.
    ended_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="legalhold_reason_known", condition=Q(reason__in=HoldReason.values)),
            models.CheckConstraint(
                name="legalhold_ends_within_a_year",
                condition=Q(ends_on__gt=F("placed_on")) & Q(ends_on__lte=F("placed_on") + LONGEST_HOLD),
            ),
        ]
