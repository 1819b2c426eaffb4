"""What a conclusion leads to, for whom. Assessment, section 7.5."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from assessments.models import Level

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Advice:
    factory: _StrPromise
    advisor: _StrPromise


_HIGH = Advice(
    _(
        "Agree with your advisor on an action plan within 30 days, beginning with the weakest of the indicators marked "
        "with a star. Do not look for who spoke: that alone would do harm."
    ),
    _("Hold a joint visit within 90 days, with follow-up interviews away from the factory."),
)
ADVICE = {
    Level.ESTABLISHED: _HIGH,
    Level.LIKELY: _HIGH,
    Level.POSSIBLE: Advice(
        _("Carry on with the activities of the prevention package that match your weak domains."),
        _("Come again for the next regular visit, with more interviews off-site if confidence was low."),
    ),
    Level.NO_INDICATION_FOUND: Advice(
        _("Keep going, and test the ways to complain."),
        _("Look at the silence flag: finding nothing can mean that people dare not speak."),
    ),
    Level.NOT_ASSESSABLE: Advice(
        _("Give the assessors access, so that they can conclude something next time."),
        _("Repeat the visit within 90 days."),
    ),
}


def for_level(level: str) -> Advice | None:
    return ADVICE[Level(level)] if level else None
