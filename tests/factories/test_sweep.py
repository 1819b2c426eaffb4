"""The sweep: each due rung rises exactly once, none is lost, and somebody notices when it stands still."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from accounts.models import Heartbeat
from factories import sweep
from factories.sweep import Source
from tests.factories.conftest import Promise, PromiseRung, Raised

NOW = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def make_rungs(count: int, *, rises_at: datetime = NOW - MINUTE, level: str = "L1") -> list[PromiseRung]:
    promises = Promise.objects.bulk_create(
        Promise(code="acknowledge", starts_at=NOW - timedelta(days=9), due_at=NOW) for _ in range(count)
    )
    return PromiseRung.objects.bulk_create(
        PromiseRung(deadline=promise, level=level, rises_at=rises_at) for promise in promises
    )


def write_down(rungs, at):
    Raised.objects.bulk_create(Raised(rung_id=rung.pk) for rung in rungs)


def run(raiser=write_down, *, at=NOW, batch=1000) -> sweep.Swept:
    return sweep.sweep(at, sources=[Source(PromiseRung, raiser)], batch=batch)


def raised_ids() -> list:
    return sorted(Raised.objects.values_list("rung_id", flat=True))


def test_a_due_rung_rises_once_however_often_the_sweep_runs(promises):
    [rung] = make_rungs(1)
    assert run().raised == 1
    assert run().raised == 0
    rung.refresh_from_db()
    assert rung.raised_at == NOW
    assert raised_ids() == [rung.pk]


def test_a_rung_that_is_not_due_is_held_or_was_dropped_stays_where_it_is(promises):
    make_rungs(1, rises_at=NOW + MINUTE)
    [held] = make_rungs(1)
    [dropped] = make_rungs(1)
    PromiseRung.objects.filter(pk=held.pk).update(held=True)
    PromiseRung.objects.filter(pk=dropped.pk).update(dropped_at=NOW)
    assert run().raised == 0


def test_a_backlog_rises_in_the_order_in_which_it_was_due(promises):
    for days in (3, 1, 2):
        make_rungs(1, rises_at=NOW - timedelta(days=days))
    seen = []
    run(lambda rungs, at: seen.extend(rung.rises_at for rung in rungs), batch=2)
    assert seen == sorted(seen)
    assert len(seen) == 3


def test_two_sweeps_at_once_raise_each_rung_once(promises):
    expected = sorted(rung.pk for rung in make_rungs(300))
    start = threading.Barrier(2)

    def slowly(rungs, at):
        write_down(rungs, at)
        time.sleep(0.01)

    def one_sweep():
        start.wait()
        try:
            run(slowly, batch=20)
        finally:
            connection.close()

    sweeps = [threading.Thread(target=one_sweep) for _ in range(2)]
    for thread in sweeps:
        thread.start()
    for thread in sweeps:
        thread.join()
    run()
    assert raised_ids() == expected


def test_a_promise_kept_while_its_rung_is_being_raised_waits_for_the_sweep(promises):
    [rung] = make_rungs(1)
    raising, dropped = threading.Event(), []

    def drop():
        raising.wait()
        dropped.append(PromiseRung.objects.filter(pk=rung.pk, raised_at=None).update(dropped_at=NOW))
        connection.close()

    keeping = threading.Thread(target=drop)
    keeping.start()

    def raise_slowly(rungs, at):
        raising.set()
        time.sleep(0.2)
        write_down(rungs, at)

    assert run(raise_slowly).raised == 1
    keeping.join()
    assert dropped == [0]


def test_a_sweep_killed_in_the_middle_loses_nothing_and_raises_nothing_twice(promises):
    expected = sorted(rung.pk for rung in make_rungs(60))
    code = (
        "import django; django.setup()\n"
        "import time\n"
        "from tests.factories.test_sweep import run, write_down\n"
        "def slowly(rungs, at):\n"
        "    write_down(rungs, at); print('raising', flush=True); time.sleep(0.3)\n"
        "run(slowly, batch=10)\n"
    )
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/{settings['NAME']}?host={settings['HOST']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"{url}&port={settings['PORT']}" if settings["PORT"] else url,
    }
    killed = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)
    for _batch in range(3):
        assert killed.stdout.readline() == b"raising\n"
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    assert 20 <= Raised.objects.count() < 60
    deadline = time.monotonic() + 20
    while Raised.objects.count() < 60 and time.monotonic() < deadline:  # Until the server lets the locks go.
        run()
    assert raised_ids() == expected


def test_one_rung_that_cannot_rise_does_not_keep_the_others_down(promises, caplog):
    rungs = make_rungs(25)
    culprit = rungs[7].pk

    def stumble(rungs, at):
        if any(rung.pk == culprit for rung in rungs):
            raise ValueError("She said: secret words")
        write_down(rungs, at)

    swept = run(stumble, batch=10)
    assert (swept.raised, swept.failed) == (24, [culprit])
    assert str(culprit) in caplog.text
    assert "secret words" not in caplog.text
    assert run().raised == 1


def test_the_database_refuses_a_second_rung_of_the_same_level(promises):
    [rung] = make_rungs(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PromiseRung.objects.create(deadline=rung.deadline, level="L1", rises_at=NOW)


def test_nothing_due_costs_two_queries_whatever_waits(promises, settings, django_assert_num_queries):
    settings.SAMLENG_CLOCK_OFFSET_ALLOWED = False  # Read once a second, which would count now and then.
    run()
    make_rungs(50, rises_at=NOW + MINUTE)
    with django_assert_num_queries(4):  # Begin, look, commit, heartbeat.
        run()


def test_the_sweep_leaves_a_heartbeat_each_time(promises):
    run(at=NOW)
    run(at=NOW + MINUTE)
    assert Heartbeat.objects.get(name="sweep").at == NOW + MINUTE


def test_reminders_that_have_not_run_for_five_minutes_are_said_to_stand_still(promises):
    run(at=NOW)
    assert sweep.stopped_sentence(NOW + 5 * MINUTE) == ""
    assert "10 June 2026, 03:00 UTC" in sweep.stopped_sentence(NOW + 6 * MINUTE)


def test_reminders_that_never_ran_are_said_to_stand_still(db):
    assert sweep.stopped_sentence(NOW) == "Reminders have not run yet. Tell the people who run this site."


def test_health_shows_how_long_the_oldest_due_rung_waits(promises, monkeypatch):
    make_rungs(1, rises_at=NOW - 7 * MINUTE)
    make_rungs(1, rises_at=NOW + 7 * MINUTE)
    monkeypatch.setattr(sweep, "_sources", {PromiseRung: Source(PromiseRung, write_down)})
    sweep.sweep(NOW, sources=[])
    health = sweep.health(NOW)
    assert health.oldest_due_for == 7 * MINUTE
    assert not health.is_stale
    assert health.is_behind
    sweep.sweep(NOW)
    assert sweep.health(NOW).is_well
