"""The table `who_may.md`: who is let in at each address, as written and as answered."""

import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.test import Client

from tests.edges.addresses import PART, Address
from tests.edges.askers import Askers
from tests.rolled_back import RolledBackWorld

TABLE = Path(__file__).with_name("who_may.md")
IN, NOBODY, EVERY_ROLE, NOT_ASKED = "in", "nobody", "every role", "—"
REFUSALS = {401: "sign in", 403: "no", 404: "not there"}
WRITING = ("INSERT", "UPDATE", "DELETE")
OUTSIDE_IS_AWAY = 503
HEX_KEY = re.compile("[0-9a-f]{32}")
NOTHING = str(uuid4())
ABOUT_THE_ANSWER = {"accounts.code_wrong"}  # refused for what was said, not for who asks
FORMS = {  # without these a form is refused before anybody asks who sends it
    "staff/<slug:code>/tasks/": {"task_id": NOTHING},
    "staff/<slug:code>/received/<uuid:received_id>/": {"act": "dismiss"},
    "staff/<slug:code>/admissions/<uuid:admission_id>/": {"act": "deposit"},
    "staff/<slug:code>/audit/": {"act": "justified", "about_id": NOTHING},
    "staff/<slug:code>/marks/": {"mark_id": NOTHING},
    "staff/<slug:code>/people/<uuid:staff_id>/": {"act": "reset"},
    "staff/<slug:code>/triage/check-in/": {"priority": ""},
}
QUERIES = {"m/<slug:code>/me/cards/<uuid:card_id>/code/": "?use=check_in"}


@dataclass(frozen=True)
class Row:
    """One line of the table: what is asked, about what, and the answer of each column."""

    asked: str
    about: str
    cells: tuple[str, ...]

    @property
    def lets_in(self) -> bool:
        """Whether anybody is."""
        patients, staff = self.cells[:6], self.cells[6]
        return IN in patients or staff != NOBODY

    def __str__(self) -> str:
        """As it stands in the file."""
        return f"| {' | '.join((self.asked, self.about, *self.cells))} |"


def written() -> dict[str, Row]:
    """The rows of the file by what is asked."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        if line.startswith("| `"):
            asked, about, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            methods, path = asked.strip("`").rsplit(" ", 1)
            for method in methods.split(", "):
                name = f"`{method} {path}`"
                assert name not in rows, f"twice: {name}"
                rows[name] = Row(name, about, tuple(cells))
    return rows


def methods_of(address: Address) -> list[str]:
    """GET and POST, as far as the address takes them."""
    if address.cls is not None:
        known = address.cls.http_method_names
        return [name.upper() for name in known if hasattr(address.cls, name) and name != "options"]
    limits = next(_limits(address.view), ("GET", "POST"))
    return [name for name in limits if name != "HEAD"]


def _limits(view: Any) -> Iterator[Any]:
    """What each decorator of the view says of methods."""
    while view is not None:
        limits = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if limits is not None:
            yield limits
        view = getattr(view, "__wrapped__", None)


def name_of(address: Address, method: str) -> str:
    """As the table names it."""
    return f"`{method} /{PART.sub(lambda found: '{' + found[1] + '}', address.route)}`"


@dataclass
class Asking:
    """Asks one address by one method as everybody, each time in the untouched morning."""

    askers: Askers
    address: Address
    method: str
    body: dict[str, Any]
    told: list[str] = field(default_factory=list)  # what an answer told or changed and must not

    def row(self, about: str) -> Row:
        """The row as the product answers now."""
        asked = name_of(self.address, self.method)
        askers = self.askers
        patients = [
            self._as_outsider(askers.visitor),
            self._as_outsider(askers.stranger),
            self._verdict(askers.own),
            self._of_family(about, is_allowed=True),
            self._of_family(about, is_allowed=False),
            self._as_outsider(askers.patient_elsewhere),
        ]
        let_in, others = self._of_staff(about)
        elsewhere = self._as_outsider(askers.staff_elsewhere(let_in))
        named = EVERY_ROLE if others == NOT_ASKED else ", ".join(let_in) or NOBODY
        return Row(asked, about, (*patients, named, others, elsewhere))

    def _of_family(self, about: str, *, is_allowed: bool) -> str:
        client = self.askers.family(about, is_allowed=is_allowed)
        if client is None:
            return NOT_ASKED
        return self._verdict(client) if is_allowed else self._without(client, about)

    def _of_staff(self, about: str) -> tuple[list[str], str]:
        """The roles that are let in; what the others hear, the usual first."""
        asked = self.askers.staff_for(about)
        heard = {role: self._verdict(client) for role, client in asked.items()}
        let_in = [role for role, verdict in heard.items() if verdict == IN]
        refused = {role: verdict for role, verdict in heard.items() if verdict != IN}
        if not refused:
            return let_in, NOT_ASKED
        usual = Counter(refused.values()).most_common(1)[0][0]
        except_for = [f"{role}: {verdict}" for role, verdict in refused.items() if verdict != usual]
        return let_in, f"{usual} ({', '.join(except_for)})" if except_for else usual

    def _as_outsider(self, client: Client) -> str:
        """Nothing about the patient may be told or changed, whatever the answer."""
        return self._watched(client, self.askers.marks)

    def _without(self, client: Client, about: str) -> str:
        """Family without the scope: nothing of the rows that it opens."""
        return self._watched(client, self.askers.rows_of(about, self.address))

    def _watched(self, client: Client, marks: frozenset[str]) -> str:
        with self._forgotten(), writes() as changed:
            answer = self._answer(client)
        text = answer.getvalue().decode(errors="replace")
        asked = f"{self._path()} {self.body}"  # who names a key may hear it again
        self.told += [f"told {mark}" for mark in marks if mark in text and mark not in asked]
        if not self.address.route.startswith("verify/"):  # which counts who asked about a paper
            self.told += [f"wrote {mark}" for mark in marks & changed]
        return self._read(answer)

    def _verdict(self, client: Client) -> str:
        with self._forgotten():
            return self._read(self._answer(client))

    def _forgotten(self) -> AbstractContextManager[Any]:
        """What a command changes is undone before the next asks; a look changes nothing."""
        return nullcontext() if self.method == "GET" else RolledBackWorld()

    def _answer(self, client: Client) -> Any:
        """What is answered; whoever signs out by it is signed in again afterwards."""
        kept = client.cookies
        client.cookies = SimpleCookie({name: one.value for name, one in kept.items()})
        try:
            return self._sent(client)
        finally:
            client.cookies = kept

    def _sent(self, client: Client) -> Any:
        path = self._path()
        if self.method == "GET":
            return client.get(path + QUERIES.get(self.address.route, ""))
        if self.address.is_page:
            given = FORMS.get(self.address.route, {})
            form = {**self.askers.known(self.address), **given, "idempotency_key": uuid4()}
            return client.post(path, form)
        return client.post(
            path,
            self.body,
            content_type="application/json",
            headers={"Idempotency-Key": str(uuid4())},
        )

    def _path(self) -> str:
        world = self.askers.world
        is_verdict = self.address.route.startswith("verify/")
        code = world.paper.code if is_verdict else world.hospital.code
        return self.address.path(self.askers.known(self.address), code=code)

    def _read(self, answer: Any) -> str:
        """The word of the table for an answer."""
        status = answer.status_code
        if status == 302 and "?next=" in answer["Location"]:
            door = "/m/enter" if self.address.route.startswith("m/") else "/staff/sign-in/"
            return "sign in" if answer["Location"].startswith(door) else "another door"
        if status == 302 and answer["Location"].endswith("/reason/"):
            return "reason first"
        if status == 405 or (
            status >= 500 and status != 503
        ):  # 503: the outside world is not there
            return str(status)
        if answer.get("Content-Type") == "application/problem+json":
            is_about_that = answer.json()["code"] in ABOUT_THE_ANSWER
            return IN if is_about_that else REFUSALS.get(status, IN)
        return REFUSALS.get(status, IN)


@contextmanager
def writes() -> Iterator[set[str]]:
    """The keys that are written meanwhile."""
    seen: set[str] = set()

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any) -> Any:
        if sql.startswith(WRITING):
            for value in params or ():
                seen.add(str(value) if isinstance(value, UUID) else as_key(value))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


def as_key(value: object) -> str:
    """A key as SQLite writes it, with its dashes."""
    text = str(value)
    return str(UUID(text)) if HEX_KEY.fullmatch(text) else text
