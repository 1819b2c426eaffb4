"""The tab "Checks" of a case: how she is after the outcome, and whether anybody pays for having told."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from complaints.access import OnCase
from complaints.casecodes import Role
from complaints.selectors import checks as looks
from complaints.views.desk import frame, on_a_case
from complaints.workflow import allowed

NOT_THEIRS = (Role.DECISION_MAKER, Role.APPEAL_REVIEWER)


@require_safe
@on_a_case
def checks(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Show each check with its day, tries, answer, look at HR data, and what is missing. Nothing is opened here."""
    if on.assignment.role in NOT_THEIRS:
        raise Http404
    could = allowed(on.case, on.actor, at=at)
    steps = looks.now(on.case, on.actor, could, at=at)
    first = looks.first_case(on.case, on.actor)
    context = {
        "lines": looks.lines_of(on.case, on.actor, at=at),
        "concerns": looks.concerns_of(on.case, on.actor, at=at),
        "told_open": looks.told_open(on.case, at_factory=on.at_factory, at=at),
        "first": first,
        "first_measures": first.interim_measures.filter(ends_on=None) if first else [],
        "steps": [name for name in looks.STEPS if name in could and name not in steps.unwanted],
    }
    return render(request, "complaints/casework/checks.html", frame(request, on, at, "checks", **context))
