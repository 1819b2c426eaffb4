"""Vouching for keys, for technical experts."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import StaffRequest
from factories import clock, vouching
from factories.access import experts_only
from factories.views.pages import page_of


@experts_only
def pending(request: StaffRequest) -> HttpResponse:
    """Show the keys that wait, with the fingerprint to compare by voice."""
    page = page_of(vouching.keys_to_vouch(request.user), request)
    lines = vouching.board(request.user, clock.now(), list(page.object_list))
    may_vouch = vouching.may_vouch(request.user)
    return render(request, "factories/keys.html", {"page": page, "lines": lines, "may_vouch": may_vouch})


@require_POST
@experts_only
def vouch(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Accept a key whose fingerprint was compared by voice."""
    key = get_object_or_404(vouching.keys_to_vouch(request.user), pk=pk)
    if request.POST.get("compared") != "yes":
        messages.error(request, _("Compare the fingerprint by voice first, and say that you did."))
        return redirect("factories:keys")
    try:
        vouching.vouch(key, by=request.user, at=clock.now())
    except vouching.VouchRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("You have vouched for the key of %(name)s.") % {"name": key.person.name})
    return redirect("factories:keys")
