"""Factories and countries, for administrators."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import StaffRequest
from factories import clock, countries, countrypage, people, readiness, selectors
from factories.access import administrators_only
from factories.filters import FactoryFilter
from factories.forms import (
    CountryForm,
    FactoryDayForm,
    FactoryForm,
    PackForm,
    ReviewForm,
    RosterForm,
)
from factories.models import CountryPack, Factory, FactoryDay, RosterSlot
from factories.views.pages import page_of


@administrators_only
def factory_list(request: StaffRequest) -> HttpResponse:
    """List the factories, a page at a time."""
    found = FactoryFilter(request.GET, selectors.factories_with_people())
    return render(request, "factories/factories.html", {"filter": found, "page": page_of(found.qs, request)})


@administrators_only
def factory_new(request: StaffRequest) -> HttpResponse:
    """Add one factory; it is listed until it is ready."""
    form = FactoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        factory = form.save()
        messages.success(request, _("The factory was added."))
        return redirect(factory)
    return render(request, "factories/factory_new.html", {"form": form})


@administrators_only
def factory(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show and change one factory: its people, days, and whether it can be live."""
    found = get_object_or_404(Factory.objects.select_related("country", "advisor"), pk=pk)
    form = FactoryForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The factory was changed."))
        return redirect(found)
    # What was typed wrongly stays in the form, and the heading keeps the stored name.
    found = get_object_or_404(Factory.objects.select_related("country", "advisor"), pk=pk)
    return render(
        request,
        "factories/factory.html",
        {
            "factory": found,
            "form": form,
            "members": selectors.members_of(found),
            "days": found.days.all(),
            "day_form": FactoryDayForm(),
            "ready": people.factory_ready(found) if found.is_live else readiness.opening(found),
        },
    )


@require_POST
@administrators_only
def factory_status(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Let a factory go live, or list it again."""
    found = get_object_or_404(Factory, pk=pk)
    if request.POST.get("status") == "live":
        try:
            readiness.make_live(found)
        except readiness.NotReady as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The factory is live: its workers may choose the factory route."))
    else:
        readiness.make_listed(found)
        messages.success(request, _("The factory is listed: complaints about it go outside."))
    return redirect(found)


@require_POST
@administrators_only
def factory_day(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Say that a factory works or rests on a day; the latest word on a day counts."""
    found = get_object_or_404(Factory, pk=pk)
    form = FactoryDayForm(request.POST)
    if form.is_valid():
        found.days.update_or_create(day=form.cleaned_data["day"], defaults={"works": form.cleaned_data["works"]})
        messages.success(request, _("The day was noted. Due days that are set already stay as they are."))
    else:
        messages.error(request, _("Give a day, and say whether the factory works or rests on it."))
    return redirect(found)


@require_POST
@administrators_only
def factory_day_remove(request: StaffRequest, pk: UUID, day_id: int) -> HttpResponse:
    """Let the country's calendar count again on a day."""
    get_object_or_404(FactoryDay, pk=day_id, factory=pk).delete()
    messages.success(request, _("The country's calendar counts again on this day."))
    return redirect("factories:factory", pk=pk)


@administrators_only
def country_list(request: StaffRequest) -> HttpResponse:
    """List the countries, and add one."""
    form = CountryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["country"]
        countries.ensure_packs({code})
        return redirect("factories:country", code=code)
    return render(
        request, "factories/countries.html", {"page": page_of(selectors.country_lines(), request), "form": form}
    )


@administrators_only
def country(request: StaffRequest, code: str) -> HttpResponse:
    """Show and change one country: time zone, language, legal review."""
    pack = get_object_or_404(CountryPack, pk=code)
    form = PackForm(request.POST or None, instance=pack)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The country was changed."))
        return redirect("factories:country", code=code)
    return render(
        request,
        "factories/country.html",
        {
            "country": CountryPack.objects.get(pk=code),
            "form": form,
            "review_form": ReviewForm(),
            "shown": countrypage.of(pack),
            "missing": readiness.missing(pack, at=clock.now()),
            "experts": list(people.experts(code)),
            "leads": list(people.leads(code)),
        },
    )


@require_POST
@administrators_only
def country_review(request: StaffRequest, code: str) -> HttpResponse:
    """Record a legal review and let the country go live, or take it back."""
    pack = get_object_or_404(CountryPack, pk=code)
    if request.POST.get("close"):
        readiness.close_country(pack)
        messages.success(request, _("The country is a draft again, and its factories are listed."))
        return redirect("factories:country", code=code)
    form = ReviewForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            readiness.sign_review(
                pack, by=data["by"], on=data["on"], note=data["note"], at=clock.now(),
                is_fictional=settings.SAMLENG_DEMO,
            )  # fmt: skip
        except readiness.NotReady as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("The legal review was recorded, and the country is live."))
    else:
        messages.error(request, _("A review needs the name of who made it, and a day."))
    return redirect("factories:country", code=code)


@administrators_only
def roster(request: StaffRequest) -> HttpResponse:
    """Show on which days and hours an expert reads, and add hours."""
    form = RosterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.save()
        except IntegrityError:
            form.add_error(None, _("These hours are on the roster already."))
        else:
            messages.success(request, _("The hours were added."))
            return redirect("factories:roster")
    slots = RosterSlot.objects.select_related("person", "country").order_by("country__name", "weekday", "start")
    return render(request, "factories/roster.html", {"page": page_of(slots, request), "form": form})


@require_POST
@administrators_only
def roster_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Take hours off the roster."""
    get_object_or_404(RosterSlot, pk=pk).delete()
    messages.success(request, _("The hours were taken off."))
    return redirect("factories:roster")
