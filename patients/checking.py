"""The document check port (实名核验): whether a name and a number belong together.

A hospital that has a contract adds its provider here. The only one that ships is a mock, served
by the sandbox: what it verifies is called 模拟核验 in the data and on every screen, and production
refuses it at the boot.
"""

from collections.abc import Mapping
from typing import Protocol

import httpx
from django.conf import settings
from django.db import models

from patients.models import Way


class Verdict(models.TextChoices):
    """What a check says."""

    MATCHES = "matches", "一致"
    DIFFERS = "differs", "不一致"
    UNKNOWN = "unknown", "查不到"


class PortAway(Exception):
    """The port gave no answer; asking again does no harm."""


class DocumentCheck(Protocol):
    """A provider that compares with an official register. Called outside any transaction."""

    @property
    def way(self) -> Way:
        """What a verified document says of how it was verified."""

    def check(self, *, name: str, document_type: str, number: str) -> Verdict:
        """Whether they belong together. Raises PortAway."""


class MockCheck:
    """The sandbox's mock (模拟核验). It compares nothing."""

    way = Way.MOCK

    def check(self, *, name: str, document_type: str, number: str) -> Verdict:
        """What the sandbox's switch says. Raises PortAway."""
        try:
            answer = httpx.post(
                f"{settings.DOCUMENT_CHECK_URL}/mock/document-check",
                json={"name": name, "document_type": document_type, "number": number},
                timeout=settings.PROVIDER_TIMEOUT_SECONDS,
                trust_env=False,
            )
            answer.raise_for_status()
            return Verdict(answer.json()["verdict"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            raise PortAway from None  # the cause's text would hold what was asked


PROVIDERS: Mapping[str, type[DocumentCheck]] = {"mock": MockCheck}


def open_port() -> DocumentCheck | None:
    """The provider that the settings name; None where only the counter verifies."""
    name = settings.DOCUMENT_CHECK
    return PROVIDERS[name]() if name else None
