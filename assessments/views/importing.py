"""Bringing in old assessments, for administrators."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import StaffRequest
from assessments import importing
from factories import clock
from factories.access import administrators_only


class ListForm(forms.Form):
    list = forms.FileField(label=_("List in CSV"))


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def old_assessments(request: StaffRequest) -> HttpResponse:
    """Take a list; bring in what is whole, and hand back the rest with what is wrong in each line."""
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    shown: dict[str, object] = {"form": form, "columns": importing.COLUMNS, "administers": True}
    if request.method == "POST" and form.is_valid():
        try:
            lines = importing.read(form.cleaned_data["list"].read(importing.MAX_BYTES + 1))
        except importing.ListRefused as refusal:
            form.add_error("list", refusal.message)
        else:
            done = importing.carry_out(lines, by=request.user, at=clock.now())
            shown["done"] = done
            count = len(done.made)
            if count:
                words = ngettext(
                    "%(count)d assessment was brought in.", "%(count)d assessments were brought in.", count
                )
                messages.success(request, words % {"count": count})
    return render(request, "assessments/old.html", shown)
