"""The site's secrets: files in one folder, outside the settings, the database and its backups."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts import crypto

SECRET_BYTES = 32
NAMES = ("pepper", "server_secret", "recovery_public_key")


def pepper() -> bytes:
    """The key that turns a stretched receipt into its lookup id, private key and resend check."""
    return _read(_folder(), "pepper")


def server_secret() -> bytes:
    """The key mixed into every password-wrapped private key and into everything derived by `subkey`."""
    return _read(_folder(), "server_secret")


def recovery_public_key() -> bytes:
    """The public half of the programme's recovery key; its private half exists only offline."""
    return _read(_folder(), "recovery_public_key")


def subkey(label: str) -> bytes:
    """Derive the server's key for one purpose."""
    return crypto.derive(server_secret(), f"samleng {label}")


def check_present() -> None:
    """Refuse to start without stable secrets, and in production with those of the demo."""
    folder = _folder()
    for name in NAMES:
        _read(folder, name)
    if (folder / "DEMO").exists() and not settings.SAMLENG_DEMO:
        raise ImproperlyConfigured(
            f"The keys in {folder} are demo keys, which everybody may know. Make new ones for production "
            "(docs/deploy.md) and point SAMLENG_KEYS_DIR at them."
        )


def _folder() -> Path:
    return Path(settings.SAMLENG_KEYS_DIR)


@lru_cache(maxsize=16)
def _read(folder: Path, name: str) -> bytes:
    path = folder / name
    try:
        secret = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        raise ImproperlyConfigured(
            f"{path} is missing. It holds the {SECRET_BYTES} bytes of {name} in hexadecimal; "
            "docs/deploy.md says how to make them."
        ) from None
    except (OSError, ValueError):
        # The cause would show part of the secret.
        raise ImproperlyConfigured(f"{path} cannot be read as hexadecimal.") from None
    if len(secret) != SECRET_BYTES:
        raise ImproperlyConfigured(f"{path} must hold {SECRET_BYTES} bytes, and holds {len(secret)}.")
    return secret
