"""Filters of the administrator's lists; they live in the URL."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import KeyState, Person
from factories import selectors
from factories.models import (
    OPEN_STATES,
    CountryPack,
    Factory,
    FactoryRole,
    FactoryStatus,
    OutsideRole,
    ProviderState,
    ServiceKind,
    ServiceProvider,
)


class PeopleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name or e-mail address"), method="search")
    role = django_filters.ChoiceFilter(
        label=_("Role"), choices=[*FactoryRole.choices, *OutsideRole.choices], method="by_role", empty_label=_("Any")
    )
    key = django_filters.ChoiceFilter(
        label=_("Key"), choices=[*KeyState.choices[:2], ("none", _("none"))], method="by_key", empty_label=_("Any")
    )
    active = django_filters.ChoiceFilter(
        label=_("Account"),
        choices=[("1", _("open")), ("0", _("closed"))],
        method="by_account",
        empty_label=_("Any"),
    )

    class Meta:
        model = Person
        fields: tuple[str, ...] = ()

    def search(self, persons: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return persons.filter(Q(name__icontains=value) | Q(email__icontains=value))

    def by_role(self, persons: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return selectors.with_role(persons, value)

    def by_key(self, persons: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return persons.filter(Q(("key_state", "" if value == "none" else value)))

    def by_account(self, persons: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        return persons.filter(is_active=value == "1")


class FactoryFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name or short code"), method="search")
    country = django_filters.ModelChoiceFilter(
        label=_("Country"), queryset=CountryPack.objects.all(), empty_label=_("Any")
    )
    status = django_filters.ChoiceFilter(label=_("Status"), choices=FactoryStatus.choices, empty_label=_("Any"))

    class Meta:
        model = Factory
        fields = ("q", "country", "status")

    def search(self, factories: Any, name: str, value: str) -> Any:
        return factories.search(value)


class ProviderFilter(django_filters.FilterSet):
    """Of the providers of somebody's countries; those off the list only where asked for."""

    q = django_filters.CharFilter(label=_("Name or place"), method="search")
    country = django_filters.ModelChoiceFilter(
        label=_("Country"), queryset=CountryPack.objects.none(), empty_label=_("Any")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=ServiceKind.choices, method="by_kind", empty_label=_("Any")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[("can", _("People may be sent there")), *ProviderState.choices],
        method="by_state", empty_label=_("All on the list"),
    )  # fmt: skip

    class Meta:
        model = ServiceProvider
        fields = ("q", "country", "kind", "state")

    def __init__(self, *args: Any, countries: QuerySet[CountryPack], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["country"].queryset = countries

    def filter_queryset(self, queryset: Any) -> Any:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.exclude(state=ProviderState.RETIRED)

    def search(self, found: Any, name: str, value: str) -> Any:
        return found.filter(Q(name__icontains=value) | Q(place__icontains=value))

    def by_kind(self, found: Any, name: str, value: str) -> Any:
        return found.doing([value])

    def by_state(self, found: Any, name: str, value: str) -> Any:
        return found.filter(state__in=OPEN_STATES if value == "can" else [value])
