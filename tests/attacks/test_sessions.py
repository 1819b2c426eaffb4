"""Sessions, visits and doors without a lock: forged, borrowed, replayed, framed and sent elsewhere."""

from __future__ import annotations

import base64

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import session
from accounts.models import PersonKey
from complaints import receipts, visits
from tests.builders import PASSWORD, file, make_answers, make_case, make_person, make_world, sign_in

pytestmark = pytest.mark.django_db


def come_in(client: Client, number: str) -> str:
    assert client.post("/my/", {"number": number}).status_code == 303
    return client.cookies[visits.cookie_name()].value


# --- Hers ---------------------------------------------------------------------------------------------------------


def test_her_cookie_opens_nothing_when_forged_cut_or_mixed_with_anothers(client):
    world = make_world()
    first, second = file(make_answers(world.factory)), file(make_answers(world.factory))
    mine, hers = come_in(Client(), first.receipt), come_in(Client(), second.receipt)
    a, b = base64.urlsafe_b64decode(mine), base64.urlsafe_b64decode(hers)
    spoiled = [b"", b"x", a[:16], a[:-1], a[:16] + b[16:], b[:16] + a[16:], a[:20] + b"\0" + a[21:], bytes(400)]
    for raw in spoiled:
        client.cookies[visits.cookie_name()] = base64.urlsafe_b64encode(raw).decode()
        response = client.get("/my/case/")
        assert response.status_code == 403, raw
        assert second.case.reference not in response.content.decode()
    for text in ("%%%", "a" * 5000, "é", "=" * 40):
        client.cookies[visits.cookie_name()] = text
        assert client.get("/my/case/").status_code in (303, 403)


def test_a_replayed_cookie_is_nothing_after_she_has_left(client):
    done = file(make_answers(make_world().factory))
    kept = come_in(client, done.receipt)
    client.get("/leave/")
    thief = Client()
    thief.cookies[visits.cookie_name()] = kept
    assert thief.get("/my/case/").status_code == 403


def test_a_form_of_another_visit_or_site_presses_no_button_of_hers(client):
    world = make_world()
    done, other = file(make_answers(world.factory)), file(make_answers(world.factory))
    come_in(client, done.receipt)
    stranger = Client()
    come_in(stranger, other.receipt)
    page = stranger.get("/my/case/").content.decode()
    foreign = page.split('name="form" value="')[1].split('"')[0]
    for path in ("/my/write/", "/my/pause/", "/my/place/", "/my/help/", "/my/sharing/", "/my/number/"):
        for form in ("", foreign):
            assert client.post(path, {"form": form, "text": "x"}).status_code == 409, path
    done.case.refresh_from_db()
    assert done.case.side == "" and done.case.last_event == 1


def test_her_pages_are_kept_by_nobody_and_framed_by_nobody(client):
    done = file(make_answers(make_world().factory))
    come_in(client, done.receipt)
    for path in ("/my/", "/my/case/", "/my/sharing/", "/my/number/", "/kh/tell/", "/my/picture/"):
        response = client.get(path)
        assert response.headers["Cache-Control"] == "no-store", path
        assert response.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
        assert "form-action 'self'" in response.headers["Content-Security-Policy"]
        assert done.receipt not in response.headers.get("Location", "") and done.receipt not in path
    assert "cookies" in client.get("/leave/").headers["Clear-Site-Data"]


def test_a_number_that_is_not_known_is_answered_alike_and_a_slip_costs_nothing(client, monkeypatch):
    done = file(make_answers(make_world().factory))
    stretched = []
    monkeypatch.setattr("complaints.receipts.crypto.stretch", lambda *a, **k: stretched.append(1) or bytes(32))
    slip = done.receipt[:-1] + str((int(done.receipt[-1]) + 1) % 10)
    assert client.post("/my/", {"number": slip}).status_code == 422 and not stretched
    answers = [client.post("/my/", {"number": receipts.new_number()}) for _i in range(3)]
    assert {answer.status_code for answer in answers} == {422} and len(stretched) == 3
    assert visits.cookie_name() not in client.cookies


def test_a_form_of_a_thousand_fields_is_refused_with_a_sentence(client):
    done = file(make_answers(make_world().factory))
    come_in(client, done.receipt)
    many = {f"f{i}": "x" for i in range(1500)}
    for path in ("/my/", "/my/write/", "/kh/tell/", "/staff/sign-in/"):
        response = client.post(path, many)
        assert 400 <= response.status_code < 500, path
        assert b"<h1" in response.content or b"<p" in response.content


# --- Staff --------------------------------------------------------------------------------------------------------


def test_signed_in_as_one_with_the_key_cookie_of_another_opens_nothing(client):
    world = make_world()
    case = make_case(world)
    other = Client()
    sign_in(other, world.chair)
    sign_in(client, world.officer, with_key=False)
    client.cookies[session.cookie_name()] = other.cookies[session.cookie_name()].value
    response = client.get("/staff/key/")
    assert response.wsgi_request.reader is None
    assert case.reference


def test_after_signing_out_the_old_cookies_are_nothing(client):
    world = make_world()
    sign_in(client, world.officer)
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    client.post("/staff/sign-out/")
    thief = Client()
    for name, value in kept.items():
        thief.cookies[name] = value
    assert thief.get("/cases/").status_code == 302


def test_the_session_changes_its_name_when_somebody_signs_in(client):
    person = make_person(password=PASSWORD)
    client.get("/staff/sign-in/")
    client.cookies["session"] = "a" * 32
    client.post("/staff/sign-in/", {"login": person.email, "password": PASSWORD})
    assert client.session.session_key != "a" * 32
    assert client.get("/staff/key/").status_code == 200


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(client, where):
    person = make_person(password=PASSWORD)
    for path in ("account_login", "account_reauthenticate", "account_logout"):
        response = client.post(
            reverse(path) + f"?next={where}", {"login": person.email, "password": PASSWORD, "next": where}
        )
        assert "evil" not in response.headers.get("Location", ""), path
        assert "javascript" not in response.headers.get("Location", ""), path


def test_a_link_for_a_new_password_goes_by_our_own_address_only(client, settings):
    from accounts import notices

    person = make_person(password=PASSWORD)
    settings.ALLOWED_HOSTS = ["*"]
    client.post("/staff/password/reset/", {"email": person.email}, headers={"host": "evil.example"})
    from accounts import clock

    mail.outbox.clear()
    notices.deliver(person.pk, at=clock.now())
    assert len(mail.outbox) == 1
    assert "evil" not in mail.outbox[0].body and settings.SAMLENG_SITE_URL in mail.outbox[0].body


def test_who_has_an_account_is_told_by_neither_words_nor_work(client, monkeypatch):
    """An unknown address costs the same slow hash as a wrong password, and reads the same."""
    from django.contrib.auth import hashers

    person = make_person(password=PASSWORD)
    hashed = []
    plain = hashers.Argon2PasswordHasher.encode
    check = hashers.Argon2PasswordHasher.verify
    monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or plain(*a, **k))
    monkeypatch.setattr(hashers.Argon2PasswordHasher, "verify", lambda *a, **k: hashed.append(1) or check(*a, **k))
    pages = []
    for email in (person.email, "nobody@example.org"):
        hashed.clear()
        answer = Client().post("/staff/sign-in/", {"login": email, "password": "wrong and long enough 1"})
        pages.append((answer.status_code, len(hashed), answer.content.decode().count("not right")))
    assert pages[0] == pages[1] and pages[0][1] == 1


def test_a_reset_while_another_session_is_open_ends_it_and_its_key(client):
    from accounts import clock, passwords

    person = make_person(password=PASSWORD)
    client.post("/staff/sign-in/", {"login": person.email, "password": PASSWORD})
    assert client.get("/staff/key/").wsgi_request.reader is not None
    passwords.reset(person, "another long sentence 77", clock.now())
    assert client.get("/staff/key/").status_code == 302
    assert PersonKey.objects.get(person=person, state="pending")
