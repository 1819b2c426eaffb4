"""What the pages of this app share: paging."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

ON_A_PAGE = 50


def page_of(rows: Any, request: HttpRequest) -> Page[Any]:
    """Return the page that the URL asks for; the nearest one where it asks for too much."""
    return Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
