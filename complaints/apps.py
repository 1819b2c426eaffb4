from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "complaints"

    def ready(self) -> None:
        from complaints import escalation, workflow  # noqa: F401  (register themselves with sweep and roles)
        from complaints.selectors import overdue  # noqa: F401  (registers with those who watch over factories)
