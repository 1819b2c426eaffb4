"""People who sign in, their keys, and word to them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.querysets import (
    HeartbeatQuerySet,
    NoticeQuerySet,
    PersonKeyQuerySet,
    PersonManager,
)


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    KHMER = "km", "ខ្មែរ"


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do is said by memberships and positions, never here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    is_active = models.BooleanField(default=True)
    left_on = models.DateField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(name="person_email_is_lower_case", condition=Exact(F("email"), Lower("email"))),
            models.CheckConstraint(
                name="person_who_left_cannot_sign_in", condition=Q(left_on=None) | Q(is_active=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)


class KeyState(models.TextChoices):
    PENDING = "pending", _("waiting for somebody to vouch for it")
    VOUCHED = "vouched", _("vouched for")
    RETIRED = "retired", _("replaced")


class PersonKey(models.Model):
    """A key pair of a person; its private half is wrapped under their password and the server secret."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="keys")
    public_key = models.BinaryField(max_length=32)
    wrapped_private = models.BinaryField()
    salt = models.BinaryField(max_length=16)
    # What the wrapping cost when it was made, so that the price can rise without locking anybody out.
    cost_ops = models.PositiveSmallIntegerField()
    cost_mem_kib = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=KeyState, default=KeyState.PENDING)
    made_at = models.DateTimeField()
    # Empty on a vouched key: the holders of the recovery shares vouched for the first experts.
    vouched_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="keys_vouched_for"
    )
    vouched_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = PersonKeyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="person_has_one_current_key", fields=["person"], condition=~Q(state="retired")
            ),
            models.UniqueConstraint(name="person_public_key_is_unique", fields=["public_key"]),
            models.CheckConstraint(name="person_key_state_is_known", condition=Q(state__in=KeyState.values)),
            models.CheckConstraint(name="person_key_has_32_bytes", condition=Exact(Length("public_key"), 32)),
            models.CheckConstraint(
                name="person_key_vouched_has_its_moment",
                condition=Q(state="pending", vouched_at=None, vouched_by=None)
                | Q(state="vouched", vouched_at__isnull=False)
                | Q(state="retired"),
            ),
            models.CheckConstraint(
                name="person_key_nobody_vouches_for_themself",
                condition=Q(vouched_by=None) | ~Q(vouched_by=F("person")),
            ),
            models.CheckConstraint(
                name="person_key_retired_has_its_moment",
                condition=Q(state="retired", retired_at__isnull=False) | (~Q(state="retired") & Q(retired_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_usable(self) -> bool:
        """Whether this key may receive a grant."""
        return self.state == KeyState.VOUCHED and self.person.is_active


class Notice(models.Model):
    """Word to one person that something is to be done; codes and ids only, sent after the row is safe."""

    CLAIM_LAPSES: ClassVar[timedelta] = timedelta(minutes=10)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    cause = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    due_on = models.DateField(null=True, blank=True)
    # What it is about, for the page behind the sign-in; a higher app knows how to show it.
    topic = models.CharField(max_length=40, blank=True)
    topic_id = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    send_after = models.DateTimeField()  # Until then it shows on no page either.
    try_after = models.DateTimeField()  # Starts as `send_after` and moves on each time that sending fails.
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="notice_once_per_cause_and_recipient", fields=["recipient", "cause"]),
            models.CheckConstraint(
                name="notice_topic_has_an_id",
                condition=Q(topic="", topic_id=None) | (~Q(topic="") & Q(topic_id__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="notice_unsent_by_time", fields=["try_after"], condition=Q(sent_at=None)),
            models.Index(name="notice_unseen", fields=["recipient", "made_at"], condition=Q(seen_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ClockOffset(models.Model):
    """How far the demo clock is ahead of the computer's; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ahead = models.DurationField(default=timedelta)

    class Meta:
        constraints = [models.CheckConstraint(name="clock_offset_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.ahead)


class Heartbeat(models.Model):
    """When something that must keep running last ran."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class LanguageReview(models.Model):
    """An administrator's signature that a native speaker has read every sentence in this language."""

    language = models.CharField(max_length=10, primary_key=True)
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    def __str__(self) -> str:
        return self.language
