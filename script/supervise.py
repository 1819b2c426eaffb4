"""The supervisor behind script/server: starts what a trial needs, keeps it running, stops what it started."""

import argparse
import ctypes
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from urllib.parse import unquote, urlsplit

import psycopg2

from script import stack
from script.stack import ROOT, VAR, StackError

LOGS = VAR / "log"
RUNNING = VAR / "running.json"  # What manage.py needs to reach the servers of this run.
OURS = ("postgres", "valkey", "keys", "recovery", "mail", "media", "log", "static", "demo_people.txt")


def commands(port: int, *, web_workers: int = 2, queue_workers: int = 2) -> dict[str, list[str]]:
    """Give the processes of Samleng itself: web, worker and beat."""
    python, celery = sys.executable, [sys.executable, "-m", "celery", "-A", "config"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return {
        "web": [
            *(python, "-m", "gunicorn", "-c", str(ROOT / "config" / "gunicorn.conf.py")),
            *("--bind", f"127.0.0.1:{port}", "--workers", str(web_workers)),
        ],
        "worker": [*celery, "worker", "--concurrency", str(queue_workers), "--loglevel", "WARNING", *quiet],
        "beat": [*celery, "beat", "--loglevel", "WARNING", "--pidfile="],
    }


def _die_with_parent() -> None:
    """Ask the kernel to end this child should the supervisor be killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class Child:
    """One process that is restarted when it dies, each time a little later."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.process: subprocess.Popen[bytes] | None = None
        self.started = self.next_start = 0.0
        self.delay = 1.0

    def start(self) -> None:
        """Start the process; it writes to its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        self.started = time.monotonic()

    def look(self) -> str:
        """Restart a dead process when its time has come; give a sentence when there is something to say."""
        if self.process is None:
            if time.monotonic() >= self.next_start:
                self.start()
            return ""
        code = self.process.poll()
        if code is None:
            return ""
        if time.monotonic() - self.started > 60:
            self.delay = 1.0
        self.process, self.next_start = None, time.monotonic() + self.delay
        said = f"{self.name} ended (code {code}); starting it again in {self.delay:.0f} s. See {self.log}."
        self.delay = min(self.delay * 2, 30.0)
        return said

    def ask_to_stop(self) -> None:
        """Ask it to finish what it does and end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, patience: float = 15.0) -> None:
        """Wait for it; kill it and what it started when it does not listen."""
        if self.process is None:
            return
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def free_port(wanted: int | None) -> int:
    """Give the port that was asked for, or 8000 or the next free one."""
    for port in [wanted] if wanted else range(8000, 8050):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise StackError(f"Port {wanted} is in use." if wanted else "No port from 8000 to 8049 is free; give --port.")


def answers(url: str) -> bool:
    """Say whether the web server answers, with whatever page."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def prepare_own_database(environment: dict[str, str]) -> None:
    """Let the runtime role into the tables that the owner will make, on a server that already runs."""
    runtime, owner = environment["DATABASE_URL"], environment["DATABASE_OWNER_URL"]
    role = unquote(urlsplit(runtime).username or "")
    if runtime == owner:
        print(
            "DATABASE_OWNER_URL is not set, so one role owns the tables and runs the pages. "
            "That is enough for a trial; production wants two."
        )
        return
    try:
        connection = psycopg2.connect(owner, connect_timeout=5)
    except psycopg2.Error as error:
        raise StackError(f"The database of DATABASE_OWNER_URL does not answer: {error}") from None
    with connection, connection.cursor() as cursor:
        stack.grant_runtime(cursor, role)
    connection.close()


class Server:
    """Everything one script/server run started."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.postgres: stack.Postgres | None = None
        self.valkey: stack.Valkey | None = None
        self.children: list[Child] = []
        self.stopping = False

    def environment(self) -> dict[str, str]:
        """Start the servers that are not given, and give the environment of everything else."""
        given = dict(os.environ)
        stack.write_demo_keys(VAR / "keys")
        ours = {
            "SAMLENG_DEMO": "1",
            "SAMLENG_KEYS_DIR": given.get("SAMLENG_KEYS_DIR") or str(VAR / "keys"),
            "SAMLENG_VAR": str(VAR),
            "PYTHONUNBUFFERED": "1",
        }
        if not given.get("DATABASE_URL"):
            self.postgres = stack.Postgres(VAR, LOGS / "postgres.log")
            self.postgres.start()
            ours["DATABASE_URL"] = self.postgres.url(stack.RUNTIME)
            ours["DATABASE_OWNER_URL"] = self.postgres.url(stack.OWNER)
        elif not given.get("DATABASE_OWNER_URL"):
            ours["DATABASE_OWNER_URL"] = given["DATABASE_URL"]
        if not given.get("REDIS_URL"):
            self.valkey = stack.Valkey(VAR, LOGS / "valkey.log")
            self.valkey.start()
            ours["REDIS_URL"] = self.valkey.url()
        return given | ours

    def let_commands_in(self, environment: dict[str, str]) -> None:
        """Leave what manage.py needs to act on this trial from another terminal."""
        names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
        wanted = {name: value for name, value in environment.items() if name in names or name.startswith("SAMLENG_")}
        RUNNING.touch(mode=0o600)
        RUNNING.write_text(json.dumps(wanted))

    def run(self) -> None:
        """Start everything, tell where it is, and watch until asked to stop."""
        port = free_port(self.arguments.port)
        address = f"http://127.0.0.1:{port}"
        environment = self.environment() | {"SAMLENG_SITE_URL": address}
        if self.postgres is None:
            prepare_own_database(environment)
        self.let_commands_in(environment)
        print("Preparing database, translations and static files ...", flush=True)
        stack.compile_messages()
        stack.manage(environment, "migrate", "--verbosity", "0")
        stack.collect_static(environment)
        if any(ROOT.glob("*/management/commands/demo_data.py")):
            stack.manage(environment, "demo_data", "--figures-later")
            stack.manage(environment, "demo_programme")
        for name, command in commands(port).items():
            log = LOGS / f"{name}.log"
            if log.exists() and log.stat().st_size > 10_000_000:
                log.replace(log.with_suffix(".old"))
            self.children.append(Child(name, command, environment, log))
            self.children[-1].start()
        told = False
        until = time.monotonic() + 60
        while not self.stopping:
            for child in self.children:
                if said := child.look():
                    print(said, flush=True)
            if not told and answers(f"{address}/"):
                told = True
                self.tell(address)
            elif not told and time.monotonic() > until:
                told = True
                print(f"The web server has not answered for a minute. See {LOGS / 'web.log'}.", flush=True)
            time.sleep(0.2)

    def tell(self, address: str) -> None:
        """Say where Samleng is and who the demo people are."""
        print(f"\nSamleng runs, with fictional data.\n\n  Workers   {address}/\n  Staff     {address}/staff/\n")
        people = VAR / "demo_people.txt"
        if people.exists():
            print(people.read_text(encoding="utf-8"))
        print(f"Mail is written to {VAR / 'mail'}, logs to {LOGS}. Ctrl-C stops it; the data stays.", flush=True)

    def close(self) -> None:
        """Stop what this run started, and nothing else."""
        RUNNING.unlink(missing_ok=True)
        for child in reversed(self.children):
            child.ask_to_stop()
        for child in self.children:
            child.end()
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            self.postgres.stop()


def reset() -> None:
    """Remove everything an earlier run left, after stopping servers that outlived it."""
    postgres = stack.Postgres(VAR, LOGS / "postgres.log")
    postgres.stop()
    stack.Valkey(VAR, LOGS / "valkey.log").stop()
    shutil.rmtree(postgres.folder, ignore_errors=True)
    for path in [*(VAR / name for name in OURS), *VAR.glob("beat*")]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def main() -> int:
    """Run the server until it is asked to stop."""
    parser = argparse.ArgumentParser(prog="script/server", description="Run Samleng with fictional data.")
    parser.add_argument("--reset", action="store_true", help="remove the data of earlier runs first")
    parser.add_argument("--port", type=int, help="the port (8000, or the next free one)")
    server = Server(parser.parse_args())
    VAR.mkdir(exist_ok=True)
    lock = (VAR / "server.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Samleng already runs from this folder. Stop it first (Ctrl-C where it runs).", file=sys.stderr)
        return 1

    def stop(number: int, frame: FrameType | None) -> None:
        if server.stopping:
            return
        server.stopping = True
        print("\nStopping ...", flush=True)
        if not server.children:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    try:
        if server.arguments.reset:
            reset()
        server.run()
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
