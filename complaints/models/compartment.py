"""Compartments, their keys, what lies in them and who can take it out. Everything typed is an entry here."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from complaints.casecodes import Author, EntryKind
from complaints.codes import CompartmentKind
from complaints.querysets import EntryQuerySet, GrantQuerySet


class Receipt(models.Model):
    """One number of hers: a lookup id and a public half. The number and its private key are never stored."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="receipts")
    lookup = models.BinaryField(max_length=32, unique=True)
    public_key = models.BinaryField(max_length=32)
    resend_check = models.BinaryField(max_length=32, default=bytes)  # Keyed by the number: same words again?
    # A number somebody else wrote down for her; she replaces it before she reads anything from outside.
    must_be_replaced = models.BooleanField(default=False)
    is_next = models.BooleanField(default=False)  # Made, and not used yet: the old one still lives.
    member = models.PositiveSmallIntegerField(default=1)  # Of a group: each has a receipt of her own.

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "member"], condition=Q(is_next=True), name="receipt_one_next"),
            models.UniqueConstraint(fields=["case", "member"], condition=Q(is_next=False), name="receipt_one_current"),
            models.CheckConstraint(name="receipt_group_of_twenty", condition=Q(member__gte=1, member__lte=20)),
        ]


class Compartment(models.Model):
    """One part of a case's words under its own key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("complaints.Case", on_delete=models.CASCADE, related_name="compartments")
    kind = models.CharField(max_length=16, choices=CompartmentKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="compartment_once_per_case"),
            models.CheckConstraint(name="compartment_kind_known", condition=Q(kind__in=CompartmentKind.values)),
        ]


class CompartmentKey(models.Model):
    """One generation of a compartment's key: the public half, in the clear, so that anybody can put in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    compartment = models.ForeignKey(Compartment, on_delete=models.CASCADE, related_name="keys")
    generation = models.PositiveSmallIntegerField(default=1)
    public_key = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["compartment", "generation"], name="compartment_key_generation_once")
        ]


class Entry(models.Model):
    """One sealed piece of writing or one picture: added, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey(CompartmentKey, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=24, choices=EntryKind)
    number = models.PositiveIntegerField()  # Order within the case.
    author_kind = models.CharField(max_length=16, choices=Author)
    author = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    sealed_key = models.BinaryField()  # The entry's own key, sealed to the compartment.
    envelope = models.BinaryField()
    written_on = models.DateField()
    visible_from = models.DateTimeField()  # Factory users: the daily release. Others: at once.

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["key", "number"], name="entry_key_number")]
        constraints = [
            models.CheckConstraint(name="entry_kind_known", condition=Q(kind__in=EntryKind.values)),
            models.CheckConstraint(
                name="entry_author_fits",
                condition=Q(author_kind="handler", author__isnull=False)
                | (Q(author_kind__in=["complainant", "system"]) & Q(author=None)),
            ),
        ]


class Grant(models.Model):
    """A compartment key of one generation, sealed to one holder. Withdrawing deletes the sealed key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey(CompartmentKey, on_delete=models.CASCADE, related_name="grants")
    person_key = models.ForeignKey("accounts.PersonKey", null=True, on_delete=models.PROTECT, related_name="grants")
    receipt = models.ForeignKey(Receipt, null=True, on_delete=models.CASCADE, related_name="grants")
    to_recovery = models.BooleanField(default=False)
    sealed_private = models.BinaryField()
    given_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField()
    reason = models.CharField(max_length=24)
    visible_from = models.DateTimeField()

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "person_key"], name="grant_once_per_person_key"),
            models.UniqueConstraint(fields=["key", "receipt"], name="grant_once_per_receipt"),
            models.UniqueConstraint(fields=["key"], condition=Q(to_recovery=True), name="grant_once_to_recovery"),
            models.CheckConstraint(
                name="grant_has_one_holder",
                condition=Q(person_key__isnull=False, receipt=None, to_recovery=False)
                | Q(person_key=None, receipt__isnull=False, to_recovery=False)
                | Q(person_key=None, receipt=None, to_recovery=True),
            ),
        ]
