"""The steps of a case: each a small page with one form. What was typed stays when a step is refused."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.crypto import CryptoError
from accounts.requests import StaffRequest
from complaints import presses
from complaints.access import OnCase
from complaints.models import Case
from complaints.stepforms import FORMS, StepForm
from complaints.views.casework import desk_of
from complaints.views.desk import frame, on_a_case
from complaints.workflow import STEPS, StepRefused


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@on_a_case
def step(request: StaffRequest, on: OnCase, at: datetime, step: str) -> HttpResponse:
    """Show the form of one step, or take it."""
    form_class = FORMS.get(step.replace("-", "_"))
    if form_class is None:
        raise Http404
    if on.assignment.role not in STEPS[form_class.step].by:
        raise PermissionDenied
    # A search on the way to a step is posted too, so that no address tells what was looked for.
    searching = request.method == "POST" and "search" in request.POST
    if request.method != "POST" or searching:
        refusal = _refusal(on, form_class, at)
        data = request.POST if searching else None
        form = form_class(data, desk=desk_of(request, on))
        if searching:
            form.errors.clear()
        return _page(request, on, at, form, refusal=refusal)
    form = form_class(request.POST, desk=desk_of(request, on))
    if not form.is_valid():
        return _page(request, on, at, form, status=422)
    try:
        with presses.pressed(on.case.pk, request.user.pk, form.cleaned_data["once"]) as first:
            if first:
                form.take(at)
    except StepRefused as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, on, at, form, status=409)
    except CryptoError:
        form.add_error(None, _("Your key does not open what this step has to share. Ask a technical expert."))
        return _page(request, on, at, form, status=409)
    if not first:
        messages.info(request, _("You pressed twice. It was saved once."))
        return _after(request, on, form, at)
    messages.success(request, str(form.done))
    return _after(request, on, form, at)


def _page(
    request: StaffRequest, on: OnCase, at: datetime, form: StepForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    return render(
        request,
        "complaints/casework/step.html",
        frame(request, on, at, "step", form=form, refusal=refusal, step=form.step.replace("_", "-")),
        status=status,
    )


def _refusal(on: OnCase, form_class: type[StepForm], at: datetime) -> str:
    """Say beforehand why the step cannot be taken now, so that nobody types for nothing."""
    try:
        STEPS[form_class.step].check(on.case, on.actor, at=at)
    except StepRefused as refusal:
        return str(refusal.message)
    return ""


def _after(request: StaffRequest, on: OnCase, form: StepForm, at: datetime) -> HttpResponse:
    """Go back to the case; to the list where the step has ended this person's place on it."""
    if not Case.objects.visible_to(request.user, at=at).filter(pk=on.case.pk).exists():
        return redirect("casework:caseload")
    if form.then:
        return redirect("casework:step", on.case.reference, form.then.replace("_", "-"))
    return redirect(form.to_tab, on.case.reference)
