"""Scores: each assessor's own first, kept as they were, and the one that was agreed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.visit import Assessment, Assessor


class Source(models.TextChoices):
    """Where evidence comes from (closed list). Assessment, sections 3 and 7.2."""

    DOCUMENTS = "D", _("documents")
    MANAGEMENT = "M", _("management interview")
    WORKERS = "W", _("worker interview on site")
    # On-site and off-site interviews count as two sources for RP4 alone. Assessment, section 4.
    WORKERS_OFF_SITE = "WO", _("worker interview off-site")
    OBSERVATION = "O", _("observation")
    CASES = "C", _("committee and case records")
    TABLE_TOP = "T", _("table-top case")  # Counts as C, and caps CH1 to CH5 at 3.
    OUTSIDE = "X", _("outside informants")
    PLATFORM = "P", _("platform totals")


class NotAssessed(models.TextChoices):
    """Why an indicator has no score (closed list)."""

    NO_ACCESS = "no_access", _("We were not given access")
    NO_TIME = "no_time", _("There was not enough time")
    NOT_APPLICABLE = "not_applicable", _("It does not apply to this factory")
    TOO_FEW = "too_few", _("Too few people could answer")


class FirstScore(models.Model):
    """One assessor's own score of one indicator, before she or he saw the other's. Never changed afterwards.

    `version` rises with each change, and a device must name the one it changes: nothing overwrites silently.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessor = models.ForeignKey(Assessor, models.CASCADE, related_name="first_scores")
    indicator = models.CharField(max_length=6)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    not_assessed = models.CharField(max_length=16, choices=NotAssessed, blank=True)
    sources = ArrayField(models.CharField(max_length=2, choices=Source), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["indicator"]
        constraints = [
            models.UniqueConstraint(fields=["assessor", "indicator"], name="firstscore_once"),
            models.CheckConstraint(name="firstscore_within_scale", condition=Q(score=None) | Q(score__lte=4)),
            models.CheckConstraint(
                name="firstscore_score_or_reason",
                condition=Q(score=None, not_assessed__in=NotAssessed.values) | Q(score__isnull=False, not_assessed=""),
            ),
            models.CheckConstraint(
                name="firstscore_has_evidence",
                condition=Q(score=None) | Q(sources__len__gte=1),
                violation_error_message=_("Say what this score rests on: choose at least one source."),
            ),
            models.CheckConstraint(name="firstscore_sources_known", condition=Q(sources__contained_by=Source.values)),
        ]

    def __str__(self) -> str:
        return self.indicator


class Cap(models.TextChoices):
    """Why a score counts for less than it was given (closed list). Assessment, section 4."""

    PAPER = "paper", _("paper cap")
    TABLE_TOP = "table_top", _("table-top")


class Score(models.Model):
    """The agreed score of one indicator, as it counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores")
    indicator = models.CharField(max_length=6)
    given = models.PositiveSmallIntegerField(null=True, blank=True)  # As agreed, before any cap.
    score = models.PositiveSmallIntegerField(null=True, blank=True)  # As it counts.
    not_assessed = models.CharField(max_length=16, choices=NotAssessed, blank=True)
    sources = ArrayField(models.CharField(max_length=2, choices=Source), default=list, blank=True)
    cap = models.CharField(max_length=10, choices=Cap, blank=True)
    # Where the two differed by two or more, each wrote a reason and the technical expert settled it.
    reasons = models.JSONField(default=dict, blank=True)  # Assessor id to reason, without names.
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["indicator"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "indicator"], name="score_once"),
            models.CheckConstraint(
                name="score_within_scale",
                condition=Q(score=None, given=None) | (Q(given__lte=4) & Q(score__lte=models.F("given"))),
            ),
            models.CheckConstraint(name="score_cap_known", condition=Q(cap__in=["", *Cap.values])),
            models.CheckConstraint(
                name="score_settled_by_somebody",
                condition=Q(settled_by=None, settled_at=None) | Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.indicator


class DomainScore(models.Model):
    """The score of one domain, 0 to 100; empty where fewer than three of its indicators were scored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="domain_scores")
    domain = models.CharField(max_length=4)
    score = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "domain"], name="domainscore_once"),
            models.CheckConstraint(
                name="domainscore_within_scale", condition=Q(score=None) | Q(score__gte=0, score__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return self.domain


class IndicatorNote(models.Model):
    """What an assessor writes beside an indicator, online only and without names."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessor = models.ForeignKey(Assessor, models.CASCADE, related_name="notes")
    indicator = models.CharField(max_length=6)
    text = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["indicator"]
        constraints = [models.UniqueConstraint(fields=["assessor", "indicator"], name="indicatornote_once")]

    def __str__(self) -> str:
        return self.indicator


class Synced(models.Model):
    """A batch of scores that a device sent, by the number the device gave it: sent twice, it counts once."""

    id = models.UUIDField(primary_key=True, editable=False)
    assessor = models.ForeignKey(Assessor, models.CASCADE, related_name="synced")
    received_at = models.DateTimeField()
    answer = models.JSONField()  # What the device was told, to be told again. Codes and numbers only.

    def __str__(self) -> str:
        return str(self.pk)
