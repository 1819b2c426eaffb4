"""Importing factories: a file, a look at what it would do, and then all of it or none."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.requests import StaffRequest
from factories import importing
from factories.access import administrators_only
from factories.forms import ListForm

KEPT_FOR = 30 * 60  # seconds between the dry run and the import.
SHOWN_NEW = 200


@administrators_only
def upload(request: StaffRequest) -> HttpResponse:
    """Take a list and show what an import would do. Nothing is stored but for the look itself."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if upload.size > importing.MAX_BYTES:
                raise importing.ListRefused(_("The file is larger than 5 MB. Cut it into parts."))
            plan = importing.plan(upload.read())
        except importing.ListRefused as refusal:
            form.add_error("file", refusal.message)
        else:
            key = uuid4().hex
            cache.set(_name(request, key), plan.as_data(), KEPT_FOR)
            return redirect("factories:list", key=key)
    return render(request, "factories/list_upload.html", {"form": form})


@administrators_only
def look(request: StaffRequest, key: str) -> HttpResponse:
    """Show the dry run row by row; on its button, import all of it or none."""
    data = cache.get(_name(request, key))
    if data is None:
        messages.error(request, _("This look at a list is over. Choose the file again."))
        return redirect("factories:list_upload")
    plan = importing.Plan.from_data(data)
    kept = {int(number) for number in request.POST.getlist("keep") if number.isdigit()}
    if request.method == "POST":
        try:
            done = importing.carry_out(plan, keep=kept)
        except importing.ListRefused as refusal:
            messages.error(request, refusal.message)
            cache.set(_name(request, key), plan.as_data(), KEPT_FOR)
        else:
            cache.delete(_name(request, key))
            messages.success(request, _done(done))
            return redirect("factories:factories")
    return render(
        request,
        "factories/list_look.html",
        {"plan": plan, "kept": kept, "shown_new": plan.new[:SHOWN_NEW], "more_new": len(plan.new) > SHOWN_NEW},
    )


def _name(request: StaffRequest, key: str) -> str:
    """A look belongs to whoever took it."""
    return f"factory-list:{request.user.pk}:{key}"


def _done(done: importing.Imported) -> str:
    added = ngettext("%(count)d factory was added.", "%(count)d factories were added.", done.added)
    out = ngettext("%(count)d row was left out.", "%(count)d rows were left out.", done.left_out)
    return f"{added % {'count': done.added}} {out % {'count': done.left_out}}"
