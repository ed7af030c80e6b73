"""Codes of an authenticator: bound inside, each used once, asked for where it matters."""

from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts.actions.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    remove_second_factor,
    spend_code,
    use_second_factor,
)
from accounts.codes import STEP_SECONDS, code_at
from accounts.errors import CodeRefused, SecondFactorThere, SignInLocked
from accounts.models import RecoveryCode, Role, SecondFactor, Staff, StaffChange
from accounts.permissions import ByStaff
from accounts.rules import by_staff
from common import clock
from common.pages import page
from hospitals.actions.decide import decide_policy
from hospitals.views import HospitalView
from tests import make
from tests.make.accounts import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.test_second_factor")]
FACTOR, BIND = "/staff/second-factor/", "/staff/second-factor/bind/"
OUTSIDE = "203.0.113.7"  # RFC 5737


@page(by_staff(Role.CASHIER, strong=True))
def refund_page(_request: HttpRequest, code: str) -> HttpResponse:
    """A page that asks for the second factor."""
    return HttpResponse(code)


class Export(HospitalView):
    """An address that asks for it."""

    permission = ByStaff(Role.CASHIER, strong=True)

    def get(self, request: Request, *, code: str) -> Response:
        """Something."""
        return Response({})


urlpatterns = [
    path("staff/<slug:code>/refund/", refund_page),
    path("export/<slug:code>/", Export.as_view()),
    path("", include("config.urls")),
]


@pytest.fixture
def cashier() -> Staff:
    """Whose act asks for it."""
    return make.staff(role=Role.CASHIER)


def code_of(factor: SecondFactor, *, steps_ago: int = 0) -> str:
    """What the authenticator shows, or showed."""
    return code_at(factor.secret, clock.real_now() - timedelta(seconds=STEP_SECONDS * steps_ago))


def wrong(factor: SecondFactor) -> str:
    """A code that is not of these minutes."""
    right = {code_of(factor, steps_ago=ago) for ago in range(-3, 4)}
    return "000000" if "000000" not in right else "111111"


def signed_in(staff: Staff) -> APIClient:
    """By password alone."""
    return make.signed_in_client(staff, is_proved=False)


def refund_of(staff: Staff) -> str:
    """The page that asks for it."""
    return f"/staff/{staff.hospital.code}/refund/"


def test_a_code_opens_once_and_older_ones_never_after_it(cashier: Staff) -> None:
    factor = make.second_factor(cashier)
    code = code_of(factor)
    spend_code(staff=cashier, code=code)

    for again in (code, code_of(factor, steps_ago=1)):
        with pytest.raises(CodeRefused):
            spend_code(staff=cashier, code=again)


def test_a_telephone_half_a_minute_behind_is_believed_and_one_far_behind_is_not(
    cashier: Staff,
) -> None:
    factor = make.second_factor(cashier)

    with pytest.raises(CodeRefused):
        spend_code(staff=cashier, code=code_of(factor, steps_ago=4))

    assert spend_code(staff=cashier, code=code_of(factor, steps_ago=1)) == factor


def test_a_recovery_code_opens_once_however_it_is_written(cashier: Staff) -> None:
    begun = begin_second_factor(staff=cashier)
    first, second, *_ = confirm_second_factor(staff=cashier, code=code_of(begun))

    spend_code(staff=cashier, code=first.upper().replace("-", " "))

    with pytest.raises(CodeRefused):
        spend_code(staff=cashier, code=first)
    assert spend_code(staff=cashier, code=second) == begun
    assert RecoveryCode.objects.filter(used_at=None).count() == 8


def test_five_wrong_codes_lock_and_the_right_one_waits(cashier: Staff) -> None:
    factor = make.second_factor(cashier)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            use_second_factor(staff=cashier, code=wrong(factor))

    with pytest.raises(SignInLocked):
        use_second_factor(staff=cashier, code=code_of(factor))


def test_a_bound_factor_is_replaced_only_after_an_administrator_removed_it(
    cashier: Staff,
) -> None:
    admin = make.staff(hospital=cashier.hospital, role=Role.ADMINISTRATOR)
    client = make.signed_in_client(cashier)
    with pytest.raises(SecondFactorThere):
        begin_second_factor(staff=cashier)

    remove_second_factor(staff_id=cashier.pk, by=admin)

    assert client.get(refund_of(cashier)).headers["Location"].startswith(FACTOR)
    assert StaffChange.objects.get().what == StaffChange.What.FACTOR_REMOVED
    assert begin_second_factor(staff=cashier).confirmed_at is None


def test_a_strong_page_leads_to_the_code_and_the_code_back_to_it(cashier: Staff) -> None:
    factor, client = make.second_factor(cashier), signed_in(cashier)
    led = client.get(refund_of(cashier)).headers["Location"]
    assert led.startswith(FACTOR)
    said = {"code": code_of(factor), "next": refund_of(cashier)}

    answer = client.post(FACTOR, said)

    assert (answer.status_code, answer.headers["Location"]) == (302, refund_of(cashier))
    assert client.get(refund_of(cashier)).status_code == 200


def test_after_ten_minutes_it_is_asked_for_again(cashier: Staff) -> None:
    client = signed_in(cashier)

    make.prove(client, cashier, ago=timedelta(minutes=9))
    soon = client.get(refund_of(cashier)).status_code
    make.prove(client, cashier, ago=timedelta(minutes=11))
    late = client.get(refund_of(cashier)).status_code

    assert (soon, late) == (200, 302)


def test_a_wrong_code_on_the_page_is_told_and_opens_nothing(cashier: Staff) -> None:
    factor, client = make.second_factor(cashier), signed_in(cashier)

    answer = client.post(FACTOR, {"code": wrong(factor), "next": ""})

    assert answer.status_code == 422
    assert "口令不对" in answer.content.decode()
    assert client.get(refund_of(cashier)).status_code == 302


def test_the_api_says_that_a_second_factor_is_needed_and_a_token_has_none(cashier: Staff) -> None:
    address = f"/export/{cashier.hospital.code}/"
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {make.token(cashier.account)}")

    answer = client.get(address)

    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.second_factor_needed")
    assert make.signed_in_client(cashier).get(address).status_code == 200


def test_from_outside_every_page_asks_once_a_session(cashier: Staff) -> None:
    home, client = f"/staff/{cashier.hospital.code}/", signed_in(cashier)

    inside = client.get(home).status_code
    outside = client.get(home, REMOTE_ADDR=OUTSIDE).status_code
    make.prove(client, cashier, ago=timedelta(hours=5))
    proved = client.get(home, REMOTE_ADDR=OUTSIDE).status_code

    assert (inside, outside, proved) == (200, 302, 200)


def test_a_hospital_names_its_own_addresses(cashier: Staff) -> None:
    decide_policy(
        hospital=cashier.hospital, effective_on=clock.today(), inside_networks=["203.0.113.0/24"]
    )
    home, client = f"/staff/{cashier.hospital.code}/", signed_in(cashier)

    assert client.get(home, REMOTE_ADDR=OUTSIDE).status_code == 200
    assert client.get(home, REMOTE_ADDR="10.1.2.3").status_code == 302


def test_a_network_that_is_none_is_not_decided(cashier: Staff) -> None:
    with pytest.raises(ValueError, match="not appear to be"):
        decide_policy(
            hospital=cashier.hospital, effective_on=clock.today(), inside_networks=["the ward"]
        )


def test_an_authenticator_is_bound_with_the_password_and_shows_recovery_codes_once(
    cashier: Staff,
) -> None:
    client = signed_in(cashier)
    assert client.get(FACTOR).headers["Location"].startswith(BIND)

    scan = client.post(BIND, {"current": PASSWORD, "next": refund_of(cashier)})
    begun = SecondFactor.objects.get()
    refused = client.post(BIND, {"act": "confirm", "code": wrong(begun), "next": ""})
    done = client.post(BIND, {"act": "confirm", "code": code_of(begun), "next": refund_of(cashier)})

    assert "data:image/svg+xml" in scan.content.decode()
    assert (refused.status_code, done.status_code) == (422, 200)
    assert len(done.context["codes"]) == 10
    assert client.get(refund_of(cashier)).status_code == 200
    assert begun.secret not in client.get(BIND).content.decode()
    assert StaffChange.objects.get().what == StaffChange.What.FACTOR


def test_nobody_binds_with_a_wrong_password_or_from_outside(cashier: Staff) -> None:
    client = signed_in(cashier)

    guessed = client.post(BIND, {"current": "Autumn-wind", "next": ""})
    outside = client.post(BIND, {"current": PASSWORD, "next": ""}, REMOTE_ADDR=OUTSIDE)

    assert (guessed.status_code, outside.status_code) == (422, 403)
    assert not SecondFactor.objects.exists()


def test_the_proof_of_one_account_is_not_anothers(cashier: Staff) -> None:
    other = make.staff(hospital=cashier.hospital, role=Role.CASHIER)
    client = make.signed_in_client(cashier)
    client.credentials(HTTP_AUTHORIZATION=f"Token {make.token(other.account)}")

    answer = client.get(f"/export/{cashier.hospital.code}/")

    assert answer.json()["code"] == "accounts.second_factor_needed"


def test_who_has_a_one_time_password_is_led_to_choose_one_first(cashier: Staff) -> None:
    Staff.objects.update(password_until=clock.now() + timedelta(days=1))
    client, home = signed_in(cashier), f"/staff/{cashier.hospital.code}/"
    led = client.get(home).headers["Location"]
    new = {"current": PASSWORD, "new": "Lotus-Pond-At-Dusk", "again": "Lotus-Pond-At-Dusk"}

    refused = client.post("/staff/password/", {**new, "again": "Lotus"})
    chosen = client.post("/staff/password/", new)

    assert led.startswith("/staff/password/")
    assert (refused.status_code, chosen.status_code) == (422, 302)
    assert client.get(home).status_code == 200


def test_a_visitor_is_led_to_the_sign_in_from_all_of_them() -> None:
    led = [Client().get(where).status_code for where in (FACTOR, BIND, "/staff/password/")]

    assert led == [302, 302, 302]
