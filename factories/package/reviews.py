"""The joint review of a pattern: look for the cause behind the stated reason, agree on one step, look again.

The expert tells the advisor, the advisor talks with the factory, both name causes and one step, and both look again
after 30 days. Prevention package, section 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import Person
from factories import clock, people, seen
from factories.models import (
    Activity,
    ActivityState,
    Factory,
    JointReview,
    Package,
    PackageDeadline,
    ReviewStep,
    RootCause,
)
from factories.package import access, activities, catalogue, promises
from factories.package.refusal import PackageRefused
from factories.package.taking import Taken, taking


def begin(factory: Factory, rule: str, *, activity_id: UUID | None, at: datetime) -> JointReview:
    """Open a joint review, due in ten working days, and tell the technical experts. The factory is locked."""
    calendar = clock.calendar_for(factory)
    today = calendar.local_day(at)
    limit = catalogue.promises()["joint_review"].limit
    review = JointReview.objects.create(
        factory=factory,
        activity_id=activity_id,
        rule=rule,
        opened_at=at,
        opened_on=today,
        due_on=calendar.local_day(clock.due(limit, at, calendar)),
    )
    promises.promise("joint_review", factory, at=at, review=review)
    notices.queue(
        to=people.experts(factory.country_id, vouched=False),
        cause=f"package_review:{review.pk}",
        kind="package_review_opened",
        at=at,
        due_on=review.due_on,
        topic=promises.TOPIC,
        topic_id=factory.pk,
    )
    return review


def tell_advisor(review: JointReview, *, by: Person, at: datetime) -> JointReview:
    """Note that the expert told the advisor, and send the advisor word of it."""
    with taking(review.factory, at=at, by=by) as taken:
        found = _open(taken, review)
        if not access.is_expert_of(by, taken.factory.country_id):
            raise PackageRefused(_("The technical expert tells the advisor."))
        if found.advisor_told_on is None:
            found.advisor_told_on = taken.today
            found.save(update_fields=["advisor_told_on"])
            notices.queue(
                to=people.advisors_of(taken.factory),
                cause=f"package_review_told:{found.pk}",
                kind="package_review_told",
                at=at,
                due_on=found.due_on,
                topic=promises.TOPIC,
                topic_id=taken.factory.pk,
            )
        return found


def talked(review: JointReview, *, on: date, by: Person, at: datetime) -> JointReview:
    """Note the day on which the advisor talked with the factory."""
    with taking(review.factory, at=at, by=by) as taken:
        found = _open(taken, review)
        if not access.advises(by, taken.factory):
            raise PackageRefused(_("The advisor talks with the factory: they have its trust."))
        if found.advisor_told_on is None:
            raise PackageRefused(_("First the technical expert tells you what was seen. Call them."))
        if taken.not_ahead(on) < found.opened_on:
            raise PackageRefused(_("The talk is about this pattern, so it comes after the day on which it was seen."))
        found.talked_on = on
        found.save(update_fields=["talked_on"])
        return found


def propose(
    review: JointReview, *, causes: Iterable[str], step: str, step_on: date, by: Person, at: datetime
) -> JointReview:
    """Name the causes behind the stated reason, one step and its date. It counts when the other of the two agrees."""
    with taking(review.factory, at=at, by=by) as taken:
        found = _open(taken, review)
        if found.talked_on is None:
            raise PackageRefused(_("First the advisor talks with the factory. The cause is looked for in that talk."))
        named = {RootCause(cause).value for cause in causes}
        if not named:
            raise PackageRefused(_("Name at least one cause. “Not yet known” is one, with a second talk."))
        if step_on < taken.today:
            raise PackageRefused(_("The step has a date that is still to come."))
        found.causes = [cause for cause in RootCause.values if cause in named]
        found.step, found.step_on = ReviewStep(step).value, step_on
        # Whoever agreed before agreed to something else.
        found.held_by_advisor = found.held_by_expert = None
        _sign(found, taken, by)
        found.save()
        return found


def shown_proposal(review: JointReview) -> str:
    """Name what a page shows as proposed, for the button beside it to bring back."""
    return seen.mark(review.causes, review.step, review.step_on)


def agree(review: JointReview, *, by: Person, at: datetime, shown: str = "") -> JointReview:
    """Agree to what the other of the two proposed: now the review is held, and its step begins.

    `shown` is what the page of whoever agrees showed (`shown_proposal`): nobody agrees to what they have not read.
    """
    with taking(review.factory, at=at, by=by) as taken:
        found = _open(taken, review)
        if not found.step:
            raise PackageRefused(_("Nothing is proposed yet. Propose causes and a step."))
        if seen.is_other(shown, found.causes, found.step, found.step_on):
            raise PackageRefused(_("Something else is proposed since you opened the page. Read it, then agree."))
        if found.step_on is None or found.step_on < taken.today:
            raise PackageRefused(_("The day of the proposed step is over. Propose a step with a day still to come."))
        _sign(found, taken, by)
        if found.held_by_advisor is None or found.held_by_expert is None:
            raise PackageRefused(_("You proposed it. The other of you two agrees: the advisor, or a technical expert."))
        if found.held_by_advisor == found.held_by_expert:
            raise PackageRefused(_("Two people hold a joint review."))
        found.held_on = taken.today
        promises.end(Q(review=found, code="joint_review"), met_at=at)
        again = promises.promise("look_again", taken.factory, at=at, review=found)
        found.look_again_on = promises.local_day(taken.factory, again.due_at)
        found.save()
        if found.step == ReviewStep.PAUSE_WITH_END_DATE:
            _pause(taken.running(), taken, found, at=at)
        return found


def _sign(found: JointReview, taken: Taken, by: Person) -> None:
    """Put this person's name where it belongs: as the factory's advisor, or as an expert of its country."""
    if access.advises(by, taken.factory):
        found.held_by_advisor = by
    else:
        found.held_by_expert = by


def _pause(package: Package, taken: Taken, review: JointReview, *, at: datetime) -> None:
    package.paused_until = review.step_on
    package.save(update_fields=["paused_until"])
    promises.hold(taken.factory, at=at)
    promises.promise("pause_ends", taken.factory, at=at, on=review.step_on)


def end_pause(factory: Factory, *, at: datetime) -> None:
    """Let the dates of activities run again; what became a pattern meanwhile opens a review. Harmless twice."""
    from factories.package import postponing

    with taking(factory, at=at) as taken:
        if not taken.is_paused:
            return
        assert taken.package is not None
        taken.package.paused_until = None
        taken.package.save(update_fields=["paused_until"])
        # Its rung is just rising: only the promise is met.
        PackageDeadline.objects.open().filter(factory=taken.factory, code="pause_ends").update(met_at=at)
        promises.let_go(taken.factory)
        postponing.look(taken.factory, at=at)


def new_date(review: JointReview, activity: Activity, on: date, *, by: Person, at: datetime) -> Activity:
    """Give an activity the date that a held review agreed on. It is no further move: both sides agreed on it."""
    with taking(review.factory, at=at, by=by) as taken:
        found = taken.factory.joint_reviews.get(pk=review.pk)
        if found.held_on is None or found.looked_again_on is not None:
            raise PackageRefused(_("New dates come with a review that is held and not closed yet."))
        one = taken.activity(activity)
        activities.still_open(one)
        activities.check_day(taken.factory, on, today=taken.today)
        activities.put_on(one, on, at=at, by=by, paused=taken.is_paused)
        return one


def look_again(review: JointReview, *, solved: bool, by: Person, at: datetime) -> JointReview:
    """Close a review 30 days after it was held. What is not solved opens the next one at once."""
    with taking(review.factory, at=at, by=by) as taken:
        found = taken.factory.joint_reviews.get(pk=review.pk)
        if found.looked_again_on is not None:
            raise PackageRefused(_("Somebody has looked at it again already."))
        if found.held_on is None or found.look_again_on is None:
            raise PackageRefused(_("First the review is held: causes, one step and a date, by both."))
        if taken.today < found.look_again_on:
            raise PackageRefused(_("Look again when thirty days are over: the step needs that time."))
        without = taken.factory.activities.filter(state=ActivityState.POSTPONED, due_on=None)
        if solved and without.exists():
            raise PackageRefused(_("An activity still has no date. Agree on one, or say that it is not solved."))
        found.looked_again_on, found.looked_again_at, found.solved = taken.today, at, solved
        found.save()
        promises.end(Q(review=found), met_at=at)
        goes_on = taken.package is not None and taken.package.ended_on is None
        if not solved and goes_on and found.step != ReviewStep.END_SUPPORT:
            begin(taken.factory, found.rule, activity_id=found.activity_id, at=at)
        return found


def _open(taken: Taken, review: JointReview) -> JointReview:
    taken.running()
    found: JointReview = taken.factory.joint_reviews.get(pk=review.pk)
    if found.held_on is not None:
        raise PackageRefused(_("This review is held already. Look again on its day."))
    return found
