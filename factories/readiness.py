"""Live or listed: a factory offers the factory route only while its country and its people can carry it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import LanguageReview
from factories import clock, packs, people, providers
from factories.models import CountryPack, Factory, FactoryStatus, PackStatus, RosterSlot
from factories.package import activities

READY_LEADS = 2


class NotReady(Exception):
    """A factory or a country cannot go live; says why, in sentences for the person."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.message = " ".join(reasons)


def opening(factory: Factory) -> people.Readiness:
    """Say whether a factory can go live now: its people stand ready, and its channels were opened and tested (`CHAN`).

    A factory that is live stays live by its people alone. Prevention package, section 1.
    """
    reasons = people.factory_ready(factory).reasons
    if not activities.channels_open(factory):
        reasons += (_("Its channels are not open yet: that activity of the prevention package is not done."),)
    return people.Readiness(reasons)


@transaction.atomic
def make_live(factory: Factory) -> Factory:
    """Open the factory route: from now on workers of this factory may choose it."""
    country = CountryPack.objects.select_for_update(no_key=True).get(pk=factory.country_id)
    factory = Factory.objects.select_for_update(no_key=True).get(pk=factory.pk)
    factory.country = country
    ready = opening(factory)
    if not ready:
        raise NotReady(*ready.reasons)
    factory.status = FactoryStatus.LIVE
    factory.save(update_fields=["status"])
    return factory


def make_listed(factory: Factory) -> None:
    """Close the factory route; complaints about this factory go outside."""
    Factory.objects.filter(pk=factory.pk).update(status=FactoryStatus.LISTED)


def review(factory: Factory) -> bool:
    """Close the factory route where fewer people are left than it needs; say whether it was closed."""
    factory = Factory.objects.select_related("country").get(pk=factory.pk)
    if not factory.is_live or people.factory_ready(factory):
        return False
    make_listed(factory)
    return True


def review_country(country: CountryPack | None) -> int:
    """Close the factory route in a whole country (in every one, without) that has too few experts left."""
    packs = CountryPack.objects.live()
    closed = 0
    for pack in packs.filter(pk=country.pk) if country else packs:
        if people.experts(pack).count() < people.READY_EXPERTS:
            closed += pack.factories.live().update(status=FactoryStatus.LISTED)
    return closed


@dataclass(frozen=True)
class Missing:
    """What a country lacks, in sentences: what keeps it from going live, and what workers will miss."""

    must: tuple[str, ...]
    better: tuple[str, ...]


def missing(country: CountryPack, *, at: datetime) -> Missing:
    """Say what a country needs besides its legal review before it can go live, and what else would be good."""
    must = []
    if not packs.has_file(country.pk):
        must.append(_("Nobody has described this country yet: it has no pack with its law, week and languages."))
    else:
        pack = packs.pack(country.pk)
        if pack.is_template:
            must.append(_("Its pack is a template: somebody has to make it a description of this country first."))
        elif not pack.live_ready:
            must.append(_("Its pack is not ready: the law of this country has not been looked into far enough."))
    if people.experts(country).count() < people.READY_EXPERTS:
        must.append(_("Fewer than two technical experts of the country have a vouched key."))
    if people.leads(country).count() < READY_LEADS:
        must.append(_("Fewer than two safeguarding leads of the country have a vouched key."))
    return Missing(tuple(must), tuple(_would_be_good(country, at)))


def _would_be_good(country: CountryPack, at: datetime) -> list[str]:
    better = []
    offered = {code for code, _name in settings.LANGUAGES}
    spoken = packs.pack(country.pk).languages or (country.language,)
    signed = set(LanguageReview.objects.values_list("language", flat=True))
    for code in spoken:
        name = language_name(code)
        if code not in offered:
            better.append(_("Workers cannot read the pages in %(language)s yet.") % {"language": name})
        elif code not in signed:
            better.append(_("No native speaker's review of %(language)s is signed.") % {"language": name})
    if not RosterSlot.objects.filter(country=country).exists():
        better.append(_("Nobody is on the roster: the pages cannot say when an outside helper reads."))
    lacking = providers.directory(country, at=at).missing
    if lacking:
        kinds = ", ".join(str(kind.label) for kind in lacking)
        better.append(_("No provider is open for referrals for: %(kinds)s. Workers read that.") % {"kinds": kinds})
    year = providers.local_day(country, at).year
    if not any(day.startswith(f"{year}-") for day in clock.reviewed_names(country.pk)):
        better.append(_("The public holidays of %(year)s were not compared with the official list.") % {"year": year})
    return better


def language_name(code: str) -> str:
    """Return a language's name in the reader's language, or its code where nobody knows it."""
    known = Locale.parse(get_language() or "en", sep="-").languages.get(code)
    return str(known or code)


@transaction.atomic
def sign_review(
    pack: CountryPack, *, by: str, on: date, note: str, at: datetime, is_fictional: bool = False
) -> CountryPack:
    """Record who reviewed a country's law, and let it go live, where nothing else is missing."""
    if is_fictional and not settings.SAMLENG_DEMO:
        raise NotReady(_("A fictional review is for the demo only."))
    pack = CountryPack.objects.select_for_update(no_key=True).get(pk=pack.pk)
    lacking = missing(pack, at=at).must
    if lacking:
        raise NotReady(*lacking)
    pack.legal_review_by, pack.legal_review_on, pack.legal_review_note = by, on, note
    pack.review_is_fictional = is_fictional
    pack.status = PackStatus.LIVE
    pack.save()
    return pack


@transaction.atomic
def close_country(pack: CountryPack) -> int:
    """Take a country back to draft, and with it the factory route of all its factories; return how many."""
    pack = CountryPack.objects.select_for_update(no_key=True).get(pk=pack.pk)
    closed = pack.factories.live().update(status=FactoryStatus.LISTED)
    pack.status = PackStatus.DRAFT
    pack.save(update_fields=["status"])
    return closed
