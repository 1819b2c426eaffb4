"""At a factory, in the first days: fresh, answered, late, sorted, a path agreed, paused. Nobody in them exists."""

from __future__ import annotations

from complaints.codes import Channel, ConductType, Frequency, PlaceType, RespondentJob, ShareChoice, Wish
from complaints.demo.people import BAMBOO, LOTUS, RIVER
from complaints.demo.story import CHAIR, OFFICER, OUTSIDE_MEMBER, Story, World
from complaints.demo.work import SORTED
from complaints.models import InterimMeasure


def fresh(world: World) -> Story:
    story = Story(
        world, LOTUS,
        own_words="The mechanic makes jokes about my body each time he repairs my machine. Others laugh.",
        conduct_types=frozenset({ConductType.VERBAL, ConductType.VISUAL_GESTURE}),
        places=frozenset({PlaceType.OWN_MACHINE}),
    )  # fmt: skip
    story.at(1, 18).filed()
    return story


def acknowledged(world: World) -> Story:
    story = Story(
        world, LOTUS,
        own_words="He sends me messages at night and asks for photos. I do not answer any more.",
        conduct_types=frozenset({ConductType.DIGITAL}),
        places=frozenset({PlaceType.PHONE_INTERNET}),
        respondent_job=RespondentJob.SUPERVISOR,
    )  # fmt: skip
    story.at(2, 12, 30).filed()
    story.at(1, 9, 40).declares_none(OFFICER).reads(OFFICER).by(
        OFFICER, "acknowledge",
        text="Thank you for telling us. Please keep the messages, but you need not show them. We look at this "
        "within two days and write to you here.",
    )  # fmt: skip
    story.at(1, 11).declares_none(CHAIR)
    story.at(1, 19).she_writes("Thank you. I have kept them all. Please do not talk to him yet.")
    return story


def late(world: World) -> Story:
    """Nobody answers: the ladder has risen, her page says so, and she may move the case outside."""
    story = Story(
        world, LOTUS,
        own_words="At the gate the guard holds my arm and does not let me pass before I smile at him.",
        conduct_types=frozenset({ConductType.TOUCH, ConductType.STALKING}),
        places=frozenset({PlaceType.GATE}),
        frequency=Frequency.MANY,
        respondent_job=RespondentJob.GUARD,
    )  # fmt: skip
    story.at(6, 18).filed()
    return story


def very_late(world: World) -> Story:
    story = Story(
        world, RIVER,
        own_words="My line leader says the overtime list is short for women who are not friendly.",
        conduct_types=frozenset({ConductType.QUID_PRO_QUO}),
        pressure=frozenset({"better_work"}),
        respondent_job=RespondentJob.SUPERVISOR,
        share_choice=ShareChoice.CONDUCT_ONLY,
    )  # fmt: skip
    story.at(12, 7).filed()
    return story


def planning(world: World) -> Story:
    """The longest story: acknowledged, sorted, a measure decided and reviewed, a path agreed, words both ways."""
    story = Story(
        world, LOTUS,
        own_words="When I fetch thread, the man of the store blocks the door and says things. I am afraid to go alone.",
        conduct_types=frozenset({ConductType.VERBAL, ConductType.STALKING}),
        places=frozenset({PlaceType.STORE}),
        frequency=Frequency.MANY,
        respondent_job=RespondentJob.WORKER_OTHER,
        wishes=frozenset({Wish.STOP_IT, Wish.KEEP_SAFE}),
        more_words="Two others also do not want to go there.",
    )  # fmt: skip
    story.at(14, 12).filed()
    story.at(13, 10).declares_none(OFFICER).reads(OFFICER).by(
        OFFICER, "acknowledge",
        text="Thank you for your courage. Nobody should be afraid to fetch thread. We will look at the store first.",
    )  # fmt: skip
    story.at(13, 11).declares_none(CHAIR).reads(CHAIR)
    story.at(12, 14).by(OFFICER, "triage", fields=SORTED)
    story.at(12, 19).she_writes("It is the small store beside line 4. Please do not say that it was me.")
    story.at(11, 10).by(
        CHAIR, "decide_interim", code=InterimMeasure.Code.SECOND_PERSON,
        reason="From today everybody goes to the store in twos, on every line, so that it points to nobody.",
        effect_on_pay=False, at_her_request=False,
    )  # fmt: skip
    story.at(10, 15).by(
        OFFICER,
        "send_message",
        text="From now on everybody goes to the store in twos. We say it is because of the heavy boxes. "
        "Does that feel right for you?",
    )
    story.at(9, 20).she_writes("Yes. It is better now. I would like that he is told to stop, without my name.")
    story.at(8, 11).by(OFFICER, "add_note", text="Chair and officer agree: a talk with all store staff, no names.")
    story.at(8, 14).by(
        OFFICER, "agree_path", path="workplace_action",
        fields={"reason": "She wants it to stop and wants no inquiry. A talk with the whole store, lights and a "
                          "second key.", "severity": "b", "power_difference": False, "she_agreed": True},
    )  # fmt: skip
    story.at(6, 10).reviews(CHAIR, note="She says it helps. It goes on for a week.")
    story.at(4, 16).by(
        OFFICER,
        "send_message",
        text="The talk with the store staff is on Friday. Nobody is named. We write to you again after it.",
    )
    story.at(2, 9, 30).reviews(CHAIR, note="No complaint since. It goes on.")
    story.at(1, 20).she_writes("Today was quiet. Thank you.")
    return story


def sorting(world: World) -> Story:
    story = Story(
        world, LOTUS,
        own_words="He brushes against us between the lines and says there is no room.",
        conduct_types=frozenset({ConductType.TOUCH}),
        respondent_job=RespondentJob.WORKER_SAME_LINE,
        complainant_kind="witness",
    )  # fmt: skip
    story.at(5, 13).filed()
    story.at(4, 9).declares_none(OFFICER).declares_none(CHAIR).reads(CHAIR).by(
        CHAIR, "acknowledge",
        text="Thank you for telling what you saw. We will not say who told us. May we ask you questions here?",
    )  # fmt: skip
    story.at(3, 15).by(CHAIR, "triage", fields=SORTED | {"severity": "b"})
    return story


def about_hr(world: World) -> Story:
    """About somebody in HR, and she wants the factory all the same: chair and outside member, no case officer."""
    story = Story(
        world, LOTUS,
        own_words="In the office they ask about my husband and my body before they sign my leave.",
        places=frozenset({PlaceType.OFFICE}),
        respondent_job=RespondentJob.HR_OFFICE_COMPLIANCE,
        insist=True,
    )  # fmt: skip
    story.at(2, 17).filed()
    story.at(1, 10).declares_none(CHAIR).reads(CHAIR).by(
        CHAIR, "acknowledge",
        text="Thank you for telling us. Nobody of the office reads this; the member from outside works on it with me.",
    )  # fmt: skip
    return story


def job_not_stated(world: World) -> Story:
    story = Story(
        world, LOTUS,
        own_words="There are songs and pictures on our line that make work bad for us. I do not want to say who.",
        conduct_types=frozenset({ConductType.HOSTILE_ENVIRONMENT}),
        respondent_job=RespondentJob.NOT_SAID,
    )  # fmt: skip
    story.at(2, 18).filed()
    story.at(1, 14).declares_none(OUTSIDE_MEMBER).reads(OUTSIDE_MEMBER).by(
        OUTSIDE_MEMBER, "ask_conflict_question",
        text="Thank you for telling us. You need not say who. "
        "Could it be somebody in HR, in the committee or a manager?",
    )  # fmt: skip
    return story


def stopping(world: World) -> Story:
    """She asked to stop a few hours ago and may take it back until tomorrow."""
    story = Story(
        world, LOTUS, own_words="He whistles when we go to the canteen.", places=frozenset({PlaceType.CANTEEN}),
        conduct_types=frozenset({ConductType.VISUAL_GESTURE}), respondent_job=RespondentJob.DRIVER,
    )  # fmt: skip
    story.at(3, 12).filed()
    story.at(2, 10).declares_none(OFFICER).reads(OFFICER).by(
        OFFICER, "acknowledge", text="Thank you for telling us about the canteen. We will have a look there this week.",
    )  # fmt: skip
    story.ago(3).she("stop")
    return story


def stopped(world: World) -> Story:
    story = Story(world, RIVER, own_words="A visitor made remarks. He has left.", respondent_job=RespondentJob.OUTSIDER)
    story.at(12, 12).filed()
    story.at(11, 10).declares_none("officer@river.example").by(
        "officer@river.example", "acknowledge",
        text="Thank you for telling us. Visitors are now met at the gate. We will tell you what else we do.",
    )  # fmt: skip
    story.at(10, 9).she("stop")
    return story


def viet_nam(world: World) -> Story:
    story = Story(
        world, BAMBOO,
        own_words="My supervisor hangs up pictures and says it is only fun.",
        conduct_types=frozenset({ConductType.HOSTILE_ENVIRONMENT}),
        respondent_job=RespondentJob.SUPERVISOR,
    )  # fmt: skip
    story.at(3, 12).filed()
    story.at(2, 9).declares_none("officer@bamboo.example").reads("officer@bamboo.example").by(
        "officer@bamboo.example", "acknowledge",
        text="Thank you for telling us about the pictures. We look at every hall this week, not only at yours.",
    )  # fmt: skip
    story.at(1, 15).declares_none("chair@bamboo.example").by("chair@bamboo.example", "triage", fields=SORTED)
    return story


def on_paper(world: World) -> Story:
    """Found in the paper box and written down by the officer; she has not been here with the number yet."""
    story = Story(
        world, RIVER, filed=3, watched=False, channel=Channel.PAPER_BOX, complainant_kind="not_said",
        own_words="In the paper: the guard at gate two looks into our bags and says things.",
        places=frozenset({PlaceType.GATE}), respondent_job=RespondentJob.GUARD,
    )  # fmt: skip
    story.on(0, 8).written_down("officer@river.example")
    story.work(1, 9).declares_none("officer@river.example").by(
        "officer@river.example", "acknowledge",
        text="Thank you for the paper. From tomorrow a woman looks into the bags at gate two.",
    )  # fmt: skip
    story.work(1, 14).declares_none("chair@river.example").by(
        "officer@river.example", "triage", fields=SORTED | {"place_types": ["gate"]}
    )
    return story


def together(world: World) -> Story:
    """Three have told it together; each has a number of her own."""
    story = Story(
        world, LOTUS, filed=6, complainant_kind="group",
        own_words="We are three. He comes into the dormitory at night to count, and stays.",
        conduct_types=frozenset({ConductType.STALKING}), places=frozenset({PlaceType.DORMITORY}),
        respondent_job=RespondentJob.DORMITORY_LANDLORD, wishes=frozenset({Wish.KEEP_SAFE, Wish.STOP_IT}),
    )  # fmt: skip
    story.on(0, 21).filed().gives_a_number().gives_a_number()
    story.work(1, 10).declares_none(OFFICER).reads(OFFICER).by(
        OFFICER, "acknowledge",
        text="Thank you, all three of you. From tonight nobody counts inside; it is done at the door, by a woman.",
    )  # fmt: skip
    story.work(1, 14).declares_none(CHAIR).reads(CHAIR)
    story.work(2, 14).by(OFFICER, "triage", fields=SORTED | {"severity": "b", "place_types": ["dormitory"]})
    story.work(3, 9).by(
        CHAIR, "decide_interim", code=InterimMeasure.Code.PATROL, effect_on_pay=False, at_her_request=False,
        reason="Counting is done at the door, by a woman, in every house.",
    )  # fmt: skip
    story.on(4, 20).she_writes("Last night it was a woman at the door. Thank you.")
    return story
