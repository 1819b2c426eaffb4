"""Moving an agreed date: with a stated reason, a new date if there is one, and what was offered instead.

Once is normal. What makes a pattern is in `patterns`; here a pattern opens a joint review, in the transaction that made
it or, where time alone makes it, in the sweep. One review at a time: a second pattern joins the one that is open.
Prevention package, section 4.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import Person
from factories.models import (
    PROGRAMME_REASONS,
    Activity,
    ActivityRequest,
    ActivityState,
    Factory,
    JointReview,
    Postponement,
    StatedReason,
)
from factories.package import activities, lines, patterns, promises, reviews
from factories.package.refusal import PackageRefused
from factories.package.taking import Taken, taking


def postpone(
    activity: Activity,
    *,
    reason: str,
    to_on: date | None,
    offered: str,
    words: str = "",
    by: Person,
    at: datetime,
    request: ActivityRequest | None = None,
) -> Postponement:
    """Move an activity's agreed date. Whoever read another date than the one that stands now is refused.

    A reason of ours is counted apart and never against the factory.
    """
    with taking(activity.factory, at=at, by=by) as taken:
        found = taken.activity(activity)
        activities.still_open(found)
        if found.due_on is None:
            raise PackageRefused(_("It has no agreed date to move. Agree on a date first."))
        if activity.due_on != found.due_on:
            raise PackageRefused(_("Somebody moved this date just before you. Look at it again."))
        if not offered.strip():
            raise PackageRefused(_("Write what was offered instead."))
        if to_on is not None:
            if to_on <= found.due_on:
                raise PackageRefused(_("The new date lies after the old one."))
            activities.check_day(taken.factory, to_on, today=taken.today)
        stated = StatedReason(reason).value
        made = Postponement.objects.create(
            activity=found,
            reason=stated,
            words=words.strip(),
            offered=offered.strip(),
            from_on=found.due_on,
            to_on=to_on,
            by_programme=stated in PROGRAMME_REASONS,
            recorded_by=by,
            on=taken.today,
            at=at,
            request=request,
        )
        found.state, found.due_on, found.recorded_by = ActivityState.POSTPONED, to_on, by
        found.save()
        promises.keep_dates(found, activities.line_of(found), at=at, paused=taken.is_paused)
        _look(taken, at=at)
        return made


def look(factory: Factory, *, at: datetime) -> JointReview | None:
    """Open a joint review where a pattern holds that no review has dealt with; return it."""
    with taking(factory, at=at) as taken:
        return _look(taken, at=at)


def standing(factory: Factory, *, at: datetime) -> list[patterns.Pattern]:
    """Return the patterns that hold now and that no closed review has dealt with."""
    return patterns.found(lines.of(factory), promises.local_day(factory, at), covered=_covered(factory))


def _look(taken: Taken, *, at: datetime) -> JointReview | None:
    package = taken.package
    if package is None or package.ended_on or package.paused_until:
        return None
    if taken.factory.joint_reviews.filter(looked_again_on=None).exists():
        return None
    found = standing(taken.factory, at=at)
    if not found:
        return None
    return reviews.begin(taken.factory, found[0].rule, activity_id=found[0].activity, at=at)


def _covered(factory: Factory) -> patterns.Covered | None:
    last = factory.joint_reviews.exclude(looked_again_at=None).order_by("-looked_again_at").first()
    if last is None:
        return None
    assert last.looked_again_at and last.looked_again_on
    return patterns.Covered(last.looked_again_at, last.looked_again_on)
