"""Work for later: each task carries ids only, holds no keys, and may run twice or late."""

from __future__ import annotations

import time
from uuid import UUID

from celery import shared_task

from accounts import clock, notices

SWEEP_FOR = 45  # seconds; the next sweep goes on where this one stopped.
BATCH = 200


@shared_task
def deliver(person_id: str) -> int:
    """Send one person what they should hear now."""
    return notices.deliver(UUID(person_id), at=clock.now())


@shared_task
def deliver_due() -> int:
    """Send what a lost nudge, a failure or a later hour has left behind."""
    stop_at = time.monotonic() + SWEEP_FOR
    sent = 0
    while people := notices.people_to_hear(clock.now(), limit=BATCH):
        for person_id in people:
            if time.monotonic() > stop_at:
                return sent
            sent += notices.deliver(person_id, at=clock.now())
    return sent
