"""Workers who send at the same time: threads in a process of their own, one connection each. Nothing of ours runs here.

Called as `python -m script.benches.clients`, with a job as JSON on standard input; the answer is JSON, too.
"""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from script.stack import ROOT

ARRIVED = b'name="token"'  # The page that says it has arrived carries her number on in a token…
FORM = b'name="share_choice"'  # …and so does the form, shown again when something was refused.


@dataclass
class Sent:
    """What came of one batch of complaints."""

    seconds: float
    arrived: int
    refused: int  # An answer that is a sentence and not a confirmation.
    broken: int  # No answer at all.
    statuses: dict[str, int]
    times: list[float]

    @property
    def per_second(self) -> float:
        return self.arrived / self.seconds


def send(address: str, path: str, bodies: list[str], *, clients: int = 16, spread: float = 0.0) -> Sent:
    """Post these bodies from so many clients at once, in a process of their own; `spread` over so many seconds."""
    process = start(address, path, bodies, clients=clients, spread=spread)
    return finish(process)


def start(address: str, path: str, bodies: list[str], *, clients: int, spread: float = 0.0) -> subprocess.Popen[bytes]:
    """Start a batch and leave it running."""
    process = subprocess.Popen(
        [sys.executable, "-m", "script.benches.clients"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    job = {"address": address, "path": path, "bodies": bodies, "clients": clients, "spread": spread}
    assert process.stdin is not None
    process.stdin.write(json.dumps(job).encode())
    process.stdin.close()
    process.stdin = None
    return process


def finish(process: subprocess.Popen[bytes]) -> Sent:
    """Wait for a batch and read what came of it."""
    output, _errors = process.communicate()
    return Sent(**json.loads(output))


def body(token: str, **answers: Any) -> str:
    """Give a form as a browser sends it."""
    return urlencode({"token": token, **answers}, doseq=True)


def _work(job: dict[str, Any]) -> Sent:
    where = urlsplit(job["address"])
    bodies = list(job["bodies"])
    lock = threading.Lock()
    statuses: dict[str, int] = {}
    times: list[float] = []
    counts = {"arrived": 0, "refused": 0, "broken": 0}

    def client() -> None:
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        if job["spread"]:
            time.sleep(random.uniform(0, job["spread"]))
        while True:
            with lock:
                if not bodies:
                    break
                one = bodies.pop()
            begun = time.perf_counter()
            try:
                connection.request(
                    "POST",
                    job["path"],
                    one,
                    {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"},
                )
                response = connection.getresponse()
                page = response.read()
                status = str(response.status)
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                page, status = b"", type(error).__name__
            with lock:
                times.append((time.perf_counter() - begun) * 1000)
                statuses[status] = statuses.get(status, 0) + 1
                if status == "200" and ARRIVED in page and FORM not in page:
                    counts["arrived"] += 1
                else:
                    counts["refused" if page else "broken"] += 1
        connection.close()

    threads = [threading.Thread(target=client) for _number in range(job["clients"])]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Sent(time.perf_counter() - begun, statuses=statuses, times=times, **counts)


if __name__ == "__main__":
    print(json.dumps(_work(json.load(sys.stdin)).__dict__))
