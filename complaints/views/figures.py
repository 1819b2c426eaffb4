"""Figures: how complaints are handled, never how many there are. Each reader's own; to others they do not exist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from complaints import statistics
from complaints.selectors import figures
from complaints.statistics import Audience, Quarter, Scope
from factories import clock, sheets
from factories.models import CountryPack, Factory
from factories.views.pages import page_of as paged


@require_safe
def overview(request: StaffRequest) -> HttpResponseBase:
    """List whose figures this person may read."""
    person = request.user
    page = paged(figures.factories_for(person), request)
    shown = {
        "page": page,
        "outside": figures.countries_outside(person),
        "head": figures.heads(person),
        "countries": figures.countries_of_programme(person),
        "safeguarding": figures.reads_safeguarding(person),
    }
    if not any((page.paginator.count, shown["outside"], shown["head"], shown["safeguarding"])):
        raise Http404
    return render(request, "complaints/casework/figures.html", shown)


@require_safe
def factory(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Show a factory's figures to its own people, its advisor and the experts of its country."""
    found = get_object_or_404(Factory.objects.select_related("country"), pk=pk)
    audience = figures.audience_of(request.user, found)
    if audience is None:
        raise Http404
    return _page(request, found.name, (audience, Scope.of_factory(found.pk)))


@require_safe
def outside(request: StaffRequest, code: str) -> HttpResponseBase:
    """Show the experts of a country how cases handled outside go."""
    country = _one_of(figures.countries_outside(request.user), code)
    title = _("Cases handled outside, %(country)s") % {"country": country}
    scopes = [Scope.of_experts(country.pk), Scope.of_country(country.pk)]
    return _page(request, title, *((Audience.EXPERT, scope) for scope in scopes))


@require_safe
def programme(request: StaffRequest) -> HttpResponseBase:
    """Show the heads of the two organisations the programme as a whole."""
    if not figures.heads(request.user):
        raise Http404
    return _page(request, _("The programme"), (Audience.PROGRAMME, statistics.PROGRAMME), by_country=True)


@require_safe
def country(request: StaffRequest, code: str) -> HttpResponseBase:
    """Show the heads one country: shares only, so that nothing is found by subtracting it from the whole."""
    found = _one_of(figures.countries_of_programme(request.user), code)
    return _page(request, str(found), (Audience.PROGRAMME, Scope.of_country(found.pk)))


@require_safe
def safeguarding(request: StaffRequest) -> HttpResponseBase:
    """Show safeguarding leads and the heads how people in danger are reached and followed up."""
    if not figures.reads_safeguarding(request.user):
        raise Http404
    return _page(request, _("Safeguarding"), (Audience.SAFEGUARDING, statistics.SAFEGUARDING))


def _one_of(countries: Sequence[CountryPack], code: str) -> CountryPack:
    for one in countries:
        if one.pk == code:
            return one
    raise Http404


def _page(
    request: StaffRequest, title: str, *scopes: tuple[Audience, Scope], by_country: bool = False
) -> HttpResponseBase:
    shown = figures.page_of(request.GET.get("quarter", ""), *scopes)
    if shown is None:
        raise Http404
    context: dict[str, Any] = {"title": title, "page": shown}
    if not shown.choices:
        context["first_on"] = figures.next_day(clock.now().date())
    elif by_country and not shown.shut:
        chosen: Quarter = next(one.quarter for one in shown.choices if one.here)
        context["by_country"] = figures.received_by_country(chosen)
    kind = sheets.wanted(request)
    if kind and shown.choices:
        return sheets.answer(kind, "figures", figures.sheet_of(shown, context.get("by_country", ())))
    return render(request, "complaints/casework/figures_of.html", context)
