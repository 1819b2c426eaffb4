"""A promise of its own for the sweep: two tables as any app would build them, and nothing else."""

import pytest
from django.db import connection, models

from factories.clock import AbstractDeadline, AbstractRung


class Promise(AbstractDeadline):
    class Meta(AbstractDeadline.Meta):
        app_label = "promises"


class PromiseRung(AbstractRung):
    deadline = models.ForeignKey(Promise, models.CASCADE)

    class Meta(AbstractRung.Meta):
        app_label = "promises"


class Raised(models.Model):
    """What a raiser wrote: one row per rung and raising, so that twice shows."""

    rung_id = models.UUIDField()

    class Meta:
        app_label = "promises"

    def __str__(self) -> str:
        return str(self.rung_id)


@pytest.fixture(scope="session")
def promise_tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for model in (Promise, PromiseRung, Raised):
            editor.create_model(model)
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for model in (Raised, PromiseRung, Promise):
            editor.delete_model(model)


@pytest.fixture
def promises(promise_tables, transactional_db):
    """Committed tables, emptied afterwards: several connections look at them."""
    yield PromiseRung
    for model in (Raised, PromiseRung, Promise):
        model.objects.all().delete()
