"""How cases end, come back and are kept or deleted; and a flood of false ones. Nobody in them exists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from complaints import workflow
from complaints.codes import ConductType, Frequency, PlaceType, RespondentJob, Route
from complaints.demo import work
from complaints.demo.people import LOTUS, RIVER
from complaints.demo.story import EXPERT, OFFICER, Story, World, in_days

RIVER_OFFICER, RIVER_CHAIR = "officer@river.example", "chair@river.example"


def silent(world: World) -> Story:
    """She never came back: three messages, more than sixty days, and closed until she writes again."""
    story = Story(world, RIVER, filed=100, own_words="He stares.", frequency=Frequency.ONCE)
    story.on(0, 23).filed()
    work.answered(story, "Thank you for telling us. Where was it? We would like to help.", who=RIVER_OFFICER,
                  chair=RIVER_CHAIR)  # fmt: skip
    work.sorted_out(story, who=RIVER_OFFICER)
    work.kept_safe(story, "none_needed", "Nothing is known yet of where and who.", who=RIVER_CHAIR)
    story.work(3, 15).by(RIVER_OFFICER, "send_message", asks=True, text="Can you say where in the factory it was?")
    work.agreed(
        story, "support_only", "No answer for ten working days.", day=story.after(3, 12), who=RIVER_OFFICER,
        she_agreed=False,
        no_answer=True,
    )  # fmt: skip
    story.work(75, 10).by(RIVER_OFFICER, "close_no_contact")
    return story


def came_back(world: World) -> Story:
    """She had stopped; now it has begun again, and she opened it again."""
    story = Story(
        world, LOTUS, filed=40, own_words="A man of the next hall sends signs through the window.",
        conduct_types=frozenset({ConductType.VISUAL_GESTURE}), respondent_job=RespondentJob.WORKER_OTHER,
    )  # fmt: skip
    story.on(0, 12).filed()
    work.answered(story, "Thank you for telling us. The window gets paper from inside today.")
    work.sorted_out(story)
    story.on(5, 20).she("stop")
    story.on(36, 20).she_writes("It has begun again, at the gate now.").she("reopen")
    return story


def another_channel(world: World) -> Story:
    """About pay, not about this: kindly shown where it goes on."""
    story = Story(
        world, LOTUS, filed=30, own_words="My overtime of two Sundays is missing on the slip.",
        conduct_types=frozenset({ConductType.OTHER_UNSURE}), respondent_job=RespondentJob.SUPERVISOR,
    )  # fmt: skip
    story.on(0, 12).filed()
    work.answered(story, "Thank you for telling us. We have asked who knows about the slips.")
    work.sorted_out(story, in_scope="no")
    story.work(4, 10).by(
        OFFICER, "close_redirected", reason="not_in_scope_redirected",
        text="The pay desk on the first floor, on Tuesdays, or the union. You are right to ask. If somebody asks "
        "something of you for it, tell us here: then it is for us.",
    )  # fmt: skip
    return story


def told_twice(world: World) -> Story:
    """The same told on two phones: linked by the helper, and handled in the other one."""
    told: dict[str, Any] = {
        "conduct_types": frozenset({ConductType.DIGITAL}), "places": frozenset({PlaceType.PHONE_INTERNET}),
        "respondent_job": RespondentJob.OUTSIDER, "route": Route.OUTSIDE_ONLY,
    }  # fmt: skip
    words = "A man of a shop near the gate writes to all of us at night."
    first = Story(world, LOTUS, filed=22, own_words=words, **told)
    first.on(0, 20).filed()
    first.work(1, 10).by(EXPERT, "acknowledge", text="Thank you for telling us. Please keep what he writes.").by(
        EXPERT, "confirm_danger", danger_level="not_now", age_band="18_plus", not_free=False, note="Only by phone."
    )
    first.work(2, 14).by(EXPERT, "triage", fields=work.SORTED)
    work.kept_safe(first, "none_needed", "It is only by phone, and she has blocked him.", day=3, who=EXPERT)
    work.agreed(first, "support_only", "They want to know what they can do themselves.", day=5, who=EXPERT)
    first.work(6, 10).by(EXPERT, "begin_monitoring", text="We have shown them how to block and where to keep it.")
    story = Story(world, LOTUS, filed=21, own_words=words + " My friend has told it too.", **told)
    story.on(0, 20).filed()
    story.work(1, 10).by(EXPERT, "acknowledge", text="Thank you. Is it the same man as your friend told us about?")
    story.on(2, 20).she_writes("Yes, the same one. She and I are neighbours.")
    story.work(3, 11).by(
        EXPERT, "link_cases", kind="duplicate", reference=lambda story, at: first.of.reference,
        text="She says so herself.",
    ).by(
        EXPERT, "close_redirected", reason="duplicate_linked",
        text="We go on with it in what your friend told us first. Nothing is lost. You can write here at any time.",
    )  # fmt: skip
    return story


def words_deleted(world: World) -> Story:
    """Stopped, and then she wanted her words gone: after a day they were."""
    story = Story(world, RIVER, filed=60, own_words="I wrote this for a friend, who does not want it any more.")
    story.on(0, 12).filed()
    work.answered(story, "Thank you for telling us. You and she decide.", who=RIVER_OFFICER, chair=RIVER_CHAIR)
    story.on(3, 20).she("stop")
    story.on(8, 20).she("ask_deletion")
    work.looked_after(story, since=4, who=RIVER_OFFICER, kind="stopped_check", days=(30,))
    return story


def long_ago(world: World) -> Story:
    """Stopped more than a year ago: its content is deleted, and only codes and days are left."""
    story = Story(world, LOTUS, filed=420, own_words="He whistles at us from the roof. They are leaving anyway.",
                  conduct_types=frozenset({ConductType.VISUAL_GESTURE}), watched=False)  # fmt: skip
    story.on(0, 12).filed()
    work.answered(story, "Thank you for telling us. The roof is shut from today.")
    work.sorted_out(story)
    story.on(6, 20).she("stop")
    work.looked_after(story, since=7, who=OFFICER, kind="stopped_check", days=(30, 90))
    return story


def held_for_court(world: World) -> Story:
    """It would be deleted by now; a court has asked for it, so it is kept for a named time, by a named person."""
    story = Story(
        world, LOTUS, filed=410, own_words="He held the door shut. I go to the court with it.",
        conduct_types=frozenset({ConductType.ASSAULT_ATTEMPTED}), places=frozenset({PlaceType.STORE}),
        respondent_job=RespondentJob.OUTSIDER, route=Route.OUTSIDE_ONLY, watched=False,
    )  # fmt: skip
    story.on(0, 12).filed()
    story.work(1, 9).by_handler("acknowledge", text="Thank you for trusting us. We go to the court with you.")
    story.on(10, 20).she("stop")
    work.looked_after(story, since=11, who="", kind="stopped_check", days=(30, 90))
    story.work(200, 10).does(lambda at: _hold(story, at))
    return story


def _hold(story: Story, at: datetime) -> None:
    expert = story.person(EXPERT)
    workflow.place_legal_hold(story.of, by=expert, reason="court", ends_on=in_days(360)(story, at), at=at)


def renewed(world: World) -> Story:
    """Only kept, for more than a year, because she asked to keep it once more."""
    story = Story(
        world, LOTUS, filed=400, own_words="It was one evening. I want to be able to say later when it was.",
        frequency=Frequency.ONCE, route=Route.RECORD_ONLY,
    )  # fmt: skip
    story.on(0, 20).filed()
    story.on(350, 20).she("renew")
    return story


def _flood(number: int) -> Any:
    def tell(world: World) -> Story:
        story = Story(world, LOTUS, own_words="All lies. " * number, route=Route.OUTSIDE_FIRST, watched=False)
        story.at(4, 23, 10 + number).filed(surge=True)
        if number == 3:
            story.at(3, 8).does(lambda at: _set_aside(story, at))
        return story

    tell.__doc__ = "One of a flood of the same words within minutes; set aside together, and brought back by a word."
    return tell


def _set_aside(story: Story, at: datetime) -> None:
    story.of.refresh_from_db()
    if story.of.burst is not None:
        workflow.set_aside(story.of.burst, by=story.person(EXPERT), at=at)


flood_1, flood_2, flood_3 = _flood(1), _flood(2), _flood(3)
