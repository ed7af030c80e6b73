"""The check port: asked outside any transaction, answered once, and labelled as the mock it is."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from pytest_django import Settings

from common import clock
from common.jobs import sweep_everything
from patients.actions.check import AGAIN_AFTER, check_documents, note_verdict
from patients.checking import MockCheck, Verdict
from patients.models import Document, Patient, Way
from sandbox.keys import make_keys
from tests import make
from tests.sandbox.outside import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A running sandbox."""
    home = tmp_path_factory.mktemp("checks")
    make_keys(home=home, port=8790, product="http://127.0.0.1:9")
    server = Sandbox(home, "http://127.0.0.1:9")
    yield server
    server.stop()


@pytest.fixture
def port(outside: Sandbox, settings: Settings) -> Sandbox:
    """The mock is the hospital's check port."""
    settings.DOCUMENT_CHECK = "mock"
    settings.DOCUMENT_CHECK_URL = outside.url
    outside.control("switches", {"document_check": "matches"})
    return outside


def claim() -> Document:
    """Somebody has just registered."""
    return Document.objects.get(patient=make.patient(is_verified=False))


def test_who_has_registered_is_checked_soon_and_the_mock_says_that_it_is_one(
    port: Sandbox,
) -> None:
    asked = claim()

    assert check_documents() == 1
    assert check_documents() == 0

    checked = Document.objects.get(pk=asked.pk)
    assert (checked.status, checked.way, checked.get_way_display()) == (
        "verified",
        Way.MOCK,
        "模拟核验",
    )
    assert Patient.objects.get(pk=asked.patient_id).is_verified


def test_what_differs_stays_a_claim_and_is_not_asked_again(port: Sandbox) -> None:
    port.control("switches", {"document_check": "differs"})
    asked = claim()

    check_documents()
    clock.shift(timedelta(days=1))
    check_documents()

    checked = Document.objects.get(pk=asked.pk)
    assert (checked.status, checked.verdict, checked.checks) == ("unverified", "differs", 1)


def test_a_port_that_is_away_is_asked_again_and_at_last_left_to_the_counter(
    port: Sandbox,
) -> None:
    port.control("faults", {"name": "http_500", "times": 1 + len(AGAIN_AFTER)})
    asked = claim()

    check_documents()
    for wait in AGAIN_AFTER:
        clock.shift(wait)
        check_documents()

    checked = Document.objects.get(pk=asked.pk)
    assert (checked.checks, checked.check_due_at, checked.verdict) == (5, None, "unknown")


def test_a_verdict_may_be_told_twice() -> None:
    asked = claim()

    first = note_verdict(document_id=asked.pk, verdict=Verdict.MATCHES, way=Way.MOCK)
    again = note_verdict(document_id=asked.pk, verdict=Verdict.DIFFERS, way=Way.MOCK)

    assert (again.status, again.verified_at) == ("verified", first.verified_at)


def test_without_a_port_nobody_is_asked() -> None:
    asked = claim()

    assert sweep_everything()["check_documents"] == 0
    assert Document.objects.get(pk=asked.pk).checks == 0


def test_the_sandboxs_answer_says_that_it_is_a_mock(port: Sandbox) -> None:
    answer = httpx.post(
        f"{port.url}/mock/document-check",
        json={"name": "王", "document_type": "resident_id", "number": "1"},
        trust_env=False,
    )

    assert answer.json() == {"verdict": "matches", "is_mock": True, "label": "模拟核验"}
    assert MockCheck().way == Way.MOCK
