"""Write the sealed keys of named cases for the holders of the recovery shares. First step of the ceremony."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Person
from complaints import recovery


class Command(BaseCommand):
    help = "Write the sealed keys of named cases, to be opened offline by two holders of the recovery shares."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("references", nargs="+", metavar="REFERENCE")
        parser.add_argument("--to", required=True, metavar="EMAIL", help="who gets access back")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE")
        parser.add_argument("--at-cases", action="store_true", help="also put them on cases they have no place on")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.active().filter(email=options["to"].strip().lower()).first()
        if person is None:
            raise CommandError("Nobody with an open account has this e-mail address.")
        try:
            request = recovery.export(options["references"], to=person, at_cases=options["at_cases"])
        except recovery.RecoveryRefused as refusal:
            raise CommandError(refusal.message) from None
        out: Path = options["out"]
        try:
            with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(request, file, indent=1)
        except FileExistsError:
            raise CommandError(f"{out} is there already. Remove it, or give another name.") from None
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"{len(request['grants'])} sealed keys of {len(request['cases'])} cases are in {out}.")
        self.stdout.write(f"{person.name} reads this number out, and two holders of shares compare it:")
        self.stdout.write(f"  {recovery.fingerprint(person)}")
        self.stdout.write("Carry the file to the offline machine: script/recovery open FILE --out ANSWER")
