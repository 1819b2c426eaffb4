"""The late steps of an advisor's factories, as a working list. No case opens from here."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from complaints.selectors import overdue
from complaints.views.outside import page_number
from factories import clock, people
from factories.access import only_for

advisors_only = only_for(people.is_advisor)


@require_safe
@advisors_only
def late_steps(request: StaffRequest) -> HttpResponse:
    """List the late steps of one's factories: reference, stage, days overdue."""
    number = page_number(request)
    page = overdue.late_in_portfolio(request.user, at=clock.now(), page=number)
    return render(request, "complaints/casework/late_steps.html", {"page": page, "number": number})
