"""A complaint of several people: a number each, up to twenty, and each may leave alone. Intake, section 9.

Whoever holds a number reads and writes like the others. Nobody stops or deletes for everybody: who wants out leaves.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from complaints import compartments, events, receipts, slots
from complaints.casecodes import EventKind
from complaints.compartments import Holder
from complaints.models import Case, Receipt
from complaints.workflow.step import StepRefused
from complaints.workflow.table import taking


def add_receipt(case: Case, holder: Holder, *, at: datetime) -> str:
    """Make a number for somebody who told with her, and seal everything she holds of the case to it.

    She has seen the number, so it must be replaced at its first use. Returns it; it is shown once.
    """
    number = receipts.new_number()
    keys = receipts.keys_of(number, waiting=slots.RECEIPT)
    with taking("add_receipt", case, at=at, her=True) as (case, actor):
        _own(case, holder)
        taken = receipts.numbers_of(case).members
        free = [member for member in range(1, receipts.LARGEST_GROUP + 1) if member not in taken]
        receipt = Receipt.objects.create(
            case=case,
            lookup=keys.lookup,
            public_key=keys.pair.public,
            must_be_replaced=True,
            member=free[0],
        )
        compartments.re_seal_for(case, holder, receipt, at=at, reason=receipts.TOLD_WITH_HER)
        events.record(case, EventKind.RECEIPT_GIVEN, her=True, at=at)
    return number


def take_receipts_back(case: Case, holder: Holder, *, at: datetime) -> int:
    """Let the numbers that were given away and never used die. Returns how many; nobody who came loses anything."""
    with taking("take_receipts_back", case, at=at, her=True) as (case, actor):
        own = _own(case, holder)
        unused = receipts.numbers_of(case).given_away - {own.member}
        compartments.drop_receipts(case, case.receipts.filter(member__in=unused), at=at)
        events.record(case, EventKind.RECEIPT_LEFT, her=True, at=at, contents={"unused": len(unused)})
    return len(unused)


def leave_group(case: Case, holder: Holder, *, at: datetime) -> None:
    """She leaves: her number and its grants are gone at once, and what comes later is sealed under new keys.

    The case stays with the others.
    """
    with taking("leave_group", case, at=at, her=True) as (case, actor):
        own = _own(case, holder)
        compartments.drop_receipts(case, case.receipts.filter(member=own.member), at=at)
        events.record(case, EventKind.RECEIPT_LEFT, her=True, at=at)


def _own(case: Case, holder: Holder) -> Receipt:
    """The number in hand, as it stands now. Raises `StepRefused` where it is gone, or not hers alone yet."""
    own = case.receipts.filter(pk=holder.receipt.pk).first() if holder.receipt else None
    if own is None:
        raise StepRefused(_("Your case has changed since you opened this page. You see now how it stands."))
    if own.must_be_replaced:
        raise StepRefused(_("First take a new number that only you know."))
    return own
