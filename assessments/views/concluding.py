"""After scoring: comparing, concluding, the technical expert's review, giving back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.requests import StaffRequest
from assessments import advice, comparing, concluding, givingback, notes, reviewing, tool
from assessments.access import Seat
from assessments.holding import VisitRefused, where_it_stands
from assessments.models import AssessmentStage, Level
from assessments.results import notes_beside
from assessments.views.desk import done, on_visit, show
from assessments.visit_forms import (
    ConcludeForm,
    GiveBackForm,
    GoodPracticeForm,
    LevelForm,
    PlainForm,
    ReviewForm,
)
from factories import clock


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@on_visit
def compare(request: StaffRequest, seat: Seat) -> HttpResponse:
    """Show what both gave alone; agree where they differ by one, write the reason where by more."""
    visit = seat.assessment
    _compares(seat)
    refused: dict[str, str] = {}
    if request.method == "POST":
        code, at = request.POST.get("indicator", ""), clock.now()
        if "reason" in request.POST:
            text = request.POST["reason"]
            if not done(
                request,
                lambda: comparing.give_reason(visit, code, text, by=request.user, at=at),
                _("Your reason was recorded."),
            ):
                refused[code] = text
        else:
            given, seen = request.POST.get("given", ""), request.POST.get("seen", "")
            if given != "none" and not (given.isascii() and given.isdigit() and len(given) == 1):
                messages.error(request, _("Choose the score you agreed on."))
            else:
                number = None if given == "none" else int(given)
                done(
                    request,
                    lambda: comparing.agree(visit, code, number, seen=seen, by=request.user, at=at),
                    _("Recorded what you agreed on."),
                )
        if not refused:
            known = tool.of_assessment(visit).has_indicator(code)
            here = reverse("assessments:compare", args=[visit.pk])
            return redirect(f"{here}#{code}" if known else here)
    found, written = comparing.pairs(visit), notes_beside(seat)
    return show(
        request,
        "compare",
        seat,
        differ=[
            _lined(seat, pair, refused) | {"notes": written.get(pair.indicator.code)} for pair in found if not pair.same
        ],
        same=[_lined(seat, pair) for pair in found if pair.same],
        missing=concluding.still_missing(visit),
        status=422 if refused else 200,
    )


def _compares(seat: Seat) -> None:
    """Refuse an assessor where nothing is compared now, with where the visit stands; for others it does not exist."""
    if seat.assessor is None or seat.assessment.is_self:
        raise Http404
    if seat.assessment.stage != AssessmentStage.COMPARING:
        raise VisitRefused(where_it_stands(seat.assessment.stage))


def _lined(seat: Seat, pair: comparing.Pair, refused: Mapping[str, str] | None = None) -> dict[str, Any]:
    used = tool.of_assessment(seat.assessment)
    kept = next((text for one, text in pair.reasons if one.person_id == seat.person.pk), "")
    mine = (refused or {}).get(pair.indicator.code, kept)
    return {
        "pair": pair,
        "title": used.text(pair.indicator.title),
        "anchors": [used.text(anchor) for anchor in pair.indicator.anchors],
        "my_reason": mine,
        "seen": "" if pair.agreed is None else "none" if pair.agreed.given is None else str(pair.agreed.given),
        "choices": [("none" if one is None else str(one)) for one in pair.choices],
    }


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@on_visit
def conclude(request: StaffRequest, seat: Seat) -> HttpResponse:
    """Decide the level for factory and advisor, with reasons."""
    visit = seat.assessment
    _compares(seat)
    practising = request.method == "POST" and "practice" in request.POST
    good = GoodPracticeForm(request.POST if practising else None)
    form = ConcludeForm(request.POST if request.method == "POST" and not practising else None)
    at = clock.now()
    if practising and good.is_valid():
        text = good.cleaned_data["text"]
        if done(
            request,
            lambda: notes.note_good_practice(visit, text, by=request.user, at=at),
            _("Recorded. It stands beside the signals in the report."),
        ):
            return redirect("assessments:conclude", pk=visit.pk)
    elif form.is_bound and form.is_valid():
        concluded = done(
            request,
            lambda: concluding.conclude(visit, by=request.user, at=at, **form.cleaned_data),
            _("Your conclusion was recorded."),
        )
        if concluded:
            return redirect("assessments:visit", pk=visit.pk)
    used = tool.of_assessment(visit)
    proposal = concluding.propose(visit)
    asked = getattr(visit, "expert_review", None)
    return show(
        request,
        "conclude",
        seat,
        form=form,
        good_form=good,
        good=list(visit.good_practices.all()),
        proposal=proposal,
        level=proposal.rule_level_factory.label,
        found=[(one.code, used.text(used.signal(one.code).text), one.grade) for one in proposal.for_factory],
        missing=concluding.still_missing(visit),
        sent_back=asked if asked and asked.agrees is False else None,
    )


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@on_visit
def review(request: StaffRequest, seat: Seat) -> HttpResponse:
    """The technical expert's page: settle, answer the conclusion, decide the level with every signal."""
    visit = seat.assessment
    open_now = (AssessmentStage.COMPARING, AssessmentStage.REVIEW, AssessmentStage.FINAL)
    if not seat.expert or visit.is_self or visit.stage not in open_now:
        raise Http404
    typed: dict[str, Any] = {}
    if request.method == "POST":
        typed = _answered(request, seat)
        if not typed:
            return redirect("assessments:review", pk=visit.pk)
    used = tool.of_assessment(visit)
    looks = request.user.pk in {one.pk for one in comparing.experts_for(visit)}
    shown: dict[str, Any] = {"looks": looks, "asked": getattr(visit, "expert_review", None)}
    pairs = comparing.pairs(visit)
    shown["to_settle"] = [_lined(seat, pair) for pair in pairs if pair.for_the_expert] if looks else []
    if visit.stage in (AssessmentStage.REVIEW, AssessmentStage.FINAL):
        proposal = concluding.propose(visit)
        shown |= {
            "proposal": proposal,
            "advice": advice.for_level(concluding.level_for(visit)) if visit.level else None,
            "rule_level": Level(visit.rule_level).label if visit.rule_level else "",
            "found": [
                (one.code, used.text(used.signal(one.code).text), one.grade, one.for_factory) for one in proposal.found
            ],
            "level_form": typed.get("level")
            or LevelForm(
                initial={
                    "level": visit.level,
                    "reasons": visit.level_reasons,
                    "shown": reviewing.shown_level(visit),
                }
            ),
        }
    if visit.stage == AssessmentStage.REVIEW and looks:
        shown["review_form"] = typed.get("review") or ReviewForm()
    return show(request, "review", seat, status=422 if typed else 200, **shown)


def _answered(request: StaffRequest, seat: Seat) -> dict[str, Any]:
    """Do what the expert asked; return the form that was refused, with what was typed, or nothing."""
    visit, at, post = seat.assessment, clock.now(), request.POST
    if "settle" in post:
        given = post.get("given", "")
        if not (given.isascii() and given.isdigit() and len(given) == 1):
            messages.error(request, _("Choose the score that counts."))
            return {}
        code, number = post["settle"], int(given)
        done(
            request,
            lambda: comparing.settle(visit, code, number, by=request.user, at=at),
            _("Settled. The first scores stay as they were."),
        )
        return {}
    if "level" in post:
        form = LevelForm(post)
        if not form.is_valid():
            return {"level": form}
        data = form.cleaned_data
        decided = done(
            request,
            lambda: reviewing.decide_level(visit, **data, by=request.user, at=at),
            _("Your level was recorded. Technical experts alone see it."),
        )
        return {} if decided else {"level": _now_read(form, reviewing.shown_level(visit))}
    answer = ReviewForm(post)
    if not answer.is_valid():
        return {"review": answer}
    agrees, note = answer.cleaned_data["agrees"] == "yes", answer.cleaned_data["note"]
    reviewed = done(
        request,
        lambda: reviewing.review(visit, agrees=agrees, note=note, by=request.user, at=at),
        _("Your answer was recorded. The assessors were told."),
    )
    return {} if reviewed else {"review": answer}


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@on_visit
def give_back(request: StaffRequest, seat: Seat) -> HttpResponse:
    """Write the page for workers, and note the day on which everybody was told."""
    visit = seat.assessment
    may = seat.plans or seat.assessor is not None
    if visit.stage != AssessmentStage.FINAL or visit.is_self or not may:
        raise Http404
    at = clock.now()
    noting = request.method == "POST" and "on" in request.POST
    language = request.POST.get("language") or request.GET.get("language") or visit.factory.country.language
    kept = visit.plain_versions.filter(language=language).first()
    start = {"language": language, "shown": givingback.shown_plain(kept)}
    start |= {"found": kept.found, "will_be_done": kept.will_be_done} if kept else {}
    plain = PlainForm(request.POST if request.method == "POST" and not noting else None, initial=start)
    given = GiveBackForm(request.POST if noting else None)
    if noting and given.is_valid():
        day = given.cleaned_data["on"]
        if done(
            request,
            lambda: givingback.give_back(visit, day, by=request.user, at=at),
            _("Recorded. The page for workers is published, and the factory can open its results."),
        ):
            return redirect("assessments:visit", pk=visit.pk)
    elif not noting and request.method == "POST" and plain.is_valid():
        data = plain.cleaned_data
        if done(
            request,
            lambda: givingback.write_plain(visit, by=request.user, at=at, **data),
            _("The page for workers was saved."),
        ):
            return redirect("assessments:give_back", pk=visit.pk)
        _now_read(plain, givingback.shown_plain(kept))
    shown: dict[str, Any] = {"plain_form": plain, "given_form": given, "plain": list(visit.plain_versions.all())}
    return show(request, "give_back", seat, kept=kept if plain.is_bound else None, **shown)


def _now_read(form: Form, shown: str) -> Form:
    """Keep what was typed; with the page that says why it was refused, what stands there now is read."""
    data = cast(QueryDict, form.data).copy()
    data["shown"] = shown
    form.data = data
    return form
