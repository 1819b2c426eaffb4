"""What she reads about services that were offered to her."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from complaints.casecodes import ReferralState
from complaints.compartments import Holder
from complaints.models import Case, Referral
from complaints.workflow.referrals import MAY_BE_TAKEN_BACK, offers_of, services_of


@dataclass(frozen=True)
class OfferToHer:
    """One service: why it is offered, how to reach it, what it would be told, and how it stands."""

    number: int
    referral: Referral
    name: str = field(repr=False)
    text: str = field(repr=False)
    passed_on: str = field(repr=False)
    facts: tuple[str, ...] = field(repr=False)
    is_open: bool  # People may be sent there now.

    @property
    def waits(self) -> bool:
        return self.referral.state == ReferralState.OFFERED

    @property
    def may_take_back(self) -> bool:
        return self.referral.state in MAY_BE_TAKEN_BACK

    @property
    def may_say(self) -> bool:
        return self.referral.sent_on is not None and self.referral.reached is None


def offers_to_her(case: Case, holder: Holder, *, at: datetime) -> list[OfferToHer]:
    """Open what was offered to her, the newest first."""
    rows = {referral.number: referral for referral in case.referrals.all()}
    offers = offers_of(case, holder, at=at)
    services = services_of(offers.values(), on=case.local_day(at))
    found = []
    for number, offer in sorted(offers.items(), reverse=True):
        referral = rows.get(number)
        provider, is_open = services.get(offer.provider, (None, False))
        if referral is None:
            continue
        facts = (provider.phone, provider.place, provider.hours, provider.languages, provider.cost) if provider else ()
        found.append(
            OfferToHer(
                number=number,
                referral=referral,
                name=offer.name,
                text=offer.text,
                passed_on=offer.passed_on,
                facts=tuple(fact for fact in facts if fact),
                is_open=is_open,
            )
        )
    return found
