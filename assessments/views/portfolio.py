"""The advisor's factories, and an expert's: who needs a call today, and why. No case opens from here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.requests import StaffRequest
from assessments import exporting
from assessments.selectors import needs
from assessments.selectors.needs import Need
from complaints.statistics import Audience
from factories import clock, people, sheets, watching
from factories.access import only_for
from factories.models import Factory, Membership
from factories.querysets import FactoryQuerySet
from factories.views.pages import page_of

LATE_SHOWN = 5
NEEDS = {
    "review": (Need.JOINT_REVIEW, _("Joint review")),
    "expert": (Need.EXPERT_REVIEW, _("Expert review")),
    "silence": (Need.SILENCE, _("Silence")),
    "activity": (Need.ACTIVITY, _("Activities late")),
    "action": (Need.ACTION, _("Actions late")),
    "visit": (Need.VISIT, _("Visits")),
}


@require_safe
@only_for(people.is_advisor)
def portfolio(request: StaffRequest) -> HttpResponseBase:
    """List one's factories, those that need somebody first, with who acts for each, and the first late steps."""
    at = clock.now()
    mine = Factory.objects.in_portfolio_of(request.user)
    rows = _rows(request, mine, Audience.ADVISOR, at)
    if kind := sheets.wanted(request):
        return _file(kind, rows, at)
    shown = _page(request, rows, at)
    shown["late"] = watching.late_steps(request.user, at)[:LATE_SHOWN]
    return render(request, "assessments/portfolio.html", shown)


@require_safe
@only_for(people.is_expert)
def factories(request: StaffRequest) -> HttpResponseBase:
    """List the factories of an expert's countries that are in the programme, those that need somebody first."""
    taking_part = Q(package__isnull=False) | Q(assessments__isnull=False)
    found = Factory.objects.filter(taking_part, country__in=people.countries_of(request.user)).distinct()
    at = clock.now()
    rows = _rows(request, found, Audience.EXPERT, at)
    if kind := sheets.wanted(request):
        return _file(kind, rows, at)
    return render(request, "assessments/portfolio.html", _page(request, rows, at) | {"expert": True})


def _rows(request: StaffRequest, asked: FactoryQuerySet, audience: Audience, at: datetime) -> list[needs.Row]:
    """Sort all of them, those that were asked for."""
    words, need = _asked(request)
    rows = needs.rows(asked.select_related("country", "package").search(words), audience, at=at)
    if need in NEEDS:
        rows = [row for row in rows if any(reason.need == NEEDS[need][0] for reason in row.reasons)]
    return rows


def _asked(request: StaffRequest) -> tuple[str, str]:
    return request.GET.get("q", "").strip()[:100], request.GET.get("need", "")


def _page(request: StaffRequest, rows: list[needs.Row], at: datetime) -> dict[str, Any]:
    """Show one page: only whose page it is needs names and failures."""
    words, need = _asked(request)
    page = page_of(rows, request)
    _put_beside(list(page.object_list), at)
    return {"page": page, "q": words, "need": need, "needs": [(code, label) for code, (_n, label) in NEEDS.items()]}


def _file(kind: str, rows: list[needs.Row], at: datetime) -> HttpResponseBase:
    _put_beside(rows, at)
    return sheets.answer(kind, "portfolio", exporting.portfolio(rows))


def _put_beside(rows: list[needs.Row], at: datetime) -> None:
    """Put who acts for each factory, and how its process failed, beside the rows of one page."""
    by_factory = {row.factory.pk: row for row in rows}
    acting: dict[Any, list[Membership]] = {pk: [] for pk in by_factory}
    current = (
        Membership.objects.current()
        .filter(factory__in=list(by_factory), person__is_active=True)
        .select_related("person")
        .order_by("role", "is_stand_in", "person__name")
    )
    for membership in current:
        acting[membership.factory_id].append(membership)
    failed = watching.failures(list(by_factory), at)
    for pk, row in by_factory.items():
        row.people, row.failures = acting[pk], failed.get(pk, ())
