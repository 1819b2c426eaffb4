"""The app of assessments."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """The standardised tool, visits, scores, likelihood, and how factories get on."""

    name = "assessments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assessments import (
            course_signs,  # noqa: F401  (the course before a first visit)
            cycle_signs,  # noqa: F401  (the annual cycle, its notices and places)
            package_proofs,  # noqa: F401  (the package asks whether an assessment is final)
            signs,  # noqa: F401  (words, links and things to do; figures beside those of cases)
            visit_signs,  # noqa: F401  (visits: their notices, links and things to do)
        )
