"""What must hold around a concern about handling."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from complaints import reading
from complaints.casecodes import ConcernKind
from complaints.models import Case, Concern
from complaints.workflow.step import Actor, Words


def handling_concerns(case: Case) -> QuerySet[Concern]:
    """Her concerns about handling that are not settled. No factory user ever reads one."""
    return case.concerns.filter(kind=ConcernKind.HANDLING, settled_on=None)


def open_handling(case: Case) -> list[Concern]:
    """The same for a page, read once."""
    return [one for one in reading.concerns(case) if one.kind == ConcernKind.HANDLING and one.settled_on is None]


def concern_open(case: Case, actor: Actor, at: datetime) -> Words | None:
    if not open_handling(case):
        return _("There is no open concern about handling on this case.")
    return None


def other_helper_offered(case: Case, actor: Actor, at: datetime) -> Words | None:
    about_handling = [one for one in reading.concerns(case) if one.kind == ConcernKind.HANDLING]
    if case.with_factory or not any(one.offered_on for one in about_handling):
        return _("Nobody has offered it yet. Write what you need: the outside helper reads it.")
    if any(one.wanted_on for one in about_handling):
        return _("You have said it already. Another helper takes it over soon.")
    return None
