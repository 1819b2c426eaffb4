from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from factories import clock, sweep

logger = logging.getLogger(__name__)


@require_safe
@never_cache
@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """Say whether this process reaches its database and whether reminders run; no counts, no names.

    The status is 503 only without a database: reminders that stand still must not take the pages down.
    """
    try:
        seen = sweep.health(clock.now())
    except DatabaseError as error:
        logger.warning("health: no database (%s)", type(error).__name__)
        return JsonResponse({"ok": False, "database": False}, status=503)
    return JsonResponse(
        {
            "ok": seen.is_well,
            "database": True,
            "reminders_last_run": f"{seen.last_run_at:%Y-%m-%dT%H:%M:%SZ}" if seen.last_run_at else None,
            "reminders_stopped": seen.is_stale,
            "oldest_due_seconds": int(seen.oldest_due_for.total_seconds()) if seen.oldest_due_for else 0,
        }
    )
