"""A button pressed twice, on a weak signal or by an impatient hand: what it does is done once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from accounts import crypto, secrets
from complaints.models import Case

REMEMBERED: Final = 30 * 60  # Seconds; no page stays open longer.


@contextlib.contextmanager
def pressed(case: UUID, by: UUID, once: str, text: str = "") -> Iterator[bool]:
    """Say whether this form on a case comes for the first time from `by`, a person or a receipt; step inside, if so.

    The case is locked meanwhile: a second press waits until the first is written to the database or has failed, so
    that nobody reads "arrived" of something that did not. The same form with other words is another message. What is
    remembered is a keyed hash that names no case and shows no word. Should Redis go down between the two presses, the
    message is stored twice: better than not at all.
    """
    if not once:
        yield True
        return
    name = "pressed:" + crypto.derive(secrets.subkey("pressed"), "once", by.bytes, *_parts(once, text)).hex()
    first = False
    try:
        with transaction.atomic():
            Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=case)
            first = _is_new(name)
            try:
                yield first
            except BaseException:
                _forget(name, first)  # While the lock is held: the press that waits must take the step itself.
                raise
    except BaseException:
        _forget(name, first)  # The step was fine, writing it was not.
        raise


def _parts(once: str, text: str) -> list[bytes]:
    return [part.encode(errors="replace") for part in (once, text)]


def _is_new(name: str) -> bool:
    try:
        return bool(cache.add(name, 1, REMEMBERED))
    except RedisError:
        return True


def _forget(name: str, first: bool) -> None:
    if first:
        with contextlib.suppress(RedisError):
            cache.delete(name)
