"""Steps of a formal inquiry up to the finding: begun, both sides told and heard, papers, comments, complete.

Source: workflow.md, sections 3.5, 14 and 16. What is written is an entry in `record`; events carry codes and days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.keys import Reader
from accounts.models import Person
from complaints import compartments, deadlines, events, fasttrack
from complaints.casecodes import FACTORY_ROLES, EntryKind, EventKind, InquirySide, Role
from complaints.codes import CompartmentKind
from complaints.codes import Consent as ConsentCode
from complaints.compartments import Holder
from complaints.deadlines import FAR_AWAY
from complaints.models import Allegation, Assignment, Case, Inquirer
from complaints.workflow import letters
from complaints.workflow.fairness import FEWEST, HERS, INQUIRERS, MOST, soundings
from complaints.workflow.standing import released_until
from complaints.workflow.step import StepRefused, Words
from complaints.workflow.table import taking

PLAN = ("to_find_out", "whom_to_hear", "in_which_order", "to_protect")
PROMISES = ("respondent_told", "inquiry_complete")  # From the day the path is agreed.
SHORTEST = 40  # Characters: less cannot be answered by anybody.


@dataclass(frozen=True)
class Plan:
    """What an inquiry begins with."""

    inquirers: Sequence[Person]
    half_women: bool
    written: Mapping[str, str] = field(repr=False)  # The four parts of `PLAN`.
    allegations: Sequence[str] = field(repr=False)
    named: bool = True  # It is about a person whose name is known.
    independent_evidence: str = field(default="", repr=False)
    points_to_nobody: bool = False  # Nothing in that evidence could point to her.


# --- Beginning ----------------------------------------------------------------------------------------------------


def promise(case: Case, *, at: datetime) -> None:
    """Set what a formal inquiry promises, once; let it go where another path is agreed. Within `agree_path`."""
    if case.path == "formal_inquiry":
        running = {one.code: one for one in case.deadlines.open().filter(code__in=PROMISES)}
        start = case.calendar.at_hour(case.local_day(at), 0)
        longer = [code for code, one in running.items() if one.due_at > (fasttrack.due(case, code, start) or FAR_AWAY)]
        if longer:  # Agreed before, and on the fast track only now.
            deadlines.drop(case, *longer, at=at)
        open_codes = set(running) - set(longer)
        deadlines.set_many(case, [code for code in PROMISES if code not in open_codes], at=at)
    else:
        deadlines.drop(case, *PROMISES, at=at)


def begin_inquiry(case: Case, reader: Reader, plan: Plan, *, at: datetime) -> Case:
    """Begin an inquiry: who runs it, its written plan, and each thing that is said to have happened, numbered.

    Two or three committee members, at least half women, with the outside member for severity a and b; outside the
    factory two or three experts. Refused with a named respondent without her consent or evidence that is not hers.
    """
    allegations = [text.strip() for text in plan.allegations if text.strip()]
    if not all(str(plan.written.get(part, "")).strip() for part in PLAN):
        raise StepRefused(
            _("Write all four parts of the plan: what to find out, whom to hear, in which order, what to protect.")
        )
    if not allegations:
        raise StepRefused(_("Write at least one thing that is said to have happened. Each gets its own finding."))
    with taking("begin_inquiry", case, at=at, by=reader.person) as (case, actor):
        refusal = _inquirers_refusal(case, reader, plan, at=at)
        if refusal is None and plan.named:
            refusal = _consent_refusal(case, reader, plan.independent_evidence, plan.points_to_nobody, at=at)
        if refusal:
            raise StepRefused(refusal)
        contents = {part: plan.written[part] for part in PLAN}
        contents["inquirers"] = ", ".join(person.name for person in plan.inquirers)
        contents["independent_evidence"] = plan.independent_evidence
        _write(case, EntryKind.INQUIRY_PLAN, contents, by=reader.person, at=at)
        # Begun again after another path was tried: what was not found then is written anew, with the next numbers.
        first = (case.allegations.aggregate(last=Max("number"))["last"] or 0) + 1
        case.allegations.filter(result="").delete()
        for number, text in enumerate(allegations, first):
            Allegation.objects.create(case=case, number=number)
            _write(case, EntryKind.ALLEGATION, {"number": number, "text": text}, by=reader.person, at=at)
        for person in {*plan.inquirers, reader.person}:
            take_part(case, person, at=at)
        said = {"named": plan.named, "allegations": len(allegations), "inquirers": len(set(plan.inquirers))}
        events.record(case, EventKind.INQUIRY_BEGUN, by=reader.person, at=at, contents=said)
        if not plan.named:
            deadlines.drop(case, "respondent_told", at=at)
    return case


def may_inquire(case: Case) -> list[Assignment]:
    """Who on the case could run its inquiry: committee members without conflict, outside the experts."""
    role = INQUIRERS if not case.with_factory else [one for one in INQUIRERS if one in FACTORY_ROLES]
    current = case.assignments.current().filter(standing_by=False, role__in=role).select_related("person")
    cleared = set(case.declarations.filter(may_handle=True).values_list("person", flat=True))
    return [
        one for one in current.order_by("role", "person__name") if not case.with_factory or one.person_id in cleared
    ]


def _inquirers_refusal(case: Case, reader: Reader, plan: Plan, *, at: datetime) -> Words | None:
    able = {one.person_id: one for one in may_inquire(case)}
    chosen = {person.pk for person in plan.inquirers}
    if not FEWEST <= len(chosen) <= MOST:
        if case.with_factory:
            return _("Choose two or three committee members who run the inquiry. Put a colleague on the case first.")
        return _("Choose two or three experts who run the inquiry. Put a colleague on the case first.")
    if not chosen <= set(able):
        return _("Somebody you chose is not on the case, or has not signed about conflicts of interest yet.")
    if not plan.half_women:
        return _("At least half of those who run the inquiry are women. Choose so, and confirm it.")
    outside_member = any(able[pk].role == Role.OUTSIDE_MEMBER for pk in chosen)
    if case.with_factory and not outside_member and _is_severe(case, reader, at=at):
        return _(
            "What is said to have happened is serious: the outside member must be one of those who run the inquiry."
        )
    return None


def _is_severe(case: Case, reader: Reader, *, at: datetime) -> bool:
    """Severity a or b, in the clear or as the handlers recorded it at triage or with the path."""
    if case.severity in "ab":
        return True
    written = _read(case, reader, EntryKind.TRIAGE, EntryKind.PATH, at=at)
    return any(content.get("severity") in ("a", "b") for content in written)


def she_agreed(case: Case, *, at: datetime) -> bool:
    """Whether she agrees that the respondent is told. A no counts at once; at the factory a yes from its release on,
    so that nobody there can tell on which day she was here."""
    newest = case.consents.filter(code=ConsentCode.TELL_RESPONDENT).order_by("-number").first()
    if newest is None or not newest.given:
        return False
    return not case.with_factory or newest.on <= released_until(case, at)


def _consent_refusal(
    case: Case, reader: Reader, evidence: str, points_to_nobody: bool, *, at: datetime
) -> Words | None:
    """With a named respondent: her consent, or a note of evidence that is not hers and cannot point to her."""
    if she_agreed(case, at=at):
        return None
    if evidence.strip() and not points_to_nobody:
        return _("Look at the evidence again: only where nothing in it could point to her may it carry the inquiry.")
    if evidence.strip():
        return None
    written = _read(case, reader, EntryKind.PATH, EntryKind.INQUIRY_PLAN, at=at)
    if any(str(content.get("independent_evidence", "")).strip() for content in written):
        return None
    return _(
        "She has not agreed that the respondent is told. Ask her; or note evidence that does not come from her; or "
        "agree another path."
    )


def take_part(case: Case, person: Person, *, at: datetime) -> None:
    """Remember that somebody took part: they never decide about it. Workflow, section 16."""
    Inquirer.objects.get_or_create(case=case, person=person, defaults={"since": case.local_day(at)})


# --- The respondent -----------------------------------------------------------------------------------------------


def tell_respondent(
    case: Case,
    reader: Reader,
    *,
    text: str,
    checked: bool,
    independent_evidence: str = "",
    points_to_nobody: bool = False,
    at: datetime,
) -> date:
    """Write the letter that tells the respondent what is said to have happened. Returns the day to answer.

    Enough to answer, and no more than she agreed to (`checked`). Refused before interim measures are decided, and
    without her consent or evidence that is not hers. The letter is printed and handed over: there is no account.
    """
    _require(text)
    if not checked:
        raise StepRefused(
            _("Read the letter again: nothing in it may go beyond what she agreed, or be known to her alone.")
        )
    with taking("tell_respondent", case, at=at, by=reader.person) as (case, actor):
        refusal = _consent_refusal(case, reader, independent_evidence, points_to_nobody, at=at)
        if refusal:
            raise StepRefused(refusal)
        if independent_evidence.strip():
            contents = {"independent_evidence": independent_evidence}
            _write(case, EntryKind.NOTE, contents, by=reader.person, at=at)
        deadlines.meet(case, "respondent_told", at=at)
        answer_by = case.local_day(deadlines.set_next(case, "respondent_reply", at=at).due_at)
        letter = {"text": text, "answer_by": answer_by.isoformat()}
        _write(case, EntryKind.RESPONDENT_NOTICE, letter, by=reader.person, at=at)
        take_part(case, reader.person, at=at)
        events.record(case, EventKind.RESPONDENT_TOLD, by=reader.person, at=at)
    return answer_by


def note_reply(case: Case, *, by: Person, came: bool, text: str = "", at: datetime) -> None:
    """Note the respondent's answer; or that none came until the day was over, and the inquiry goes on without."""
    if came and not text.strip():
        raise StepRefused(_("Write what the respondent answers."))
    with taking("note_reply", case, at=at, by=by) as (case, actor):
        found = soundings(case, at=at)
        if not came and not found.reply_over:
            raise StepRefused(_("The day for the answer is not over yet. Wait: everybody may answer until then."))
        if not came and found.replied:
            raise StepRefused(_("An answer, or that none came, is noted already."))
        _write(case, EntryKind.RESPONDENT_REPLY, {"came": came, "text": text}, by=by, at=at)
        take_part(case, by, at=at)
        events.record(case, EventKind.RESPONDENT_REPLIED, by=by, at=at, contents={"came": came})
        if came:
            deadlines.meet(case, "respondent_reply", at=at)
        else:
            deadlines.drop(case, "respondent_reply", at=at)


# --- Hearing, papers ----------------------------------------------------------------------------------------------


def hear(
    case: Case,
    *,
    by: Person,
    who: str,
    came: bool,
    how: str = "",
    accompanied: str = "",
    text: str = "",
    respondent_present: bool = False,
    told_to_keep_quiet: bool = False,
    at: datetime,
) -> None:
    """Note that somebody was heard, or was offered it and did not want (`came` false).

    She is heard once, where it is safe, with somebody she trusts, never in front of the respondent. Witnesses are
    heard alone and told not to talk about it.
    """
    if who not in InquirySide.values:
        raise StepRefused(_("Choose who was heard."))
    if respondent_present and who != InquirySide.RESPONDENT:
        raise StepRefused(_("Nobody is heard in front of the respondent. Hear each person alone."))
    if came and not text.strip():
        raise StepRefused(_("Write what was said."))
    if came and who == InquirySide.WITNESS and not told_to_keep_quiet:
        raise StepRefused(_("Tell the witness not to talk about it, and that nothing may happen to them for helping."))
    with taking("hear", case, at=at, by=by) as (case, actor):
        heard = case.events.filter(kind=EventKind.HEARD, contents__who=who, contents__came=True)
        if came and who in HERS and heard.exists():
            raise StepRefused(
                _("She was heard already and is not asked to tell it again. One more question goes through her inbox.")
            )
        contents = {
            "heard_who": who,
            "came": came,
            "heard_how": how,
            "accompanied": accompanied,
            "text": text,
        }
        if who == InquirySide.WITNESS:
            contents["told_to_keep_quiet"] = told_to_keep_quiet
        _write(case, EntryKind.INTERVIEW, contents, by=by, at=at)
        take_part(case, by, at=at)
        events.record(case, EventKind.HEARD, by=by, at=at, contents={"who": who, "came": came})


def add_paper(case: Case, *, by: Person, paper: str, text: str, at: datetime) -> None:
    """Note a paper that was looked at: what it is, where it is kept, and what it shows."""
    if not text.strip():
        raise StepRefused(_("Write what the paper shows, and where it is kept."))
    with taking("add_paper", case, at=at, by=by) as (case, actor):
        _write(case, EntryKind.PAPER, {"paper_kind": paper, "text": text}, by=by, at=at)
        take_part(case, by, at=at)
        events.record(case, EventKind.PAPER_ADDED, by=by, at=at)


# --- Comments of both sides ---------------------------------------------------------------------------------------


def ask_comments(
    case: Case, *, by: Person, to_her: str, to_respondent: str, answer_by: date, checked: bool = False, at: datetime
) -> None:
    """Put the main points to both sides before the finding: hers go to her page, the respondent's into a letter."""
    _require(to_her)
    with taking("ask_comments", case, at=at, by=by) as (case, actor):
        found = soundings(case, at=at)
        if found.comments_asked and not found.comments_over:
            raise StepRefused(_("Both sides have been asked already. Wait for the day you gave them."))
        if answer_by <= case.local_day(at):
            raise StepRefused(_("Give both sides time: choose a later day for their comments."))
        if found.named:
            if found.told_on is None:
                raise StepRefused(_("The respondent has not been told yet. Write that letter first."))
            _require(to_respondent)
            if not checked:
                raise StepRefused(
                    _("Read the letter again: nothing in it may go beyond what she agreed, or be known to her alone.")
                )
            letter = {"of_side": InquirySide.RESPONDENT, "points": to_respondent, "answer_by": answer_by.isoformat()}
            _write(case, EntryKind.COMMENT, letter, by=by, at=at)
        letters.to_her(case, by, to_her, at=at)
        mine = {"of_side": InquirySide.COMPLAINANT, "points": to_her, "answer_by": answer_by.isoformat()}
        _write(case, EntryKind.COMMENT, mine, by=by, at=at)
        take_part(case, by, at=at)
        events.record(case, EventKind.COMMENTS_ASKED, by=by, at=at, contents={"by": answer_by.isoformat()})


def note_comment(case: Case, *, by: Person, side: str, came: bool, text: str = "", at: datetime) -> None:
    """Note what one side says to the main points, or that they do not want to comment."""
    if came and not text.strip():
        raise StepRefused(_("Write what this side says to the main points."))
    with taking("note_comment", case, at=at, by=by) as (case, actor):
        if side not in soundings(case, at=at).sides:
            raise StepRefused(_("Choose whose comment it is."))
        _write(case, EntryKind.COMMENT, {"of_side": side, "came": came, "text": text}, by=by, at=at)
        take_part(case, by, at=at)
        events.record(case, EventKind.COMMENTED, by=by, at=at, contents={"side": side, "came": came})


def complete_inquiry(case: Case, *, by: Person, at: datetime) -> Case:
    """End the inquiry: the finding comes next. Refused, with every sentence of it, while something is missing."""
    with taking("complete_inquiry", case, at=at, by=by) as (case, actor):
        take_part(case, by, at=at)
        events.record(case, EventKind.INQUIRY_COMPLETED, by=by, at=at)
        deadlines.meet(case, "inquiry_complete", at=at)
        deadlines.drop(case, "respondent_told", "respondent_reply", at=at)
        deadlines.set_next(case, "finding", at=at)
    return case


# --- What they share ----------------------------------------------------------------------------------------------


def _write(case: Case, kind: str, contents: Mapping[str, Any], *, by: Person, at: datetime) -> None:
    compartments.put(case, CompartmentKind.RECORD, kind, contents, by=by, at=at)


def _read(case: Case, reader: Reader, *kinds: str, at: datetime) -> list[dict[str, Any]]:
    """What the handlers recorded, for a rule to be checked; nothing of it is shown."""
    found = compartments.take_out(case, Holder.of(reader), [CompartmentKind.RECORD], at=at, entry_kinds=kinds)
    return [one.content for one in found]


def _require(text: str) -> None:
    if len(text.strip()) < SHORTEST:
        raise StepRefused(_("Write enough that it can be answered (40 characters or more)."))
