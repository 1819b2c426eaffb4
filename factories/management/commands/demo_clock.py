"""Move the demo's clock, in every process at once: +3d, +4h, --show, --reset."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import clock

UNITS = {"d": "days", "h": "hours", "m": "minutes", "w": "weeks"}


class Command(BaseCommand):
    help = "Move the demo's clock ahead (+3d, +4h, +30m), show it, or set it back to the computer's."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("by", nargs="?", help="how far, such as +3d, +4h, +30m or +2w")
        parser.add_argument("--reset", action="store_true", help="back to the computer's clock")
        parser.add_argument("--show", action="store_true", help="show the time, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMLENG_CLOCK_OFFSET_ALLOWED:
            raise CommandError("The clock is moved only in a demo: here real people wait for real days.")
        if options["reset"]:
            clock.set_offset(timedelta())
        elif options["by"]:
            clock.set_offset(clock.offset() + _length(options["by"]))
        elif not options["show"]:
            raise CommandError("Say how far (such as +3d), or --show, or --reset.")
        clock.forget()
        ahead = clock.offset()
        self.stdout.write(f"It is {clock.now():%Y-%m-%d %H:%M} UTC, {ahead.days} d {ahead.seconds // 3600} h ahead.")


def _length(text: str) -> timedelta:
    """Read `+3d` or `+1d12h`; the clock goes forward only, because what has risen does not sink again."""
    parts = re.findall(r"(\d{1,4})([dhmw])", text)
    if not parts or "".join(n + unit for n, unit in parts) != text.lstrip("+"):
        raise CommandError(f"{text} is no length of time. Write +3d, +4h, +30m or +1d12h.")
    return sum((timedelta(**{UNITS[unit]: int(n)}) for n, unit in parts), timedelta())
