"""A person's key: made, opened, wrapped anew, vouched for, replaced."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import crypto, keys, secrets
from accounts.models import KeyState, PersonKey

from .conftest import NOON, PASSWORD, make_person

NEW = "another horse battery"


def test_a_new_key_opens_with_its_password_and_waits_for_somebody_to_vouch(person):
    key = person.keys.get()
    assert crypto.public_of(keys.unwrap(person, PASSWORD)) == bytes(key.public_key)
    assert key.state == KeyState.PENDING
    assert not keys.usable_keys().exists()


def test_another_password_does_not_open_the_key(person):
    with pytest.raises(crypto.CryptoError):
        keys.unwrap(person, "wrong")


def test_a_person_without_a_key_opens_nothing(db):
    with pytest.raises(crypto.CryptoError):
        keys.unwrap(make_person(password=None), PASSWORD)


def test_the_password_alone_does_not_open_the_key_without_the_servers_secret(person, monkeypatch):
    monkeypatch.setattr(secrets, "server_secret", lambda: bytes(32))
    with pytest.raises(crypto.CryptoError):
        keys.unwrap(person, PASSWORD)


def test_a_wrapped_key_copied_to_another_person_does_not_open(person):
    other = make_person("other@example.org")
    theirs, mine = person.keys.get(), other.keys.get()
    mine.wrapped_private, mine.salt = theirs.wrapped_private, theirs.salt
    mine.save()
    with pytest.raises(crypto.CryptoError):
        keys.unwrap(other, PASSWORD)


def test_a_new_password_keeps_the_same_private_key(person):
    before = keys.unwrap(person, PASSWORD)
    keys.rewrap(person, PASSWORD, NEW)
    assert keys.unwrap(person, NEW) == before
    with pytest.raises(crypto.CryptoError):
        keys.unwrap(person, PASSWORD)


def test_rewrapping_with_a_wrong_password_changes_nothing(person):
    with pytest.raises(crypto.CryptoError):
        keys.rewrap(person, "wrong", NEW)
    assert keys.unwrap(person, PASSWORD)


def test_a_price_that_rose_locks_nobody_out(person, monkeypatch):
    monkeypatch.setattr(keys, "COST", crypto.Cost(ops=2, mem_kib=16))
    assert keys.unwrap(person, PASSWORD)
    keys.rewrap(person, PASSWORD, NEW)
    assert person.keys.get().cost_ops == 2


def test_a_new_key_retires_the_one_before(person):
    old = person.keys.get()
    new = keys.make_key(person, NEW, NOON)
    old.refresh_from_db()
    assert (old.state, old.retired_at) == (KeyState.RETIRED, NOON)
    assert keys.current_key(person) == new


def test_whoever_registered_is_told_of_a_new_key(person, monkeypatch):
    told = []
    monkeypatch.setattr(keys, "_listeners", [])
    keys.when_made(lambda key, at: told.append((key, at)))
    key = keys.make_key(person, NEW, NOON)
    assert told == [(key, NOON)]


def test_a_vouched_key_may_receive_a_grant(person):
    expert = make_person("expert@example.org")
    key = keys.vouch(person.keys.get(), expert, NOON)
    assert (key.state, key.vouched_by, key.vouched_at) == (KeyState.VOUCHED, expert, NOON)
    assert list(keys.usable_keys()) == [key]


def test_the_holders_of_the_recovery_shares_may_vouch_without_an_account(person):
    assert keys.vouch(person.keys.get(), None, NOON).state == KeyState.VOUCHED


def test_vouching_twice_keeps_who_vouched_first(person):
    first, second = make_person("a@example.org"), make_person("b@example.org")
    keys.vouch(person.keys.get(), first, NOON)
    assert keys.vouch(person.keys.get(), second, NOON).vouched_by == first


def test_a_key_is_not_vouched_for_before_its_waiting_time_is_over(person, production):
    key = person.keys.get()
    with pytest.raises(keys.VouchRefused):
        keys.vouch(key, None, NOON + timedelta(days=2, seconds=-1))
    assert keys.vouch(key, None, NOON + timedelta(days=2)).state == KeyState.VOUCHED


def test_nobody_vouches_for_their_own_key(person):
    with pytest.raises(keys.VouchRefused):
        keys.vouch(person.keys.get(), person, NOON)


def test_a_replaced_key_cannot_be_vouched_for_any_more(person):
    old = person.keys.get()
    keys.make_key(person, NEW, NOON)
    with pytest.raises(keys.VouchRefused):
        keys.vouch(old, None, NOON)


def test_the_key_of_a_closed_account_is_neither_vouched_for_nor_usable(person):
    key = keys.vouch(person.keys.get(), None, NOON)
    person.is_active = False
    person.save()
    assert not keys.usable_keys().exists()
    new = keys.make_key(person, NEW, NOON)
    with pytest.raises(keys.VouchRefused):
        keys.vouch(new, None, NOON)
    assert key.pk != new.pk


def test_a_fingerprint_is_thirty_digits_in_groups_and_differs_between_keys(person):
    one, other = (
        keys.fingerprint(person.keys.get()),
        keys.fingerprint(make_person("b@example.org").keys.get()),
    )
    assert one != other
    assert [len(group) for group in one.split()] == [5] * 6
    assert one.replace(" ", "").isdigit()


@pytest.mark.parametrize(
    "impossible",
    [
        {"state": "vouched"},
        {"state": "pending", "vouched_at": NOON},
        {"state": "retired"},
        {"retired_at": NOON},
        {"state": "lost"},
        {"public_key": b"short"},
    ],
)
def test_the_database_refuses_an_impossible_key(person, impossible):
    with pytest.raises(IntegrityError), transaction.atomic():
        person.keys.update(**impossible)


def test_the_database_refuses_a_second_current_key(person):
    key = person.keys.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonKey.objects.create(
            person=person,
            public_key=bytes(32),
            wrapped_private=b"",
            salt=b"",
            cost_ops=1,
            cost_mem_kib=8,
            made_at=key.made_at,
        )


def test_the_database_refuses_vouching_for_oneself(person):
    with pytest.raises(IntegrityError), transaction.atomic():
        person.keys.update(state="vouched", vouched_at=NOON, vouched_by=person)


def test_a_reader_does_not_print_the_private_key(person):
    reader = keys.open_current(person, PASSWORD)
    assert repr(reader.private) not in repr(reader)
