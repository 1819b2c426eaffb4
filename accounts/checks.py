"""System checks: what must be true before strangers use this site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.db import DatabaseError

HINT = (
    "When somebody who grew up with the language has read every sentence in it, an administrator signs: "
    "manage.py sign_language CODE --by E-MAIL"
)


@checks.register(checks.Tags.translation)
def languages_are_reviewed(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Name the languages for which nobody has signed."""
    return [
        checks.Warning(f"No native speaker's review of '{language}' is signed.", hint=HINT, id="accounts.W001")
        for language in _unsigned()
    ]


@checks.register(checks.Tags.translation, deploy=True)
def production_speaks_reviewed_languages(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Production does not start in a language for which nobody has signed."""
    return [
        checks.Error(f"'{language}' is offered to workers without a signed review.", hint=HINT, id="accounts.E001")
        for language in _unsigned()
    ]


def _unsigned() -> list[str]:
    from accounts.models import LanguageReview

    try:
        signed = set(LanguageReview.objects.values_list("language", flat=True))
    except DatabaseError:
        return []  # No database yet, or no tables: other checks say so.
    return [language for language, _ in settings.LANGUAGES if language not in signed]
