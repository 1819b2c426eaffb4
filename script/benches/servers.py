"""Postgres, Valkey and gunicorn for one run: as script/server starts them, in a folder and on ports of their own."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg2

from script import stack, supervise

FOLDER = stack.VAR / "bench"
LOGS = FOLDER / "log"


class Servers:
    """The servers of one run. Postgres keeps its promises here (fsync), as it does for script/server."""

    def __init__(self) -> None:
        self.postgres = stack.Postgres(FOLDER, LOGS / "postgres.log")
        self.valkey = stack.Valkey(FOLDER, LOGS / "valkey.log")
        self.children: dict[str, supervise.Child] = {}
        self.environment: dict[str, str] = {}
        self.address = ""
        self._lock: Any = None

    def start(self) -> None:
        """Start the servers with an empty database and migrate it."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        self._lock = (FOLDER / "lock").open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            raise stack.StackError("script/bench already runs from this folder.") from None
        stack.write_demo_keys(FOLDER / "keys")
        self.postgres.start()
        self.valkey.start()
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.environment = os.environ | {
            "DATABASE_URL": self.postgres.url(stack.RUNTIME),
            "DATABASE_OWNER_URL": self.postgres.url(stack.OWNER),
            "REDIS_URL": self.valkey.url(),
            "SAMLENG_DEMO": "1",
            "SAMLENG_KEYS_DIR": str(FOLDER / "keys"),
            "SAMLENG_VAR": str(FOLDER),
            "SAMLENG_SITE_URL": self.address,
            "SAMLENG_SWEEP_SECONDS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        self._empty()
        stack.compile_messages()
        stack.manage(self.environment, "migrate", "--verbosity", "0")
        stack.collect_static(self.environment)

    def _empty(self) -> None:
        connection = psycopg2.connect(self.postgres.url("postgres", "postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {stack.DATABASE} WITH (FORCE)")
            cursor.execute(f"CREATE DATABASE {stack.DATABASE} OWNER {stack.OWNER}")
        connection.close()

    def sql(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement as the database's own administrator, past triggers and foreign keys."""
        connection = psycopg2.connect(self.postgres.url("postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET synchronous_commit = off")  # The rows made here are no measure.
            cursor.execute(statement, parameters)
            rows = cursor.fetchall() if cursor.description else []
        connection.close()
        return rows

    def run(self, name: str) -> supervise.Child:
        """Start `web`, `worker` or `beat`, as script/server does."""
        port = int(self.address.rpartition(":")[2])
        child = supervise.Child(name, supervise.commands(port)[name], self.environment, LOGS / f"{name}.log")
        child.start()
        self.children[name] = child
        if name == "web":
            assert child.process is not None
            stack.wait_until(lambda: supervise.answers(f"{self.address}/"), "gunicorn", child.process, child.log)
        return child

    def web(self) -> supervise.Child:
        """Give the running web server."""
        return self.children.get("web") or self.run("web")

    def web_workers(self) -> list[int]:
        """Give the process numbers of gunicorn's workers."""
        process = self.web().process
        assert process is not None
        return children_of(process.pid)

    def end(self, name: str) -> None:
        """Stop one of them in good order."""
        child = self.children.pop(name, None)
        if child is not None:
            child.ask_to_stop()
            child.end(10)

    def restart_database(self) -> None:
        """Cut every connection and start Postgres again, as after a power cut."""
        pid = self.postgres.pid()
        if pid is not None:
            stack.stop(pid, signal.SIGQUIT, "postgres")  # Immediate: no checkpoint, it recovers from its log.
        with suppress(OSError):
            (self.postgres.data / "postmaster.pid").unlink()
        self.postgres.start()

    def stop(self) -> None:
        """Stop everything this run started and leave no rows behind; what another run started goes on."""
        if self._lock is None:
            return
        for name in list(self.children):
            self.end(name)
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.postgres.folder, ignore_errors=True)
        self._lock.close()


def children_of(pid: int) -> list[int]:
    """Give the processes that this one started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def resident_megabytes(pid: int) -> float:
    """Give how much memory a process holds now."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def wait_for(what: str, ready: Any, patience: float = 20.0) -> None:
    """Wait until something holds; say what did not."""
    until = time.monotonic() + patience
    while not ready():
        if time.monotonic() > until:
            raise stack.StackError(f"{what} did not happen within {patience:.0f} s.")
        time.sleep(0.05)


def free_port() -> int:
    """Give a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
