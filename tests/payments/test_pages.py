"""The phone's pages about money."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from payments.actions.refund import promise_refund
from payments.models import Charge, PaymentOrder
from tests import make
from tests.payments.till import Till

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(till: Till, settings: Settings) -> APIClient:
    """The payer's phone, whose shell has a payment sheet at the sandbox."""
    settings.SHELL_PAY_URL = f"{till.sandbox.url}/phone/pay"
    return make.signed_in_client(till.account)


def asked(phone: APIClient, till: Till, *charges: Charge) -> str:
    """Where pressing 支付 leads."""
    form = {"charge_id": [str(c.pk) for c in charges], "idempotency_key": str(uuid4())}
    answer = phone.post(f"/m/{till.hospital.code}/due/", form, format="multipart")
    return str(answer.headers.get("Location", ""))


def test_one_list_shows_what_is_due(till: Till, phone: APIClient) -> None:
    till.charge(amount_fen=5000)
    till.charge(amount_fen=2550)

    shown = phone.get(f"/m/{till.hospital.code}/due/").content.decode()

    assert "¥50.00" in shown
    assert "¥75.50" in shown


def test_nothing_due_is_said_so(till: Till, phone: APIClient) -> None:
    assert "没有待缴费用" in phone.get(f"/m/{till.hospital.code}/due/").content.decode()


def test_a_payment_goes_from_the_list_through_the_sheet_to_its_result(
    till: Till, phone: APIClient
) -> None:
    charge = till.charge()

    address = asked(phone, till, charge)
    shown = phone.get(address).content.decode()
    link = unescape(re.findall(r'href="(http://127[^"]+)"', shown)[0])
    told = dict(parse_qsl(urlsplit(link).query))
    back = urlsplit(told.pop("return")).path
    till.sandbox.control("pay", told)
    result = phone.get(back).content.decode()

    charge.refresh_from_db()
    assert "支付成功" in result
    assert charge.status == Charge.Status.PAID


def test_outside_a_shell_the_page_says_where_to_pay(
    till: Till, phone: APIClient, settings: Settings
) -> None:
    settings.SHELL_PAY_URL = ""

    shown = phone.get(asked(phone, till, till.charge())).content.decode()

    assert "请在微信中支付" in shown


def test_an_unpaid_payment_is_not_called_paid(till: Till, phone: APIClient) -> None:
    payment, _ = till.ask(till.charge())

    shown = phone.get(f"/m/{till.hospital.code}/paid/{payment.pk}/").content.decode()

    assert "支付成功" not in shown
    assert "正在等待支付结果" in shown


def test_a_refund_is_shown_with_its_state(till: Till, phone: APIClient) -> None:
    charge = till.charge()
    payment = till.paid(charge)
    promise_refund(charge=charge, reason="cancelled")

    shown = phone.get(f"/m/{till.hospital.code}/paid/{payment.pk}/").content.decode()

    assert "退款已受理" in shown


def test_a_refusal_is_said_in_plain_words(till: Till, phone: APIClient) -> None:
    charge = till.charge()
    till.paid(charge)
    form = {"charge_id": [str(charge.pk)], "idempotency_key": str(uuid4())}

    shown = phone.post(f"/m/{till.hospital.code}/due/", form, format="multipart").content.decode()

    assert "这项费用已经付过或已撤销" in shown
    assert PaymentOrder.objects.count() == 1


def test_a_provider_that_is_down_is_said_and_can_be_tried_again(
    till: Till, phone: APIClient
) -> None:
    till.sandbox.fault("http_500", path="/v3/pay")
    address = asked(phone, till, till.charge())

    down = phone.get(address).content.decode()
    up = phone.get(address).content.decode()

    assert "支付服务暂时没有回应" in down
    assert "微信支付" in up


def test_a_stranger_finds_no_payment(till: Till, phone: APIClient) -> None:
    payment, _ = till.ask(till.charge())
    stranger = make.signed_in_client(till.payer(1))

    assert stranger.get(f"/m/{till.hospital.code}/pay/{payment.pk}/").status_code == 404
    assert stranger.get(f"/m/{till.hospital.code}/paid/{payment.pk}/").status_code == 404


def test_a_visitor_is_led_to_the_entrance(till: Till) -> None:
    answer = APIClient().get(f"/m/{till.hospital.code}/due/")

    assert answer.headers["Location"].startswith("/m/enter")


def test_another_choice_on_the_same_form_is_another_request(till: Till, phone: APIClient) -> None:
    """Going back shows the form as it was, with its key; other boxes are ticked then."""
    first, last = till.charge(amount_fen=5000), till.charge(amount_fen=2550)
    url, key = f"/m/{till.hospital.code}/due/", str(uuid4())
    one = {"charge_id": [str(last.pk)], "idempotency_key": key}
    both = {"charge_id": [str(first.pk), str(last.pk)], "idempotency_key": key}
    phone.post(url, one, format="multipart")

    again = phone.post(url, both, format="multipart")

    assert again.status_code == 200  # told to look again, instead of led to the other payment
    assert PaymentOrder.objects.get().amount_fen == 2550
