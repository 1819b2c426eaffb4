"""Events of the industry with what was taken on there, and the library of practices that factories share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import StaffRequest
from factories import clock
from factories import package_forms as shapes
from factories.access import only_for
from factories.models import EventCommitment, IndustryEvent, SharedPractice
from factories.package import access, events, practices
from factories.views.package_common import accepted, done, led_factory, readers_only, show
from factories.views.pages import page_of

keepers_only = only_for(events.keeps)


@require_safe
@keepers_only
def event_list(request: StaffRequest) -> HttpResponse:
    """List the events, the latest first."""
    rows = IndustryEvent.objects.select_related("country").prefetch_related("commitments")
    return show(request, "events", None, {"page": page_of(rows, request)})


@keepers_only
def event_new(request: StaffRequest) -> HttpResponse:
    """Record an event, or plan one."""
    form = shapes.EventForm(request.POST or None)
    made: list[IndustryEvent] = []

    def act(typed: dict[str, Any], at: Any) -> None:
        given = {name: value for name, value in typed.items() if not name.startswith("n_")}
        made.append(events.record(**given, participants=form.participants(), by=request.user, at=at))

    if request.method == "POST" and accepted(request, form, act, _("The event is recorded.")):
        return redirect("package:event", event=made[0].pk)
    return show(request, "event_new", None, {"form": form})


@keepers_only
def event(request: StaffRequest, event: UUID) -> HttpResponse:
    """Show one event with its commitments, and add one."""
    found = get_object_or_404(IndustryEvent.objects.select_related("country", "recorded_by"), pk=event)
    form = shapes.CommitmentForm(request.POST or None, factories=access.read_by(request.user))
    if request.method == "POST" and accepted(
        request,
        form,
        lambda typed, at: events.commit(found, **typed, by=request.user, at=at),
        _("The commitment is recorded."),
    ):
        return redirect("package:event", event=event)
    mine = set(access.read_by(request.user).filter(commitments__event=found).values_list("pk", flat=True))
    taken_on = found.commitments.select_related("factory")
    came = [(events.PARTICIPANTS[kind], number) for kind, number in found.participants.items()]
    shown = {
        "event": found,
        "came": came,
        "commitments": [(one, not one.factory_id or one.factory_id in mine) for one in taken_on],
        "introductions": found.introductions.count(),
        "today": events.day_of(found, clock.now()),
        "form": form,
    }
    return show(request, "event", None, shown)


@require_POST
@keepers_only
def commitment_done(request: StaffRequest, commitment: UUID) -> HttpResponse:
    """Note that a commitment was kept today."""
    found = get_object_or_404(EventCommitment.objects.select_related("event__country"), pk=commitment)
    on = events.day_of(found.event, clock.now())
    done(request, lambda at: events.commitment_done(found, on=on, by=request.user, at=at), _("It is recorded as done."))
    return redirect("package:event", event=found.event_id)


@require_POST
@keepers_only
def event_followed(request: StaffRequest, event: UUID) -> HttpResponse:
    """Note that somebody asked what became of everything."""
    found = get_object_or_404(IndustryEvent, pk=event)
    on = events.day_of(found, clock.now())
    done(request, lambda at: events.follow_up(found, on=on, by=request.user, at=at), _("The follow-up is recorded."))
    return redirect("package:event", event=event)


@require_safe
@readers_only
def practice_list(request: StaffRequest) -> HttpResponse:
    """Show what factories agreed to share; whose it is only where the factory agreed to be named."""
    found = practices.library()
    code = request.GET.get("indicator", "").strip().upper()[:6]
    if code:
        found = found.filter(indicators__contains=[code])
    mine = set(access.led_by(request.user).values_list("pk", flat=True)) if access.leads_any(request.user) else set()
    return show(request, "practices", None, {"page": page_of(found, request), "mine": mine, "code": code})


@readers_only
def practice_new(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Share what worked in a factory, with its written yes."""
    found = led_factory(request, pk)
    form = shapes.PracticeForm(request.POST or None)

    def act(typed: dict[str, Any], at: Any) -> object:
        codes = typed.pop("indicators").replace(",", " ").split()
        return practices.share(found, **typed, indicators=codes, by=request.user, at=at)

    if request.method == "POST" and accepted(request, form, act, _("It is in the library.")):
        return redirect("package:practices")
    about = _("What worked and what did not, for other factories. Only with the factory's written yes, and no case.")
    return show(request, "step", found, {"form": form, "title": _("Share a practice"), "about": about})


@require_POST
@readers_only
def practice_withdraw(request: StaffRequest, practice: UUID) -> HttpResponse:
    """Take a practice out of the library."""
    found = get_object_or_404(SharedPractice.objects.select_related("factory"), pk=practice)
    if not access.leads(request.user, found.factory):
        raise PermissionDenied
    done(request, lambda at: practices.withdraw(found, by=request.user, at=at), _("It is out of the library."))
    return redirect("package:practices")
