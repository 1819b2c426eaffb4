"""Joint reviews, the talk about numbers, and the end of support."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import StaffRequest
from factories import clock, seen
from factories import package_forms as shapes
from factories.models import ActivityState, Factory, JointReview
from factories.package import access, catalogue, ending, numbers, promises, reviews, words
from factories.views.package_common import accepted, done, led_factory, of_factory, one_factory, readers_only, show

FORMS: dict[str, type[shapes.Sent]] = {
    "talked": shapes.TalkedForm,
    "propose": shapes.ProposeForm,
    "new-date": shapes.NewDateForm,
    "look-again": shapes.LookAgainForm,
}


@readers_only
def review(request: StaffRequest, pk: UUID, review: UUID) -> HttpResponse:
    """Show a joint review with its next step, and take it. It is between the two organisations."""
    found = _between_us(request, pk)
    one = get_object_or_404(
        found.joint_reviews.select_related("activity", "held_by_advisor", "held_by_expert"), pk=review
    )
    one.factory = found
    if request.method == "POST":
        if not access.leads(request.user, found):
            raise PermissionDenied
        return _act(request, found, one, request.POST.get("act", ""))
    return _page(request, found, one)


def _between_us(request: StaffRequest, pk: UUID) -> Factory:
    """Return the factory for whoever leads or reads from outside; people of the factory have no such page."""
    found = one_factory(request, pk)
    if access.works_at(request.user, found):
        raise Http404
    return found


def _act(request: StaffRequest, factory: Factory, one: JointReview, act: str) -> HttpResponse:
    by, shown = request.user, request.POST.get("shown", "")
    if act == "tell":
        done(request, lambda at: reviews.tell_advisor(one, by=by, at=at), _("The advisor is told."))
    elif act == "agree":
        said = _("The review is held. Look again in thirty days.")
        done(request, lambda at: reviews.agree(one, by=by, at=at, shown=shown), said)
    elif act in FORMS:
        form = _form(act, factory, one, request.POST)
        if not accepted(request, form, lambda typed, at: _do(act, factory, one, typed, by=by, at=at), _("Recorded.")):
            return _page(request, factory, one, failed=(act, form))
    else:
        raise Http404
    return redirect("package:review", pk=factory.pk, review=one.pk)


def _do(act: str, factory: Factory, one: JointReview, typed: dict[str, Any], **who: Any) -> object:
    match act:
        case "talked":
            return reviews.talked(one, on=typed["on"], **who)
        case "propose":
            return reviews.propose(one, **typed, **who)
        case "new-date":
            moved = factory.activities.get(code=typed["activity"])
            moved.factory = factory
            return reviews.new_date(one, moved, typed["on"], **who)
    return reviews.look_again(one, solved=typed["solved"] == "yes", **who)


def _form(act: str, factory: Factory, one: JointReview, typed: Any = None) -> shapes.Sent:
    if act == "new-date":
        still = set(
            factory.activities.exclude(state__in=(ActivityState.DONE, ActivityState.DROPPED)).values_list(
                "code", flat=True
            )
        )
        return shapes.NewDateForm(typed, codes=[code for code in catalogue.steps() if code in still])
    initial = {"causes": one.causes, "step": one.step, "step_on": one.step_on} if act == "propose" else None
    return FORMS[act](typed, initial=initial)


def _page(
    request: StaffRequest, factory: Factory, one: JointReview, *, failed: tuple[str, shapes.Sent] | None = None
) -> HttpResponse:
    advises, is_expert = access.advises(request.user, factory), access.is_expert_of(request.user, factory.country_id)
    today = promises.local_day(factory, clock.now())
    leads = advises or is_expert
    acts = []
    if one.held_on is None:
        if one.advisor_told_on is None:
            acts += ["tell"] if is_expert else []
        elif one.talked_on is None:
            acts += ["talked"] if advises else []
        elif leads:
            signed = one.held_by_advisor_id if advises else one.held_by_expert_id
            acts += ["agree"] if one.step and not signed else []
            acts += ["propose"]
    elif one.looked_again_on is None and leads:
        acts += ["new-date"]
        acts += ["look-again"] if one.look_again_on and today >= one.look_again_on else []
    forms = {
        act: failed[1] if failed and failed[0] == act else _form(act, factory, one) for act in acts if act in FORMS
    }
    for act, form in forms.items():
        form.helper.form_tag = False
        form.helper.disable_csrf = True
        form.act = act  # type: ignore[attr-defined]
    return show(
        request,
        "review",
        factory,
        {
            "review": one,
            "acts": acts,
            "mark": reviews.shown_proposal(one),
            "forms": list(forms.values()),
            "moved": words.name(one.activity.code) if one.activity else "",
            "causes": [_cause(code) for code in one.causes],
            "every_cause": [_cause(code) for code in words.CAUSES],
        },
    )


def _cause(code: str) -> dict[str, Any]:
    return {"label": shapes.RootCause(code).label, "signs": words.CAUSES[code].signs, "helps": words.CAUSES[code].helps}


# ---------------------------------------------------------------------------------------------------------
# Numbers, and the end of support


@require_POST
@readers_only
def numbers_asked(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Record that the factory asked for complaints to be withdrawn, or who complained."""
    found = led_factory(request, pk)
    seen = request.POST.get("seen", "")
    again = bool(seen)
    said = (
        _("It is not the first time: the technical experts are told, and talk with the factory.")
        if again
        else _("Recorded: the factory was reminded. The next time goes to the technical experts.")
    )
    done(request, lambda at: numbers.asked(found, seen=seen, by=request.user, at=at), said)
    return of_factory(found)


@require_POST
@readers_only
def numbers_talked(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Note that a technical expert talked with the factory."""
    found = led_factory(request, pk)
    done(request, lambda at: numbers.talked(found, by=request.user, at=at), _("The talk is recorded."))
    return of_factory(found)


@readers_only
def end_support(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Propose to end support, or agree to it for the other organisation."""
    found = _between_us(request, pk)
    mine = access.organisations_of(request.user, found)
    if not mine:
        raise PermissionDenied
    package = getattr(found, "package", None)
    if package is None:
        raise Http404
    if request.method == "POST" and request.POST.get("act") == "agree":
        done(
            request,
            lambda at: ending.agree(found, by=request.user, at=at, shown=request.POST.get("shown", "")),
            _("Support has ended. Hang up the message."),
        )
        return of_factory(found)
    first = package.end_message or words.still_complain(found.short_code, found.country_id)
    form = shapes.EndForm(request.POST or None, initial={"message": first})
    if request.method == "POST" and accepted(
        request,
        form,
        lambda typed, at: ending.propose(found, **typed, by=request.user, at=at),
        _("The other organisation is asked to agree."),
    ):
        return of_factory(found)
    waits = "technical" if package.end_agreed_advisory_by_id else "advisory" if package.end_message else ""
    shown = {"form": form, "package": package, "may_agree": waits in mine and not package.ended_on, "waits": waits}
    shown["mark"] = seen.mark(package.end_message)
    return show(request, "ending", found, shown)


@require_safe
@readers_only
def end_message(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show the message to workers, to be printed and hung up."""
    found = one_factory(request, pk)
    package = getattr(found, "package", None)
    if package is None or package.ended_on is None:
        raise Http404
    return show(request, "end_message", found, {"package": package})
