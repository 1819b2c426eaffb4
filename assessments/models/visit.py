"""An assessment: one use of the tool in one factory, who scores it and what was counted on the visit."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models.tool import ToolVersion
from assessments.querysets import AssessmentQuerySet
from factories.models import Factory


class Kind(models.TextChoices):
    REGULAR = "regular", _("Regular visit")
    JOINT = "joint", _("Joint visit")
    FOLLOW_UP = "follow_up", _("Follow-up visit")
    SELF = "self", _("Self-assessment of the factory")


class AssessmentStage(models.TextChoices):
    """Where an assessment stands (closed list)."""

    PLANNED = "planned", _("Planned")
    SCORING = "scoring", _("Each assessor scores alone")
    COMPARING = "comparing", _("The assessors compare")
    REVIEW = "review", _("The technical expert reviews")
    FINAL = "final", _("Final")
    DROPPED = "dropped", _("Not held")


class Restriction(models.TextChoices):
    """How the factory kept the assessors from free access (closed list). Any of them lowers confidence."""

    NOT_LET_IN = "not_let_in", _("The assessors were kept waiting or not let in")
    AREAS_CLOSED = "areas_closed", _("Parts of the site stayed closed")
    PAPERS_WITHHELD = "papers_withheld", _("Papers were not shown")
    MANAGER_CHOSE = "manager_chose", _("Managers chose who was interviewed")
    MANAGER_LISTENED = "manager_listened", _("Managers could see or hear an interview")
    PEOPLE_AWAY = "people_away", _("People who were to be interviewed had been sent away")


class Level(models.TextChoices):
    """How likely it is that it happens here now, from the least said to the most (closed list)."""

    NOT_ASSESSABLE = "not_assessable", _("We could not gather enough evidence to conclude.")
    NO_INDICATION_FOUND = (
        "no_indication_found",
        _("On this visit we found no indication. This does not mean it does not happen."),
    )
    POSSIBLE = "possible", _("It may be happening here; we could not rule it out.")
    LIKELY = "likely", _("It is likely to be happening here.")
    ESTABLISHED = "established", _("It has happened here in the last 12 months.")


class Confidence(models.TextChoices):
    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")


class Strength(models.TextChoices):
    """System strength in words (closed list)."""

    ABSENT = "absent", _("absent")
    STARTING = "starting", _("starting")
    WORKING = "working", _("working")
    TRUSTED = "trusted", _("trusted")


class Assessment(models.Model):
    """One use of the standardised tool in a factory. Assessment, section 9."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.PROTECT, related_name="assessments")
    tool = models.ForeignKey(ToolVersion, models.PROTECT, related_name="assessments")
    kind = models.CharField(max_length=12, choices=Kind)
    stage = models.CharField(max_length=12, choices=AssessmentStage, default=AssessmentStage.PLANNED)
    visit_from = models.DateField()
    visit_to = models.DateField()
    unannounced = models.BooleanField(default=False)
    follows = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="followed_by")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # What was counted on the visit. Counts only: nobody is listed.
    headcount = models.PositiveIntegerField(null=True, blank=True)
    women = models.PositiveIntegerField(null=True, blank=True)
    interviews = models.PositiveSmallIntegerField(default=0)
    interviews_with_women = models.PositiveSmallIntegerField(default=0)
    interviews_off_site = models.PositiveSmallIntegerField(default=0)
    women_only_groups = models.PositiveSmallIntegerField(default=0)
    supervisor_groups = models.PositiveSmallIntegerField(default=0)
    mechanics_included = models.BooleanField(default=False)
    young_workers_included = models.BooleanField(default=False)
    restrictions = ArrayField(models.CharField(max_length=20, choices=Restriction), default=list, blank=True)
    counts_version = models.PositiveIntegerField(default=0)  # Rises with each change: nobody overwrites unseen.
    # What came of it. Set when the assessors have compared, final once the stage says so.
    overall_score = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    strength = models.CharField(max_length=10, choices=Strength, blank=True)
    # With every signal: the technical expert's alone.
    rule_level = models.CharField(max_length=24, choices=Level, blank=True)
    level = models.CharField(max_length=24, choices=Level, blank=True)
    confidence = models.CharField(max_length=8, choices=Confidence, blank=True)
    level_reasons = models.TextField(blank=True)  # Experts alone read it.
    level_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    level_at = models.DateTimeField(null=True, blank=True)
    # Without outside informants, platform totals and outside cases: what advisor and factory see.
    rule_level_factory = models.CharField(max_length=24, choices=Level, blank=True)
    level_factory = models.CharField(max_length=24, choices=Level, blank=True)
    confidence_factory = models.CharField(max_length=8, choices=Confidence, blank=True)
    reasons = models.TextField(blank=True)  # Of level_factory: why this level, without names.
    departure_reasons = models.TextField(blank=True)  # Why the assessors depart from the rule.
    complete = models.BooleanField(default=False)  # Assessment, section 7.3.
    submitted_at = models.DateTimeField(null=True, blank=True)  # Compared and concluded.
    final_at = models.DateTimeField(null=True, blank=True)
    given_back_on = models.DateField(null=True, blank=True)  # To management and to workers.
    dropped_reason = models.TextField(blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-visit_from", "-made_at"]
        constraints = [
            models.CheckConstraint(name="assessment_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="assessment_stage_known", condition=Q(stage__in=AssessmentStage.values)),
            models.CheckConstraint(
                name="assessment_ends_after_start",
                condition=Q(visit_to__gte=F("visit_from")),
                violation_error_message=_("The visit ends on the day it begins, or later."),
            ),
            models.CheckConstraint(
                name="assessment_headcount_above_zero",
                condition=Q(headcount=None) | Q(headcount__gt=0),
                violation_error_message=_("Give the number of workers; it is more than 0."),
            ),
            models.CheckConstraint(
                name="assessment_women_within_headcount",
                condition=Q(women=None) | Q(headcount=None) | Q(women__lte=F("headcount")),
                violation_error_message=_("There cannot be more women than workers."),
            ),
            models.CheckConstraint(
                name="assessment_parts_within_interviews",
                condition=Q(interviews_off_site__lte=F("interviews"), interviews_with_women__lte=F("interviews")),
                violation_error_message=_("Interviews off-site, or with women, cannot be more than all interviews."),
            ),
            # The level with every signal is decided by an expert, never by the rule alone.
            models.CheckConstraint(
                name="assessment_level_by_somebody",
                condition=Q(level="", level_by=None, level_at=None)
                | (~Q(level="") & Q(level_by__isnull=False, level_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="assessment_final_has_its_time",
                condition=Q(stage="final", final_at__isnull=False) | (~Q(stage="final") & Q(final_at=None)),
            ),
            # A factory about itself concludes nothing on likelihood. Assessment, section 9.
            models.CheckConstraint(
                name="assessment_self_has_no_level",
                condition=~Q(kind="self") | Q(level="", level_factory="", rule_level="", rule_level_factory=""),
            ),
            models.UniqueConstraint(
                fields=["factory", "kind", "visit_from"],
                condition=~Q(stage="dropped"),
                name="assessment_once_a_day",
                violation_error_message=_("A visit of this kind to this factory begins on that day already."),
            ),
        ]
        indexes = [models.Index(fields=["factory", "-final_at"], name="assessment_of_factory")]

    def __str__(self) -> str:
        return str(self.visit_from)

    @property
    def is_open(self) -> bool:
        return self.stage not in (AssessmentStage.FINAL, AssessmentStage.DROPPED)

    @property
    def restriction_labels(self) -> list[str]:
        return [str(Restriction(one).label) for one in self.restrictions]

    @property
    def is_self(self) -> bool:
        return self.kind == Kind.SELF


class Assessor(models.Model):
    """Somebody who scores on one assessment: alone first, then with the other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="assessors")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assessing")
    is_woman = models.BooleanField(default=False)  # At least one on every visit is. Assessment, section 2.
    no_conflict_on = models.DateField(null=True, blank=True)  # The day she or he declared no conflict of interest.
    submitted_at = models.DateTimeField(null=True, blank=True)  # Scored alone; from then on the other's show.
    level_alone = models.CharField(max_length=24, choices=Level, blank=True)  # The level she or he reached alone.

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "person"], name="assessor_once")]

    def __str__(self) -> str:
        return str(self.pk)
