"""Vouch for the first experts: for the holders of the recovery shares, on the server."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import keys
from accounts.models import KeyState, Person
from factories import clock, people, roles, vouching


class Command(BaseCommand):
    help = "Vouch for the key of a technical expert or safeguarding lead while no expert can."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument(
            "--fingerprint", help="the number the person read out; without it, the command shows it and stops"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.active().filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError("Nobody with an open account has this e-mail address.")
        if not people.roles_of(person) & roles.OUTSIDE_HANDLERS:
            raise CommandError("Only technical experts and safeguarding leads are vouched for by command.")
        key = keys.current_key(person)
        if key is None:
            raise CommandError("This person has no key yet. They sign in first.")
        if key.state == KeyState.PENDING and vouching.somebody_can_vouch(key):
            raise CommandError("An expert can vouch for this key, on the page of keys.")
        shown = keys.fingerprint(key)
        if not options["fingerprint"] and not settings.SAMLENG_DEMO:
            self.stdout.write(f"{person.name}: {shown}")
            self.stdout.write("Compare it by voice, then run this again with --fingerprint.")
            return
        typed = options["fingerprint"]
        if typed and "".join(typed.split()) != shown.replace(" ", ""):
            raise CommandError("The fingerprints differ. Do not vouch for this key.")
        try:
            keys.vouch(key, None, clock.now())
        except keys.VouchRefused as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"The key of {person.name} is vouched for.")
