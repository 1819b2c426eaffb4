"""Forms about decision, action and what is told. Workflow, sections 3.7, 3.8, 4 and 8."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, cast

from crispy_forms.layout import HTML, Column, Field, Layout, Row
from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints import workflow
from complaints.casecodes import RemedyCode, RemedyScope, SanctionCode
from complaints.codes import Path, Stage, Words
from complaints.models import Remedy, Sanction
from complaints.selectors import outcome
from complaints.selectors.discipline import legal_dates
from complaints.stepforms.base import StepForm, line_field, text_field, tick
from complaints.workflow import Planned, RemedyState, StepRefused
from factories import clock

SANCTIONS, REMEDIES = 3, 4  # Rows on the form; remedies can be added later.
USUAL_DAYS = 30
BY_SCOPE = [
    (
        scope.label,
        [(code.value, code.label) for code in RemedyCode if code.scope == scope],
    )
    for scope in RemedyScope
]
AT_HER_WISH = [code.value for code in RemedyCode if code.at_her_wish]
FOR_THE_WORKPLACE = [(code.value, code.label) for code in RemedyCode if code.scope == RemedyScope.WORKPLACE]


def day_field(label: Any, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class PlanningForm(StepForm):
    """A form with rows of what somebody sees to by a day: code, owner, day. An empty code is an empty row."""

    def add_rows(
        self, name: str, label: Words, choices: Sequence[Any], count: int, usual: date | None = None
    ) -> list[Row]:
        """Add the fields of these rows and return their layout."""
        self.owners = {str(person.pk): person for person in workflow.who_may_own(self.case)}
        people = [(pk, person.name) for pk, person in self.owners.items()]
        usual = usual or self.case.local_day(clock.now()) + timedelta(days=USUAL_DAYS)
        rows = []
        for number in range(1, count + 1):
            here = f"{name}_{number}"
            self.fields[f"{here}_code"] = forms.ChoiceField(
                label=f"{label} {number}", choices=[("", "–"), *choices], required=False
            )
            self.fields[f"{here}_owner"] = forms.ChoiceField(label=_("Who sees to it"), choices=people, required=False)
            self.fields[f"{here}_due"] = day_field(_("By"))
            self.fields[f"{here}_due"].initial = usual
            rows.append(
                Row(
                    Column(f"{here}_code", css_class="col-12 col-md-6"),
                    Column(f"{here}_owner", css_class="col-6 col-md-3"),
                    Column(f"{here}_due", css_class="col-6 col-md-3"),
                )
            )
        if choices is BY_SCOPE:
            self.fields["at_her_request"] = tick(
                _("She asked for the apology or for the other place herself"),
                hint=_("Without her own wish neither can be chosen. Everything else needs no tick."),
            )
            rows.append(Row(Column("at_her_request")))
        return rows

    def planned(self, name: str, count: int) -> list[Planned]:
        """The rows that were filled in. Raises `StepRefused` where one is half filled."""
        found = []
        for number in range(1, count + 1):
            code = self.cleaned_data.get(f"{name}_{number}_code")
            owner = self.owners.get(str(self.cleaned_data.get(f"{name}_{number}_owner")))
            due_on = self.cleaned_data.get(f"{name}_{number}_due")
            if not code:
                continue
            if owner is None or due_on is None:
                raise StepRefused(_("Name for each line who sees to it and by which day."))
            asked = code in AT_HER_WISH and bool(self.cleaned_data.get("at_her_request"))
            found.append(Planned(code, owner, due_on, asked))
        return found


# --- Deciding -----------------------------------------------------------------------------------------------------


class AskDecider(StepForm):
    step = "ask_decider"
    title = _("Ask somebody to decide")
    lead = _(
        "Nobody on the case may decide it. A stand-in of the decision maker, or else the outside member who took no "
        "part in the inquiry, gets the finding and who it is about, and nothing else."
    )
    button = _("Ask them")
    done = _("They were told. They decide within the days that are promised.")
    sure = tick(_("Yes, ask whoever stands in"), required=True)

    def take(self, at: datetime) -> None:
        workflow.ask_decider(self.case, self.desk.key(), at=at)


class Decide(PlanningForm):
    step = "decide"
    title = _("Decide what follows")
    lead = _(
        "The finding stays as it is. Choose what puts the harm right and, where something was found to have happened, "
        "what follows for the respondent. Each has somebody on the case who sees to it, and a day. Both sides may "
        "appeal."
    )
    button = _("Decide")
    done = _("It is decided. The committee tells both sides now.")
    to_tab = "casework:outcome"
    grave = True
    aside: ClassVar[str] = "complaints/casework/_factors.html"
    reasons = text_field(
        _("Reasons"), rows=6, hint=_("At least 40 characters. What weighed how much, so that both sides can follow it.")
    )

    def prepare(self) -> None:
        if not self.case.with_factory:
            self.title = _("Recommend what should follow")  # type: ignore[misc]
            self.button = _("Recommend")  # type: ignore[misc]
            self.done = _("Recommended. She is asked on her page whether the factory may read it.")  # type: ignore[misc]
        self.legal = legal_dates(self.case, at=clock.now())
        ahead = [one.day for one in self.legal if not one.is_over]
        proven = self.case.allegations.filter(result__in=workflow.PROVEN).exists()
        self.sanctions = SANCTIONS if proven else 0
        hint = (
            _now("What follows for the respondent: the same scale for every rank")
            if proven
            else _now("No sanction is possible: nothing was found to have happened. Remedies are.")
        )
        self.helper.layout = Layout(
            "once",
            heading(_now("What puts the harm right")),
            *self.add_rows("remedy", _("Remedy"), BY_SCOPE, REMEDIES),
            heading(hint),
            *self.add_rows("sanction", _("Sanction"), SanctionCode.choices, self.sanctions, min(ahead, default=None)),
            Field("reasons"),
        )

    def take(self, at: datetime) -> None:
        workflow.decide(
            self.case,
            by=self.desk.person,
            reasons=self.cleaned_data["reasons"],
            sanctions=self.planned("sanction", self.sanctions),
            remedies=self.planned("remedy", REMEDIES),
            at=at,
        )


def heading(text: str) -> HTML:
    return HTML(f'<h3 class="h6 mt-3">{text}</h3>')


class SendBack(StepForm):
    step = "send_back"
    title = _("Send the finding back with questions")
    lead = _(
        "Only if you cannot decide on it as it is. It goes back once; the committee answers and makes the finding "
        "again. You may not change it yourself."
    )
    button = _("Send back")
    done = _("The finding went back with your questions.")
    grave = True
    questions = text_field(
        _("Your questions"), rows=5, hint=_("Which part does not follow from what was said, and why?")
    )

    def take(self, at: datetime) -> None:
        workflow.send_back(self.case, by=self.desk.person, questions=self.cleaned_data["questions"], at=at)


class PassToOutsideMember(StepForm):
    step = "pass_to_outside_member"
    title = _("Give the decision to the outside member")
    lead = _(
        "The finding went back once and you still disagree. The outside member decides instead of you. Your own "
        "access ends at once."
    )
    button = _("Give it to the outside member")
    done = _("The outside member decides now. The case is not yours any more.")
    grave = True
    sure = tick(_("Yes, the outside member decides"), required=True)

    def take(self, at: datetime) -> None:
        workflow.pass_to_outside_member(self.case, self.desk.key(), at=at)


class PassOnRecommendation(StepForm):
    step = "pass_on_recommendation"
    title = _("Give the recommendation to the factory")
    lead = _(
        "She agreed that the factory may read it. Write exactly what it is told; print that page and hand it over "
        "yourself. Nothing else of the case goes with it, and no account at the factory opens anything."
    )
    button = _("Note that it is given")
    done = _("Noted. Print the page and hand it over. The remedies are promised from today.")
    to_tab = "casework:outcome"
    text = text_field(
        _("What the factory is told"), rows=8, hint=_("Nothing that only one person could know; no word of hers.")
    )

    def take(self, at: datetime) -> None:
        workflow.pass_on_recommendation(self.case, by=self.desk.person, text=self.cleaned_data["text"], at=at)


# --- Telling ------------------------------------------------------------------------------------------------------


class TellOutcome(StepForm):
    step = "tell_outcome"
    title = _("Tell her the outcome")
    lead = _(
        "She reads it on her phone, perhaps in some weeks. Write the two parts in plain words and short sentences. "
        "Below them she reads by itself, in her language: until when and how she can ask for a new look, and that "
        "nobody may treat her badly because she told, and how to say that it happens."
    )
    button = _("Send it to her")
    done = _("She can read it on her page. The checks on how she is begin today.")
    to_tab = "casework:outcome"
    found = text_field(
        _("What was found"),
        rows=4,
        hint=_("In her terms. Where there was not enough information: say that this says nothing about her honesty."),
    )
    done_text = text_field(
        _("What will be done that concerns her"),
        rows=4,
        hint=_("By whom and by when. No detail about the respondent that does not concern her."),
    )

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.tell_outcome(self.case, by=self.desk.person, found=said["found"], done=said["done_text"], at=at)


class TellOutcomeToRespondent(StepForm):
    step = "tell_outcome_to_respondent"
    title = _("Tell the respondent the outcome")
    lead = _(
        "This becomes a letter that you print and hand over. Only what concerns the respondent: no word of hers, no "
        "name, no detail only one person could know. How to appeal, and that retaliation is forbidden, stand in it "
        "already."
    )
    button = _("Write the letter")
    done = _("The letter is written. Print it from this page and hand it over today.")
    to_tab = "casework:outcome"
    found = text_field(_("What was found"), rows=4)
    follows = text_field(_("What follows for the respondent"), rows=4, hint=_("Also where nothing follows."))
    contact = line_field(_("With an appeal or a question the respondent goes to"), hint=_("Name, role and place."))

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.tell_outcome_to_respondent(
            self.case,
            by=self.desk.person,
            found=said["found"],
            follows=said["follows"],
            contact=said["contact"],
            at=at,
        )


class GiveFeedback(StepForm):
    step = "give_feedback"
    title = _("Give her the overall answer")
    lead = _(
        "Within three months she hears what was done so far and what is still to come, also where there is no result "
        "yet. Say by when she hears again."
    )
    button = _("Send it to her")
    done = _("She can read it on her page.")
    to_tab = "casework:messages"
    text = text_field(_("Message to the complainant"), rows=7)

    def take(self, at: datetime) -> None:
        workflow.give_feedback(self.case, by=self.desk.person, text=self.cleaned_data["text"], at=at)


# --- Paths --------------------------------------------------------------------------------------------------------


class ChangePath(StepForm):
    step = "change_path"
    title = _("Change the path")
    lead = _("The case goes back to planning; agree a path with her again. What was written stays.")
    button = _("Go back to planning")
    done = _("The case is back in planning. Agree the path with her.")
    reason = text_field(_("Why the path changes, and what she says to it"), rows=3)

    def take(self, at: datetime) -> None:
        workflow.change_path(self.case, by=self.desk.person, reason=self.cleaned_data["reason"], at=at)


class BeginAction(PlanningForm):
    step = "begin_action"
    title = _("Begin the action")
    button = _("Begin")
    done = _("The action has begun. Whoever sees to something finds it on their page.")
    to_tab = "casework:outcome"

    def prepare(self) -> None:
        self.rows = 0
        if self.case.stage == Stage.PLANNING:
            self._by_plan()
        elif self.case.respondent_outcome_on is None:
            self.lead = _("The respondent has not been told the outcome. Tell them first, or write why not.")  # type: ignore[misc]
            self.fields["text"] = text_field(_("Why the respondent is not told"), rows=3)
        else:
            self.lead = _("Both sides were told. From now on each remedy and sanction is carried out by its day.")  # type: ignore[misc]

    def _by_plan(self) -> None:
        choices: Sequence[Any] = BY_SCOPE
        if self.case.path == Path.WORKPLACE_ACTION:
            choices = FOR_THE_WORKPLACE
            self.lead = _(  # type: ignore[misc]
                "Something changes for a whole line, place or job. Nothing of it points to a person, and nobody is "
                "told that somebody complained."
            )
        else:
            self.lead = _(  # type: ignore[misc]
                "Write what both sides agreed to. Not face to face unless she asks; she may bring somebody and may "
                "stop at any time. No secrecy, no forced apology, no payment for silence."
            )
        self.fields["text"] = text_field(_("What was agreed, and how she sees it"), rows=4)
        self.rows = REMEDIES
        rows = self.add_rows("remedy", _("What changes"), choices, REMEDIES)
        informal = []
        if self.case.path == Path.INFORMAL_RESOLUTION:
            informal = ["not_face_to_face", "trusted_person"]
            self.fields["not_face_to_face"] = tick(
                _("They do not sit face to face, or she asked for that herself"), required=True
            )
            self.fields["trusted_person"] = tick(
                _("A person she trusts is with her, or she said that she wants nobody"), required=True
            )
        self.helper.layout = Layout("once", Field("text"), *informal, *rows)

    def take(self, at: datetime) -> None:
        workflow.begin_action(
            self.case,
            by=self.desk.person,
            text=self.cleaned_data.get("text", ""),
            remedies=self.planned("remedy", self.rows),
            not_face_to_face=self.cleaned_data.get("not_face_to_face", False),
            trusted_person=self.cleaned_data.get("trusted_person", False),
            at=at,
        )


class BeginMonitoring(StepForm):
    step = "begin_monitoring"
    title = _("Begin monitoring")
    button = _("Begin monitoring")
    done = _("Monitoring has begun: she is asked how she is after 30, 60 and 90 days.")

    def prepare(self) -> None:
        if self.case.stage != Stage.PLANNING:
            self.lead = _("Everything that was decided or agreed is done and confirmed, or has a dated plan.")  # type: ignore[misc]
            return
        self.lead = _("No action towards others is planned. From now on we look after how she is.")  # type: ignore[misc]
        self.fields["text"] = text_field(
            _("What was agreed with her"), rows=3, hint=_("Which help, from whom, and what she wants next.")
        )

    def take(self, at: datetime) -> None:
        workflow.begin_monitoring(self.case, by=self.desk.person, text=self.cleaned_data.get("text", ""), at=at)


# --- Remedies and sanctions ---------------------------------------------------------------------------------------


class AddRemedy(PlanningForm):
    step = "add_remedy"
    title = _("Add a remedy")
    done = _("The remedy was added. It has a day and somebody who sees to it.")
    to_tab = "casework:outcome"

    def prepare(self) -> None:
        choices = FOR_THE_WORKPLACE if self.case.path == Path.WORKPLACE_ACTION else BY_SCOPE
        rows = self.add_rows("remedy", _("Remedy"), choices, 1)
        self.fields["note"] = text_field(_("What exactly"), required=False, rows=3)
        self.helper.layout = Layout("once", *rows, Field("note"))

    def take(self, at: datetime) -> None:
        planned = self.planned("remedy", 1)
        if not planned:
            raise StepRefused(_("Choose from the list what should follow."))
        workflow.add_remedy(self.case, by=self.desk.person, planned=planned[0], note=self.cleaned_data["note"], at=at)


class _OfARemedy(StepForm):
    """A step about one remedy, offered from those with which it can be taken."""

    to_tab = "casework:outcome"
    remedy = forms.ChoiceField(label=_("Remedy"))

    def prepare(self) -> None:
        at = clock.now()
        rows = outcome.rows_of(self.case, self.desk.actor, at=at)
        able = outcome.for_step(self.step, rows, self.desk.actor, today=self.case.local_day(at))
        self.found: dict[str, Remedy] = {str(one.remedy.pk): one.remedy for one in cast(list[RemedyState], able)}
        self.offer("remedy", [(pk, words_of(remedy)) for pk, remedy in self.found.items()])

    def chosen(self) -> Remedy:
        return self.found[self.cleaned_data["remedy"]]


def words_of(one: Remedy | Sanction) -> str:
    day = date_format(one.due_on)
    return _now("%(what)s: %(who)s, by %(day)s") % {"what": one.get_code_display(), "who": one.owner.name, "day": day}


class PlanRemedy(_OfARemedy):
    step = "plan_remedy"
    title = _("Plan a remedy again")
    lead = _("It was not done by its day, or she says that it was not. Name who sees to it now, and the new day.")
    done = _("The remedy has a new day.")
    owner = forms.ChoiceField(label=_("Who sees to it"))
    due_on = day_field(_("By"), required=True)
    outside_line = tick(
        _("This person does not work in the line of either side"),
        hint=_("Only then the plan counts for going on to monitoring and for closing."),
    )
    reason = text_field(_("Why it was not done, and what is different now"), rows=3)

    def prepare(self) -> None:
        super().prepare()
        self.owners: dict[str, Person] = {str(person.pk): person for person in workflow.who_may_own(self.case)}
        self.offer("owner", [(pk, person.name) for pk, person in self.owners.items()])

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        due_on: date = said["due_on"]
        workflow.plan_remedy(
            self.case,
            by=self.desk.person,
            remedy=self.chosen(),
            owner=self.owners[said["owner"]],
            due_on=due_on,
            outside_line=said["outside_line"],
            reason=said["reason"],
            at=at,
        )


class RemedyDone(_OfARemedy):
    step = "remedy_done"
    title = _("Say that a remedy is done")
    lead = _("She is asked on her page whether it has happened. Only then it counts.")
    button = _("It is done")
    done = _("Noted. Now she is asked.")
    note = text_field(_("What was done"), required=False, rows=2)

    def take(self, at: datetime) -> None:
        note = self.cleaned_data["note"]
        workflow.remedy_done(self.case, by=self.desk.person, remedy=self.chosen(), note=note, at=at)


class AskAboutRemedy(_OfARemedy):
    step = "ask_about_remedy"
    title = _("Ask her whether a remedy has happened")
    lead = _("A short message. She answers with two taps on her page, or in her own words.")
    button = _("Ask her")
    done = _("She is asked.")
    text = text_field(_("Message to the complainant"), rows=4)

    def take(self, at: datetime) -> None:
        text = self.cleaned_data["text"]
        workflow.ask_about_remedy(self.case, by=self.desk.person, remedy=self.chosen(), text=text, at=at)


class VerifyRemedy(_OfARemedy):
    step = "verify_remedy"
    title = _("Verify a remedy without her answer")
    lead = _("By the expert for her; or by other evidence, after two requests that she did not answer.")
    button = _("It has happened")
    done = _("Verified.")
    evidence = text_field(_("How you know that it has happened"), rows=3)

    def take(self, at: datetime) -> None:
        evidence = self.cleaned_data["evidence"]
        workflow.verify_remedy(self.case, by=self.desk.person, remedy=self.chosen(), evidence=evidence, at=at)


class _OfASanction(StepForm):
    """A step about one sanction, offered from those with which it can be taken."""

    to_tab = "casework:outcome"
    sanction = forms.ChoiceField(label=_("Sanction"))

    def prepare(self) -> None:
        at = clock.now()
        rows = outcome.rows_of(self.case, self.desk.actor, at=at)
        able = outcome.for_step(self.step, rows, self.desk.actor, today=self.case.local_day(at))
        self.legal = legal_dates(self.case, at=at)
        self.found: dict[str, Sanction] = {str(one.pk): one for one in cast(list[Sanction], able)}
        self.offer("sanction", [(pk, words_of(one)) for pk, one in self.found.items()])

    def chosen(self) -> Sanction:
        return self.found[self.cleaned_data["sanction"]]


class CarryOutSanction(_OfASanction):
    step = "carry_out_sanction"
    title = _("Say that a sanction was carried out")
    button = _("It was carried out")
    done = _("Noted. Somebody else checks it.")
    aside: ClassVar[str] = "complaints/casework/_legal_note.html"
    note = text_field(_("What was done"), required=False, rows=2)

    def take(self, at: datetime) -> None:
        note = self.cleaned_data["note"]
        workflow.carry_out_sanction(self.case, by=self.desk.person, sanction=self.chosen(), note=note, at=at)


class CheckSanction(_OfASanction):
    step = "check_sanction"
    title = _("Check a sanction")
    lead = _("Look for yourself: the letter, the duty list, the pay. Somebody else than its owner checks.")
    button = _("It was carried out as decided")
    done = _("Checked.")
    note = text_field(_("What you looked at"), rows=2)

    def take(self, at: datetime) -> None:
        note = self.cleaned_data["note"]
        workflow.check_sanction(self.case, by=self.desk.person, sanction=self.chosen(), note=note, at=at)


ALL: tuple[type[StepForm], ...] = (
    AskDecider,
    Decide,
    SendBack,
    PassToOutsideMember,
    PassOnRecommendation,
    TellOutcome,
    TellOutcomeToRespondent,
    GiveFeedback,
    ChangePath,
    BeginAction,
    BeginMonitoring,
    AddRemedy,
    PlanRemedy,
    RemedyDone,
    AskAboutRemedy,
    VerifyRemedy,
    CarryOutSanction,
    CheckSanction,
)
