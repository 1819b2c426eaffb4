"""The quicker order of an inquiry where the law leaves an employer only a few days. The lengths are in the pack.

Offered in the pack of a country, taken case by case as the path is agreed. It shortens, and never lengthens a limit.
Workflow, section 5, "Discipline clock".
"""

from __future__ import annotations

from datetime import datetime

from complaints.models import Case
from factories import clock, packs

# Whoever is said to have done it has time to answer from the day they are told, however late that is.
FROM_ITS_OWN_START = ("respondent_reply",)
# As the law's own last day: a day of rest ends it before, not after.
BEFORE_THE_LAW_ENDS = ("decision",)
AT_LEAST = clock.Length(1, "working_days")  # Nobody is late on the day a promise is made.


def offered(case: Case) -> packs.FastTrack | None:
    """The fast track of a case: the country has one, the factory handles it, and its legal clock runs."""
    if case.employer_knowledge_at is None or not case.with_factory:
        return None
    return packs.fast_track(case.country_id)


def is_short(case: Case, code: str) -> bool:
    """Whether this promise of the case has its shorter limit."""
    track = offered(case) if case.fast_track else None
    return track is not None and isinstance(track.steps.get(code), packs.Length)


def due(case: Case, code: str, start: datetime) -> datetime | None:
    """By when a promise made on the day of `start` is due on the fast track the case is on; None where it has none.

    Counted from the day the factory learned who it was; a day that is over already becomes the next working day.
    """
    track = offered(case) if case.fast_track else None
    step = track.steps.get(code) if track else None
    if not isinstance(step, packs.Length) or case.employer_knowledge_at is None:
        return None
    length, calendar = clock.Length(step.value, step.unit), case.calendar
    if code in FROM_ITS_OWN_START:
        return clock.reach(length, "forward", start, calendar)
    known = calendar.at_hour(case.local_day(case.employer_knowledge_at), 0)
    roll = "backward" if code in BEFORE_THE_LAW_ENDS else clock.limits(case.country_id)[code].roll
    return max(clock.reach(length, roll, known, calendar), clock.reach(AT_LEAST, "forward", start, calendar))
