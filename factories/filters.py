"""Filters of the administrator's lists; they live in the URL."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import KeyState, Person
from factories import selectors
from factories.models import CountryPack, Factory, FactoryRole, FactoryStatus, OutsideRole


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
