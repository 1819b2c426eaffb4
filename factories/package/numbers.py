"""Talking about numbers: a factory that asks for complaints to be withdrawn, or who complained, is reminded once.

The second time goes to level 3: the technical experts hear of it at once, and one of them talks with the factory.
Prevention package, section 5. What was asked, and about whom, is never written down.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Person
from factories import people
from factories.models import Factory
from factories.package import access, promises
from factories.package.refusal import PackageRefused
from factories.package.taking import taking

TALK = "numbers_talk"


def asked(factory: Factory, *, by: Person, at: datetime, seen: str | None = None) -> bool:
    """Record that the factory asked and was reminded; say whether it went on to the technical experts.

    `seen` is the day of the reminder on the page it was recorded from, "" where there was none: a button pressed
    twice, or by two people at once, is one asking and no second one.
    """
    with taking(factory, at=at, by=by) as taken:
        package = taken.running()
        if seen is not None and seen != _day(package.numbers_reminded_on):
            raise PackageRefused(_("Its reminder was recorded just before. Record this only if it asked again."))
        if package.numbers_reminded_on is None:
            package.numbers_reminded_on = taken.today
            package.save(update_fields=["numbers_reminded_on"])
            return False
        talks = Q(factory=taken.factory, code=TALK)
        if not taken.factory.package_deadlines.open().filter(talks).exists():
            talk = promises.promise(TALK, taken.factory, at=at)
            notices.queue(
                to=people.experts(taken.factory.country_id, vouched=False),
                cause=f"package_numbers:{talk.pk}",
                kind="package_numbers",
                at=at,
                due_on=promises.local_day(taken.factory, talk.due_at),
                topic=promises.TOPIC,
                topic_id=taken.factory.pk,
            )
        return True


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


def talked(factory: Factory, *, by: Person, at: datetime) -> None:
    """Note that a technical expert talked with the factory about it."""
    with taking(factory, at=at, by=by) as taken:
        if not access.is_expert_of(by, taken.factory.country_id):
            raise PackageRefused(_("A technical expert has this talk with the factory."))
        promises.end(Q(factory=taken.factory, code=TALK), met_at=at)
