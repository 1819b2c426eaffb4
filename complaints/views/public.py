"""The pages anybody may open: the neutral first page, the one page on which a worker tells, and the ways out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from complaints import codes, intake, questions, receipts, said, slots, typed, visits
from complaints.answers import Answers
from complaints.codes import Words
from complaints.forms import Asked, TellForm
from complaints.views import worker
from complaints.views.worker import WorkerRequest, show, worker_page
from factories import clock, holiday_names, matching, packs, providers, roster
from factories.models import CountryPack, Factory

CLEARED = '"cache", "cookies", "storage"'
HOLIDAYS_SHOWN = 8


@require_safe
@worker_page
def front(request: HttpRequest, country: str = "") -> HttpResponse:
    """An information site, to whoever looks over her shoulder."""
    if country:
        return show(request, "front", country)
    packs = list(CountryPack.objects.live())
    if len(packs) == 1:
        return show(request, "front", packs[0].pk)
    return show(request, "front", "", {"packs": packs})


@require_safe
@worker_page
def rights(request: HttpRequest, country: str = "") -> HttpResponse:
    """Rights at work, in plain words; on the page of a live country also its law and the roads outside."""
    pack: CountryPack | None = getattr(request, "pack", None)
    if pack is None:
        return show(request, "rights", country)
    law = {"law": packs.in_plain_words(pack.pk), "roads": packs.outside_roads(pack.pk)}
    return show(request, "rights", country, {**law, "is_trial": pack.review_is_fictional})


@require_safe
@worker_page
def get_help(request: WorkerRequest, country: str) -> HttpResponse:
    """Services vetted for this country, and what helps at once. Nobody has to tell anything first."""
    assert request.pack is not None
    return show(request, "help", country, {"services": services(request.pack, clock.now())})


@require_safe
@worker_page
def holidays(request: HttpRequest, country: str = "") -> HttpResponse:
    """The neutral page: the next public holidays and rights at work."""
    code = (country or request.GET.get("c", "") or _only_country()).upper()
    days: list[tuple[Any, str]] = []
    if len(code) == 2 and code.isascii() and code.isalpha():
        days = list(itertools.islice(holiday_names.after(code, clock.now()), HOLIDAYS_SHOWN))
    return show(request, "holidays", code if days else "", {"days": days})


def _only_country() -> str:
    """Return a country for whoever came without one; empty where there is none."""
    pack = CountryPack.objects.live().first()
    return pack.pk if pack else ""


# Leaving must work from everywhere, at once, also where a page is old: it changes nothing but ends a visit.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@worker_page
def leave(request: HttpRequest) -> HttpResponse:
    """Quick exit: end the visit, clear what the browser keeps, and show the neutral page instead."""
    code = request.GET.get("c", "")[:2].lower()
    code = code if len(code) == 2 and code.isascii() and code.isalpha() else ""
    where = reverse("complaints:holidays_of", args=[code]) if code else reverse("complaints:holidays")
    asked = request.GET.get("lang", "")
    if asked in worker.LANGUAGE_NAMES:
        where += f"?lang={asked}"
    response = HttpResponseRedirect(where, status=303)
    visits.end_visit(request, response)
    response.headers["Clear-Site-Data"] = CLEARED
    return response


def services(pack: CountryPack, at: datetime) -> providers.Directory | None:
    """Services of a country that are open for referrals, by kind; nothing while the database is away."""
    try:
        return providers.directory(pack, at=at)
    except (OperationalError, InterfaceError):
        return None


def _reads_next(pack: CountryPack, at: datetime) -> str:
    """Say when somebody outside reads next, from the roster; nothing while the database is away."""
    try:
        return roster.sentence(pack, at)
    except (OperationalError, InterfaceError):
        return ""


# ---------------------------------------------------------------------------------------------------------
# Telling: one GET, one POST


# A cookie would tell whoever holds the phone that she was here. The signed token in the form, minted for
# this page and good for twelve hours, stands where the CSRF cookie stands elsewhere.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def tell(request: WorkerRequest, country: str) -> HttpResponse:
    """The one page: fetched once, sent once. It can also be shown again, in another language or with a preview."""
    pack, at = request.pack, clock.now()
    assert pack is not None
    if request.method != "POST":
        return _page(request, pack, TellForm(initial={"language": _language()}), at=at, minted=intake.mint(at))
    try:
        posted = request.POST.copy()
    except (RequestDataTooBig, TooManyFieldsSent):
        return _page(
            request, pack, TellForm(), at=at, minted=intake.mint(at), status=413,
            notices=[_("That was more text than this page can hold. Please write it shorter.")],
        )  # fmt: skip
    posted["language"] = _language()
    if "insist" in posted and posted["insist"] == "show":
        posted["insist"] = "yes"
        posted["show"] = "1"
    form = TellForm(posted)
    try:
        receipt = intake.read_token(str(posted.get("token", "")), at=at)
    except intake.TokenRefused as refused:
        return _page(
            request, pack, form, at=at, minted=intake.mint(at), notices=[refused.message], status=409,
            new_number=True,
        )  # fmt: skip
    minted = intake.Minted(receipt, str(posted["token"]))
    if "lang" in posted:
        return _page(request, pack, form, at=at, minted=minted, quiet=True)
    if "show" in posted:
        return _preview(request, pack, form, at=at, minted=minted, alone="part" in posted)
    if not form.is_valid():
        return _page(request, pack, form, at=at, minted=minted, status=422)
    return _send(request, pack, form, at=at, minted=minted)


def _send(
    request: HttpRequest, pack: CountryPack, form: TellForm, *, at: datetime, minted: intake.Minted
) -> HttpResponse:
    try:
        answers = form.answers(country=pack.pk, factory=_factory(form, pack))
        filed = intake.file_complaint(answers, token=minted.token, at=at)
    except intake.TokenRefused as refused:
        return _page(
            request, pack, form, at=at, minted=intake.mint(at), notices=[refused.message], status=409,
            new_number=True,
        )  # fmt: skip
    except intake.AlreadyArrived as arrived:
        return show(request, "arrived_before", pack.pk, {"message": arrived.message}, alone=True)
    except (intake.Refused, slots.Full) as refusal:
        full = isinstance(refusal, slots.Full)
        return _page(request, pack, form, at=at, minted=minted, notices=[refusal.message], status=503 if full else 422)
    except (OperationalError, InterfaceError):
        # Nothing was filed and nothing is kept here: her words go back to her phone, on the same page.
        words = _("We could not take it just now. It was not sent. Your words are still on this page.")
        again = _("Please wait a minute. Then press Send again.")
        return _page(request, pack, form, at=at, minted=minted, notices=[words, again], status=503)
    return show(
        request,
        "arrival",
        pack.pk,
        {
            "filed": filed,
            "groups": receipts.grouped(filed.receipt).split(),
            "token": receipts.sign(filed.receipt, at=at),
            "shopping": shopping_note(filed.receipt),
            "asks_share": filed.case.with_factory and not answers.consents.get("share_pictures"),
        },
        alone=True,
    )


def _preview(
    request: HttpRequest, pack: CountryPack, form: TellForm, *, at: datetime, minted: intake.Minted, alone: bool
) -> HttpResponse:
    """Show reader by reader what they will see; nothing is stored. `alone`: for the script, without the page."""
    form.is_valid()
    try:
        answers = form.answers(country=pack.pk, factory=_factory(form, pack))
        preview = preview_context(answers, intake.preview(answers, at=at)) if answers.route else {}
    except (OperationalError, InterfaceError):
        words = _("We cannot show this just now. Your words are still on this page. Please try again.")
        return _page(request, pack, form, at=at, minted=minted, notices=[words], quiet=True, status=503)
    preview["problems"] = problems(form)
    if alone:
        return show(request, "_preview", pack.pk, {"preview": preview})
    return _page(request, pack, form, at=at, minted=minted, preview=preview, quiet=True)


def preview_context(answers: Answers, preview: intake.Preview) -> dict[str, Any]:
    """Lay what each reader can open beside what she answered."""
    words = said.by_compartment(answers)
    return {
        "answers": answers,
        "made": preview,
        "conduct": said.conduct(answers),
        "route": codes.Route(preview.route),
        "chosen": codes.Route(preview.chosen_route),
        "place_unknown": bool(answers.place_text) and answers.factory is None,
        "zawgyi": any(typed.looks_like_zawgyi(text) for text in (answers.own_words, answers.more_words)),
        "struck": [(role, words) for role, words in intake.ROLE_WORDS.items() if role in answers.struck_out],
        "readers": [
            {
                "role": reader.role,
                "label": reader.label,
                "may_strike": reader.may_strike,
                "reads": [(label, words.get(kind, []), said.ANCHORS.get(kind, "")) for kind, label in reader.reads],
                "hidden": [(label, said.ANCHORS.get(kind, "")) for kind, label in reader.hidden],
            }
            for reader in preview.readers
        ],
    }


def _factory(form: TellForm, pack: CountryPack) -> Factory | None:
    """The factory she means, only where that is certain."""
    text = form.said("place_text")
    if not text or form.said("place_kind"):
        return None
    match = matching.find(text, pack.pk)
    return match.factory if match.certain else None


def _language() -> str:
    from django.utils import translation

    return translation.get_language() or "en"


def problems(form: TellForm) -> list[tuple[str, str]]:
    """Every error with the place on the page where it is put right."""
    anchors = {"route": "q12", "share_choice": "q12"}
    found = []
    for field, errors in form.errors.items():
        question = questions.BY_FIELD.get(field)
        anchor = anchors.get(field) or (question.code.lower() if question else "start")
        found += [(anchor, str(error)) for error in errors]
    return found


def _page(
    request: HttpRequest,
    pack: CountryPack,
    form: TellForm,
    *,
    at: datetime,
    minted: intake.Minted,
    notices: Sequence[Words] | None = None,
    preview: dict[str, Any] | None = None,
    quiet: bool = False,
    new_number: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Show the form with everything she typed. `quiet`: without the errors of what is not answered yet."""
    asked = {question.field: Asked(question, form) for question in questions.ALL}
    if quiet or new_number:
        for one in asked.values():
            one.errors = []
    context = {
        "form": form,
        "asked": asked,
        "danger_more": [asked[question.field] for question in questions.DANGER_MORE],
        "danger_when": questions.DANGER_WHEN,
        "freedom": [asked[question.field] for question in questions.FREEDOM],
        "freedom_open": any(form.said(question.field) for question in questions.FREEDOM),
        "contact": [asked[question.field] for question in questions.CONTACT],
        "contact_open": form.said("contact_kind") not in ("", "none") or bool(form.said("name")),
        "shares": [asked[question.field] for question in questions.SHARES],
        "routes": [(route, form.said("route") == route) for route in codes.Route],
        "share_choices": [(choice, form.said("share_choice") == choice) for choice in codes.ShareChoice],
        "route_errors": [] if quiet or new_number or not form.is_bound else form.errors.get("route", []),
        "share_errors": [] if quiet or new_number or not form.is_bound else form.errors.get("share_choice", []),
        "insist": form.said("insist") == "yes",
        "problems": [] if quiet or new_number or not form.is_bound else problems(form),
        "notices": notices or [],
        "new_number": new_number,
        "preview": preview,
        "started": form.is_bound,
        "token": minted.token,
        "groups": receipts.grouped(minted.receipt).split(),
        "shopping": shopping_note(minted.receipt),
        "services": services(pack, at),
        "reads_next": _reads_next(pack, at),
    }
    return show(request, "tell", pack.pk, context, status=status)


def shopping_note(receipt: str) -> list[tuple[str, str]]:
    """The four groups of digits as prices on a note that anybody may see."""
    things = (_("Rice"), _("Fish"), _("Soap"), _("Vegetables"))
    return list(zip(things, receipts.grouped(receipt).split(), strict=False))


@csrf_exempt  # As on the form before it: the token stands where a cookie would.
@require_http_methods(["POST"])
@worker_page
def typed_back(request: HttpRequest, country: str) -> HttpResponse:
    """She types the number once, to be sure. A slip is only shown; nothing is stored or counted."""
    try:
        receipt = intake.read_token(request.POST.get("token", ""), at=clock.now())
    except intake.TokenRefused:
        return HttpResponseRedirect(reverse("complaints:leave") + f"?c={country}", status=303)
    try:
        same = receipts.read_number(request.POST.get("typed", "")[:200]) == receipt
    except receipts.Slip:
        same = False
    context = {
        "same": same,
        "groups": receipts.grouped(receipt).split(),
        "token": request.POST["token"],
        "asks_share": "asks_share" in request.POST,
    }
    return show(request, "typed_back", country, context, alone=True)
