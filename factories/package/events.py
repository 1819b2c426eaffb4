"""Events of the industry: what was said, who took on what, and whether it was done. Prevention package, section 6.

No factory is named without its written yes, no case is ever told, and only published figures are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from factories import clock, people
from factories.models import CountryPack, EventCommitment, EventLevel, Factory, IndustryEvent
from factories.package import access, promises
from factories.package.refusal import PackageRefused

# Kinds of participants (closed list).
PARTICIPANTS = {
    "factories": gettext_lazy("Factories"),
    "workers": gettext_lazy("Workers and unions"),
    "industry_bodies": gettext_lazy("Industry bodies"),
    "buyers": gettext_lazy("Buyers"),
    "government": gettext_lazy("Government"),
    "organisations": gettext_lazy("Other organisations"),
}


def keeps(person: Person) -> bool:
    """Say whether this person records events: whoever leads packages, and heads of the organisations."""
    return access.leads_any(person) or people.is_programme_lead(person)


def record(
    *,
    level: str,
    country: CountryPack | None,
    title: str,
    on: date,
    hosts: str,
    follow_up_on: date,
    by: Person,
    at: datetime,
    participants: Mapping[str, int] | None = None,
    topics: str = "",
    figures_shown: str = "",
    figures_are_published: bool = False,
) -> IndustryEvent:
    """Record an event, or plan one."""
    _may_keep(by)
    if level == EventLevel.NATIONAL and country is None:
        raise PackageRefused(_("A national event has a country."))
    if follow_up_on < on:
        raise PackageRefused(_("The follow-up comes after the event."))
    if figures_shown.strip() and not figures_are_published:
        raise PackageRefused(_("At an event only published figures are shown, with small numbers hidden."))
    counted = dict(participants or {})
    if set(counted) - set(PARTICIPANTS):
        raise PackageRefused(_("Choose the kinds of participants from the list."))
    return IndustryEvent.objects.create(
        level=EventLevel(level).value,
        country=country if level == EventLevel.NATIONAL else None,
        title=title.strip(),
        on=on,
        hosts=hosts.strip(),
        participants={kind: number for kind, number in counted.items() if number},
        topics=topics.strip(),
        figures_shown=figures_shown.strip(),
        follow_up_on=follow_up_on,
        recorded_by=by,
    )


@transaction.atomic
def commit(
    event: IndustryEvent,
    *,
    who: str,
    what: str,
    due_on: date,
    by: Person,
    at: datetime,
    factory: Factory | None = None,
    written_yes_on: date | None = None,
) -> EventCommitment:
    """Record what somebody took on. A factory is named only with its written yes."""
    _may_keep(by)
    if factory is not None:
        if written_yes_on is None:
            raise PackageRefused(_("A factory is named only with its written yes. Give the day of it."))
        factory = (
            Factory.objects.select_related("country").select_for_update(no_key=True, of=("self",)).get(pk=factory.pk)
        )
        if not access.reads(by, factory):
            raise PackageRefused(_("This factory is not one of yours."))
    if due_on < event.on:
        raise PackageRefused(_("It is to be done on the day of the event, or later."))
    made = EventCommitment.objects.create(
        event=event,
        who=who.strip(),
        what=what.strip(),
        due_on=due_on,
        factory=factory,
        written_yes_on=written_yes_on if factory else None,
    )
    if factory is not None:
        promises.promise("commitment", factory, at=at, on=due_on, commitment=made)
    return made


@transaction.atomic
def commitment_done(commitment: EventCommitment, *, on: date, by: Person, at: datetime) -> EventCommitment:
    """Note that a commitment was kept."""
    _may_keep(by)
    if commitment.factory_id:
        Factory.objects.select_for_update(no_key=True).get(pk=commitment.factory_id)
    found = EventCommitment.objects.select_related("event__country", "factory__country").get(pk=commitment.pk)
    if found.factory and not access.reads(by, found.factory):
        raise PackageRefused(_("This factory is not one of yours."))
    if found.done_on:
        raise PackageRefused(_("It is recorded as done already."))
    _not_ahead(on, found.event, at)
    if on < found.event.on:
        raise PackageRefused(_("It was done on the day of the event, or later."))
    found.done_on = on
    found.save(update_fields=["done_on"])
    promises.end(Q(commitment=found), met_at=at)
    return found


@transaction.atomic
def follow_up(event: IndustryEvent, *, on: date, by: Person, at: datetime) -> IndustryEvent:
    """Note that somebody asked everybody what became of what they took on."""
    _may_keep(by)
    _not_ahead(on, event, at)
    if on < event.on:
        raise PackageRefused(_("The follow-up comes after the event."))
    found = IndustryEvent.objects.select_for_update(no_key=True).get(pk=event.pk)
    if found.followed_up_on:
        raise PackageRefused(_("The follow-up is recorded already."))
    found.followed_up_on = on
    found.save(update_fields=["followed_up_on"])
    return found


def to_follow_up(person: Person, at: datetime) -> list[IndustryEvent]:
    """Return the events this person recorded whose follow-up is due, by the day it is where each was held."""
    mine = IndustryEvent.objects.filter(recorded_by=person, followed_up_on=None).select_related("country")
    found = mine.filter(follow_up_on__lte=at.date() + timedelta(days=1)).order_by("follow_up_on", "pk")
    return [event for event in found if event.follow_up_on <= day_of(event, at)]


def day_of(event: IndustryEvent, at: datetime) -> date:
    """Return the day it is in the event's country; in UTC where it was held for all."""
    return clock.calendar_for(None, event.country).local_day(at) if event.country else at.date()


def _may_keep(by: Person) -> None:
    if not keeps(by):
        raise PackageRefused(_("Only advisors, technical experts and heads of the organisations record events."))


def _not_ahead(on: date, event: IndustryEvent, at: datetime) -> None:
    if on > day_of(event, at):
        raise PackageRefused(_("That day has not come yet. Record it when it has happened."))
