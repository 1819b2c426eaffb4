#!/usr/bin/env python
"""Django's command line for Samleng."""

import json
import os
import sys
from pathlib import Path

# What changes the schema runs as the role that owns the tables; everything else as the one that owns none.
OWNER_COMMANDS = {"migrate", "createcachetable", "sqlflush", "flush", "dbshell"}


def join_trial() -> None:
    """Act on the trial that script/server runs from this folder, where no other site is named."""
    running = Path(__file__).resolve().parent / "var" / "running.json"
    if "SAMLENG_KEYS_DIR" not in os.environ and "DATABASE_URL" not in os.environ and running.exists():
        os.environ.update(json.loads(running.read_text()))


def main() -> None:
    """Run the command that was asked for, as the database role it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["make_keys"]:  # Before there are keys there are no settings.
        from complaints.management.commands.make_keys import Command

        Command().run_from_argv(sys.argv)
        return
    join_trial()
    owner_url = os.environ.get("DATABASE_OWNER_URL")
    if owner_url and len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["DATABASE_URL"] = owner_url
        os.environ.setdefault("SAMLENG_STATEMENT_TIMEOUT_MS", "0")  # A migration may take its time.
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
