"""The list of one's cases, and the pages of one case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.crypto import CryptoError
from accounts.requests import StaffRequest
from complaints import access, shown
from complaints.access import OnCase
from complaints.casecodes import FACTORY_ROLES, Author, Role
from complaints.casewords import Conduct
from complaints.codes import ANSWER_COMPARTMENTS, CompartmentKind, Stage
from complaints.compartments import Opened
from complaints.selectors import caseload as work
from complaints.selectors import casepage
from complaints.stepforms import Desk
from complaints.stepforms.early import AddNote, SendMessage
from complaints.views.desk import frame, on_a_case
from complaints.workflow import allowed
from factories import clock, people

SHOWN_FIRST = 50  # Messages and notes before "show everything".
OPENINGS_SHOWN = 200
PICTURE_TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"RIFF": "image/webp"}
HANDLER_ROLES = {*FACTORY_ROLES, "technical_expert", "safeguarding_lead", "appeal_reviewer"}


@require_safe
def caseload(request: StaffRequest) -> HttpResponse:
    """List one's own cases, what is due first on top. Filters live in the URL."""
    if not people.roles_of(request.user) & HANDLER_ROLES:
        raise Http404
    at = clock.now()
    stage = request.GET.get("stage", "")
    filters = work.Filters(
        stage=stage if stage in Stage.values else "",
        late=request.GET.get("late") == "1",
        reference=request.GET.get("reference", "").strip().upper()[:10],
        closed=stage == Stage.CLOSED,
    )
    page = work.caseload(request.user, at=at, filters=filters, after=request.GET.get("after", ""))
    at_factory = bool(people.roles_of(request.user) & set(FACTORY_ROLES))
    outside = work.handled_outside(request.user, at=at) if at_factory and not filters.any else []
    query = request.GET.copy()
    query["after"] = page.more
    return render(
        request,
        "complaints/casework/caseload.html",
        {
            "page": page,
            "filters": filters,
            "stages": Stage.choices,
            "handled_outside": outside,
            "next_page": query.urlencode() if page.more else "",
            "is_first_page": "after" not in request.GET,
            "on_a_page": work.ON_A_PAGE,
        },
    )


@require_safe
@on_a_case
def case(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Show where a case stands, what is promised, who works on it, and the next step. Nothing is opened here."""
    page = casepage.case_page(on.case, on.actor, at=at)
    return render(
        request,
        "complaints/casework/case.html",
        frame(
            request,
            on,
            at,
            "case",
            page=page,
            conduct=[Conduct(code).label for code in on.case.conduct_types if code in Conduct.values],
        ),
    )


@require_safe
@on_a_case
def words(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Open her answers and pictures as far as she shared them with this reader; the rest is shown as shut."""
    kinds = [*ANSWER_COMPARTMENTS, CompartmentKind.PICTURES]
    opened, failed = _open(request, on, kinds, at)
    doors = _doors(on, kinds, at)
    sections = [
        {
            "door": door,
            "entries": [
                {"opened": one, "lines": shown.lines(one.content)}
                for one in opened
                if one.kind == door.kind and not one.picture
            ],
            "pictures": [one for one in opened if one.kind == door.kind and one.picture],
        }
        for door in doors
    ]
    return render(
        request,
        "complaints/casework/words.html",
        frame(request, on, at, "words", sections=sections, failed=failed, missing=_missing(request, on, doors)),
    )


@require_safe
@on_a_case
def picture(request: StaffRequest, on: OnCase, at: datetime, entry: UUID) -> HttpResponse:
    """Show one picture she added."""
    if request.reader is None:
        raise Http404
    try:
        found = access.opened(on, request.reader, [CompartmentKind.PICTURES], at=at, only=entry)
    except CryptoError:
        raise Http404 from None
    if not found or not found[0].picture:
        raise Http404
    data = found[0].picture
    kind = next((kind for start, kind in PICTURE_TYPES.items() if data.startswith(start)), "application/octet-stream")
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": 'inline; filename="picture"'})


@require_safe
@on_a_case
def messages(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Show the messages both ways, and the form for the next one."""
    opened, failed = _open(request, on, [CompartmentKind.INBOX], at, newest=_newest(request))
    doors = _doors(on, [CompartmentKind.INBOX], at)
    may_write = bool(allowed(on.case, on.actor, at=at, among=["send_message"]))
    form = SendMessage(desk=desk_of(request, on)) if may_write else None
    return render(
        request,
        "complaints/casework/messages.html",
        frame(
            request,
            on,
            at,
            "messages",
            entries=opened,
            failed=failed,
            door=doors[0],
            hers=Author.COMPLAINANT,
            more=len(opened) == SHOWN_FIRST,
            form=form,
            missing=_missing(request, on, doors),
        ),
    )


@require_safe
@on_a_case
def record(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Show the handlers' own papers: notes, triage, measures, path."""
    opened, failed = _open(request, on, [CompartmentKind.RECORD], at, newest=_newest(request))
    doors = _doors(on, [CompartmentKind.RECORD], at)
    may_write = bool(allowed(on.case, on.actor, at=at, among=["add_note"]))
    return render(
        request,
        "complaints/casework/record.html",
        frame(
            request,
            on,
            at,
            "record",
            entries=[{"opened": one, "lines": shown.lines(one.content)} for one in reversed(opened)],
            failed=failed,
            door=doors[0],
            more=len(opened) == SHOWN_FIRST,
            form=AddNote(desk=desk_of(request, on)) if may_write else None,
            missing=_missing(request, on, doors),
        ),
    )


@require_safe
@on_a_case
def openings(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Show who opened what: the outside team sees all of it, everybody else their own openings."""
    events = list(access.openings_seen_by(on)[:OPENINGS_SHOWN])
    return render(
        request,
        "complaints/casework/openings.html",
        frame(request, on, at, "openings", events=events, more=len(events) == OPENINGS_SHOWN),
    )


@require_safe
@on_a_case
def timeline(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Show what happened, step by step."""
    # A reviewer reads what the factory reads: danger, age and freedom are not theirs to know.
    events = casepage.timeline(on.case, at_factory=on.at_factory or on.assignment.role == Role.APPEAL_REVIEWER, at=at)
    return render(request, "complaints/casework/timeline.html", frame(request, on, at, "timeline", events=events))


def desk_of(request: StaffRequest, on: OnCase) -> Desk:
    return Desk(case=on.case, actor=on.actor, person=request.user, reader=request.reader)


def _open(
    request: StaffRequest, on: OnCase, kinds: list[CompartmentKind], at: datetime, newest: int | None = None
) -> tuple[list[Opened], bool]:
    """Open what this reader may; `True` when a row does not open as it was written."""
    if request.reader is None:
        return [], False
    try:
        return access.opened(on, request.reader, kinds, at=at, newest=newest), False
    except CryptoError:
        return [], True


def _newest(request: StaffRequest) -> int | None:
    return None if request.GET.get("all") == "1" else SHOWN_FIRST


def _doors(on: OnCase, kinds: list[CompartmentKind], at: datetime) -> list[casepage.Door]:
    return casepage.doors_of(on.case, on.assignment.role, kinds, access.open_doors(on, at=at), on.kinds, on.later)


def _missing(request: StaffRequest, on: OnCase, doors: list[casepage.Door]) -> dict[str, object] | None:
    """What is missing where something that should be open is not, and who can help."""
    if request.reader is None:
        return {"what": "key"}
    if any(door.state == "missing" for door in doors):
        state = request.reader.key.state
        helpers = casepage.who_can_share(on.case, request.user)
        return {"what": "pending" if state == "pending" else "grant", "helpers": helpers}
    return None
