"""The improvement plan of a factory: what was agreed after a visit, by whom and by when, what shows it, who looked.

A day that was agreed stays: what cannot be done is dropped with its reason, and something else is agreed. So "done by
the date" cannot be bettered by moving dates. Assessment, sections 7.5 and 9; indicators, A10.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from assessments import cycle, tool
from assessments.access import is_its_advisor, is_its_expert, is_its_member, works_for
from assessments.holding import VisitRefused
from assessments.models import ActionOwner, AgreedAction, Assessment, AssessmentStage
from assessments.notes import refuse_names
from factories import clock
from factories.models import Factory

if TYPE_CHECKING:
    from accounts.models import Person

LONGEST_TITLE = 300
FURTHEST = timedelta(days=730)
AGREED_FROM = (AssessmentStage.COMPARING, AssessmentStage.REVIEW, AssessmentStage.FINAL)


def agree(
    assessment: Assessment, *, what: str, owner: str, due_on: date, by: Person, at: datetime, indicator: str = ""
) -> AgreedAction:
    """Agree one action after a visit from outside. Its day is on the clock at once."""
    factory = assessment.factory
    if assessment.is_self or assessment.stage not in AGREED_FROM:
        raise VisitRefused(_("Actions are agreed after a visit from outside, once both assessors have handed in."))
    if not works_for(by, factory):
        raise VisitRefused(_("The advisor of this factory or a technical expert of its country writes down actions."))
    what = refuse_names(what, factory)
    if not what:
        raise VisitRefused(_("Write what will be done."))
    if len(what) > LONGEST_TITLE:
        raise VisitRefused(_("This is too long. Write at most %(count)d letters.") % {"count": LONGEST_TITLE})
    if owner not in ActionOwner.values:
        raise VisitRefused(_("Choose who does it."))
    if indicator and not tool.of_assessment(assessment).has_indicator(indicator):
        raise VisitRefused(_("This version of the tool has no such indicator."))
    today = clock.calendar_for(factory).local_day(at)
    if due_on < today:
        raise VisitRefused(_("This day is over. Choose a day that is still to come."))
    if due_on > today + FURTHEST:
        raise VisitRefused(_("Choose a day within the next two years, or make the action smaller."))
    with transaction.atomic():
        Factory.objects.select_for_update(no_key=True).order_by().values_list("pk").get(pk=factory.pk)
        same = AgreedAction.objects.open().filter(assessment=assessment, what=what, owner=owner, due_on=due_on)
        if same.exists():
            raise VisitRefused(_("This was agreed already, with the same day. It stands in the plan."))
        made = AgreedAction.objects.create(
            factory=factory,
            assessment=assessment,
            indicator=indicator,
            what=what,
            owner=owner,
            agreed_on=today,
            due_on=due_on,
        )
        cycle.action_agreed(made, at=at)
    return made


def say_done(action: AgreedAction, evidence: str, *, by: Person, at: datetime) -> AgreedAction:
    """Note that an action is done and what shows it. Whoever is to do it may say so, and whoever leads."""
    with _holding(action) as held:
        if not may_say_done(by, held):
            raise VisitRefused(_("Whoever does it says that it is done, or the advisor or an expert of this factory."))
        if held.done_on:
            raise VisitRefused(_("Somebody has said already that this is done."))
        evidence = refuse_names(evidence, held.factory)
        if not evidence:
            raise VisitRefused(_("Say what shows that it is done: what can somebody from outside see or read?"))
        held.done_on, held.evidence = clock.calendar_for(held.factory).local_day(at), evidence
        held.save(update_fields=["done_on", "evidence"])
        cycle.action_over(held, at=at)
        return held


def verify(action: AgreedAction, *, by: Person, at: datetime) -> AgreedAction:
    """Confirm from outside that it is done: whoever looked, and never whoever owned it."""
    with _holding(action) as held:
        _only_lookers(held, by)
        if not held.done_on:
            raise VisitRefused(_("Nobody has said yet that this is done."))
        held.verified_on, held.verified_by = clock.calendar_for(held.factory).local_day(at), by
        held.save(update_fields=["verified_on", "verified_by"])
        return held


def not_done(action: AgreedAction, *, by: Person, at: datetime) -> AgreedAction:
    """Say that it is not done after all: it is open again, with the day it always had."""
    with _holding(action) as held:
        _only_lookers(held, by)
        if not held.done_on:
            raise VisitRefused(_("Nobody has said yet that this is done."))
        held.done_on, held.evidence = None, ""
        held.save(update_fields=["done_on", "evidence"])
        cycle.action_again(held, at=at)
        return held


def drop(action: AgreedAction, reason: str, *, by: Person, at: datetime) -> AgreedAction:
    """Let an action go, with the reason. It stays in the plan as dropped."""
    with _holding(action) as held:
        if not works_for(by, held.factory):
            raise VisitRefused(_("The advisor of this factory or a technical expert of its country drops actions."))
        if held.done_on:
            raise VisitRefused(_("This is said to be done. Confirm it, or say that it is not done."))
        reason = refuse_names(reason, held.factory)
        if not reason:
            raise VisitRefused(_("Say why this is not done any more."))
        held.dropped_on, held.dropped_reason = clock.calendar_for(held.factory).local_day(at), reason
        held.save(update_fields=["dropped_on", "dropped_reason"])
        cycle.action_over(held, at=at)
        return held


def open_of(factory: Factory) -> list[AgreedAction]:
    """Return what a visit starts from: everything agreed that nobody from outside has confirmed or dropped."""
    return list(AgreedAction.objects.open().filter(factory=factory).order_by("due_on", "pk"))


def may_say_done(person: Person, action: AgreedAction) -> bool:
    """Say whether this person may note that it is done: who leads, and people of the factory where it is theirs."""
    theirs = action.owner not in (ActionOwner.ADVISOR, ActionOwner.EXPERT)
    return works_for(person, action.factory) or (theirs and is_its_member(person, action.factory))


def may_verify(person: Person, action: AgreedAction) -> bool:
    """Say whether this person may confirm it: advisor or expert of the factory, and not the owner of the action."""
    if action.owner == ActionOwner.ADVISOR:
        return is_its_expert(person, action.factory)
    if action.owner == ActionOwner.EXPERT:
        return is_its_advisor(person, action.factory)
    return works_for(person, action.factory)


def _only_lookers(action: AgreedAction, by: Person) -> None:
    if not may_verify(by, action):
        raise VisitRefused(_("Somebody from outside who does not do it herself or himself confirms it."))


@contextmanager
def _holding(action: AgreedAction) -> Iterator[AgreedAction]:
    """Lock the factory and the action; refuse what is over."""
    with transaction.atomic():
        Factory.objects.select_for_update(no_key=True).order_by().values_list("pk").get(pk=action.factory_id)
        held = AgreedAction.objects.select_related("factory__country", "assessment").get(pk=action.pk)
        if held.dropped_on:
            raise VisitRefused(_("This action was dropped. Agree another one."))
        if held.verified_on:
            raise VisitRefused(_("This action is done and confirmed. It is not changed any more."))
        yield held
