"""What a factory counts about its own work, quarter by quarter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import StaffRequest
from factories import clock
from factories import package_forms as shapes
from factories.models import ChannelTest, Factory, WorkerSurvey
from factories.package import access, catalogue, learning, promises
from factories.views.package_common import accepted, led_factory, one_factory, readers_only, show

SHOWN = 20

# Kind: its form, the service, its title, and whether people of the factory may count it themselves.
KINDS: dict[str, tuple[type[shapes.Sent], Callable[..., object], Any, bool]] = {
    "training": (shapes.TrainingForm, learning.record_training, gettext_lazy("People trained"), True),
    "committee": (shapes.CommitteeForm, learning.record_committee, gettext_lazy("The committee"), True),
    "knowledge": (shapes.KnowledgeForm, learning.record_knowledge, gettext_lazy("Knowledge before and after"), True),
    "survey": (shapes.SurveyForm, learning.record_survey, gettext_lazy("A survey of workers"), False),
    "test": (shapes.ChannelTestForm, learning.send_test, gettext_lazy("A test complaint"), False),
    "drill": (shapes.DrillForm, learning.record_drill, gettext_lazy("A practice case"), False),
    "place": (shapes.PlaceForm, learning.record_place_check, gettext_lazy("What is in place"), False),
}


@require_safe
@readers_only
def learn(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show what is recorded, and the forms one may fill in."""
    return _page(request, one_factory(request, pk))


@require_POST
@readers_only
def learn_record(request: StaffRequest, pk: UUID, kind: str) -> HttpResponse:
    """Record one count."""
    if kind not in KINDS:
        raise Http404
    found = one_factory(request, pk)
    _shape, record, _title, by_factory = KINDS[kind]
    leads = access.leads(request.user, found)
    if not (leads or (by_factory and access.works_at(request.user, found))):
        raise PermissionDenied
    form = _form(kind, found, request.POST)
    if accepted(request, form, lambda typed, at: record(found, **typed, by=request.user, at=at), _("Recorded.")):
        return redirect("package:learning", pk=pk)
    return _page(request, found, failed=(kind, form))


@require_POST
@readers_only
def learn_later(request: StaffRequest, pk: UUID, what: str, one: UUID) -> HttpResponse:
    """Note the day of an answer to a test complaint, or on which workers were told of a survey."""
    found, form = led_factory(request, pk), shapes.OnForm(request.POST)
    if what == "test":
        test = get_object_or_404(ChannelTest, pk=one, factory=found)
        accepted(
            request,
            form,
            lambda typed, at: learning.record_answer(test, **typed, by=request.user, at=at),
            _("Recorded."),
        )
    elif what == "survey":
        survey = get_object_or_404(WorkerSurvey, pk=one, factory=found)
        survey.factory = found
        accepted(
            request,
            form,
            lambda typed, at: learning.survey_told(survey, **typed, by=request.user, at=at),
            _("Recorded."),
        )
    else:
        raise Http404
    if form.errors:
        return _page(request, found, refused=[str(said) for some in form.errors.values() for said in some])
    return redirect("package:learning", pk=pk)


def _form(kind: str, factory: Factory, typed: Any = None) -> shapes.Sent:
    shape, today = KINDS[kind][0], promises.local_day(factory, clock.now())
    if issubclass(shape, shapes.QuarterForm):
        form: shapes.Sent = shape(typed, quarters=learning.quarters(today))
    else:
        form = shape(
            typed, initial={name: today for name in ("on", "sent_on", "checked_on") if name in shape.base_fields}
        )
    form.helper.form_action = reverse("package:learning_record", args=[factory.pk, kind])
    return form


def _page(
    request: StaffRequest,
    factory: Factory,
    *,
    failed: tuple[str, shapes.Sent] | None = None,
    refused: list[str] | None = None,
) -> HttpResponse:
    leads, works_here = access.leads(request.user, factory), access.works_at(request.user, factory)
    forms = [
        {
            "title": title,
            "form": failed[1] if failed and failed[0] == kind else _form(kind, factory),
            "open": bool(failed and failed[0] == kind),
        }
        for kind, (_shape, _record, title, by_factory) in KINDS.items()
        if leads or (by_factory and works_here)
    ]
    answered, anonymous = catalogue.tests_needed()
    return show(
        request,
        "learning",
        factory,
        {
            "forms": forms,
            "refused": refused or [],
            "training": factory.training_counts.order_by("-quarter", "group")[:SHOWN],
            "committee": factory.committee_counts.all()[:SHOWN],
            "knowledge": factory.knowledge_tests.all()[:SHOWN],
            "surveys": factory.worker_surveys.all()[:SHOWN],
            "tests": factory.channel_tests.all()[:SHOWN],
            "drills": factory.drills.all()[:SHOWN],
            "places": factory.place_checks.all()[:SHOWN],
            "tests_needed": answered,
            "anonymous_needed": anonymous,
        },
    )
