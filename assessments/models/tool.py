"""The standardised tool, version by version."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ToolVersion(models.Model):
    """One version of the tool, whole and as data. An assessment keeps the version it began with.

    `content` has the shape of data/tool_1.1.json and is checked by `assessments.tool` before it is saved.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.CharField(max_length=12, unique=True)
    content = models.JSONField()
    change_note = models.TextField()
    in_force_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)  # From that day on no visit begins with it.
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-in_force_on", "-added_at"]
        constraints = [
            models.CheckConstraint(
                name="tool_has_change_note",
                condition=~Q(change_note=""),
                violation_error_message=_("Say what is different in this version, and why."),
            ),
            models.CheckConstraint(
                name="tool_withdrawn_after_start",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=models.F("in_force_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.version
