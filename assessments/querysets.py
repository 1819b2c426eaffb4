"""Filters with names for assessments: what a person may open, and where each one stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import Person


class AssessmentQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        """Keep those on which somebody still works."""
        return self.exclude(stage__in=("final", "dropped"))

    def final(self) -> Self:
        return self.filter(stage="final")

    def from_outside(self) -> Self:
        """Leave out what factories say about themselves."""
        return self.exclude(kind="self")

    def of_assessor(self, person: Person) -> Self:
        """Keep those on which this person scores."""
        return self.filter(assessors__person=person)

    def of_factories(self, factories: models.QuerySet[Any] | list[UUID]) -> Self:
        return self.filter(factory__in=factories)


class ActionQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        return self.filter(verified_on=None, dropped_on=None)

    def late(self, on: date) -> Self:
        """Keep what was agreed for a day before this one and is not said to be done."""
        return self.open().filter(done_on=None, due_on__lt=on)
