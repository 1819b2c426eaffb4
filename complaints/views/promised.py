"""Her pages about what was promised: has it happened, and may the factory read what is recommended. Two taps each."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from complaints import workflow
from complaints.codes import Words
from complaints.models import Remedy
from complaints.selectors import hers
from complaints.selectors.promised import promised_to_her
from complaints.views.hers import OLD_PAGE, her_page, show_hers, to
from complaints.visits import Visit
from complaints.workflow import StepRefused
from factories import clock


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def promised(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Each thing that was promised, with a yes as large as the no."""
    if request.method != "POST":
        return _promised(request, visit)
    answer = request.POST.get("answer", "")
    remedy = _remedy(visit, str(request.POST.get("what", "")))
    if remedy is None or answer not in ("yes", "not_yet"):
        return _promised(request, visit, notices=[OLD_PAGE], status=422)
    try:
        workflow.confirm_remedy(visit.case, remedy=remedy, happened=answer == "yes", at=clock.now())
    except StepRefused as refusal:
        return _promised(request, visit, notices=[refusal.message], status=409)
    return to("my_case", n=f"promised_{answer}")


def _remedy(visit: Visit, pk: str) -> Remedy | None:
    try:
        return visit.case.remedies.filter(pk=UUID(pk)).first()
    except ValueError:
        return None


def _promised(
    request: HttpRequest, visit: Visit, *, notices: list[Words] | None = None, status: int = 200
) -> HttpResponse:
    at = clock.now()
    if "confirm_remedy" not in hers.what_she_may(visit.case, at=at):
        return to("my_case")
    context = {"case": visit.case, "promised": promised_to_her(visit.case, at=at), "notices": notices or []}
    context["seen_when"] = hers.seen_when(visit.case, at=at)
    return show_hers(request, "promised", context, visit=visit, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def recommendation(request: HttpRequest, visit: Visit) -> HttpResponse:
    """May the factory read what the outside helper recommends? What follows from a yes and from a no."""
    if request.method != "POST":
        return _recommendation(request, visit)
    answer = request.POST.get("answer", "")
    if answer not in ("yes", "no"):
        return _recommendation(request, visit, notices=[OLD_PAGE], status=422)
    try:
        workflow.answer_recommendation(visit.case, given=answer == "yes", at=clock.now())
    except StepRefused as refusal:
        return _recommendation(request, visit, notices=[refusal.message], status=409)
    return to("my_case", n=f"papers_{answer}")


def _recommendation(
    request: HttpRequest, visit: Visit, *, notices: list[Words] | None = None, status: int = 200
) -> HttpResponse:
    at = clock.now()
    if "answer_recommendation" not in hers.what_she_may(visit.case, at=at) and not notices:
        return to("my_case")
    context = {
        "case": visit.case,
        "promised": promised_to_her(visit.case, at=at),
        "said": workflow.standing_of(visit.case).may_pass_on,
        "notices": notices or [],
    }
    return show_hers(request, "recommendation", context, visit=visit, status=status)


DONE: dict[str, Words] = {
    "promised_yes": _("Thank you. It is noted that it has happened."),
    "promised_not_yet": _("Thank you. It is noted that it has not happened yet. They have to look at it again."),
    "papers_yes": _("You said yes. The outside helper gives it to the factory."),
    "papers_no": _("You said no. Nobody in the factory gets it."),
}
