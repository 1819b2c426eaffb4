"""What no complaint says: test complaints of a factory (F20), and silence (F26) in its two versions.

Silence is frozen as yes or no and never as a number: whoever reads the flag learns what the flag says.
"""

from __future__ import annotations

from complaints.statistics.facts import FACTORY, Counted, rows
from complaints.statistics.quarters import Period
from complaints.statistics.sums import Sum
from complaints.statistics.suppression import QUARTERS_FOR_BAND

ALL, FACTORY_ONLY = "S_ALL", "S_FACTORY"
HEADCOUNT_FOR_SILENCE = 200
WORKERS_PER_COMPLAINT = 1000  # One complaint per 1,000 workers and year is expected at least: a design value.

# Sent in the period; on time, where somebody acknowledged it by the day it was promised.
_TESTS = """SELECT c.factory_id, c.country_id, count(*), count(*) FILTER (WHERE EXISTS (
    SELECT 1 FROM complaints_deadline d WHERE d.case_id = c.id AND d.code = 'acknowledge' AND d.met_at <= d.due_at))
FROM complaints_case c
WHERE c.channel = 'test' AND c.factory_id IS NOT NULL AND c.filed_on >= %(start)s AND c.filed_on < %(end)s
GROUP BY c.factory_id, c.country_id"""


def of_tests(period: Period) -> list[Counted]:
    """Count test complaints sent to each factory through the platform, and those answered on time."""
    found = rows(_TESTS, {"start": period.start, "end": period.end})
    return [Counted("F20", "", FACTORY, factory, country, in_time, sent) for factory, country, sent, in_time in found]


def silence(complaints: int, headcount: int | None, quarters: int) -> Sum:
    """Say whether it is silent (1 of 1), is not (0 of 1), or cannot be said (0 of 0). Assessment, section 7.4.

    It can be said of factories of at least 200 workers, live for at least four whole quarters.
    """
    if not headcount or headcount < HEADCOUNT_FOR_SILENCE or quarters < QUARTERS_FOR_BAND:
        return Sum(0, 0)
    return Sum(int(WORKERS_PER_COMPLAINT * complaints < headcount), 1)
