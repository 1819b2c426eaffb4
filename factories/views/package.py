"""The pages of the prevention package: the list, a factory's way through it, and how it enters."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from factories import clock
from factories import package_forms as shapes
from factories.models import ActivityState
from factories.package import access, entry, pages, promises, words
from factories.views.package_common import accepted, led_factory, of_factory, one_factory, readers_only, show
from factories.views.pages import page_of

# ---------------------------------------------------------------------------------------------------------
# List and factory


@require_safe
@readers_only
def home(request: StaffRequest) -> HttpResponse:
    """List the factories whose package one reads; whoever works in one comes to its page at once."""
    asked = request.GET.get("q", "")[:80]
    found = pages.mine(request.user, asked)
    if not access.leads_any(request.user) and not asked and found.count() == 1:
        return of_factory(found.get())
    page = page_of(found, request)
    lines = pages.list_lines(list(page.object_list), clock.now().date(), reader=request.user)
    shown = {"page": page, "lines": lines, "asked": asked, "on_numbers": words.ON_NUMBERS}
    return show(request, "home", None, shown)


@require_safe
@readers_only
def factory(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show one factory's way: entry, activities with their dates, requests, the joint review."""
    found = one_factory(request, pk)
    shown: dict[str, Any] = {
        "shown": pages.factory_page(found, promises.local_day(found, clock.now())),
        "on_numbers": words.ON_NUMBERS,
        "is_expert": access.is_expert_of(request.user, found.country_id),
        "works_here": access.works_at(request.user, found),
    }
    return show(request, "factory", found, shown)


# ---------------------------------------------------------------------------------------------------------
# Entry


@readers_only
def introduction_new(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Record an introduction; the answer may come later."""
    found = led_factory(request, pk)
    form = shapes.IntroductionForm(request.POST or None)
    if request.method == "POST" and accepted(
        request,
        form,
        lambda typed, at: entry.introduce(found, **typed, by=request.user, at=at),
        _("The introduction was recorded. Record the factory's answer when it has given one."),
    ):
        return of_factory(found)
    return show(request, "step", found, {"form": form, "title": _("Introduction"), "about": words.ENTRY_ABOUT["INTRO"]})


@readers_only
def introduction_answer(request: StaffRequest, pk: UUID, introduction: UUID) -> HttpResponse:
    """Record what the factory said."""
    found = led_factory(request, pk)
    said = get_object_or_404(found.introductions, pk=introduction)
    form = shapes.AnswerForm(request.POST or None)

    def act(typed: dict[str, Any], at: datetime) -> object:
        return entry.answer(
            said,
            typed["answer"],
            on=typed["answer_on"],
            later_on=typed["later_on"],
            reason=typed["reason"],
            by=request.user,
            at=at,
        )

    if request.method == "POST" and accepted(request, form, act, _("The answer was recorded.")):
        return of_factory(found)
    return show(
        request, "step", found, {"form": form, "title": _("The factory's answer"), "about": words.ENTRY_ABOUT["ANSWER"]}
    )


@readers_only
def understanding(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Record that top management signed the one-page understanding."""
    found = led_factory(request, pk)
    form = shapes.UnderstandingForm(request.POST or None)
    if request.method == "POST" and accepted(
        request,
        form,
        lambda typed, at: entry.sign_understanding(found, **typed, by=request.user, at=at),
        _("The understanding is signed. Next, the factory names its focal point."),
    ):
        return of_factory(found)
    return show(request, "step", found, {"form": form, "title": _("Understanding"), "about": words.ENTRY_ABOUT["MOU"]})


@readers_only
def team(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Record focal point and stand-in by their jobs."""
    found = led_factory(request, pk)
    package = getattr(found, "package", None)
    names = ("focal_point_role", "stand_in_role", "hours_a_week", "languages")
    initial = {name: getattr(package, name) for name in names} | {"on": package.team_on} if package else {}
    form = shapes.TeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and accepted(
        request,
        form,
        lambda typed, at: entry.name_team(found, **typed, by=request.user, at=at),
        _("The team is recorded."),
    ):
        return of_factory(found)
    return show(
        request, "step", found, {"form": form, "title": _("Focal point and team"), "about": words.ENTRY_ABOUT["TEAM"]}
    )


@readers_only
def plan(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Agree on a date for every activity; a usual run is filled in."""
    found = led_factory(request, pk)
    today = promises.local_day(found, clock.now())
    without = set(found.activities.filter(due_on=None, state=ActivityState.PLANNED).values_list("code", flat=True))
    suggested = {code: day for code, day in entry.suggested_dates(found, today).items() if code in without}
    form = shapes.PlanForm(request.POST or None, dates=suggested, initial={"on": today})
    if request.method == "POST" and accepted(
        request,
        form,
        lambda typed, at: entry.agree_plan(found, form.dates(), on=typed["on"], by=request.user, at=at),
        _("The plan is agreed: every activity has its date."),
    ):
        return of_factory(found)
    return show(request, "step", found, {"form": form, "title": _("Plan"), "about": words.ENTRY_ABOUT["PLAN"]})
