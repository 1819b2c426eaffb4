"""Forms of the safeguarding path: decide together, plan with her, duties, others, follow-ups. Workflow, section 12."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from complaints import workflow
from complaints.casewords import ANSWERS, FollowUpAnswer, HerAnswer, SafetyKind, YesNoNotKnown
from complaints.deadlines import FOLLOW_UPS
from complaints.stepforms.base import YES_NO, StepForm, one_of, text_field, tick
from complaints.workflow.checks import open_checks
from complaints.workflow.safeguarding import FOLLOW_UP_QUESTIONS, waiting_decision


def day_field(label: Any, *, required: bool = False, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def part(label: Any, hint: Any = "") -> forms.CharField:
    return text_field(label, rows=2, hint=hint)


class _SafetyForm(StepForm):
    to_tab = "casework:safety"

    def told(self) -> dict[str, Any]:
        """What was filled in, without what only the form needs."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("once", "kind")}


class ProposeSafetyDecision(_SafetyForm):
    step = "propose_safety_decision"
    title = _("Propose a decision for two leads")
    lead = _(
        "Write the options, the risks of each and what you would decide. It counts when the other lead agrees. Nothing "
        "is sent anywhere. Ask nothing about her past, and write nothing about it."
    )
    button = _("Propose to the other lead")
    done = _("The other lead was told. It counts when they agree.")
    kind = one_of(_("On what does it rest?"), SafetyKind.choices)
    options = text_field(_("Options"), rows=4, hint=_("Doing nothing is one of them."))
    risks = text_field(_("Risks of each"), rows=4, hint=_("Who could harm her because of it? Who would learn of it?"))
    decided = text_field(_("What is decided"), rows=3)
    child_view = text_field(_("Under 18: what the child says and wants"), required=False, rows=3)
    her_answer = one_of(_("18 or older: her answer"), HerAnswer.choices, required=False)
    recontact = text_field(
        _("If she says no: how and when you offer to talk again"),
        required=False,
        rows=2,
        hint=_("Her no is respected. She may change her mind at any time."),
    )
    others_in_danger = tick(
        _("The life of other people is in immediate danger"), hint=_("The only reason to act without her consent.")
    )
    least = text_field(_("Without her consent: the least that is passed on, and to whom"), required=False, rows=2)
    duties_checked = tick(_("I checked, with the notes on the law of this country, whether anybody has to report"))
    duty_exists = tick(_("Somebody has to report"), hint=_("Write it down as a legal duty, too."))
    told_her_on = day_field(
        _("The day on which she was told of it"),
        hint=_("For a legal duty, and where two leads act without her consent: always before anything is passed on."),
    )

    def take(self, at: datetime) -> None:
        workflow.propose_safety_decision(
            self.case, by=self.desk.person, kind=self.cleaned_data["kind"], fields=self.told(), at=at
        )


class AgreeSafetyDecision(_SafetyForm):
    step = "agree_safety_decision"
    title = _("Agree with the decision")
    lead = _("Read the proposal on the page “Safeguarding” first. If you would decide otherwise, propose that instead.")
    button = _("I agree")
    done = _("Two leads have decided. The follow-ups are planned.")
    number = forms.IntegerField(widget=forms.HiddenInput())
    sure = tick(_("I read the proposal, and I would decide the same"), required=True)

    def prepare(self) -> None:
        waiting = waiting_decision(self.case)
        self.fields["number"].initial = waiting.number if waiting else 0

    def take(self, at: datetime) -> None:
        workflow.agree_safety_decision(self.case, by=self.desk.person, number=self.cleaned_data["number"], at=at)


class PlanSafety(_SafetyForm):
    step = "plan_safety"
    title = _("Write the safety plan with her")
    lead = _(
        "Ask her, part by part, in messages she can read safely. “She does not need it” and “she does not want it” are "
        "answers. The newest plan counts."
    )
    done = _("The plan is written.")
    safety = part(_("Safety"), _("Tonight, at work, on the way."))
    health = part(_("Health"), _("Body and mind; some care has to begin within 72 hours."))
    legal = part(_("Law"), _("What she can do, and what she wants to do."))
    place_to_stay = part(_("A place to stay"), _("With doors that open from inside, and her own phone."))
    income = part(_("Income"), _("Enough to live, and from work that she chooses."))
    papers = part(_("Papers"), _("Does she have them in her own hands?"))
    languages = part(_("Language"), _("In which she can speak freely, and who translates."))
    trusted_person = part(_("Someone she trusts"))
    recontact = part(_("How and when to get in touch again"), _("A time at which nobody looks over her shoulder."))
    with_her = tick(_("She was asked about each part; this is what she wants"))

    def take(self, at: datetime) -> None:
        workflow.plan_safety(self.case, by=self.desk.person, fields=self.told(), at=at)


class NoteLegalDuty(_SafetyForm):
    step = "note_legal_duty"
    title = _("Write down a legal duty to report")
    lead = _(
        "Where the law of the country obliges somebody. She is told first, the least is passed on, at the safest "
        "moment, and by hand: this software sends nothing to anybody. It is written down for the two of you."
    )
    done = _("The duty is written down. Nothing was sent.")
    duty_holder = text_field(_("Who has the duty"), rows=2)
    exact_duty = text_field(_("The exact duty"), rows=2, hint=_("The article, and what a lawyer says to it."))
    receiving_body = text_field(_("Who receives it"), rows=2)
    told_her_on = day_field(_("The day on which she was told"), required=True)
    least = text_field(_("The least that is passed on"), rows=3)
    moment = text_field(_("The safest moment"), required=False, rows=2)
    passed_on_on = day_field(_("If it was passed on by hand: the day"), hint=_("Never before she was told."))

    def take(self, at: datetime) -> None:
        workflow.note_legal_duty(self.case, by=self.desk.person, fields=self.told(), at=at)


class NoteWiderRisk(_SafetyForm):
    step = "note_wider_risk"
    title = _("Look whether others face the same")
    lead = _(
        "Together with the technical organisation, away from the workplace. Never by a raid, never through whoever "
        "placed the people. Any group with worse pay, contract or freedom because of how they came is an indicator in "
        "itself."
    )
    done = _("Noted.")
    others_face_it = one_of(_("Do others face the same?"), YesNoNotKnown.choices)
    note = text_field(
        _("How you know, and what follows"), rows=4, hint=_("Without names: a line, a room, a placement.")
    )
    off_site = tick(_("It was looked into away from the workplace, without a raid and without the placing body"))

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.note_wider_risk(
            self.case,
            by=self.desk.person,
            others=said["others_face_it"],
            off_site=said["off_site"],
            note=said["note"],
            at=at,
        )


class FollowUp(_SafetyForm):
    step = "follow_up"
    title = _("Follow up how she is")
    lead = _(
        "Ask her in the way of the re-contact plan, or read what she answered on her page. No answer is never counted "
        "as fine: after two tries, two days apart, it is written down as no answer."
    )
    done = _("The follow-up is written down.")
    code = forms.ChoiceField(label=_("Which one"))
    reached = one_of(_("Did she answer?"), YES_NO)
    is_safe = one_of(ANSWERS["is_safe"][0], FollowUpAnswer.choices, required=False)
    is_free = one_of(ANSWERS["is_free"][0], FollowUpAnswer.choices, required=False)
    income_enough = one_of(ANSWERS["income_enough"][0], FollowUpAnswer.choices, required=False)
    care_reached = one_of(ANSWERS["care_reached"][0], FollowUpAnswer.choices, required=False)
    pushed_back = one_of(ANSWERS["pushed_back"][0], FollowUpAnswer.choices, required=False)
    trafficking_signs = one_of(ANSWERS["trafficking_signs"][0], FollowUpAnswer.choices, required=False)
    note = text_field(_("Note"), required=False, rows=3, hint=_("If she did not answer: how you tried."))

    def prepare(self) -> None:
        planned = open_checks(self.case).filter(code__in=FOLLOW_UPS).order_by("due_on")
        self.offer("code", [(one.code, f"{one.get_code_display()} ({date_format(one.due_on)})") for one in planned])
        if not self.case.in_hold:
            self.to_tab = "casework:case"  # type: ignore[misc]

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.follow_up(
            self.case,
            by=self.desk.person,
            code=said["code"],
            reached=said["reached"] == "yes",
            answers={name: said[name] for name in FOLLOW_UP_QUESTIONS},
            note=said["note"],
            at=at,
        )
