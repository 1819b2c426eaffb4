"""Notes about a factory that its advisor and the technical experts share: of work, never of a case or a person."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from assessments.access import works_for
from assessments.holding import VisitRefused
from assessments.models import SharedNote
from assessments.notes import refuse_names
from factories.models import Factory

if TYPE_CHECKING:
    from accounts.models import Person


def add(factory: Factory, text: str, *, by: Person, at: datetime) -> SharedNote:
    """Keep a note. Nobody changes it afterwards; what was wrong is said in another."""
    if not works_for(by, factory):
        raise VisitRefused(_("Only the advisor of this factory and the technical experts of its country write here."))
    text = refuse_names(text, factory)
    if not text:
        raise VisitRefused(_("Write something first."))
    return SharedNote.objects.create(factory=factory, text=text, by=by, at=at)
