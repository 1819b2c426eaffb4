"""Loaded before Django's settings: gives every run its servers, every worker its own Redis database."""

import atexit
import os
import re

worker = re.fullmatch(r"gw(\d+)", os.environ.get("PYTEST_XDIST_WORKER", ""))

if "SAMLENG_TEST_DATABASE" not in os.environ and worker is None:
    from script import stack

    servers = stack.TestServers()
    os.environ.update(servers.acquire())
    atexit.register(servers.release)

if worker is not None:
    base, _, number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{base}/{int(number) + 1 + int(worker[1]) % 9}"
