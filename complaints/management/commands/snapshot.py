"""Freeze a quarter's figures by hand; the queue does it by itself on day 10 of the next quarter."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from complaints.statistics import Quarter, beside, snapshots
from factories import clock


class Command(BaseCommand):
    help = "Compute and freeze the figures of a quarter, once. With --dry-run compute them and keep nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quarter", required=True, metavar="2026Q3")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, quarter: str, dry_run: bool, **options: Any) -> None:
        try:
            of = Quarter.read(quarter)
            if dry_run:
                self.stdout.write(f"{len(snapshots.compute(of))} figures of {of} would be frozen.")
                return
            at = clock.now()
            made = snapshots.freeze(of, at=at)
            more = beside.freeze_followers(at)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if made is None:
            self.stdout.write(f"The figures of {of} are frozen already, or somebody is at it. Nothing was done.")
        else:
            self.stdout.write(f"{made} figures of {of} are frozen.")
        if more:
            self.stdout.write(f"{more} figures of how factories get on are frozen.")
