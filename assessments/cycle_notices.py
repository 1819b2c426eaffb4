"""Who hears of the annual cycle: the raiser that the sweep calls with the rungs that are due.

Of the promise that only technical experts know, only they hear (`cycle.EXPERTS_ONLY`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from accounts import notices
from accounts.models import Person
from accounts.notices import Word
from assessments import cycle
from assessments.models import ActionOwner, AssessmentRung
from factories import clock, people, sweep
from factories.clock import Level
from factories.models import Factory, FactoryRole

TOPIC = "factory_page"
MINE = "factory_mine"  # The same factory, for those who work there.
LATE = frozenset({Level.L1.value, Level.L2.value, Level.L3.value, Level.L4.value})
WITH_EXPERTS = (cycle.VISIT_AGAIN,)
# Who at the factory hears of an action, by who owns it.
AT_THE_FACTORY = {
    ActionOwner.TOP_MANAGER: (FactoryRole.DECISION_MAKER,),
    ActionOwner.HR: (FactoryRole.CASE_OFFICER,),
    ActionOwner.COMMITTEE: (FactoryRole.COMMITTEE_CHAIR, FactoryRole.COMMITTEE_MEMBER),
    ActionOwner.PRODUCTION: (FactoryRole.DECISION_MAKER, FactoryRole.CASE_OFFICER),
}
FOCAL = (FactoryRole.CASE_OFFICER, FactoryRole.COMMITTEE_CHAIR)


class _Heard:
    """Who hears of which promise at which level, read once for a batch."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, UUID | str], list[UUID]] = {}

    def of(self, rung: AssessmentRung) -> list[tuple[UUID, str]]:
        """Return who hears, each with where it leads them."""
        factory, code = rung.deadline.factory, rung.deadline.code
        if code in cycle.EXPERTS_ONLY or (code == cycle.EXPERT_REVIEW and rung.level != Level.L4):
            return self._led(self._who("experts", factory))
        if rung.level == Level.L4:
            return self._led(self._who("heads", factory))
        if rung.level == Level.L3:
            return self._led(self._who("experts", factory))
        advisor = self._who("advisor", factory) or self._who("experts", factory)
        if code == cycle.AGREED_ACTION and rung.level != Level.L2:
            return self._of_action(rung, factory, advisor)
        if code in WITH_EXPERTS:
            return self._led([*advisor, *self._who("experts", factory)])
        return self._led(advisor)

    def _of_action(self, rung: AssessmentRung, factory: Factory, advisor: list[UUID]) -> list[tuple[UUID, str]]:
        action = rung.deadline.action
        assert action is not None  # The promise is of one.
        owner = action.owner
        if owner == ActionOwner.ADVISOR:
            return self._led(advisor)
        if owner == ActionOwner.EXPERT:
            return self._led(self._who("experts", factory))
        return [(person, MINE) for person in self._who(owner, factory) or self._who("focal", factory)]

    @staticmethod
    def _led(found: Iterable[UUID]) -> list[tuple[UUID, str]]:
        return [(person, TOPIC) for person in found]

    def _who(self, group: str, factory: Factory) -> list[UUID]:
        key = (group, "" if group == "heads" else factory.country_id if group == "experts" else factory.pk)
        if key not in self._found:
            self._found[key] = [person.pk for person in self._read(group, factory)]
        return self._found[key]

    @staticmethod
    def _read(group: str, factory: Factory) -> Iterable[Person]:
        match group:
            case "heads":
                return [*people.programme_leads("advisory"), *people.programme_leads("technical")]
            case "experts":
                return people.experts(factory.country_id, vouched=False)
            case "advisor":
                return people.advisors_of(factory)
            case "focal":
                return people.members(factory, FOCAL, vouched=False)
        return people.members(factory, AT_THE_FACTORY[ActionOwner(group)], vouched=False)


def kind_of(rung: AssessmentRung) -> str:
    """Return the kind of notice of a rung: its promise, and whether its day is over."""
    code = rung.deadline.code
    if code in cycle.reminders():
        return f"cycle_{cycle.NEXT_VISIT}_due"
    if code in cycle.EXPERTS_ONLY:
        code = cycle.VISIT_AGAIN
    return f"cycle_{code}_{'late' if rung.level in LATE else 'due'}"


def raise_rungs(rungs: Sequence[AssessmentRung], at: datetime) -> None:
    """Tell whoever is to act, and above a day that is over whoever is to ask."""
    heard, words = _Heard(), []
    for rung in rungs:
        factory = rung.deadline.factory
        due_on = clock.calendar_for(factory).local_day(rung.deadline.due_at)
        for person, topic in dict.fromkeys(heard.of(rung)):
            words.append(Word(person, f"assessment_rung:{rung.pk}", kind_of(rung), due_on, topic, factory.pk))
    notices.queue_many(words, at=at)


sweep.register(
    AssessmentRung,
    raise_rungs,
    related=("deadline__factory__country", "deadline__action"),
    lock=("deadline__factory",),
)
