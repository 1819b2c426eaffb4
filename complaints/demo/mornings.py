"""What the people of the demo do each working day: write to her in time, look at their measures, say who has no
conflict. The stories tell what is out of the ordinary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Min

from accounts.models import Person
from complaints import workflow
from complaints.demo.story import Story, World
from complaints.models import Deadline

AHEAD = 2  # Working days, so that neither a Sunday nor a holiday makes anything late.
WORD = (
    "We are still working on it. Nothing is forgotten. If anything changes for you, write to us here.",
    "A short word so that you know how it goes: we are in time, and the next step is on this page.",
    "We have not forgotten you. Nothing new today. We write again within two weeks.",
    "Everything goes on as we told you. Is there anything that you need from us?",
)
SEEN = (
    "It is kept to, and nobody has asked why. It goes on.",
    "Looked at with those who work there. It goes on.",
    "No change since last week, and no effect on anybody's pay. It goes on.",
)


@dataclass(frozen=True)
class Routine:
    """What is due in these days and is not told in a story."""

    world: World

    def wakes_at(self) -> datetime | None:
        first = self._due().aggregate(at=Min("due_at"))["at"]
        if first is None:
            return None
        calendar = self.world.timeline.calendar
        return calendar.at_hour(calendar.add_working_days(calendar.local_day(first), -AHEAD), time.min)

    def look(self, at: datetime) -> None:
        stories = self._stories()
        for promise in self._due().filter(due_at__lte=self._until(at)).order_by("due_at", "pk"):
            story = stories[promise.case_id]
            by = story.handler()
            if by is None:
                continue
            if promise.code == "progress_update":
                workflow.send_message(story.of, by=by, text=WORD[promise.ordinal % len(WORD)], at=at)
            else:
                _review(story, by, SEEN[promise.ordinal % len(SEEN)], at)

    def _until(self, at: datetime) -> datetime:
        """The end of the last day that they look ahead to."""
        calendar = self.world.timeline.calendar
        return calendar.at_hour(calendar.add_working_days(calendar.local_day(at), AHEAD), time.max)

    def _stories(self) -> dict[UUID, Story]:
        return {story.case.pk: story for story in self.world.told if story.watched and story.case is not None}

    def _due(self) -> Any:
        return Deadline.objects.open().filter(case__in=self._stories(), code__in=("progress_update", "interim_review"))


def _review(story: Story, by: Person, note: str, at: datetime) -> None:
    for measure in story.of.interim_measures.filter(ends_on=None):
        workflow.review_interim(story.of, by=by, measure=measure, goes_on=True, note=note, at=at)
