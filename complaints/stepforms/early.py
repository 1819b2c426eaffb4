"""Forms of the first steps: answer, sort, keep safe, agree the path, write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints import deadlines, fasttrack, workflow
from complaints.casewords import Conduct, Evidence, InScope, Place, Repeated, SeverityAsSeen, YesNoNotKnown
from complaints.codes import Path, Stage, Words
from complaints.models import InterimMeasure
from complaints.selectors.casepage import OUTSIDE, people_on
from complaints.stepforms.base import (
    YES_NO,
    StepForm,
    line_field,
    many_of,
    one_of,
    text_field,
    tick,
)
from factories import clock

# A safeguarding lead's first words: not in trouble; she decides; what I can do; safe to read? Workflow, section 12.
CONTACT: tuple[Words, ...] = (
    _(
        "You are not in trouble. You decide what happens; I do nothing without asking you. I am … and I help from "
        "outside the factory; nobody there can read this. I can listen, look for a safe place, a doctor or a lawyer "
        "with you, and go there with you if you like. Are you safe to read this? Write “yes” or “no”, or a better time."
    ),
    _(
        "Thank you for telling us. You did nothing wrong and you are not in trouble. What you want counts. I am … I "
        "help young people. I tell nobody about you, not your family, the factory or the police, without talking with "
        "you first. Is it safe for you to read this now? Is there someone you trust?"
    ),
)


# Only a few people could have seen it: said again, with the way outside. Workflow, section 14.
FEW_COULD_KNOW: Words = _(
    "What you told us about … only a few people could have seen. We name nobody, but they may guess that you told us. "
    "If you like, your case can go outside the factory: you do that yourself on your page, with one press, and then "
    "nobody here reads it any more. Or we do something for the whole line that points to nobody. What do you want?"
)


class Acknowledge(StepForm):
    step = "acknowledge"
    title = _("Write the first answer")
    lead = _(
        "A human message: thank her; say who reads this; what happens next and by when; how to add something, stop or "
        "move the case; how to get help now. At least one sentence must answer something she told."
    )
    button = _("Send")
    done = _("Your answer was sent. The case is acknowledged.")
    starters: ClassVar[tuple[Words, ...]] = (
        _(
            "Thank you for telling us. I have read what you wrote about … I am … and together with … I look after "
            "this. Nobody else reads it. By … I will write to you again and tell you what we can do. You can write "
            "here at any time, stop it, or move it outside the factory."
        ),
        _(
            "Thank you. It was right to tell. You wrote that … Nothing happens that you do not want. Next we look at "
            "what could make you safer at work, and I ask you before we do it. You hear from me by … If you are not "
            "safe now, press the button “I am not safe now” on your page."
        ),
        _(
            "Thank you for your message about … We take it seriously. You have not shared your own words with us, and "
            "that is fine. If you like, tell us here what you want to happen. By … I write again. You can move this "
            "outside the factory at any time with one press."
        ),
    )
    text = text_field(
        _("Message to the complainant"),
        rows=9,
        hint=_("At least 40 characters. Plain words; nothing that others near her phone should not read."),
    )

    def prepare(self) -> None:
        if self.case.in_hold:
            self.starters = CONTACT  # type: ignore[misc]

    def take(self, at: datetime) -> None:
        workflow.acknowledge(self.case, by=self.desk.person, text=self.cleaned_data["text"], at=at)


class Triage(StepForm):
    step = "triage"
    title = _("Triage")
    lead = _(
        "Sort the case with one colleague. What you write here is sealed in the record; the complainant and the "
        "respondent do not read it. Danger, age and freedom are not asked here: if you worry, open a safeguarding hold."
    )
    button = _("Record the triage")
    done = _("The triage is recorded.")
    to_tab = "casework:case"

    aside: ClassVar[str] = "complaints/casework/_declarations.html"

    second = one_of(_("Who sorts it with you?"), [], hint=_("At the factory one of you two is of the committee."))
    in_scope = one_of(_("Is this something we handle?"), InScope.choices)
    conduct_types = many_of(_("What happened, as you understand it"), Conduct.choices)
    place_types = many_of(_("Where"), Place.choices)
    repeated = one_of(_("Did it happen more than once?"), Repeated.choices)
    power_difference = one_of(_("Does the respondent have power over her work, pay or home?"), YesNoNotKnown.choices)
    severity = one_of(_("Severity, as you see it"), SeverityAsSeen.choices)
    respondent_identified = one_of(
        _("Can the respondent be identified?"),
        YES_NO,
        hint=_("At a factory, a yes starts the legal days for discipline."),
    )
    others_at_risk = text_field(
        _("Who else may be at risk"), required=False, rows=2, hint=_("Without names: a line, a shift, a room.")
    )
    evidence = many_of(_("What could be lost"), Evidence.choices)
    evidence_text = text_field(_("What is to be secured, by whom"), required=False, rows=2)
    question_1 = line_field(_("Questions to the complainant"), hint=_("At most three at a time."))
    question_2 = line_field(_("Second question"))
    question_3 = line_field(_("Third question"))
    proposed_path = one_of(_("Which path would you propose?"), Path.choices)

    def prepare(self) -> None:
        self.people_on = [one for one in people_on(self.case) if one.assignment.role not in OUTSIDE]
        self.colleagues = {str(one.person_id): one for one in workflow.may_sort_with(self.case, self.desk.actor)}
        names = [(pk, f"{one.person.name} ({one.get_role_display()})") for pk, one in self.colleagues.items()]
        self.offer("second", names)
        if len(names) == 1:
            self.fields["second"].initial = names[0][0]
        if not names:
            self.fields["second"].help_text = _(
                "Nobody can yet. A colleague of the committee who is on the case signs first that there is no conflict "
                "of interest; outside a second helper is needed."
            )

    @property
    def then(self) -> str:
        """What is not for this channel is pointed to the right one, never rejected; what is to be asked is asked."""
        if self.cleaned_data.get("in_scope") == InScope.NO:
            return "close_redirected"
        return "send_message" if workflow.questions_in(self.cleaned_data) else ""

    def take(self, at: datetime) -> None:
        fields = {name: value for name, value in self.cleaned_data.items() if name not in ("once", "second")}
        fields["respondent_identified"] = fields["respondent_identified"] == "yes"
        second = self.colleagues[self.cleaned_data["second"]].person
        workflow.triage(self.case, by=self.desk.person, fields=fields, second=second, at=at)


class DecideInterim(StepForm):
    step = "decide_interim"
    title = _("Decide on an interim measure")
    lead = _(
        "A temporary step that keeps people safe. It is not a punishment. First choose what changes for the "
        "respondent; her own work changes only if she asks. “None needed” is a decision too, with its reason."
    )
    done = _("Decided. A measure is looked at again every seven days.")
    code = one_of(_("Measure"), InterimMeasure.Code.choices)
    reason = text_field(_("Reason"), rows=3, hint=_("Also where none is needed."))
    her_view = text_field(
        _("What the affected person says to it"), rows=2, hint=_("Or why she could not be asked before.")
    )
    by_line = tick(
        _("It holds for the whole line"),
        hint=_("Another supervisor, or a stop of warnings and transfers, while she has not shared her name."),
    )
    at_her_request = tick(_("She asked for it herself"))
    she_wants = tick(_("Safeguarding hold: she wants this measure"))
    shows_nobody = tick(_("Safeguarding hold: nobody can tell from it that she spoke"))
    effect_on_pay = tick(_("It would change her pay or the respondent's"), hint=_("Then it is refused."))

    def prepare(self) -> None:
        if not self.case.in_hold:
            del self.fields["she_wants"], self.fields["shows_nobody"]

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.decide_interim(
            self.case,
            by=self.desk.person,
            code=said["code"],
            reason=said["reason"],
            effect_on_pay=said["effect_on_pay"],
            at_her_request=said["at_her_request"],
            her_view=said["her_view"],
            by_line=said["by_line"],
            she_wants=said.get("she_wants", False),
            shows_nobody=said.get("shows_nobody", False),
            at=at,
        )


class ReviewInterim(StepForm):
    step = "review_interim"
    title = _("Look at an interim measure again")
    done = _("Noted.")
    measure = forms.ChoiceField(label=_("Measure"))
    goes_on = one_of(_("Does it go on?"), YES_NO)
    note = text_field(_("What you looked at"), rows=3)
    her_view = text_field(_("What the affected person says to it"), rows=2, hint=_("Or why she could not be asked."))

    def prepare(self) -> None:
        running = self.case.interim_measures.filter(ends_on=None).order_by("starts_on")
        self.measures = {str(measure.pk): measure for measure in running}
        self.offer("measure", [(pk, one.get_code_display()) for pk, one in self.measures.items()])

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.review_interim(
            self.case,
            by=self.desk.person,
            measure=self.measures[said["measure"]],
            goes_on=said["goes_on"] == "yes",
            note=said["note"],
            her_view=said["her_view"],
            at=at,
        )


class AgreePath(StepForm):
    step = "agree_path"
    title = _("Agree the path")
    lead = _(
        "Explain the paths to her in plain words first; she decides. If she does not answer within ten working days, "
        "take the least intrusive step that keeps people safe."
    )
    done = _("The path is agreed.")
    path = one_of(_("Path"), Path.choices)
    reason = text_field(_("Why this path, and what she said to it"), rows=3)
    severity = one_of(_("Severity, as you see it"), SeverityAsSeen.choices)
    power_difference = tick(_("The respondent has power over her"))
    she_agreed = tick(_("She agreed, here or in person"))
    she_asked_twice = tick(_("Informal resolution: she asked for it after all paths were explained to her twice"))
    independent_evidence = text_field(
        _("Formal inquiry without her agreement: evidence that does not come from her"), required=False, rows=2
    )
    written_consent = tick(_("Informal resolution: she agreed in writing, in a message or on paper"))
    body = line_field(_("Referred out: the body she chose"))
    told_to_whom = text_field(
        _("What may be told to whom"), required=False, rows=2, hint=_("As she said it. Nothing else is told.")
    )
    safe_contact = line_field(_("How she can be reached safely"), hint=_("When, and how; never to be tried otherwise."))
    referral_offered = one_of(_("Did you offer her help from outside (a referral)?"), YES_NO, required=False)
    fast_track = tick(
        _("Fast track: what is said to have happened could be serious misconduct"),
        hint=_("Formal inquiry only. The shorter limits on the page of the case count; none becomes longer."),
    )
    no_answer = tick(
        _("She was asked and has not answered; her ten working days are over"),
        hint=_("Then only support or a workplace action is possible."),
    )

    def prepare(self) -> None:
        if fasttrack.offered(self.case) is None or self.case.fast_track:
            del self.fields["fast_track"]

    def take(self, at: datetime) -> None:
        fields: Mapping[str, Any] = {
            name: value for name, value in self.cleaned_data.items() if name not in ("once", "path")
        }
        desk = self.desk
        workflow.agree_path(
            self.case, by=desk.person, path=self.cleaned_data["path"], fields=fields, reader=desk.reader, at=at
        )


class AddNote(StepForm):
    step = "add_note"
    title = _("Add a note")
    lead = _("Sealed in the record. The complainant does not read it.")
    done = _("The note was added.")
    to_tab = "casework:record"
    text = text_field(_("Note"), rows=4)

    def take(self, at: datetime) -> None:
        workflow.add_note(self.case, by=self.desk.person, text=self.cleaned_data["text"], at=at)


class SendMessage(StepForm):
    step = "send_message"
    title = _("Write to the complainant")
    button = _("Send")
    done = _("Your message was sent.")
    to_tab = "casework:messages"
    text = text_field(_("Message to the complainant"), rows=4, hint=_("She reads it on her page. Plain words."))

    def prepare(self) -> None:
        self.starters = CONTACT if self.case.in_hold else self._starters()
        if self.case.stage in (Stage.TRIAGE, Stage.PLANNING) and not self.case.path:
            self.fields["asks"] = tick(
                _("I ask her something that we need for the path"),
                hint=_("With the first question her ten working days to answer begin."),
            )
        elif deadlines.may_wait(self.case):
            self.fields["asks"] = tick(
                _("I ask her something without which we cannot go on"),
                hint=_(
                    "What waits for her answer stands still until she writes, thirty days at most, and once. What "
                    "keeps her safe goes on. She reads this on her page."
                ),
            )
        questions = () if self.is_bound else workflow.questions_not_asked(self.case, self.desk.reader, at=clock.now())
        if questions and "asks" in self.fields:
            self.fields["text"].initial = "\n".join(questions)
            self.fields["asks"].initial = True

    def _starters(self) -> tuple[Words, ...]:
        early = self.case.with_factory and self.case.stage in (Stage.TRIAGE, Stage.PLANNING)
        return (FEW_COULD_KNOW,) if early else ()

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.send_message(self.case, by=self.desk.person, text=said["text"], asks=said.get("asks", False), at=at)
