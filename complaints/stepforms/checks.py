"""Forms of the checks after the outcome, and of word that somebody is treated badly because of a case."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints import workflow
from complaints.carecodes import AgainstNormal, Settled, Whom
from complaints.casecodes import CheckCode
from complaints.codes import Words
from complaints.models import Check
from complaints.stepforms.base import StepForm, one_of, text_field, tick
from complaints.workflow import checks


class OfACheck(StepForm):
    """A step about one planned check, the next one first. Follow-ups of a hold have a form of their own."""

    to_tab = "casework:checks"
    papers_only: ClassVar[bool | None] = False  # None: both kinds.
    check = forms.ChoiceField(label=_("Check"))

    def prepare(self) -> None:
        planned = checks.open_checks(self.case).exclude(code__in=checks.FOLLOW_UPS).order_by("due_on", "code")
        if self.papers_only is False or self.desk.actor.at_factory:
            planned = planned.exclude(code__in=checks.PAPERS_ONLY)
        elif self.case.with_factory:
            planned = planned.filter(code__in=checks.PAPERS_ONLY)
        self.planned = {str(one.pk): one for one in planned}
        self.offer("check", [(pk, CheckCode(one.code).label) for pk, one in self.planned.items()])

    @property
    def chosen(self) -> Check:
        return self.planned[self.cleaned_data["check"]]


class AskCheck(OfACheck):
    step = "ask_check"
    title = _("Ask her how she is")
    lead = _(
        "Her page asks her by itself from three days before the day of a check. This is one try more, in your words. "
        "Tries lie two days apart. Silence is never counted as fine."
    )
    button = _("Send")
    done = _("Your question was sent. It counts as one try.")
    starters: ClassVar[tuple[Words, ...]] = (
        _(
            "We want to know how you are since we told you the result. Are you safe? Has anything changed at work: "
            "shift, target, overtime, leave, pay, contract, how people treat you? Did you get what was promised? You "
            "can answer with two taps on this page."
        ),
    )
    text = text_field(_("Message to the complainant"), rows=4, hint=_("She reads it on her page. Plain words."))

    def take(self, at: datetime) -> None:
        workflow.ask_check(self.case, by=self.desk.person, check=self.chosen, text=self.cleaned_data["text"], at=at)


class ReviewHr(OfACheck):
    step = "review_hr"
    title = _("Look at the HR data")
    lead = _(
        "Compare what changed since the complaint with what is normal on the line. By somebody who had no hand in a "
        "change. Where she has not shared her name, look at the whole line and never for one person: looking for her "
        "is misconduct."
    )
    done = _("The review is sealed in the record.")
    papers_only = None
    by_line = tick(_("I looked at the whole line, not at one person"))
    shift = one_of(_("Shifts"), AgainstNormal.choices)
    transfer = one_of(_("Transfers"), AgainstNormal.choices)
    pay = one_of(_("Pay"), AgainstNormal.choices)
    overtime = one_of(_("Overtime"), AgainstNormal.choices)
    warning = one_of(_("Warnings"), AgainstNormal.choices)
    appraisal = one_of(_("Appraisals"), AgainstNormal.choices)
    renewal = one_of(_("Contracts renewed or not"), AgainstNormal.choices)
    resignation = one_of(_("Resignations"), AgainstNormal.choices)
    resigned = tick(
        _("She has resigned, or somebody on her line has"),
        hint=_("A resignation within 180 days is always reviewed: the technical expert is called."),
    )
    text = text_field(_("Which papers you looked at, and what you saw"), rows=4)
    not_involved = tick(_("I had no hand in any of these changes"))

    def take(self, at: datetime) -> None:
        found = {name: value for name, value in self.cleaned_data.items() if name not in ("once", "check")}
        not_involved = bool(found.pop("not_involved"))
        workflow.review_hr(
            self.case, by=self.desk.person, check=self.chosen, found=found, not_involved=not_involved, at=at
        )


class NoteCheck(OfACheck):
    step = "note_check"
    title = _("Note how somebody else is")
    lead = _(
        "The affected person, a witness, or the respondent. Sealed in the record; the complainant does not read it."
    )
    done = _("Noted in the record.")
    whom = one_of(_("Whom you talked with"), Whom.choices)
    text = text_field(_("What you asked, and what they said"), rows=4, hint=_("A witness: without the name."))

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.note_check(
            self.case, by=self.desk.person, check=self.chosen, whom=said["whom"], text=said["text"], at=at
        )


class CompleteCheck(OfACheck):
    step = "complete_check"
    title = _("Say that a check is made")
    lead = _(
        "She answered; or she did not after two tries, and the HR data was looked at. No answer is recorded as no "
        "answer, never as fine."
    )
    done = _("The check is made.")
    text = text_field(_("What follows from it"), rows=3, hint=_("Also where nothing follows."))

    def take(self, at: datetime) -> None:
        workflow.complete_check(
            self.case, by=self.desk.person, check=self.chosen, text=self.cleaned_data["text"], at=at
        )


class NoteRetaliation(StepForm):
    step = "note_retaliation"
    title = _("Say that somebody is treated badly because of this case")
    lead = _(
        "The complainant, a witness, or anybody thought to have helped. What you write goes to the outside team and "
        "nobody on this case reads it again. Within 24 hours it must be decided what keeps the person safe. Whoever "
        "made the change explains it; the person treated badly proves nothing."
    )
    button = _("Tell the outside team")
    done = _("The outside team has been told. Now decide what keeps the person safe: within 24 hours.")
    grave = True
    text = text_field(_("What you saw, or what you were told"), rows=5)

    def take(self, at: datetime) -> None:
        workflow.note_retaliation(self.case, by=self.desk.person, text=self.cleaned_data["text"], at=at)


class SettleRetaliation(StepForm):
    step = "settle_retaliation"
    title = _("Say that it was put right, or explained")
    lead = _(
        "The burden of explanation is on the person who made the change. Put right means that she, or papers, confirm "
        "it. What was only explained is not counted as put right."
    )
    done = _("It is settled. The first case can be closed when nothing else is open.")
    to_tab = "casework:checks"
    result = one_of(_("How does it end?"), Settled.choices)
    text = text_field(
        _("What was put right; or who explained the change, and how"), rows=5, hint=_("At least 80 characters.")
    )

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.settle_retaliation(self.case, by=self.desk.person, result=said["result"], text=said["text"], at=at)
