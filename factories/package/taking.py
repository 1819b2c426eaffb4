"""What every step of the package shares: a transaction, the factory's row locked, who acts, and which day it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from factories.models import Activity, Factory, Package
from factories.package import access, promises
from factories.package.refusal import PackageRefused


@dataclass
class Taken:
    """A factory whose package is being changed: nobody else changes it until this is over."""

    factory: Factory
    package: Package | None
    today: date

    @property
    def is_paused(self) -> bool:
        return self.package is not None and self.package.paused_until is not None

    def running(self) -> Package:
        """Return the package that goes on. Raises `PackageRefused` before its understanding and after its end."""
        if self.package is None:
            raise PackageRefused(_("This factory has not signed the understanding yet. Everything else follows it."))
        if self.package.ended_on:
            raise PackageRefused(_("Support of this factory has ended. Its workers can still complain."))
        return self.package

    def activity(self, activity: Activity) -> Activity:
        """Read an activity again, as it stands now that nobody else can change it."""
        self.running()
        found = self.factory.activities.get(pk=activity.pk)
        found.factory = self.factory
        return found

    def not_ahead(self, on: date) -> date:
        """Return the day something happened. Raises `PackageRefused` where it has not come yet."""
        if on > self.today:
            raise PackageRefused(_("That day has not come yet. Record it when it has happened."))
        return on


@contextmanager
def taking(factory: Factory, *, at: datetime, by: Person | None = None) -> Iterator[Taken]:
    """Lock a factory for a step of its package; with `by`, only for somebody who leads it."""
    with transaction.atomic():
        found: Factory = (
            Factory.objects.select_related("country").select_for_update(no_key=True, of=("self",)).get(pk=factory.pk)
        )
        if by is not None and not access.leads(by, found):
            raise PackageRefused(
                _("Only the advisor of this factory or a technical expert of its country changes its package.")
            )
        package = Package.objects.filter(factory=found).first()
        yield Taken(found, package, promises.local_day(found, at))
