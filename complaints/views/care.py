"""How she is after the outcome: two taps; that she is treated badly because she told; and stepping over to that matter.

The words of the addresses stay in the phone's history, so they say little.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints import compartments, presses, visits, workflow
from complaints.care_forms import HowForm, OtherForm, WordsForm
from complaints.carecodes import Changed, Feeling, Promised, YesNo
from complaints.casecodes import EntryKind
from complaints.codes import CompartmentKind, Words
from complaints.models import Check
from complaints.selectors import hers
from complaints.views.hers import OLD_PAGE, her_page, show_hers, to
from complaints.visits import Visit
from complaints.workflow import StepRefused, checks
from factories import clock

FACES: dict[str, str] = dict(zip(Feeling.values, ("face_1", "face_2", "face_3", "face_4", "face_5"), strict=True))


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def how(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Five faces and a button; the rest she may leave."""
    at = clock.now()
    waiting = checks.near(visit.case, at=at).filter(answered_on=None).first()
    if request.method != "POST":
        return _how(request, visit, waiting) if waiting else to("my_case")
    form = HowForm(request.POST)
    if not form.is_valid():
        return _how(request, visit, waiting, form, notices=form.problems() or [OLD_PAGE], status=422)
    said = form.cleaned_data
    check = Check(pk=said["which"]) if said["which"] else Check()
    try:
        with presses.pressed(visit.case.pk, visit.receipt.pk, request.POST.get("once", ""), said["text"]) as first:
            if first:
                workflow.answer_check(visit.case, check=check, answers=said, at=at)
    except StepRefused as refusal:
        return _how(request, visit, waiting, form, notices=[refusal.message], status=409)
    return to("my_thanks")


def _how(
    request: HttpRequest,
    visit: Visit,
    check: Check | None,
    form: HowForm | None = None,
    *,
    notices: list[Words] | None = None,
    status: int = 200,
) -> HttpResponse:
    said: dict[str, Any] = form.cleaned_data if form else {}
    context = {
        "case": visit.case,
        "check": check,
        "faces": [(code, label, FACES[code]) for code, label in Feeling.choices],
        "yes_no": YesNo.choices,
        "promised": Promised.choices,
        "changed": Changed.choices,
        "said": said,
        "typed": request.POST.get("text", ""),
        "notices": notices or [],
        "seen_when": hers.seen_when(visit.case, at=clock.now()),
    }
    return show_hers(request, "how", context, visit=visit, status=status)


@require_safe
@her_page
def thanks(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The same page after every answer: thank you, and what she can say next. Nothing shows what she answered."""
    may = hers.what_she_may(visit.case, at=clock.now())
    return show_hers(request, "thanks", {"case": visit.case, "may": may}, visit=visit)


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def because(request: HttpRequest, visit: Visit) -> HttpResponse:
    """She is treated badly because she told: who reads it, what follows by when, and one button."""
    at = clock.now()
    if request.method != "POST":
        may = hers.what_she_may(visit.case, at=at)
        return _because(request, visit) if "raise_retaliation" in may else to("my_case")
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _because(request, visit, form, notices=form.problems(), status=422)
    said = form.cleaned_data
    if request.POST.get("as_answered"):
        said |= _last_answer(visit, at=at)
        if not (said["changed"] or said["text"].strip()):
            return _because(request, visit, form)  # Nothing in it says what changed: she says it here.
    try:
        with presses.pressed(visit.case.pk, visit.receipt.pk, request.POST.get("once", ""), said["text"]) as first:
            if first:
                workflow.raise_retaliation(
                    visit.case,
                    visit.holder,
                    text=said["text"],
                    changed=said["changed"],
                    language=translation.get_language() or "",
                    at=at,
                )
    except StepRefused as refusal:
        return _because(request, visit, form, notices=[refusal.message], status=409)
    return to("my_case", n="because")


def _last_answer(visit: Visit, *, at: datetime) -> dict[str, Any]:
    """What she has just answered, out of her own letterbox."""
    kinds = (CompartmentKind.INBOX, CompartmentKind.FREEDOM)
    answers = compartments.take_out(visit.case, visit.holder, kinds, at=at, entry_kinds=[EntryKind.CHECK_ANSWER])
    last = answers[-1].content if answers else {}
    return {"changed": list(last.get("changed", ())), "text": str(last.get("text", ""))}


def _because(
    request: HttpRequest,
    visit: Visit,
    form: WordsForm | None = None,
    *,
    notices: list[Words] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": visit.case,
        "changed": Changed.choices,
        "said": form.cleaned_data if form else {},
        "typed": request.POST.get("text", ""),
        "notices": notices or [],
    }
    return show_hers(request, "because", context, visit=visit, status=status)


@require_POST
@her_page
def other(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Step over to another matter that her number opens, or back to the first."""
    form = OtherForm(request.POST)
    where = form.cleaned_data["where"] if form.is_valid() else None
    beside = next((case for case in workflow.hers_beside(visit.receipt) if case.pk == where), None)
    response = to("my_case")
    visits.step_over(response, visit, beside)
    return response


DONE: dict[str, Words] = {
    "because": _("The outside helper reads it now. You find it here under “The other matter”, with the same number."),
}
