"""A case on paper, for the one person who prints it: they choose the parts, and each opening is recorded."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.crypto import CryptoError
from accounts.requests import StaffRequest
from complaints import access
from complaints.access import OnCase
from complaints.casewords import Conduct
from complaints.selectors import casepage
from complaints.selectors import paper as papers
from complaints.views.desk import frame, on_a_case


@require_safe
@on_a_case
def paper(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Ask which parts come on the paper, and then show them as it is printed.

    The address carries the codes of parts and nothing that lies in them. Only what is chosen is opened.
    """
    asked = request.GET.getlist("part") if "part" in request.GET or "choose" in request.GET else None
    doors = access.open_doors(on, at=at)
    choice = papers.choice(on.case, on.actor, request.reader, doors, on.kinds, on.later, asked, at=at)
    if asked is None or request.reader is None or not choice.chosen:
        return _choose(request, on, at, choice, nothing_chosen=asked is not None)
    try:
        opened = access.opened(on, request.reader, choice.kinds, at=at)
    except CryptoError:
        return _choose(request, on, at, choice, failed=True)
    case, actor = on.case, on.actor
    chosen = choice.chosen
    conduct = [Conduct(code).label for code in case.conduct_types if code in Conduct.values]
    context = {
        "on": on,
        "case": case,
        "today": case.local_day(at),
        "choice": choice,
        "sections": papers.sections(opened, choice, actor),
        "conduct": [] if on.decides_only else conduct,
        "outcome": papers.outcome(case, actor, at=at) if papers.OUTCOME in chosen else None,
        "days": papers.days(case, actor, at=at) if papers.STEPS in chosen else None,
        "promises": papers.promises(case, actor, at=at) if papers.PROMISES in chosen else None,
    }
    return render(request, "complaints/casework/paper.html", context)


def _choose(
    request: StaffRequest,
    on: OnCase,
    at: datetime,
    choice: papers.Choice,
    *,
    nothing_chosen: bool = False,
    failed: bool = False,
) -> HttpResponse:
    context = frame(
        request,
        on,
        at,
        "paper",
        choice=choice,
        asked_for=papers.ASKED_FOR,
        nothing_chosen=nothing_chosen,
        failed=failed,
        missing=_missing(request, on, choice),
    )
    return render(request, "complaints/casework/paper_choose.html", context)


def _missing(request: StaffRequest, on: OnCase, choice: papers.Choice) -> dict[str, object] | None:
    """What is missing where something that should be open is not, and who can help."""
    if request.reader is None:
        return {"what": "key"}
    if not choice.lacks:
        return None
    what = "pending" if request.reader.key.state == "pending" else "grant"
    return {"what": what, "helpers": casepage.who_can_share(on.case, request.user)}
