"""Where allauth asks us: signing in opens the key, accounts are by invitation, secrets are sealed."""

from __future__ import annotations

import io
import time
from typing import Any

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import crypto, keys, second_factor, session
from accounts.models import Person


class AccountAdapter(DefaultAccountAdapter):
    """Signing in with a password, which opens the person's key."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right. Try again."),
        "enter_current_password": _("This is not your present password. Try again."),
        "incorrect_password": _("This is not your password. Try again."),
        "too_many_login_attempts": _("That was wrong too often. Wait five minutes and try again."),
        "invalid_password_reset": _("This link was used already or is too old. Ask for a new one."),
        "rate_limited": _("That was too often. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Keep no address: people are slowed by account, because a whole factory shares one."""
        return "0.0.0.0"  # noqa: S104 (no address at all)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """Check the password and, while it is at hand, open the key with it."""
        person = super().authenticate(request, **credentials)
        signed_in = request.user.is_authenticated
        if person and person.is_active and (not signed_in or request.user.pk == person.pk):
            try:
                reader = keys.open_current(person, credentials["password"])
            except crypto.CryptoError:
                session.close_session(request)  # "My key" says what is missing and who can help.
            else:
                session.open_session(request, reader.key, reader.private)
        return person

    def reauthenticate(self, user: Person, password: str) -> bool:
        person = self.authenticate(context.request, email=user.email, password=password)
        return person is not None and person.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again before a change of the second factor, unless it was just given."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        given = get_authentication_records(context.request, context.request.user)
        return not any(time.time() - step["at"] < app_settings.REAUTHENTICATION_TIMEOUT for step in given)

    def login(self, request: HttpRequest, user: Person) -> None:
        """Sign in, and carry the seal over should the session change hands."""
        seal = request.session.get(session.SEAL)
        super().login(request, user)
        if seal:
            request.session[session.SEAL] = seal

    def logout(self, request: HttpRequest) -> None:
        super().logout(request)
        session.close_session(request)


class MFAAdapter(DefaultMFAAdapter):
    """The second factor, whose secrets lie sealed in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or it was used already. Wait for the next one."),
    }

    def encrypt(self, text: str) -> str:
        return second_factor.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return second_factor.unseal(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        picture = io.BytesIO()
        segno.make(url, error="m").save(picture, kind="svg", scale=5, border=2, xmldecl=False)
        return picture.getvalue().decode()
