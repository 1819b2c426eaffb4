"""Visits: the list, planning one, its page with what to do next, and the steps before it begins."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import StaffRequest
from assessments import (
    access,
    actions,
    advice,
    calibration,
    comparing,
    concluding,
    exporting,
    holding,
    selfassessing,
    visits,
)
from assessments.access import Seat
from assessments.holding import VisitRefused
from assessments.models import Assessment, AssessmentStage, PlaceReview
from assessments.results import results
from assessments.selectors.factory import lines_of
from assessments.views.desk import assessors_only, done, on_visit, posted, show, with_assessments
from assessments.visit_forms import AssessorForm, MoveForm, PlanForm, ReasonForm
from factories import clock, people, sheets
from factories.models import Factory
from factories.views.pages import page_of

Refused = dict[str, Any]  # A form of the page that was refused, by its name there; empty: nothing was.


@require_safe
@with_assessments
def visit_list(request: StaffRequest) -> HttpResponseBase:
    """List the assessments this person may open, those in work first. As a file: the final ones with their scores."""
    if kind := sheets.wanted(request):
        return sheets.answer(kind, "assessments", exporting.final_assessments(request.user))
    rows = access.shown_to(request.user).select_related("factory__country")
    in_work = [AssessmentStage.PLANNED, AssessmentStage.SCORING, AssessmentStage.COMPARING, AssessmentStage.REVIEW]
    mine = Factory.objects.of_member(request.user) if people.is_factory_user(request.user) else Factory.objects.none()
    return render(
        request,
        "assessments/visits.html",
        {
            "open": rows.filter(stage__in=in_work).order_by("visit_from", "pk")[:50],
            "page": page_of(rows.exclude(stage__in=in_work).order_by("-visit_from", "-made_at"), request),
            "may_plan": access.assesses(request.user),
            "mine": mine,
        },
    )


@require_safe
@assessors_only
def choose_factory(request: StaffRequest) -> HttpResponse:
    """Choose the factory to visit."""
    found = access.factories_to_visit(request.user).search(request.GET.get("words", ""))
    return render(
        request, "assessments/choose.html", {"page": page_of(found, request), "words": request.GET.get("words", "")}
    )


@assessors_only
def plan(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Plan a visit to a factory."""
    factory = get_object_or_404(access.factories_to_visit(request.user), pk=pk)
    at = clock.now()
    earlier = Assessment.objects.from_outside().final().filter(factory=factory)
    due = {one.person.pk for one in calibration.joint_visits_due(at.date())}
    form = PlanForm(
        posted(request),
        people=visits.candidates(factory),
        earlier=earlier,
        initial={"first": request.user.pk, "kind": "joint" if request.user.pk in due else "regular"},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = visits.plan(
                factory,
                kind=data["kind"],
                visit_from=data["visit_from"],
                visit_to=data["visit_to"],
                goes=form.goes(),
                by=request.user,
                at=at,
                unannounced=data["unannounced"],
                follows=data["follows"],
            )
        except VisitRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The visit is planned. Both assessors were told."))
            return redirect("assessments:visit", pk=made.pk)
    joint = [person.name for person in visits.candidates(factory) if person.pk in due]
    return render(
        request, "assessments/plan.html", {"factory": factory, "form": form, "joint": joint, "earlier": earlier}
    )


@require_safe
@on_visit
def visit(request: StaffRequest, seat: Seat) -> HttpResponse:
    """Show one assessment: what to do next while it is in work, its results once it is final."""
    return _page(request, seat, {})


def _page(request: StaffRequest, seat: Seat, refused: Refused) -> HttpResponse:
    """Show the assessment; a form that was refused stands in its place with what was typed."""
    found, at = seat.assessment, clock.now()
    shown: dict[str, Any] = {"advice": advice.for_level(found.level_factory)}
    if found.stage == AssessmentStage.PLANNED:
        shown |= _planning(seat, at)
    elif found.stage in (AssessmentStage.COMPARING, AssessmentStage.REVIEW):
        shown |= {"asked": getattr(found, "expert_review", None), "missing": _missing(seat)}
        shown["to_settle"] = [pair for pair in comparing.pairs(found) if pair.for_the_expert] if seat.expert else []
    elif found.stage == AssessmentStage.FINAL:
        shown |= results(seat)
    if not found.is_self and found.is_open:
        shown["agreed_before"] = lines_of(
            actions.open_of(found.factory), holding.local_day(found, at), expert=seat.expert, leads=seat.plans
        )
    shown["screen_sent"] = PlaceReview.objects.filter(assessment=found).exists() if seat.assessor else False
    if seat.plans and found.stage in (AssessmentStage.PLANNED, AssessmentStage.SCORING):
        shown["drop_form"] = ReasonForm()
    return show(request, "visit", seat, status=422 if refused else 200, **(shown | refused))


def _planning(seat: Seat, at: Any) -> dict[str, Any]:
    found = seat.assessment
    places = list(found.assessors.all())
    shown: dict[str, Any] = {"not_ready": visits.not_ready(found, at), "lacks_one": len(places) < visits.ASSESSORS}
    if seat.plans:
        others = visits.candidates(found.factory).exclude(pk__in=[one.person_id for one in places])
        shown["assessor_form"] = AssessorForm(people=others)
        shown["move_form"] = MoveForm(initial={"visit_from": found.visit_from, "visit_to": found.visit_to})
    return shown


def _missing(seat: Seat) -> list[str]:
    if seat.assessor is None or seat.assessment.stage != AssessmentStage.COMPARING:
        return []
    return concluding.still_missing(seat.assessment)


@require_POST
@on_visit
def step(request: StaffRequest, seat: Seat, step: str) -> HttpResponse:
    """Take one of the steps before a visit begins; planners and assessors alone."""
    act = STEPS.get(step)
    if act is None:
        raise Http404
    if not seat.plans and seat.assessor is None:
        raise PermissionDenied
    refused = act(request, seat)
    if refused and seat.plans:
        return _page(request, access.seat(request.user, seat.assessment.pk), refused)
    gone = not access.shown_to(request.user).filter(pk=seat.assessment.pk).exists()
    return redirect("assessments:visits") if gone else redirect("assessments:visit", pk=seat.assessment.pk)


def _declare(request: StaffRequest, seat: Seat) -> Refused:
    done(
        request,
        lambda: visits.declare_no_conflict(seat.assessment, by=request.user, at=clock.now()),
        _("Your declaration was recorded with today's day."),
    )
    return {}


def _step_back(request: StaffRequest, seat: Seat) -> Refused:
    done(
        request,
        lambda: visits.step_back(seat.assessment, by=request.user, at=clock.now()),
        _("You are no longer an assessor of this visit. Whoever plans it was told."),
    )
    return {}


def _begin(request: StaffRequest, seat: Seat) -> Refused:
    done(
        request,
        lambda: visits.begin(seat.assessment, by=request.user, at=clock.now()),
        _("The visit has begun. Each of you scores alone."),
    )
    return {}


def _drop(request: StaffRequest, seat: Seat) -> Refused:
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    dropped = done(
        request,
        lambda: visits.drop(seat.assessment, reason, by=request.user, at=clock.now()),
        _("The visit is not held. The reason was recorded."),
    )
    return {} if dropped else {"drop_form": form}


def _move(request: StaffRequest, seat: Seat) -> Refused:
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give both days of the visit."))
        return {"move_form": form}
    days: dict[str, date] = form.cleaned_data
    moved = done(
        request,
        lambda: visits.move(seat.assessment, days["visit_from"], days["visit_to"], by=request.user, at=clock.now()),
        _("The visit has other days now. The assessors were told."),
    )
    return {} if moved else {"move_form": form}


def _assessor(request: StaffRequest, seat: Seat) -> Refused:
    form = AssessorForm(request.POST, people=visits.candidates(seat.assessment.factory))
    if not form.is_valid():
        messages.error(request, _("Choose who goes, and whether it is a woman or a man."))
        return {"assessor_form": form}
    leaves = next((one for one in seat.assessment.assessors.all() if str(one.pk) == request.POST.get("leaves")), None)

    def act() -> None:
        at = clock.now()
        if leaves is None:
            visits.add_assessor(seat.assessment, form.goes(), by=request.user, at=at)
        else:
            visits.replace_assessor(seat.assessment, leaves, form.goes(), by=request.user, at=at)

    changed = done(request, act, _("The assessors of this visit have changed. Whoever came was told."))
    return {} if changed else {"assessor_form": form}


STEPS = {
    "declare": _declare,
    "step-back": _step_back,
    "begin": _begin,
    "drop": _drop,
    "move": _move,
    "assessor": _assessor,
}


@require_POST
@with_assessments
def begin_self(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Begin a self-assessment of one's own factory, or go on with the one that is open."""
    factory = get_object_or_404(Factory.objects.of_member(request.user).select_related("country"), pk=pk)
    try:
        begun = selfassessing.begin(factory, by=request.user, at=clock.now())
    except VisitRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("assessments:visits")
    return redirect("assessments:score", pk=begun.pk)
