"""The sweep: what it costs when nothing is due, and beside bare SQL when ten thousand rungs are."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from time import perf_counter
from uuid import uuid4

from script.benches.results import Results, milliseconds
from script.benches.servers import Servers
from script.benches.world import World

DUE = 10_000
BATCH = 1_000


def nothing_due(results: Results, world: World, cases: int) -> None:
    """Sweep beside many open promises of which none is due."""
    from factories import clock, sweep

    world.fill(cases)
    at = clock.now()
    sweep.sweep(at)
    open_ones = world.servers.sql("SELECT count(*) FROM complaints_deadline WHERE met_at IS NULL")[0][0]
    results.told(f"open_deadlines_beside_{cases}_cases", open_ones, "deadlines")
    found = median(milliseconds(lambda: sweep.sweep(at), 20))
    results.at_most(f"sweep_nothing_due_{cases}", found, "ms", 10)


def many_due(results: Results, world: World) -> None:
    """Raise ten thousand rungs of level 1 (a notice and an event each), and write the same rows by bare SQL."""
    from factories import clock, sweep

    world.fill(max(world.thin, 4 * DUE))
    at = clock.now()
    sweep.sweep(at)
    ours, bare = [], []
    for half in range(2):  # In turns, so that a busy machine slows both.
        make_due(world.servers, first=half * 2 * DUE, count=DUE)
        begun = perf_counter()
        raised = sweep.sweep(at).raised
        ours.append(perf_counter() - begun)
        if raised != DUE:
            raise RuntimeError(f"The sweep raised {raised} of {DUE} rungs.")
        make_due(world.servers, first=(half * 2 + 1) * DUE, count=DUE)
        begun = perf_counter()
        _bare(world)
        bare.append(perf_counter() - begun)
    results.told("sweep_10000_due", min(ours), "s")
    results.told("sweep_10000_bare_sql", min(bare), "s")
    results.at_most("sweep_10000_to_bare_sql", min(ours) / min(bare), "times", 3)


def make_due(servers: Servers, *, first: int, count: int) -> None:
    """Let level 1 of one promise of so many thin cases rise now."""
    servers.sql(
        """UPDATE complaints_rung SET rises_at = %s WHERE level = 'L1' AND deadline_id IN (
            SELECT md5('deadline' || n || 'acknowledge')::uuid FROM generate_series(%s + 1, %s) AS n)""",
        [_now() - timedelta(minutes=1), first, first + count],
    )
    servers.sql("ANALYZE complaints_rung")
    servers.sql("CHECKPOINT")


def _now():  # type: ignore[no-untyped-def]
    from factories import clock

    return clock.now()


def _bare(world: World) -> None:
    """Claim, write notices and events, move the chains' heads and mark as raised: nothing but statements.

    The values travel as they must: who hears of it and the keyed link of a chain are not known to the database.
    """
    from django.db import connection, transaction
    from psycopg2.extras import Json, execute_values

    at, chair = _now(), str(world.people.chair.pk)
    while True:
        with transaction.atomic(), connection.cursor() as wrapped:
            cursor = wrapped.cursor
            cursor.execute(
                """SELECT rung.id::text, rung.level, deadline.code, deadline.due_at, this.id::text, this.last_event + 1
                FROM complaints_rung AS rung
                JOIN complaints_deadline AS deadline ON deadline.id = rung.deadline_id
                JOIN complaints_case AS this ON this.id = deadline.case_id
                WHERE rung.rises_at <= %s AND raised_at IS NULL AND rung.dropped_at IS NULL AND NOT held
                ORDER BY rung.rises_at LIMIT %s FOR NO KEY UPDATE OF rung, this SKIP LOCKED""",
                [at, BATCH],
            )
            claimed = cursor.fetchall()
            if not claimed:
                return
            mac = bytes(32)
            execute_values(
                cursor,
                """INSERT INTO accounts_notice (id, recipient_id, cause, kind, due_on, topic, topic_id, made_at,
                    send_after, try_after, attempts) VALUES %s ON CONFLICT DO NOTHING""",
                [
                    (str(uuid4()), chair, f"rung:{rung}", "late_l1", due.date(), "case", case, at, at, at, 0)
                    for rung, _level, _code, due, case, _number in claimed
                ],
                page_size=BATCH,
            )
            execute_values(
                cursor,
                """INSERT INTO complaints_event (id, case_id, number, kind, actor_kind, "on", at, compartment, contents,
                    salt, digest, mac) VALUES %s""",
                [
                    (
                        *(str(uuid4()), case, number, "rung_raised", "system", at.date(), at, ""),
                        *(Json({"level": level, "deadline": code, "ordinal": 1}), mac[:16], mac, mac),
                    )
                    for _rung, level, code, _due, case, number in claimed
                ],
                page_size=BATCH,
            )
            execute_values(
                cursor,
                """UPDATE complaints_case SET last_event = v.number, head = v.head
                FROM (VALUES %s) AS v (id, number, head) WHERE complaints_case.id = v.id::uuid""",
                [(case, number, mac) for _rung, _level, _code, _due, case, number in claimed],
                page_size=BATCH,
            )
            cursor.execute(
                "UPDATE complaints_rung SET raised_at = %s WHERE id = ANY(%s::uuid[])",
                [at, [row[0] for row in claimed]],
            )
