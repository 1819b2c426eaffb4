"""Raising what is due: one sweep for the rungs of every app, exactly once each, and a watch over it.

A source is a rung table and a raiser: a function that gets a whole batch of claimed rungs and the time, and
writes what follows from them (notices, events) in bulk, in the transaction that marks them raised. It may
run twice, late, in five workers or after an outage: a rung is claimed by one of them only, and a crash
gives the batch back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import clock as accounts_clock
from accounts.models import Heartbeat
from factories.clock import AbstractRung

logger = logging.getLogger(__name__)

HEARTBEAT = "sweep"
BATCH = 1000
STALE_AFTER = timedelta(minutes=5)

Raiser = Callable[[Sequence[Any], datetime], None]


@dataclass(frozen=True)
class Source:
    """A rung table, what to do with its due rungs, and what to read along with them."""

    model: type[AbstractRung]
    raiser: Raiser
    related: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()


@dataclass
class Swept:
    """What one sweep did."""

    raised: int = 0
    failed: list[UUID] = field(default_factory=list)


_sources: dict[type[AbstractRung], Source] = {}


def register(
    model: type[AbstractRung], raiser: Raiser, *, related: Sequence[str] = (), lock: Sequence[str] = ()
) -> None:
    """Let the sweep raise the rungs of this table; `related` names foreign keys to read along with them.

    `lock` names those to lock with the rung: a rung whose row is held by somebody else is left to the next
    sweep, so a sweep and a step never wait for each other.
    """
    _sources[model] = Source(model, raiser, tuple(related), tuple(lock))


def sources() -> tuple[Source, ...]:
    return tuple(_sources.values())


def sweep(at: datetime, *, sources: Iterable[Source] | None = None, batch: int = BATCH) -> Swept:
    """Raise every rung whose moment has come, one transaction per batch, and leave a heartbeat.

    A raiser that fails on a batch is given smaller ones, down to single rungs; what still fails stays due,
    is named in the log by its id, and does not keep the others from rising.
    """
    swept = Swept()
    for source in _sources.values() if sources is None else sources:
        _sweep_source(source, at, batch, swept)
    beat = _machine_time(at)
    if not Heartbeat.objects.filter(name=HEARTBEAT).update(at=beat):
        Heartbeat.objects.bulk_create([Heartbeat(name=HEARTBEAT, at=beat)], ignore_conflicts=True)
    return swept


def _sweep_source(source: Source, at: datetime, batch: int, swept: Swept) -> None:
    failed: list[UUID] = []
    size = batch
    while True:
        claimed: list[AbstractRung] = []
        try:
            _raise_batch(source, at, size, failed, claimed)
        except (OperationalError, InterfaceError):
            raise  # The database is gone or restarting: the next sweep finds everything where it was.
        except Exception as error:
            if len(claimed) > 1:
                size = max(1, size // 10)
                continue
            if not claimed:
                raise
            culprit = claimed[0].pk
            failed.append(culprit)
            # The class only: what an exception says may quote a row.
            logger.error("Rung %s of %s cannot rise: %s", culprit, source.model.__name__, type(error).__name__)
            continue
        swept.raised += len(claimed)
        if len(claimed) < size:
            break
    swept.failed += failed


def _raise_batch(source: Source, at: datetime, size: int, failed: Sequence[UUID], claimed: list[AbstractRung]) -> None:
    """Claim up to so many due rungs, hand them to the raiser and mark them raised: all of it or none.

    `claimed` is filled with them, so that whoever asked knows whom a failure concerns.
    """
    with transaction.atomic():
        due = source.model.objects.due(at)
        if failed:
            due = due.exclude(pk__in=failed)
        if source.lock:
            due = due.select_related(*source.lock)
        claimed += due.select_for_update(skip_locked=True, of=("self", *source.lock), no_key=True)[:size]
        if claimed:
            # A thousand rungs share a few factories: read each once rather than a thousand times.
            prefetch_related_objects(claimed, *source.related)
            source.raiser(claimed, at)
            _mark_raised(source.model, claimed, at)


def _mark_raised(model: type[AbstractRung], rungs: Sequence[AbstractRung], at: datetime) -> None:
    """Mark a batch with one array for a parameter, which is read much faster than a thousand parameters."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET raised_at = %s WHERE id = ANY(%s::uuid[])",  # noqa: S608 (our own table)
            [at, [str(rung.pk) for rung in rungs]],
        )


@dataclass(frozen=True)
class Health:
    """Whether reminders run: when the sweep was last here, and since when the oldest due rung waits."""

    last_run_at: datetime | None  # By the computer's own clock: a moved demo clock is no outage.
    since_last_run: timedelta | None
    oldest_due_for: timedelta | None

    @property
    def is_stale(self) -> bool:
        """Say whether the sweep has not been here for five minutes."""
        return self.since_last_run is None or self.since_last_run > STALE_AFTER

    @property
    def is_behind(self) -> bool:
        """Say whether something that should have risen has waited for five minutes."""
        return self.oldest_due_for is not None and self.oldest_due_for > STALE_AFTER

    @property
    def is_well(self) -> bool:
        return not (self.is_stale or self.is_behind)


def health(at: datetime) -> Health:
    """Look at the sweep from outside, with a query for the heartbeat and one for each source."""
    waiting = [source.model.objects.due(at).values_list("rises_at", flat=True).first() for source in sources()]
    oldest = min((moment for moment in waiting if moment is not None), default=None)
    return replace(_heartbeat(at), oldest_due_for=at - oldest if oldest else None)


def stopped_sentence(at: datetime) -> str:
    """Return the warning that expert and advisor pages show while reminders stand still, else nothing."""
    seen = _heartbeat(at)
    if not seen.is_stale:
        return ""
    if seen.last_run_at is None:
        return _("Reminders have not run yet. Tell the people who run this site.")
    return _("Reminders have not run since %(when)s UTC. Tell the people who run this site.") % {
        "when": date_format(seen.last_run_at, "DATETIME_FORMAT")
    }


def _heartbeat(at: datetime) -> Health:
    beat = Heartbeat.objects.filter(name=HEARTBEAT).values_list("at", flat=True).first()
    return Health(beat, _machine_time(at) - beat if beat else None, None)


def _machine_time(at: datetime) -> datetime:
    """Return a moment of the demo clock as the computer's clock shows it."""
    return at - accounts_clock.offset()
