"""Cases that belong together, and the class of an incident. Workflow, section 3.3; glossary, section 3.

Two cases are compared only where she agreed to it in both; an expert may say without that that two are the same
complaint. A chair links what is theirs at the factory, so that no link ever tells of a case outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from complaints import compartments, events, reading
from complaints.casecodes import EntryKind, EventKind, GbvClass, LinkKind, Role
from complaints.codes import CompartmentKind, ConductType, Severity
from complaints.codes import Consent as ConsentCode
from complaints.models import Assignment, Case, CaseLink, Consent
from complaints.workflow.standing import released_until
from complaints.workflow.step import Actor, StepRefused, Words
from complaints.workflow.table import STEPS, actor_on, taking

LINKABLE = (LinkKind.PLACE, LinkKind.JOB, LinkKind.PERSON, LinkKind.DUPLICATE)
SEES_LINKS = (Role.COMMITTEE_CHAIR, Role.TECHNICAL_EXPERT)
OFFERED_AT_MOST = 50
_NOT_YOURS: Words = _("You do not work on a case with this reference. Look at it again.")


# --- Linking ------------------------------------------------------------------------------------------------------


def link_cases(case: Case, *, by: Person, reference: str, kind: str, text: str = "", at: datetime) -> CaseLink:
    """Say that another case of the same person's belongs to this one, with a note sealed in `record`."""
    if kind not in LINKABLE:
        raise StepRefused(_("Choose what the two cases have in common."))
    with transaction.atomic():
        other = _shown_to(by, at=at).filter(reference=reference.strip().upper()).exclude(pk=case.pk).first()
        if other is None:
            raise StepRefused(_NOT_YOURS)
        # Both locked in one order, so that two people who link them the other way round take turns.
        for pk in sorted((case.pk, other.pk)):
            Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
        with taking("link_cases", case, at=at, by=by) as (case, actor):
            other = Case.objects.select_related("country", "factory__country").get(pk=other.pk)
            beside = actor_on(other, by=by)
            if actor.role != beside.role or (actor.at_factory and not _both_here(case, other)):
                raise StepRefused(_NOT_YOURS)
            STEPS["link_cases"].check(other, beside, at=at)
            _refuse(case, other, kind, actor, at=at)
            link = CaseLink.objects.create(case=case, other=other, kind=kind, by=by, on=case.local_day(at))
            for one, beside_it in ((case, other), (other, case)):
                if one.with_factory and not beside_it.with_factory:
                    continue  # Nothing in a factory's papers tells of a case outside.
                content = {"link": kind, "reference": beside_it.reference, "text": text}
                compartments.put(one, CompartmentKind.RECORD, EntryKind.LINK, content, by=by, at=at)
            for one in (case, other):
                events.record(one, EventKind.CASE_LINKED, by=by, at=at, contents={"link": kind})
    return link


def _shown_to(person: Person, *, at: datetime) -> QuerySet[Case]:
    """The cases on which somebody works now as chair or expert."""
    places = Assignment.objects.showing(person, at=at).filter(role__in=SEES_LINKS, standing_by=False)
    return Case.objects.filter(assignments__in=places)


def _both_here(case: Case, other: Case) -> bool:
    return case.with_factory and other.with_factory and case.factory_id == other.factory_id


def _refuse(case: Case, other: Case, kind: str, actor: Actor, *, at: datetime) -> None:
    if kind == LinkKind.DUPLICATE:
        if actor.role != Role.TECHNICAL_EXPERT:
            raise StepRefused(_("That two cases are the same complaint is said by a technical expert."))
    elif not all(may_be_compared(one, actor, at=at) for one in (case, other)):
        raise StepRefused(_("She has not agreed in both cases that they are compared with others. Ask her first."))
    if CaseLink.objects.filter(Q(case=case, other=other) | Q(case=other, other=case), kind=kind).exists():
        raise StepRefused(_("The two cases are linked like this already."))


def may_be_compared(case: Case, actor: Actor, *, at: datetime) -> bool:
    """Whether she said last that it may be compared with what others told; at the factory, from the release on."""
    last = case.consents.filter(code=ConsentCode.MATCH_PATTERN).order_by("-number").first()
    if last is None or not last.given:
        return False
    return not actor.at_factory or last.on <= released_until(case, at)


def comparable(case: Case, actor: Actor, *, at: datetime) -> list[Case]:
    """The cases this person could link to it, the newest first: theirs in the same role, of the same factory, and she
    agreed in both. An expert may link any other of theirs as the same complaint, by its reference."""
    if case.factory_id is None or actor.person is None or not may_be_compared(case, actor, at=at):
        return []
    last = Consent.objects.filter(case=OuterRef("pk"), code=ConsentCode.MATCH_PATTERN).order_by("-number")
    found = (
        Case.objects.filter(assignments__in=Assignment.objects.showing(actor.person, at=at).filter(role=actor.role))
        .filter(factory=case.factory_id)
        .exclude(pk=case.pk)
        .alias(compared=Subquery(last.values("given")[:1]))
        .filter(compared=True)
        .select_related("country", "factory__country")
        .order_by("-filed_on", "reference")
    )
    return [
        one
        for one in found[:OFFERED_AT_MOST]
        if not actor.at_factory or (_both_here(case, one) and may_be_compared(one, actor, at=at))
    ]


# --- Reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """A link as one reader sees it; without a reference where they do not work on the other case."""

    kind: Words
    on: date
    reference: str = ""


def links_of(case: Case, actor: Actor, *, at: datetime) -> list[Link]:
    """The links of a case for its chair or expert, and nobody else. A chair sees those between their own cases at the
    factory, and so never that there is a case outside."""
    if actor.role not in SEES_LINKS or actor.person is None:
        return []
    pairs = [(row, row.other if row.case_id == case.pk else row.case) for row in reading.links(case)]
    if not pairs:
        return []
    shown = Assignment.objects.showing(actor.person, at=at).filter(case__in=[other.pk for _row, other in pairs])
    theirs = dict(shown.values_list("case", "role"))
    found = []
    for row, other in pairs:
        if actor.at_factory and not (theirs.get(other.pk) == actor.role and _both_here(case, other)):
            continue
        reference = other.reference if other.pk in theirs else ""
        found.append(Link(LinkKind(row.kind).label, row.on, reference))
    return found


def earlier_about_the_same(case: Case, actor: Actor) -> bool:
    """Whether another case about the same respondent is linked, as far as whoever asks may learn of it."""
    rows = CaseLink.objects.filter(Q(case=case) | Q(other=case), kind=LinkKind.PERSON).select_related("case", "other")
    return any(not actor.at_factory or _both_here(row.case, row.other) for row in rows)


# --- The class of an incident -------------------------------------------------------------------------------------

# Which class is closest to each type of conduct; whoever sets it looks at what was told.
_CLOSEST = {
    ConductType.RAPE: GbvClass.RAPE,
    ConductType.TOUCH: GbvClass.SEXUAL_ASSAULT,
    ConductType.ASSAULT_ATTEMPTED: GbvClass.SEXUAL_ASSAULT,
    ConductType.PHYSICAL_NONSEXUAL: GbvClass.PHYSICAL_ASSAULT,
    ConductType.FORCED_RELATIONSHIP: GbvClass.FORCED_MARRIAGE,
    ConductType.QUID_PRO_QUO: GbvClass.DENIAL_OF_RESOURCES,
    ConductType.VERBAL: GbvClass.PSYCHOLOGICAL,
    ConductType.VISUAL_GESTURE: GbvClass.PSYCHOLOGICAL,
    ConductType.DIGITAL: GbvClass.PSYCHOLOGICAL,
    ConductType.STALKING: GbvClass.PSYCHOLOGICAL,
    ConductType.HOSTILE_ENVIRONMENT: GbvClass.PSYCHOLOGICAL,
}


def class_that_fits(conduct_types: Iterable[str]) -> str:
    """The first of the six, in their order, that fits what happened; empty where only an expert can tell."""
    fitting = {_CLOSEST[one] for one in _CLOSEST if one in set(conduct_types)}
    return next((one.value for one in GbvClass if one in fitting), "")


def classify(case: Case, *, by: Person, severity: str, gbv_class: str, at: datetime) -> None:
    """Set severity and class, sealed in `freedom`: no page at the factory and no clear field tells them.

    One class per incident. A correction is another entry; the newest counts.
    """
    if severity not in Severity.values or gbv_class not in GbvClass.values:
        raise StepRefused(_("Choose a severity and one class."))
    with taking("classify", case, at=at, by=by) as (case, actor):
        content = {"severity_set": severity, "gbv_class": gbv_class}
        compartments.put(case, CompartmentKind.FREEDOM, EntryKind.CLASSIFIED, content, by=by, at=at)
        events.record(case, EventKind.CLASSIFIED, by=by, at=at)
