"""Countries, factories, and who acts for them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from factories.names import CODE_LENGTH, name_key, new_short_code
from factories.querysets import (
    CountryPackQuerySet,
    FactoryQuerySet,
    InvitationQuerySet,
    RoleQuerySet,
    ServiceProviderQuerySet,
)


def today() -> Any:
    return timezone.now().date()


class PackStatus(models.TextChoices):
    TEMPLATE = "template", _("Template")
    DRAFT = "draft", _("Draft")
    LIVE = "live", _("Live")


class FactoryStatus(models.TextChoices):
    LISTED = "listed", _("Listed")
    LIVE = "live", _("Live")


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


class CountryPack(models.Model):
    """One country: its time zone, language and profile, and whether a lawyer has looked at it."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=80)
    status = models.CharField(max_length=8, choices=PackStatus, default=PackStatus.TEMPLATE)
    time_zone = models.CharField(max_length=40, default="UTC")
    language = models.CharField(max_length=8, default="en")
    legal_review_by = models.CharField(max_length=120, blank=True)
    legal_review_on = models.DateField(null=True, blank=True)
    legal_review_note = models.TextField(blank=True)
    review_is_fictional = models.BooleanField(default=False)  # The demo's; production refuses it.

    objects = CountryPackQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="countrypack_status_known", condition=Q(status__in=PackStatus.values)),
            models.CheckConstraint(name="countrypack_code_is_iso", condition=Q(code__regex=r"^[A-Z]{2}$")),
            models.CheckConstraint(
                name="countrypack_live_was_reviewed",
                condition=~Q(status="live") | (Q(legal_review_on__isnull=False) & ~Q(legal_review_by="")),
                violation_error_message=_("A country is live only with a legal review: name and date."),
            ),
        ]

    def __str__(self) -> str:
        return gettext(self.name) if self.name else ""  # Names of countries we serve are in the catalogue.

    @property
    def is_live(self) -> bool:
        return self.status == PackStatus.LIVE


class Factory(models.Model):
    """A building where garments are made. Listed: nobody acts for it. Live: it offers the factory route."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    country = models.ForeignKey(CountryPack, models.PROTECT, related_name="factories")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    short_code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_short_code, editable=False)
    address = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=8, choices=FactoryStatus, default=FactoryStatus.LISTED)
    time_zone = models.CharField(max_length=40, blank=True)  # empty: the country's.
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="portfolio"
    )
    headcount = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])

    objects = FactoryQuerySet.as_manager()

    class Meta:
        ordering = ["name_key", "id"]
        verbose_name_plural = "factories"
        constraints = [
            models.CheckConstraint(name="factory_status_known", condition=Q(status__in=FactoryStatus.values)),
            models.CheckConstraint(name="factory_has_name", condition=~Q(name="") & ~Q(name_key="")),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="factory_by_name"),
            models.Index(fields=["country", "name_key", "id"], name="factory_by_country_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the name's key beside the name; rows made in bulk set it themselves."""
        self.name_key = name_key(self.name)
        fields = kwargs.get("update_fields")
        if fields is not None and "name" in fields:
            kwargs["update_fields"] = {*fields, "name_key"}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("factories:factory", args=[self.pk])

    @property
    def is_live(self) -> bool:
        return self.status == FactoryStatus.LIVE


class FactoryDay(models.Model):
    """One day on which a factory differs from its country's calendar."""

    factory = models.ForeignKey(Factory, models.CASCADE, related_name="days")
    day = models.DateField()
    works = models.BooleanField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["factory", "day"], name="factoryday_once")]

    def __str__(self) -> str:
        return f"{self.day}: {'works' if self.works else 'rests'}"


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


class ServiceKind(models.TextChoices):
    HEALTH = "health", _("Health")
    COUNSELLING = "counselling", _("Counselling")
    LEGAL = "legal", _("Legal help")
    CHILD_PROTECTION = "child_protection", _("Child protection")
    SHELTER = "shelter", _("Safe place to stay")
    LIVELIHOOD = "livelihood", _("Work and income")
    HOTLINE = "hotline", _("Telephone help")


class ServiceProvider(models.Model):
    """A service a worker may turn to: shown only while its vetting is fresh."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    country = models.ForeignKey(CountryPack, models.CASCADE, related_name="services")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=ServiceKind)
    phone = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=200, blank=True)
    languages = models.CharField(max_length=120, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    cost = models.CharField(max_length=120, blank=True)
    vetted_on = models.DateField(null=True, blank=True)
    next_check_on = models.DateField(null=True, blank=True)

    objects = ServiceProviderQuerySet.as_manager()

    class Meta:
        ordering = ["country", "kind", "name"]
        constraints = [
            models.CheckConstraint(name="service_kind_known", condition=Q(kind__in=ServiceKind.values)),
            models.CheckConstraint(
                name="service_vetted_has_next_check",
                condition=Q(vetted_on=None) | Q(next_check_on__gt=F("vetted_on")),
                violation_error_message=_("A vetted service has a day for its next check, after its vetting."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


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
