"""The sweep: what it costs when nothing is due, and beside bare SQL when ten thousand rungs are."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from time import perf_counter

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
    """Claim, write notices and events, move the chains' heads and mark as raised: nothing but statements."""
    from django.db import connection, transaction

    at, chair = _now(), world.people.chair.pk
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """CREATE TEMPORARY TABLE claimed ON COMMIT DROP AS
                SELECT rung.id, rung.level, deadline.id AS deadline_id, deadline.code, deadline.due_at,
                    deadline.case_id, this.last_event, this.head
                FROM complaints_rung AS rung
                JOIN complaints_deadline AS deadline ON deadline.id = rung.deadline_id
                JOIN complaints_case AS this ON this.id = deadline.case_id
                WHERE rung.rises_at <= %s AND raised_at IS NULL AND rung.dropped_at IS NULL AND NOT held
                ORDER BY rung.rises_at LIMIT %s FOR NO KEY UPDATE OF rung, this SKIP LOCKED""",
                [at, BATCH],
            )
            if not cursor.rowcount:
                return
            cursor.execute(
                """INSERT INTO accounts_notice (id, recipient_id, cause, kind, due_on, topic, topic_id, made_at,
                    send_after, try_after, attempts)
                SELECT gen_random_uuid(), %s, 'rung:' || id, 'late_l1', due_at::date, 'case', case_id, %s, %s, %s, 0
                FROM claimed ON CONFLICT DO NOTHING""",
                [chair, at, at, at],
            )
            cursor.execute(
                """INSERT INTO complaints_event (id, case_id, number, kind, actor_kind, "on", at, compartment, contents,
                    salt, digest, mac)
                SELECT gen_random_uuid(), case_id, last_event + 1, 'rung_raised', 'system', %s, %s, '',
                    jsonb_build_object('level', level, 'deadline', code, 'ordinal', 1),
                    decode(md5(id::text), 'hex'), sha256(id::text::bytea), sha256(head)
                FROM claimed""",
                [at.date(), at],
            )
            cursor.execute(
                """UPDATE complaints_case AS this SET last_event = this.last_event + 1, head = sha256(this.head)
                FROM claimed WHERE this.id = claimed.case_id"""
            )
            cursor.execute(
                "UPDATE complaints_rung AS rung SET raised_at = %s FROM claimed WHERE rung.id = claimed.id", [at]
            )
