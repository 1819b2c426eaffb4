"""Codes of the time after the outcome: how she is, what changed, what the papers say. All of them are sealed."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Feeling(TextChoices):
    """How she is, as one of five faces."""

    VERY_GOOD = "very_good", _("Very good")
    GOOD = "good", _("Good")
    SO_SO = "so_so", _("So-so")
    BAD = "bad", _("Bad")
    VERY_BAD = "very_bad", _("Very bad")


class YesNo(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


class Promised(TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class Changed(TextChoices):
    """What can be done to somebody because of a case. Workflow, section 10."""

    SHIFT = "shift", _("Shift or place")
    TARGET = "target", _("Target")
    OVERTIME = "overtime", _("Overtime")
    LEAVE = "leave", _("Leave from work")
    PAY = "pay", _("Pay")
    CONTRACT = "contract", _("Contract")
    TREATMENT = "treatment", _("How people treat me")
    RUMOURS = "rumours", _("Rumours")
    WARNINGS = "warnings", _("Warnings")


class Whom(TextChoices):
    """Whom a check is about, beside herself. Workflow, section 10."""

    AFFECTED_PERSON = "affected_person", _("The affected person")
    WITNESS = "witness", _("A witness")
    RESPONDENT = "respondent", _("The respondent: kept to measures, treated as decided")


class AgainstNormal(TextChoices):
    """What the papers say, against what is normal on the line."""

    NORMAL = "normal", _("As on the rest of the line")
    CHANGED = "changed", _("Changed, more than on the line")
    NOT_KNOWN = "not_known", _("Not known")


class Settled(TextChoices):
    REMEDIED = "remedied", _("Put right, and she or the papers confirm it")
    EXPLAINED = "explained", _("Explained by who made the change; it had another reason")
