"""Who may open which assessment, and what each may see of it. Assessment, section 1; to others it does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from assessments.models import Assessment, AssessmentStage, Assessor, Kind
from factories import people
from factories.models import Factory, Membership, OutsideRole

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import Person
    from factories.querysets import FactoryQuerySet

OUTSIDE_KINDS = (Kind.REGULAR, Kind.JOINT, Kind.FOLLOW_UP)


def assesses(person: Person | AnonymousUser) -> bool:
    """Say whether this person plans and makes visits: advisors and technical experts."""
    return people.is_advisor(person) or people.is_expert(person)


def has_assessments(person: Person | AnonymousUser) -> bool:
    """Say whether there are pages of assessments for this person at all."""
    return assesses(person) or people.is_factory_user(person)


def works_for(person: Person, factory: Factory) -> bool:
    """Say whether this person plans visits to this factory: its own advisor, an expert of its country."""
    return is_its_advisor(person, factory) or is_its_expert(person, factory)


def is_its_advisor(person: Person, factory: Factory) -> bool:
    return factory.advisor_id == person.pk and people.is_advisor(person)


def is_its_expert(person: Person, factory: Factory) -> bool:
    return people.is_expert(person) and people.countries_of(person).filter(pk=factory.country_id).exists()


def is_its_member(person: Person, factory: Factory) -> bool:
    return people.is_factory_user(person) and (
        Membership.objects.current().filter(person=person, factory=factory).exists()
    )


def given_back() -> Q:
    """Which outside assessments their factory sees: what was given back, and its own words about itself."""
    return Q(kind=Kind.SELF) | Q(stage=AssessmentStage.FINAL, given_back_on__isnull=False)


def shown_to(person: Person) -> QuerySet[Any]:
    """Return the assessments this person may open."""
    finished_or_outside = ~Q(kind=Kind.SELF) | Q(stage=AssessmentStage.FINAL)
    allowed = Q(pk=None)
    if people.is_expert(person):
        allowed |= Q(factory__country__in=people.countries_of(person)) & finished_or_outside
    if people.is_advisor(person):
        allowed |= Q(factory__advisor=person) & finished_or_outside
    if assesses(person):
        scores = Assessor.objects.filter(assessment=OuterRef("pk"), person=person)
        allowed |= Q(Exists(scores)) & ~Q(kind=Kind.SELF)
    if people.is_factory_user(person):
        member = Membership.objects.current().filter(factory=OuterRef("factory"), person=person)
        allowed |= Q(Exists(member)) & given_back()
    return Assessment.objects.filter(allowed)


@dataclass(frozen=True)
class Seat:
    """What one person is to one assessment, and so what shows to them."""

    assessment: Assessment
    person: Person

    @cached_property
    def expert(self) -> bool:
        return is_its_expert(self.person, self.assessment.factory)

    @cached_property
    def advisor(self) -> bool:
        return is_its_advisor(self.person, self.assessment.factory)

    @cached_property
    def member(self) -> bool:
        return is_its_member(self.person, self.assessment.factory)

    @cached_property
    def assessor(self) -> Assessor | None:
        return next((one for one in self.assessment.assessors.all() if one.person_id == self.person.pk), None)

    @property
    def plans(self) -> bool:
        return not self.assessment.is_self and (self.expert or self.advisor)

    @property
    def sees_level(self) -> bool:
        """The level with every signal is the technical expert's alone: outside cases may move it."""
        return self.expert

    @property
    def sees_signals(self) -> bool:
        """Signals could point to a person: never for the factory."""
        return self.expert or self.advisor or (self.assessor is not None and not self.assessment.is_self)

    @property
    def sees_notes(self) -> bool:
        return self.sees_signals


def seat(person: Person, pk: UUID) -> Seat:
    """Return what this person is to this assessment; 404 for everybody else."""
    found = (
        shown_to(person)
        .select_related("factory__country", "factory__advisor")
        .prefetch_related("assessors__person")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return Seat(found, person)


def factories_to_visit(person: Person) -> FactoryQuerySet:
    """Return the factories this person may plan visits to."""
    allowed = Q(pk=None)
    if people.is_advisor(person):
        allowed |= Q(advisor=person)
    if people.is_expert(person):
        allowed |= Q(country__in=people.countries_of(person))
    found: FactoryQuerySet = Factory.objects.filter(allowed).select_related("country").order_by("name_key", "id")
    return found


def reads_screens(person: Person | AnonymousUser) -> bool:
    """Say whether this person opens safeguarding screens: safeguarding leads alone."""
    return people.is_lead(person)


def screens_of(person: Person) -> QuerySet[Any]:
    """Return the countries whose screens this person looks at."""
    return people.countries_of(person, OutsideRole.SAFEGUARDING_LEAD)
