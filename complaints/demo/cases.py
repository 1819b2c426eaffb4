"""The demo's complaints: each filed and moved by the same doors as a real one. Nobody in them exists."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.keys import Reader
from complaints import access, intake, receipts, slots, workflow
from complaints.answers import Answers, Contact
from complaints.codes import (
    AgeBand,
    ConductType,
    ContactKind,
    DangerAnswer,
    Frequency,
    LastTime,
    PlaceType,
    RespondentJob,
    Route,
    ShareChoice,
    Wish,
)
from complaints.compartments import Holder
from complaints.demo.people import BAMBOO, LOTUS, RIVER, People
from complaints.demo.timeline import Timeline
from complaints.models import Case, InterimMeasure, Receipt
from factories.models import Factory

HERS = ("story", "circumstances", "respondent", "inbox")


class Story:
    """One complaint and the people who act on it."""

    def __init__(self, world: World, factory: str, **answers: Any) -> None:
        self.world = world
        self.factory = Factory.objects.select_related("country").get(name=factory)
        self.answers = self._answers(answers)
        self.case: Case | None = None
        self.receipt = ""
        self._holder: Holder | None = None

    def _answers(self, given: dict[str, Any]) -> Answers:
        values: dict[str, Any] = {
            "country": self.factory.country_id,
            "factory": self.factory,
            "place_text": self.factory.name,
            "complainant_kind": "affected",
            "danger_answer": DangerAnswer.NO,
            "age_band": AgeBand.FROM_18,
            "conduct_types": frozenset({ConductType.VERBAL}),
            "places": frozenset({PlaceType.BETWEEN_LINES}),
            "last_time": LastTime.THIS_WEEK,
            "frequency": Frequency.FEW,
            "respondent_job": RespondentJob.MECHANIC,
            "wishes": frozenset({Wish.STOP_IT}),
            "route": Route.FACTORY_COMMITTEE,
        }
        values |= given
        if values["route"] == Route.FACTORY_COMMITTEE:
            values.setdefault("share_choice", ShareChoice.ALL_WRITTEN)
        return Answers(**values)

    @property
    def of(self) -> Case:
        if self.case is None:
            raise RuntimeError("The demo's story has not begun.")
        return self.case

    def reader(self, who: str) -> Reader:
        return self.world.people.reader(who)

    def holder(self) -> Holder:
        """She, with her number in hand."""
        if self._holder is None:
            keys = receipts.keys_of(self.receipt, waiting=slots.RECEIPT)
            self._holder = Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))
        return self._holder

    # Each of these puts one act on the timeline and returns the story, so that it reads as what happened.

    def at(self, days: int, hour: int, minute: int = 0) -> At:
        """What happens at an hour so many working days ago."""
        return At(self, self.world.timeline.moment(days, hour, minute))

    def ago(self, hours: int) -> At:
        return At(self, self.world.timeline.ago(hours))


class At:
    """One moment of a story, and everything that can happen in it."""

    def __init__(self, story: Story, moment: datetime) -> None:
        self.story, self.moment = story, moment

    def _do(self, act: Any) -> At:
        self.story.world.timeline.add(self.moment, act)
        return self

    def filed(self) -> At:
        def act(at: datetime) -> None:
            filed = intake.file_complaint(self.story.answers, token=intake.mint(at).token, at=at)
            self.story.case, self.story.receipt = filed.case, filed.receipt

        return self._do(act)

    def she_writes(self, text: str) -> At:
        return self._do(lambda at: workflow.write(self.story.of, text=text, at=at))

    def she(self, step: str, **how: Any) -> At:
        return self._do(lambda at: getattr(workflow, step)(self.story.of, at=at, **how))

    def she_with_her_key(self, step: str, **how: Any) -> At:
        return self._do(lambda at: getattr(workflow, step)(self.story.of, self.story.holder(), at=at, **how))

    def reviews(self, who: str, note: str) -> At:
        def act(at: datetime) -> None:
            measure = self.story.of.interim_measures.get(ends_on=None)
            person = self.story.world.people[who]
            workflow.review_interim(self.story.of, by=person, measure=measure, goes_on=True, note=note, at=at)

        return self._do(act)

    def by(self, who: str, step: str, **how: Any) -> At:
        person = self.story.world.people[who]
        return self._do(lambda at: getattr(workflow, step)(self.story.of, by=person, at=at, **how))

    def declares_none(self, who: str) -> At:
        return self.by(who, "declare_conflict", answer="none")

    def reads(self, who: str, kinds: tuple[str, ...] = HERS) -> At:
        def act(at: datetime) -> None:
            on = access.case_for(self.story.world.people[who], self.story.of.reference, at=at)
            access.opened(on, self.story.reader(who), kinds, at=at)

        return self._do(act)


class World:
    """Everything the stories need: the people and the time before now."""

    def __init__(self, people: People, timeline: Timeline) -> None:
        self.people, self.timeline = people, timeline


OFFICER, CHAIR, OUTSIDE_MEMBER = "officer@lotus.example", "chair@lotus.example", "outside@lotus.example"
EXPERT, SECOND_EXPERT = "expert@helpers.example", "expert2@helpers.example"
LEAD = "lead@helpers.example"
SORTED = {
    "in_scope": "yes",
    "conduct_types": ["verbal"],
    "place_types": ["between_lines"],
    "repeated": "repeated",
    "power_difference": "no",
    "severity": "c",
    "respondent_identified": False,
    "others_at_risk": "Others on the same line and shift.",
    "evidence": ["duty_lists"],
    "evidence_text": "The duty list of the week, kept by the chair.",
    "links": "",
    "question_1": "",
    "question_2": "",
    "question_3": "",
    "proposed_path": "workplace_action",
}


def tell(world: World) -> dict[str, Story]:
    """Put every story on the timeline and play it; return them by name."""
    stories = {
        name: story(world)
        for name, story in {
            "fresh": _fresh, "acknowledged": _acknowledged, "late": _late, "very late": _very_late,
            "planning": _planning, "sorting": _sorting, "about HR": _about_hr, "nobody named": _job_not_stated,
            "outside only": _outside_only, "handover": _handover, "hold": _hold, "danger": _danger,
            "kept": _kept, "stopping": _stopping, "stopped": _stopped, "moved": _moved_outside,
            "Viet Nam": _viet_nam, "Viet Nam, outside": _viet_nam_outside,
        }.items()
    }  # fmt: skip
    world.timeline.play()
    return stories


# --- At the factory -----------------------------------------------------------------------------------------------


def _fresh(world: World) -> Story:
    story = Story(
        world, LOTUS,
        own_words="The mechanic makes jokes about my body each time he repairs my machine. Others laugh.",
        conduct_types=frozenset({ConductType.VERBAL, ConductType.VISUAL_GESTURE}),
        places=frozenset({PlaceType.OWN_MACHINE}),
    )  # fmt: skip
    story.at(1, 18).filed()
    return story


def _acknowledged(world: World) -> Story:
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


def _late(world: World) -> Story:
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


def _very_late(world: World) -> Story:
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


def _planning(world: World) -> Story:
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


def _sorting(world: World) -> Story:
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


def _about_hr(world: World) -> Story:
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


def _job_not_stated(world: World) -> Story:
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


def _stopping(world: World) -> Story:
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


def _stopped(world: World) -> Story:
    story = Story(world, RIVER, own_words="A visitor made remarks. He has left.", respondent_job=RespondentJob.OUTSIDER)
    story.at(12, 12).filed()
    story.at(11, 10).declares_none("officer@river.example").by(
        "officer@river.example", "acknowledge",
        text="Thank you for telling us. Visitors are now met at the gate. We will tell you what else we do.",
    )  # fmt: skip
    story.at(10, 9).she("stop")
    story.at(8, 9, 30).she("finish_stop")
    return story


# --- Outside ------------------------------------------------------------------------------------------------------


def _outside_only(world: World) -> Story:
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


def _handover(world: World) -> Story:
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


def _hold(world: World) -> Story:
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
    story.at(1, 17).filed()
    story.at(1, 19).reads(LEAD, (*HERS, "freedom")).by(
        LEAD, "first_look", note="No sign of danger today. They go home with four others.", wrote_to_her=True,
    ).by(
        LEAD, "send_message",
        text="Thank you for telling us. Only we read this. Is there a grown-up whom you both trust?",
    )  # fmt: skip
    return story


def _danger(world: World) -> Story:
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


def _kept(world: World) -> Story:
    story = Story(
        world, LOTUS, own_words="It happened once. I only want that it is written down somewhere.",
        respondent_job=RespondentJob.MECHANIC, frequency=Frequency.ONCE, route=Route.RECORD_ONLY,
    )  # fmt: skip
    story.at(9, 20).filed()
    return story


def _moved_outside(world: World) -> Story:
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
    return story


# --- Viet Nam -----------------------------------------------------------------------------------------------------


def _viet_nam(world: World) -> Story:
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


def _viet_nam_outside(world: World) -> Story:
    story = Story(
        world, BAMBOO,
        own_words="He asks me to be his girlfriend each week. I have said no each week.",
        conduct_types=frozenset({ConductType.FORCED_RELATIONSHIP}),
        respondent_job=RespondentJob.WORKER_SAME_LINE,
        route=Route.OUTSIDE_ONLY,
    )  # fmt: skip
    story.at(1, 12).filed()
    return story
