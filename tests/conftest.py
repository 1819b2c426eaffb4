"""Fixtures every test may ask for: the runtime role, a live stack, pages in a real Chromium, axe.

Servers and environment come from tests/environment.py. Data comes from tests/builders.py.
"""

import gc
import os
import re
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import hypothesis
import pytest
import redis
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations

from script import stack as servers
from script import supervise
from script.check import find_browser

# A machine under load is no fault of a rule: examples are counted, not timed.
hypothesis.settings.register_profile("samleng", deadline=None)
hypothesis.settings.load_profile("samleng")
BROWSER_FIXTURES = {"chromium", "make_page", "phone", "phone_without_script", "phone_script_blocked", "desk"}
PHONE, DESK = (360, 740), (1280, 900)
LONG_SETUP = {"tests/assessments/test_simulation.py", "tests/complaints/test_demo.py"}
KEPT_BY_FLUSH = {"django_content_type", "auth_permission"}
NO_BROWSER = "No Chromium was found. Install it, name it in CHROMIUM, or run script/test --without-browser."


def pytest_xdist_make_scheduler(config: Any, log: Any) -> Any:
    """Keep the tests of a file whose setup takes long with one worker; hand out all others one by one.

    The mark `xdist_group` would say it, but has no effect since pytest 9.2: the setup was made by both workers.
    """
    from xdist.scheduler import LoadScopeScheduling

    class LongSetupTogether(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return file if file in LONG_SETUP else nodeid

    return LongSetupTogether(config, log)


def pytest_collection_finish() -> None:
    """Look for lost objects seldom, and not among what was loaded: that took one part in fifteen of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a browser, so that --without-browser can leave it out."""
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the database as pytest-django does; close what threads of tests left open, so that it can go."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session", autouse=True)
def _flush_reaches_tables_of_tests() -> Iterator[None]:
    """Let the flush after a committing test empty tables that only tests have, too, and make nothing anew.

    What belongs to the tables rather than to a test (content types, permissions) stays. Tables are truncated, never
    deleted from: dead rows would stay, and each later scan would read them.
    """
    plain = DatabaseOperations.sql_flush

    def with_cascade(self: Any, style: Any, tables: Any, *, reset_sequences: bool = False, **_: Any) -> Any:
        names = [table for table in tables if table not in KEPT_BY_FLUSH]
        return plain(self, style, names, reset_sequences=reset_sequences, allow_cascade=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", with_cascade)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_: None)
        yield


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Begin each test with an empty cache; the queue, which is in the same database, stays."""
    yield
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        keys = list(client.scan_iter("samleng:*", count=1000))
        if keys:
            client.delete(*keys)


@pytest.fixture(scope="module")
def for_the_file(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a fixture of a file write what all its tests begin with: once, and gone after the file.

    Each test has a transaction of its own within; objects are copied for each. Not for files with tests that commit.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def runtime_role(db: None) -> Iterator[str]:
    """Run the test's own connection as the role that owns no table, as the pages do."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {servers.RUNTIME}")
    yield servers.RUNTIME
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


# --- The live stack -------------------------------------------------------------------------------


@dataclass
class Stack:
    """Samleng as it runs for people: gunicorn, and on demand a Celery worker and beat."""

    url: str
    folder: Path
    environment: dict[str, str]
    children: dict[str, supervise.Child] = field(default_factory=dict)

    @property
    def mail(self) -> Path:
        """The folder in which mails are written."""
        return self.folder / "mail"

    @property
    def logs(self) -> Path:
        """The folder with the log of each process."""
        return self.folder / "log"

    def start(self, name: str) -> None:
        """Start `web`, `worker` or `beat`."""
        port = urlsplit(self.url).port or 0
        command = supervise.commands(port, web_workers=2, queue_workers=1)[name]
        child = supervise.Child(name, command, self.environment, self.logs / f"{name}.log")
        child.start()
        self.children[name] = child
        if name == "web":
            assert child.process is not None
            servers.wait_until(lambda: supervise.answers(self.url + "/health/"), "gunicorn", child.process, child.log)

    def stop(self, name: str) -> None:
        """Stop one of them, as a machine that goes down in good order."""
        child = self.children.pop(name, None)
        if child is not None:
            child.ask_to_stop()
            child.end(10)

    def manage(self, *arguments: str) -> None:
        """Run a management command beside it, as the runtime role."""
        environment = {key: value for key, value in self.environment.items() if key != "DATABASE_OWNER_URL"}
        servers.manage(environment, *arguments)

    def clear_queue(self) -> None:
        """Forget nudges that earlier tests left in the queue."""
        with redis.Redis.from_url(self.environment["REDIS_URL"]) as client:
            client.delete("celery", "unacked", "unacked_index")


@pytest.fixture(scope="session")
def _web(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stack]:
    """Start gunicorn once for a worker's tests, on this worker's database and Redis, as the runtime role."""
    with django_db_blocker.unblock():
        name, host = connection.settings_dict["NAME"], connection.settings_dict["HOST"]
    folder = servers.VAR / "test" / f"live-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = f"http://127.0.0.1:{_free_port()}"
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{servers.RUNTIME}@/{name}?host={quote(host)}",
        "SAMLENG_VAR": str(folder),
        "SAMLENG_STATIC_ROOT": str(settings.STATIC_ROOT),
        "SAMLENG_SITE_URL": url,
        "SAMLENG_CLOCK_READ_SECONDS": "0",  # Who moves the clock waits for nobody.
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    live = Stack(url, folder, environment)
    try:
        live.start("web")
        yield live
    finally:
        for name in list(live.children):
            live.stop(name)
        if not os.environ.get("SAMLENG_KEEP_LOGS"):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def stack(transactional_db: None, _web: Stack) -> Iterator[Stack]:
    """The web server on the test's database; what the test saves, it sees."""
    yield _web
    _wait_until_idle()


def _wait_until_idle(seconds: float = 20) -> None:
    """Let the server finish what a closed page still asked of it, so that emptying the tables meets nobody."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)


@pytest.fixture
def queue(stack: Stack) -> Iterator[Stack]:
    """The web server with a Celery worker and beat, sweeping each second, for the length of this test."""
    stack.clear_queue()
    stack.start("worker")
    stack.start("beat")
    yield stack
    stack.stop("beat")
    stack.stop("worker")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real Chromium that talks to nobody but our server."""
    from playwright.sync_api import sync_playwright

    if os.environ.get("SAMLENG_WITHOUT_BROWSER"):
        pytest.skip("asked to run without a browser")
    path = find_browser()
    if not path:
        pytest.fail(NO_BROWSER, pytrace=False)
    # Playwright's loop runs in this thread; the ORM is used between its calls, never inside them.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = [
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def make_page(stack: Stack, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Give a function that opens pages; afterwards none may have broken the policy or asked a third party."""
    contexts: list[Any] = []
    problems: list[str] = []

    def make(
        size: tuple[int, int] = PHONE,
        *,
        script: bool = True,
        block: bool = False,
        language: str = "en",
        **more: Any,
    ) -> Any:
        context = chromium.new_context(
            base_url=stack.url,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=script,
            locale=language,
            reduced_motion="reduce",  # What moves takes time, and no colour is halfway when somebody looks.
            **more,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()

        def asked(request: Any) -> None:
            if not request.url.startswith((stack.url, "data:", "blob:", "about:")):
                problems.append(f"asked {request.url}")

        def said(message: Any) -> None:
            if "Content Security Policy" in message.text:
                problems.append(message.text)

        page.on("request", asked)
        page.on("console", said)
        page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
        if block:
            page.route(re.compile(r"\.js(\?|$)"), lambda route: route.abort())
        return page

    yield make
    for context in contexts:
        context.close()
    assert not problems


@pytest.fixture
def phone(make_page: Callable[..., Any]) -> Any:
    """A page on a phone of 360 px."""
    return make_page(PHONE)


@pytest.fixture
def phone_without_script(make_page: Callable[..., Any]) -> Any:
    """The same phone with JavaScript switched off."""
    return make_page(PHONE, script=False)


@pytest.fixture
def phone_script_blocked(make_page: Callable[..., Any]) -> Any:
    """The same phone on which our script does not arrive, but axe can still run."""
    return make_page(PHONE, block=True)


@pytest.fixture
def desk(make_page: Callable[..., Any]) -> Any:
    """A page on a desk's screen of 1280 px."""
    return make_page(DESK)


@pytest.fixture
def screenshot() -> Callable[[Any, str], Path]:
    """Give a function that keeps a picture of the whole page under var/screenshots, where somebody wants to look."""
    folder = servers.VAR / "screenshots"

    def take(page: Any, name: str) -> Path:
        path = folder / f"{name}-{page.viewport_size['width']}.png"
        if os.environ.get("SAMLENG_SCREENSHOTS"):
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=path, full_page=True)
        return path

    return take


@pytest.fixture
def axe() -> Callable[..., None]:
    """Give a function that fails with axe's own words when a page shuts somebody out."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Any, *, ignore: tuple[str, ...] = ()) -> None:
        page.wait_for_load_state()
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        words = [
            f"{rule['id']}: {rule['help']}\n    " + "\n    ".join(node["html"][:200] for node in rule["nodes"][:5])
            for rule in found
            if rule["id"] not in ignore
        ]
        assert not words, "\n" + "\n".join(words)

    return check
