"""Filters with names, so that a page reads as a sentence and row-level security can repeat them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from complaints.casecodes import FACTORY_ROLES
from complaints.codes import Route, Side

if TYPE_CHECKING:
    from accounts.models import Person
    from complaints.models import Assignment, Case, Entry, Grant  # noqa: F401  (named in the generics below)


def _there_for(role_prefix: str, case_prefix: str, at: datetime) -> Q:
    """The assignment shows its case to its person: released to factory users, and not outside their world."""
    factory_user = Q(**{f"{role_prefix}role__in": FACTORY_ROLES})
    with_factory = Q(**{f"{case_prefix}route": Route.FACTORY_COMMITTEE}) & ~Q(
        **{f"{case_prefix}side": Side.SAFEGUARDING_HOLD}
    )
    released = Q(**{f"{case_prefix}release_at__lte": at})
    return Q(
        **{
            f"{role_prefix}ended_on": None,
            f"{role_prefix}standing_by": False,
            f"{role_prefix}visible_from__lte": at,
        }
    ) & (~factory_user | (with_factory & released))


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, person: Person, *, at: datetime) -> Self:
        """Keep the cases this person works on now; the others do not exist for them."""
        mine = apps.get_model("complaints", "Assignment").objects.showing(person, at=at).values("case")
        return self.filter(pk__in=mine)

    def with_factory(self) -> Self:
        return self.filter(route=Route.FACTORY_COMMITTEE).exclude(side=Side.SAFEGUARDING_HOLD)

    def open(self) -> Self:
        return self.filter(closed_at=None)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def current(self) -> Self:
        return self.filter(ended_on=None)

    def showing(self, person: Person, *, at: datetime) -> Self:
        """Assignments that show their case to this person at this time."""
        return self.filter(person=person).filter(_there_for("", "case__", at))


class EntryQuerySet(models.QuerySet["Entry"]):
    def released(self, *, at: datetime) -> Self:
        return self.filter(visible_from__lte=at)


class GrantQuerySet(models.QuerySet["Grant"]):
    def to_people(self) -> Self:
        return self.filter(person_key__isnull=False)

    def usable(self) -> Self:
        """Held by a person whose key is vouched for and current; receipt and recovery do not count."""
        return self.filter(person_key__state="vouched", person_key__person__is_active=True)
