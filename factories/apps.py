from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FactoriesConfig(AppConfig):
    """Factories, who acts for each of them, and the clock."""

    name = "factories"
    verbose_name = _("Factories")

    def ready(self) -> None:
        from factories import checks, provider_clock, signs, vouching  # noqa: F401  (sweep and each new key)
        from factories.package import promises  # noqa: F401  (the sweep reaches it)

        signs.put_up()
