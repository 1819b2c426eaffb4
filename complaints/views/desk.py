"""What the handlers' pages have in common: the case that a person works on, and the declaration before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.requests import StaffRequest
from complaints import access, workflow
from complaints.access import OnCase
from complaints.selectors import casepage
from complaints.workflow.retention import standing_holds
from factories import clock

CaseView = Callable[..., HttpResponse]
# The pages of a decision maker; any other leads to the first.
OPEN_TO_DECIDERS = ("decision", "step", "openings", "paper")


def on_a_case(view: CaseView) -> CaseView:
    """Give a view the case this person works on and the time. A stranger gets 404; whoever has not said yet whether
    they have a conflict of interest gets that page and nothing else."""

    @wraps(view)
    def page(request: StaffRequest, reference: str, *args: Any, **kwargs: Any) -> HttpResponse:
        at = clock.now()
        on = access.case_for(request.user, reference, at=at, only_looks=request.method in ("GET", "HEAD"))
        if on.must_declare and on.case.closed_at is None and kwargs.get("step") != "declare-conflict":
            return redirect("casework:step", reference, "declare-conflict")
        if on.decides_only and view.__name__ not in OPEN_TO_DECIDERS:
            return redirect("casework:decision", reference)
        return view(request, on, at, *args, **kwargs)

    return page


def frame(request: HttpRequest, on: OnCase, at: datetime, tab: str, **more: Any) -> dict[str, Any]:
    """What the head of every page of a case shows."""
    return {
        "on": on,
        "case": on.case,
        "at": at,
        "tab": tab,
        "doors": access.open_doors(on, at=at),
        "waits_for_decision": on.declaration is not None and on.declaration.may_handle is None,
        "over": workflow.is_over(on.case, at=at),
        "words_deleted": casepage.words_deleted_on(on.case, at_factory=on.at_factory, at=at),
        "legal_holds": () if on.at_factory else standing_holds(on.case, at=at),
        **more,
    }
