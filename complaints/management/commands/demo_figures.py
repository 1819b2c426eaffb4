"""Freeze the past quarters of a trial, with the figures of its invented factories. Called by `demo_programme`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from complaints.demo import figures
from complaints.demo.figures import Told
from factories import clock
from factories.models import Factory


class Command(BaseCommand):
    help = "Freeze the past quarters of a demo."
    # By factory: the word for how it handles complaints (none: it has cases of its own), and since when it is live.
    stealth_options = ("told", "at", "seed")

    def handle(
        self,
        *args: Any,
        told: Mapping[UUID, tuple[str, date]] | None = None,
        at: datetime | None = None,
        seed: str = "",
        **options: Any,
    ) -> None:
        if not settings.SAMLENG_DEMO:
            raise CommandError("Invented figures go into a demo only: set SAMLENG_DEMO=1 for a trial.")
        kinds = told or {}
        factories = Factory.objects.filter(pk__in=kinds).select_related("country").order_by("name_key")
        number = figures.freeze(
            [Told(factory, *kinds[factory.pk]) for factory in factories], seed=seed, at=at or clock.now()
        )
        if options["verbosity"]:
            self.stdout.write(f"{number} quarters frozen.")
