"""What must hold around a concern about handling."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.casecodes import ConcernKind
from complaints.models import Case, Concern
from complaints.workflow.step import Actor, Words


def handling_concerns(case: Case) -> QuerySet[Concern]:
    """Her concerns about handling that are not settled. No factory user ever reads one."""
    return case.concerns.filter(kind=ConcernKind.HANDLING, settled_on=None)


def concern_open(case: Case, actor: Actor, at: datetime) -> Words | None:
    if not handling_concerns(case).exists():
        return _("There is no open concern about handling on this case.")
    return None


def other_helper_offered(case: Case, actor: Actor, at: datetime) -> Words | None:
    if case.with_factory or not case.concerns.filter(kind=ConcernKind.HANDLING, offered_on__isnull=False).exists():
        return _("Nobody has offered it yet. Write what you need: the outside helper reads it.")
    if case.concerns.filter(kind=ConcernKind.HANDLING, wanted_on__isnull=False).exists():
        return _("You have said it already. Another helper takes it over soon.")
    return None
