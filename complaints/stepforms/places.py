"""Forms about who is on a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints import workflow
from complaints.casecodes import Role
from complaints.selectors.casepage import OnCaseLine, people_on
from complaints.stepforms.base import (
    StepForm,
)


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
