"""Who acts for a factory or for an organisation outside, and when the outside team reads."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from factories.models.places import CountryPack, Factory
from factories.querysets import InvitationQuerySet, RoleQuerySet


def today() -> Any:
    return timezone.now().date()


class OrganisationKind(models.TextChoices):
    ADVISORY = "advisory", _("Advisory organisation")
    TECHNICAL = "technical", _("Technical organisation")
    PLATFORM = "platform", _("Platform")
    SERVICE_PROVIDER = "service_provider", _("Service provider")
    INDUSTRY_BODY = "industry_body", _("Industry body")
    GOVERNMENT = "government", _("Government")
    UNION = "union", _("Union")
    BUYER = "buyer", _("Buyer")


class FactoryRole(models.TextChoices):
    """What somebody does in one factory."""

    CASE_OFFICER = "case_officer", _("Case officer")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    COMMITTEE_CHAIR = "committee_chair", _("Committee chair")
    DECISION_MAKER = "decision_maker", _("Decision maker")
    OUTSIDE_MEMBER = "outside_member", _("Outside member")


class OutsideRole(models.TextChoices):
    """What somebody does outside the factories."""

    ADVISOR = "advisor", _("Advisor")
    TECHNICAL_EXPERT = "technical_expert", _("Technical expert")
    SAFEGUARDING_LEAD = "safeguarding_lead", _("Safeguarding lead")
    PROGRAMME_LEAD = "programme_lead", _("Programme lead")
    PLATFORM_ADMIN = "platform_admin", _("Administrator")
    APPEAL_REVIEWER = "appeal_reviewer", _("Appeal reviewer")


ROLE_LABELS: dict[str, Any] = {**dict(FactoryRole.choices), **dict(OutsideRole.choices)}


class Organisation(models.Model):
    """Who the people outside the factories work for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="organisation_kind_known", condition=Q(kind__in=OrganisationKind.values)),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a person does in one factory, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    factory = models.ForeignKey(Factory, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=FactoryRole)
    unit = models.CharField(max_length=60, blank=True)
    is_stand_in = models.BooleanField(default=False)
    since = models.DateField(default=today)
    until = models.DateField(null=True, blank=True)  # empty: current. Set: ended, from that moment on.

    objects = RoleQuerySet.as_manager()

    class Meta:
        ordering = ["factory", "role", "is_stand_in"]
        constraints = [
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=FactoryRole.values)),
            models.CheckConstraint(
                name="membership_ends_after_start", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
            models.UniqueConstraint(
                fields=["person", "factory", "role"],
                condition=Q(until=None),
                name="membership_current_once",
                violation_error_message=_("This person already has this role in this factory."),
            ),
        ]
        indexes = [models.Index(fields=["factory", "role"], condition=Q(until=None), name="membership_current")]

    def __str__(self) -> str:
        return self.role


class Position(models.Model):
    """What a person does for an organisation outside the factories; without a country, in every one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="positions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="positions")
    role = models.CharField(max_length=20, choices=OutsideRole)
    country = models.ForeignKey(CountryPack, models.PROTECT, null=True, blank=True, related_name="positions")
    is_lead = models.BooleanField(default=False)
    since = models.DateField(default=today)
    until = models.DateField(null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        ordering = ["role", "-is_lead"]
        constraints = [
            models.CheckConstraint(name="position_role_known", condition=Q(role__in=OutsideRole.values)),
            models.CheckConstraint(
                name="position_ends_after_start", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "role", "country"],
                condition=Q(until=None),
                nulls_distinct=False,
                name="position_current_once",
                violation_error_message=_("This person already has this role in this organisation."),
            ),
            models.UniqueConstraint(
                fields=["role", "country"],
                condition=Q(until=None, is_lead=True),
                nulls_distinct=False,
                name="position_one_lead",
                violation_error_message=_("Somebody already leads for this role and country."),
            ),
        ]
        indexes = [models.Index(fields=["role", "country"], condition=Q(until=None), name="position_current")]

    def __str__(self) -> str:
        return self.role


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class RosterSlot(models.Model):
    """Hours of one weekday, in the country's time, in which an expert reads what comes in."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roster")
    country = models.ForeignKey(CountryPack, models.CASCADE, related_name="roster")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        ordering = ["country", "weekday", "start"]
        constraints = [
            models.CheckConstraint(name="rosterslot_weekday_known", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="rosterslot_ends_after_start",
                condition=Q(end__gt=F("start")),
                violation_error_message=_("The hours end after they begin."),
            ),
            models.UniqueConstraint(fields=["person", "country", "weekday", "start"], name="rosterslot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start}–{self.end}"


class Invitation(models.Model):
    """A role that waits for a person to follow a signed link, once, within seven days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, default="en")
    role = models.CharField(max_length=20, choices=[*FactoryRole.choices, *OutsideRole.choices])
    factory = models.ForeignKey(Factory, models.CASCADE, null=True, blank=True, related_name="invitations")
    unit = models.CharField(max_length=60, blank=True)
    is_stand_in = models.BooleanField(default=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="invitations")
    country = models.ForeignKey(CountryPack, models.CASCADE, null=True, blank=True, related_name="+")
    is_lead = models.BooleanField(default=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="invitation_role_has_its_place",
                condition=(
                    Q(role__in=FactoryRole.values, factory__isnull=False, organisation=None, country=None)
                    | Q(role__in=OutsideRole.values, factory=None, organisation__isnull=False)
                ),
            ),
            models.CheckConstraint(name="invitation_ends_later", condition=Q(expires_at__gt=F("made_at"))),
        ]

    def __str__(self) -> str:
        return self.role
