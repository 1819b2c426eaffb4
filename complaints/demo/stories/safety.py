"""Held for safety: somebody young, somebody who is not free, a worry at the factory. Nobody in them exists."""

from __future__ import annotations

from typing import Any

from complaints.codes import AgeBand, ConductType, PlaceType, RespondentJob, Route, Wish
from complaints.demo import work
from complaints.demo.people import LOTUS, RIVER
from complaints.demo.story import HERS, LEAD, OFFICER, SECOND_LEAD, Story, World
from complaints.workflow.safeguarding import PLAN_PARTS


def hold(world: World) -> Story:
    """Somebody who may be a minor: safeguarding leads and nobody else."""
    story = Story(
        world, RIVER,
        own_words="My friend and I are new. A man of the other hall waits for us after work.",
        conduct_types=frozenset({ConductType.STALKING}),
        age_band=AgeBand.FROM_15_TO_17,
        complainant_kind="group",
        respondent_job=RespondentJob.WORKER_OTHER,
        places=frozenset({PlaceType.WAY_HOME}),
    )  # fmt: skip
    story.ago(9).filed()
    story.ago(7).reads(LEAD, (*HERS, "freedom")).by(
        LEAD, "first_look", note="No sign of danger today. They go home with four others.", wrote_to_her=True,
    ).by(
        LEAD, "send_message",
        text="Thank you for telling us. Only we read this. Is there a grown-up whom you both trust?",
    )  # fmt: skip
    return story


def not_free(world: World) -> Story:
    """Papers kept by somebody else: decided by two leads as she wants it, planned with her, and asked after."""
    story = Story(
        world, RIVER, filed=48,
        own_words="The woman of the house has our cards. We must ask her before we go out. A man there hits.",
        conduct_types=frozenset({ConductType.PHYSICAL_NONSEXUAL}), places=frozenset({PlaceType.DORMITORY}),
        respondent_job=RespondentJob.DORMITORY_LANDLORD, freedom={"FQ3": "no", "FQ4": "yes", "FQ5": "yes"},
        wishes=frozenset({Wish.KEEP_SAFE}), complainant_kind="group",
    )  # fmt: skip
    story.on(0, 22).filed()
    story.on(1, 1).reads(LEAD, (*HERS, "freedom")).by(
        LEAD, "first_look", note="Nobody is hurt tonight. They can read messages when they wash.", wrote_to_her=True
    ).by(
        LEAD, "send_message",
        text="Thank you for telling us. You are not in trouble. You decide. Is it safe for you to read this here?",
    )  # fmt: skip
    _handled_in_the_hold(story)
    story.on(1, 9).reads(SECOND_LEAD, (*HERS, "freedom"))
    story.on(1, 12).she_writes("Yes, in the afternoon. We want our cards back. We do not want to lose the work.")
    story.on(1, 15).by(LEAD, "propose_safety_decision", kind="her_own", fields=_decision())
    story.on(1, 17).by(SECOND_LEAD, "agree_safety_decision", number=1)
    story.on(3, 10).by(LEAD, "plan_safety", fields=_plan())
    story.on(5, 10).by(LEAD, "agree_path", path="support_only", fields=_path())
    story.on(7, 15).by(LEAD, "note_wider_risk", others="yes", off_site=True, note="Four more in the same house.")
    for day, note in ((8, "The cards are back."), (31, "They have another room now.")):
        story.on(day, 16).by(
            LEAD, "follow_up", code="follow_up_7" if day < 30 else "follow_up_30", reached=True, note=note,
            answers=_answers(),
        )  # fmt: skip
    return story


def worried(world: World) -> Story:
    """The officer at the factory worried and opened a hold; from then on nobody at the factory sees it."""
    story = Story(
        world, LOTUS, own_words="He waits for me. I do not want to go home any more.",
        conduct_types=frozenset({ConductType.STALKING}), places=frozenset({PlaceType.WAY_HOME}),
        respondent_job=RespondentJob.OUTSIDER,
    )  # fmt: skip
    story.at(2, 19).filed()
    story.at(1, 10).declares_none(OFFICER).reads(OFFICER).by(
        OFFICER, "acknowledge", text="Thank you for telling us. Today somebody walks home with you, if you like."
    )
    story.ago(9).she_writes("If I go home he hurts me. He has said when.")
    story.ago(7).with_key(OFFICER, "open_hold")
    story.ago(6).reads(LEAD, HERS).by(
        LEAD, "first_look", note="She sleeps at a friend's. The friend has a phone.", wrote_to_her=True
    ).by(LEAD, "send_message", text="You are not in trouble, and you decide. I am here. Are you safe to read this?")
    story.ago(4).by(LEAD, "propose_safety_decision", kind="her_own", fields=_decision())
    return story


def lifted(world: World) -> Story:
    """Held as long as it was needed; two leads ended it, and two helpers have it now."""
    story = Story(
        world, LOTUS, filed=34, own_words="I am seventeen. My team leader says I must be his or I go.",
        conduct_types=frozenset({ConductType.FORCED_RELATIONSHIP}), age_band=AgeBand.FROM_15_TO_17,
        respondent_job=RespondentJob.SUPERVISOR, route=Route.OUTSIDE_FIRST,
    )  # fmt: skip
    story.on(0, 12).filed()
    story.on(0, 14).reads(LEAD, (*HERS, "freedom")).by(
        LEAD, "first_look", note="She is at work and not alone. Her aunt knows.", wrote_to_her=True
    ).by(LEAD, "send_message", text="Thank you for telling us. You are not in trouble. Does your aunt read this too?")
    _handled_in_the_hold(story)
    story.on(1, 9).reads(SECOND_LEAD, (*HERS, "freedom"))
    child = _decision() | {"her_answer": "", "child_view": "She wants to stay with her aunt and go on working."}
    story.on(1, 10).by(LEAD, "propose_safety_decision", kind="best_interests", fields=child)
    story.on(1, 11).by(SECOND_LEAD, "agree_safety_decision", number=1)
    story.on(2, 10).by(LEAD, "plan_safety", fields=_plan())
    story.on(5, 10).by(LEAD, "agree_path", path="support_only", fields=_path())
    story.on(8, 10).by(LEAD, "note_wider_risk", others="not_known", off_site=True, note="Asked two former workers.")
    story.on(8, 15).by(
        LEAD, "follow_up", code="follow_up_7", reached=True, note="She lives with her aunt.",
        answers=_answers(),
        )  # fmt: skip
    story.work(20, 10).by(LEAD, "propose_lift")
    story.work(21, 10).with_key(SECOND_LEAD, "lift_hold")
    story.work(22, 10).by_handler(
        "send_message", text="You know us from the helpers. We go on with you, and nobody in the factory reads this."
    ).by_handler(
        "confirm_danger", danger_level="not_now", age_band="15_17", not_free=False, note="She lives with her aunt."
    )
    story.work(31, 15).by_handler("follow_up", code="follow_up_30", reached=True, note="She works.", answers=_answers())
    return story


def _handled_in_the_hold(story: Story) -> None:
    """In a hold the leads do what handlers do elsewhere."""
    story.on(1, 8).by(LEAD, "acknowledge", text="We go on with you every day. Nobody in the factory reads this.")
    story.on(1, 8, 30).by(
        LEAD, "decide_interim", code="none_needed", effect_on_pay=False, at_her_request=False,
        reason="Nothing may change at work yet: it would show that somebody told.",
    )  # fmt: skip
    story.on(1, 8, 40).by(LEAD, "confirm_danger", danger_level="soon", age_band="not_said", not_free=True, note="Kept.")
    story.on(1, 8, 50).by(LEAD, "triage", fields=work.SORTED | {"severity": "a", "power_difference": "yes"})


def _decision() -> dict[str, Any]:
    return {
        "options": "Stay and be walked home; another room; the services for women; do nothing now.",
        "risks": "To stay: he comes again. Another room: the rent. A service: it is far from work.",
        "decided": "Another room with somebody she trusts, and the work goes on.",
        "her_answer": "yes",
        "duties_checked": True,
    }


def _plan() -> dict[str, Any]:
    parts = dict.fromkeys(PLAN_PARTS, "She does not need it now.")
    return parts | {
        "safety": "Never alone at the gate; two people know the hour.",
        "place_to_stay": "With somebody she trusts.",
        "trusted_person": "Her aunt.",
        "recontact": "A message each Sunday afternoon, when she can read alone.",
        "with_her": True,
    }


def _path() -> dict[str, Any]:
    return {"reason": "She wants help and nothing towards others.", "severity": "a", "she_agreed": True}


def _answers() -> dict[str, str]:
    return {
        "is_safe": "yes",
        "is_free": "yes",
        "income_enough": "not_known",
        "care_reached": "yes",
        "pushed_back": "no",
        "trafficking_signs": "no",
    }
