"""The account with which a new site begins."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person
from accounts.notices import PASSWORD_RESET
from factories import people

WHO = {"email": "First@Platform.example", "name": "Anna", "organisation": "Platform"}


@pytest.mark.django_db
def test_the_first_administrator_has_an_account_and_asks_for_a_password(client):
    call_command("first_administrator", **WHO)
    person = Person.objects.get(email="first@platform.example")
    assert people.is_admin(person)
    assert not person.has_usable_password()
    client.post("/staff/password/reset/", {"email": person.email})
    assert person.notices.filter(kind=PASSWORD_RESET).count() == 1


@pytest.mark.django_db
def test_there_is_one_first_administrator():
    call_command("first_administrator", **WHO)
    with pytest.raises(CommandError, match="There is an administrator already"):
        call_command("first_administrator", **WHO | {"email": "second@platform.example"})
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_a_broken_address_opens_no_account():
    with pytest.raises(CommandError):
        call_command("first_administrator", **WHO | {"email": "no address"})
    assert not Person.objects.exists()
