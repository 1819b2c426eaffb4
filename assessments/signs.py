"""What assessments put up for people who sign in, and beside the figures of cases. Read once, at the start."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import signposts
from accounts.signposts import Todo
from assessments import silence_flags
from assessments.progress import beside, freezing  # noqa: F401  (they stand and are frozen beside the figures of cases)
from factories import clock
from factories.models import OutsideRole

if TYPE_CHECKING:
    from accounts.models import Person

signposts.notice(silence_flags.NOTICE, _("A factory of yours is very quiet: find out why"), lambda pk: factory_page(pk))


def factory_page(pk: object) -> str:
    return reverse("assessments:factory", args=[pk])


@signposts.todos_from
def silences(person: Person, roles: set[str], at: datetime) -> Iterator[Todo]:
    """Advisors: each factory of theirs that is silent, until the cause is recorded."""
    if OutsideRole.ADVISOR not in roles:
        return
    for flag in silence_flags.waiting_for(person):
        due_on = silence_flags.due_on(flag)
        words = _("%(factory)s: find out why so few complaints come") % {"factory": flag.factory.name}
        late = due_on < clock.calendar_for(flag.factory).local_day(at)
        yield Todo(words, factory_page(flag.factory_id), due_on, late)
