"""Forms about an appeal, and about a concern over how a case is handled."""

from __future__ import annotations

from datetime import datetime

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from complaints import workflow
from complaints.casecodes import AppealResult, SanctionCode
from complaints.casewords import Ground
from complaints.codes import Stage
from complaints.stepforms.base import (
    StepForm,
    one_of,
    text_field,
    tick,
)
from complaints.stepforms.outcome import BY_SCOPE, REMEDIES, SANCTIONS, PlanningForm, heading
from complaints.workflow.appeals import HIS_GROUNDS
from factories import clock


class NoteAppeal(StepForm):
    step = "note_appeal"
    title = _("Write down the respondent's appeal")
    lead = _(
        "The respondent has the same days as she has, counted from when he was told. Somebody new from outside "
        "decides; until then the case stays where it is and every interim measure stays in force."
    )
    button = _("Open the appeal")
    done = _("The appeal is open. Give it to somebody new now.")
    ground = one_of(
        _("What the respondent says is not right"), [(code.value, Ground(code).label) for code in HIS_GROUNDS]
    )
    text = text_field(_("What he says, in his own words"))

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.note_appeal(self.case, by=self.desk.person, ground=said["ground"], text=said["text"], at=at)


class GiveToReviewer(StepForm):
    step = "give_to_reviewer"
    title = _("Give the appeal to somebody new")
    lead = _(
        "Only somebody from outside who had nothing to do with the case decides an appeal. They get what she shared, "
        "the record and the finding for as long as the appeal lasts, and sign about conflicts first."
    )
    button = _("Give it to them")
    done = _("They were told, and can open the case now.")
    person = forms.ChoiceField(label=_("Who decides the appeal"))

    def prepare(self) -> None:
        self.found = {str(one.person.pk): one.person for one in workflow.may_review(self.case)}
        self.offer("person", [(pk, person.name) for pk, person in self.found.items()])
        if not self.found:
            self.fields["person"].help_text = _(
                "There is nobody: no appeal reviewer has a vouched key and no part in this case. The administrator and "
                "the lead technical expert were told and look for somebody."
            )

    def take(self, at: datetime) -> None:
        person = self.found[self.cleaned_data["person"]]
        workflow.give_to_reviewer(self.case, self.desk.key(), person=person, at=at)


class DecideAppeal(PlanningForm):
    step = "decide_appeal"
    title = _("Decide the appeal")
    lead = _(
        "Read her words, the record and the finding first. You may ask her in a message, and the handlers (through "
        "them the respondent) by a note in the record. With your decision your access ends."
    )
    button = _("Decide")
    done = _("The appeal is decided. She reads your words on her page; the case is not yours any more.")
    grave = True
    result = one_of(_("The appeal"), [])
    back_to = one_of(
        _("If it goes back: to which step"),
        [
            (Stage.FACT_FINDING.value, _("Finding out: something was not looked at")),
            (Stage.FINDING.value, _("The finding: it does not follow from what was found out")),
        ],
        required=False,
    )
    reason = text_field(
        _("Reasons"),
        rows=8,
        hint=_("200 characters or more; mention both sides. If it changes or goes back: what has to be done."),
    )
    to_her = text_field(
        _("To the complainant, in plain words"),
        hint=_("What you decided and why, what happens now, and that the roads outside stay open to her."),
    )
    to_respondent = text_field(
        _("To the respondent"),
        required=False,
        hint=_("Needed where he was told the outcome. The handlers hand it over. No word that could point to her."),
    )

    def prepare(self) -> None:
        open_to_choose = (AppealResult.CONFIRMED, AppealResult.CHANGED, AppealResult.SENT_BACK)
        self.offer("result", [(one.value, RESULTS[one]) for one in open_to_choose])
        proven = self.case.allegations.filter(result__in=workflow.PROVEN).exists()
        self.sanctions = SANCTIONS if proven else 0
        self.helper.layout = Layout(
            "once",
            "result",
            "back_to",
            "reason",
            heading(_now("If you change it: what puts the harm right, in place of what was decided")),
            *self.add_rows("remedy", _("Remedy"), BY_SCOPE, REMEDIES),
            heading(_now("If you change it: what follows for the respondent, the same scale for every rank")),
            *self.add_rows("sanction", _("Sanction"), SanctionCode.choices, self.sanctions),
            "to_her",
            "to_respondent",
        )

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.decide_appeal(
            self.case,
            by=self.desk.person,
            result=said["result"],
            reason=said["reason"],
            to_her=said["to_her"],
            to_respondent=said["to_respondent"],
            back_to=said["back_to"],
            sanctions=self.planned("sanction", self.sanctions),
            remedies=self.planned("remedy", REMEDIES),
            at=at,
        )


RESULTS = {
    AppealResult.CONFIRMED: _("The decision stands"),
    AppealResult.CHANGED: _("The decision is changed, as I write below"),
    AppealResult.SENT_BACK: _("It goes back with directions"),
}


SETTLED = [
    ("open", _("It is not settled yet")),
    ("upheld", _("Settled: her concern was right")),
    ("not_upheld", _("Settled: I looked into it, and her concern was not right")),
]


class AnswerConcern(StepForm):
    step = "answer_concern"
    title = _("Answer her concern about the handling")
    lead = _(
        "She says that this is not handled well. Her words stand under “Danger, age and freedom”, and your answer lies "
        "there, too: she reads it on her page, and nobody at the factory can ever open it."
    )
    button = _("Send the answer")
    done = _("Your answer is on her page.")
    to_tab = "casework:words"
    text = text_field(_("To her"), rows=6)
    offers = tick(_("I offer her that somebody else takes it over"))
    settled = one_of(
        _("How it stands now"),
        SETTLED,
        required=False,
        hint=_("The people who handled it at the factory take a new case only if her concern was not right."),
    )

    def prepare(self) -> None:
        self.fields["settled"].initial = "open"
        if not workflow.may_take_it_over(self.case, at=clock.now()):
            del self.fields["offers"]
            self.fields["text"].help_text = _(
                "The case can no longer move outside to you as it stands. Tell her what she can still do on her "
                "page: let you read along with “Ask somebody outside to check”, ask for a new look at the "
                "result within its days, and the roads outside."
            )
            return
        self.fields["offers"].help_text = (
            _("She is asked on her page whether the case shall move outside, to you.")
            if self.case.with_factory
            else _("She is asked on her page whether another outside helper shall have it. You then hand it on.")
        )

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.answer_concern(
            self.case,
            by=self.desk.person,
            text=said["text"],
            offers=said.get("offers", False),
            settled=said["settled"] in ("upheld", "not_upheld"),
            upheld=said["settled"] != "not_upheld",
            at=at,
        )
