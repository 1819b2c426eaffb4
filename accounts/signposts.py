"""What apps above the ground floor put up for people who sign in: words of their notices, links, and things to do.

The first page and the bar above belong to an app that must not import those above it, so each app tells here, at its
start, what to say and where it leads. Nothing here is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from accounts.models import Person

    Words = str | _StrPromise

Where = Callable[[UUID], str]


@dataclass(frozen=True)
class NoticeSign:
    """What a kind of notice says on a page, and where it leads, from the id of its topic."""

    words: Words
    where: Where | None = None


@dataclass(frozen=True)
class Link:
    """A place in the bar above, for whoever has one of these roles."""

    roles: frozenset[str]
    url_name: str
    label: Words


@dataclass(frozen=True)
class Todo:
    """One thing to do, on the first page: what, where, by when, and whether that day is over."""

    words: Words
    url: str
    due_on: date | None = None
    late: bool = False


_notices: dict[str, NoticeSign] = {}
_links: list[Link] = []
_todos: list[Callable[[Person, set[str], datetime], Iterable[Todo]]] = []


def notice(kind: str, words: Words, where: Where | None = None) -> None:
    """Say what notices of this kind mean, and where they lead."""
    _notices[kind] = NoticeSign(words, where)


def sign_of(kind: str) -> NoticeSign | None:
    return _notices.get(kind)


def link(roles: Iterable[str], url_name: str, label: Words) -> None:
    """Put a link into the bar for these roles; once, however often an app starts."""
    made = Link(frozenset(roles), url_name, label)
    if made not in _links:
        _links.append(made)


def links() -> tuple[Link, ...]:
    return tuple(_links)


def todos_from(
    source: Callable[[Person, set[str], datetime], Iterable[Todo]],
) -> Callable[[Person, set[str], datetime], Iterable[Todo]]:
    """Register (as a decorator) a function that names what a person with these roles has to do now.

    It costs nothing for roles it does not concern, and a constant number of queries for the others.
    """
    _todos.append(source)
    return source


def todos(person: Person, roles: set[str], at: datetime) -> list[Todo]:
    """Return everything there is to do, the earliest day first, what has no day last."""
    found = [todo for source in _todos for todo in source(person, roles, at)]
    return sorted(found, key=lambda todo: (todo.due_on is None, todo.due_on or date.max))
