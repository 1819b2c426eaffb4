from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.requests import StaffRequest
from factories import clock, selectors
from factories.access import administrators_only
from factories.forms import OrganisationForm
from factories.models import Organisation


@administrators_only
def dashboard(request: StaffRequest) -> HttpResponse:
    """Show what an administrator looks after."""
    return render(request, "factories/dashboard.html", {"figures": selectors.dashboard(clock.now())})


@administrators_only
def organisations(request: StaffRequest) -> HttpResponse:
    """List the organisations outside the factories, and add one."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The organisation was added."))
        return redirect("factories:organisations")
    return render(request, "factories/organisations.html", {"organisations": Organisation.objects.all(), "form": form})
