"""Scoring alone: the page for tablet and desk, what a tablet sends, notes, and handing in."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import StaffRequest
from assessments import notes, scoreform, scoring_alone, tool, visits
from assessments.access import Seat
from assessments.holding import VisitRefused, where_it_stands
from assessments.models import AssessmentStage, Assessor
from assessments.scoreform import Unreadable
from assessments.scoring_alone import FAULTS, Outcome
from assessments.views.desk import done, on_visit, posted, show
from assessments.visit_forms import HandInForm, NoteForm
from factories import clock

MOST_BYTES = 100_000
SIGNALS, COUNTS = "signals", "counts"


@require_http_methods(["GET", "HEAD", "POST"])
@on_visit
def score(request: StaffRequest, seat: Seat) -> HttpResponse:
    """Show the forty indicators with one's own marks, or keep those of one domain."""
    mine = _scorer(seat)
    if request.method != "POST":
        return _page(request, seat, mine)
    used, part = tool.of_assessment(seat.assessment), request.POST.get("part", "")
    indicators = used.of_domain(part)
    typed: dict[str, Any] = {}
    send: dict[str, Any] = {}
    if part == COUNTS:
        send["counts"] = scoreform.counts_from(request.POST)
    elif part == SIGNALS:
        send["signals"] = scoreform.signals_from(request.POST, scoring_alone.signals_for(request.user, used))
        typed = {mark.signal: mark for mark in send["signals"]}
    elif indicators:
        send["scores"] = scoreform.scores_from(request.POST, indicators)
        typed = {mark.indicator: mark for mark in send["scores"]}
    else:
        raise Http404
    try:
        said = scoring_alone.record(seat.assessment, by=request.user, at=clock.now(), **send)
    except VisitRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("assessments:visit", pk=seat.assessment.pk)
    if said.is_clean:
        messages.success(request, _("Saved."))
        return redirect(f"{reverse('assessments:score', args=[seat.assessment.pk])}#{_after(used, part)}")
    return _page(request, seat, mine, said=said, typed=typed, counts=send.get("counts"), status=422)


@require_POST
@on_visit
def sync(request: StaffRequest, seat: Seat) -> HttpResponse:
    """Take a batch of marks from a device, once, and say what became of each."""
    _scorer(seat, closed=True)
    try:
        if len(request.body) > MOST_BYTES:
            raise Unreadable
        batch = scoreform.batch_from(json.loads(request.body))
    except (Unreadable, ValueError, RecursionError):
        words = _("What this device sent cannot be read. Load the page again; what it holds stays on it.")
        return JsonResponse({"words": words}, status=400)
    try:
        said = scoring_alone.sync(
            seat.assessment,
            batch.id,
            by=request.user,
            at=clock.now(),
            scores=batch.scores,
            signals=batch.signals,
            counts=batch.counts,
        )
    except VisitRefused as refusal:
        return JsonResponse({"words": refusal.message}, status=409)
    answer = {
        "saved": said.saved,
        "faults": {code: str(FAULTS[fault]) for code, fault in said.faults.items()},
        "conflicts": {
            code: {"mark": mark, "words": _counted(mark) if code == COUNTS else scoreform.words_of(mark)}
            for code, mark in said.conflicts.items()
        },
    }
    return JsonResponse(answer)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@on_visit
def note(request: StaffRequest, seat: Seat, code: str) -> HttpResponse:
    """Write a note beside an indicator; online only, and without names."""
    mine = _scorer(seat, also_comparing=True)
    used = tool.of_assessment(seat.assessment)
    if not used.has_indicator(code):
        raise Http404
    kept = mine.notes.filter(indicator=code).first()
    form = NoteForm(posted(request), initial={"text": kept.text if kept else ""})
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        try:
            notes.write_note(seat.assessment, code, text, by=request.user, at=clock.now())
        except VisitRefused as refusal:
            form.add_error("text", refusal.message)
        else:
            messages.success(request, _("The note was saved.") if text.strip() else _("The note was taken away."))
            back = "score" if seat.assessment.stage == AssessmentStage.SCORING else "compare"
            return redirect(f"{reverse(f'assessments:{back}', args=[seat.assessment.pk])}#{code}")
    one = used.indicator(code)
    return show(request, "note", seat, form=form, indicator=one, title=used.text(one.title))


@require_http_methods(["GET", "HEAD", "POST"])
@on_visit
def hand_in(request: StaffRequest, seat: Seat) -> HttpResponse:
    """Hand in one's own scores; from then on they stay as they are."""
    mine = _scorer(seat)
    visit = seat.assessment
    form = HandInForm(posted(request), with_level=not visit.is_self)
    if request.method == "POST" and form.is_valid():
        level = form.cleaned_data.get("level_alone", "")
        said = _("Your scores are handed in. They stay as they are.")
        if done(
            request,
            lambda: scoring_alone.hand_in(visit, by=request.user, at=clock.now(), level_alone=level),
            said,
        ):
            return redirect("assessments:visit", pk=visit.pk)
    return show(
        request,
        "hand_in",
        seat,
        form=form,
        missing=scoring_alone.unanswered(visit, mine),
        unmarked=0 if visit.is_self else _unmarked(seat, mine),
        sample=_sample(seat),
    )


# ---------------------------------------------------------------------------------------------------------


def _scorer(seat: Seat, *, closed: bool = False, also_comparing: bool = False) -> Assessor:
    """Return the place of somebody who scores here now; whoever scored is told why not, to others it does not exist."""
    stage = seat.assessment.stage
    now = stage == AssessmentStage.SCORING or (also_comparing and stage == AssessmentStage.COMPARING)
    mine = seat.assessor
    if mine is None:
        raise Http404
    if not now and not closed:
        raise VisitRefused(where_it_stands(stage))
    if mine.submitted_at and not (closed or also_comparing):
        raise VisitRefused(_("You have handed in your scores. What you scored alone stays as it was."))
    mine.person = seat.person
    return mine


def _page(
    request: StaffRequest,
    seat: Seat,
    mine: Assessor,
    *,
    said: Outcome | None = None,
    typed: dict[str, Any] | None = None,
    counts: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    visit, used = seat.assessment, tool.of_assessment(seat.assessment)
    parts = scoreform.parts(visit, mine, used, typed=typed, said=said)
    shown: dict[str, Any] = {"parts": parts, "answered": sum(part.answered for part in parts), "mine": mine}
    shown["of"] = len(used.indicators)
    if not visit.is_self:
        now = visits.counts_of(visit)
        refused = counts is not None and said is not None and not said.is_clean
        shown["signals"] = scoreform.signal_part(mine, used, typed=typed, said=said)
        shown["counts"] = (now | counts | {"version": now["version"]}) if counts and refused else now
        shown["counts_fault"] = said.sentences().get(COUNTS, "") if said else ""
        shown["counts_theirs"] = _counted(said.conflicts[COUNTS]) if said and COUNTS in said.conflicts else ""
        shown["restrictions"] = scoreform.restrictions(shown["counts"]["restrictions"])
        shown["sample"] = _sample(seat)
    return show(request, "score", seat, status=status, **shown)


def _after(used: tool.Tool, part: str) -> str:
    """Return the part that comes next."""
    order = [domain.code for domain in used.domains] + [SIGNALS, COUNTS]
    place = order.index(part) + 1
    return order[min(place, len(order) - 1)]


def _counted(counts: dict[str, Any]) -> str:
    words = _("%(interviews)s interviews, %(off)s of them off-site, %(groups)s groups")
    return words % {
        "interviews": counts["interviews"],
        "off": counts["interviews_off_site"],
        "groups": counts["women_only_groups"],
    }


def _unmarked(seat: Seat, mine: Assessor) -> int:
    asked = {one.code for one in scoring_alone.signals_for(seat.person, tool.of_assessment(seat.assessment))}
    return len(asked - set(mine.signals.values_list("signal", flat=True)))


def _sample(seat: Seat) -> list[dict[str, Any]]:
    """Return how far interviews and groups are, of how many; nothing before the workers are counted."""
    visit = seat.assessment
    if visit.is_self or not visit.headcount:
        return []
    needs = tool.of_assessment(visit).sample_for(visit.headcount)
    rows = [
        (_("Private interviews"), visit.interviews, needs.interviews),
        (_("of which off-site"), visit.interviews_off_site, needs.off_site),
        (_("Women-only groups"), visit.women_only_groups, needs.groups),
    ]
    return [{"label": label, "have": have, "of": of, "enough": have >= of} for label, have, of in rows]
