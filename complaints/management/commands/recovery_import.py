"""Bring back what the holders of the recovery shares opened. Last step of the ceremony."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints import recovery
from factories import clock


class Command(BaseCommand):
    help = "Give access back from a file that script/recovery wrote: all of it or nothing, harmless twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="ANSWER")
        parser.add_argument(
            "--at-cases", action="store_true", help="also put the person on cases they have no place on"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            raw = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from None
        try:
            done = recovery.bring_back(recovery.read(raw), at=clock.now(), at_cases=options["at_cases"])
        except recovery.RecoveryRefused as refusal:
            raise CommandError(refusal.message) from None
        if not done.cases:
            self.stdout.write("Everything in this file had been brought back already.")
            return
        self.stdout.write(f"{done.grants} keys of {done.cases} cases are back. Destroy both files now.")
