"""What follows from the consents she gives on her own page: an outside look at the handling, first of all.

Source: intake.md, section 5, and `later` in data/grants.json (`expert_review_given`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from accounts import notices
from accounts.models import PersonKey
from complaints import compartments
from complaints.assignees import candidates, least_busy
from complaints.casecodes import Role
from complaints.codes import CompartmentKind
from complaints.codes import Consent as ConsentCode
from complaints.compartments import Holder
from complaints.grants import KIND_OF_SHARE
from complaints.models import Assignment, Case, Grant
from complaints.workflow.places import consents_of, put_on

# Held by the expert for this consent alone; identity and pictures are kept for her whatever she says.
ONLY_FOR_REVIEW = (
    CompartmentKind.STORY,
    CompartmentKind.CIRCUMSTANCES,
    CompartmentKind.RESPONDENT,
    CompartmentKind.INBOX,
)


def kinds_to_review(case: Case) -> list[str]:
    """What an outside check of the handling reads: what she shared with the factory, and the messages."""
    shared = [KIND_OF_SHARE[code] for code, given in consents_of(case).items() if given and code in KIND_OF_SHARE]
    return [*shared, CompartmentKind.INBOX]


def expert_on(case: Case, holder: Holder, kinds: Sequence[str], reason: str, *, at: datetime) -> list[Assignment]:
    """Let the experts of the case see it from today on; where there is none, put one on. Within a step of hers."""
    day = case.calendar.at_hour(case.local_day(at), 0)
    current = case.assignments.current().filter(role=Role.TECHNICAL_EXPERT, person__is_active=True)
    if not current.exists():
        for one in least_busy(candidates(case.country, None).experts, 1, lead_first=True):
            compartments.give(case, holder, kinds, [(one.key, one.role)], reason, at=at)
            put_on(case, [one], Role.TECHNICAL_EXPERT, at=at, visible_from=day)
    current.filter(visible_from__gt=day).update(visible_from=day)
    current.update(standing_by=False)
    return list(case.assignments.current().filter(role=Role.TECHNICAL_EXPERT).select_related("person"))


def share_for_review(case: Case, holder: Holder, kinds: Sequence[str], *, at: datetime) -> None:
    """Give the expert of a factory's case what the factory may read, and the messages. Within `change_consents`."""
    experts = expert_on(case, holder, kinds, "expert_review", at=at)
    keys = PersonKey.objects.usable().filter(person__in=[one.person_id for one in experts]).select_related("person")
    to = [(key, str(Role.TECHNICAL_EXPERT)) for key in keys]
    compartments.give(case, holder, kinds, to, "expert_review", at=at)
    day = case.calendar.at_hour(case.local_day(at), 0)
    notices.queue(
        to=[one.person for one in experts],
        cause=f"expert_review:{case.pk}:{case.last_event}",
        kind="expert_review",
        at=day,
        topic="case",
        topic_id=case.pk,
        send_after=case.calendar.release_after(at),
    )


def end_review(case: Case, *, at: datetime) -> None:
    """Take back, at once, what the expert held for the check alone. Within `change_consents`."""
    given = Grant.objects.filter(
        key__compartment__case=case, key__compartment__kind__in=ONLY_FOR_REVIEW, reason="expert_review"
    ).select_related("key__compartment", "person_key__person")
    grants = list(given)
    kinds = {grant.key.compartment.kind for grant in grants}
    compartments.withdraw(case, kinds, {grant.person_key.person for grant in grants if grant.person_key}, at=at)


def is_reviewed(case: Case) -> bool:
    """Whether she asked somebody outside to check, on a case that the factory handles."""
    return case.with_factory and bool(consents_of(case).get(ConsentCode.EXPERT_REVIEW))
