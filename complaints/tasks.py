"""Work for later. A nudge carries ids only; a task holds no key and touches no grant."""

from celery import shared_task

from complaints import heads, workflow
from factories import clock


@shared_task(ignore_result=True)
def hourly() -> int:
    """Make final what she asked for a day ago. Harmless twice, late, or in two workers."""
    return workflow.finish_stops(at=clock.now())


@shared_task(ignore_result=True)
def daily_heads() -> None:
    """Send the day's heads of all chains to the technical organisation."""
    heads.seal_day(at=clock.now())
