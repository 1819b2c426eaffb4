"""What bears on likelihood: signals, good practice, the expert's review, the silence flag, the safeguarding screen."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.scores import Source
from assessments.models.visit import Assessment, Assessor
from factories.models import CountryPack, Factory


class Looked(models.TextChoices):
    """What became of looking for a signal (closed list)."""

    PRESENT = "present", _("Present")
    NOT_FOUND = "not_found", _("Not found")
    NOT_LOOKED = "not_looked", _("Not looked for")


class SignalMark(models.Model):
    """One assessor's mark of one signal: found or not, from which source types. Never a name, never a quote."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessor = models.ForeignKey(Assessor, models.CASCADE, related_name="signals")
    signal = models.CharField(max_length=4)
    looked = models.CharField(max_length=12, choices=Looked)
    sources = ArrayField(models.CharField(max_length=2, choices=Source), default=list, blank=True)
    severe = models.BooleanField(default=False)  # S03 of a severe kind.
    # S04, S06, S15: what is known only from outside cases counts for the expert's level alone.
    outside_only = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["signal"]
        constraints = [
            models.UniqueConstraint(fields=["assessor", "signal"], name="signalmark_once"),
            models.CheckConstraint(name="signalmark_looked_known", condition=Q(looked__in=Looked.values)),
            models.CheckConstraint(
                name="signalmark_present_has_source",
                condition=~Q(looked="present") | Q(sources__len__gte=1),
                violation_error_message=_("Say where this signal comes from: choose at least one source."),
            ),
            models.CheckConstraint(name="signalmark_sources_known", condition=Q(sources__contained_by=Source.values)),
        ]

    def __str__(self) -> str:
        return self.signal


class GoodPractice(models.Model):
    """Something good that was found. It stands beside the signals and cancels none of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="good_practices")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return str(self.pk)


class ReviewReason(models.TextChoices):
    """Why the technical expert looks before a conclusion is final (closed list). Assessment, sections 4 and 7.3."""

    HIGH_LEVEL = "high_level", _("The level is likely or established")
    ASSESSORS_DIFFER = "assessors_differ", _("The assessors differ by more than one level")
    DEPARTS = "departs", _("The assessors depart from the rule")
    FALLS = "falls", _("The level falls by two or more since the last visit")
    LOW_AGAIN = "low_again", _("Confidence is low for the second time running")
    SCORES_DIFFER = "scores_differ", _("The assessors differ by two or more on an indicator")


class ExpertReview(models.Model):
    """The technical expert's look at a conclusion: asked for why, done by whom, with which decision."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="expert_review")
    reasons = ArrayField(models.CharField(max_length=20, choices=ReviewReason))
    requested_at = models.DateTimeField()
    due_on = models.DateField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    agrees = models.BooleanField(null=True, blank=True)
    note = models.TextField(blank=True)  # Of level_factory alone: assessors read it.

    class Meta:
        ordering = ["requested_at"]
        constraints = [
            models.CheckConstraint(
                name="expertreview_done_by_somebody",
                condition=Q(done_by=None, done_at=None, agrees=None)
                | Q(done_by__isnull=False, done_at__isnull=False, agrees__isnull=False),
            ),
            models.CheckConstraint(name="expertreview_has_reason", condition=Q(reasons__len__gte=1)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def reason_labels(self) -> list[str]:
        return [str(ReviewReason(reason).label) for reason in self.reasons]


class SilenceVersion(models.TextChoices):
    ALL = "all", _("Every complaint")  # The technical expert's alone.
    FACTORY = "factory", _("Complaints the factory itself handled")


class SilenceKind(models.TextChoices):
    """What the silence most likely means (closed list). Assessment, section 7.4."""

    NOT_WORKING = "channel_not_working", _("The ways to complain do not work")
    NOT_KNOWN = "channel_not_known", _("People do not know the ways to complain")
    NOT_TRUSTED = "channel_not_trusted", _("People do not trust the ways to complain")
    UNEXPLAINED = "unexplained", _("We do not know why yet")


class SilenceFlag(models.Model):
    """Very few complaints for the size of the factory: a question, never a pass, and of no effect on any score."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="silence_flags")
    version = models.CharField(max_length=8, choices=SilenceVersion)
    kind = models.CharField(max_length=24, choices=SilenceKind)
    quarter = models.CharField(max_length=6)  # In which it was raised.
    raised_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)  # The day on which a later quarter found it gone.
    cause = models.CharField(max_length=24, choices=SilenceKind, blank=True)  # Found out by the advisor.
    cause_note = models.TextField(blank=True)
    cause_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    cause_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-raised_on"]
        constraints = [
            models.UniqueConstraint(fields=["factory", "version"], condition=Q(ended_on=None), name="silence_one_up"),
            models.UniqueConstraint(fields=["factory", "version", "quarter"], name="silence_once_a_quarter"),
            models.CheckConstraint(
                name="silence_cause_has_its_day",
                condition=Q(cause="", cause_on=None, cause_by=None)
                | (~Q(cause="") & Q(cause_on__isnull=False, cause_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.quarter


class PlaceReview(models.Model):
    """The safeguarding screen of a visit, and the review of the place it opens.

    The answers are sealed to the safeguarding leads of the country (`assessments.screen`): the database, the
    assessors after sending it, the factory and the advisor cannot read which were met, or that any was.
    A row exists for every screen, met or not, so that the row itself says nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.OneToOneField(Assessment, models.CASCADE, related_name="place_review")
    country = models.ForeignKey(CountryPack, models.PROTECT, related_name="+")
    sealed = models.BinaryField()  # The answers and whether they open a review, under one data key.
    received_at = models.DateTimeField()
    # What the leads did about it, sealed too, so that a screen that opens nothing looks the same.
    answer_sealed = models.BinaryField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["received_at"]

    def __str__(self) -> str:
        return str(self.pk)


class PlaceGrant(models.Model):
    """One safeguarding lead's key to one screen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(PlaceReview, models.CASCADE, related_name="grants")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    wrapped_key = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "holder"], name="placegrant_once")]

    def __str__(self) -> str:
        return str(self.pk)
