"""Filing: how many a second, and that none is lost."""

from __future__ import annotations

from statistics import median

from script.benches import clients
from script.benches.results import Results, milliseconds, percentile
from script.benches.world import World

CLIENTS = 16
WARM_UP = 48
COUNT = 320


def at_size(results: Results, world: World, cases: int) -> None:
    """File from sixteen clients at once beside so many cases, all on this machine."""
    world.fill(cases)
    world.servers.web()
    clients.send(world.servers.address, world.path, world.bodies(WARM_UP), clients=CLIENTS)
    before = world.cases()
    sent = clients.send(world.servers.address, world.path, world.bodies(COUNT), clients=CLIENTS)
    kept = world.cases() - before
    name = f"filing_{cases}"
    results.at_least(f"{name}_per_second", sent.per_second, "complaints/s", 20)
    results.at_most(f"{name}_lost", COUNT - kept, "complaints", 0)
    results.at_most(f"{name}_confirmed_but_not_kept", abs(sent.arrived - kept), "complaints", 0)
    results.told(f"{name}_p95", percentile(sent.times, 0.95), "ms")


def ratio(results: Results, world: World) -> None:
    """Compare filing, alone, with what it cannot do without: one Argon2id and one insert, in the same run."""
    from complaints import intake
    from complaints.answers import Answers
    from factories import clock

    at = clock.now()
    plain = Answers(
        country=world.factory.country_id,
        factory=world.factory,
        conduct_types=frozenset({"verbal"}),
        own_words="He says things every day.",
        respondent_job="mechanic",
        danger_answer="no",
        route="factory_committee",
        share_choice="all_written",
    )
    floor, filing = [], []
    for _round in range(8):  # In turns, so that a busy machine slows both.
        floor += milliseconds(_floor, 5)
        filing += milliseconds(lambda: intake.file_complaint(plain, token=intake.mint(at).token, at=at), 5)
    results.told("filing_alone", median(filing), "ms")
    results.told("filing_floor", median(floor), "ms")
    results.at_most("filing_to_argon2id_and_insert", median(filing) / median(floor), "times", 2.5)


def _floor() -> None:
    from django.db import connection, transaction

    from accounts import crypto

    crypto.stretch(b"0" * 16, salt=b"s" * 16, cost=crypto.RECEIPT_COST)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_heartbeat (name, at) VALUES ('bench', now())"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at"
        )


def one_address(results: Results, world: World) -> None:
    """Let sixty workers behind one address file within minutes; none may be refused."""
    sent = clients.send(world.servers.address, world.path, world.bodies(60), clients=60, spread=3.0)
    results.at_most("sixty_behind_one_address_refused", 60 - sent.arrived, "complaints", 0)


def hostile(results: Results, world: World) -> None:
    """Send a thousand hostile complaints from one address, and in their middle and after them a real one."""
    world.servers.web()
    storm = clients.start(world.servers.address, world.path, world.bodies(1000, words="Spam."), clients=CLIENTS)
    during = clients.send(world.servers.address, world.path, world.bodies(5), clients=1)
    clients.finish(storm)
    after = clients.send(world.servers.address, world.path, world.bodies(1), clients=1)
    results.at_most("real_ones_lost_among_1000_hostile", 6 - during.arrived - after.arrived, "complaints", 0)
    results.told("wait_among_1000_hostile", max(during.times), "ms")
