"""Walk every chain of events and the daily heads; say what does not fit, by case id and number only."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from complaints import events, heads
from complaints.models import Case
from factories import clock


class Command(BaseCommand):
    help = "Check that no event was changed, removed or added behind our back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--line",
            action="append",
            default=[],
            metavar="'DAY DIGEST'",
            help="a line that was mailed to the technical organisation; may be given several times",
        )

    def handle(self, *args: Any, line: list[str], **options: Any) -> None:
        found, checked, at = 0, 0, clock.now()
        for case in Case.objects.order_by("pk").iterator(chunk_size=1000):
            checked += 1
            for fault in events.faults(case, at=at):
                found += 1
                self.stderr.write(fault)
        for fault in heads.faults(line):
            found += 1
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{found} faults in {checked} chains.")
        self.stdout.write(f"{checked} chains are whole.")
