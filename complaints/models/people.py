"""Who works on a case, who declared what, and who must never see it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from complaints.casecodes import Declaration, Role
from complaints.querysets import AssignmentQuerySet


class Assignment(models.Model):
    """A person on a case. Standing by: holds grants in case they are needed, and sees nothing until then."""

    class Ended(models.TextChoices):
        MOVED_OUTSIDE = "moved_outside"
        HOLD = "hold"
        EXCLUDED = "excluded"
        HANDED_OVER = "handed_over"
        LEFT = "left"
        HOLD_LIFTED = "hold_lifted"
        APPEAL_CLOSED = "appeal_closed"
        PURGED = "purged"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=24, choices=Role)
    standing_by = models.BooleanField(default=False)
    since = models.DateField()
    visible_from = models.DateTimeField()
    ended_on = models.DateField(null=True)
    ended_because = models.CharField(max_length=16, choices=Ended, blank=True)
    opened_on = models.DateField(null=True)  # First opening of the case page.
    next_due_at = models.DateTimeField()  # Copy of the case's, so that a list of a million pages by one index.
    closed = models.BooleanField(default=False)  # Likewise.

    key_vouched: bool  # Where a page reads it beside: they have a key that may be given to.

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "next_due_at", "id"],
                name="assignment_work_list",
                condition=Q(ended_on=None, standing_by=False, closed=False),
            ),
            # The few cases a person knew that are handled outside now: found without looking at all the others.
            models.Index(
                fields=["person", "-ended_on", "id"],
                name="assignment_gone_outside",
                condition=Q(ended_because__in=["moved_outside", "hold"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(ended_on=None), name="assignment_once_at_a_time"
            ),
            models.CheckConstraint(name="assignment_role_known", condition=Q(role__in=Role.values)),
        ]


class ConflictDeclaration(models.Model):
    """A handler's statement for one case, before its content opens. Words to it are an entry in `record`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="declarations")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=16, choices=Declaration)
    declared_at = models.DateTimeField()
    may_handle = models.BooleanField(null=True)  # Empty while a possible conflict waits for its decision.
    decided_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    false_found_on = models.DateField(null=True)  # A false statement: a failure of the process, shown to the advisor.
    false_found_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["false_found_on"], name="declaration_false", condition=Q(false_found_on__isnull=False))
        ]
        constraints = [
            models.CheckConstraint(
                name="declaration_found_false_by_another",
                condition=Q(false_found_on=None, false_found_by=None)
                | (Q(false_found_on__isnull=False, false_found_by__isnull=False) & ~Q(false_found_by=F("person"))),
            ),
            models.UniqueConstraint(fields=["case", "person"], name="declaration_once_per_case_and_person"),
            models.CheckConstraint(
                name="declaration_answer_has_consequence",
                condition=Q(answer="none", may_handle=True) | Q(answer="yes", may_handle=False) | Q(answer="possible"),
            ),
        ]


class Exclusion(models.Model):
    """A keyed hash of a person or role that must not see the case; rows nobody can tell from filling."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="exclusions")
    mark = models.BinaryField(max_length=32)
