"""A form of a signed-in page sent twice, by a double click or a reload: it is carried out once, and answered twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, cast

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from redis.exceptions import RedisError

from accounts import crypto, secrets

REMEMBERED: Final = 2 * 60  # Seconds.
RUNS: Final = 60  # A request takes no longer: whoever died in one blocks nobody after it.
WAIT, LOOK_AGAIN = 15.0, 0.1
RUNNING: Final = ""


class OnceMiddleware:
    """Carry out one of two equal forms, and lead both to the page that follows.

    Each page that is shown has a mask of its own in its hidden token, so two forms are equal only when one page was
    sent twice. The second waits for the first. What was refused or broke leads nowhere and is forgotten: sent again,
    it is tried again. Only a keyed hash is remembered, with the address that follows; where Redis is down, nothing is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = _name(request)
        if name is None:
            return self.get_response(request)
        follows = _follows(name)
        if follows is not None:
            return HttpResponseRedirect(follows)
        follows = RUNNING
        try:
            response = self.get_response(request)
            if isinstance(response, HttpResponseRedirect):
                follows = response.url
            return response
        finally:
            _remember(name, follows)


def _name(request: HttpRequest) -> str | None:
    """Name this form, unless nobody is signed in or it came without the token of a page."""
    if request.method != "POST" or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    try:
        if not request.user.is_authenticated or "csrfmiddlewaretoken" not in request.POST:
            return None
        parts = [f"{name}={value}" for name, values in request.POST.lists() for value in values]
        parts += [f"{name}:{one.name}:{one.size}" for name, files in request.FILES.lists() for one in files]
    except (SuspiciousOperation, OSError, RedisError):
        return None  # Too large, cut off, or no session to be had: the view meets it again and says so.
    said = [request.session.session_key or "", request.path, *parts]
    return (
        "twice:" + crypto.derive(secrets.subkey("twice"), "once", *(one.encode(errors="replace") for one in said)).hex()
    )


def _follows(name: str) -> str | None:
    """Return where the same form led before, waiting while it is carried out; None where this one is the first."""
    until = time.monotonic() + WAIT
    try:
        while not cache.add(name, RUNNING, RUNS):
            led = cast(str | None, cache.get(name))
            if led:
                return led
            if time.monotonic() > until:
                return None
            time.sleep(LOOK_AGAIN)
    except RedisError:
        pass
    return None


def _remember(name: str, follows: str) -> None:
    try:
        if follows:
            cache.set(name, follows, REMEMBERED)
        else:
            cache.delete(name)
    except RedisError:
        pass
