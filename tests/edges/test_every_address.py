"""Whatever is asked at any address, by anybody: a plain answer, never a failure of ours."""

from typing import Any

import pytest
from django.test import Client

from common.models import IdempotencyKey
from tests.edges.addresses import API, EVERY, PAGES, Address, named
from tests.edges.conftest import ELSEWHERE, World

pytestmark = pytest.mark.django_db
OPEN_WITHOUT_TOKEN = {  # these prove themselves by the provider's signature
    "payments/<slug:mchid>/notify",
    "wechat/<slug:app_id>/",
}
METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE")
MORE_THAN_TEN_MEGABYTES = 10 * 1024 * 1024 + 1  # /verify/file/ takes ten
EMPTY_FOR_NOBODYS_ROW = {
    "wall/<slug:code>/<uuid:place_id>/live/",  # its day is over, and the screen stays
    "api/v1/hospitals/<slug:code>/departments/<uuid:department_id>/availability",  # is public
}
TAKES_NO_BODY = {"api/v1/me/web-tickets", "api/v1/me/socket-tickets", "api/v1/me/sign-out"}
NOT_COMMANDS = TAKES_NO_BODY | {
    "api/v1/login/wechat",
    "api/v1/hospitals/<slug:code>/payments/<uuid:payment_id>/check",
    "api/v1/hospitals/<slug:code>/cards/bind",
    "api/v1/hospitals/<slug:code>/cards/<uuid:card_id>/code",
}  # a second time makes another ticket or code, or asks outside again, and harms nobody
COMMANDS = [one for one in API if one.takes_commands and one.route not in NOT_COMMANDS]


def asked(client: Any, path: str) -> Any:
    """The answer to a look, or to an empty form where there is nothing to look at."""
    answer = client.get(path)
    return client.post(path, {}) if answer.status_code == 405 else answer


def is_html(answer: Any) -> bool:
    return str(answer["Content-Type"]).startswith("text/html")


def test_the_map_is_whole() -> None:
    assert len(PAGES) > 40
    assert len(COMMANDS) >= 8


@pytest.mark.parametrize("address", **named([one for one in PAGES if one.is_of_hospital]))
def test_a_page_of_an_unknown_hospital_is_not_there(world: World, address: Address) -> None:
    answer = asked(world.client_for(address), address.path(world.known, code="nowhere"))

    assert answer.status_code == 404
    assert is_html(answer)


@pytest.mark.parametrize("address", **named([one for one in API if one.is_of_hospital]))
def test_an_api_of_an_unknown_hospital_is_not_there(world: World, address: Address) -> None:
    answer = asked(world.client(), address.path(world.known, code="nowhere"))

    assert answer.status_code == 404
    assert answer.json()["code"] == "hospitals.unknown"


@pytest.mark.parametrize(
    "address", **named([one for one in PAGES if one.ids and one.route not in EMPTY_FOR_NOBODYS_ROW])
)
def test_a_page_of_nobodys_row_is_not_there(world: World, address: Address) -> None:
    answer = asked(world.client_for(address), address.path(code=world.hospital.code))

    assert answer.status_code == 404
    assert is_html(answer)


@pytest.mark.parametrize("address", **named([one for one in PAGES if one.ids and one.is_for_staff]))
def test_a_row_of_this_hospital_is_not_there_for_staff_of_another(
    world: World, address: Address
) -> None:
    stranger = world.client_for(address, code=ELSEWHERE)

    there = asked(stranger, address.path(world.known, code=world.hospital.code))
    here = asked(stranger, address.path(world.known, code=ELSEWHERE))

    assert there.status_code == 404
    assert here.status_code == 404 or address.route in EMPTY_FOR_NOBODYS_ROW
    assert world.patient.name not in here.content.decode()


@pytest.mark.parametrize(
    "address", **named([one for one in API if one.ids and one.route not in EMPTY_FOR_NOBODYS_ROW])
)
def test_nobodys_row_is_missing_over_the_api(world: World, address: Address) -> None:
    answer = asked_by_program(world, address, path=address.path(code=world.hospital.code))

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def asked_by_program(world: World, address: Address, *, path: str) -> Any:
    """A look, or the command with what it needs."""
    if not address.takes_commands:
        return world.client_for(address).get(path)
    body = bodies(world).get(address.route, {})
    asker = world.client_for(address)
    return asker.post(path, body, format="json", headers={"Idempotency-Key": "key"})


def bodies(world: World) -> dict[str, dict[str, Any]]:
    """What a command needs besides its address."""
    patient = str(world.patient.pk)
    hospital = "api/v1/hospitals/<slug:code>"
    told = {
        "name": "王小梅",
        "document_type": "resident_id",
        "document_number": "11010519491231002X",
        "phone": "13800138000",
        "relation": "self",
    }
    known = {
        **told,
        "name": world.double.name,
        "document_number": world.double.document_number,
        "relation": "family",
    }
    request = f"{hospital}/grant-requests/<uuid:request_id>"
    return {
        "api/v1/me/closing": {"confirmation": "注销"},
        "api/v1/me/subscriptions": {"accepted": ["a"]},
        f"{hospital}/cards": {"patient_id": patient},
        f"{hospital}/cards/bind": {"patient_id": patient, "kind": "health", "shown": "a"},
        f"{hospital}/cards/<uuid:card_id>/code": {"use": "check_in"},
        f"{hospital}/consents/<slug:purpose>/give": {"version": 1},
        f"{hospital}/grant-requests/new": {**known, "scopes": ["book"]},
        f"{hospital}/patients/<uuid:patient_id>/grant-requests": {"scopes": ["book"]},
        f"{request}/confirm-by-code": {"code": "123456"},
        f"{request}/confirm-at-desk": {"document_number": world.patient.document_number},
        f"{hospital}/patients": told,
        f"{hospital}/payments": {"charge_ids": [str(world.charge.pk)]},
        f"{hospital}/appointments": {
            "slot_id": str(world.known["slot_id"]),
            "patient_id": patient,
        },
    }


@pytest.mark.parametrize("address", **named(PAGES))
def test_a_form_from_elsewhere_is_refused(world: World, address: Address) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.client_for(address).cookies

    answer = client.post(address.path(world.known, code=world.hospital.code), {"act": "call"})

    assert answer.status_code == 403
    assert is_html(answer)


def test_only_the_providers_door_is_open_without_the_token() -> None:
    open_pages = {
        one.route
        for one in EVERY
        if one.cls is None and getattr(one.view, "csrf_exempt", False)
    }  # fmt: skip

    assert open_pages == OPEN_WITHOUT_TOKEN


@pytest.mark.parametrize("address", **named(PAGES))
def test_a_form_without_a_key_is_refused_plainly(world: World, address: Address) -> None:
    client = world.client_for(address)

    answer = client.post(address.path(world.known, code=world.hospital.code), {})

    assert answer.status_code < 500
    assert not IdempotencyKey.objects.exclude(key="").exists()


@pytest.mark.parametrize("address", **named(COMMANDS))
def test_a_command_without_a_key_is_refused(world: World, address: Address) -> None:
    path = address.path(world.known, code=world.hospital.code)
    body = bodies(world).get(address.route, {})

    answer = world.client_for(address).post(path, body, format="json")

    assert answer.status_code == 400
    assert answer.json()["code"] == "common.key_missing"


@pytest.mark.parametrize(
    "address",
    **named([one for one in API if one.takes_commands and one.route not in TAKES_NO_BODY]),
)
@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"a": "\\u0000"}'])
def test_malformed_json_is_refused(world: World, address: Address, body: Any) -> None:
    path = address.path(world.known, code=world.hospital.code)

    answer = world.client_for(address).generic(
        "POST", path, body, content_type="application/json", headers={"Idempotency-Key": "key"}
    )

    assert answer.status_code == 400
    assert answer.json()["code"] == "http.malformed"


@pytest.mark.parametrize("address", **named(EVERY))
def test_ten_megabytes_are_refused_unread(world: World, address: Address) -> None:
    path = address.path(world.known, code=world.hospital.code)

    answer = world.client().generic(
        "POST", path, "{}", headers={"Content-Length": str(MORE_THAN_TEN_MEGABYTES)}
    )

    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "common.too_large"


@pytest.mark.parametrize("address", **named(EVERY))
def test_a_method_nobody_thought_of_breaks_nothing(world: World, address: Address) -> None:
    client = world.client_for(address)
    path = address.path(world.known, code=world.hospital.code)

    heard = [client.generic(method, path).status_code for method in METHODS]

    assert max(heard) < 500


@pytest.mark.parametrize("address", **named(PAGES))
def test_every_page_forbids_strangers_content_and_copies(world: World, address: Address) -> None:
    answer = asked(world.client_for(address), address.path(world.known, code=world.hospital.code))

    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"
