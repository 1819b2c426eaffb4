"""Word that somebody is treated badly because of a case: told by her or seen by a handler, read outside, put right.

The burden of explanation is on whoever made the change. Source: workflow.md, section 10; figures F11 and F12.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import Person
from complaints import compartments, deadlines, events, reading
from complaints.carecodes import Changed, Settled
from complaints.casecodes import FACTORY_ROLES, ConcernKind, EntryKind, EventKind, LinkKind, Role
from complaints.codes import CompartmentKind, Side, Stage
from complaints.compartments import Holder
from complaints.models import Case, Concern, Receipt
from complaints.workflow.linked import hers_beside, open_linked
from complaints.workflow.step import StepRefused
from complaints.workflow.table import taking

SHORTEST_EXPLANATION = 80  # Characters: the burden is on who made the change, and one word carries none.


# --- Told ---------------------------------------------------------------------------------------------------------


def raise_retaliation(
    case: Case, holder: Holder, *, text: str, changed: Iterable[str] = (), language: str = "", at: datetime
) -> Case:
    """She says that she is treated badly because of this case. Returns the linked case, which her number opens.

    The outside team reads it at once. The factory learns at the daily release that she says so, and no word of it.
    """
    chosen = sorted(set(changed) & set(Changed.values))
    if not text.strip() and not chosen:
        raise StepRefused(_("Choose what has changed, or write a few words."))
    with taking("raise_retaliation", case, at=at, her=True) as (case, actor):
        own = holder.receipt
        if own is None or own.case_id != case.pk:
            raise StepRefused(_("Open the first matter again and say it there."))
        beside = [one.pk for one in hers_beside(own)]
        if open_concerns(case).filter(linked_case__in=beside).exists():
            raise StepRefused(_("You have told us already. Open the other matter below and write there."))
        told = {"own_words": text, "changed": chosen, "language": language}
        # Also the number she has asked for and not used yet.
        hers = case.receipts.filter(member=own.member)
        made = open_linked(case, told, receipts=hers, at=at)
        _note(case, made, shows_at=case.calendar.release_after(at) if case.with_factory else None, at=at)
        events.record(case, EventKind.RETALIATION_CONCERN, her=True, at=at)
        _protect(case, made, at=at)
    return made


def note_retaliation(case: Case, *, by: Person, text: str, at: datetime) -> Case:
    """A handler saw it, or a witness told. Returns the linked case; what is written goes there and nowhere else.

    She finds it at her next visit: its compartments are sealed to her receipt, for which nobody needs her key.
    """
    if not text.strip():
        raise StepRefused(_("Write what you saw, or what you were told."))
    with taking("note_retaliation", case, at=at, by=by) as (case, actor):
        made = open_linked(case, {"text": text}, receipts=_only_hers(case), by=by, at=at)
        release = case.calendar.release_after(at)
        _note(case, made, shows_at=(at if actor.at_factory else release) if case.with_factory else None, at=at)
        events.record(case, EventKind.RETALIATION_CONCERN, by=by if actor.at_factory else None, at=at)
        _protect(case, made, at=at)
    return made


def _only_hers(case: Case) -> list[Receipt]:
    """Her receipts, where there is one person behind the case: in a group nobody knows whose it would be."""
    receipts = list(case.receipts.all())
    return receipts if len({one.member for one in receipts}) == 1 else []


def _note(case: Case, made: Case, *, shows_at: datetime | None, at: datetime) -> None:
    last = case.concerns.aggregate(last=Max("number"))["last"] or 0
    Concern.objects.create(
        case=case,
        number=last + 1,
        kind=ConcernKind.RETALIATION,
        raised_on=case.local_day(at),
        shows_at=shows_at,
        linked_case=made,
    )


def _protect(case: Case, made: Case, *, at: datetime) -> None:
    """Interim measures back within 24 hours: at the factory from the release, outside from now."""
    if case.side == Side.KEPT:
        return
    if case.stage == Stage.CLOSED:
        # Nobody works on the first case any more: whoever reads the linked one keeps her safe.
        if not deadlines.is_open(made, "interim_measures_urgent"):
            deadlines.set_next(made, "interim_measures_urgent", at=at)
        return
    release = case.calendar.release_after(at)
    if not deadlines.is_open(case, "interim_measures_urgent"):
        deadlines.set_next(case, "interim_measures_urgent", at=release if case.with_factory else at)
    if not case.with_factory:
        return
    # The expert who stands by sees the first case, too, and nobody at the factory sees them there before the release.
    experts = case.assignments.current().filter(role=Role.TECHNICAL_EXPERT, standing_by=True)
    experts.update(standing_by=False, visible_from=release)
    at_factory = case.assignments.current().filter(role__in=FACTORY_ROLES).select_related("person")
    notices.queue(
        to=[one.person for one in at_factory],
        cause=f"treated:{case.pk}:{case.last_event}",
        kind="reminder",
        at=compartments.day_of(case, at),
        topic="case",
        topic_id=case.pk,
        send_after=release,
    )


# --- Put right ----------------------------------------------------------------------------------------------------


def settle_retaliation(linked: Case, *, by: Person, result: str, text: str, at: datetime) -> None:
    """An expert of the linked case says that it was put right, or explained by who made the change.

    What was explained, by whom, is sealed in the record of the linked case. Locked in the order in which raising locks.
    """
    if result not in Settled.values:
        raise StepRefused(_("Choose whether it was put right or explained."))
    if len(text.strip()) < SHORTEST_EXPLANATION:
        raise StepRefused(
            _(
                "Write what was put right, or who explained the change and how. The burden is on the person who made "
                "it (80 characters or more)."
            )
        )
    with transaction.atomic():
        first = linked.linked_from.filter(kind=LinkKind.RETALIATION).values("case")
        case = (
            Case.objects.select_for_update(no_key=True, of=("self",))
            .select_related("country", "factory__country")
            .filter(pk__in=first)
            .first()
        )
        with taking("settle_retaliation", linked, at=at, by=by) as (linked, actor):
            open_ones = case.concerns.filter(linked_case=linked, settled_on=None) if case else Concern.objects.none()
            if case is None or not open_ones.exists():
                raise StepRefused(_("This is settled already."))
            compartments.put(
                linked, CompartmentKind.RECORD, EntryKind.RETALIATION, {"settled": result, "text": text}, by=by, at=at
            )
            today = linked.local_day(at)
            verified = today if result == Settled.REMEDIED else None
            open_ones.update(settled_on=today, remedy_verified_on=verified)
            events.record(linked, EventKind.RETALIATION_SETTLED, by=by, at=at, contents={"result": result})
            # Who settled it outside is nothing for the factory's pages.
            events.record(case, EventKind.RETALIATION_SETTLED, at=at, contents={"result": result})


def open_concerns(case: Case) -> QuerySet[Concern]:
    """Word of retaliation that is not settled yet."""
    return case.concerns.filter(kind=ConcernKind.RETALIATION, settled_on=None)


def open_word(case: Case, *, at_factory: bool, at: datetime) -> list[Concern]:
    """The same as a reader may know of it, read once a page: a factory user from when it shows."""
    open_ones = [one for one in reading.concerns(case) if one.kind == ConcernKind.RETALIATION and not one.settled_on]
    return [one for one in open_ones if not at_factory or (one.shows_at is not None and one.shows_at <= at)]
