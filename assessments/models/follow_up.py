"""What comes after a visit: agreed actions, the plain version for workers, notes, and the annual cycle's promises."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models.visit import Assessment
from assessments.querysets import ActionQuerySet
from factories.clock import AbstractDeadline, AbstractRung
from factories.models import Factory


class ActionOwner(models.TextChoices):
    """Who does an agreed action, by role and never by name (closed list)."""

    TOP_MANAGER = "top_manager", _("Top manager")
    HR = "hr", _("HR or compliance")
    COMMITTEE = "committee", _("Committee")
    PRODUCTION = "production", _("Head of production")
    ADVISOR = "advisor", _("Advisor")
    EXPERT = "expert", _("Technical expert")


class AgreedAction(models.Model):
    """One line of a factory's improvement plan: what, who, by when, what shows it, who looked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="agreed_actions")
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="actions")
    indicator = models.CharField(max_length=6, blank=True)
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=12, choices=ActionOwner)
    agreed_on = models.DateField()
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    evidence = models.TextField(blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    dropped_on = models.DateField(null=True, blank=True)
    dropped_reason = models.TextField(blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(name="action_says_what", condition=~Q(what="")),
            models.CheckConstraint(name="action_due_after_agreed", condition=Q(due_on__gte=F("agreed_on"))),
            models.CheckConstraint(name="action_done_has_evidence", condition=Q(done_on=None) | ~Q(evidence="")),
            models.CheckConstraint(
                name="action_verified_when_done",
                condition=Q(verified_on=None, verified_by=None)
                | Q(verified_on__isnull=False, verified_by__isnull=False, done_on__isnull=False),
            ),
            models.CheckConstraint(
                name="action_dropped_says_why", condition=Q(dropped_on=None) | ~Q(dropped_reason="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PlainVersion(models.Model):
    """One page for the workers of a factory in one language: what was found, and what will be done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="plain_versions")
    language = models.CharField(max_length=8)
    found = models.TextField()
    will_be_done = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["assessment", "language"], name="plainversion_once")]

    def __str__(self) -> str:
        return self.language


class SharedNote(models.Model):
    """A note about a factory that its advisor and the technical experts share. Nothing of any case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="shared_notes")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.pk)


class CourseAttempt(models.Model):
    """One try at the short course's test. Whoever passed may assess."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="course_attempts")
    course_version = models.CharField(max_length=12)
    right = models.PositiveSmallIntegerField()
    of = models.PositiveSmallIntegerField()
    passed = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [models.CheckConstraint(name="course_right_within", condition=Q(right__lte=F("of")))]

    def __str__(self) -> str:
        return str(self.at)


class AssessmentDeadline(AbstractDeadline):
    """A promise of the annual cycle or of a visit: the next visit, giving back, the expert's review, an action."""

    factory = models.ForeignKey(Factory, models.CASCADE, related_name="assessment_deadlines")
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, null=True, blank=True, related_name="deadlines"
    )  # Empty: the next visit, of which there is no assessment yet.
    action = models.ForeignKey(AgreedAction, models.CASCADE, null=True, blank=True, related_name="deadlines")

    class Meta(AbstractDeadline.Meta):
        abstract = False
        constraints = [
            *AbstractDeadline.Meta.constraints,
            models.UniqueConstraint(
                fields=["factory", "assessment", "action", "code", "ordinal"],
                nulls_distinct=False,
                name="assessmentdeadline_once",
            ),
        ]


class AssessmentRung(AbstractRung):
    deadline = models.ForeignKey(AssessmentDeadline, models.CASCADE, related_name="rungs")

    class Meta(AbstractRung.Meta):
        abstract = False


class ProgressQuarter(models.Model):
    """That the progress figures of a quarter were computed, once, and by which version of the code."""

    quarter = models.CharField(max_length=6, primary_key=True)
    computed_on = models.DateField()
    code_version = models.CharField(max_length=40)

    class Meta:
        ordering = ["-quarter"]

    def __str__(self) -> str:
        return self.quarter


class ProgressFigure(models.Model):
    """One frozen figure (F15 to F27, A1 to A13) of a quarter: of a factory, a country or the whole programme.

    Never a number of complaints: what comes from cases arrives as a label, yes or no.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    quarter = models.ForeignKey(ProgressQuarter, models.PROTECT, related_name="figures")
    span = models.PositiveSmallIntegerField(default=1)  # Quarters it looks at: this one, or the four that end with it.
    factory = models.ForeignKey(Factory, models.PROTECT, null=True, blank=True, related_name="progress_figures")
    country = models.CharField(max_length=2, blank=True)  # Empty with no factory: the whole programme.
    code = models.CharField(max_length=12)
    part = models.CharField(max_length=24, blank=True)
    num = models.IntegerField(default=0)
    den = models.IntegerField(default=0)
    value = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    on = models.DateField(null=True, blank=True)  # The day of a survey, or on which somebody looked.
    behind = models.PositiveIntegerField(default=0)  # Factories in a group that have something to it.
    largest = models.PositiveIntegerField(default=0)  # What one of them has of the denominator, at most.

    class Meta:
        ordering = ["code", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["quarter", "span", "factory", "country", "code", "part"],
                nulls_distinct=False,
                name="progress_once",
            ),
            models.CheckConstraint(name="progress_one_or_four_quarters", condition=Q(span__in=[1, 4])),
        ]

    def __str__(self) -> str:
        return self.code
