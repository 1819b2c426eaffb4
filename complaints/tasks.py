"""Work for later. A nudge carries ids only; a task holds no key and touches no grant."""

from celery import shared_task

from accounts import notices
from accounts.models import Notice
from complaints import heads, workflow
from complaints.intake import HOLDERS, THIN
from complaints.selectors import holders
from complaints.statistics import beside, snapshots
from factories import clock, people


@shared_task(ignore_result=True)
def hourly() -> int:
    """Make final what she asked for a day ago, and let go on what her answer or the time has freed.

    Harmless twice, late, or in two workers.
    """
    at = clock.now()
    done = workflow.finish_stops(at=at) + workflow.finish_deletions(at=at)
    done += workflow.finish_reopenings(at=at) + workflow.finish_talks(at=at)
    return done + workflow.end_waits(at=at) + workflow.end_confirmed(at=at)


@shared_task(ignore_result=True)
def end_of_time() -> None:
    """Delete what has had its time: content, the access record, results. Harmless twice, late, or in two workers."""
    workflow.purge_due(at=clock.now())


@shared_task(ignore_result=True)
def alarms() -> int:
    """Tell the administrators of each case that has fallen under two people who can open it, once."""
    at = clock.now()
    told = set(Notice.objects.filter(kind=THIN).values_list("topic_id", flat=True))
    thin = [one.case for one in holders.thin_cases() if one.case.pk not in told]
    to = [*people.administrators(), *people.programme_leads("technical")] if thin else []
    for case in thin:
        notices.queue(to=to, cause=f"thin:{case.pk}", kind=THIN, at=at, topic=HOLDERS, topic_id=case.pk)
    return len(thin)


@shared_task(ignore_result=True)
def freeze_figures() -> int:
    """Freeze the figures of each quarter whose day 10 of the next has come, and then what other apps make of them.

    Harmless twice, late, or in two workers.
    """
    at = clock.now()
    frozen = sum(snapshots.freeze(quarter, at=at) is not None for quarter in snapshots.due(at))
    beside.freeze_followers(at)
    return frozen


@shared_task(ignore_result=True)
def daily_heads() -> None:
    """Send the day's heads of all chains to the technical organisation."""
    heads.seal_day(at=clock.now())
