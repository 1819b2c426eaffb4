from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import clock
from accounts.models import LanguageReview, Person


class Command(BaseCommand):
    help = "Sign that a native speaker has read every sentence in a language."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("language", choices=[code for code, _ in settings.LANGUAGES])
        parser.add_argument("--by", required=True, help="e-mail address of the administrator who signs")
        parser.add_argument("--on", type=date.fromisoformat, help="day of the review (YYYY-MM-DD); default today")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.active().filter(email=options["by"].lower()).first()
        if person is None:
            raise CommandError(f"Nobody with an active account has the address {options['by']}.")
        on = options["on"] or clock.now().date()
        LanguageReview.objects.update_or_create(language=options["language"], defaults={"signed_by": person, "on": on})
        self.stdout.write(f"{person.name} has signed for '{options['language']}' on {on}.")
