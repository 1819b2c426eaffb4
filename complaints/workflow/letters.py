"""Words to her: a message into her inbox, and what makes it an answer."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints import compartments
from complaints.casecodes import EntryKind
from complaints.codes import CompartmentKind
from complaints.models import Case
from complaints.workflow.step import StepRefused

SHORTEST_MESSAGE = 40  # Characters: a template alone answers nothing she wrote.


def to_her(case: Case, by: Person, text: str, *, at: datetime) -> None:
    """Put a message into her inbox. Within a step; needs no grant."""
    compartments.put(case, CompartmentKind.INBOX, EntryKind.MESSAGE, {"text": text}, by=by, at=at)


def require_human(text: str) -> None:
    """Refuse an answer too short to be one. Raises `StepRefused`."""
    if len(text.strip()) < SHORTEST_MESSAGE:
        raise StepRefused(
            _("Write a human answer: thank her, and answer at least one thing she told (40 characters or more).")
        )
