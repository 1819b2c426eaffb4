"""Who can still open what: the administrator's view of cases with too few holders, and of somebody leaving."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Person
from accounts.requests import StaffRequest
from complaints import workflow
from complaints.selectors import holders as holding
from factories import clock, people
from factories.access import administrators_only
from factories.leaving import end_roles
from factories.roles import RoleRefused


@require_safe
@administrators_only
def holders(request: StaffRequest) -> HttpResponse:
    """List cases that fewer than two people can open. Reference and stage, no more."""
    return render(request, "complaints/casework/holders.html", {"thin": holding.thin_cases()})


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def leaver(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show which cases would have too few holders without this person; then end their roles and all their grants."""
    person = get_object_or_404(Person, pk=pk, left_on=None)
    if request.method == "POST":
        if request.POST.get("sure") != "yes":
            messages.error(request, _("Tick that you have read what follows from it."))
            return redirect("casework:leaver", pk=pk)
        at = clock.now()
        try:
            with transaction.atomic():
                end_roles(person, at)
                workflow.remove_leaver(person, by=request.user, at=at)
        except RoleRefused as refusal:
            messages.error(request, str(refusal.message))
            return redirect("casework:leaver", pk=pk)
        messages.success(request, _("The account is closed, and with it all access to cases."))
        return redirect("casework:holders")
    roles = people.current_roles_text([person.pk]).get(person.pk, [])
    context = {"person": person, "roles": roles, "thin": holding.thin_cases(without=person)}
    return render(request, "complaints/casework/leaver.html", context)
