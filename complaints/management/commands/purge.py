"""Delete what has had its time, as the daily task does; or only count it. Says numbers, never which case."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from complaints import workflow
from factories import clock


class Command(BaseCommand):
    help = "Delete content, access records and results whose time is over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what would be deleted, and delete nothing")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        at = clock.now()
        found = workflow.would_purge(at=at) if dry_run else workflow.purge_due(at=at)
        self.stdout.write("Nothing was deleted. It would be:" if dry_run else "Deleted:")
        self.stdout.write(f"{found.cases} cases' content, {found.entries} sealed entries")
        self.stdout.write(f"{found.openings} lines of the access record (older than 24 months)")
        self.stdout.write(f"{found.records} cases' results (older than five years)")
