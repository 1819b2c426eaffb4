"""The queue: a nudge that carries ids only. It holds no keys and touches no grant."""

import os

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("samleng")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def use_djangos_logging(**_: object) -> None:
    """Keep Celery from setting up logs of its own, which print exceptions with their messages."""
