"""A factory's own page, for everybody who has a role there."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from assessments import access, compliance, exporting
from assessments.selectors import mine as selector
from factories import clock, people, sheets
from factories.access import only_for
from factories.models import Factory


@require_safe
@only_for(people.is_factory_user)
def mine(request: StaffRequest) -> HttpResponse:
    """Go to one's factory; whoever works in several chooses."""
    found = list(Factory.objects.of_member(request.user).order_by("name_key", "id")[:50])
    if len(found) == 1:
        return redirect("assessments:mine_of", found[0].pk)
    return render(request, "assessments/mine_which.html", {"factories": found})


@require_safe
@only_for(people.is_factory_user)
def mine_of(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Show progress, both assessments side by side, the compliance view and what is agreed. As a file: the latter."""
    found = get_object_or_404(Factory.objects.select_related("country"), pk=pk)
    if not access.is_its_member(request.user, found):
        raise Http404
    at = clock.now()
    if kind := sheets.wanted(request):
        lines = selector.actions_of(found, clock.calendar_for(found).local_day(at))
        return sheets.answer(kind, "actions", exporting.actions(lines))
    shown = selector.page(found, at=at)
    context = {"factory": found, "page": shown, "not_shown_yet": compliance.NOT_SHOWN_YET_SAYS}
    return render(request, "assessments/mine.html", context)
