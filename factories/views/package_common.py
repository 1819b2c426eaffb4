"""What the views of the package share: who may open them, and how a form or a button acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.requests import StaffRequest
from factories import clock
from factories.access import only_for
from factories.models import Factory
from factories.package import access
from factories.package.refusal import PackageRefused

readers_only = only_for(access.reads_any)


def one_factory(request: StaffRequest, pk: UUID) -> Factory:
    """Return a factory whose package this person reads; for others it does not exist."""
    return get_object_or_404(access.read_by(request.user).select_related("country", "advisor"), pk=pk)


def led_factory(request: StaffRequest, pk: UUID) -> Factory:
    """Return a factory whose package this person leads; whoever only reads it may not act."""
    found = one_factory(request, pk)
    if not access.leads(request.user, found):
        raise PermissionDenied
    return found


def accepted(request: StaffRequest, form: Any, act: Callable[[dict[str, Any], datetime], object], said: str) -> bool:
    """Do what a valid form asks and say so; where it is refused, the form says why and keeps what was typed."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data, clock.now())
    except PackageRefused as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, said)
    return True


def done(request: StaffRequest, act: Callable[[datetime], object], said: str) -> None:
    """Do what a button asks; where it is refused, say why on the next page."""
    try:
        act(clock.now())
    except PackageRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)


def show(request: StaffRequest, template: str, factory: Factory | None, shown: dict[str, Any]) -> HttpResponse:
    if factory is not None:
        shown |= {"factory": factory, "leads": access.leads(request.user, factory)}
    return render(request, f"package/{template}.html", shown)


def of_factory(factory: Factory) -> HttpResponse:
    return redirect("package:factory", pk=factory.pk)
