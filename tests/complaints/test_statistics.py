"""Figures: counted right, frozen once, and published with small numbers hidden."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.models import ConflictDeclaration, Event, StatQuarter, StatSnapshot
from complaints.statistics import (
    Audience,
    Label,
    Period,
    Quarter,
    Version,
    channel_tests,
    declarations,
    silent,
    snapshots,
)
from complaints.statistics.facts import of_cases
from complaints.statistics.outside import of_safeguarding, of_the_outside_team, of_the_programme
from complaints.statistics.quiet import of_tests
from factories.models import Factory, Membership
from tests.builders import make_factory, make_person
from tests.complaints.figureworld import SmallWorld, add_cases, middle

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
            assert {one.factory: (one.num, one.den) for one in of_tests(period)} == world.count_tests(period)
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
        if row.code.startswith(("E", "S_")):
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

    def dies(*asked):
        whole(*asked)
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


# --- Handed on to how factories get on ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "outside", "headcount", "quarters", "every", "of_factory"),
    [
        (0, 0, 2000, 4, True, True),
        (0, 4, 2000, 4, False, True),  # Example 9a.
        (1, 0, 2000, 4, True, True),
        (1, 1, 2000, 4, False, True),
        (2, 0, 2000, 4, False, False),
        (0, 0, 199, 4, None, None),  # Too small to say.
        (0, 0, 200, 4, True, True),
        (0, 0, 2000, 3, None, None),  # Not a year yet.
        (0, 0, None, 4, None, None),
    ],
)
def test_silence_is_kept_in_two_versions_as_yes_or_no(own, outside, headcount, quarters, every, of_factory):
    factory = make_factory()
    Factory.objects.filter(pk=factory.pk).update(headcount=headcount)
    add_cases(factory, own)
    add_cases(factory, outside, route="outside_only")
    add_cases(factory, 3, channel="test")
    for back in reversed(range(quarters)):
        snapshots.freeze(Q2.before(back), at=AFTERWARDS)
    assert silent(Audience.EXPERT, Version.ALL, Q2).get(factory.pk) is every
    assert silent(Audience.EXPERT, Version.FACTORY, Q2).get(factory.pk) is of_factory
    assert silent(Audience.ADVISOR, Version.FACTORY, Q2).get(factory.pk) is of_factory
    kept = StatSnapshot.objects.filter(code__startswith="S_", factory=factory)
    assert all(row.num in (0, 1) and row.den in (0, 1) and row.value is None and not row.behind for row in kept)


@pytest.mark.parametrize("audience", [Audience.FACTORY, Audience.ADVISOR, Audience.PROGRAMME, Audience.SAFEGUARDING])
def test_only_experts_are_told_whether_all_complaints_are_few(audience):
    with pytest.raises(KeyError):
        silent(audience, Version.ALL, Q2)
    if audience not in (Audience.FACTORY, Audience.ADVISOR):
        with pytest.raises(KeyError):
            silent(audience, Version.FACTORY, Q2)


def test_declarations_are_handed_on_as_a_label_that_reads_the_same_for_none_and_for_many():
    nobody, three, many, careless = (make_factory() for _number in range(4))
    person = make_person()
    for factory, cases, declared in ((three, 3, 3), (many, 12, 12), (careless, 12, 4)):
        Membership.objects.create(person=person, factory=factory, role="case_officer", since=date(2026, 1, 1))
        for number, case in enumerate(add_cases(factory, cases)):
            opened = datetime(2026, 5, 5, 4, tzinfo=UTC)
            Event.objects.create(
                case=case, number=1, kind="compartment_opened", actor_kind="handler", actor=person, on=opened.date(),
                at=opened, contents={}, digest=b"", mac=b"",
            )  # fmt: skip
            if number < declared:
                ConflictDeclaration.objects.create(
                    case=case, person=person, answer="none", may_handle=True, declared_at=opened - timedelta(hours=1)
                )
    snapshots.freeze(Q2, at=AFTERWARDS)
    drilled = {nobody.pk, three.pk, many.pk, careless.pk}
    labels = declarations(Q2, drills_passed=drilled)
    assert [labels[one.pk] for one in (nobody, three, many)] == [Label.WORKS_ON_TIME] * 3
    assert labels[careless.pk] == Label.RARELY
    undrilled = declarations(Q2, drills_passed=set())
    assert undrilled[nobody.pk] == undrilled[three.pk] == Label.NOT_SHOWN_YET


def test_tests_of_six_months_are_handed_on_as_they_are():
    factory = make_factory()
    add_cases(factory, 2, channel="test", filed=date(2026, 2, 3), late=1)
    add_cases(factory, 3, channel="test", filed=date(2026, 5, 4))
    add_cases(factory, 9, filed=date(2026, 5, 4))
    for quarter in (Q2.before(), Q2):
        snapshots.freeze(quarter, at=AFTERWARDS)
    assert channel_tests(Q2) == {factory.pk: (4, 5)}
    assert channel_tests(Q2.before()) == {factory.pk: (1, 2)}
