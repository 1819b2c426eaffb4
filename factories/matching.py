"""Which factory somebody meant: by its short code, or by a name that fits only one for certain."""

from __future__ import annotations

from dataclasses import dataclass

from factories.models import Factory


@dataclass(frozen=True)
class Match:
    """The factory, if what was typed can only mean this one."""

    factory: Factory | None
    certain: bool


def find(text: str, country: str) -> Match:
    """Return the factory of this country that `text` names for certain; otherwise none. Never a guess."""
    found = list(Factory.objects.matching(text, country).select_related("country")[:2])
    return Match(found[0], True) if len(found) == 1 else Match(None, False)
