"""Her page of the services that were offered to her: yes, no, take it back, and how it was."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from complaints import workflow
from complaints.codes import Words
from complaints.offer_forms import OfferForm
from complaints.selectors import offers
from complaints.views.hers import OLD_PAGE, her_page, show_hers, to
from complaints.visits import Visit
from complaints.workflow import StepRefused
from complaints.workflow.referrals import HER_WORDS
from factories import clock


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def offered(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Each service in plain words, what it would be told, and a yes as large as the no."""
    at = clock.now()
    if request.method != "POST":
        return _page(request, visit)
    form = OfferForm(request.POST)
    if not form.is_valid():
        return _page(request, visit, notices=[OLD_PAGE], status=422)
    number, act = form.cleaned_data["number"], form.cleaned_data["act"]
    try:
        if act == "say":
            codes = form.cleaned_data["codes"]
            workflow.say_of_referral(visit.case, visit.holder, number=number, codes=codes, at=at)
        elif act == "back":
            workflow.revoke_referral(visit.case, number=number, at=at)
        else:
            workflow.answer_referral(visit.case, visit.holder, number=number, yes=act == "yes", at=at)
    except StepRefused as refusal:
        return _page(request, visit, notices=[refusal.message], status=409)
    return to("my_case", n=f"offer_{act}")


def _page(request: HttpRequest, visit: Visit, *, notices: list[Words] | None = None, status: int = 200) -> HttpResponse:
    found = offers.offers_to_her(visit.case, visit.holder, at=clock.now())
    if not found and not notices:
        return to("my_case")
    context: dict[str, Any] = {
        "case": visit.case,
        "offers": found,
        "words": HER_WORDS.items(),
        "notices": notices or [],
    }
    return show_hers(request, "offers", context, visit=visit, status=status)


DONE: dict[str, Words] = {
    "offer_yes": _("You said yes. The helper goes on from here, and writes to you."),
    "offer_no": _("You said no. That is fine. If you change your mind, write a message."),
    "offer_back": _("You took your yes back. Nothing more is told to them."),
    "offer_say": _("Thank you. We look at it, so that others are helped well."),
}
