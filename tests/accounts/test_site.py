"""The clock, the secrets and the languages of a site."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import clock, crypto, people, secrets
from accounts.models import ClockOffset, Heartbeat, LanguageReview, Person

from .conftest import NOON, make_person


def test_the_clock_is_the_computers_where_nothing_moves_it(db):
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=1)


def test_one_offset_moves_the_clock(db, settings):
    settings.SAMLENG_CLOCK_OFFSET_ALLOWED = True
    clock.set_offset(timedelta(days=3))
    assert abs(clock.now() - timezone.now() - timedelta(days=3)) < timedelta(seconds=1)


def test_asking_again_within_a_second_asks_no_database(db, settings, django_assert_num_queries):
    settings.SAMLENG_CLOCK_OFFSET_ALLOWED = True
    with django_assert_num_queries(1):
        clock.now(), clock.now()


def test_production_has_no_offset_and_accepts_none(db, settings, django_assert_num_queries):
    ClockOffset.objects.create(ahead=timedelta(days=3))
    settings.SAMLENG_CLOCK_OFFSET_ALLOWED = False
    with django_assert_num_queries(0):
        assert abs(clock.now() - timezone.now()) < timedelta(seconds=1)
    with pytest.raises(ValueError, match="demo"):
        clock.set_offset(timedelta(days=1))


def test_there_is_one_offset(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockOffset.objects.create(id=2)


def test_a_heartbeat_has_an_age(db):
    Heartbeat.objects.beat("sweep", NOON)
    Heartbeat.objects.beat("sweep", NOON + timedelta(minutes=1))
    assert Heartbeat.objects.age("sweep", NOON + timedelta(minutes=3)) == timedelta(minutes=2)
    assert Heartbeat.objects.age("beat", NOON) is None


@pytest.fixture
def keys_dir(tmp_path, settings):
    for name in secrets.NAMES:
        (tmp_path / name).write_text(crypto.new_key().hex() + "\n")
    settings.SAMLENG_KEYS_DIR = tmp_path
    return tmp_path


def test_a_site_with_all_secrets_starts(keys_dir):
    secrets.check_present()
    assert len(secrets.pepper()) == 32
    assert secrets.subkey("mfa") != secrets.subkey("wrap") != secrets.server_secret()


@pytest.mark.parametrize("name", secrets.NAMES)
def test_a_site_without_a_secret_names_the_file_and_does_not_start(keys_dir, name):
    (keys_dir / name).unlink()
    with pytest.raises(ImproperlyConfigured, match=str(keys_dir / name)):
        secrets.check_present()


@pytest.mark.parametrize("wrong", ["", "zz" * 32, "ab" * 16])
def test_a_broken_secret_is_refused_without_showing_it(keys_dir, wrong):
    (keys_dir / "pepper").write_text(wrong)
    with pytest.raises(ImproperlyConfigured) as refused:
        secrets.check_present()
    assert not wrong or wrong not in str(refused.value)


def test_production_refuses_demo_keys(keys_dir, settings):
    (keys_dir / "DEMO").touch()
    settings.SAMLENG_DEMO = True
    secrets.check_present()
    settings.SAMLENG_DEMO = False
    with pytest.raises(ImproperlyConfigured, match="demo keys"):
        secrets.check_present()


def named(**kwargs) -> set[str]:
    return {issue.id for issue in checks.run_checks(tags=[checks.Tags.translation], **kwargs)}


def test_languages_without_a_signed_review_are_named(db):
    assert named() == {"accounts.W001"}
    assert "accounts.E001" in named(include_deployment_checks=True)


def test_a_signature_of_each_language_settles_the_check(db, settings):
    person = make_person("admin@example.org", name="Dara")
    out = StringIO()
    for code, _ in settings.LANGUAGES:
        call_command("sign_language", code, "--by", "Admin@example.org", "--on", "2026-03-01", stdout=out)
    assert named(include_deployment_checks=True) == set()
    assert LanguageReview.objects.get(language="km").signed_by == person
    assert "Dara has signed for 'km' on 2026-03-01." in out.getvalue()


def test_only_somebody_with_an_account_signs(db):
    with pytest.raises(CommandError, match=r"nobody@example\.org"):
        call_command("sign_language", "km", "--by", "nobody@example.org")


def test_an_account_is_opened_without_a_password_or_key(db):
    person = people.create_person(" Sok@Example.org ", " Sok ", "km", NOON)
    assert (person.email, person.name, person.language) == ("sok@example.org", "Sok", "km")
    assert not person.has_usable_password()
    assert not person.keys.exists()


def test_one_address_has_one_account_however_it_is_written(person):
    with pytest.raises(ValidationError):
        people.create_person("SOK@example.org", "Sok", "km", NOON)


def test_the_database_keeps_addresses_in_lower_case_and_leavers_out(person):
    for impossible in ({"email": "SOK@example.org"}, {"left_on": datetime(2026, 1, 1, tzinfo=UTC).date()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.filter(pk=person.pk).update(**impossible)
