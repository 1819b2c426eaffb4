"""Her pages of what she wishes: not content with the handling or the result, who may be told, roads outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints import presses, workflow
from complaints.casecodes import EventKind
from complaints.codes import Consent, Words
from complaints.inbox_forms import AnswerForm, AppealForm, LetterForm, WordForm
from complaints.models import Case
from complaints.selectors import hers
from complaints.selectors.asks import GROUNDS, appeal_until
from complaints.views.hers import case_page, her_page, show_hers, to
from complaints.visits import Visit
from complaints.workflow import StepRefused
from factories import clock, packs

DONE: dict[str, Words] = {
    "word": _("The outside helper has been told. Nobody in the factory sees it."),
    "again": _("Somebody new will look at it again. What keeps you safe at work stays."),
    "added": _("It goes to the new person, and to those who work on it."),
    "yes": _("Your answer is kept. You can change it at any time."),
    "helper": _("Another helper takes it over soon. They write to you here."),
}


# --- Not handled well, and not content with the result ------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def word(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Say that it is not handled well; the outside helper is told, and the factory never sees it."""

    def take(form: LetterForm) -> None:
        said = form.cleaned_data
        breach = said["ground"] == "breach"
        workflow.raise_concern(visit.case, visit.holder, text=said["text"], breach=breach, at=clock.now())

    return _letter(request, visit, "word", WordForm, take, done="word")


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def again(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Say that she does not agree with the result, within its days; and tell the new person more."""
    at = clock.now()
    more = "add_to_appeal" in hers.what_she_may(visit.case, at=at)

    def take(form: LetterForm) -> None:
        said = form.cleaned_data
        if more:
            workflow.add_to_appeal(visit.case, text=said["text"], at=at)
        else:
            workflow.appeal(visit.case, ground=said["ground"], text=said["text"], at=at)

    if more:
        return _letter(request, visit, "again", LetterForm, take, done="added", more=True)
    known = {"grounds": GROUNDS.items(), "until": appeal_until(visit.case), "roads": True}
    return _letter(request, visit, "again", AppealForm, take, done="again", **known)


STEP_OF = {"word": ("raise_concern",), "again": ("appeal", "add_to_appeal")}


def _letter(
    request: HttpRequest,
    visit: Visit,
    page: str,
    form_class: type[LetterForm],
    take: Callable[[Any], None],
    *,
    done: str,
    **context: Any,
) -> HttpResponse:
    """A page with a few words and one button. What she typed stays when it is refused."""
    notices: list[Words] = []
    if request.method == "POST":
        form = form_class(request.POST)
        notices = [] if form.is_valid() else form.problems()
        if not notices:
            said = form.cleaned_data
            once = request.POST.get("once", "")
            try:
                with presses.pressed(visit.case.pk, visit.receipt.pk, once, "".join(said.values())) as first:
                    if first:
                        take(form)
                return to("my_case", n=done)
            except StepRefused as refusal:
                notices = [refusal.message]
    may = hers.what_she_may(visit.case, at=clock.now())
    typed = str(request.POST.get("text", "")) if request.method == "POST" else ""
    if not may & set(STEP_OF[page]):
        return case_page(request, visit, notices=notices, typed=typed, status=409) if notices else to("my_case")
    context |= {"notices": notices, "typed": typed, "case": visit.case, "may": may, "page": page}
    context["chosen"] = request.POST.get("ground", "")
    return show_hers(request, page, context, visit=visit, status=422 if notices else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def helper(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Another outside helper for an outside case, where that was offered to her."""
    if request.method == "POST":
        try:
            workflow.want_other_helper(visit.case, at=clock.now())
        except StepRefused as refusal:
            return case_page(request, visit, notices=[refusal.message], status=409)
        return to("my_case", n="helper")
    if "want_other_helper" not in hers.what_she_may(visit.case, at=clock.now()):
        return to("my_case")
    return show_hers(request, "helper", {"case": visit.case}, visit=visit)


@require_safe
@her_page
def roads(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The roads that lead outside of the factory and of this programme. Using one is her decision."""
    found = packs.outside_roads(visit.case.country_id)
    return show_hers(request, "roads", {"case": visit.case, "roads": found}, visit=visit)


# --- One consent, one page ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wish:
    """One consent with a page of its own: what a yes means, said before it is asked."""

    consent: Consent
    title: Words
    means: tuple[Words, ...]
    only_with_factory: bool = False


WISHES: dict[str, Wish] = {
    "look": Wish(
        Consent.EXPERT_REVIEW,
        _("Ask somebody outside to check"),
        (
            _("The outside helper can read what you let the factory read, and the messages here."),
            _("They look at how it is handled, and write to you."),
            _("Nobody in the factory is told that you asked."),
            _("You can take it back. Then they cannot open it any more. What they have read, they know."),
        ),
        only_with_factory=True,
    ),
    "him": Wish(
        Consent.TELL_RESPONDENT,
        _("May the person be told?"),
        (
            _("To find out what happened, somebody asks the person about it. For that he must know what it is about."),
            _("He is told what, and roughly when and where. Never a thing that only one person can know."),
            _("Nobody tells him that it was you. But he may guess."),
            _("He is told that he must leave you alone and may not pay you back."),
            _("Without your yes we can still help you, and change things for everybody at your place of work."),
        ),
    ),
    "others": Wish(
        Consent.MATCH_PATTERN,
        _("May we compare it with what others told?"),
        (
            _("If others told about the same person or place, we can see that it belongs together."),
            _("The outside helper compares. If your factory handles your case, the head of the committee does, too."),
            _("The others do not learn who you are."),
            _("It can show that it happens again and again."),
        ),
    ),
}


def wishes_of(case: Case) -> list[tuple[str, Wish]]:
    """Those she can decide as her case stands, each with the word of its address."""
    return [(what, one) for what, one in WISHES.items() if case.with_factory or not one.only_with_factory]


@require_http_methods(["GET", "HEAD", "POST"])
@her_page
def wish(request: HttpRequest, visit: Visit, what: str) -> HttpResponse:
    """One consent: what it means, then yes or no. Taken back at any time, from this very page."""
    asked = WISHES.get(what)
    if asked is None:
        raise Http404
    if "change_consents" not in hers.what_she_may(visit.case, at=clock.now()):
        return to("my_case")
    if asked.only_with_factory and not visit.case.with_factory:
        return to("my_case")
    if request.method == "POST":
        return _answered(request, visit, asked)
    context = {
        "case": visit.case,
        "wish": asked,
        "what": what,
        "given": workflow.consents_of(visit.case).get(asked.consent.value),
        "told": asked.consent == Consent.TELL_RESPONDENT and he_knows(visit.case),
    }
    return show_hers(request, "wish", context, visit=visit)


def _answered(request: HttpRequest, visit: Visit, asked: Wish) -> HttpResponse:
    form = AnswerForm(request.POST)
    form.is_valid()
    answer = form.cleaned_data["answer"]
    if answer:
        try:
            wanted = {asked.consent.value: answer == "yes"}
            workflow.change_consents(visit.case, visit.holder, wanted=wanted, at=clock.now())
        except StepRefused as refusal:
            return case_page(request, visit, notices=[refusal.message], status=409)
    return to("my_case", n="yes")


def he_knows(case: Case) -> bool:
    """Whether the respondent was told already: what he knows cannot be taken back."""
    return case.events.filter(kind=EventKind.RESPONDENT_TOLD).exists()
