"""The tool and its versions: whoever assesses or leads reads them, administrators add and withdraw them."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import StaffRequest
from assessments import access, tool, tool_changes
from assessments.models import ToolVersion
from assessments.tool_forms import VersionForm
from assessments.views.calibration import calibrates
from factories import clock, people
from factories.access import administrators_only, only_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import Person


def reads(person: Person | AnonymousUser) -> bool:
    """Say whether this person reads the tool: who assesses, who leads, who administers. Not the factory."""
    return (
        access.assesses(person) or people.is_admin(person) or people.is_programme_lead(person) or people.is_lead(person)
    )


readers_only = only_for(reads)


@readers_only
def tool_list(request: StaffRequest) -> HttpResponse:
    """List every version, the newest first, and say which one a visit begins with today."""
    today = clock.now().date()
    current = _current(today)
    rows = ToolVersion.objects.defer("content").select_related("added_by")
    shown = {"versions": rows, "current": current, "today": today, "calibrates": calibrates(request.user)}
    return _show(request, "tool_list", shown)


@readers_only
def tool_version(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show one version whole, and what is different from the one before it."""
    version = get_object_or_404(ToolVersion.objects.select_related("added_by"), pk=pk)
    before = _before(version)
    used = tool.of(version)
    today = clock.now().date()
    shown = {
        "version": version,
        "used": used,
        "domains": [(domain, used.of_domain(domain.code)) for domain in used.domains],
        "before": before,
        "changes": tool_changes.between(tool.of(before), used) if before else [],
        "current_version": _current(today),
        "today": today,
    }
    return _show(request, "tool_version", shown)


@readers_only
def tool_file(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Give the file of a version, to be read elsewhere or changed into a new one."""
    version = get_object_or_404(ToolVersion, pk=pk)
    body = json.dumps(version.content, ensure_ascii=False, indent=1) + "\n"
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="tool_{version.version}.json"'
    return response


@administrators_only
def tool_new(request: StaffRequest) -> HttpResponse:
    """Add a version from a file; every fault of the file is told at once."""
    now = clock.now()
    faults: tuple[str, ...] = ()
    form = VersionForm(request.POST or None, request.FILES or None, initial={"in_force_on": now.date()})
    if request.method == "POST" and form.is_valid():
        held = form.cleaned_data
        try:
            made = tool.add(
                held["file"],
                change_note=held["change_note"],
                in_force_on=held["in_force_on"],
                by=request.user,
                at=now,
            )
        except tool.ToolRefused as refusal:
            form.add_error(None, refusal.message)
            faults = refusal.faults
        else:
            messages.success(request, _("Version %(version)s was added.") % {"version": made.version})
            return redirect("assessments:tool_version", pk=made.pk)
    return _show(request, "tool_new", {"form": form, "faults": faults, "current": _current(now.date())})


@require_POST
@administrators_only
def tool_withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Let no visit begin with this version from today on."""
    version = get_object_or_404(ToolVersion.objects.defer("content"), pk=pk)
    try:
        tool.withdraw(version, on=clock.now().date())
    except tool.ToolRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("No visit begins with this version any more. Visits that have begun go on."))
    return redirect("assessments:tool_version", pk=pk)


def _current(today: date) -> ToolVersion | None:
    try:
        return tool.current(today)
    except tool.ToolRefused:
        return None


def _before(version: ToolVersion) -> ToolVersion | None:
    """Return the version that this one follows: the next older by its first day, then by when it was added."""
    rows = list(ToolVersion.objects.defer("content"))
    place = rows.index(version)
    return rows[place + 1] if place + 1 < len(rows) else None


def _show(request: StaffRequest, template: str, shown: dict[str, Any]) -> HttpResponse:
    shown["administers"] = people.is_admin(request.user)
    return render(request, f"assessments/{template}.html", shown)
