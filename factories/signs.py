"""What the package puts up for people who sign in: words of its notices, its links, and what is to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import signposts
from accounts.models import Person
from accounts.signposts import Todo
from factories.models import FactoryRole, OutsideRole
from factories.package import access, pages


def where(factory: UUID) -> str:
    return reverse("package:factory", args=[factory])


NOTICES = {
    "package_activity_due": _("An agreed date of the prevention package is near."),
    "package_activity_late": _("An activity of the prevention package is late."),
    "package_joint_review_due": _("A joint review is to be held."),
    "package_joint_review_late": _("A joint review was not held in time."),
    "package_look_again_due": _("Look again at what a joint review agreed on."),
    "package_look_again_late": _("Nobody has looked again at what a joint review agreed on."),
    "package_ask_again_due": _("A factory asked to be asked again."),
    "package_ask_again_late": _("A factory asked to be asked again, and nobody has."),
    "package_commitment_due": _("A factory's word given at an event is due."),
    "package_commitment_late": _("A factory's word given at an event is late."),
    "package_numbers_talk_due": _("Talk with a factory about how we speak of numbers."),
    "package_numbers_talk_late": _("Nobody has talked with a factory about how we speak of numbers."),
    "package_pause_ends_due": _("A pause is over: the dates of activities run again."),
    "package_review_opened": _("A joint review begins: tell the advisor what you see."),
    "package_review_told": _("A joint review begins: talk with the factory."),
    "package_numbers": _("A factory asked again for complaints to be withdrawn, or who complained."),
    "package_request": _("A factory asks something about an activity."),
    "package_request_answered": _("What you asked about an activity is answered."),
    "package_end_proposed": _("The end of support of a factory is proposed."),
    "package_can_go_live": _("A factory opened its channels: look whether it can go live."),
}


def _administration(factory: UUID) -> str:
    return reverse("factories:factory", args=[factory])


def put_up() -> None:
    """Tell the ground floor what to say, and where it leads."""
    for kind, words in NOTICES.items():
        signposts.notice(kind, words, _administration if kind == "package_can_go_live" else where)
    signposts.link(access.READS, "package:home", _("Prevention package"))
    signposts.todos_from(todos)


def todos(person: Person, roles: set[str], at: datetime) -> Iterable[Todo]:
    """Name what a person has to do in the packages they lead; for whoever works at a factory, its next dates."""
    if roles & {OutsideRole.ADVISOR.value, OutsideRole.TECHNICAL_EXPERT.value}:
        yield from (_todo(one) for one in pages.to_do(person, at=at))
    elif roles & set(FactoryRole.values):
        yield from (_todo(one) for one in pages.to_do_at_factory(person, at=at))


def _todo(one: tuple[str, UUID | None, date | None, bool]) -> Todo:
    words, factory, due_on, late = one
    return Todo(words, where(factory) if factory else reverse("package:events"), due_on, late)
