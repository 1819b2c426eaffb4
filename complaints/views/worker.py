"""What every page for workers has in common: no account, her language, no trace, a sentence when we fail."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_noop

from factories.models import CountryPack

View = Callable[..., HttpResponse]

# Countries as their packs name them, marked for translation.
COUNTRY_NAMES = (gettext_noop("Cambodia"), gettext_noop("Viet Nam"))
# The languages by their own names, as the switch shows them.
LANGUAGE_NAMES = {"km": "ខ្មែរ", "en": "English"}
MY = "/my/"  # Her own pages, entered with the receipt.
ALONE_SECONDS = 600  # After ten minutes her page and the arrival page leave by themselves.

# Packs seen alive by this process: the form can be shown again, words kept, while the database is away.
_seen: dict[str, CountryPack] = {}


class WorkerRequest(HttpRequest):
    """A request for a worker's page (for type checkers; Django makes the real one)."""

    pack: CountryPack | None  # The live country in the address, if there is one.


def worker_page(view: View) -> View:
    """Open a page to everybody, in the language she reads, and answer a failing database with a sentence."""

    @login_not_required
    @wraps(view)
    def page(request: WorkerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code = kwargs.get("country", "")
        request.pack = None
        try:
            request.pack = country(code) if code else None
            with translation.override(language_of(request)):
                response = view(request, *args, **kwargs)
                response.headers["Content-Language"] = translation.get_language() or "en"
        except (OperationalError, InterfaceError):
            with translation.override(language_of(request)):
                response = show(request, "later", code, status=503)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return page


def language_of(request: HttpRequest) -> str:
    """Return the language asked for, else the country's own, else what the middleware found."""
    for asked in (_posted(request, "lang"), _posted(request, "language"), request.GET.get("lang", "")):
        if asked in LANGUAGE_NAMES:
            return asked
    pack: CountryPack | None = getattr(request, "pack", None)
    return _language_in(pack) if pack else translation.get_language() or "en"


def _posted(request: HttpRequest, name: str) -> str:
    try:
        return str(request.POST.get(name, ""))
    except (RequestDataTooBig, TooManyFieldsSent):
        return ""  # The view meets it again and says so.


def _language_in(pack: CountryPack) -> str:
    return pack.language if pack.language in LANGUAGE_NAMES else "en"


def default_language(country_code: str) -> str:
    """Return the language of a country's pages where nobody asked for another; empty without a country."""
    if not country_code:
        return ""
    try:
        return _language_in(country(country_code))
    except (Http404, OperationalError, InterfaceError):
        return ""


def country(code: str) -> CountryPack:
    """Return a live country by the code in an address. Raises `Http404` for any other."""
    code = code.upper()
    try:
        pack = CountryPack.objects.live().filter(pk=code).first()
    except (OperationalError, InterfaceError):
        if code in _seen:
            return _seen[code]
        raise
    if pack is None:
        _seen.pop(code, None)
        raise Http404("no live country with this code")
    _seen[code] = pack
    return pack


def show(
    request: HttpRequest,
    template: str,
    country_code: str = "",
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    alone: bool = False,
    room: str = "public",
) -> HttpResponse:
    """Render one page for workers. `alone`: it goes to the neutral page by itself after ten minutes."""
    language = translation.get_language() or "en"
    pack: CountryPack | None = getattr(request, "pack", None)
    usual = _language_in(pack) if pack else default_language(country_code)
    leave = reverse("complaints:leave") + (f"?c={country_code.lower()}" if country_code else "")
    if language != usual:
        leave += f"{'&' if '?' in leave else '?'}lang={language}"
    shared = {
        "country": country_code.lower(),
        "language": language,
        "languages": LANGUAGE_NAMES,
        # Carried from page to page, because no cookie remembers it.
        "lang_query": "" if language == usual else f"?lang={language}",
        "leave": leave,
        "my": MY,
        "sprite": static("worker/icons.svg"),
        "alone_seconds": ALONE_SECONDS if alone else 0,
        "demo": settings.SAMLENG_DEMO,
    }
    return render(request, f"complaints/{room}/{template}.html", {**shared, **(context or {})}, status=status)
