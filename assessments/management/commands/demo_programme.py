"""Add the fictional programme to a demo: factories of four countries over three years. Harmless twice."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import translation

from accounts.models import Person
from assessments.demo import people, programme, told
from assessments.models import Assessment
from complaints import statistics
from factories import clock
from factories.models import Factory


class Command(BaseCommand):
    help = "Add a fictional programme of 120 factories to a demo."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMLENG_DEMO:
            raise CommandError("Invented factories go into a demo only: set SAMLENG_DEMO=1 for a trial.")
        if programme.exists() or not Person.objects.filter(email=people.ADVISOR).exists():
            return
        if statistics.quarters():
            self.stdout.write("This trial began without the programme. script/server --reset begins a new one with it.")
            return
        with translation.override("en"), transaction.atomic():
            made = programme.make(clock.now())
        if not connection.in_atomic_block:
            # Where somebody takes it all back (a test), what was counted of the tables would stay and be wrong.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        told.add(settings.SAMLENG_VAR / "demo_people.txt", made)
        if options["verbosity"]:
            self.stdout.write(
                f"{Factory.objects.count()} invented factories, {Assessment.objects.count()} assessments of them."
            )
