"""Every figure there is: what it is called, what it means, how it is shown, and who may see it.

Source: indicators.md, sections 2 and 3. A figure that is not named for an audience and a scope does not exist there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from complaints.codes import Words
from complaints.models.statistics import StatScope
from complaints.statistics.suppression import Audience


class Kind(StrEnum):
    """How a figure is counted, and so how it is shown."""

    STEPS = "steps"  # A share of steps on time: it tells of handlers, not of complainants.
    SHARE = "share"
    MEDIAN = "median"  # Of days.
    RATE = "rate"  # Complaints per 1,000 workers and year.
    COUNT_BAND = "count_band"
    TABLE = "table"  # Counts by one dimension, with their total.
    MIX = "mix"  # Shares by one dimension.
    NONE_OR_SOME = "none_or_some"  # Must not happen at all.


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    NONE = "none"


DIRECTION_WORDS: Mapping[Direction, Words] = {
    Direction.UP: _("more is better"),
    Direction.DOWN: _("fewer is better"),
    Direction.NONE: _("neither more nor fewer is better"),
}


@dataclass(frozen=True)
class Figure:
    """One figure with its plain explanation."""

    code: str
    name: Words
    says: Words
    kind: Kind
    direction: Direction = Direction.UP

    @property
    def spans(self) -> tuple[int, ...]:
        """How many quarters it looks at. Only what handlers do is shown by the quarter, too."""
        return (1, 4) if self.kind is Kind.STEPS else (1,) if self.kind is Kind.TABLE else (4,)


FIGURES: Mapping[str, Figure] = {
    one.code: one
    for one in (
        Figure(
            "C1",
            _("Complaints received"),
            _("How many complaints came, and by which way. More complaints can mean more trust, not more harm."),
            Kind.TABLE,
            Direction.NONE,
        ),
        Figure(
            "F1",
            _("Complaints per 1,000 workers and year"),
            _("Context only. There is no target and no ranking: few complaints may mean that people fear to tell."),
            Kind.RATE,
            Direction.NONE,
        ),
        Figure(
            "F2",
            _("Acknowledged on time"),
            _("Of all first answers that were due: how many a person wrote in time."),
            Kind.STEPS,
        ),
        Figure("F3", _("Triage on time"), _("Of all triages that were due: how many were done in time."), Kind.STEPS),
        Figure(
            "F4",
            _("Safety decision on time"),
            _("Of all decisions on interim measures that were due: how many were made in time."),
            Kind.STEPS,
        ),
        Figure(
            "F5",
            _("Inquiry on time"),
            _("Of all inquiries that were to be complete: how many were complete in time."),
            Kind.STEPS,
        ),
        Figure(
            "F6",
            _("Days to the outcome"),
            _("The middle number of days from the complaint to the day she was told the outcome. Quick, never unfair:"
              " read it with the inquiries on time and the answers in checks."),
            Kind.MEDIAN,
            Direction.DOWN,
        ),
        Figure(
            "F6_open",
            _("Open for more than 90 days"),
            _("Roughly how many cases were still open, at the end of the quarter, more than 90 days after filing."),
            Kind.COUNT_BAND,
            Direction.DOWN,
        ),
        Figure(
            "F7",
            _("Outcome told"),
            _("Of all decisions whose outcome was to be told: how often the complainant was told."),
            Kind.STEPS,
        ),
        Figure(
            "F8",
            _("Remedies done"),
            _("Of all remedies that were due: how many were verified by then."),
            Kind.STEPS,
        ),
        Figure(
            "F9",
            _("Retaliation checks done"),
            _("Of all checks at 30, 60 and 90 days: how many were complete in time. Complete means an answer, or two"
              " tries and a look at the HR data."),
            Kind.STEPS,
        ),
        Figure(
            "F10",
            _("Answer rate in checks"),
            _("Of all complete checks: how many had an answer. No answer is never counted as fine."),
            Kind.SHARE,
        ),
        Figure(
            "F11",
            _("Retaliation told of"),
            _("Of all cases whose monitoring began one to two years ago: how many told of retaliation within 180 days."
              " With few answers in checks, a low figure means nothing."),
            Kind.SHARE,
            Direction.NONE,
        ),
        Figure(
            "F12",
            _("Retaliation put right"),
            _("Of all concerns about retaliation: how many had a verified remedy within 60 days."),
            Kind.STEPS,
        ),
        Figure(
            "F13",
            _("Complainants come back"),
            _("Of all cases with a first answer by a person: how many complainants looked at their page again within"
              " 60 days."),
            Kind.SHARE,
        ),
        Figure(
            "F14",
            _("Moved outside"),
            _("Of all cases that started in the factory: how many the complainant moved outside. A question, not a"
              " fault."),
            Kind.SHARE,
            Direction.NONE,
        ),
        Figure(
            "F28",
            _("Satisfaction at closing"),
            _("Of all who answered how it was for them: how many gave 4 or 5 of 5."),
            Kind.SHARE,
        ),
        Figure(
            "F29",
            _("Finding mix"),
            _("The shares of the four findings over closed formal inquiries. Context only: no mix is the right one."),
            Kind.MIX,
            Direction.NONE,
        ),
        Figure(
            "E2",
            _("Urgent contact within 4 hours"),
            _("Of all cases in which somebody may not be safe: how often a person looked within four hours."),
            Kind.SHARE,
        ),
        Figure(
            "E2_24",
            _("Urgent contact within 24 hours"),
            _("The same within a day."),
            Kind.SHARE,
        ),
        Figure(
            "E3",
            _("Opened by somebody excluded"),
            _("Openings by a person who must not see the case. Each one is an incident."),
            Kind.NONE_OR_SOME,
            Direction.DOWN,
        ),
        Figure(
            "E4",
            _("Late cases taken up"),
            _("Of all late steps that reached the technical expert: how many an expert acted on within five working"
              " days."),
            Kind.STEPS,
        ),
        Figure(
            "S2",
            _("Decision of two leads in 24 hours"),
            _("Of all safeguarding holds: how often two leads decided within 24 hours."),
            Kind.SHARE,
        ),
        Figure(
            "S3",
            _("Passed on with consent"),
            _("Of all referrals that were sent: how many had her consent, or a child's assent, on record before."),
            Kind.SHARE,
        ),
        Figure(
            "S4",
            _("Follow-ups made"),
            _("Of all follow-ups that were due: how many were made within seven days of their date."),
            Kind.SHARE,
        ),
        Figure(
            "S5",
            _("Reached a service"),
            _("Of all referrals 30 days old: how many people say that they got the service."),
            Kind.SHARE,
        ),
        Figure(
            "S7",
            _("Providers current"),
            _("Of all services in the list: how many have every answer yes and were checked within six months."),
            Kind.SHARE,
        ),
        Figure(
            "P1",
            _("Opened without being on the case"),
            _("Openings by somebody who was not on the case that day. It must never happen."),
            Kind.NONE_OR_SOME,
            Direction.DOWN,
        ),
        Figure(
            "P2",
            _("Deleted on time"),
            _("Of all records whose time was over: how many were deleted within seven days."),
            Kind.SHARE,
        ),
    )
}  # fmt: skip

_STEPS_OF_A_CASE = ("F2", "F3", "F4", "F5", "F6", "F6_open", "F7", "F8", "F9")
SEEN: Mapping[tuple[Audience, str], tuple[str, ...]] = {
    (Audience.FACTORY, StatScope.FACTORY): (*_STEPS_OF_A_CASE, "F12", "F13", "F28", "F1"),
    (Audience.ADVISOR, StatScope.FACTORY): (*_STEPS_OF_A_CASE, "F10", "F11", "F12", "F13", "F14", "F28", "F1"),
    (Audience.EXPERT, StatScope.FACTORY): (*_STEPS_OF_A_CASE, "F10", "F11", "F12", "F13", "F14", "F28", "F1"),
    (Audience.EXPERT, StatScope.EXPERTS): (*_STEPS_OF_A_CASE, "E2", "E2_24", "E3", "E4"),  # E1 is F2 to F9 of these.
    (Audience.EXPERT, StatScope.COUNTRY): ("F29",),
    (Audience.PROGRAMME, StatScope.COUNTRY): (*_STEPS_OF_A_CASE, "F12", "F13", "F28"),
    (Audience.PROGRAMME, StatScope.PROGRAMME): ("C1", *_STEPS_OF_A_CASE, "F12", "F13", "F28", "P1", "P2"),
    (Audience.SAFEGUARDING, StatScope.SAFEGUARDING): ("E2", "E2_24", "S2", "S3", "S4", "S5", "S7"),
}
# Seen with the limits of safeguarding, whoever looks.
AS_SAFEGUARDING = ("E2", "E2_24")
# Where numerator and denominator may stand beside the share: over calendar years only. They do not overlap, so no two
# of them can be subtracted, as any two overlapping years could.
WITH_NUMBERS = (Audience.EXPERT,)
COMPLIANCE = ("F2", "F3", "F4", "F5", "F7", "F8", "F9", "F12")
