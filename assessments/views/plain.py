"""What workers of a factory are told of an assessment, and the poster of it: for anybody, without an account.

Only what was published with the giving back, in the worker's language where there is one. No score, no level, nothing
of a case. The QR code leads to the country's page on which people tell; the short code names the factory there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from assessments.models import PlainVersion
from factories.models import Factory
from factories.names import CODE_LENGTH

LANGUAGES = {"km": "ខ្មែរ", "en": "English"}


@login_not_required
@require_safe
def plain(request: HttpRequest, code: str) -> HttpResponse:
    """Say what was found in this factory and what will be done."""
    return _show(request, code, "plain")


@login_not_required
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The same to be printed and put up, with the way to tell."""
    return _show(request, code, "poster")


def _show(request: HttpRequest, code: str, template: str) -> HttpResponse:
    if len(code) != CODE_LENGTH:
        raise Http404
    found = get_object_or_404(Factory.objects.select_related("country"), short_code=code.upper())
    usual = found.country.language if found.country.language in LANGUAGES else "en"
    asked = request.GET.get("lang", "")
    language = asked if asked in LANGUAGES else usual
    with translation.override(language):
        context = _context(found, language, usual)
        response = render(request, f"assessments/plain/{template}.html", context)
    response.headers["Content-Language"] = language
    return response


def _context(found: Factory, language: str, usual: str) -> dict[str, Any]:
    """Everything the page holds, and what every page for workers has in common (`complaints/public/base.html`)."""
    country = found.country_id.lower() if found.country.is_live else ""
    told = _published(found)
    shown = next((one for one in told if one.language == language), told[0] if told else None)
    front = reverse("complaints:front_of", args=[country]) if country else reverse("complaints:front")
    query = "" if language == usual else f"?lang={language}"
    leave = reverse("complaints:leave") + (f"?c={country}" if country else "")
    return {
        "factory": found,
        "shown": shown,
        "tell": front + query,
        "tell_address": (settings.SAMLENG_SITE_URL + front).removeprefix("https://").removeprefix("http://"),
        "qr": qr(settings.SAMLENG_SITE_URL + front),
        "country": country,
        "language": language,
        "languages": LANGUAGES,
        "lang_query": query,
        "leave": leave if language == usual else f"{leave}{'&' if '?' in leave else '?'}lang={language}",
        "sprite": static("worker/icons.svg"),
        "alone_seconds": 0,
        "demo": settings.SAMLENG_DEMO,
    }


def _published(found: Factory) -> list[PlainVersion]:
    """Return what was published of the newest assessment that was given back, in every language it was written in."""
    rows = PlainVersion.objects.filter(
        assessment__factory=found, assessment__given_back_on__isnull=False, published_on__isnull=False
    )
    newest = list(rows.select_related("assessment").order_by("-assessment__given_back_on", "-published_on", "language"))
    return [one for one in newest if one.assessment_id == newest[0].assessment_id]


@lru_cache(maxsize=64)
def qr(address: str) -> SafeString:
    """Draw an address as a QR code that survives a fold or a stain, as a picture inside the page: no style, no file."""
    drawn = segno.make(address, error="m", micro=False)
    # Our own address only, and segno writes nothing but paths.
    return mark_safe(drawn.svg_inline(scale=1, border=4, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S308
