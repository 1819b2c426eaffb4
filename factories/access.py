"""Who may open the pages of this app; to everybody else they do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from factories import people

View = Callable[..., HttpResponseBase]


def only_for(allowed: Callable[[Any], bool]) -> Callable[[View], View]:
    """Let a view answer only people for whom `allowed` is true; a stranger gets 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not allowed(request.user):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


administrators_only = only_for(people.is_admin)
experts_only = only_for(people.is_expert)
