"""One factory, as its advisor and the experts of its country see it, and what they do there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import StaffRequest
from assessments import access, actions, exporting, plan_forms, shared_notes, silence_flags, tool
from assessments.holding import VisitRefused
from assessments.models import AgreedAction, Assessment, Kind, SilenceKind
from assessments.selectors import factory as selector
from assessments.silence_flags import SilenceRefused
from complaints.statistics import Audience
from factories import clock, sheets
from factories.models import Factory

get_and_post = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def door(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Lead each to the page of a factory that is theirs: a notice has one address for everybody."""
    found = _found(pk)
    if access.works_for(request.user, found):
        return redirect("assessments:factory", pk)
    if access.is_its_member(request.user, found):
        return redirect("assessments:mine_of", pk)
    if access.has_assessments(request.user):
        raise Http404
    return redirect("assessments:programme")


@require_safe
def factory(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    """Show one factory: why it needs somebody, its timeline, scores, actions and notes. As a file: its actions."""
    found, audience = _mine(request, pk)
    if kind := sheets.wanted(request):
        lines = selector.actions_of(found, audience, at=clock.now())
        return sheets.answer(kind, "actions", exporting.actions(lines))
    shown = selector.page(found, audience, at=clock.now())
    form = plan_forms.NoteForm()
    form.helper.form_action = reverse("assessments:note", args=[pk])
    context = {
        "page": shown,
        "factory": found,
        "expert": audience is Audience.EXPERT,
        "note_form": form,
        "figures_url": selector.figures_url(found),
    }
    return render(request, "assessments/factory.html", context)


@get_and_post
def note(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Add a note that advisor and experts share."""
    found, _audience = _mine(request, pk)
    form = plan_forms.NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            shared_notes.add(found, form.cleaned_data["text"], by=request.user, at=clock.now())
        except VisitRefused as refused:
            form.add_error("text", refused.message)
        else:
            return _back(request, found, _("The note is there for the advisor and the experts."))
    return _act(request, found, _("Note about this factory"), form)


@get_and_post
def silence(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Record what was found out about a silence."""
    found, audience = _mine(request, pk)
    if audience is not Audience.ADVISOR:
        raise Http404
    flag = silence_flags.shown_to(audience).filter(factory=found, ended_on=None, cause="").first()
    if flag is None:
        raise Http404
    form = plan_forms.CauseForm(request.POST or None, initial={"cause": flag.kind})
    if request.method == "POST" and form.is_valid():
        given, at = form.cleaned_data, clock.now()
        try:
            silence_flags.record_cause(flag, cause=given["cause"], note=given["note"], by=request.user, at=at)
        except (SilenceRefused, VisitRefused) as refused:
            form.add_error(None, refused.message)
        else:
            return _back(request, found, _("What you found is recorded."))
    kind = SilenceKind(flag.kind).label
    says = [
        str(silence_flags.SAYS),
        _("From the last assessment and the tests it looks like this: %(kind)s.") % {"kind": kind},
    ]
    return _act(request, found, _("Why is it silent here?"), form, says)


@get_and_post
def agree(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Agree one action after the newest visit that both assessors have handed in."""
    found, _audience = _mine(request, pk)
    visit = (
        Assessment.objects.exclude(kind=Kind.SELF)
        .filter(factory=found, stage__in=actions.AGREED_FROM)
        .select_related("tool", "factory__country")
        .first()
    )
    if visit is None:
        raise Http404
    of = tool.of_assessment(visit)
    indicators = [(one.code, of.text(one.title)) for one in of.indicators]
    form = plan_forms.AgreeForm(request.POST or None, indicators=indicators)
    if request.method == "POST" and form.is_valid():
        try:
            actions.agree(visit, **form.cleaned_data, by=request.user, at=clock.now())
        except VisitRefused as refused:
            form.add_error(None, refused.message)
        else:
            return _back(request, found, _("Agreed. Its day is on the clock."))
    weak = selector.weakest_critical(visit)
    says = (
        [_("The weakest critical indicators: %(names)s.") % {"names": "; ".join(f"{c} {n}" for c, n in weak)}]
        if weak
        else []
    )
    return _act(request, found, _("Agree an action"), form, says)


STEPS: dict[str, tuple[Any, Any]] = {
    "done": (plan_forms.DoneForm, actions.say_done),
    "confirm": (plan_forms.ConfirmForm, actions.verify),
    "not-done": (plan_forms.NotDoneForm, actions.not_done),
    "drop": (plan_forms.DropForm, actions.drop),
}


@get_and_post
def action(request: StaffRequest, pk: UUID, step: str) -> HttpResponse:
    """Take one step with an agreed action; people of the factory may say that it is done."""
    one = get_object_or_404(AgreedAction.objects.select_related("factory__country", "factory__advisor"), pk=pk)
    leads = access.works_for(request.user, one.factory)
    if step not in STEPS or not (leads or (step == "done" and actions.may_say_done(request.user, one))):
        raise Http404
    form_class, act = STEPS[step]
    form = form_class(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at: datetime = clock.now()
        try:
            act(one, *form.cleaned_data.values(), by=request.user, at=at)
        except VisitRefused as refused:
            form.add_error(None, refused.message)
        else:
            return _back(request, one.factory, _("Saved."), leads=leads)
    says = [one.what]
    if one.evidence:
        says.append(_("What was said to show it: %(evidence)s") % {"evidence": one.evidence})
    titles = {
        "done": _("Is this done?"),
        "confirm": _("Confirm that this is done"),
        "not-done": _("Is this not done after all?"),
        "drop": _("Drop this action"),
    }
    return _act(request, one.factory, titles[step], form, says, leads=leads)


# ---------------------------------------------------------------------------------------------------------


def _found(pk: UUID) -> Factory:
    return get_object_or_404(Factory.objects.select_related("country", "package"), pk=pk)


def _mine(request: StaffRequest, pk: UUID) -> tuple[Factory, Audience]:
    """Return the factory and as whom this person reads it; 404 for everybody else."""
    found = _found(pk)
    if access.is_its_advisor(request.user, found):
        return found, Audience.ADVISOR
    if access.is_its_expert(request.user, found):
        return found, Audience.EXPERT
    raise Http404


def _act(
    request: StaffRequest, found: Factory, title: str, form: Any, says: list[str] | None = None, *, leads: bool = True
) -> HttpResponse:
    """Show one form on a page of its own, with what has to be read first; what was typed stays."""
    back = reverse("assessments:factory" if leads else "assessments:mine_of", args=[found.pk])
    context = {"factory": found, "title": title, "form": form, "says": says or [], "back": back}
    status = 400 if form.is_bound else 200
    return render(request, "assessments/act.html", context, status=status)


def _back(request: StaffRequest, found: Factory, words: str, *, leads: bool = True) -> HttpResponse:
    messages.success(request, words)
    return redirect("assessments:factory" if leads else "assessments:mine_of", found.pk)
