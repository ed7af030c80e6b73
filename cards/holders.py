"""Whose an electronic credential is (持有人): asked of whoever issues it.

A hospital with a contract adds its provider here. The only one that ships is a mock, served by
the sandbox: what is bound through it is called 模拟 in the data and on every screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import httpx
from django.conf import settings

from cards.models import Card
from patients.models import DocumentType


class PortAway(Exception):
    """The issuer gave no answer; asking again does no harm."""


class CredentialRefused(Exception):
    """The issuer does not know the credential, or its time is over."""


@dataclass(frozen=True)
class Holder:
    """Whom the issuer names."""

    number: str
    name: str
    document_type: str
    document_number: str


class HolderPort(Protocol):
    """An issuer's answer. Called outside any transaction."""

    @property
    def is_mock(self) -> bool:
        """Whether what it says is worth nothing outside."""

    def holder_of(self, kind: Card.Kind, shown: str) -> Holder:
        """Whose it is. Raises PortAway, CredentialRefused."""


class MockHolders:
    """The sandbox's mock (模拟) of the insurance bureau and the health-card platform."""

    is_mock = True

    def holder_of(self, kind: Card.Kind, shown: str) -> Holder:
        """Whom the sandbox made up for this credential. Raises PortAway, CredentialRefused."""
        try:
            answer = httpx.post(
                f"{settings.DOCUMENT_CHECK_URL}/mock/card-holder",
                json={"kind": str(kind), "shown": shown},
                timeout=settings.PROVIDER_TIMEOUT_SECONDS,
                trust_env=False,
            )
            if answer.status_code == httpx.codes.NOT_FOUND:
                raise CredentialRefused
            answer.raise_for_status()
            told = answer.json()
            return Holder(
                number=str(told["number"]),
                name=str(told["name"]),
                document_type=str(DocumentType(told["document_type"])),
                document_number=str(told["document_number"]),
            )
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            raise PortAway from None  # the cause's text would hold what was asked


PROVIDERS: Mapping[str, type[HolderPort]] = {"mock": MockHolders}


def open_port() -> HolderPort | None:
    """The provider that the settings name; None where no credential can be bound."""
    name = settings.DOCUMENT_CHECK
    return PROVIDERS[name]() if name in PROVIDERS else None
