"""The pages of whoever advises factories: many of them, each in mid-course, and what is taken away from them."""

from __future__ import annotations

import gzip
import tracemalloc
from typing import Any

from script.benches.pages import KB, Handler
from script.benches.results import Results
from script.benches.world import World

FACTORIES = 200


def portfolio(results: Results, world: World) -> None:
    """Look at a portfolio of two hundred factories and at one of them; take away their assessments, then 500."""
    from tests.assessments import factoryworld

    for number in range(FACTORIES - world.people.advisor.portfolio.count()):
        factory = factoryworld.busy(world.people, f"Advised {number}")
    reader = Handler(world, world.people.advisor)
    queries, _weight, slow = reader.look("/portfolio/", 20)
    results.at_most(f"portfolio_{FACTORIES}_factories_queries", queries, "queries", 15)
    results.at_most(f"portfolio_{FACTORIES}_factories_p95", slow, "ms", 200)
    queries, _weight, slow = reader.look(f"/assessments/factories/{factory.pk}/", 20)
    results.at_most("factory_page_queries", queries, "queries", 20)
    results.at_most("factory_page_p95", slow, "ms", 200)
    few = _peak(reader)
    for number in range(50):
        for years in range(2):
            factoryworld.make_final(
                world.people, factory, ended=factoryworld.TODAY - factoryworld.timedelta(days=2000 + number * 9 + years)
            )
    many = _peak(reader)
    results.note(f"the list of {_rows(reader)} assessments")
    results.at_most("export_peak_500_to_400", many / few, "times", 1.3)


def _rows(reader: Handler) -> int:
    return len(_taken(reader).splitlines()) - 1


def _taken(reader: Handler) -> bytes:
    response = reader.get("/assessments/?file=csv")
    sent = b"".join(response.streaming_content)
    return gzip.decompress(sent) if response.headers.get("Content-Encoding") == "gzip" else sent


def _peak(reader: Handler) -> float:
    """Give the most memory that taking the list away needs at once, in kB; what was sent is let go."""
    response: Any = reader.get("/assessments/?file=csv")
    tracemalloc.start()
    for _part in response.streaming_content:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / KB
