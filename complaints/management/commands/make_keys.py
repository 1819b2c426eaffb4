"""Make the key files of a production site. Runs before the site has settings: it needs nothing but a folder."""

from __future__ import annotations

import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

NEXT = """
Now, on a machine without a network, with two people beside you:
    script/recovery make --out recovery_public_key
It writes the public half and shows three shares, each to be written down by another person. Two of them open.
Carry the file recovery_public_key to {folder}.

Keep {folder} outside the database and outside its backups. Without pepper and server_secret nobody reads anything,
so keep one copy of it, encrypted, in another place. Then set SAMLENG_KEYS_DIR={folder}."""


class Command(BaseCommand):
    help = "Make django_secret_key, pepper and server_secret for a production site."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dir", required=True, type=Path, help="the folder; made if it is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["dir"].expanduser().absolute()
        values = {
            "django_secret_key": secrets.token_urlsafe(64),
            "pepper": secrets.token_hex(32),
            "server_secret": secrets.token_hex(32),
        }
        there = [name for name in values if (folder / name).exists()]
        if there:
            raise CommandError(f"{', '.join(there)} in {folder} is there already. Another one would lock every case.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            for name, value in values.items():
                handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(handle, "w") as file:
                    file.write(value + "\n")
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"django_secret_key, pepper and server_secret are in {folder}.")
        self.stdout.write(NEXT.format(folder=folder))
