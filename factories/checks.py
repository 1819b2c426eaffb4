"""System checks of this app: a broken country pack is found before anybody counts on it."""

from __future__ import annotations

from typing import Any

from django.core import checks


@checks.register("packs")
def packs_are_sound(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Read every pack, and hold it against the deadline table."""
    from factories import clock, packs

    found: list[checks.CheckMessage] = []
    for code in packs.codes():
        try:
            clock.check_pack(packs.load(code))
        except packs.PackBroken as broken:
            found += [
                checks.Error(f"The country pack {code} is broken. {fault}", id="factories.E001")
                for fault in broken.faults
            ]
    return found
