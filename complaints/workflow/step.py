"""The shape of a step: who acts, what must hold, and how the table says no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints.casecodes import FACTORY_ROLES, Role
from complaints.codes import Side, Stage
from complaints.models import Assignment, Case, ConflictDeclaration
from complaints.receipts import Numbers, numbers_of

Words = str | Promise
_UNREAD = object()


def hour_after(at: datetime) -> datetime:
    """The next full hour: what begins with a press of hers is counted from there, and no minute of it is stored."""
    return at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


class StepRefused(Exception):
    """The table says no. `message` says why and what to do, for the person who asked."""

    def __init__(self, message: Words) -> None:
        super().__init__("step refused")
        self.message = message


@dataclass
class Actor:
    """Who asks for a step: a person with what they are on this case, or she herself (`her`), or the clock."""

    person: Person | None = None
    assignment: Assignment | None = None
    her: bool = False
    _declaration: object = _UNREAD
    _numbers: Numbers | None = None

    @property
    def role(self) -> str:
        return self.assignment.role if self.assignment else ""

    @property
    def at_factory(self) -> bool:
        return self.role in FACTORY_ROLES

    @property
    def signs(self) -> bool:
        """Whether they say first if they have a conflict of interest: everybody at the factory, and a reviewer."""
        return self.at_factory or self.role == Role.APPEAL_REVIEWER

    def declaration_on(self, case: Case) -> ConflictDeclaration | None:
        """Their statement on this case, read once."""
        if self._declaration is _UNREAD:
            self._declaration = case.declarations.filter(person=self.person).first()
        return cast(ConflictDeclaration | None, self._declaration)

    def numbers_of(self, case: Case) -> Numbers:
        """Who else has a number of this case, read once."""
        if self._numbers is None:
            self._numbers = numbers_of(case)
        return self._numbers


Need = Callable[[Case, Actor, datetime], Words | None]  # A sentence when it does not hold.

HER = "complainant"
CLOCK = "clock"
OUTSIDE = (Role.TECHNICAL_EXPERT, Role.SAFEGUARDING_LEAD)
COMMITTEE = (Role.CASE_OFFICER, Role.COMMITTEE_CHAIR, Role.OUTSIDE_MEMBER, Role.COMMITTEE_MEMBER)
HANDLERS = (*COMMITTEE, *OUTSIDE)
OPEN = tuple(stage for stage in Stage if stage != Stage.CLOSED)
EARLY = (Stage.RECEIVED, Stage.ACKNOWLEDGED, Stage.TRIAGE, Stage.PLANNING)
BEFORE_DECISION = (*EARLY, Stage.FACT_FINDING, Stage.FINDING)
AFTER_PLANNING = (Stage.FACT_FINDING, Stage.FINDING, Stage.DECISION, Stage.ACTION, Stage.MONITORING)


@dataclass(frozen=True)
class Step:
    """One permitted move of a case. Without a target the stage stays where it is."""

    name: str
    sources: tuple[str, ...]
    by: tuple[str, ...]
    target: str = ""
    sides: tuple[str, ...] = ("", Side.REOPENED, Side.SAFEGUARDING_HOLD)
    needs: tuple[Need, ...] = ()

    def check(self, case: Case, actor: Actor, *, at: datetime) -> Step:
        """Return the step, or raise `StepRefused` in words for the person, when the table says no."""
        if not self._may(actor):
            raise StepRefused(_("This step is not yours to take on this case."))
        if actor.her and (case.stage not in self.sources or case.side not in self.sides):
            raise StepRefused(_("Your case has changed since you opened this page. You see now how it stands."))
        if case.stage not in self.sources:
            raise StepRefused(_("The case has moved on since you opened this page. Look at it again before you go on."))
        if (case.side_for_factory(at) if actor.at_factory else case.side) not in self.sides:
            raise StepRefused(SIDE_SAYS.get(case.side, _("The case stands still. Look at it again later.")))
        for need in self.needs:
            missing = need(case, actor, at)
            if missing:
                raise StepRefused(missing)
        return self

    def _may(self, actor: Actor) -> bool:
        if actor.her:
            return HER in self.by
        if actor.person is None:
            return CLOCK in self.by
        return actor.role in self.by


SIDE_SAYS: dict[str, Words] = {
    Side.ON_HOLD_BY_COMPLAINANT: _("The complainant has paused the case. Nothing is done until she lets it go on."),
    Side.SAFEGUARDING_HOLD: _("The case is in a safeguarding hold. Only the safeguarding leads work on it now."),
    Side.KEPT: _("The complainant asked us only to keep it. Nothing is done until she chooses another route."),
    Side.APPEAL: _("An appeal is open. Wait for its result."),
}
