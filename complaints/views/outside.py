"""Pages of the outside team that are about no single case: surges, and what is overdue."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import StaffRequest
from complaints import workflow
from complaints.models import Burst
from complaints.selectors import home, overdue
from factories import clock, people
from factories.access import experts_only, only_for


@require_safe
@experts_only
def bursts(request: StaffRequest) -> HttpResponse:
    """List the surges of filings of one's countries, set aside or not."""
    found = home.bursts_for(request.user, at=clock.now())
    counts = home.cases_in(found)
    lines = [
        {
            "burst": burst,
            "cases": counts.get(burst.pk, 0),
            "is_aside": burst.set_aside_at is not None and burst.taken_back_at is None,
        }
        for burst in found
    ]
    return render(request, "complaints/casework/bursts.html", {"lines": lines})


@require_POST
@experts_only
def burst_act(request: StaffRequest, pk: UUID, act: str) -> HttpResponse:
    """Set a whole surge aside, or take it back."""
    acts = {"set-aside": workflow.set_aside, "take-back": workflow.take_back}
    if act not in acts:
        raise Http404
    burst = get_object_or_404(Burst, pk=pk, country__in=people.countries_of(request.user))
    try:
        acts[act](burst, by=request.user, at=clock.now())
    except workflow.StepRefused as refusal:
        messages.error(request, str(refusal.message))
    else:
        aside = _("The surge is set aside. Its clocks stand still, and each complainant reads that it waits.")
        messages.success(request, aside if act == "set-aside" else _("The surge was taken back. Its clocks go on."))
    return redirect("casework:bursts")


@require_safe
@only_for(people.is_programme_lead)
def late(request: StaffRequest) -> HttpResponse:
    """List late steps for the head of an organisation."""
    number = page_number(request)
    page = overdue.late_for_programme(request.user, at=clock.now(), page=number)
    return render(request, "complaints/casework/overdue.html", {"page": page, "number": number})


def page_number(request: StaffRequest) -> int:
    """Return the page that the URL asks for, or the first."""
    text = request.GET.get("page", "1")
    return min(max(int(text), 1), 10_000) if text.isdigit() and len(text) < 6 else 1
