"""Forms of referrals: offer a service to her, pass on by hand what she agreed to, note how it went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from complaints import workflow
from complaints.stepforms.base import StepForm, one_of, text_field, tick
from complaints.workflow.referrals import OUTCOMES, seen_by
from factories import clock, providers
from factories.models import ServiceProvider


class OfferReferral(StepForm):
    step = "offer_referral"
    title = _("Offer a service to her")
    lead = _(
        "Only services that were checked in person and where every answer was yes. She reads your words on her page "
        "and says yes or no. Nothing is passed on without her yes, and this software passes nothing on at all."
    )
    button = _("Offer it to her")
    done = _("She is asked on her page.")
    to_tab = "casework:referrals"
    provider = one_of(_("Service"), ())
    text = text_field(
        _("Why you offer it, in plain words"), rows=4, hint=_("She may come, go, call and leave there as she likes.")
    )
    passed_on = text_field(
        _("Exactly what the service would be told"),
        rows=3,
        hint=_(
            "As little as helps: a first name or none, what she needs, how she can be reached. Nothing of her past."
        ),
    )

    def prepare(self) -> None:
        open_now = providers.referable(self.case.country, at=clock.now()).order_by("name", "pk")
        self.found = {str(one.pk): one for one in open_now}
        self.offer("provider", [(pk, _in_words(one)) for pk, one in self.found.items()])
        if not self.found:
            self.fields["provider"].help_text = _(
                "No service in this country is open for referrals now. Nobody is sent anywhere else; help her "
                "yourself, and ask the outside team to check a service in person."
            )

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.offer_referral(
            self.case,
            by=self.desk.person,
            provider=self.found[said["provider"]],
            text=said["text"],
            passed_on=said["passed_on"],
            at=at,
        )


def _in_words(one: ServiceProvider) -> str:
    more = [", ".join(one.kind_labels), one.place, one.hours, one.languages, one.cost]
    return f"{one.name}: {' · '.join(part for part in more if part)}"


class _OfReferral(StepForm):
    """A step about one of the referrals, by its number."""

    to_tab = "casework:referrals"
    number = forms.TypedChoiceField(label=_("Referral"), coerce=int)

    def prepare(self) -> None:
        found = seen_by(self.case, self.desk.actor)
        self.offer(
            "number",
            [
                (
                    str(number),
                    format_lazy(_("Referral {number}, offered {day}"), number=number, day=date_format(one.offered_on)),
                )
                for number, one in found.items()
            ],
        )

    def about(self, number: int) -> Any:
        """The same form for one referral alone, beside its words."""
        self.auto_id = f"id_{self.step}_{number}_%s"
        self.fields["number"].initial = number
        self.fields["number"].widget = forms.HiddenInput()
        return self


class SendReferral(_OfReferral):
    step = "send_referral"
    title = _("Note that a referral was passed on")
    lead = _(
        "Pass it on yourself, by voice or on paper: the sheet to print holds exactly what she agreed to. Then note it "
        "here. This software sends nothing."
    )
    button = _("I passed on exactly this")
    done = _("Noted. Ask her in a week or two whether she reached them.")
    sure = tick(_("Only what stands on the sheet, and only to this service"), required=True)

    def take(self, at: datetime) -> None:
        workflow.send_referral(self.case, self.desk.key(), number=self.cleaned_data["number"], at=at)


class NoteReferral(_OfReferral):
    step = "note_referral"
    title = _("Note how a referral went on")
    done = _("Noted.")
    outcome = one_of(
        _("What did the service answer?"),
        [("", _("Nothing new")), *((one.value, one.label) for one in OUTCOMES)],
        required=False,
    )
    reached = one_of(
        _("Did she get the service, as she says?"),
        [("", _("Not asked yet")), ("yes", _("Yes")), ("no", _("No"))],
        required=False,
    )
    followed_up = tick(_("I asked her once how it went, or tried to"))
    note = text_field(_("Note"), required=False, rows=2)

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.note_referral(
            self.case,
            by=self.desk.person,
            number=said["number"],
            outcome=said["outcome"],
            reached=said["reached"],
            followed_up=said["followed_up"],
            note=said["note"],
            at=at,
        )
