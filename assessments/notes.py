"""What people write beside scores and conclusions: without names, numbers and addresses of anybody.

Assessment, sections 3, 4 and 6.4: notes are short and never say who. A machine cannot know every name; it refuses
what plainly is one and says what to write instead. The refusal does not repeat what was typed.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from assessments.holding import VisitRefused, holding, seat_of
from assessments.models import Assessment, AssessmentStage, GoodPractice, IndicatorNote
from factories.models import Factory, Membership

if TYPE_CHECKING:
    from accounts.models import Person

LONGEST = 2000
# Words before a name, as written in English and in Khmer. What follows them points to one person.
HONORIFIC = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Madam|[Ll]ok|[Nn]eak [Ss]rey|[Oo]knha|[Bb]ong|Ming|Yeay)\b\.?\s+[A-Z]\w+"
    r"|(?<![\u1780-\u17d3])(?:លោកស្រី|លោក|អ្នកស្រី|កញ្ញា|ឧកញ៉ា)\s*[\u1780-\u17d3]{2,}"
)
NUMBER = re.compile(r"(?:\+?[\d០-៩][\s.\-/]?){8,}")
ADDRESS = re.compile(r"\S+@\S+|@\w{3,}|https?://|t\.me/|facebook\.com", re.IGNORECASE)
SHORTEST_PART = 4


def refuse_names(text: str, factory: Factory) -> str:
    """Return the text stripped; raise `VisitRefused` where it holds what could point to a person."""
    text = text.strip()
    if len(text) > LONGEST:
        raise VisitRefused(_("This is too long. Write at most %(count)d letters.") % {"count": LONGEST})
    if not text:
        return text
    if HONORIFIC.search(text) or _names_a_member(text, factory):
        raise VisitRefused(
            _("There seems to be a name in the text. Write the job instead, for example “a mechanic” or “a manager”.")
        )
    if NUMBER.search(text):
        raise VisitRefused(_("There seems to be a telephone number or a number of a paper in the text. Leave it out."))
    if ADDRESS.search(text):
        raise VisitRefused(_("There seems to be an address of a person or a page in the text. Leave it out."))
    return text


def write_note(assessment: Assessment, indicator: str, text: str, *, by: Person, at: datetime) -> None:
    """Keep what this assessor writes beside an indicator; an empty text takes the note away."""
    with holding(assessment, AssessmentStage.SCORING, AssessmentStage.COMPARING) as held:
        seat = seat_of(held, by)
        text = refuse_names(text, held.factory)
        mine = IndicatorNote.objects.filter(assessor=seat, indicator=indicator)
        if not text:
            mine.delete()
        else:
            IndicatorNote.objects.update_or_create(
                assessor=seat, indicator=indicator, defaults={"text": text, "changed_at": at}
            )


def note_good_practice(assessment: Assessment, text: str, *, by: Person, at: datetime) -> GoodPractice:
    """Record something good that was found; it stands beside the signals and cancels none. Section 7.3."""
    with holding(assessment, AssessmentStage.SCORING, AssessmentStage.COMPARING) as held:
        seat_of(held, by)
        text = refuse_names(text, held.factory)
        if not text:
            raise VisitRefused(_("Write what you found, in a sentence or two."))
        return GoodPractice.objects.create(assessment=held, text=text, by=by, at=at)


def _names_a_member(text: str, factory: Factory) -> bool:
    """Say whether the text holds the name of somebody who acts for the factory: whole, or two parts of it."""
    low = text.casefold()
    names = Membership.objects.filter(factory=factory).values_list("person__name", flat=True)
    for name in set(names):
        whole = name.strip().casefold()
        parts = [part for part in whole.split() if len(part) >= SHORTEST_PART]
        if len(whole) >= SHORTEST_PART and " " in whole and whole in low:
            return True
        found = [part for part in parts if re.search(rf"\b{re.escape(part)}\b", low)]
        if len(parts) >= 2 and len(found) == len(parts):
            return True
    return False
