"""The dates of activities and their moves, read for many factories at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from factories.models import Activity, ActivityState, Factory, Postponement
from factories.package import catalogue
from factories.package.patterns import Line, Move


def of_many(factories: Iterable[Factory | UUID]) -> dict[UUID, list[Line]]:
    """Return the activities of these factories in the order of their numbers, in two queries."""
    ids = [factory.pk if isinstance(factory, Factory) else factory for factory in factories]
    if not ids:
        return {}
    moves: dict[UUID, list[Move]] = defaultdict(list)
    for activity, at, on, from_on, to_on, by_programme in (
        Postponement.objects.filter(activity__factory__in=ids)
        .order_by("at", "pk")
        .values_list("activity", "at", "on", "from_on", "to_on", "by_programme")
    ):
        moves[activity].append(Move(at, on, from_on, to_on, by_programme))
    found: dict[UUID, list[Line]] = {factory: [] for factory in ids}
    order = list(catalogue.steps())
    rows = Activity.objects.filter(factory__in=ids).order_by()
    for factory, activity, code, first_on, due_on, done_on, state in rows.values_list(
        "factory", "pk", "code", "first_agreed_on", "due_on", "done_on", "state"
    ):
        dropped = state == ActivityState.DROPPED
        found[factory].append(Line(activity, code, first_on, due_on, done_on, dropped, tuple(moves[activity])))
    for lines in found.values():
        lines.sort(key=lambda line: order.index(line.code))
    return found


def of(factory: Factory) -> list[Line]:
    return of_many([factory])[factory.pk]
