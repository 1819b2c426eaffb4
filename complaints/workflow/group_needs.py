"""What must hold before the steps of a group, and before a step that would end a case for all of it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from complaints.workflow.step import Actor, Words


def has_numbers(case: Case, actor: Actor, at: datetime) -> Words | None:
    if not actor.numbers_of(case).members:
        return _("Open the first matter again and do it there.")
    return None


def room_in_group(case: Case, actor: Actor, at: datetime) -> Words | None:
    if actor.numbers_of(case).full:
        return _("There are twenty numbers already. More are not possible.")
    return None


def told_together(case: Case, actor: Actor, at: datetime) -> Words | None:
    """The last one cannot leave: nobody would be there to be asked."""
    if not actor.numbers_of(case).together:
        return _("You are the only one here. If you want that it ends, press Stop.")
    return None


def told_alone(case: Case, actor: Actor, at: datetime) -> Words | None:
    """Nobody ends a case, or deletes words, that others told with her."""
    if actor.her and actor.numbers_of(case).together:
        return _("Others told this with you. You can leave; the case goes on for them.")
    return None


def gave_numbers_away(case: Case, actor: Actor, at: datetime) -> Words | None:
    """What somebody wrote down for a group belongs to each of them: there nobody takes a number from another."""
    if not actor.numbers_of(case).given_away:
        return _("No number that you gave away waits to be used.")
    return None
