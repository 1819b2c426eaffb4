"""Live or listed: a factory offers the factory route only while its country and its people can carry it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from factories import people
from factories.models import CountryPack, Factory, FactoryStatus, PackStatus


class NotReady(Exception):
    """A factory or a country cannot go live; says why, in sentences for the person."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.message = " ".join(reasons)


@transaction.atomic
def make_live(factory: Factory) -> Factory:
    """Open the factory route: from now on workers of this factory may choose it."""
    country = CountryPack.objects.select_for_update(no_key=True).get(pk=factory.country_id)
    factory = Factory.objects.select_for_update(no_key=True).get(pk=factory.pk)
    factory.country = country
    ready = people.factory_ready(factory)
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


@transaction.atomic
def sign_review(pack: CountryPack, *, by: str, on: date, note: str, is_fictional: bool = False) -> CountryPack:
    """Record who reviewed a country's law, and let it go live."""
    if is_fictional and not settings.SAMLENG_DEMO:
        raise NotReady(_("A fictional review is for the demo only."))
    pack = CountryPack.objects.select_for_update(no_key=True).get(pk=pack.pk)
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
