"""The demo: invented people and complaints, made once, by the same doors as real ones."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts import keys
from accounts.models import Person
from complaints import events, receipts, slots
from complaints.demo.people import AT_FACTORIES, OUTSIDE, PASSWORD
from complaints.models import Case, Receipt
from factories.models import CountryPack, Factory

pytestmark = pytest.mark.django_db
STAGES = {"received", "acknowledged", "triage", "planning", "closed"}
SIDES = {"", "safeguarding_hold", "kept", "on_hold_by_complainant"}


@pytest.fixture
def told(settings, tmp_path) -> str:
    settings.SAMLENG_VAR = tmp_path
    call_command("demo_data", verbosity=0)
    return (tmp_path / "demo_people.txt").read_text(encoding="utf-8")


def test_the_demo_shows_every_kind_of_case_and_starts_once(told, settings, capsys):
    assert {case.stage for case in Case.objects.all()} == STAGES
    assert {case.side for case in Case.objects.all()} == SIDES
    assert {case.route for case in Case.objects.all()} == {
        "factory_committee", "outside_only", "outside_first", "record_only",
    }  # fmt: skip
    assert all(list(events.faults(case)) == [] for case in Case.objects.all())
    count = Case.objects.count()
    call_command("demo_data", verbosity=0)
    assert Case.objects.count() == count
    assert all(pack.review_is_fictional for pack in CountryPack.objects.filter(status="live"))


def test_the_page_of_people_is_true(told):
    for *_role, account in (*AT_FACTORIES, *OUTSIDE):
        assert account.email in told
    officer = Person.objects.get(email="officer@lotus.example")
    assert officer.check_password(PASSWORD) and keys.unwrap(officer, PASSWORD)
    assert not Person.objects.exclude(keys__state="vouched").exists()
    numbers = [line[2:21] for line in told.splitlines() if line[2:6].isdigit()]
    assert len(numbers) == 3
    for number in numbers:
        found = receipts.keys_of(receipts.read_number(number), waiting=slots.RECEIPT)
        assert Receipt.objects.filter(lookup=found.lookup).exists()
    assert all(factory.short_code in told for factory in Factory.objects.all())


def test_a_case_nobody_answered_has_climbed_the_ladder(told):
    late = Case.objects.filter(stage="received", deadlines__code="acknowledge", deadlines__rungs__level="L2")
    assert late.filter(deadlines__rungs__raised_at__isnull=False).exists()


def test_the_demo_is_refused_where_people_are_real(settings):
    settings.SAMLENG_DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_data")
