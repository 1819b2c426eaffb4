"""Her own pages: in with the receipt, read, write, share, move, pause. One cookie, which ends with the visit."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from redis.exceptions import RedisError

from complaints import compartments, pictures, receipts, slots, visits, workflow
from complaints.codes import SHARE_CONSENTS, CompartmentKind, Route, Words
from complaints.inbox_forms import ConsentsForm, EntryForm, LetterForm, RouteForm
from complaints.models import Receipt
from complaints.receipts import Slip
from complaints.selectors import hers
from complaints.views import worker
from complaints.views.public import services
from complaints.views.worker import worker_page
from complaints.visits import Visit
from complaints.workflow import StepRefused
from factories import clock, roster

NOT_FOUND: Words = _lazy("We do not find this number. If you have just sent, it did not arrive: send again.")
OVER: Words = _lazy("Your visit has ended, to keep you safe. Please type your number again.")
AWAY: Words = _lazy("Your page cannot open just now. It is our fault, not yours. Please try again in a few minutes.")
OLD_PAGE: Words = _lazy("This page was old. Nothing was done. Please look, and press again.")
TOO_LONG: Words = _lazy("That was more text than this page can hold. Please write it shorter.")
# What her page says at its top after a step. The address carries only the short name.
DONE: dict[str, Words] = {
    "sent": _lazy("Your message has arrived."),
    "help": _lazy("The outside team has been told. Please go to a safe place if you can."),
    "shared": _lazy("It is changed. What you took back is closed at once."),
    "moved": _lazy("Your case is outside the factory now. Nobody in the factory can open it any more."),
    "paused": _lazy("We have paused it. It stops tomorrow unless you change your mind."),
    "on": _lazy("It goes on."),
    "handed": _lazy("Your case goes to the committee in your factory."),
    "route": _lazy("It starts now."),
}

Page = Callable[..., HttpResponse]


# --- The frame of her pages ---------------------------------------------------------------------------------------


def language_of(request: HttpRequest) -> str:
    """The language asked for, else that of the country she came from, else what the browser likes."""
    for asked in (request.GET.get("lang"), _posted(request, "lang"), _posted(request, "language")):
        if asked in worker.LANGUAGE_NAMES:
            return str(asked)
    return worker.default_language(request.GET.get("c", "")[:2].lower()) or translation.get_language() or "en"


def _posted(request: HttpRequest, name: str) -> str:
    try:
        return str(request.POST.get(name, ""))
    except (RequestDataTooBig, TooManyFieldsSent):
        return ""


def her_page(view: Page) -> Page:
    """Open a page to whoever has a visit, and keep what she typed for whoever has none any more.

    A form counts only with the visit's own key in it, which no other site can know. Django's forgery check would set
    a second cookie; hers is the one that ends with the visit.
    """

    @csrf_exempt
    @worker_page
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(language_of(request)):
            try:
                return _with_visit(view, request, *args, **kwargs)
            except RedisError:
                return _entry(request, notices=[AWAY], kept=_kept(request, view), status=503)
            except (OperationalError, InterfaceError):
                return _entry(request, notices=[AWAY], kept=_kept(request, view), status=503)

    return page


def _with_visit(view: Page, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    visit = visits.visit_of(request)
    if visit is None:
        if request.method != "POST" and not visits.came_with_cookie(request):
            # Nobody was here: after leaving, Back shows the information site and nothing else.
            return HttpResponseRedirect(reverse("complaints:front"), status=303)
        return _entry(request, notices=[OVER], kept=_kept(request, view), status=403)
    if visit.receipt.must_be_replaced and view.__name__ not in ("new_number", "number_typed"):
        return _to("my_number")
    if request.method == "POST":
        try:
            form_key = str(request.POST.get("form", ""))
        except (RequestDataTooBig, TooManyFieldsSent):
            return _case_page(request, visit, notices=[TOO_LONG], status=413)
        if not visit.made(form_key):
            return _case_page(request, visit, notices=[OLD_PAGE], typed=_posted(request, "text"), status=409)
    return view(request, visit, *args, **kwargs)


def _kept(request: HttpRequest, view: Page) -> dict[str, str]:
    """What she had typed when there was no visit: it goes back to her phone in the entry form, and nowhere else."""
    text = _posted(request, "text")
    waits_for = {"write": "write", "not_safe": "help"}.get(view.__name__, "")
    return {"kept_for": waits_for, "text": text} if waits_for and text else {}


def _show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    visit: Visit | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render one of her pages. Each carries its language on, because no cookie remembers it."""
    country = visit.case.country_id if visit else request.GET.get("c", "")[:2]
    country = country.lower() if len(country) == 2 and country.isascii() and country.isalpha() else ""
    shared = {
        "lang_query": f"?lang={translation.get_language() or 'en'}",
        "form_key": visit.form_key if visit else "",
        "visit": visit is not None,
        "posted": request.method == "POST",
    }
    return worker.show(request, template, country, shared | (context or {}), status=status, alone=True, room="inbox")


def _to(name: str, **query: str) -> HttpResponse:
    query = {"lang": translation.get_language() or "en"} | query
    return HttpResponseRedirect(f"{reverse(f'complaints:{name}')}?{urlencode(query)}", status=303)


# --- In with the receipt ------------------------------------------------------------------------------------------


# No cookie exists before this form, so none can vouch for it. Whoever makes a stranger's browser send it can only let
# that stranger in with a number the sender knows already: nothing of hers is reached by it, and her cookie is not sent
# along from other sites.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def enter(request: HttpRequest) -> HttpResponse:
    """Take her number, in any of five kinds of digits, and open her visit. A failed try leaves no trace anywhere."""
    with translation.override(language_of(request)):
        if request.method != "POST":
            return _entry(request)
        form = EntryForm(request.POST)
        form.is_valid()
        typed = str(request.POST.get("number", ""))[:200]
        kept = {"kept_for": form.cleaned_data["kept_for"], "text": form.cleaned_data["text"]}
        if "lang" in request.POST:
            return _entry(request, typed=typed, kept=kept)
        try:
            return _enter(request, typed, kept)
        except Slip as slip:
            return _entry(request, notices=[slip.message], typed=typed, kept=kept, status=422)
        except slots.Full as full:
            return _entry(request, notices=[full.message], typed=typed, kept=kept, status=503)
        except (RedisError, OperationalError, InterfaceError):
            return _entry(request, notices=[AWAY], typed=typed, kept=kept, status=503)


def _enter(request: HttpRequest, typed: str, kept: dict[str, str]) -> HttpResponse:
    keys = receipts.keys_of(receipts.read_number(typed), waiting=slots.RECEIPT)
    receipt = Receipt.objects.filter(lookup=keys.lookup).select_related("case__country").first()
    if receipt is None:
        return _entry(request, notices=[NOT_FOUND], typed=typed, kept=kept, status=422)
    at = clock.now()
    if receipt.is_next:
        receipt = workflow.first_use(receipt, at=at)
    said = ""
    if kept["text"] and kept["kept_for"]:
        step = {"write": workflow.write, "help": workflow.say_not_safe}[kept["kept_for"]]
        try:
            step(receipt.case, text=kept["text"], at=at)
            said = {"write": "sent", "help": "help"}[kept["kept_for"]]
        except StepRefused as refusal:
            return _entry(request, notices=[refusal.message], typed=typed, kept=kept, status=409)
    response = _to("my_case", **({"n": said} if said else {}))
    visits.open_visit(response, receipt, keys.pair)
    return response


def _entry(
    request: HttpRequest,
    *,
    notices: list[Words] | None = None,
    typed: str = "",
    kept: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page that asks for the number; what she typed is still on it."""
    context = {"notices": notices or [], "typed": typed, "kept": kept or {}}
    return _show(request, "enter", context, status=status)


# --- Her page -----------------------------------------------------------------------------------------------------


@require_safe
@her_page
def case(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where it stands, what was promised, who read what, the messages, and her buttons."""
    done = DONE.get(request.GET.get("n", ""))
    return _case_page(request, visit, done=done, all_letters="all" in request.GET)


def _case_page(
    request: HttpRequest,
    visit: Visit,
    *,
    done: Words | None = None,
    notices: list[Words] | None = None,
    typed: str = "",
    all_letters: bool = False,
    status: int = 200,
) -> HttpResponse:
    page = hers.page_of(_fresh(visit), visit.holder, at=clock.now(), all_letters=all_letters)
    context = {"page": page, "case": page.case, "done": done, "notices": notices or [], "typed": typed}
    return _show(request, "case", context, visit=visit, status=status)


def _fresh(visit: Visit) -> Any:
    """The case as it stands after whatever a step has just refused or done."""
    visit.case.refresh_from_db(fields=["stage", "side", "route", "set_aside_at", "stop_asked_on", "stop_final_at"])
    return visit.case


def _refused(request: HttpRequest, visit: Visit, refusal: StepRefused, *, typed: str = "") -> HttpResponse:
    return _case_page(request, visit, notices=[refusal.message], typed=typed, status=409)


@require_POST
@her_page
def write(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Add a message of hers."""
    form = LetterForm(request.POST)
    typed = str(request.POST.get("text", ""))
    if "lang" in request.POST:
        return _case_page(request, visit, typed=typed)
    if not form.is_valid():
        return _case_page(request, visit, notices=list(form.errors["text"]), typed=typed, status=422)
    try:
        workflow.write(visit.case, text=form.cleaned_data["text"], at=clock.now())
    except StepRefused as refusal:
        return _refused(request, visit, refusal, typed=typed)
    return _to("my_case", n="sent")


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def not_safe(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Help first, and then, if she wants, word to the outside team at once. The system calls nobody."""
    at = clock.now()
    form = LetterForm(request.POST if request.method == "POST" else {})
    notices: list[Words] = []
    if request.method == "POST" and form.is_valid():
        try:
            workflow.say_not_safe(visit.case, text=form.cleaned_data["text"], at=at)
            return _to("my_case", n="help")
        except StepRefused as refusal:
            notices = [refusal.message]
    elif request.method == "POST":
        notices = list(form.errors["text"])
    context = {
        "notices": notices,
        "typed": request.POST.get("text", ""),
        "services": services(visit.case.country, at),
        "reads_next": roster.sentence(visit.case.country, at),
        "may": hers.what_she_may(visit.case, at=at),
        "case": visit.case,
    }
    return _show(request, "not_safe", context, visit=visit, status=422 if notices else 200)


# --- Where it goes ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def move_outside(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One page that says what follows, one button."""
    if request.method != "POST":
        return _asked(request, visit, "move_outside")
    try:
        workflow.move_outside(visit.case, visit.holder, at=clock.now())
    except StepRefused as refusal:
        return _refused(request, visit, refusal)
    return _to("my_case", n="moved")


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def sharing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Each consent with what it means: given, or taken back at once."""
    offered = hers.consents_offered(visit.case)
    if request.method != "POST":
        given = workflow.consents_of(visit.case)
        asked = [(code, given.get(code.value)) for code in offered]
        return _asked(request, visit, "sharing", asked=asked, seen_when=hers.seen_when(visit.case, at=clock.now()))
    form = ConsentsForm(request.POST, offered=offered)
    form.is_valid()
    try:
        workflow.change_consents(visit.case, visit.holder, wanted=form.changed(), at=clock.now())
    except StepRefused as refusal:
        return _refused(request, visit, refusal)
    return _to("my_case", n="shared")


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def handover(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Hand the case to the factory, as she and the outside helper talked about, consent by consent."""
    if request.method != "POST":
        return _asked(request, visit, "handover", asked=[(code, None) for code in SHARE_CONSENTS])
    form = ConsentsForm(request.POST, offered=SHARE_CONSENTS)
    form.is_valid()
    try:
        workflow.accept_handover(visit.case, visit.holder, consents=form.answers(), at=clock.now())
    except StepRefused as refusal:
        return _refused(request, visit, refusal)
    return _to("my_case", n="handed")


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def choose_route(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Do something now with a complaint that was only kept."""
    with_factory = visit.case.factory is not None and visit.case.factory.is_live
    routes = [route for route in Route if route != Route.RECORD_ONLY]
    routes = [route for route in routes if with_factory or route != Route.FACTORY_COMMITTEE]
    asked = [(code, None) for code in SHARE_CONSENTS]
    if request.method != "POST":
        return _asked(request, visit, "choose_route", routes=routes, asked=asked)
    form, answers = RouteForm(request.POST), ConsentsForm(request.POST, offered=SHARE_CONSENTS)
    form.is_valid()
    answers.is_valid()
    route = form.cleaned_data.get("route", "")
    try:
        workflow.choose_route(visit.case, visit.holder, route=route, consents=answers.answers(), at=clock.now())
    except StepRefused as refusal:
        context = {"routes": routes, "asked": asked, "chosen": route, "notices": [refusal.message]}
        return _asked(request, visit, "choose_route", status=409, **context)
    return _to("my_case", n="route")


def _asked(request: HttpRequest, visit: Visit, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Show the page that asks before a step. Where the step is not open any more, her page says how it stands."""
    may = hers.what_she_may(visit.case, at=clock.now())
    step = {"sharing": "change_consents", "handover": "accept_handover"}.get(template, template)
    if step not in may:
        return _to("my_case")
    return _show(request, template, {"case": visit.case, "may": may, **context}, visit=visit, status=status)


# --- Stopping -----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def stop(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One question: stop everything?"""
    if request.method != "POST":
        return _asked(request, visit, "stop")
    try:
        workflow.stop(visit.case, at=clock.now())
    except StepRefused as refusal:
        return _refused(request, visit, refusal)
    return _to("my_case", n="paused")


@require_POST
@her_page
def go_on(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take a stop back."""
    try:
        workflow.take_stop_back(visit.case, at=clock.now())
    except StepRefused as refusal:
        return _refused(request, visit, refusal)
    return _to("my_case", n="on")


# --- A new number -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def new_number(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Make a new number and show it once. The old one dies when the new one is first used."""
    context: dict[str, Any] = {"must": visit.receipt.must_be_replaced}
    if request.method != "POST":
        return _show(request, "new_number", context, visit=visit)
    if visit.receipt.is_next:
        return _to("my_case")
    at = clock.now()
    try:
        number = workflow.offer_new_number(visit.case, visit.holder, at=at)
    except (slots.Full, StepRefused) as refusal:
        context["notices"] = [refusal.message]
        return _show(request, "new_number", context, visit=visit, status=503)
    context |= {"groups": receipts.grouped(number).split(), "token": receipts.sign(number, at=at)}
    return _show(request, "new_number", context, visit=visit)


@require_POST
@her_page
def number_typed(request: HttpRequest, visit: Visit) -> HttpResponse:
    """She types the new number back, to be sure. A slip is only shown; nothing is stored or counted."""
    try:
        number = receipts.read_token(str(request.POST.get("token", "")), at=clock.now())
    except receipts.TokenRefused:
        return _to("my_number")
    try:
        same = receipts.read_number(str(request.POST.get("typed", ""))[:200]) == number
    except Slip:
        same = False
    context = {
        "must": visit.receipt.must_be_replaced,
        "same": same,
        "slip": not same,
        "groups": receipts.grouped(number).split(),
        "token": request.POST["token"],
    }
    return _show(request, "new_number", context, visit=visit)


# --- Pictures -----------------------------------------------------------------------------------------------------


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
    return _to("my_picture", see=str(added))


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
        return _entry(request, notices=[OVER], status=403)
    except slots.Full as full:
        return _picture_page(request, None, token=token, notices=[full.message], status=503)
    receipt = Receipt.objects.filter(lookup=keys.lookup).select_related("case__country").first()
    if receipt is None:
        return _entry(request, notices=[NOT_FOUND], status=422)
    visit = Visit(UUID(int=0), receipt, keys.pair.private)
    try:
        added = _add(request, visit)
    except (pictures.PictureRefused, StepRefused) as refusal:
        return _picture_page(request, None, token=token, case=visit.case, notices=[refusal.message], status=422)
    response = _to("my_picture", see=str(added))
    try:
        visits.open_visit(response, receipt, keys.pair)
    except RedisError:
        done = _("Your picture has arrived. You can see it on your page later.")
        return _picture_page(request, None, token=token, case=visit.case, done=done)
    return response


def _add(request: HttpRequest, visit: Visit) -> UUID:
    """Clean and seal one picture, after the consent that came with it. Returns its id; it is committed by then."""
    cleaned = pictures.clean(request.FILES.get("picture"))  # type: ignore[arg-type]
    at = clock.now()
    answer = request.POST.get("share_pictures")
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
    return _show(request, "picture", context, visit=visit, status=status)


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
