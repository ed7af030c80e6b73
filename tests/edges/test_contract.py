"""schemathesis over the API document as patient, nurse and manager: nothing breaks, most succeed.

Counted are the operations whose view's permission is for such a caller at all; those of them that
no example brought to a 2xx stand in `WITHOUT_SUCCESS` with the reason.
"""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.cache import cache
from django.test.client import ClientHandler
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation.case import Case

from accounts.models import Role
from accounts.permissions import ByAccount, ByStaff
from tests import make
from tests.edges.addresses import API, PART
from tests.edges.askers import Askers
from tests.edges.conftest import World
from tests.edges.test_every_address import bodies
from tests.make import accounts as in_accounts
from tests.rolled_back import RolledBackWorld

EXAMPLES = 8  # for each operation; `make test-long` takes more
REFUSED_EXAMPLES = 2  # where the role is refused before anything is read
LEAST_SHARE = 0.8  # of the operations that the document offers to a role by their permission
PART_OF_PATH = re.compile(r"{(\w+)}")
NOBODYS = "00000000-0000-7000-8000-000000000000"
OUTSIDE_IS_AWAY = 503
ASKS_OUTSIDE = {"POST /api/v1/hospitals/{code}/cards/bind"}  # the insurance bureau's mock
HOSPITALS = "/api/v1/hospitals/{code}"
BY_WECHAT = {"POST /api/v1/login/wechat": "needs a code of WeChat"}
WITHOUT_SUCCESS: dict[str, dict[str, str]] = {
    "patient": {
        **BY_WECHAT,
        f"POST {HOSPITALS}/appointments": "the patient has a place in that session already",
        f"POST {HOSPITALS}/appointments/{{appointment_id}}/cancel": "they have arrived",
        f"POST {HOSPITALS}/cards/bind": "asks the insurance bureau's mock, which is not running",
        f"POST {HOSPITALS}/grant-requests/{{request_id}}/code": "only for the family who asked",
        f"POST {HOSPITALS}/grant-requests/{{request_id}}/confirm-by-code": "needs the SMS's code",
        f"POST {HOSPITALS}/patients": "the account is another patient's own already",
        f"POST {HOSPITALS}/patients/{{patient_id}}/grant-requests": "oneself has every scope",
        "POST /api/v1/me/closing": "a visit and money are still open",
        "POST /api/v1/me/closing/undo": "nobody closes an account that morning",
        f"POST {HOSPITALS}/payments": "asks WeChat Pay, and the charge is paid",
    },
    "nurse": {**BY_WECHAT, "POST /api/v1/me/messages/{message_id}/read": "staff have no inbox"},
    "manager": {**BY_WECHAT, "POST /api/v1/me/messages/{message_id}/read": "staff have no inbox"},
}
SHORTEST_RUN = 20  # a contract of fewer operations has lost some


def in_process(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """The product as a WSGI application that stays inside the test's transaction."""
    answer = ClientHandler()(environ)
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [answer.getvalue()]


@lru_cache(maxsize=1)
def operations() -> dict[str, Any]:
    """Every operation of the document as it is generated from the code."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    schema = schemathesis.openapi.from_dict(document)
    schema.app = in_process
    found = {}
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        found[f"{operation.method.upper()} {operation.path}"] = operation
    return found


@dataclass
class Caller:
    """Somebody with a token, and the rows of the morning."""

    who: str
    token: str
    known: dict[str, Any]
    bodies: dict[str, dict[str, Any]]
    heard: dict[str, set[int]] = field(default_factory=dict)

    def send_what_fits(self, name: str, operation: Any, *, examples: int) -> None:
        """Examples of everything the document allows, each undone; nothing answers 5xx.

        Half of them name rows that are there, half of those with the body that fits them.
        """
        numbers = count()
        statuses = self.heard.setdefault(name, set())

        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def send(case: Case) -> None:
            number = next(numbers)
            self.fill(case, is_known=number % 2 == 0, is_whole=number % 4 == 0)
            headers = {"Authorization": f"Token {self.token}", "Idempotency-Key": str(uuid4())}
            with RolledBackWorld():
                answer = case.call(base_url="http://127.0.0.1", headers=headers)
            statuses.add(answer.status_code)
            if name not in ASKS_OUTSIDE or answer.status_code != OUTSIDE_IS_AWAY:
                case.validate_response(answer, checks=[not_a_server_error])

        send()

    def fill(self, case: Case, *, is_known: bool, is_whole: bool) -> None:
        """Name rows that are there; the hospital is always one that is."""
        parts = case.path_parameters or {}
        for part in parts:
            if part in self.known and (is_known or part == "code"):
                parts[part] = str(self.known[part])
        body = self.bodies.get(case.operation.path)
        if body is not None and is_whole:
            case.body = body


def callers(askers: Askers) -> dict[str, Caller]:
    """A patient, a nurse and a manager."""
    world = askers.world
    api = next(one for one in API if one.route.startswith("api/v1/hospitals"))
    known = {**askers.known(api), "code": world.hospital.code}
    fitting = {"/" + PART.sub(r"{\1}", route): body for route, body in bodies(world).items()}
    accounts = {"patient": world.account}
    for role in (Role.NURSE, Role.MANAGER):
        accounts[role] = make.staff(hospital=world.hospital, role=role).account
    logins = {str(who): in_accounts.login(one) for who, one in accounts.items()}
    return {
        who: Caller(who, token, {**known, "login_id": row.login_id}, fitting)
        for who, (row, token) in logins.items()
    }


def is_offered(operation: Any, *, who: str) -> bool:
    """Whether the permission of the operation's view is one for such a caller."""
    values = dict.fromkeys(PART_OF_PATH.findall(operation.path), NOBODYS)
    values |= {"code": "edges", "purpose": "reminders"}
    view: Any = resolve(operation.path.format(**values)).func
    permission = view.cls.permission
    if isinstance(permission, ByStaff):
        return who in permission.roles
    return who == "patient" or not isinstance(permission, ByAccount)


def broken(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """A product that answers everything with 500."""
    start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
    return [b"broken"]


@pytest.mark.django_db
def test_a_product_that_breaks_is_found_out() -> None:
    document = {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/": {"get": {"responses": {"200": {"description": "fine"}}}}},
    }
    schema = schemathesis.openapi.from_dict(document)
    schema.app = broken

    with pytest.raises(FailureGroup):
        Caller("visitor", "", {}, {}).send_what_fits("GET /", schema["/"]["GET"], examples=1)


def test_the_document_has_the_whole_api() -> None:
    assert len(operations()) >= SHORTEST_RUN


@pytest.fixture(scope="module")
def everybody(morning: World) -> dict[str, Caller]:
    """Made once."""
    return callers(Askers(morning))


@pytest.mark.parametrize("who", sorted(WITHOUT_SUCCESS))
def test_nothing_breaks_and_most_operations_succeed(
    who: str, everybody: dict[str, Caller], world: World
) -> None:
    offered = [name for name, one in operations().items() if is_offered(one, who=who)]

    for name, operation in operations().items():
        cache.clear()
        examples = EXAMPLES if name in offered else REFUSED_EXAMPLES
        everybody[who].send_what_fits(name, operation, examples=examples)
    heard = everybody[who].heard
    without = {name for name in offered if not any(200 <= one < 300 for one in heard[name])}

    share = f"{len(offered) - len(without)} of {len(offered)} operations"
    sys.stdout.write(f"{who}: {share} succeed; not {sorted(without)}\n")
    assert without == set(WITHOUT_SUCCESS[who])
    assert len(without) <= (1 - LEAST_SHARE) * len(offered)
