"""One activity of a factory: its date, what shows that it is done, and what people of the factory ask about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import StaffRequest
from factories import clock
from factories import package_forms as shapes
from factories.models import Activity, ActivityRequest, ActivityState, Factory, Package, RequestKind
from factories.package import access, activities, catalogue, postponing, promises, proofs, requests, words
from factories.views.package_common import accepted, done, led_factory, of_factory, one_factory, readers_only, show


def _postpone(one: Activity, typed: dict[str, Any], **who: Any) -> object:
    one.due_on = typed["seen"]  # What was read when the form was filled in; the service compares.
    return postponing.postpone(
        one, reason=typed["reason"], to_on=typed["to_on"], offered=typed["offered"], words=typed["words"], **who
    )


@dataclass(frozen=True)
class Act:
    """Something that can be done with an activity: its form, the service, and what is said when it is done."""

    form: type[shapes.Sent]
    do: Callable[..., object]
    title: Any
    said: Any
    of_factory: bool = False  # Asked by people of the factory; the others are for whoever leads its package.


ACTS: dict[str, Act] = {
    "agree": Act(
        shapes.DateForm,
        lambda one, typed, **who: activities.agree(one, typed["on"], **who),
        _("Agree on a date"),
        _("The date is agreed."),
    ),
    "done": Act(
        shapes.DoneForm,
        lambda one, typed, **who: activities.done(one, **typed, **who),
        _("It is done"),
        _("It is recorded as done."),
    ),
    "occasion": Act(
        shapes.OccasionForm,
        lambda one, typed, **who: activities.occasion(one, **typed, **who),
        _("Record one time of it, or a draft"),
        _("It is recorded."),
    ),
    "postpone": Act(
        shapes.PostponeForm,
        _postpone,
        _("Postpone"),
        _("The date is moved."),
    ),
    "drop": Act(
        shapes.DropForm,
        lambda one, typed, **who: activities.drop(one, **typed, **who),
        _("Leave it out"),
        _("The activity is left out."),
    ),
    "say-done": Act(
        shapes.SayDoneForm,
        lambda one, typed, **who: requests.say_done(one, **typed, **who),
        _("It is done"),
        _("Your advisor is told, and records it."),
        of_factory=True,
    ),
    "ask-move": Act(
        shapes.AskMoveForm,
        lambda one, typed, **who: requests.ask_to_move(one, **typed, **who),
        _("Ask for another date"),
        _("Your advisor is told. Until there is an answer, the agreed date stands."),
        of_factory=True,
    ),
}


@require_safe
@readers_only
def activity(request: StaffRequest, pk: UUID, code: str) -> HttpResponse:
    """Show one activity with everything that can be done with it now."""
    found = one_factory(request, pk)
    return _page(request, found, _one(found, code))


@require_POST
@readers_only
def activity_act(request: StaffRequest, pk: UUID, code: str, act: str) -> HttpResponse:
    """Do one thing with an activity."""
    if act not in ACTS:
        raise Http404
    what, found = ACTS[act], one_factory(request, pk)
    one = _one(found, code)
    may = access.works_at if what.of_factory else access.leads
    if not may(request.user, found):
        raise PermissionDenied
    form = what.form(request.POST)
    if accepted(request, form, lambda typed, at: what.do(one, typed, by=request.user, at=at), str(what.said)):
        return redirect("package:activity", pk=pk, code=code)
    one.refresh_from_db()
    return _page(request, found, one, failed=(act, form))


@require_POST
@readers_only
def request_answer(request: StaffRequest, pk: UUID, asked: UUID) -> HttpResponse:
    """Do what the factory asked, or say why not."""
    found = led_factory(request, pk)
    one = get_object_or_404(
        ActivityRequest.objects.select_related("activity__factory"), pk=asked, activity__factory=found
    )
    if "answer" in request.POST:
        words_of = request.POST["answer"][:2000]
        done(
            request,
            lambda at: requests.turn_down(one, answer=words_of, by=request.user, at=at),
            str(_("The factory is told why not.")),
        )
    else:
        offered = request.POST.get("offered", "")[:2000]
        done(
            request,
            lambda at: requests.take_up(one, offered=offered, by=request.user, at=at),
            str(_("It is done as the factory asked, and it is told.")),
        )
    return of_factory(found)


def _one(factory: Factory, code: str) -> Activity:
    get_object_or_404(Package, factory=factory)
    found: Activity = get_object_or_404(factory.activities, code=code)
    found.factory = factory
    return found


def _page(
    request: StaffRequest, factory: Factory, one: Activity, *, failed: tuple[str, shapes.Sent] | None = None
) -> HttpResponse:
    today = promises.local_day(factory, clock.now())
    step, line = catalogue.steps()[one.code], activities.line_of(one)
    waits = activities.waits_for(one.code, factory.package, today) if one.state != ActivityState.DONE else []
    open_request = one.requests.filter(answered_on=None).select_related("asked_by").first()
    offered = [
        name
        for name, act in ACTS.items()
        if (access.works_at if act.of_factory else access.leads)(request.user, factory)
        and not factory.package.ended_on
        and _fits(name, one, step, asked=open_request is not None)
    ]
    if one.due_on:
        offered.sort(key=lambda name: name == "agree")  # An earlier date is the rarest wish.
    forms = []
    for name in offered:
        form = failed[1] if failed and failed[0] == name else ACTS[name].form(initial=_initial(name, one, today))
        form.helper.form_action = reverse("package:activity_act", args=[factory.pk, one.code, name])
        forms.append({"act": name, "title": ACTS[name].title, "form": form, "open": bool(failed and failed[0] == name)})
    return show(
        request,
        "activity",
        factory,
        {
            "activity": one,
            "about": words.ACTIVITIES[one.code],
            "step": step,
            "line": line,
            "days_late": 0 if line.is_done(today) else line.days_late(today),
            "waits_for": words.names(waits),
            "lacking": proofs.lacking(one.code, factory, today) if one.state != ActivityState.DONE else [],
            "moves": one.postponements.select_related("recorded_by", "request__asked_by").order_by("-at"),
            "occasions": one.occasions.select_related("recorded_by"),
            "past_requests": one.requests.exclude(answered_on=None).select_related("asked_by", "answered_by"),
            "open_request": open_request,
            "is_move": open_request is not None and open_request.kind == RequestKind.MOVE,
            "forms": forms,
            "review": factory.joint_reviews.filter(looked_again_on=None).first()
            if access.leads(request.user, factory)
            else None,
        },
    )


def _fits(name: str, one: Activity, step: catalogue.Step, *, asked: bool) -> bool:
    """Say whether an act makes sense for the activity as it stands."""
    is_open = one.state not in (ActivityState.DONE, ActivityState.DROPPED)
    match name:
        case "occasion":
            return step.repeats or (is_open and one.code == "POLICY")
        case "postpone":
            return is_open and one.due_on is not None
        case "ask-move":
            return is_open and one.due_on is not None and not asked
        case "say-done":
            return is_open and not asked
    return is_open


def _initial(name: str, one: Activity, today: Any) -> dict[str, Any]:
    if name == "postpone":
        return {"seen": one.due_on}
    return {"on": today} if name in ("done", "occasion", "say-done") else {}
