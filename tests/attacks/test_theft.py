"""What is stolen at rest shows no word: marker words in every field, then searched everywhere."""

from __future__ import annotations

import base64
import re
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import zlib
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings

from accounts import secrets
from accounts.models import PersonKey
from complaints import receipts, slots, workflow
from complaints.compartments import Holder, take_out
from complaints.forms import TellForm
from complaints.models import Case, Receipt
from complaints.workflow import checks
from factories import sweep
from tests.attacks import thief
from tests.builders import make_world, reader_of

CODED = {"token", "language", "route", "insist", "share_choice", "struck_out"}


def marker(name: str) -> str:
    return f"ZqMark{name.replace('_', '')}Wörd សំឡេង"


def filled() -> tuple[dict[str, object], dict[str, bytes]]:
    """Every field of the form: a marker where she types, a choice where she chooses."""
    values: dict[str, object] = {}
    markers: dict[str, bytes] = {}
    for name, field in TellForm().fields.items():
        if name in CODED or name.endswith("_away"):
            continue
        if hasattr(field, "choices"):
            values[name] = "no" if name.startswith("FQ") else next(iter(dict(field.choices)))
        else:
            values[name] = marker(name)
            markers[name] = marker(name).encode()
    return values | {"share_choice": "all_written"}, markers


@pytest.fixture
def watch(stack):
    """Read whatever appears in temporary folders while the test runs."""
    seen: dict[str, bytes] = {}
    stop = threading.Event()
    folders = [Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/dev/shm"), stack.folder]
    begun = time.time()

    def look() -> None:
        while not stop.is_set():
            for folder in folders:
                try:
                    entries = list(folder.iterdir())
                except OSError:
                    continue
                for path in entries:
                    try:
                        if path.is_file() and path.stat().st_mtime >= begun and path.stat().st_size < 5_000_000:
                            seen[f"{path} {path.stat().st_size}"] = path.read_bytes()
                    except OSError:
                        continue
            stop.wait(0.005)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield seen
    stop.set()
    thread.join(5)


def test_the_thief_of_everything_at_rest_reads_no_word(queue, watch):
    world = make_world()
    people = {f"private key of {p.name}": reader_of(p).private for p in world.everybody}
    # The builders keep private halves in the clear; here they go, as nobody has them.
    PersonKey.objects.update(wrapped_private=bytes(32))

    values, markers = filled()
    numbers = [_file(queue.url, values | {"route": route}, world) for route in ("factory_committee", "outside_only")]
    for number in numbers:
        keys = receipts.keys_of(number, waiting=slots.RECEIPT)
        receipt = Receipt.objects.select_related("case").get(lookup=keys.lookup)
        people[f"private key of {number[:4]}"] = keys.pair.private
        markers[f"number {number[:4]}"] = number.encode()
        markers[f"grouped number {number[:4]}"] = receipts.grouped(number).encode()
        workflow.write(receipt.case, text=marker("message"), at=datetime.now(UTC))
        workflow.add_picture(receipt.case, picture=marker("picture").encode() * 50, at=datetime.now(UTC))
        words = take_out(receipt.case, Holder(keys.pair.private, receipt=receipt), ["story"], at=datetime.now(UTC))
        assert marker("own_words") in words[0].content["own_words"]
        now, her = datetime.now(UTC), Holder(keys.pair.private, receipt=receipt)
        checks.plan(receipt.case, at=now - timedelta(days=30))
        check = receipt.case.checks.get(code="check_30")
        workflow.answer_check(receipt.case, check=check, answers={"feeling": "bad", "text": marker("how")}, at=now)
        workflow.raise_retaliation(receipt.case, her, text=marker("treated"), at=now)
    markers |= {"message": marker("message").encode(), "picture": marker("picture").encode()}
    _handle(world)
    markers |= {name: marker(name).encode() for name in ("note", "answer", "how", "treated")}
    sweep.sweep(datetime.now(UTC) + timedelta(days=4))
    deadline = time.monotonic() + 20
    while not list(queue.mail.glob("*")) and time.monotonic() < deadline:
        time.sleep(0.2)

    hidden = markers | people | {"pepper": secrets.pepper(), "server secret": secrets.server_secret()}
    places = [
        *thief.database(),
        *thief.broker(settings.REDIS_URL),
        *thief.files([queue.folder]),
        *watch.items(),
    ]
    assert any(place.startswith("table complaints_entry") for place, _blob in places)
    assert thief.finds(places, hidden) == []


def _handle(world) -> None:
    """The factory and the expert write as well; a day later, when the release has come."""
    at = datetime.now(UTC) + timedelta(days=1)
    inside, outside = Case.objects.get(route="factory_committee"), Case.objects.get(route="outside_only")
    workflow.declare_conflict(inside, by=world.officer, answer="none", at=at)
    workflow.add_note(inside, by=world.officer, text=marker("note"), at=at)
    workflow.send_message(outside, by=world.expert, text=marker("answer"), at=at)


def _file(url: str, values: dict[str, object], world) -> str:
    """File over HTTP as a phone does: one GET, one POST. Returns the number she was shown."""
    page = f"{url}/kh/tell/"
    html = urllib.request.urlopen(page, timeout=20).read().decode()
    token = re.search(r'name="token" value="([^"]+)"', html)
    assert token
    values = values | {"token": unescape(token[1]), "send": "1", "place_kind": ""}
    values |= {"danger_answer": "no", "age_band": "18_plus", "FQ3": "yes"} | {f"D{i}": "no" for i in range(1, 7)}
    if values["route"] == "factory_committee":
        values |= {"place_text": world.factory.short_code, "respondent_job": "mechanic"}
        values |= {"exclude": "none", "exclude_name": "", "exclude_roles": []}
    body = urllib.parse.urlencode(values, doseq=True).encode()
    answer = urllib.request.urlopen(urllib.request.Request(page, body), timeout=30).read().decode()
    digits = re.search(r"(\d{4})\D{1,60}(\d{4})\D{1,60}(\d{4})\D{1,60}(\d{4})", re.sub(r"<[^>]+>", " ", answer))
    assert digits, answer[:2000]
    return "".join(digits.groups())


def test_the_search_itself_finds_what_is_written_down():
    secret = {"word": b"ZqMarkplain", "key": bytes(range(100, 132))}
    for blob in (
        b"xx ZqMarkplain yy",
        base64.b64encode(b"a ZqMarkplain and more"),
        zlib.compress(b"ZqMarkplain" * 3),
        secret["key"].hex().encode(),
    ):
        assert thief.finds([("here", b"..." + blob)], secret)
