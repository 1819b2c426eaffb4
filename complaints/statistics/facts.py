"""What is counted, as SQL over whole tables: each figure is one SELECT that yields facts; one more says who held each.

A fact: code, part, case, day (which must lie in the period), held_on (the day whose holder it belongs to), fixed (the
holder, where the day does not say), ok (whether it counts in the numerator), amount (what a median is taken of).
Days are those of the factory's time zone. Conventions: indicators.md, section 1. Test complaints are never counted.
"""

# ruff: noqa: S608 (every word of these statements stands here; values travel as parameters)

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from complaints.models import SatisfactionTally
from complaints.statistics.quarters import Period

FACTORY, EXPERTS, HOLD = "factory", "experts", "hold"

# Who held a case when: the steps that hand it on, each from its day on. What she does has no minute, so a step that is
# due on the day on which a case changes hands belongs to whom it went to.
_BASE = """
WITH moves AS MATERIALIZED (
    SELECT e.case_id, e.number, e."on", e.kind, e.actor_kind, e.at,
        CASE e.kind WHEN 'hold_opened' THEN 'hold' WHEN 'handed_to_factory' THEN 'factory'
            WHEN 'route_chosen' THEN CASE WHEN e.contents ->> 'route' = 'factory_committee' OR (e.contents IS NULL
                AND EXISTS (SELECT 1 FROM complaints_assignment a WHERE a.case_id = e.case_id AND a.since = e."on"
                    AND a.role IN ('case_officer', 'committee_chair'))) THEN 'factory' ELSE 'experts' END
            ELSE 'experts' END AS holder
    FROM complaints_event e
    WHERE e.kind IN ('moved_outside', 'handed_to_factory', 'route_chosen', 'hold_opened', 'hold_lifted')
), began AS (
    SELECT DISTINCT ON (case_id) case_id, kind, "on" FROM moves ORDER BY case_id, number
), begun AS MATERIALIZED (
    SELECT c.id AS case_id, c.factory_id, c.country_id, c.channel, c.filed_on, c.side, c.route, c.set_aside_at,
        COALESCE(NULLIF(f.time_zone, ''), p.time_zone) AS zone,
        CASE b.kind WHEN 'moved_outside' THEN 'factory' WHEN 'hold_lifted' THEN 'hold'
            WHEN 'handed_to_factory' THEN 'experts' WHEN 'route_chosen' THEN 'experts'
            WHEN 'hold_opened' THEN CASE WHEN EXISTS (SELECT 1 FROM complaints_assignment a WHERE a.case_id = c.id
                AND a.since <= b."on" AND a.role IN ('case_officer', 'committee_chair')) THEN 'factory'
                ELSE 'experts' END
            ELSE CASE WHEN c.side = 'safeguarding_hold' THEN 'hold' WHEN c.route = 'factory_committee' THEN 'factory'
                ELSE 'experts' END
        END AS holder
    FROM complaints_case c
    JOIN factories_countrypack p ON p.code = c.country_id
    LEFT JOIN factories_factory f ON f.id = c.factory_id
    LEFT JOIN began b ON b.case_id = c.id
    WHERE c.channel <> 'test'
)"""

# A promise let go or paused before it was due is no promise of that day; afterwards it was missed.
_EVALUABLE = "(d.dropped_at IS NULL OR d.dropped_at > d.due_at) AND (d.paused_at IS NULL OR d.paused_at > d.due_at)"
# Narrowed by the clock first, so that the time zone is asked of few rows.
_NEAR = "d.due_at >= %(start)s::timestamptz - interval '2 days' AND d.due_at < %(end)s::timestamptz + interval '2 days'"
_DUE_DAY = "(d.due_at AT TIME ZONE b.zone)::date"
_LINKED = (
    "EXISTS (SELECT 1 FROM complaints_concern linked WHERE linked.linked_case_id = b.case_id"
    " AND linked.kind = 'retaliation')"
)

_STEPS = f"""
    SELECT v.figure AS code, '' AS part, d.case_id, {_DUE_DAY} AS day, {_DUE_DAY} AS held_on, NULL::text AS fixed,
        COALESCE(d.met_at <= d.due_at, false) AS ok, NULL::int AS amount
    FROM complaints_deadline d JOIN begun b ON b.case_id = d.case_id
    JOIN (VALUES ('acknowledge', 'F2'), ('triage', 'F3'), ('interim_measures', 'F4'), ('interim_measures_urgent', 'F4'),
        ('inquiry_complete', 'F5')) AS v (code, figure) ON v.code = d.code
    WHERE {_NEAR} AND {_EVALUABLE}"""

_OUTCOME = """
    SELECT 'F6', '', b.case_id, c.outcome_told_on, c.outcome_told_on, NULL, true, c.outcome_told_on - c.filed_on
    FROM complaints_case c JOIN begun b ON b.case_id = c.id WHERE c.outcome_told_on IS NOT NULL
    UNION ALL
    SELECT 'F6_open', '', b.case_id, %(end)s::date - 1, %(end)s::date - 1, NULL, true, NULL
    FROM complaints_case c JOIN begun b ON b.case_id = c.id
    WHERE c.filed_on < %(end)s::date - 90 AND c.side <> 'kept'
        AND (c.closed_at IS NULL OR (c.closed_at AT TIME ZONE b.zone)::date >= %(end)s::date)"""

_TOLD = f"""
    SELECT 'F7', '', d.case_id, c.decided_on, {_DUE_DAY}, NULL,
        COALESCE(c.outcome_told_on >= c.decided_on AND c.outcome_told_on < %(end)s::date, false), NULL
    FROM (SELECT DISTINCT ON (case_id) * FROM complaints_deadline WHERE code = 'outcome_told'
        ORDER BY case_id, ordinal DESC) AS d
    JOIN begun b ON b.case_id = d.case_id JOIN complaints_case c ON c.id = d.case_id
    WHERE c.decided_on IS NOT NULL AND {_DUE_DAY} < %(end)s::date AND {_EVALUABLE}"""

_REMEDIES = f"""
    SELECT 'F8', '', r.case_id, COALESCE({_DUE_DAY}, r.due_on), COALESCE({_DUE_DAY}, r.due_on), NULL,
        COALESCE(r.verified_on <= COALESCE({_DUE_DAY}, r.due_on), false), NULL
    FROM complaints_remedy r JOIN begun b ON b.case_id = r.case_id
    LEFT JOIN complaints_deadline d ON d.id = r.deadline_id
    WHERE d.id IS NULL OR ({_EVALUABLE})"""

# Complete by the cap: an answer, or two tries and a look at the HR data. No answer is never fine.
_ANSWERED = "COALESCE(k.answered_on <= k.cap_on, false)"
_COMPLETE = (
    f"({_ANSWERED} OR (k.tries >= 2 AND COALESCE(k.last_try_on <= k.cap_on AND k.hr_reviewed_on <= k.cap_on, false)))"
)
_CHECKS_30_TO_90 = """FROM complaints_check k JOIN begun b ON b.case_id = k.case_id
    WHERE k.code IN ('check_30', 'check_60', 'check_90') AND (k.dropped_on IS NULL OR k.dropped_on > k.cap_on)"""
_CHECKS = f"""
    SELECT 'F9', '', k.case_id, k.cap_on, k.cap_on, NULL, {_COMPLETE}, NULL {_CHECKS_30_TO_90}
    UNION ALL
    SELECT 'F10', '', k.case_id, k.cap_on, k.cap_on, NULL, {_ANSWERED}, NULL {_CHECKS_30_TO_90} AND {_COMPLETE}"""

# A concern that never shows to the factory is in no figure that factory and advisor see.
_RETALIATION = """
    SELECT 'F11', '', b.case_id, %(start)s::date, c.monitoring_on, NULL, EXISTS (
        SELECT 1 FROM complaints_concern w WHERE w.case_id = c.id AND w.kind = 'retaliation'
            AND w.shows_at IS NOT NULL AND w.raised_on <= c.monitoring_on + 180), NULL
    FROM complaints_case c JOIN begun b ON b.case_id = c.id
    WHERE c.monitoring_on >= %(watched_from)s AND c.monitoring_on < %(watched_to)s
    UNION ALL
    SELECT 'F12', '', w.case_id, w.raised_on + 60, w.raised_on + 60,
        CASE WHEN w.shows_at IS NULL THEN 'experts' END,
        COALESCE(w.remedy_verified_on <= w.raised_on + 60, false), NULL
    FROM complaints_concern w JOIN begun b ON b.case_id = w.case_id WHERE w.kind = 'retaliation'"""

_COMING_BACK = """
    SELECT 'F13', '', b.case_id, e.first + 60, e.first + 60, NULL,
        COALESCE(c.came_back_on <= e.first + 60, false), NULL
    FROM (SELECT case_id, min("on") AS first FROM complaints_event WHERE kind IN ('acknowledged', 'message_sent')
        GROUP BY case_id) AS e
    JOIN begun b ON b.case_id = e.case_id JOIN complaints_case c ON c.id = e.case_id"""

_RECEIVED = f"""
    SELECT 'F14', '', b.case_id, b.filed_on, b.filed_on, 'factory', EXISTS (
        SELECT 1 FROM moves m WHERE m.case_id = b.case_id AND m.kind = 'moved_outside'
            AND m.actor_kind = 'complainant' AND m."on" < %(end)s::date), NULL
    FROM begun b WHERE b.holder = 'factory'
    UNION ALL
    SELECT 'C1', b.channel, b.case_id, b.filed_on, b.filed_on, b.holder, true, NULL
    FROM begun b WHERE b.set_aside_at IS NULL AND NOT {_LINKED}
    UNION ALL
    SELECT 'F1', '', b.case_id, CASE WHEN b.holder = 'factory' THEN b.filed_on ELSE t."on" END, b.filed_on, 'factory',
        true, NULL
    FROM begun b LEFT JOIN (SELECT case_id, min("on") AS "on" FROM moves WHERE holder = 'factory' GROUP BY case_id) AS t
        ON t.case_id = b.case_id
    WHERE (b.holder = 'factory' OR t."on" IS NOT NULL) AND b.set_aside_at IS NULL AND NOT {_LINKED}"""

_FINDINGS = """
    SELECT 'F29', a.result, b.case_id, (c.closed_at AT TIME ZONE b.zone)::date, (c.closed_at AT TIME ZONE b.zone)::date,
        NULL, true, NULL
    FROM complaints_allegation a JOIN begun b ON b.case_id = a.case_id JOIN complaints_case c ON c.id = a.case_id
    WHERE c.closed_at IS NOT NULL AND c.path = 'formal_inquiry' AND a.result <> ''"""

# The case part of F15: everybody of the factory who opened it had declared before. Counted when it was first opened.
_DECLARED = """
    SELECT 'F15', '', o.case_id, o.first, o.first, NULL, o.declared, NULL
    FROM (SELECT e.case_id, min(e."on") AS first, bool_and(COALESCE(x.declared_at <= e.at, false)) AS declared
        FROM complaints_event e JOIN complaints_case c ON c.id = e.case_id
        JOIN factories_membership m ON m.person_id = e.actor_id AND m.factory_id = c.factory_id
            AND m.since <= e."on" AND (m.until IS NULL OR m.until >= e."on")
        LEFT JOIN complaints_conflictdeclaration x ON x.case_id = e.case_id AND x.person_id = e.actor_id
        WHERE e.kind = 'compartment_opened' AND e."on" < %(end)s::date GROUP BY e.case_id) AS o
    JOIN begun b ON b.case_id = o.case_id"""

_ALL = " UNION ALL ".join(
    (_STEPS, _OUTCOME, _TOLD, _REMEDIES, _CHECKS, _RETALIATION, _COMING_BACK, _RECEIVED, _FINDINGS, _DECLARED)
)
_QUERY = f"""{_BASE}, facts AS MATERIALIZED (
    SELECT row_number() OVER () AS n, * FROM ({_ALL}) AS every WHERE day >= %(start)s::date AND day < %(end)s::date
), held AS (
    SELECT DISTINCT ON (f.n) f.n, m.holder
    FROM facts f JOIN moves m ON m.case_id = f.case_id AND m."on" <= f.held_on
    WHERE f.fixed IS NULL ORDER BY f.n, m.number DESC
)
SELECT f.code, f.part, COALESCE(f.fixed, h.holder, b.holder) AS holder, b.factory_id, b.country_id,
    count(*) FILTER (WHERE f.ok), count(*), array_agg(f.amount) FILTER (WHERE f.amount IS NOT NULL)
FROM facts f JOIN begun b ON b.case_id = f.case_id LEFT JOIN held h ON h.n = f.n
GROUP BY 1, 2, 3, 4, 5"""


@dataclass(frozen=True)
class Counted:
    """What one figure found for one holder, factory and country."""

    code: str
    part: str
    holder: str
    factory: UUID | None
    country: str
    num: int
    den: int
    amounts: tuple[int, ...] = ()


def of_cases(period: Period) -> list[Counted]:
    """Count every figure of cases over a period, in one statement."""
    parameters = {
        "start": period.start,
        "end": period.end,
        # The four quarters that end one quarter before this one: 180 days have passed since the last of them.
        "watched_from": period.quarter.before(5).start,
        "watched_to": period.quarter.before(1).start,
    }
    found = []
    for *said, amounts in rows(_QUERY, parameters):
        code, part, holder, factory, country, num, den = said
        found.append(Counted(code, part, holder, factory, country, num, den, tuple(amounts or ())))
    return found


def of_satisfaction(period: Period) -> list[Counted]:
    """F28, from tallies that know no case. Outside cases are counted without their factory."""
    quarters = [str(period.quarter.before(back)) for back in range(period.span)]
    tallies = SatisfactionTally.objects.filter(quarter__in=quarters)
    found = tallies.values_list("factory_id", "country_id", "good", "answers")
    return [
        Counted("F28", "", FACTORY if factory else EXPERTS, factory, country, good, answers)
        for factory, country, good, answers in found
    ]


def rows(query: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def base() -> str:
    """Return the beginning of a statement that asks of `begun` and `moves`."""
    return _BASE


EVALUABLE, NEAR, DUE_DAY = _EVALUABLE, _NEAR, _DUE_DAY
