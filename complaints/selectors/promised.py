"""What was promised to her, in her words, and how each stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from complaints import workflow
from complaints.casecodes import RemedyCode
from complaints.codes import Words
from complaints.models import Case

REMEDIES: Mapping[str, Words] = {
    RemedyCode.ACKNOWLEDGEMENT: _("They say that it happened."),
    RemedyCode.APOLOGY: _("A letter that says sorry to you."),
    RemedyCode.PAY_RESTORED: _("You get back your pay, bonus, leave or place."),
    RemedyCode.COMPENSATION: _("Money for the harm."),
    RemedyCode.PAID_CARE: _("They pay for a doctor or somebody to talk to."),
    RemedyCode.PLACE_CHANGED: _("You work in another place, because you want it."),
    RemedyCode.RECORD_CORRECTED: _("What was written about you is put right."),
    RemedyCode.CONTRACT_RENEWED: _("Your contract goes on."),
    RemedyCode.NO_CONTACT_PROMISE: _("The person promises in writing to leave you alone."),
    RemedyCode.RIGHTS_TOLD: _("You are told what you can do outside the factory."),
    RemedyCode.SUPERVISION_CHANGED: _("Somebody else decides about overtime, leave and passes."),
    RemedyCode.SECOND_PERSON_RULE: _("Nobody has to go alone to the mechanic, store or clinic."),
    RemedyCode.LAYOUT: _("The place is changed, so that people can see each other."),
    RemedyCode.LIGHT: _("There is more light."),
    RemedyCode.TRANSPORT: _("The way to work is made safer."),
    RemedyCode.TARGET_RULES: _("The rules for targets or bonus are changed."),
    RemedyCode.GROUP_TRAINING: _("A group is taught how to treat each other."),
    RemedyCode.POLICY_CHANGE: _("A rule of the factory is changed."),
    RemedyCode.OTHERS_SAFE: _("Other workers are kept safe, too."),
}


@dataclass(frozen=True)
class Promised:
    """One thing that was promised: whether it is confirmed, and what she said of it last."""

    id: UUID
    words: Words
    by: date
    happened: bool
    not_yet_on: date | None
    asks: bool  # Its owner says it is done, or its day has come, and she has not answered since.


def promised_to_her(case: Case, *, at: datetime) -> list[Promised]:
    """Return what was promised, in the order in which it was written: two queries."""
    today = case.local_day(at)
    found = []
    for state in workflow.remedies_of(case, at_factory=False, at=at):
        remedy = state.remedy
        due = state.claimed or (remedy.done_on is None and remedy.due_on <= today)
        answered = state.not_yet_on is not None and (remedy.done_on is not None or state.not_yet_on >= remedy.due_on)
        found.append(
            Promised(
                id=remedy.pk,
                words=REMEDIES[remedy.code],
                by=remedy.due_on,
                happened=state.verified,
                not_yet_on=state.not_yet_on,
                asks=due and not state.verified and not answered,
            )
        )
    return found
