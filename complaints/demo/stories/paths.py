"""Without an inquiry: support, a whole line, a talk, the union. Nobody in them exists."""

from __future__ import annotations

from complaints.codes import ConductType, Frequency, PlaceType, RespondentJob, Route, ShareChoice, Wish
from complaints.demo import work
from complaints.demo.people import BAMBOO, LOTUS, RIVER
from complaints.demo.story import CHAIR, OFFICER, Story, World, check, planned, remedy
from factories.models import ServiceProvider

RIVER_OFFICER, RIVER_CHAIR = "officer@river.example", "chair@river.example"
BAMBOO_OFFICER, BAMBOO_CHAIR = "officer@bamboo.example", "chair@bamboo.example"


def whole_line(world: World) -> Story:
    """Workplace action: light and a second key for everybody; now somebody asks how it is."""
    story = Story(
        world, LOTUS, filed=58,
        own_words="Behind the packing tables it is dark after six, and some men wait there.",
        conduct_types=frozenset({ConductType.STALKING}), places=frozenset({PlaceType.WAY_HOME}),
        respondent_job=RespondentJob.WORKER_OTHER, complainant_kind="witness", wishes=frozenset({Wish.WARN_OTHERS}),
    )  # fmt: skip
    story.on(0, 20).filed()
    work.answered(story, "Thank you for telling us about the dark corner. We have looked at it this morning.")
    work.sorted_out(story, severity="b")
    work.kept_safe(story, "patrol_light_lock", "Until the lamps are there a guard stands at that corner from five on.")
    work.agreed(
        story, "workplace_action", "She wants light and no names. The whole hall gets it.", severity="b"
    )  # fmt: skip
    story.work(8, 10).by(
        OFFICER, "begin_action", text="Lamps at both ends, a second key, and a talk with the packers of both shifts.",
        remedies=planned(("light", CHAIR, 10), ("group_training", OFFICER, 20)),
    )  # fmt: skip
    story.work(15, 10).by(CHAIR, "remedy_done", remedy=remedy(1), note="Both lamps burn.")
    story.on(16, 20).she("confirm_remedy", remedy=remedy(1), happened=True)
    story.on(21, 21).she("answer_check", check=check("check_14"), answers=work.WELL)
    story.work(22, 10).by(OFFICER, "complete_check", check=check("check_14"), text="The corner is light. Nothing more.")
    story.work(24, 10).by(OFFICER, "remedy_done", remedy=remedy(2), note="Both shifts, forty people.")
    story.on(25, 20).she("confirm_remedy", remedy=remedy(2), happened=True)
    story.work(28, 10).by(OFFICER, "begin_monitoring")
    story.work(29, 10).reviews(CHAIR, "The lamps are there; the guard goes back to the gate.", goes_on=False)
    work.looked_after(story, since=8, days=(30,), who=OFFICER, feeling="very_good")
    return story


def one_talk(world: World) -> Story:
    """Informal: she asked for it twice, after all paths were explained. Somebody talks with him, without her."""
    story = Story(
        world, LOTUS, filed=22,
        own_words="He calls me sweetheart in front of the whole line. I only want that he stops.",
        respondent_job=RespondentJob.WORKER_SAME_LINE,
    )  # fmt: skip
    story.on(0, 19).filed()
    work.answered(story, "Thank you for telling us. You decide what happens. We explain all ways to you here.")
    work.sorted_out(story, proposed_path="informal_resolution")
    work.kept_safe(story, "none_needed", "She works three rows away and feels safe there.")
    story.work(3, 15).by(
        OFFICER, "send_message", asks=True,
        text="There are five ways: only support; something for the whole line; a talk; an inquiry; another body. What "
        "would you like? If you want a talk, somebody talks with him, and you need not be there.",
    )  # fmt: skip
    story.on(4, 20).she_writes("A talk. I do not want to be there. And please not with my name.")
    story.work(5, 10).by(OFFICER, "send_message", text="We explain it once more, so that you are sure. Still a talk?")
    story.on(5, 20).she_writes("Yes, a talk. I agree to that.")
    work.agreed(
        story, "informal_resolution", "She asked for a talk twice, after all ways were explained.", day=7,
        she_asked_twice=True, written_consent=True,
    )  # fmt: skip
    story.work(9, 10).by(
        OFFICER, "begin_action", text="The chair talks with him alone about how women are called on the line.",
        not_face_to_face=True, trusted_person=True,
        remedies=planned(("no_contact_promise", CHAIR, 14),),
    )  # fmt: skip
    story.work(14, 10).by(CHAIR, "remedy_done", remedy=remedy(1), note="He has written that he will not do it again.")
    return story


def listened_to(world: World) -> Story:
    """Support only: a counsellor, three checks, and closed with her yes."""
    story = Story(
        world, LOTUS, filed=150,
        own_words="It is over, but I do not sleep well. I want somebody to talk to and nothing else.",
        conduct_types=frozenset({ConductType.VERBAL}), last_time="longer_ago", frequency=Frequency.ONCE,
        respondent_job=RespondentJob.OUTSIDER, wishes=frozenset({Wish.TALK, Wish.HEALTH_OR_COUNSELLING}),
    )  # fmt: skip
    story.on(0, 21).filed()
    work.answered(story, "Thank you for telling us. Nothing is done that you do not want. We look for a helper.")
    work.sorted_out(story, proposed_path="support_only")
    work.kept_safe(story, "none_needed", "The man does not work here any more.")
    work.agreed(story, "support_only", "She wants somebody to talk to and no action towards others.")
    story.work(7, 10).by(
        OFFICER, "offer_referral", provider=_service("Quiet Room"),
        text="These people listen, for free, in the evening too.",
        passed_on="That somebody from a factory would like to talk in the evening. No name.",
    )  # fmt: skip
    story.on(8, 20).she_with_her_key("answer_referral", number=1, yes=True)
    story.work(9, 11).with_key(OFFICER, "send_referral", number=1)
    story.work(10, 10).by(
        OFFICER, "begin_monitoring", text="She talks with the counsellor on Sundays and writes to us when she likes."
    )
    story.on(30, 20).she_with_her_key("say_of_referral", number=1, codes=["helped"])
    story.work(32, 10).by(
        OFFICER, "note_referral", number=1, outcome="done", reached="yes", followed_up=True, note="She goes there."
    )
    work.looked_after(story, since=10, who=OFFICER, text="I sleep better.")
    work.closed(
        story, day=108, who=OFFICER, second=CHAIR, how=4,
        learned="People need somebody to talk to in the evening, when the clinic of the factory is closed.",
    )  # fmt: skip
    return story


def union(world: World) -> Story:
    """Referred to the union on her own decision, and closed with a word where it goes on."""
    story = Story(
        world, RIVER, filed=64,
        own_words="The man who sorts the overtime is a cousin of the office. I want the union to speak for us.",
        conduct_types=frozenset({ConductType.VERBAL}), respondent_job=RespondentJob.SUPERVISOR,
        complainant_kind="group", route=Route.OUTSIDE_FIRST,
    )  # fmt: skip
    story.on(0, 20).filed()
    story.work(1, 10).by_handler(
        "acknowledge", text="Thank you for telling us. We can write to the union with you, if you decide so."
    ).by_handler(
        "confirm_danger", danger_level="not_now", age_band="18_plus", not_free=False, note="They go home together."
    )
    story.work(2, 14).by_handler("triage", fields=work.SORTED | {"power_difference": "yes"})
    story.work(3, 14).by_handler(
        "decide_interim", code="none_needed", reason="They stay together and feel safe so.", effect_on_pay=False,
        at_her_request=False,
    )  # fmt: skip
    story.on(4, 20).she_writes("We have decided: the union of our district. Please write it with us.")
    story.work(6, 10).by_handler(
        "agree_path", path="referred_out",
        fields={"reason": "They decided it together.", "severity": "c", "she_agreed": True,
                "body": "The union of the district"},
    )  # fmt: skip
    story.work(9, 10).by_handler("begin_monitoring", text="The letter is written; two of them take it to the union.")
    story.on(38, 20).she("answer_check", check=check("check_30"), answers=work.WELL)
    story.work(39, 10).by_handler("complete_check", check=check("check_30"), text="The union has taken it up.")
    story.work(45, 10).by_handler(
        "close_redirected", reason="referred_out",
        text="The union has it now, as you decided. You can write to us here at any time, and open it again.",
    )  # fmt: skip
    return story


def no_light(world: World) -> Story:
    """Nobody answered what was asked, so the least that keeps people safe is being done."""
    story = Story(
        world, RIVER, filed=26, own_words="In the changing room somebody looks through the gap in the door.",
        conduct_types=frozenset({ConductType.VISUAL_GESTURE}), places=frozenset({PlaceType.TOILET}),
        respondent_job=RespondentJob.WORKER_OTHER, share_choice=ShareChoice.ALL_WRITTEN,
    )  # fmt: skip
    story.on(0, 12).filed()
    work.answered(story, "Thank you for telling us. The gap is closed today.", who=RIVER_OFFICER, chair=RIVER_CHAIR)
    work.sorted_out(story, who=RIVER_OFFICER)
    work.kept_safe(story, "patrol_light_lock", "The door is repaired and can be locked from inside.", who=RIVER_CHAIR)
    story.work(3, 15).by(
        RIVER_OFFICER, "send_message", asks=True,
        text="What else would help? We could do something for the whole hall, or look into it. What do you want?",
    )  # fmt: skip
    work.agreed(
        story, "workplace_action", "She has not answered for ten working days.", day=story.after(3, 12),
        who=RIVER_OFFICER,
        she_agreed=False, no_answer=True,
    )  # fmt: skip
    story.work(story.after(3, 13), 10).by(
        RIVER_OFFICER, "begin_action", text="All doors of the changing rooms are looked at, in every hall.",
        remedies=planned(("layout", RIVER_CHAIR, 20)),
    )  # fmt: skip
    return story


def viet_nam_talk(world: World) -> Story:
    """In Viet Nam: a path is agreed, and it is time to begin."""
    story = Story(
        world, BAMBOO, filed=12, own_words="On the bus he sits beside me each day and talks about my body.",
        places=frozenset({PlaceType.TRANSPORT}), respondent_job=RespondentJob.WORKER_OTHER,
    )  # fmt: skip
    story.on(0, 18).filed()
    work.answered(story, "Thank you for telling us. From tomorrow women may sit in front.", who=BAMBOO_OFFICER,
                  chair=BAMBOO_CHAIR)  # fmt: skip
    work.sorted_out(story, who=BAMBOO_OFFICER)
    work.kept_safe(story, "transport_escort", "The first five rows are for women, on every bus.", who=BAMBOO_CHAIR)
    work.agreed(
        story, "workplace_action", "She wants seats for women on every bus, and no names.", day=6, who=BAMBOO_OFFICER
    )  # fmt: skip
    return story


def _service(name: str) -> object:
    return lambda story, at: ServiceProvider.objects.get(name__startswith=name)
