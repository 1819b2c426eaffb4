"""The shape of input around passwords."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import clock, notices, passwords


class SignInForm(allauth_forms.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, login=_("E-mail address"), password=_("Password"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, password=_("Password"))


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """A new password with the old one: the key stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            oldpassword=_("Present password"),
            password1=_("New password"),
            password2=_("New password, once more"),
        )

    def save(self) -> None:
        old, new = self.cleaned_data["oldpassword"], self.cleaned_data["password1"]
        passwords.change(self.user, old=old, new=new, at=clock.now())


class AskForResetForm(allauth_forms.ResetPasswordForm):
    """Ask for a link. The answer is the same, and as quick, whether or not there is such an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, email=_("E-mail address"))

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        at = clock.now()
        for person in self.users:
            notices.queue_password_reset(person, at)
        return self.cleaned_data["email"]


class ResetPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """A new password without the old one: a new key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, password1=_("New password"), password2=_("New password, once more"))

    def save(self) -> None:
        passwords.reset(self.user, self.cleaned_data["password1"], at=clock.now())


def _plain(form: Any, **labels: Any) -> None:
    """Say what each field is in our words; a placeholder that repeats its label only confuses."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)
    for field in form.fields.values():
        if "password" in field.widget.input_type and "href" in str(field.help_text):
            field.help_text = ""  # The page has its own way to a new password.
