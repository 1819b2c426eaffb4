"""What a person's first page says: what to do next, by when, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from accounts import keys, notices, signposts
from accounts.keys import Reader
from accounts.models import Notice, Person, PersonKey
from complaints.casewords import NOTICES, SOMETHING
from complaints.codes import Words
from complaints.models import Assignment, Burst, Case, Grant
from factories import people
from factories.models import CountryPack

NOTICES_READ = 60
BURSTS_SINCE = timedelta(days=30)


@dataclass
class Word:
    """What a person is told about one thing: with the case where it shows to them, else only what kind it is.

    Several notices that say the same are one word with the earliest day.
    """

    words: Words
    due_on: date | None
    case: Case | None
    topic: str
    notices: list[Notice]
    url: str = ""  # Where it leads, for what is not about a case.


def words_to(person: Person, *, at: datetime) -> list[Word]:
    """Return what this person has not seen yet. Of a case that no longer shows to them nothing is said: two queries."""
    unread = list(notices.unread(person, at)[:NOTICES_READ])
    ids = [notice.topic_id for notice in unread if notice.topic == "case" and notice.topic_id]
    shown = {case.pk: case for case in Case.objects.visible_to(person, at=at).filter(pk__in=ids)} if ids else {}
    found: dict[tuple[str, object], Word] = {}
    for notice in unread:
        case = shown.get(notice.topic_id) if notice.topic_id else None
        if notice.topic == "case" and case is None:
            continue
        about = case.pk if case else notice.topic_id if signposts.sign_of(notice.kind) else notice.topic
        said = (notice.kind, about)
        if said in found:
            found[said].notices.append(notice)
        else:
            found[said] = _word(notice, case)
    return list(found.values())


def _word(notice: Notice, case: Case | None) -> Word:
    sign = signposts.sign_of(notice.kind)
    if sign is None:
        return Word(NOTICES.get(notice.kind, SOMETHING), notice.due_on, case, notice.topic, [notice])
    url = sign.where(notice.topic_id) if sign.where and notice.topic_id else ""
    return Word(sign.words, notice.due_on, case, notice.topic, [notice], url)


@dataclass(frozen=True)
class KeyTrouble:
    """Why nothing opens for this person, and who can help."""

    what: str  # none, pending, locked
    helpers: Sequence[Person]


def key_trouble(person: Person, reader: Reader | None) -> KeyTrouble | None:
    """Say what is missing where somebody who reads cases cannot; nothing where all is well."""
    if reader is not None and reader.key.state == "vouched":
        return None
    key = reader.key if reader else keys.current_key(person)
    if key is None:
        return KeyTrouble("none", ())
    if key.state == "pending":
        return KeyTrouble("pending", _experts_near(person))
    return KeyTrouble("locked", ())


def _experts_near(person: Person) -> list[Person]:
    """The experts of the countries in which this person works, who could compare their key."""
    here = Q(factories__memberships__person=person, factories__memberships__until=None) | Q(
        positions__person=person, positions__until=None
    )
    country = CountryPack.objects.filter(here).first() or CountryPack.objects.live().first()
    return list(people.experts(country).exclude(pk=person.pk)[:5]) if country else []


@dataclass(frozen=True)
class LostAccess:
    """A colleague whose new key opens nothing of a case that I can open."""

    case: Case
    person: Person


def colleagues_without_access(person: Person, *, at: datetime, limit: int = 20) -> list[LostAccess]:
    """Return colleagues on my cases who replaced their key and hold nothing any more: one query."""
    held = Grant.objects.usable().filter(key__compartment__case=OuterRef("case"), person_key__person=OuterRef("person"))
    retired = PersonKey.objects.filter(person=OuterRef("person"), state="retired")
    vouched = PersonKey.objects.usable().filter(person=OuterRef("person"))
    mine = Assignment.objects.showing(person, at=at).filter(case=OuterRef("case"))
    lost = (
        Assignment.objects.current()
        .filter(Exists(retired), Exists(vouched), ~Exists(held), standing_by=False, closed=False)
        .filter(Exists(mine))
        .exclude(person=person)
        .select_related("case", "person")
        .order_by("next_due_at")
    )
    return [LostAccess(assignment.case, assignment.person) for assignment in lost[:limit]]


def bursts_for(expert: Person, *, at: datetime) -> list[Burst]:
    """Return the surges of an expert's countries that were noticed lately or are set aside now."""
    recent = Q(noticed_on__gte=at.date() - BURSTS_SINCE) | Q(set_aside_at__isnull=False, taken_back_at=None)
    return list(
        Burst.objects.filter(recent, country__in=people.countries_of(expert))
        .select_related("country", "set_aside_by")
        .order_by("-noticed_on", "pk")[:100]
    )


def cases_in(bursts: Sequence[Burst]) -> dict[UUID, int]:
    """Count the cases of each surge that are still in it: one query."""

    rows = Case.objects.filter(burst__in=bursts).order_by().values_list("burst").annotate(count=Count("pk"))
    return {pk: count for pk, count in rows if pk}
