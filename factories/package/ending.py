"""The end of support: agreed by both organisations, with a message to workers on how they can still complain.

It follows a joint review whose step it is. Nothing of the ways to complain is touched. Prevention package, section 4.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Person
from factories import people, seen
from factories.models import Factory, Package, ReviewStep
from factories.package import access, promises
from factories.package.refusal import PackageRefused
from factories.package.taking import Taken, taking


def propose(factory: Factory, *, message: str, by: Person, at: datetime) -> Package:
    """Propose to end support, with the message to workers; the other organisation has to agree."""
    with taking(factory, at=at) as taken:
        package, mine = _may_speak(taken, by)
        if not message.strip():
            raise PackageRefused(_("Write to the workers how they can still complain."))
        package.end_message = message.strip()
        package.end_agreed_advisory_by = by if "advisory" in mine else None
        package.end_agreed_technical_by = by if "advisory" not in mine else None
        package.save()
        other = "technical" if package.end_agreed_advisory_by else "advisory"
        told = (
            people.experts(taken.factory.country_id, vouched=False)
            if other == "technical"
            else people.advisors_of(taken.factory)
        )
        notices.queue(
            to=[*told, *people.programme_leads(other)],
            cause=f"package_end:{package.pk}:{taken.today}:{other}",
            kind="package_end_proposed",
            at=at,
            topic=promises.TOPIC,
            topic_id=taken.factory.pk,
        )
        return package


def agree(factory: Factory, *, by: Person, at: datetime, shown: str = "") -> Package:
    """Agree for the other organisation: support ends today, and no date of the package runs any more.

    `shown` is the mark of the message on the page of whoever agrees: nobody agrees to words they have not read.
    """
    with taking(factory, at=at) as taken:
        package, mine = _may_speak(taken, by)
        if not package.end_message:
            raise PackageRefused(_("Nobody has proposed to end support."))
        if seen.is_other(shown, package.end_message):
            raise PackageRefused(_("Workers are told something else since you opened the page. Read it, then agree."))
        missing = "technical" if package.end_agreed_advisory_by_id else "advisory"
        proposer = package.end_agreed_advisory_by_id or package.end_agreed_technical_by_id
        if missing not in mine or by.pk == proposer:
            raise PackageRefused(_("Your organisation proposed it. The other one has to agree."))
        setattr(package, f"end_agreed_{missing}_by", by)
        package.ended_on, package.paused_until = taken.today, None
        package.save()
        promises.end(Q(factory=taken.factory) & ~Q(code="commitment"), dropped_at=at)
        return package


def _may_speak(taken: Taken, by: Person) -> tuple[Package, frozenset[str]]:
    package = taken.running()
    mine = access.organisations_of(by, taken.factory)
    if not mine:
        raise PackageRefused(_("Only the two organisations end support."))
    ends = taken.factory.joint_reviews.filter(step=ReviewStep.END_SUPPORT).exclude(held_on=None)
    if not ends.exists():
        raise PackageRefused(_("Support ends only as the step of a joint review that was held."))
    return package, mine
