"""The tab "Closing" of a case, and the experts' list of what is kept longer than its time."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from complaints.access import OnCase
from complaints.casecodes import Role
from complaints.selectors import closing as ends
from complaints.selectors import retention
from complaints.stepforms import FORMS
from complaints.views.desk import frame, on_a_case
from complaints.views.outside import page_number
from factories import clock
from factories.access import experts_only

NOT_THEIRS = (Role.DECISION_MAKER, Role.APPEAL_REVIEWER)


@require_safe
@on_a_case
def closing(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Show the nine criteria, who ticked and confirmed each, what is missing and where it is done."""
    if on.assignment.role in NOT_THEIRS:
        raise Http404
    page = ends.closing_page(on.case, on.actor, at=at)
    return render(
        request, "complaints/casework/closing.html", frame(request, on, at, "closing", page=page, forms=FORMS)
    )


@require_safe
@experts_only
def legal_holds(request: StaffRequest) -> HttpResponse:
    """List the legal holds on cases this expert is on: why, until when, and what her deletion waits for."""
    at = clock.now()
    number = page_number(request)
    page = retention.holds_for(request.user, at=at, page=number)
    context = {"page": page, "number": number, "pager": {"has_more": page.has_next()}}
    return render(request, "complaints/casework/legal_holds.html", context)
