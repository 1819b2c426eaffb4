"""The advisor's pages: their factories, who acts for each, and the late steps. No case opens from here."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from complaints.selectors import overdue
from complaints.views.outside import page_number
from factories import clock, people
from factories.access import only_for
from factories.models import Factory
from factories.views.pages import page_of

advisors_only = only_for(people.is_advisor)


@require_safe
@advisors_only
def portfolio(request: StaffRequest) -> HttpResponse:
    """List one's factories with who acts for each, and the first late steps."""
    at = clock.now()
    mine = Factory.objects.in_portfolio_of(request.user).select_related("country").order_by("name_key", "id")
    page = page_of(mine, request)
    return render(
        request,
        "complaints/casework/portfolio.html",
        {
            "page": page,
            "lines": overdue.portfolio_lines(list(page.object_list), at=at),
            "late": overdue.late_in_portfolio(request.user, at=at).steps[:5],
        },
    )


@require_safe
@advisors_only
def late_steps(request: StaffRequest) -> HttpResponse:
    """List the late steps of one's factories: reference, stage, days overdue."""
    number = page_number(request)
    page = overdue.late_in_portfolio(request.user, at=clock.now(), page=number)
    return render(request, "complaints/casework/late_steps.html", {"page": page, "number": number})
