"""The safeguarding screen of a visit: sealed to the safeguarding leads, from the moment it is sent.

No score, and no part of any report. What was met, and whether anything was, can be read by nobody but the leads:
every screen is sent, sealed at one size, and looked at, so that neither the row nor a notice says anything. The
review is one of the place, outside the factory, the same day. Assessment, section 8.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import crypto, notices
from accounts.keys import Reader
from accounts.models import PersonKey
from assessments import tool
from assessments.access import screens_of
from assessments.holding import VisitRefused, holding, local_day, seat_of
from assessments.models import Assessment, AssessmentStage, PlaceGrant, PlaceReview
from factories import people

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import Person
    from factories.models import CountryPack

LABEL = "place screen"
ANSWERS, ANSWER = "answers", "what was done"
STEP = 8 * 1024
TOPIC = "place_review"
LONGEST = 1200


@dataclass(frozen=True)
class Opened:
    """A screen as a lead reads it."""

    review: PlaceReview
    met: tuple[str, ...]
    opens: bool
    answer: str


def send(assessment: Assessment, met: Iterable[str], *, by: Person, at: datetime) -> PlaceReview:
    """Seal what the screen met to the safeguarding leads of the country and tell them, the same day."""
    with holding(assessment, AssessmentStage.SCORING, AssessmentStage.COMPARING) as held:
        seat_of(held, by)
        if held.is_self:
            raise VisitRefused(_("A self-assessment has no safeguarding screen."))
        used, found = tool.of_assessment(held), set(met)
        if found - {one.code for one in used.screen}:
            raise VisitRefused(_("This version of the tool does not know this. Load the page again."))
        if PlaceReview.objects.filter(assessment=held).exists():
            raise VisitRefused(
                _("The screen of this visit was sent already. Call the safeguarding lead to add something.")
            )
        keys = keys_of_leads(held.factory.country)
        if not keys:
            raise VisitRefused(
                _("No safeguarding lead of this country can read a screen at the moment. Call one, today.")
            )
        review, grants, _key = sealed(held, found, keys, at=at)
        review.save(force_insert=True)
        PlaceGrant.objects.bulk_create(grants)
        notices.queue(
            to=[key.person for key in keys],
            cause=f"place_screen:{review.pk}",
            kind="place_screen",
            at=at,
            due_on=local_day(held, at),
            topic=TOPIC,
            topic_id=review.pk,
        )
        return review


def sealed(
    held: Assessment, met: set[str], keys: Iterable[PersonKey], *, at: datetime
) -> tuple[PlaceReview, list[PlaceGrant], bytes]:
    """Make a sealed screen with its grants, unsaved, and the key that opens it."""
    review = PlaceReview(assessment=held, country=held.factory.country, received_at=at)
    data_key = crypto.new_key()
    content = {"met": sorted(met), "opens": tool.of_assessment(held).opens_review(met)}
    review.sealed = _seal(data_key, content, review, ANSWERS)
    return review, [_grant(review, key, data_key) for key in keys], data_key


def reviews_of(person: Person) -> QuerySet[Any]:
    """Return the screens of the countries this lead looks at, the newest first."""
    mine = PlaceReview.objects.filter(country__in=screens_of(person))
    return mine.select_related("assessment__factory__country", "country", "looked_by").order_by(
        "looked_at", "-received_at"
    )


def open_screen(review: PlaceReview, reader: Reader) -> Opened:
    """Open a screen with a lead's own key, and pass it on to leads who came or changed their key since.

    Raises `VisitRefused` where nobody has given this key the screen yet.
    """
    data_key = _data_key(review, reader)
    pass_on([review], reader)
    content = _unseal(data_key, bytes(review.sealed), review, ANSWERS)
    answer = ""
    if review.answer_sealed is not None:
        answer = str(_unseal(data_key, bytes(review.answer_sealed), review, ANSWER)["text"])
    return Opened(review, tuple(content["met"]), bool(content["opens"]), answer)


def pass_on(reviews: Iterable[PlaceReview], reader: Reader) -> None:
    """Seal the screens that this lead's key opens to leads who came or changed their key since. Two queries and more
    only where somebody came: leads see their list, and so hand on what is old without opening it one by one.
    """
    reviews = list(reviews)
    held: dict[UUID, dict[UUID, PlaceGrant]] = {review.pk: {} for review in reviews}
    for grant in PlaceGrant.objects.filter(review__in=reviews):
        held[grant.review_id][grant.holder_id] = grant
    keys: dict[str, list[PersonKey]] = {}
    for review in reviews:
        mine = held[review.pk].get(reader.person.pk)
        if mine is None or not _is_of(mine, reader.key.pk):
            continue
        if review.country_id not in keys:
            keys[review.country_id] = keys_of_leads(review.country)
        lack = [key for key in keys[review.country_id] if not _opens(held[review.pk].get(key.person_id), key)]
        if lack:
            _give(review, crypto.open_sealed(reader.private, bytes(mine.wrapped_key)[16:]), lack)


def answer(review: PlaceReview, text: str, *, reader: Reader, at: datetime) -> PlaceReview:
    """Note that a lead has looked, and, sealed, what was done. A screen that opens nothing is looked at alike."""
    text = text.strip()
    if len(text) > LONGEST:
        raise VisitRefused(_("This is too long. Write at most %(count)d letters.") % {"count": LONGEST})
    with holding(review.assessment):
        fresh = PlaceReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
        data_key = _data_key(fresh, reader)
        opens = _unseal(data_key, bytes(fresh.sealed), fresh, ANSWERS)["opens"]
        if opens and not text:
            raise VisitRefused(_("This screen opens a review of the place. Write what you do about it."))
        put_answer(fresh, data_key, text, by=reader.person, at=at)
        fresh.save(update_fields=["answer_sealed", "looked_at", "looked_by"])
        return fresh


def put_answer(review: PlaceReview, data_key: bytes, text: str, *, by: Person, at: datetime) -> None:
    """Seal what a lead did into a screen, unsaved."""
    review.answer_sealed = _seal(data_key, {"text": text}, review, ANSWER)
    review.looked_at, review.looked_by = at, by


# ---------------------------------------------------------------------------------------------------------


def keys_of_leads(country: CountryPack) -> list[PersonKey]:
    leads = people.leads(country)
    return list(PersonKey.objects.usable().filter(person__in=leads).select_related("person"))


def _grant(review: PlaceReview, key: PersonKey, data_key: bytes) -> PlaceGrant:
    """Seal the data key to a person's key; which of their keys it was stands before it."""
    sealed = crypto.seal(bytes(key.public_key), data_key)
    return PlaceGrant(review=review, holder_id=key.person_id, wrapped_key=key.pk.bytes + sealed)


def _data_key(review: PlaceReview, reader: Reader) -> bytes:
    grant = review.grants.filter(holder=reader.person).first()
    if grant is None or not _is_of(grant, reader.key.pk):
        raise VisitRefused(_("Your key does not open this screen yet. Another lead opens it once for you."))
    return crypto.open_sealed(reader.private, bytes(grant.wrapped_key)[16:])


def _is_of(grant: PlaceGrant, key: UUID) -> bool:
    return bytes(grant.wrapped_key)[:16] == key.bytes


def _opens(grant: PlaceGrant | None, key: PersonKey) -> bool:
    return grant is not None and _is_of(grant, key.pk)


def _give(review: PlaceReview, data_key: bytes, keys: list[PersonKey]) -> None:
    """Write the grants that are still missing; two leads who pass on at the same moment wait for each other."""
    with transaction.atomic():
        PlaceReview.objects.select_for_update(no_key=True, of=("self",)).get(pk=review.pk)
        held = {grant.holder_id: grant for grant in review.grants.all()}
        lack = [key for key in keys if not _opens(held.get(key.person_id), key)]
        review.grants.filter(holder__in=[key.person_id for key in lack]).delete()
        PlaceGrant.objects.bulk_create([_grant(review, key, data_key) for key in lack])


def _bound(review: PlaceReview, part: str) -> bytes:
    return crypto.binding(LABEL, case=review.assessment_id, compartment=part, generation=1, row=review.pk, author=None)


def _seal(data_key: bytes, content: dict[str, Any], review: PlaceReview, part: str) -> bytes:
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return crypto.encrypt(data_key, crypto.pad(plain, STEP), bound=_bound(review, part))


def _unseal(data_key: bytes, envelope: bytes, review: PlaceReview, part: str) -> dict[str, Any]:
    plain = crypto.unpad(crypto.decrypt(data_key, envelope, bound=_bound(review, part)))
    opened: dict[str, Any] = json.loads(plain)
    return opened
