"""The safeguarding screen: assessors send it, safeguarding leads alone open it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.crypto import CryptoError
from accounts.requests import StaffRequest
from assessments import access, screen, tool
from assessments.access import Seat
from assessments.holding import VisitRefused
from assessments.models import AssessmentStage, PlaceReview
from assessments.views.desk import done, on_visit, posted, show
from assessments.visit_forms import LookedForm, ScreenForm
from factories import clock, people
from factories.access import only_for
from factories.views.pages import page_of

leads_only = only_for(access.reads_screens)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@on_visit
def send(request: StaffRequest, seat: Seat) -> HttpResponse:
    """Fill in the screen and seal it; the page can be opened again, but never what was ticked."""
    visit = seat.assessment
    now = visit.stage in (AssessmentStage.SCORING, AssessmentStage.COMPARING)
    if seat.assessor is None or visit.is_self or not now:
        raise Http404
    used = tool.of_assessment(visit)
    items = [(one.code, used.text(one.text)) for one in used.screen]
    form = ScreenForm(posted(request), items=items)
    sent = PlaceReview.objects.filter(assessment=visit).exists()
    if request.method == "POST" and form.is_valid() and not sent:
        met = form.cleaned_data["met"]
        if done(
            request,
            lambda: screen.send(visit, met, by=request.user, at=clock.now()),
            _("The screen is sealed and with the safeguarding leads. They look at it today."),
        ):
            return redirect("assessments:visit", pk=visit.pk)
    leads = people.leads(visit.factory.country)
    return show(request, "screen", seat, form=None if sent else form, sent=sent, leads=leads)


@require_safe
@leads_only
def screens(request: StaffRequest) -> HttpResponse:
    """List the screens of one's countries; the list says of none what is in it."""
    page = page_of(screen.reviews_of(request.user), request)
    if request.reader is not None:
        with suppress(CryptoError):  # A key that does not open is told on the page of the screen itself.
            screen.pass_on(page.object_list, request.reader)
    return render(request, "assessments/screens.html", {"page": page})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def look(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Open one screen with one's own key and say what is done about it."""
    found: PlaceReview = get_object_or_404(screen.reviews_of(request.user), pk=pk)
    shown: dict[str, Any] = {"review": found}
    if request.reader is None:
        shown["shut"] = _("Your key is not open. Sign out and in again; then this screen opens.")
        return render(request, "assessments/look.html", shown)
    try:
        opened = screen.open_screen(found, request.reader)
    except (VisitRefused, CryptoError) as refusal:
        shown["shut"] = getattr(refusal, "message", "") or _("This screen does not open with your key.")
        return render(request, "assessments/look.html", shown)
    form = LookedForm(posted(request), initial={"text": opened.answer})
    if request.method == "POST" and form.is_valid():
        try:
            screen.answer(found, form.cleaned_data["text"], reader=request.reader, at=clock.now())
        except VisitRefused as refusal:
            form.add_error("text", refusal.message)
        else:
            messages.success(request, _("Recorded, sealed for safeguarding leads."))
            return redirect("assessments:screens")
    used = tool.of_assessment(found.assessment)
    shown["items"] = [
        (one.code, used.text(one.text), one.code in opened.met, one.maps_to.replace("_", " ")) for one in used.screen
    ]
    return render(request, "assessments/look.html", shown | {"opened": opened, "form": form})
