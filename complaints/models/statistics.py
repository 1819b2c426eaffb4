"""Frozen figures: written once, never changed (the database itself refuses it). Indicators, section 4."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StatScope(models.TextChoices):
    """Whose figures they are."""

    FACTORY = "factory", _("Factory")
    EXPERTS = "experts", _("Cases handled outside")
    COUNTRY = "country", _("Country")
    PROGRAMME = "programme", _("Programme")
    SAFEGUARDING = "safeguarding", _("Safeguarding")


class StatQuarter(models.Model):
    """A quarter whose figures are frozen. There is one row, so they are computed once."""

    quarter = models.CharField(max_length=6, primary_key=True)
    computed_on = models.DateField()
    version = models.CharField(max_length=8)

    class Meta:
        ordering = ["quarter"]
        constraints = [
            models.CheckConstraint(name="statquarter_is_a_quarter", condition=Q(quarter__regex=r"^20\d\dQ[1-4]$"))
        ]


class StatSnapshot(models.Model):
    """One number of one quarter, before anything of it is hidden. Only `complaints.statistics` reads it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    quarter = models.ForeignKey(StatQuarter, on_delete=models.PROTECT, related_name="+")
    span = models.PositiveSmallIntegerField()  # Quarters it looks at: this one, or the four that end with it.
    scope = models.CharField(max_length=16, choices=StatScope)
    factory = models.ForeignKey("factories.Factory", null=True, on_delete=models.PROTECT, related_name="+")
    country = models.ForeignKey("factories.CountryPack", null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=12)
    part = models.CharField(max_length=24, blank=True)  # One cell of a breakdown.
    num = models.PositiveIntegerField()
    den = models.PositiveIntegerField()
    value = models.DecimalField(max_digits=10, decimal_places=2, null=True)  # A median.
    behind = models.PositiveIntegerField(default=0)  # Factories in a group; quarters of a factory (F1).
    largest = models.PositiveIntegerField(default=0)  # What one factory has of a group's denominator, at most.

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quarter", "scope", "factory", "country", "code", "part", "span"],
                nulls_distinct=False,
                name="statsnapshot_once",
            ),
            models.CheckConstraint(name="statsnapshot_scope_known", condition=Q(scope__in=StatScope.values)),
            models.CheckConstraint(name="statsnapshot_one_or_four_quarters", condition=Q(span__in=[1, 4])),
            models.CheckConstraint(
                name="statsnapshot_scope_has_its_place",
                condition=Q(scope="factory", factory__isnull=False, country=None)
                | Q(scope__in=["experts", "country"], factory=None, country__isnull=False)
                | Q(scope__in=["programme", "safeguarding"], factory=None, country=None),
            ),
        ]
