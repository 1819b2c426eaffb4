"""What the pages of a visit share: who is there, acting with the refusal said on the next page, rendering."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from accounts.requests import StaffRequest
from assessments import access, tool
from assessments.access import Seat
from assessments.holding import VisitRefused
from factories.access import only_for

View = Callable[..., HttpResponseBase]
assessors_only = only_for(access.assesses)
with_assessments = only_for(access.has_assessments)


def on_visit(view: View) -> View:
    """Give the view this person's seat on the assessment in the address; to strangers it does not exist."""

    @wraps(view)
    def seated(request: StaffRequest, pk: UUID, **kwargs: Any) -> HttpResponseBase:
        seat = access.seat(request.user, pk)
        try:
            return view(request, seat, **kwargs)
        except VisitRefused as refusal:
            # A page that was open on another screen meanwhile: say where the visit stands, on the page that shows it.
            messages.error(request, refusal.message)
            return redirect("assessments:visit", pk=pk)

    return with_assessments(seated)


def posted(request: StaffRequest) -> Any:
    """Return what was posted, also where that is nothing; None where the page is only shown."""
    return request.POST if request.method == "POST" else None


def done(request: StaffRequest, act: Callable[[], Any], said: str = "") -> bool:
    """Do it and say so; where it is refused, say why."""
    try:
        act()
    except VisitRefused as refusal:
        messages.error(request, refusal.message)
        return False
    if said:
        messages.success(request, said)
    return True


def show(request: StaffRequest, template: str, seat: Seat, *, status: int = 200, **shown: Any) -> HttpResponse:
    """Render a page of one assessment."""
    visit = seat.assessment
    shown |= {"visit": visit, "seat": seat, "tool": tool.of_assessment(visit)}
    return render(request, f"assessments/{template}.html", shown, status=status)
