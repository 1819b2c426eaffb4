"""Tables of factories: places, the people who act for them, and the services workers may turn to."""

from factories.models.kinds import ServiceKind
from factories.models.people import (
    ROLE_LABELS,
    FactoryRole,
    Invitation,
    Membership,
    Organisation,
    OrganisationKind,
    OutsideRole,
    Position,
    RosterSlot,
    Weekday,
    today,
)
from factories.models.places import (
    CountryPack,
    Factory,
    FactoryDay,
    FactoryStatus,
    PackStatus,
)
from factories.models.providers import (
    CHECK_SOON,
    GRAVE_WORDS,
    OPEN_STATES,
    ProviderDeadline,
    ProviderRung,
    ProviderState,
    ProviderSuspension,
    ProviderVetting,
    ProviderWord,
    ServiceProvider,
    SuspensionDecision,
    SuspensionReason,
    VettingAnswer,
    VettingCode,
    WordCode,
)

__all__ = [
    "CHECK_SOON", "GRAVE_WORDS", "OPEN_STATES", "ROLE_LABELS", "CountryPack", "Factory", "FactoryDay",
    "FactoryRole", "FactoryStatus", "Invitation", "Membership", "Organisation", "OrganisationKind", "OutsideRole",
    "PackStatus", "Position", "ProviderDeadline", "ProviderRung", "ProviderState", "ProviderSuspension",
    "ProviderVetting", "ProviderWord", "RosterSlot", "ServiceKind", "ServiceProvider", "SuspensionDecision",
    "SuspensionReason", "VettingAnswer", "VettingCode", "Weekday", "WordCode", "today",
]  # fmt: skip
