"""What time it is: the computer's clock, plus the offset that a demo or a test has set."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

_cached: tuple[float, timedelta] | None = None


def now() -> datetime:
    """Return the time in UTC. Views and tasks ask once and pass it on; services never ask."""
    return timezone.now() + offset()


def offset() -> timedelta:
    """Return how far the demo clock is ahead; nothing in production."""
    global _cached
    if not settings.SAMLENG_CLOCK_OFFSET_ALLOWED:
        return timedelta()
    read_at = time.monotonic()
    if _cached is None or read_at - _cached[0] >= settings.SAMLENG_CLOCK_READ_SECONDS:
        from accounts.models import ClockOffset

        row = ClockOffset.objects.first()
        _cached = (read_at, row.ahead if row else timedelta())
    return _cached[1]


def set_offset(ahead: timedelta) -> None:
    """Move the clock of every process to `ahead` of the computer's; they follow within a second."""
    global _cached
    from accounts.models import ClockOffset

    if not settings.SAMLENG_CLOCK_OFFSET_ALLOWED:
        raise ValueError("The clock is moved only in a demo.")
    ClockOffset.objects.update_or_create(pk=1, defaults={"ahead": ahead})
    _cached = None


def forget() -> None:
    """Read the offset anew at the next call (a test that rolls back needs this)."""
    global _cached
    _cached = None
