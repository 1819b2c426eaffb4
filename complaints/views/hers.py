"""The frame of her pages: her visit, her language, what she typed, and nothing left behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.csrf import csrf_exempt
from redis.exceptions import RedisError

from complaints import visits, workflow
from complaints.codes import Words
from complaints.selectors import hers
from complaints.views import worker
from complaints.views.worker import worker_page
from complaints.visits import Visit
from factories import clock

NOT_FOUND: Words = _lazy("We do not find this number. If you have just sent, it did not arrive: send again.")
LONG_AGO: Words = _lazy(
    "If all was finished more than a year ago, your words were deleted, as we promised, and your number has ended. You "
    "can tell again at any time."
)
OVER: Words = _lazy("Your visit has ended, to keep you safe. Please type your number again.")
AWAY: Words = _lazy("Your page cannot open just now. It is our fault, not yours. Please try again in a few minutes.")
OLD_PAGE: Words = _lazy("This page was old. Nothing was done. Please look, and press again.")
TOO_LONG: Words = _lazy("That was more text than this page can hold. Please write it shorter.")

SINCE_THE_STEP = (
    "reopens_at", "path", "talk_ends_at",
    "stage", "side", "route", "set_aside_at", "stop_asked_on", "stop_final_at", "decided_on", "outcome_told_on",
    "delete_asked_on", "delete_final_at", "words_deleted_on", "closing_asked_on", "closing_answered_on", "closed_at",
    "closing_reason", "purge_after", "purged_at",
)  # fmt: skip

Page = Callable[..., HttpResponse]


def language_of(request: HttpRequest) -> str:
    """The language asked for, else that of the country she came from, else what the browser likes."""
    for asked in (request.GET.get("lang"), posted(request, "lang"), posted(request, "language")):
        if asked in worker.LANGUAGE_NAMES:
            return str(asked)
    return worker.default_language(request.GET.get("c", "")[:2].lower()) or translation.get_language() or "en"


def posted(request: HttpRequest, name: str) -> str:
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
                return entry_page(request, notices=[AWAY], kept=_kept(request, view), status=503)
            except (OperationalError, InterfaceError):
                return entry_page(request, notices=[AWAY], kept=_kept(request, view), status=503)

    return page


def _with_visit(view: Page, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    visit = visits.visit_of(request)
    if visit is None:
        if request.method != "POST" and not visits.came_with_cookie(request):
            # Nobody was here: after leaving, Back shows the information site and nothing else.
            return HttpResponseRedirect(reverse("complaints:front"), status=303)
        return entry_page(request, notices=[OVER], kept=_kept(request, view), status=403)
    if workflow.is_over(visit.case, at=clock.now()):
        return entry_page(request, notices=[NOT_FOUND, LONG_AGO], status=410)
    if visit.receipt.must_be_replaced and view.__name__ not in ("new_number", "number_typed"):
        return to("my_number")
    if request.method == "POST":
        try:
            form_key = str(request.POST.get("form", ""))
        except (RequestDataTooBig, TooManyFieldsSent):
            return case_page(request, visit, notices=[TOO_LONG], status=413)
        if not visit.made(form_key):
            return case_page(request, visit, notices=[OLD_PAGE], typed=posted(request, "text"), status=409)
    return view(request, visit, *args, **kwargs)


def _kept(request: HttpRequest, view: Page) -> dict[str, str]:
    """What she had typed when there was no visit: it goes back to her phone in the entry form, and nowhere else."""
    text = posted(request, "text")
    waits_for = {"write": "write", "not_safe": "help", "word": "word", "again": "again"}.get(view.__name__, "")
    if not (waits_for and text):
        return {}
    kept = {"kept_for": waits_for, "text": text, "once": posted(request, "once")}
    return kept | {"ground": posted(request, "ground")} if waits_for in ("again", "word") else kept


def show_hers(
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
        "once": uuid4().hex,
        "visit": visit is not None,
        "posted": request.method == "POST",
    }
    return worker.show(request, template, country, shared | (context or {}), status=status, alone=True, room="inbox")


def to(name: str, **query: str) -> HttpResponse:
    query = {"lang": translation.get_language() or "en"} | query
    return HttpResponseRedirect(f"{reverse(f'complaints:{name}')}?{urlencode(query)}", status=303)


def case_page(
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
    others = [] if visit.beside else workflow.hers_beside(visit.receipt)
    context = {"page": page, "case": page.case, "done": done, "notices": notices or [], "typed": typed}
    told = bool(others) and workflow.open_concerns(page.case).filter(linked_case__in=others).exists()
    back = visit.beside is not None and visit.receipt.case.purged_at is None  # Deleted: nothing to go back to.
    context |= {"others": others, "beside": back, "told_of_treatment": told}
    return show_hers(request, "case", context, visit=visit, status=status)


def _fresh(visit: Visit) -> Any:
    """The case as it stands after whatever a step has just refused or done."""
    visit.case.refresh_from_db(fields=SINCE_THE_STEP)
    return visit.case


def entry_page(
    request: HttpRequest,
    *,
    notices: list[Words] | None = None,
    typed: str = "",
    kept: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page that asks for the number; what she typed is still on it."""
    context = {"notices": notices or [], "typed": typed, "kept": kept or {}}
    return show_hers(request, "enter", context, status=status)
