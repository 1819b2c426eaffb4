"""Her pictures: added from her page or from the one that says a complaint has arrived, and shown to her again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from redis.exceptions import RedisError

from complaints import compartments, pictures, receipts, slots, visits, workflow
from complaints.codes import CompartmentKind, Words
from complaints.models import Receipt
from complaints.selectors import hers
from complaints.views.hers import AWAY, NOT_FOUND, OVER, entry_page, her_page, language_of, show_hers, to
from complaints.views.worker import worker_page
from complaints.visits import Visit
from complaints.workflow import StepRefused
from factories import clock


# With her visit, or, on the page that says a complaint has arrived, with the signed token that carried its number: both
# prove that it is hers, and filing needs no cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def picture(request: HttpRequest) -> HttpResponse:
    """Add one picture: cleaned, shown to her, sealed. Told to have arrived means written to the database."""
    with translation.override(language_of(request)):
        if request.method == "POST" and not request.POST:
            return _far_too_large(request)
        token = str(request.POST.get("token", "")) if request.method == "POST" else ""
        if token:
            try:
                return _picture_on_arrival(request, token)
            except (RedisError, OperationalError, InterfaceError):
                return _picture_page(request, None, token=token, notices=[AWAY], status=503)
    return _picture_on_visit(request)


@her_page
def _picture_on_visit(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method != "POST":
        return _picture_page(request, visit)
    try:
        added = _add(request, visit)
    except (pictures.PictureRefused, StepRefused) as refusal:
        return _picture_page(request, visit, notices=[refusal.message], status=422)
    return to("my_picture", see=str(added))


def _far_too_large(request: HttpRequest) -> HttpResponse:
    """Nothing of the form was taken, not even its keys: say why, and where to go on."""
    try:
        visit = visits.visit_of(request)
    except RedisError:
        visit = None
    return _picture_page(request, visit, notices=[pictures.TOO_LARGE], status=413)


def _picture_on_arrival(request: HttpRequest, token: str) -> HttpResponse:
    try:
        keys = receipts.keys_of(receipts.read_token(token, at=clock.now()), waiting=slots.RECEIPT)
    except receipts.TokenRefused:
        return entry_page(request, notices=[OVER], status=403)
    except slots.Full as full:
        return _picture_page(request, None, token=token, notices=[full.message], status=503)
    receipt = Receipt.objects.filter(lookup=keys.lookup).select_related("case__country").first()
    if receipt is None:
        return entry_page(request, notices=[NOT_FOUND], status=422)
    visit = Visit(UUID(int=0), receipt, keys.pair.private)
    try:
        added = _add(request, visit)
    except (pictures.PictureRefused, StepRefused) as refusal:
        return _picture_page(request, None, token=token, case=visit.case, notices=[refusal.message], status=422)
    response = to("my_picture", see=str(added))
    try:
        visits.open_visit(response, receipt, keys.pair)
    except RedisError:
        done = _("Your picture has arrived. You can see it on your page later.")
        return _picture_page(request, None, token=token, case=visit.case, done=done)
    return response


def _add(request: HttpRequest, visit: Visit) -> UUID:
    """Clean and seal one picture, after the consent that came with it. Returns its id; it is committed by then."""
    answer = request.POST.get("share_pictures")
    with pictures.cleaned(request.FILES.get("picture")) as cleaned:  # type: ignore[arg-type]
        at = clock.now()
        if answer == "yes" and visit.case.with_factory:
            workflow.change_consents(visit.case, visit.holder, wanted={"share_pictures": True}, at=at)
        return workflow.add_picture(visit.case, picture=cleaned, at=at).pk


def _picture_page(
    request: HttpRequest,
    visit: Visit | None,
    *,
    token: str = "",
    case: Any = None,
    notices: list[Words] | None = None,
    done: Words = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"token": token, "notices": notices or [], "done": done}
    case = visit.case if visit else case
    if visit:
        at = clock.now()
        context["pictures"] = hers.pictures_of(visit.case, visit.holder.grants(visit.case))
        context["see"] = next((one for one in context["pictures"] if str(one.id) == request.GET.get("see")), None)
        context["seen_when"] = hers.seen_when(visit.case, at=at)
    if case is not None:
        shared = workflow.consents_of(case).get("share_pictures", False)
        context["asks_share"] = case.with_factory and not shared and not context.get("pictures")
        context["case"] = case
    return show_hers(request, "picture", context, visit=visit, status=status)


@require_safe
@her_page
def picture_itself(request: HttpRequest, visit: Visit, picture: UUID) -> HttpResponse:
    """One picture of hers, opened for this one answer."""
    found = compartments.take_out(visit.case, visit.holder, [CompartmentKind.PICTURES], at=clock.now(), only=picture)
    if not found or not found[0].picture:
        raise Http404
    response = HttpResponse(found[0].picture, content_type="image/jpeg")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    return response
