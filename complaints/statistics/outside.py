"""What is counted of the outside team, of safeguarding and of the programme: figures E2 to E4, S and P."""

# ruff: noqa: S608 (every word of these statements stands here; values travel as parameters)

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.db.models import Count, OuterRef, Q, Subquery

from complaints.exclusions import marks_against
from complaints.statistics.facts import DUE_DAY, EVALUABLE, EXPERTS, NEAR, Counted, base, rows
from complaints.statistics.quarters import Period
from factories.clock import Calendar
from factories.models import FactoryDay, ProviderVetting, ServiceProvider, VettingCode

# One figure for danger, age and freedom; a case counts once, and only where each of its calls was answered.
_URGENT = f"""{base()}
SELECT b.country_id, count(*), count(*) FILTER (WHERE u.in_time), count(*) FILTER (WHERE u.in_a_day) FROM (
    SELECT d.case_id, bool_and(COALESCE(d.met_at <= d.due_at, false)) AS in_time,
        bool_and(COALESCE(d.met_at <= d.starts_at + interval '24 hours', false)) AS in_a_day
    FROM complaints_deadline d JOIN begun b ON b.case_id = d.case_id
    WHERE d.code = 'urgent_contact' AND {NEAR} AND {EVALUABLE}
        AND {DUE_DAY} >= %(start)s::date AND {DUE_DAY} < %(end)s::date
    GROUP BY d.case_id) AS u JOIN begun b ON b.case_id = u.case_id GROUP BY b.country_id"""

# A hold at filing begins with the hour of its first urgent contact: of what she does no minute is kept.
_HOLDS = f"""{base()}, holds AS (
    SELECT m.case_id, m.at AS since FROM moves m WHERE m.kind = 'hold_opened'
    UNION ALL
    SELECT b.case_id, min(d.starts_at) FROM begun b JOIN complaints_deadline d ON d.case_id = b.case_id
    WHERE b.holder = 'hold' AND d.code = 'urgent_contact' GROUP BY b.case_id)
SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM complaints_safetydecision s WHERE s.case_id = h.case_id
    AND s.agreed_at >= h.since AND s.agreed_at <= h.since + interval '24 hours'))
FROM holds h JOIN begun b ON b.case_id = h.case_id
WHERE ((h.since + interval '24 hours') AT TIME ZONE b.zone)::date >= %(start)s::date
    AND ((h.since + interval '24 hours') AT TIME ZONE b.zone)::date < %(end)s::date"""

_REFERRALS = """SELECT
    count(*) FILTER (WHERE r.sent_on >= %(start)s AND r.sent_on < %(end)s),
    count(*) FILTER (WHERE r.sent_on >= %(start)s AND r.sent_on < %(end)s AND r.answered_on <= r.sent_on),
    count(*) FILTER (WHERE r.sent_on + 30 >= %(start)s AND r.sent_on + 30 < %(end)s),
    count(*) FILTER (WHERE r.sent_on + 30 >= %(start)s AND r.sent_on + 30 < %(end)s AND r.reached)
FROM complaints_referral r JOIN complaints_case c ON c.id = r.case_id WHERE c.channel <> 'test'"""

_FOLLOW_UPS = """SELECT count(*), count(*) FILTER (WHERE k.done_on <= k.due_on + 7)
FROM complaints_check k JOIN complaints_case c ON c.id = k.case_id
WHERE c.channel <> 'test' AND k.code LIKE 'follow\\_up\\_%%' AND k.due_on >= %(start)s AND k.due_on < %(end)s
    AND (k.dropped_on IS NULL OR k.dropped_on > k.due_on)"""

# P1: who opened without an assignment that covers the day.
_OPENINGS = """SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
    SELECT 1 FROM complaints_assignment a WHERE a.case_id = e.case_id AND a.person_id = e.actor_id
        AND a.since <= e."on" AND (a.ended_on IS NULL OR a.ended_on >= e."on")))
FROM complaints_event e WHERE e.kind = 'compartment_opened' AND e.actor_id IS NOT NULL
    AND e."on" >= %(start)s AND e."on" < %(end)s"""

# P2: a legal hold moves the day on which a record is due to its end.
_PURGES = """SELECT count(*), count(*) FILTER (WHERE (c.purged_at AT TIME ZONE 'UTC')::date <= c.due + 7) FROM (
    SELECT c.purged_at, GREATEST(c.purge_after, max(COALESCE(h.ended_on, h.ends_on))) AS due
    FROM complaints_case c LEFT JOIN complaints_legalhold h ON h.case_id = c.id
    WHERE c.purge_after IS NOT NULL GROUP BY c.id) AS c
WHERE c.due + 7 >= %(start)s AND c.due + 7 < %(end)s"""

_OPENED_BY_FACTORY = f"""{base()}
SELECT DISTINCT b.country_id, e.case_id, e.actor_id, COALESCE(e.contents ->> 'role', m.role) AS role, (
    SELECT bool_or(true) FROM complaints_conflictdeclaration x WHERE x.case_id = e.case_id AND x.person_id = e.actor_id
        AND x.may_handle = false AND COALESCE(x.decided_at, x.declared_at) < e.at)
FROM complaints_event e JOIN begun b ON b.case_id = e.case_id
JOIN factories_membership m ON m.person_id = e.actor_id AND m.factory_id = b.factory_id
    AND m.since <= e."on" AND (m.until IS NULL OR m.until >= e."on")
WHERE e.kind = 'compartment_opened' AND e."on" >= %(start)s AND e."on" < %(end)s"""

_MARKED = """SELECT DISTINCT u.of, u.who
FROM unnest(%(cases)s::uuid[], %(people)s::uuid[], %(marks)s::text[]) AS u (of, who, mark)
JOIN complaints_exclusion e ON e.case_id = u.of AND e.mark = decode(u.mark, 'hex')"""
AT_ONCE = 20_000

_AT_L3 = f"""{base()}
SELECT b.country_id, b.factory_id, b.zone, r.raised_at, min(e.at)
FROM complaints_rung r JOIN complaints_deadline d ON d.id = r.deadline_id JOIN begun b ON b.case_id = d.case_id
LEFT JOIN complaints_assignment a ON a.case_id = b.case_id AND a.role = 'technical_expert'
LEFT JOIN complaints_event e ON e.case_id = b.case_id AND e.actor_id = a.person_id AND e.at > r.raised_at
    AND e.kind <> 'compartment_opened'
WHERE r.level = 'L3' AND r.raised_at >= %(start)s::timestamptz - interval '60 days' AND r.raised_at < %(end)s
GROUP BY r.id, b.country_id, b.factory_id, b.zone, r.raised_at"""
TAKEN_UP_WITHIN = 5  # Working days.


def of_the_outside_team(period: Period) -> list[Counted]:
    """Count E2 to E4, by country."""
    when = {"start": period.start, "end": period.end}
    found = []
    for country, cases, in_time, in_a_day in rows(_URGENT, when):
        found.append(Counted("E2", "", EXPERTS, None, country, in_time, cases))
        found.append(Counted("E2_24", "", EXPERTS, None, country, in_a_day, cases))
    return [*found, *_opened_by_excluded(period), *_taken_up(period)]


def of_safeguarding(period: Period) -> dict[str, tuple[int, int]]:
    """Count S2 to S7 over all countries: numerator and denominator."""
    when = {"start": period.start, "end": period.end}
    [(holds, decided)] = rows(_HOLDS, when)
    [(sent, agreed, old, reached)] = rows(_REFERRALS, when)
    [(due, made)] = rows(_FOLLOW_UPS, when)
    return {
        "S2": (decided, holds),
        "S3": (agreed, sent),
        "S4": (made, due),
        "S5": (reached, old),
        "S7": _providers(period.end),
    }


def of_the_programme(period: Period) -> dict[str, tuple[int, int]]:
    """Count P1 and P2 over all countries."""
    when = {"start": period.start, "end": period.end}
    [(openings, outside_need)] = rows(_OPENINGS, when)
    [(due, deleted)] = rows(_PURGES, when)
    return {"P1": (outside_need, openings), "P2": (deleted, due)}


def _providers(end: date) -> tuple[int, int]:
    """Providers whose latest check, made before this day, has every answer yes and is not six months old; of all."""
    latest = ProviderVetting.objects.filter(provider=OuterRef("pk"), checked_on__lt=end).order_by("-number")
    listed = ServiceProvider.objects.filter(Q(retired_on=None) | Q(retired_on__gte=end))
    last = listed.annotate(last=Subquery(latest.values("pk")[:1])).values("last")
    current = (
        ProviderVetting.objects.filter(pk__in=last, checked_on__gte=end - relativedelta(months=6))
        .annotate(yes=Count("answers", filter=Q(answers__yes=True)))
        .filter(yes=len(VettingCode))
    )
    return current.count(), listed.count()


def _opened_by_excluded(period: Period) -> list[Counted]:
    """E3. Who is excluded stands only in keyed hashes: they are compared, and nobody's name is looked up."""
    opened = rows(_OPENED_BY_FACTORY, {"start": period.start, "end": period.end})
    marked: set[tuple[UUID, UUID]] = set()
    for start in range(0, len(opened), AT_ONCE):
        marked |= _marked_out([(case, person, role) for _c, case, person, role, _d in opened[start : start + AT_ONCE]])
    all_opened: dict[str, set[tuple[UUID, UUID]]] = defaultdict(set)
    by_excluded: dict[str, set[tuple[UUID, UUID]]] = defaultdict(set)
    for country, case, person, _role, declared in opened:
        all_opened[country].add((case, person))
        if declared or (case, person) in marked:
            by_excluded[country].add((case, person))
    return [
        Counted("E3", "", EXPERTS, None, country, len(by_excluded[country]), len(pairs))
        for country, pairs in all_opened.items()
    ]


def _marked_out(openings: list[tuple[UUID, UUID, str]]) -> set[tuple[UUID, UUID]]:
    """Keep the openings of which the case holds a mark against the person or the role."""
    against = [(case, who, mark) for case, who, role in openings for mark in marks_against(case, who, role)]
    cases, people, marks = zip(*against, strict=True)
    values = {"cases": list(map(str, cases)), "people": list(map(str, people)), "marks": [m.hex() for m in marks]}
    return {(case, person) for case, person in rows(_MARKED, values)}


def _taken_up(period: Period) -> list[Counted]:
    """E4, a cohort by the day on which the five working days end."""
    raised = rows(_AT_L3, {"start": period.start, "end": period.end})
    calendars = Calendars(factory for _country, factory, *_rest in raised)
    taken: dict[str, list[bool]] = defaultdict(list)
    for country, factory, zone, raised_at, acted_at in raised:
        calendar = calendars.of(country, factory, zone)
        until = calendar.add_working_days(calendar.local_day(raised_at), TAKEN_UP_WITHIN)
        if period.start <= until < period.end:
            taken[country].append(acted_at is not None and calendar.local_day(acted_at) <= until)
    return [Counted("E4", "", EXPERTS, None, one, sum(said), len(said)) for one, said in taken.items()]


class Calendars:
    """The calendars of many factories, their own days read at once."""

    def __init__(self, factories: Iterable[UUID | None]) -> None:
        wanted = {factory for factory in factories if factory}
        self._days: dict[UUID, dict[date, bool]] = defaultdict(dict)
        for factory, day, works in FactoryDay.objects.filter(factory__in=wanted).values_list("factory", "day", "works"):
            self._days[factory][day] = works
        self._made: dict[tuple[str, UUID | None], Calendar] = {}

    def of(self, country: str, factory: UUID | None, zone: str) -> Calendar:
        key = (country, factory)
        if key not in self._made:
            own = self._days.get(factory, {}) if factory else {}
            self._made[key] = Calendar(country, ZoneInfo(zone), overrides=own)
        return self._made[key]
