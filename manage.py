#!/usr/bin/env python
"""Django's command line for Samleng."""

import os
import sys

# What changes the schema runs as the role that owns the tables; everything else as the one that owns none.
OWNER_COMMANDS = {"migrate", "createcachetable", "sqlflush", "flush", "dbshell"}


def main() -> None:
    """Run the command that was asked for, as the database role it needs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    owner_url = os.environ.get("DATABASE_OWNER_URL")
    if owner_url and len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["DATABASE_URL"] = owner_url
        os.environ.setdefault("SAMLENG_STATEMENT_TIMEOUT_MS", "0")  # A migration may take its time.
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
