"""Forms about keeping content longer than its time."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints import workflow
from complaints.casecodes import HoldReason
from complaints.stepforms.base import StepForm, one_of


class PlaceLegalHold(StepForm):
    step = "place_legal_hold"
    title = _("Keep the content longer")
    lead = _(
        "A legal hold keeps the content after its day, and lets “Delete my words” wait. She reads on her page that it "
        "waits and until when. Only for a reason of this list, for twelve months at most; it can be set again."
    )
    button = _("Keep it until that day")
    done = _("The content is kept until that day.")
    to_tab = "casework:case"
    reason = one_of(_("Why it has to be kept"), HoldReason.choices)
    ends_on = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.place_legal_hold(
            self.case, by=self.desk.person, reason=said["reason"], ends_on=said["ends_on"], at=at
        )  # fmt: skip


class EndLegalHold(StepForm):
    step = "end_legal_hold"
    title = _("End a legal hold")
    lead = _("The reason is gone. What is due is deleted at the next run, within a day.")
    button = _("End this hold")
    done = _("The hold has ended.")
    grave = True
    hold = forms.ChoiceField(label=_("Which one"), widget=forms.RadioSelect())

    def prepare(self) -> None:
        standing = self.case.legal_holds.filter(ended_on=None).order_by("ends_on")
        self.holds = {str(one.pk): one for one in standing}
        self.offer("hold", [(pk, one.get_reason_display()) for pk, one in self.holds.items()])

    def take(self, at: datetime) -> None:
        hold = self.holds[self.cleaned_data["hold"]]
        workflow.end_legal_hold(self.case, by=self.desk.person, hold=hold, at=at)
