"""Signing in by the hospital's own service, and each way in which it lies or is away."""

import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client
from pytest_django import Settings

from accounts.actions.connect_provider import Registration, connect_provider
from accounts.actions.leave_service import end_service
from accounts.errors import IssuerRefused
from accounts.models import Role, SignInProvider, Staff
from accounts.oidc import is_allowed_address
from sandbox.oidc.provider import OidcProvider
from sandbox.server import listen, make_server
from tests import make

pytestmark = pytest.mark.django_db
OUTSIDE = "203.0.113.7"  # RFC 5737
FAULTS = ["bad_signature", "wrong_nonce", "expired", "wrong_audience", "wrong_issuer"]


@pytest.fixture(scope="module")
def running() -> Iterator[OidcProvider]:
    """A provider that listens; its RSA key takes its time."""
    outside = OidcProvider()
    listener = listen(0)
    outside.issuer = f"http://127.0.0.1:{listener.getsockname()[1]}"
    server = make_server(outside.app())
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield outside
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture
def nurse() -> Staff:
    """Whom the provider knows."""
    return make.staff(role=Role.NURSE)


@pytest.fixture
def outside(running: OidcProvider, nurse: Staff) -> OidcProvider:
    """The provider, with the nurse at its keyboard and no fault."""
    running.fault, running.claims = "", {"staff_number": nurse.number}
    registration = Registration(
        issuer=running.issuer,
        client_id=running.client_id,
        client_secret=running.client_secret,
        strong_values=("otp",),
    )
    connect_provider(hospital=nurse.hospital, registration=registration)
    return running


def door_of(staff: Staff) -> str:
    """Where signing in by the provider begins."""
    return f"/staff/sign-in/with/{staff.hospital.code}/"


def there_and_back(client: Client, staff: Staff) -> str:
    """Where one is led at the end."""
    begun = client.get(door_of(staff), {"next": f"/staff/{staff.hospital.code}/wards/"})
    proved = httpx.get(begun.headers["Location"], trust_env=False)
    came = urlsplit(proved.headers["Location"])
    back = client.get(came.path, {name: one for name, (one,) in parse_qs(came.query).items()})
    return str(back.headers["Location"])


def test_staff_sign_in_by_the_provider_and_are_led_on(
    client: Client, outside: OidcProvider, nurse: Staff
) -> None:
    assert "统一身份认证" in client.get("/staff/sign-in/").content.decode()

    led = there_and_back(client, nurse)

    assert led == f"/staff/{nurse.hospital.code}/wards/"
    assert client.get(led).status_code == 200


@pytest.mark.parametrize("fault", FAULTS)
def test_a_token_that_is_not_theirs_for_us_of_now_and_of_this_sign_in_opens_nothing(
    client: Client, outside: OidcProvider, nurse: Staff, fault: str
) -> None:
    outside.fault = fault

    assert there_and_back(client, nurse) == "/staff/sign-in/"

    assert "没有确认您的身份" in client.get("/staff/sign-in/").content.decode()
    assert client.get(f"/staff/{nurse.hospital.code}/").status_code == 302


@pytest.mark.parametrize("fault", ["slow", "http_500"])
def test_a_provider_that_is_away_is_told_and_the_password_door_stays(
    client: Client, outside: OidcProvider, nurse: Staff, settings: Settings, fault: str
) -> None:
    settings.PROVIDER_TIMEOUT_SECONDS = 0.5
    outside.fault = fault

    assert there_and_back(client, nurse) == "/staff/sign-in/"

    assert "暂时连不上" in client.get("/staff/sign-in/").content.decode()


def test_a_number_of_nobody_and_of_who_has_left_is_refused(
    client: Client, outside: OidcProvider, nurse: Staff
) -> None:
    admin = make.staff(hospital=nurse.hospital, role=Role.ADMINISTRATOR)
    end_service(staff_id=nurse.pk, by=admin)
    left = there_and_back(client, nurse)
    outside.claims = {"staff_number": "nobody"}

    unknown = there_and_back(client, nurse)

    assert (left, unknown) == ("/staff/sign-in/", "/staff/sign-in/")


def test_the_staff_number_of_another_hospital_opens_nothing_there(
    client: Client, outside: OidcProvider, nurse: Staff
) -> None:
    stranger = make.staff()
    outside.claims = {"staff_number": stranger.number}

    assert there_and_back(client, nurse) == "/staff/sign-in/"


def test_a_code_that_another_browser_was_given_opens_nothing_here(
    client: Client, outside: OidcProvider, nurse: Staff
) -> None:
    begun = Client().get(door_of(nurse))
    came = urlsplit(httpx.get(begun.headers["Location"], trust_env=False).headers["Location"])
    client.get(door_of(nurse))

    back = client.get(f"{came.path}?{came.query}")

    assert back.headers["Location"] == "/staff/sign-in/"
    assert "_auth_user_id" not in client.session


def test_two_factors_at_the_provider_count_here(
    client: Client, outside: OidcProvider, nurse: Staff
) -> None:
    wards = f"/staff/{nurse.hospital.code}/wards/"
    there_and_back(client, nurse)
    one = client.get(wards, REMOTE_ADDR=OUTSIDE).status_code
    outside.claims |= {"amr": ["pwd", "otp"]}

    there_and_back(client, nurse)

    assert (one, client.get(wards, REMOTE_ADDR=OUTSIDE).status_code) == (302, 200)


def test_a_real_hospital_refuses_plain_http_and_loopback(settings: Settings, nurse: Staff) -> None:
    settings.SIGN_IN_PROVIDERS_ON_LOOPBACK = False
    allowed = [
        is_allowed_address(url)
        for url in ("https://id.example", "http://id.example", "https://127.0.0.1", "https:///x")
    ]
    registration = Registration("http://127.0.0.1:1", client_id="a", client_secret="b")  # noqa: S106

    with pytest.raises(IssuerRefused):
        connect_provider(hospital=nurse.hospital, registration=registration)

    assert allowed == [True, False, False, False]
    assert not SignInProvider.objects.exists()
