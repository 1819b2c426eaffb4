"""Forms about conflicts of interest."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints import workflow
from complaints.casecodes import Declaration, Relation
from complaints.stepforms.base import (
    YES_NO,
    StepForm,
    many_of,
    one_of,
    text_field,
)
from factories.models import Membership


class DeclareConflict(StepForm):
    step = "declare_conflict"
    title = _("Do you have a conflict of interest?")
    lead = _(
        "Before anything opens: tick all that is so, for the person it happened to and for the respondent. You may not "
        "know yet whom it is about. Sign what you know; a false statement has consequences."
    )
    button = _("Sign")
    done = _("You have signed.")
    relations = many_of(_("Is any of this so?"), Relation.choices)
    answer = one_of(_("I say about this case:"), Declaration.choices)
    text = text_field(_("If possibly: why"), required=False, rows=3, hint=_("Whoever decides about it reads this."))

    def prepare(self) -> None:
        if self.case.factory_id is None:
            return
        mine = Membership.objects.current().filter(factory=self.case.factory_id, person=self.desk.person)
        units = sorted({one.unit for one in mine if one.unit})
        if units:
            self.fields["relations"].help_text = _("You work in: %(units)s.") % {"units": ", ".join(units)}

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.declare_conflict(
            self.case,
            by=self.desk.person,
            answer=said["answer"],
            text=said["text"],
            relations=said["relations"],
            at=at,
        )


class DecideConflict(StepForm):
    step = "decide_conflict"
    title = _("Decide a possible conflict of interest")
    lead = _("A colleague has said that there may be a conflict. What they wrote stands in the record.")
    about = forms.ChoiceField(label=_("Colleague"))
    may_handle = one_of(_("May they work on this case?"), YES_NO)
    done = _("Decided.")

    def prepare(self) -> None:
        waiting = self.case.declarations.filter(may_handle=None).select_related("person")
        self.people = {str(d.person_id): d.person for d in waiting if d.person_id != self.desk.person.pk}
        self.offer("about", [(pk, person.name) for pk, person in self.people.items()])

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        about, may = self.people[said["about"]], said["may_handle"] == "yes"
        workflow.decide_conflict(self.case, by=self.desk.person, about=about, may_handle=may, at=at)


class FindDeclarationFalse(StepForm):
    step = "find_declaration_false"
    title = _("A conflict declaration was false")
    lead = _(
        "Somebody signed that there was no conflict of interest, and there was. They leave the case at once. The "
        "decision maker and the advisor learn that a statement was false, and nothing of the case."
    )
    button = _("Record it")
    done = _("Recorded. The person has left the case.")
    grave = True
    about = forms.ChoiceField(label=_("Whose statement"))
    text = text_field(_("What was not true, and how you know"), rows=3, hint=_("Sealed in the record."))

    def prepare(self) -> None:
        signed = self.case.declarations.filter(false_found_on=None).exclude(answer=Declaration.YES)
        others = signed.exclude(person=self.desk.person).select_related("person")
        self.people = {str(one.person_id): one.person for one in others}
        self.offer("about", [(pk, person.name) for pk, person in self.people.items()])

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        about = self.people[said["about"]]
        workflow.find_declaration_false(self.case, by=self.desk.person, about=about, text=said["text"], at=at)


class NoteBreach(StepForm):
    step = "note_breach"
    title = _("Confidentiality was broken")
    lead = _(
        "Somebody talked about this case who must not, or tried to find out who complained. Trying is misconduct. The "
        "outside expert hears of it at once. The advisor learns the factory and the day, and nothing of the case."
    )
    button = _("Record it")
    done = _("Recorded. The outside expert is told.")
    grave = True
    text = text_field(
        _("What happened, and how you know"), rows=3, hint=_("Sealed. Name nobody who is not needed to understand it.")
    )

    def take(self, at: datetime) -> None:
        workflow.note_breach(self.case, by=self.desk.person, text=self.cleaned_data["text"], at=at)


class AskConflictQuestion(StepForm):
    step = "ask_conflict_question"
    title = _("Ask who it could be")
    lead = _(
        "She has not said whose job it was. Until she answers, only chair and outside member open this case. "
        "Your question goes to her page as a message."
    )
    button = _("Send the question")
    done = _("The question was sent.")
    to_tab = "casework:messages"
    text = text_field(
        _("Message to the complainant"),
        initial=_(
            "Thank you for telling us. So that nobody reads this who should not: could it be somebody in HR, in the "
            "committee or in top management? You need not say who it was. You may also answer “I don't know”."
        ),
    )

    def take(self, at: datetime) -> None:
        workflow.ask_conflict_question(self.case, by=self.desk.person, text=self.cleaned_data["text"], at=at)


class AnswerConflictQuestion(StepForm):
    step = "answer_conflict_question"
    title = _("Note her answer")
    lead = _("She was asked who it could be. If she names nobody of them, the case officer joins the case.")
    done = _("Her answer is noted.")
    names_handlers = one_of(_("Could it be somebody in HR, the committee or top management?"), YES_NO)

    def take(self, at: datetime) -> None:
        names = self.cleaned_data["names_handlers"] == "yes"
        workflow.answer_conflict_question(self.case, self.desk.key(), names_handlers=names, at=at)
