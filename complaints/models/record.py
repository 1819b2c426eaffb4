"""What happened to a case: one chain of events each, append only (the database itself refuses the rest)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from complaints.casecodes import Author, EventKind
from complaints.codes import CompartmentKind


class Event(models.Model):
    """One step or one opening. Contents are codes and ids, never words; of hers only the day is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=32, choices=EventKind)
    actor_kind = models.CharField(max_length=16, choices=Author)
    actor = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField(null=True)  # Empty for whatever the complainant does.
    compartment = models.CharField(max_length=16, choices=CompartmentKind, blank=True)
    contents = models.JSONField(null=True)  # Emptied by retention alone.
    salt = models.BinaryField(max_length=16, null=True)
    digest = models.BinaryField(max_length=32)  # Of salt and contents: an emptied event confirms nothing.
    mac = models.BinaryField(max_length=32)  # Keyed; over the one before it and this one.

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="event_numbered_once"),
            models.CheckConstraint(
                name="event_of_complainant_has_no_minute", condition=~Q(actor_kind="complainant") | Q(at=None)
            ),
            models.CheckConstraint(name="event_kind_known", condition=Q(kind__in=EventKind.values)),
        ]


class DailyHead(models.Model):
    """One keyed digest over the heads of all chains on a day, sent to the technical organisation."""

    on = models.DateField(primary_key=True)
    cases = models.PositiveIntegerField()
    mac = models.BinaryField(max_length=32)
    ends = models.BinaryField(default=bytes)  # Case and number of the last event of each chain it seals.
    sent_at = models.DateTimeField(null=True)
