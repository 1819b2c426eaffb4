"""The outcome of a case: the page of what was decided and promised, the decision maker's page, and its letters."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.crypto import CryptoError
from accounts.requests import StaffRequest
from complaints import access, shown
from complaints.access import OnCase
from complaints.casecodes import EntryKind
from complaints.codes import CompartmentKind
from complaints.compartments import Opened
from complaints.selectors import outcome as selector
from complaints.views.casework import _doors, _missing
from complaints.views.desk import frame, on_a_case
from complaints.workflow import STEPS

DECIDED_ON = (EntryKind.FINDING, EntryKind.QUESTIONS_BACK, EntryKind.DECISION, EntryKind.APPEAL_DECISION)


@require_safe
@on_a_case
def outcome(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Show remedies and sanctions with owner, day and check, who was told, and what is still open."""
    if not selector.has_outcome(on.case):
        raise Http404
    opened, failed = _open(request, on, [CompartmentKind.FINDING], at)
    doors = _doors(on, [CompartmentKind.FINDING], at)
    return render(
        request,
        "complaints/casework/outcome.html",
        frame(
            request,
            on,
            at,
            "outcome",
            page=selector.outcome_page(on.case, on.actor, at=at),
            decisions=_lines(opened, (EntryKind.DECISION, EntryKind.APPEAL_DECISION)),
            letters=[one for one in opened if one.entry.kind == EntryKind.OUTCOME_LETTER],
            failed=failed,
            missing=_missing(request, on, doors),
        ),
    )


@require_safe
@on_a_case
def decision(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """The page of whoever decides: the finding, who it is about, and what may weigh and what may not."""
    if on.assignment.role not in STEPS["decide"].by:
        raise PermissionDenied
    if not selector.has_outcome(on.case) and not selector.decides(on.actor):
        raise Http404
    kinds = [CompartmentKind.FINDING, CompartmentKind.RESPONDENT]
    opened, failed = _open(request, on, kinds, at)
    doors = _doors(on, kinds, at)
    return render(
        request,
        "complaints/casework/decision.html",
        frame(
            request,
            on,
            at,
            "decision",
            page=selector.outcome_page(on.case, on.actor, at=at),
            findings=_lines(opened, DECIDED_ON),
            respondent=[shown.lines(one.content) for one in opened if one.kind == CompartmentKind.RESPONDENT],
            doors_here={door.kind: door.state for door in doors},
            failed=failed,
            missing=_missing(request, on, [door for door in doors if door.kind == CompartmentKind.FINDING]),
        ),
    )


@require_safe
@on_a_case
def letter(request: StaffRequest, on: OnCase, at: datetime, entry: UUID) -> HttpResponse:
    """Print one letter about the outcome: nothing on it but what the letter holds."""
    if request.reader is None:
        raise Http404
    try:
        found = access.opened(on, request.reader, [CompartmentKind.FINDING], at=at, only=entry)
    except CryptoError:
        raise Http404 from None
    if not found or found[0].entry.kind != EntryKind.OUTCOME_LETTER:
        raise Http404
    content = found[0].content
    until = str(content.get("until", ""))
    return render(
        request,
        "complaints/casework/outcome_letter.html",
        {
            "case": on.case,
            "letter": content,
            "until": date.fromisoformat(until) if until else None,
            "written_on": found[0].entry.written_on,
            "from_outside": not on.case.with_factory,
        },
    )


def _open(request: StaffRequest, on: OnCase, kinds: list[CompartmentKind], at: datetime) -> tuple[list[Opened], bool]:
    if request.reader is None:
        return [], False
    try:
        return access.opened(on, request.reader, kinds, at=at), False
    except CryptoError:
        return [], True


def _lines(opened: list[Opened], kinds: tuple[EntryKind, ...]) -> list[dict[str, object]]:
    """In the order in which they were written."""
    return [{"opened": one, "lines": shown.lines(one.content)} for one in opened if one.entry.kind in kinds]
