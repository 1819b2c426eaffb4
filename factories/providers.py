"""The directory of services: who keeps it, how a provider is vetted, and what survivors say about it.

Every answer of a vetting yes, or nobody is sent there; one grave word closes a provider until somebody of the outside
team has looked at it. Nothing here knows a case or who was helped. Workflow, section 12.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Person
from factories import clock, people, provider_clock
from factories.models import (
    CountryPack,
    OutsideRole,
    ProviderSuspension,
    ProviderVetting,
    ProviderWord,
    ServiceKind,
    ServiceProvider,
    SuspensionDecision,
    SuspensionReason,
    VettingAnswer,
    VettingCode,
    WordCode,
)
from factories.querysets import ServiceProviderQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

VETS = (OutsideRole.TECHNICAL_EXPERT, OutsideRole.SAFEGUARDING_LEAD)
KEEPS = (*VETS, OutsideRole.PLATFORM_ADMIN)


class ProviderRefused(Exception):
    """Something that cannot be done with a provider; says why, in words for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


# ---------------------------------------------------------------------------------------------------------
# Who may


def keeps(person: Person | AnonymousUser) -> bool:
    """Say whether this person has anything to do with the directory."""
    return bool(people.roles_of(person) & set(KEEPS))


def vets(person: Person | AnonymousUser) -> bool:
    """Say whether this person checks providers, and so may read what survivors say about them."""
    return bool(people.roles_of(person) & set(VETS))


def countries_kept_by(person: Person, roles: Iterable[str] = KEEPS) -> QuerySet[CountryPack]:
    """Return the countries whose directory this person keeps; a role without a country keeps every one."""
    found = CountryPack.objects.none()
    for role in roles:
        found = found | people.countries_of(person, role)
    return found.distinct()


def kept_by(person: Person, roles: Iterable[str] = KEEPS) -> ServiceProviderQuerySet:
    """Return the providers of this person's countries; the others do not exist for them."""
    return ServiceProvider.objects.filter(country__in=countries_kept_by(person, roles))


def may_vet(person: Person, provider: ServiceProvider) -> bool:
    return kept_by(person, VETS).filter(pk=provider.pk).exists()


# ---------------------------------------------------------------------------------------------------------
# What others ask


def referable(
    country: CountryPack | str, kinds: Iterable[str] | None = None, *, at: datetime
) -> ServiceProviderQuerySet:
    """Return the providers of a country to whom people may be sent now, and whom a worker may be shown."""
    code = country if isinstance(country, str) else country.pk
    found = ServiceProvider.objects.referable(local_day(country, at)).filter(country=code)
    return found if kinds is None else found.doing(kinds)


def local_day(country: CountryPack | str, at: datetime) -> date:
    """Return the day it is in a country."""
    return clock.calendar_for(None, country).local_day(at)


@dataclass(frozen=True)
class Directory:
    """What a worker is shown: who may be turned to, kind by kind, and for what there is nobody yet."""

    groups: Sequence[tuple[ServiceKind, Sequence[ServiceProvider]]]
    missing: Sequence[ServiceKind]


def directory(country: CountryPack | str, *, at: datetime) -> Directory:
    """Return the open providers of a country by kind, in one query."""
    found = list(referable(country, at=at).order_by("name", "pk"))
    by_kind = [(kind, [one for one in found if kind in one.kinds]) for kind in ServiceKind]
    return Directory(
        groups=[(kind, some) for kind, some in by_kind if some], missing=[kind for kind, some in by_kind if not some]
    )


# ---------------------------------------------------------------------------------------------------------
# Vetting


@transaction.atomic
def vet(
    provider: ServiceProvider, answers: Mapping[str, bool], *, by: Person, checked_on: date, at: datetime
) -> ProviderVetting:
    """Record a check in person: all twelve answers, who was there, which day. The next check is promised with it.

    Twelve times yes also ends a suspension that was to last until a check; one that nobody has decided stays.
    """
    provider = _locked(provider)
    if not may_vet(by, provider):
        raise ProviderRefused(_("Only a technical expert or a safeguarding lead of the country vets a provider."))
    if provider.retired_on:
        raise ProviderRefused(_("This provider is off the list. Put it back on the list first."))
    if set(answers) != set(VettingCode.values):
        raise ProviderRefused(_("Answer each of the twelve questions with yes or no."))
    if checked_on > local_day(provider.country, at):
        raise ProviderRefused(_("Somebody was there on that day: it cannot be in the future."))
    last = provider.vettings.first()
    if last and checked_on < last.checked_on:
        raise ProviderRefused(_("It was checked later than that already. An older check changes nothing."))
    next_check_on = provider_clock.next_check_on(provider, checked_on)
    if next_check_on < local_day(provider.country, at):
        raise ProviderRefused(_("A check of that day is no longer good. Go there again first."))
    vetting = ProviderVetting.objects.create(
        provider=provider,
        number=(provider.vettings.aggregate(last=Max("number"))["last"] or 0) + 1,
        checked_on=checked_on,
        checked_by=by,
        next_check_on=next_check_on,
    )
    VettingAnswer.objects.bulk_create(
        VettingAnswer(vetting=vetting, code=code, yes=bool(answers[code])) for code in VettingCode.values
    )
    provider_clock.promise_check(provider, checked_on, at=at)
    if all(answers.values()):
        waiting = provider.suspensions.filter(ended_on=None, decision=SuspensionDecision.CHECK_FIRST)
        # Only a check made since then can say that it was put right.
        waiting.filter(since__lte=checked_on).update(ended_on=checked_on)
    return vetting


# ---------------------------------------------------------------------------------------------------------
# What survivors say


@transaction.atomic
def say(provider: ServiceProvider, code: str, *, on: date, at: datetime) -> ProviderWord:
    """Keep one word of somebody who was referred, without who it was. A grave one closes the provider at once.

    `on` is a day, as for everything a complainant does; `at` only sends the notice.
    """
    provider = _locked(provider)
    word = ProviderWord.objects.create(provider=provider, code=WordCode(code).value, on=on)
    if word.is_grave and not provider.suspensions.filter(decision="").exists():
        suspension = ProviderSuspension.objects.create(provider=provider, reason=SuspensionReason.WORD, since=on)
        _tell(provider, suspension, at=at)
    return word


@transaction.atomic
def suspend(provider: ServiceProvider, reason: str, *, by: Person, at: datetime) -> ProviderSuspension:
    """Send nobody there until somebody has decided."""
    provider = _locked(provider)
    if not may_vet(by, provider):
        raise ProviderRefused(_("Only a technical expert or a safeguarding lead of the country suspends a provider."))
    if provider.suspensions.filter(decision="").exists():
        raise ProviderRefused(_("It is suspended already, and waits for a decision."))
    suspension = ProviderSuspension.objects.create(
        provider=provider, reason=SuspensionReason(reason).value, since=local_day(provider.country, at), begun_by=by
    )
    _tell(provider, suspension, at=at, but=by)
    return suspension


@transaction.atomic
def decide(provider: ServiceProvider, decision: str, *, by: Person, at: datetime) -> ProviderSuspension:
    """Say what follows after looking at a suspended provider; every word so far counts as looked at."""
    provider = _locked(provider)
    if not may_vet(by, provider):
        raise ProviderRefused(_("Only a technical expert or a safeguarding lead of the country decides this."))
    open_ones = list(provider.suspensions.filter(ended_on=None).order_by("decided_at"))
    undecided = [one for one in open_ones if not one.decision]
    if not undecided:
        raise ProviderRefused(_("Nothing waits for a decision here. Somebody may have decided just before you."))
    suspension = undecided[0]
    suspension.decision = SuspensionDecision(decision).value
    suspension.decided_by, suspension.decided_at = by, at
    if decision == SuspensionDecision.OPEN_AGAIN:
        suspension.ended_on = max(local_day(provider.country, at), suspension.since)
    suspension.save(update_fields=["decision", "decided_by", "decided_at", "ended_on"])
    _look_at_words(provider, by=by, at=at)
    return suspension


@transaction.atomic
def look_at_words(provider: ServiceProvider, *, by: Person, at: datetime) -> int:
    """Note that somebody has looked at what was said, where nothing grave waits; return how many words."""
    provider = _locked(provider)
    if not may_vet(by, provider):
        raise ProviderRefused(_("Only a technical expert or a safeguarding lead of the country reads this."))
    if provider.suspensions.filter(decision="").exists():
        raise ProviderRefused(_("Something grave was said. Decide first whether people may be sent there."))
    return _look_at_words(provider, by=by, at=at)


def _look_at_words(provider: ServiceProvider, *, by: Person, at: datetime) -> int:
    return provider.words.filter(looked_at=None).update(looked_at=at, looked_at_by=by)


@dataclass(frozen=True)
class Said:
    """How often one word was said, and how many of them nobody has looked at. No day: a day may point to a person."""

    code: WordCode
    is_grave: bool
    count: int
    new: int


def what_was_said(provider: ServiceProvider) -> list[Said]:
    """Return what survivors said about a provider, what is new and grave first."""
    rows = (
        provider.words.order_by()
        .values_list("code")
        .annotate(count=Count("pk"), new=Count("pk", filter=Q(looked_at=None)))
    )
    found = [Said(WordCode(code), ProviderWord(code=code).is_grave, count, new) for code, count, new in rows]
    return sorted(found, key=lambda one: (not one.new, not one.is_grave, -one.count, one.code))


# ---------------------------------------------------------------------------------------------------------
# On and off the list


@transaction.atomic
def retire(provider: ServiceProvider, *, by: Person, at: datetime) -> None:
    """Take a provider off the list: nobody is sent there, and nobody has to check it any more."""
    provider = _locked(provider)
    _may_keep(by, provider)
    if provider.retired_on is None:
        provider.retired_on = local_day(provider.country, at)
        provider.save(update_fields=["retired_on"])
        provider_clock.end(provider, dropped_at=at)


@transaction.atomic
def bring_back(provider: ServiceProvider, *, by: Person, at: datetime) -> None:
    """Put a provider back on the list; while its last check is still good, with the promise of the next one."""
    provider = _locked(provider)
    _may_keep(by, provider)
    if provider.retired_on is not None:
        provider.retired_on = None
        provider.save(update_fields=["retired_on"])
        last = provider.vettings.first()
        if last and last.next_check_on >= local_day(provider.country, at):
            provider_clock.promise_check(provider, last.checked_on, at=at)


def _may_keep(person: Person, provider: ServiceProvider) -> None:
    if not kept_by(person).filter(pk=provider.pk).exists():
        raise ProviderRefused(_("Only people of the country's outside team and its administrators change this list."))


def _locked(provider: ServiceProvider) -> ServiceProvider:
    found: ServiceProvider = (
        ServiceProvider.objects.select_related("country")
        .select_for_update(no_key=True, of=("self",))
        .get(pk=provider.pk)
    )
    return found


def _tell(
    provider: ServiceProvider, suspension: ProviderSuspension, *, at: datetime, but: Person | None = None
) -> None:
    """Tell whoever may decide that a provider waits for them."""
    told = [person for person in provider_clock.outside_team(provider.country_id) if person != but]
    notices.queue(
        to=told,
        cause=f"provider_suspended:{suspension.pk}",
        kind="provider_suspended",
        at=at,
        topic=provider_clock.TOPIC,
        topic_id=provider.pk,
    )
