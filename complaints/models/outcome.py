"""What was decided: codes, owners and days. Reasons are entries; nothing here names a respondent."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from complaints.casecodes import AppealResult, AppealSide, RemedyCode, RemedyScope, SanctionCode, VerifiedBy

DECIDED = (AppealResult.CONFIRMED, AppealResult.CHANGED, AppealResult.SENT_BACK)  # By a reviewer.


class Decision(models.Model):
    """One decision on a finding; in an outside case a recommendation, passed on only with her consent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()
    is_recommendation = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="decision_numbered_once")]


class Remedy(models.Model):
    """What puts the harm right for the affected person or the workplace, with an owner, a day and a check."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="remedies")
    number = models.PositiveSmallIntegerField()
    scope = models.CharField(max_length=16, choices=RemedyScope)
    code = models.CharField(max_length=24, choices=RemedyCode)
    owner = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    deadline = models.OneToOneField("complaints.Deadline", null=True, on_delete=models.SET_NULL, related_name="remedy")
    done_on = models.DateField(null=True)  # Said by its owner.
    times_asked = models.PositiveSmallIntegerField(default=0)
    verified_on = models.DateField(null=True)
    verified_by = models.CharField(max_length=16, choices=VerifiedBy, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "remedies"
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="remedy_numbered_once"),
            models.CheckConstraint(name="remedy_code_known", condition=Q(code__in=RemedyCode.values)),
            models.CheckConstraint(
                name="remedy_verified_by_somebody",
                condition=Q(verified_on=None, verified_by="")
                | Q(verified_on__isnull=False, verified_by__in=VerifiedBy.values),
            ),
        ]


class Sanction(models.Model):
    """What follows for the respondent: never before a finding."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="sanctions")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=24, choices=SanctionCode)
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="sanctions")
    owner = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    checked_on = models.DateField(null=True)
    checked_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="sanction_numbered_once"),
            models.CheckConstraint(name="sanction_code_known", condition=Q(code__in=SanctionCode.values)),
            models.CheckConstraint(
                name="sanction_checked_by_another", condition=Q(checked_by=None) | ~Q(checked_by=F("owner"))
            ),
        ]


class Appeal(models.Model):
    """A request of either side to look again. Its words are an entry; grounds are codes."""

    class Ground(models.TextChoices):
        NEW_INFORMATION = "new_information"
        STEP_NOT_FOLLOWED = "step_not_followed"
        UNFAIR = "unfair"
        TOO_WEAK = "too_weak"
        TOO_STRONG = "too_strong"
        CONFLICT = "conflict"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="appeals")
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=16, choices=AppealSide)
    ground = models.CharField(max_length=24, choices=Ground)
    received_on = models.DateField()
    reviewer = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    result = models.CharField(max_length=16, choices=AppealResult, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="appeal_numbered_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(decided_on=None), name="appeal_one_open"),
            models.CheckConstraint(
                name="appeal_decided_has_result",
                condition=Q(decided_on=None, result="")
                | Q(decided_on__isnull=False, result__in=DECIDED, reviewer__isnull=False)
                | Q(decided_on__isnull=False, result=AppealResult.WITHDRAWN),
            ),
        ]
