"""Her page of a group: a number for somebody who told with her, and the way out for herself alone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from complaints import receipts, slots, visits, workflow
from complaints.codes import Words
from complaints.selectors import hers
from complaints.views.hers import case_page, her_page, show_hers, to
from complaints.views.public import CLEARED, shopping_note
from complaints.visits import Visit
from complaints.workflow import StepRefused
from factories import clock

DONE: dict[str, Words] = {
    "taken": _lazy("The numbers that nobody had used do not work any more."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def group(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who told with her may have a number, too; it is made on a press and shown once."""
    at = clock.now()
    if request.method != "POST":
        may = hers.what_she_may(visit.case, at=at)
        return _page(request, visit) if may & {"add_receipt", "leave_group"} else to("my_case")
    try:
        number = workflow.add_receipt(visit.case, visit.holder, at=at)
    except slots.Full as full:
        return _page(request, visit, notices=[full.message], status=503)
    except StepRefused as refusal:
        return _page(request, visit, notices=[refusal.message], status=409)
    groups, note = receipts.grouped(number).split(), shopping_note(number)
    return _page(request, visit, groups=groups, shopping=note)


@require_POST
@her_page
def take_back(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Numbers given away that nobody has used: they die."""
    try:
        workflow.take_receipts_back(visit.case, visit.holder, at=clock.now())
    except StepRefused as refusal:
        return case_page(request, visit, notices=[refusal.message], status=409)
    return to("my_case", n="taken")


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def leave(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What leaving means, and one button. After it her number opens nothing, and the visit has ended."""
    if request.method != "POST":
        if "leave_group" not in hers.what_she_may(visit.case, at=clock.now()):
            return to("my_case")
        context = {"case": visit.case, "others": workflow.hers_beside(visit.receipt)}
        return show_hers(request, "leave_group", context, visit=visit)
    try:
        workflow.leave_group(visit.case, visit.holder, at=clock.now())
    except StepRefused as refusal:
        return case_page(request, visit, notices=[refusal.message], status=409)
    response = show_hers(request, "left_group")
    visits.end_visit(request, response)
    response.headers["Clear-Site-Data"] = CLEARED
    return response


def _page(
    request: HttpRequest, visit: Visit, *, notices: list[Words] | None = None, status: int = 200, **made: Any
) -> HttpResponse:
    context = {
        "case": visit.case,
        "group": receipts.numbers_of(visit.case),
        "may": hers.what_she_may(visit.case, at=clock.now()),
        "notices": notices or [],
        **made,
    }
    return show_hers(request, "group", context, visit=visit, status=status)
