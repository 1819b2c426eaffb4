"""Filters with names for countries, factories and the people who act for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

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
    def with_state(self, on: date) -> Self:
        """Say of each provider how it stands on this day (`state`), and when it is checked again (`check_on`).

        The rule of section 12 stands here, once: the latest vetting counts, and only with twelve times yes; a check
        whose day is over is no check; and while somebody has still to decide, nobody is sent there. It is read from
        the rows of the day, so that no job that runs late keeps a provider open.
        """
        from factories.models.providers import (
            CHECK_SOON,
            ProviderState,
            ProviderSuspension,
            ProviderVetting,
            VettingAnswer,
            VettingCode,
        )

        latest = ProviderVetting.objects.filter(provider=OuterRef("pk")).order_by("-number")
        said_yes = (
            VettingAnswer.objects.filter(vetting=OuterRef("latest_vetting"), yes=True)
            .order_by()
            .values("vetting")
            .annotate(count=Count("pk"))
            .values("count")
        )
        suspended = ProviderSuspension.objects.filter(provider=OuterRef("pk"), ended_on=None)
        known = self.alias(latest_vetting=Subquery(latest.values("pk")[:1])).alias(
            yeses=Coalesce(Subquery(said_yes), Value(0)), is_suspended=Exists(suspended)
        )
        return known.annotate(
            checked_on=Subquery(latest.values("checked_on")[:1]),
            check_on=Subquery(latest.values("next_check_on")[:1]),
        ).annotate(
            state=Case(
                When(retired_on__isnull=False, then=Value(ProviderState.RETIRED.value)),
                When(is_suspended=True, then=Value(ProviderState.SUSPENDED.value)),
                When(check_on=None, then=Value(ProviderState.NEVER.value)),
                When(~Q(yeses=len(VettingCode)), then=Value(ProviderState.BLOCKED.value)),
                When(check_on__lt=on, then=Value(ProviderState.OVERDUE.value)),
                When(check_on__lte=on + CHECK_SOON, then=Value(ProviderState.SOON.value)),
                default=Value(ProviderState.OPEN.value),
                output_field=models.CharField(),
            )
        )

    def referable(self, on: date) -> Self:
        """Keep the providers to whom people may be sent on this day, and whom a worker may be shown."""
        from factories.models.providers import OPEN_STATES

        return self.with_state(on).filter(state__in=OPEN_STATES)

    def doing(self, kinds: Iterable[str]) -> Self:
        """Keep the providers that do at least one of these things."""
        return self.filter(kinds__overlap=list(kinds))


class InvitationQuerySet(models.QuerySet[Any]):
    def open(self, at: datetime) -> Self:
        """Keep the invitations that can still be accepted."""
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=at)
