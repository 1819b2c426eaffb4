"""Open the account of the first administrator, on the server; every later one is invited on a page."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from accounts.models import Person
from accounts.people import create_person
from factories import clock, people, roles
from factories.models import Organisation, OrganisationKind, OutsideRole


class Command(BaseCommand):
    help = "Open the account of the first administrator. Refused as soon as there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--language", default="en", choices=[code for code, _ in settings.LANGUAGES])
        parser.add_argument("--organisation", required=True, help="who runs this site")

    def handle(self, *args: Any, **options: Any) -> None:
        if people.administrators().exists():
            raise CommandError("There is an administrator already. They invite the others on their page.")
        if Person.objects.filter(email=options["email"].strip().lower()).exists():
            raise CommandError("Somebody with this e-mail address has an account already.")
        at = clock.now()
        with transaction.atomic():
            try:
                person = create_person(options["email"], options["name"], options["language"], at)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from None
            organisation, _made = Organisation.objects.get_or_create(
                name=options["organisation"].strip(), defaults={"kind": OrganisationKind.PLATFORM}
            )
            try:
                roles.give_outside_role(person, organisation, OutsideRole.PLATFORM_ADMIN, at=at)
            except roles.RoleRefused as refusal:
                raise CommandError(refusal.message) from None
        self.stdout.write(f"{person.name} is the first administrator. When the site runs, they choose a password at")
        self.stdout.write(f"  {settings.SAMLENG_SITE_URL}{reverse('account_reset_password')}")
