"""The demo begins on any day of the year: rest days fall elsewhere in its stories, and each goes its way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from accounts import clock
from complaints.codes import Stage
from complaints.models import Case, Deadline

pytestmark = pytest.mark.django_db
EXPECTED = {"acknowledge", "triage", "progress_update", "appeal_window", "respondent_reply", "no_contact_close"}


@pytest.mark.parametrize("days", [60])
def test_the_demo_can_begin_on_any_day(settings, tmp_path, days):
    settings.SAMLENG_VAR = tmp_path
    clock.set_offset(timedelta(days=days))
    try:
        call_command("demo_data", verbosity=0)
        at = clock.now()
    finally:
        clock.forget()
    assert {case.stage for case in Case.objects.all()} == set(Stage)
    waiting = Case.objects.filter(set_aside_at=None).exclude(side="on_hold_by_complainant")
    late = Deadline.objects.open().filter(case__in=waiting, due_at__lt=at)
    assert set(late.values_list("code", flat=True)) <= EXPECTED
