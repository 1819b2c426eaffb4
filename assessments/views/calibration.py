"""How far assessors agree, for technical experts, who calibrate, and for whoever leads or administers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import StaffRequest
from assessments import agreement, calibration, tool
from factories import clock, people
from factories.access import only_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import Person


def calibrates(person: Person | AnonymousUser) -> bool:
    return people.is_expert(person) or people.is_programme_lead(person) or people.is_admin(person)


@only_for(calibrates)
def show(request: StaffRequest) -> HttpResponse:
    """Show agreement by quarter and by indicator, and whose next visit should be joint."""
    today = clock.now().date()
    used, found = tool.of(tool.current(today)), calibration.rows(today)
    joint, visits = calibration.visits_in_a_year(today)
    shown = {
        "quarters": calibration.by_quarter(found),
        "indicators": calibration.by_indicator(found, used, today),
        "due": calibration.joint_visits_due(today),
        "joint": joint,
        "visits": visits,
        "used": used,
        "least_pairs": agreement.LEAST_PAIRS,
        "least_of_indicator": calibration.LEAST_OF_INDICATOR,
        "administers": people.is_admin(request.user),
    }
    return render(request, "assessments/calibration.html", shown)
