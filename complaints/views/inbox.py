"""Her own pages: in with the receipt, read, write, share, move, pause. One cookie, which ends with the visit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from redis.exceptions import RedisError

from complaints import presses, receipts, slots, visits, workflow
from complaints.codes import SHARE_CONSENTS, Route, Words
from complaints.compartments import Holder
from complaints.inbox_forms import ConsentsForm, EntryForm, LetterForm, RouteForm
from complaints.models import Receipt
from complaints.receipts import Slip
from complaints.selectors import hers
from complaints.views.care import DONE as CARE_DONE
from complaints.views.ending import DONE as ENDING_DONE
from complaints.views.group import DONE as GROUP_DONE
from complaints.views.hers import (
    AWAY,
    LONG_AGO,
    NOT_FOUND,
    TOO_LONG,
    case_page,
    entry_page,
    her_page,
    language_of,
    show_hers,
    to,
)
from complaints.views.offers import DONE as OFFERS_DONE
from complaints.views.promised import DONE as PROMISED_DONE
from complaints.views.public import services
from complaints.views.wishes import DONE as WISHES_DONE
from complaints.views.wishes import wishes_of
from complaints.views.worker import worker_page
from complaints.visits import Visit
from complaints.workflow import StepRefused
from factories import clock, roster

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
    **OFFERS_DONE,
    **PROMISED_DONE,
    **CARE_DONE,
    **WISHES_DONE,
    **ENDING_DONE,
    **GROUP_DONE,
}

# --- In with the receipt ------------------------------------------------------------------------------------------


# No cookie exists before this form, so none can vouch for it. Another site could make her browser come in with the
# sender's number, to read what she writes there: browsers that say where a form comes from are believed.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@worker_page
def enter(request: HttpRequest) -> HttpResponse:
    """Take her number, in any of five kinds of digits, and open her visit. A failed try leaves no trace anywhere."""
    with translation.override(language_of(request)):
        if request.method != "POST" or request.headers.get("Sec-Fetch-Site") == "cross-site":
            return entry_page(request)
        try:
            form = EntryForm(request.POST)
        except (RequestDataTooBig, TooManyFieldsSent):
            return entry_page(request, notices=[TOO_LONG], status=413)
        form.is_valid()
        typed = str(request.POST.get("number", ""))[:200]
        kept = {"kept_for": form.cleaned_data["kept_for"], "text": str(request.POST.get("text", ""))}
        kept["once"] = str(request.POST.get("once", ""))
        kept["ground"] = str(request.POST.get("ground", ""))[:40]
        if "lang" in request.POST:
            return entry_page(request, typed=typed, kept=kept)
        try:
            return _enter(request, typed, kept)
        except Slip as slip:
            return entry_page(request, notices=[slip.message], typed=typed, kept=kept, status=422)
        except slots.Full as full:
            return entry_page(request, notices=[full.message], typed=typed, kept=kept, status=503)
        except (RedisError, OperationalError, InterfaceError):
            return entry_page(request, notices=[AWAY], typed=typed, kept=kept, status=503)


def _enter(request: HttpRequest, typed: str, kept: dict[str, str]) -> HttpResponse:
    keys = receipts.keys_of(receipts.read_number(typed), waiting=slots.RECEIPT)
    receipt = Receipt.objects.filter(lookup=keys.lookup).select_related("case__country").first()
    at = clock.now()
    over = receipt is None or workflow.is_over(receipt.case, at=at)
    # The first matter is deleted, and one that her number opens beside it is not.
    open_still = [one for one in workflow.hers_beside(receipt) if not workflow.is_over(one, at=at)] if receipt else []
    if receipt is None or (over and not open_still):
        return entry_page(request, notices=[NOT_FOUND, LONG_AGO], typed=typed, kept=kept, status=422)
    if receipt.is_next:
        receipt = workflow.first_use(receipt, at=at)
    response = to("my_case")
    visits.open_visit(response, receipt, keys.pair, beside=open_still[0] if over else None)
    if over or not (kept["text"] and kept["kept_for"]):
        return response
    letter = LetterForm(kept)
    if not letter.is_valid():
        return entry_page(request, notices=letter.problems(), typed=typed, kept=kept, status=422)
    holder = Holder(keys.pair.private, receipt=receipt)
    steps: dict[str, tuple[Callable[..., object], str]] = {
        "write": (workflow.write, "sent"),
        "help": (workflow.say_not_safe, "help"),
        "word": (partial(workflow.raise_concern, holder=holder, breach=kept["ground"] == "breach"), "word"),
        "again": (partial(workflow.appeal, ground=kept["ground"]), "again"),
    }
    step, done = steps[kept["kept_for"]]
    try:
        with presses.pressed(receipt.case_id, receipt.pk, kept["once"], letter.cleaned_data["text"]) as first:
            if first:
                step(receipt.case, text=letter.cleaned_data["text"], at=at)
    except StepRefused as refusal:
        return entry_page(request, notices=[refusal.message], typed=typed, kept=kept, status=409)
    response.headers["Location"] = to("my_case", n=done).headers["Location"]
    return response


# --- Her page -----------------------------------------------------------------------------------------------------


@require_safe
@her_page
def case(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Where it stands, what was promised, who read what, the messages, and her buttons."""
    done = DONE.get(request.GET.get("n", ""))
    workflow.note_return(visit.case, at=clock.now())
    return case_page(request, visit, done=done, all_letters="all" in request.GET)


def _refused(request: HttpRequest, visit: Visit, refusal: StepRefused, *, typed: str = "") -> HttpResponse:
    return case_page(request, visit, notices=[refusal.message], typed=typed, status=409)


@require_POST
@her_page
def write(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Add a message of hers."""
    form = LetterForm(request.POST)
    typed = str(request.POST.get("text", ""))
    if "lang" in request.POST:
        return case_page(request, visit, typed=typed)
    if not form.is_valid():
        return case_page(request, visit, notices=form.problems(), typed=typed, status=422)
    try:
        text = form.cleaned_data["text"]
        with presses.pressed(visit.case.pk, visit.receipt.pk, request.POST.get("once", ""), text) as first:
            if first:
                workflow.write(visit.case, text=text, at=clock.now())
    except StepRefused as refusal:
        return _refused(request, visit, refusal, typed=typed)
    return to("my_case", n="sent")


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def not_safe(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Help first, and then, if she wants, word to the outside team at once. The system calls nobody."""
    at = clock.now()
    form = LetterForm(request.POST if request.method == "POST" else {})
    notices: list[Words] = []
    if request.method == "POST" and form.is_valid():
        try:
            text = form.cleaned_data["text"]
            with presses.pressed(visit.case.pk, visit.receipt.pk, request.POST.get("once", ""), text) as first:
                if first:
                    workflow.say_not_safe(visit.case, text=text, at=at)
            return to("my_case", n="help")
        except StepRefused as refusal:
            notices = [refusal.message]
    elif request.method == "POST":
        notices = form.problems()
    context = {
        "notices": notices,
        "typed": request.POST.get("text", ""),
        "services": services(visit.case.country, at),
        "reads_next": roster.sentence(visit.case.country, at),
        "may": hers.what_she_may(visit.case, at=at),
        "case": visit.case,
    }
    return show_hers(request, "not_safe", context, visit=visit, status=422 if notices else 200)


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
    return to("my_case", n="moved")


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def sharing(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Each consent with what it means: given, or taken back at once."""
    offered = hers.consents_offered(visit.case)
    if request.method != "POST":
        given = workflow.consents_of(visit.case)
        context: dict[str, Any] = {
            "asked": [(code, given.get(code.value)) for code in offered],
            "wishes": [(what, one.title, given.get(one.consent.value)) for what, one in wishes_of(visit.case)],
            "seen_when": hers.seen_when(visit.case, at=clock.now()),
        }
        return _asked(request, visit, "sharing", **context)
    form = ConsentsForm(request.POST, offered=offered)
    form.is_valid()
    try:
        workflow.change_consents(visit.case, visit.holder, wanted=form.changed(), at=clock.now())
    except StepRefused as refusal:
        return _refused(request, visit, refusal)
    return to("my_case", n="shared")


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
    return to("my_case", n="handed")


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
    return to("my_case", n="route")


def _asked(request: HttpRequest, visit: Visit, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Show the page that asks before a step. Where the step is not open any more, her page says how it stands."""
    may = hers.what_she_may(visit.case, at=clock.now())
    step = {"sharing": "change_consents", "handover": "accept_handover"}.get(template, template)
    if step not in may:
        return to("my_case")
    return show_hers(request, template, {"case": visit.case, "may": may, **context}, visit=visit, status=status)


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
    return to("my_case", n="paused")


@require_POST
@her_page
def go_on(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take a stop back."""
    try:
        workflow.take_stop_back(visit.case, at=clock.now())
    except StepRefused as refusal:
        return _refused(request, visit, refusal)
    return to("my_case", n="on")


# --- A new number -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def new_number(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Make a new number and show it once. The old one dies when the new one is first used."""
    context: dict[str, Any] = {"must": visit.receipt.must_be_replaced}
    if request.method != "POST":
        return show_hers(request, "new_number", context, visit=visit)
    if visit.receipt.is_next:
        return to("my_case")
    at = clock.now()
    try:
        number = workflow.offer_new_number(visit.receipt.case, visit.holder, at=at)
    except (slots.Full, StepRefused) as refusal:
        context["notices"] = [refusal.message]
        return show_hers(request, "new_number", context, visit=visit, status=503)
    context |= {"groups": receipts.grouped(number).split(), "token": receipts.sign(number, at=at)}
    return show_hers(request, "new_number", context, visit=visit)


@require_POST
@her_page
def number_typed(request: HttpRequest, visit: Visit) -> HttpResponse:
    """She types the new number back, to be sure. A slip is only shown; nothing is stored or counted."""
    try:
        number = receipts.read_token(str(request.POST.get("token", "")), at=clock.now())
    except receipts.TokenRefused:
        return to("my_number")
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
    return show_hers(request, "new_number", context, visit=visit)
