from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import checks, second_factor, secrets  # noqa: F401

        secrets.check_present()  # No process of ours starts without its secrets.
