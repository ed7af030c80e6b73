"""How outsiders reach the hospital: as a phone, as a browser, and by the sandbox's controls."""

import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import httpx

from rehearsal.day.diary import Diaries

TIMEOUT = httpx.Timeout(20.0, connect=5.0)
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|ticket=.*|(?<=/)[0-9]+")


class Unexpected(Exception):
    """An edge answered what it never should; the player stops, and the run counts it."""


@dataclass(frozen=True)
class Answer:
    """What an edge said, and between which real moments."""

    status: int
    body: Any
    text: str
    asked_at: float
    told_at: float
    url: str = ""

    @property
    def is_good(self) -> bool:
        """Done as asked."""
        return self.status < 300

    @property
    def code(self) -> str:
        """The stable code of a refusal."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


class Door:
    """One outsider's connection; keeps cookies, as a browser does."""

    def __init__(self, base: str, diaries: Diaries, *, headers: Mapping[str, str] | None = None):
        self.base = base
        self.diaries = diaries
        self.client = httpx.Client(
            base_url=base, timeout=TIMEOUT, trust_env=False, headers=dict(headers or {})
        )

    def close(self) -> None:
        """Hang up."""
        self.client.close()

    def ask(self, method: str, url: str, **parts: Any) -> Answer:
        """One request. Raises Unexpected for a 5xx other than 503, and where nobody answers."""
        edge = f"{method} {IDS.sub('…', httpx.URL(url).path)}"
        asked_at, begun = time.time(), time.perf_counter()
        try:
            response = self.client.request(method, url, **parts)
        except httpx.HTTPError as trouble:
            self.diaries.note_surprise(f"{edge}: {type(trouble).__name__}")
            raise Unexpected(edge) from trouble
        self.diaries.note_seconds(edge, time.perf_counter() - begun)
        is_json = "json" in response.headers.get("content-type", "")
        answer = Answer(
            status=response.status_code,
            body=response.json() if is_json and response.content else None,
            text="" if is_json else response.text if _is_text(response) else _head(response),
            asked_at=asked_at,
            told_at=time.time(),
            url=str(response.url),
        )
        if answer.status >= 500 and answer.status != 503:
            self.diaries.note_surprise(f"{edge}: {answer.status} {answer.code}")
            raise Unexpected(edge)
        if not answer.is_good and answer.code:
            self.diaries.note_refusal(answer.code)
        return answer

    def get(self, url: str, **parts: Any) -> Answer:
        """Read."""
        return self.ask("GET", url, **parts)

    def command(self, url: str, body: Any = None, *, key: str = "") -> Answer:
        """A command with its idempotency key."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self.ask("POST", url, json={} if body is None else body, headers=headers)

    def expect(self, answer: Answer, *statuses: int) -> Answer:
        """The answer, if it is one of these. Raises Unexpected."""
        if answer.status not in statuses:
            edge = IDS.sub("…", httpx.URL(answer.url).path)
            self.diaries.note_surprise(f"{edge}: {answer.status} {answer.code}".strip())
            raise Unexpected(edge)
        return answer


def _is_text(response: httpx.Response) -> bool:
    return str(response.headers.get("content-type", "")).startswith("text/")


def _head(response: httpx.Response) -> str:
    """What kind of file it is: its first bytes."""
    return response.content[:8].decode("latin-1")


class Forms(HTMLParser):
    """The forms of a page: what each posts where, its hidden values, and its buttons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._open: dict[str, Any] | None = None
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect forms and what is in them."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = {"action": said.get("action", ""), "fields": {}, "buttons": []}
            self.forms.append(self._open)
        elif self._open is not None and tag == "input" and said.get("name"):
            self._take(said)
        elif self._open is not None and tag == "select":
            self._select = said.get("name", "")
        elif self._open is not None and tag == "option" and self._select:
            self._open["fields"].setdefault(self._select, said.get("value", ""))
        elif self._open is not None and tag == "button" and said.get("name"):
            self._open["buttons"].append((said["name"], said.get("value", "")))

    def _take(self, said: dict[str, str]) -> None:
        if self._open is None:
            return
        kind, fields = said.get("type", "text"), self._open["fields"]
        if kind == "radio":
            fields.setdefault(said["name"], said.get("value", ""))  # the first, as one would tap it
        elif kind != "checkbox" or "checked" in said:
            fields[said["name"]] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """A form ends."""
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""

    def with_field(self, name: str) -> list[dict[str, Any]]:
        """The forms that ask for this."""
        return [form for form in self.forms if name in form["fields"]]

    def with_button(self, name: str, value: str) -> list[dict[str, Any]]:
        """The forms that have this button."""
        return [form for form in self.forms if (name, value) in form["buttons"]]


class Browser(Door):
    """A browser: pages, hidden fields and the CSRF cookie; redirects are followed."""

    def open(self, url: str, **parts: Any) -> Answer:
        """A page. Raises Unexpected where it cannot be had."""
        return self.expect(self.get(url, follow_redirects=True, **parts), 200)

    def submit(self, page: Answer, form: Mapping[str, Any], **filled: str) -> Answer:
        """Send a form as the page shows it, with what was typed or pressed."""
        url = str(httpx.URL(page.url).join(form["action"] or ""))
        said = {**form["fields"], **filled}
        headers = {"Referer": page.url}
        return self.ask("POST", url, data=said, headers=headers, follow_redirects=True)
