"""Filters with names for countries, factories and the people who act for them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from factories.names import name_key, typed_short_code

if TYPE_CHECKING:
    from accounts.models import Person


class CountryPackQuerySet(models.QuerySet[Any]):
    def live(self) -> Self:
        return self.filter(status="live")


class FactoryQuerySet(models.QuerySet[Any]):
    def live(self) -> Self:
        """Keep the factories that offer the factory route."""
        return self.filter(status="live")

    def in_portfolio_of(self, person: Person) -> Self:
        """Keep the factories this person advises."""
        return self.filter(advisor=person)

    def of_member(self, person: Person) -> Self:
        """Keep the factories in which this person has a role now."""
        return self.filter(memberships__person=person, memberships__until=None).distinct()

    def search(self, words: str) -> Self:
        """Keep the factories with this short code or with these words in their name, in any order."""
        found = Q()
        for word in name_key(words).split():
            found &= Q(name_key__contains=word)
        code = typed_short_code(words)
        if code:
            found |= Q(short_code=code)
        return self.filter(found) if words.strip() else self

    def matching(self, typed: str, country_code: str) -> Self:
        """Keep the factories a worker can only have meant: by short code, or by the whole name."""
        code, key = typed_short_code(typed), name_key(typed)
        found = Q(name_key=key)
        if code:
            found |= Q(short_code=code)
        return self.filter(found, country_id=country_code) if typed.strip() else self.none()


class RoleQuerySet(models.QuerySet[Any]):
    """Memberships and positions: both begin on a day and are current until they are ended."""

    def current(self) -> Self:
        return self.filter(until=None)


class ServiceProviderQuerySet(models.QuerySet[Any]):
    def vetted(self, at: datetime) -> Self:
        """Keep the services somebody has vetted and whose next check is not overdue."""
        return self.filter(vetted_on__lte=at.date(), next_check_on__gte=at.date())


class InvitationQuerySet(models.QuerySet[Any]):
    def open(self, at: datetime) -> Self:
        """Keep the invitations that can still be accepted."""
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=at)
