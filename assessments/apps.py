"""The app of assessments."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Assessments come later; the app holds their place above complaints."""

    name = "assessments"
    default_auto_field = "django.db.models.BigAutoField"
