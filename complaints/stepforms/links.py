"""Forms of links between cases, and of the class of an incident."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from complaints import access, codes, workflow
from complaints.casecodes import GbvClass, LinkKind, Role
from complaints.codes import CompartmentKind, Words
from complaints.models import Case
from complaints.stepforms.base import StepForm, line_field, one_of, text_field
from factories import clock

COMPARED_AT_MOST = 12  # So many cases are opened to be compared with this one.
_COMPARED = (CompartmentKind.CIRCUMSTANCES, CompartmentKind.RESPONDENT)


class LinkCases(StepForm):
    step = "link_cases"
    title = _("Link it to another case")
    lead = _(
        "Two cases about the same place, job or person, where she agreed in both that they are compared. Nobody but "
        "the chair and the outside team sees links. Do not tell either of them about the other."
    )
    button = _("Link them")
    done = _("The cases are linked.")
    kind = one_of(_("What they have in common"), [(one.value, one.label) for one in workflow.LINKABLE])
    other = forms.ChoiceField(
        label=_("With which case"),
        required=False,
        widget=forms.RadioSelect(),
        help_text=_("Your cases, the alike first."),
    )
    reference = line_field(_("Or its reference"), hint=_("Only a case that you work on yourself."))
    text = text_field(_("Why they belong together"), required=False, rows=2, hint=_("Without names. Sealed."))

    def prepare(self) -> None:
        is_expert = self.desk.actor.role == Role.TECHNICAL_EXPERT
        if not is_expert:
            kinds = [(one.value, one.label) for one in workflow.LINKABLE if one != LinkKind.DUPLICATE]
            self.offer("kind", kinds)
        at = clock.now()
        cases = workflow.comparable(self.case, self.desk.actor, at=at)
        alike = dict(self._alike(cases[:COMPARED_AT_MOST], at)) if is_expert else {}
        ranked = sorted(cases, key=lambda one: -len(alike.get(one.pk, ())))
        self.offer("other", [(one.reference, self._label(one, alike.get(one.pk, []))) for one in ranked])
        if not ranked:
            del self.fields["other"]
            self.fields["reference"].label = _("Its reference")
            self.fields["reference"].required = True
        elif not is_expert:
            self.fields["other"].help_text = ""

    def _label(self, case: Case, common: list[Words]) -> Words:
        words = ", ".join(str(one) for one in common)
        return f"{case.reference}: {words}" if words else case.reference

    def _alike(self, cases: list[Case], at: datetime) -> Iterator[tuple[object, list[Words]]]:
        """What each of these has in common with this one, read with the expert's own key; each opening is recorded.

        Nothing of it is kept: two cases are alike for as long as this page is open.
        """
        here = self._place_and_job(self.case.reference, at) if cases else (frozenset(), "")
        for one in cases:
            places, job = self._place_and_job(one.reference, at)
            common: list[Words] = []
            if here[0] & places:
                common.append(_now("the same place"))
            if job and job == here[1]:
                common.append(_now("the same job"))
            yield one.pk, common

    def _place_and_job(self, reference: str, at: datetime) -> tuple[frozenset[str], str]:
        if self.desk.reader is None:
            return frozenset(), ""
        on = access.case_for(self.desk.person, reference, at=at)
        told = {one.kind: one.content for one in access.opened(on, self.desk.reader, _COMPARED, at=at)}
        places = told.get(CompartmentKind.CIRCUMSTANCES, {}).get("places", [])
        job = str(told.get(CompartmentKind.RESPONDENT, {}).get("respondent_job", ""))
        return frozenset(places) - {codes.PlaceType.OTHER}, "" if job in _TELLS_NOTHING else job

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        reference = said["reference"] or said.get("other", "")
        workflow.link_cases(
            self.case, by=self.desk.person, reference=reference, kind=said["kind"], text=said["text"], at=at
        )


_TELLS_NOTHING = (codes.RespondentJob.NOT_SAID, codes.RespondentJob.SEVERAL)


class Classify(StepForm):
    step = "classify"
    title = _("Set severity and class")
    lead = _(
        "From everything that she told. It is sealed, the factory never sees it, and it says nothing about her. One "
        "class: the first that fits, in this order. To correct it, set it again; the newest counts."
    )
    done = _("It is set.")
    severity = one_of(_("Severity"), codes.Severity.choices)
    gbv_class = one_of(_("Class of the incident"), GbvClass.choices)

    def prepare(self) -> None:
        self.fields["severity"].initial = self.case.severity
        self.fields["gbv_class"].initial = workflow.class_that_fits(self.case.conduct_types)

    def take(self, at: datetime) -> None:
        said = self.cleaned_data
        workflow.classify(self.case, by=self.desk.person, severity=said["severity"], gbv_class=said["gbv_class"], at=at)
