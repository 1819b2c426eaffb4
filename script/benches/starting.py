"""How long a stranger waits for script/server on a fresh copy, with packages in pip's cache."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time

from script import stack
from script.benches import servers
from script.benches.results import Results
from script.benches.world import World

OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV")


def server(results: Results, world: World) -> None:
    """Copy what is under version control, start it twice, and wait each time until it says that it runs."""
    clone = servers.FOLDER / "clone"
    shutil.rmtree(clone, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=stack.ROOT, stdout=subprocess.PIPE, check=True).stdout
    for name in listed.decode().split("\0"):
        if name and (stack.ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(stack.ROOT / name, clone / name)
    try:
        results.at_most("script_server_first_start", _start(clone), "s", 60)
        results.told("script_server_second_start", _start(clone), "s")
    finally:
        shutil.rmtree(clone, ignore_errors=True)


def _start(clone: os.PathLike[str]) -> float:
    environment = {
        name: value for name, value in os.environ.items() if name not in OURS and not name.startswith("SAMLENG_")
    }
    begun = time.monotonic()
    process = subprocess.Popen(
        [str(stack.Path(clone) / "script" / "server"), "--port", str(servers.free_port())],
        cwd=clone,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    said = b""
    try:
        for line in process.stdout:
            said += line
            if line.startswith(b"Samleng runs"):
                return time.monotonic() - begun
        raise stack.StackError(f"script/server ended:\n{said.decode(errors='replace')[-1000:]}")
    finally:
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        process.wait(60)
