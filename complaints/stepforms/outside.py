"""Forms of the outside team: first look, holds, handing over, names and factories."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints import workflow
from complaints.casecodes import Role
from complaints.codes import AgeBand, DangerLevel
from complaints.stepforms.base import (
    LONGEST_LINE,
    StepForm,
    one_of,
    text_field,
    tick,
)
from factories.models import Factory
from factories.people import FACTORY_HANDLERS, members


class ConfirmDanger(StepForm):
    step = "confirm_danger"
    title = _("Confirm danger, age and freedom")
    lead = _("Sealed with her own answers about danger. Nothing of it stands in the clear.")
    done = _("Confirmed.")
    danger_level = one_of(_("Danger"), DangerLevel.choices)
    age_band = one_of(_("Age"), [*AgeBand.choices[:3], (AgeBand.NOT_SAID.value, _("Not known"))])
    not_free = tick(_("She may not be free to leave"))
    note = text_field(_("Note"), required=False, rows=3)

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


class FirstLook(StepForm):
    step = "first_look"
    title = _("First look")
    lead = _("Is anyone in danger now? Is there a safe way to answer? Write to her first if there is.")
    done = _("The first look is recorded.")
    note = text_field(_("What you saw and did"), rows=3)
    wrote_to_her = tick(_("I wrote to her"))

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
    sure = tick(_("Yes, this worries me"), required=True)

    def take(self, at: datetime) -> None:
        workflow.open_hold(self.case, self.desk.key(), at=at)


class ProposeLift(StepForm):
    step = "propose_lift"
    title = _("Propose to end the hold")
    lead = _("The other lead has to agree. Talk with the complainant first.")
    button = _("Propose")
    done = _("The other lead was told.")
    sure = tick(_("It is safe, and she knows"), required=True)

    def take(self, at: datetime) -> None:
        workflow.propose_lift(self.case, by=self.desk.person, at=at)


class LiftHold(StepForm):
    step = "lift_hold"
    title = _("End the safeguarding hold")
    lead = _("Two technical experts take over and get what you hold. The factory gets nothing.")
    button = _("End the hold")
    done = _("The hold has ended. Two experts take over.")
    grave = True
    sure = tick(_("It is safe, and she knows"), required=True)

    def take(self, at: datetime) -> None:
        workflow.lift_hold(self.case, self.desk.key(), at=at)


class ProposeHandover(StepForm):
    step = "propose_handover"
    title = _("Suggest to hand the case to the factory")
    lead = _("Your words go to her page. She is asked, consent by consent, what the factory may see; she may say no.")
    button = _("Send the suggestion")
    done = _("She is asked on her page.")
    to_tab = "casework:messages"
    text = text_field(_("Why you suggest it, and what it means for her"), rows=6)

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
    person = one_of(_("Account"), ())

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
