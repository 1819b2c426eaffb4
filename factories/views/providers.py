"""The directory of service providers, for the outside team and administrators of a country."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import StaffRequest
from factories import clock, people, providers
from factories.access import only_for
from factories.filters import ProviderFilter
from factories.models import OPEN_STATES, ProviderState, ServiceProvider
from factories.provider_forms import DecisionForm, ProviderForm, SuspendForm, VettingForm
from factories.views.pages import page_of

keepers_only = only_for(providers.keeps)


@keepers_only
def provider_list(request: StaffRequest) -> HttpResponse:
    """List the providers of one's countries, with how each stands today."""
    rows = providers.kept_by(request.user).with_state(clock.now().date()).select_related("country")
    found = ProviderFilter(
        request.GET,
        rows.order_by("country__name", "name", "pk"),
        countries=providers.countries_kept_by(request.user),
    )
    return _show(request, "providers", {"filter": found, "page": page_of(found.qs, request), "open": OPEN_STATES})


@keepers_only
def provider_new(request: StaffRequest) -> HttpResponse:
    """Add a provider; nobody is sent there before it was vetted."""
    countries = providers.countries_kept_by(request.user)
    only = list(countries[:2])
    form = ProviderForm(
        request.POST or None, countries=countries, initial={"country": only[0]} if len(only) == 1 else None
    )
    if request.method == "POST" and form.is_valid():
        made = form.save()
        messages.success(request, _("The provider is on the list. Nobody is sent there before a check in person."))
        return redirect("factories:provider", pk=made.pk)
    return _show(request, "provider_change", {"form": form})


@keepers_only
def provider(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show one provider: how it stands, its checks, and to who vets it what survivors say."""
    found = _one(request, pk)
    vets = providers.may_vet(request.user, found)
    suspensions = list(found.suspensions.select_related("begun_by", "decided_by"))
    shown: dict[str, Any] = {
        "provider": found,
        "is_open": found.state in OPEN_STATES,
        "vettings": found.vettings.select_related("checked_by").prefetch_related("answers"),
        "suspensions": suspensions,
        "may_vet": vets,
        "waits": any(not one.decision for one in suspensions),
        "retired": found.state == ProviderState.RETIRED,
    }
    if vets:
        said = providers.what_was_said(found)
        shown |= {
            "said": said,
            "new_words": any(one.new for one in said),
            "decision_form": DecisionForm() if shown["waits"] else None,
            "suspend_form": SuspendForm(),
        }
    return _show(request, "provider", shown)


@keepers_only
def provider_change(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Change what workers read about a provider."""
    found = _one(request, pk)
    name = found.name
    form = ProviderForm(request.POST or None, instance=found, countries=providers.countries_kept_by(request.user))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The provider was changed."))
        return redirect("factories:provider", pk=pk)
    return _show(request, "provider_change", {"form": form, "provider": found, "name": name})


@keepers_only
def provider_vet(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask the twelve questions of whoever was there."""
    found = _one_to_vet(request, pk)
    form = VettingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            vetting = providers.vet(
                found, form.answers(), by=request.user, checked_on=form.cleaned_data["checked_on"], at=clock.now()
            )
        except providers.ProviderRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            if all(form.answers().values()):
                day = date_format(vetting.next_check_on, "DATE_FORMAT")
                words = _("The check was recorded with every answer yes. The next one is due by %(day)s.")
                messages.success(request, words % {"day": day})
            else:
                messages.warning(request, _("The check was recorded. An answer is no: nobody is sent there any more."))
            return redirect("factories:provider", pk=pk)
    return _show(request, "provider_vet", {"form": form, "provider": found})


@require_POST
@keepers_only
def provider_suspend(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Close a provider at once, until somebody has decided."""
    found, form = _one_to_vet(request, pk), SuspendForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why nobody should be sent there."))
    elif _done(request, providers.suspend, found, form.cleaned_data["reason"]):
        messages.success(request, _("Nobody is sent there until somebody of the outside team has decided."))
    return redirect("factories:provider", pk=pk)


@require_POST
@keepers_only
def provider_decide(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Decide about a suspended provider."""
    found, form = _one_to_vet(request, pk), DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose what follows."))
    elif _done(request, providers.decide, found, form.cleaned_data["decision"]):
        messages.success(request, _("Your decision was recorded, with your name and the day."))
    return redirect("factories:provider", pk=pk)


@require_POST
@keepers_only
def provider_looked(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Note that somebody has read what survivors say."""
    if _done(request, providers.look_at_words, _one_to_vet(request, pk)):
        messages.success(request, _("It was noted that you have looked at what was said."))
    return redirect("factories:provider", pk=pk)


@require_POST
@keepers_only
def provider_listed(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take a provider off the list, or put it back."""
    found = _one(request, pk)
    if request.POST.get("back"):
        if _done(request, providers.bring_back, found):
            messages.success(request, _("The provider is on the list again."))
    elif _done(request, providers.retire, found):
        messages.success(request, _("The provider is off the list. Workers no longer see it."))
    return redirect("factories:provider", pk=pk)


def _one(request: StaffRequest, pk: UUID) -> Any:
    """Return a provider of this person's countries with its state today; for others it does not exist."""
    found = get_object_or_404(providers.kept_by(request.user).select_related("country"), pk=pk)
    today = providers.local_day(found.country, clock.now())
    return ServiceProvider.objects.with_state(today).select_related("country").get(pk=pk)


def _one_to_vet(request: StaffRequest, pk: UUID) -> Any:
    found = _one(request, pk)
    if not providers.may_vet(request.user, found):
        raise PermissionDenied
    return found


def _done(request: StaffRequest, act: Any, *what: Any) -> bool:
    """Do it; where it is refused, say why on the next page."""
    try:
        act(*what, by=request.user, at=clock.now())
    except providers.ProviderRefused as refusal:
        messages.error(request, refusal.message)
        return False
    return True


def _show(request: StaffRequest, template: str, shown: dict[str, Any]) -> HttpResponse:
    shown["administers"] = people.is_admin(request.user)
    return render(request, f"factories/{template}.html", shown)
