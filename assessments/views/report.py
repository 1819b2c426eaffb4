"""An assessment on paper, for whoever may open it: each reader's own content, in the language they choose."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from assessments import advice
from assessments.access import Seat
from assessments.models import AgreedAction, AssessmentStage
from assessments.results import on_paper
from assessments.selectors.factory import lines_of
from assessments.views.desk import on_visit, show
from assessments.views.plain import LANGUAGES
from factories import clock

# One sentence for each who may hold the paper: it lies on a desk where a page would not.
FOR_OUTSIDE = _(
    "For the advisor, the assessors and the technical experts. Signals could point to a person: give the factory its "
    "own report, not this one."
)
FOR_FACTORY = _("For the people of the factory who act on it. Do not look for who spoke: that alone would do harm.")


@require_safe
@on_visit
def report(request: StaffRequest, seat: Seat) -> HttpResponse:
    """Show a final assessment as it is printed. Of levels only `level_factory`, also for experts: paper travels."""
    asked = request.GET.get("lang", "")
    with translation.override(asked if asked in LANGUAGES else translation.get_language()):
        return _shown(request, seat)


def _shown(request: StaffRequest, seat: Seat) -> HttpResponse:
    visit = seat.assessment
    if visit.stage != AssessmentStage.FINAL:
        raise Http404
    today = clock.calendar_for(visit.factory).local_day(clock.now())
    plan = list(AgreedAction.objects.filter(assessment=visit))
    shown = on_paper(seat) | {
        "advice": advice.for_level(visit.level_factory),
        "lines": lines_of(plan, today, expert=False, leads=False),
        "today": today,
        "languages": LANGUAGES.items(),
        "whose": FOR_OUTSIDE if seat.sees_signals else FOR_FACTORY,
    }
    return show(request, "report", seat, **shown)
