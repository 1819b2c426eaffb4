"""What a service does, in words that workers read too."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceKind(models.TextChoices):
    """What a provider does, in the order in which a worker reads it."""

    HOTLINE = "hotline", _("Telephone help")
    HEALTH = "health", _("Health")
    COUNSELLING = "counselling", _("Counselling")
    MENTAL_HEALTH = "mental_health", _("Mental health")
    SHELTER = "shelter", _("Safe place to stay")
    CHILD_PROTECTION = "child_protection", _("Child protection")
    LEGAL = "legal", _("Legal help")
    LIVELIHOOD = "livelihood", _("Work and income")
