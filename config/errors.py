"""Answers for what went wrong: a sentence that says what happened and what to do next."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say why the request could not be read."""
    too_big = isinstance(exception, RequestDataTooBig)
    # No request context: its processors could read the very body that could not be read.
    page = loader.render_to_string("400.html", {"too_big": too_big})
    return HttpResponse(page, status=413 if too_big else 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was open too long, or came from elsewhere, and that nothing was done."""
    return HttpResponse(loader.render_to_string("csrf_failure.html", {}), status=403)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that a reader may not act here."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here, in the same words whether there is or not."""
    return HttpResponse(loader.render_to_string("404.html", {}), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours; needs no database, session or translation file."""
    return HttpResponse(loader.render_to_string("500.html", {}), status=500)
