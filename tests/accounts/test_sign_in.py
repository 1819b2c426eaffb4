"""Signing in opens the key; the browser and the session hold one half each."""

import base64
import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.backends.cache import SessionStore
from django.core import mail
from django.test import Client, RequestFactory

from accounts import adapter, crypto, keys, notices, people, session
from accounts.models import KeyState

from .conftest import NOON, PASSWORD, make_person

SIGN_IN = "/staff/sign-in/"
MY_KEY = "/staff/key/"
NEW = "another horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in(client: Client, email="sok@example.org", password=PASSWORD, **extra):
    return client.post(SIGN_IN, {"login": email, "password": password}, **extra)


def key_is_open(client: Client) -> bool:
    page = client.get(MY_KEY)
    return page.status_code == 200 and page.context["is_open"]


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def with_second_factor(person):
    TOTP.activate(person, SECRET)
    return person


def test_signing_in_opens_the_key(client, person):
    response = sign_in(client)
    assert (response.status_code, response.url) == (302, "/staff/")
    assert key_is_open(client)


def test_the_address_may_be_typed_in_capitals(client, person):
    sign_in(client, email="SOK@Example.org")
    assert key_is_open(client)


def test_the_request_carries_the_reader_with_the_right_private_key(client, person):
    sign_in(client)
    page = client.get(MY_KEY)
    assert page.wsgi_request.reader.person == person
    assert page.wsgi_request.private_key == keys.unwrap(person, PASSWORD)


def test_a_visitor_is_no_reader_and_is_sent_to_sign_in(client, db):
    response = client.get(MY_KEY)
    assert response.url == f"{SIGN_IN}?next={MY_KEY}"
    assert response.wsgi_request.reader is None


def test_the_cookie_ends_with_the_browser_and_no_script_reads_it(client, person):
    cookie = sign_in(client).cookies["key"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"
    assert not cookie["max-age"] and not cookie["expires"]


def test_over_https_the_cookie_has_the_name_that_browsers_guard(client, person, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = sign_in(client, secure=True).cookies["__Host-key"]
    assert cookie["secure"] and cookie["httponly"] and cookie["path"] == "/" and not cookie["domain"]


def test_neither_cookie_nor_session_shows_the_private_key(client, person):
    cookie = sign_in(client).cookies["key"].value
    private = keys.unwrap(person, PASSWORD)
    assert private not in base64.urlsafe_b64decode(cookie)
    assert private.hex() not in str(dict(client.session.items()))


def test_deleting_the_session_ends_access_at_once(client, person):
    sign_in(client)
    SessionStore(client.session.session_key).delete()
    assert not key_is_open(client)


@pytest.mark.parametrize("forged", ["", "x", "AAAA", "Ã¤", base64.urlsafe_b64encode(bytes(120)).decode()])
def test_a_forged_cookie_is_simply_no_reader(client, person, forged):
    sign_in(client)
    client.cookies["key"] = forged
    page = client.get(MY_KEY)
    assert page.status_code == 200
    assert page.wsgi_request.reader is None


def test_the_cookie_of_somebody_else_opens_nothing(client, person):
    other = Client()
    make_person("other@example.org")
    theirs = sign_in(other, "other@example.org").cookies["key"].value
    sign_in(client)
    client.cookies["key"] = theirs
    assert not key_is_open(client)


def test_a_cookie_with_the_seal_of_its_session_opens_nothing_for_another_person(client, person):
    sign_in(client)
    other = make_person("other@example.org")
    request = RequestFactory().get("/")
    request.session, request.COOKIES = client.session, {"key": client.cookies["key"].value}
    assert session.find_reader(request, person)
    assert session.find_reader(request, other) is None


def test_a_wrong_password_opens_nothing(client, person):
    response = sign_in(client, password="wrong")
    assert response.status_code == 200
    assert "key" not in response.cookies


def test_signing_in_does_not_tell_whether_an_account_exists(client, person):
    wrong = sign_in(client, password="wrong").content.decode()
    unknown = sign_in(client, email="nobody@example.org", password="wrong").content.decode()
    same = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", wrong)
    other = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", unknown)
    assert same == other.replace("nobody@example.org", "sok@example.org")


def test_guessing_is_slowed_by_account_and_only_there(client, person):
    make_person("other@example.org")
    for _ in range(5):
        sign_in(client, password="wrong")
    assert "Wait five minutes" in sign_in(client).content.decode()
    assert sign_in(client, "other@example.org").status_code == 302


def test_somebody_who_left_cannot_sign_in(client, person):
    person.is_active = False
    person.save()
    response = sign_in(client)
    assert response.url == "/staff/closed/"
    assert "key" not in response.cookies
    assert not key_is_open(client)


def test_whoever_is_made_inactive_is_out_at_the_next_click(client, person):
    sign_in(client)
    person.is_active = False
    person.save()
    assert client.get(MY_KEY).status_code == 302


def test_signing_out_forgets_the_key(client, person):
    sign_in(client)
    response = client.post("/staff/sign-out/")
    assert response.cookies["key"].value == ""
    assert not key_is_open(client)


@pytest.mark.parametrize(
    "path",
    ["signup/", "login/code/", "email/", "password/set/", "2fa/webauthn/login/", "sign-up/", "second-factor/trust/"],
)
def test_what_allauth_offers_beyond_a_password_has_no_address(client, person, path):
    sign_in(client)
    assert client.get(f"/staff/{path}").status_code == 404


def test_sign_up_is_closed_and_there_is_no_remember_me(client, db):
    assert not adapter.AccountAdapter().is_open_for_signup(None)
    assert b"remember" not in client.get(SIGN_IN).content.lower()


def test_with_a_second_factor_the_password_alone_opens_nothing(client, with_second_factor):
    response = sign_in(client)
    assert response.url == "/staff/sign-in/code/"
    assert not key_is_open(client)
    assert client.get("/staff/sign-in/code/").wsgi_request.reader is None


def test_after_the_second_factor_the_key_is_open(client, with_second_factor):
    sign_in(client)
    response = client.post("/staff/sign-in/code/", {"code": code()})
    assert response.url == "/staff/"
    assert key_is_open(client)


def test_a_wrong_code_is_refused(client, with_second_factor):
    sign_in(client)
    assert client.post("/staff/sign-in/code/", {"code": "000000"}).status_code == 200
    assert not key_is_open(client)


def test_the_secret_of_the_second_factor_lies_sealed(with_second_factor):
    stored = Authenticator.objects.get(user=with_second_factor).data["secret"]
    assert SECRET not in stored
    assert SECRET.encode() not in base64.b64decode(stored)
    assert adapter.MFAAdapter().decrypt(stored) == SECRET


def test_where_it_is_required_nobody_goes_on_without_a_second_factor(client, person, production):
    sign_in(client)
    for path in (MY_KEY, "/staff/sessions/", "/staff/password/", "/staff/second-factor/"):
        response = client.get(path)
        assert response.url == "/staff/second-factor/set-up/"
        assert response.wsgi_request.reader is None
    assert client.get("/staff/second-factor/set-up/").status_code == 200


def test_the_second_factor_is_not_changed_from_a_page_left_open(client, with_second_factor):
    sign_in(client)
    client.post("/staff/sign-in/code/", {"code": code()})
    with time_machine.travel(time.time() + 301):
        assert client.post("/staff/second-factor/replace/").url.startswith("/staff/confirm/")
    assert Authenticator.objects.filter(user=with_second_factor).exists()


def test_setting_up_a_second_factor_gives_recovery_codes_and_opens_the_way(client, person, production):
    sign_in(client)
    secret = client.get("/staff/second-factor/set-up/").context["form"].secret
    now = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    response = client.post("/staff/second-factor/set-up/", {"code": now})
    assert response.url == "/staff/second-factor/codes/"
    codes = client.get(response.url)
    assert len(codes.context["unused_codes"]) == 10
    assert key_is_open(client)


def test_a_recovery_code_replaces_a_lost_phone_once(client, person, production):
    sign_in(client)
    secret = client.get("/staff/second-factor/set-up/").context["form"].secret
    now = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/staff/second-factor/set-up/", {"code": now})
    spare = client.get("/staff/second-factor/codes/").context["unused_codes"][0]
    for expected in (True, False):
        fresh = Client()
        sign_in(fresh)
        fresh.post("/staff/sign-in/code/", {"code": spare})
        assert key_is_open(fresh) == expected


def test_changing_the_password_keeps_the_key_and_signs_out_elsewhere(client, person):
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    before = keys.unwrap(person, PASSWORD)
    response = client.post("/staff/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert response.status_code == 302
    person.refresh_from_db()
    assert keys.unwrap(person, NEW) == before
    assert key_is_open(client)
    assert not key_is_open(elsewhere)


def test_a_wrong_present_password_changes_nothing(client, person):
    sign_in(client)
    client.post("/staff/password/", {"oldpassword": "wrong", "password1": NEW, "password2": NEW})
    assert keys.unwrap(person, PASSWORD)


@pytest.fixture
def reset_link(client, person):
    return ask_for_link(client, person)


def ask_for_link(client, person):
    """Return the path of the link that a forgotten password brings by mail."""
    client.post("/staff/password/reset/", {"email": person.email})
    notices.deliver(person.pk, person.notices.get().made_at)
    return re.search(r"http://[^/]+(/staff/password/reset/\S+)", mail.outbox[-1].body)[1]


def reset(client, link, password=NEW):
    page = client.get(link, follow=True)
    return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password}, follow=True)


def test_a_reset_gives_a_new_pending_key_and_retires_the_old_one(client, person, reset_link):
    keys.vouch(person.keys.get(), None, NOON)
    page = reset(client, reset_link)
    assert "three things are still missing" in page.content.decode()
    person.refresh_from_db()
    assert sorted(person.keys.values_list("state", flat=True)) == [KeyState.PENDING, KeyState.RETIRED]
    assert keys.unwrap(person, NEW)


def test_a_reset_leaves_the_second_factor_as_it_is(client, with_second_factor, reset_link):
    reset(client, reset_link)
    assert sign_in(Client(), password=NEW).url == "/staff/sign-in/code/"


def test_a_reset_ends_the_sessions_of_the_old_password(client, person):
    elsewhere = Client()
    sign_in(elsewhere)
    reset(client, ask_for_link(client, person))
    assert not key_is_open(elsewhere)


def test_a_reset_link_works_once(client, person, reset_link):
    reset(client, reset_link)
    assert "does not work any more" in Client().get(reset_link, follow=True).content.decode()


def test_asking_for_a_reset_does_not_tell_whether_an_account_exists(client, person):
    known = client.post("/staff/password/reset/", {"email": person.email}, follow=True)
    unknown = client.post("/staff/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert mail.outbox == []


def test_asking_twice_sends_one_link(client, person):
    for _ in range(2):
        client.post("/staff/password/reset/", {"email": person.email})
    assert person.notices.count() == 1


def test_the_mail_with_the_link_says_nothing_of_what_the_site_is_for(client, person, reset_link):
    message = mail.outbox[-1]
    assert message.subject == "Samleng"
    for word in ("case", "complaint", "harass", "factory", "key"):
        assert word not in message.body.lower().split("http")[0]


def test_a_second_factor_moved_to_another_person_in_the_database_opens_nothing(client, with_second_factor):
    other = make_person("other@example.org")
    TOTP.activate(other, "A" * 32)
    RecoveryCodes.activate(other)
    for row in Authenticator.objects.filter(user=other):
        mine = Authenticator.objects.filter(user=with_second_factor, type=row.type)
        if not mine.update(data=dict(row.data)):
            Authenticator.objects.filter(pk=row.pk).update(user=with_second_factor)
    for row in Authenticator.objects.filter(user=with_second_factor):
        with pytest.raises(crypto.CryptoError):
            row.wrap().validate_code("000000")


def test_a_recovery_code_opens_once(with_second_factor):
    made = RecoveryCodes.activate(with_second_factor).generate_codes()
    for good in (True, False):
        row = Authenticator.objects.get(user=with_second_factor, type="recovery_codes")
        assert row.wrap().validate_code(made[0]) is good


def test_my_key_shows_the_number_to_read_by_voice_and_who_vouched(client, person):
    sign_in(client)
    page = client.get(MY_KEY).content.decode()
    assert all(group in page for group in keys.fingerprint(person.keys.get()).split())
    assert "Nobody has vouched for your key yet" in page
    keys.vouch(person.keys.get(), make_person("e@example.org", name="Expert Dara"), NOON)
    assert "Expert Dara compared and vouched" in client.get(MY_KEY).content.decode()


def test_after_a_reset_my_key_says_what_is_missing_and_who_helps(client, person, reset_link):
    reset(client, reset_link)
    sign_in(client, password=NEW)
    page = client.get(MY_KEY).content.decode()
    assert "Call a technical expert" in page
    assert "ask a colleague to share it with you again" in page


def test_whoever_starts_over_has_no_password_second_factor_or_key_and_no_session(client, with_second_factor):
    sign_in(client)
    client.post("/staff/sign-in/code/", {"code": code()})
    people.start_over(with_second_factor, NOON)
    assert not key_is_open(client)
    assert keys.current_key(with_second_factor) is None
    assert not Authenticator.objects.filter(user=with_second_factor).exists()


def test_other_sessions_can_be_seen_and_ended(client, person):
    elsewhere = Client(headers={"user-agent": "Old phone"})
    sign_in(elsewhere)
    sign_in(client)
    assert "Old phone" in client.get("/staff/sessions/").content.decode()
    client.post("/staff/sessions/")
    assert not key_is_open(elsewhere)
    assert key_is_open(client)


def test_no_address_of_a_person_is_kept(client, person):
    sign_in(client, REMOTE_ADDR="203.0.113.7")
    assert not person.usersession_set.filter(ip="203.0.113.7").exists()


def test_a_session_ends_after_thirty_idle_minutes(client, person):
    with time_machine.travel(NOON, tick=False):
        sign_in(client)
        assert client.session.get_expiry_age() == 30 * 60
        assert client.session.get_expire_at_browser_close()


PAGES = [
    "/staff/sign-in/",
    "/staff/sign-out/",
    "/staff/closed/",
    "/staff/password/",
    "/staff/password/reset/",
    "/staff/password/reset/sent/",
    "/staff/password/reset/done/",
    "/staff/password/reset/abc-def/",
    "/staff/second-factor/",
    "/staff/second-factor/set-up/",
    "/staff/sessions/",
    "/staff/confirm/",
    "/staff/key/",
]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_and_carries_no_inline_script_or_style(client, person, path):
    if path not in {"/staff/sign-in/"}:
        sign_in(client)
    page = client.get(path, follow=True)
    assert page.status_code == 200
    text = page.content.decode()
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", text)
    assert "<h1" in text


def test_pages_of_the_second_factor_open(client, with_second_factor):
    sign_in(client)
    assert client.get("/staff/sign-in/code/").status_code == 200
    client.post("/staff/sign-in/code/", {"code": code()})
    for path in ("second-factor/", "second-factor/replace/", "second-factor/codes/new/", "confirm/code/"):
        assert client.get(f"/staff/{path}").status_code == 200
