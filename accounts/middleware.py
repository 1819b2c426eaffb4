"""What a request of somebody with an account carries: their key, and no step without a second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts import second_factor, session

# What somebody without a second factor can do: set it up, or leave.
BEFORE_SECOND_FACTOR = {
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_reauthenticate",
}


class KeyMiddleware:
    """Give each request its `reader`: the person who is fully signed in with their private key, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reader = None  # type: ignore[attr-defined]
        request.private_key = None  # type: ignore[attr-defined]
        response = self.get_response(request)
        session.write_cookie(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Open the key before the view runs; public pages touch neither session nor database for it."""
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        person = request.user
        if second_factor.is_missing(person):
            match = request.resolver_match
            if match and match.url_name in BEFORE_SECOND_FACTOR:
                return None
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        request.reader = session.find_reader(request, person)  # type: ignore[attr-defined]
        request.private_key = session.private_key(request)  # type: ignore[attr-defined]
        return None
