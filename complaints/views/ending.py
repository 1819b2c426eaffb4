"""The end, in her hands: may it be closed, how it was, open it again, delete my words, keep it longer.

The words of the addresses stay in the phone's history, so they say little.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from complaints import presses, workflow
from complaints.carecodes import Feeling, YesNo
from complaints.codes import Words
from complaints.ending_forms import EndForm, FacesForm
from complaints.models import Case
from complaints.selectors import hers
from complaints.views.care import FACES
from complaints.views.hers import case_page, her_page, show_hers, to
from complaints.visits import Visit
from complaints.workflow import StepRefused
from factories import clock

DONE: dict[str, Words] = {
    "ended": _lazy("Thank you. We have your answer."),
    "faces": _lazy("Thank you for telling us."),
    "open": _lazy("Your case is open again."),
    "clear": _lazy("Your words will be deleted tomorrow unless you change your mind."),
    "kept": _lazy("Nothing is deleted. Your words stay."),
    "year": _lazy("We keep it for another year."),
    "way": _lazy("The talk has stopped. You did nothing wrong."),
}
ASK_CLOSE: Words = _lazy("Please say yes or no: may we finish?")
ASK_SAFE: Words = _lazy("Please say whether you are safe.")
QUESTIONS: tuple[tuple[str, Words], ...] = (
    ("heard", _lazy("Did they listen to you?")),
    ("in_time", _lazy("Was it quick enough?")),
    ("safe_to_tell", _lazy("Did you feel safe telling us?")),
    ("fair", _lazy("Was it fair to you?")),
    ("would_tell_again", _lazy("Would you tell us again?")),
)


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def end(request: HttpRequest, visit: Visit) -> HttpResponse:
    """May it be closed, and is she safe? Two answers and a button; the rest she may leave."""
    if request.method != "POST":
        if "answer_closing" not in hers.what_she_may(visit.case, at=clock.now()):
            return to("my_case")
        return _end(request, visit, {})
    form = EndForm(request.POST)
    form.is_valid()
    said = form.cleaned_data
    notices = form.problems()
    if not said.get("may_close"):
        notices.append(ASK_CLOSE)
    if not said.get("safe"):
        notices.append(ASK_SAFE)
    if notices:
        return _end(request, visit, said, notices=notices, status=422)

    def answer(at: Any) -> None:
        workflow.answer_closing(
            visit.case,
            may_close=said["may_close"] == "yes",
            safe=said["safe"],
            how=form.how,
            questions=form.questions,
            text=said["text"],
            at=at,
        )

    return _pressed(request, visit, answer, "ended", text=said["text"])


def _end(
    request: HttpRequest,
    visit: Visit,
    said: dict[str, Any],
    *,
    notices: list[Words] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "case": visit.case,
        "said": said,
        "faces": [(code, label, FACES[code]) for code, label in Feeling.choices],
        "safe": YesNo.choices,
        "questions": [(name, words, said.get(name, "")) for name, words in QUESTIONS],
        "typed": request.POST.get("text", ""),
        "notices": notices or [],
        "seen_when": hers.seen_when(visit.case, at=clock.now()),
    }
    return show_hers(request, "end", context, visit=visit, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def faces(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How was this for you? Five faces, once."""
    may = hers.what_she_may(visit.case, at=clock.now())
    if request.method != "POST":
        return _faces(request, visit) if "say_how_it_was" in may else to("my_case")
    form = FacesForm(request.POST)
    if not form.is_valid():
        return _faces(request, visit, notices=form.problems(), status=422)
    text = form.cleaned_data["text"]

    def say(at: Any) -> None:
        workflow.say_how_it_was(visit.case, how=form.how, text=text, at=at)

    return _pressed(request, visit, say, "faces", text=text)


def _faces(
    request: HttpRequest, visit: Visit, *, notices: list[Words] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "case": visit.case,
        "faces": [(code, label, FACES[code]) for code, label in Feeling.choices],
        "typed": request.POST.get("text", ""),
        "notices": notices or [],
        "seen_when": hers.seen_when(visit.case, at=clock.now()),
    }
    return show_hers(request, "faces", context, visit=visit, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def open_again(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Open a finished case again."""
    return _asked(request, visit, "reopen", "open", lambda at: workflow.reopen(visit.case, at=at))


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def clear(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Delete my words: what goes, what stays, and what it has to wait for, before she presses."""
    delay = workflow.delay_of(visit.case, at=clock.now())
    return _asked(
        request, visit, "ask_deletion", "clear", lambda at: workflow.ask_deletion(visit.case, at=at), delay=delay
    )


@require_POST
@her_page
def clear_back(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take it back: nothing is deleted."""
    return _pressed(request, visit, lambda at: workflow.take_deletion_back(visit.case, at=at), "kept")


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def keep(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep it another year."""
    return _asked(request, visit, "renew", "year", lambda at: workflow.renew(visit.case, at=at), template="keep")


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def way(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Stop an informal talk: what follows, then one button. No reason is asked."""
    when = hers.seen_when(visit.case, at=clock.now())
    return _asked(request, visit, "stop_talk", "way", lambda at: workflow.stop_talk(visit.case, at=at), seen_when=when)


def _asked(
    request: HttpRequest,
    visit: Visit,
    step: str,
    done: str,
    take: Callable[[Any], object],
    *,
    template: str = "",
    **context: Any,
) -> HttpResponse:
    """One page that says what follows, one button."""
    if request.method == "POST":
        return _pressed(request, visit, take, done)
    if step not in hers.what_she_may(visit.case, at=clock.now()):
        return to("my_case")
    return show_hers(request, template or done, {"case": visit.case, **context}, visit=visit)


def _pressed(
    request: HttpRequest, visit: Visit, take: Callable[[Any], object], done: str, *, text: str = ""
) -> HttpResponse:
    """Take a step of hers once, however often she presses; what is refused is said on her page."""
    case: Case = visit.case
    try:
        with presses.pressed(case.pk, visit.receipt.pk, request.POST.get("once", ""), text) as first:
            if first:
                take(clock.now())
    except StepRefused as refusal:
        return case_page(request, visit, notices=[refusal.message], status=409)
    return to("my_case", n=done)
