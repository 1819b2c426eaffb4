"""Inviting people: a signed link by mail, good for seven days and for one use."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import keys
from accounts.models import Person
from accounts.people import create_person
from factories import people, roles
from factories.models import CountryPack, Factory, Invitation, Organisation

LASTS = timedelta(days=7)
_SALT = "factories.invitation"


class InvitationRefused(Exception):
    """An invitation cannot be made or accepted; says why, in words for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@transaction.atomic
def invite(
    email: str,
    role: str,
    *,
    by: Person,
    at: datetime,
    name: str = "",
    language: str = "en",
    factory: Factory | None = None,
    unit: str = "",
    is_stand_in: bool = False,
    organisation: Organisation | None = None,
    country: CountryPack | None = None,
    is_lead: bool = False,
) -> Invitation:
    """Invite somebody to a role; an earlier link for the same role stops working. `deliver` sends the link.

    For somebody who has an account already there is nothing to accept: give them the role instead.
    """
    email = email.strip().lower()
    if Person.objects.filter(email=email).exists():
        raise InvitationRefused(
            _("Somebody with this e-mail address has an account already. Give the role on their page.")
        )
    Invitation.objects.open(at).filter(
        email=email, role=role, factory=factory, organisation=organisation, country=country
    ).update(withdrawn_at=at)
    return Invitation.objects.create(
        email=email,
        role=role,
        invited_by=by,
        made_at=at,
        expires_at=at + LASTS,
        name=name,
        language=language,
        factory=factory,
        unit=unit,
        is_stand_in=is_stand_in,
        organisation=organisation,
        country=country,
        is_lead=is_lead,
    )


def token_for(invitation: Invitation) -> str:
    """Return the signed part of the link."""
    return signing.dumps(invitation.pk.hex, salt=_SALT)


def link_for(invitation: Invitation) -> str:
    return settings.SAMLENG_SITE_URL + reverse("factories:accept", args=[token_for(invitation)])


def deliver(invitation: Invitation) -> bool:
    """Send the link, and say whether the mail server took it.

    The mail names no factory and no role: the mailbox may belong to the company.
    """
    with translation.override(invitation.language):
        mail = EmailMessage(
            subject=_("An invitation"),
            body=_(
                "You are invited to open an account. The link works once, until %(day)s:\n\n%(link)s\n\n"
                "If you did not expect this, do nothing."
            )
            % {"day": date_format(invitation.expires_at, "DATE_FORMAT"), "link": link_for(invitation)},
            to=[invitation.email],
        )
    try:
        return bool(mail.send())
    except (SMTPException, OSError):
        return False


def find(token: str, at: datetime, *, lock: bool = False) -> Invitation:
    """Return the open invitation a link belongs to, or say why it cannot be used."""
    unusable = InvitationRefused(
        _("This invitation was used, withdrawn or is too old. Ask the administrator for a new one.")
    )
    try:
        pk = UUID(hex=signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        raise unusable from None
    invitations = Invitation.objects.open(at).select_related("factory", "organisation", "country")
    if lock:  # Pressed twice: the second press waits, and then finds it used.
        invitations = invitations.select_for_update(of=["self"])
    found = invitations.filter(pk=pk).first()
    if found is None:
        raise unusable
    return found


@transaction.atomic
def accept(token: str, *, name: str, language: str, password: str, at: datetime) -> Person:
    """Open the account, give the role, set the password and with it a key that waits to be vouched for."""
    invitation = find(token, at, lock=True)
    if Person.objects.filter(email=invitation.email).exists():
        raise InvitationRefused(
            _("There is already an account for this e-mail address. Ask the administrator for the role.")
        )
    person = create_person(invitation.email, name, language, at)
    person.set_password(password)
    person.save(update_fields=["password"])
    try:
        if invitation.factory is not None:
            roles.give_factory_role(
                person,
                invitation.factory,
                invitation.role,
                at=at,
                unit=invitation.unit,
                is_stand_in=invitation.is_stand_in,
            )
        elif invitation.organisation is not None:
            roles.give_outside_role(
                person,
                invitation.organisation,
                invitation.role,
                at=at,
                country=invitation.country,
                is_lead=invitation.is_lead,
            )
    except roles.RoleRefused as refusal:
        raise InvitationRefused(refusal.message) from None
    keys.make_key(person, password, at)
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    people.forget_roles(person)
    return person


def withdraw(invitation: Invitation, at: datetime) -> None:
    """Make a link useless."""
    Invitation.objects.open(at).filter(pk=invitation.pk).update(withdrawn_at=at)
