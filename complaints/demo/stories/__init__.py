"""Every story of the demo by its name, in the order in which the list of numbers to try shows them."""

from __future__ import annotations

from collections.abc import Callable

from complaints.demo.mornings import Routine
from complaints.demo.stories import early, endings, inquiries, outside, paths, safety
from complaints.demo.story import Story, World

STORIES: dict[str, Callable[[World], Story]] = {
    name: getattr(room, name)
    for room, names in (
        (
            early,
            "fresh acknowledged late very_late planning sorting about_hr job_not_stated stopping stopped viet_nam "
            "on_paper together",
        ),
        (
            inquiries,
            "listening deciding sent_back outcome_too_weak looked_at_again treated_badly he_appealed finished",
        ),
        (paths, "whole_line one_talk listened_to union no_light viet_nam_talk"),
        (
            outside,
            "outside_only handover handed_over danger kept moved_outside viet_nam_outside recommended not_handled_well",
        ),
        (safety, "hold not_free worried lifted"),
        (
            endings,
            "silent came_back another_channel told_twice words_deleted long_ago held_for_court renewed flood_1 flood_2 "
            "flood_3",
        ),
    )
    for name in names.split()
}


def tell(world: World) -> dict[str, Story]:
    """Put every story on the timeline and play it; return them by name."""
    stories = {name: world.tell(story) for name, story in STORIES.items()}
    for name, story in stories.items():
        story.name = name
    world.timeline.mornings.append(Routine(world))
    world.timeline.play()
    return stories
