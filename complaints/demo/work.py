"""What handlers of the demo do in many cases, with words of their own in each."""

from __future__ import annotations

from typing import Any

from complaints import workflow
from complaints.casecodes import Criterion
from complaints.demo.story import (
    CHAIR,
    MANAGER,
    OFFICER,
    OUTSIDE_MEMBER,
    Late,
    Story,
    check,
    in_days,
    person,
    planned,
    remedy,
    sanction,
)

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
    "question_1": "",
    "question_2": "",
    "question_3": "",
    "proposed_path": "workplace_action",
}

WELL = {"feeling": "good", "safe": "yes", "contact": "no", "promised": "yes", "text": "It is quiet now."}


# --- The first days -----------------------------------------------------------------------------------------------


def answered(story: Story, text: str, *, day: int = 1, who: str = OFFICER, chair: str = CHAIR) -> None:
    """The first human message, by somebody without conflict who has read it."""
    story.work(day, 10).declares_none(who).reads(who).by(who, "acknowledge", text=text)
    if chair and chair != who:
        story.work(day, 11).declares_none(chair).reads(chair)


def sorted_out(story: Story, *, day: int = 2, who: str = OFFICER, **fields: Any) -> None:
    written = SORTED | {"conduct_types": sorted(story.answers.conduct_types)} | fields
    written["place_types"] = sorted(story.answers.places)
    story.work(day, 14).by(who, "triage", fields=written)


def kept_safe(story: Story, code: str, reason: str, *, day: int = 4, who: str = CHAIR) -> None:
    by_line = code in ("supervision_change", "hr_freeze")
    story.work(day, 9).by(
        who, "decide_interim", code=code, reason=reason, effect_on_pay=False, at_her_request=False, by_line=by_line
    )


def agreed(story: Story, path: str, reason: str, *, day: int = 6, who: str = OFFICER, **fields: Any) -> None:
    said = {"reason": reason, "severity": "c", "power_difference": False, "she_agreed": True} | fields
    story.work(day, 15).by(who, "agree_path", path=path, fields=said)


# --- An inquiry at the factory ------------------------------------------------------------------------------------


def inquiry_begun(story: Story, *, day: int, said: tuple[str, ...], letter: str, protect: str) -> None:
    """She agrees that he is told; chair and outside member run it; he gets the letter."""
    story.on(day - 2, 19).she_with_her_key("change_consents", wanted={"tell_respondent": True})
    story.work(day, 9).with_key(CHAIR, "assign", person=person(OUTSIDE_MEMBER), role="outside_member")
    story.work(day, 10).declares_none(OUTSIDE_MEMBER).reads(OUTSIDE_MEMBER)

    def plan(story: Story, at: Any) -> workflow.Plan:
        written = {
            "to_find_out": "What happened, how often, and whether others have seen it.",
            "whom_to_hear": "Her, through the inbox; him; whoever works beside the place.",
            "in_which_order": "She first, then he, then others, each alone.",
            "to_protect": protect,
        }
        people = [story.person(CHAIR), story.person(OUTSIDE_MEMBER)]
        return workflow.Plan(inquirers=people, half_women=True, written=written, allegations=said)

    story.work(day, 11).with_key(CHAIR, "begin_inquiry", plan=plan)
    story.work(day + 1, 9).with_key(CHAIR, "tell_respondent", text=letter, checked=True)


def both_heard(story: Story, *, day: int, she: str, he: str, paper: str, witness: str = "") -> None:
    story.work(day, 10).by(OUTSIDE_MEMBER, "hear", who="complainant", came=True, how="inbox", text=she)
    story.work(day + 2, 10).by(CHAIR, "note_reply", came=True, text=he)
    if witness:
        story.work(day + 2, 14).by(
            OUTSIDE_MEMBER, "hear", who="witness", came=True, how="safe_place", text=witness, told_to_keep_quiet=True
        )
    story.work(day + 3, 9).by(OFFICER, "add_paper", paper="duty_lists", text=paper)
    story.work(day + 4, 9).by(
        CHAIR, "ask_comments", checked=True, answer_by=in_days(5),
        to_her="This is what we have heard so far, in short. Is anything missing or wrong? You need not answer.",
        to_respondent="These are the main points. Please write until the day below what is missing or wrong.",
    )  # fmt: skip
    story.on(day + 5, 20).she_writes("It is right as you wrote it.")
    story.work(day + 7, 10).by(CHAIR, "note_comment", side="complainant", came=True, text="She says that it is right.")
    story.work(day + 8, 10).by(CHAIR, "note_comment", side="respondent", came=True, text="He says: only jokes.")
    story.work(day + 9, 15).by(CHAIR, "complete_inquiry")


def found(story: Story, *, day: int, results: tuple[str, ...], she: str, he: str, why: str) -> None:
    """One finding for each thing that is said to have happened."""
    why = (
        f"{why} Both sides were heard alone and could comment on the main points. What weighs is what is more likely "
        "than not, on all that was heard and read; that nobody else stood beside it decides nothing by itself."
    )
    made = {
        number: workflow.Found(result=result, complainant_said=she, respondent_said=he, reasons=why)
        for number, result in enumerate(results, start=1)
    }
    story.work(day, 10).with_key(CHAIR, "find", findings=_numbered(made), all_agree=True)


def _numbered(made: dict[int, workflow.Found]) -> Late:
    """By the numbers that the allegations have by then."""
    return lambda story, at: dict(
        zip(story.of.allegations.order_by("number").values_list("number", flat=True), made.values(), strict=True)
    )


def decided(
    story: Story,
    *,
    day: int,
    why: str,
    remedies: tuple[tuple[str, str, int], ...],
    sanctions: tuple[tuple[str, str, int], ...] = (),
    declares: bool = True,
) -> None:
    if declares:
        story.work(day, 9).declares_none(MANAGER).reads(MANAGER, ("finding",))
    story.work(day, 11).by(
        MANAGER, "decide", reasons=why, remedies=planned(*remedies), sanctions=planned(*sanctions)
    )  # fmt: skip


def told_both(story: Story, *, day: int, found: str, done: str, follows: str) -> None:
    told = story.work(day, 10).by(OFFICER, "tell_outcome", found=found, done=done)
    story.told_on = story.told_on or told.day
    story.work(day, 15).by(
        CHAIR, "tell_outcome_to_respondent", found=found.replace("you", "a worker"), follows=follows,
        contact="The chair of the committee, on the first floor.",
    )  # fmt: skip


def carried_out(story: Story, *, day: int, remedies: tuple[int, ...], sanctions: tuple[int, ...] = ()) -> None:
    """Done by the officer, confirmed by her, checked by the chair."""
    for number in remedies:
        story.work(day, 10).by(OFFICER, "remedy_done", remedy=remedy(number))
        story.on(day + 2, 19).she("confirm_remedy", remedy=remedy(number), happened=True)
    for number in sanctions:
        story.work(day + 3, 10).by(OFFICER, "carry_out_sanction", sanction=sanction(number))
        story.work(day + 4, 10).by(
            CHAIR, "check_sanction", sanction=sanction(number), note="I have seen the letter and the signature."
        )  # fmt: skip


# --- Afterwards ---------------------------------------------------------------------------------------------------


def looked_after(
    story: Story,
    *,
    since: int,
    who: str,
    days: tuple[int, ...] = (30, 60, 90),
    kind: str = "check",
    word: str = "",
    **said: Any,
) -> None:
    """The checks after so many days: she answers, and `who`, else the handler, says what follows."""
    for number in days:
        code = f"{kind}_{number}"
        story.on(since + number - 1, 20).she("answer_check", check=check(code), answers=WELL | said)
        how = {"check": check(code), "text": "She says that it is quiet. Nothing follows from it."}
        then = story.work(since + number, 10)
        if word:
            then.by(who, "send_message", text=word)
        then.by(who, "complete_check", **how) if who else then.by_handler("complete_check", **how)


def silent(story: Story, *, days: int, who: str, looks: str) -> None:
    """She does not answer: asked twice, the papers looked at, and noted as no answer, never as fine."""
    code, due = f"check_{days}", story.workday(story.told_on + days)
    ask = "How are you, and has anything changed at work since you told us? Your page has the answers ready."
    story.on(due - 3, 9).by(who, "ask_check", check=check(code), text=ask)
    story.on(due - 1, 9).by(who, "ask_check", check=check(code), text=ask)
    story.work(due, 9).by(
        looks, "review_hr", check=check(code), not_involved=True,
        found={"by_line": True, "shift": "normal", "pay": "normal", "overtime": "normal",
               "text": "Pay and shift lists of the whole line: as in the three months before."},
    )  # fmt: skip
    story.work(due, 11).by(
        who, "complete_check", check=check(code), text="She did not answer twice. The papers show no change. We go on."
    )


def closed(story: Story, *, day: int, who: str, second: str, learned: str, how: int = 4, text: str = "") -> None:
    """She is asked, two people tick and confirm, and it ends."""
    story.work(day, 10).by(who, "write_learning", text=learned, no_names=True)
    story.work(day, 11).by(
        who, "ask_closing", text="May we finish? And are you safe? You find the two questions on your page."
    )
    story.on(day + 1, 20).she(
        "answer_closing", may_close=True, safe="yes", how=how, text=text,
        questions={"heard": "yes", "in_time": "yes", "would_tell_again": "yes"},
    )  # fmt: skip
    everything = list(Criterion.values)
    story.work(day + 3, 10).by(who, "tick_closure", criteria=everything)
    story.work(day + 4, 10).by(second, "confirm_closure", criteria=everything)
    story.work(day + 4, 14).by(who, "close")
