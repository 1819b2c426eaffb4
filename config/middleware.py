"""What every request passes: headers for privacy, sessions that outlive a Redis outage, the language."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header
from redis.exceptions import RedisError

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
        "browsing-topics",
    )
)


class PrivacyHeadersMiddleware:
    """Let nothing of a dynamic page stay in a browser or a proxy."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class SessionMiddleware(DjangoSessionMiddleware):
    """Sessions as Django keeps them; a page that needs none is still served while Redis is down."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Renew the session, or leave it when Redis does not answer."""
        try:
            return super().process_response(request, response)
        except RedisError:
            return response


class LanguageMiddleware:
    """Choose the language: address, `lang`, the person, the browser. No cookie remembers it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.known = dict(settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self.choose(request)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or language)
        return response

    def choose(self, request: HttpRequest) -> str:
        """Give the code of the language this page is to be in."""
        parts = request.path_info.split("/")
        asked = parts[2] if len(parts) > 3 else ""
        for language in (asked, request.GET.get("lang", ""), self.posted(request), self.own(request)):
            if language in self.known:
                return language
        for accepted, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
            language = accepted.split("-")[0]
            if language in self.known:
                return language
        return settings.LANGUAGE_CODE

    def posted(self, request: HttpRequest) -> str:
        """Give the form's own language; files are left for the view to read."""
        if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
            try:
                return str(request.POST.get("lang", ""))
            except (SuspiciousOperation, OSError):
                # Too large or cut off: the view meets it again, and the answer has a language by then.
                return ""
        return ""

    def own(self, request: HttpRequest) -> str:
        """Give the language of the person who is signed in; visitors are not looked up."""
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return ""
        try:
            user = request.user
            return str(user.language) if user.is_authenticated else ""
        except RedisError:
            return ""
