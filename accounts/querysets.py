"""Filters with names."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import Heartbeat, Notice, Person, PersonKey  # noqa: F401


class PersonQuerySet(models.QuerySet["Person"]):
    def active(self) -> Self:
        """Keep people who may sign in."""
        return self.filter(is_active=True)

    def with_usable_key(self) -> Self:
        """Keep people who can be given a grant: active, with a vouched key."""
        return self.active().filter(keys__state="vouched")


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Looks people up by e-mail, however it is capitalised."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").lower())


class PersonKeyQuerySet(models.QuerySet["PersonKey"]):
    def current(self) -> Self:
        """Keep the one key a person has now, pending or vouched."""
        return self.exclude(state="retired")

    def pending(self) -> Self:
        """Keep keys that nobody has vouched for yet, of people who may sign in."""
        return self.filter(state="pending", person__is_active=True)

    def usable(self) -> Self:
        """Keep keys that may receive a grant: vouched for, and of people who may sign in."""
        return self.filter(state="vouched", person__is_active=True)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unsent(self) -> Self:
        return self.filter(sent_at=None)

    def sendable(self, at: datetime) -> Self:
        """Keep what should leave now: unsent, due, held by no worker, for somebody who still works here."""
        from accounts.models import Notice

        return self.unsent().filter(
            Q(claimed_at=None) | Q(claimed_at__lte=at - Notice.CLAIM_LAPSES),
            try_after__lte=at,
            recipient__is_active=True,
        )

    def failing(self) -> Self:
        """Keep what could not be sent again and again, so that a person looks at it."""
        return self.unsent().exclude(failing_since=None)

    def unread(self, at: datetime) -> Self:
        """Keep what its person has not seen; what is not released yet shows nowhere."""
        return self.filter(seen_at=None, send_after__lte=at)


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, name: str, at: datetime) -> None:
        """Record that `name` ran. Use the computer's own time: a moved demo clock is no outage."""
        self.update_or_create(name=name, defaults={"at": at})

    def age(self, name: str, at: datetime) -> timedelta | None:
        """Return how long ago `name` ran, or nothing if it never did."""
        row = self.filter(name=name).first()
        return at - row.at if row else None
