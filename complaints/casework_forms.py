"""The forms of a case's steps: each checks the shape of what was typed and takes one step of the workflow.

A form is told what the page knows (`Desk`); `take` calls one service. What it says no to is shown on the form,
which keeps what was typed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.keys import Reader
from accounts.models import Person
from complaints import workflow
from complaints.casecodes import Declaration, Role
from complaints.casewords import Conduct, Evidence, InScope, Place, Repeated, SeverityAsSeen, YesNoNotKnown
from complaints.codes import AgeBand, DangerLevel, Path, Words
from complaints.models import Case, InterimMeasure
from complaints.selectors.casepage import OnCaseLine, people_on
from factories.models import Factory
from factories.people import FACTORY_HANDLERS, members

LONGEST = 12_000
LONGEST_LINE = 400
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


@dataclass(frozen=True)
class Desk:
    """Who takes the step, on which case, and with which key in hand."""

    case: Case
    actor: workflow.Actor
    person: Person
    reader: Reader | None

    def key(self) -> Reader:
        """The key in hand. Raises `StepRefused` where there is none."""
        if self.reader is None:
            raise workflow.StepRefused(
                _("Your key is locked in this session. Sign out and sign in again, then take this step.")
            )
        return self.reader


def _text(label: Any, *, required: bool = True, rows: int = 5, hint: Any = "", initial: Any = None) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        help_text=hint,
        initial=initial,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
    )


def _line(label: Any, *, hint: Any = "") -> forms.CharField:
    attrs = {"autocomplete": "off"}
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_LINE, help_text=hint, widget=forms.TextInput(attrs=attrs)
    )


def _one(label: Any, choices: Any, *, required: bool = True, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, required=required, help_text=hint, widget=forms.RadioSelect()
    )


def _many(label: Any, choices: Any, *, hint: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, help_text=hint, widget=forms.CheckboxSelectMultiple()
    )


def _tick(label: Any, *, hint: Any = "", required: bool = False) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=required, help_text=hint)


class StepForm(forms.Form):
    """One step. `once` lets a second press of the same button be told from a second message."""

    step: ClassVar[str]
    title: ClassVar[Words]
    lead: ClassVar[Words] = ""
    button: ClassVar[Words] = _("Save")
    done: ClassVar[Words] = _("Saved.")
    searches: ClassVar[bool] = False  # Something is looked for first.
    grave: ClassVar[bool] = False  # The button is red: this cannot be taken back by pressing again.
    to_tab: ClassVar[str] = "casework:case"

    once = forms.SlugField(widget=forms.HiddenInput(), required=False, max_length=40)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.desk = desk
        self.fields["once"].initial = secrets.token_urlsafe(16)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the case."""

    def offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        """Let a field choose among these."""
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def take(self, at: datetime) -> None:
        """Take the step. Raises `StepRefused`."""
        raise NotImplementedError

    @property
    def case(self) -> Case:
        return self.desk.case


class DeclareConflict(StepForm):
    step = "declare_conflict"
    title = _("Do you have a conflict of interest?")
    lead = _(
        "Before anything opens: are you a relative or friend of somebody concerned, in debt to them, in a relationship "
        "with them, in their line, under them, or did you see it happen? Did you handle an earlier case about which "
        "somebody complained? You may not know yet whom it is about. Sign what you know; a false statement has "
        "consequences."
    )
    button = _("Sign")
    done = _("You have signed.")
    answer = _one(_("I say about this case:"), Declaration.choices)
    text = _text(_("If possibly: why"), required=False, rows=3, hint=_("Whoever decides about it reads this."))

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.declare_conflict(self.case, by=self.desk.person, answer=said["answer"], text=said["text"], at=at)


class DecideConflict(StepForm):
    step = "decide_conflict"
    title = _("Decide a possible conflict of interest")
    lead = _("A colleague has said that there may be a conflict. What they wrote stands in the record.")
    about = forms.ChoiceField(label=_("Colleague"))
    may_handle = _one(_("May they work on this case?"), YES_NO)
    done = _("Decided.")

    def prepare(self) -> None:
        waiting = self.case.declarations.filter(may_handle=None).select_related("person")
        self.people = {str(d.person_id): d.person for d in waiting if d.person_id != self.desk.person.pk}
        self.offer("about", [(pk, person.name) for pk, person in self.people.items()])

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        about, may = self.people[said["about"]], said["may_handle"] == "yes"
        workflow.decide_conflict(self.case, by=self.desk.person, about=about, may_handle=may, at=at)


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
    text = _text(
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
    names_handlers = _one(_("Could it be somebody in HR, the committee or top management?"), YES_NO)

    def take(self, at: datetime) -> None:
        names = self.cleaned_data["names_handlers"] == "yes"
        workflow.answer_conflict_question(self.case, self.desk.key(), names_handlers=names, at=at)


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
    text = _text(
        _("Message to the complainant"),
        rows=9,
        hint=_("At least 40 characters. Plain words; nothing that others near her phone should not read."),
    )

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

    in_scope = _one(_("Is this something we handle?"), InScope.choices)
    conduct_types = _many(_("What happened, as you understand it"), Conduct.choices)
    place_types = _many(_("Where"), Place.choices)
    repeated = _one(_("Did it happen more than once?"), Repeated.choices)
    power_difference = _one(_("Does the respondent have power over her work, pay or home?"), YesNoNotKnown.choices)
    severity = _one(_("Severity, as you see it"), SeverityAsSeen.choices)
    respondent_identified = _one(
        _("Can the respondent be identified?"),
        YES_NO,
        hint=_("At a factory, a yes starts the legal days for discipline."),
    )
    others_at_risk = _text(
        _("Who else may be at risk"), required=False, rows=2, hint=_("Without names: a line, a shift, a room.")
    )
    evidence = _many(_("What could be lost"), Evidence.choices)
    evidence_text = _text(_("What is to be secured, by whom"), required=False, rows=2)
    links = _text(
        _("Links to earlier cases"),
        required=False,
        rows=2,
        hint=_("By place, job or respondent, and only where the complainant agreed to be compared."),
    )
    question_1 = _line(_("Questions to the complainant"), hint=_("At most three at a time."))
    question_2 = _line(_("Second question"))
    question_3 = _line(_("Third question"))
    proposed_path = _one(_("Which path would you propose?"), Path.choices)

    def take(self, at: datetime) -> None:
        fields = {name: value for name, value in self.cleaned_data.items() if name != "once"}
        fields["respondent_identified"] = fields["respondent_identified"] == "yes"
        workflow.triage(self.case, by=self.desk.person, fields=fields, at=at)


class ConfirmDanger(StepForm):
    step = "confirm_danger"
    title = _("Confirm danger, age and freedom")
    lead = _("Sealed with her own answers about danger. Nothing of it stands in the clear.")
    done = _("Confirmed.")
    danger_level = _one(_("Danger"), DangerLevel.choices)
    age_band = _one(_("Age"), [*AgeBand.choices[:3], (AgeBand.NOT_SAID.value, _("Not known"))])
    not_free = _tick(_("She may not be free to leave"))
    note = _text(_("Note"), required=False, rows=3)

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.confirm_danger(
            self.case,
            by=self.desk.person,
            danger_level=said["danger_level"],
            age_band=said["age_band"],
            not_free=said["not_free"],
            note=said["note"],
            at=at,
        )


class DecideInterim(StepForm):
    step = "decide_interim"
    title = _("Decide on an interim measure")
    lead = _(
        "A temporary step that keeps people safe. It is not a punishment. First choose what changes for the "
        "respondent; her own work changes only if she asks. “None needed” is a decision too, with its reason."
    )
    done = _("Decided. A measure is looked at again every seven days.")
    code = _one(_("Measure"), InterimMeasure.Code.choices)
    reason = _text(_("Reason"), rows=3, hint=_("Also where none is needed. What does the affected person say to it?"))
    at_her_request = _tick(_("She asked for it herself"))
    effect_on_pay = _tick(_("It would change her pay or the respondent's"), hint=_("Then it is refused."))

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.decide_interim(
            self.case,
            by=self.desk.person,
            code=said["code"],
            reason=said["reason"],
            effect_on_pay=said["effect_on_pay"],
            at_her_request=said["at_her_request"],
            at=at,
        )


class ReviewInterim(StepForm):
    step = "review_interim"
    title = _("Look at an interim measure again")
    done = _("Noted.")
    measure = forms.ChoiceField(label=_("Measure"))
    goes_on = _one(_("Does it go on?"), YES_NO)
    note = _text(_("What you looked at, and what the affected person says"), rows=3)

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
    path = _one(_("Path"), Path.choices)
    reason = _text(_("Why this path, and what she said to it"), rows=3)
    severity = _one(_("Severity, as you see it"), SeverityAsSeen.choices)
    power_difference = _tick(_("The respondent has power over her"))
    she_agreed = _tick(_("She agreed, here or in person"))
    she_asked_twice = _tick(_("Informal resolution: she asked for it after all paths were explained to her twice"))
    independent_evidence = _text(
        _("Formal inquiry without her agreement: evidence that does not come from her"), required=False, rows=2
    )
    body = _line(_("Referred out: the body she chose"))

    def take(self, at: datetime) -> None:
        fields: Mapping[str, Any] = {
            name: value for name, value in self.cleaned_data.items() if name not in ("once", "path")
        }
        workflow.agree_path(self.case, by=self.desk.person, path=self.cleaned_data["path"], fields=fields, at=at)


class AddNote(StepForm):
    step = "add_note"
    title = _("Add a note")
    lead = _("Sealed in the record. The complainant does not read it.")
    done = _("The note was added.")
    to_tab = "casework:record"
    text = _text(_("Note"), rows=4)

    def take(self, at: datetime) -> None:
        workflow.add_note(self.case, by=self.desk.person, text=self.cleaned_data["text"], at=at)


class SendMessage(StepForm):
    step = "send_message"
    title = _("Write to the complainant")
    button = _("Send")
    done = _("Your message was sent.")
    to_tab = "casework:messages"
    text = _text(_("Message to the complainant"), rows=4, hint=_("She reads it on her page. Plain words."))

    def take(self, at: datetime) -> None:
        workflow.send_message(self.case, by=self.desk.person, text=self.cleaned_data["text"], at=at)


class _WithSomebody(StepForm):
    """A step that names another person, offered from whom the rules allow."""

    def offer_people(self, people: Sequence[tuple[Person, str]]) -> None:
        self.found = {f"{person.pk}.{role}": (person, role) for person, role in people}
        names = [(key, f"{person.name} ({Role(role).label})") for key, (person, role) in self.found.items()]
        self.offer("person", names)
        if not names:
            self.fields["person"].help_text = _(
                "There is nobody else: no colleague has a vouched key and no conflict. Ask a technical expert."
            )


class Assign(_WithSomebody):
    step = "assign"
    title = _("Put another person on the case")
    lead = _("They get what you hold yourself, never more than the complainant shared, and sign about conflicts first.")
    button = _("Put on the case")
    done = _("The person is on the case now.")
    person = forms.ChoiceField(label=_("Person"))

    def prepare(self) -> None:
        self.offer_people(workflow.may_be_assigned(self.case, self.desk.actor))

    def take(self, at: datetime) -> None:
        person, role = self.found[self.cleaned_data["person"]]
        workflow.assign(self.case, self.desk.key(), person=person, role=role, at=at)


class HandOn(_WithSomebody):
    step = "hand_on"
    title = _("Hand the case on")
    lead = _("Your place on the case goes to a colleague, with what you could open. Your own access ends at once.")
    button = _("Hand on and leave the case")
    done = _("The case was handed on. It is not yours any more.")
    grave = True
    person = forms.ChoiceField(label=_("To"))

    def prepare(self) -> None:
        self.offer_people(workflow.may_take_over(self.case, self.desk.actor))

    def take(self, at: datetime) -> None:
        person, _role = self.found[self.cleaned_data["person"]]
        workflow.hand_on(self.case, self.desk.key(), to=person, at=at)


class ShareAgain(StepForm):
    step = "share_again"
    title = _("Share again")
    lead = _(
        "A colleague on this case has a new key and lost access. Share what you hold with them again. Do it only if "
        "you know that they replaced their key themselves."
    )
    button = _("Share again")
    done = _("Shared. Your colleague can open it again.")
    person = forms.ChoiceField(label=_("Colleague"))

    def prepare(self) -> None:
        self.lost = {str(one.assignment.person_id): one for one in self._lines()}
        self.offer("person", [(pk, one.assignment.person.name) for pk, one in self.lost.items()])

    def _lines(self) -> Iterator[OnCaseLine]:
        for one in people_on(self.case):
            if one.may_get_again_from(self.desk.actor):
                yield one

    def take(self, at: datetime) -> None:
        to = self.lost[self.cleaned_data["person"]].assignment.person
        workflow.share_again(self.case, self.desk.key(), to=to, at=at)


class FirstLook(StepForm):
    step = "first_look"
    title = _("First look")
    lead = _("Is anyone in danger now? Is there a safe way to answer? Write to her first if there is.")
    done = _("The first look is recorded.")
    note = _text(_("What you saw and did"), rows=3)
    wrote_to_her = _tick(_("I wrote to her"))

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.first_look(self.case, by=self.desk.person, note=said["note"], wrote_to_her=said["wrote_to_her"], at=at)


class OpenHold(StepForm):
    step = "open_hold"
    title = _("Open a safeguarding hold")
    lead = _(
        "For a minor, somebody who may not be free, or danger to life. Two safeguarding leads get what you hold; the "
        "access of everybody at the factory ends at once, yours too if you work there. Nobody outside is told."
    )
    button = _("Open the hold")
    done = _("The safeguarding hold is open. The leads were told.")
    grave = True
    sure = _tick(_("Yes, this worries me"), required=True)

    def take(self, at: datetime) -> None:
        workflow.open_hold(self.case, self.desk.key(), at=at)


class ProposeLift(StepForm):
    step = "propose_lift"
    title = _("Propose to end the hold")
    lead = _("The other lead has to agree. Talk with the complainant first.")
    button = _("Propose")
    done = _("The other lead was told.")
    sure = _tick(_("It is safe, and she knows"), required=True)

    def take(self, at: datetime) -> None:
        workflow.propose_lift(self.case, by=self.desk.person, at=at)


class LiftHold(StepForm):
    step = "lift_hold"
    title = _("End the safeguarding hold")
    lead = _("Two technical experts take over and get what you hold. The factory gets nothing.")
    button = _("End the hold")
    done = _("The hold has ended. Two experts take over.")
    grave = True
    sure = _tick(_("It is safe, and she knows"), required=True)

    def take(self, at: datetime) -> None:
        workflow.lift_hold(self.case, self.desk.key(), at=at)


class ProposeHandover(StepForm):
    step = "propose_handover"
    title = _("Suggest to hand the case to the factory")
    lead = _("Your words go to her page. She is asked, consent by consent, what the factory may see; she may say no.")
    button = _("Send the suggestion")
    done = _("She is asked on her page.")
    to_tab = "casework:messages"
    text = _text(_("Why you suggest it, and what it means for her"), rows=6)

    def take(self, at: datetime) -> None:
        workflow.propose_handover(self.case, by=self.desk.person, text=self.cleaned_data["text"], at=at)


class MatchFactory(StepForm):
    step = "match_factory"
    title = _("Match the factory")
    lead = _("Find the factory she meant. The case stays outside.")
    button = _("This is the factory")
    done = _("The factory is set.")
    searches: ClassVar[bool] = True
    factory = forms.ChoiceField(label=_("Factory"), widget=forms.RadioSelect())

    def prepare(self) -> None:
        found = Factory.objects.none()
        self.searched = words = (
            str(self.data.get("words", "")) if self.data else ""
        )  # Posted, so that no address tells it.
        if words.strip():
            found = Factory.objects.filter(country=self.case.country_id).search(words)[:20]
        self.factories = {str(factory.pk): factory for factory in found}
        self.offer("factory", [(pk, f"{one.name}, {one.get_status_display()}") for pk, one in self.factories.items()])
        self.fields["words"] = forms.CharField(
            widget=forms.HiddenInput(), initial=words, required=False, max_length=LONGEST_LINE
        )

    def take(self, at: datetime) -> None:
        factory = self.factories[self.cleaned_data["factory"]]
        workflow.match_factory(self.case, by=self.desk.person, factory=factory, at=at)


class MatchName(StepForm):
    step = "match_name"
    title = _("Match the name that must not see it")
    lead = _(
        "She may have written a person who must not see this. If that person has an account at the factory, choose it: "
        "they are kept out from now on, and nobody can tell from this case whom you chose."
    )
    done = _("Noted.")
    person = _one(_("Account"), ())

    def prepare(self) -> None:
        factory = self.case.factory
        roles = [*FACTORY_HANDLERS, Role.DECISION_MAKER]
        found = members(factory, roles, vouched=False) if factory else Person.objects.none()
        self.accounts = {str(person.pk): person for person in found}
        names = [(pk, person.name) for pk, person in self.accounts.items()]
        self.offer("person", [*names, ("none", _("Nobody with an account there"))])

    def take(self, at: datetime) -> None:
        person = self.accounts.get(self.cleaned_data["person"])
        workflow.match_name(self.case, by=self.desk.person, person=person, at=at)


FORMS: dict[str, type[StepForm]] = {
    form.step: form
    for form in (
        DeclareConflict,
        DecideConflict,
        AskConflictQuestion,
        AnswerConflictQuestion,
        Acknowledge,
        Triage,
        ConfirmDanger,
        DecideInterim,
        ReviewInterim,
        AgreePath,
        AddNote,
        SendMessage,
        Assign,
        HandOn,
        ShareAgain,
        FirstLook,
        OpenHold,
        ProposeLift,
        LiftHold,
        ProposeHandover,
        MatchFactory,
        MatchName,
    )
}
