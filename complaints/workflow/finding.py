"""The finding: what is more likely than not, of each allegation, with reasons that mention both sides.

Source: workflow.md, section 3.6. Whoever decides gets `finding` and, where the factory holds it, `respondent`; nothing
else, and not before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.keys import Reader
from complaints import compartments, deadlines, events
from complaints.assignees import Candidate, least_busy
from complaints.casecodes import EntryKind, EventKind, Role
from complaints.codes import CompartmentKind, FindingResult
from complaints.compartments import Holder
from complaints.models import Allegation, Case, Grant
from complaints.workflow import deciding
from complaints.workflow.inquiry import take_part
from complaints.workflow.step import StepRefused
from complaints.workflow.table import taking

SHORTEST_REASONS = 200


@dataclass(frozen=True)
class Found:
    """What is found of one allegation, and why."""

    result: str
    complainant_said: str = field(repr=False)
    respondent_said: str = field(repr=False)
    reasons: str = field(repr=False)


def find(case: Case, reader: Reader, findings: Mapping[int, Found], *, all_agree: bool, at: datetime) -> Case:
    """Record one finding for each allegation and hand the case to whoever decides.

    Sent back by the decision maker it is found again: entries are added, none is changed.
    """
    for found in findings.values():
        _check(found)
    if not all_agree:
        raise StepRefused(_("Everybody who ran the inquiry agrees on the finding before it is recorded. Talk first."))
    with taking("find", case, at=at, by=reader.person) as (case, actor):
        allegations = {one.number: one for one in case.allegations.all()}
        if set(allegations) != set(findings):
            raise StepRefused(_("Each thing that is said to have happened gets its own finding. One is missing."))
        words = _allegations(case, reader, at=at)
        if not set(words) >= set(allegations):
            raise StepRefused(
                _("Your key does not open what is said to have happened. Ask a colleague to share it with you again.")
            )
        for number, found in sorted(findings.items()):
            contents = {
                "number": number,
                "allegation": words[number],
                "result": found.result,
                "complainant_said": found.complainant_said,
                "respondent_said": found.respondent_said,
                "reasons": found.reasons,
            }
            compartments.put(case, CompartmentKind.FINDING, EntryKind.FINDING, contents, by=reader.person, at=at)
            Allegation.objects.filter(pk=allegations[number].pk).update(
                result=found.result, found_on=case.local_day(at)
            )
        take_part(case, reader.person, at=at)
        events.record(case, EventKind.FINDING_MADE, by=reader.person, at=at, contents={"allegations": len(findings)})
        deadlines.meet(case, "finding", at=at)
        deadlines.set_next(case, "decision", at=at)
        if case.with_factory:
            _call_decision_maker(case, reader, at=at)
    return case


def _check(found: Found) -> None:
    if found.result not in FindingResult.values:
        raise StepRefused(_("Choose one of the four findings for each thing that is said to have happened."))
    if not found.complainant_said.strip() or not found.respondent_said.strip():
        raise StepRefused(_("Write what each side said to it, also where one side said nothing."))
    if len(found.reasons.strip()) < SHORTEST_REASONS:
        raise StepRefused(_("Write the reasons so that both sides can follow them (200 characters or more)."))


def _allegations(case: Case, reader: Reader, *, at: datetime) -> dict[int, str]:
    """The handlers' own words for each allegation, for whoever decides and does not read the record."""
    found = compartments.take_out(
        case, Holder.of(reader), [CompartmentKind.RECORD], at=at, entry_kinds=[EntryKind.ALLEGATION]
    )
    return {one.content["number"]: one.content["text"] for one in found}


def _call_decision_maker(case: Case, reader: Reader, *, at: datetime) -> None:
    """Put one on the case, with the finding and who it is about; found again, whoever is there stays.

    Where each is excluded or took part, nobody is called here: the handlers ask somebody else to decide.
    """
    able = who_could_decide(case)
    current = set(case.assignments.current().filter(role=Role.DECISION_MAKER).values_list("person", flat=True))
    if not able or current & {one.person.pk for one in able}:
        return
    person = deciding.bring_decider(case, reader, least_busy(able, 1), at=at)
    newest = compartments.newest_key(case, CompartmentKind.FINDING)
    if not Grant.objects.filter(key=newest, person_key__person=person).exists():
        raise StepRefused(_("Your key does not open the finding of this case. Ask a colleague to share it again."))


def who_could_decide(case: Case) -> list[Candidate]:
    """Decision makers of the factory with a vouched key who are not excluded and took no part."""
    return deciding.could_decide(case, roles=(Role.DECISION_MAKER,))
