"""The safeguarding leads' page of a case in hold, and the referrals of any case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.crypto import CryptoError
from accounts.requests import StaffRequest
from complaints import access, reading, shown
from complaints.access import OnCase
from complaints.casecodes import EntryKind, ReferralState, Role
from complaints.codes import CompartmentKind
from complaints.compartments import Opened
from complaints.selectors import safety
from complaints.shown import Line
from complaints.stepforms.referrals import NoteReferral, SendReferral
from complaints.stepforms.safeguarding import AgreeSafetyDecision
from complaints.views.casework import desk_of
from complaints.views.desk import frame, on_a_case
from complaints.workflow import allowed
from complaints.workflow.referrals import Offer, offers_in, provider_of

WRITTEN = (
    EntryKind.NOT_SAFE,
    EntryKind.FIRST_LOOK,
    EntryKind.DANGER_CONFIRMED,
    EntryKind.SAFETY_DECISION,
    EntryKind.SAFETY_PLAN,
    EntryKind.LEGAL_DUTY,
    EntryKind.WIDER_RISK,
    EntryKind.FOLLOW_UP,
    EntryKind.CHECK_ANSWER,
    EntryKind.REFERRAL,
)
OF_REFERRALS = ("offer_referral", "send_referral", "note_referral")


@dataclass(frozen=True)
class Written:
    """One entry of the two leads, opened."""

    opened: Opened
    lines: Sequence[Line] = field(repr=False)


@require_safe
@on_a_case
def workspace(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Show two leads the path of section 12 in order, what they wrote, and the proposal that waits for one of them."""
    if on.assignment.role != Role.SAFEGUARDING_LEAD or not on.case.in_hold:
        raise Http404
    page = safety.safety_page(on.case, on.actor, at=at)
    opened = _opened(request, on, CompartmentKind.FREEDOM, WRITTEN, at)
    entries = [Written(one, shown.lines(one.content)) for one in reversed(opened)]
    proposal = next((one for one in entries if page.waiting and _number(one.opened) == page.waiting.number), None)
    form = AgreeSafetyDecision(desk=desk_of(request, on)) if page.waiting and not page.is_mine and proposal else None
    return render(
        request,
        "complaints/casework/safety.html",
        frame(request, on, at, "safety", page=page, entries=entries, proposal=proposal, form=form),
    )


def _number(opened: Opened) -> int:
    return int(opened.content.get("decision_number", 0))


@require_safe
@on_a_case
def referrals(request: StaffRequest, on: OnCase, at: datetime) -> HttpResponse:
    """Show what was offered to her, what she answered, and what is to be done by hand."""
    if on.assignment.role == Role.APPEAL_REVIEWER:
        raise Http404  # What helps her is nothing for whoever looks at the result again.
    could = allowed(on.case, on.actor, at=at, among=OF_REFERRALS)
    found = safety.referral_lines(on.case, on.actor, _offers(request, on, at) if _any(on) else {}, could, at=at)
    lines = [
        {
            "line": line,
            "send": SendReferral(desk=desk_of(request, on)).about(line.number) if line.may_send else None,
            "note": NoteReferral(desk=desk_of(request, on)).about(line.number) if line.may_note else None,
        }
        for line in found
    ]
    context = frame(request, on, at, "referrals", lines=lines, may_offer="offer_referral" in could)
    return render(request, "complaints/casework/referrals.html", context)


@require_safe
@on_a_case
def referral_sheet(request: StaffRequest, on: OnCase, at: datetime, number: int) -> HttpResponse:
    """The sheet to print: what she agreed to tell this service, and nothing else of the case."""
    could = allowed(on.case, on.actor, at=at, among=OF_REFERRALS)
    offers = _offers(request, on, at)
    line = next(
        (one for one in safety.referral_lines(on.case, on.actor, offers, could, at=at) if one.number == number), None
    )
    passed_on = (ReferralState.AGREED, ReferralState.SENT, ReferralState.ACCEPTED)
    if line is None or line.offer is None or line.state not in passed_on:
        raise Http404
    if line.state == ReferralState.AGREED and not line.is_open:
        raise Http404
    provider = provider_of(line.offer)
    return render(
        request, "complaints/casework/referral_sheet.html", {"line": line, "provider": provider, "case": on.case}
    )


def _any(on: OnCase) -> bool:
    return bool(reading.referrals(on.case))


def _offers(request: StaffRequest, on: OnCase, at: datetime) -> dict[int, Offer]:
    opened = _opened(request, on, CompartmentKind.INBOX, (EntryKind.REFERRAL,), at)
    return offers_in(one.content for one in opened)


def _opened(
    request: StaffRequest, on: OnCase, kind: CompartmentKind, entry_kinds: tuple[EntryKind, ...], at: datetime
) -> list[Opened]:
    if request.reader is None:
        return []
    try:
        return access.opened(on, request.reader, [kind], at=at, entry_kinds=entry_kinds)
    except CryptoError:
        return []
