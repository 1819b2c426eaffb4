"""The inquiry in the clear: who runs it, and how many things are said to have happened. What they are is sealed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from complaints.codes import FindingResult


class Inquirer(models.Model):
    """Somebody who takes part in an inquiry; whoever does never decides about it. Workflow, sections 3.5 and 16."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="inquirers")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="inquirer_once")]


class Allegation(models.Model):
    """One thing said to have happened, by its number. Each gets one finding; the words are entries."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="allegations")
    number = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=24, choices=FindingResult, blank=True)  # Empty: no finding yet.
    found_on = models.DateField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="allegation_numbered_once"),
            models.CheckConstraint(
                name="allegation_result_known", condition=Q(result="") | Q(result__in=FindingResult.values)
            ),
            models.CheckConstraint(
                name="allegation_found_has_day",
                condition=Q(result="", found_on=None) | (~Q(result="") & Q(found_on__isnull=False)),
            ),
        ]
