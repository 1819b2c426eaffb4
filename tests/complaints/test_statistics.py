"""Figures: counted right, frozen once, and published with small numbers hidden."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.models import StatQuarter, StatSnapshot
from complaints.statistics import Period, Quarter, snapshots
from complaints.statistics.facts import of_cases
from complaints.statistics.outside import of_safeguarding, of_the_outside_team, of_the_programme
from tests.complaints.figureworld import SmallWorld, middle

pytestmark = pytest.mark.django_db
Q2 = Quarter(2026, 2)
AFTERWARDS = datetime(2026, 7, 10, 5, tzinfo=UTC)


class Undone(Exception):
    pass


# --- Counted right ------------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9), number=st.integers(1, 4), span=st.sampled_from([1, 4]))
def test_every_figure_equals_a_walk_through_the_cases(db, seed, number, span):
    """Brute force: the same formulas in plain Python, case by case, over random small worlds."""
    period = Period(Quarter(2026 if number < 3 else 2025, number), span)
    try:
        with transaction.atomic():
            world = SmallWorld(seed, cases=14)
            wanted = world.count(period)
            found = {(c.code, c.part, c.holder, c.factory, c.country): c for c in of_cases(period)}
            assert {key: one.den for key, one in found.items()} == dict(wanted.den)
            assert {key: one.num for key, one in found.items()} == {key: wanted.num[key] for key in wanted.den}
            for key, values in wanted.values.items():
                assert sorted(found[key].amounts) == sorted(values)
            others = {**of_safeguarding(period), **of_the_programme(period)}
            for one in of_the_outside_team(period):
                if one.code.startswith("E2"):
                    before = others.get(one.code, (0, 0))
                    others[one.code] = (before[0] + one.num, before[1] + one.den)
            for code, counted in world.count_safeguarding(period).items():
                assert others[code] == counted, code
            raise Undone
    except Undone:
        pass


def test_rows_of_a_scope_are_the_sums_of_what_was_counted(db):
    world = SmallWorld(7, cases=60)
    rows = snapshots.compute(Q2)
    counted = world.count(Period(Q2, 4))
    for row in rows:
        if row.span != 4 or row.code in ("F1", "F28") or row.scope not in ("factory", "experts", "country"):
            continue
        if row.code.startswith("E"):
            continue
        keys = [
            key
            for key in counted.den
            if key[0] == row.code
            and (row.part in ("", key[1]))
            and (row.scope != "factory" or (key[2], key[3]) == ("factory", row.factory_id))
            and (row.scope != "experts" or (key[2], key[4]) == ("experts", row.country_id))
            and (row.scope != "country" or key[4] == row.country_id)
            and not (row.scope == "country" and row.code in snapshots.EVALUATED and key[2] == "hold")
        ]
        assert row.den == sum(counted.den[key] for key in keys), (row.scope, row.code)
        assert row.num == sum(counted.num[key] for key in keys)
        values = [value for key in keys for value in counted.values[key]]
        assert row.value == middle(values)
        if row.scope == "country":
            by_factory = defaultdict(int)
            for key in keys:
                by_factory[key[3]] += counted.den[key]
            by_factory.pop(None, None)
            assert (row.behind, row.largest) == (len(by_factory), max(by_factory.values(), default=0))


# --- Frozen once --------------------------------------------------------------------------------------------------


def test_a_quarter_is_frozen_on_day_ten_and_not_before():
    with pytest.raises(ValueError, match="2026-07-10"):
        snapshots.freeze(Q2, at=AFTERWARDS - timedelta(days=1))
    assert snapshots.freeze(Q2, at=AFTERWARDS) > 0


def test_frozen_figures_are_not_computed_again():
    SmallWorld(3, cases=10)
    snapshots.freeze(Q2, at=AFTERWARDS)
    before = list(StatSnapshot.objects.order_by("pk").values())
    SmallWorld(4, cases=10)
    assert snapshots.freeze(Q2, at=AFTERWARDS + timedelta(days=1)) is None
    assert list(StatSnapshot.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("act", ["update", "delete"])
@pytest.mark.parametrize("model", [StatSnapshot, StatQuarter])
def test_the_database_refuses_to_change_or_delete_what_is_frozen(act, model):
    SmallWorld(3, cases=3)
    snapshots.freeze(Q2, at=AFTERWARDS)
    column = "num" if model is StatSnapshot else "version"
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        rows = model.objects.all()
        rows.update(**{column: 7}) if act == "update" else rows._raw_delete(rows.db)


def test_what_is_due_is_frozen_by_the_queue_also_after_a_long_outage():
    from complaints import tasks

    SmallWorld(5, cases=12)
    assert str(Quarter.finished_by(date(2026, 7, 9))) == "2026Q1"
    due = snapshots.due(AFTERWARDS)
    assert str(due[-1]) == "2026Q2" and due == sorted(due)
    made = tasks.freeze_figures()
    assert made == StatQuarter.objects.count() > 1
    assert tasks.freeze_figures() == 0


def test_the_command_freezes_once_and_a_dry_run_keeps_nothing(capsys):
    call_command("snapshot", quarter="2026Q2", dry_run=True)
    assert "would be frozen" in capsys.readouterr().out
    assert not StatQuarter.objects.exists()
    call_command("snapshot", quarter="2026Q2")
    call_command("snapshot", quarter="2026Q2")
    assert "frozen already" in capsys.readouterr().out
    for wrong in ("2026", "2026Q5", "2996Q1"):
        with pytest.raises(CommandError):
            call_command("snapshot", quarter=wrong)


def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_the_next_one_begins_again(monkeypatch):
    SmallWorld(6, cases=3)
    whole = snapshots.compute

    def dies(quarter):
        whole(quarter)
        raise Undone

    monkeypatch.setattr(snapshots, "compute", dies)
    with pytest.raises(Undone):
        snapshots.freeze(Q2, at=AFTERWARDS)
    assert not StatQuarter.objects.exists() and not StatSnapshot.objects.exists()
    monkeypatch.undo()
    assert snapshots.freeze(Q2, at=AFTERWARDS) == StatSnapshot.objects.count()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_freeze_a_quarter_once():
    from concurrent.futures import ThreadPoolExecutor

    SmallWorld(6, cases=3)

    def work(_number):
        try:
            return snapshots.freeze(Q2, at=AFTERWARDS)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        made = list(workers.map(work, range(4)))
    assert len([one for one in made if one]) == 1
    assert StatSnapshot.objects.count() == max(one or 0 for one in made)
