"""How it was for them: counted by factory and quarter, without a case. Indicators, F28."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class SatisfactionTally(models.Model):
    """How many said at closing how it was, and how many of them gave 4 or 5 of 5.

    What she answered lies sealed in her inbox. Here only two numbers grow: no case, no day, no single value, and
    nobody is shown a number before its quarter is over and small numbers are hidden. Outside cases count without
    their factory, so that its number never moves with a case that does not exist for it.
    """

    factory = models.ForeignKey("factories.Factory", null=True, on_delete=models.PROTECT, related_name="+")
    country = models.ForeignKey("factories.CountryPack", on_delete=models.PROTECT, related_name="+")
    quarter = models.CharField(max_length=6)  # As 2026Q3.
    answers = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["factory", "country", "quarter"], nulls_distinct=False, name="satisfaction_once_per_quarter"
            ),
            models.CheckConstraint(name="satisfaction_quarter_known", condition=Q(quarter__regex=r"^20\d\dQ[1-4]$")),
            models.CheckConstraint(name="satisfaction_good_among_answers", condition=Q(good__lte=F("answers"))),
        ]
