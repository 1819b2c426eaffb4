"""The programme as a whole, for the heads of the organisations: suppressed totals, workers reached, dates kept."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from assessments.selectors import programme as selector
from factories import clock, people
from factories.access import only_for
from factories.models import OutsideRole, PackStatus


@require_safe
@only_for(people.is_programme_lead)
def programme(request: StaffRequest) -> HttpResponse:
    """Show the newest frozen figures of the programme or of one country, and how they were in earlier quarters."""
    countries = list(people.countries_of(request.user, OutsideRole.PROGRAMME_LEAD).filter(status=PackStatus.LIVE))
    asked = request.GET.get("country", "").upper()[:2]
    country = next((one for one in countries if one.pk == asked), None)
    if asked and country is None:
        raise Http404
    shown = selector.page(country, asked_quarter=request.GET.get("quarter", "")[:6], at=clock.now())
    if shown is None:
        raise Http404
    return render(request, "assessments/programme.html", {"page": shown, "countries": countries, "country": country})
