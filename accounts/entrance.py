"""What the first page tells a newcomer; in a demonstration, whom they may play."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

PHONE_PAGES = "/m/"
STAFF_PAGES = "/staff/"


def demonstration() -> dict[str, Any]:
    """The demonstration's logins and its phone, or nothing where there is none."""
    file = Path(settings.DEMONSTRATION_FILE) if settings.DEMONSTRATION_FILE else None
    if file is None or not file.exists():
        return {}
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return {**told, "phone_url": _as_it_listens(str(told.get("phone_url", "")))}


def _as_it_listens(phone_url: str) -> str:
    """The phone's address at the port where the outside world listens today."""
    if not phone_url:
        return ""
    outside, page = urlsplit(settings.WECHAT_API_URL), urlsplit(phone_url)
    return urlunsplit((outside.scheme, outside.netloc, page.path, page.query, ""))


def safe_next(asked: str, *, under: str, default: str) -> str:
    """Where to go after signing in: a page of ours under a prefix, and nowhere else."""
    low = asked.lower()
    leaves = "\\" in low or ".." in low or "%2e" in low or "//" in low.partition("?")[0]
    if not low.startswith(under) or leaves or not low.isprintable():
        return default
    return asked
