"""Filings in a surge carry one random id, so that technical experts can set hostile ones aside together.

The counter lives in the cache for minutes and leads to no case; without the cache nothing is marked and filing goes on.
"""

from __future__ import annotations

import uuid
from typing import Final

from django.core.cache import cache
from redis.exceptions import RedisError

from complaints.models import Burst, Case

WINDOW_SECONDS: Final = 10 * 60
ORDINARY: Final = 20  # Filings for one country in ten minutes; more is a surge. A design value.


def notice_filing(case: Case) -> Burst | None:
    """Count one filing; from the surge on, return the burst it belongs to."""
    where = f"surge:{case.country_id}"
    try:
        if _count(where) <= ORDINARY:
            return None
        known = cache.get_or_set(f"{where}:id", lambda: str(uuid.uuid4()), WINDOW_SECONDS)
        cache.touch(f"{where}:id", WINDOW_SECONDS)
    except (RedisError, ValueError):  # Redis is down, or the counter has just run out: filing goes on.
        return None
    burst, _made = Burst.objects.get_or_create(
        pk=uuid.UUID(known), defaults={"country": case.country, "noticed_on": case.filed_on}
    )
    return burst


def _count(where: str) -> int:
    try:
        return cache.incr(where)
    except ValueError:  # The first in this window.
        cache.add(where, 0, WINDOW_SECONDS)
        return cache.incr(where)
