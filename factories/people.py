"""Who acts for a factory or a country: every answer is a queryset of people, active and current."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Person, PersonKey
from factories.models import CountryPack, Factory, FactoryRole, Membership, OutsideRole, Position

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# Who works on cases at a factory; the decision maker acts at one step and is not a handler.
FACTORY_HANDLERS = (
    FactoryRole.CASE_OFFICER,
    FactoryRole.COMMITTEE_CHAIR,
    FactoryRole.COMMITTEE_MEMBER,
    FactoryRole.OUTSIDE_MEMBER,
)
# Who is warned when reminders stand still.
WATCHES_REMINDERS = frozenset(
    {
        OutsideRole.ADVISOR.value,
        OutsideRole.TECHNICAL_EXPERT.value,
        OutsideRole.SAFEGUARDING_LEAD.value,
        OutsideRole.PROGRAMME_LEAD.value,
        OutsideRole.PLATFORM_ADMIN.value,
    }
)
_ROLES = "_roles_now"
READY_HANDLERS = 2
READY_EXPERTS = 2


def roles_of(person: Person | AnonymousUser) -> set[str]:
    """Return the codes of every role this person has now, in one query, remembered on the person."""
    if not person.is_authenticated or not person.is_active:
        return set()
    cached: set[str] | None = getattr(person, _ROLES, None)
    if cached is None:
        memberships = Membership.objects.current().filter(person=person).order_by().values_list("role")
        positions = Position.objects.current().filter(person=person).order_by().values_list("role")
        cached = {role for (role,) in memberships.union(positions)}
        setattr(person, _ROLES, cached)
    return cached


def forget_roles(person: Person) -> None:
    """Read this person's roles again at the next question; for whoever has just changed them."""
    if hasattr(person, _ROLES):
        delattr(person, _ROLES)


def members(factory: Factory, role: str | Iterable[str], vouched: bool = True) -> QuerySet[Person]:
    """Return who has this role (or one of these) at the factory; stand-ins come last."""
    roles = [role] if isinstance(role, str) else list(role)
    current = Membership.objects.current().filter(person=OuterRef("pk"), factory=factory, role__in=roles)
    regular = current.filter(is_stand_in=False)
    people = _usable(vouched).filter(Exists(current))
    return people.alias(regular=Exists(regular)).order_by("-regular", "name", "pk")


def handlers(factory: Factory, vouched: bool = True) -> QuerySet[Person]:
    """Return who can work on cases at the factory."""
    return members(factory, FACTORY_HANDLERS, vouched)


def experts(country: CountryPack | str, vouched: bool = True) -> QuerySet[Person]:
    """Return the technical experts of a country, its lead first."""
    return _outside(OutsideRole.TECHNICAL_EXPERT, country, vouched)


def lead_expert(country: CountryPack | str, vouched: bool = True) -> Person | None:
    """Return a country's lead technical expert: the one named for it before the one for every country."""
    leading = (
        Position.objects.current()
        .filter(_in_country(country), role=OutsideRole.TECHNICAL_EXPERT, is_lead=True)
        .filter(person__in=_usable(vouched))
        .select_related("person")
        .order_by("country")  # Postgres sorts an empty country last.
        .first()
    )
    return leading.person if leading else None


def leads(country: CountryPack | str, vouched: bool = True) -> QuerySet[Person]:
    """Return the safeguarding leads of a country."""
    return _outside(OutsideRole.SAFEGUARDING_LEAD, country, vouched)


def advisors_of(factory: Factory) -> QuerySet[Person]:
    """Return who advises this factory: its own advisor while that person has the role."""
    return with_outside_role(OutsideRole.ADVISOR).filter(portfolio=factory)


def programme_leads(kind: str) -> QuerySet[Person]:
    """Return the heads of the organisations of one kind: `technical` or `advisory`."""
    current = Position.objects.current().filter(
        person=OuterRef("pk"), role=OutsideRole.PROGRAMME_LEAD, organisation__kind=kind
    )
    return _usable(vouched=False).filter(Exists(current)).order_by("name", "pk")


def administrators() -> QuerySet[Person]:
    """Return the platform's administrators."""
    return with_outside_role(OutsideRole.PLATFORM_ADMIN)


def with_outside_role(role: str) -> QuerySet[Person]:
    """Return everybody who has this role outside the factories, in any country, whatever their key."""
    current = Position.objects.current().filter(person=OuterRef("pk"), role=role)
    return _usable(vouched=False).filter(Exists(current)).order_by("name", "pk")


def is_expert(person: Person | AnonymousUser) -> bool:
    return OutsideRole.TECHNICAL_EXPERT in roles_of(person)


def is_lead(person: Person | AnonymousUser) -> bool:
    """Say whether this person is a safeguarding lead."""
    return OutsideRole.SAFEGUARDING_LEAD in roles_of(person)


def is_admin(person: Person | AnonymousUser) -> bool:
    return OutsideRole.PLATFORM_ADMIN in roles_of(person)


def is_advisor(person: Person | AnonymousUser) -> bool:
    return OutsideRole.ADVISOR in roles_of(person)


def is_programme_lead(person: Person | AnonymousUser) -> bool:
    return OutsideRole.PROGRAMME_LEAD in roles_of(person)


def is_factory_user(person: Person | AnonymousUser) -> bool:
    return bool(roles_of(person) & set(FactoryRole.values))


def countries_of(person: Person, role: str = OutsideRole.TECHNICAL_EXPERT) -> QuerySet[CountryPack]:
    """Return the countries in which this person has an outside role; a role without a country has all."""
    current = Position.objects.current().filter(person=person, role=role)
    return CountryPack.objects.filter(Exists(current.filter(Q(country=OuterRef("pk")) | Q(country=None))))


def current_roles_text(person_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Return, for each of these people, their roles now in words and where they have them, in two queries."""
    ids = list(person_ids)
    found: dict[UUID, list[str]] = defaultdict(list)
    for membership in Membership.objects.current().filter(person__in=ids).select_related("factory"):
        found[membership.person_id].append(f"{membership.get_role_display()}, {membership.factory.name}")
    for position in Position.objects.current().filter(person__in=ids).select_related("organisation", "country"):
        where = _(position.country.name) if position.country else position.organisation.name
        found[position.person_id].append(f"{position.get_role_display()}, {where}")
    return found


@dataclass(frozen=True)
class Readiness:
    """Whether a factory can be live, and what it still lacks, in sentences."""

    reasons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return not self.reasons


def factory_ready(factory: Factory) -> Readiness:
    """Say whether a factory can offer the factory route: a live country, two handlers, two experts.

    Only people with a vouched key count.
    """
    reasons = []
    if not factory.country.is_live:
        reasons.append(_("The country is not live: its legal review is missing."))
    if handlers(factory).count() < READY_HANDLERS:
        reasons.append(_("Fewer than two people at the factory can handle a case with a vouched key."))
    if experts(factory.country).count() < READY_EXPERTS:
        reasons.append(_("Fewer than two technical experts of the country have a vouched key."))
    return Readiness(tuple(reasons))


def _usable(vouched: bool) -> QuerySet[Person]:
    """Everybody with an open account; where asked, with a key somebody has vouched for."""
    people = Person.objects.filter(is_active=True, left_on=None)
    if vouched:
        people = people.filter(Exists(PersonKey.objects.filter(person=OuterRef("pk"), state="vouched")))
    return people


def _in_country(country: CountryPack | str) -> Q:
    return Q(country=country) | Q(country=None)


def _outside(role: str, country: CountryPack | str, vouched: bool) -> QuerySet[Person]:
    current = Position.objects.current().filter(_in_country(country), person=OuterRef("pk"), role=role)
    people = _usable(vouched).filter(Exists(current))
    return people.alias(leading=Exists(current.filter(is_lead=True))).order_by("-leading", "name", "pk")
