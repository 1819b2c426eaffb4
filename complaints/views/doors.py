"""Other doors than the web: a handler writes a complaint down with or for a worker. Workflow, section 3.1."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.requests import StaffRequest
from complaints import codes, intake, questions, receipts, slots
from complaints.door_forms import WrittenDownAtFactoryForm, WrittenDownForm
from complaints.forms import Asked
from complaints.views.public import shopping_note
from factories import clock, matching, people
from factories.models import CountryPack, Factory, Membership, OutsideRole


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def write_down(request: StaffRequest) -> HttpResponse:
    """Ask her questions with her, or fill in only what a paper says; then show the number once, to hand over."""
    at = clock.now()
    at_factories = _their_factories(request)
    country = _country(request) if not at_factories else at_factories[0].country
    if country is None:
        raise Http404
    form_class = WrittenDownAtFactoryForm if at_factories else WrittenDownForm
    if request.method != "POST":
        initial = {"where": str(at_factories[0].pk) if len(at_factories) == 1 else "", "her_language": country.language}
        return _page(request, form_class(factories=at_factories, initial=initial), minted=intake.mint(at))
    form = form_class(request.POST, factories=at_factories)
    try:
        minted = intake.Minted(intake.read_token(str(request.POST.get("token", "")), at=at), request.POST["token"])
    except intake.TokenRefused as refused:
        return _page(request, form, minted=intake.mint(at), notices=[str(refused.message)], status=409)
    if not form.is_valid():
        return _page(request, form, minted=minted, status=422)
    factory = form.factories[form.said("where")] if at_factories else _meant(form, country)
    answers = form.told(country=factory.country_id if factory else country.pk, factory=factory)
    try:
        members = form.cleaned_data.get("members") or 1
        filed = intake.file_complaint(answers, token=minted.token, at=at, by=request.user, members=members)
    except intake.AlreadyArrived:
        return render(request, "complaints/casework/written_down.html", {"arrived_before": True})
    except (intake.Refused, slots.Full) as refusal:
        full = isinstance(refusal, slots.Full)
        return _page(request, form, minted=minted, notices=[str(refusal.message)], status=503 if full else 422)
    context = {
        "filed": filed,
        "slips": [
            (receipts.grouped(number).split(), shopping_note(number)) for number in (filed.receipt, *filed.others)
        ],
        "holds": form.said("holds"),
        "country": filed.case.country_id.lower(),
        "with_factory": filed.case.with_factory,
    }
    return render(request, "complaints/casework/written_down.html", context)


def may_write_down(request: StaffRequest) -> bool:
    """Handlers of a live factory, and technical experts."""
    return bool(people.roles_of(request.user) & {*people.FACTORY_HANDLERS, OutsideRole.TECHNICAL_EXPERT})


def _their_factories(request: StaffRequest) -> list[Factory]:
    mine = Membership.objects.current().filter(person=request.user, role__in=people.FACTORY_HANDLERS)
    live = Factory.objects.live().filter(memberships__in=mine).select_related("country").order_by("name_key")
    return list(live.distinct())


def _country(request: StaffRequest) -> CountryPack | None:
    if not people.is_expert(request.user):
        return None
    countries = people.countries_of(request.user, OutsideRole.TECHNICAL_EXPERT)
    asked = request.GET.get("country", "") or request.POST.get("country", "")
    found = CountryPack.objects.filter(pk__in=countries).order_by("-status", "name")
    return found.filter(pk=asked).first() or found.filter(status="live").first() or found.first()


def _meant(form: WrittenDownForm, country: CountryPack) -> Factory | None:
    text = form.said("place_text")
    return matching.find(text, country.pk).factory if text and not form.said("place_kind") else None


def _page(
    request: StaffRequest,
    form: WrittenDownForm,
    *,
    minted: intake.Minted,
    notices: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = {question.field: Asked(question, form) for question in form.asked if question.field in form.fields}

    def ask(*fields: Any) -> list[Asked]:
        return [asked[one.field] for one in fields if one.field in asked]

    context = {
        "form": form,
        "sections": [
            (_("Where"), ask(questions.PLACE, questions.PLACE_KIND)),
            (_("Who tells"), ask(questions.WHO, questions.PERSON_KNOWS, questions.WRITE_THROUGH_ME)),
            (_("Is she safe"), ask(questions.DANGER, *questions.DANGER_MORE, questions.AGE)),
            (_("What happened"), ask(questions.WHAT, questions.OWN_WORDS, questions.PRESSURE)),
            (_("Where and when"), ask(questions.PLACES, questions.LAST_TIME, questions.FREQUENCY)),
            (_("Who did it"), ask(questions.JOB, questions.PERSON_NAME)),
            (_("Who must not see it"), ask(questions.EXCLUDE, questions.EXCLUDE_ROLES, questions.EXCLUDE_NAME)),
            (_("What she wants"), ask(questions.WISHES, questions.MORE)),
            (_("Freedom at work"), ask(*questions.FREEDOM)),
            (_("How to reach her, if she wants that"), ask(questions.CONTACT_KIND, *questions.CONTACT, questions.NAME)),
        ],
        "routes": [(route, form.said("route") == route) for route in codes.Route],
        "share_choices": [(choice, form.said("share_choice") == choice) for choice in codes.ShareChoice],
        "shares": ask(*questions.SHARES),
        "at_factory": isinstance(form, WrittenDownAtFactoryForm),
        "notices": notices or [],
        "problems": [str(error) for errors in form.errors.values() for error in errors] if form.is_bound else [],
        "token": minted.token,
    }
    return render(request, "complaints/casework/write_down.html", context, status=status)
