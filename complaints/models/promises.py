"""The promises of a case and the ladder of each, on the factories' abstract clock."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from factories.clock import AbstractDeadline, AbstractRung


class Deadline(AbstractDeadline):
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="deadlines")
    owner = models.CharField(max_length=64)

    class Meta(AbstractDeadline.Meta):
        abstract = False
        constraints = [
            *AbstractDeadline.Meta.constraints,
            models.UniqueConstraint(fields=["case", "code", "ordinal"], name="deadline_once_per_ordinal"),
        ]
        indexes = [
            # What is late, for those who only watch the clock: its size follows what is open.
            models.Index(fields=["due_at"], name="deadline_open_by_day", condition=Q(met_at=None, dropped_at=None)),
            models.Index(
                fields=["case", "due_at"],
                name="deadline_open_by_case",
                condition=Q(met_at=None, dropped_at=None),
            ),
        ]


class Rung(AbstractRung):
    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="rungs")

    class Meta(AbstractRung.Meta):
        abstract = False
