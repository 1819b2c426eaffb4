"""Forms of the inquiry, from its plan to the finding. What is never asked stands beside where questions are written."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.crypto import CryptoError
from complaints import access, workflow
from complaints.casecodes import EntryKind, InquirySide, Role
from complaints.casewords import HeardHow, PaperKind
from complaints.codes import CompartmentKind, Consent, FindingResult, Words
from complaints.stepforms.base import YES_NO, StepForm, many_of, one_of, text_field, tick
from complaints.workflow.finding import SHORTEST_REASONS
from complaints.workflow.inquiry import PLAN
from complaints.workflow.standing import released_until

ALLEGATIONS = 5  # Boxes on the page; what belongs together is one allegation.
NEVER = "complaints/casework/inquiry_never.html"
NO_MORE = _("I read it again: nothing in it goes beyond what she agreed, and nothing that only she could know")


class _InquiryForm(StepForm):
    to_tab = "casework:inquiry"
    aside: ClassVar[str] = NEVER

    def say_what_she_agreed(self, field: str) -> None:
        """Beside a field: whether she agreed that the respondent is told, and from when."""
        answers = self.case.consents.filter(code=Consent.TELL_RESPONDENT)
        if self.desk.actor.at_factory:
            answers = answers.filter(on__lte=released_until(self.case, clock.now()))
        newest = answers.order_by("-number").first()
        if newest is None:
            words = str(_("She has not been asked on her page, or has not answered yet."))
        elif newest.given:
            words = _("She agreed on %(day)s that the respondent is told.") % {"day": date_format(newest.on)}
        else:
            words = _("She said no on %(day)s.") % {"day": date_format(newest.on)}
        self.fields[field].help_text = words


class BeginInquiry(_InquiryForm):
    step = "begin_inquiry"
    title = _("Begin the inquiry")
    lead = _(
        "An inquiry finds out what happened, fairly to both sides. Two or three committee members run it together, at "
        "least half of them women, outside the factory two experts. Whoever takes part does not decide about it."
    )
    button = _("Begin the inquiry")
    done = _("The inquiry has begun. The list below shows what comes next.")
    inquirers = many_of(_("Who runs the inquiry"), ())
    half_women = tick(_("At least half of them are women"))
    to_find_out = text_field(_("Plan: what must be found out"), rows=3)
    whom_to_hear = text_field(
        _("Plan: whom to hear"), rows=3, hint=_("Also: who could have seen it without being asked about her?")
    )
    in_which_order = text_field(
        _("Plan: in which order"), rows=2, hint=_("She first, then the respondent, witnesses one by one.")
    )
    to_protect = text_field(
        _("Plan: what to protect"), rows=2, hint=_("Who could be put under pressure, what could be lost.")
    )
    named = one_of(
        _("Is it about a person whose name is known?"),
        YES_NO,
        hint=_("If not: nobody is told anything until the person can be named."),
    )
    independent_evidence = text_field(
        _("Only if she has not agreed: evidence that does not come from her"), required=False, rows=2
    )
    points_to_nobody = tick(_("Nothing in this evidence could point to her"))

    def prepare(self) -> None:
        able = workflow.may_inquire(self.case)
        self.able = {str(one.person_id): one.person for one in able}
        names = [(str(one.person_id), f"{one.person.name} ({Role(one.role).label})") for one in able]
        self.offer("inquirers", names)
        self.fields["inquirers"].help_text = (
            _("Two or three; where it is serious, the outside member too. Who is missing? Put them on the case first.")
            if self.case.with_factory
            else _("Two or three experts on this case.")
        )
        self.say_what_she_agreed("named")
        boxes = {}
        for number in range(1, ALLEGATIONS + 1):
            boxes[f"allegation_{number}"] = text_field(
                _("Thing said to have happened, number %(number)s") % {"number": number},
                required=number == 1,
                rows=2,
                hint=_("In your words, not in hers: what, roughly when and where. Each one gets its own finding.")
                if number == 1
                else "",
            )
        order = list(self.fields)
        place = order.index("named")
        self.fields |= boxes
        self.order_fields([*order[:place], *boxes, *order[place:]])

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        plan = workflow.Plan(
            inquirers=[self.able[pk] for pk in said["inquirers"]],
            half_women=said["half_women"],
            written={part: said[part] for part in PLAN},
            allegations=[said[f"allegation_{number}"] for number in range(1, ALLEGATIONS + 1)],
            named=said["named"] == "yes",
            independent_evidence=said["independent_evidence"],
            points_to_nobody=said["points_to_nobody"],
        )
        workflow.begin_inquiry(self.case, self.desk.key(), plan, at=at)


class TellRespondent(_InquiryForm):
    step = "tell_respondent"
    title = _("Tell the respondent")
    lead = _(
        "Write what is said to have happened: enough to answer, and no more than she agreed to. What, roughly when and "
        "where; no name of hers, no word of hers. Rights, no contact, no retaliation and the day to answer are printed "
        "with it. After saving, print the letter and hand it over today, alone with the person."
    )
    button = _("Save the letter")
    done = _("The letter is written. Print it and hand it over today.")
    text = text_field(_("What is said to have happened"), rows=6)
    checked = tick(NO_MORE)
    independent_evidence = text_field(
        _("Only if she has not agreed: evidence that does not come from her"),
        required=False,
        rows=2,
        hint=_("Sealed in the record; it is not printed."),
    )
    points_to_nobody = tick(_("Nothing in this evidence could point to her"))

    def prepare(self) -> None:
        self.say_what_she_agreed("text")

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.tell_respondent(
            self.case,
            self.desk.key(),
            text=said["text"],
            checked=said["checked"],
            independent_evidence=said["independent_evidence"],
            points_to_nobody=said["points_to_nobody"],
            at=at,
        )


class NoteReply(_InquiryForm):
    step = "note_reply"
    title = _("Note the respondent's answer")
    lead = _("In writing, or as the respondent said it. If the day is over and nothing came, the inquiry goes on.")
    done = _("Noted.")
    came = one_of(_("Did an answer come?"), [("yes", _("Yes")), ("no", _("No, and the day is over"))])
    text = text_field(_("What the respondent answers"), required=False, rows=6)

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.note_reply(self.case, by=self.desk.person, came=said["came"] == "yes", text=said["text"], at=at)


class Hear(_InquiryForm):
    step = "hear"
    title = _("Note who was heard")
    lead = _(
        "Each person alone. She is heard once, where it is safe or through her page, with somebody she trusts if she "
        "wants; never in front of the respondent. The respondent may bring a colleague or representative. Ask open "
        "questions: what happened, where, when, who else was near, what came after?"
    )
    done = _("Noted.")
    who = one_of(_("Who"), InquirySide.choices)
    came = one_of(
        _("Was the person heard?"), [("yes", _("Yes")), ("no", _("It was offered; the person did not want to"))]
    )
    how = one_of(_("How"), HeardHow.choices, required=False)
    accompanied = forms.CharField(
        label=_("Who came along"),
        required=False,
        max_length=200,
        help_text=_("Trusted person, colleague, representative; empty if nobody."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = text_field(
        _("What was said"),
        required=False,
        rows=8,
        hint=_("As close to the words as you can. A witness gets a number here rather than a name, if they wish."),
    )
    respondent_present = tick(_("The respondent was in the room"), hint=_("Then it is refused: hear the person again."))
    told_to_keep_quiet = tick(_("Witness: told not to talk about it, and that nothing may happen to them for helping"))

    def take(self, at: datetime) -> None:
        said = {name: value for name, value in self.cleaned_data.items() if name != "once"}
        said["came"] = said["came"] == "yes"
        workflow.hear(self.case, by=self.desk.person, at=at, **said)


class AddPaper(_InquiryForm):
    step = "add_paper"
    title = _("Note a paper")
    lead = _("Duty lists, messages people offer, pictures, door or camera records. Nobody's phone is searched.")
    done = _("Noted.")
    paper = one_of(_("Kind of paper"), PaperKind.choices)
    text = text_field(_("What it is, where it is kept, and what it shows"), rows=4)

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.add_paper(self.case, by=self.desk.person, paper=said["paper"], text=said["text"], at=at)


class AskComments(_InquiryForm):
    step = "ask_comments"
    title = _("Ask both sides for comments")
    lead = _(
        "Before the finding each side reads the main points and may say something to them. Her text goes to her page. "
        "The respondent's is printed as a letter; it holds no more than she agreed to."
    )
    button = _("Send and save the letter")
    done = _("Her page shows the main points. Print the letter to the respondent and hand it over today.")
    to_her = text_field(
        _("Main points for the complainant"),
        rows=6,
        hint=_("Plain words. Ask what is missing or wrong, and say until when."),
    )
    to_respondent = text_field(_("Main points for the respondent"), required=False, rows=6)
    answer_by = forms.DateField(
        label=_("Comments until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At least three working days are fair."),
    )
    checked = tick(NO_MORE)

    def prepare(self) -> None:
        calendar = self.case.calendar
        self.fields["answer_by"].initial = calendar.add_working_days(calendar.local_day(clock.now()), 3)
        self.say_what_she_agreed("to_respondent")

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.ask_comments(
            self.case,
            by=self.desk.person,
            to_her=said["to_her"],
            to_respondent=said["to_respondent"],
            answer_by=said["answer_by"],
            checked=said["checked"],
            at=at,
        )


class NoteComment(_InquiryForm):
    step = "note_comment"
    title = _("Note a comment on the main points")
    lead = _("What she writes stands in the messages; say here that you have read it and what it changes.")
    done = _("Noted.")
    side = one_of(_("Whose side"), ())
    came = one_of(_("Did this side say something?"), [("yes", _("Yes")), ("no", _("No, they do not want to"))])
    text = text_field(_("The comment"), required=False, rows=5)

    def prepare(self) -> None:
        sides = (InquirySide.COMPLAINANT, InquirySide.RESPONDENT)
        self.offer("side", [(side.value, side.label) for side in sides])

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.note_comment(
            self.case, by=self.desk.person, side=said["side"], came=said["came"] == "yes", text=said["text"], at=at
        )


class CompleteInquiry(_InquiryForm):
    step = "complete_inquiry"
    title = _("The inquiry is complete")
    lead = _("Nothing is missing any more. After this nobody else is heard, and the finding is due.")
    button = _("Complete the inquiry")
    done = _("The inquiry is complete. The finding comes next.")
    aside = ""
    sure = tick(_("Everybody who runs the inquiry agrees that we know what can be known"), required=True)

    def take(self, at: datetime) -> None:
        workflow.complete_inquiry(self.case, by=self.desk.person, at=at)


class Find(_InquiryForm):
    step = "find"
    title = _("Make the finding")
    lead = _(
        "What is more likely than not, on all the information? One person's credible account can be enough; a denial "
        "does not cancel it. “Not enough information” says nothing about honesty. A belief that somebody knowingly "
        "lied is not a finding here: it needs its own evidence and its own process, with the technical expert. "
        "Whoever decides reads these words, and neither hers nor the record: name both sides as complainant and "
        "respondent."
    )
    button = _("Record the finding")
    done = _("The finding is recorded. Whoever decides was told.")
    aside = ""
    all_agree = tick(_("Everybody who ran the inquiry agrees with this finding"))

    def prepare(self) -> None:
        self.numbers = list(self.case.allegations.values_list("number", flat=True))
        several = len(self.numbers) > 1
        reasons = _("At least %(number)s characters. Mention both sides: what speaks for each, and what tips it.") % {
            "number": SHORTEST_REASONS
        }
        said = self._allegations()
        for number in self.numbers:
            of = {"number": number}
            labels: tuple[Words, ...] = (
                (
                    _("Number %(number)s: finding") % of,
                    _("Number %(number)s: what the complainant said to it") % of,
                    _("Number %(number)s: what the respondent said to it") % of,
                    _("Number %(number)s: reasons") % of,
                )
                if several
                else (
                    _("Finding"),
                    _("What the complainant said to it"),
                    _("What the respondent said to it"),
                    _("Reasons"),
                )
            )
            self.fields[f"result_{number}"] = one_of(labels[0], FindingResult.choices, hint=said.get(number, ""))
            self.fields[f"complainant_said_{number}"] = text_field(labels[1], rows=3)
            self.fields[f"respondent_said_{number}"] = text_field(labels[2], rows=3)
            self.fields[f"reasons_{number}"] = text_field(labels[3], rows=6, hint=reasons)
        self.order_fields([name for name in self.fields if name != "all_agree"])

    def _allegations(self) -> dict[int, str]:
        """What each number says, beside its finding: an opening of the record like any other."""
        if self.desk.reader is None:
            return {}
        at = clock.now()
        on = access.case_for(self.desk.person, self.case.reference, at=at)
        kinds = [EntryKind.ALLEGATION]
        try:
            opened = access.opened(on, self.desk.reader, [CompartmentKind.RECORD], at=at, entry_kinds=kinds)
        except CryptoError:
            return {}
        return {one.content["number"]: one.content["text"] for one in opened}

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        findings = {
            number: workflow.Found(
                result=said[f"result_{number}"],
                complainant_said=said[f"complainant_said_{number}"],
                respondent_said=said[f"respondent_said_{number}"],
                reasons=said[f"reasons_{number}"],
            )
            for number in self.numbers
        }
        workflow.find(self.case, self.desk.key(), findings, all_agree=said["all_agree"], at=at)
