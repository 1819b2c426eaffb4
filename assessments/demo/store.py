"""Storing tens of thousands of rows at once: PostgreSQL's COPY, which checks every constraint as an INSERT does."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from io import StringIO
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

# What COPY's text would read as something else.
ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy(model: type[Model], rows: Sequence[Any]) -> None:
    """Store these rows of one table, complete as they are: defaults are on them already."""
    if not rows:
        return
    fields = model._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    read = attrgetter(*(field.attname for field in fields))
    lines = StringIO("".join("\t".join(map(_text, read(row))) + "\n" for row in rows))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", lines)


def _text(value: Any) -> str:
    return _WRITERS.get(type(value), _other)(value)


def _other(value: Any) -> str:
    if isinstance(value, Enum):
        return _text(value.value)
    if isinstance(value, str):
        return str(value).translate(ESCAPED)
    raise TypeError(f"Nobody has said how a {type(value).__name__} is copied.")


def _array(codes: Iterable[str]) -> str:
    """Write an array of codes: they hold nothing that would have to be quoted."""
    return "{" + ",".join(str(one.value if isinstance(one, Enum) else one) for one in codes) + "}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _value: "\\N",
    str: lambda value: value.translate(ESCAPED),
    bool: lambda value: "t" if value else "f",
    int: str,
    Decimal: str,
    UUID: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    list: _array,
    dict: lambda value: json.dumps(value).translate(ESCAPED),
}


@contextmanager
def without_collecting() -> Iterator[None]:
    """Let nothing look for cycles while a hundred thousand rows are made: there are none to find."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
