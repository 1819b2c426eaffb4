"""What a page showed when a form on it was filled in, so that nobody overwrites or signs what they have not read."""

from __future__ import annotations

import hashlib
from typing import Any


def mark(*shown: Any) -> str:
    """Name what a page shows in sixteen letters, for its form to bring back. No secret: whoever has it saw the page."""
    return hashlib.blake2b(repr(tuple(map(str, shown))).encode(), digest_size=8).hexdigest()


def is_other(seen: str, *now: Any) -> bool:
    """Say whether a page showed something else than there is now; without a mark nobody has looked at a page."""
    return bool(seen) and seen != mark(*now)
