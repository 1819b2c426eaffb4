"""Countries and factories."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from factories.names import CODE_LENGTH, name_key, new_short_code
from factories.querysets import CountryPackQuerySet, FactoryQuerySet


class PackStatus(models.TextChoices):
    TEMPLATE = "template", _("Template")
    DRAFT = "draft", _("Draft")
    LIVE = "live", _("Live")


class FactoryStatus(models.TextChoices):
    LISTED = "listed", _("Listed")
    LIVE = "live", _("Live")


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
