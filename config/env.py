"""Typed readers of the environment, used by the settings alone."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable as it stands; without a default its absence stops the boot."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}; see docs/settings.md.")
    return value


def whole(name: str, default: int) -> int:
    """The variable as a whole number."""
    value = os.environ.get(name, "")
    try:
        return int(value) if value else default
    except ValueError as trouble:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from trouble


def listed(name: str, default: str = "") -> list[str]:
    """The variable as a list, split at commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def path(name: str, default: Path) -> Path:
    """The variable as a path."""
    value = os.environ.get(name, "")
    return Path(value) if value else default


def postgres(url: str) -> dict[str, object]:
    """Django's database settings for `postgres://user:password@host:port/name?option=value`.

    Prepared statements need both options (hot-path: the biggest single win). A lock that is
    not to be had within 2 s is told to the caller instead of waited for.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres://.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "server_side_binding": True,
            "prepare_threshold": 2,
            "options": "-c lock_timeout=2000 -c statement_timeout=15000",
            **dict(parse_qsl(parts.query)),
        },
    }


def sqlite(file: Path) -> dict[str, object]:
    """Django's database settings for one file: one writer at a time, never a failed upgrade."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA busy_timeout=20000;"
            ),
        },
    }


def secret(name: str, file: Path) -> str:
    """The variable, or what the file holds: chance, written where it is not there yet.

    For machines where nobody sets secrets. Of two processes at once both read the first's.
    """
    value = os.environ.get(name, "")
    if value:
        return value
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text()
