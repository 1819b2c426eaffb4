"""The demo begins on any day and at any hour: rest days fall elsewhere in its stories, and each goes its way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command

from accounts import clock
from complaints.codes import Stage
from complaints.models import Case, Deadline

pytestmark = pytest.mark.django_db
EXPECTED = {"acknowledge", "triage", "progress_update", "appeal_window", "respondent_reply", "no_contact_close"}


def test_the_demo_can_begin_on_any_day_and_in_the_other_half_of_it(settings, tmp_path):
    """The demo of the other tests begins now; this one twelve hours apart, so no hour of a day is left untried."""
    settings.SAMLENG_VAR = tmp_path
    clock.set_offset(timedelta(days=60, hours=12))
    try:
        call_command("demo_data", verbosity=0)
        at = clock.now()
    finally:
        clock.forget()
    assert {case.stage for case in Case.objects.all()} == set(Stage)
    waiting = Case.objects.filter(set_aside_at=None).exclude(side="on_hold_by_complainant")
    late = Deadline.objects.open().filter(case__in=waiting, due_at__lt=at)
    assert set(late.values_list("code", flat=True)) <= EXPECTED
