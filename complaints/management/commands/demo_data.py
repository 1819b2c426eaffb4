"""Fill an empty demo with invented people and complaints; leave one that has people alone."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import translation

from accounts.models import Notice, Person
from complaints.codes import Stage
from complaints.demo import people, services, stories, told
from complaints.demo.story import World
from complaints.demo.timeline import Timeline
from complaints.models import Case
from complaints.statistics import beside, snapshots
from factories import clock
from factories.models import Factory


class Command(BaseCommand):
    help = "Fill an empty demo with invented factories, people and complaints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--figures-later", action="store_true", help="Leave the quarters open: demo_programme freezes them."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMLENG_DEMO:
            raise CommandError("Invented complaints go into a demo only: set SAMLENG_DEMO=1 for a trial.")
        if Person.objects.exists():
            return
        now = clock.now()
        with translation.override("en"), transaction.atomic():
            people.make_countries(now)
            everybody = people.make_people(now)
            services.make_services(everybody, now)
            main = Factory.objects.select_related("country").get(name=people.LOTUS)
            timeline = Timeline(now, clock.calendar_for(main))
            told_stories = stories.tell(World(everybody, timeline))
            # What was said before today was read before today: a trial begins with one digest a person, not twenty.
            old = Notice.objects.filter(made_at__lt=timeline.moment(1, 0))
            old.update(sent_at=now, seen_at=now)
        if not options["figures_later"]:
            for quarter in snapshots.due(now):
                snapshots.freeze(quarter, at=now)
            beside.freeze_followers(now)
        # They were filed over weeks and are no surge.
        cache.delete_many([f"surge:{code}" for code in ("KH", "VN")])
        told.write(settings.SAMLENG_VAR / "demo_people.txt", told_stories)
        self.stdout.write(f"{Case.objects.count()} invented complaints, {len(everybody.by_email)} invented people.")
        stages = Counter(Case.objects.values_list("stage", flat=True))
        self.stdout.write(", ".join(f"{stages[stage]} {stage}" for stage in Stage.values if stages[stage]) + ".")
