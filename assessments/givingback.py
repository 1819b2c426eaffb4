"""Giving back: results to management, and one plain page to workers, within 30 days. Assessment, section 2."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from assessments import cycle, visits
from assessments.access import works_for
from assessments.holding import VisitRefused, holding, local_day
from assessments.models import Assessment, AssessmentStage, PlainVersion
from assessments.notes import refuse_names
from factories import people, seen
from factories.models import FactoryRole

if TYPE_CHECKING:
    from accounts.models import Person


def shown_plain(kept: PlainVersion | None) -> str:
    """Name what a page shows of a page for workers, for its form to bring back."""
    return seen.mark(kept.language, kept.found, kept.will_be_done) if kept else seen.mark("")


def write_plain(
    assessment: Assessment, language: str, *, found: str, will_be_done: str, by: Person, at: datetime, shown: str = ""
) -> PlainVersion:
    """Write the page for workers in one language: what was found and what will be done. No level, no name.

    `shown` is what the page of whoever writes showed (`shown_plain`): what a colleague wrote since stays, and so does a
    page in another language than the one that was read.
    """
    with holding(assessment, AssessmentStage.FINAL) as held:
        _only_its_team(held, by)
        if language not in dict(settings.LANGUAGES):
            raise VisitRefused(_("Choose a language."))
        found, done = refuse_names(found, held.factory), refuse_names(will_be_done, held.factory)
        if not found or not done:
            raise VisitRefused(_("Write both: what was found, and what will be done."))
        kept = held.plain_versions.filter(language=language).first()
        if kept is not None and seen.is_other(shown, kept.language, kept.found, kept.will_be_done):
            raise VisitRefused(
                _("Another text stands here than you have read. Read it below, put both together, and save again.")
            )
        made, _new = PlainVersion.objects.update_or_create(
            assessment=held,
            language=language,
            defaults={"found": found, "will_be_done": done, "written_by": by},
        )
        if held.given_back_on is not None and made.published_on is None:
            made.published_on = local_day(held, at)
            made.save(update_fields=["published_on"])
        return made


def give_back(assessment: Assessment, on: date, *, by: Person, at: datetime) -> Assessment:
    """Note the day on which management was told and workers got their page, which is published with it."""
    with holding(assessment, AssessmentStage.FINAL) as held:
        _only_its_team(held, by)
        if held.given_back_on is not None:
            raise VisitRefused(_("The results were given back already."))
        today = local_day(held, at)
        if on > today:
            raise VisitRefused(_("This day has not come yet. Note it when the results were given back."))
        if on < held.visit_to:
            raise VisitRefused(_("The results cannot be given back before the visit ended."))
        plain = held.plain_versions.filter(language=_language_of_workers(held))
        if not plain.exists():
            raise VisitRefused(_("Write the page for workers in their language first; they hear what was found, too."))
        held.plain_versions.filter(published_on=None).update(published_on=today)
        held.given_back_on = on
        held.save(update_fields=["given_back_on"])
        readers = people.members(held.factory, FactoryRole.values, vouched=False)
        visits.tell(readers, held, "visit_given_back", at=at)
        cycle.given_back(held, at=at)
        return held


def _language_of_workers(held: Assessment) -> str:
    """Return the language of the country's workers, where the site speaks it; English elsewhere."""
    language = held.factory.country.language
    return language if language in dict(settings.LANGUAGES) else "en"


def _only_its_team(held: Assessment, by: Person) -> None:
    if held.is_self:
        raise VisitRefused(_("A self-assessment is not given back: it is the factory's own."))
    if not works_for(by, held.factory) and not held.assessors.filter(person=by).exists():
        raise VisitRefused(_("Only the assessors, the advisor and the technical experts give results back."))
