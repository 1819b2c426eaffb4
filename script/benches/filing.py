"""Filing: how many a second, and that none is lost."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Callable
from functools import cache
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
    """Compare filing, alone, with what it cannot do without: one Argon2id and one transaction of the same inserts."""
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

    def file() -> object:
        return intake.file_complaint(plain, token=intake.mint(at).token, at=at)

    file()
    inserts = _inserts_of(file)
    floor, filing = [], []
    for _round in range(8):  # In turns, so that a busy machine slows both.
        for _time in range(5):
            fresh = _with_other_names(inserts)
            floor += milliseconds(lambda: _floor(fresh), 1)  # noqa: B023 (called at once)
        filing += milliseconds(file, 5)
    results.told("filing_alone", median(filing), "ms")
    results.told("filing_floor", median(floor), "ms")
    results.at_most("filing_to_argon2id_and_inserts", median(filing) / median(floor), "times", 2.5)


def _inserts_of(file: Callable[[], object]) -> list[str]:
    """Give the rows that one filing writes, as plain statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        file()
    return [query["sql"] for query in queries.captured_queries if query["sql"].startswith("INSERT")]


UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def _with_other_names(inserts: list[str]) -> list[str]:
    """Give the same rows under new ids, a new reference and a new lookup id; people and the factory stay."""
    known = set(UUID.findall(" ".join(inserts))) - _lasting()
    names = {name: str(uuid.uuid4()) for name in known}
    fresh = [UUID.sub(lambda found: names.get(found[0], found[0]), insert) for insert in inserts]
    reference, lookup = secrets.token_hex(5), secrets.token_hex(32)
    return [
        re.sub(r"'[2-9A-Z]{10}'", f"'{reference}'", insert, count=1)
        if "complaints_case" in insert
        else re.sub(r"'\\x[0-9a-f]{64}'", rf"'\\x{lookup}'", insert, count=1)
        if "complaints_receipt" in insert
        else insert
        for insert in fresh
    ]


@cache
def _lasting() -> frozenset[str]:
    from accounts.models import Person, PersonKey
    from factories.models import Factory

    lasting = [model.objects.values_list("pk", flat=True) for model in (Person, PersonKey, Factory)]
    return frozenset(str(pk) for pks in lasting for pk in pks)


def _floor(inserts: list[str]) -> None:
    from django.db import connection, transaction

    from accounts import crypto

    crypto.stretch(b"0" * 16, salt=b"s" * 16, cost=crypto.RECEIPT_COST)
    with transaction.atomic(), connection.cursor() as cursor:
        for insert in inserts:
            cursor.execute(insert)


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
