"""A factory's way through the prevention package: how it entered, its activities and their dates, and what slipped.

Nothing here knows a case. Codes, needs and typical times are data: factories/data/package.json.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from factories.clock import AbstractDeadline, AbstractRung
from factories.models.places import Factory


class IntroductionAnswer(models.TextChoices):
    YES = "yes", _("Yes")
    LATER = "later", _("Later")
    NO = "no", _("No")


class IntroductionWay(models.TextChoices):
    """Through what a factory was introduced (closed list)."""

    MEETING = "meeting", _("A meeting at the factory")
    EVENT = "event", _("A national or regional event")
    VISIT = "visit", _("A visit for another reason")
    PEER = "peer", _("Another factory")
    PHONE = "phone", _("A call")


class Introduction(models.Model):
    """A trusted intermediary presents the programme to a factory. Counted for learning, never as a target."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="introductions")
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=IntroductionWay)
    event = models.ForeignKey(
        "factories.IndustryEvent", models.SET_NULL, null=True, blank=True, related_name="introductions"
    )
    with_decider = models.BooleanField(default=False)  # Somebody who can decide was there.
    answer = models.CharField(max_length=8, choices=IntroductionAnswer, blank=True)
    answer_on = models.DateField(null=True, blank=True)
    later_on = models.DateField(null=True, blank=True)  # With "later": the day on which to ask again.
    reason = models.TextField(blank=True)  # With "no".

    class Meta:
        ordering = ["-on"]
        constraints = [
            models.CheckConstraint(
                name="introduction_answer_has_its_day", condition=Q(answer="", answer_on=None) | ~Q(answer_on=None)
            ),
            models.CheckConstraint(
                name="introduction_later_has_a_day",
                condition=~Q(answer="later") | Q(later_on__isnull=False),
                violation_error_message=_("Give the day on which to ask again."),
            ),
            models.CheckConstraint(
                name="introduction_no_has_a_reason",
                condition=~Q(answer="no") | ~Q(reason=""),
                violation_error_message=_("Write why the factory said no."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.on)


class MouPoint(models.TextChoices):
    """What top management signs in the one-page understanding (closed list). Prevention package, section 1."""

    FREE_ACCESS = "free_access", _("Free access to workers")
    PAID_TIME = "paid_time", _("Training and interviews in paid time")
    NO_HUNTING = "no_hunting", _("No searching for who complained")
    NO_ZERO_TARGET = "no_zero_target", _("No target of zero complaints")
    WHO_SEES_WHAT = "who_sees_what", _("What is shared with whom")


class Package(models.Model):
    """One factory in the prevention package, from the understanding on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.OneToOneField(Factory, models.CASCADE, related_name="package")
    began_on = models.DateField()
    mou_on = models.DateField(null=True, blank=True)
    mou_points = ArrayField(models.CharField(max_length=16, choices=MouPoint), default=list, blank=True)
    team_on = models.DateField(null=True, blank=True)
    focal_point_role = models.CharField(max_length=120, blank=True)  # The job, never a name.
    stand_in_role = models.CharField(max_length=120, blank=True)
    hours_a_week = models.PositiveSmallIntegerField(null=True, blank=True)
    languages = models.CharField(max_length=200, blank=True)
    plan_on = models.DateField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    numbers_reminded_on = models.DateField(null=True, blank=True)  # Asked for counts or names: reminded once.
    end_agreed_advisory_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_agreed_technical_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_message = models.TextField(blank=True)  # To workers: how they can still complain.
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["began_on"]
        constraints = [
            models.CheckConstraint(
                name="package_mou_has_every_point",
                condition=Q(mou_on=None) | Q(mou_points__contains=MouPoint.values),
                violation_error_message=_("The understanding holds every point, or it is not signed."),
            ),
            models.CheckConstraint(
                name="package_ended_by_both",
                condition=Q(ended_on=None)
                | (Q(end_agreed_advisory_by__isnull=False, end_agreed_technical_by__isnull=False) & ~Q(end_message="")),
                violation_error_message=_("Support ends only when both organisations agree and workers are told."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.began_on)


class ActivityState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    AGREED = "agreed", _("Agreed")
    DONE = "done", _("Done")
    POSTPONED = "postponed", _("Postponed")
    DROPPED = "dropped", _("Dropped")


class Activity(models.Model):
    """One of the nineteen activities in one factory: one line, with its first agreed date, its date now, and what shows
    that it is done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="activities")
    code = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=ActivityState, default=ActivityState.PLANNED)
    first_agreed_on = models.DateField(null=True, blank=True)  # Set once.
    due_on = models.DateField(null=True, blank=True)  # Agreed now. Empty: moved without a new date.
    done_on = models.DateField(null=True, blank=True)
    evidence = models.TextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    dropped_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["factory", "pk"]
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(fields=["factory", "code"], name="activity_once"),
            models.CheckConstraint(name="activity_state_known", condition=Q(state__in=ActivityState.values)),
            models.CheckConstraint(
                name="activity_done_has_evidence",
                condition=(~Q(state="done") & Q(done_on=None))
                | (Q(state="done", done_on__isnull=False) & ~Q(evidence="")),
                violation_error_message=_("Say what shows that it is done."),
            ),
            models.CheckConstraint(
                name="activity_agreed_has_a_date",
                condition=~Q(state="agreed") | Q(due_on__isnull=False, first_agreed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="activity_dropped_says_why", condition=~Q(state="dropped") | ~Q(dropped_reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ActivityOccasion(models.Model):
    """One time of an activity that comes again: a quarterly review, a coaching visit, a wave of awareness."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="occasions")
    on = models.DateField()
    evidence = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["activity", "on"], name="occasion_once_a_day")]

    def __str__(self) -> str:
        return str(self.on)


class StatedReason(models.TextChoices):
    """Why a date was moved, as it was stated (closed list A). Prevention package, section 4."""

    PEAK_SHIPMENT = "peak_shipment", _("Peak season, shipment, overtime")
    ORDER_CHANGE = "order_change", _("Sudden order, buyer change")
    KEY_PERSON_AWAY = "key_person_away", _("Focal point or manager absent or left")
    MANAGEMENT_CHANGE = "management_change", _("New owner or manager")
    NO_ROOM_OR_TIME = "no_room_or_time", _("No room or paid time found")
    OTHER_AUDIT = "other_audit", _("Another audit or visit")
    HOLIDAY_SEASON = "holiday_season", _("Public holiday, harvest, festival")
    DISPUTE_OR_STRIKE = "dispute_or_strike", _("Labour dispute")
    LOW_ORDERS_CLOSURE = "low_orders_closure", _("Lack of orders, lay-off, closing, moving")
    EMERGENCY = "emergency", _("Fire, flood, epidemic, power")
    LEGAL_APPROVAL = "legal_approval", _("Waiting for approval of work rules")
    CASE_PENDING = "case_pending", _("A case makes it delicate now")
    NO_REASON = "no_reason", _("None given")
    OTHER = "other", _("Other")
    TRAINER_UNAVAILABLE = "trainer_unavailable", _("No trainer or interpreter (the programme)")
    MATERIALS_NOT_READY = "materials_not_ready", _("Materials or translation not ready (the programme)")
    PROGRAMME_DELAY = "programme_delay", _("Our own planning, funding, travel (the programme)")


# Delays of ours: counted apart and never against the factory.
PROGRAMME_REASONS = frozenset(
    {
        StatedReason.TRAINER_UNAVAILABLE.value,
        StatedReason.MATERIALS_NOT_READY.value,
        StatedReason.PROGRAMME_DELAY.value,
    }
)


class Postponement(models.Model):
    """One change of an agreed date: who asked, the stated reason, the new date if any, what was offered instead."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="postponements")
    reason = models.CharField(max_length=20, choices=StatedReason)
    words = models.TextField(blank=True)
    offered = models.TextField()
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    by_programme = models.BooleanField()  # Asked for by us, for a reason of ours.
    request = models.OneToOneField(
        "factories.ActivityRequest", models.SET_NULL, null=True, blank=True, related_name="postponement"
    )  # Asked for by somebody at the factory, on its page.
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(name="postponement_reason_known", condition=Q(reason__in=StatedReason.values)),
            models.CheckConstraint(
                name="postponement_side_follows_reason",
                condition=Q(by_programme=True, reason__in=PROGRAMME_REASONS)
                | (Q(by_programme=False) & ~Q(reason__in=PROGRAMME_REASONS)),
            ),
            models.CheckConstraint(
                name="postponement_moves_later",
                condition=Q(to_on=None) | Q(to_on__gt=F("from_on")),
                violation_error_message=_("The new date lies after the old one."),
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class RequestKind(models.TextChoices):
    MOVE = "move", _("Move the date")
    DONE = "done", _("It is done")


class ActivityRequest(models.Model):
    """What somebody at the factory asks about an activity: to move its date, or to note that it is done.

    The advisor or the expert answers; until then the agreed date stands.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=4, choices=RequestKind)
    reason = models.CharField(max_length=20, choices=StatedReason, blank=True)
    day = models.DateField(null=True, blank=True)  # The new date asked for, or the day on which it was done.
    words = models.TextField(blank=True)  # What shows that it is done; or more about the reason.
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_on = models.DateField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    taken = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity"], condition=Q(answered_on=None), name="activityrequest_one_open"
            ),
            models.CheckConstraint(name="activityrequest_kind_known", condition=Q(kind__in=RequestKind.values)),
            models.CheckConstraint(
                name="activityrequest_says_what",
                condition=(Q(kind="move") & ~Q(reason="")) | (Q(kind="done", day__isnull=False) & ~Q(words="")),
            ),
            models.CheckConstraint(name="activityrequest_factory_reason", condition=~Q(reason__in=PROGRAMME_REASONS)),
            models.CheckConstraint(
                name="activityrequest_answered_by_somebody",
                condition=Q(answered_on=None, answered_by=None, taken=None)
                | Q(answered_on__isnull=False, answered_by__isnull=False, taken__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class PatternRule(models.TextChoices):
    """What makes a pattern (closed list). Prevention package, section 4."""

    TWICE = "twice", _("The same activity was moved twice")
    THREE_IN_90 = "three_in_90", _("Three activities were moved within 90 days")
    SIXTY_LATE = "sixty_late", _("An activity is more than 60 days later than first agreed")
    NO_DATE = "no_date", _("An activity was moved without a new date")


class RootCause(models.TextChoices):
    """The cause behind the stated reason, set by advisor and expert together after talking (closed list B)."""

    FEAR_OF_NUMBERS = "fear_of_numbers", _("Fear that complaints will hurt the assessment, licence or buyers")
    FEAR_OF_EXPOSURE = "fear_of_exposure", _("Someone powerful could be named")
    TABOO_OR_DENIAL = "taboo_or_denial", _("The topic is seen as shameful or foreign")
    COST_OF_TIME = "cost_of_time", _("Paid training time is the problem")
    PRODUCTION_PLANNING = "production_planning", _("No planning ahead, constant fire-fighting")
    NO_AUTHORITY = "no_authority", _("The focal point cannot decide")
    TURNOVER_OF_PEOPLE = "turnover_of_people", _("Those who know leave")
    OVERLOAD_OF_PROGRAMMES = "overload_of_programmes", _("Too many projects and audits")
    DISTRUST_OF_PROGRAMME = "distrust_of_programme", _("Bad experience, fear of leaks")
    WORKER_SIDE_CONCERN = "worker_side_concern", _("Union or workers were not consulted")
    LANGUAGE_OR_LITERACY = "language_or_literacy", _("Materials do not fit")
    FINANCIAL_DISTRESS = "financial_distress", _("Survival comes first")
    BAD_FAITH = "bad_faith", _("Wants the name, not the work")
    PROGRAMME_CAUSE = "programme_cause", _("We caused it")
    UNCLEAR = "unclear", _("Not yet known")


class ReviewStep(models.TextChoices):
    """The one step agreed after a joint review (closed list)."""

    NEW_DATES = "new_dates", _("New dates")
    SMALLER_STEP = "smaller_step", _("A smaller step")
    MEETING_WITH_DECIDER = "meeting_with_decider", _("A meeting with whoever decides")
    PEER_CONTACT = "peer_contact", _("Contact with a factory that has done it")
    EXTRA_SUPPORT = "extra_support", _("Extra support")
    PAUSE_WITH_END_DATE = "pause_with_end_date", _("A pause with an end date")
    END_SUPPORT = "end_support", _("The end of support")


class JointReview(models.Model):
    """A pattern of postponing, and what advisor and expert do about it together within ten working days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="joint_reviews")
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, blank=True, related_name="joint_reviews")
    rule = models.CharField(max_length=12, choices=PatternRule)
    opened_at = models.DateTimeField()
    opened_on = models.DateField()
    due_on = models.DateField()
    advisor_told_on = models.DateField(null=True, blank=True)  # The expert tells the advisor.
    talked_on = models.DateField(null=True, blank=True)  # The advisor talks with the factory.
    causes = ArrayField(models.CharField(max_length=24, choices=RootCause), default=list, blank=True)
    step = models.CharField(max_length=24, choices=ReviewStep, blank=True)
    step_on = models.DateField(null=True, blank=True)
    held_by_advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    held_by_expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    held_on = models.DateField(null=True, blank=True)  # Both have agreed on cause and step.
    look_again_on = models.DateField(null=True, blank=True)
    looked_again_on = models.DateField(null=True, blank=True)
    looked_again_at = models.DateTimeField(null=True, blank=True)  # What was moved after this is new.
    solved = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            # One talk at a time about the same thing: a second pattern joins the review that is open.
            models.UniqueConstraint(fields=["factory"], condition=Q(looked_again_on=None), name="jointreview_one_open"),
            models.CheckConstraint(name="jointreview_rule_known", condition=Q(rule__in=PatternRule.values)),
            models.CheckConstraint(
                name="jointreview_held_by_both",
                condition=Q(held_on=None)
                | (
                    Q(
                        held_by_advisor__isnull=False,
                        held_by_expert__isnull=False,
                        causes__len__gte=1,
                        look_again_on__isnull=False,
                    )
                    & ~Q(step="")
                ),
                violation_error_message=_("A review is held when advisor and expert name a cause, a step and a date."),
            ),
            models.CheckConstraint(
                name="jointreview_looked_again_says_how",
                condition=Q(looked_again_on=None, looked_again_at=None, solved=None)
                | Q(looked_again_on__isnull=False, looked_again_at__isnull=False, solved__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.rule


class PackageDeadline(AbstractDeadline):
    """A promise of the package: an activity's agreed date, a joint review, a look again, an introduction's answer."""

    factory = models.ForeignKey(Factory, models.CASCADE, related_name="package_deadlines")
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, blank=True, related_name="deadlines")
    review = models.ForeignKey(JointReview, models.CASCADE, null=True, blank=True, related_name="deadlines")
    commitment = models.ForeignKey(
        "factories.EventCommitment", models.CASCADE, null=True, blank=True, related_name="deadlines"
    )

    class Meta(AbstractDeadline.Meta):
        abstract = False
        constraints = [
            *AbstractDeadline.Meta.constraints,
            models.UniqueConstraint(
                fields=["factory", "activity", "review", "commitment", "code", "ordinal"],
                nulls_distinct=False,
                name="packagedeadline_once",
            ),
        ]


class PackageRung(AbstractRung):
    deadline = models.ForeignKey(PackageDeadline, models.CASCADE, related_name="rungs")

    class Meta(AbstractRung.Meta):
        abstract = False
