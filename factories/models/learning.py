"""What a factory counts about its own work, events of the industry, and practices that factories share.

Counts of people trained, of meetings, of answers in a survey: never of complaints, and nobody by name.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from factories.models.places import CountryPack, Factory


class StaffGroup(models.TextChoices):
    """Groups of people in a factory for training (closed list)."""

    WORKERS = "workers", _("Workers")
    SUPERVISORS = "supervisors", _("Supervisors and line leaders")
    MECHANICS = "mechanics", _("Mechanics")
    GUARDS = "guards", _("Guards")
    DRIVERS = "drivers", _("Drivers")
    MANAGERS = "managers", _("Managers")
    NEW_HIRES = "new_hires", _("Hired in the quarter, without its last 30 days")


class TrainingCount(models.Model):
    """At the end of a quarter: how many of a group are employed, and how many of them were trained in 24 months.

    Of new hires: how many were hired, and how many of them trained within 30 days.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="training_counts")
    quarter = models.CharField(max_length=6)
    group = models.CharField(max_length=12, choices=StaffGroup)
    people = models.PositiveIntegerField()
    trained = models.PositiveIntegerField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_on = models.DateField()

    class Meta:
        ordering = ["-quarter", "group"]
        constraints = [
            models.UniqueConstraint(fields=["factory", "quarter", "group"], name="trainingcount_once"),
            models.CheckConstraint(
                name="trainingcount_within",
                condition=Q(trained__lte=F("people")),
                violation_error_message=_("More people were trained than there are."),
            ),
        ]

    def __str__(self) -> str:
        return self.group


class KnowledgeTest(models.Model):
    """The ten questions before and after a training: how many people took both, and their two means (0 to 100)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="knowledge_tests")
    on = models.DateField()
    people = models.PositiveIntegerField()
    mean_before = models.DecimalField(max_digits=4, decimal_places=1)
    mean_after = models.DecimalField(max_digits=4, decimal_places=1)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on"]
        constraints = [
            models.CheckConstraint(
                name="knowledgetest_in_points",
                condition=Q(mean_before__gte=0, mean_before__lte=100, mean_after__gte=0, mean_after__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return str(self.on)


class CommitteeCount(models.Model):
    """The committee in a quarter: meetings planned and held, members and how many of them are trained."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="committee_counts")
    quarter = models.CharField(max_length=6)
    meetings_planned = models.PositiveSmallIntegerField()
    meetings_held = models.PositiveSmallIntegerField()
    members = models.PositiveSmallIntegerField()
    members_trained = models.PositiveSmallIntegerField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_on = models.DateField()

    class Meta:
        ordering = ["-quarter"]
        constraints = [
            models.UniqueConstraint(fields=["factory", "quarter"], name="committeecount_once"),
            models.CheckConstraint(name="committeecount_within", condition=Q(members_trained__lte=F("members"))),
        ]

    def __str__(self) -> str:
        return self.quarter


class Drill(models.Model):
    """A practice case that went through the whole process: times and gaps written down, passed or not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="drills")
    on = models.DateField()
    passed = models.BooleanField()
    gaps = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["factory", "on"], name="drill_once_a_day")]

    def __str__(self) -> str:
        return str(self.on)


class TestWay(models.TextChoices):
    """The way a test complaint took (closed list)."""

    PLATFORM = "platform", _("Platform")
    BOX = "box", _("Box")
    COMMITTEE = "committee", _("Committee")
    PHONE = "phone", _("Telephone")


class ChannelTest(models.Model):
    """A test complaint sent from outside, and when it was answered. It says "test" and is no case of anybody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="channel_tests")
    way = models.CharField(max_length=12, choices=TestWay)
    anonymous = models.BooleanField()
    sent_on = models.DateField()
    answer_due_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-sent_on"]
        constraints = [
            models.CheckConstraint(
                name="channeltest_answered_after_sent",
                condition=Q(answered_on=None) | Q(answered_on__gte=F("sent_on")),
                violation_error_message=_("It was answered on the day it was sent, or later."),
            ),
            models.CheckConstraint(name="channeltest_due_after_sent", condition=Q(answer_due_on__gte=F("sent_on"))),
        ]

    def __str__(self) -> str:
        return self.way

    @property
    def in_time(self) -> bool:
        return self.answered_on is not None and self.answered_on <= self.answer_due_on


class SurveyKind(models.TextChoices):
    BASELINE = "baseline", _("At the beginning")
    PULSE = "pulse", _("Half-way")
    END = "end", _("At the end")


class WorkerSurvey(models.Model):
    """The totals of one anonymous survey of workers; the answers themselves are not in the platform."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="worker_surveys")
    kind = models.CharField(max_length=10, choices=SurveyKind)
    on = models.DateField()
    answers = models.PositiveIntegerField()
    know_a_way = models.PositiveIntegerField()  # Can name at least one way to complain and one banned act.
    trust = models.PositiveIntegerField()  # "It would be safe" and "something would be done", both agreed to.
    told_workers_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(fields=["factory", "on"], name="survey_once_a_day"),
            models.CheckConstraint(
                name="survey_parts_within_answers",
                condition=Q(know_a_way__lte=F("answers"), trust__lte=F("answers"), answers__gt=0),
                violation_error_message=_("A part of the answers is not more than all answers."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.on)


class InPlace(models.TextChoices):
    POLICY = "policy", _("Policy")
    COMMITTEE = "committee", _("Committee")
    CHANNELS = "channels", _("Ways to complain")


class PlaceCheck(models.Model):
    """That policy, committee or channels were in place, or not, on the day somebody from outside looked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="place_checks")
    what = models.CharField(max_length=10, choices=InPlace)
    yes = models.BooleanField()
    checked_on = models.DateField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-checked_on"]
        constraints = [models.UniqueConstraint(fields=["factory", "what", "checked_on"], name="placecheck_once_a_day")]

    def __str__(self) -> str:
        return self.what


class EventLevel(models.TextChoices):
    NATIONAL = "national", _("National")
    REGIONAL = "regional", _("Regional")


class IndustryEvent(models.Model):
    """A national or regional meeting. No factory is named without its written yes, and no case is ever told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    level = models.CharField(max_length=10, choices=EventLevel)
    country = models.ForeignKey(CountryPack, models.PROTECT, null=True, blank=True, related_name="events")
    title = models.CharField(max_length=160)
    on = models.DateField()
    hosts = models.CharField(max_length=200)
    participants = models.JSONField(default=dict, blank=True)  # Kind of participant to number.
    topics = models.TextField(blank=True)
    figures_shown = models.TextField(blank=True)  # Which published figures; suppressed ones only.
    follow_up_on = models.DateField()
    followed_up_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on"]
        constraints = [
            models.CheckConstraint(
                name="event_follow_up_after",
                condition=Q(follow_up_on__gte=F("on")),
                violation_error_message=_("The follow-up comes after the event."),
            ),
            models.CheckConstraint(
                name="event_national_has_country", condition=~Q(level="national") | Q(country__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EventCommitment(models.Model):
    """What somebody took on at an event, by when, and whether it was done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(IndustryEvent, models.CASCADE, related_name="commitments")
    who = models.CharField(max_length=120)  # An organisation or a kind of participant.
    factory = models.ForeignKey(Factory, models.SET_NULL, null=True, blank=True, related_name="commitments")
    written_yes_on = models.DateField(null=True, blank=True)  # The factory's, to be named.
    what = models.CharField(max_length=300)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.CheckConstraint(
                name="commitment_names_with_yes",
                condition=Q(factory=None) | Q(written_yes_on__isnull=False),
                violation_error_message=_("A factory is named only with its written yes."),
            ),
        ]

    def __str__(self) -> str:
        return self.what


class SharedPractice(models.Model):
    """Something that worked, which a factory agreed in writing to share."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="shared_practices")
    indicators = ArrayField(models.CharField(max_length=6), default=list, blank=True)
    title = models.CharField(max_length=120)
    what = models.TextField()
    did_not_work = models.TextField(blank=True)
    agreed_on = models.DateField()  # The factory's written yes.
    named = models.BooleanField(default=False)  # It agreed to be named as well.
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-agreed_on"]

    def __str__(self) -> str:
        return self.title
