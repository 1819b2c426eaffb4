"""Whose figures a person may read, and the page made of them. Indicators, sections 2 and 3, column "Who sees"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from accounts.models import Person
from complaints import statistics
from complaints.statistics import Audience, Publication, Published, Quarter, Scope, beside
from factories import people
from factories.models import CountryPack, Factory, OrganisationKind, OutsideRole, PackStatus, Position

HEADS = (OrganisationKind.TECHNICAL, OrganisationKind.ADVISORY)


def audience_of(person: Person, factory: Factory) -> Audience | None:
    """Return as whom this person reads a factory's figures; None: for them there are none."""
    if not factory.is_live:
        return None
    roles = people.roles_of(person)
    if OutsideRole.TECHNICAL_EXPERT in roles and _countries(person).filter(pk=factory.country_id).exists():
        return Audience.EXPERT
    if OutsideRole.ADVISOR in roles and factory.advisor_id == person.pk:
        return Audience.ADVISOR
    if factory.memberships.filter(person=person, until=None).exists():
        return Audience.FACTORY
    return None


def factories_for(person: Person) -> QuerySet[Factory]:
    """Return the factories whose figures this person may read, by name."""
    live = Factory.objects.live().select_related("country")
    found = live.of_member(person)
    if people.is_advisor(person):
        found = found | live.in_portfolio_of(person).distinct()
    if people.is_expert(person):
        found = found | live.filter(country__in=_countries(person)).distinct()
    return found.order_by("name_key", "id")


def countries_outside(person: Person) -> Sequence[CountryPack]:
    """Return the countries whose outside cases' figures this person may read."""
    return list(_live(_countries(person))) if people.is_expert(person) else []


def countries_of_programme(person: Person) -> Sequence[CountryPack]:
    found = people.countries_of(person, OutsideRole.PROGRAMME_LEAD)
    return list(_live(found)) if heads(person) else []


def heads(person: Person) -> bool:
    """Whether this person is a head of the technical or the advisory organisation."""
    if not people.is_programme_lead(person):
        return False
    positions = Position.objects.current().filter(person=person, role=OutsideRole.PROGRAMME_LEAD)
    return positions.filter(organisation__kind__in=HEADS).exists()


def reads_safeguarding(person: Person) -> bool:
    return people.is_lead(person) or heads(person)


def _live(countries: QuerySet[CountryPack]) -> QuerySet[CountryPack]:
    return countries.filter(status=PackStatus.LIVE)


def _countries(person: Person) -> QuerySet[CountryPack]:
    return people.countries_of(person, OutsideRole.TECHNICAL_EXPERT)


# --- The page -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One quarter that may be chosen."""

    quarter: Quarter
    words: str
    here: bool


@dataclass(frozen=True)
class FiguresPage:
    """One scope's figures of one quarter, and which quarters there are."""

    choices: tuple[Choice, ...]
    publications: tuple[Publication, ...]
    quarter_words: str = ""
    year_words: str = ""

    @property
    def lines(self) -> list[Published]:
        return [line for one in self.publications for line in one.lines]

    @property
    def shut(self) -> str:
        return next((one.shut for one in self.publications if one.shut), "")

    @property
    def computed_on(self) -> date | None:
        return self.publications[0].computed_on if self.publications else None

    @property
    def all_hidden(self) -> bool:
        return bool(self.publications) and not self.shut and all(one.all_hidden for one in self.publications)


def page_of(asked: str, *scopes: tuple[Audience, Scope]) -> FiguresPage | None:
    """Read one page of figures; None where this quarter is not frozen. Without a quarter asked for: the newest."""
    frozen = statistics.quarters()
    if not frozen and not asked:
        return FiguresPage((), ())
    written = {str(one): one for one in frozen}
    quarter = written.get(asked or str(frozen[0]))
    if quarter is None:
        return None
    found = [statistics.published(audience, scope, quarter) for audience, scope in scopes]
    for audience, scope in scopes:
        found += beside.beside(audience, scope, quarter)
    return FiguresPage(
        choices=tuple(Choice(one, months(one.start, one.end), one == quarter) for one in frozen),
        publications=tuple(one for one in found if one is not None),
        quarter_words=months(quarter.start, quarter.end),
        year_words=months(quarter.before(3).start, quarter.end),
    )


def sheet_of(page: FiguresPage, by_country: Sequence[tuple[str, object]]) -> Iterator[Sequence[object]]:
    """Give the rows of one page for a file: the words that stand there, hidden ones as hidden, and no number more."""
    yield (_("Figure"), _("Part"), page.quarter_words, page.year_words, _("Numbers"), _("Wanted"))
    if page.shut:
        yield (page.shut, "", "", "", "", "")
        return
    for line in page.lines:
        quarter, year = (shown.words if shown else "" for shown in (line.quarter, line.year))
        numbers = line.numbers if line.year else ""  # As on the page: numbers stand beside the year.
        yield (line.figure.name, "", quarter, year, numbers, line.direction)
        for cell in line.quarter_cells:
            yield (line.figure.name, cell.name, cell.shown.words, "", "", "")
        for cell in line.year_cells:
            yield (line.figure.name, cell.name, "", cell.shown.words, "", "")
    for name, count in by_country:
        yield (_("Complaints received by country"), name, count, "", "", "")


def months(start: date, end: date) -> str:
    """Say a period in words: "April to June 2026"."""
    last = end - timedelta(days=1)
    first = formats.date_format(start, "F" if start.year == last.year else "F Y")
    return _("%(first)s to %(last)s") % {"first": first, "last": formats.date_format(last, "F Y")}


def next_day(today: date) -> date:
    """Return the day on which the next figures are frozen."""
    return Quarter.finished_by(today).before(-1).due_on


def received_by_country(quarter: Quarter) -> list[tuple[str, str]]:
    """Return the programme's complaints by country, in words; nothing where not even the total may be shown."""
    table = statistics.received_by_country(quarter)
    if table.total is None:
        return []
    names = {pack.pk: str(pack) for pack in CountryPack.objects.live()}
    hidden = _("hidden")
    return [(name, str(table.cells.get(code, hidden))) for code, name in names.items()]
