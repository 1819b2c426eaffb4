"""Site-wide room for the slow hash: filing and receipt entry each have their own slots.

Postgres coordinates (advisory locks), so any number of web machines share them. Whoever finds none waits a moment and
is then told to press again; nobody is slowed by address, because a whole factory shares one.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

FILING: Final = "filing"
RECEIPT: Final = "receipt"
_SPACE: Final = {FILING: 0x5361, RECEIPT: 0x6D6C}
_PATIENCE: Final = 8.0  # Seconds; a phone on a weak signal waits longer for the page itself.


class Full(Exception):
    """No slot came free in time. The page keeps what was typed and asks to press again."""

    message = _("Many people are writing just now. Nothing is lost. Please press the button again.")


@contextmanager
def taken(waiting: str) -> Iterator[None]:
    """Hold one slot of this kind. Raises `Full` after a few seconds without one."""
    size = settings.SAMLENG_FILING_SLOTS if waiting == FILING else settings.SAMLENG_RECEIPT_SLOTS
    slot = _take(_SPACE[waiting], size)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_SPACE[waiting], slot])


def _take(space: int, size: int) -> int:
    patience = time.monotonic() + _PATIENCE
    order = list(range(size))
    while True:
        random.shuffle(order)
        with connection.cursor() as cursor:
            for slot in order:
                cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [space, slot])
                if cursor.fetchone()[0]:
                    return slot
        if time.monotonic() > patience:
            raise Full
        time.sleep(random.uniform(0.02, 0.08))
