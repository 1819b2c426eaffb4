"""The pages of an inquiry: the list of what a fair one needs, and the letters to the respondent."""

from __future__ import annotations

from datetime import date, datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.crypto import CryptoError
from accounts.requests import StaffRequest
from complaints import access, reading
from complaints.access import OnCase
from complaints.casecodes import Role
from complaints.codes import CompartmentKind, Path
from complaints.compartments import Opened
from complaints.selectors import inquirypage
from complaints.views.casework import _doors, _missing
from complaints.views.desk import frame, on_a_case


@require_safe
@on_a_case
def inquiry(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Show how far the inquiry is and what is still missing, its people, allegations and papers."""
    _require_inquiry(on)
    opened, failed = _papers(request, on, at)
    doors = _doors(on, [CompartmentKind.RECORD], at)
    return render(
        request,
        "complaints/casework/inquiry.html",
        frame(
            request,
            on,
            at,
            "inquiry",
            page=inquirypage.inquiry_page(on.case, on.actor, opened, at=at),
            failed=failed,
            door=doors[0],
            missing=_missing(request, on, doors),
        ),
    )


@require_safe
@on_a_case
def letter(request: StaffRequest, on: OnCase, at: datetime, letter: str) -> HttpResponse:
    """Print the newest letter to the respondent of this kind: nothing on it but what the letter holds."""
    _require_inquiry(on)
    kind = inquirypage.LETTERS.get(letter)
    if kind is None or request.reader is None:
        raise Http404
    try:
        found = access.opened(on, request.reader, [CompartmentKind.RECORD], at=at, entry_kinds=[kind])
    except CryptoError:
        raise Http404 from None
    letters = [one for one in found if inquirypage.letter_of(one) == letter]
    if not letters:
        raise Http404
    newest = letters[-1]
    return render(
        request,
        f"complaints/casework/inquiry_letter_{letter}.html",
        {
            "case": on.case,
            "text": newest.content["text" if letter == "notice" else "points"],
            "answer_by": date.fromisoformat(newest.content["answer_by"]),
            "written_on": newest.entry.written_on,
            "from_outside": not on.case.with_factory,
        },
    )


def _require_inquiry(on: OnCase) -> None:
    """There is no such page without an inquiry, and none for whoever decides: they read the finding."""
    if on.case.path != Path.FORMAL_INQUIRY or on.assignment.role == Role.DECISION_MAKER:
        raise Http404


def _papers(request: StaffRequest, on: OnCase, at: datetime) -> tuple[list[Opened], bool]:
    if request.reader is None:
        return [], False
    kinds = [CompartmentKind.RECORD]
    # What is empty is not opened: she reads who opened what.
    if any(one.result for one in reading.allegations(on.case)):
        kinds.append(CompartmentKind.FINDING)
    try:
        return access.opened(on, request.reader, kinds, at=at, entry_kinds=inquirypage.ENTRIES), False
    except CryptoError:
        return [], True
