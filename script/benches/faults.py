"""What breaks in the field: processes killed, servers gone. Nothing that was confirmed may be missing afterwards."""

from __future__ import annotations

import io
import os
import random
import signal
import threading
import time
from contextlib import suppress

from script import stack
from script.benches import clients, servers, sweeping, wire
from script.benches.results import Results
from script.benches.world import World

BOUNDARY = "samleng-bench"


def pictures(results: Results, world: World, kills: int = 50) -> None:
    """Kill web workers at random moments while pictures arrive; every confirmed one must be there, and open."""
    world.servers.web()
    senders = [Sender(world) for _number in range(4)]
    heaviest = _kill_web_workers(world, senders, kills)
    confirmed = sum(sender.confirmed for sender in senders)
    results.told("web_workers_killed", kills, "times")
    results.told("pictures_confirmed", confirmed, "pictures")
    results.at_most("confirmed_pictures_lost", sum(sender.missing() for sender in senders), "pictures", 0)
    results.at_most("web_worker_while_pictures_arrive", heaviest, "MB", 150)


class Sender:
    """A worker who has just filed and adds one picture after the other."""

    def __init__(self, world: World) -> None:
        from complaints import intake, receipts
        from factories import clock

        self.world, at = world, clock.now()
        self.token = intake.mint(at).token
        sent = wire.ask(world.servers.address, world.path, body=world.bodies(1, token=self.token)[0])
        if sent.status != 200:
            raise stack.StackError(f"The complaint of this measure was answered with {sent.status}.")
        self.number = receipts.read_token(self.token, at=at)
        self.picture = photograph()
        self.confirmed = 0
        self.unanswered = 0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self.done.is_set():
            try:
                status, location = self.send()
            except (OSError, IndexError, ValueError):  # Cut off in the middle: she was told nothing.
                self.unanswered += 1
                time.sleep(0.2)
                continue
            self.confirmed += status == 303 and "see=" in location

    def send(self) -> tuple[int, str]:
        """Send one picture as a browser does."""
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="token"\r\n\r\n{self.token}\r\n'
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="picture"; filename="a.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        )
        content = head.encode() + self.picture + f"\r\n--{BOUNDARY}--\r\n".encode()
        answer = wire.ask(
            self.world.servers.address, "/my/picture/", body=content, kind=f"multipart/form-data; boundary={BOUNDARY}"
        )
        return answer.status, answer.location

    def missing(self) -> int:
        """Open what is there with her number, and count what was confirmed and is not."""
        from complaints import compartments, receipts, slots
        from complaints.codes import CompartmentKind
        from complaints.compartments import Holder
        from complaints.models import Receipt
        from factories import clock

        keys = receipts.keys_of(self.number, waiting=slots.RECEIPT)
        receipt = Receipt.objects.select_related("case__country", "case__factory__country").get(lookup=keys.lookup)
        holder = Holder(private=keys.pair.private, receipt=receipt)
        found = compartments.take_out(receipt.case, holder, [CompartmentKind.PICTURES], at=clock.now())
        return max(0, self.confirmed - sum(bool(one.picture) for one in found))


def photograph() -> bytes:
    """Make a picture of noise of the size a phone takes, with the hidden data a phone adds."""
    from PIL import Image

    picture = Image.effect_noise((1600, 1200), 60).convert("RGB")
    told = Image.Exif()
    told[0x010F] = "Fictional phone"
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70, exif=told)
    return out.getvalue()


def _kill_web_workers(world: World, senders: list[Sender], kills: int) -> float:
    heaviest = 0.0
    for sender in senders:
        sender.thread.start()
    try:
        for _kill in range(kills):
            time.sleep(random.uniform(0.1, 1.2))
            workers = world.servers.web_workers()
            with suppress(OSError):
                heaviest = max([heaviest, *map(servers.resident_megabytes, workers)])
            if workers:
                with suppress(ProcessLookupError):
                    os.kill(random.choice(workers), signal.SIGKILL)
        time.sleep(3)
        with suppress(OSError):
            heaviest = max([heaviest, *map(servers.resident_megabytes, world.servers.web_workers())])
    finally:
        for sender in senders:
            sender.done.set()
        for sender in senders:
            sender.thread.join()
    return heaviest


def redis_down(results: Results, world: World) -> None:
    """File while Redis is gone: nothing may be refused."""
    valkey = stack.Valkey(servers.FOLDER / "doomed", servers.LOGS / "doomed.log")
    valkey.start()
    world.servers.end("web")
    usual = dict(world.servers.environment)
    world.servers.environment["REDIS_URL"] = valkey.url()
    try:
        world.servers.run("web")
        clients.send(world.servers.address, world.path, world.bodies(8), clients=4)
        valkey.stop()
        before = world.cases()
        sent = clients.send(world.servers.address, world.path, world.bodies(40), clients=16)
        results.at_most("filing_without_redis_refused", 40 - sent.arrived, "complaints", 0)
        results.at_most("filing_without_redis_lost", sent.arrived - (world.cases() - before), "complaints", 0)
        results.told("filing_without_redis_slowest", max(sent.times), "ms")
    finally:
        valkey.stop()
        world.servers.end("web")
        world.servers.environment.clear()
        world.servers.environment.update(usual)


def database_restart(results: Results, world: World) -> None:
    """Cut the power of the database under sixteen clients: each gets an answer, and what was confirmed is there."""
    from django.db import connections

    world.servers.web()
    bodies = world.bodies(200)
    before = world.cases()
    connections.close_all()
    storm = clients.start(world.servers.address, world.path, bodies, clients=16)
    time.sleep(2)
    world.servers.restart_database()
    sent = clients.finish(storm)
    after = clients.send(world.servers.address, world.path, world.bodies(20), clients=16)
    kept = world.cases() - before
    results.told("database_restart_confirmed", sent.arrived, "complaints")
    results.told("database_restart_told_to_try_again", sent.refused, "complaints")
    results.at_most("database_restart_without_sentence", sent.broken + sent.statuses.get("500", 0), "answers", 0)
    results.at_most("database_restart_confirmed_lost", max(0, sent.arrived + after.arrived - kept), "complaints", 0)
    results.at_most("refused_after_database_restart", 20 - after.arrived, "complaints", 0)


def sweep_killed(results: Results, world: World, kills: int = 6, rungs: int = 4_000) -> None:
    """Kill the queue's worker and its children in the middle of sweeps; each rung must rise exactly once."""
    world.fill(max(world.thin, 60_000))
    first = 50_000
    raised = "SELECT count(*) FROM complaints_event WHERE kind = 'rung_raised'"
    before = world.servers.sql(raised)[0][0]
    sweeping.make_due(world.servers, first=first, count=rungs)
    world.servers.run("beat")
    try:
        for _kill in range(kills):
            child = world.servers.run("worker")
            assert child.process is not None
            start = world.servers.sql(raised)[0][0]
            until = time.monotonic() + 15
            while time.monotonic() < until and world.servers.sql(raised)[0][0] == start and _waiting(world):
                time.sleep(0.02)
            time.sleep(random.uniform(0, 0.3))
            os.killpg(child.process.pid, signal.SIGKILL)  # The worker and its children; our own child, by number.
            child.process.wait()
            world.servers.children.pop("worker")
        world.servers.end("beat")
        world.servers.run("beat")
        world.servers.run("worker")
        servers.wait_for("The sweep", lambda: _waiting(world) == 0, 60)
    finally:
        world.servers.end("beat")
        world.servers.end("worker")
    found = world.servers.sql(raised)[0][0] - before
    twice = world.servers.sql(
        """SELECT count(*) FROM (SELECT case_id, contents FROM complaints_event WHERE kind = 'rung_raised'
        GROUP BY case_id, contents HAVING count(*) > 1) AS twice"""
    )[0][0]
    results.at_most("rungs_not_raised_after_kills", max(0, rungs - found), "rungs", 0)
    results.at_most("rungs_raised_twice_after_kills", max(found - rungs, twice), "rungs", 0)


def _waiting(world: World) -> int:
    """Count rungs that are due and have not risen."""
    from factories import clock

    return int(
        world.servers.sql(
            """SELECT count(*) FROM complaints_rung
            WHERE raised_at IS NULL AND dropped_at IS NULL AND NOT held AND rises_at <= %s""",
            [clock.now()],
        )[0][0]
    )
