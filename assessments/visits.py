"""Planning a visit: who goes, when, who declares what; and what is counted on it.

Assessment, section 2: two assessors, at least one of them a woman, both without a conflict of interest, both with the
course behind them. A joint visit is scored by an advisor and a technical expert.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Person
from assessments import course, cycle, tool
from assessments.access import OUTSIDE_KINDS, works_for
from assessments.holding import VisitRefused, holding, local_day, seat_of
from assessments.models import Assessment, AssessmentStage, Assessor, Kind, Restriction
from assessments.notes import refuse_names
from factories import clock, people
from factories.models import Factory, OutsideRole, Position

if TYPE_CHECKING:
    from collections.abc import Iterable

TOPIC = "assessment"
ASSESSORS = 2
COUNTS = (
    "headcount",
    "women",
    "interviews",
    "interviews_with_women",
    "interviews_off_site",
    "women_only_groups",
    "supervisor_groups",
)
TICKS = ("mechanics_included", "young_workers_included")
MOST = 200_000  # Workers in one factory; more is a slip of the finger.
MOST_TALKS = 5_000


@dataclass(frozen=True)
class Goes:
    """Somebody who is to score on a visit."""

    person: Person
    is_woman: bool


def candidates(factory: Factory) -> QuerySet[Person]:
    """Return who can be an assessor of this factory: advisors and technical experts of its country."""
    current = Position.objects.current().filter(
        Q(country=factory.country_id) | Q(country=None),
        person=OuterRef("pk"),
        role__in=(OutsideRole.ADVISOR, OutsideRole.TECHNICAL_EXPERT),
    )
    return Person.objects.filter(Exists(current), is_active=True, left_on=None).order_by("name", "pk")


def plan(
    factory: Factory,
    *,
    kind: str,
    visit_from: date,
    visit_to: date,
    goes: Sequence[Goes],
    by: Person,
    at: datetime,
    unannounced: bool = False,
    follows: Assessment | None = None,
) -> Assessment:
    """Plan a visit from outside; its assessors hear of it and declare whether they have a conflict of interest."""
    if not works_for(by, factory):
        raise VisitRefused(_("Only the advisor of this factory and the technical experts of its country plan visits."))
    if kind not in OUTSIDE_KINDS:
        raise VisitRefused(_("Choose what kind of visit this is."))
    today = clock.calendar_for(factory).local_day(at)
    if visit_to < visit_from:
        raise VisitRefused(_("The visit ends on the day it begins, or later."))
    _check_team(kind, factory, goes)
    if follows is not None and follows.factory_id != factory.pk:
        raise VisitRefused(_("The earlier visit was to another factory."))
    with transaction.atomic():
        Factory.objects.select_for_update(no_key=True).get(pk=factory.pk)
        _refuse_twice(factory, kind, visit_from)
        made = Assessment.objects.create(
            factory=factory,
            tool=tool.current(today),
            kind=kind,
            visit_from=visit_from,
            visit_to=visit_to,
            unannounced=unannounced,
            follows=follows,
            made_by=by,
            made_at=at,
            headcount=factory.headcount or None,
        )
        Assessor.objects.bulk_create(
            Assessor(assessment=made, person=one.person, is_woman=one.is_woman) for one in goes
        )
        tell([one.person for one in goes if one.person.pk != by.pk], made, "visit_planned", at=at, due_on=visit_from)
        cycle.visit_planned(made, at=at)
    return made


def move(assessment: Assessment, visit_from: date, visit_to: date, *, by: Person, at: datetime) -> None:
    """Set other days for a visit that has not begun."""
    with holding(assessment, AssessmentStage.PLANNED) as held:
        _only_planners(held, by)
        if visit_to < visit_from:
            raise VisitRefused(_("The visit ends on the day it begins, or later."))
        if visit_from != held.visit_from:
            _refuse_twice(held.factory, held.kind, visit_from)
        held.visit_from, held.visit_to = visit_from, visit_to
        held.save(update_fields=["visit_from", "visit_to"])
        others = [one.person for one in held.assessors.select_related("person") if one.person_id != by.pk]
        tell(others, held, "visit_moved", at=at, due_on=visit_from, again=at.isoformat())
        cycle.visit_planned(held, at=at)


def replace_assessor(assessment: Assessment, leaves: Assessor, comes: Goes, *, by: Person, at: datetime) -> None:
    """Send somebody else; possible until the visit begins."""
    with holding(assessment, AssessmentStage.PLANNED) as held:
        _only_planners(held, by)
        stays = [Goes(one.person, one.is_woman) for one in held.assessors.select_related("person") if one != leaves]
        _check_team(held.kind, held.factory, [*stays, comes])
        Assessor.objects.filter(assessment=held, pk=leaves.pk).delete()
        Assessor.objects.create(assessment=held, person=comes.person, is_woman=comes.is_woman)
        tell([comes.person], held, "visit_planned", at=at, due_on=held.visit_from)


def add_assessor(assessment: Assessment, comes: Goes, *, by: Person, at: datetime) -> None:
    """Fill the place of an assessor who stepped back."""
    with holding(assessment, AssessmentStage.PLANNED) as held:
        _only_planners(held, by)
        stays = [Goes(one.person, one.is_woman) for one in held.assessors.select_related("person")]
        if len(stays) >= ASSESSORS:
            raise VisitRefused(_("Two assessors go already. Replace one of them."))
        _check_team(held.kind, held.factory, [*stays, comes])
        Assessor.objects.create(assessment=held, person=comes.person, is_woman=comes.is_woman)
        tell([comes.person], held, "visit_planned", at=at, due_on=held.visit_from)


def declare_no_conflict(assessment: Assessment, *, by: Person, at: datetime) -> None:
    """Note that this assessor has no conflict of interest with the factory."""
    with holding(assessment, AssessmentStage.PLANNED) as held:
        seat = seat_of(held, by)
        if seat.no_conflict_on is None:
            seat.no_conflict_on = local_day(held, at)
            seat.save(update_fields=["no_conflict_on"])


def step_back(assessment: Assessment, *, by: Person, at: datetime) -> None:
    """Give the place back because of a conflict of interest; whoever planned the visit finds somebody else."""
    with holding(assessment, AssessmentStage.PLANNED) as held:
        seat_of(held, by).delete()
        told = {person.pk: person for person in (held.made_by, held.factory.advisor) if person and person.pk != by.pk}
        experts = [] if told else list(people.experts(held.factory.country, vouched=False).exclude(pk=by.pk))
        tell([*told.values(), *experts], held, "visit_lacks_assessor", at=at, due_on=held.visit_from, again=str(by.pk))


def not_ready(assessment: Assessment, at: datetime) -> list[str]:
    """Return why this visit cannot begin now, in sentences; empty: it can."""
    seats = list(assessment.assessors.select_related("person"))
    found = []
    if local_day(assessment, at) < assessment.visit_from:
        day = date_format(assessment.visit_from, "DATE_FORMAT")
        found.append(_("The visit is on %(day)s. Scores can be entered from that day on.") % {"day": day})
    if len(seats) < ASSESSORS:
        found.append(_("Two assessors are needed. Add one."))
    elif not any(seat.is_woman for seat in seats):
        found.append(_("At least one assessor on every visit is a woman."))
    for seat in seats:
        if seat.no_conflict_on is None:
            words = _("%(name)s has not said yet whether there is a conflict of interest.")
            found.append(words % {"name": seat.person.name})
        if not course.may_assess(seat.person, at):
            found.append(_("%(name)s has not passed the course for assessors yet.") % {"name": seat.person.name})
    return found


def begin(assessment: Assessment, *, by: Person, at: datetime) -> Assessment:
    """Begin the visit: from now on each assessor scores alone, with the version of the tool in force today."""
    with holding(assessment, AssessmentStage.PLANNED) as held:
        if not works_for(by, held.factory):
            seat_of(held, by)
        missing = not_ready(held, at)
        if missing:
            raise VisitRefused(" ".join(missing))
        held.tool = tool.current(local_day(held, at))
        held.stage = AssessmentStage.SCORING
        held.save(update_fields=["tool", "stage"])
        return held


def drop(assessment: Assessment, reason: str, *, by: Person, at: datetime) -> None:
    """Say that a visit is not held, and why. What was scored until then stays as it was."""
    with holding(assessment, AssessmentStage.PLANNED, AssessmentStage.SCORING) as held:
        _only_planners(held, by)
        reason = refuse_names(reason, held.factory)
        if not reason:
            raise VisitRefused(_("Say why the visit is not held."))
        held.stage, held.dropped_reason = AssessmentStage.DROPPED, reason
        held.save(update_fields=["stage", "dropped_reason"])
        others = [one.person for one in held.assessors.select_related("person") if one.person_id != by.pk]
        tell(others, held, "visit_dropped", at=at)
        cycle.visit_dropped(held, at=at)


# ---------------------------------------------------------------------------------------------------------
# Counts


def fault_in_counts(counts: Mapping[str, Any]) -> str:
    """Return the code of what is wrong with these counts, or nothing. Sentences: `scoring_alone.FAULTS`."""
    headcount, women = counts.get("headcount"), counts.get("women")
    numbers = [counts.get(name) for name in COUNTS]
    if any(isinstance(number, bool) or not isinstance(number, int | None) for number in numbers):
        return "number"
    if headcount is not None and headcount < 1:
        return "headcount"
    if any(number is not None and number < 0 for number in numbers):
        return "number"
    if (headcount or 0) > MOST or any((counts.get(name) or 0) > MOST_TALKS for name in COUNTS[2:]):
        return "number"
    if women is not None and (headcount is None or women > headcount):
        return "women"
    interviews = counts.get("interviews") or 0
    if max(counts.get("interviews_off_site") or 0, counts.get("interviews_with_women") or 0) > interviews:
        return "parts"
    if any(one not in Restriction.values for one in counts.get("restrictions", [])):
        return "unknown"
    return ""


def counts_of(assessment: Assessment) -> dict[str, Any]:
    """Return what is counted so far, as a device gets it; `version` rises with each change."""
    counted = {name: getattr(assessment, name) for name in (*COUNTS, *TICKS)}
    return counted | {"restrictions": sorted(assessment.restrictions), "version": assessment.counts_version}


def put_counts(held: Assessment, counts: Mapping[str, Any]) -> str:
    """Write counts into an assessment that is locked. Returns `saved`, `conflict` or the code of a fault.

    Both assessors share the counts: who changes them names the version they saw, or nothing is written.
    """
    now = counts_of(held)
    wanted = now | {name: counts[name] for name in (*COUNTS, *TICKS) if name in counts}
    for name in COUNTS[2:]:
        wanted[name] = 0 if wanted[name] is None else wanted[name]
    for name in TICKS:
        wanted[name] = bool(wanted[name])
    if "restrictions" in counts:
        wanted["restrictions"] = sorted(set(counts["restrictions"]))
    fault = fault_in_counts(wanted)
    if fault:
        return fault
    if wanted == now:
        return "saved"
    if counts.get("version") != held.counts_version:
        return "conflict"
    for name in (*COUNTS, *TICKS, "restrictions"):
        setattr(held, name, wanted[name])
    held.counts_version += 1
    held.save(update_fields=[*COUNTS, *TICKS, "restrictions", "counts_version"])
    return "saved"


# ---------------------------------------------------------------------------------------------------------


def tell(
    to: Iterable[Person],
    assessment: Assessment,
    kind: str,
    *,
    at: datetime,
    due_on: date | None = None,
    again: str | UUID = "",
) -> None:
    """Queue a notice about an assessment, once per cause; `again` tells one cause from the next of its kind."""
    cause = f"{kind}:{assessment.pk}" + (f":{again}" if again else "")
    notices.queue(to=to, cause=cause, kind=kind, at=at, due_on=due_on, topic=TOPIC, topic_id=assessment.pk)


def _check_team(kind: str, factory: Factory, goes: Sequence[Goes]) -> None:
    ids = {one.person.pk for one in goes}
    if len(goes) > ASSESSORS or len(ids) != len(goes):
        raise VisitRefused(_("Choose two different people as assessors."))
    allowed = set(candidates(factory).filter(pk__in=ids).values_list("pk", flat=True))
    if ids - allowed:
        raise VisitRefused(_("Assessors are advisors or technical experts of this country."))
    if len(goes) < ASSESSORS:
        return
    if not any(one.is_woman for one in goes):
        raise VisitRefused(_("At least one assessor on every visit is a woman."))
    if kind == Kind.JOINT:
        experts = [people.is_expert(one.person) for one in goes]
        advisors = [people.is_advisor(one.person) for one in goes]
        if not (experts[0] and advisors[1]) and not (experts[1] and advisors[0]):
            raise VisitRefused(_("On a joint visit an advisor and a technical expert score the same factory."))


def _refuse_twice(factory: Factory, kind: str, visit_from: date) -> None:
    there = Assessment.objects.filter(factory=factory, kind=kind, visit_from=visit_from)
    if there.exclude(stage=AssessmentStage.DROPPED).exists():
        raise VisitRefused(_("A visit of this kind to this factory begins on that day already."))


def _only_planners(held: Assessment, by: Person) -> None:
    if not works_for(by, held.factory):
        raise VisitRefused(_("Only the advisor of this factory and the technical experts of its country plan visits."))
