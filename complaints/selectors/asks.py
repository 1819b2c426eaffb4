"""What she is asked on top of her page: one sentence and one button each. A subject adds its own function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from complaints.codes import Words
from complaints.models import Case


@dataclass(frozen=True)
class Ask:
    """One question to her. It waits for as long as she likes; nothing is lost if she never answers."""

    words: Words
    button: Words
    page: str  # Name of the address that answers it.
    args: tuple[object, ...] = ()

    @property
    def address(self) -> str:
        return reverse(f"complaints:{self.page}", args=list(self.args))


# What the case asks of her now, given the steps she may take.
Asker = Callable[[Case, frozenset[str], datetime], Iterable[Ask]]
ASKERS: tuple[Asker, ...] = ()


def asks_of(case: Case, may: frozenset[str], *, at: datetime) -> tuple[Ask, ...]:
    return tuple(ask for asker in ASKERS for ask in asker(case, may, at))
