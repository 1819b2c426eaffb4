"""The first page after signing in: what to do next, by when. And the notices behind it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import notices, signposts
from accounts.requests import StaffRequest
from complaints.selectors import caseload as work
from complaints.selectors import home as first
from complaints.selectors import overdue
from complaints.views.casework import HANDLER_ROLES
from complaints.views.doors import may_write_down
from factories import clock, people, vouching

CASES_SHOWN = 10
LATE_SHOWN = 5


@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """Show each role what is next, sorted by the clock."""
    at, person = clock.now(), request.user
    roles = people.roles_of(person)
    shown: dict[str, object] = {"roles": roles, "words": first.words_to(person, at=at)}
    shown["todos"] = signposts.todos(person, roles, at)
    if roles & HANDLER_ROLES:
        shown["handles"] = True
        shown["may_write_down"] = may_write_down(request)
        shown["page"] = work.caseload(person, at=at, limit=CASES_SHOWN)
        shown["key_trouble"] = first.key_trouble(person, request.reader)
        shown["lost"] = first.colleagues_without_access(person, at=at)
    if people.is_expert(person):
        shown["pending_keys"] = list(vouching.keys_to_vouch(person)[:LATE_SHOWN])
        shown["bursts"] = [one for one in first.bursts_for(person, at=at) if one.set_aside_at is None]
    if people.is_advisor(person):
        shown["late"] = overdue.late_in_portfolio(person, at=at).steps[:LATE_SHOWN]
    if people.is_programme_lead(person):
        shown["overdue"] = overdue.late_for_programme(person, at=at).steps[:LATE_SHOWN]
    if people.is_admin(person):
        shown["failing"] = list(notices.failing()[:20])
    return render(request, "complaints/casework/home.html", shown)


@require_safe
def notice_list(request: StaffRequest) -> HttpResponse:
    """List what this person was told and has not seen yet."""
    shown = {"words": first.words_to(request.user, at=clock.now()), "roles": people.roles_of(request.user)}
    return render(request, "complaints/casework/notices.html", shown)


@require_POST
def notices_seen(request: StaffRequest) -> HttpResponse:
    """Note that what was shown has been seen."""
    ids = [found for text in request.POST.getlist("notice")[:100] if (found := _uuid(text))]
    notices.mark_seen(request.user, clock.now(), ids)
    return redirect("casework:home")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
