"""The environment, read through one helper that names what is missing."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def required(name: str, hint: str = "") -> str:
    """Give the variable, or stop with a sentence that names it."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"The environment variable {name} is not set. {hint}".strip())
    return value


def text(name: str, default: str = "") -> str:
    """Give the variable, or the default when it is not set."""
    return os.environ.get(name, default)


def words(name: str, default: str = "") -> list[str]:
    """Give a comma-separated variable as a list without empty items."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def flag(name: str, default: bool = False) -> bool:
    """Give a yes-or-no variable."""
    value = text(name, "1" if default else "0").strip().lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"The environment variable {name} must be 1 or 0, not {value!r}.")
    return value in TRUE


def number(name: str, default: int) -> int:
    """Give a whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        message = f"The environment variable {name} must be a whole number, not {value!r}."
        raise ImproperlyConfigured(message) from None


def numbers(name: str) -> dict[str, int]:
    """Give whole numbers by name, written as `advisor=8 expert=5`."""
    found = {}
    for pair in text(name).split():
        key, _equals, value = pair.partition("=")
        if not value.isdecimal():
            raise ImproperlyConfigured(f"The environment variable {name} holds names with numbers, as in advisor=8.")
        found[key] = int(value)
    return found


def folder(name: str, default: Path | None = None, hint: str = "") -> Path:
    """Give a folder; without a default the variable must be set."""
    return Path(required(name, hint) if default is None else text(name, str(default))).resolve()


def secret(folder: Path, name: str) -> str:
    """Read one key file; there is no default for a secret."""
    path = folder / name
    try:
        value = path.read_text(encoding="ascii").strip()
    except OSError as error:
        message = f"The key file {path} cannot be read ({error.strerror}). It must exist before Samleng starts."
        raise ImproperlyConfigured(message) from None
    if not value:
        raise ImproperlyConfigured(f"The key file {path} is empty.")
    return value


def database(name: str, hint: str = "") -> dict[str, Any]:
    """Give Django's database settings from postgresql://role:password@host:port/name?host=/socket/folder."""
    url = required(name, hint)
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"The environment variable {name} must start with postgresql://.")
    options = dict(parse_qsl(parts.query))
    try:
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"The port in {name} is not a number.") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or (str(port) if port else ""),
        "OPTIONS": options,
    }
