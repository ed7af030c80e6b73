"""schemathesis as a patient over the API document: whatever is sent, nothing breaks."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pytest
import schemathesis
from django.test.client import ClientHandler
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation.case import Case

from tests import make

EXAMPLES = 12  # for each operation; `make test-long` takes more
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


@pytest.fixture
def patient_headers(db: None) -> dict[str, str]:
    """A patient with a place, a charge and a visit to find."""
    hospital = make.hospital(code="contract")
    account = make.account()
    patient = make.patient(hospital=hospital, account=account)
    make.appointment(slot=make.slot(hospital=hospital), patient=patient, account=account)
    token = make.token(account)
    return {"Authorization": f"Token {token}", "Idempotency-Key": "contract"}


def send_what_fits(operation: Any, *, headers: dict[str, str]) -> None:
    """Examples of everything the document allows, and that nothing answers 5xx."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Case) -> None:
        if "code" in (case.path_parameters or {}):
            case.path_parameters["code"] = "contract"
        case.call_and_validate(
            base_url="http://127.0.0.1", headers=headers, checks=[not_a_server_error]
        )

    send()


def broken(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """A product that answers everything with 500."""
    start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
    return [b"broken"]


def test_a_product_that_breaks_is_found_out() -> None:
    document = {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/": {"get": {"responses": {"200": {"description": "fine"}}}}},
    }
    schema = schemathesis.openapi.from_dict(document)
    schema.app = broken

    with pytest.raises(FailureGroup):
        send_what_fits(schema["/"]["GET"], headers={})


def test_the_document_has_the_whole_api() -> None:
    assert len(operations()) >= SHORTEST_RUN


@pytest.mark.parametrize("name", sorted(operations()))
def test_nothing_a_patient_sends_breaks_the_product(
    name: str, patient_headers: dict[str, str]
) -> None:
    send_what_fits(operations()[name], headers=patient_headers)
