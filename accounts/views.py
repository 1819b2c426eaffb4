"""Pages about one's own account."""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.http import HttpResponse
from django.shortcuts import render

from accounts import clock, keys, second_factor
from accounts.forms import (
    AskForResetForm,
    ChangePasswordForm,
    ReauthenticateForm,
    ResetPasswordForm,
    SignInForm,
)
from accounts.requests import StaffRequest


class SignIn(allauth_views.LoginView):
    form_class = SignInForm


class Reauthenticate(allauth_views.ReauthenticateView):
    form_class = ReauthenticateForm


class ChangePassword(allauth_views.PasswordChangeView):
    form_class = ChangePasswordForm


class AskForReset(allauth_views.PasswordResetView):
    form_class = AskForResetForm


class ResetPassword(allauth_views.PasswordResetFromKeyView):
    form_class = ResetPasswordForm


def my_key(request: StaffRequest) -> HttpResponse:
    """Show the state of one's own key, its fingerprint, and what to do next."""
    key = keys.current_key(request.user)
    now = clock.now()
    return render(
        request,
        "accounts/my_key.html",
        {
            "key": key,
            "fingerprint": keys.fingerprint(key).split() if key else [],
            "is_open": request.reader is not None,
            "vouching_from": keys.can_be_vouched_from(key) if key and key.state == "pending" else None,
            "waiting": bool(key and key.state == "pending" and now < keys.can_be_vouched_from(key)),
            "was_replaced": request.user.keys.filter(state="retired").exists(),
            "has_second_factor": second_factor.has_one(request.user),
        },
    )
