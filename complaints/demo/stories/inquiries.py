"""Formal inquiries at a factory, from the first hearing to the end. Nobody in them exists."""

from __future__ import annotations

from typing import Any

from complaints.codes import ConductType, Frequency, PlaceType, RespondentJob, Wish
from complaints.demo import work
from complaints.demo.people import LOTUS
from complaints.demo.story import (
    CHAIR,
    MANAGER,
    OFFICER,
    OUTSIDE_MEMBER,
    REVIEWER,
    Story,
    World,
    person,
    planned,
    remedy,
    sanction,
)

LETTER = (
    "It is said that since the spring you have touched workers of this hall and spoken about their bodies while you "
    "were at their machines. Please answer in writing until the day below. Nobody may be asked who told, and nobody "
    "may be treated badly for it."
)
FIRST_CHECK = 44
PROTECT = "Nobody is asked in front of others. No names in the duty list. The second-person rule stays."


def _inquiry(world: World, filed: int, words: str, until: str = "", **answers: Any) -> Story:
    """The way that all of them go: answered, sorted, safe for the moment, a path agreed, both sides heard, found."""
    told: dict[str, Any] = {
        "conduct_types": frozenset({ConductType.TOUCH, ConductType.VERBAL}),
        "places": frozenset({PlaceType.OWN_MACHINE}),
        "frequency": Frequency.MANY,
        "wishes": frozenset({Wish.STOP_IT, Wish.SANCTION}),
    }
    story = Story(world, LOTUS, filed=filed, own_words=words, **(told | answers))
    story.on(0, 19).filed()
    work.answered(story, "Thank you for telling us. This must not happen at any machine. We write again in two days.")
    work.sorted_out(story, severity="b", respondent_identified=True, proposed_path="formal_inquiry")
    work.kept_safe(
        story, "second_person_rule", "From today nobody repairs a machine alone with a worker, on every line."
    )
    work.agreed(story, "formal_inquiry", "She wants that it is looked into and that he is told.", severity="b")
    if until == "planning":
        return story
    said = ("Since the spring he has touched her arm and back at the machine.", "He speaks about her body.")
    work.inquiry_begun(story, day=9, said=said, letter=LETTER, protect=PROTECT)
    if until == "begun":
        return story
    work.both_heard(
        story, day=12,
        she="Each time he repairs the machine he leans on her. Twice he held her arm. It began in spring.",
        he="He says that the place is narrow and that he jokes with everybody.",
        witness="Two women of the next line have seen him hold her arm.",
        paper="The list of repairs: he was at this machine four times as often as at others.",
    )  # fmt: skip
    if until == "heard":
        return story
    work.found(
        story, day=25, results=("substantiated", "partly_substantiated"),
        she="She told the same twice, with days and place.",
        he="He denies that he touched her on purpose, and says that jokes are usual.",
        why="The complainant is clear about days and place, and the list of repairs fits what she says. The respondent "
        "cannot say why he came so often. A witness saw it.",
    )  # fmt: skip
    return story


def _warned(story: Story, *, day: int = 28, declares: bool = True) -> Story:
    work.decided(
        story, day=day, declares=declares,
        why="It happened again and again, and he had power over who gets help with a broken machine.",
        remedies=(("apology", OFFICER, 20), ("second_person_rule", OFFICER, 20)),
        sanctions=(("written_warning", OFFICER, 14),),
    )  # fmt: skip
    work.told_both(
        story, day=day + 2,
        found="We found that it happened as you told: he touched you at the machine, and he spoke about your body.",
        done="You get a letter that says sorry. From now on repairs are done by two people.",
        follows="You get a written warning. Repairs are done by two people from now on.",
    )  # fmt: skip
    story.work(day + 3, 10).by(OFFICER, "begin_action")
    return story


def _put_right(story: Story, *, day: int = 36) -> Story:
    work.carried_out(story, day=day, remedies=(1, 2), sanctions=(1,))
    if day < FIRST_CHECK:
        work.looked_after(story, since=30, days=(14,), who=OFFICER)
    story.work(day + 8, 10).by(OFFICER, "begin_monitoring")
    story.work(day + 8, 11).reviews(CHAIR, "The rule is now a rule of the house, so this measure ends.", goes_on=False)
    return story


# --- On their way -------------------------------------------------------------------------------------------------


def listening(world: World) -> Story:
    """The respondent has the letter and still has time to answer."""
    story = _inquiry(
        world, 15, "The mechanic leans on me when he repairs my machine, and he says what he sees.", until="begun",
    )  # fmt: skip
    story.work(12, 10).by(
        OUTSIDE_MEMBER, "hear", who="complainant", came=True, how="inbox", accompanied="her sister",
        text="Since spring, almost each week. She has told her sister each time.",
    )  # fmt: skip
    return story


def deciding(world: World) -> Story:
    """Found, and on the desk of the decision maker."""
    return _inquiry(
        world, 28, "He pulls my chair to him and holds me there. Others have seen it and look away.",
        respondent_job=RespondentJob.WORKER_OTHER,
    )  # fmt: skip


def sent_back(world: World) -> Story:
    """The decision maker had questions, the committee answered them, and it was decided; now it is carried out."""
    story = _inquiry(world, 62, "When I sew at the end of the line he comes from behind and puts his hands on me.")
    story.work(27, 9).declares_none(MANAGER).reads(MANAGER, ("finding",))
    story.work(27, 14).by(
        MANAGER, "send_back",
        questions="Was anybody at the next machine on the two days that she names? What did they see?",
    )  # fmt: skip
    work.found(
        story, day=31, results=("substantiated", "substantiated"),
        she="She told the same again, and the two women beside her were on duty on both days.",
        he="He stays with what he said before.",
        why="Both women of the next machine were on duty and have seen it. That answers the questions of the decision "
        "maker.",
    )  # fmt: skip
    _warned(story, day=34, declares=False)
    story.work(47, 10).by(OFFICER, "remedy_done", remedy=remedy(1), note="The letter was handed over in the clinic.")
    story.on(49, 19).she("confirm_remedy", remedy=remedy(1), happened=True)
    work.looked_after(story, since=36, days=(14,), who=OFFICER)
    story.work(51, 10).by(OFFICER, "remedy_done", remedy=remedy(2))
    story.on(53, 20).she("confirm_remedy", remedy=remedy(2), happened=False)
    story.work(53, 10).by(OFFICER, "carry_out_sanction", sanction=sanction(1), note="Given and signed.")
    return story


def outcome_too_weak(world: World) -> Story:
    """She does not agree with the result; somebody new has it on the desk."""
    story = _inquiry(
        world, 47, "He took photos of me while I bent over the table, and showed them.",
        conduct_types=frozenset({ConductType.DIGITAL, ConductType.TOUCH}), places=frozenset({PlaceType.BETWEEN_LINES}),
    )  # fmt: skip
    _warned(story)
    story.on(36, 20).she(
        "appeal", ground="too_weak",
        text="He still has the photos. A letter is not enough. I want that he shows that they are deleted.",
    )  # fmt: skip
    story.work(38, 10).with_key(CHAIR, "give_to_reviewer", person=person(REVIEWER))
    story.work(40, 10).declares_none(REVIEWER).reads(REVIEWER, ("record", "finding"))
    story.work(41, 11).by(
        REVIEWER, "add_note", text="Please tell me whether his phone was looked at with him, and who was there."
    )
    work.looked_after(story, since=30, days=(14,), who=OFFICER)
    return story


def looked_at_again(world: World) -> Story:
    """She appealed, and it went back to the committee with directions: it is to be found anew."""
    story = _inquiry(world, 72, "In the corner by the stairs he stops me and asks what I wear. He touched me there.")
    _warned(story)
    story.on(36, 20).she("appeal", ground="step_not_followed", text="Nobody asked the women who clean the stairs.")
    story.work(38, 10).with_key(CHAIR, "give_to_reviewer", person=person(REVIEWER))
    work.looked_after(story, since=30, days=(14,), who=OFFICER)
    story.work(52, 10).declares_none(REVIEWER).reads(REVIEWER, ("record", "finding")).by(
        REVIEWER, "decide_appeal", result="sent_back", back_to="fact_finding",
        reason="The complainant names three women who could have seen it, and nobody heard them. The respondent says "
        "that nobody was there. Without hearing the three, the finding does not stand on all that could be known. "
        "The committee hears them, each alone, and then finds anew.",
        to_her="You are right: three women were not heard. The committee hears them now. You need not tell it again.",
        to_respondent="The case is looked at again, because not everybody who could know was heard. You may comment.",
    )  # fmt: skip
    story.work(56, 10).by(
        OUTSIDE_MEMBER, "hear", who="witness", came=True, how="safe_place", told_to_keep_quiet=True,
        text="Two of the three have seen him stop her there, on several days.",
    )  # fmt: skip
    work.looked_after(story, since=30, days=(30,), who=OFFICER)
    story.work(68, 10).by(CHAIR, "complete_inquiry")
    return story


# --- Afterwards ---------------------------------------------------------------------------------------------------


def treated_badly(world: World) -> Story:
    """After the outcome her overtime is gone. She says so, and it is a case of its own, read outside at once."""
    story = _put_right(_warned(_inquiry(world, 96, "He comes to my machine without a reason and puts his hand on me.")))
    work.looked_after(story, since=30, days=(30,), who=OFFICER)
    work.looked_after(
        story,
        since=30,
        days=(60,),
        who=OFFICER,
        feeling="bad",
        changed=["overtime"],
        text="Less overtime than others.",
        word="You tell us that you get less overtime. That must not be. Is it because of this? We look into it today.",
    )
    story.on(93, 21).she_with_her_key(
        "raise_retaliation", changed=["overtime", "treatment"],
        text="Since two weeks I get no overtime, and the line leader does not speak with me any more.",
    )  # fmt: skip
    story.work(94, 9).by(
        CHAIR, "decide_interim", code="hr_freeze", effect_on_pay=False, at_her_request=False, by_line=True,
        reason="No warning, transfer or less overtime for anybody on this line without the member from outside.",
    )  # fmt: skip
    return story


def he_appealed(world: World) -> Story:
    """The respondent appealed; the decision was changed, told anew and carried out. She did not answer any more."""
    story = _warned(_inquiry(world, 124, "He blocks my way at the door of the hall until I give him my hand."))
    story.work(38, 10).by(
        CHAIR, "note_appeal", ground="too_strong",
        text="He says that a warning in his papers is too much, because nobody had ever told him to stop.",
    )  # fmt: skip
    story.work(39, 10).with_key(CHAIR, "give_to_reviewer", person=person(REVIEWER))
    work.looked_after(story, since=30, days=(14,), who=OFFICER)
    story.work(50, 10).declares_none(REVIEWER).reads(REVIEWER, ("record", "finding")).by(
        REVIEWER, "decide_appeal", result="changed",
        reason="The respondent says that nobody told him to stop; the complainant says that she said it each time, and "
        "a witness heard it once. The finding stands. A warning by word of mouth, with a learning talk and the loss of "
        "the key of the hall, fits better and helps her more.",
        to_her="The finding stays as it is. He loses the key of the hall, and must learn with a trainer.",
        to_respondent="The finding stays. Instead of the written warning you lose the key and go to a learning talk.",
        sanctions=planned(("learning_talk", OFFICER, 20), ("power_taken", OFFICER, 10)),
        remedies=planned(("apology", OFFICER, 20), ("others_safe", OFFICER, 20)),
    )  # fmt: skip
    work.told_both(
        story, day=52,
        found="It was found that he blocked your way and touched you, as you told. That did not change.",
        done="He gives back the key of the hall and goes to a learning talk. You get a letter that says sorry.",
        follows="You give back the key of the hall and go to a learning talk with a trainer from outside.",
    )  # fmt: skip
    story.work(54, 10).by(OFFICER, "begin_action")
    for number in (1, 2):
        story.work(56, 10).by(OFFICER, "carry_out_sanction", sanction=sanction(number))
        story.work(58, 10).by(CHAIR, "check_sanction", sanction=sanction(number), note="Key seen, talk noted.")
        story.work(59, 10).by(OFFICER, "remedy_done", remedy=remedy(number))
    work.looked_after(story, since=30, days=(30,), who=OFFICER)
    for day in (61, 65):
        for number in (1, 2):
            story.on(day, 9, number).by(
                OFFICER,
                "ask_about_remedy",
                remedy=remedy(number),
                text="Has this happened as we promised? Two taps on your page are enough.",
            )
    for number in (1, 2):
        story.work(68, 10).by(
            CHAIR, "verify_remedy", remedy=remedy(number), evidence="Seen with the member from outside: it is so."
        )
    story.work(69, 10).by(OFFICER, "begin_monitoring")
    story.work(69, 11).reviews(CHAIR, "He has no key any more, so this measure ends.", goes_on=False)
    work.silent(story, days=60, who=OFFICER, looks=OUTSIDE_MEMBER)
    work.silent(story, days=90, who=OFFICER, looks=OUTSIDE_MEMBER)
    return story


def finished(world: World) -> Story:
    """The whole way: her appeal confirmed the result, everything was done, and two people and she closed it."""
    story = _warned(_inquiry(world, 185, "He sings songs about my body when he repairs the machine, and pinches me."))
    story.on(33, 20).she("appeal", ground="too_weak", text="I want that he never repairs my machine again.")
    story.work(34, 10).with_key(CHAIR, "give_to_reviewer", person=person(REVIEWER))
    work.looked_after(story, since=30, days=(14,), who=OFFICER)
    story.work(44, 10).declares_none(REVIEWER).reads(REVIEWER, ("record", "finding")).by(
        REVIEWER, "decide_appeal", result="confirmed",
        reason="The complainant wants that the respondent never comes to her machine again. The respondent says that "
        "he is the only one who knows it. The rule of two people keeps her safe, the warning fits what was found, and "
        "both sides were heard as they should be. The decision stays as it is.",
        to_her="I have read everything. The decision stays. Nobody repairs your machine alone any more.",
        to_respondent="The decision stays as it is.",
    )  # fmt: skip
    _put_right(story, day=46)
    work.looked_after(story, since=30, who=OFFICER)
    work.closed(
        story, day=128, who=OFFICER, second=OUTSIDE_MEMBER, how=5,
        learned="Repairs after the shift put people alone with one another. Two people should always be there.",
        text="I can work without looking behind me.",
    )  # fmt: skip
    return story
