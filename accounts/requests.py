"""What a view behind the sign-in is given."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.keys import Reader
from accounts.models import Person


class StaffRequest(HttpRequest):
    """A request of somebody who is fully signed in (for type checkers; Django makes the real one)."""

    user: Person
    reader: Reader | None  # None: signed in, but the key is not open.
    private_key: bytes | None
