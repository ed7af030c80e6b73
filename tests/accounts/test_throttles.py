"""Who asks too often is told when to come again, and nobody else is."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts import throttles
from accounts.throttles import STEP, count_in_steps
from tests import make

pytestmark = pytest.mark.django_db
MINE = "/api/v1/me/patients"


def statuses(client: APIClient, times: int) -> list[int]:
    """What so many reads are answered."""
    return [client.get(MINE).status_code for _ in range(times)]


def test_an_account_that_reads_too_often_is_told_when_to_come_again(settings: Settings) -> None:
    settings.REQUESTS_A_MINUTE = {"reads": 3, "commands": 9, "visitors": 9}
    client, other = (make.signed_in_client(make.account()) for _ in range(2))

    got = statuses(client, 4)
    refusal = client.get(MINE)

    assert got == [200, 200, 200, 429]
    assert refusal.headers["Content-Type"] == "application/problem+json"
    assert refusal.json()["code"] == "common.too_many"
    assert refusal.headers["Retry-After"] == str(refusal.json()["seconds"])
    assert 0 < refusal.json()["seconds"] <= 60
    assert other.get(MINE).status_code == 200


def test_commands_and_visitors_have_their_own_counts(settings: Settings) -> None:
    settings.REQUESTS_A_MINUTE = {"reads": 0, "commands": 2, "visitors": 1}
    client = make.signed_in_client(make.account())

    commands = [client.post("/api/v1/me/web-tickets").status_code for _ in range(3)]
    visitors = [APIClient().get("/api/v1/hospitals").status_code for _ in range(2)]

    assert commands == [200, 200, 429]
    assert visitors == [200, 429]


def test_what_another_process_counted_is_heard_of_at_the_next_step() -> None:
    for _ in range(STEP):
        count_in_steps("x", most=1000)
    throttles.forget_counts()  # another process, which knows nothing yet

    theirs = [count_in_steps("x", most=1000) for _ in range(STEP)]

    assert (theirs[0], theirs[-1]) == (1, 2 * STEP)


def test_most_requests_ask_the_cache_nothing() -> None:
    for _ in range(STEP - 1):
        count_in_steps("y", most=1000)

    assert cache.get_many([f"y:{n}" for n in range(3)]) == {}


def person(phone: str, *, document: str = "11010519491231002X") -> dict[str, str]:
    """Somebody to register, with a phone number that may be a guess."""
    return {"name": "欧阳", "document_number": document, "phone": phone, "relation": "family"}


def test_a_hundred_accounts_cannot_guess_one_persons_phone() -> None:
    address = f"/api/v1/hospitals/{make.hospital().code}/patients"
    most = 20
    got = []
    for number in range(most + 1):
        client = make.signed_in_client(make.account())
        typed = "１１０105 19491231-002x" if number % 2 else "11010519491231002X"
        sent = person(f"1380013{number:04}", document=typed)
        got.append(client.post(address, sent, format="json", headers=make.keyed()))
    other = make.signed_in_client(make.account()).post(
        address, person("13800130000", document="x"), format="json", headers=make.keyed()
    )

    assert 429 not in [one.status_code for one in got[:-1]]
    assert got[-1].status_code == 429
    assert int(got[-1].headers["Retry-After"]) > 60
    assert other.status_code != 429


def test_the_page_counts_the_same_document_and_keeps_no_number() -> None:
    hospital = make.hospital()
    address = f"/m/{hospital.code}/me/"
    answers = []
    for number in range(21):
        client = Client()
        client.force_login(make.account())
        form = {**person(f"1380013{number:04}"), "idempotency_key": str(uuid4())}
        answers.append(client.post(address, form))

    assert answers[-1].status_code == 422
    assert "频繁" in answers[-1].content.decode()
    assert "11010519491231002X" not in str(cache._cache)  # type: ignore[attr-defined]  # of LocMemCache
