"""Runs the measures that were asked for."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from script.benches import advising, faults, figures, filing, pages, starting, sweeping
from script.benches.results import Results
from script.benches.servers import Servers
from script.benches.world import World
from script.stack import StackError

Bench = Callable[[Results, World], None]

# In this order: what needs few rows comes before what needs many.
BENCHES: dict[str, Bench] = {
    "ratio": filing.ratio,
    "pages": pages.worker,
    "case": pages.case,
    "filing_1000": lambda results, world: filing.at_size(results, world, 1_000),
    "one_address": filing.one_address,
    "redis_down": faults.redis_down,
    "database_restart": faults.database_restart,
    "pictures": faults.pictures,
    "hostile": filing.hostile,
    "caseload": lambda results, world: pages.caseload(results, world, [1_000, 100_000]),
    "filing_100000": lambda results, world: filing.at_size(results, world, 100_000),
    "nothing_due": lambda results, world: sweeping.nothing_due(results, world, 100_000),
    "sweep": sweeping.many_due,
    "sweep_killed": faults.sweep_killed,
    "portfolio": advising.portfolio,
    "snapshot": figures.snapshot,
}
# With --large, or by name: these take minutes.
LARGE: dict[str, Bench] = {
    "late_steps_100000": lambda results, world: pages.late_steps(results, world, 100_000),
    "server": starting.server,
    "caseload_1000000": lambda results, world: pages.caseload(results, world, [1_000, 1_000_000]),
    "nothing_due_1000000": lambda results, world: sweeping.nothing_due(results, world, 1_000_000),
    "filing_1000000": lambda results, world: filing.at_size(results, world, 1_000_000),
}


def arguments() -> argparse.Namespace:
    """Read what was asked for."""
    parser = argparse.ArgumentParser(prog="script/bench", description="Measure Samleng on this machine.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these measures")
    parser.add_argument("--large", action="store_true", help="also with a million cases")
    parser.add_argument("--list", action="store_true", help="name the measures")
    found = parser.parse_args()
    unknown = [name for name in found.names if name not in BENCHES | LARGE]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}. There are: {', '.join(BENCHES | LARGE)}.")
    return found


def main() -> int:
    """Measure; 1 says that something falls short."""
    asked = arguments()
    if asked.list:
        print("\n".join(BENCHES | LARGE))
        return 0
    chosen = asked.names or [*BENCHES, *(LARGE if asked.large else ())]
    signal.signal(signal.SIGTERM, _interrupt)
    servers, results, begun = Servers(), Results(), time.monotonic()
    try:
        servers.start()
        os.environ.update(servers.environment, DJANGO_SETTINGS_MODULE="config.settings")
        import django

        django.setup()
        world = World(servers)
        for name in chosen:
            started = time.monotonic()
            (BENCHES | LARGE)[name](results, world)
            results.note(f"{name}: {time.monotonic() - started:.0f} s")
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        servers.stop()
    results.note(f"{len(results.measures)} measures, {len(results.short)} short, {time.monotonic() - begun:.0f} s")
    return 1 if results.short else 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
