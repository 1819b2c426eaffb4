"""The app of assessments."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """The standardised tool, visits, scores, likelihood, and how factories get on."""

    name = "assessments"
    default_auto_field = "django.db.models.BigAutoField"
