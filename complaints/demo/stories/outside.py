"""Outside the factory: with a helper, only kept, moved there by her, recommended. Nobody in them exists."""

from __future__ import annotations

from datetime import datetime

from complaints import workflow
from complaints.answers import Contact
from complaints.codes import (
    ConductType,
    ContactKind,
    DangerAnswer,
    Frequency,
    LastTime,
    PlaceType,
    RespondentJob,
    Route,
    Wish,
)
from complaints.demo.people import BAMBOO, LOTUS, RIVER
from complaints.demo.story import CHAIR, EXPERT, OFFICER, SECOND_EXPERT, Story, World, check, in_days, planned, remedy
from complaints.demo.work import SORTED, WELL
from complaints.models import InterimMeasure


def outside_only(world: World) -> Story:
    story = Story(
        world, LOTUS,
        own_words="A manager asks me to eat with him and says my contract ends soon. I want somebody to know.",
        conduct_types=frozenset({ConductType.QUID_PRO_QUO}),
        pressure=frozenset({"lose_work"}),
        respondent_job=RespondentJob.MANAGER_OWNER,
        route=Route.OUTSIDE_ONLY,
        wishes=frozenset({Wish.TALK}),
        contact=Contact(kind=ContactKind.MESSAGE, reach="000 000 003", whose="mine", safe_when="Sunday, 9 to 11"),
    )  # fmt: skip
    story.at(4, 21).filed()
    story.at(3, 10).reads(EXPERT).by(
        EXPERT, "acknowledge",
        text="Thank you for trusting us. Nobody in the factory can read this. You do not have to decide anything now.",
    )  # fmt: skip
    story.at(3, 20).she_writes("I do not know what I want. Can he end my contract because I say no?")
    story.at(2, 11).by(
        EXPERT,
        "send_message",
        text="The law does not let him. We can explain it step by step, here, whenever you have time.",
    )
    story.at(2, 14).by(EXPERT, "triage", fields=SORTED | {"severity": "b", "power_difference": "yes"}).by(
        EXPERT, "confirm_danger", danger_level="not_now", age_band="18_plus", not_free=False,
        note="She lives with her sister and travels by the factory bus.",
    )  # fmt: skip
    return story


def handover(world: World) -> Story:
    """The helper has suggested to tell the factory; the answer is hers, consent by consent."""
    story = Story(
        world, LOTUS,
        own_words="The driver of the truck puts me in the front seat and does not stop touching my hand.",
        conduct_types=frozenset({ConductType.TOUCH}),
        places=frozenset({PlaceType.TRANSPORT}),
        respondent_job=RespondentJob.DRIVER,
        route=Route.OUTSIDE_FIRST,
    )  # fmt: skip
    story.at(6, 19).filed()
    story.at(5, 9).reads(EXPERT).by(
        EXPERT, "acknowledge",
        text="Thank you for telling us. You may always sit in the back; we can help to arrange another truck.",
    )  # fmt: skip
    story.at(5, 20).she_writes("Another truck would be good. But the factory must not know that I told.")
    story.at(4, 10).by(EXPERT, "triage", fields=SORTED | {"severity": "b"}).by(
        EXPERT, "confirm_danger", danger_level="not_now", age_band="18_plus", not_free=False,
        note="She can change trucks by herself for now.",
    )  # fmt: skip
    story.at(3, 11).by(
        EXPERT, "decide_interim", code=InterimMeasure.Code.NONE_NEEDED,
        reason="She has changed to another truck by herself and feels safe there.",
        effect_on_pay=False, at_her_request=False,
    )  # fmt: skip
    story.at(1, 10).by(
        EXPERT,
        "propose_handover",
        text="The committee could change the seats for everybody. They would read only what you allow, question by "
        "question. If you do not want it, nothing changes.",
    )
    return story


def danger(world: World) -> Story:
    """Danger now, two hours ago: the outside team has four hours, and the factory sees nothing."""
    story = Story(
        world, RIVER,
        own_words="He stood in front of my room last night and has said he comes again.",
        conduct_types=frozenset({ConductType.STALKING}),
        danger_answer=DangerAnswer.NOW,
        places=frozenset({PlaceType.DORMITORY}),
        last_time=LastTime.TODAY,
        respondent_job=RespondentJob.GUARD,
        wishes=frozenset({Wish.KEEP_SAFE}),
        contact=Contact(kind=ContactKind.CALL, reach="000 000 004", whose="my sister's", safe_when="After 18"),
    )  # fmt: skip
    story.ago(2).filed()
    return story


def kept(world: World) -> Story:
    story = Story(
        world, LOTUS, own_words="It happened once. I only want that it is written down somewhere.",
        respondent_job=RespondentJob.MECHANIC, frequency=Frequency.ONCE, route=Route.RECORD_ONLY,
    )  # fmt: skip
    story.at(9, 20).filed()
    return story


def moved_outside(world: World) -> Story:
    """Nobody at the factory answered, so she moved it outside; at the factory it is gone."""
    story = Story(
        world, RIVER,
        own_words="They say I am lying because he is a friend of the office.",
        conduct_types=frozenset({ConductType.TOUCH}),
        respondent_job=RespondentJob.SUPERVISOR,
    )  # fmt: skip
    story.at(7, 12).filed()
    story.at(3, 21).she_with_her_key("move_outside")
    story.at(2, 9).reads(SECOND_EXPERT).by(
        SECOND_EXPERT, "acknowledge",
        text="We are sorry that nobody answered. We believe you. Nobody in the factory reads this any more.",
    )  # fmt: skip
    story.at(1, 10).by(
        SECOND_EXPERT, "confirm_danger", danger_level="not_now", age_band="18_plus", not_free=False,
        note="She goes home with her brother.",
    ).by(SECOND_EXPERT, "triage", fields=SORTED | {"severity": "b", "power_difference": "yes"})  # fmt: skip
    return story


def viet_nam_outside(world: World) -> Story:
    story = Story(
        world, BAMBOO,
        own_words="He asks me to be his girlfriend each week. I have said no each week.",
        conduct_types=frozenset({ConductType.FORCED_RELATIONSHIP}),
        respondent_job=RespondentJob.WORKER_SAME_LINE,
        route=Route.OUTSIDE_ONLY,
    )  # fmt: skip
    story.at(1, 12).filed()
    return story


def _heard_outside(story: Story, *, day: int = 1) -> None:
    """The first days with a helper: answered, her safety confirmed, sorted."""
    story.work(day, 10).by_handler(
        "acknowledge",
        text="Thank you for trusting us. Nobody in the factory can read this. You decide what happens next.",
    ).by_handler(
        "confirm_danger", danger_level="not_now", age_band="18_plus", not_free=False, note="She is safe at home.",
    )  # fmt: skip
    story.work(day + 1, 14).by_handler("triage", fields=SORTED | {"severity": "b", "power_difference": "yes"})


def handed_over(world: World) -> Story:
    """First outside; then she and the helper decided to tell the factory, which has it now."""
    story = Story(
        world, LOTUS, filed=12, own_words="In the lift of the store he stands so close that I cannot move.",
        conduct_types=frozenset({ConductType.TOUCH}), places=frozenset({PlaceType.STORE}),
        respondent_job=RespondentJob.WORKER_OTHER, route=Route.OUTSIDE_FIRST,
    )  # fmt: skip
    story.on(0, 20).filed()
    _heard_outside(story)
    story.work(4, 11).by_handler(
        "propose_handover", text="The committee could forbid that two people are in that lift. They would read only "
        "what you allow, question by question.",
    )  # fmt: skip
    story.on(6, 20).she_with_her_key(
        "accept_handover", consents={"share_text": True, "share_place_time": True, "share_respondent": False}
    )
    story.work(8, 10).declares_none(OFFICER).by(
        OFFICER, "send_message", text="Thank you. From today the lift is for goods only. Tell us how it is."
    )
    story.work(8, 11).declares_none(CHAIR)
    story.work(8, 14).by(OFFICER, "triage", fields=SORTED | {"severity": "b", "place_types": ["store"]})
    story.work(9, 9).by(
        CHAIR, "decide_interim", code=InterimMeasure.Code.SECOND_PERSON, effect_on_pay=False, at_her_request=False,
        reason="The lift is for goods. Whoever fetches something goes with a second person.",
    )  # fmt: skip
    return story


def recommended(world: World) -> Story:
    """An inquiry of the outside team; she let the recommendation go to the factory, and it is being put right."""
    story = Story(
        world, BAMBOO, filed=78, own_words="The head of the hall writes at night and cuts my bonus when I say no.",
        conduct_types=frozenset({ConductType.QUID_PRO_QUO, ConductType.DIGITAL}), pressure=frozenset({"lose_work"}),
        respondent_job=RespondentJob.SUPERVISOR, route=Route.OUTSIDE_ONLY, frequency=Frequency.MANY,
    )  # fmt: skip
    story.on(0, 22).filed()
    _heard_outside(story)
    story.work(4, 10).by_handler(
        "decide_interim", code=InterimMeasure.Code.NONE_NEEDED, effect_on_pay=False, at_her_request=False,
        reason="She wants nothing changed at work before it is looked into.",
    )  # fmt: skip
    story.work(6, 10).by_handler(
        "agree_path", path="formal_inquiry",
        fields={"reason": "She wants it looked into by people who do not know him.", "severity": "b",
                "she_agreed": True},
    )  # fmt: skip
    story.work(8, 10).does(lambda at: _inquire_outside(story, at))
    story.work(12, 10).by(
        EXPERT, "hear", who="complainant", came=True, how="phone", text="She read the messages aloud, with the days."
    )
    story.work(14, 10).by(
        EXPERT,
        "add_paper",
        paper="messages",
        text="Eleven messages on her phone, seen and not copied.",
    )
    story.work(15, 10).by(
        EXPERT, "add_paper", paper="pay_records", text="Her pay slips: the bonus is gone in the weeks after each no."
    )
    story.work(16, 10).by(
        EXPERT, "ask_comments", answer_by=in_days(4), to_respondent="",
        to_her="This is what we have seen: the messages, the days, and the slips. Is anything missing or wrong?",
    )  # fmt: skip
    story.on(18, 20).she_writes("Nothing is missing.")
    story.work(21, 10).by(
        EXPERT, "note_comment", side="complainant", came=True, text="She says that nothing is missing."
    ).by(EXPERT, "complete_inquiry")
    story.work(24, 10).with_key(
        SECOND_EXPERT, "find", all_agree=True,
        findings={
            1: workflow.Found(
                "substantiated", "She told it once, with the messages and the slips before her.",
                "The respondent was not asked, because she did not want it; so nothing is said about his reasons.",
                "The messages are from his number, and the complainant read them with their days. The bonus is gone in "
                "each week after she said no, and in no other. The respondent was not heard, so nothing is found about "
                "him as a person; that this happened is more likely than not.",
            )
        },
    )  # fmt: skip
    story.work(28, 10).by(
        EXPERT, "decide", reasons="Her bonus was taken because she said no. That can be put right without any name.",
        remedies=planned(("pay_restored", SECOND_EXPERT, 60), ("target_rules", SECOND_EXPERT, 60)),
    )  # fmt: skip
    story.work(30, 10).by(
        EXPERT, "tell_outcome", found="We found that your bonus was cut after each time you said no to him.",
        done="We would ask the factory to pay it back and to change who decides the bonus. Only if you want that.",
    )  # fmt: skip
    story.on(33, 21).she("answer_recommendation", given=True)
    story.work(35, 10).by(
        EXPERT, "pass_on_recommendation",
        text="In one hall the bonus was cut without a reason. Pay back what was cut since January to everybody there, "
        "and let two people decide the bonus from now on.",
    )  # fmt: skip
    story.work(36, 10).by(EXPERT, "begin_action", text="He is told nothing: the recommendation names nobody.")
    story.work(50, 10).by(SECOND_EXPERT, "remedy_done", remedy=remedy(1), note="Paid to the whole hall.")
    story.work(52, 10).by(EXPERT, "verify_remedy", remedy=remedy(1), evidence="She read her slip to me: it is there.")
    story.on(59, 20).she("answer_check", check=check("check_30"), answers=WELL)
    story.work(60, 10).by(EXPERT, "complete_check", check=check("check_30"), text="Paid, and nobody asks who told.")
    return story


def _inquire_outside(story: Story, at: datetime) -> None:
    people = [story.person(EXPERT), story.person(SECOND_EXPERT)]
    written = {
        "to_find_out": "Whether her bonus was cut because she said no.",
        "whom_to_hear": "Her alone. He is not named to anybody.",
        "in_which_order": "She, then the papers.",
        "to_protect": "That nobody in the factory learns that somebody told.",
    }
    plan = workflow.Plan(
        inquirers=people, half_women=True, written=written, named=False,
        allegations=["Her bonus was cut each time she did not answer his messages as he wished."],
    )  # fmt: skip
    workflow.begin_inquiry(story.of, story.reader(SECOND_EXPERT), plan, at=at)


def not_handled_well(world: World) -> Story:
    """She says that her case is not handled well; the outside team has answered and looks into it."""
    story = Story(
        world, RIVER, filed=6, own_words="He says every day who may go to the toilet and who must ask him nicely.",
        respondent_job=RespondentJob.SUPERVISOR,
    )  # fmt: skip
    story.on(0, 18).filed()
    story.work(1, 10).declares_none("officer@river.example").by(
        "officer@river.example", "acknowledge", text="Thank you for telling us. We will see what can be done about it."
    )
    story.on(4, 21).she_with_her_key(
        "raise_concern", text="The officer asked my line leader who is unhappy. Now he looks at all of us."
    )
    story.on(5, 10).does(lambda at: _answer_concern(story, at))
    return story


def _answer_concern(story: Story, at: datetime) -> None:
    expert = story.of.assignments.current().filter(role="technical_expert").select_related("person")[0].person
    workflow.answer_concern(
        story.of, by=expert, offers=False, settled=False, at=at,
        text="Thank you for saying it. Nobody may ask around. You can move it outside; I look into it today.",
    )  # fmt: skip
