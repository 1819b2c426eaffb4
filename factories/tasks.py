from celery import shared_task

from accounts import tasks as accounts_tasks
from factories import clock, sweep


@shared_task(ignore_result=True)
def sweep_rungs() -> int:
    """Raise every rung that is due, then send what waits. Harmless twice, late, or in two workers.

    In this order, so that after an outage a person's backlog leaves as one mail; and what waits is sent even
    where raising fails.
    """
    try:
        return sweep.sweep(clock.now()).raised
    finally:
        accounts_tasks.deliver_due()
