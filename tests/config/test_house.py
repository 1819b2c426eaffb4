"""The house itself: headers, errors, uploads, logs, and that each room of it runs."""

import logging
import os
import runpy
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection

from accounts.models import Heartbeat
from config import logs
from script import stack as servers


def test_an_unknown_address_says_so_and_stays_nowhere(client, db):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not response.cookies


def test_the_language_is_asked_for_in_the_address_and_kept_by_no_cookie(client, db):
    response = client.get("/no-such-page/?lang=km")
    assert response["Content-Language"] == "km"
    assert not response.cookies


def test_far_too_much_text_gets_a_sentence(client, db):
    response = client.post("/no-such-page/", b"a=" + b"x" * 5_000_000, "application/x-www-form-urlencoded")
    assert response.status_code in {404, 413}


def test_an_exception_is_logged_without_its_words():
    try:
        raise ValueError("marker words")
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, __file__, 1, "broke", (), (type(error), error, error.__traceback__)
        )
    text = logs.BareFormatter().format(record)
    assert "marker words" not in text
    assert "ValueError" in text


def test_links_keys_and_queries_do_not_reach_a_log():
    assert logs.bare_path("/staff/invitation/AbCdEfGhIjKlMnOpQrStUv/?x=1") == "/staff/invitation/…/"


@pytest.mark.parametrize(
    ("path", "is_logged"),
    [
        ("/staff/", True),
        ("/assessments/", True),
        ("/assessments/5/sync/", True),
        ("/assessments/screens/5/", False),
        ("/package/events/", True),
        ("/figures/", True),
        ("/providers/", True),
        ("/legal-holds/", True),
        ("/kh/", False),
        ("/f/ABC234/plain/", False),
    ],
)
def test_the_access_log_has_staff_pages_alone_and_no_size_of_a_screen(path, is_logged, monkeypatch):
    logged = []
    monkeypatch.setattr("gunicorn.glogging.Logger.access", lambda self, resp, req, *rest: logged.append(req.path))
    logger = runpy.run_path("config/gunicorn.conf.py")["BareLogger"]
    logger.access(object.__new__(logger), None, SimpleNamespace(path=path), {}, None)
    assert bool(logged) is is_logged


def test_the_runtime_role_owns_nothing_and_cannot_change_the_schema(runtime_role):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = %s", [runtime_role])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT has_schema_privilege(current_user, 'public', 'CREATE'), current_user")
        assert cursor.fetchone() == (False, runtime_role)


def test_django_finds_nothing_to_complain_about_in_production(tmp_path):
    keys = tmp_path / "keys"
    servers.write_demo_keys(keys)
    (keys / "DEMO").unlink()
    environment = os.environ | {
        "SAMLENG_DEMO": "0",
        "SAMLENG_TESTING": "0",
        "SAMLENG_KEYS_DIR": str(keys),
        "SAMLENG_HOSTS": "samleng.example",
        "SAMLENG_SITE_URL": "https://samleng.example",
        "SAMLENG_MAIL_HOST": "mail.example",
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # A browser test before this one may have set it.
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=servers.ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", ["DATABASE_URL", "REDIS_URL", "SAMLENG_KEYS_DIR"])
def test_a_missing_variable_is_named(missing):
    environment = {key: value for key, value in os.environ.items() if key != missing}
    command = [
        sys.executable,
        "-c",
        "import django, os; os.environ['DJANGO_SETTINGS_MODULE']='config.settings'; django.setup()",
    ]
    done = subprocess.run(command, cwd=servers.ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode
    assert f"The environment variable {missing} is not set" in done.stderr


def test_production_refuses_demo_keys():
    environment = os.environ | {"SAMLENG_DEMO": "0", "SAMLENG_TESTING": "0"}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=servers.ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode
    assert "holds demo keys" in done.stderr


def test_a_file_stays_in_memory_and_one_too_large_is_measured_but_not_kept(rf):
    from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile

    for size, kept in [(1000, 1000), (settings.SAMLENG_UPLOAD_LIMIT + 10, 0)]:
        request = rf.post("/", {"picture": SimpleUploadedFile("a.jpg", b"x" * size)})
        file = request.FILES["picture"]
        assert isinstance(file, InMemoryUploadedFile)
        assert file.size == size
        assert len(file.read()) == kept


def test_the_live_server_answers_in_a_browser_at_both_widths(stack, phone, desk, phone_without_script):
    for page in (phone, desk, phone_without_script):
        response = page.goto("/no-such-page/")
        assert response.status == 404
        assert page.locator("h1").inner_text() == "There is nothing here."


def test_axe_can_run_while_our_script_is_blocked(phone_script_blocked, axe):
    phone_script_blocked.goto("/no-such-page/")
    axe(phone_script_blocked)


def test_beat_and_worker_run_the_sweep_over_the_real_broker(queue):
    until = time.monotonic() + 20
    while not Heartbeat.objects.filter(name="sweep").exists():
        assert time.monotonic() < until, (queue.logs / "worker.log").read_text()
        time.sleep(0.2)


def test_logs_of_the_live_processes_have_no_line_for_a_worker_page(stack, phone):
    phone.goto("/no-such-page/")
    phone.goto("/staff/sign-in/")
    text = (stack.logs / "web.log").read_text()
    assert "no-such-page" not in text
    assert "/staff/sign-in/" in text
    assert "127.0.0.1 " not in text
