"""Services a worker may turn to: how each was vetted, what survivors say about it, and when it is checked again.

No row here knows a case or a person who was helped. Workflow, section 12.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from factories.clock import AbstractDeadline, AbstractRung
from factories.models.kinds import ServiceKind
from factories.models.places import CountryPack
from factories.querysets import ServiceProviderQuerySet


class VettingCode(models.TextChoices):
    """The twelve questions of a vetting, checked in person; one no means no referrals (closed)."""

    FREE_EXIT = "v_free_exit", _("May people leave at any time, are doors open, may they keep phone and papers?")
    VOLUNTARY = "v_voluntary", _("Is entry and every activity voluntary, without threat of detention or return?")
    NO_FORCED_TRAINING = (
        "v_no_forced_training",
        _("Is job training a free choice, paid or unpaid as told, and not tied to one factory or sector?"),
    )
    NO_POLICE_TIE = "v_no_police_tie", _("Does it not depend on raids or on numbers delivered by police?")
    CONFIDENTIAL = "v_confidential", _("Does it keep records private and share only with consent?")
    HEALTH_MH = "v_health_mh", _("Does it provide or reach health, counselling and mental-health care?")
    CHILD = "v_child", _("Separate, qualified child service, or clearly none?")
    LANGUAGE_FOREIGN = "v_language_foreign", _("Interpreters; no handing over for deportation?")
    INCOME = (
        "v_income",
        _("Does it look at whether the planned work pays enough to live, and at what the person wants?"),
    )
    COMPLAINTS = "v_complaints", _("Can people complain about the service, and were complaints handled?")
    FOLLOW_UP = "v_follow_up", _("Does it follow up for at least a year?")
    NO_FEE_DEBT = "v_no_fee_debt", _("No fee, deposit or debt?")


class WordCode(models.TextChoices):
    """What somebody who was referred says about a provider, in one code (closed)."""

    HELPED = "helped", _("It helped")
    NOT_REACHED = "not_reached", _("Nobody could be reached")
    TURNED_AWAY = "turned_away", _("They sent the person away")
    NO_LANGUAGE = "no_language", _("Nobody spoke the person's language")
    NOT_BELIEVED = "not_believed", _("The person was not believed")
    HAD_TO_PAY = "had_to_pay", _("The person had to pay")
    COULD_NOT_LEAVE = "could_not_leave", _("The person could not leave, or call")
    PAPERS_KEPT = "papers_kept", _("They kept phone or papers")
    HAD_TO_WORK = "had_to_work", _("The person had to work or train")
    TOLD_OTHERS = "told_others", _("They told others")
    HANDED_OVER = "handed_over", _("They handed the person over, or threatened to")
    HARM = "harm", _("The person was harmed or threatened there")


# One of these closes a provider for referrals until somebody has looked at it.
GRAVE_WORDS = frozenset(
    {
        WordCode.COULD_NOT_LEAVE,
        WordCode.PAPERS_KEPT,
        WordCode.HAD_TO_WORK,
        WordCode.TOLD_OTHERS,
        WordCode.HANDED_OVER,
        WordCode.HARM,
    }
)


class ProviderState(models.TextChoices):
    """How a provider stands on a day; worked out by `with_state`, never stored."""

    OPEN = "open", _("Open for referrals")
    SOON = "soon", _("Open; its check is due soon")
    OVERDUE = "overdue", _("Closed: its check is overdue")
    BLOCKED = "blocked", _("Closed: an answer is no")
    SUSPENDED = "suspended", _("Suspended")
    NEVER = "never", _("Never checked")
    RETIRED = "retired", _("Off the list")


OPEN_STATES = (ProviderState.OPEN.value, ProviderState.SOON.value)
CHECK_SOON = timedelta(days=30)


class SuspensionReason(models.TextChoices):
    WORD = "word", _("Somebody who was referred says something grave")
    NEWS = "news", _("The outside team has heard something worrying")
    NOT_THERE = "not_there", _("It cannot be reached at the moment")


class SuspensionDecision(models.TextChoices):
    """What was decided after somebody looked at it (closed)."""

    OPEN_AGAIN = "open_again", _("Open for referrals again: it was looked into and is put right")
    CHECK_FIRST = "check_first", _("Closed until it was checked in person again, with every answer yes")


class ServiceProvider(models.Model):
    """A service a worker may turn to. Shown and used only while `providers.referable` keeps it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    country = models.ForeignKey(CountryPack, models.CASCADE, related_name="services")
    name = models.CharField(max_length=120)
    kinds = ArrayField(models.CharField(max_length=20, choices=ServiceKind))
    phone = models.CharField(max_length=60, blank=True)
    reach = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200, blank=True)
    languages = models.CharField(max_length=120, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    cost = models.CharField(max_length=120, blank=True)
    retired_on = models.DateField(null=True, blank=True)  # Set: it is off the list, and nobody checks it any more.

    objects = ServiceProviderQuerySet.as_manager()

    class Meta:
        ordering = ["country", "name", "id"]
        constraints = [
            models.CheckConstraint(
                name="service_kinds_known",
                condition=Q(kinds__contained_by=ServiceKind.values) & Q(kinds__len__gte=1),
                violation_error_message=_("A provider does at least one thing of the list."),
            ),
            models.CheckConstraint(name="service_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_labels(self) -> list[str]:
        """Return what it does, in words and in the order of the list."""
        return [str(label) for code, label in ServiceKind.choices if code in self.kinds]

    def may_refer(self, on: date) -> bool:
        """Say whether people may be sent there on this day."""
        return type(self).objects.referable(on).filter(pk=self.pk).exists()


class ProviderVetting(models.Model):
    """One check in person: by whom, on which day, and the day of the next one. Its answers are rows of their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.ForeignKey(ServiceProvider, models.CASCADE, related_name="vettings")
    # Two checks of one day: the later counts. Also what makes "the latest" certain.
    number = models.PositiveIntegerField()
    checked_on = models.DateField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    next_check_on = models.DateField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "number"], name="vetting_number_once"),
            models.CheckConstraint(name="vetting_next_check_is_later", condition=Q(next_check_on__gt=F("checked_on"))),
        ]

    def __str__(self) -> str:
        return str(self.checked_on)


class VettingAnswer(models.Model):
    """Yes or no to one of the twelve questions."""

    vetting = models.ForeignKey(ProviderVetting, models.CASCADE, related_name="answers")
    code = models.CharField(max_length=24, choices=VettingCode)
    yes = models.BooleanField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["vetting", "code"], name="vettinganswer_once"),
            models.CheckConstraint(name="vettinganswer_code_known", condition=Q(code__in=VettingCode.values)),
        ]

    def __str__(self) -> str:
        return self.code


class ProviderWord(models.Model):
    """What somebody who was referred says about a provider: a code and a day; no case, no person, no text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.ForeignKey(ServiceProvider, models.CASCADE, related_name="words")
    code = models.CharField(max_length=20, choices=WordCode)
    on = models.DateField()
    looked_at_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-on", "code"]
        constraints = [
            models.CheckConstraint(name="providerword_code_known", condition=Q(code__in=WordCode.values)),
            models.CheckConstraint(
                name="providerword_looked_at_by_somebody",
                condition=Q(looked_at=None, looked_at_by=None) | Q(looked_at__isnull=False, looked_at_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_grave(self) -> bool:
        return self.code in GRAVE_WORDS


class ProviderSuspension(models.Model):
    """A time in which nobody is sent there: why, since when, who decided what, and when it ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.ForeignKey(ServiceProvider, models.CASCADE, related_name="suspensions")
    reason = models.CharField(max_length=12, choices=SuspensionReason)
    since = models.DateField()
    # Empty: what somebody said closed it by itself.
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=12, choices=SuspensionDecision, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-since", "-decided_at"]
        constraints = [
            models.CheckConstraint(name="suspension_reason_known", condition=Q(reason__in=SuspensionReason.values)),
            models.CheckConstraint(
                name="suspension_decision_has_its_person",
                condition=Q(decision="", decided_by=None, decided_at=None)
                | Q(decision__in=SuspensionDecision.values, decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="suspension_ends_only_decided",
                condition=Q(ended_on=None) | (~Q(decision="") & Q(ended_on__gte=F("since"))),
            ),
            models.UniqueConstraint(fields=["provider"], condition=Q(decision=""), name="suspension_one_undecided"),
        ]

    def __str__(self) -> str:
        return self.reason


class ProviderDeadline(AbstractDeadline):
    """The promise to check a provider again."""

    provider = models.ForeignKey(ServiceProvider, models.CASCADE, related_name="deadlines")

    class Meta(AbstractDeadline.Meta):
        abstract = False
        constraints = [
            *AbstractDeadline.Meta.constraints,
            models.UniqueConstraint(fields=["provider", "code", "ordinal"], name="providerdeadline_once"),
        ]


class ProviderRung(AbstractRung):
    deadline = models.ForeignKey(ProviderDeadline, models.CASCADE, related_name="rungs")

    class Meta(AbstractRung.Meta):
        abstract = False
