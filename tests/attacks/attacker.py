"""An attacker: a browser, a program and patience. No access to the database, only HTTP."""

import json
import logging
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from common.logs import IdsOnly

Answer = Any  # the test client's response, which has no public type


class Attacker:
    """Speaks HTTP to the product: with what they own, stole, copied or guessed."""

    def __init__(self, *, token: str = "", cookie: str = "", **headers: str) -> None:
        self.token = token
        self.headers = headers
        self.browser = Client()
        if cookie:
            self.browser.cookies["sessionid"] = cookie

    def _sent(self, more: Mapping[str, str]) -> dict[str, str]:
        proof = {"Authorization": f"Token {self.token}"} if self.token else {}
        return {**proof, **self.headers, **more}

    def read(self, address: str, **headers: str) -> Answer:
        """Ask the API."""
        return Client().get(address, headers=self._sent(headers))

    def send(self, address: str, said: object = None, **headers: str) -> Answer:
        """Command the API, each time with a key of its own."""
        keyed = self._sent({"Idempotency-Key": str(uuid4()), **headers})
        return Client().post(
            address, json.dumps(said or {}), content_type="application/json", headers=keyed
        )

    def open(self, address: str, **query: str) -> Answer:
        """Look at a page."""
        return self.browser.get(address, query, headers=self.headers)

    def fill(self, address: str, **said: str) -> Answer:
        """Send a page's form."""
        form = {"idempotency_key": str(uuid4()), **said}
        return self.browser.post(address, form, headers=self.headers)

    def signed_in(self, username: str, password: str, **more: str) -> Answer:
        """Try a name and a password at the staff's door."""
        said = {"username": username, "password": password, **more}
        return self.fill("/staff/sign-in/", **said)

    @property
    def cookie(self) -> str:
        """What the browser holds."""
        held = self.browser.cookies.get("sessionid")
        return held.value if held else ""


class Log:
    """What an operator finds in the log: lines as they are written, ids and codes."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self.caplog = caplog

    def lines(self, event: str, **facts: object) -> list[dict[str, Any]]:
        """The lines of this event that say all of these facts."""
        written = [json.loads(IdsOnly().format(one)) for one in self.caplog.records]
        wanted = {name: fact if type(fact) is int else str(fact) for name, fact in facts.items()}
        return [
            line for line in written if line["event"] == event and wanted.items() <= line.items()
        ]

    def refused(self, **facts: object) -> int:
        """How many requests were refused so."""
        return len(self.lines("a request is refused", **facts))

    def names(self, *people: str) -> list[str]:
        """Which of these stand anywhere in the log; none should."""
        text = "\n".join(IdsOnly().format(one) for one in self.caplog.records)
        return [one for one in people if one in text]


def listening(caplog: pytest.LogCaptureFixture) -> Log:
    """The log from now on."""
    caplog.set_level(logging.WARNING)
    return Log(caplog)
